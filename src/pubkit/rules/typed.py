"""Whether, and where, a text that is printed is written so in the source; an author may have escaped a sign of it."""

from __future__ import annotations

import bisect
import functools
from collections.abc import Mapping

from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.manuscript.model import Block

__all__ = ["is_typed", "place_of"]

_WORD_CHARACTER = expression(r"[^\W_]")
#: A sign with a backslash before it, which is meant as itself.
_ESCAPED = expression(r"\\[^\w\s\\]")
#: How many characters of markup may be around a text.
_AROUND = 4


def is_typed(text: str, block: Block, start: int, files: Mapping[str, str]) -> bool:
    """Return whether the first part of `text` without spaces is in the source as it is, where `block` has it.

    A text with a backslash before one of its signs is meant literally.

    Args:
        text: what is printed, or how it would have been typed.
        block: where it is printed.
        start: the index in the words of `block` at which it begins.
        files: the texts of the author's files by their paths.
    """
    part = text.split()[0] if text.strip() else ""
    word = _WORD_CHARACTER.search(part)
    near = block.locate(start + word.start() if word else start)
    if near.file not in files or not near.line:
        return False
    lines = _lines(files[near.file])
    if word is None:  # the place may be that of a word in the line after or before
        return any(part in _ESCAPED.sub("", line) for line in lines[max(0, near.line - 2) : near.line + 1])
    begin = near.column - 1 - word.start()
    return part in lines[near.line - 1][max(0, begin - _AROUND) : begin + len(part) + _AROUND]


def place_of(block: Block, start: int, end: int, files: Mapping[str, str]) -> Location:
    """Return the place of the characters `start` to `end` of a block's text, where signs count as well as words.

    It is that of the word beside them if the source does not have them as they are printed.

    Args:
        block: where they are printed.
        start: the index of the first of them.
        end: the index behind the last; their place has no end if they run over lines.
        files: the texts of the author's files by their paths.
    """
    words = block.text[start:end]
    parts = words.split()
    index = bisect.bisect_right(block.anchors, start, key=lambda anchor: anchor[0])
    for offset, near in block.anchors[max(0, index - 1) : index + 1] if parts else ():
        column = near.column + start - offset
        lines = _lines(files.get(near.file, ""))
        line = lines[near.line - 1] if 0 < near.line <= len(lines) else ""
        if column > 0 and line.startswith(parts[0], column - 1):
            stop = column + len(words) if line.startswith(words, column - 1) else 0
            return Location(near.file, near.line, column, stop)
    return block.locate(start if block.text[start : start + 1].isalnum() else end)


@functools.lru_cache(maxsize=64)
def _lines(text: str) -> list[str]:
    return text.split("\n")
