"""The ledger of releases: which files were released under which version, so that a version number means one thing.

releases.json lies beside pubkit.yaml and belongs under version control. A released set that is still in the output
folder counts too, by its manifest.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from pubkit.boundary.files import printable, read_regular, replace_file
from pubkit.editorial import stored
from pubkit.editorial.rules import REL011
from pubkit.findings import Finding, Location
from pubkit.project.loading import CONFIGURATION, Project

__all__ = ["Ledger", "Released", "enter", "file_name", "read", "set_in"]

SCHEMA = "pubkit-releases-1"
_LIMIT, _MANIFEST = 5_000_000, 10_000_000

Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]


class Released(Struct, frozen=True, forbid_unknown_fields=True):
    """One version as it was released: the day, the sha256 of its sources and of each file, and the tools' versions.

    `sha256sums` is the sha256 of SHA256SUMS of the set that was released first; `files` has the publication's files by
    name.
    """

    version: str
    date: dt.date
    source_sha256: Sha256
    files: dict[str, Sha256]
    sha256sums: Sha256 | Literal[""] = ""
    tools: dict[str, str] = {}

    def differing(self, files: Mapping[str, str]) -> tuple[str, ...]:
        """Return the names under which `files` (name to sha256) has other bytes than were released."""
        return tuple(sorted(name for name, sha256 in files.items() if self.files.get(name, sha256) != sha256))


class Ledger(Struct, frozen=True):
    """What is known to have been released; `findings` say why the ledger cannot be read."""

    released: tuple[Released, ...] = ()
    findings: tuple[Finding, ...] = ()

    def of(self, version: str) -> tuple[Released, ...]:
        """Return what was released under `version`."""
        return tuple(one for one in self.released if one.version == version)

    def before(self, version: str) -> tuple[Released, ...]:
        """Return what was released before `version`, the latest first; everything if that was not released yet."""
        versions = [one.version for one in self.released]
        end = versions.index(version) if version in versions else len(versions)
        return tuple(reversed(self.released[:end]))


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["pubkit-releases-1"]
    releases: list[Released]


def file_name(loaded: Project) -> str:
    """Return the ledger's file name: releases.json in a folder, NAME.releases.json beside a single file NAME.md."""
    path = loaded.configuration.path
    return "releases.json" if path == CONFIGURATION else f"{Path(path).stem}.releases.json"


def read(loaded: Project) -> Ledger:
    """Return the ledger beside the publication; empty if there is none.

    Raises:
        InputRefused: it is a link, too large, or not a regular file.
    """
    name = file_name(loaded)
    try:
        found = stored.read(loaded, name, _File, "ledger of releases", _LIMIT)
    except stored.Unreadable as error:
        return Ledger(findings=(_finding(str(error), error.location),))
    if found is None:
        return Ledger()
    return Ledger(tuple(found.releases), tuple(_contradictions(name, found.releases)))


def _contradictions(name: str, found: Sequence[Released]) -> list[Finding]:
    """Return a finding for each version that is in the ledger twice, as after a careless merge."""
    versions = [one.version for one in found]
    twice = sorted({version for version in versions if versions.count(version) > 1})
    return [_finding(f"{name} lists version {printable(version)} twice.", Location(name)) for version in twice]


def _finding(message: str, location: Location) -> Finding:
    return REL011.at(location, message)


def set_in(folder: Path, identifier: str) -> Released | None:
    """Return the release of the publication `identifier` in the output folder, from its manifest; else None."""
    try:
        said = json.loads(read_regular(folder / "manifest.json", _MANIFEST))
        about = said["publication"]
        if about["mode"] != "release" or about["identifier"] != identifier:
            return None
        files = {str(one["path"]): str(one["sha256"]) for one in said["artifacts"]}
        return Released(
            version=str(about["version"]),
            date=dt.date.fromisoformat(about["date"]),
            source_sha256=str(said["source_sha256"]),
            files=files,
            tools={str(name): str(version) for name, version in said["tools"].items()},
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None  # not a set that pubkit wrote, or a damaged one: `pubkit verify` says which


def enter(loaded: Project, made: Released) -> None:
    """Add `made` to the ledger; formats added to a version released earlier go into its entry.

    Raises:
        InputRefused: the ledger is unsafe.
        EnvironmentFault: it cannot be written.
    """
    known = read(loaded).released
    before = next((one for one in known if one.version == made.version), None)
    if before and not set(made.files) - set(before.files):
        return
    merged = structs.replace(before, files={**before.files, **made.files}) if before else made
    kept = [merged if one is before else one for one in known]
    releases = kept if before else [*kept, made]
    data = {"schema": SCHEMA, "releases": [msgspec.to_builtins(one) for one in releases]}
    text = json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    replace_file(loaded.folder / file_name(loaded), text.encode())
