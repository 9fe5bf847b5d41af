"""What an edition promises to contain: headings, text, tables, figures, notes and references, in the order of its tree.

This is read from the syntax tree alone, so that a proof does not depend on the code that has written the file.
"""

from __future__ import annotations

import enum

from msgspec import Struct, field

from pubkit.language.folding import letters
from pubkit.manuscript import tree as syntax
from pubkit.manuscript.tree import Tree, every, nodes, plain_text

__all__ = ["Contents", "Heading", "Kind", "Note", "Picture", "Reference", "Run", "Table", "promised"]


_HOLDERS = (
    syntax.BlockQuote,
    syntax.BulletList,
    syntax.OrderedList,
    syntax.DefinitionList,
    syntax.Figure,
    syntax.Table,
)


class Kind(enum.StrEnum):
    """What a run of text belongs to."""

    TEXT = "text"
    HEADING = "heading"
    TABLE = "table"
    FIGURE = "figure"
    REFERENCE = "reference"


class Run(Struct, frozen=True):
    """Words that belong together: a block's text, or a part of it between footnote marks, formulas and pictures.

    `heading` is the text of the heading above it; `unit` numbers the figures and tables (0 for other text).
    """

    text: str
    kind: Kind
    heading: str = ""
    unit: int = 0


class Heading(Struct, frozen=True):
    """A heading: its level in the tree (from 1), and its words.

    `whole` says that `parts` is a single text, the whole heading; otherwise a note's mark, a formula or a picture
    interrupts it. `sectional` says that it opens a section; a heading in a list, a quotation or a table does not.
    """

    level: int
    parts: tuple[str, ...]
    whole: bool = True
    listed: bool = True
    sectional: bool = True

    @property
    def text(self) -> str:
        """Return the words on one line."""
        return " ".join(" ".join(self.parts).split())


class Table(Struct, frozen=True):
    """A table: the words of its caption, the number of its cells, and whether it is in a footnote."""

    caption: str
    cells: int
    in_note: bool = False


class Picture(Struct, frozen=True):
    """A picture: its alternative text, and whether its author calls it decorative."""

    target: str
    alt: str
    decorative: bool


class Note(Struct, frozen=True):
    """A footnote: its number in the order of the marks (a note within a note follows it), and its text."""

    number: int
    runs: tuple[Run, ...]
    within: bool = False


class Reference(Struct, frozen=True):
    """An entry of the reference list, as it is printed."""

    key: str
    text: str


class Contents(Struct):
    """Everything that a finished file must contain. `runs` is the text outside the notes, in reading order.

    `cited` are the keys that the text cites. `unresolved` are those that citeproc did not know, so that it printed the
    key and a question mark instead; `replaced_pictures` counts the pictures that were replaced by words. A finished
    file must have neither.
    """

    headings: list[Heading] = field(default_factory=list)
    levels: list[int] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    formulas: int = 0
    cited: set[str] = field(default_factory=set)
    unresolved: list[str] = field(default_factory=list)
    replaced_pictures: int = 0


def promised(tree: Tree) -> Contents:
    """Return what `tree`, a checked tree after citeproc, promises."""
    reader = _Reader()
    reader.blocks(tree.blocks, Kind.TEXT)
    reader.read_notes()
    return reader.found


