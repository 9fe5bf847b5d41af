"""One walk through the syntax tree that collects everything a check needs to know, with its place in the source."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field, structs

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location
from pubkit.manuscript import tree
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode, CrossReference, Heading, Image, Link
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import CIT013
from pubkit.manuscript.spoken import language_of, wholly_in

__all__ = ["Outline", "outline"]

_MODES = {
    "AuthorInText": CitationMode.IN_TEXT,
    "NormalCitation": CitationMode.NORMAL,
    "SuppressAuthor": CitationMode.SUPPRESS,
}
#: What stands between two keys of one pair of brackets that have no semicolon.
_BETWEEN_KEYS = expression(r"[\w}]([ \t]*,[ \t]*|[ \t]+)-?\Z")
_FARTHEST = 80
_BLANKS = expression(r"\s+")
_EMPTY_HEADING = r"^ {{0,3}}#{{{level}}}(?!#)[ \t]*(?:$|#|\{{|!\[)"


_FEWEST_WORDS = 3
_PROSE_SHARE = 0.75
#: An alert that its indentation has made code, and the signs of its lines.
_ALERT, _QUOTED = re.compile(r"\s*>\s*\[!\w+\]"), re.compile(r"^\s*>(?:\s*\[!\w+\])?", re.MULTILINE)
_PROSE_WORD = expression(r"[\"'“‘(\[]?(?:[^\W\d_][^\W\d_'’-]*|\d[\d.,%]*)[.,;:!?%\"'”’)\]]*")
_KEY = expression(r"\[@[^\]\s]+\][.,;]?")


_TEX = expression(r"\\[A-Za-z]+\*?|\\.|[{}]|[^\\{}]+", re.DOTALL)
_UPRIGHT = expression(r"\\(?:text[a-z]*|[mh]box|math(?:rm|bf|it|sf|tt|normal)|operatorname\*?|boldsymbol|tag\*?)")
_SPACING = expression(r"\\(?:[,;:!> \\]|q?quad|enspace|thinspace|medspace|thickspace|hline|hspace\*?)|[\s&~]+")
#: Letters that a formula sets beside each other without a sign, as a word is.
_LETTERS = expression(r"\s*[A-Za-z]{2,}\s*")


def _words_in_formula(tex: str) -> Iterator[str]:
    """Yield each run of words that a formula prints: what is in `\\text{...}` and the like, and letters set as words."""
    runs, nested, upright = [""], [False], False
    for part in _TEX.findall(tex):
        if part == "{":
            nested.append(nested[-1] or upright)
        elif part == "}":
            del nested[max(1, len(nested) - 1) :]
        elif _SPACING.fullmatch(part):
            runs[-1] += " "
        elif not part.startswith("\\") and (nested[-1] or _LETTERS.fullmatch(part)):
            runs[-1] += part.replace("~", " ") if nested[-1] else part.strip()
        elif not _UPRIGHT.fullmatch(part):
            runs.append("")
        upright = _UPRIGHT.fullmatch(part) is not None
    return (" ".join(run.split()) for run in runs if run.strip())


def _reads_like_prose(text: str) -> bool:
    """Return whether `text` is at least three words with hardly any of the signs that code and tables are made of."""
    if _ALERT.match(text):
        text = _QUOTED.sub("", text)
    parts = _KEY.sub("", text).split()
    spoken = sum(_PROSE_WORD.fullmatch(part) is not None for part in parts)
    return spoken >= _FEWEST_WORDS and spoken >= _PROSE_SHARE * len(parts) and not _PROGRAM.search(text)


_PROGRAM = expression(r"[{};=<>$\\|]|\w\(|^\s*(?:#|//|import |from |def |pip |\$)|--\w", re.MULTILINE)


#: The words of a comment in a program.
_COMMENT = expression(r"^[ \t]*(?:#+|//+|--|%+|;+|\*)[ \t]+(\S[^\n]*)$", re.MULTILINE)


class Outline(Struct):
    """The content of one chapter, in reading order."""

    blocks: list[Block] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)
    cross_references: list[CrossReference] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


class _Run(Struct):
    """The text of one block while it is collected."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    places: list[tuple[int, int]] = field(default_factory=list)
    citations: list[tuple[int, tree.Citation, int | None]] = field(default_factory=list)
    nested: list[tuple[str, tree.Citation]] = field(default_factory=list)
    links: list[tuple[int, int, tree.Link]] = field(default_factory=list)
    images: list[tree.Image] = field(default_factory=list)
    notes: list[tuple[int, list[tree.Block]]] = field(default_factory=list)
    codes: list[tuple[tree.Code | tree.Math, str]] = field(default_factory=list)

    def add(self, text: str, anchors: Sequence[tuple[int, int]] = ()) -> None:
        """Add `text`; `anchors` are pairs of a word's offset in it and its place in the source."""
        self.places += [(self.length + offset, place) for offset, place in anchors]
        self.parts.append(text)
        self.length += len(text)

    def blank(self) -> None:
        self.parts.append(" ")
        self.length += 1


