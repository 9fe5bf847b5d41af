"""English words that keep their capital in a title set in sentence case: names of places, peoples, species and people."""

from __future__ import annotations

import functools
import re

import msgspec
from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.folders import folder
from pubkit.packaged import parsed

__all__ = ["is_place", "keeps_capital", "names_in", "small_in", "species_in"]


class _Names(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    places: frozenset[str]
    peoples_and_languages: frozenset[str]
    genera: frozenset[str]
    people: frozenset[str]
    days: frozenset[str]
    phrases: frozenset[str]
    ordinary_owners: frozenset[str]

    @property
    def words(self) -> frozenset[str]:
        return self.places | self.peoples_and_languages | self.genera | self.people | self.days


@functools.cache
def _names() -> _Names:
    return msgspec.convert(parsed(folder("en").joinpath("names.yaml").read_bytes()), _Names)


def is_place(word: str) -> bool:
    """Return whether `word` is the name of a country, a state, a town or another place."""
    return word.lower() in _names().places


@functools.cache
def _words() -> frozenset[str]:
    return _names().words


@functools.cache
def _phrases() -> re.Pattern[str]:
    longest = sorted(_names().phrases, key=len, reverse=True)
    either = "|".join(re.escape(one).replace("'", "[’']") for one in longest)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


_PART = expression(r"[^\W_]+(?:[’'][^\W\d_]+)?")
_OWNER = expression(r"([^\W\d_]+)[’']s", re.IGNORECASE)
_INITIAL_AND_EPITHET = expression(r"(?<![\w.])[A-Z]\.\s?[^\W\d_]{3,}")
_MONTH_AND_YEAR = expression(r"(?<!\w)(?:March|May)(?=\s+\d{4})")
_LONE_CAPITAL = expression(r"(?<![\w’'.])(?!A\b)[A-Z](?![\w’'.])")
#: What the second word of a species' name ends with, in small letters.
_EPITHET = expression(r"[^\W\d_A-Z]+(?:us|um|ae|i|is|oides|ens|ans|a|or|ax|ix)")
_UNIT_WORDS = "[kcdmµμnpf]?(?:g|l|m|mol|s|cal|j|da)|mcg|mm ?hg|ppm|ppb|bpm|rpm|min|hrs?|h|wk|mo|yrs?|d|kat"
#: What title case would change into something else: the units of a number ("5 mg", "10 µg/kg"), words that begin with a
#: Greek letter, symbols of genes and proteins ("p53"), and the prefixes of chemistry ("dl-amphetamine").
_SMALL = expression(
    rf"(?<=\d)[ \u00a0\u2009\u202f]?(?:{_UNIT_WORDS})(?:/(?:{_UNIT_WORDS}))*(?![\w-])"
    r"|(?<!\w)(?:[µα-ω]\w*|[a-z]{1,4}\d\w*|(?:dl|cis|trans|tert)(?=-[a-z]))"
)
_SMALL_IN_NAMES = frozenset({"and", "de", "hazards", "models", "of", "proportional", "regression", "syndrome", "the"})


def keeps_capital(word: str) -> bool:
    """Return whether `word`, one word of an English title with its capital, is a name.

    >>> keeps_capital("Crohn’s"), keeps_capital("Women’s"), keeps_capital("Malaysia")
    (True, False, True)
    """
    if owner := _OWNER.fullmatch(word):
        return owner[1].lower() not in _names().ordinary_owners
    return word.lower() in _words()


def names_in(title: str) -> list[tuple[int, int]]:
    """Return where names begin and end in an English `title` in title case.

    Names are the listed ones, words with ’s that name no ordinary owner, initials before an epithet ("E. coli"), single
    capitals ("vitamin D"), and March and May before a year.
    """
    found = [match.span() for match in _PART.finditer(title) if keeps_capital(match[0])]
    for pattern in (_INITIAL_AND_EPITHET, _MONTH_AND_YEAR, _LONE_CAPITAL):
        found += [match.span() for match in pattern.finditer(title)]
    for phrase in _phrases().finditer(title):
        words = (match for match in _PART.finditer(title, *phrase.span()) if match[0].lower() not in _SMALL_IN_NAMES)
        found += [match.span() for match in words]
    return sorted(set(found))


def species_in(title: str) -> list[tuple[int, int]]:
    """Return where names of species begin and end in `title`: "E. coli", "Mitragyna speciosa"; the epithet is small."""
    found = [match.span() for match in _INITIAL_AND_EPITHET.finditer(title) if match[0][-3:].islower()]
    for genus in _PART.finditer(title):
        epithet = _PART.match(title, genus.end() + 1)
        if genus[0].lower() in _names().genera and genus[0][0].isupper() and epithet and _EPITHET.fullmatch(epithet[0]):
            found.append((genus.start(), epithet.end()))
    return sorted(set(found))


def small_in(title: str) -> list[tuple[int, int]]:
    """Return where words begin and end in `title` that title case must not give a capital: a "5 mg" dose is no "5 Mg" one.

    >>> title = "giving 5 mg/kg of β-blockers and p53"
    >>> [title[start:end] for start, end in small_in(title)]
    [' mg/kg', 'β', 'p53']
    """
    return [match.span() for match in _SMALL.finditer(title)]
