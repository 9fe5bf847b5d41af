"""Divisions that are a figure or a table, as Quarto writes them: `::: {#fig-x}` with its caption as the last paragraph.

One with a single picture, table or other content becomes that figure or table; one with several pictures, or with words
alone, stays a group, whose pictures are numbered below it (Figure 1a). A picture with the label of a figure is one also
without a caption.

Source: quarto.org, Figures ("Figure Divs", "Subfigures"), Tables ("Table Divs"), Cross-References ("Theorems and Proofs").
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

from pubkit.expressions import expression
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Caption,
    Div,
    Figure,
    Image,
    Inline,
    LineBreak,
    Para,
    Plain,
    SoftBreak,
    Space,
    Table,
    block_lists,
    every,
)

__all__ = ["GROUP", "settle_floats"]

#: The class of a division with several figures.
GROUP = "subfigures"
_SIDE_BY_SIDE = (Image, LineBreak, SoftBreak, Space)
_FLOAT = expression(r"(?P<kind>fig|tbl)[-:]\w")


def settle_floats(blocks: Sequence[Block]) -> None:
    """Turn the divisions below `blocks` that are figures or tables into these, in place."""
    for siblings in block_lists(blocks):
        for index, block in enumerate(siblings):
            match block:
                case Para([Image(attr=Attr(identifier=label)) as image]) if label.startswith(("fig:", "fig-")):
                    siblings[index] = _labelled(image, [])
                    continue
            if not isinstance(block, Div) or not block.content:
                continue
            found = _FLOAT.match(block.attr.identifier)
            kind = found["kind"] if found else "fig" if GROUP in block.attr.classes else ""
            if kind:
                siblings[index] = _table(block) if kind == "tbl" else _figure(block)


def _caption(part: Div) -> Para | None:
    """Return the last paragraph of a division with other content; None if that is a picture."""
    last = part.content[-1]
    is_words = isinstance(last, Para) and not any(every(Image, last))
    return last if isinstance(last, Para) and is_words and len(part.content) > 1 else None


def _pictures_of(block: Block) -> list[Block]:
    """Return the pictures with labels that have one paragraph, side by side, as figures (pandoc-crossref, Subfigures)."""
    if not isinstance(block, Para) or not all(isinstance(one, _SIDE_BY_SIDE) for one in block.content):
        return [block]
    pictures = [one for one in block.content if isinstance(one, Image)]
    if len(pictures) < 2 or not all(_FLOAT.match(picture.attr.identifier) for picture in pictures):
        return [block]
    return [_labelled(picture, copy.deepcopy(picture.content)) for picture in pictures]


def _labelled(picture: Image, caption: list[Inline]) -> Figure:
    """Return a picture with the label of a figure as one."""
    label = picture.attr.identifier
    picture.attr = Attr("", picture.attr.classes, picture.attr.pairs)
    return Figure((Attr(label), Caption(None, [Plain(caption)]), [Plain([picture])]))


def _is_words(content: Sequence[Block]) -> bool:
    """Return whether a division has only a caption, because its picture is elsewhere."""
    return len(content) == 1 and isinstance(content[0], Para) and not any(every(Image, content))


def _table(part: Div) -> Block:
    tables = [block for block in part.content if isinstance(block, Table)]
    caption = _caption(part)
    if len(tables) != 1 or len(part.content) > 1 + (caption is not None) or tables[0].attr.identifier:
        return part
    table = tables[0]
    table.attr = Attr(part.attr.identifier, table.attr.classes, table.attr.pairs)
    if caption and not table.caption.blocks:
        table.caption = Caption(None, [Plain(caption.content)])
        return table
    return table if caption is None else part


def _figure(part: Div) -> Block:
    """Return the figure that a division is; the division itself, as a group, if it has several."""
    part.content = [each for block in part.content for each in _pictures_of(block)]
    caption = _caption(part)
    figures = list(every(Figure, part.content))
    if len(figures) > 1 or any(figure.attr.identifier for figure in figures) or _is_words(part.content):
        if GROUP not in part.attr.classes:
            part.attr = Attr(part.attr.identifier, [*part.attr.classes, GROUP], part.attr.pairs)
        return part
    if figures:  # one picture, whose words are its caption if the division has none
        [figure] = figures
        if len(part.content) > 1 + (caption is not None):
            return part
        figure.attr = Attr(part.attr.identifier, figure.attr.classes, figure.attr.pairs)
        if caption:
            figure.caption = Caption(None, [*figure.caption.blocks, Plain(caption.content)])
        return figure
    content = part.content[:-1] if caption else part.content
    if caption is None and not any(every(Image, content)):
        return part
    match content:
        case [Para([Image() as image])]:
            content = [Plain([image])]
    words = Plain(caption.content if caption else [])
    return Figure((Attr(part.attr.identifier), Caption(None, [words]), content))
