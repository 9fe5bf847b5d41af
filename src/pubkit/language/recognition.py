"""The words by which pubkit recognises something in a text or a bibliography, by language.

They are data: manuscript.yaml and bibliography.yaml in the folder of each language.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pubkit.language.folders import folder, language, languages
from pubkit.language.folding import bare
from pubkit.language.labels import labels_for
from pubkit.packaged import parsed

__all__ = [
    "Abbreviations",
    "KeptTogether",
    "ManuscriptWords",
    "month_number",
    "organisation_articles",
    "organisation_words",
    "retracted_marks",
    "retraction_marks",
    "small_words",
    "words_for",
    "words_in",
]


class Abbreviations(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Words whose full stop does not end a sentence, in small letters and without the full stop.

    After those `never_last` a name or another word follows, after those `before_numbers` a number; those `open_ended`
    may end a sentence: what follows decides.
    """

    never_last: frozenset[str]
    before_numbers: frozenset[str] = frozenset()
    open_ended: frozenset[str] = frozenset()


class KeptTogether(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """Words that stay on one line with a number, as regular expressions: 5 `days`, 5 `of` 7, `Phase` 3, `Vitamin` D."""

    units: tuple[str, ...]
    between_numbers: tuple[str, ...]
    before_numbers: tuple[str, ...]
    before_letters: tuple[str, ...]


class ManuscriptWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is recognised in a text of one language.

    `mentions` are regular expressions, by kind ("fig"), for the words before the number of a figure; `joins` are the words
    between two mentions that such a word serves; `openers` open a sentence; `kept_together` are words that stay beside
    numbers; `calls_for` are, by disclaimer, folded words that call for it ("*" for any ending), and `calls_not_for` phrases
    in which these mean something else; `withdraws_disclaimers` are regular expressions on the folded text.
    """

    mentions: Mapping[str, str]
    joins: frozenset[str]
    abbreviations: Abbreviations
    calls_for: Mapping[str, tuple[str, ...]]
    withdraws_disclaimers: tuple[str, ...]
    kept_together: KeptTogether
    openers: frozenset[str] = frozenset()
    calls_not_for: Mapping[str, tuple[str, ...]] = {}


class _BibliographyWords(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    months: Annotated[tuple[tuple[str, ...], ...], Meta(min_length=12, max_length=12)]
    small_words: tuple[str, ...]
    organisation_articles: tuple[str, ...]
    organisation_words: tuple[str, ...]
    retracted: tuple[str, ...]
    retraction: tuple[str, ...]


def words_for(tag: str) -> ManuscriptWords:
    """Return what is recognised in a text in the language of `tag` (BCP 47), or in English if pubkit does not read it."""
    return words_in(tag) or _manuscript_words("en")


def words_in(tag: str) -> ManuscriptWords | None:
    """Return what is recognised in a text in the language of `tag` (BCP 47), or None if pubkit does not read it."""
    code = language(tag)
    return _manuscript_words(code) if code in languages() else None


def month_number(word: str) -> int | None:
    """Return the month, 1 to 12, that `word` names in any of the languages ("April", "avr", "März"), or None."""
    named = bare(word)
    return next((number for code in languages() if (number := _months(code).get(named))), None)


@functools.cache
def small_words() -> frozenset[str]:
    """Return the words, in every language, that an abbreviated journal name leaves out."""
    return frozenset(word for code in languages() for word in _bibliography_words(code).small_words)


@functools.cache
def organisation_articles() -> tuple[str, ...]:
    """Return the articles, in every language, with which the name of an organisation may begin."""
    return tuple(sorted({word for code in languages() for word in _bibliography_words(code).organisation_articles}))


@functools.cache
def organisation_words() -> frozenset[str]:
    """Return the words, in every language and in small letters, that occur in names of organisations only."""
    return frozenset(word for code in languages() for word in _bibliography_words(code).organisation_words)


@functools.cache
def retracted_marks() -> tuple[str, ...]:
    """Return the marks, in every language and in small letters, before titles of retracted works; the longest first."""
    return _longest_first(word for code in languages() for word in _bibliography_words(code).retracted)


@functools.cache
def retraction_marks() -> tuple[str, ...]:
    """Return the words, in every language and in small letters, before titles of retraction notices; the longest first."""
    return _longest_first(word for code in languages() for word in _bibliography_words(code).retraction)


def _longest_first(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))


@functools.cache
def _months(code: str) -> Mapping[str, int]:
    """Return the number of each month by its name and its short forms, as `bare` returns them."""
    both = zip(labels_for(code).months, _bibliography_words(code).months, strict=True)
    return {bare(word): number for number, (name, short) in enumerate(both, 1) for word in (name, *short)}


@functools.cache
def _manuscript_words(code: str) -> ManuscriptWords:
    return msgspec.convert(parsed(folder(code).joinpath("manuscript.yaml").read_bytes()), ManuscriptWords)


@functools.cache
def _bibliography_words(code: str) -> _BibliographyWords:
    return msgspec.convert(parsed(folder(code).joinpath("bibliography.yaml").read_bytes()), _BibliographyWords)
