"""What every format reader returns, and the findings that readers make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct, field

from pubkit.boundary.files import printable, refusal
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location, Severity
from pubkit.references.bibliography.formats.csl import Notice
from pubkit.references.item import Item
from pubkit.references.model import Entry
from pubkit.references.rules import CIT006, CIT009, REF002, SRC025

__all__ = ["MOST_ENTRIES", "Reading", "duplicate_field", "left_out", "noticed", "too_many", "unreadable"]


#: More entries than any bibliography has; reading them would take minutes.
MOST_ENTRIES = 50_000
#: Characters of a message; names of keys and fields come from the file, and may be anything.
_MESSAGE = 400


class Reading(Struct, frozen=True):
    """The entries of one file in their order, keys taken twice included, and what could not be read.

    `markdown` gives the CSL item of an entry, by its place in `entries`, if the texts of the file are Markdown.
    """

    entries: Sequence[Entry]
    findings: Sequence[Finding] = ()
    markdown: Mapping[int, Item] = field(default_factory=dict)


def too_many(file: str) -> InputRefused:
    """Return the error for a file with more than `MOST_ENTRIES` entries."""
    message = f"{file} contains more than {MOST_ENTRIES:,} entries."
    return refusal(SRC025, message, "Move the entries that the text may cite to a file of their own.", Location(file))


def unreadable(
    location: Location, message: str, remedy: str, key: str = "", severity: Severity = Severity.ERROR
) -> Finding:
    """Return the finding for a part that does not parse; `key` is that of the entry it belongs to, if known."""
    return CIT006.at(location, printable(message, _MESSAGE), context=key or message, remedy=remedy, severity=severity)


def left_out(location: Location, severity: Severity, message: str, remedy: str, key: str) -> Finding:
    """Return the finding for markup, a link or a value that does not belong in a reference and is not printed."""
    return CIT009.at(
        location, printable(message, _MESSAGE), context=f"{key} {message}", remedy=remedy, severity=severity
    )


def noticed(findings: list[Finding], entry: Entry) -> Notice:
    """Return a function that adds to `findings` what is left out of the item of `entry`, with its place."""

    def notice(variable: str, severity: Severity, message: str, remedy: str) -> None:
        findings.append(left_out(entry.at(variable), severity, message, remedy, entry.key))

    return notice


def duplicate_field(location: Location, name: str, key: str) -> Finding:
    """Return the finding for a field that one entry gives twice."""
    message = printable(f"The entry {key} gives the field {name} twice; the last one is used.", _MESSAGE)
    return REF002.at(location, message, context=f"{key} {name}", remedy="Keep the correct value.")
