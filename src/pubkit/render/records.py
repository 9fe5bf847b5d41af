"""Records that go beside the files of an edition: how to cite it, for people and programs, and what it is, for the web.

CITATION.cff follows the Citation File Format 1.2.0 (Druskat et al. 2021, doi:10.5281/zenodo.5171937); record.jsonld is
the same schema.org record as in the web page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from pubkit.project.metadata import Author
from pubkit.references.comparison.names import ends_the_list
from pubkit.references.item import Item, Name
from pubkit.render import front, head
from pubkit.render.model import Edition
from pubkit.render.people import person_name
from pubkit.render.unmarked import unmarked

__all__ = ["citation_file", "linked_data"]

# These patterns are those of the format's own schema.
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
_PMCID = re.compile(r"PMC[0-9]{7}")
_ISBN = re.compile(r"[0-9\- ]{10,17}X?")
_ADDRESS = re.compile(r"https?://\S+")
_CREATIVE_COMMONS = re.compile(
    r"https://creativecommons\.org/(?:licenses/([a-z-]+)/(\d\.\d)|publicdomain/(zero)/1\.0)/"
)
_PAGES = re.compile(r"\s*([A-Za-z]?\d+[A-Za-z]?)\s*(?:-{1,2}|[\u2010-\u2015])\s*([A-Za-z]?\d+[A-Za-z]?)\s*")

#: CSL types -> the format's types; every other work is "generic".
_TYPES = {
    "article": "unpublished",
    "article-journal": "article",
    "article-magazine": "magazine-article",
    "article-newspaper": "newspaper-article",
    "bill": "bill",
    "book": "book",
    "dataset": "data",
    "hearing": "hearing",
    "legal_case": "legal-case",
    "legislation": "statute",
    "manuscript": "unpublished",
    "pamphlet": "pamphlet",
    "paper-conference": "conference-paper",
    "patent": "patent",
    "personal_communication": "personal-communication",
    "post-weblog": "blog",
    "report": "report",
    "software": "software",
    "standard": "standard",
    "thesis": "thesis",
    "webpage": "website",
}


class _Dumper(yaml.SafeDumper):
    """Writes repeated values out in full: few readers of such files know YAML's aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Return True for every value."""
        del data
        return True


def citation_file(edition: Edition) -> bytes:
    """Return CITATION.cff for `edition`: how to cite the publication, and the works that it cites."""
    record = {name: value for name, value in _citation(edition) if value}
    text = yaml.dump(record, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=False)
    return text.encode()


def linked_data(edition: Edition) -> bytes:
    """Return the schema.org record of `edition` as JSON-LD (UTF-8, indented by two)."""
    record = json.loads(head.json_ld(edition))
    return (json.dumps(record, ensure_ascii=False, indent=2) + "\n").encode()


def _citation(edition: Edition) -> Iterator[tuple[str, Any]]:
    publication = edition.publication
    doi = front.doi(edition.identifier)
    title = ": ".join(filter(None, (publication.title, publication.subtitle)))
    authors = _authors(publication.authors, publication.publisher)
    yield "cff-version", "1.2.0"
    yield "message", "If you use this publication, please cite it as below."
    yield "title", title
    yield "abstract", publication.abstract
    yield "authors", authors
    yield "version", publication.version
    yield "date-released", (publication.dates.updated or publication.dates.published).isoformat()
    yield "keywords", list(dict.fromkeys(publication.keywords))
    yield from _licence(publication.licence)
    yield from _identifiers(edition.identifier, doi)
    yield "preferred-citation", {name: value for name, value in _preferred(edition, title, authors, doi) if value}
    yield "references", [_reference(item) for item in edition.cited]


def _preferred(edition: Edition, title: str, authors: list[dict[str, str]], doi: str) -> Iterator[tuple[str, Any]]:
    publication = edition.publication
    yield "type", "generic"
    yield "title", title
    yield "authors", authors
    yield "version", publication.version
    yield "date-published", publication.dates.published.isoformat()
    yield "year", publication.dates.published.year
    yield "publisher", {"name": publication.publisher} if publication.publisher else None
    yield "doi", doi if _DOI.fullmatch(doi) else None
    yield "url", edition.identifier if not doi and _ADDRESS.fullmatch(edition.identifier) else None
    yield "languages", [publication.lang.split("-")[0]]
    yield "status", "in-preparation" if edition.draft else None


