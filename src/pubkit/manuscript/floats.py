"""Divisions that are a figure or a table, as Quarto writes them: `::: {#fig-x}` with its caption as the last paragraph.

One with a single picture, table or other content becomes that figure or table; one with several pictures stays a group,
whose pictures are numbered below it (Figure 1a).

Source: quarto.org, Figures ("Figure Divs", "Subfigures"), Tables ("Table Divs"), Cross-References ("Theorems and Proofs").
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.expressions import expression
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Caption,
    Div,
    Figure,
    Image,
    Para,
    Plain,
    Table,
    block_lists,
    every,
)

__all__ = ["GROUP", "settle_floats"]

#: The class of a division with several figures.
GROUP = "subfigures"
_FLOAT = expression(r"(?P<kind>fig|tbl)[-:]\w")


def settle_floats(blocks: Sequence[Block]) -> None:
    """Turn the divisions below `blocks` that are figures or tables into these, in place."""
    for siblings in block_lists(blocks):
        for index, block in enumerate(siblings):
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
    caption = _caption(part)
    figures = list(every(Figure, part.content))
    if len(figures) > 1 or any(figure.attr.identifier for figure in figures):
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
    if caption is None:
        return part
    content = part.content[:-1]
    match content:
        case [Para([Image() as image])]:
            content = [Plain([image])]
    return Figure((Attr(part.attr.identifier), Caption(None, [Plain(caption.content)]), content))
