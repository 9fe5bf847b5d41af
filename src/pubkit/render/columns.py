"""Columns of numbers: flush right, with their decimal signs below each other.

A column is one of numbers if each of its cells holds one number, or nothing but a dash or a sign for "none", and its author
has not asked for another alignment. A number with fewer decimals than the longest of its column gets room at its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pubkit.manuscript.tree import Attr, Cell, Para, Plain, Span, Table, plain_text

__all__ = ["align", "numbers"]

_EMPTY = frozenset({"", "-", "–", "—", "…", ".", "NA", "N/A", "n/a", "ND", "NR"})
#: A number: a sign, its digits in groups, its decimals, and a per cent sign.
_NUMBER = r"(?:[<>≤≥≈~]\s?)?[-−–+±]?\d+(?:[{group}\s]\d{{3}})*(?:[{point}](?P<decimals>\d+))?\s?(?P<sign>%?)"
_POINT = re.compile(_NUMBER.format(point=".", group=","))
_COMMA = re.compile(_NUMBER.format(point=",", group="."))
#: The most decimals for which the style sheets have room.
_MOST_DECIMALS = 6


def align(table: Table, alignments: list[str], *, comma: bool) -> None:
    """Set the columns of numbers in `table` flush right, in the `alignments` of its columns and with room in its cells."""
    for column, cells, decimals in numbers(table, comma=comma):
        alignments[column] = "right"
        for cell, places in zip(cells, decimals, strict=True):
            _make_room(cell, places, max(decimals))


def numbers(table: Table, *, comma: bool) -> Iterator[tuple[int, list[Cell], list[int]]]:
    """Yield each column of numbers in `table`: its number, from 0, its cells below the head, and the decimals of each.

    A table in which cells span rows or columns has none. In a column in which a comma could be either, it is the decimal
    sign if `comma`, and else between thousands.
    """
    rows = [row for body in table.bodies for row in body.body]
    if len(rows) < 2 or any(cell.row_span > 1 or cell.col_span > 1 for row in rows for cell in row.cells):
        return
    for column, kind in enumerate(table.columns):
        cells = [row.cells[column] for row in rows if column < len(row.cells)]
        if kind.alignment.t in {"AlignDefault", "AlignRight"} and (decimals := _decimals(cells, comma=comma)):
            yield column, cells, decimals


def _decimals(cells: Sequence[Cell], *, comma: bool) -> list[int]:
    """Return the number of decimals in each of `cells`; nothing if they are not a column of numbers."""
    texts = [" ".join(plain_text(cell.content).split()) for cell in cells]
    if any(cell.alignment.t == "AlignCenter" for cell in cells) or sum(text not in _EMPTY for text in texts) < 2:
        return []
    for form in (_COMMA, _POINT) if comma else (_POINT, _COMMA):
        found = [form.fullmatch(text) for text in texts if text not in _EMPTY]
        if all(found) and len({one["sign"] for one in found if one}) == 1:
            return [len((one["decimals"] if one else "") or "") for one in map(form.fullmatch, texts)]
    return []


def _make_room(cell: Cell, places: int, most: int) -> None:
    """Give the number in `cell` room for the decimals that it lacks, and for the sign before them."""
    lacking = most - places
    match cell.content:
        case [Plain() | Para() as block] if 0 < lacking <= most <= _MOST_DECIMALS and plain_text(block.content).strip():
            names = [f"lacks-{lacking}", *([] if places else ["lacks-sign"])]
            block.content = [Span((Attr(classes=names), block.content))]