def _authors(authors: Iterable[Author], publisher: str | None) -> list[dict[str, str]]:
    """Return the authors; if there are none, the publisher stands in, or "anonymous", because the format requires one."""
    listed = [_author(author) for author in authors]
    return listed or [{"name": publisher} if publisher else {"alias": "anonymous"}]


def _author(author: Author) -> dict[str, str]:
    orcid = front.orcid_address(author.orcid)
    name = person_name(author.name, is_person=bool(orcid))
    if name is None:
        entry = {"name": author.name, "orcid": orcid, "email": author.email or ""}
    else:
        entry = {
            "given-names": name.given,
            "name-particle": name.apart()[0],
            "family-names": name.apart()[1],
            "name-suffix": name.suffix,
            "affiliation": "; ".join(author.affiliations),
            "orcid": orcid,
            "email": author.email or "",
        }
    return {key: value for key, value in entry.items() if value}


def _licence(licence: str | None) -> Iterator[tuple[str, str]]:
    """Yield an SPDX identifier if the licence has one, else its address."""
    address = front.licence_address(licence) or ""
    found = _CREATIVE_COMMONS.fullmatch(address)
    if found:
        yield "license", "CC0-1.0" if found[3] else f"CC-{found[1].upper()}-{found[2]}"
    elif _ADDRESS.fullmatch(address):
        yield "license-url", address


def _identifiers(identifier: str, doi: str) -> Iterator[tuple[str, Any]]:
    if _DOI.fullmatch(doi):
        yield "doi", doi
    else:
        yield "identifiers", [{"type": "url" if _ADDRESS.fullmatch(identifier) else "other", "value": identifier}]


def _reference(item: Item) -> dict[str, Any]:
    return {name: value for name, value in _said(item) if value}


def _said(item: Item) -> Iterator[tuple[str, Any]]:
    yield "type", _TYPES.get(item.type, "generic")
    yield "title", unmarked(item.title) or item.id
    people = [_cited_author(name) for name in item.author or item.editor if not ends_the_list(name)]
    yield "authors", people or [{"alias": "anonymous"}]
    yield "journal", unmarked(item.container_title)
    if item.issued and (item.year or 0) > 0:
        yield from zip(("year", "month"), item.issued.start, strict=False)
    yield from (("volume", unmarked(item.volume)), ("issue", unmarked(item.issue)), ("edition", unmarked(item.edition)))
    yield from _pages(unmarked(item.page))
    publisher = unmarked(item.publisher)
    yield "publisher", {"name": publisher} if publisher else None
    doi = unmarked(item.doi)
    yield "doi", doi if _DOI.fullmatch(doi) else None
    address = unmarked(item.url) or (f"https://doi.org/{doi}" if doi and not _DOI.fullmatch(doi) else "")
    yield "url", address if _ADDRESS.fullmatch(address) else None
    for name, value, pattern in (("pmcid", item.pmcid, _PMCID), ("isbn", item.isbn, _ISBN)):
        yield name, unmarked(value) if pattern.fullmatch(unmarked(value)) else None


def _cited_author(name: Name) -> dict[str, str]:
    family = unmarked(name.family)
    if not family:
        return {"name": unmarked(name.literal) or unmarked(name.given) or "anonymous"}
    entry = {
        "given-names": unmarked(name.given),
        "name-particle": " ".join(filter(None, map(unmarked, (name.dropping_particle, name.non_dropping_particle)))),
        "family-names": family,
        "name-suffix": unmarked(name.suffix),
    }
    return {key: value for key, value in entry.items() if value}


def _pages(pages: str) -> Iterator[tuple[str, str]]:
    if found := _PAGES.fullmatch(pages):
        yield "start", found[1]
        yield "end", found[2]
    elif pages:
        yield "start", pages
