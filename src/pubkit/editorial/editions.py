"""Editions: what each release said, kept beside the publication, so that a later text can be compared with it.

A release writes one file into `editions/` (`NAME.editions/` beside a single text NAME.md), which belongs under version
control, as the ledger does.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from msgspec import Struct

from pubkit.boundary.files import printable, replace_file
from pubkit.boundary.text import as_json
from pubkit.editorial import ledger, stored
from pubkit.editorial.evidence import EvidenceTable
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.project.loading import CONFIGURATION, Project

__all__ = ["SCHEMA", "Passage", "Snapshot", "Work", "folder_name", "last", "read", "write"]

SCHEMA: Literal["pubkit-edition/1"] = "pubkit-edition/1"
_LIMIT = 50_000_000
_VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+-]{0,40}")


class Work(Struct, frozen=True):
    """A work cited: its key, what is printed of it (or its title and year), and the verdict on it ("" if unknown)."""

    key: str
    text: str = ""
    status: str = ""


class Passage(Struct, frozen=True, omit_defaults=True):
    """A paragraph, heading, cell or the like, as plain text with its citation keys; `level` is that of a heading, else 0."""

    words: str
    level: int = 0


class Snapshot(Struct, frozen=True):
    """What one edition says: its claims with their sources, the works it cites, and its disclaimers by their versions.

    `text` is the whole text in reading order; empty where it was not kept, as in the set of a build.
    """

    schema: Literal["pubkit-edition/1"]
    version: str
    date: dt.date
    claims: EvidenceTable
    references: list[Work]
    disclaimers: Mapping[str, str]
    text: list[Passage] = []


def folder_name(loaded: Project) -> str:
    """Return the name of the folder with the editions of a publication."""
    path = loaded.configuration.path
    return "editions" if path == CONFIGURATION else f"{Path(path).stem}.editions"


def write(loaded: Project, snapshot: Snapshot) -> str:
    """Keep an edition, and return the name of its file; formats added to a version released earlier change nothing.

    Raises:
        EnvironmentFault: it cannot be written.
    """
    name = f"{folder_name(loaded)}/{snapshot.version}.json"
    file = loaded.folder / name
    if file.exists():
        return name
    try:
        file.parent.mkdir(exist_ok=True)
    except OSError as error:
        message = f"{printable(folder_name(loaded))} cannot be made: {error.strerror}."
        raise EnvironmentFault(message, remedy="Check your permissions in the publication's folder.") from error
    replace_file(file, as_json(snapshot).encode())
    return name


def read(loaded: Project, version: str) -> Snapshot | None:
    """Return the edition with this version; None if it was not kept.

    Raises:
        UsageError: the file is not what pubkit writes.
        InputRefused: it is a link, too large, or not a regular file.
    """
    if not _VERSION.fullmatch(version):
        return None
    try:
        return stored.read(loaded, f"{folder_name(loaded)}/{version}.json", Snapshot, "record of an edition", _LIMIT)
    except stored.Unreadable as error:
        raise UsageError(
            str(error), remedy="Restore the file from version control; only a release writes it."
        ) from error


def kept(loaded: Project) -> list[str]:
    """Return the versions of the editions that were released and kept, the earliest first."""
    released = sorted(ledger.read(loaded).released, key=lambda one: one.date)
    folder = loaded.folder / folder_name(loaded)
    return list(dict.fromkeys(one.version for one in released if (folder / f"{one.version}.json").is_file()))


def last(loaded: Project) -> Snapshot | None:
    """Return the edition that was released last, of those that the ledger names; None if none was kept.

    Raises: as `read`.
    """
    released = sorted(ledger.read(loaded).released, key=lambda one: one.date)
    return next((found for one in reversed(released) if (found := read(loaded, one.version))), None)
