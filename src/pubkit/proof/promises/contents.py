"""What an edition promises to hold: its headings, text, tables, figures, notes and references, in the order of its tree.

This is read from the syntax tree alone, so that a proof does not depend on the code that has written the file. An element
of the tree is {"t": name, "c": content}, as in pandoc's `Text.Pandoc.Definition`.
"""

from __future__ import annotations

import enum
from typing import Any

from msgspec import Struct, field

from pubkit.language.folding import letters
from pubkit.manuscript.model import Tree
from pubkit.manuscript.tree import Node, nodes, plain_text

__all__ = ["Contents", "Heading", "Kind", "Note", "Picture", "Reference", "Run", "Table", "promised"]


_HOLDERS = frozenset({"BlockQuote", "BulletList", "OrderedList", "DefinitionList", "Figure", "Table"})


class Kind(enum.StrEnum):
    """What a run of text belongs to."""

    TEXT = "text"
    HEADING = "heading"
    TABLE = "table"
    FIGURE = "figure"
    REFERENCE = "reference"


class Run(Struct, frozen=True):
    """Words that stand together: a block's text, or a part of it between footnote marks, formulas and pictures.

    `heading` is the text of the heading above it, `unit` tells the figures and tables apart (0 for other text).
    """

    text: str
    kind: Kind
    heading: str = ""
    unit: int = 0


class Heading(Struct, frozen=True):
    """A heading: its level in the tree (from 1), and its words.

    `whole` says that `parts` is one text and all of it; else a note's mark, a formula or a picture stands in the heading.
    `sectional` says that it opens a section; a heading in a list, a quotation or a table does not.
    """

    level: int
    parts: tuple[str, ...]
    whole: bool = True
    listed: bool = True
    sectional: bool = True

    @property
    def text(self) -> str:
        """The words in one line."""
        return " ".join(" ".join(self.parts).split())


class Table(Struct, frozen=True):
    """A table: the words of its caption, the number of its cells, and whether it stands in a footnote."""

    caption: str
    cells: int
    in_note: bool = False


class Picture(Struct, frozen=True):
    """A picture: the text that stands in for it, and whether its author calls it decoration."""

    target: str
    alt: str
    decorative: bool


class Note(Struct, frozen=True):
    """A footnote: its number in the order of the calls (a note within a note follows it), and its text."""

    number: int
    runs: tuple[Run, ...]
    within: bool = False


class Reference(Struct, frozen=True):
    """An entry of the reference list, as it is printed."""

    key: str
    text: str


class Contents(Struct):
    """Everything that a finished file must hold. `runs` is the text outside the notes, in reading order.

    `cited` are the keys that the text cites. `unresolved` are those of which citeproc knew nothing, so that it put the key
    and a question mark in their place, and `replaced_pictures` counts the pictures for which words stand: what a finished
    file must not hold.
    """

    headings: list[Heading] = field(default_factory=list)
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
    reader.blocks(tree["blocks"], Kind.TEXT)
    reader.read_notes()
    return reader.found


