"""The front matter of the JATS file: who, what, when, under which terms, in the elements that the standard has for it.

ANSI/NISO Z39.96-2021 (JATS 1.3), Journal Publishing; JATS4R recommendations on authors, permissions and conflicts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

from lxml import etree

from pubkit.language.labels import labels_for
from pubkit.metadata import Author, Reviewer
from pubkit.render import front
from pubkit.render.jats_elements import ALI, HREF, XML_LANG, Element, element
from pubkit.render.model import Edition
from pubkit.render.people import person_name

__all__ = ["disclaimers", "front_matter"]


def front_matter(edition: Edition) -> Element:
    """The <front> of the article."""
    return element("front", _journal(edition), element("article-meta", *_article_meta(edition)))


def _journal(edition: Edition) -> Element:
    """The standard asks for a journal with an ISSN; the publisher stands in for one, and the empty ISSN says it is none."""
    publisher = edition.publication.publisher or edition.publication.title
    return element(
        "journal-meta",
        element("journal-id", publisher, {"journal-id-type": "publisher-id"}),
        element("journal-title-group", element("journal-title", publisher)),
        element("issn"),
        element("publisher", element("publisher-name", publisher)),
    )


def _article_meta(edition: Edition) -> Iterator[Element]:
    """In the order that the standard asks for."""
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    doi = front.doi(edition.identifier)
    yield element("article-id", doi or edition.identifier, {"pub-id-type": "doi" if doi else "publisher-id"})
    titles = [element("article-title", publication.title)]
    yield element(
        "title-group", *titles, *([element("subtitle", publication.subtitle)] if publication.subtitle else [])
    )
    people: list[Author | Reviewer] = [*publication.authors, *publication.reviewers]
    places = list(dict.fromkeys(who.affiliation for who in people if who.affiliation))
    groups: tuple[tuple[str, Sequence[Author | Reviewer]], ...] = (
        ("author", publication.authors),
        ("reviewer", publication.reviewers),
    )
    for kind, group in groups:
        if group:
            yield element("contrib-group", *(_contributor(who, kind, places) for who in group), {"content-type": kind})
    for number, place in enumerate(places, 1):
        yield element("aff", element("institution", place), {"id": f"pubkit-aff-{number}"})
    if notes := list(_conflicts(people)):
        yield element("author-notes", *notes)
    yield _date("pub-date", publication.dates.published, {"date-type": "pub", "publication-format": "electronic"})
    if history := list(_history(edition)):
        yield element("history", *history)
    if publication.licence:
        yield _permissions(publication.licence)
    if publication.abstract:
        paragraphs = [" ".join(part.split()) for part in publication.abstract.split("\n\n") if part.strip()]
        yield element("abstract", element("title", labels["abstract"]), *(element("p", part) for part in paragraphs))
    if publication.keywords:
        words = [element("kwd", word) for word in publication.keywords]
        yield element("kwd-group", *words, {"kwd-group-type": "author", XML_LANG: publication.lang})
    if publication.funding:
        yield element("funding-group", element("funding-statement", publication.funding))
    yield element("custom-meta-group", *(_custom(name, value) for name, value in _statements(edition) if value))


def _contributor(who: Author | Reviewer, kind: str, places: list[str]) -> Element:
    contributor = element("contrib", {"contrib-type": kind})
    if who.orcid:
        address = f"https://orcid.org/{who.orcid.removeprefix('https://orcid.org/')}"
        contributor.append(element("contrib-id", address, {"contrib-id-type": "orcid"}))
    name = person_name(who.name, is_person=who.orcid is not None)
    if name is None:
        contributor.append(element("collab", who.name))
    else:
        contributor.append(element("name", element("surname", name.family), element("given-names", name.given)))
    if who.credentials:
        contributor.append(element("degrees", who.credentials))
    if isinstance(who, Author) and who.email:
        contributor.append(element("email", who.email))
    if who.affiliation:
        number = places.index(who.affiliation) + 1
        contributor.append(element("xref", {"ref-type": "aff", "rid": f"pubkit-aff-{number}"}))
    return contributor


def _conflicts(people: list[Author | Reviewer]) -> Iterator[Element]:
    for number, who in enumerate((one for one in people if one.conflicts), 1):
        words = f"{who.name}: {who.conflicts}"
        yield element("fn", element("p", words), {"fn-type": "coi-statement", "id": f"pubkit-conflict-{number}"})


def _date(tag: str, day: dt.date, attributes: dict[str, str]) -> Element:
    parts = (element("day", f"{day.day:02}"), element("month", f"{day.month:02}"), element("year", str(day.year)))
    return element(tag, *parts, {**attributes, "iso-8601-date": day.isoformat()})


def _history(edition: Edition) -> Iterator[Element]:
    dates = edition.publication.dates
    for kind, day in (
        ("updated", dates.updated),
        ("last-reviewed", dates.last_reviewed),
        ("next-review", dates.next_review),
        ("evidence-search", dates.evidence_search),
    ):
        if day:
            yield _date("date", day, {"date-type": kind})


def _permissions(licence: str) -> Element:
    address = front.licence_address(licence)
    words = element("license-p", licence)
    if not address:
        return element("permissions", element("license", words))
    reference = etree.Element(f"{{{ALI}}}license_ref")
    reference.text = address
    return element("permissions", element("license", reference, words, {HREF: address}))


def _statements(edition: Edition) -> Iterator[tuple[str, str]]:
    """What JATS has no element for."""
    publication = edition.publication
    yield "version", publication.version
    yield "status", "draft" if edition.draft else "published"
    yield "audience", publication.audience.readers if publication.audience else ""
    yield "contact", publication.contact or ""
    yield "citation-style", edition.csl_name
    yield "source-sha256", edition.source_sha256
    yield "references-not-checked", str(edition.unchecked) if edition.unchecked else ""
    for block in edition.disclaimers:
        yield "disclaimer", f"{block.variant} {block.version} ({block.locale})"


def _custom(name: str, value: str) -> Element:
    return element("custom-meta", element("meta-name", name), element("meta-value", value))


def disclaimers(edition: Edition) -> list[Element]:
    """The draft mark and the disclaimers as boxes, for the beginning of the body."""
    boxes = []
    if edition.draft:
        banner = labels_for(edition.publication.lang)["draft-banner"]
        boxes.append(
            element(
                "boxed-text", element("p", element("bold", banner)), {"content-type": "draft", "position": "anchor"}
            )
        )
    for block in edition.disclaimers:
        heading = element("caption", element("title", block.heading))
        paragraphs = [_with_links(text, dict(block.links), bold=block.typography.bold) for text in block.paragraphs]
        attributes = {
            "content-type": "disclaimer",
            "position": "anchor",
            "id": block.identifier,
            XML_LANG: block.locale,
        }
        boxes.append(element("boxed-text", heading, *paragraphs, attributes))
    return boxes


def _with_links(text: str, links: dict[str, str], *, bold: bool) -> Element:
    paragraph = element("p")
    holder = etree.SubElement(paragraph, "bold") if bold else paragraph
    rest = text
    last: Element | None = None
    while rest:
        found = min(((rest.find(words), -len(words), words) for words in links if words in rest), default=None)
        before, words = (rest[: found[0]], found[2]) if found else (rest, "")
        if last is None:
            holder.text = before
        else:
            last.tail = before
        rest = rest[len(before) + len(words) :]
        if found:
            last = etree.SubElement(holder, "ext-link", {"ext-link-type": "uri", HREF: links[words]})
            last.text = words
    return paragraph
