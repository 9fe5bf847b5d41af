"""The Word file's page: its size and margins, numbered lines, running titles, as a reference document.

It is made from the one that pandoc carries.
"""

from __future__ import annotations

import functools
import io
import zipfile
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from lxml import etree

from pubkit import pandoc
from pubkit.language.labels import labels_for
from pubkit.render.model import Edition
from pubkit.render.word_styles import PAGES, WORD, styles_part, xml_part

__all__ = ["archive", "parts_of", "reference_document", "settings"]

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


def reference_document(edition: Edition) -> bytes:
    """The document whose styles, page and running titles pandoc's writer takes over."""
    parts = dict(_pandocs_own())
    parts["word/styles.xml"] = styles_part(edition)
    parts["word/document.xml"] = _document(edition)
    for name, content in _running_titles(edition):
        parts[f"word/{name}.xml"] = content
    parts["[Content_Types].xml"] = _with_types(parts["[Content_Types].xml"])
    parts["word/_rels/document.xml.rels"] = _with_relationships(parts["word/_rels/document.xml.rels"])
    return archive(parts)


@functools.cache
def _pandocs_own() -> Mapping[str, bytes]:
    return parts_of(pandoc.run(["--print-default-data-file=reference.docx"], b""))


def parts_of(document: bytes) -> dict[str, bytes]:
    """The parts of a Word file that pubkit or its pandoc has written, by name; not for files from elsewhere."""
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        return {name: file.read(name) for name in file.namelist()}


def archive(parts: Mapping[str, bytes]) -> bytes:
    """A Word file of `parts`: the content types first, all in a fixed order and with the same date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name in sorted(parts, key=lambda one: (one != "[Content_Types].xml", one != "_rels/.rels", one)):
            member = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            member.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(member, parts[name], compresslevel=6)
    return buffer.getvalue()


def _document(edition: Edition) -> bytes:
    """An empty document with the page: pandoc takes its last section's properties over."""
    page = PAGES[edition.publication.page_size]
    references = "".join(
        f'<w:{kind}Reference w:type="{where}" r:id="{identifier}"/>' for identifier, (kind, where) in _RUNNING.items()
    )
    numbered = '<w:lnNumType w:countBy="5" w:distance="360" w:restart="continuous"/>'
    return xml_part(
        f'<w:document xmlns:w="{WORD}" xmlns:r="{_OFFICE}"><w:body><w:p/><w:sectPr>{references}'
        f'<w:pgSz w:w="{page.width}" w:h="{page.height}"/>'
        f'<w:pgMar w:top="{page.end}" w:right="{page.side}" w:bottom="{page.end}" w:left="{page.side}" w:header="680"'
        f' w:footer="624" w:gutter="0"/>{numbered}<w:titlePg/></w:sectPr></w:body></w:document>'
    )


#: The running titles: relationship id -> kind and place. Footers are alike on all pages.
_RUNNING = {
    "rId101": ("header", "default"),
    "rId102": ("header", "first"),
    "rId103": ("footer", "default"),
    "rId104": ("footer", "first"),
}


def _running_titles(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The parts for the head and the foot of the page: running title and draft mark; version, date and page number."""
    publication, labels = edition.publication, labels_for(edition.publication.lang)
    page = PAGES[publication.page_size]
    edge = page.width - 2 * page.side
    draft = labels["draft"] if edition.draft else ""
    when = labels.date(publication.dates.updated or publication.dates.published)
    version = f"{labels['version-of'].format(version=publication.version)} · {when}"
    number = _field("PAGE") + _run(" / ") + _field("NUMPAGES")
    for identifier, (kind, where) in _RUNNING.items():
        if kind == "header":
            left = _run(publication.title) if where == "default" else ""
            right = _run(draft, "DraftWord") if draft else ""
        else:
            left, right = _run(version), number
        tab = f'<w:tabs><w:tab w:val="right" w:pos="{edge}"/></w:tabs>'
        paragraph = (
            f'<w:p><w:pPr><w:pStyle w:val="{kind.capitalize()}"/>{tab}</w:pPr>{left}<w:r><w:tab/></w:r>{right}</w:p>'
        )
        tag = "hdr" if kind == "header" else "ftr"
        yield _part_name(identifier), xml_part(f'<w:{tag} xmlns:w="{WORD}" xmlns:r="{_OFFICE}">{paragraph}</w:{tag}>')


def _part_name(identifier: str) -> str:
    kind, _ = _RUNNING[identifier]
    return f"{kind}{identifier[-1]}"


def _run(text: str, style: str = "") -> str:
    named = f'<w:rPr><w:rStyle w:val="{style}"/></w:rPr>' if style else ""
    return f'<w:r>{named}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _field(code: str) -> str:
    """A field whose value Word works out by itself, with a value to show until it has."""
    return f'<w:fldSimple w:instr=" {code} "><w:r><w:t>1</w:t></w:r></w:fldSimple>'


def _with_types(content_types: bytes) -> bytes:
    root = etree.fromstring(content_types)
    for identifier, (kind, _) in _RUNNING.items():
        name = f"/word/{_part_name(identifier)}.xml"
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=name, ContentType=f"{_WORD_TYPE}.{kind}+xml")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _with_relationships(relationships: bytes) -> bytes:
    root = etree.fromstring(relationships)
    for identifier, (kind, _) in _RUNNING.items():
        target = f"{_part_name(identifier)}.xml"
        etree.SubElement(
            root, f"{{{_RELATIONSHIPS}}}Relationship", Id=identifier, Type=f"{_OFFICE}/{kind}", Target=target
        )
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def settings(edition: Edition) -> bytes:
    """The settings part: changes are tracked from the first keystroke, and Word 2013's own layout is used."""
    language = edition.publication.lang
    separator = labels_for(language).decimal
    return xml_part(
        f'<w:settings xmlns:w="{WORD}"><w:zoom w:percent="100"/><w:trackRevisions/><w:defaultTabStop w:val="480"/>'
        '<w:characterSpacingControl w:val="doNotCompress"/>'
        '<w:footnotePr><w:footnote w:id="-1"/><w:footnote w:id="0"/></w:footnotePr>'
        '<w:compat><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word"'
        ' w:val="15"/></w:compat>'
        f'<w:themeFontLang w:val="{language}"/><w:decimalSymbol w:val="{separator}"/><w:listSeparator w:val=";"/>'
        "</w:settings>"
    )
