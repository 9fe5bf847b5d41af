"""Replacements made in the bytes of a file, whose line ends and byte order mark stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pubkit.findings import Fix, Replacement

__all__ = ["Text", "apart"]

_MARK = b"\xef\xbb\xbf"
#: Where pubkit ends a line; see `pubkit.boundary.text`.
_LINE_END = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


class Text:
    """The text of a file, and where its lines are.

    Raises:
        UnicodeDecodeError: the file is not UTF-8.
    """

    def __init__(self, data: bytes) -> None:
        self._has_mark = data.startswith(_MARK)
        self.text = data.removeprefix(_MARK).decode("utf-8")
        ends = list(_LINE_END.finditer(self.text))
        self._starts = [0, *(one.end() for one in ends)]
        self._ends = [*(one.start() for one in ends), len(self.text)]
        self._line_end = ends[0][0] if ends else "\n"

    def span(self, change: Replacement) -> tuple[int, int] | None:
        """Return where the words that `change` replaces begin and end; None if they are not there."""
        line, column = change.location.line, change.location.column
        if not 0 < line <= len(self._starts) or column < 1:
            return None
        start = self._starts[line - 1] + column - 1
        end = start + len(change.written)
        return (start, end) if end <= self._ends[line - 1] and self.text.startswith(change.written, start) else None

    def with_changes(self, changes: Iterable[Replacement]) -> bytes:
        """Return the file with `changes` made, which do not overlap; one whose words are not there is left out."""
        text = self.text
        spans = [(span, change.text) for change in changes if (span := self.span(change)) is not None]
        for (start, end), new in sorted(spans, reverse=True):
            text = f"{text[:start]}{new.replace(chr(10), self._line_end)}{text[end:]}"
        return (_MARK if self._has_mark else b"") + text.encode()


def apart(fixes: Iterable[Fix]) -> list[Fix]:
    """Return those of `fixes` that can be made together: none changes what an earlier one changes or touches."""
    taken: dict[tuple[str, int], list[tuple[int, int]]] = {}
    chosen = []
    for fix in fixes:
        spans = [
            ((one.location.file, one.location.line), one.location.column, one.location.column + len(one.written))
            for one in fix.changes
        ]
        if any(start <= stop and begin <= end for line, start, end in spans for begin, stop in taken.get(line, ())):
            continue
        for line, start, end in spans:
            taken.setdefault(line, []).append((start, end))
        chosen.append(fix)
    return chosen
