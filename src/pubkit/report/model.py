"""What a report shows, whatever its format."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from pubkit.findings import Finding, Location
from pubkit.outcome import Mode, Report
from pubkit.references.model import VerdictStatus

__all__ = ["ArtifactLine", "Judgement", "Sheet", "View", "counted", "judgement", "spoken"]

SCHEMA = "pubkit-report-1"


class ArtifactLine(Struct, frozen=True):
    """One finished file: its path, format, sha256 and size in bytes."""

    path: str
    format: str
    sha256: str
    bytes: int


class View(Struct, frozen=True):
    """The findings to show, by the beginnings of rule ids: those in `select`, or all, without those in `ignore`.

    A view changes neither what the gate counts nor the exit code.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def shows(self, rule: str) -> bool:
        """Return whether the findings of `rule` are shown."""
        return (not self.select or rule.startswith(self.select)) and not rule.startswith(self.ignore or ("\0",))


class Sheet(Struct, frozen=True):
    """A report with its context.

    `folder` is put before file names, so that they can be opened from where the command ran; it is empty in files for use
    elsewhere. `error` is the message of the error that ended the run early, with `remedy`. `timings` are seconds by stage.
    `view` says which findings are shown. `root` is the folder of the publication, in which sources are read again to be
    shown; None if they are not. `editor` is the pattern of addresses that open a place in an editor, "" for none.
    """

    report: Report
    tool: str
    folder: str = ""
    artifacts: tuple[ArtifactLine, ...] = ()
    timings: Mapping[str, float] = field(default_factory=dict)
    error: str = ""
    remedy: str = ""
    exit_code: int = 0
    view: View = View()
    root: Path | None = None
    editor: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Return the findings of the view, in the order of the text."""
        return tuple(finding for finding in self.report.findings if self.view.shows(finding.rule))

    @property
    def hidden(self) -> str:
        """Return what the view hides, as a sentence; "" if it hides nothing."""
        numbers = Counter(finding.standing for finding in self.report.findings if not self.view.shows(finding.rule))
        return f"Hidden by --select or --ignore: {counted(numbers)}. The gate still counts them." if numbers else ""

    def file(self, location: Location | None) -> str:
        """Return the file of `location` as it can be opened from where the command ran; "" without a location."""
        if location is None:
            return ""
        return str(PurePosixPath(self.folder) / location.file) if self.folder else location.file

    def opened(self, finding: Finding) -> str:
        """Return the file of a finding as `file` does; a finished file, which may be anywhere, only by its name."""
        entry, location = self.report.entries.get(finding.rule), finding.location
        if location and entry and entry.when.is_proof and self.root and not (self.root / location.file).exists():
            return location.file
        return self.file(location)

    def place(self, finding: Finding) -> str:
        """Return `file:line:column` of a finding, as far as it is known."""
        location = finding.location
        return str(replace(location, file=self.opened(finding))) if location else ""


class Judgement(NamedTuple):
    """The result of a run in words: what it came to, whether that is good, the numbers, and what follows."""

    words: str
    standing: str
    total: str
    consequence: str = ""


def judgement(sheet: Sheet) -> Judgement:
    """Return the result of a run; `standing` is "error", "warning" or "passed"."""
    report = sheet.report
    total = counted({kind: report.counts[kind] for kind in ("error", "warning", "note")})
    if sheet.error:
        return Judgement("Stopped", "error", total)
    if not report.blocks_release:
        return Judgement(_PASSED[report.mode], "passed", total)
    if report.mode is Mode.DRAFT:
        return Judgement("Draft made", "warning", total, "It cannot be released in this state.")
    untouched = "" if report.mode is Mode.CHECK else "An earlier build is unchanged."
    return Judgement(_REFUSED[report.mode], "error", total, untouched)


_REFUSED = {Mode.CHECK: "Not ready", Mode.BUILD: "Build refused", Mode.RELEASE: "Release refused"}
_PASSED = {Mode.CHECK: "Ready to build", Mode.BUILD: "Built", Mode.DRAFT: "Draft made", Mode.RELEASE: "Released"}


def spoken(status: VerdictStatus) -> str:
    """Return the verdict on a reference in words."""
    return _SPOKEN.get(status, status.value.lower().replace("_", " "))


_SPOKEN = {
    VerdictStatus.UNCHECKED: "not checked",
    VerdictStatus.OK: "confirmed",
    VerdictStatus.BAD_ID: "with a wrong identifier",
    VerdictStatus.WRONG_WORK: "with the identifier of another work",
    VerdictStatus.CONCERN: "under an expression of concern",
    VerdictStatus.MISMATCH: "not as registered",
    VerdictStatus.VERSION_DRIFT: "another version of the work",
}


def counted(numbers: Mapping[str, int]) -> str:
    """Return numbers of findings in words, the most serious kind first: "2 errors, 0 warnings, 3 waived"."""
    ordered = sorted(numbers.items(), key=lambda one: _ORDER.index(one[0]))
    return ", ".join(f"{number} {_named(kind, number)}" for kind, number in ordered)


def _named(kind: str, number: int) -> str:
    if kind in _STANDINGS:
        return _STANDINGS[kind]
    return kind if number == 1 else f"{kind}s"


_ORDER = ("error", "warning", "note", "baseline", "waived")
#: Counts that are not severities and have no plural.
_STANDINGS = {"waived": "waived", "baseline": "in the baseline"}
