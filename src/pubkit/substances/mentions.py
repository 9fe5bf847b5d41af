"""Where a text names a substance of the registry, under any of its names."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pubkit.findings import Location
from pubkit.language.matching import folded, matchable
from pubkit.manuscript.model import Block
from pubkit.substances.registry import Substance, registry

__all__ = ["Mention", "mentions", "pattern"]


class Mention(Struct, frozen=True):
    """A place that names a substance: its id, the words as they appear there, and the text around them."""

    substance: str
    words: str
    context: str
    location: Location | None


def mentions(blocks: Iterable[Block], others: Iterable[str] = ()) -> tuple[Mention, ...]:
    """Return every place in `blocks`, and in `others` (a title, an abstract), that names a substance of the registry."""
    found: list[Mention] = []
    for text in others:
        found.extend(_in_text(text, None))
    for block in blocks:
        found.extend(_in_text(block.text, block))
    return tuple(found)


def pattern(words: Sequence[str]) -> re.Pattern[str]:
    """Return an expression that finds any of `words` in a folded text, as whole words; "*" stands for any ending.

    A name that begins with a digit must not follow a hyphen, or be followed by one, so that "7-OH" is not found in
    "17-OH" or "7-OH-DPAT".
    """
    return re.compile("|".join(map(_expression, words)) or r"(?!)")


def _expression(word: str) -> str:
    stems = " ".join(_stem(part) for part in word.split())
    return rf"(?<![\w-]){stems}(?![\w-])" if word[0].isdigit() else rf"(?<!\w){stems}(?!\w)"


def _stem(part: str) -> str:
    ending = r"\w*" if part.endswith("*") else ""
    return re.escape(matchable(part.removesuffix("*"))) + ending


@functools.cache
def _patterns() -> tuple[tuple[Substance, re.Pattern[str]], ...]:
    return tuple((substance, pattern(substance.names)) for substance in registry().values())


def _in_text(text: str, block: Block | None) -> Iterator[Mention]:
    plain = folded(text)
    for substance, names in _patterns():
        for match in names.finditer(plain.text):
            start, end = plain.origin(match.start()), plain.origin(match.end() - 1) + 1
            location = block.locate(start) if block else None
            yield Mention(substance.id, text[start:end], text[max(0, start - 60) : end + 60], location)
