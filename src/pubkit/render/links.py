"""The links of a tree, so that every format can hold them: no link in a link, no note in a link, addresses that open.

HTML (4.5.1), EPUB and PDF/UA forbid a link inside a link, but authors write footnotes and citations, which become links,
among the words of one. The mark of a note is put after the link; a link inside is kept, and the words around it lead
where the outer link leads.

Raised marks that stand side by side are parted by a comma, so that the citation 1 and the note 2 are not read as 12.

Source: HTML Standard, content model of the a element; https://github.com/jgm/pandoc/issues/7585.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

from pubkit.boundary.addresses import linkable
from pubkit.manuscript.tree import (
    Attr,
    Cite,
    Image,
    Inline,
    Link,
    Note,
    Span,
    Str,
    Superscript,
    Tree,
    inline_lists,
    nodes,
    plain_text,
)

__all__ = ["settle"]


def settle(tree: Tree) -> None:
    """Change the links of `tree` in place; a link whose address no program can open becomes its words."""
    for siblings in inline_lists(tree.blocks):
        siblings[:] = [part for node in siblings for part in _settled(node)]
        for index in range(len(siblings) - 1, 0, -1):
            if _is_mark(siblings[index - 1]) and (_is_mark(siblings[index]) or _is_raised_number(siblings[index])):
                siblings.insert(index, Superscript([Str(",")]))


def _is_mark(node: Inline) -> bool:
    """Return whether `node` is printed as a raised mark: the call of a note, or a citation by number."""
    return isinstance(node, Note) or (
        isinstance(node, Cite) and any(isinstance(one, Superscript) for one in node.content)
    )


def _is_raised_number(node: Inline) -> bool:
    """Return whether `node` is a raised part that begins with a digit, which would be read as part of a mark before it."""
    return isinstance(node, Superscript) and plain_text(node.content)[:1].isdigit()


def _settled(node: Inline) -> Sequence[Inline]:
    match node:
        case Link():
            notes = _notes_taken_from(node.content)
            return [*_apart(node), *notes]
        case Image():
            _notes_taken_from(node.content)  # the caption, whose copy this is, has them
    return [node]


def _notes_taken_from(content: list[Inline]) -> list[Note]:
    """Remove the notes among the words of a link or a picture, and return them."""
    notes: list[Note] = []
    for siblings in inline_lists(content, without=(Note,)):
        notes += [node for node in siblings if isinstance(node, Note)]
        siblings[:] = [node for node in siblings if not isinstance(node, Note)]
    return notes


def _apart(link: Link) -> list[Inline]:
    """Return `link`, or the links inside it with the pieces of it before, between and after them."""
    address = link.target.url if link.target.url.startswith("#") else linkable(link.target.url)
    if not address:
        return [Span((link.attr, link.content))]
    link.target.url = address
    if not any(map(_holds_link, link.content)):
        return [link]
    pieces: list[Inline] = []
    for holds_link, run in itertools.groupby(link.content, _holds_link):
        words = list(run)
        pieces += words if holds_link else [Link((Attr(), words, link.target))]
    return [Span((link.attr, pieces))]


def _holds_link(node: Inline) -> bool:
    return any(isinstance(inner, Link) for inner in nodes(node, without=(Note,)))
