"""Drafts of CSL items, read from BibTeX fields alone.

Rules compare drafts of all entries; an entry that is cited gets pandoc's item instead, because that is what is printed,
and pandoc needs about two milliseconds for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pubkit.expressions import expression
from pubkit.references.bibliography.exports import address_as_meant
from pubkit.references.bibliography.formats.bibtex_spelling import (
    PRESS,
    accessed_in_words,
    address_in_words,
    date_in_words,
    day_in_words,
    is_no_arxiv,
    name_by_parts,
    read_on,
    type_read,
    with_particles_first,
    with_small_and,
)
from pubkit.references.bibliography.formats.bibtex_values import balanced
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.vocabulary import BIBTEX_TYPES
from pubkit.references.bibliography.markup import plain
from pubkit.references.item import Date, Item, Name

__all__ = ["accessed", "address_of", "draft_item", "issued", "split_names", "verbatim", "without_links"]

_SIMPLE = {
    "volume": "volume", "edition": "edition", "doi": "doi", "isbn": "isbn", "issn": "issn",
    "pmid": "pmid", "pmcid": "pmcid", "series": "collection_title", "eventtitle": "event_title", "note": "note",
    "shortjournal": "container_title_short", "pubstate": "status", "pagetotal": "number_of_pages",
    "version": "version", "howpublished": "medium", "langid": "language",
}  # fmt: skip
_VERBATIM = frozenset({"doi", "url", "eprint"})
_PLACES = ("location", "address", "city")
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_DATE = expression(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:Z.+-]*)?\s*")


def draft_item(key: str, kind: str, fields: Mapping[str, str]) -> Item:
    """Return a draft of the CSL item of the entry `key`, of BibTeX type `kind`, with `fields`."""
    texts: dict[str, Any] = {}
    title = plain(fields.get("title", ""))
    subtitle = plain(fields.get("subtitle", ""))
    number = _first(fields, "number", "issue")
    for name, attribute in _SIMPLE.items():
        text = fields.get(name, "")
        texts[attribute] = verbatim(text) if name in _VERBATIM else plain(text)
    texts["issue" if kind in {"article", "periodical"} else "number"] = number
    texts["url"] = address_of(fields)
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    if archive in {"pmid", "pubmed"} and not texts["pmid"]:
        texts["pmid"] = plain(fields.get("eprint", ""))
    if archive == "arxiv" and not texts["url"] and fields.get("eprint") and not is_no_arxiv(fields):
        texts["url"] = f"https://arxiv.org/abs/{verbatim(fields['eprint'])}"
    return Item(
        id=key,
        type=BIBTEX_TYPES.get(kind if kind in PRESS else type_read(kind, fields), "document"),
        title=f"{title}: {subtitle}" if title and subtitle else title,
        author=_people(fields, "author"),
        editor=_people(fields, "editor"),
        translator=_people(fields, "translator"),
        container_title=_first(fields, "journaltitle", "journal", "booktitle"),
        publisher=_first(fields, *_PUBLISHERS),
        publisher_place=_first(fields, *_PLACES),
        page=_pages(fields.get("pages") or fields.get("eid") or ""),
        issued=issued(fields),
        accessed=accessed(fields),
        **texts,
    )


def _people(fields: Mapping[str, str], name: str) -> tuple[Name, ...]:
    names = split_names(with_small_and(fields.get(name, "")))
    return tuple(_person(text) for text in split_names(with_particles_first(names)))


def _pages(text: str) -> str:
    return re.sub(r"\s*(?:-{2,}|[\u2010-\u2015])\s*", "-", plain(text))


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((plain(fields[name]) for name in names if fields.get(name)), "")


def verbatim(text: str) -> str:
    """Return a DOI or address without the backslashes that reference managers put before its signs."""
    return re.sub(r"\{\\(.)\}|\\(?=[_%&#~{}])", lambda found: found[1] or "", text).strip()


_LINK = expression(r"\\url\s*\{([^{}]*)\}|\\href\s*\{[^{}]*\}\s*(?=\{)")
_ADDRESS = expression(r"\\(?:url|href)\s*\{\s*(https?://[^{}\s]+)\s*\}")


def without_links(text: str) -> str:
    """Return `text` with \\url{address} as the address, and \\href{address}{words} as the words."""
    return _LINK.sub(lambda found: re.sub(r"(?<!\\)([_#&^~])", r"\\\1", found[1] or ""), text)


def address_of(fields: Mapping[str, str]) -> str:
    """Return the address of an entry: its url, or else the first in howpublished or note, as BibTeX users write it."""
    if fields.get("url"):
        return address_as_meant(verbatim(fields["url"]))
    found = _ADDRESS.search(f"{fields.get('howpublished', '')} {fields.get('note', '')}")
    return verbatim(found[1]) if found else address_in_words(fields)[0]


def accessed(fields: Mapping[str, str]) -> Date | None:
    """Return the day of access that is given in words: in the urldate, or in a note ("Last accessed 5 May 2020")."""
    if day := plain(fields.get("urldate", "")):
        return (
            None
            if _DATE.match(day)
            else Date((day_in_words(day),))
            if day_in_words(day)
            else Date(literal=read_on(day))
        )
    days = (accessed_in_words(fields.get(name, "")) for name in ("note", "howpublished"))
    return next((Date((day,)) for day in days if day), None)


def issued(fields: Mapping[str, str]) -> Date | None:
    """Return the date of an entry, or None if it gives none."""
    date = plain(fields.get("date", ""))
    if date:
        halves = [_DATE.fullmatch(half) for half in date.replace("~", "").replace("?", "").split("/")[:2]]
        parts = tuple(tuple(int(number) for number in half.groups() if number) for half in halves if half)
        return Date(parts) if parts else Date(literal=date)
    year = plain(fields.get("year", ""))
    if not year:
        return None
    if not re.fullmatch(r"\d{4}", year):
        return date_in_words(year)
    numbers = [int(year)]
    month = month_number(plain(fields.get("month", "")))
    if month:
        numbers.append(month)
        day = plain(fields.get("day", ""))
        if re.fullmatch(r"\d{1,2}", day):
            numbers.append(int(day))
    return Date((tuple(numbers),))


def split_names(text: str) -> list[str]:
    """Return the names in a BibTeX name list, separated at "and" outside braces."""
    text = " ".join(text.split())
    names = []
    depth, start = 0, 0
    for found in re.finditer(r"(?<!\\)[{}]| and(?= )", f"{text} "):
        if found[0] == "{":
            depth += 1
        elif found[0] == "}":
            depth -= 1
        elif depth <= 0:
            names.append(text[start : found.start()])
            start = found.end()
    names.append(text[start:])
    return [name.strip() for name in names if name.strip()]


def _person(text: str) -> Name:
    if text == "others" or (text.startswith("{") and text.endswith("}") and balanced(text[1:-1])):
        return Name(literal=plain(text))
    if named := name_by_parts(text):
        return named
    parts = [plain(part) for part in text.split(",")]
    if len(parts) >= 3:
        return _named(parts[0], ", ".join(parts[2:]), parts[1])
    if len(parts) == 2:
        return _named(*parts)
    words = plain(text).split()
    if len(words) < 2:
        return Name(family=" ".join(words))
    first = next((index for index, word in enumerate(words[:-1]) if index and word[0].islower()), len(words) - 1)
    return _named(" ".join(words[first:]), " ".join(words[:first]))


def _named(family: str, given: str, suffix: str = "") -> Name:
    """Return a name with its particle ("van der") separated, as pandoc does."""
    words = family.split()
    particles = []
    while len(words) > 1 and words[0][0].islower():
        particles.append(words.pop(0))
    return Name(" ".join(words), given, non_dropping_particle=" ".join(particles), suffix=suffix)
