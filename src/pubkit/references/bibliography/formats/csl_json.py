"""Read CSL JSON: every item with the line of its fields, even from a partly broken file."""

from __future__ import annotations

import bisect
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from pubkit.boundary.files import printable, refusal
from pubkit.boundary.rules import SRC012
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.references.bibliography.formats.csl import read_item
from pubkit.references.bibliography.formats.reading import (
    MOST_ENTRIES,
    Reading,
    duplicate_field,
    noticed,
    too_many,
    unreadable,
)
from pubkit.references.item import Item
from pubkit.references.model import Entry

__all__ = ["entry_of_item", "read_csl_json"]

_FIELD = expression(r'"([A-Za-z][A-Za-z0-9_-]*)"\s*:')
_LIST = expression(r'"(?:references|items)"\s*:\s*\[')
_NEXT_ITEM = expression(r"\}\s*,\s*(?=\{)")
_BLANK = expression(r"[\s,]*")
_MAX_DEPTH = 4
_REMEDY = "Look for a missing comma, quotation mark or bracket here."


def read_csl_json(text: str, file: str) -> Reading:
    """Return the items of CSL JSON `text`: a list, or an object whose "references" or "items" is one.

    Raises:
        InputRefused: it nests deeper than any bibliography does.
    """
    return _JsonReader(text, file).read()


class _JsonReader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self.findings: list[Finding] = []
        self.doubled: list[str] = []
        self.decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_no_constant)

    def read(self) -> Reading:
        return Reading(list(self._entries()), self.findings)

    def place(self, position: int) -> Location:
        line = bisect.bisect_right(self.line_starts, position)
        return Location(self.file, line, position - self.line_starts[line - 1] + 1)

    def _start(self) -> int | None:
        """Return the position after the bracket that opens the list of items."""
        begin = _BLANK.match(self.text, 0)
        position = begin.end() if begin else 0
        if self.text.startswith("[", position):
            return position + 1
        listed = _LIST.search(self.text, position) if self.text.startswith("{", position) else None
        if listed:
            return listed.end()
        message = "This is not CSL JSON: it does not begin with a list of items."
        self.findings.append(unreadable(self.place(position), message, "Export the bibliography as CSL JSON again."))
        return None

    def _entries(self) -> Iterator[Entry]:
        position = self._start()
        count = 0
        while position is not None:
            blank = _BLANK.match(self.text, position)
            position = blank.end() if blank else position
            if position >= len(self.text):
                self.findings.append(unreadable(self.place(position), "The list of items is not closed.", "Add a ]."))
                return
            if self.text[position] == "]":
                return
            self.doubled = []
            try:
                value, end = self.decoder.raw_decode(self.text, position)
            except RecursionError:
                message = "This bibliography nests deeper than any reference does."
                raise refusal(SRC012, message, "Make it a flat list of items.", self.place(position)) from None
            except ValueError as error:
                position = self._skip(position, error)
                continue
            count += 1
            if count > MOST_ENTRIES:
                raise too_many(self.file)
            if isinstance(value, Mapping):
                yield from self._entry(value, position, end)
            else:
                message = f"An item must be an object in braces: {printable(self.text[position:end], 60)}"
                self.findings.append(unreadable(self.place(position), message, _REMEDY))
            position = end

    def _skip(self, position: int, error: ValueError) -> int | None:
        """Note what cannot be read, and find the item after it."""
        at = error.pos if isinstance(error, json.JSONDecodeError) else position
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number cannot be read"
        key = re.search(r'"id"\s*:\s*"([^"\n]*)"', self.text[position : max(at, position) + 1])
        message = f"This item cannot be read ({printable(reason)})."
        self.findings.append(unreadable(self.place(at), message, _REMEDY, key[1] if key else ""))
        following = _NEXT_ITEM.search(self.text, max(at - 1, position))
        return following.end() if following else None

    def _entry(self, value: Mapping[str, Any], position: int, end: int) -> Iterator[Entry]:
        lines: dict[str, int] = {}
        for found in _FIELD.finditer(self.text, position, end):
            if found[1] in value and found[1] not in lines:
                lines[found[1]] = bisect.bisect_right(self.line_starts, found.start())
        entry, findings = entry_of_item(value, self.place(position), lines)
        self.findings.extend(findings)
        if entry:
            self.findings.extend(duplicate_field(entry.at(name), name, entry.key) for name in self.doubled)
            yield entry

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs):
            names = [name for name, _ in pairs]
            self.doubled.extend(sorted({printable(name, 40) for name in names if names.count(name) > 1}))
        return value


#: What contains an item's key: CSL's name, Zotero's, and that of Manubot's manual references.
_KEYS = ("id", "citation-key", "standard_citation")


def _no_constant(name: str) -> None:
    raise ValueError(name)


def entry_of_item(
    value: Mapping[str, Any], place: Location, lines: Mapping[str, int]
) -> tuple[Entry | None, list[Finding]]:
    """Return the entry for one CSL item of a file, or None if it has no key; `lines` has the line of each field."""
    findings: list[Finding] = []
    key = next((value[name] for name in _KEYS if name in value), None)
    if isinstance(key, bool) or not isinstance(key, str | int) or not str(key).strip():
        findings.append(unreadable(place, "This item has no id, so it cannot be cited.", 'Give it an "id".'))
        return None, findings
    name = str(key).strip()
    if not name.isprintable():
        message = f"The id {printable(name)} contains invisible characters, so it cannot be cited."
        findings.append(unreadable(place, message, "Spell it with letters, digits and - _ : . only.", name))
        return None, findings

    fields = {_whole(str(field)): _whole(_as_text(content)) for field, content in value.items()}
    entry = Entry(name, _whole(str(value.get("type", ""))), Item(id=name), place, fields, dict(lines))
    return replace(entry, item=read_item(value, name, noticed(findings, entry))), findings


def _whole(text: str) -> str:
    """Return `text` without half characters, which JSON and YAML escapes can name but nothing can encode."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _as_text(value: Any, depth: int = 0) -> str:
    """Return a field as one text: names as "Family, Given; ...", dates as "2020-5-17"."""
    if depth > _MAX_DEPTH:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        if isinstance(value.get("date-parts"), list):
            parts = [date for date in value["date-parts"] if isinstance(date, list)]
            return "/".join("-".join(map(str, date)) for date in parts)
        named = [str(value[part]) for part in ("literal", "raw", "family", "given") if value.get(part)]
        return ", ".join(named)
    if isinstance(value, list):
        return "; ".join(_as_text(part, depth + 1) for part in value)
    return "" if value is None else str(value)
