"""The types of a manuscript that has been read.

The syntax tree is pandoc's (`pubkit.manuscript.tree`). Beside it is everything that a check needs to know, with its
place in the source.
"""

from __future__ import annotations

import bisect
import enum
import functools
from collections.abc import Iterator, Mapping

from msgspec import Struct, field, structs

from pubkit.boundary.text import SourceFile, written
from pubkit.findings import Finding, Location
from pubkit.manuscript.crossref import Label
from pubkit.manuscript.front import FrontMatter
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Form, Publication

__all__ = [
    "Block",
    "BlockKind",
    "Citation",
    "CitationMode",
    "CrossReference",
    "Document",
    "Heading",
    "Image",
    "Link",
    "Manuscript",
]


class CitationMode(enum.StrEnum):
    """How a key is cited: `[@key]`, `@key` or `[-@key]`."""

    NORMAL = "normal"
    IN_TEXT = "in-text"
    SUPPRESS = "suppress"


class Citation(Struct, frozen=True):
    """One citation key at its place in the text.

    `offset` is the index in `Block.text` (characters) that the mark follows.
    """

    key: str
    mode: CitationMode
    location: Location
    offset: int = 0


class CrossReference(Struct, frozen=True):
    """A mention of a figure, table, section or equation: `@fig:name`."""

    label: str
    location: Location


class Heading(Struct, frozen=True):
    """A heading; `number` is "2.1" where sections are numbered, else empty."""

    level: int
    text: str
    identifier: str
    location: Location
    number: str = ""


class Image(Struct, frozen=True):
    """An image as the source names it. `alt` is "" if the author gave none; `decorative` is the author's choice."""

    target: str
    alt: str
    title: str
    decorative: bool
    identifier: str
    location: Location


class Link(Struct, frozen=True):
    """A link: its target, its words, and its place in the text of its block (characters)."""

    target: str
    text: str
    title: str
    location: Location
    start: int = 0
    end: int = 0


class BlockKind(enum.StrEnum):
    """What a run of text is in the document.

    `CODE` is text set as code that reads like prose, `DRAWN` the words in a drawing.
    """

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list-item"
    TERM = "term"
    CAPTION = "caption"
    CELL = "cell"
    HEADER_CELL = "header-cell"
    NOTE = "note"
    QUOTE = "quote"
    ALT = "alt"
    CODE = "code"
    DRAWN = "drawn"
    METADATA = "metadata"


class Block(Struct, frozen=True):
    """A run of text as its reader sees it, without inline markup: the unit on which the language rules work.

    `text` holds the words without citations, notes, code and formulas; a citation is at its `offset`. `anchors` are
    pairs (offset in `text`, location), in order of offset, one for each word whose place in the source is known. `section`
    is the path of heading texts above the block, outermost first; `row` numbers the table row of a cell
    (0 outside tables), and `head` is the head of its column ("" where cells span others, or columns have several heads);
    `lang` is the language that the author has marked it to be in, "" if none.
    """

    kind: BlockKind
    text: str
    location: Location
    citations: tuple[Citation, ...] = ()
    links: tuple[Link, ...] = ()
    section: tuple[str, ...] = ()
    anchors: tuple[tuple[int, Location], ...] = ()
    row: int = 0
    lang: str = ""
    head: str = ""

    def locate(self, offset: int) -> Location:
        """Return the place in the source of the word that holds, or comes before, character `offset` of `text`."""
        index = bisect.bisect_right(self.anchors, offset, key=lambda anchor: anchor[0]) - 1
        return self.anchors[index][1] if index >= 0 else self.location

    def span(self, start: int, end: int) -> Location:
        """Return the place of the characters `start` to `end` of `text`; without an end if they cross a source line."""
        first = self.locate(start)
        index = bisect.bisect_right(self.anchors, max(start, end - 1), key=lambda anchor: anchor[0]) - 1
        if index < 0:
            return first
        offset, last = self.anchors[index]
        end_column = last.column + end - offset
        known = (last.file, last.line) == (first.file, first.line) and end_column > first.column
        return structs.replace(first, end_column=end_column) if known else first


class Document(Struct, frozen=True):
    """One parse of the whole manuscript: pandoc's tree, and what is in it, each with its place."""

    tree: Tree
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    cross_references: tuple[CrossReference, ...]
    headings: tuple[Heading, ...]
    images: tuple[Image, ...]
    links: tuple[Link, ...]
    labels: Mapping[str, Label] = field(default_factory=dict)

    @property
    def markdown(self) -> Iterator[Block]:
        """Yield the blocks that were written as Markdown: all but the words in drawings."""
        return (block for block in self.blocks if block.kind is not BlockKind.DRAWN)


class Manuscript(Struct, frozen=True, dict=True):
    """What an author submitted, read and found safe.

    `publication` has the title, subtitle and abstract as plain text; `front` as they are printed. `images` maps each image
    target to its checked bytes and media type. `findings` are mistakes that do not keep the text from being read (raw HTML
    left out, a missing picture). `form` is how the text is set. `uncited` are the works that
    `nocite` adds to the reference list, each at the place of that statement.
    """

    publication: Publication
    sources: tuple[SourceFile, ...]
    document: Document
    pictures: Mapping[str, Picture]
    findings: tuple[Finding, ...] = ()
    form: Form = "article"
    front: FrontMatter | None = None
    uncited: tuple[Citation, ...] = ()

    @functools.cached_property
    def written(self) -> Mapping[str, str]:
        """Return the text of each of the author's files by its path: the chapters, and what they include."""
        return written(self.sources)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Return every citation key of the text, in reading order, and those that the reference list has besides."""
        return (*self.document.citations, *self.uncited)


class Picture(Struct, frozen=True):
    """An image file that was opened and checked: its bytes, media type and size in pixels, and the `words` of a drawing."""

    data: bytes
    media_type: str
    width: int
    height: int
    sha256: str
    words: tuple[Block, ...] = ()
