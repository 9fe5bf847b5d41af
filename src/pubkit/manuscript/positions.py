"""One source file: its words, and the line and column of each of its characters."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from pubkit.findings import Location

__all__ = ["SourceWords", "words"]

_WORD = re.compile(r"[^\W_]+")


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of `text` with its offset, folded for comparison."""
    for found in _WORD.finditer(text):
        yield found.start(), found[0].casefold()


class SourceWords:
    """A source text and its words. `starts` are the offsets of the words, `ends` those behind them."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        spans = [found.span() for found in _WORD.finditer(text)]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.words = [text[start:end].casefold() for start, end in spans]

    def location(self, offset: int, length: int = 0) -> Location:
        """The line and column of the character at `offset`, and the end of the `length` characters that begin there."""
        line = bisect.bisect_right(self._line_starts, offset)
        column = offset - self._line_starts[line - 1] + 1
        return Location(self.path, line, column, column + length if length else 0)
