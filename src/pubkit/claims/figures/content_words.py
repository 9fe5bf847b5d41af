"""The words that tell what a sentence is about, as stems, without those that every report on a study uses.

Stems are for comparing one English text with another: British and American spellings, singular and plural, and the forms of
a verb have one stem. Stems are never printed. The words themselves are data: content-words.yaml.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from importlib import resources

import msgspec
from msgspec import Struct

from pubkit.claims.figures.quantities import same_length
from pubkit.expressions import expression
from pubkit.packaged import parsed

__all__ = ["counts_people", "counts_works", "stem", "stems"]

_WORD = expression(r"(?<![\w'])[a-z][a-z']{1,40}|(?<=-)[a-z]{2,40}")
_SPELLINGS = (
    *(("ae", "e"), ("oe", "e"), ("our", "or"), ("isa", "iza"), ("ise", "ize")),
    *(("isi", "izi"), ("yse", "yze"), ("ysi", "yzi")),
)
_ENDINGS = expression(r"(?:'s|s'|ing|ed|es|s|ly|e)$")
_LONGEST = 6


class _Words(Struct, frozen=True, forbid_unknown_fields=True):
    empty: frozenset[str]
    generic: frozenset[str]
    people: frozenset[str]
    works: frozenset[str]
    forms: dict[str, tuple[str, ...]]


@functools.cache
def _words() -> _Words:
    data = resources.files(__package__).joinpath("content-words.yaml").read_bytes()
    return msgspec.convert(parsed(data), _Words)


@functools.cache
def _forms() -> dict[str, str]:
    return {form: word for word, forms in _words().forms.items() for form in forms}


@functools.cache
def _stems_of(name: str) -> frozenset[str]:
    return frozenset(map(stem, getattr(_words(), name)))


def counts_people(word: str) -> bool:
    """Return whether a noun counts people: "adults", "women"."""
    return stem(word) in _stems_of("people")


def counts_works(word: str) -> bool:
    """Return whether a noun counts studies: "trials", "reviews"."""
    return stem(word) in _stems_of("works")


def stems(text: str) -> Iterator[str]:
    """Yield the stem of each content word of `text`, in order."""
    empty, generic = _words().empty, _stems_of("generic")
    for word in _WORD.findall(same_length(text)):
        if word not in empty and (one := stem(word)) not in generic:
            yield one


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a word in lower case: "randomised" and "randomization" are "random"."""
    word = _forms().get(word, word)
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    if len(word) > 3:
        word = _ENDINGS.sub("", word) or word
    return _without_echo(word)[:_LONGEST]


def _without_echo(word: str) -> str:
    """Return `word` with "i" for a final "y", and without a final consonant that an ending has doubled ("stopp")."""
    if len(word) <= 3:
        return word
    word = f"{word[:-1]}i" if word.endswith("y") else word
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "sl" else word
