"""Read BibTeX and BibLaTeX: every entry with the place of each field, even from a partly broken file.

bibtexparser splits the file (it gives the line of each field and goes on after a broken entry); the values, with their
abbreviations and joins, are read here. The items that are printed are pandoc's: see `pandoc_items`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.references.bibliography.formats.bibtex_fields import as_biblatex
from pubkit.references.bibliography.formats.bibtex_items import draft_item
from pubkit.references.bibliography.formats.bibtex_spelling import NOT_PRINTED
from pubkit.references.bibliography.formats.bibtex_values import Abbreviations, Value, inherited, parse_value
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.reading import MOST_ENTRIES, Reading, duplicate_field, too_many, unreadable
from pubkit.references.bibliography.formats.vocabulary import BIBTEX
from pubkit.references.model import Entry

if TYPE_CHECKING:
    from bibtexparser.model import Block
    from bibtexparser.model import Entry as Parsed

__all__ = ["parents_of", "read_bibtex", "with_parents"]

_MOST_ANCESTORS = 20
#: Fields that pass on the fields of other entries, which are printed.
_INHERITED = frozenset({"crossref", "xdata"})
_MOST_RUN_TOGETHER = 50
_BLOCK = expression(r"@\s{0,3}\w+\s{0,3}[{(]")
_BRACES_REMEDY = "Make sure that each field reads `name = {text},` and that every brace and quotation mark is closed."
_KEY = expression(r"@\s*\w+\s*[{(][{(\s]*([^\s,{}=\"]+)\s*,")
_LOST_ENTRY = expression(
    r"^[ \t]*(?!%)(?:@\s*)?[A-Za-z]+\s*\{\s*[^\s,{}=]+\s*,|^[ \t]*(?!%)[A-Za-z]+\s*=\s*[{\"]", re.MULTILINE
)
_ALIASES = {name: variable for variable, names in BIBTEX.items() for name in reversed(names)}

# bibtexparser logs each broken block, with text of the file in it; here every one becomes a finding instead.
_LOGGER = logging.getLogger("bibtexparser")
_LOGGER.addHandler(logging.NullHandler())
_LOGGER.propagate = False


def read_bibtex(text: str, file: str) -> Reading:
    """Return the entries of the BibTeX `text` of `file`, each with a draft of its CSL item, and what could not be read.

    Raises:
        InputRefused: the abbreviations expand beyond the limit for a bibliography.
    """
    return _BibtexReader(text, file).read()


#: Key, type, fields, the line of each field, and place of an entry.
_Raw = tuple[str, str, dict[str, str], dict[str, int], Location]


def _with_xdata(raw: Sequence[_Raw]) -> list[_Raw]:
    """Return the works among the entries `raw`, each with every field of the @xdata records it names.

    Source: biblatex manual §2.4.4. A record that is not there stays in the field xdata, for the rules to find.
    """
    shared = {key: fields for key, kind, fields, _, _ in raw if kind == "xdata"}
    works = [entry for entry in raw if entry[1] != "xdata"]
    for _, _, fields, _, _ in works if shared else ():
        waiting, seen, missing = _keys(fields.pop("xdata", "")), set[str](), list[str]()
        while waiting and len(seen) <= _MOST_ANCESTORS:
            key = waiting.pop(0)
            if key not in shared:
                missing.append(key)
            elif key not in seen:
                seen.add(key)
                for name, text in shared[key].items():
                    fields.setdefault(name, text) if name != "xdata" else waiting.extend(_keys(text))
        if missing:
            fields["xdata"] = ",".join(missing)
    return works


def _keys(text: str) -> list[str]:
    return [key.strip() for key in text.split(",") if key.strip()]


class _BibtexReader:
    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.lines = text.split("\n")
        self.abbreviations = Abbreviations(file)
        self.findings: list[Finding] = []

    def read(self) -> Reading:
        from bibtexparser.splitter import Splitter

        if self.text.count("@") > 4 * MOST_ENTRIES or len(_BLOCK.findall(self.text)) > MOST_ENTRIES:
            raise too_many(self.file)
        blocks = Splitter(self.text).split().blocks
        raw = _with_xdata([entry for entry in self._entries(blocks) if entry[0]])
        by_key: dict[str, Mapping[str, str]] = {}
        for key, _, fields, _, _ in raw:
            by_key.setdefault(key, fields)
        entries = []
        for key, kind, fields, lines, place in raw:
            item = draft_item(key, kind, with_parents(fields, by_key))
            entries.append(Entry(key, kind, item, place, fields, _with_aliases(lines)))
        return Reading(entries, self.findings)

    def _entries(self, blocks: Sequence[Block]) -> Iterator[_Raw]:
        from bibtexparser import model

        after_failure = False
        for block in blocks:
            inner = block
            while isinstance(inner, model.DuplicateBlockKeyBlock | model.DuplicateFieldKeyBlock):
                inner = inner.ignore_error_block or inner
                if inner is block:
                    break
            if isinstance(inner, model.Entry):
                yield self._entry(inner)
            elif isinstance(inner, model.String):
                self._abbreviation(inner)
            elif isinstance(inner, model.ParsingFailedBlock):
                self._failed(inner)
            elif isinstance(inner, model.ImplicitComment) and not after_failure:
                self._stray(inner)
            after_failure = isinstance(inner, model.ParsingFailedBlock)

    def _entry(self, block: Parsed) -> _Raw:
        place = self._place(block)
        key = block.key.strip()
        if not key or re.search(r"[\s{}\"]", key):
            shown = printable(key, 60) or "(empty)"
            found = unreadable(
                place, f"This key cannot be used in a citation: {shown}", "Give it a key such as smith2020.", key
            )
            # What has no key cannot be cited, and so is never printed.
            self.findings.append(found if key else replace(found, severity=Severity.WARNING))
        fields: dict[str, str] = {}
        lines: dict[str, int] = {}
        for parsed in block.fields:
            self._take(fields, lines, parsed.key.lower(), str(parsed.value), (parsed.start_line or 0) + 1, key)
        return key, block.entry_type.lower(), fields, lines, place

    def _take(
        self, fields: dict[str, str], lines: dict[str, int], name: str, written: str, line: int, key: str
    ) -> None:
        """Read the value `written` of field `name`, and those that follow it without a comma."""
        for _ in range(_MOST_RUN_TOGETHER):
            value = parse_value(written, self.abbreviations, line)
            if name in fields:
                self.findings.append(duplicate_field(Location(self.file, line, 1), name, key))
            fields[name], lines[name] = value.text.strip(), line
            self._judge(value, name, line, key)
            if value.rest is None:
                return
            name, start = value.rest[0].lower(), value.rest[1]
            line += written.count("\n", 0, start)
            written = written[start:]
        place = Location(self.file, line, 1)
        self.findings.append(unreadable(place, f"The rest of {key} is not read.", _BRACES_REMEDY, key))

    def _judge(self, value: Value, name: str, line: int, key: str) -> None:
        place = Location(self.file, line, 1)
        field, entry = printable(name, 60), printable(key, 60) or "an entry without a key"
        for abbreviation in value.unknown:
            if name == "month" and month_number(abbreviation):
                continue
            unknown = printable(abbreviation, 60)
            message = f"The field {field} of {entry} uses the abbreviation {unknown}, which is not defined."
            remedy = "Put the value in braces, or define the abbreviation with @string before it."
            self._add(name, unreadable(place, message, remedy, key))
        if value.rest:
            message = (
                f"A comma is missing between the fields {field} and {printable(value.rest[0].lower(), 60)} of {entry}."
            )
            self._add(name, unreadable(place, message, "Put a comma after the value.", key))
        if value.broken:
            message = f"The field {field} of {entry} cannot be read: {value.broken}."
            self._add(name, unreadable(place, message, _BRACES_REMEDY, key))

    def _add(self, name: str, found: Finding) -> None:
        """Add what is wrong with the field `name`: not an error if the field is never printed."""
        self.findings.append(replace(found, severity=Severity.WARNING) if name in NOT_PRINTED - _INHERITED else found)

    def _abbreviation(self, block: object) -> None:
        name, written = str(getattr(block, "key", "")), str(getattr(block, "value", ""))
        line = (getattr(block, "start_line", 0) or 0) + 1
        value = parse_value(written, self.abbreviations, line)
        self.abbreviations.count(len(value.text), line)
        self.abbreviations.texts[name.strip().lower()] = value.text
        self._judge(value, "@string", line, name)

    def _failed(self, block: Block) -> None:
        place = self._place(block)
        # What is left of a broken block may end before its key.
        key = _KEY.match((block.raw or "").strip()) or _KEY.match(self.lines[place.line - 1][place.column - 1 :])
        name = f"The entry {printable(key[1], 60)}" if key else "This part of the bibliography"
        reason = (
            "it does not end before the next one begins" if self._swallowed(block) else "its fields cannot be separated"
        )
        message = f"{name} cannot be read: {reason}."
        self.findings.append(unreadable(place, message, _BRACES_REMEDY, key[1] if key else ""))

    @staticmethod
    def _swallowed(block: Block) -> bool:
        reason = str(getattr(getattr(block, "error", None), "abort_reason", ""))
        return "block start" in reason or "end of file" in reason

    def _stray(self, block: object) -> None:
        comment = str(getattr(block, "comment", ""))
        found = _LOST_ENTRY.search(comment)
        if found:
            line = (getattr(block, "start_line", 0) or 0) + 1 + comment.count("\n", 0, found.start())
            message = f"This text is outside any entry and is not read: {printable(found[0].strip(), 60)}"
            remedy = "Begin the entry with @ and its type, or begin the line with % if it is a comment."
            self.findings.append(unreadable(Location(self.file, line, 1), message, remedy))

    def _place(self, block: Block) -> Location:
        line = block.start_line or 0
        first = (block.raw or "").strip().split("\n", 1)[0]
        column = self.lines[line].find(first) if line < len(self.lines) and first else 0
        return Location(self.file, line + 1, max(column, 0) + 1)


def parents_of(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the keys from which an entry inherits: its crossref and its xdata."""
    named = f"{fields.get('crossref', '')},{fields.get('xdata', '')}".split(",")
    return tuple(key.strip() for key in named if key.strip())


def with_parents(fields: Mapping[str, str], by_key: Mapping[str, Mapping[str, str]]) -> Mapping[str, str]:
    """Return `fields` with what they inherit, as biblatex writes them; each ancestor counts once, so that cycles end."""
    result = fields
    waiting = list(parents_of(fields))
    seen: set[str] = set()
    while waiting:
        key = waiting.pop(0)
        if key in by_key and key not in seen:
            seen.add(key)
            result = inherited(result, by_key[key])
            waiting.extend(parents_of(by_key[key]))
        if len(seen) > _MOST_ANCESTORS:
            break
    return as_biblatex(result)


def _with_aliases(lines: dict[str, int]) -> dict[str, int]:
    """Return the line of each field, also under the CSL name of its variable."""
    aliases = {_ALIASES[name]: line for name, line in reversed(lines.items()) if name in _ALIASES}
    return {**aliases, **lines}
