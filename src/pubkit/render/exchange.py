"""An edition made ready for pandoc's own writers: Word, JATS and plain text.

The HTML formats have `pubkit.render.tree`; these three need less. Pandoc's writers print English quotation marks in every
language and colour code with styles of their own. Inside its sandbox pandoc sees no file, so a stand-in goes through it for
each picture, whose own bytes the writer puts in afterwards.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pubkit.boundary.files import printable, refusal
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import Node, inline_lists, nodes, plain_text
from pubkit.render import claims, front
from pubkit.render.model import Edition
from pubkit.render.rules import SRC031, SRC033

__all__ = [
    "after_text", "before_text", "data_address", "dateline", "div", "is_decorative", "metadata", "notice",
    "paragraph", "paragraphs", "pictures_of", "prepared", "references_last", "string",
]  # fmt: skip

_RAW = frozenset({"RawBlock", "RawInline"})


def prepared(edition: Edition) -> Tree:
    """Return a copy of the tree of `edition` for pandoc's writers; the words of each picture are its alternative.

    Raises:
        InputRefused: the tree still holds a raw part, or a picture that is not among the checked ones.
    """
    tree: Tree = json.loads(json.dumps(edition.tree))
    for node in nodes(tree["blocks"]):
        match node["t"]:
            case kind if kind in _RAW:
                message = f"A raw {node['c'][0]} block reached the rendering stage."
                raise refusal(SRC031, message, "Remove raw HTML and raw blocks from the manuscript.", None)
            case "Code" | "CodeBlock":
                node["c"][0][1:] = [[], []]
            case "Image":
                _prepare_picture(edition, node)
    claims.mark(tree, edition.disclaimers)
    labels = labels_for(edition.publication.lang)
    for siblings in inline_lists(tree["blocks"]):
        siblings[:] = [part for node in siblings for part in _in_quotation_marks(node, labels)]
    return {**tree, "meta": {}}


def _prepare_picture(edition: Edition, image: Node) -> None:
    attributes, words, (target, _) = image["c"]
    if target not in edition.pictures:
        message = f"A picture was not checked before rendering: {printable(target)}"
        raise refusal(SRC033, message, "Refer to the picture by its path.", None)
    said = dict(attributes[2]).get("alt", plain_text(words))
    attributes[2] = [pair for pair in attributes[2] if pair[0] != "alt"]
    image["c"][1] = [string(said)] if said and not is_decorative(image) else []


def _in_quotation_marks(node: Node, labels: Labels) -> list[Node]:
    if node["t"] != "Quoted":
        return [node]
    first = 0 if node["c"][0]["t"] == "DoubleQuote" else 2
    before, after = labels.quotes[first : first + 2]
    inside = [part for inner in node["c"][1] for part in _in_quotation_marks(inner, labels)]
    return [string(before), *inside, string(after)]


def pictures_of(tree: Tree) -> Iterator[Node]:
    """Yield the pictures of `tree`, in reading order."""
    return (node for node in nodes(tree["blocks"]) if node["t"] == "Image")


def is_decorative(image: Node) -> bool:
    """Return whether the author has said that this picture carries no information."""
    return "decorative" in image["c"][0][1]


def data_address(media_type: str, data: bytes) -> str:
    """Return `data` as an address that loads nothing."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"


def references_last(blocks: list[Node]) -> tuple[list[Node], list[Node]]:
    """Return the text without its reference list, and the list with the heading right above it."""
    place = next((at for at, one in enumerate(blocks) if one["t"] == "Div" and one["c"][0][0] == "refs"), None)
    if place is None:
        return blocks, []
    start = place - 1 if place and blocks[place - 1]["t"] == "Header" else place
    return blocks[:start] + blocks[place + 1 :], blocks[start : place + 1]


# What stands before and after the text


def dateline(edition: Edition) -> str:
    """Return the dates and the version in one line."""
    apart = {fact.name for fact in front.reviews(edition)}
    return " · ".join(f"{fact.name}:\u00a0{fact.words}" for fact in front.facts(edition) if fact.name not in apart)


