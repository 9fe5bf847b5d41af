"""The statements of a label that its author has marked: `[Supports calm]{.claim}` in the Markdown.

A symbol at its end ties each such statement to the dietary supplement statement (21 CFR 101.93(d)); the writers print
the symbol, and the number of statements decides between the singular and the plural of the wording (101.93(c)).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeGuard

from pubkit.manuscript.tree import (
    Citation,
    Cite,
    Code,
    Header,
    Image,
    Inline,
    Math,
    Node,
    Note,
    Span,
    Tree,
    attributed,
    attributes,
    nodes,
    plain_text,
)

__all__ = ["CLASS", "is_claim", "marked", "misplaced"]

#: The class by which an author marks a statement.
CLASS = "claim"

#: Inlines whose printed form cannot be known from the tree alone.
_UNSURE = (Cite, Code, Math, Note)


def is_claim(node: Node) -> TypeGuard[Span]:
    """Return whether `node` is a marked statement."""
    return isinstance(node, Span) and _has_class(node)


def marked(tree: Tree) -> tuple[str, ...]:
    """Return the words of each marked statement of `tree`, in reading order.

    Of a statement that contains a citation, a note, a formula or code, only the words after the last of these are
    returned, because what is printed there cannot be known from the tree.
    """
    outside_pictures = attributed(tree.blocks, without=(Image, Citation))  # their words repeat their captions
    return tuple(_last_words(node.content) for node in outside_pictures if is_claim(node))


def misplaced(tree: Tree) -> Iterator[tuple[str, str]]:
    """Return the marks that no writer can tie to a statement: the words they cover, and what is wrong with each."""
    for node in attributed(tree.blocks):
        if isinstance(node, Header) and any(map(is_claim, nodes(node.content))):
            yield (
                plain_text(node.content),
                "is in a heading, which the table of contents and the page headers repeat without the symbol",
            )
        elif not isinstance(node, Span) and _has_class(node):
            yield plain_text(node), "is marked as a whole block, link or picture"
        elif is_claim(node) and not plain_text(node.content):
            yield "", "has no words"
        elif is_claim(node) and any(map(is_claim, nodes(node.content))):
            yield plain_text(node.content), "contains another marked statement"


def _has_class(node: Node) -> bool:
    attr = attributes(node)
    return attr is not None and CLASS in attr.classes


def _last_words(inlines: list[Inline]) -> str:
    last = 0
    for place, inline in enumerate(inlines):
        if any(isinstance(part, _UNSURE) for part in nodes(inline)):
            last = place + 1
    return plain_text(inlines[last:])
