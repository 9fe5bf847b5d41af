"""JATS XML, the format in which journals, libraries and PubMed Central exchange articles.

Pandoc writes the file with the template styles/article.jats: front matter from metadata; body, notes and reference list
from the tree. The file is one article of the Journal Publishing tag set, version 1.3 (ANSI/NISO Z39.96-2021), and uses
only elements that version 1.1 has too, so that older programs can read it. Pictures are in it as data.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from pubkit.boundary import pandoc
from pubkit.boundary.xml import Element, long_document
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import labels_for
from pubkit.manuscript.model import Picture
from pubkit.manuscript.tree import (
    Block,
    Citation,
    Cite,
    Image,
    MetaInlines,
    Para,
    RawBlock,
    Str,
    Strong,
    Tree,
    encode,
    every,
    plain_text,
)
from pubkit.project.metadata import Author, Reviewer
from pubkit.references.comparison.names import ends_the_list
from pubkit.references.item import Item, as_json
from pubkit.render import credit, exchange, front
from pubkit.render.body import embedded
from pubkit.render.exchange import div
from pubkit.render.front_text import labelled
from pubkit.render.model import Edition
from pubkit.render.people import person_name
from pubkit.render.styles.sheets import own
from pubkit.render.unmarked import unmarked

__all__ = ["render"]

_HREF = "{http://www.w3.org/1999/xlink}href"
#: The placeholder for a picture on its way through pandoc.
_PLACEHOLDER = re.compile(rb'(?<=xlink:href=")pubkit-picture-\d+\.[a-z]+(?=")')
_REFERENCE_TYPES = {
    "table-wrap": "table",
    "fig": "fig",
    "boxed-text": "fig",
    "sec": "sec",
    "disp-formula": "disp-formula",
}
_ARTICLE_NUMBER = re.compile(r"[A-Za-z]+\d+")
#: CSL types -> the publication types that JATS4R recommends, if they differ.
_PUBLICATION_TYPES = {
    "article-journal": "journal",
    "chapter": "book",
    "paper-conference": "confproc",
    "dataset": "data",
}


def render(edition: Edition) -> bytes:
    """Return the edition as one JATS article, UTF-8.

    Raises:
        InputRefused: a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = exchange.prepared(edition)
    pictures = list(_taken_pictures(tree, edition.pictures))
    text, references = exchange.references_last(tree.blocks)
    tree.blocks = [*_draft_mark(edition), *map(_boxed, edition.disclaimers), *text, *references]
    tree.meta = {"front": exchange.metadata(_front(edition))}
    root = long_document(_written(tree, "jats_publishing"))
    _complete_references(root, edition.cited)
    _set_labels(root)
    _set_cross_references(root)
    _unwrap_paragraphs(root)
    _describe_pictures(root, {name: alternative for name, _, alternative in pictures})
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink", "mml", "ali"])
    data = etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True) + b"\n"
    addresses = {name.encode(): embedded(picture).encode() for name, picture, _ in pictures}
    return _PLACEHOLDER.sub(lambda found: addresses.get(found[0], found[0]), data)


def _written(tree: Tree, to: str) -> bytes:
    files = {"article.jats": own("article.jats").encode()}
    return pandoc.convert(encode(tree), to, ["--wrap=none", "--template={folder}/article.jats"], files)


# The tree


def _taken_pictures(tree: Tree, pictures: Mapping[str, Picture]) -> Iterator[tuple[str, Picture, str]]:
    """Replace pictures with placeholders; yield each name, picture and text, which pandoc 3.9 does not escape."""
    for number, image in enumerate(every(Image, tree.blocks)):
        picture, alternative = pictures[image.target.url], plain_text(image.content)
        image.content = []
        image.target.url = f"pubkit-picture-{number}.{picture.media_type.removeprefix('image/').removesuffix('+xml')}"
        yield image.target.url, picture, alternative


def _draft_mark(edition: Edition) -> list[Block]:
    banner = Para([Strong([Str(labels_for(edition.publication.lang)["draft-banner"])])])
    return [div([banner], content_type="draft", position="anchor")] if edition.draft else []


def _boxed(block: DisclaimerBlock) -> Block:
    """Return a disclaimer as a box with its reserved id."""
    title = RawBlock(("jats", f"<caption><title>{escape(block.heading)}</title></caption>"))
    attributes = {"content_type": "disclaimer", "position": "anchor", "lang": block.locale}
    return div([title, *exchange.notice(block)], block.identifier, **attributes)


# The front matter


