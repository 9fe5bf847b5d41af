"""The title page, the disclaimers and the imprint as blocks of the syntax tree, each with the name of its Word style."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.tree import Node
from pubkit.render import front
from pubkit.render.exchange import link, string, with_links
from pubkit.render.model import Edition

__all__ = ["IMPRINT", "after_text", "before_text"]

#: The bookmark of the imprint.
IMPRINT = "pubkit-imprint"


def before_text(edition: Edition) -> list[Node]:
    """What stands before the text: title block, draft mark, disclaimers, summary, keywords."""
    labels = labels_for(edition.publication.lang)
    return [
        *_title_block(edition, labels),
        *(block for one in edition.disclaimers for block in _disclaimer(one)),
        *_summary(edition, labels),
    ]


def _title_block(edition: Edition, labels: Labels) -> Iterator[Node]:
    publication = edition.publication
    if publication.publisher:
        yield _styled("Publisher", [string(publication.publisher)])
    yield _styled("Title", [string(publication.title)])
    if publication.subtitle:
        yield _styled("Subtitle", [string(publication.subtitle)])
    places = list(dict.fromkeys(author.affiliation for author in publication.authors if author.affiliation))
    if publication.authors:
        yield _styled("Author", list(_byline(edition, places)))
    for number, place in enumerate(places, 1):
        mark = [_raised(str(number)), string("\u2002")] if len(places) > 1 else []
        yield _styled("Affiliation", [*mark, string(place)])
    facts = [f"{fact.name}:\u00a0{fact.words}" for fact in front.facts(edition)]
    yield _styled("Date", [string(" · ".join(facts))])
    if publication.funding:
        yield _named(labels["funding"], publication.funding)
    conflicts = [f"{who.name}: {who.conflicts}" for who in publication.authors if who.conflicts]
    if conflicts:
        yield _named(labels["conflicts"], " ".join(conflicts))
    if edition.draft:
        yield _styled("Draft Mark", [string(labels["draft-banner"])])


def _byline(edition: Edition, places: Sequence[str]) -> Iterator[Node]:
    for index, author in enumerate(edition.publication.authors):
        if index:
            yield string(" · ")
        yield string(front.person(author))
        if len(places) > 1 and author.affiliation:
            yield _raised(str(places.index(author.affiliation) + 1))


def _disclaimer(block: DisclaimerBlock) -> Iterator[Node]:
    """The block under its reserved id, heading and paragraphs in the language that they are in."""
    paragraphs = [
        _styled("Disclaimer Heading", [string(block.heading)]),
        *(_styled("Disclaimer", _weighted(with_links(text, dict(block.links)), block)) for text in block.paragraphs),
    ]
    yield {"t": "Div", "c": [[block.identifier, [], [["lang", block.locale]]], paragraphs]}


def _weighted(inlines: list[Node], block: DisclaimerBlock) -> list[Node]:
    return [{"t": "Strong", "c": inlines}] if block.typography.bold else inlines


def _summary(edition: Edition, labels: Labels) -> Iterator[Node]:
    publication = edition.publication
    if publication.abstract:
        yield _styled("Abstract Title", [string(labels["abstract"])])
        for paragraph in publication.abstract.split("\n\n"):
            if words := " ".join(paragraph.split()):
                yield _styled("Abstract", [string(words)])
    if publication.keywords:
        yield _named(labels["keywords"], ", ".join(publication.keywords), "Keywords")


def after_text(edition: Edition) -> list[Node]:
    """What stands after the text: the imprint, a table of names and entries."""
    labels = labels_for(edition.publication.lang)
    heading = {"t": "Header", "c": [1, [f"{IMPRINT}-heading", ["unnumbered"], []], [string(labels["imprint"])]]}
    rows = [_row(entry) for entry in front.imprint(edition)]
    columns = [[{"t": "AlignLeft"}, {"t": "ColWidth", "c": width}] for width in (0.27, 0.73)]
    no_attributes = ["", [], []]
    body = [no_attributes, 1, [], rows]
    caption: list[object] = [None, []]
    table = [[IMPRINT, [], []], caption, columns, [no_attributes, []], [body], [no_attributes, []]]
    return [heading, {"t": "Table", "c": table}] if rows else []


def _row(entry: front.Entry) -> Node | list[object]:
    lines = [{"t": "Plain", "c": [link(words, target) if target else string(words)]} for words, target in entry.lines]
    return [["", [], []], [_cell([{"t": "Plain", "c": [{"t": "Strong", "c": [string(entry.name)]}]}]), _cell(lines)]]


def _cell(blocks: list[Node]) -> list[object]:
    return [["", [], []], {"t": "AlignDefault"}, 1, 1, blocks]


def _styled(style: str, inlines: list[Node]) -> Node:
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], [{"t": "Para", "c": inlines}]]}


def _named(name: str, words: str, style: str = "Publication Facts") -> Node:
    return _styled(style, [{"t": "Strong", "c": [string(f"{name}:")]}, {"t": "Space"}, string(words)])


def _raised(text: str) -> Node:
    return {"t": "Superscript", "c": [string(text)]}
