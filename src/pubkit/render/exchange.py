"""An edition prepared for pandoc's own writers: Word, JATS and plain text.

The HTML formats have `pubkit.render.tree`; these three need less. Pandoc's writers print English quotation marks in
every language and colour code with styles of their own. Inside its sandbox pandoc sees no files, so a placeholder
stands for each picture, whose bytes the writer inserts afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from pubkit.boundary.files import printable, refusal
from pubkit.disclaimers.model import DisclaimerBlock, Place
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Code,
    CodeBlock,
    DefinitionList,
    Div,
    Header,
    Image,
    Inline,
    InlineNode,
    Link,
    Meta,
    MetaInlines,
    MetaList,
    MetaMap,
    Para,
    Plain,
    Quoted,
    RawBlock,
    RawInline,
    Str,
    Strong,
    Target,
    Tree,
    copied,
    inline_lists,
    nodes,
    plain_text,
)
from pubkit.render import claims, front
from pubkit.render.model import Edition
from pubkit.render.rules import SRC033
from pubkit.render.tree import in_quotation_marks, unprintable

__all__ = [
    "after_text", "before_text", "dateline", "div", "is_decorative", "metadata", "named_metadata",
    "notice", "paragraph", "prepared", "references_last",
]  # fmt: skip


def prepared(edition: Edition) -> Tree:
    """Return a copy of the tree of `edition` for pandoc's writers; the words of each picture are its alternative text.

    Raises:
        InputRefused: the tree still contains a raw part, or a picture that is not among the checked ones.
    """
    tree = copied(edition.tree)
    tree.meta = {}
    for node in nodes(tree.blocks):
        match node:
            case RawBlock() | RawInline():
                raise unprintable(node)
            case Code() | CodeBlock():
                node.attr = Attr(node.attr.identifier)
            case Image():
                _prepare_picture(edition, node)
    claims.mark(tree, edition.disclaimers)
    labels = labels_for(edition.publication.lang)
    for siblings in inline_lists(tree.blocks):
        siblings[:] = [part for node in siblings for part in _without_quotations(node, labels)]
    return tree


def _prepare_picture(edition: Edition, image: Image) -> None:
    if image.target.url not in edition.pictures:
        message = f"A picture is not among the checked ones: {printable(image.target.url)}"
        raise refusal(SRC033, message, "Name it by its path.", None)
    said = dict(image.attr.pairs).get("alt", plain_text(image.content))
    image.attr.pairs = [pair for pair in image.attr.pairs if pair[0] != "alt"]
    image.content = [Str(said)] if said and not is_decorative(image) else []


def _without_quotations(node: Inline, labels: Labels) -> list[Inline]:
    if not isinstance(node, Quoted):
        return [node]
    return [part for inner in in_quotation_marks(node, labels) for part in _without_quotations(inner, labels)]


def is_decorative(image: Image) -> bool:
    """Return whether the author has marked this picture as decorative."""
    return "decorative" in image.attr.classes


def references_last(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """Return the text without its reference list, and the list with the heading directly above it."""
    place = next((at for at, one in enumerate(blocks) if isinstance(one, Div) and one.attr.identifier == "refs"), None)
    if place is None:
        return blocks, []
    start = place - 1 if place and isinstance(blocks[place - 1], Header) else place
    return blocks[:start] + blocks[place + 1 :], blocks[start : place + 1]


# What comes before and after the text


def dateline(edition: Edition) -> str:
    """Return the version, its date and the state of its review on one line."""
    return " · ".join(fact.text for fact in front.facts(edition))


def before_text(edition: Edition, printed: Callable[[DisclaimerBlock], Iterable[Block]]) -> list[Block]:
    """Return what comes between the title and the text: draft mark, summary, and the disclaimers around it.

    Args:
        edition: the edition.
        printed: returns one disclaimer as the format prints it.
    """
    labels = labels_for(edition.publication.lang)
    summary = edition.printed_front.abstract

    def placed(*places: Place) -> list[Block]:
        return [part for block in edition.disclaimers if block.place in places for part in printed(block)]

    return [
        *([div([paragraph(labels["draft-banner"])], style="Draft Mark")] if edition.draft else []),
        *placed(Place.TOP, Place.BEFORE_SUMMARY),
        *([div([paragraph(labels["abstract"])], style="Abstract Title")] if summary else []),
        *([div(summary, style="Abstract")] if summary else []),
        *placed(Place.AFTER_SUMMARY),
    ]


def after_text(edition: Edition) -> list[Block]:
    """Return the imprint: a heading, and its entries as a list of definitions."""
    title = labels_for(edition.publication.lang)["imprint"]
    entries = list(map(_entry, front.imprint(edition)))
    heading = Header((1, Attr("pubkit-imprint", ["unnumbered"]), [Str(title)]))
    return [heading, DefinitionList(entries)] if entries else []


def _entry(entry: front.Entry) -> tuple[list[Inline], list[list[Block]]]:
    return [Str(entry.name)], [[Plain(_linked(*line)) for line in entry.lines]]


def notice(block: DisclaimerBlock) -> list[Block]:
    """Return the paragraphs of a disclaimer, with its links and its weight."""
    parts = [_with_links(text, block.links) for text in block.paragraphs]
    return [Para([Strong(part)] if block.typography.bold else part) for part in parts]


def _with_links(text: str, links: Mapping[str, str]) -> list[Inline]:
    """Return `text` as inlines, with a link wherever words of `links` (words to address) occur."""
    found = [(text.find(words), -len(words), words) for words in links if words and words in text]
    if not found:
        return [Str(text)] if text else []
    start, _, words = min(found)
    before = [Str(text[:start])] if start else []
    return [*before, *_linked(words, links[words]), *_with_links(text[start + len(words) :], links)]


# Elements of the tree


def paragraph(text: str) -> Para:
    """Return a paragraph with the text `text`."""
    return Para([Str(text)])


def div(blocks: Iterable[Block], identifier: str = "", style: str = "", **attributes: str) -> Div:
    """Return `blocks` as one Div with the Word style `style`; in the names of `attributes`, "_" stands for "-"."""
    pairs = [("custom-style", style)] if style else []
    pairs += [(name.replace("_", "-"), value) for name, value in attributes.items()]
    return Div((Attr(identifier, [], pairs), list(blocks)))


def _linked(text: str, target: str) -> list[Inline]:
    return [Link((Attr(), [Str(text)], Target(target)))] if target else [Str(text)]


def metadata(value: object) -> Meta:
    """Return `value`, made of mappings, sequences and texts, as pandoc's metadata; what is empty counts as missing.

    A sequence of inlines is one text.
    """
    if isinstance(value, Mapping):
        return MetaMap(named_metadata(value))
    if isinstance(value, list) and value and isinstance(value[0], InlineNode):
        return MetaInlines(value)
    if isinstance(value, list | tuple):
        return MetaList([metadata(part) for part in value])
    return MetaInlines([Str(str(value))])


def named_metadata(values: Mapping[str, object]) -> dict[str, Meta]:
    """Return the same, as the metadata of a whole tree."""
    return {name: metadata(value) for name, value in values.items() if value}