def _front(edition: Edition) -> dict[str, Any]:
    """Return what the template says about the publication, following JATS4R on authors, permissions and conflicts."""
    publication, dates = edition.publication, edition.publication.dates
    people: list[Author | Reviewer] = [*publication.authors, *edition.review.reviewed]
    places = list(dict.fromkeys(place for who in people for place in who.affiliations))
    doi = front.doi(edition.identifier)
    history = {
        "updated": dates.updated,
        front.last_look(edition): dates.last_reviewed,
        "next-review": dates.next_review,
        "evidence-search": dates.evidence_search,
    }
    return {
        "lang": publication.lang,
        # The standard requires a journal; the publisher stands in for one, and an empty ISSN says that it is not.
        "publisher": publication.publisher or publication.title,
        "identifier": {"kind": "doi" if doi else "publisher-id", "text": doi or edition.identifier},
        "title": edition.printed_front.title,
        "subtitle": edition.printed_front.subtitle,
        "groups": [
            {"kind": kind, "people": [_person(who, kind, places) for who in people if isinstance(who, role)]}
            for kind, role in (("author", Author), ("reviewer", Reviewer))
            if any(isinstance(who, role) for who in people)
        ],
        "places": [{"number": number, "name": place} for number, place in enumerate(places, 1)],
        "notes": [{"kind": kind, "text": text} for kind, text in _notes(edition, people) if text],
        "published": [_date(dates.published)],
        "history": [{"kind": kind, **_date(day)} for kind, day in history.items() if day],
        "events": list(_events(edition)),
        "permalink": publication.permalink,
        "licence": publication.licence,
        "terms": front.licence_address(publication.licence),
        "summary": labels_for(publication.lang)["abstract"],
        "abstract": _abstract(edition.printed_front.abstract),
        "keywords": publication.keywords,
        "funding": publication.funding,
        "statements": [{"name": name, "value": value} for name, value in _statements(edition) if value],
    }


def _abstract(blocks: Sequence[Block]) -> dict[str, Any]:
    """Return a structured abstract as sections with titles, any other as paragraphs; lists become paragraphs."""
    paragraphs = list(every(Para, blocks))
    parts = [labelled(one) for one in paragraphs]
    if len(parts) > 1 and all(label for label, _ in parts):
        return {"parts": [{"label": label, "text": text} for label, text in parts]}
    return {"paragraphs": [one.content for one in paragraphs]}


def _notes(edition: Edition, people: Sequence[Author | Reviewer]) -> Iterator[tuple[str, str]]:
    """Yield kind and words of each note on the people: conflicts, a planned review, or that nobody reviewed the text."""
    labels = labels_for(edition.publication.lang)
    yield from (("coi-statement", f"{who.name}: {who.conflicts}") for who in people if who.conflicts)
    planned = f" {labels['and']} ".join(front.person(who, labels) for who in edition.review.planned)
    for name, words in (("review-planned", planned), ("not-reviewed", front.unreviewed(edition))):
        yield "other", f"{labels[name]}: {words}" if words else ""


def _person(who: Author | Reviewer, kind: str, places: list[str]) -> dict[str, Any]:
    name = person_name(who.name, is_person=who.orcid is not None)
    return {
        "kind": kind,
        "orcid": front.orcid_address(who.orcid),
        "name": {"family": name.family, "given": name.given, "prefix": name.prefix, "suffix": name.suffix}
        if name
        else "",
        "group": "" if name else who.name,
        "credentials": who.credentials,
        "email": who.email if isinstance(who, Author) else "",
        "roles": [_role(words) for words in who.roles] if isinstance(who, Author) else [],
        "places": [places.index(place) + 1 for place in who.affiliations],
    }


def _role(words: str) -> dict[str, str]:
    term = credit.term(words)
    return {"words": words, **({"term": term.name, "address": term.address} if term else {})}


def _date(day: dt.date) -> dict[str, str]:
    return {"iso": day.isoformat(), "day": f"{day.day:02}", "month": f"{day.month:02}", "year": str(day.year)}


def _events(edition: Edition) -> Iterator[dict[str, Any]]:
    """Yield what happened to the publication before this edition: corrections, and the editions released."""
    labels = labels_for(edition.publication.lang)
    for one in edition.publication.corrections:
        yield {"kind": "correction", "text": one.what, **_date(one.on)}
    for version, on in edition.earlier:
        yield {"kind": "edition", "text": labels["version-of"].format(version=version), **_date(on)}


def _statements(edition: Edition) -> Iterator[tuple[str, str | None]]:
    """Yield what JATS has no element for."""
    publication = edition.publication
    yield "version", publication.version
    yield "status", "draft" if edition.draft else "published"
    yield "audience", publication.audience.readers if publication.audience else ""
    yield "contact", publication.contact
    yield "citation-style", edition.csl_name
    yield "source-sha256", edition.source_sha256
    yield "references-not-checked", str(edition.unchecked) if edition.unchecked else ""
    for block in edition.disclaimers:
        yield "disclaimer", f"{block.variant} {block.version} ({block.locale})"


