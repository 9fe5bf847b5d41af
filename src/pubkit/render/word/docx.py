"""The Word file for reviewers: real styles, numbered lines, changes tracked from the first keystroke.

Pandoc writes it from the tree, inside its sandbox, with the reference document of `reference`. Afterwards the pictures
replace their stand-ins, rows of tables are kept whole, decorative pictures are marked, and the parts are repacked,
so that the same edition gives the same bytes.
"""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

from lxml import etree

from pubkit.boundary import pandoc
from pubkit.boundary.xml import Element, long_document
from pubkit.disclaimers.model import DisclaimerBlock, Place
from pubkit.editorial.word import sent
from pubkit.editorial.word.markup import read_markup
from pubkit.editorial.word.package import open_package
from pubkit.language.labels import direction, labels_for
from pubkit.manuscript.tree import (
    Alignment,
    Block,
    BulletList,
    DefinitionList,
    Div,
    Inline,
    LineBreak,
    Meta,
    OrderedList,
    Para,
    Plain,
    Str,
    Strong,
    Table,
    encode,
    every,
)
from pubkit.render import exchange, front, upright
from pubkit.render.columns import numbers
from pubkit.render.exchange import div, paragraph
from pubkit.render.model import Edition
from pubkit.render.word import equations, pictures
from pubkit.render.word.directions import set_directions
from pubkit.render.word.reference import WORD, letters, packed, reference_document, unpacked, with_element
from pubkit.render.word.widths import set_widths

__all__ = ["render"]

_W = f"{{{WORD}}}"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
#: The title as pandoc writes it, which drops the marks of raised figures: 10⁶ would become 106.
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TITLE = re.compile(rb"<dc:title>.*?</dc:title>", re.DOTALL)
#: A table of so many rows is not divided.
_FEW_ROWS = 6
#: The time that pandoc writes (see `pubkit.boundary.pandoc`).
_EPOCH = b"1970-01-01T00:00:00Z"


def render(edition: Edition) -> bytes:
    """Return the edition as a Word file (.docx).

    Raises:
        InputRefused: a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = exchange.prepared(edition)
    upright.set_upright(tree.blocks)
    equations.set_apart(tree.blocks)
    pictures.fit(tree, edition)
    stand_ins = pictures.put_stand_ins(tree, edition.pictures)
    for table in every(Table, tree.blocks):
        set_widths(table, letters(edition.publication))
        for column, _, _ in numbers(table, comma=labels_for(edition.publication.lang).decimal_comma):
            table.columns[column].alignment = Alignment("AlignRight")
    for box in every(Div, tree.blocks):
        _style_box(box)
    before = exchange.before_text(edition, lambda block: [_disclaimer(block)])
    tree.blocks = [*before, *tree.blocks, *_imprint(edition)]
    tree.meta = _properties(edition)
    files = {"reference.docx": reference_document(edition)}
    parts = unpacked(pandoc.convert(encode(tree), "docx", ["--reference-doc={folder}/reference.docx"], files))
    for name, data in parts.items():
        parts[name] = stand_ins.get(data, data)
    pictures.add_fallbacks(parts)
    for name in ("word/document.xml", "word/footnotes.xml"):
        parts[name] = _finished(parts[name], direction(edition.publication.lang))
    published = f"{edition.publication.dates.published.isoformat()}T00:00:00Z".encode()
    changed = edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    core = parts["docProps/core.xml"].replace(_EPOCH, published, 1).replace(_EPOCH, changed)
    title = f"<dc:title>{escape(edition.publication.title)}</dc:title>".encode()
    parts["docProps/core.xml"] = _TITLE.sub(lambda _: title, core)
    return packed(parts | _sent(parts))


def _sent(parts: dict[str, bytes]) -> dict[str, bytes]:
    """Return the parts that say what the file is before a reviewer has it."""
    paragraphs = read_markup(open_package(packed(parts))).paragraphs
    changed = {"word/_rels/document.xml.rels": sent.RELATIONSHIP, "[Content_Types].xml": sent.CONTENT_TYPE}
    return sent.as_parts(paragraphs) | {name: with_element(parts[name], element) for name, element in changed.items()}


def _properties(edition: Edition) -> dict[str, Meta]:
    """Return what pandoc prints as the title and puts among the file's properties."""
    publication = edition.publication
    said = {
        "title": edition.printed_front.title,
        "subtitle": edition.printed_front.subtitle,
        "author": front.authors(edition),
        "date": exchange.dateline(edition),
        "subject": publication.subtitle,
        "description": " ".join((publication.abstract or "").split()),
        "keywords": publication.keywords,
        "lang": publication.lang,
        "dir": "rtl" if direction(publication.lang) == "rtl" else "",
        "identifier": edition.identifier,
        "version": publication.version,
    }
    return exchange.named_metadata(said)


