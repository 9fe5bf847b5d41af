"""DataCite: arXiv preprints, data sets, theses and other works with a DOI that Crossref does not have.

Source: the REST API's documentation and its answers. `IsObsoletedBy` names a newer version; it is not a retraction.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pubkit.references.item import Date, Name
from pubkit.references.notices import Notice, NoticeKind, title_says
from pubkit.references.registries import (
    NotUsable,
    Record,
    RegisteredItem,
    abstract_of,
    date_of,
    doi_of,
    family_first,
    given_first,
    iso,
    objects,
    parse_json,
    text_of,
)
from pubkit.references.registries.client import Request, Source

__all__ = ["read", "request"]

_TYPES = {
    "JournalArticle": "article-journal",
    "ConferencePaper": "paper-conference",
    "ConferenceProceeding": "book",
    "Book": "book",
    "BookChapter": "chapter",
    "Dataset": "dataset",
    "Dissertation": "thesis",
    "Preprint": "article",
    "Report": "report",
    "Software": "software",
    "Standard": "standard",
}


def request(doi: str) -> Request:
    """Return the question for one DOI."""
    media_types = ("application/vnd.api+json", "application/json")
    return Request(Source.DATACITE, ("dois", doi), {}, media_types)


def read(body: bytes, doi: str) -> Record:
    """Return the record of `doi` from DataCite's answer.

    Raises:
        NotUsable: no record, or that of another DOI.
    """
    answer = parse_json(body)
    data = answer.get("data") if isinstance(answer, dict) else None
    work = data.get("attributes") if isinstance(data, dict) else None
    if not isinstance(work, dict):
        raise NotUsable("the answer contains no record")
    if doi_of(work.get("doi")) != doi.lower():
        raise NotUsable("the answer is about another DOI")
    return _record(work)


def _record(work: Mapping[str, Any]) -> Record:
    types = _object(work, "types")
    container = _object(work, "container")
    titles = [(text_of(title.get("title")), title.get("titleType")) for title in objects(work.get("titles"))]
    main = next((text for text, kind in titles if text and not kind), next((text for text, _ in titles), ""))
    subtitle = next((text for text, kind in titles if kind == "Subtitle"), "")
    kind = types.get("resourceTypeGeneral")
    pages = [text_of(container.get(end), 60) for end in ("firstPage", "lastPage")]
    publisher = work.get("publisher")
    dates = {str(date.get("dateType")): date.get("date") for date in objects(work.get("dates"))}
    item = RegisteredItem(
        type=_TYPES.get(str(kind), "document"),
        genre="preprint" if kind == "Preprint" else "",
        title=f"{main}: {subtitle}" if subtitle and subtitle.casefold() not in main.casefold() else main,
        container_title=text_of(container.get("title")),
        volume=text_of(container.get("volume"), 60),
        issue=text_of(container.get("issue"), 60),
        page="-".join(dict.fromkeys(page for page in pages if page)),
        publisher=text_of(publisher.get("name") if isinstance(publisher, dict) else publisher, 300),
        version=text_of(work.get("version"), 60),
        doi=doi_of(work.get("doi")),
        language=text_of(work.get("language"), 20),
        author=tuple(filter(None, map(_name, objects(work.get("creators"))))),
        issued=_issued(dates.get("Issued"), work.get("publicationYear")),
        published_online=date_of(dates.get("Available")),
    )
    others = tuple(text for text, kind in titles if text and text != main and kind != "Subtitle")
    texts = objects(work.get("descriptions"))
    abstract = next(
        (abstract_of(one.get("description")) for one in texts if one.get("descriptionType") == "Abstract"), ""
    )
    return Record(item, _notices(main, dates), others, remark=_published_as(work), abstract=abstract)


def _issued(day: object, year: object) -> Date | None:
    """Return the day of issue, or the year of publication if the two disagree."""
    issued = date_of(day)
    agrees = issued is not None and (not year or str(issued.year) == str(year))
    return issued if agrees else date_of(year) or issued


def _object(work: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = work.get(name)
    return value if isinstance(value, dict) else {}


def _name(creator: Mapping[str, Any]) -> Name:
    family, given = text_of(creator.get("familyName"), 300), text_of(creator.get("givenName"), 300)
    whole = text_of(creator.get("name"), 600)
    if family and given:
        return Name(family, given)
    if creator.get("nameType") == "Organizational":
        return Name(literal=whole)
    if "," in whole:
        return family_first(whole)
    return given_first(whole) if creator.get("nameType") == "Personal" else Name(literal=whole or family or given)


def _notices(title: str, dates: Mapping[str, object]) -> tuple[Notice, ...]:
    notices = []
    if title_says(title) == "retracted":
        notices.append(Notice(NoticeKind.RETRACTION, Source.DATACITE, "marked as retracted in its title"))
    if "Withdrawn" in dates:
        notices.append(Notice(NoticeKind.RETRACTION, Source.DATACITE, "withdrawn", iso(dates["Withdrawn"])))
    return tuple(notices)


def _published_as(work: Mapping[str, Any]) -> str:
    """Return a remark on a preprint's article: the work under another prefix that it is a version of or obsoleted by."""
    own = doi_of(work.get("doi")).partition("/")[0]
    for relation in objects(work.get("relatedIdentifiers")):
        doi = doi_of(relation.get("relatedIdentifier"))
        published = relation.get("relationType") in {"IsPreviousVersionOf", "IsVersionOf", "IsPreprintOf"}
        if published and doi.startswith("10.") and not doi.startswith(f"{own}/"):
            return f"published since as doi:{doi}"
    return ""
