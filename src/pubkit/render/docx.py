"""The Word file for reviewers: real styles, numbered lines, changes tracked from the first keystroke.

Pandoc writes it from the tree, inside its sandbox, with the reference document of `word_reference`; pictures are in the tree
as data. What Word's format can say and pandoc's writer does not is put in afterwards: rows that stay whole,
decorative pictures, the document's properties. The parts are then packed anew, so that the same edition gives the same
bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import count
from xml.sax.saxutils import escape

from lxml import etree

from pubkit import pandoc
from pubkit.files import printable, refusal
from pubkit.language.labels import direction
from pubkit.manuscript.model import Picture, Tree
from pubkit.manuscript.rules import SRC032
from pubkit.manuscript.tree import nodes
from pubkit.metadata import Publication
from pubkit.render.exchange import address_of, is_decorative, prepared
from pubkit.render.model import Edition
from pubkit.render.word_matter import after_text, before_text
from pubkit.render.word_reference import archive, parts_of, reference_document, settings
from pubkit.render.word_styles import WORD

__all__ = ["render"]

_W = f"{{{WORD}}}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_DECORATIVE = "http://schemas.microsoft.com/office/drawing/2017/decorative"
_DECORATIVE_EXTENSION = "{C183D7F6-B498-43B3-948B-1728B52AA6E4}"
#: The title that a decorative picture has between pandoc and here.
_DECORATIVE_MARK = "pubkit-decorative"
_BOXED = frozenset({"DisclaimerHeading", "Disclaimer"})
#: From so many columns on, a table is set smaller, and Word may choose the widths.
_MANY_COLUMNS = 8
_XML = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def render(edition: Edition) -> bytes:
    """The edition as a Word file (.docx).

    Raises:
        InputRefused: a formula or a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = prepared(edition, _embedded)
    _mark_decorative(tree)
    tree["blocks"] = [*before_text(edition), *tree["blocks"], *after_text(edition)]
    tree["meta"] = {"lang": {"t": "MetaString", "c": edition.publication.lang}}
    if direction(edition.publication.lang) == "rtl":
        tree["meta"]["dir"] = {"t": "MetaString", "c": "rtl"}
    files = {"reference.docx": reference_document(edition)}
    parts = parts_of(pandoc.convert(tree, "docx", ["--reference-doc={folder}/reference.docx"], files))
    _check_formulas(tree, parts)
    parts["word/document.xml"] = _finished(parts["word/document.xml"])
    parts["word/footnotes.xml"] = _written(etree.fromstring(parts["word/footnotes.xml"]))
    parts["word/settings.xml"] = settings(edition)
    parts["docProps/core.xml"] = _core_properties(edition)
    parts["docProps/app.xml"] = _XML + _APPLICATION
    return archive(parts)


def _embedded(picture: Picture) -> str:
    """The picture as data; one in WebP, which older versions of Word do not show, as PNG."""
    if picture.media_type != "image/webp":
        return address_of(picture)
    from PIL import Image

    buffer = io.BytesIO()
    with Image.open(io.BytesIO(picture.data), formats=["WEBP"]) as image:
        image.save(buffer, "PNG")
    return address_of(Picture(buffer.getvalue(), "image/png", picture.width, picture.height, picture.sha256))


def _mark_decorative(tree: Tree) -> None:
    for node in nodes(tree["blocks"]):
        if node["t"] == "Image" and is_decorative(node):
            node["c"][1] = []
            node["c"][2][1] = _DECORATIVE_MARK


def _check_formulas(tree: Tree, parts: dict[str, bytes]) -> None:
    """Pandoc prints a formula that it cannot read as its TeX source, with a warning; here it is refused."""
    formulas = [node["c"][1] for node in nodes(tree["blocks"]) if node["t"] == "Math"]
    if not formulas:
        return
    roots = [etree.fromstring(parts[name]) for name in ("word/document.xml", "word/footnotes.xml")]
    if sum(1 for root in roots for _ in root.iter(f"{_MATH}oMath")) >= len(formulas):
        return
    unread = next(formula for formula in formulas if not _is_read(formula))
    message = f"This formula cannot be read: {printable(unread)}"
    raise refusal(SRC032, message, "Correct its TeX notation.", None)


def _is_read(formula: str) -> bool:
    one = {"t": "Para", "c": [{"t": "Math", "c": [{"t": "InlineMath"}, formula]}]}
    written = pandoc.convert({"pandoc-api-version": [1, 23, 1], "meta": {}, "blocks": [one]}, "docx")
    return b"oMath>" in parts_of(written)["word/document.xml"]


def _finished(document: bytes) -> bytes:
    """The document part with what pandoc's writer leaves out."""
    root = etree.fromstring(document)
    _part_disclaimers(root)
    _finish_tables(root)
    _finish_pictures(root)
    return _written(root)


def _written(root: etree._Element) -> bytes:
    return _XML + etree.tostring(root, encoding="UTF-8")