def outline(
    blocks: list[tree.Block],
    places: Places,
    key_offset: Callable[[str], tuple[str, int] | None],
    is_label: Callable[[str], bool],
) -> Outline:
    """Return the content of `blocks`, the tree of one chapter with tokens in the place of its keys.

    Args:
        blocks: the chapter's blocks; citation ids are still tokens.
        places: where its nodes are in the chapter's source.
        key_offset: returns the key and source offset of a token; None if the id is not a token.
        is_label: whether a key mentions a figure, table, section or equation.
    """
    walk = _Walk(places, key_offset, is_label)
    walk.blocks(blocks, BlockKind.PARAGRAPH)
    return walk.found


class _Walk:
    def __init__(
        self,
        places: Places,
        key_offset: Callable[[str], tuple[str, int] | None],
        is_label: Callable[[str], bool],
    ) -> None:
        self.found = Outline()
        self._places = places
        self._location = places.source.location
        self._key_offset = key_offset
        self._is_label = is_label
        self._sections: list[str] = []
        self._levels: list[int] = []
        self._languages: list[str] = []
        self._division = ""
        self._row = 0

    # Blocks

    def blocks(self, blocks: list[tree.Block], kind: BlockKind) -> None:
        for block in blocks:
            self._block(block, kind)

    def _block(self, block: tree.Block, kind: BlockKind) -> None:
        match block:
            case tree.Para() | tree.Plain():
                self._text(block.content, kind, block)
            case tree.LineBlock():
                lines = [inline for line in block.content for inline in (tree.LineBreak(), *line)][1:]
                self._text(lines, kind, block)
            case tree.Header():
                self._heading(block)
            case tree.BlockQuote():
                self.blocks(block.content, BlockKind.QUOTE)
            case tree.BulletList() | tree.OrderedList():
                self._items(block.content)
            case tree.DefinitionList():
                for term, definitions in block.content:
                    self._text(term, BlockKind.TERM, block)
                    self._items(definitions)
            case tree.Div():
                around = self._division
                self._division = language_of(block.attr) or around
                self.blocks(block.content, kind)
                self._division = around
            case tree.Figure():
                self._figure(block)
            case tree.Table():
                self._table(block)
            case tree.CodeBlock():
                self._code(block, block.text)

    def _code(self, node: tree.Code | tree.CodeBlock | tree.Math, text: str) -> None:
        """Read `text`, which is set as code or in a formula: it is printed as it is, and it or its comments may be prose."""
        for words in [text] if _reads_like_prose(text) else _COMMENT.findall(text):
            if _reads_like_prose(words):
                self._words_as_code(node, words)

    def _words_as_code(self, node: tree.Code | tree.CodeBlock | tree.Math, text: str) -> None:
        begin = node.text.find(text)
        written = self._places.anchors(node) if begin >= 0 else ()
        known = ((offset - begin, place) for offset, place in written)
        run = _Run()
        run.add(text, [(offset, place) for offset, place in known if 0 <= offset < len(text)])
        anchors = self._anchors(run)
        first = anchors[0][1] if anchors else self._location(self._places.start(node))
        sections = tuple(self._sections)
        self.found.blocks.append(Block(BlockKind.CODE, text, first, section=sections, anchors=tuple(anchors)))

    def _items(self, items: list[list[tree.Block]]) -> None:
        for item in items:
            self.blocks(item, BlockKind.LIST_ITEM)

    def _heading(self, header: tree.Header) -> None:
        level = header.level
        text, location = self._text(header.content, BlockKind.HEADING, header)
        text = text or tree.plain_text(header.content)  # a heading may be nothing but code
        if not text and (mark := self._places.search(header, _EMPTY_HEADING.format(level=level))) is not None:
            location = self._location(mark)
        while self._levels and self._levels[-1] >= level:
            self._levels.pop()
        self._sections[len(self._levels) :] = [text]
        around = self._languages[len(self._levels) - 1] if self._levels else ""
        self._languages[len(self._levels) :] = [language_of(header.attr) or around]
        self._levels.append(level)
        place = Location(location.file, location.line, 1, within=location.within)
        self.found.headings.append(Heading(level, text, header.attr.identifier, place))

    def _figure(self, figure: tree.Figure) -> None:
        """Read a figure: its caption first, since the source writes both in one place."""
        self.blocks(figure.caption.blocks, BlockKind.CAPTION)
        caption = " ".join(block.text for block in self.found.blocks[-1:] if block.kind is BlockKind.CAPTION)
        match figure.content:
            case [tree.Plain([tree.Image() as image])]:
                self._image(image, figure.attr, caption)
            case blocks:
                self.blocks(blocks, BlockKind.PARAGRAPH)

    def _table(self, table: tree.Table) -> None:
        """Read a table: its cells first, since authors mostly write the caption below them."""
        heads = _heads(table)
        self._rows(table.head.rows, BlockKind.HEADER_CELL, ())
        for body in table.bodies:
            self._rows(body.head, BlockKind.HEADER_CELL, ())
            self._rows(body.body, BlockKind.CELL, heads)
        self._rows(table.foot.rows, BlockKind.CELL, heads)
        self.blocks(table.caption.blocks, BlockKind.CAPTION)

    def _rows(self, rows: list[tree.Row], kind: BlockKind, heads: Sequence[str]) -> None:
        for row in rows:
            self._row += 1
            row_number = self._row
            for cell, head in zip(row.cells, itertools.chain(heads, itertools.repeat("")), strict=False):
                first = len(self.found.blocks)
                self.blocks(cell.content, kind)
                for index in range(first, len(self.found.blocks)):
                    block = self.found.blocks[index]
                    self.found.blocks[index] = structs.replace(block, row=row_number, head=head)

    # Text

    def _text(self, inlines: list[tree.Inline], kind: BlockKind, holder: tree.Block) -> tuple[str, Location]:
        """Add one run of the text of `holder` as a block, with its content; return its words and where it begins."""
        run = _Run()
        self._gather(inlines, run)
        text = "".join(run.parts)
        anchors = self._anchors(run)
        first = anchors[0][1] if anchors else self._first_citation(run) or self._location(self._places.start(holder))
        citations = tuple(self._citation(offset, one, known, first) for offset, one, known in run.citations)
        self.found.cross_references += (
            CrossReference(one.key, one.location) for one in citations if self._is_label(one.key)
        )
        citations = tuple(one for one in citations if not self._is_label(one.key))
        self.found.citations += citations
        self.found.findings += (
            self._nested(outer, self._citation(0, one, None, first), self._offset(one)) for outer, one in run.nested
        )
        # A key in a footnote is a source of the sentence that has the note's mark.
        noted = (self._citation(at, one, None, first) for at, note in run.notes for one in _cited(note))
        works = (one for one in noted if not self._is_label(one.key))
        citations = tuple(sorted((*citations, *works), key=lambda one: one.offset))
        links = tuple(self._link(start, end, node, text, anchors, first) for start, end, node in run.links)
        self.found.links += links
        if text.strip() or citations:
            sections = tuple(self._sections)
            lang = wholly_in(inlines) or self._division or (self._languages[-1] if self._languages else "")
            self.found.blocks.append(Block(kind, text, first, citations, links, sections, tuple(anchors), lang=lang))
        self._beside_the_text(run, links, citations, first)
        for image in run.images:
            self._image(image, image.attr, "")
        for _, note in run.notes:
            self.blocks(note, BlockKind.NOTE)
        for code, words in run.codes:
            self._code(code, words)
        return _BLANKS.sub(" ", text).strip(), first

    def _beside_the_text(
        self, run: _Run, links: tuple[Link, ...], citations: tuple[Citation, ...], first: Location
    ) -> None:
        """Add what is printed beside the text of a block: the words of its citations, and the titles of its links."""
        sections = tuple(self._sections)
        for _, one, known in run.citations:
            for part in (one.prefix, one.suffix):
                inner = _Run()
                self._gather(part, inner)
                whole = "".join(inner.parts)
                words, start = whole.strip(" ,;"), len(whole) - len(whole.lstrip(" ,;"))
                if len(_WORDS.findall(words)) < _A_SENTENCE:
                    continue
                anchors = tuple((at - start, place) for at, place in self._anchors(inner) if at >= start)
                named = self._citation(len(words), one, known, first)
                said = (named,) if any(other.key == named.key for other in citations) else ()
                place = anchors[0][1] if anchors else named.location
                self.found.blocks.append(Block(BlockKind.NOTE, words, place, said, (), sections, anchors))
        self.found.blocks += (
            Block(BlockKind.ALT, link.title, link.location, section=sections) for link in links if link.title.strip()
        )

    def _gather(self, inlines: list[tree.Inline], run: _Run) -> None:
        for inline in inlines:
            match inline:
                case tree.Str():
                    run.add(inline.text, self._places.anchors(inline))
                case tree.Space() | tree.SoftBreak() | tree.LineBreak():
                    run.blank()
                case tree.Quoted():
                    single = inline.kind.t == "SingleQuote"
                    run.add("‘" if single else "“")
                    self._gather(inline.content, run)
                    run.add("’" if single else "”")
                case tree.Cite():
                    self._gather_citations(inline.citations, run)
                case tree.Link():
                    start = run.length
                    self._gather(inline.content, run)
                    run.links.append((start, run.length, inline))
                case tree.Image():
                    run.images.append(inline)
                case tree.Note():
                    run.notes.append((run.length, inline.content))
                case tree.Code():
                    run.codes.append((inline, inline.text))
                case tree.Math():
                    run.codes.extend((inline, text) for text in _words_in_formula(inline.text))
                case tree.RawInline():
                    pass
                case _:
                    self._gather(inline.content, run)

    def _gather_citations(self, citations: list[tree.Citation], run: _Run) -> None:
        for one in citations:
            self._gather_citation(one, run)
            inner = [*_cited(one.prefix), *_cited(one.suffix)]
            for nested in inner:
                self._gather_citation(nested, run)
            if not self._is_label(self._key(one)):
                works = (nested for nested in inner if not self._is_label(self._key(nested)))
                run.nested += ((self._key(one), nested) for nested in works)

    def _gather_citation(self, one: tree.Citation, run: _Run) -> None:
        known = self._key_offset(one.key)
        run.citations.append((run.length, one, known[1] if known else None))

    def _offset(self, one: tree.Citation) -> int | None:
        known = self._key_offset(one.key)
        return known[1] if known else None

    def _key(self, one: tree.Citation) -> str:
        known = self._key_offset(one.key)
        key: str = known[0] if known else one.key
        return key

    def _anchors(self, run: _Run) -> list[tuple[int, Location]]:
        """Return where the words of a run are in the source, as pairs of an offset in the run and a place."""
        return [(offset, self._location(place)) for offset, place in run.places]

    def _first_citation(self, run: _Run) -> Location | None:
        known = next((known for _, _, known in run.citations if known is not None), None)
        return self._location(known) if known is not None else None

    def _citation(self, offset: int, one: tree.Citation, known: int | None, first: Location) -> Citation:
        named = self._key_offset(one.key)
        place = named[1] if named else known
        location = self._location(place, len(one.key) + 1) if place is not None else first
        return Citation(named[0] if named else one.key, _MODES[one.mode.t], location, offset)

    def _nested(self, outer: str, inner: Citation, place: int | None) -> Finding:
        """Report a key that follows another without a semicolon, which pandoc reads as a suffix and does not print."""
        message = (
            f"There is no semicolon between the keys {printable(outer)} and {printable(inner.key)}, so one "
            "would be lost."
        )
        remedy = "Put a semicolon between the keys: [@first2020; @second2021]."
        return CIT013.at(inner.location, message, context=inner.key, remedy=remedy, fix=self._semicolon(place))

    def _semicolon(self, place: int | None) -> Fix | None:
        """Return the fix that puts a semicolon before the key at `place`, in the place of a comma or a space."""
        source = self._places.source
        found = _BETWEEN_KEYS.search(source.text, max(0, place - _FARTHEST), place) if place else None
        return source.fix("Put a semicolon between the keys", (found.start(1), found.end(1), "; ")) if found else None

    def _link(
        self, start: int, end: int, node: tree.Link, text: str, anchors: list[tuple[int, Location]], first: Location
    ) -> Link:
        target = node.target.url
        index = bisect.bisect_left(anchors, start, key=lambda anchor: anchor[0])
        inside = index < len(anchors) and anchors[index][0] < end
        near = anchors[index][1] if inside else anchors[index - 1][1] if index else first
        written = self._places.find(node, f"]({target}")
        location = near if written is None else self._location(written + 2)
        return Link(target, text[start:end], node.target.title, location, start, end)

    def _image(self, image: tree.Image, around: tree.Attr, caption: str) -> None:
        """Add a picture; `around` are the attributes of its figure, or its own if it is in the line."""
        target, title = image.target.url, image.target.title
        run = _Run()
        self._gather(image.content, run)
        alt = _BLANKS.sub(" ", "".join(run.parts)).strip()
        decorative = "decorative" in image.attr.classes or "decorative" in around.classes
        location = self._picture_location(image)
        described = "" if decorative or (caption and alt == caption.strip()) else alt
        identifier = around.identifier or image.attr.identifier
        self.found.images.append(Image(target, described, title, decorative, identifier, location))
        for kind, text in ((BlockKind.ALT, described), (BlockKind.ALT, title)):
            if text:
                self.found.blocks.append(Block(kind, text, location, section=tuple(self._sections)))

    def _picture_location(self, image: tree.Image) -> Location:
        """Return the place of the picture's target; that of the picture if the target is defined elsewhere."""
        found = self._places.search(image, rf"(?<=[(<=\"']){re.escape(image.target.url)}")
        return self._location(self._places.start(image) if found is None else found)


_WORDS = expression(r"[^\W\d_]{2,}")
#: Words beside a key from which on they are read as a sentence: "see also Table 2" says nothing.
_A_SENTENCE = 3


def _cited(part: object) -> Iterator[tree.Citation]:
    """Yield the citations in a note, or in the text around a key."""
    return (one for cite in tree.every(tree.Cite, part) for one in cite.citations)


def _heads(table: tree.Table) -> Sequence[str]:
    """Return the heads of the columns of a table, if it has one row of them and no cell that spans others."""
    rows = table.rows
    if len(table.head.rows) != 1 or any(cell.col_span > 1 or cell.row_span > 1 for row in rows for cell in row.cells):
        return ()
    return [" ".join(tree.plain_text(cell.content).split()) for cell in table.head.rows[0].cells]