class _Reader:
    """One walk through a tree."""

    def __init__(self) -> None:
        self.found = Contents()
        self._runs = self.found.runs
        self._calls: list[tuple[list[Node], bool]] = []
        self._parts: list[str] = []
        self._heading = ""
        self._unit = 0
        self._in_note = False
        self._depth = 0

    # Blocks

    def blocks(self, blocks: list[Node], kind: Kind) -> None:
        for block in blocks:
            self._block(block, kind)

    def _block(self, block: Node, kind: Kind) -> None:
        """Read a block; whatever holds blocks, other than a Div, ends the run of sections while it is read."""
        if block["t"] in _HOLDERS:
            self._depth += 1
        self._content(block, kind)
        if block["t"] in _HOLDERS:
            self._depth -= 1

    def _content(self, block: Node, kind: Kind) -> None:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                self._text(content, kind)
            case "LineBlock":
                for line in content:
                    self._text(line, kind)
            case "CodeBlock":
                self._add(content[1], kind)
            case "Header":
                self._header(content)
            case "BlockQuote":
                self.blocks(content, kind)
            case "BulletList":
                self._items(content, kind)
            case "OrderedList":
                self._items(content[1], kind)
            case "DefinitionList":
                for term, definitions in content:
                    self._text(term, kind)
                    self._items(definitions, kind)
            case "Div":
                self._div(content, kind)
            case "Figure":
                self._figure(content)
            case "Table":
                self._table(content)

    def _items(self, items: list[list[Node]], kind: Kind) -> None:
        for item in items:
            self.blocks(item, kind)

    def _header(self, content: list[Any]) -> None:
        level, (_, classes, _), inlines = content
        first = len(self._runs)
        self._text(inlines, Kind.HEADING)
        parts = tuple(run.text for run in self._runs[first:])
        if parts and not self._in_note:
            whole = not any(node["t"] in {"Note", "Math", "Image"} for node in nodes(inlines))
            heading = Heading(level, parts, whole, "unlisted" not in classes, not self._depth)
            self.found.headings.append(heading)
            self._heading = heading.text

    def _div(self, content: list[Any], kind: Kind) -> None:
        (identifier, classes, _), blocks = content
        if "csl-entry" not in classes:
            self.blocks(blocks, kind)
            return
        self.found.references.append(Reference(identifier.removeprefix("ref-"), _words(blocks)))
        self.blocks(blocks, Kind.REFERENCE)

    def _figure(self, content: list[Any]) -> None:
        """What is in a figure, then its caption: the order in which readers of a page meet them."""
        _, caption, blocks = content
        unit, self._unit = self._unit, self._unit or self._next_unit()
        self.found.figures.append(_words(caption[1]))
        self.blocks(blocks, Kind.FIGURE)
        self.blocks(caption[1], Kind.FIGURE)
        self._unit = unit

    def _table(self, content: list[Any]) -> None:
        _, caption, _, head, bodies, foot = content
        unit, self._unit = self._unit, self._unit or self._next_unit()
        self.blocks(caption[1], Kind.TABLE)
        rows = [*head[1], *(row for body in bodies for part in (body[2], body[3]) for row in part), *foot[1]]
        cells = [cell for row in rows for cell in row[1]]
        self.found.tables.append(Table(_words(caption[1]), len(cells), self._in_note))
        for cell in cells:
            self.blocks(cell[4], Kind.TABLE)
        self._unit = unit

    def _next_unit(self) -> int:
        return len(self.found.figures) + len(self.found.tables) + 1

    # Text

    def _text(self, inlines: list[Node], kind: Kind) -> None:
        self._inlines(inlines, kind)
        self._end_run(kind)

    def _inlines(self, inlines: list[Node], kind: Kind) -> None:
        for inline in inlines:
            self._inline(inline, kind)

    def _inline(self, inline: Node, kind: Kind) -> None:
        content: Any = inline.get("c")
        match inline["t"]:
            case "Str":
                self._parts.append(content)
            case "Space" | "SoftBreak" | "LineBreak":
                self._parts.append(" ")
            case "Code":
                self._parts.append(content[1])
            case "Emph" | "Strong" | "Underline" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps":
                self._inlines(content, kind)
            case "Cite":
                self._citation(content)
                self._inlines(content[1], kind)
            case "Quoted" | "Span" | "Link":
                self.found.replaced_pictures += inline["t"] == "Span" and "missing-picture" in content[0][1]
                self._inlines(content[1], kind)
            case "Math":
                self._end_run(kind)
                self.found.formulas += 1
            case "Note":
                self._end_run(kind)
                self._calls.append((content, self._in_note))
            case "Image":
                self._end_run(kind)
                self._picture(content)

    def _citation(self, content: list[Any]) -> None:
        """Pandoc's citeproc prints the key and a question mark, strong, for an entry that the bibliography lacks."""
        keys = {citation["citationId"] for citation in content[0]}
        shown = {_words(node) for node in nodes(content[1]) if node["t"] == "Strong"}
        self.found.cited |= keys
        self.found.unresolved += sorted(key for key in keys if f"{key}?" in shown)

    def _picture(self, content: list[Any]) -> None:
        (_, classes, pairs), words, (target, _) = content
        said = dict(pairs).get("alt")
        decorative = "decorative" in classes
        alt = "" if decorative else said if said is not None else _words(words)
        self.found.pictures.append(Picture(target, alt, decorative))

    def _end_run(self, kind: Kind) -> None:
        self._add("".join(self._parts), kind)
        self._parts = []

    def _add(self, text: str, kind: Kind) -> None:
        text = " ".join(text.split())
        if letters(text):
            self._runs.append(Run(text, kind, self._heading, self._unit))

    # Notes

    def read_notes(self) -> None:
        """Read the notes that the text calls, each followed by those that it calls itself."""
        calls, self._calls = self._calls, []
        for blocks, within in calls:
            self._runs, self._in_note, self._heading = [], True, ""
            self.blocks(blocks, Kind.TEXT)
            self.found.notes.append(Note(len(self.found.notes) + 1, tuple(self._runs), within))
            self.read_notes()


def _words(value: Any) -> str:
    return " ".join(plain_text(value).split())
