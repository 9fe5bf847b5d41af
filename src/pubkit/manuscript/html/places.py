"""Where tags begin in a source, outside code and comments, in which a tag is text; raw HTML, `{=html}`, is no code."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator, Sequence

from pubkit.expressions import expression

__all__ = ["offsets_by_name"]

_TAG = expression(r"<([A-Za-z][\w:-]*)")
_MARK = expression(r"<!--|-->|`+|~~~+")
_INDENT = expression(r"\n {0,3}\Z|\A {0,3}\Z")
_FENCE = 3
#: What says that code is HTML to be printed as such: behind the signs of a fence, or behind code in a line.
_RAW = "{=html"


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
    lengths = [_length_of_fence(source, mark) for mark in marks]
    longest = _longest_later(marks, lengths)
    index = 0
    while index < len(marks):
        if not lengths[index]:
            end = _closing(marks[index][0], alike, index)
        elif lengths[index] <= longest[index]:
            sign = marks[index][0][0]
            later = range(index + 1, len(marks))
            end = next(at for at in later if lengths[at] >= lengths[index] and marks[at][0][0] == sign)
        else:
            end = None
        if end is not None:
            at = marks[index if lengths[index] else end].end()
            if not source.startswith(_RAW, at) and not source.startswith(f" {_RAW}", at):
                yield marks[index].start(), marks[end].end()
            index = end
        index += 1


def _closing(mark: str, alike: dict[str, list[int]], index: int) -> int | None:
    """Return the mark that ends the code or comment begun by `mark`; None if it begins none or it has no end."""
    if mark == "-->" or mark[0] == "~":
        return None
    same = alike.get("-->" if mark == "<!--" else mark, [])
    place = bisect.bisect_right(same, index)
    return same[place] if place < len(same) else None


def _length_of_fence(source: str, mark: re.Match[str]) -> int:
    """Return the length of a fence; 0 for any other mark."""
    begins_line = _INDENT.search(source[max(0, mark.start() - 4) : mark.start()]) is not None
    return len(mark[0]) if mark[0][0] in "`~" and len(mark[0]) >= _FENCE and begins_line else 0


def _longest_later(marks: Sequence[re.Match[str]], lengths: Sequence[int]) -> list[int]:
    """Return for each mark the length of the longest fence of the same sign behind it.

    A fence without an end is so seen at a look; one with an end is passed over as far as that.
    """
    longest = {"`": 0, "~": 0}
    found = []
    for mark, length in zip(reversed(marks), reversed(lengths), strict=True):
        sign = mark[0][0]
        found.append(longest.get(sign, 0))
        longest[sign] = max(longest.get(sign, 0), length)
    return found[::-1]
