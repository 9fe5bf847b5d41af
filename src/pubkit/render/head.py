"""What an edition says about itself in the head of a web page: metadata for machines, and the card of social networks.

The vocabularies are schema.org (JSON-LD: MedicalWebPage and ScholarlyArticle), Highwire Press tags as read by Google
Scholar (citation_*), and Dublin Core terms (dcterms.*).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from pubkit.boundary.addresses import linkable
from pubkit.boundary.distribution import tool
from pubkit.language.labels import labels_for
from pubkit.project.metadata import Author, Original, Publication, Reviewer, Translation
from pubkit.references.comparison.names import ends_the_list
from pubkit.references.item import Item, Name
from pubkit.render.front import doi, identifier_address, licence_address, orcid_address, unreviewed
from pubkit.render.model import Edition
from pubkit.render.unmarked import unmarked

__all__ = ["card", "json_ld", "meta_tags"]

#: The most characters of a description that social networks show.
_CARD_LENGTH = 200

#: How a statement says that there was no funding, in the languages of pubkit.
_UNFUNDED = re.compile(
    r"^\s*(?:none|nil|nobody|no|not|n/a|keine?|niemand|ohne|entfällt|aucune?|néant|sans|ningun[oa]?|ningún|sin|nadie)\b"
    r"(?!\.\s*\d)|\b(?:no|not|without|any)\b[^.;]{0,40}\b(?:funding|funds|grants?|financial support)\b",
    re.IGNORECASE,
)


def meta_tags(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return pairs of name and content for the head: general, Highwire Press, Dublin Core."""
    return tuple((name, content) for name, content in _meta_tags(edition) if content)


def _meta_tags(edition: Edition) -> Iterator[tuple[str, str]]:
    publication, dates = edition.publication, edition.publication.dates
    yield "description", " ".join((publication.abstract or publication.subtitle or "").split())
    yield "keywords", ", ".join(publication.keywords)
    for author in publication.authors:
        yield "author", author.name
    yield "citation_title", publication.title
    for author in publication.authors:
        yield "citation_author", author.name
        for place in author.affiliations or ("",):
            yield "citation_author_institution", place
        yield "citation_author_orcid", orcid_address(author.orcid)
    yield "citation_publication_date", dates.published.strftime("%Y/%m/%d")
    yield "citation_online_date", (dates.updated or dates.published).strftime("%Y/%m/%d")
    yield "citation_publisher", publication.publisher or ""
    yield "citation_language", publication.lang
    yield "citation_keywords", "; ".join(publication.keywords)
    yield "citation_doi", doi(edition.identifier)
    yield "dcterms.title", publication.title
    for author in publication.authors:
        yield "dcterms.creator", author.name
    yield "dcterms.publisher", publication.publisher or ""
    yield "dcterms.identifier", edition.identifier
    yield "dcterms.issued", dates.published.isoformat()
    yield "dcterms.license", licence_address(publication.licence) or ""
    yield "dcterms.rights", publication.licence or ""
    yield "dcterms.created", dates.published.isoformat()
    yield "dcterms.modified", edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    yield "dcterms.language", publication.lang
    yield "twitter:card", "summary"
    yield "generator", tool()


def card(edition: Edition) -> tuple[tuple[str, str], ...]:
    """Return pairs of property and content for the card that a link to the page becomes elsewhere (Open Graph).

    A card's picture must have an address of its own on the web, which a page that is one file cannot know.
    """
    publication, dates = edition.publication, edition.publication.dates
    language, _, region = publication.lang.partition("-")
    said = {
        "og:type": "article",
        "og:title": publication.title,
        "og:description": _shortened(publication.subtitle or publication.abstract or ""),
        "og:site_name": publication.publisher,
        "og:locale": f"{language}_{region.upper()}" if len(region) == 2 else "",
        "og:url": publication.permalink or identifier_address(edition.identifier),
        "article:published_time": dates.published.isoformat(),
        "article:modified_time": (dates.updated or dates.published).isoformat(),
    }
    return tuple((name, content) for name, content in said.items() if content)


def _shortened(text: str) -> str:
    """Return `text` on one line, cut at a word if it is longer than a card shows."""
    line = " ".join(text.split())
    return line if len(line) <= _CARD_LENGTH else line[:_CARD_LENGTH].rpartition(" ")[0] + " …"


