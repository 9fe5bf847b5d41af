"""The syntax tree prepared for print: what pandoc's HTML writer would lose, or write as inline styles, is written out."""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.boundary.files import refusal
from pubkit.errors import InputRefused
from pubkit.language.labels import Labels
from pubkit.manuscript.tree import (
    Alignment,
    Attr,
    Block,
    BulletList,
    Cite,
    Code,
    CodeBlock,
    ColSpec,
    ColWidthDefault,
    Div,
    Header,
    Image,
    Inline,
    InlineNode,
    Math,
    MathType,
    Node,
    Note,
    OrderedList,
    Para,
    Plain,
    Quoted,
    RawBlock,
    RawInline,
    Row,
    Span,
    Str,
    Superscript,
    Table,
    Tree,
    attributes,
    copied,
    every,
    inline_lists,
    parts,
)
from pubkit.render import columns
from pubkit.render.rules import SRC031
from pubkit.render.sizes import pixels
from pubkit.render.together import on_one_line, whole_in_cells

__all__ = [
    "LIST_MARKS",
    "NOTE",
    "NOTES",
    "has_superscript_citations",
    "in_quotation_marks",
    "prepare",
    "unprintable",
    "words",
]

#: Attributes that only this module writes; they carry footnotes through the HTML writer.
NOTE = "data-note"
NOTES = "data-notes"

_ALIGNMENTS = {"AlignRight": "right", "AlignCenter": "center"}
#: How the marks of a list are set off, and what they are, as classes; a list without them is numbered 1. 2. 3.
_DELIMITERS = {"OneParen": "one-paren", "TwoParens": "two-parens"}
LIST_MARKS = frozenset(_DELIMITERS.values())
_NUMBERINGS = {
    "LowerAlpha": "lower-alpha",
    "UpperAlpha": "upper-alpha",
    "LowerRoman": "lower-roman",
    "UpperRoman": "upper-roman",
}
_REFERENCE_CLASSES = {"csl-bib-body": "reference-list", "csl-entry": "reference"}


def prepare(tree: Tree, labels: Labels) -> Tree:
    """Return a copy of `tree` that the HTML writer prints as the templates and style sheets expect.

    Table cells carry their alignment as a class and header cells their scope; column widths, syntax highlighting and
    image sizes no longer become inline styles; the reference list is a list; quotation marks are those of the language;
    the headings begin at level 1 and end at level 6; footnotes are Spans with a number, and their blocks are in a Div
    before everything else (after a heading, the writer would count it as part of that section).

    Raises:
        InputRefused: the tree still contains a raw part, which no writer can be trusted with.
    """
    editor, copy = _Editor(labels), copied(tree)
    _move_headings(copy)
    editor.edit(copy.blocks)
    if editor.notes:
        notes = [_div(NOTE, str(number), blocks) for number, blocks in enumerate(editor.notes, 1)]
        copy.blocks.insert(0, _div(NOTES, "1", notes))
    copy.meta = {}
    return copy


def _div(name: str, value: str, blocks: Sequence[Block]) -> Div:
    return Div((Attr(pairs=[(name, value)]), list(blocks)))


def _move_headings(tree: Tree) -> None:
    """Move the headings so that the highest is of level 1, with no level missing, and the lowest of level 6."""
    headings = list(every(Header, tree.blocks))
    highest = min((heading.level for heading in headings), default=1)
    for heading in headings:
        heading.level = min(6, heading.level - highest + 1)
        for formula in every(Math, heading.content):
            formula.kind = MathType("InlineMath")  # a formula on a line of its own would cut the heading in two


def has_superscript_citations(tree: Tree) -> bool:
    """Return whether the citation style raises its numbers, so that footnotes need other marks."""
    return any(isinstance(part, Superscript) for cite in every(Cite, tree.blocks) for part in cite.content)


def words(tree: Tree) -> int:
    """Return the number of words in the running text, including notes and references."""
    return sum(len(part.text.split()) for part in every(Str, tree.blocks))


def unprintable(raw: RawBlock | RawInline) -> InputRefused:
    """Return the error for a raw part at this stage."""
    message = f"A raw {raw.format} part reached the printing stage."
    return refusal(SRC031, message, "Remove raw HTML and raw blocks from the manuscript.", None)


def in_quotation_marks(quoted: Quoted, labels: Labels) -> list[Inline]:
    """Return the words of a quotation between the quotation marks of the language."""
    first = 0 if quoted.kind.t == "DoubleQuote" else 2
    before, after = labels.quotes[first : first + 2]
    return [Str(before), *quoted.content, Str(after)]


