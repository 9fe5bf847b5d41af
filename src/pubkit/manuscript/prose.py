"""The source of a chapter with everything but prose replaced by spaces, so that the prose stays in place."""

from __future__ import annotations

import bisect
from collections.abc import Iterable

from pubkit.expressions import expression

__all__ = ["nearest", "prose", "without_code_blocks", "without_comments"]

_FENCE = expression(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_TICKS = expression(r"`+")
_GAP = expression(r"\n\s*\n")
_NO_BREAK = expression(r"[^\n]")
_LIST_OR_NOTE = expression(
    r"(?:!!!|\?\?\?\+?|===[!+]?)[ \t]+[\w\"]|\s*(?:[-*+]|\(?[\w@#]{1,9}[.)]|:|~|\[\^[^\]]+\]:)\s"
)


def prose(text: str) -> str:
    """Return `text` with spaces in the place of code and comments, so that every other character stays in place."""
    return without_comments(_without_inline_code(without_code_blocks(text)))


def without_code_blocks(text: str) -> str:
    """Return `text` with spaces in the place of code blocks; inline code stays."""
    lines = text.split("\n")
    ends = _code_ends(lines)
    number = 0
    while number < len(lines):
        end = ends.get(number, len(lines))
        if end < len(lines):
            lines[number : end + 1] = [" " * len(line) for line in lines[number : end + 1]]
            number = end
        number += 1
    _blank_indented(lines)
    return "\n".join(lines)


def without_comments(text: str) -> str:
    """Return `text` with spaces in the place of comments."""
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += (text[at:start], _NO_BREAK.sub(" ", text[start : end + 3]))
        at = end + 3
    return "".join((*parts, text[at:]))


def is_head(info: str) -> bool:
    """Return whether `info`, behind the signs of a fence, is the head of a chunk, which may contain any sign."""
    return _HEAD.fullmatch(info.strip()) is not None


_HEAD = expression(r"\{[A-Za-z]\w*[ ,][^\n]*\}")


def _code_ends(lines: list[str]) -> dict[int, int]:
    """Return the line that closes a block of code by the line that begins it; where none does, pandoc reads it as text."""
    found = [(number, fence) for number, line in enumerate(lines) if (fence := _FENCE.match(line))]
    return {
        number: end
        for sign in "`~"
        for number, end in nearest(
            (number, len(fence[1]), not fence[2].strip())
            for number, fence in found
            if fence[1][0] == sign and ("`" not in fence[2] or is_head(fence[2]))
        ).items()
    }


def nearest(fences: Iterable[tuple[int, int, bool]]) -> dict[int, int]:
    """Return the line that closes each of `fences` of one sign: the first after it that is bare and no shorter.

    Args:
        fences: the number of the line, the length of the fence, and whether nothing follows it; in the order of lines.
    """
    found: dict[int, int] = {}
    later: list[tuple[int, int]] = []  # the bare fences below, the nearest last; a farther one counts only if longer
    for number, length, is_bare in reversed(list(fences)):
        at = bisect.bisect_right(later, -length, key=lambda one: -one[0])
        if at:
            found[number] = later[at - 1][1]
        if is_bare:
            while later and later[-1][0] <= length:
                later.pop()
            later.append((length, number))
    return found


def _without_inline_code(text: str) -> str:
    """Replace by spaces what stands between two runs of backticks of one length in one paragraph."""
    gaps = [found.start() for found in _GAP.finditer(text)]
    runs = [(bisect.bisect(gaps, found.start()), found.start(), found.end()) for found in _TICKS.finditer(text)]
    after: dict[tuple[int, int], int] = {}
    closing = [-1] * len(runs)
    for index in range(len(runs) - 1, -1, -1):
        paragraph, start, end = runs[index]
        closing[index] = after.get((paragraph, end - start), -1)
        after[paragraph, end - start] = index
    parts: list[str] = []
    at = done = 0
    for index, (_, start, _) in enumerate(runs):
        if index < done or closing[index] < 0 or text[start - 1 : start] == "\\":
            continue
        done = closing[index] + 1
        end = runs[closing[index]][2]
        parts += (text[at:start], _NO_BREAK.sub(" ", text[start:end]))
        at = end
    return "".join((*parts, text[at:]))


def _blank_indented(lines: list[str]) -> None:
    """Replace indented code by spaces: lines indented by four after an empty line, outside a list or note."""
    inside = open_ = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        indented = line.startswith(("    ", "\t"))
        after_gap = number == 0 or not lines[number - 1].strip()
        inside = indented and not open_ and (inside or after_gap)
        if inside:
            lines[number] = " " * len(line)
        elif not indented:
            open_ = _LIST_OR_NOTE.match(line) is not None or (open_ and not after_gap)
