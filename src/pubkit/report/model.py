"""What a report shows, whatever its format."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from msgspec import Struct, field

from pubkit.findings import Finding, Location
from pubkit.gate import Report

__all__ = ["ArtifactLine", "Sheet"]

SCHEMA = "pubkit-report-1"


class ArtifactLine(Struct, frozen=True):
    """One finished file: its path, format, sha256 and size in bytes."""

    path: str
    format: str
    sha256: str
    bytes: int


class Sheet(Struct, frozen=True):
    """A report and what belongs with it.

    `folder` is put before the file names, so that they can be opened from where the command ran; it is empty in files
    that are passed on. `error` is the message of the error that ended the run early, with `remedy`. `timings` are
    seconds by stage.
    """

    report: Report
    tool: str
    folder: str = ""
    artifacts: tuple[ArtifactLine, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    remedy: str = ""
    exit_code: int = 0

    def file(self, location: Location | None) -> str:
        """Return the file of `location` as it can be opened from where the command ran; "" without a location."""
        if location is None:
            return ""
        return str(PurePosixPath(self.folder) / location.file) if self.folder else location.file

    def place(self, finding: Finding) -> str:
        """Return `file:line:column` of a finding, as far as it is known."""
        location = finding.location
        return str(Location(self.file(location), location.line, location.column)) if location else ""
