"""The place of a work in a journal: volume, pages, article number.

"1127-35" is 1127-1135, "e0240506" is 240506, "vol. XII" is 12. An article with a number instead of pages is cited with
either, so a number against a page range is not a contradiction.
"""

from __future__ import annotations

import enum
import functools
import re
from collections.abc import Mapping

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.alphabets import dashes

__all__ = ["Locator", "compare_pages", "same_number"]

_MAX = 200
_RANGE = expression(r"([a-z]{0,12})\.?\s?(\d{1,12})([a-z]{0,2})(?:\s?-{1,3}\s?([a-z]{0,12})\.?\s?(\d{1,12}))?")
_LABEL = expression(r"^(?:pp?|pages?|article|art|no|number|id|s\.)\.?\s+|^pp?\.?(?=\d)")
_NUMBER = expression(r"\d+")
_ROMAN = expression(r"^m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})$")
_ROMAN_VALUES = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}


class Locator(enum.Enum):
    """The relation between two page fields."""

    SAME = enum.auto()
    OTHER_END = enum.auto()
    OTHER_KIND = enum.auto()
    DIFFERENT = enum.auto()


class _Pages(Struct, frozen=True):
    letter: str
    first: int
    last: int | None


def compare_pages(cited: str, registry: str) -> Locator:
    """Compare two page fields: ranges, abbreviated ranges, electronic locators, article numbers."""
    ours, theirs = _pages(cited), _pages(registry)
    if ours is None or theirs is None:
        return Locator.SAME if _squeezed(cited) == _squeezed(registry) else Locator.OTHER_KIND
    if ours.first == theirs.first:
        if ours.last == theirs.last or ours.last is None or theirs.last is None:
            return Locator.SAME
        return Locator.OTHER_END
    ours_is_range, theirs_is_range = ours.last is not None, theirs.last is not None
    # A supplement's or an electronic page against a plain one, an article number against a range: two ways of counting.
    if ours.letter != theirs.letter or ours_is_range != theirs_is_range:
        return Locator.OTHER_KIND
    return Locator.DIFFERENT


def same_number(cited: str, registry: str) -> bool:
    """Return whether two volumes or issues are one: "vol. 12", "12(3)", "012" and "XII" are 12."""
    return _squeezed(cited) == _squeezed(registry) or _number(cited) == _number(registry)


def _pages(text: str) -> _Pages | None:
    text = text[:_MAX].translate(_dashes()).lower().strip(" {}()[].")
    found = _RANGE.match(_LABEL.sub("", text))
    if found is None:
        return None
    letter, first, _, last_letter, last = found.groups()
    if last is None:
        return _Pages(letter, int(first), None)
    if len(last) < len(first) and (not last_letter or last_letter == letter):
        last = first[: len(first) - len(last)] + last
    return _Pages(letter, int(first), int(last))


def _number(text: str) -> str:
    text = _squeezed(text)
    found = _NUMBER.search(text)
    if found:
        return found[0].lstrip("0") or "0"
    text = re.sub(r"^(?:vol|volume|bd|band|t|tome)(?=[ivxlcdm])", "", text)
    if text and len(text) < 16 and _ROMAN.match(text):
        values = [_ROMAN_VALUES[letter] for letter in text]
        return str(sum(-one if one < two else one for one, two in zip(values, [*values[1:], 0], strict=True)))
    return text


def _squeezed(text: str) -> str:
    return "".join(char for char in text[:_MAX].translate(_dashes()).lower() if char.isalnum() or char in "-(")


@functools.cache
def _dashes() -> Mapping[int, str]:
    return {ord(dash): "-" for dash in (*dashes(), "~")}
