"""Wording that only pubkit prints, and words that would withdraw a disclaimer, found in an author's own text."""

from __future__ import annotations

import functools
import re

from pubkit.disclaimers.texts import ORDER, available, load
from pubkit.language.folding import normalise
from pubkit.language.matching import folded, matchable
from pubkit.language.recognition import words_in

__all__ = ["repeated", "withdrawn"]

#: Anyone may use shorter paragraphs of the texts ("Store out of the reach of young children.").
_DISTINCTIVE = 60
_QUOTES = "\"“„«'‘"


def withdrawn(text: str, locale: str) -> tuple[int, str] | None:
    """Return where and how `text` tells its reader to disregard a disclaimer: the offset, and the words as written."""
    plain = folded(text)
    for expression in _expressions(locale):
        match = expression.search(plain.text)
        if match:
            start, end = plain.origin(match.start()), plain.origin(match.end() - 1) + 1
            return start, text[start:end].strip(" .!?:;")
    return None


def repeated(text: str, locale: str) -> str | None:
    """Return the variant whose reserved wording `text` prints as its own, not as a quotation."""
    plain = matchable(normalise(text))
    for variant, sentence in _sentences(locale):
        place = plain.find(sentence)
        if place >= 0 and not (place and plain[place - 1] in _QUOTES):
            return variant
    return None


@functools.cache
def _expressions(locale: str) -> tuple[re.Pattern[str], ...]:
    known = words_in(locale)
    return tuple(re.compile(expression) for expression in (known.withdraws_disclaimers if known else ()))


@functools.cache
def _sentences(locale: str) -> tuple[tuple[str, str], ...]:
    """Return each distinctive paragraph without slots, and the statutory sentence, folded, with its variant."""
    found = []
    for variant in ORDER:
        if locale in available(variant):
            paragraphs = (part.removeprefix("{symbol} ") for part in load(variant, locale).paragraphs)
            found += [(variant, part) for part in paragraphs if len(part) > _DISTINCTIVE and "{" not in part]
    return tuple((variant, matchable(normalise(part))) for variant, part in found)
