"""The Word file's page and styles, as a reference document that pandoc's writer takes them from.

It is the document that comes with pandoc, with the few styles that pubkit adds or changes, the page, a running title
and page numbers. WordprocessingML counts in twentieths of a point ("twips") and, for type sizes, in half points
(ECMA-376, part 1).
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from xml.sax.saxutils import escape

from lxml import etree

from pubkit.boundary import pandoc
from pubkit.boundary.xml import Element, document
from pubkit.boundary.zip import Archive, Bounds, Member
from pubkit.boundary.zip import packed as zipped
from pubkit.language.labels import direction, labels_for, strong_letters
from pubkit.project.metadata import Publication
from pubkit.render import front
from pubkit.render.model import Edition
from pubkit.render.styles.sheets import own

__all__ = ["WORD", "letters", "measure", "packed", "reference_document", "unpacked", "with_element"]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_APPLICATION = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NAMESPACES = f'xmlns:w="{WORD}" xmlns:r="{_OFFICE}"'
#: Width, height and margin of a page, in twips.
_PAGES = {"A4": (11906, 16838, 1531), "letter": (12240, 15840, 1531), "A5": (8391, 11906, 964)}
_STYLE = f"{{{WORD}}}styleId"
_VALUE = f"{{{WORD}}}val"
#: The size of the text, ordinarily and in large print, in half points; tables and running titles may be smaller than that.
_ORDINARY, _LARGE = 22, 32
#: Where the entries of the imprint may begin, the breadth of a bold letter of their names, and the space between, in twips.
_NEAREST, _FARTHEST, _LETTER, _BETWEEN = 2300, 3700, 96, 150
#: The size of a table, in half points, and how many of its letters fit on a line of a page of A4.
_TABLE, _LETTERS = 18, 88
_SMALLER, _LEAST_SMALL = frozenset({"Table", "Running"}), 28


def measure(page_size: str) -> float:
    """Return the width of the text on a page of this size, in pixels, 96 to the inch."""
    width, _, margin = _PAGES[page_size]
    return (width - 2 * margin) / 1440 * 96


def letters(publication: Publication) -> int:
    """Return how many letters fit on a line of a table as wide as the text."""
    size = _LEAST_SMALL if publication.large_print else _TABLE
    return round(_LETTERS * measure(publication.paper) / measure("A4") * _TABLE / size)


def reference_document(edition: Edition) -> bytes:
    """Return the reference document for the page size, the running title and the draft mark of `edition`."""
    parts = dict(_styled())
    parts["word/document.xml"] = _page(edition)
    parts["word/header1.xml"], parts["word/footer1.xml"] = _running_titles(edition)
    parts["word/styles.xml"] = _fitted(parts["word/styles.xml"], edition)
    return packed(parts)


@functools.cache
def _styled() -> Mapping[str, bytes]:
    """Return pandoc's own document, with pubkit's styles, and with changes tracked from the first keystroke."""
    parts = unpacked(pandoc.run(["--print-default-data-file=reference.docx"], b""))
    for kind in ("header", "footer"):
        _add(parts, "[Content_Types].xml", f'<Override PartName="/word/{kind}1.xml" ContentType="{_TYPE}.{kind}+xml"/>')
        relation = f'<Relationship Id="pubkit-{kind}" Type="{_OFFICE}/{kind}" Target="{kind}1.xml"/>'
        _add(parts, "word/_rels/document.xml.rels", relation)
    settings = parts["word/settings.xml"]
    parts["word/settings.xml"] = settings.replace(b"<w:doNotTrackMoves />", b"<w:trackRevisions />")
    theme = parts["word/theme/theme1.xml"]
    parts["word/theme/theme1.xml"] = theme.replace(b'"Aptos Display"', b'"Calibri"').replace(b'"Aptos"', b'"Calibri"')
    parts["docProps/app.xml"] = (
        f'<Properties xmlns="{_APPLICATION}"><Application>pubkit</Application></Properties>'.encode()
    )
    styles = parts["word/styles.xml"].replace(b' w:val="24" />', b' w:val="%d" />' % _ORDINARY, 2)
    parts["word/styles.xml"] = _with_styles(styles, own("word-styles.xml").encode())
    return parts


def _add(parts: dict[str, bytes], name: str, element: str) -> None:
    parts[name] = with_element(parts[name], element)


def with_element(part: bytes, element: str) -> bytes:
    """Return an XML part with `element` as the last one inside its root."""
    before, end, after = part.rpartition(b"</")
    return before + element.encode() + end + after


def _with_styles(styles: bytes, changes: bytes) -> bytes:
    """Return `styles` with each style of `changes` replacing its namesake, or added."""
    root = document(styles)
    known = {style.get(_STYLE): style for style in root.iter(f"{{{WORD}}}style")}
    for style in list(document(changes)):
        old = known.get(style.get(_STYLE))
        if old is not None:
            root.replace(old, style)
        else:
            root.append(style)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _fitted(styles: bytes, edition: Edition) -> bytes:
    """Return `styles` with the tabs of numbered equations at the middle and the end of the page's lines.

    The entries of the imprint stand beside the longest of their names. In a text that runs from the right, the rule of boxes
    is at the right: Word turns indents around, and borders not.
    """
    root = document(styles)
    known = {style.get(_STYLE, ""): style for style in root.iter(f"{{{WORD}}}style")}
    _set_beside(known["Imprint"], _beside_names(edition))
    if edition.publication.large_print:
        _enlarge(root, known)
    width, _, margin = _PAGES[edition.publication.paper]
    for tab, place in zip(known["Equation"].iter(f"{{{WORD}}}tab"), (1 / 2, 1), strict=True):
        tab.set(f"{{{WORD}}}pos", str(round((width - 2 * margin) * place)))
    boxes = [style for name, style in known.items() if name.startswith("Callout")]
    for box in boxes if direction(edition.publication.lang) == "rtl" else ():
        for borders in box.iter(f"{{{WORD}}}pBdr"):
            for rule in list(borders.iter(f"{{{WORD}}}left")):
                rule.tag = f"{{{WORD}}}right"
                borders.append(rule)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, standalone=True)


def _enlarge(root: Element, known: Mapping[str, Element]) -> None:
    """Set the text at 16 points: all sizes in proportion, none below that but those of `_SMALLER`."""
    for style in (*root.iter(f"{{{WORD}}}docDefaults"), *known.values()):
        least = _LEAST_SMALL if style.get(_STYLE) in _SMALLER else _LARGE
        for size in (one for tag in ("sz", "szCs") for one in style.iterfind(f".//{{{WORD}}}rPr/{{{WORD}}}{tag}")):
            size.set(_VALUE, str(max(least, round(int(size.get(_VALUE, "0")) * _LARGE / _ORDINARY))))
    place = next(known["Imprint"].iter(f"{{{WORD}}}tab")).get(f"{{{WORD}}}pos", "0")
    _set_beside(known["Imprint"], round(int(place) * _LARGE / _ORDINARY))


def _beside_names(edition: Edition) -> int:
    """Return where the entries of the imprint begin, in twips: behind the longest name, as wide letters set it."""
    longest = max((_columns(entry.name) for entry in front.imprint(edition)), default=0)
    return min(_FARTHEST, max(_NEAREST, longest * _LETTER + _BETWEEN))


def _columns(words: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in words)


def _set_beside(style: Element, twips: int) -> None:
    for place in style.iter(f"{{{WORD}}}tab", f"{{{WORD}}}ind"):
        for side in ("pos", "left", "hanging"):
            if place.get(f"{{{WORD}}}{side}") is not None:
                place.set(f"{{{WORD}}}{side}", str(twips))


def _page(edition: Edition) -> bytes:
    """Return an empty document with the page: pandoc takes over the properties of its last section."""
    width, height, margin = _PAGES[edition.publication.paper]
    return (
        f'<w:document {_NAMESPACES}><w:body><w:p/><w:sectPr><w:headerReference w:type="default" r:id="pubkit-header"/>'
        f'<w:footerReference w:type="default" r:id="pubkit-footer"/><w:pgSz w:w="{width}" w:h="{height}"/>'
        f'<w:pgMar w:top="{margin}" w:right="{margin}" w:bottom="{margin}" w:left="{margin}" w:header="680"'
        ' w:footer="624" w:gutter="0"/><w:lnNumType w:countBy="5" w:distance="360" w:restart="continuous"/>'
        "</w:sectPr></w:body></w:document>"
    ).encode()


def _running_titles(edition: Edition) -> tuple[bytes, bytes]:
    """Return the header and the footer of every page: running title and draft mark; version, date and page number."""
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    width, _, margin = _PAGES[publication.paper]
    version = labels["version-of"].format(version=publication.version)
    when = labels.date(publication.dates.updated or publication.dates.published)
    draft = _run(labels["draft"], "DraftWord") if edition.draft else ""
    numbers = f"{_field('PAGE')}{_run(' / ')}{_field('NUMPAGES')}"
    sides = {"hdr": (_run(publication.title), draft), "ftr": (_run(f"{version} · {when}"), numbers)}
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{width - 2 * margin}"/></w:tabs>'
    tab += "<w:bidi/>" * (direction(publication.lang) == "rtl")
    head, foot = (
        f'<w:{tag} {_NAMESPACES}><w:p><w:pPr><w:pStyle w:val="Running"/>{tab}</w:pPr>{left}<w:r><w:tab/></w:r>{right}</w:p>'
        f"</w:{tag}>"
        for tag, (left, right) in sides.items()
    )
    return head.encode(), foot.encode()


def _run(text: str, style: str = "") -> str:
    style = f'<w:rStyle w:val="{style}"/>' if style else ""
    properties = f"{style}{'<w:rtl/>' * ('rtl' in strong_letters(text))}"
    properties = properties and f"<w:rPr>{properties}</w:rPr>"
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(code: str) -> str:
    """Return a field whose value Word computes, with a value to show until it has."""
    return f'<w:fldSimple w:instr=" {code} ">{_run("1")}</w:fldSimple>'


def unpacked(document: bytes) -> dict[str, bytes]:
    """Return the parts of a Word file that pubkit's pandoc has written, by name."""
    return Archive(document, Bounds()).files()


def packed(parts: Mapping[str, bytes]) -> bytes:
    """Return a Word file of `parts`: the content types first, all in a fixed order and with the same date."""
    names = sorted(parts, key=lambda one: (one != "[Content_Types].xml", one != "_rels/.rels", one))
    return zipped((Member(name, parts[name]) for name in names), (1980, 1, 1, 0, 0, 0), 6)
