"""Tags and the content between them, nested as browsers nest them: optional end tags may be missing.

Source: HTML Living Standard, 13.1.2.4 (Optional tags).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from msgspec import Struct, field

from pubkit.manuscript.html.tags import VOID, Tag
from pubkit.manuscript.tree import Node

__all__ = ["Element", "nested"]

#: The deepest level of nesting that is read; deeper content stays, without its tags.
_MAX_DEPTH = 30
_CELL = {"p", "td", "th"}
_ROW = {*_CELL, "tr", "caption", "colgroup"}
_SECTIONS = {"thead", "tbody", "tfoot"}
_FLOW = (
    "address", "article", "aside", "blockquote", "center", "details", "div", "dl", "fieldset", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "main", "nav", "ol", "p", "section", "table", "ul",
)  # fmt: skip
#: The open elements that end where an element of this name begins.
_ENDS = {
    "li": {"p", "li"},
    "dt": {"p", "dt", "dd"},
    "dd": {"p", "dt", "dd"},
    "td": _CELL,
    "th": _CELL,
    "tr": _ROW,
    **{name: {*_ROW, *_SECTIONS} for name in _SECTIONS},
    **{name: {"p"} for name in _FLOW},
    "option": {"option"},
    "a": {"a"},
}
#: Elements whose content no end tag inside them can end.
_WALLS = {"table"}


class Element(Struct):
    """An HTML element: its tag and its content."""

    tag: Tag
    parts: list[Element | Node] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name of the element."""
        return self.tag.name


def nested(parts: Iterable[Tag | Node], unread: Callable[[Tag], None]) -> list[Element | Node]:
    """Return `parts` with each pair of tags as an element that contains what is between them.

    An end tag without a start tag has no effect; an element without an end tag ends with the element around it.

    Args:
        parts: tags and the content between them.
        unread: called for each tag that is nested too deeply; its content stays.
    """
    root = Element(Tag(""))
    stack = [root]
    for part in parts:
        if not isinstance(part, Tag):
            stack[-1].parts.append(part)
        elif part.closing:
            _close(stack, part.name)
        else:
            _open(stack, part, unread)
    return root.parts


def _open(stack: list[Element], tag: Tag, unread: Callable[[Tag], None]) -> None:
    ended = _ENDS.get(tag.name, set())
    while stack[-1].name in ended:
        stack.pop()
    element = Element(tag)
    if tag.name in VOID:
        stack[-1].parts.append(element)
    elif len(stack) > _MAX_DEPTH:
        unread(tag)
    else:
        stack[-1].parts.append(element)
        stack.append(element)


def _close(stack: list[Element], name: str) -> None:
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].name == name:
            del stack[depth:]
            return
        if stack[depth].name in _WALLS:
            return