class _Reader:
    """One walk through a tree."""

    def __init__(self) -> None:
        self.found = Contents()
        self._runs = self.found.runs
        self._calls: list[tuple[list[syntax.Block], bool]] = []
        self._parts: list[str] = []
        self._heading = ""
        self._unit = 0
        self._in_note = False
        self._depth = 0

    # Blocks

    def blocks(self, blocks: list[syntax.Block], kind: Kind) -> None:
        for before, block in zip([None, *blocks], blocks, strict=False):
            if (
                isinstance(before, syntax.Table)
                and isinstance(block, syntax.Div)
                and "table-notes" in block.attr.classes
            ):
                self._table_notes(block, kind)
            else:
                self._block(block, kind)

    def _block(self, block: syntax.Block, kind: Kind) -> None:
        """Read a block; inside a block that contains others, except a Div, headings do not open sections."""
        holds = isinstance(block, _HOLDERS)
        self._depth += holds
        self._content(block, kind)
        self._depth -= holds

    def _content(self, block: syntax.Block, kind: Kind) -> None:
        match block:
            case syntax.Para() | syntax.Plain():
                self._text(block.content, kind)
            case syntax.LineBlock():
                for line in block.content:
                    self._text(line, kind)
            case syntax.CodeBlock():
                self._add(block.text, kind)
            case syntax.Header():
                self._header(block)
            case syntax.BlockQuote():
                self.blocks(block.content, kind)
            case syntax.BulletList() | syntax.OrderedList():
                self._items(block.content, kind)
            case syntax.DefinitionList():
                for term, definitions in block.content:
                    self._text(term, kind)
                    self._items(definitions, kind)
            case syntax.Div():
                self._div(block, kind)
            case syntax.Figure():
                self._figure(block)
            case syntax.Table():
                self._table(block)

    def _items(self, items: list[list[syntax.Block]], kind: Kind) -> None:
        for item in items:
            self.blocks(item, kind)

    def _header(self, header: syntax.Header) -> None:
        first = len(self._runs)
        self._text(header.content, Kind.HEADING)
        parts = tuple(run.text for run in self._runs[first:])
        if header.content and not self._in_note:
            self.found.levels.append(header.level)
        if parts and not self._in_note:
            broken = (syntax.Note, syntax.Math, syntax.Image)
            whole = not any(isinstance(node, broken) for node in nodes(header.content))
            heading = Heading(header.level, parts, whole, "unlisted" not in header.attr.classes, not self._depth)
            self.found.headings.append(heading)
            self._heading = heading.text

    def _div(self, div: syntax.Div, kind: Kind) -> None:
        if "csl-entry" not in div.attr.classes:
            self.blocks(div.content, kind)
            return
        self.found.references.append(Reference(div.attr.identifier.removeprefix("ref-"), _words(div.content)))
        self.blocks(div.content, Kind.REFERENCE)

    def _figure(self, figure: syntax.Figure) -> None:
        """Read a figure's contents, then its caption: the order in which readers of a page meet them."""
        unit, self._unit = self._unit, self._unit or self._next_unit()
        self.found.figures.append(_words(figure.caption.blocks))
        self.blocks(figure.content, Kind.FIGURE)
        self.blocks(figure.caption.blocks, Kind.FIGURE)
        self._unit = unit

    def _table(self, table: syntax.Table) -> None:
        unit, self._unit = self._unit, self._unit or self._next_unit()
        self.blocks(table.caption.blocks, Kind.TABLE)
        cells = [cell for row in table.rows for cell in row.cells]
        self.found.tables.append(Table(_words(table.caption.blocks), len(cells), self._in_note))
        for cell in cells:
            self.blocks(cell.content, Kind.TABLE)
        self._unit = unit

    def _table_notes(self, notes: syntax.Div, kind: Kind) -> None:
        """Read the notes on the table before them, which move with it."""
        unit, self._unit = self._unit, self._unit or self._next_unit() - 1
        self._block(notes, kind)
        self._unit = unit

    def _next_unit(self) -> int:
        return len(self.found.figures) + len(self.found.tables) + 1

    # Text

    def _text(self, inlines: list[syntax.Inline], kind: Kind) -> None:
        self._inlines(inlines, kind)
        self._end_run(kind)

    def _inlines(self, inlines: list[syntax.Inline], kind: Kind) -> None:
        for inline in inlines:
            self._inline(inline, kind)

    def _inline(self, inline: syntax.Inline, kind: Kind) -> None:
        match inline:
            case syntax.Str() | syntax.Code():
                self._parts.append(inline.text)
            case syntax.Space() | syntax.SoftBreak() | syntax.LineBreak():
                self._parts.append(" ")
            case syntax.Math():
                self._end_run(kind)
                self.found.formulas += 1
            case syntax.Note():
                self._end_run(kind)
                self._calls.append((inline.content, self._in_note))
            case syntax.Image():
                self._end_run(kind)
                self._picture(inline)
            case syntax.RawInline():
                pass
            case syntax.Cite():
                self._citation(inline)
                self._inlines(inline.content, kind)
            case syntax.Span():
                self.found.replaced_pictures += "missing-picture" in inline.attr.classes
                self._inlines(inline.content, kind)
            case _:
                self._inlines(inline.content, kind)

    def _citation(self, cite: syntax.Cite) -> None:
        """Note the keys; citeproc prints a key with a question mark, in bold, for an entry that it does not have."""
        keys = {citation.key for citation in cite.citations}
        shown = {_words(strong) for strong in every(syntax.Strong, cite.content)}
        self.found.cited |= keys
        self.found.unresolved += sorted(key for key in keys if f"{key}?" in shown)

    def _picture(self, image: syntax.Image) -> None:
        said = dict(image.attr.pairs).get("alt")
        decorative = "decorative" in image.attr.classes
        alt = "" if decorative else said if said is not None else _words(image.content)
        self.found.pictures.append(Picture(image.target.url, alt, decorative))

    def _end_run(self, kind: Kind) -> None:
        self._add("".join(self._parts), kind)
        self._parts = []

    def _add(self, text: str, kind: Kind) -> None:
        text = " ".join(text.split())
        if letters(text):
            self._runs.append(Run(text, kind, self._heading, self._unit))

    # Notes

    def read_notes(self) -> None:
        """Read the notes that the text calls, each followed by those called in it."""
        calls, self._calls = self._calls, []
        for blocks, within in calls:
            self._runs, self._in_note, self._heading = [], True, ""
            self.blocks(blocks, Kind.TEXT)
            self.found.notes.append(Note(len(self.found.notes) + 1, tuple(self._runs), within))
            self.read_notes()


def _words(value: object) -> str:
    return " ".join(plain_text(value).split())
