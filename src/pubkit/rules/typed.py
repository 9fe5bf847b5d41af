"""Whether a text that is printed is written so in the source, or whether the author has escaped a sign of it."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

from pubkit.manuscript.model import Block

__all__ = ["is_typed"]

_WORD_CHARACTER = re.compile(r"[^\W_]")
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
        return any(part in line for line in lines[max(0, near.line - 2) : near.line + 1])
    begin = near.column - 1 - word.start()
    return part in lines[near.line - 1][max(0, begin - _AROUND) : begin + len(part) + _AROUND]


@functools.lru_cache(maxsize=64)
def _lines(text: str) -> list[str]:
    return text.split("\n")
