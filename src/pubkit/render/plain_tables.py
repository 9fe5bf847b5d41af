"""Tables for plain text: as they are where they fit the columns, else row by row, each cell after the name of its column."""

from __future__ import annotations

import copy
from typing import Any

from pubkit import pandoc
from pubkit.manuscript.tree import Node, inline_lists, nodes, plain_text
from pubkit.render.exchange import string

__all__ = ["fit_tables"]

_FENCE = "pubkittable"


def fit_tables(blocks: list[Node], columns: int) -> None:
    """Take the caption of each table below `blocks` out as a paragraph, and rewrite what is wider than `columns`."""
    tables = [node for node in nodes(blocks) if node["t"] == "Table"]
    if not tables:
        return
    captions = {id(table): table["c"][1][1] for table in tables}
    for table in tables:
        table["c"][0] = ["", [], []]
        table["c"][1] = [None, []]
    too_wide = _too_wide(tables, columns)
    for siblings in list(inline_lists(blocks)):
        if any(node["t"] == "Table" for node in siblings):
            siblings[:] = [
                part
                for node in siblings
                for part in (
                    [*captions[id(node)], *(_records(node) if id(node) in too_wide else [node])]
                    if id(node) in captions
                    else [node]
                )
            ]


def _too_wide(tables: list[Node], columns: int) -> set[int]:
    """Which tables pandoc sets wider than `columns`: all are set once, in one document, with a fence after each."""
    fence = {"t": "Para", "c": [string(_FENCE)]}
    together = [block for table in tables for block in (copy.deepcopy(table), fence)]
    tree = {"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": together}
    text = pandoc.convert(tree, "plain", [f"--columns={columns}"]).decode()
    shown = text.split(f"{_FENCE}\n")
    return {
        id(table)
        for table, lines in zip(tables, shown, strict=False)
        if max(map(len, lines.split("\n")), default=0) > columns
    }


def _records(table: Node) -> list[Node]:
    """A list with an entry for each row: its first cell, and below it the others."""
    _, _, specifications, head, bodies, foot = table["c"]
    width = len(specifications)
    names = [[plain_text(cell) for cell in column] for column in zip(*_grid(head[1], width), strict=True)]
    headers = [" / ".join(dict.fromkeys(filter(None, column))) for column in names] or [""] * width
    rows = [row for body in bodies for part in (body[2], body[3]) for row in _grid(part, width)] + _grid(foot[1], width)
    entries = []
    for row in rows:
        cells = [_named(name, blocks) for name, blocks in zip(headers, row, strict=True) if blocks]
        if cells:
            entries.append([_inlines(cells[0]), [[block for cell in cells[1:] for block in cell]]])
    return [{"t": "DefinitionList", "c": entries}] if entries else []


def _grid(rows: list[Any], width: int) -> list[list[list[Node]]]:
    """The blocks of each cell by row and column; a cell over several rows stands in each, over several columns in one."""
    grid: list[list[list[Node]]] = []
    held: dict[int, tuple[int, list[Node]]] = {}
    for row in rows:
        line: list[list[Node]] = [[] for _ in range(width)]
        taken: set[int] = set()
        for column, (left, blocks) in list(held.items()):
            line[column] = copy.deepcopy(blocks)
            taken.add(column)
            held.pop(column)
            if left > 1:
                held[column] = (left - 1, blocks)
        place = 0
        for _, _, rowspan, colspan, blocks in row[1]:
            while place in taken:
                place += 1
            if place >= width:
                break
            line[place] = blocks
            for column in range(place, min(width, place + colspan)):
                taken.add(column)
                if rowspan > 1:
                    held[column] = (rowspan - 1, blocks if column == place else [])
            place += colspan
        grid.append(line)
    return grid


def _named(name: str, blocks: list[Node]) -> list[Node]:
    """The blocks of a cell, the first after the name of its column."""
    if not name:
        return blocks
    label = [string(f"{name}:"), {"t": "Space"}]
    if blocks[0]["t"] in {"Plain", "Para"}:
        return [{"t": "Plain", "c": [*label, *blocks[0]["c"]]}, *blocks[1:]]
    return [{"t": "Plain", "c": label}, *blocks]


def _inlines(blocks: list[Node]) -> list[Node]:
    """The blocks of a first cell as one line."""
    parts: list[Node] = []
    for block in blocks:
        words = block["c"] if block["t"] in {"Plain", "Para"} else [string(plain_text(block))]
        parts += [{"t": "Space"}, *words] if parts else words
    return parts
