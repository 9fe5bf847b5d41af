"""The right-hand side of a BibTeX field: `{text}`, `"text"`, numbers and abbreviations joined by `#`.

An abbreviation may name others, so twenty lines can expand to gigabytes; all expanded text is counted, and a file
that passes the limit is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

from pubkit.boundary.files import refusal
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.references.bibliography.formats.months import MONTHS
from pubkit.references.rules import SRC025

__all__ = ["Abbreviations", "Value", "balanced", "parse_value"]

_WORD = expression(r"[^\s#{}\"',=()\\%]+")
_NEXT_FIELD = expression(r"\s*([A-Za-z][\w-]*)\s*=\s*(?=[{\"\w])")
_MOST_BRACES = 40
_EXPANDED_LIMIT = 5_000_000


class Value(Struct, frozen=True):
    """A field's text, and what is wrong with it.

    `unknown` names abbreviations that are not defined. `rest` follows a value that does not end with a comma:
    the name of the next field and the place of its value. `broken` says why the value cannot be read.
    """

    text: str
    unknown: tuple[str, ...] = ()
    rest: tuple[str, int] | None = None
    broken: str = ""


class Abbreviations(Struct):
    """The @string definitions of a file, and how much text they have expanded to so far."""

    file: str
    texts: dict[str, str] = field(default_factory=lambda: {month: month for month in MONTHS})
    expanded: int = 0

    def unfold(self, name: str, line: int) -> str | None:
        """Return the text of abbreviation `name`, used in `line`, or None.

        Raises:
            InputRefused: the abbreviations of this file expand to more than 5 MB.
        """
        text = self.texts.get(name.lower())
        if text is not None:
            self.count(len(text), line)
        return text

    def count(self, characters: int, line: int) -> None:
        """Add to the amount of expanded text; raises as `unfold` does."""
        self.expanded += characters
        if self.expanded > _EXPANDED_LIMIT:
            message = f"The abbreviations (@string) of {self.file} expand to more than {_EXPANDED_LIMIT:,} characters."
            raise refusal(SRC025, message, "Write out the values.", Location(self.file, line, 1))


def parse_value(text: str, abbreviations: Abbreviations, line: int) -> Value:
    """Return the value at the beginning of `text`, which is in `line`."""
    parts: list[str] = []
    unknown: list[str] = []
    position = _blank(text, 0)
    while True:
        end, part, name = _part(text, position)
        if end < 0:
            return Value("".join(parts) or _bare(text), tuple(unknown), None, part)
        if name:
            found = abbreviations.unfold(name, line)
            if found is None:
                unknown.append(name)
            parts.append(name if found is None else found)
        else:
            parts.append(part)
        position = _blank(text, end)
        if position >= len(text):
            return Value("".join(parts), tuple(unknown))
        if text[position] != "#":
            break
        position = _blank(text, position + 1)
    following = _NEXT_FIELD.match(text, position)
    if following:
        return Value("".join(parts), tuple(unknown), (following[1], following.end()))
    return Value("".join(parts), tuple(unknown), None, "there is text after the value's closing brace or quote")


def _part(text: str, position: int) -> tuple[int, str, str]:
    """Return the end of the operand of `#` at `position` and its text or abbreviation, or -1 and the reason if broken."""
    if position >= len(text):
        return -1, "the value is empty", ""
    if text[position] == "{":
        end = _closing_brace(text, position)
        return (-1, "a brace is not closed", "") if end < 0 else (end + 1, text[position + 1 : end], "")
    if text[position] == '"':
        end = _closing_quote(text, position)
        return (-1, "a quotation mark is not closed", "") if end < 0 else (end + 1, text[position + 1 : end], "")
    word = _WORD.match(text, position)
    if not word:
        return -1, f"{text[position]!r} is not allowed here", ""
    return (word.end(), word[0], "") if word[0].isdecimal() else (word.end(), "", word[0])


def _blank(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position


def _braces(text: str, start: int) -> Iterator[tuple[int, str]]:
    """Yield each brace and quote from `start` on that no backslash precedes."""
    for found in _BRACE.finditer(text, start):
        yield found.start(), found[0]


_BRACE = expression(r'(?<!\\)[{}"]')


def _closing_brace(text: str, start: int) -> int:
    depth = 0
    for position, char in _braces(text, start):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if depth == 0:
            return position
    return -1


def _closing_quote(text: str, start: int) -> int:
    depth = 0
    for position, char in _braces(text, start + 1):
        if char == '"' and depth == 0:
            return position
        depth += {"{": 1, "}": -1}.get(char, 0)
    return -1


def _bare(text: str) -> str:
    """Return the readable part of a value whose braces or quotes do not pair."""
    return text.strip().strip('{}"').strip()


def balanced(text: str) -> bool:
    """Return whether the braces of `text` pair, as pandoc counts them, and nest no deeper than a reference needs."""
    depth = 0
    for _, char in _braces(text, 0):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if not 0 <= depth <= _MOST_BRACES:
            return False
    return depth == 0 and not text.endswith("\\")


def inherited(fields: Mapping[str, str], parent: Mapping[str, str]) -> dict[str, str]:
    """Return `fields` with what an entry takes from the entry its crossref names.

    Source: biblatex manual, appendix B (default inheritance), for the fields that references are printed from.
    """
    taken = {name: text for name, text in parent.items() if name not in _NOT_INHERITED}
    if "title" in parent and "booktitle" not in parent:
        taken["booktitle"] = parent["title"]
        if "subtitle" in parent:
            taken["booksubtitle"] = parent["subtitle"]
    return {**taken, **fields}


_NOT_INHERITED_WORDS = """
    abstract annotation annote author comment crossref doi eprint eprinttype file ids keywords label note pages
    pagetotal pmid pmcid shorttitle subtitle title url urldate xdata xref"""
_NOT_INHERITED = frozenset(_NOT_INHERITED_WORDS.split())
