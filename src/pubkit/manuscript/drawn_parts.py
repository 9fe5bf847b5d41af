"""Divisions that become figures with a drawing: icon arrays and charts."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.findings import Finding
from pubkit.manuscript.places import Places
from pubkit.manuscript.tree import Attr, Block, Div, Figure, Table, block_lists, every

__all__ = ["Mistake", "set_figures"]

#: How like two names are, at least, one of which is the other mistyped.
_NEAR = 0.75


class Mistake(ValueError):
    """A division does not make the figure that its class asks for; the message says why, as a sentence.

    Args:
        message: what is wrong.
        cell: the row (heads are row 0) and the column in which it is wrong, if the division has a table and it is there.
        remedy: what to do, if that is not what the rule says.
    """

    def __init__(self, message: str, cell: tuple[int, int] | None = None, remedy: str = "") -> None:
        super().__init__(message)
        self.cell = cell
        self.remedy = remedy


def set_figures(
    blocks: Sequence[Block], places: Places, name: str, telling: str, figure: Callable[[Div], Figure], rule: Entry
) -> Iterator[Finding]:
    """Turn the divisions of the class `name` into figures, in place; yield a finding of `rule` on each that cannot be.

    One with the attribute `telling`, and a class that is nearly `name`, is one that was mistyped.
    """
    for siblings in block_lists(list(blocks) if not isinstance(blocks, list) else blocks):
        for index, block in enumerate(siblings):
            if isinstance(block, Div) and (mistyped := _mistyped(block, name, telling)):
                location = places.source.location(places.start(block))
                message = f"Nothing is drawn for the class {printable(mistyped, 40)}."
                yield rule.at(location, message, remedy=f"Did you mean .{name}?", context=message)
            elif isinstance(block, Div) and name in block.attr.classes:
                try:
                    siblings[index] = figure(block)
                except Mistake as mistake:
                    block.attr = Attr(block.attr.identifier)
                    location = places.source.location(places.start(_wrong(block, mistake.cell, places)))
                    yield rule.at(location, str(mistake), remedy=mistake.remedy, context=str(mistake))


def _mistyped(part: Div, name: str, telling: str) -> str:
    """Return the class of `part` that is nearly `name`, if it says what only that class has; "" if there is none."""
    if name in part.attr.classes or telling not in dict(part.attr.pairs):
        return ""
    return next(iter(difflib.get_close_matches(name, part.attr.classes, 1, _NEAR)), "")


def _wrong(part: Div, cell: tuple[int, int] | None, places: Places) -> Block:
    """Return the text of the cell that is wrong, of the first in its row if that has none, or `part` if it has no place."""
    table = next(every(Table, part.content), None)
    if table is not None and cell is not None:
        row, column = cell
        cells = table.rows[row].cells
        texts = (block for one in (cells[column], cells[0]) for block in one.content)
        return next((block for block in texts if places.anchors(block)), part)
    return part
