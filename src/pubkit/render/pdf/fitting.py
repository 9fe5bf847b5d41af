"""Tables that do not fit on their page: set smaller, turned sideways, kept on one page, or with a cell printed once more.

This module runs in WeasyPrint's process.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pubkit.render.pdf.balancing import HEADINGS, extract
from pubkit.render.pdf.laid import Layout, add_class, classes

__all__ = ["fit_ahead", "fit_tables", "keep_small_tables", "misfit"]

#: A table lower than this part of a page is kept on one page; a wide one higher than this is turned.
_SHORT, _HIGH = 0.45, 0.6
#: A table of so few lines, the caption apart, is short on pages of any size; the letters that every line has room for.
_SMALL, _LINE = 9, 48
#: The smallest size, as a part of its own, in which a table that is too wide is set.
_SMALLEST = 0.72
#: How often tables are laid out alone: as they are, turned, and set smaller.
_MOST = 3

_IN_SMALL_TABLES = frozenset(
    {"table", "caption", "colgroup", "col", "thead", "tbody", "tr", "th", "td", "span", "strong", "em", "a"}
)

Element = Any


def fit_ahead(root: Element, look: Callable[[Element], Layout]) -> None:
    """Turn, shrink or keep together the tables of the page `root` that need it, without laying it out as a whole.

    The width and height of a table depend on nothing but what is around it, so that `look` lays tables out alone.
    """
    alone, originals = extract(root, lambda one: one.tag == "table" and "kept" not in classes(one))
    for _ in range(_MOST if originals else 0):
        if not _fit(look(alone), alone=True):
            break
    parents = {child: parent for parent in root.iter() for child in parent}
    for again, element in originals.items():
        turned = "sideways" in classes(again) and "sideways" not in classes(element)
        for name in ("class", "style"):
            if value := again.get(name):
                element.set(name, value)
        if turned:
            _take_heading(parents, element)


def fit_tables(layout: Layout) -> bool:
    """Turn, shrink or keep together the tables that need it, or repeat their cells; say whether there were any."""
    return _fit(layout, alone=False)


def misfit(layout: Layout, *, last: bool) -> bool:
    """Return whether a table that ends on one of the last two pages has to be turned, shrunk or kept together.

    `last` says that `layout` has the last page of the document.
    """
    tables = (one for one in layout.noted(2) if one.tag == "table" and one in layout.widths)
    return any((last or layout.ended(one)) and _need(layout, one, alone=False) for one in tables)


def _fit(layout: Layout, *, alone: bool) -> bool:
    """Fit tables; while they are laid out `alone`, nothing is known of where their pages end."""
    fitted = False
    for table in [one for one in layout.root.iter("table") if one in layout.widths and one in layout.fragments]:
        need = _need(layout, table, alone=alone)
        if need == "turn":
            layout.parents[table].set("class", "sideways")
            _take_heading(layout.parents, layout.parents[table])
        elif need == "shrink":
            width, room = layout.widths[table]
            table.set("style", f"font-size: {max(_SMALLEST, 0.98 * room / width):.3f}em")
        elif not alone and _repeat_cells(layout, table):
            need = "repeat"
        elif need == "keep":
            add_class(table, "kept")
        fitted = fitted or bool(need and not (alone and need == "keep"))
    return fitted


def _need(layout: Layout, table: Element, *, alone: bool) -> str:
    """Return what has to be done with a table: "turn", "shrink" or "keep"; "" if nothing has."""
    (width, room), height = layout.widths[table], layout.height(table)
    full = layout.heights[layout.starts(table)]
    broken = alone or len(layout.fragments[table]) > 1
    if "turnable" in classes(layout.parents[table]) and (width > room + 1 or height > _HIGH * full):
        return "turn"
    if width > room + 1 and not table.get("style"):
        return "shrink"
    return "keep" if broken and "kept" not in classes(table) and height <= _SHORT * full else ""


def keep_small_tables(root: Element) -> None:
    """Keep each table on one page that is certainly short, so that no layout is spent on finding that out."""
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        plain = all(part.tag in _IN_SMALL_TABLES and part.get("rowspan", "1") == "1" for part in table.iter())
        if plain and rows and sum(map(_most_lines, rows)) <= _SMALL:
            add_class(table, "kept")


def _most_lines(row: Element) -> int:
    """Return how many lines a row has at most, judged by its letters."""
    letters = max(1, _LINE // max(1, len(row)))
    return max((1 + len("".join(cell.itertext())) // letters for cell in row), default=1)


def _take_heading(parents: Mapping[Element, Element], holder: Element) -> None:
    """Take the heading right before a turned table along, except that of a chapter, which names the running head."""
    siblings = list(parents[holder])
    before = siblings[siblings.index(holder) - 1] if siblings.index(holder) else None
    if before is not None and before.tag in HEADINGS - {"h1", "h2"}:
        parents[holder].remove(before)
        holder.insert(0, before)


def _repeat_cells(layout: Layout, table: Element) -> bool:
    """Repeat each cell of which the rows are not all on one page in the first row on the next; say whether there is one."""
    changed = False
    for group in table.iter("tbody"):
        rows = list(group)
        pages = [layout.starts(row) for row in rows]
        for number, column, cell in list(_grid(rows)):
            end = min(number + int(cell.get("rowspan") or 1), len(rows))
            after = next((row for row in range(number + 1, end) if pages[row] > pages[number] >= 0), 0)
            if after:
                again = copy.deepcopy(cell)
                for part in again.iter():
                    part.attrib.pop("id", None)
                for one, rest in ((cell, after - number), (again, end - after)):
                    one.set("rowspan", str(rest))
                places = {one: place for row, place, one in _grid(rows) if row == after}
                at = next(
                    (index for index, one in enumerate(rows[after]) if places.get(one, 0) >= column), len(rows[after])
                )
                rows[after].insert(at, again)
                rows[after - 1].set("class", " ".join(name for name in classes(rows[after - 1]) if name != "joined"))
                changed = True
    return changed


def _grid(rows: Sequence[Element]) -> Iterator[tuple[int, int, Element]]:
    """Yield each cell of `rows` with the numbers of its first row and column, from 0."""
    taken: dict[int, int] = {}
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while taken.get(column, 0) > number:
                column += 1
            yield number, column, cell
            for spanned in range(column, column + int(cell.get("colspan") or 1)):
                taken[spanned] = number + int(cell.get("rowspan") or 1)
            column += int(cell.get("colspan") or 1)
