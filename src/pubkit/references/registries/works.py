"""One form for a work as a reference or a registry describes it, whatever the field names.

A CSL item (`work_of`), and the fields of a BibTeX entry or a record as a registry sends it (`read_work`), become one frozen
value. `read_work` accepts every `Mapping`: a value of an unknown shape counts as absent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from msgspec import Struct

from pubkit.references.bibliography.markup import plain
from pubkit.references.comparison.venues import is_versioned, preprint_doi, preprint_server
from pubkit.references.item import Date, Item

__all__ = ["Work", "read_work", "work_of"]

MAX_TEXT = 20_000

_MOST_TITLES = 20
_OTHER_TITLES = ("original-title", "title-alt", "titles")
_VENUES = ("container-title", "journal", "journaltitle", "booktitle", "container-title-short", "short-container-title")
_MORE_VENUES = (
    "shortjournal",
    "journalabbreviation",
    "collection-title",
    "series",
    "event-title",
    "event",
    "institution",
)
_PUBLISHED = ("issued", "published", "published-print", "published-online", "published-other", "posted", "year", "date")
_OTHER_DATES = ("created", "accepted", "approved", "submitted", "available-date", "original-date", "content-created")
_YEAR = re.compile(r"(?<!\d)(1[4-9]\d\d|20\d\d|21\d\d)(?!\d)")
_PMID = re.compile(r"^(?:pmid)?[:\s]*(\d{1,9})\s*$", re.IGNORECASE)
_ISSN = re.compile(r"\b\d{4}-?\d{3}[\dXx]\b")
_DOI = re.compile(r"10\.\d{4,9}/\S+")
_DOI_VERSION = re.compile(r"(?:[./]?v\d{1,2})(?:\.full)?(?:\.pdf)?$")
_VERSION_NUMBER = re.compile(r"^(10\.12688/[a-z]+\.\d+)\.\d{1,2}$")


class Work(Struct, frozen=True):
    """One side of a comparison: texts as written, the years, the people as read, and the preprint server, if any.

    `byline` and `editors` are the fields themselves, read only when they are needed. `titles` and `venues` contain every
    form that the side has, its own first; `side_venues` are names that can confirm a venue but not contradict one.
    `doi` is in lower case without resolver; `base_doi` also without its version.
    """

    titles: tuple[str, ...] = ()
    byline: object = None
    editors: object = None
    venues: tuple[str, ...] = ()
    side_venues: tuple[str, ...] = ()
    published: frozenset[int] = frozenset()
    other_years: frozenset[int] = frozenset()
    year_text: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    article_number: str = ""
    doi: str = ""
    pmid: str = ""
    issns: frozenset[str] = frozenset()
    server: str | None = None
    versioned: bool = False

    @property
    def title(self) -> str:
        """Return the title as written, or ""."""
        return self.titles[0] if self.titles else ""

    @property
    def venue(self) -> str:
        """Return the journal, book or server as written, or ""."""
        return self.venues[0] if self.venues else ""

    @property
    def base_doi(self) -> str:
        """Return the DOI without the version that preprint servers and F1000 platforms append."""
        if preprint_doi(self.doi) or self.doi.startswith(("10.6084/", "10.12688/")):
            return _VERSION_NUMBER.sub(r"\1", _DOI_VERSION.sub("", self.doi))
        return self.doi


def work_of(item: Item, titles: Sequence[str] = ()) -> Work:
    """Read what `item` says about its work; `titles` are other titles by which the work is known."""
    venues = _cut(item.container_title, item.container_title_short)
    side_venues = _cut(item.journal_abbreviation, item.collection_title, item.event_title, item.event)
    known_by = (title for title in (item.title, *titles[:_MOST_TITLES], item.original_title) if title.strip())
    doi = _doi(item.doi) or _doi(item.url, resolved=True)
    return Work(
        titles=tuple(dict.fromkeys(known_by)),
        byline=item.author or None,
        editors=item.editor or None,
        venues=venues,
        side_venues=side_venues,
        published=frozenset(filter(None, map(_year_of, item.published))),
        other_years=frozenset(filter(None, map(_year_of, (item.submitted, item.available_date, item.original_date)))),
        year_text=item.issued.literal[:40] if item.issued else "",
        volume=item.volume[:MAX_TEXT],
        issue=(item.issue or item.number)[:MAX_TEXT],
        pages=(item.page or item.page_first)[:MAX_TEXT],
        article_number=_long_number(item.number),
        doi=doi,
        pmid=_first(_PMID, item.pmid),
        issns=_issns(item.issn),
        server=_server((item.type, item.genre), venues, (*side_venues, item.publisher), doi),
        versioned=any(is_versioned(name) for name in venues),
    )


def _cut(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text[:MAX_TEXT] for text in texts if text.strip()))


def _year_of(date: Date | None) -> int:
    return (_year(date.year) or _year(date.literal)) if date else 0


def read_work(written: Mapping[Any, Any]) -> Work:
    """Read a record as Crossref sends it, CSL-JSON, or BibTeX fields. Never raises, whatever the values are."""
    fields = {key.lower(): value for key, value in written.items() if isinstance(key, str) and value is not None}
    doi = _doi(_one(fields, "doi")) or _doi(_one(fields, "url"), resolved=True)
    venues = tuple(_texts(fields, _VENUES))
    side_venues = tuple(_texts(fields, _MORE_VENUES))
    return Work(
        titles=tuple(_titles(fields)),
        byline=fields.get("author"),
        editors=fields.get("editor"),
        venues=venues,
        side_venues=side_venues,
        published=frozenset(_years(fields, _PUBLISHED)),
        other_years=frozenset(_years(fields, _OTHER_DATES)),
        year_text=_year_text(fields),
        volume=_one(fields, "volume"),
        issue=_one(fields, "issue", "number"),
        pages=_one(fields, "page", "pages", "page-first"),
        article_number=_article_number(fields),
        doi=doi,
        pmid=_first(_PMID, _one(fields, "pmid")),
        issns=_issns(fields["issn"]) if "issn" in fields else frozenset(),
        server=_server(
            _each(fields, "type", "subtype", "genre", "entrytype"),
            venues,
            chain(side_venues, _each(fields, "publisher", "howpublished")),
            doi,
            _each(fields, "archiveprefix", "eprinttype"),
        ),
        versioned=any(is_versioned(name) for name in venues),
    )


def _one(fields: Mapping[str, Any], *names: str) -> str:
    """Return the text of the first of the fields that has one."""
    return next((text for name in names if name in fields and (text := _text(fields[name]))), "")


def _text(value: object, depth: int = 0) -> str:
    """Return the text of a scalar, of the first text in a list, or of the main part of a mapping."""
    if isinstance(value, str):
        return value[:MAX_TEXT]
    if isinstance(value, bool) or value is None or depth > 3:
        return ""
    if isinstance(value, int):
        return str(value) if abs(value) < 10**18 else ""
    if isinstance(value, float):
        return str(int(value)) if value == value and abs(value) < 1e15 and value == int(value) else ""
    if isinstance(value, list | tuple):
        return next((text for text in (_text(each, depth + 1) for each in value[:20]) if text), "")
    if isinstance(value, Mapping):
        parts = (value.get(key) for key in ("title", "name", "value", "literal", "raw"))
        return next((text for text in (_text(part, depth + 1) for part in parts) if text), "")
    return ""


def _every(value: object) -> list[str]:
    values = value[:20] if isinstance(value, list | tuple) else [value]
    return [text for text in map(_text, values) if text.strip()]


def _texts(fields: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    found = [text for name in names if name in fields for text in _every(fields[name])]
    return list(dict.fromkeys(found))


def _titles(fields: Mapping[str, Any]) -> list[str]:
    titles = _raw_titles(fields["title"]) if "title" in fields else []
    subtitles = _every(fields["subtitle"]) if "subtitle" in fields else []
    if titles and subtitles and plain(subtitles[0]).casefold() not in plain(titles[0]).casefold():
        titles[0] = f"{titles[0].rstrip(' :.')}: {subtitles[0]}"
    return list(
        dict.fromkeys(
            [*titles, *(text for name in _OTHER_TITLES if name in fields for text in _raw_titles(fields[name]))]
        )
    )


def _raw_titles(value: object) -> list[str]:
    """Return titles in full: the comparison itself says if it had to cut them."""
    values = value[:20] if isinstance(value, list | tuple) else [value]
    return [text for text in (each if isinstance(each, str) else _text(each) for each in values) if text.strip()]


def _years(fields: Mapping[str, Any], names: Iterable[str]) -> list[int]:
    return [year for name in names if name in fields for year in [_year(fields[name])] if year]


def _year(value: object) -> int:
    if isinstance(value, Mapping):
        parts = value.get("date-parts")
        while isinstance(parts, list | tuple) and parts:
            parts = parts[0]
        year = _year(parts) if isinstance(parts, int | str) else 0
        return year or next(filter(None, (_year(_text(value.get(key))) for key in ("raw", "literal", "date-time"))), 0)
    found = _YEAR.search(_text(value)[:200])
    return int(found[1]) if found else 0


def _year_text(fields: Mapping[str, Any]) -> str:
    return _one(fields, "year", "date", "issued")[:40]


def _doi(text: str, *, resolved: bool = False) -> str:
    """Return the DOI in `text`, in lower case; if `resolved`, only one in a resolver's address."""
    found = _DOI.search(text[:2_000])
    if found is None or (resolved and "doi.org/" not in text[: found.start()]):
        return ""
    return found[0].lower().rstrip(".,;:}]>\"'")


