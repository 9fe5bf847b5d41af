"""The deposit of a DOI with Crossref, as its schema 5.3.1 has it: an article or leaflet as a report, a book as a monograph.

Source: Crossref, metadata deposit schema 5.3.1 (crossref5.3.1.xsd).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from pubkit.boundary.xml import Element
from pubkit.errors import UsageError
from pubkit.manuscript.tree import Div, Span, every, plain_text
from pubkit.project.metadata import Author
from pubkit.references.bibliography.identifiers import normalise_doi, normalise_isbn
from pubkit.render import front
from pubkit.render.model import Edition
from pubkit.render.people import person_name

__all__ = ["crossref"]

_NAMESPACE = "http://www.crossref.org/schema/5.3.1"
_JATS = "http://www.ncbi.nlm.nih.gov/JATS1"
_ACCESS = "http://www.crossref.org/AccessIndicators.xsd"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_NAMES: Any = {None: _NAMESPACE, "jats": _JATS, "ai": _ACCESS}
#: The longest text of each kind that the schema allows.
_TITLE, _NAME, _EDITION = 1_024, 60, 15


def crossref(edition: Edition, depositor: str, email: str, moment: dt.datetime) -> bytes:
    """Return the deposit of `edition`, UTF-8.

    Args:
        edition: what is deposited.
        depositor: the person or organisation that deposits.
        email: where Crossref sends its answer.
        moment: the time of the deposit; Crossref takes a later one as an update.

    Raises:
        UsageError: the publication lacks something that Crossref asks for.
    """
    name, address = _identified(edition)
    root = etree.Element(_tag("doi_batch"), nsmap=_NAMES, version="5.3.1")
    root.set(_SCHEMA, f"{_NAMESPACE} https://www.crossref.org/schemas/crossref5.3.1.xsd")
    head = _add(root, "head")
    stamp = moment.strftime("%Y%m%d%H%M%S")
    _add(head, "doi_batch_id", f"{edition.slug}-{edition.publication.version}-{stamp}"[:100])
    _add(head, "timestamp", stamp)
    sender = _add(head, "depositor")
    _add(sender, "depositor_name", depositor)
    _add(sender, "email_address", email)
    _add(head, "registrant", edition.publication.publisher or depositor)
    body = _add(root, "body")
    _describe(_book(body) if edition.form == "book" else _report(body), edition, name, address)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _identified(edition: Edition) -> tuple[str, str]:
    """Return the DOI of an edition and the address that it leads to."""
    name = front.doi(edition.identifier)
    if not name:
        remedy = "Write it under `identifier:`, such as 10.1000/example."
        raise UsageError("The publication has no DOI to deposit.", remedy=remedy)
    if not edition.publication.permalink:
        remedy = "Write it under `permalink:`."
        raise UsageError("A deposit names the web address that the DOI leads to.", remedy=remedy)
    if not edition.publication.publisher and edition.form == "book":
        raise UsageError("The deposit of a book names its publisher.", remedy="Write it under `publisher:`.")
    return name, edition.publication.permalink


def _book(body: Element) -> Element:
    return _add(_add(body, "book", book_type="monograph"), "book_metadata")


def _report(body: Element) -> Element:
    return _add(_add(body, "report-paper", publication_type="full_text"), "report-paper_metadata")


def _describe(about: Element, edition: Edition, name: str, address: str) -> None:
    """Add what the schema has of an edition, in the order that it asks for."""
    publication, is_book = edition.publication, edition.form == "book"
    about.set("language", publication.lang.split("-")[0])
    if publication.authors:
        people = _add(about, "contributors")
        for number, who in enumerate(publication.authors):
            _person(people, who, "first" if number == 0 else "additional")
    titles = _add(about, "titles")
    _add(titles, "title", publication.title[:_TITLE])
    if publication.subtitle:
        _add(titles, "subtitle", publication.subtitle[:_TITLE])
    version = publication.version[:_EDITION]
    if not is_book:
        _add(about, "edition_number", version)
    if publication.abstract:
        abstract = etree.SubElement(about, f"{{{_JATS}}}abstract")
        for paragraph in filter(None, map(str.strip, re.split(r"\n\s*\n", publication.abstract))):
            etree.SubElement(abstract, f"{{{_JATS}}}p").text = " ".join(paragraph.split())
    if is_book:
        _add(about, "edition_number", version)
    _date(_add(about, "publication_date", media_type="online"), publication.dates.published)
    isbn = normalise_isbn(edition.identifier)
    if is_book:
        _add(about, "isbn", isbn, media_type="electronic") if isbn else _add(about, "noisbn", reason="monograph")
    if publication.publisher:
        _add(_add(about, "publisher"), "publisher_name", publication.publisher[:255])
    if terms := front.licence_address(publication.licence):
        program = etree.SubElement(about, f"{{{_ACCESS}}}program", name="AccessIndicators")
        etree.SubElement(program, f"{{{_ACCESS}}}license_ref").text = terms
    data = _add(about, "doi_data")
    _add(data, "doi", name)
    _add(data, "resource", address)
    _cited(about, edition)


def _person(people: Element, who: Author, sequence: str) -> None:
    name = person_name(who.name, is_person=who.orcid is not None)
    role = {"sequence": sequence, "contributor_role": "author"}
    if name is None:
        _add(people, "organization", who.name[:511], **role)
        return
    person = _add(people, "person_name", **role)
    if name.given:
        _add(person, "given_name", name.given[:_NAME])
    _add(person, "surname", name.family[:_NAME])
    if name.suffix:
        _add(person, "suffix", name.suffix[:10])
    if who.affiliations:
        places = _add(person, "affiliations")
        for place in who.affiliations:
            _add(_add(places, "institution"), "institution_name", place[:1_024])
    if who.orcid:
        _add(person, "ORCID", front.orcid_address(who.orcid), authenticated="false")


def _date(element: Element, day: dt.date) -> None:
    _add(element, "month", f"{day.month:02}")
    _add(element, "day", f"{day.day:02}")
    _add(element, "year", str(day.year))


def _cited(about: Element, edition: Edition) -> None:
    """Add the works cited: by their DOI, or else as they are printed."""
    works = list(_works(edition))
    if works:
        citations = _add(about, "citation_list")
        for number, (name, printed) in enumerate(works, 1):
            citation = _add(citations, "citation", key=f"ref{number}")
            _add(citation, "doi", name) if name else _add(citation, "unstructured_citation", printed)


def _works(edition: Edition) -> Iterator[tuple[str, str]]:
    """Yield the DOI of each work of the reference list, and its entry; one of the two may be empty."""
    entries = (one for one in every(Div, edition.tree.blocks) if "csl-entry" in one.attr.classes)
    printed = {one.attr.identifier.removeprefix("ref-"): _printed(one) for one in entries}
    for item in edition.cited:
        name = normalise_doi(item.doi) or ""
        if name or printed.get(item.id):
            yield name, printed.get(item.id, "")


def _printed(entry: Div) -> str:
    """Return an entry of the reference list without its number."""
    numbered = (one for one in every(Span, entry.content) if "csl-right-inline" in one.attr.classes)
    return " ".join(plain_text(next(numbered, entry)).split())


def _tag(name: str) -> str:
    return f"{{{_NAMESPACE}}}{name}"


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    made = etree.SubElement(parent, _tag(name), attributes)
    made.text = text or None
    return made
