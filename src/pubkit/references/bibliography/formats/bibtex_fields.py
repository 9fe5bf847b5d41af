"""Bring the fields of a BibTeX entry to the names and forms that biblatex has for what their authors mean.

Publishers write an article's number as `articleno`, "May/June" as the month, "2019--2020" as the year, "Third" as the
edition.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pubkit.expressions import expression
from pubkit.references.bibliography.formats.languages import language_in
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.markup import plain

__all__ = ["as_biblatex"]

#: What ACM, AIP, Elsevier and JabRef call biblatex's `eid`.
_ARTICLE_NUMBERS = ("articleno", "article-number", "articlenumber", "artnum", "elocation-id", "elocationid")
#: Pages that are counted from 1 within the article, which its number makes findable.
_OWN_PAGES = expression(r"\s*1\s*(?:-+|–)\s*\d{1,3}\s*")
_YEARS = expression(r"(\d{4})\s*(?:-{1,3}|–|/)\s*(\d{4}|\d{2})")
_TWO = expression(r"(.{1,20}?)\s*(?:-{1,3}|–|/)\s*(.{1,20})")
_DAY = expression(
    r"(?P<name>[^\W\d]{3,12})\.?[\s~,]+(?P<last>\d{1,2})|(?P<first>\d{1,2})\.?[\s~]+(?P<named>[^\W\d]{3,12})\.?"
)
_SEASONS: Mapping[str, int] = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23, "winter": 24}
_ORDINALS_WORDS = """
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"""
_ORDINALS = _ORDINALS_WORDS.split()
_EDITION = expression(
    r"(?:(?P<number>\d{1,3})(?:st|nd|rd|th)?|(?P<word>[A-Za-z]+))(?:\.?\s+ed(?:n|ition)?\.?)?", re.IGNORECASE
)


def as_biblatex(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return `fields` with the number of the article, the edition, the date and the language as biblatex writes them."""
    changed = {**_article_number(fields), **_edition(fields), **_date(fields), **_language(fields)}
    return {**fields, **changed} if changed else fields


def _article_number(fields: Mapping[str, str]) -> dict[str, str]:
    number = fields.get("eid") or next((fields[name] for name in _ARTICLE_NUMBERS if fields.get(name)), "")
    if not number:
        return {}
    own = _OWN_PAGES.fullmatch(plain(fields.get("pages", "")))
    return {"eid": number, **({"pages": number} if own else {})}


def _edition(fields: Mapping[str, str]) -> dict[str, str]:
    found = _EDITION.fullmatch(plain(fields.get("edition", "")))
    if not found:
        return {}
    word = (found["word"] or "").casefold()
    number = found["number"] or (str(_ORDINALS.index(word) + 1) if word in _ORDINALS else "")
    return {"edition": number} if number else {}


def _language(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the `langid` of a work whose language only `language` states, as Zotero exports it."""
    found = "" if fields.get("langid") else language_in([plain(fields.get("language", ""))])
    return {"langid": found} if found else {}


def _date(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the `date` of a year or month that is more than one number; empty if pandoc reads them as they are."""
    year, month = plain(fields.get("year", "")), plain(fields.get("month", ""))
    if fields.get("date"):
        return {}
    if found := _YEARS.fullmatch(year):
        last = found[2] if len(found[2]) == len(found[1]) else found[1][:2] + found[2]
        return {"date": f"{found[1]}/{last}"} if int(found[1]) < int(last) else {}
    if not re.fullmatch(r"\d{4}", year) or not month or month_number(month):
        return {}
    if season := _SEASONS.get(month.casefold()):
        return {"date": f"{year}-{season}"}
    if found := _DAY.fullmatch(month):
        number, day = month_number(found["name"] or found["named"]), int(found["last"] or found["first"])
        return {"date": f"{year}-{number:02}-{day:02}"} if number and 1 <= day <= 31 else {}
    if found := _TWO.fullmatch(month):
        first, last = (month_number(one) for one in found.groups())
        return {"date": f"{year}-{first:02}/{year}-{last:02}"} if first and last and first < last else {}
    return {}
