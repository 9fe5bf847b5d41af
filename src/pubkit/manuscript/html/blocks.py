"""Block elements of HTML, as blocks of the tree."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pubkit.manuscript.html import tables
from pubkit.manuscript.html.inlines import INLINE_NAMES, made, text
from pubkit.manuscript.html.nesting import Element
from pubkit.manuscript.html.tags import Tag, attr_of
from pubkit.manuscript.tree import (
    Attr,
    Block,
    BlockNode,
    BlockQuote,
    BulletList,
    Caption,
    DefinitionList,
    Div,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    ListAttributes,
    ListNumberDelim,
    ListNumberStyle,
    Node,
    OrderedList,
    Para,
    Plain,
    Strong,
)

__all__ = ["BLOCK_NAMES", "paragraphs", "read_blocks"]

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_NUMERALS = {"a": "LowerAlpha", "A": "UpperAlpha", "i": "LowerRoman", "I": "UpperRoman"}


def read_blocks(parts: Sequence[Element | Node]) -> list[Block]:
    """Return elements and blocks as blocks."""
    return [block for part in parts for block in _blocks(part)]


def _blocks(part: Element | Node) -> list[Block]:
    if not isinstance(part, Element):
        return [part] if isinstance(part, BlockNode) else []  # type: ignore[list-item]
    if part.name in _READERS:
        return _READERS[part.name](part)
    if part.name in INLINE_NAMES:
        return _around_lines(part)
    return _attributed(part.tag, _flow(part))


def paragraphs(blocks: Sequence[Block]) -> list[Block]:
    """Return `blocks` with paragraphs in the place of plain text."""
    return [Para(block.content) if isinstance(block, Plain) else block for block in blocks]


def _flow(element: Element) -> list[Block]:
    return paragraphs(read_blocks(element.parts))


def _attributed(tag: Tag, blocks: list[Block]) -> list[Block]:
    """Return `blocks` with the attributes of `tag`, if it has any."""
    attr = attr_of(tag)
    return blocks if attr == Attr() else [Div((attr, blocks))]


def _around_lines(element: Element) -> list[Block]:
    """Return an inline element around blocks, such as <del>, as one around the text of each block."""
    if element.name == "br":
        return []
    if element.name == "img":
        return [Para(content)] if (content := made(element.tag, [])) else []
    return [
        Para(made(element.tag, block.content)) if isinstance(block, Para | Plain) else block
        for block in read_blocks(element.parts)
    ]


def _heading(element: Element) -> list[Block]:
    blocks = read_blocks(element.parts)
    if any(isinstance(block, Header) for block in blocks):
        return _attributed(element.tag, paragraphs(blocks))
    content = text(blocks)
    return [Header((_HEADINGS[element.name], attr_of(element.tag), content))] if content else []


def _quotation(element: Element) -> list[Block]:
    return _attributed(element.tag, [BlockQuote(_flow(element))])


def _rule(_: Element) -> list[Block]:
    return [HorizontalRule()]


def _list(element: Element) -> list[Block]:
    """Return a list; content outside its items comes before it."""
    items = [read_blocks(part.parts) for part in element.parts if isinstance(part, Element) and part.name == "li"]
    others = [part for part in element.parts if not (isinstance(part, Element) and part.name == "li")]
    made_list: list[Block] = []
    if items:
        numbered = element.name == "ol"
        made_list = [OrderedList((_numbering(element.tag), items)) if numbered else BulletList(items)]
    return [*paragraphs(read_blocks(others)), *_attributed(element.tag, made_list)]


def _numbering(tag: Tag) -> ListAttributes:
    start = tag.get("start").strip()
    style = _NUMERALS.get(tag.get("type").strip(), "Decimal")
    number = int(start) if start.isascii() and start.isdecimal() and len(start) < 10 else 1
    return ListAttributes(number, ListNumberStyle(style), ListNumberDelim("DefaultDelim"))  # type: ignore[arg-type]


def _definitions(element: Element) -> list[Block]:
    """Return a definition list; content before its first term comes before it."""
    entries: list[tuple[list[Inline], list[list[Block]]]] = []
    before: list[Block] = []
    for part in _without_groups(element.parts):
        blocks = read_blocks(part.parts) if isinstance(part, Element) else _blocks(part)
        name = part.name if isinstance(part, Element) else ""
        if name == "dt":
            entries.append((text(blocks), []))
        elif entries:
            entries[-1][1].append(blocks)
        else:
            before += paragraphs(blocks)
    return [*before, *_attributed(element.tag, [DefinitionList(entries)] if entries else [])]


def _without_groups(parts: Sequence[Element | Node]) -> list[Element | Node]:
    """Return the terms and definitions, taken out of the div elements that may group them."""
    return [
        inner
        for part in parts
        for inner in (part.parts if isinstance(part, Element) and part.name == "div" else (part,))
    ]


def _figure(element: Element) -> list[Block]:
    """Return a figure; without a caption, only its content."""
    captions = [part for part in element.parts if isinstance(part, Element) and part.name == "figcaption"]
    content = read_blocks([part for part in element.parts if part not in captions])
    caption = paragraphs([block for one in captions for block in read_blocks(one.parts)])
    if not caption or not content:
        return _attributed(element.tag, paragraphs([*content, *caption]))
    return [Figure((attr_of(element.tag), Caption(None, _lines(caption)), _picture_alone(content)))]


def _lines(blocks: Sequence[Block]) -> list[Block]:
    return [Plain(block.content) if isinstance(block, Para) else block for block in blocks]


def _picture_alone(blocks: list[Block]) -> list[Block]:
    """Return the content of a figure; a single picture in the form that pandoc gives it."""
    match blocks:
        case [Para([Image()]) | Plain([Image()]) as block]:
            return [Plain(block.content)]
    return blocks


def _details(element: Element) -> list[Block]:
    """Return the whole content of a details element, with its summary in bold type."""
    blocks: list[Block] = []
    for part in element.parts:
        if isinstance(part, Element) and part.name == "summary":
            blocks += [Para([Strong(one.content)]) if isinstance(one, Para) else one for one in _flow(part)]
        else:
            blocks += paragraphs(_blocks(part))
    return _attributed(element.tag, blocks)


def _table(element: Element) -> list[Block]:
    return tables.read_table(element, read_blocks)


_READERS: dict[str, Callable[[Element], list[Block]]] = {
    **dict.fromkeys(_HEADINGS, _heading),
    **dict.fromkeys(("ul", "ol", "menu", "dir"), _list),
    "blockquote": _quotation,
    "details": _details,
    "dl": _definitions,
    "figure": _figure,
    "hr": _rule,
    "table": _table,
}
BLOCK_NAMES = {*_READERS, "p", "li", "dt", "dd", "caption"}
