"""Inline elements of HTML, as inlines of the tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pubkit.expressions import expression
from pubkit.manuscript.html.nesting import Element
from pubkit.manuscript.html.tags import Tag, attr_of, declared
from pubkit.manuscript.tree import (
    Attr,
    Code,
    Emph,
    Image,
    Inline,
    InlineNode,
    LineBreak,
    Link,
    Node,
    Para,
    Plain,
    Quoted,
    QuoteType,
    SoftBreak,
    Space,
    Span,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    Target,
    Underline,
    every,
    plain_text,
    worded,
)

__all__ = ["GAP", "INLINE_NAMES", "made", "marked_as_left_out", "read_inlines", "text"]

#: The place of a tag that is not read: it becomes a space if the words on both sides would join.
GAP = Span((Attr(classes=["pubkit-gap"]), []))

_WRAPPED: dict[str, Callable[[list[Inline]], Inline]] = {
    **dict.fromkeys(("em", "i", "cite", "dfn", "var"), Emph),
    **dict.fromkeys(("strong", "b"), Strong),
    **dict.fromkeys(("u", "ins"), Underline),
    **dict.fromkeys(("s", "strike", "del"), Strikeout),
    "sub": Subscript,
    "sup": Superscript,
}
_CODE = {"code", "kbd", "samp", "tt"}
#: Pandoc's writers know these classes: mark and abbr become elements again if a format has them.
_CLASSES = {"mark", "abbr", "acronym", "small"}
INLINE_NAMES = {*_WRAPPED, *_CODE, *_CLASSES, "a", "bdo", "br", "img", "q", "span"}
_LENGTH = expression(r"[0-9.]+(px|%|em|rem|cm|mm|in|pt)?")


def read_inlines(parts: Sequence[Element | Node]) -> list[Inline]:
    """Return elements and inlines as inlines."""
    return _closed_gaps([inline for part in parts for inline in _inlines(part)])


def _inlines(part: Element | Node) -> list[Inline]:
    if isinstance(part, Element):
        return made(part.tag, read_inlines(part.parts))
    return [part] if isinstance(part, InlineNode) else text([part])  # type: ignore[list-item]


def made(tag: Tag, content: list[Inline]) -> list[Inline]:
    """Return the element of `tag` around `content`."""
    match tag.name:
        case "br":
            return [LineBreak()]
        case "img":
            return [_image(tag)] if tag.get("src").strip() else []
        case "a" if tag.get("href"):
            return _link(tag, content)
        case "q":
            return _attributed(tag, [Quoted((QuoteType("DoubleQuote"), content))])
        case name if name in _CODE:
            return _attributed(tag, _code(content))
        case name if name in _CLASSES:
            return [Span((attr_of(tag, name.replace("acronym", "abbr")), content))] if content else []
        case name if name in _WRAPPED:
            return _attributed(tag, [_WRAPPED[name](content)] if content else [])
        case _:
            return _attributed(tag, content)


def _attributed(tag: Tag, content: list[Inline]) -> list[Inline]:
    """Return `content` with the attributes of `tag`, if it has any."""
    attr = attr_of(tag)
    return content if attr == Attr() else [Span((attr, content))]


def _code(content: list[Inline]) -> list[Inline]:
    """Return `content` as code, or unchanged if it contains more than words."""
    if any(not isinstance(node, Str | Space | SoftBreak | Code) for node in content):
        return content
    return [Code((Attr(), plain_text(content)))] if content else []


def _link(tag: Tag, content: list[Inline]) -> list[Inline]:
    """Return a link, or only its content if that is empty or contains a link."""
    attr = attr_of(tag)
    title = next((value for name, value in attr.pairs if name == "title"), "")
    attr.pairs = [pair for pair in attr.pairs if pair[0] != "title"]
    if not content or any(every(Link, content)):
        return content if attr == Attr() else [Span((attr, content))]
    return [Link((attr, content, Target(tag.get("href").strip(), title)))]


def _image(tag: Tag) -> Image:
    """Return the picture that an img element shows."""
    attr = attr_of(tag)
    title = next((value for name, value in attr.pairs if name == "title"), "")
    sizes = [(name, _length(declared(tag, name) or tag.get(name))) for name in ("width", "height")]
    attr.pairs = [pair for pair in attr.pairs if pair[0] != "title"] + [pair for pair in sizes if pair[1]]
    return Image((attr, worded(tag.get("alt")), Target(tag.get("src").strip(), title)))


def _length(value: str) -> str:
    return value.strip() if _LENGTH.fullmatch(value.strip()) else ""


def marked_as_left_out(what: str) -> Inline:
    """Return what a draft shows in the place of something that cannot be printed."""
    return Span((Attr(classes=["left-out"]), [Str(f"[{what} left out]")]))


def text(blocks: Sequence[object]) -> list[Inline]:
    """Return `blocks` as inlines, with line breaks between them; only paragraphs keep their markup."""
    lines = [block.content if isinstance(block, Para | Plain) else worded(plain_text(block)) for block in blocks]
    broken = [inline for line in lines if line for inline in (LineBreak(), *line)]
    return list(broken[1:])


def _closed_gaps(siblings: Sequence[Inline]) -> list[Inline]:
    """Return `siblings` with a space in the place of each gap between two words, and without the other gaps."""
    kept: list[Inline] = []
    open_gap = False
    for node in siblings:
        if node is GAP:
            open_gap = True
            continue
        if open_gap and kept and _joins(kept[-1], node):
            kept.append(Space())
        kept.append(node)
        open_gap = False
    return kept


def _joins(before: Inline, after: Inline) -> bool:
    last, first = plain_text(before)[-1:], plain_text(after)[:1]
    return (last.isalnum() or last == "]") and (first.isalnum() or first == "[")
