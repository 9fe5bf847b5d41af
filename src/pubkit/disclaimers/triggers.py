"""What in a manuscript calls for a disclaimer: topics, words of the text, links to products.

The lists are data, so that an editor can extend them: triggers.yaml, and manuscript.yaml in the folder of each
language.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pubkit.language.matching import matchable
from pubkit.language.recognition import words_in
from pubkit.manuscript.model import Document, Link
from pubkit.packaged import parsed
from pubkit.substances.mentions import pattern

__all__ = ["by_topic", "by_words", "nearly_calling", "product_links"]


#: Shorter words are within two letters of too many correct ones.
_LONG = 7


class _Trigger(Struct, frozen=True, forbid_unknown_fields=True):
    topics: list[str] = []
    links: list[Annotated[str, Meta(min_length=1)]] = []


@functools.cache
def _triggers() -> dict[str, _Trigger]:
    data = resources.files(__package__).joinpath("triggers.yaml").read_bytes()
    return msgspec.convert(parsed(data), dict[str, _Trigger])


def by_topic(variant: str, topics: Sequence[str]) -> str | None:
    """Return the first of `topics` that calls for `variant`."""
    calling = _triggers()[variant].topics if variant in _triggers() else []
    return next((topic for topic in topics if topic in calling), None)


def nearly_calling(topic: str) -> str | None:
    """Return the topic for which `topic` may be a typing error, if it alone would call for a disclaimer.

    A typing error is a letter too many, too few, wrong or swapped with its neighbour: one in a short word, up to two in
    a longer one.
    """
    from rapidfuzz.distance import OSA

    calling = sorted({known for trigger in _triggers().values() for known in trigger.topics})
    if topic in calling:
        return None
    slips, nearest = min((OSA.distance(topic, known), known) for known in calling)
    return nearest if slips <= (1 if len(topic) < _LONG else 2) else None


def by_words(variant: str, texts: Sequence[str], locale: str) -> str | None:
    """Return the first words in `texts` that call for `variant`, in folded form."""
    known = words_in(locale)
    expression = _expression(known.calls_for.get(variant, ()) if known else ())
    found = (expression.search(matchable(text)) for text in texts)
    return next((match.group() for match in found if match), None)


def product_links(document: Document) -> tuple[Link, ...]:
    """Return the links in the text that lead to a shop or contain a seller's reference."""
    patterns = _addresses()
    return tuple(link for link in document.links if any(known.search(link.target.lower()) for known in patterns))


@functools.cache
def _expression(words: tuple[str, ...]) -> re.Pattern[str]:
    return pattern(words)


@functools.cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(expression) for expression in _triggers()["affiliate"].links)
