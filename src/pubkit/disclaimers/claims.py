"""The statements of a label that its author has marked: `[Supports calm]{.claim}` in the Markdown.

Each such statement is tied to the dietary supplement statement by a symbol at its end (21 CFR 101.93(d)); the writers print
the symbol, and how many there are decides between the singular and the plural of the statement (101.93(c)).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import Node, nodes, plain_text

__all__ = ["CLASS", "is_claim", "marked", "misplaced"]

#: The class by which an author marks a statement.
CLASS = "claim"

_ATTRIBUTE = {"Header": 1} | dict.fromkeys(("Code", "CodeBlock", "Div", "Figure", "Image", "Link", "Span", "Table"), 0)
#: Inlines whose printed form is not known from the tree alone.
_UNSURE = frozenset({"Cite", "Code", "Math", "Note"})


def is_claim(node: Node) -> bool:
    """Return whether `node` is a marked statement."""
    return node["t"] == "Span" and _has_class(node)


def marked(tree: Tree) -> tuple[str, ...]:
    """Return the marked statements of `tree`, in reading order: of each the words up to its end.

    Words before a citation, a note, a formula or code inside a statement are left out, because what is printed there is not
    known from the tree.
    """
    return tuple(_last_words(span["c"][1]) for span in _outside_pictures(tree.get("blocks", [])) if is_claim(span))


def misplaced(tree: Tree) -> Iterator[tuple[str, str]]:
    """Marks that no writer can tie to the statement: the words they stand on, and what is wrong with each."""
    for node in nodes(tree.get("blocks", [])):
        if node["t"] == "Header" and any(is_claim(part) for part in nodes(node["c"][2])):
            yield (
                plain_text(node["c"][2]),
                "stands in a heading, which contents and page heads repeat without the symbol",
            )
        elif node["t"] != "Span" and _has_class(node):
            yield plain_text(node["c"]), "is marked as a whole block, link or picture"
        elif is_claim(node) and not plain_text(node["c"][1]):
            yield "", "has no words"
        elif is_claim(node) and any(is_claim(part) for part in nodes(node["c"][1])):
            yield plain_text(node["c"][1]), "holds another one"


def _has_class(node: Node) -> bool:
    place = _ATTRIBUTE.get(node["t"])
    return place is not None and CLASS in node["c"][place][1]


def _outside_pictures(value: Any) -> Iterator[Node]:
    """Yield every node below `value`, in reading order; the words of a picture repeat its caption."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(reversed(part))
        elif isinstance(part, dict) and part.get("t") != "Image":
            if "t" in part:
                yield part
            stack.append(part.get("c"))


def _last_words(inlines: list[Node]) -> str:
    last = 0
    for place, inline in enumerate(inlines):
        if any(part["t"] in _UNSURE for part in nodes(inline)):
            last = place + 1
    return plain_text(inlines[last:])
