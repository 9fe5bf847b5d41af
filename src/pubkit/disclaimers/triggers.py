"""What in a manuscript calls for a disclaimer: topics, words of the text, links that somebody pays for.

The lists are data, so that an editor can extend them: triggers.yaml, and manuscript.yaml in the folder of each
language.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from importlib import resources
from typing import Annotated
from urllib.parse import parse_qsl, urlsplit

import msgspec
from msgspec import Meta, Struct

from pubkit.language.matching import folded
from pubkit.language.recognition import words_in
from pubkit.manuscript.model import Document, Link
from pubkit.packaged import parsed
from pubkit.substances.mentions import pattern

__all__ = ["Words", "affiliate_code", "affiliate_link", "by_topic", "by_words", "nearly_calling", "shop_link"]


#: Shorter words are within two letters of too many correct ones.
_LONG = 7


class Words(Struct, frozen=True):
    """Words of a text as their reader sees them, and where they begin (characters)."""

    text: str
    start: int


class _Trigger(Struct, frozen=True, forbid_unknown_fields=True):
    topics: list[str] = []
    links: list[Annotated[str, Meta(min_length=1)]] = []
    codes: list[Annotated[str, Meta(min_length=1)]] = []


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


def by_words(variant: str, text: str, locale: str) -> Words | None:
    """Return the first words of `text` that call for `variant`; those that mean something else do not."""
    known = words_in(locale)
    if known is None:
        return None
    plain = folded(text)
    calling = _expression(known.calls_for.get(variant, ()))
    other: Sequence[re.Match[str]] | None = None
    for found in calling.finditer(plain.text):
        if other is None:
            other = list(_expression(known.calls_not_for.get(variant, ())).finditer(plain.text))
        if not any(one.start() < found.end() and found.start() < one.end() for one in other):
            start, end = plain.origin(found.start()), plain.origin(found.end() - 1) + 1
            return Words(text[start:end], start)
    return None


def affiliate_link(document: Document) -> Link | None:
    """Return the first link of the text that tells a seller who sent the reader, so that somebody may be paid."""
    return next((link for link in document.links if _is_affiliate(link.target)), None)


def _is_affiliate(target: str) -> bool:
    return affiliate_code(target) is not None or any(known.search(target.lower()) for known in _addresses())


def affiliate_code(target: str) -> str | None:
    """Return the name of the first affiliate code in the query of an address."""
    try:
        query = urlsplit(target).query
    except ValueError:
        return None
    names = (name for name, _ in parse_qsl(query, keep_blank_values=True))
    return next((name for name in names if name.lower() in _codes()), None)


def shop_link(document: Document, shops: Sequence[str]) -> Link | None:
    """Return the first link of the text that leads to one of `shops`, host names as their author writes them."""
    hosts = tuple(shop.lower().removeprefix("www.") for shop in shops)
    return next((link for link in document.links if _host(link.target).removeprefix("www.") in hosts), None)


def _host(target: str) -> str:
    try:
        return (urlsplit(target).hostname or "").lower()
    except ValueError:
        return ""


@functools.cache
def _expression(words: tuple[str, ...]) -> re.Pattern[str]:
    return pattern(words)


@functools.cache
def _codes() -> frozenset[str]:
    return frozenset(_triggers()["affiliate"].codes)


@functools.cache
def _addresses() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(expression) for expression in _triggers()["affiliate"].links)
