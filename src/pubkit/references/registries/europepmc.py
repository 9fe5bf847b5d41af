"""Europe PMC: PubMed's records and preprints, found by DOI, with their linked notices.

Source: the Articles RESTful API's documentation (search, resultType=core) and its answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pubkit.references.item import Name
from pubkit.references.notices import Notice, NoticeKind
from pubkit.references.registries import (
    NotUsable,
    Record,
    RegisteredItem,
    abstract_of,
    date_of,
    doi_of,
    objects,
    parse_json,
    text_of,
)
from pubkit.references.registries.client import Request, Source

__all__ = ["read", "request"]

_RECEIVED = {
    "retraction in": (NoticeKind.RETRACTION, "retraction"),
    "partial retraction in": (NoticeKind.CONCERN, "partial retraction"),
    "expression of concern in": (NoticeKind.CONCERN, "expression of concern"),
    "erratum in": (NoticeKind.CORRECTION, "erratum"),
    "corrected and republished in": (NoticeKind.CORRECTION, "corrected and republished"),
}
_NOTICE_TYPES = {
    "retraction of publication": "retraction notice",
    "retraction notice": "retraction notice",
    "expression of concern": "expression of concern",
    "published erratum": "correction notice",
}


def request(doi: str) -> Request:
    """Return the question for one DOI."""
    quoted = doi.replace("\\", "\\\\").replace('"', '\\"')
    query = {"query": f'DOI:"{quoted}"', "resultType": "core", "format": "json", "pageSize": "5"}
    return Request(Source.EUROPE_PMC, ("search",), query)


def read(body: bytes, doi: str) -> Record | None:
    """Return the record of `doi`, or None if Europe PMC has none.

    Raises:
        NotUsable: an answer that is not a list of results.
    """
    answer = parse_json(body)
    listed = answer.get("resultList") if isinstance(answer, dict) else None
    if not isinstance(listed, dict) or not isinstance(listed.get("result"), list):
        raise NotUsable("the answer contains no list of results")
    for work in objects(listed["result"]):
        if doi_of(work.get("doi")) == doi.lower() and text_of(work.get("title")):
            return _record(work)
    return None


def _record(work: Mapping[str, Any]) -> Record:
    info = _object(work, "journalInfo")
    journal = _object(info, "journal")
    types = {text_of(kind, 80).casefold() for kind in _strings(_object(work, "pubTypeList").get("pubType"))}
    preprint = "preprint" in types or work.get("source") == "PPR"
    item = RegisteredItem(
        type="article" if preprint else "article-journal",
        genre="preprint" if preprint else "",
        title=text_of(work.get("title")).removesuffix("."),
        container_title=text_of(journal.get("title")),
        container_title_short=text_of(journal.get("medlineAbbreviation")) or text_of(journal.get("isoabbreviation")),
        volume=text_of(info.get("volume"), 60),
        issue=text_of(info.get("issue"), 60),
        page=text_of(work.get("pageInfo"), 60),
        issn=text_of(journal.get("issn") or journal.get("essn"), 20),
        doi=doi_of(work.get("doi")),
        pmid=text_of(work.get("pmid"), 20),
        pmcid=text_of(work.get("pmcid"), 20),
        author=tuple(filter(None, map(_name, objects(_object(work, "authorList").get("author"))))),
        issued=date_of(text_of(info.get("printPublicationDate"))) or date_of(text_of(work.get("pubYear"))),
        published_online=date_of(text_of(work.get("electronicPublicationDate") or work.get("firstPublicationDate"))),
    )
    itself = next((name for kind, name in _NOTICE_TYPES.items() if kind in types), "")
    return Record(item, tuple(_notices(work, types)), itself=itself, abstract=abstract_of(work.get("abstractText")))


def _object(work: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = work.get(name)
    return value if isinstance(value, dict) else {}


def _strings(value: object) -> list[str]:
    return [part for part in value if isinstance(part, str)] if isinstance(value, list) else []


def _name(author: Mapping[str, Any]) -> Name:
    family = text_of(author.get("lastName"), 300)
    given = text_of(author.get("firstName"), 300) or " ".join(text_of(author.get("initials"), 20))
    if family and given:
        return Name(family, given)
    return Name(literal=text_of(author.get("collectiveName"), 600) or text_of(author.get("fullName"), 600))


def _notices(work: Mapping[str, Any], types: set[str]) -> Iterator[Notice]:
    retracted = False
    for linked in objects(_object(work, "commentCorrectionList").get("commentCorrection")):
        received = _RECEIVED.get(text_of(linked.get("type"), 80).casefold())
        if received is None:
            continue
        kind, label = received
        retracted = retracted or kind is NoticeKind.RETRACTION
        pmid = text_of(linked.get("id"), 20) if linked.get("source") == "MED" else ""
        yield Notice(kind, Source.EUROPE_PMC, label, pmid=pmid)
    if types & {"retracted publication", "withdrawn publication"} and not retracted:
        yield Notice(NoticeKind.RETRACTION, Source.EUROPE_PMC, "retracted publication")
