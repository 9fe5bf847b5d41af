"""Places in a text as pubkit and as the protocol count them.

pubkit counts lines and columns from 1, in characters, and also ends a line at U+0085, U+2028 and U+2029. The protocol counts
from 0, ends a line at LF, CRLF and CR only, and counts a column in the units of an encoding: UTF-16 unless client and server
agree on another.
"""

from __future__ import annotations

import bisect
import re
from enum import StrEnum
from typing import NamedTuple

from pubkit.findings import Location

__all__ = ["Lines", "Place", "Units"]

_OURS = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_THEIRS = re.compile("\r\n|[\n\r]")
_WORD = re.compile(r"[^\s\[\](){};,]+|\S")


class Units(StrEnum):
    """What a column counts."""

    UTF8 = "utf-8"
    UTF16 = "utf-16"
    UTF32 = "utf-32"

    def length(self, text: str) -> int:
        """Return the number of units of `text`."""
        if self is Units.UTF32 or text.isascii():
            return len(text)
        return len(text.encode("utf-8" if self is Units.UTF8 else "utf-16-le", "surrogatepass")) // (
            1 if self is Units.UTF8 else 2
        )


class Place(NamedTuple):
    """A position of the protocol: line and column from 0."""

    line: int
    character: int


class Lines:
    """The lines of one text, in both countings; a byte order mark at its start is no character of it."""

    def __init__(self, text: str, units: Units = Units.UTF16) -> None:
        self.text = text
        self.units = units
        self._mark = 1 if text.startswith("\ufeff") else 0
        ours, theirs = ([found.span() for found in ends.finditer(text)] for ends in (_OURS, _THEIRS))
        self._ours, self._our_ends = [self._mark, *(end for _, end in ours)], [*(start for start, _ in ours), len(text)]
        self._theirs, self._their_ends = [0, *(end for _, end in theirs)], [*(start for start, _ in theirs), len(text)]

    def place(self, offset: int) -> Place:
        """Return the position of the character at `offset`."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect.bisect_right(self._theirs, offset) - 1
        start = self._theirs[line]
        return Place(line, self.units.length(self.text[start : min(offset, self._their_ends[line])]))

    def offset(self, line: int, character: int) -> int:
        """Return the offset of a position; one beyond the end of its line, or of the text, is that end."""
        if line >= len(self._theirs):
            return len(self.text)
        start, end = self._theirs[max(0, line)], self._their_ends[max(0, line)]
        if self.units is Units.UTF32 or self.text[start:end].isascii():
            return min(end, start + max(0, character))
        passed = 0
        for offset in range(start, end):
            passed += self.units.length(self.text[offset])
            if passed > character:
                return offset
        return end

    def line_before(self, line: int, character: int) -> str:
        """Return what is on the line before a position."""
        start = self._theirs[min(max(0, line), len(self._theirs) - 1)]
        return self.text[start : max(start, self.offset(line, character))]

    def span(self, location: Location) -> tuple[int, int]:
        """Return where a place begins and ends: as far as it is known, its word if only the start is, or its line."""
        if not 0 < location.line <= len(self._ours):
            return (0, self._our_ends[0]) if not location.line else (len(self.text), len(self.text))
        first, end = self._ours[location.line - 1], self._our_ends[location.line - 1]
        if not location.column:
            return first, max(first, end)
        start = min(first + location.column - 1, max(first, end))
        if location.end_column > location.column:
            return start, max(start, min(first + location.end_column - 1, end))
        word = _WORD.match(self.text, start, max(start, end))
        return start, word.end() if word else start

    def location(self, file: str, offset: int) -> Location:
        """Return the place of the character at `offset` as findings have it."""
        line = max(1, bisect.bisect_right(self._ours, offset))
        return Location(file, line, max(1, offset - self._ours[line - 1] + 1))