def _style_box(box: Div) -> None:
    """Give a box of the text ("callout") the styles that show it as one."""
    if "callout" in box.attr.classes:
        style = "Callout Warning" if {"callout-warning", "callout-caution"} & set(box.attr.classes) else "Callout"
        box.attr.pairs.append(("custom-style", style))
        for title in box.content[:1]:
            if isinstance(title, Div) and "callout-title" in title.attr.classes:
                title.attr.pairs.append(("custom-style", f"{style} Title"))
        lists: list[BulletList | OrderedList] = [*every(BulletList, box.content), *every(OrderedList, box.content)]
        for item in (item for one in lists for item in one.content):
            item[:] = [div(map(_as_paragraph, item), style=f"{style} List")]


def _as_paragraph(block: Block) -> Block:
    """Return a line of a short list as a paragraph: pandoc gives a line a style of its own."""
    return Para(block.content) if isinstance(block, Plain) else block


def _disclaimer(block: DisclaimerBlock) -> Block:
    """Return the disclaimer with its reserved id: in the strip at the top, in a box, or beside a rule."""
    boxed = " Box" if block.typography.boxed else ""
    style = f"Disclaimer{' Strip' if block.place is Place.TOP else boxed}"
    heading = div([paragraph(block.heading)], style=f"{style} Heading")
    return div([heading, div(exchange.notice(block), style=style)], block.identifier, lang=block.locale)


def _imprint(edition: Edition) -> list[Block]:
    """Return the imprint, each entry a paragraph: its name, a tab, and its lines; a digest is divided into two lines."""
    return [
        div([Para([Strong(name), equations.TAB, *_lines(lines)]) for name, lines in part.content], style="Imprint")
        if isinstance(part, DefinitionList)
        else part
        for part in exchange.after_text(edition)
    ]


def _lines(parts: list[list[Block]]) -> list[Inline]:
    lines = [block.content for part in parts for block in part if isinstance(block, Plain)]
    lines = [half for line in lines for half in _halves(line)]
    return [inline for line in lines for inline in (LineBreak(), *line)][1:]


def _halves(line: list[Inline]) -> list[list[Inline]]:
    match line:
        case [Str(text=digest)] if _DIGEST.fullmatch(digest):
            middle = len(digest) // 2
            return [[Str(digest[:middle])], [Str(digest[middle:])]]
    return [line]


def _keep_together(rows: list[Element]) -> None:
    """Keep each row of a short table on the page of the next one."""
    for line in (one for row in rows[:-1] for one in row.iter(f"{_W}p")) if len(rows) <= _FEW_ROWS else ():
        properties = line.find(f"{_W}pPr")
        if properties is None:
            line.insert(0, properties := etree.Element(f"{_W}pPr"))
        if properties.find(f"{_W}keepNext") is None:
            style = properties.find(f"{_W}pStyle")
            properties.insert(0 if style is None else 1, etree.Element(f"{_W}keepNext"))


def _finished(part: bytes, direction: str) -> bytes:
    """Return a part with what pandoc's writer leaves out: among it, the order of columns where `direction` is "rtl"."""
    root = long_document(part)
    for table in root.iter(f"{_W}tblPr") if direction == "rtl" else ():
        if table.find(f"{_W}bidiVisual") is None:
            style = table.find(f"{_W}tblStyle")
            table.insert(0 if style is None else table.index(style) + 1, etree.Element(f"{_W}bidiVisual"))
    if direction == "rtl":
        set_directions(root)
    for row in root.iter(f"{_W}tr"):
        properties = row.find(f"{_W}trPr")
        if properties is None:
            row.insert(0, properties := etree.Element(f"{_W}trPr"))
        properties.insert(0, etree.Element(f"{_W}cantSplit"))
    for table in root.iter(f"{_W}tbl"):
        _keep_together(table.findall(f"{_W}tr"))
    for drawing in root.iter(_PICTURE):
        del drawing.attrib["descr"]  # the address of the placeholder
    for drawing in root.iter(_PLACED):
        if drawing.get("title") == pictures.DECORATIVE_MARK:
            extension = etree.SubElement(etree.SubElement(drawing, f"{_DRAWING}extLst"), f"{_DRAWING}ext")
            extension.set("uri", "{C183D7F6-B498-43B3-948B-1728B52AA6E4}")
            etree.SubElement(extension, f"{{{_DECORATIVE}}}decorative", {"val": "1"}, nsmap={"adec": _DECORATIVE})
            del drawing.attrib["title"]
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)
