"""What is known of the works a manuscript cites."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from pubkit.findings import Finding, Location

__all__ = ["Bibliography", "Entry", "Verdict", "VerdictStatus"]


class Entry(Struct, frozen=True):
    """One entry of a bibliography file.

    `item` is the CSL-JSON item that citeproc prints. `fields` are the fields as the file has them (BibTeX names in lower
    case; CSL names for CSL files; tags for RIS and NBIB), each with its text; `field_lines` gives the line of each.
    """

    key: str
    type: str
    item: Mapping[str, Any]
    location: Location
    fields: Mapping[str, str] = field(default_factory=dict)
    field_lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> Location:
        """Return the place of field `name`, or of the entry where the field's line is not known."""
        line = self.field_lines.get(name)
        return Location(self.location.file, line, 1) if line else self.location


class Bibliography(Struct, frozen=True):
    """All entries of a manuscript's bibliography files, in order, and what reading them has shown.

    `duplicates` holds the later entries under a key that was already taken; `findings` the parts that could not be read.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    duplicates: tuple[Entry, ...] = ()
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __contains__(self, key: object) -> bool:
        return key in self.entries

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def keys(self) -> tuple[str, ...]:
        """Return every key, in the order of the files."""
        return tuple(self.entries)


class VerdictStatus(enum.StrEnum):
    """What is known of one reference, worst first."""

    RETRACTED = "RETRACTED"
    CONCERN = "CONCERN"
    BAD_ID = "BAD_ID"
    WRONG_WORK = "WRONG_WORK"
    MISMATCH = "MISMATCH"
    VERSION_DRIFT = "VERSION_DRIFT"
    UNCONFIRMED = "UNCONFIRMED"
    INCOMPLETE = "INCOMPLETE"
    CORRECTED = "CORRECTED"
    DISPUTED = "DISPUTED"
    UNCHECKED = "UNCHECKED"
    OK = "OK"


class Verdict(Struct, frozen=True):
    """What is known of one reference: its status, on what evidence, from where, and as of when."""

    key: str
    status: VerdictStatus
    evidence: tuple[str, ...] = ()
    source: str = ""
    retrieved: dt.date | None = None

    @property
    def checked(self) -> bool:
        """Whether a registry's record was compared with this reference."""
        return self.status is not VerdictStatus.UNCHECKED
