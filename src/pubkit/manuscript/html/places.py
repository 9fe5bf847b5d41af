"""Where tags begin in a source, outside code and comments, in which a tag is text."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

__all__ = ["offsets_by_name"]

_TAG = re.compile(r"<([A-Za-z][\w:-]*)")
_MARK = re.compile(r"<!--|-->|`+|~~~+")
_INDENT = re.compile(r"\n {0,3}\Z|\A {0,3}\Z")
_FENCE = 3


def offsets_by_name(source: str) -> dict[str, list[int]]:
    """Return the offsets at which tags begin, in order, by their name in lower case."""
    hidden = list(_hidden(source))
    ends = [end for _, end in hidden]
    offsets: dict[str, list[int]] = {}
    for found in _TAG.finditer(source):
        index = bisect.bisect_right(ends, found.start())
        if index == len(hidden) or found.start() < hidden[index][0]:
            offsets.setdefault(found[1].lower(), []).append(found.start())
    return offsets


def _hidden(source: str) -> Iterator[tuple[int, int]]:
    """Yield where code and comments begin and end, in order."""
    marks = list(_MARK.finditer(source))
    alike: dict[str, list[int]] = {}
    for index, mark in enumerate(marks):
        alike.setdefault(mark[0], []).append(index)
    index = 0
    while index < len(marks):
        end = _closing(source, marks, alike, index)
        if end is not None:
            yield marks[index].start(), marks[end].end()
            index = end
        index += 1


def _closing(source: str, marks: Sequence[re.Match[str]], alike: dict[str, list[int]], index: int) -> int | None:
    """Return the mark that ends the code or comment begun at another; None if none begins there or it has no end."""
    mark = marks[index][0]
    if mark[0] in "`~" and len(mark) >= _FENCE and _begins_line(source, marks[index]):
        later = range(index + 1, len(marks))
        return next((at for at in later if marks[at][0].startswith(mark) and _begins_line(source, marks[at])), None)
    if mark == "-->" or mark[0] == "~":
        return None
    same = alike.get("-->" if mark == "<!--" else mark, [])
    place = bisect.bisect_right(same, index)
    return same[place] if place < len(same) else None


def _begins_line(source: str, mark: re.Match[str]) -> bool:
    return _INDENT.search(source[max(0, mark.start() - 4) : mark.start()]) is not None
