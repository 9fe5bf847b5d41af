"""One walk through the syntax tree that notes everything a check wants to know, with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct, field

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode, CrossReference, Heading, Image, Link
from pubkit.manuscript.positions import SourceWords, words
from pubkit.manuscript.rules import CIT013
from pubkit.manuscript.tree import Node, nodes

__all__ = ["Outline", "outline"]

_MODES = {
    "AuthorInText": CitationMode.IN_TEXT,
    "NormalCitation": CitationMode.NORMAL,
    "SuppressAuthor": CitationMode.SUPPRESS,
}
_BLANKS = re.compile(r"\s+")


_FEWEST_WORDS = 3
_PROSE_SHARE = 0.75
_PROSE_WORD = re.compile(r"[\"'“‘(\[]?(?:[^\W\d_][^\W\d_'’-]*|\d[\d.,%]*)[.,;:!?%\"'”’)\]]*")
_KEY = re.compile(r"\[@[^\]\s]+\][.,;]?")


def _reads_like_prose(text: str) -> bool:
    """Whether `text` is words: three at least, hardly anything between them that programs, tables and trees are made of."""
    parts = _KEY.sub("", text).split()
    spoken = sum(_PROSE_WORD.fullmatch(part) is not None for part in parts)
    return spoken >= _FEWEST_WORDS and spoken >= _PROSE_SHARE * len(parts) and not _PROGRAM.search(text)


_PROGRAM = re.compile(r"[{};=<>$\\|]|\w\(|^\s*(?:#|//|import |from |def |pip |\$)|--\w", re.MULTILINE)


class Outline(Struct):
    """What stands in one chapter, in reading order."""

    blocks: list[Block] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    cross_references: list[CrossReference] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Run(Struct):
    """The text of one block while it is gathered."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    words: list[tuple[int, str, int | None]] = field(default_factory=list)
    citations: list[tuple[int, Node, int | None]] = field(default_factory=list)
    nested: list[tuple[str, Node]] = field(default_factory=list)
    links: list[tuple[int, int, Node]] = field(default_factory=list)
    images: list[Node] = field(default_factory=list)
    notes: list[tuple[int, list[Node]]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.words.extend((self.length + start, word, None) for start, word in words(text))
        self.parts.append(text)
        self.length += len(text)

    def blank(self) -> None:
        self.parts.append(" ")
        self.length += 1


def outline(
    blocks: list[Node],
    source: SourceWords,
    key_offset: Callable[[str], tuple[str, int] | None],
    sections: tuple[str, ...] = (),
) -> Outline:
    """What stands in `blocks`, the tree of one chapter as the token parse gave it.

    Args:
        blocks: the chapter's blocks; citation ids are still tokens.
        source: the words of the chapter's source.
        key_offset: the key and source offset that a token stands for; None where the id is no token.
        sections: headings of earlier chapters under which this one begins.
    """
    walk = _Walk(source, key_offset, list(sections))
    walk.blocks(blocks, BlockKind.PARAGRAPH)
    return walk.found


class _Walk:
    def __init__(
        self, source: SourceWords, key_offset: Callable[[str], tuple[str, int] | None], sections: list[str]
    ) -> None:
        self.found = Outline()
        self._source = source
        self._key_offset = key_offset
        self._sections = sections
        self._row = 0
        self._here = source.location(0)
        self._here_offset = 0
        self._picture = 0

    # Blocks

    def blocks(self, blocks: list[Node], kind: BlockKind) -> None:
        for block in blocks:
            self._block(block, kind)

    def _block(self, block: Node, kind: BlockKind) -> None:
        content: Any = block.get("c")
        match block["t"]:
            case "Para" | "Plain":
                self._text(content, kind)
            case "LineBlock":
                for line in content:
                    self._text(line, kind)
            case "Header":
                self._heading(content)
            case "BlockQuote":
                self.blocks(content, BlockKind.QUOTE)
            case "BulletList":
                self._items(content)
            case "OrderedList":
                self._items(content[1])
            case "DefinitionList":
                for term, definitions in content:
                    self._text(term, BlockKind.TERM)
                    self._items(definitions)
            case "Div":
                self.blocks(content[1], kind)
            case "Figure":
                self._figure(content)
            case "Table":
                self._table(content)
            case "CodeBlock":
                self._code(content[1])

    def _code(self, text: str) -> None:
        """Text set as code is printed as it stands: where it reads like prose, it is a run of text like any other."""
        if not _reads_like_prose(text):
            return
        anchors = tuple(self._code_anchors(text))
        first = anchors[0][1] if anchors else self._here
        self.found.blocks.append(Block(BlockKind.CODE, text, first, section=tuple(self._sections), anchors=anchors))

    def _code_anchors(self, text: str) -> Iterator[tuple[int, Location]]:
        """Each word of a text set as code, found again line by line."""
        begin, place = 0, self._here_offset
        for line in text.split("\n"):
            found = self._source.find(line.strip(), place) if line.strip() else None
            if found is not None:
                place = found
                indent = len(line) - len(line.lstrip())
                for start, _ in words(line):
                    yield begin + start, self._source.location(found + start - indent)
            begin += len(line) + 1

    def _items(self, items: list[list[Node]]) -> None:
        for item in items:
            self.blocks(item, BlockKind.LIST_ITEM)

    def _heading(self, content: list[Any]) -> None:
        level, (identifier, _, _), inlines = content
        text, location = self._text(inlines, BlockKind.HEADING)
        if not text and (mark := self._source.empty_heading(level, self._here_offset)) is not None:
            location = self._here = self._source.location(mark)
            self._here_offset = mark
        self._sections[level - 1 :] = [text]
        self.found.headings.append(Heading(level, text, identifier, Location(location.file, location.line, 1)))

    def _figure(self, content: list[Any]) -> None:
        """The picture stands before its caption in the source as little as after it: the caption is read first."""
        (identifier, classes, _), caption, inner = content
        self.blocks(caption[1], BlockKind.CAPTION)
        caption_text = " ".join(block.text for block in self.found.blocks[-1:] if block.kind is BlockKind.CAPTION)
        if (
            len(inner) == 1
            and inner[0]["t"] == "Plain"
            and len(inner[0]["c"]) == 1
            and inner[0]["c"][0]["t"] == "Image"
        ):
            self._image(inner[0]["c"][0], identifier, classes, caption_text)
        else:
            self.blocks(inner, BlockKind.PARAGRAPH)

    def _table(self, content: list[Any]) -> None:
        """Cells first: pandoc allows the caption on either side, and writers mostly put it below."""
        _, caption, _, head, bodies, foot = content
        self._rows(head[1], BlockKind.HEADER_CELL)
        for body in bodies:
            self._rows(body[2], BlockKind.HEADER_CELL)
            self._rows(body[3], BlockKind.CELL)
        self._rows(foot[1], BlockKind.CELL)
        self.blocks(caption[1], BlockKind.CAPTION)

    def _rows(self, rows: list[Any], kind: BlockKind) -> None:
        for row in rows:
            self._row += 1
            row_number = self._row
            for cell in row[1]:
                first = len(self.found.blocks)
                self.blocks(cell[4], kind)
                for index in range(first, len(self.found.blocks)):
                    block = self.found.blocks[index]
                    self.found.blocks[index] = _in_row(block, row_number)

    # Text

    def _text(self, inlines: list[Node], kind: BlockKind, *, aside: bool = False) -> tuple[str, Location]:
        """Note one run of text as a block, and everything inside it; its words and where it begins are returned."""
        run = _Run()
        self._gather(inlines, run)
        text = "".join(run.parts)
        anchors = self._anchors(run, aside=aside)
        first = anchors[0][1] if anchors else self._first_citation(run) or self._here
        self._here, self._here_offset = first, self._offset(first)
        citations = tuple(self._citation(offset, one, known, first) for offset, one, known in run.citations)
        self.found.cross_references += (CrossReference(one.key, one.location) for one in citations if is_label(one.key))
        citations = tuple(one for one in citations if not is_label(one.key))
        self.found.citations += citations
        self.found.findings += (self._nested(outer, self._citation(0, one, None, first)) for outer, one in run.nested)
        # A key in a footnote is a source of the sentence that bears the note's mark.
        noted = (self._citation(at, one, None, first) for at, note in run.notes for one in _cited(note))
        works = (one for one in noted if not is_label(one.key))
        citations = tuple(sorted((*citations, *works), key=lambda one: one.offset))
        links = tuple(self._link(start, end, node, text, anchors, first) for start, end, node in run.links)
        self.found.links += links
        if text.strip() or citations:
            sections = tuple(self._sections)
            self.found.blocks.append(Block(kind, text, first, citations, links, sections, tuple(anchors)))
        for image in run.images:
            self._image(image, image["c"][0][0], image["c"][0][1], "")
        for _, note in run.notes:
            self._note(note)
        for code in run.codes:
            self._code(code)
        return _BLANKS.sub(" ", text).strip(), first

    def _note(self, blocks: list[Node]) -> None:
        here, here_offset = self._here, self._here_offset
        for block in blocks:
            if block["t"] in {"Para", "Plain"}:
                self._text(block["c"], BlockKind.NOTE, aside=True)
            else:
                self._block(block, BlockKind.NOTE)
        self._here, self._here_offset = here, here_offset

    def _gather(self, inlines: list[Node], run: _Run) -> None:
        for inline in inlines:
            content: Any = inline.get("c")
            match inline["t"]:
                case "Str":
                    run.add(content)
                case "Space" | "SoftBreak" | "LineBreak":
                    run.blank()
                case "Emph" | "Strong" | "Underline" | "Strikeout" | "Superscript" | "Subscript" | "SmallCaps":
                    self._gather(content, run)
                case "Span":
                    self._gather(content[1], run)
                case "Quoted":
                    single = content[0]["t"] == "SingleQuote"
                    run.add("‘" if single else "“")
                    self._gather(content[1], run)
                    run.add("’" if single else "”")
                case "Cite":
                    self._gather_citations(content[0], run)
                case "Link":
                    start = run.length
                    self._gather(content[1], run)
                    run.links.append((start, run.length, inline))
                case "Image":
                    run.images.append(inline)
                case "Note":
                    run.notes.append((run.length, content))
                case "Code":
                    run.codes.append(content[1])

    def _gather_citations(self, citations: list[Node], run: _Run) -> None:
        for one in citations:
            self._gather_citation(one, run)
            inner = [*_cited(one["citationPrefix"]), *_cited(one["citationSuffix"])]
            for nested in inner:
                self._gather_citation(nested, run)
            if not is_label(self._key(one)):
                run.nested += ((self._key(one), nested) for nested in inner)

    def _gather_citation(self, one: Node, run: _Run) -> None:
        known = self._key_offset(one["citationId"])
        run.citations.append((run.length, one, known[1] if known else None))
        if known:
            run.words.extend((run.length, word, known[1]) for _, word in list(words(known[0]))[:1])

    def _key(self, one: Node) -> str:
        known = self._key_offset(one["citationId"])
        key: str = known[0] if known else one["citationId"]
        return key

    def _anchors(self, run: _Run, *, aside: bool) -> list[tuple[int, Location]]:
        """Where the words of a run stand in the source, as pairs of offset in the run and place."""
        if not run.words:
            return []
        found = self._source.align([(word, known) for _, word, known in run.words], aside=aside)
        return [
            (offset, self._source.location(place))
            for (offset, _, known), place in zip(run.words, found, strict=True)
            if place is not None and known is None
        ]

    def _offset(self, location: Location) -> int:
        return self._source.offset(location)

    def _first_citation(self, run: _Run) -> Location | None:
        known = next((known for _, _, known in run.citations if known is not None), None)
        return self._source.location(known) if known is not None else None

    def _citation(self, offset: int, one: Node, known: int | None, first: Location) -> Citation:
        named = self._key_offset(one["citationId"])
        place = named[1] if named else known
        location = self._source.location(place, len(one["citationId"]) + 1) if place is not None else first
        return Citation(named[0] if named else one["citationId"], _MODES[one["citationMode"]["t"]], location, offset)

    @staticmethod
    def _nested(outer: str, inner: Citation) -> Finding:
        """Pandoc takes a key that follows another without a semicolon for a part of its suffix, and it is not printed."""
        message = (
            f"No semicolon stands between the keys {printable(outer)} and {printable(inner.key)}: one would be lost."
        )
        remedy = "Put a semicolon between the keys: [@first2020; @second2021]."
        return CIT013.at(inner.location, message, context=inner.key, remedy=remedy)

    def _link(
        self, start: int, end: int, node: Node, text: str, anchors: list[tuple[int, Location]], first: Location
    ) -> Link:
        _, _, (target, title) = node["c"]
        words_at = next((place for offset, place in anchors if start <= offset < end), None)
        before = next((place for offset, place in reversed(anchors) if offset < start), first)
        location = self._source.link(target, words_at or before, text[start:end]) or words_at or before
        return Link(target, text[start:end], title, location, start, end)

    def _image(self, node: Node, identifier: str, classes: list[str], caption: str) -> None:
        (own_identifier, own_classes, _), inlines, (target, title) = node["c"]
        run = _Run()
        self._gather(inlines, run)
        alt = _BLANKS.sub(" ", "".join(run.parts)).strip()
        decorative = "decorative" in own_classes or "decorative" in classes
        location = self._picture_location(target)
        described = "" if decorative or (caption and alt == caption.strip()) else alt
        self.found.images.append(Image(target, described, title, decorative, identifier or own_identifier, location))
        for kind, text in ((BlockKind.ALT, described), (BlockKind.ALT, title)):
            if text:
                self.found.blocks.append(Block(kind, text, location, section=tuple(self._sections)))

    def _picture_location(self, target: str) -> Location:
        """Where the picture's target stands, after the picture before it and not far before the text around it."""
        offset = self._source.find(f"({target}", max(self._picture, self._here_offset - 2_000))
        if offset is None:
            return self._here
        self._picture = offset + 1
        return self._source.location(offset + 1)


def _cited(blocks: list[Node]) -> Iterator[Node]:
    """The citations in the blocks of a note."""
    for node in nodes(blocks):
        if node["t"] == "Cite":
            yield from node["c"][0]


def _in_row(block: Block, row: int) -> Block:
    return Block(
        block.kind, block.text, block.location, block.citations, block.links, block.section, block.anchors, row
    )