# After pandoc


def _complete_references(root: Element, cited: Sequence[Item]) -> None:
    """Give each printed reference its label and, beside it, the same work in machine-readable parts."""
    parts = _references_in_parts(cited) if cited else {}
    for reference in root.iter("ref"):
        printed = reference[0]
        margin = printed.find("named-content[@content-type='csl-left-margin']")
        if margin is not None:
            reference.insert(0, label := etree.Element("label"))
            label.text, margin.text = "".join(map(str, margin.itertext())).strip(), ""
        etree.strip_tags(printed, "named-content")
        if (work := parts.get(reference.get("id", ""))) is not None:
            reference.append(both := etree.Element("citation-alternatives"))
            both.extend([work, printed])


def _references_in_parts(cited: Sequence[Item]) -> dict[str, Element]:
    """Return the works as pandoc's <element-citation>, by the id of the reference."""
    items = exchange.metadata([_unmarked(as_json(item)) for item in cited])
    everything = MetaInlines([Cite(([Citation("*")], []))])
    tree = Tree(meta={"nocite": everything, "references": items}, blocks=[div([], "refs")])
    found = {}
    for reference in long_document(_written(tree, "jats_publishing+element_citations")).iter("ref"):
        found[reference.get("id", "")] = work = reference[0]
        kind = work.get("publication-type", "")
        work.set("publication-type", _PUBLICATION_TYPES.get(kind, kind))
        for person in work.iter("name", "string-name"):
            if ends_the_list("".join(map(str, person.itertext()))):
                person.clear()
                person.tag = "etal"
        etree.strip_elements(work, *(one.tag for one in work if not len(one) and not one.text), with_tail=False)
        _name_bodies_and_article_numbers(work)
    return found


def _unmarked(value: object) -> object:
    """Return CSL-JSON without markup."""
    if isinstance(value, Mapping):
        return {name: _unmarked(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_unmarked(one) for one in value]
    return unmarked(value) if isinstance(value, str) else value


def _name_bodies_and_article_numbers(work: Element) -> None:
    """Mark up bodies as <collab>, and the number of an article without pages as <elocation-id> (JATS4R)."""
    for body in work.iter("string-name"):
        body.tag = "collab"
    page = work.find("fpage")
    if page is not None and work.find("lpage") is None and _ARTICLE_NUMBER.fullmatch(page.text or ""):
        page.tag = "elocation-id"


def _set_labels(root: Element) -> None:
    """Make the numbers of sections, figures and tables labels; move a table's id to its wrapper."""
    for holder in root.iter("title", "caption"):
        number = next(holder.iter("named-content"), None)
        target, parent = holder.getparent(), number.getparent() if number is not None else None
        if target is None or number is None or parent is None or (parent.text or "").strip() or parent.index(number):
            continue
        if number.get("content-type") in {"section-number", "caption-number"}:
            target.insert(target.index(holder), label := etree.Element("label"))
            label.text = "".join(map(str, number.itertext()))
            parent.text = (number.tail or "").lstrip()
            number.tail = None
            parent.remove(number)
    for wrapper in root.iter("table-wrap"):
        table = wrapper.find("table")
        if table is not None and "id" in table.attrib:
            wrapper.set("id", table.attrib.pop("id"))


def _set_cross_references(root: Element) -> None:
    """Say in every cross-reference what it leads to; one without a target becomes text."""
    targets = {element.get("id"): element.tag for element in root.iter() if element.get("id")}
    for reference in root.iter("xref"):
        target = targets.get(reference.get("rid"))
        if target is None:
            reference.tag = "pubkit-nowhere"
        elif not reference.get("ref-type") and target in _REFERENCE_TYPES:
            reference.set("ref-type", _REFERENCE_TYPES[target])
    etree.strip_tags(root, "pubkit-nowhere")


def _unwrap_paragraphs(root: Element) -> None:
    """Remove pandoc's wrapper around paragraphs: it wraps blocks where it expects a paragraph, and nesting is invalid."""
    for wrapper in root.iter("p"):
        if wrapper.get("specific-use") == "wrapper" and wrapper.find("p") is not None:
            wrapper.tag = "pubkit-wrapper"
    etree.strip_tags(root, "pubkit-wrapper")


def _describe_pictures(root: Element, alternatives: Mapping[str, str]) -> None:
    for picture in root.iter("graphic", "inline-graphic"):
        if words := alternatives[picture.get(_HREF, "")]:
            picture.insert(0, alternative := etree.Element("alt-text"))
            alternative.text = words
        if (holder := picture.getparent()) is not None and holder.tag in {"list-item", "def"}:
            picture.addprevious(wrapper := etree.Element("p"))
            wrapper.append(picture)
