"""The record of a DOI with DataCite, as JSON of its schema 4.

Source: DataCite Metadata Working Group, DataCite Metadata Schema 4.5.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pubkit.errors import UsageError
from pubkit.project.metadata import Author
from pubkit.references.bibliography.identifiers import normalise_doi
from pubkit.render import front
from pubkit.render.model import Edition
from pubkit.render.people import person_name

__all__ = ["datacite"]

_SCHEMA = "http://datacite.org/schema/kernel-4"
_TYPES = {"book": ("Book", "Book"), "leaflet": ("Report", "Leaflet"), "article": ("Report", "Article")}


def datacite(edition: Edition) -> bytes:
    """Return the record of `edition`, UTF-8.

    Raises:
        UsageError: the publication lacks something that DataCite asks for.
    """
    publication = edition.publication
    name = front.doi(edition.identifier)
    if not name:
        remedy = "Write it under `identifier:`, such as 10.1000/example."
        raise UsageError("The publication has no DOI to register.", remedy=remedy)
    for what, stated in (("authors", publication.authors), ("publisher", publication.publisher)):
        if not stated:
            raise UsageError(f"DataCite asks for the {what}.", remedy=f"Write them under `{what}:`.")
    general, kind = _TYPES[edition.form]
    record = {
        "doi": name,
        "url": publication.permalink,
        "types": {"resourceTypeGeneral": general, "resourceType": kind},
        "creators": [_person(who) for who in publication.authors],
        "titles": list(_titles(edition)),
        "publisher": {"name": publication.publisher},
        "publicationYear": str(publication.dates.published.year),
        "subjects": [{"subject": word} for word in dict.fromkeys(publication.keywords)],
        "contributors": [{**_person(who), "contributorType": "Other"} for who in edition.review.reviewed],
        "dates": list(_dates(edition)),
        "language": publication.lang,
        "relatedIdentifiers": list(_related(edition)),
        "version": publication.version,
        "rightsList": list(_rights(edition)),
        "descriptions": list(_descriptions(edition)),
        "schemaVersion": _SCHEMA,
    }
    said = {key: value for key, value in record.items() if value}
    return (json.dumps(said, ensure_ascii=False, indent=2) + "\n").encode()


def _person(who: Any) -> dict[str, Any]:
    name = person_name(who.name, is_person=who.orcid is not None)
    parts = {"givenName": name.given, "familyName": name.family} if name else {}
    number = front.orcid_address(who.orcid)
    record: dict[str, Any] = {
        "name": f"{name.family}, {name.given}" if name else who.name,
        "nameType": "Personal" if name or not isinstance(who, Author) else "Organizational",
        **parts,
        "affiliation": [{"name": place} for place in dict.fromkeys(who.affiliations)],
        "nameIdentifiers": [
            {"nameIdentifier": number, "nameIdentifierScheme": "ORCID", "schemeUri": "https://orcid.org"}
        ]
        if number
        else [],
    }
    return {key: value for key, value in record.items() if value}


def _titles(edition: Edition) -> Iterator[dict[str, str]]:
    publication = edition.publication
    yield {"title": publication.title, "lang": publication.lang}
    if publication.subtitle:
        yield {"title": publication.subtitle, "titleType": "Subtitle", "lang": publication.lang}


def _dates(edition: Edition) -> Iterator[dict[str, str]]:
    dates = edition.publication.dates
    yield {"date": dates.published.isoformat(), "dateType": "Issued"}
    if dates.updated:
        yield {"date": dates.updated.isoformat(), "dateType": "Updated"}
    for one in edition.publication.corrections:
        yield {"date": one.on.isoformat(), "dateType": "Updated", "dateInformation": one.what}


def _related(edition: Edition) -> Iterator[dict[str, str]]:
    for name in dict.fromkeys(filter(None, (normalise_doi(item.doi) for item in edition.cited))):
        yield {"relatedIdentifier": name, "relatedIdentifierType": "DOI", "relationType": "References"}


def _rights(edition: Edition) -> Iterator[dict[str, str]]:
    if licence := edition.publication.licence:
        address = front.licence_address(licence)
        yield {"rights": licence, **({"rightsUri": address} if address else {})}


def _descriptions(edition: Edition) -> Iterator[dict[str, str]]:
    if abstract := edition.publication.abstract:
        paragraphs = (" ".join(one.split()) for one in re.split(r"\n\s*\n", abstract))
        yield {"description": "\n\n".join(paragraphs), "descriptionType": "Abstract", "lang": edition.publication.lang}
