"""Crossref: most journal articles, books and preprints with a DOI.

Sources: the REST API's documentation (api.crossref.org) and its answers. A retracted work carries `updated-by`, a notice
`update-to`; some publishers deposit both directions on both records, so what Retraction Watch has entered decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pubkit.references.item import Name
from pubkit.references.notices import Notice, NoticeKind, kind_of_update, title_says
from pubkit.references.registries import (
    NotUsable,
    Record,
    RegisteredItem,
    abstract_of,
    date_of,
    doi_of,
    given_first,
    iso,
    objects,
    parse_json,
    text_of,
)
from pubkit.references.registries.client import Request, Source

__all__ = ["read", "read_search", "request", "search"]

_TYPES = {
    "journal-article": "article-journal",
    "book-chapter": "chapter",
    "book-section": "chapter",
    "book-part": "chapter",
    "book": "book",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "proceedings": "book",
    "proceedings-article": "paper-conference",
    "reference-entry": "entry-encyclopedia",
    "posted-content": "article",
    "report": "report",
    "report-component": "report",
    "dissertation": "thesis",
    "dataset": "dataset",
    "peer-review": "review",
    "standard": "standard",
}
_RETRACTION_WATCH = "retraction-watch"


def request(doi: str) -> Request:
    """Return the question for one DOI."""
    return Request(Source.CROSSREF, ("works", doi), {})


def search(words: str, rows: int = 3) -> Request:
    """Return the question for works whose bibliographic text is most like `words`."""
    return Request(Source.CROSSREF, ("works",), {"query.bibliographic": words[:400], "rows": str(rows)})


def read(body: bytes, doi: str) -> Record:
    """Return the record of `doi` from Crossref's answer.

    Raises:
        NotUsable: no record, or that of another DOI of which `doi` is not an alias.
    """
    answer = parse_json(body)
    work = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(work, dict) or not isinstance(work.get("DOI"), str):
        raise NotUsable("the answer contains no record")
    aliases = work.get("aliases")
    known = {work["DOI"].lower()} | {str(alias).lower() for alias in (aliases if isinstance(aliases, list) else [])}
    if doi.lower() not in known:
        raise NotUsable("the answer is about another DOI")
    return _record(work)


def read_search(body: bytes) -> tuple[Record, ...]:
    """Return the records that a search has found, best first."""
    answer = parse_json(body)
    message = answer.get("message") if isinstance(answer, dict) else None
    if not isinstance(message, dict) or not isinstance(message.get("items"), list):
        raise NotUsable("the answer contains no list of records")
    return tuple(_record(work) for work in objects(message["items"]) if isinstance(work.get("DOI"), str))


def _record(work: Mapping[str, Any]) -> Record:
    kind = _TYPES.get(str(work.get("type")), "document")
    title = _first(work, "title")
    subtitle = _first(work, "subtitle")
    if subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title.rstrip(':')}: {subtitle}"
    containers = [text for text in map(text_of, _list(work, "container-title")) if text]
    # A chapter's first container is the series, its last the book; an article has one.
    chapter = kind == "chapter"
    in_print, online = date_of(work.get("published-print")), date_of(work.get("published-online"))
    item = RegisteredItem(
        type=kind,
        genre="preprint" if work.get("subtype") == "preprint" else "",
        title=title,
        container_title=next(iter(reversed(containers) if chapter else containers), ""),
        container_title_short=_first(work, "short-container-title"),
        collection_title=containers[0] if chapter and len(containers) > 1 else "",
        volume=text_of(work.get("volume"), 60),
        issue=text_of(work.get("issue"), 60),
        page=text_of(work.get("page"), 60),
        number=text_of(work.get("article-number"), 60),
        edition=text_of(work.get("edition-number"), 60),
        publisher=text_of(work.get("publisher"), 300),
        doi=doi_of(work["DOI"]),
        isbn=text_of(next(iter(_list(work, "ISBN")), ""), 60),
        issn=text_of(next(iter(_list(work, "ISSN")), ""), 60),
        language=text_of(work.get("language"), 20),
        author=_names(work, "author"),
        editor=_names(work, "editor"),
        issued=in_print or date_of(work.get("issued")) or online,
        published_print=in_print,
        published_online=online,
        published_other=date_of(work.get("published-other")),
    )
    notices, itself = _notices(work, title)
    originals = tuple(text for text in map(text_of, _list(work, "original-title")) if text and text != title)
    return Record(item, notices, originals, itself, _published_as(work), abstract_of(work.get("abstract")))


def _list(work: Mapping[str, Any], name: str) -> list[Any]:
    value = work.get(name)
    return value if isinstance(value, list) else []


def _first(work: Mapping[str, Any], name: str) -> str:
    return text_of(next(iter(_list(work, name)), ""))


def _names(work: Mapping[str, Any], role: str) -> tuple[Name, ...]:
    return tuple(filter(None, map(_name, objects(work.get(role)))))


def _name(author: Mapping[str, Any]) -> Name:
    family, given = text_of(author.get("family"), 300), text_of(author.get("given"), 300)
    if family and given:
        return Name(family, given)
    if whole := text_of(author.get("name"), 600) or family:
        return Name(literal=whole)
    return given_first(given)


def _published_as(work: Mapping[str, Any]) -> str:
    relation = work.get("relation")
    articles = objects(relation.get("is-preprint-of")) if isinstance(relation, dict) else []
    dois = sorted({doi_of(article.get("id")) for article in articles if article.get("id-type") == "doi"})
    return f"a preprint, published since as doi:{dois[0]}" if dois else ""


def _notices(work: Mapping[str, Any], title: str) -> tuple[tuple[Notice, ...], str]:
    """Return the notices about this work, and its kind if it is itself a notice."""
    received = [update for update in objects(work.get("updated-by")) if _kind(update)]
    sent = [update for update in objects(work.get("update-to")) if _kind(update)]
    own = str(work["DOI"]).lower()
    marked = title_says(title)
    issued_by_watch = [update for update in sent if _from_watch(update) and _doi(update) != own]
    received_by_watch = [update for update in received if _from_watch(update)]
    is_notice = _is_notice(marked, bool(issued_by_watch), bool(received_by_watch), sent, received, own)
    if is_notice:
        about = issued_by_watch or [update for update in sent if _doi(update) != own]
        kind = next((text_of(update.get("label"), 80) for update in about if update.get("label")), "notice").lower()
        # Only what Retraction Watch says about a notice can be about the notice itself.
        return tuple(_notice(update, certain=True) for update in received_by_watch), _notice_name(kind)
    both_ways = {_doi(update) for update in sent} - {own}
    known_to_watch = {_kind(update) for update in received_by_watch}
    notices = [
        _notice(update, certain=marked == "retracted" or _is_certain(update, both_ways, known_to_watch))
        for update in received
    ]
    if marked == "retracted" and not any(notice.kind is NoticeKind.RETRACTION for notice in notices):
        notices.append(Notice(NoticeKind.RETRACTION, Source.CROSSREF, "marked as retracted in its title"))
    return tuple(notices), ""


def _is_notice(
    marked: str,
    issued_by_watch: bool,
    received_by_watch: bool,
    sent: list[Mapping[str, Any]],
    received: list[Mapping[str, Any]],
    own: str,
) -> bool:
    """Return whether the work is a notice, by Retraction Watch's entries, its title, or the one direction deposited."""
    if issued_by_watch != received_by_watch:
        return issued_by_watch
    if marked == "notice":
        return True
    to_others = any(_doi(update) != own for update in sent)
    return to_others and not received


