"""An HTML table as a table of the tree.

Source: HTML Living Standard, 4.9 (Tabular data).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field

from pubkit.manuscript.html.nesting import Element
from pubkit.manuscript.html.tags import Tag, attr_of, cell_alignment
from pubkit.manuscript.tree import (
    Alignment,
    Attr,
    Block,
    Caption,
    Cell,
    ColSpec,
    ColWidthDefault,
    Div,
    Node,
    Para,
    Plain,
    Row,
    Table,
    TableBody,
    TableHead,
)

__all__ = ["read_table"]

#: The most rows or columns that a cell of an HTML table may span.
_MAX_SPAN = 1_000
_ALIGNMENTS = {"left": "AlignLeft", "right": "AlignRight", "center": "AlignCenter"}
_SECTIONS = {"thead", "tbody", "tfoot"}

ReadBlocks = Callable[[Sequence["Element | Node"]], "list[Block]"]


class _Parts(Struct):
    """The content of a table: its captions, its rows by section, and what is outside its cells."""

    captions: list[Element] = field(default_factory=list)
    head: list[Element] = field(default_factory=list)
    bodies: list[list[Element]] = field(default_factory=list)
    foot: list[Element] = field(default_factory=list)
    loose: list[Element | Node] = field(default_factory=list)

    def rows(self, section: str) -> list[Element]:
        """Return the rows to which one of `section` is added; rows outside all sections are a body."""
        if section == "thead":
            return self.head
        return self.foot if section == "tfoot" else self.bodies[-1]


def read_table(element: Element, read_blocks: ReadBlocks) -> list[Block]:
    """Return a table; content outside its cells comes before it.

    Args:
        element: a table element.
        read_blocks: turns the parts of a cell into blocks.
    """
    found = _sorted(element)
    head, bodies = _with_head(found.head, [body for body in found.bodies if body])
    if not head and not bodies and not found.foot:
        return _judged(element, _as_paragraphs(read_blocks([*found.captions, *found.loose])))
    caption = [block for one in found.captions for block in read_blocks(one.parts)]
    table = Table(
        (
            Attr(element.tag.get("id")),
            Caption(None, [Plain(block.content) if isinstance(block, Para) else block for block in caption]),
            [],
            TableHead(Attr(), _rows(head, read_blocks)),
            [TableBody(Attr(), _header_columns(body), [], _rows(body, read_blocks)) for body in bodies],
            TableHead(Attr(), _rows(found.foot, read_blocks)),
        )
    )
    _set_columns(table)
    return [*_as_paragraphs(read_blocks(found.loose)), *_judged(element, [table])]


def _sorted(element: Element) -> _Parts:
    found = _Parts(bodies=[[]])
    for part in element.parts:
        if not isinstance(part, Element):
            found.loose.append(part)
        elif part.name == "caption":
            found.captions.append(part)
        elif part.name in _SECTIONS:
            found.bodies += [[]] if part.name == "tbody" else []
            _add_rows(found, part.parts, part.name)
        else:
            _add_rows(found, [part], "tbody")
    return found


def _add_rows(found: _Parts, parts: Sequence[Element | Node], section: str) -> None:
    """Add rows to a section; cells outside rows make one."""
    open_row: Element | None = None
    for part in parts:
        if isinstance(part, Element) and part.name == "tr":
            found.rows(section).append(part)
            open_row = None
        elif isinstance(part, Element) and part.name in {"td", "th"}:
            if open_row is None:
                open_row = Element(Tag("tr"))
                found.rows(section).append(open_row)
            open_row.parts.append(part)
        else:
            found.loose.append(part)


def _with_head(head: list[Element], bodies: list[list[Element]]) -> tuple[list[Element], list[list[Element]]]:
    """Return the rows of the head and of the bodies; without a head, a first row of header cells is one."""
    rest = [body for body in (bodies[0][1:], *bodies[1:]) if body] if bodies else []
    if head or not rest or not all(cell.name == "th" for cell in _cells(bodies[0][0])):
        return head, bodies
    return bodies[0][:1], rest


def _cells(row: Element) -> list[Element]:
    return [part for part in row.parts if isinstance(part, Element) and part.name in {"td", "th"}]


def _header_columns(rows: Sequence[Element]) -> int:
    """Return how many header cells every row begins with."""
    return min((_leading_headers(row) for row in rows), default=0)


def _leading_headers(row: Element) -> int:
    names = [cell.name for cell in _cells(row)]
    return names.index("td") if "td" in names else 0


def _rows(rows: Sequence[Element], read_blocks: ReadBlocks) -> list[Row]:
    return [Row(Attr(), [_cell(cell, row, read_blocks) for cell in _row_cells(row)]) for row in rows]


def _row_cells(row: Element) -> Iterator[Element]:
    """Yield the cells of a row; content outside cells makes one."""
    for part in row.parts:
        if isinstance(part, Element) and part.name in {"td", "th"}:
            yield part
        else:
            yield Element(Tag("td"), [part])


def _cell(cell: Element, row: Element, read_blocks: ReadBlocks) -> Cell:
    blocks = read_blocks(cell.parts)
    content = blocks if len(blocks) < 2 else _as_paragraphs(blocks)
    side = _ALIGNMENTS.get(cell_alignment(cell.tag) or cell_alignment(row.tag), "AlignDefault")
    alignment = Alignment(side)  # type: ignore[arg-type]
    return Cell(Attr(), alignment, _span(cell.tag, "rowspan"), _span(cell.tag, "colspan"), _judged(cell, content))


def _span(tag: Tag, name: str) -> int:
    """Return the number of rows or columns that a cell spans, cut to what the policy needs to know."""
    said = tag.get(name).strip()
    return max(1, min(int(said), _MAX_SPAN + 1)) if said.isascii() and said.isdecimal() and len(said) < 12 else 1


def _judged(element: Element, blocks: list[Block]) -> list[Block]:
    """Return `blocks` with the attributes of `element` that the policy has to judge."""
    attr = attr_of(element.tag)
    if element.name == "table":
        attr.identifier = ""
    return blocks if attr == Attr() else [Div((attr, blocks))]


def _as_paragraphs(blocks: Sequence[Block]) -> list[Block]:
    return [Para(block.content) if isinstance(block, Plain) else block for block in blocks]


def _set_columns(table: Table) -> None:
    """Count the columns; keep one impossible span for the policy to report, and let all other cells span one column."""
    cells = [cell for row in table.rows for cell in row.cells]
    sections = [table.head.rows, *(body.body for body in table.bodies), table.foot.rows]
    count = max(map(_width, sections))
    if count > _MAX_SPAN or any(cell.row_span > _MAX_SPAN for cell in cells):
        wrong = next((cell for cell in cells if max(cell.row_span, cell.col_span) > 1), cells[0])
        for cell in cells:
            cell.row_span = cell.col_span = 1
        wrong.col_span = _MAX_SPAN + 1
        count = max(len(row.cells) for row in table.rows)
    table.columns = [ColSpec(Alignment(), ColWidthDefault()) for _ in range(count)]


def _width(rows: Sequence[Row]) -> int:
    """Return the number of columns of a section, including cells from earlier rows; counting ends at one too many."""
    free_from: list[int] = []
    for number, row in enumerate(rows):
        column = 0
        for cell in row.cells:
            while column < len(free_from) and free_from[column] > number:
                column += 1
            end = column + cell.col_span
            if end > _MAX_SPAN:
                return _MAX_SPAN + 1
            free_from += [0] * (end - len(free_from))
            free_from[column:end] = [number + cell.row_span] * cell.col_span
            column = end
    return len(free_from)