def _article_number(fields: Mapping[str, Any]) -> str:
    return _one(fields, "article-number", "eid") or _long_number(_one(fields, "number"))


def _long_number(number: str) -> str:
    """Return `number`, unless it can be an issue's, for which BibTeX uses the same field."""
    return number if re.match(r"[a-z]{0,4}\d{4,}$|[a-z]\d+$", number.strip().lower()) else ""


def _issns(value: object) -> frozenset[str]:
    return frozenset(issn.upper().replace("-", "") for text in _every(value) for issn in _ISSN.findall(text))


def _first(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text[:200])
    return found[1] if found else ""


def _each(fields: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Yield the text of each of the fields, read when it is needed."""
    return (_one(fields, name) for name in names)


def _server(
    kinds: Iterable[str], venues: tuple[str, ...], others: Iterable[str], doi: str, archives: Iterable[str] = ()
) -> str | None:
    """Return the preprint server that has the work, or None for a work that names a journal or a book."""
    named = next(filter(None, map(preprint_server, venues)), None)
    if named or any(name.strip() for name in venues):
        return named
    named = next(filter(None, map(preprint_server, others)), None)
    if named or preprint_doi(doi):
        return named or preprint_doi(doi)
    kind = " ".join(kinds).lower()
    if "preprint" in kind or "posted-content" in kind:
        return "a preprint server"
    return "arXiv" if "arxiv" in next(filter(None, archives), "").lower() else None
