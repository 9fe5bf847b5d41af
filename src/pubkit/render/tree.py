"""The syntax tree made ready for print: what pandoc's HTML writer would lose or write with inline styles, written out.

Pandoc's trees are dictionaries with "t" (the element's name) and "c" (its content), as in the types of pandoc's
`Text.Pandoc.Definition`. An "attribute" there is [identifier, classes, pairs].
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pubkit.boundary.files import refusal
from pubkit.language.labels import Labels
from pubkit.manuscript.model import Tree
from pubkit.render.rules import SRC031

__all__ = ["NOTE", "NOTES", "has_superscript_citations", "prepare", "words"]

#: Attributes that only this module writes; they carry footnotes through the HTML writer.
NOTE = "data-note"
NOTES = "data-notes"

_ALIGNMENTS = {"AlignRight": "right", "AlignCenter": "center"}
_REFERENCE_CLASSES = {"csl-bib-body": "reference-list", "csl-entry": "reference"}
#: Where the attribute stands in an element's content.
_ATTRIBUTE_FIRST = frozenset({"Div", "Span", "Link", "Image", "Code", "CodeBlock", "Figure", "Table"})


def prepare(tree: Tree, labels: Labels) -> Tree:
    """Return a copy of `tree` that the HTML writer prints as the templates and style sheets expect.

    Table cells carry their alignment as a class and header cells their scope; column widths, syntax highlighting and image
    sizes no longer come out as inline styles; the reference list is a list; quotation marks are those of the language; the
    headings begin at level 1 and end at level 6; footnotes are Spans that hold a number, with their
    blocks in a Div before everything else (after a heading, the writer would count it to that section).

    Raises:
        InputRefused: the tree still holds a raw part, which no writer can be trusted with.
    """
    editor = _Editor(labels)
    copy: Tree = json.loads(json.dumps(tree))
    _move_headings(copy)
    copy["blocks"] = editor.edited(copy["blocks"])
    if editor.notes:
        notes = [_div([], [[NOTE, str(number)]], blocks) for number, blocks in enumerate(editor.notes, 1)]
        copy["blocks"].insert(0, _div([], [[NOTES, "1"]], notes))
    copy["meta"] = {}
    return copy


def _move_headings(tree: Tree) -> None:
    """Let the highest heading be of level 1, so that no level is missing, and the lowest of level 6, as in HTML."""
    headings = [element for element in _elements(tree["blocks"]) if element["t"] == "Header"]
    highest = min((heading["c"][0] for heading in headings), default=1)
    for heading in headings:
        heading["c"][0] = min(6, heading["c"][0] - highest + 1)


def has_superscript_citations(tree: Tree) -> bool:
    """Return whether the citation style prints its numbers raised, so that footnotes need another mark."""
    return any(
        isinstance(part, dict) and part.get("t") == "Superscript"
        for element in _elements(tree["blocks"])
        if element["t"] == "Cite"
        for part in element["c"][1]
    )


def words(tree: Tree) -> int:
    """Return the number of words in the running text, notes and references included."""
    return sum(element["t"] == "Str" for element in _elements(tree["blocks"]))


def _elements(node: Any) -> Iterator[dict[str, Any]]:
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, dict):
            if "t" in node:
                yield node
            stack.append(node.get("c"))
        elif isinstance(node, list):
            stack.extend(node)


def _div(classes: list[str], pairs: list[list[str]], blocks: list[Any]) -> dict[str, Any]:
    return {"t": "Div", "c": [["", classes, pairs], blocks]}


class _Editor:
    """One pass over a tree, from the leaves up."""

    def __init__(self, labels: Labels) -> None:
        self.notes: list[list[Any]] = []
        self.labels = labels

    def edited(self, node: Any) -> Any:
        if isinstance(node, list):
            parts = []
            for part in node:
                new = self.edited(part)
                if isinstance(part, dict) and isinstance(new, list):
                    parts.extend(new)
                else:
                    parts.append(new)
            return parts
        if not isinstance(node, dict) or "t" not in node:
            return node
        if "c" in node:
            node["c"] = self.edited(node["c"])
        if node["t"] in _ATTRIBUTE_FIRST:
            _drop_reserved(node["c"][0])
        method = getattr(self, f"_{node['t'].lower()}", None)
        return method(node) if method else node

    def _rawblock(self, node: dict[str, Any]) -> dict[str, Any]:
        raise refusal(
            SRC031,
            f"A raw {node['c'][0]} block reached the rendering stage.",
            "Remove raw HTML and raw blocks from the manuscript.",
            None,
        )

    _rawinline = _rawblock

    def _note(self, node: dict[str, Any]) -> dict[str, Any]:
        self.notes.append(node["c"])
        number = str(len(self.notes))
        return {"t": "Span", "c": [["", [], [[NOTE, number]]], [{"t": "Str", "c": number}]]}

    def _quoted(self, node: dict[str, Any]) -> list[dict[str, Any]]:
        first = 0 if node["c"][0]["t"] == "DoubleQuote" else 2
        before, after = self.labels.quotes[first : first + 2]
        return [{"t": "Str", "c": before}, *node["c"][1], {"t": "Str", "c": after}]

    def _codeblock(self, node: dict[str, Any]) -> dict[str, Any]:
        node["c"][0][1] = []
        node["c"][0][2] = []
        return node

    _code = _codeblock

    def _image(self, node: dict[str, Any]) -> dict[str, Any]:
        attribute = node["c"][0]
        for name, value in attribute[2]:
            if name == "width" and value.endswith("%"):
                attribute[1].append(f"width-{_rounded_percent(value)}")
        attribute[2] = [pair for pair in attribute[2] if pair[0] not in {"width", "height"}]
        if "decorative" in attribute[1]:
            attribute[2] = [*(pair for pair in attribute[2] if pair[0] != "alt"), ["alt", ""]]
        return node

    def _bulletlist(self, node: dict[str, Any]) -> dict[str, Any]:
        for item in node["c"]:
            for block in item[:1]:
                if block["t"] in {"Plain", "Para"} and block["c"] and block["c"][0].get("c") in ("☐", "☒"):
                    block["c"][0] = {"t": "Span", "c": [["", ["task"], []], [block["c"][0]]]}
        return node

    def _div(self, node: dict[str, Any]) -> dict[str, Any]:
        attribute, blocks = node["c"]
        if attribute[0] == "refs" or "csl-bib-body" in attribute[1]:
            entries = [[block] for block in blocks]
            attribute[1] = [_REFERENCE_CLASSES.get(name, name) for name in attribute[1]]
            attribute[2] = []
            node["c"][1] = [{"t": "BulletList", "c": entries}] if entries else []
        elif "csl-entry" in attribute[1]:
            attribute[1] = [_REFERENCE_CLASSES.get(name, name) for name in attribute[1]]
        return node

    def _table(self, node: dict[str, Any]) -> dict[str, Any]:
        _, _, columns, head, bodies, foot = node["c"]
        alignments = [_ALIGNMENTS.get(column[0]["t"], "") for column in columns]
        for column in columns:
            column[1] = {"t": "ColWidthDefault"}
            column[0] = {"t": "AlignDefault"}
        _write_cells(head[1], alignments, "col", len(columns))
        for body in bodies:
            _write_cells(body[2], alignments, "colgroup", len(columns))
            _write_cells(body[3], alignments, "row", body[1])
        _write_cells(foot[1], alignments, "", 0)
        return node


def _drop_reserved(attribute: list[Any]) -> None:
    attribute[2] = [pair for pair in attribute[2] if pair[0].removeprefix("data-") not in {"note", "notes"}]


def _rounded_percent(value: str) -> int:
    """Return the width class nearest to "63%": multiples of five from 10 to 100."""
    try:
        percent = float(value[:-1])
    except ValueError:
        return 100
    return min(100, max(10, round(percent / 5) * 5))


def _write_cells(rows: list[Any], alignments: list[str], scope: str, headers: int) -> None:
    """Give each cell the class of its alignment, and each of the first `headers` columns its scope."""
    taken: dict[int, int] = {}
    for row in rows:
        column = 0
        for cell in row[1]:
            while taken.get(column, 0) > 0:
                taken[column] -= 1
                column += 1
            attribute, alignment, rowspan, colspan = cell[0], cell[1], cell[2], cell[3]
            start, column = column, column + colspan
            side = (
                _ALIGNMENTS.get(alignment["t"], "")
                if alignment["t"] != "AlignDefault"
                else alignments[min(start, len(alignments) - 1)]
            )
            if side:
                attribute[1].append(f"align-{side}")
            cell[1] = {"t": "AlignDefault"}
            if scope and start < headers:
                wide = {"col": colspan, "row": rowspan}.get(scope, 1) > 1
                attribute[2].append(["scope", f"{scope}group" if wide else scope])
            for spanned in range(start, column):
                taken[spanned] = rowspan - 1
        for rest in [index for index in taken if index >= column]:
            taken[rest] = max(0, taken[rest] - 1)
