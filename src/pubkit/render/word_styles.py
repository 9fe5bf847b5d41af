"""How the Word file looks: its styles, by the names under which Word and pandoc know them.

Pandoc's writer finds a style by its name, so every name that it uses stands here, among them those of Word itself (Title,
Heading 1, Body Text, Caption, Footnote Text, Bibliography), which a reviewer can change in one place. The fonts are those
that every Word has had since 2007. Sizes are in points; WordprocessingML counts in twentieths of a point ("twips") and,
for letters, in half points (ECMA-376, part 1, §17.3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from pubkit.language.labels import direction
from pubkit.render.model import Edition

__all__ = ["PAGES", "WORD", "Page", "styles_part", "xml_part"]

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

_SERIF, _SANS, _MONO = "Cambria", "Calibri", "Consolas"
_INK, _GREY, _ACCENT, _LINK, _ALARM = "15191B", "545D64", "17566B", "0B5578", "9B1C1C"
_RULE, _PALE = "57636A", "C9D0D3"
_EDGE = f'w:val="single" w:sz="8" w:space="6" w:color="{_ACCENT}"'
_BOX = (
    f"<w:pBdr><w:top {_EDGE}/><w:left {_EDGE}/><w:bottom {_EDGE}/><w:right {_EDGE}/></w:pBdr>"
    '<w:shd w:val="clear" w:color="auto" w:fill="F1F5F6"/>'
)


class Page(Struct, frozen=True):
    """A page in twips, its margins, the size of its text in points and the distance of its lines, in lines."""

    width: int
    height: int
    side: int
    end: int
    text: float
    leading: float


#: Wide lines and wide margins, for notes between and beside them; A5 has no room for either.
PAGES: Mapping[str, Page] = {
    "A4": Page(11906, 16838, 1531, 1531, 11.0, 1.5),
    "letter": Page(12240, 15840, 1531, 1440, 11.0, 1.5),
    "A5": Page(8391, 11906, 964, 1077, 9.5, 1.3),
}


class _Style(Struct, frozen=True):
    """A paragraph style. `size` is relative to the text; `before`, `after` and `indent` are in points."""

    name: str
    based: str = "Normal"
    next: str = ""
    font: str = ""
    size: float = 1.0
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    colour: str = ""
    before: float | None = None
    after: float | None = None
    line: float = 0.0
    indent: float = 0.0
    hanging: float = 0.0
    outline: int = -1
    keep_next: bool = False
    keep_lines: bool = False
    numbered_lines: bool = True
    extra: str = ""


def _heading(level: int, size: float, before: float, after: float, **more: str | bool) -> _Style:
    return _Style(
        f"heading {level}",
        next="Body Text",
        font=_SANS,
        size=size,
        bold=not more.get("italic"),
        italic=bool(more.get("italic")),
        colour=str(more.get("colour", _INK)),
        before=before,
        after=after,
        line=1.15,
        outline=level - 1,
        keep_next=True,
        keep_lines=True,
    )


def _front(name: str, *, line: float = 1.2, **more: Any) -> _Style:
    """A style of the title page: sans serif, close set, its lines not counted."""
    return _Style(name, font=_SANS, line=line, numbered_lines=False, **more)


_PARAGRAPHS = (
    _Style("Body Text", before=0, after=8),
    _Style("First Paragraph", "Body Text", next="Body Text"),
    _Style("Compact", "Body Text", after=3),
    _front("Publisher", next="Title", size=0.86, bold=True, colour=_ACCENT, after=18, extra=
           f'<w:pBdr><w:bottom w:val="single" w:sz="10" w:space="4" w:color="{_ACCENT}"/></w:pBdr>'),
    _front("Title", next="Subtitle", size=2.36, bold=True, before=0, after=6, line=1.05, keep_next=True),
    _front("Subtitle", next="Author", size=1.36, colour=_GREY, after=14, line=1.15),
    _front("Author", bold=True, after=3),
    _front("Affiliation", size=0.92, colour=_GREY, after=3),
    _front("Date", size=0.92, before=5, after=3),
    _front("Publication Facts", size=0.92, after=3),
    _front("Draft Mark", bold=True, colour=_ALARM, before=6, after=10),
    _front("Disclaimer Heading", next="Disclaimer", bold=True, before=12, after=0, indent=9, keep_next=True,
           keep_lines=True, extra=_BOX),
    _front("Disclaimer", before=4, after=0, indent=9, keep_lines=True, extra=_BOX),
    _front("Abstract Title", next="Abstract", size=1.1, bold=True, colour=_ACCENT, before=18, after=4, keep_next=True),
    _Style("Abstract", after=6, line=1.35),
    _front("Keywords", size=0.92, colour=_GREY, after=12),
    _heading(1, 1.55, 24, 8, colour=_ACCENT),
    _heading(2, 1.27, 18, 6),
    _heading(3, 1.09, 14, 4),
    _heading(4, 1.0, 12, 3, italic=True),
    *(_heading(level, 1.0, 10, 3, colour=_GREY, italic=level > 5) for level in range(5, 10)),
    _Style("Block Text", "Body Text", next="Body Text", size=0.96, indent=18, before=4, after=8),
    _Style("Source Code", font=_MONO, size=0.86, after=8, line=1.2, extra='<w:wordWrap w:val="off"/>'),
    _Style("footnote text", font="", size=0.86, after=3, line=1.2, numbered_lines=False),
    _Style("Footnote Block Text", "footnote text", indent=18),
    _Style("Definition Term", "Body Text", next="Definition", bold=True, after=0, keep_next=True, keep_lines=True),
    _Style("Definition", "Body Text", indent=18),
    _Style("caption", font=_SANS, size=0.88, before=0, after=10, line=1.25, keep_lines=True, numbered_lines=False),
    _Style("Table Caption", "caption", before=12, after=5, keep_next=True),
    _Style("Image Caption", "caption", before=4, after=14),
    _Style("Figure", "Body Text", after=4, line=1.0),
    _Style("Captioned Figure", "Figure", keep_next=True, before=10),
    _Style("Table Text", font=_SANS, size=0.84, before=2, after=2, line=1.15, numbered_lines=False),
    _Style("Table Heading", "Table Text", bold=True, keep_next=True),
    _Style("Wide Table Text", "Table Text", font=_SANS, size=0.66, before=1, after=1, line=1.1),
    _Style("Wide Table Heading", "Wide Table Text", bold=True, keep_next=True),
    _Style("Bibliography", size=0.94, after=5, line=1.25, indent=24, hanging=24, extra=
           '<w:tabs><w:tab w:val="left" w:pos="480"/></w:tabs>'),
    _Style("header", font=_SANS, size=0.8, colour=_GREY, after=0, line=1.0, numbered_lines=False),
    _Style("footer", font=_SANS, size=0.8, colour=_GREY, after=0, line=1.0, numbered_lines=False),
    _Style("TOC Heading", "heading 1", next="Body Text"),
)  # fmt: skip

#: Word's own names; every other style is marked as custom.
_BUILT_IN = {
    "Normal", "Body Text", "Title", "Subtitle", "Date", "Block Text", "footnote text", "caption", "Bibliography", "header",
    "footer", "TOC Heading", *(f"heading {level}" for level in range(1, 10)),
}  # fmt: skip
_IDENTIFIERS = {"footnote text": "FootnoteText", "caption": "Caption", "header": "Header", "footer": "Footer",
                **{f"heading {level}": f"Heading{level}" for level in range(1, 10)}}  # fmt: skip

_CHARACTERS = f"""
<w:style w:type="character" w:default="1" w:styleId="DefaultParagraphFont"><w:name w:val="Default Paragraph Font"/>
 <w:uiPriority w:val="1"/><w:semiHidden/></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="BodyTextChar"><w:name w:val="Body Text Char"/>
 <w:basedOn w:val="DefaultParagraphFont"/></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="VerbatimChar"><w:name w:val="Verbatim Char"/>
 <w:basedOn w:val="DefaultParagraphFont"/><w:rPr>
 <w:rFonts w:ascii="{_MONO}" w:hAnsi="{_MONO}" w:cs="Courier New"/><w:noProof/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="SectionNumber"><w:name w:val="Section Number"/>
 <w:basedOn w:val="DefaultParagraphFont"/></w:style>