def before_text(edition: Edition, disclaimers: Iterable[Node]) -> list[Node]:
    """Return what stands between the title and the text: reviews, money, interests, draft mark, `disclaimers` ..."""
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    conflicts = " ".join(f"{who.name}: {who.conflicts}" for who in publication.authors if who.conflicts)
    summary = [paragraph(string(part)) for part in paragraphs(publication.abstract)]
    return [
        *(part for fact in front.reviews(edition) for part in _named(fact.name, fact.words)),
        *_named(labels["funding"], publication.funding),
        *_named(labels["conflicts"], conflicts),
        *([div([paragraph(string(labels["draft-banner"]))], style="Draft Mark")] if edition.draft else []),
        *disclaimers,
        *([div([paragraph(string(labels["abstract"]))], style="Abstract Title")] if summary else []),
        *([div(summary, style="Abstract")] if summary else []),
        *_named(labels["keywords"], ", ".join(publication.keywords)),
    ]


def after_text(edition: Edition) -> list[Node]:
    """Return the imprint: a heading, and its entries as a list of definitions."""
    title = labels_for(edition.publication.lang)["imprint"]
    entries = [
        [[string(entry.name)], [[{"t": "Plain", "c": _linked(*line)} for line in entry.lines]]]
        for entry in front.imprint(edition)
    ]
    heading = {"t": "Header", "c": [1, ["pubkit-imprint", ["unnumbered"], []], [string(title)]]}
    return [heading, {"t": "DefinitionList", "c": entries}] if entries else []


def _named(name: str, words: str | None) -> list[Node]:
    return [paragraph({"t": "Strong", "c": [string(f"{name}:")]}, {"t": "Space"}, string(words))] if words else []


def notice(block: DisclaimerBlock) -> list[Node]:
    """Return the paragraphs of a disclaimer, with its links and its weight."""
    parts = [_with_links(text, block.links) for text in block.paragraphs]
    return [paragraph(*([{"t": "Strong", "c": part}] if block.typography.bold else part)) for part in parts]


def paragraphs(text: str | None) -> list[str]:
    """Return the paragraphs of an abstract, each on one line."""
    return [words for part in (text or "").split("\n\n") if (words := " ".join(part.split()))]


def _with_links(text: str, links: Mapping[str, str]) -> list[Node]:
    """Return `text` as inlines, with a link wherever the words of one of `links` (words to address) stand."""
    found = [(text.find(words), -len(words), words) for words in links if words and words in text]
    if not found:
        return [string(text)] if text else []
    start, _, words = min(found)
    before = [string(text[:start])] if start else []
    return [*before, *_linked(words, links[words]), *_with_links(text[start + len(words) :], links)]


# Elements of the tree


def string(text: str) -> Node:
    """Return a run of text as one node; spaces in it stay as they are."""
    return {"t": "Str", "c": text}


def paragraph(*inlines: Node) -> Node:
    """Return a paragraph of `inlines`."""
    return {"t": "Para", "c": list(inlines)}


def div(blocks: list[Node], identifier: str = "", style: str = "", **attributes: str) -> Node:
    """Return `blocks` as one part, with the Word style `style`; other `attributes` by their names, "_" for "-"."""
    pairs = [["custom-style", style]] if style else []
    pairs += [[name.replace("_", "-"), value] for name, value in attributes.items()]
    return {"t": "Div", "c": [[identifier, [], pairs], blocks]}


def _linked(text: str, target: str) -> list[Node]:
    return [{"t": "Link", "c": [["", [], []], [string(text)], [target, ""]]}] if target else [string(text)]


def metadata(value: Any) -> Node:
    """`value`, of mappings, sequences and texts, as pandoc's metadata; what is empty counts as not said."""
    if isinstance(value, Mapping):
        return {"t": "MetaMap", "c": {name: metadata(part) for name, part in value.items() if part}}
    if isinstance(value, list | tuple):
        return {"t": "MetaList", "c": [metadata(part) for part in value]}
    return {"t": "MetaInlines", "c": [string(str(value))]}
