"""Boxes of Jekyll's sites: the class of a box on a line of its own before or after a paragraph or quotation (kramdown).

`{: .note-title }` takes the first line of a quotation as the title, as the theme Just the Docs does.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile, part
from pubkit.expressions import expression
from pubkit.manuscript.marks.boxes import box, kind_of
from pubkit.manuscript.marks.fences import Line, lines
from pubkit.manuscript.prose import without_code_blocks

__all__ = ["kramdown_boxes"]

_CLASS = expression(r"^(?P<indent>[ \t]*)\{:[ \t]*\.(?P<name>[\w-]+)[ \t]*\}[ \t]*$")
_QUOTED = expression(r"[ \t]*>[ \t]?")


def kramdown_boxes(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that make a division of each block with the class of a box beside it."""
    if "{:" not in source.text:
        return
    written = lines(source.text)
    masked = without_code_blocks(source.text).split("\n")
    taken = 0
    for number, line in enumerate(masked):
        found = _CLASS.match(line)
        kind = kind_of(found["name"].removesuffix("-title")) if found else None
        if not found or not kind or number < taken:
            continue
        first = number + 1
        alone = not number or not masked[number - 1].strip()
        if alone and masked[first : first + 1] == [""] and _QUOTED.match("".join(masked[first + 1 : first + 2])):
            first += 1  # the quotation was set apart
        after = _end(masked, first)
        if first == after:
            first, after = _begin(masked, number, taken), number
        if first < after:
            titled = found["name"].endswith("-title") and after - first > 1
            yield from _edits(source, written, first, after, number, kind, found["indent"], titled=titled)
            taken = max(after, number + 1)


def _end(masked: list[str], number: int) -> int:
    """Return the number of the empty line after the block that begins in line `number`."""
    while number < len(masked) and masked[number].strip():
        number += 1
    return number


def _begin(masked: list[str], number: int, least: int) -> int:
    """Return the number of the first line of the block before line `number`."""
    while number > least and masked[number - 1].strip():
        number -= 1
    return number


def _edits(
    source: SourceFile, written: list[Line], first: int, after: int, mark: int, kind: str, indent: str, *, titled: bool
) -> Iterator[Edit]:
    begin = written[first].start
    title = None
    if titled:
        start = begin + (quote.end() if (quote := _QUOTED.match(written[first].text)) else 0)
        title = part(source, start, begin + len(written[first].text))
    opening = box(indent, kind, title, begin, written[first].end if titled else begin)
    removed = [Edit(written[mark].start, written[mark].end, "")]
    quotes = [
        Edit(line.start, line.start + quote.end(), indent)
        for line in written[first + titled : after]
        if (quote := _QUOTED.match(line.text))
    ]
    at = written[after - 1].end if after > mark else written[mark].start
    closing = [Edit(at, at, f"\n{indent}::::\n\n")]
    before = removed if mark < first else []
    yield from (*before, *opening, *quotes, *closing, *([] if before else removed))
