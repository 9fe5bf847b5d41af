"""The values that describe a bibliography and the verdicts on its works."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from pubkit.findings import Finding, Location
from pubkit.references.item import Item

__all__ = ["Bibliography", "Entry", "Verdict", "VerdictStatus"]


class Entry(Struct, frozen=True):
    """One entry of a bibliography file.

    `item` is what citeproc prints. `fields` are the fields as the file gives them (BibTeX names in lower
    case; CSL names for CSL files; tags for RIS and NBIB), each with its text; `field_lines` gives the line of each.
    """

    key: str
    type: str
    item: Item
    location: Location
    fields: Mapping[str, str] = field(default_factory=dict)
    field_lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, name: str) -> Location:
        """Return the place of field `name`, or of the entry if the field's line is not known."""
        line = self.field_lines.get(name)
        return Location(self.location.file, line, 1) if line else self.location


class Bibliography(Struct, frozen=True):
    """All entries of a manuscript's bibliography files, in order, and the findings from reading them.

    `duplicates` are the later entries under a key that is taken; `findings` name the parts that could not be read.
    `texts` are the files as they were read, by name.
    """

    entries: Mapping[str, Entry] = field(default_factory=dict)
    duplicates: tuple[Entry, ...] = ()
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

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
    """What is known about one reference, worst first."""

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
    """What is known about one reference: its status, the evidence, its source and its date.

    `status` is the worse of two things: `match`, how the entry compares with the registries' records, and what notices say
    of the work. `match` is None if nothing was compared. `notice` is the kind of notice that a registry says the
    work itself is ("retraction notice"), empty if it is not a notice.
    """

    key: str
    status: VerdictStatus
    evidence: tuple[str, ...] = ()
    source: str = ""
    retrieved: dt.date | None = None
    match: VerdictStatus | None = None
    notice: str = ""

    def says(self, status: VerdictStatus) -> bool:
        """Return whether `status` is the verdict, or the result of the comparison although a notice weighs more."""
        return status in {self.status, self.match}

    @property
    def checked(self) -> bool:
        """Return whether this reference was compared with a registry's record."""
        return self.status is not VerdictStatus.UNCHECKED