def json_ld(edition: Edition) -> str:
    """Return the schema.org record of the edition, as JSON that is safe inside a script element."""
    record = {key: value for key, value in _record(edition).items() if value}
    text = json.dumps(record, ensure_ascii=False, indent=1)
    for char in "<>&\u2028\u2029":
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text


def _record(edition: Edition) -> dict[str, Any]:
    publication, dates = edition.publication, edition.publication.dates
    audience = publication.audience
    return {
        "@context": "https://schema.org",
        "@type": ["MedicalWebPage", "ScholarlyArticle"],
        "name": publication.title,
        "headline": publication.title,
        "alternativeHeadline": publication.subtitle,
        "abstract": publication.abstract,
        "inLanguage": publication.lang,
        "identifier": edition.identifier,
        "version": publication.version,
        "creativeWorkStatus": "Draft" if edition.draft else "Published",
        "author": [_person_record(author) for author in publication.authors],
        "reviewedBy": [_person_record(reviewer) for reviewer in edition.review.reviewed],
        "lastReviewed": edition.review.on.isoformat() if edition.review.on else None,
        "subjectOf": _statement_record(edition),
        "publisher": {"@type": "Organization", "name": publication.publisher} if publication.publisher else None,
        "datePublished": dates.published.isoformat(),
        "dateModified": (dates.updated or dates.published).isoformat(),
        "license": licence_address(publication.licence),
        "keywords": list(publication.keywords),
        "funding": _grant(publication.funding),
        "audience": {"@type": "Audience", "audienceType": audience.readers} if audience else None,
        "translationOfWork": _original_record(publication),
        "workTranslation": [_translation_record(one) for one in publication.translations],
        "citation": [_citation_record(item) for item in edition.cited],
    }


def _original_record(publication: Publication) -> dict[str, Any] | None:
    original = publication.translation_of
    return {"@type": "CreativeWork", **_located(original), "version": original.version} if original else None


def _translation_record(translation: Translation) -> dict[str, Any]:
    return {"@type": "CreativeWork", **_located(translation)}


def _located(work: Original | Translation) -> dict[str, str]:
    said = {"inLanguage": work.lang, "name": work.title, "url": work.url}
    return {key: value for key, value in said.items() if value}


def _statement_record(edition: Edition) -> dict[str, Any] | None:
    """Return the statement that nobody has reviewed the text as a work about it; schema.org has no such property."""
    said = edition.review.unreviewed
    if said is None:
        return None
    return {
        "@type": "CreativeWork",
        "name": labels_for(edition.publication.lang)["not-reviewed"],
        "text": unreviewed(edition),
        "creator": said.who,
        "dateCreated": said.on.isoformat(),
    }


def _grant(funding: str | None) -> dict[str, Any] | None:
    """Return what paid for the text, as a grant; None if the statement says that nothing did."""
    return {"@type": "Grant", "description": funding} if funding and not _UNFUNDED.search(funding) else None


def _person_record(who: Author | Reviewer) -> dict[str, Any]:
    record = {
        "@type": "Person",
        "name": who.name,
        "honorificSuffix": who.credentials,
        "identifier": orcid_address(who.orcid),
        "affiliation": [{"@type": "Organization", "name": place} for place in who.affiliations],
    }
    return {key: value for key, value in record.items() if value}


def _citation_record(item: Item) -> dict[str, Any]:
    record = {
        "@type": "ScholarlyArticle" if item.type == "article-journal" else "CreativeWork",
        "name": unmarked(item.title),
        "author": [_in_order(name) for name in item.author if not ends_the_list(name)],
        "editor": [_in_order(name) for name in item.editor if not ends_the_list(name)],
        "datePublished": str(item.year) if item.year else None,
        "isPartOf": unmarked(item.container_title),
        "sameAs": linkable(f"https://doi.org/{item.doi}" if item.doi else item.url or ""),
    }
    return {key: value for key, value in record.items() if value}


def _in_order(name: Name) -> str:
    """Return a name as it is spoken: "Anna van den Berg Jr."."""
    parts = (name.given, name.dropping_particle, name.non_dropping_particle, name.family, name.suffix)
    return unmarked(name.literal or " ".join(filter(None, parts)))
