"""The syntax tree made ready for pandoc's own writers: Word, JATS and plain text.

The HTML formats have `pubkit.render.tree`; these three need less. Pandoc's writers print English quotation marks in every
language and colour code with styles of their own, and inside its sandbox they see no file, so pictures come along as data.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from pubkit.files import printable, refusal
from pubkit.language.labels import Labels, labels_for
from pubkit.manuscript.model import Picture, Tree
from pubkit.manuscript.tree import Node, inline_lists, nodes
from pubkit.render import claims
from pubkit.render.model import Edition
from pubkit.render.rules import SRC031, SRC033

__all__ = ["address_of", "is_decorative", "link", "prepared", "string", "with_links"]

_RAW = frozenset({"RawBlock", "RawInline"})


def prepared(edition: Edition, picture: Callable[[Picture], str]) -> Tree:
    """A copy of the tree of `edition` for pandoc's writers; `picture` gives the address that each picture gets.

    Raises:
        InputRefused: the tree still holds a raw part, or a picture that is not among the checked ones.
    """
    tree: Tree = json.loads(json.dumps(edition.tree))
    for node in nodes(tree["blocks"]):
        match node["t"]:
            case kind if kind in _RAW:
                raise _raw(node)
            case "Code" | "CodeBlock":
                node["c"][0][1:] = [[], []]
            case "Image":
                node["c"][2][0] = picture(_checked(edition, node["c"][2][0]))
    claims.mark(tree, edition.disclaimers)
    _set_quotation_marks(tree["blocks"], labels_for(edition.publication.lang))
    return {**tree, "meta": {}}


def _raw(node: Node) -> Exception:
    message = f"A raw {node['c'][0]} part reached the printing stage."
    return refusal(SRC031, message, "Remove raw HTML and raw blocks from the manuscript.", None)


def _checked(edition: Edition, target: str) -> Picture:
    if target not in edition.pictures:
        message = f"A picture is not among the checked ones: {printable(target)}"
        raise refusal(SRC033, message, "Name it by its path.", None)
    return edition.pictures[target]


def _set_quotation_marks(blocks: list[Node], labels: Labels) -> None:
    for siblings in inline_lists(blocks):
        if any(node["t"] == "Quoted" for node in siblings):
            siblings[:] = [part for node in siblings for part in _in_quotation_marks(node, labels)]


def _in_quotation_marks(node: Node, labels: Labels) -> list[Node]:
    if node["t"] != "Quoted":
        return [node]
    first = 0 if node["c"][0]["t"] == "DoubleQuote" else 2
    before, after = labels.quotes[first : first + 2]
    inside = [part for inner in node["c"][1] for part in _in_quotation_marks(inner, labels)]
    return [string(before), *inside, string(after)]


def address_of(picture: Picture) -> str:
    """The picture itself, as an address that loads nothing."""
    return f"data:{picture.media_type};base64,{base64.b64encode(picture.data).decode()}"


def is_decorative(image: Node) -> bool:
    """Whether the author has said that this picture carries no information."""
    classes: list[Any] = image["c"][0][1]
    return "decorative" in classes


def string(text: str) -> Node:
    """A run of text as one node; blanks in it stay as they are."""
    return {"t": "Str", "c": text}


def link(text: str, target: str) -> Node:
    """A link whose words are `text`."""
    return {"t": "Link", "c": [["", [], []], [string(text)], [target, ""]]}


def with_links(text: str, links: dict[str, str]) -> list[Node]:
    """`text` as inlines, with a link wherever the words of one of `links` (words to address) stand."""
    found = [(text.find(words), words) for words in links if words and words in text]
    if not found:
        return [string(text)] if text else []
    start, words = min(found, key=lambda one: (one[0], -len(one[1])))
    before = [string(text[:start])] if start else []
    return [*before, link(words, links[words]), *with_links(text[start + len(words) :], links)]