<w:style w:type="character" w:styleId="FootnoteReference"><w:name w:val="footnote reference"/>
 <w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:color w:val="{_LINK}"/>
 <w:vertAlign w:val="superscript"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Hyperlink"><w:name w:val="Hyperlink"/>
 <w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:color w:val="{_LINK}"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="LineNumber"><w:name w:val="line number"/>
 <w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:rFonts w:ascii="{_SANS}" w:hAnsi="{_SANS}"/>
 <w:color w:val="8B979D"/><w:sz w:val="15"/></w:rPr></w:style>
<w:style w:type="character" w:customStyle="1" w:styleId="DraftWord"><w:name w:val="Draft Word"/>
 <w:basedOn w:val="DefaultParagraphFont"/><w:rPr><w:b/><w:bCs/><w:color w:val="{_ALARM}"/></w:rPr></w:style>
"""

_TABLES = f"""
<w:style w:type="table" w:default="1" w:styleId="TableNormal"><w:name w:val="Normal Table"/><w:uiPriority w:val="99"/>
 <w:semiHidden/><w:tblPr><w:tblInd w:w="0" w:type="dxa"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/>
 <w:right w:w="108" w:type="dxa"/></w:tblCellMar></w:tblPr></w:style>
<w:style w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/><w:basedOn w:val="TableNormal"/>
 <w:qFormat/>
 <w:tblPr><w:tblBorders><w:top w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
 <w:bottom w:val="single" w:sz="8" w:space="0" w:color="{_RULE}"/>
 <w:insideH w:val="single" w:sz="4" w:space="0" w:color="{_PALE}"/></w:tblBorders>
 <w:tblCellMar><w:top w:w="20" w:type="dxa"/><w:left w:w="60" w:type="dxa"/><w:bottom w:w="20" w:type="dxa"/>
 <w:right w:w="100" w:type="dxa"/></w:tblCellMar></w:tblPr>
 <w:tblStylePr w:type="firstRow"><w:tblPr/><w:tcPr><w:tcBorders>
 <w:bottom w:val="single" w:sz="6" w:space="0" w:color="{_RULE}"/></w:tcBorders><w:vAlign w:val="bottom"/></w:tcPr>
 </w:tblStylePr></w:style>