class _Editor:
    """One pass over a tree, from the leaves up."""

    def __init__(self, labels: Labels) -> None:
        self.notes: list[list[Block]] = []
        self.labels = labels

    def edit(self, value: object) -> None:
        """Replace every node in `value`, any part of a tree, with what is printed."""
        if isinstance(value, list) and value and isinstance(value[0], Node):
            value[:] = [printed for node in value for printed in self._printed(node)]
            if isinstance(value[0], InlineNode):
                value[:] = on_one_line(value)
        else:
            for part in parts(value):
                self.edit(part)

    def _printed(self, node: Inline | Block) -> Sequence[Inline | Block]:
        self.edit(parts(node))
        if attr := attributes(node):
            attr.pairs = [pair for pair in attr.pairs if pair[0].removeprefix("data-") not in {"note", "notes"}]
        match node:
            case RawBlock() | RawInline():
                raise unprintable(node)
            case Quoted():
                return in_quotation_marks(node, self.labels)
            case Note():
                return [self._call(node)]
            case Code() | CodeBlock():
                node.attr = Attr(node.attr.identifier)
            case Image():
                _edit_image(node.attr)
            case BulletList():
                return [_with_tasks(node)]
            case OrderedList():
                return [_with_marks(node)]
            case Div():
                _edit_references(node)
            case Table():
                _edit_table(node, comma=self.labels.decimal_comma)
        return [node]

    def _call(self, note: Note) -> Span:
        self.notes.append(note.content)
        number = str(len(self.notes))
        return Span((Attr(pairs=[(NOTE, number)]), [Str(number)]))


def _edit_image(attr: Attr) -> None:
    sizes = [pair for pair in attr.pairs if pair[0] in {"width", "height"}]
    attr.pairs = [pair for pair in attr.pairs if pair not in sizes]
    for name, value in sizes:
        if name == "width" and value.endswith("%"):
            attr.classes.append(f"width-{_rounded_percent(value)}")
        elif size := pixels(value):
            attr.pairs.append((f"data-{name}", str(size)))
    if "decorative" in attr.classes:
        attr.pairs = [*(pair for pair in attr.pairs if pair[0] != "alt"), ("alt", "")]


def _with_tasks(items: BulletList) -> Block:
    """Mark the boxes of tasks; a list of nothing else is in a division, because its items have no other bullets."""
    tasks = 0
    for item in items.content:
        match item:
            case [Plain([Str("☐" | "☒") as box, *others]) | Para([Str("☐" | "☒") as box, *others]) as block, *_]:
                block.content = [Span((Attr(classes=["task"]), [box])), *others]
                tasks += 1
    return Div((Attr(classes=["tasks"]), [items])) if tasks and tasks == len(items.content) else items


def _with_marks(items: OrderedList) -> Block:
    """Return a list, in a division that names its marks where they stand in brackets: 1) or (1), a) or (a)."""
    style, delimiter = items.numbering.style.t, _DELIMITERS.get(items.numbering.delimiter.t)
    if delimiter is None or style == "Example":
        return items
    return Div((Attr(classes=[delimiter, _NUMBERINGS.get(style, "decimal")]), [items]))


def _edit_references(div: Div) -> None:
    attr = div.attr
    if attr.identifier == "refs" or "csl-bib-body" in attr.classes:
        attr.classes = [_REFERENCE_CLASSES.get(name, name) for name in attr.classes]
        attr.pairs = []
        div.content = [BulletList([[block] for block in div.content])] if div.content else []
    elif "csl-entry" in attr.classes:
        attr.classes = [_REFERENCE_CLASSES.get(name, name) for name in attr.classes]


def _edit_table(table: Table, *, comma: bool) -> None:
    alignments = [_ALIGNMENTS.get(column.alignment.t, "") for column in table.columns]
    columns.align(table, alignments, comma=comma)
    for siblings in list(inline_lists([row.cells for row in table.rows])):
        siblings[:] = whole_in_cells(siblings)
    table.columns = [ColSpec(Alignment(), ColWidthDefault()) for _ in table.columns]
    _write_cells(table.head.rows, alignments, "col", len(alignments))
    for body in table.bodies:
        _write_cells(body.head, alignments, "colgroup", len(alignments))
        _write_cells(body.body, alignments, "row", body.row_head_columns)
    _write_cells(table.foot.rows, alignments, "", 0)


def _rounded_percent(value: str) -> int:
    """Return the width class nearest to "63%": multiples of five from 10 to 100."""
    try:
        percent = float(value[:-1])
    except ValueError:
        return 100
    return min(100, max(10, round(percent / 5) * 5))


def _write_cells(rows: list[Row], alignments: list[str], scope: str, headers: int) -> None:
    """Give each cell the class of its alignment, and each of the first `headers` columns its scope."""
    taken: dict[int, int] = {}
    for row in rows:
        column = 0
        for cell in row.cells:
            while taken.get(column, 0) > 0:
                taken[column] -= 1
                column += 1
            start, column = column, column + cell.col_span
            own = cell.alignment.t
            side = _ALIGNMENTS.get(own, "") if own != "AlignDefault" else alignments[min(start, len(alignments) - 1)]
            if side:
                cell.attr.classes.append(f"align-{side}")
            cell.alignment = Alignment()
            if scope and start < headers:
                wide = {"col": cell.col_span, "row": cell.row_span}.get(scope, 1) > 1
                cell.attr.pairs.append(("scope", f"{scope}group" if wide else scope))
            for spanned in range(start, column):
                taken[spanned] = cell.row_span - 1
        for rest in [index for index in taken if index >= column]:
            taken[rest] = max(0, taken[rest] - 1)
