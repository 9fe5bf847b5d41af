"""A draft of an entry's CSL item, read from its BibTeX fields alone.

Rules compare drafts of all entries; an entry that is cited gets pandoc's item instead, because that is what is printed,
and pandoc needs about two milliseconds for each.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pubkit.references.bibliography.formats.bibtex_values import balanced
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.vocabulary import BIBTEX_TYPES
from pubkit.references.bibliography.markup import plain

__all__ = ["address_of", "draft_item", "split_names", "verbatim", "without_links"]

_SIMPLE = {
    "volume": "volume", "edition": "edition", "doi": "DOI", "isbn": "ISBN", "issn": "ISSN",
    "pmid": "PMID", "pmcid": "PMCID", "series": "collection-title", "eventtitle": "event-title", "note": "note",
    "shortjournal": "container-title-short", "pubstate": "status", "pagetotal": "number-of-pages",
    "version": "version", "howpublished": "medium", "langid": "language",
}  # fmt: skip
_VERBATIM = frozenset({"doi", "url", "eprint"})
_PLACES = ("location", "address")
_PUBLISHERS = ("publisher", "institution", "school", "organization")
_DATE = re.compile(r"\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:T[\d:Z.+-]*)?\s*")


def draft_item(kind: str, fields: Mapping[str, str]) -> dict[str, Any]:
    """Return the CSL item, without its id, of an entry of BibTeX type `kind` with `fields`."""
    item: dict[str, Any] = {"type": BIBTEX_TYPES.get(kind, "document")}
    for name in ("author", "editor", "translator"):
        people = [_person(text) for text in split_names(fields.get(name, ""))]
        if people:
            item[name] = people
    title = plain(fields.get("title", ""))
    subtitle = plain(fields.get("subtitle", ""))
    item["title"] = f"{title}: {subtitle}" if title and subtitle else title
    item["container-title"] = _first(fields, "journaltitle", "journal", "booktitle")
    item["publisher"] = _first(fields, *_PUBLISHERS)
    item["publisher-place"] = _first(fields, *_PLACES)
    item["page"] = _pages(fields.get("pages") or fields.get("eid") or "")
    number = _first(fields, "number", "issue")
    item["issue" if kind in {"article", "periodical"} else "number"] = number
    for name, variable in _SIMPLE.items():
        text = fields.get(name, "")
        item[variable] = verbatim(text) if name in _VERBATIM else plain(text)
    item["URL"] = address_of(fields)
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    if archive in {"pmid", "pubmed"} and not item["PMID"]:
        item["PMID"] = plain(fields.get("eprint", ""))
    if archive == "arxiv" and not item["URL"] and fields.get("eprint"):
        item["URL"] = f"https://arxiv.org/abs/{verbatim(fields['eprint'])}"
    return {name: value for name, value in item.items() if value} | _issued(fields)


def _pages(text: str) -> str:
    return re.sub(r"\s*(?:-{2,}|[\u2010-\u2015])\s*", "-", plain(text))


def _first(fields: Mapping[str, str], *names: str) -> str:
    return next((plain(fields[name]) for name in names if fields.get(name)), "")


def verbatim(text: str) -> str:
    """Return a DOI or address without the backslashes that reference managers put before its signs."""
    return re.sub(r"\{\\(.)\}|\\(?=[_%&#~{}])", lambda found: found[1] or "", text).strip()


_LINK = re.compile(r"\\url\s*\{([^{}]*)\}|\\href\s*\{[^{}]*\}\s*(?=\{)")
_ADDRESS = re.compile(r"\\(?:url|href)\s*\{\s*(https?://[^{}\s]+)\s*\}")


def without_links(text: str) -> str:
    """`text` with \\url{address} as the address, and \\href{address}{words} as the words."""
    return _LINK.sub(lambda found: re.sub(r"(?<!\\)([_#&^~])", r"\\\1", found[1] or ""), text)


def address_of(fields: Mapping[str, str]) -> str:
    """The address of an entry: its url, or the \\url in howpublished or note, where BibTeX users put it."""
    if fields.get("url"):
        return verbatim(fields["url"])
    found = _ADDRESS.search(f"{fields.get('howpublished', '')} {fields.get('note', '')}")
    return verbatim(found[1]) if found else ""


def _issued(fields: Mapping[str, str]) -> dict[str, Any]:
    date = plain(fields.get("date", ""))
    if date:
        halves = [_DATE.fullmatch(half) for half in date.replace("~", "").replace("?", "").split("/")[:2]]
        parts = [[int(number) for number in half.groups() if number] for half in halves if half]
        return {"issued": {"date-parts": parts} if parts else {"literal": date}}
    year = plain(fields.get("year", ""))
    if not year:
        return {}
    if not re.fullmatch(r"\d{4}", year):
        return {"issued": {"literal": year}}
    numbers = [int(year)]
    month = month_number(plain(fields.get("month", "")))
    if month:
        numbers.append(month)
        day = plain(fields.get("day", ""))
        if re.fullmatch(r"\d{1,2}", day):
            numbers.append(int(day))
    return {"issued": {"date-parts": [numbers]}}


def split_names(text: str) -> list[str]:
    """Return the single names of a BibTeX name list: parted at "and" outside braces."""
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


def _person(text: str) -> dict[str, str]:
    if text == "others" or (text.startswith("{") and text.endswith("}") and balanced(text[1:-1])):
        return {"literal": plain(text)}
    parts = [plain(part) for part in text.split(",")]
    if len(parts) >= 3:
        return _named(parts[0], ", ".join(parts[2:])) | {"suffix": parts[1]}
    if len(parts) == 2:
        return _named(*parts)
    words = plain(text).split()
    if len(words) < 2:
        return {"family": " ".join(words)}
    first = next((index for index, word in enumerate(words[:-1]) if index and word[0].islower()), len(words) - 1)
    return _named(" ".join(words[first:]), " ".join(words[:first]))


def _named(family: str, given: str) -> dict[str, str]:
    """Return a name with its particle ("van der") apart, as pandoc parts it."""
    words = family.split()
    particles = []
    while len(words) > 1 and words[0][0].islower():
        particles.append(words.pop(0))
    name = {"family": " ".join(words)}
    if given:
        name["given"] = given
    if particles:
        name["dropping-particle"] = " ".join(particles)
    return name