def _style(paragraph: etree._Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return found.get(f"{_W}val", "") if found is not None else ""


def _properties_of(paragraph: etree._Element) -> etree._Element:
    found = paragraph.find(f"{_W}pPr")
    if found is None:
        found = etree.Element(f"{_W}pPr")
        paragraph.insert(0, found)
    return found


def _part_disclaimers(root: etree._Element) -> None:
    """Give each disclaimer a box of its own: Word joins the boxes of neighbours, unless their indents differ."""
    boxed = [paragraph for paragraph in root.iter(f"{_W}p") if _style(paragraph) in _BOXED]
    number = 0
    for paragraph in boxed:
        properties = _properties_of(paragraph)
        number += _style(paragraph) == "DisclaimerHeading"
        if paragraph is boxed[-1]:
            etree.SubElement(properties, f"{_W}spacing", {f"{_W}after": "280"})
        if number % 2:
            etree.SubElement(properties, f"{_W}ind", {f"{_W}left": "181", f"{_W}right": "181"})


def _finish_tables(root: etree._Element) -> None:
    """Rows that are not torn apart at the end of a page, text in the size of tables, header cells that look it."""
    for table in root.iter(f"{_W}tbl"):
        is_wide = len(table.findall(f"{_W}tblGrid/{_W}gridCol")) >= _MANY_COLUMNS
        layout = table.find(f"{_W}tblPr/{_W}tblLayout")
        if is_wide and layout is not None:
            layout.set(f"{_W}type", "autofit")
        for row in table.iterfind(f"{_W}tr"):
            properties = row.find(f"{_W}trPr")
            if properties is None:
                properties = etree.Element(f"{_W}trPr")
                row.insert(1 if row.find(f"{_W}tblPrEx") is not None else 0, properties)
            is_header = properties.find(f"{_W}tblHeader") is not None
            properties.insert(0, etree.Element(f"{_W}cantSplit"))
            for style in row.iterfind(f"{_W}tc/{_W}p/{_W}pPr/{_W}pStyle"):
                if style.get(f"{_W}val") in {"Compact", "BodyText", "FirstParagraph"}:
                    style.set(f"{_W}val", _cell_style(is_header=is_header, is_wide=is_wide))
        _set_apart(table)


def _cell_style(*, is_header: bool, is_wide: bool) -> str:
    return ("WideTable" if is_wide else "Table") + ("Heading" if is_header else "Text")


def _set_apart(table: etree._Element) -> None:
    """Some space below a table; where no paragraph follows, an empty one, without which Word mends the file."""
    following = table.getnext()
    while following is not None and following.tag in {f"{_W}bookmarkEnd", f"{_W}bookmarkStart"}:
        following = following.getnext()
    if following is None or following.tag != f"{_W}p":
        following = etree.Element(f"{_W}p")
        style = etree.SubElement(etree.SubElement(following, f"{_W}pPr"), f"{_W}pStyle")
        style.set(f"{_W}val", "TableText")
        table.addnext(following)
    properties = _properties_of(following)
    if not _style(following).startswith(("Heading", "TableCaption")):
        place = [child.tag for child in properties]
        spacing = etree.Element(f"{_W}spacing", {f"{_W}before": "240"})
        later = [place.index(tag) for tag in (f"{_W}ind", f"{_W}contextualSpacing", f"{_W}jc") if tag in place]
        properties.insert(min(later, default=len(place)), spacing)


def _finish_pictures(root: etree._Element) -> None:
    """Every picture with a number of its own, decorative ones marked as such, the others without an empty title."""
    numbers = count(1)
    for properties in root.iter(f"{_PLACED}docPr"):
        properties.set("id", str(next(numbers)))
        if properties.get("title") == _DECORATIVE_MARK:
            properties.set("descr", "")
            extensions = etree.SubElement(properties, f"{_DRAWING}extLst")
            extension = etree.SubElement(extensions, f"{_DRAWING}ext", uri=_DECORATIVE_EXTENSION)
            etree.SubElement(extension, f"{{{_DECORATIVE}}}decorative", {"val": "1"}, nsmap={"adec": _DECORATIVE})
        if properties.get("title") in {"", _DECORATIVE_MARK}:
            del properties.attrib["title"]


_APPLICATION = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>pubkit</Application></Properties>"
)


def _core_properties(edition: Edition) -> bytes:
    """Title, authors, subject, dates: from the publication, never from the clock (ECMA-376, part 2, §11)."""
    publication = edition.publication
    entries = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in _properties(edition) if value)
    created = f"{publication.dates.published.isoformat()}T00:00:00Z"
    modified = edition.moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = (
        '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        f' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">{entries}'
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{created}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{modified}</dcterms:modified></cp:coreProperties>'
    )
    return _XML + text.encode()


def _properties(edition: Edition) -> Iterator[tuple[str, str]]:
    publication: Publication = edition.publication
    yield "dc:title", publication.title
    yield "dc:subject", publication.subtitle or ""
    yield "dc:creator", "; ".join(author.name for author in publication.authors)
    yield "cp:keywords", ", ".join(publication.keywords)
    yield "dc:description", " ".join((publication.abstract or "").split())
    yield "dc:language", publication.lang
    yield "dc:identifier", edition.identifier
    yield "cp:version", publication.version
    yield "cp:contentStatus", "Draft" if edition.draft else "Final"
