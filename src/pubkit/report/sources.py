"""The lines of the source that findings are about, read again when they are shown."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from pubkit.boundary.commands import disarmed_data
from pubkit.boundary.files import read_contained
from pubkit.boundary.text import normal_lines
from pubkit.errors import PubkitError
from pubkit.expressions import expression
from pubkit.findings import Location

__all__ = ["Excerpt", "Sources"]

_LIMIT = 2_000_000
_WORD = expression(r"[\w-]+")


class Excerpt(Struct, frozen=True):
    """A line of a source, cut to a width: the characters from `start` to `end` are those in question."""

    text: str
    start: int
    end: int


class Sources:
    """The text files below `root`, the folder of a publication; each is read at most once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._read: dict[str, tuple[str, ...]] = {}

    def lines(self, file: str) -> tuple[str, ...]:
        """Return the lines of a file, as far as it can be read as text; none if it is missing, unsafe or too large."""
        if file not in self._read:
            try:
                data = read_contained(self._root, file, "A source", limit=_LIMIT)
                self._read[file] = normal_lines(data)
            except (OSError, PubkitError):
                self._read[file] = ()
        return self._read[file]

    def excerpt(self, location: Location | None, width: int) -> Excerpt | None:
        """Return the line of `location` in at most `width` characters around its column, or None.

        If the place has no end, the word that begins there is in question.
        """
        if location is None or _whole(location):
            return None
        lines = self.lines(location.file)
        if location.line > len(lines) or not lines[location.line - 1].strip():
            return None
        line = lines[location.line - 1]
        start = min(location.column - 1, len(line))
        word = _WORD.match(line, start)
        end = location.end_column - 1 if location.end_column else word.end() if word else start + 1
        end = max(start + 1, min(end, len(line)))
        return _cut(line, start, end, width)


def _whole(location: Location) -> bool:
    """Return whether a place is a file, or its beginning, which stands for all of it."""
    return location.line <= 1 and location.column <= 1 and not location.end_column


def _cut(line: str, start: int, end: int, width: int) -> Excerpt:
    indent = len(line) - len(line.lstrip())
    first = min(indent, start)
    if end - first > width:
        first = max(first, min(start - width // 4, len(line) - width))
    shown = disarmed_data(line[first : first + width], "\ufffd")
    text = "".join(char if char.isprintable() else " " if char == "\t" else "\ufffd" for char in shown)
    before, behind = "…" if first > indent else "", "…" if first + width < len(line.rstrip()) else ""
    text = before + text[len(before) : len(text) - len(behind) or None].rstrip() + behind
    return Excerpt(text, start - first, min(end - first, len(text)))