def _is_certain(update: Mapping[str, Any], both_ways: set[str], known_to_watch: set[NoticeKind | None]) -> bool:
    """Return whether it is clear that `update` is about this work.

    A publisher that names another DOI in both directions leaves that open, unless Retraction Watch has the same kind of
    notice about this work.
    """
    return _from_watch(update) or _kind(update) in known_to_watch or _doi(update) not in both_ways


def _kind(update: Mapping[str, Any]) -> NoticeKind | None:
    return kind_of_update(str(update.get("type", ""))) or kind_of_update(str(update.get("label", "")))


def _notice(update: Mapping[str, Any], *, certain: bool) -> Notice:
    label = text_of(update.get("label"), 80) or text_of(update.get("type"), 80)
    source = f"{Source.CROSSREF}, from {'Retraction Watch' if _from_watch(update) else 'the publisher'}"
    kind = _kind(update) or NoticeKind.CONCERN
    return Notice(kind, source, label.lower(), iso(update.get("updated")), _doi(update), certain=certain)


def _from_watch(update: Mapping[str, Any]) -> bool:
    return update.get("source") == _RETRACTION_WATCH


def _doi(update: Mapping[str, Any]) -> str:
    return doi_of(update.get("DOI"))


def _notice_name(kind: str) -> str:
    return kind if kind.endswith("notice") else f"{kind} notice"