"""


def styles_part(edition: Edition) -> bytes:
    """The part that holds every style, for the page size and the language of `edition`."""
    page = PAGES[edition.publication.page_size]
    language = edition.publication.lang
    bidirectional = language if direction(language) == "rtl" else "ar-SA"
    size = _half_points(page.text)
    defaults = (
        f'<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="{_SERIF}" w:hAnsi="{_SERIF}" w:cs="Times New Roman"/>'
        f'<w:color w:val="{_INK}"/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'
        f'<w:lang w:val="{language}" w:eastAsia="zh-CN" w:bidi="{bidirectional}"/></w:rPr></w:rPrDefault>'
        f'<w:pPrDefault><w:pPr><w:widowControl/><w:spacing w:after="0" w:line="{round(240 * page.leading)}"'
        ' w:lineRule="auto"/>'
        "</w:pPr></w:pPrDefault></w:docDefaults>"
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    )
    paragraphs = "".join(_paragraph_style(style, page) for style in _PARAGRAPHS)
    return xml_part(f'<w:styles xmlns:w="{WORD}">{defaults}{paragraphs}{_CHARACTERS}{_TABLES}</w:styles>')


def _paragraph_style(style: _Style, page: Page) -> str:
    custom = "" if style.name in _BUILT_IN else ' w:customStyle="1"'
    following = f'<w:next w:val="{_identifier(style.next)}"/>' if style.next else ""
    return (
        f'<w:style w:type="paragraph"{custom} w:styleId="{_identifier(style.name)}"><w:name w:val="{style.name}"/>'
        f'<w:basedOn w:val="{_identifier(style.based)}"/>{following}<w:qFormat/>'
        f"<w:pPr>{''.join(_paragraph_properties(style))}</w:pPr><w:rPr>{''.join(_letter_properties(style, page))}</w:rPr>"
        "</w:style>"
    )


def _paragraph_properties(style: _Style) -> Iterator[str]:
    """In the order that the schema asks for (ECMA-376, CT_PPrBase)."""
    if style.keep_next:
        yield "<w:keepNext/>"
    if style.keep_lines:
        yield "<w:keepLines/>"
    if not style.numbered_lines:
        yield "<w:suppressLineNumbers/>"
    yield style.extra
    spacing = {
        "before": _twips(style.before) if style.before is not None else None,
        "after": _twips(style.after) if style.after is not None else None,
        "line": round(240 * style.line) if style.line else None,
    }
    said = "".join(f' w:{name}="{value}"' for name, value in spacing.items() if value is not None)
    rule = ' w:lineRule="auto"' if style.line else ""
    if said:
        yield f"<w:spacing{said}{rule}/>"
    if style.indent:
        hanging = f' w:hanging="{_twips(style.hanging)}"' if style.hanging else f' w:right="{_twips(style.indent)}"'
        yield f'<w:ind w:left="{_twips(style.indent)}"{hanging}/>'
    if style.outline >= 0:
        yield f'<w:outlineLvl w:val="{style.outline}"/>'


def _letter_properties(style: _Style, page: Page) -> Iterator[str]:
    """In the order that the schema asks for (ECMA-376, EG_RPrBase)."""
    if style.font:
        complex_script = "Courier New" if style.font == _MONO else "Arial" if style.font == _SANS else "Times New Roman"
        yield f'<w:rFonts w:ascii="{style.font}" w:hAnsi="{style.font}" w:cs="{complex_script}"/>'
    if style.bold:
        yield "<w:b/><w:bCs/>"
    if style.italic:
        yield "<w:i/><w:iCs/>"
    if style.colour:
        yield f'<w:color w:val="{style.colour}"/>'
    if style.size != 1.0:
        size = _half_points(page.text * style.size)
        yield f'<w:sz w:val="{size}"/><w:szCs w:val="{size}"/>'


def _identifier(name: str) -> str:
    return _IDENTIFIERS.get(name, name.replace(" ", ""))


def _twips(points: float) -> int:
    return round(points * 20)


def _half_points(points: float) -> int:
    return round(points * 2)


def xml_part(text: str) -> bytes:
    """`text` as a part of a Word file."""
    return b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n' + text.encode()
