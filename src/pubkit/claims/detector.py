"""How a detector is asked: a sentence once, and a very long one in parts, so that time grows no faster than length."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Concatenate, ParamSpec

from msgspec import structs

from pubkit.claims.answers import Answer, answered
from pubkit.claims.patterns import remembered
from pubkit.claims.wordlists import Hit

__all__ = ["detector", "in_context", "moved", "parts"]

P = ParamSpec("P")

_LONGEST = 1_000
_OVERLAP = 200
_FEWEST_WORDS = 8


def parts(text: str) -> Iterator[tuple[int, str]]:
    """Yield `text`, or the overlapping parts of a longer one, each with the place at which it begins."""
    for begin in range(0, max(1, len(text) - _OVERLAP), _LONGEST - _OVERLAP):
        yield begin, text[begin : begin + _LONGEST]


def moved(hit: Hit, begin: int) -> Hit:
    """Return `hit`, found in a part that begins at `begin`, with its place in the whole text."""
    return structs.replace(hit, start=begin + hit.start, end=begin + hit.end) if begin else hit


def detector(find: Callable[Concatenate[str, P], Hit | None]) -> Callable[Concatenate[str, P], Hit | None]:
    """Return `find`, which takes texts, so that it reads long sentences in parts and remembers its answers.

    Several rules ask it, and the next run asks it again (`pubkit.claims.answers`).
    """
    name = f"{find.__module__}.{find.__qualname__}"

    def in_parts(text: str, *args: P.args, **kwargs: P.kwargs) -> Hit | None:
        if len(text) <= _LONGEST:
            return find(text, *args, **kwargs)
        found = ((begin, find(part, *args, **kwargs)) for begin, part in parts(text))
        return next((moved(hit, begin) for begin, hit in found if hit), None)

    @functools.wraps(find)
    def answering(text: str, /, *args: P.args, **kwargs: P.kwargs) -> Hit | None:
        texts = (text, *map(str, args), *(f"{key}={value}" for key, value in kwargs.items()))
        return answered(name, texts, lambda: Answer(in_parts(text, *args, **kwargs))).hit

    return remembered(answering)


def in_context(find: Callable[[str], Hit | None], text: str, before: str) -> Hit | None:
    """Return what `find` finds in `text`, or in the sentence `before` and a `text` too short to say it alone.

    "Side effects? None." is said in two sentences. The whole of `text` is then the place.
    """
    hit = find(text)
    if hit or not before or text.count(" ") >= _FEWEST_WORDS - 1:
        return hit
    both = find(f"{before} {text}")
    said_here = both is not None and both.start <= len(before) < both.end - 1
    return Hit(0, len(text), text) if said_here else None
