"""Citation keys for new entries, built like those that the bibliography has.

Zotero, Better BibTeX, Mendeley, JabRef, Google Scholar and Crossref each build keys from the first author, the year and
words of the title. The scheme that explains most of the existing keys is used, or "kruegel2016" if none does.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator

from pubkit.references.bibliography.markup import fold
from pubkit.references.item import Item, Name
from pubkit.references.model import Entry

__all__ = ["new_key"]

_SMALL_WORDS = """
    a an the of on in for and or at by from to with is are do does can as its into over per via vs"""
_SMALL = frozenset(_SMALL_WORDS.split())
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def new_key(item: Item, entries: Iterable[Entry] = (), taken: Collection[str] = ()) -> str:
    """Return a key in ASCII for `item` in the scheme of `entries`, with a letter after it if that key is taken.

    Args:
        item: the new work.
        entries: the entries whose keys show the scheme.
        taken: keys that may not be used, whatever their case.
    """
    existing = list(entries)
    used = {key.casefold() for key in (*taken, *(entry.key for entry in existing))}
    stem = _scheme(existing)(item)
    endings: Iterator[str] = itertools.chain(["", *_LETTERS], (f"-{number}" for number in itertools.count(2)))
    return next(stem + ending for ending in endings if (stem + ending).casefold() not in used)


def _scheme(entries: Collection[Entry]) -> Callable[[Item], str]:
    """Return the scheme that explains most keys of `entries`, and at least a third of them."""
    best, most = _SCHEMES[0], len(entries) / 3
    for scheme in _SCHEMES:
        explained = sum(
            re.fullmatch(rf"{re.escape(scheme(entry.item))}[a-z]?", entry.key) is not None for entry in entries
        )
        if explained > most:
            best, most = scheme, explained
    return best


def _family(item: Item) -> str:
    """Return the first author's family name ("kruegel"), or the first words of a group or, without one, of the title."""
    first = next(iter(item.author or item.editor), Name())
    words = re.findall(r"[a-z0-9]+", fold(first.family or first.literal or ("" if first else item.title)))
    return "".join(words if first.family else words[:2])[:24] or "work"


def _year(item: Item) -> str:
    return "" if item.year is None else str(item.year)


def _title_words(item: Item) -> Iterator[str]:
    return (word for word in fold(item.title).split() if word not in _SMALL)


def _title_word(item: Item) -> str:
    return next(_title_words(item), "")


def _short_title(item: Item) -> str:
    return "".join(word.capitalize() for word in itertools.islice(_title_words(item), 3))


_SCHEMES: tuple[Callable[[Item], str], ...] = (
    lambda item: f"{_family(item)}{_year(item)}",
    lambda item: f"{_family(item).capitalize()}{_year(item)}",
    lambda item: f"{_family(item)}{_year(item)}{_title_word(item)}",
    lambda item: f"{_family(item)}{_short_title(item)}{_year(item)}",
    lambda item: f"{_family(item)}_{_title_word(item)}_{_year(item)}",
    lambda item: f"{_family(item).capitalize()}_{_year(item)}",
    lambda item: f"{_family(item)}_{_year(item)}",
    lambda item: f"{_family(item).capitalize()}-{_year(item)}",
    lambda item: f"{_family(item)}-{_year(item)}",
    lambda item: f"{_family(item).capitalize()}:{_year(item)}",
    lambda item: f"{_family(item)}:{_year(item)}",
)
