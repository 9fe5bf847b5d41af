"""A PDF's catalog, structure tree, outline and metadata (ISO 32000-1, 12 and 14; ISO 14289-1), and its actions."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element, NotXml, document
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.proof.glyphs import streams
from pubkit.proof.markup import SAFE_SCHEMES, inner_text, scheme
from pubkit.proof.promises.contents import Contents
from pubkit.proof.rules import PRF100, PRF101, PRF102, PRF104, PRF105, PRF107, PRF112, PRF113, PRF300, PRF301
from pubkit.render.model import Edition

if TYPE_CHECKING:
    import pikepdf

__all__ = ["Bookmark", "active", "bookmarks", "damaged", "uncalibrated", "unclaimed", "untagged"]

_XMP = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "pdfuaid": "http://www.aiim.org/pdfua/ns/id/",
}
#: Names that occur only in a file with actions, attachments, forms or media (ISO 32000-1, 7.11, 12.6, 12.7, 13).
_ACTIVE = re.compile(
    rb"/(JavaScript|JS|Launch|GoToR|GoToE|Thread|SubmitForm|ResetForm|ImportData|Rendition|RichMedia\w*|Movie|Sound|Screen|"
    rb"3D|FileAttachment|EmbeddedFiles?|OpenAction|AA|XFA|AcroForm|Hide|SetOCGState|GoTo3DView|Trans)(?![\w.+-])"
)
_STRING = re.compile(rb"\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>", re.DOTALL)
#: Operators that paint in DeviceCMYK (ISO 32000-1, 8.6.8): four numbers and k, or K.
_PAINTED_CMYK = re.compile(rb"(?<![^\s\]])(?:[-+.\d]+\s+){4}[kK](?=\s|$)|/DeviceCMYK\s+(?:cs|CS)\b")
_URI = re.compile(rb"/URI\s*(\((?:\\.|[^\\()])*\)|<[0-9A-Fa-f\s]*>)", re.DOTALL)


class Bookmark(Struct, frozen=True):
    """An entry of the outline: its words, its depth from 1, the page (from 0; -1 for none) and height it leads to."""

    title: str
    depth: int
    page: int
    top: float


def bookmarks(pdf: pikepdf.Pdf) -> tuple[Bookmark, ...]:
    """Return the outline, in order."""
    pages = {page.objgen: index for index, page in enumerate(pdf.pages)}

    def read(items: list[pikepdf.OutlineItem], depth: int) -> Iterator[Bookmark]:
        for item in items:
            page, top = -1, 0.0
            destination: Any = item.destination
            try:
                page = pages.get(destination[0].objgen, -1)
                top = float(destination[3])
            except (TypeError, AttributeError, ValueError, IndexError):
                page = -1
            yield Bookmark(item.title, depth, page, top)
            yield from read(item.children, depth + 1)

    with pdf.open_outline(max_depth=32) as outline:
        return tuple(read(list(outline.root), 1))


def untagged(pdf: pikepdf.Pdf, edition: Edition, contents: Contents, location: Location) -> Iterator[Finding]:
    """Yield a finding for each thing that a screen reader needs but the catalog or structure tree lacks."""
    publication, root = edition.publication, pdf.Root
    if str(root.get("/Lang", "")) != publication.lang:
        yield PRF101.at(location, f"The PDF's language is not {publication.lang}.")
    title = str(pdf.docinfo.get("/Title", ""))
    if letters(publication.title) not in letters(title):
        yield PRF101.at(location, f"The PDF's title is not “{printable(publication.title)}”.")
    if not _entry(root, "/ViewerPreferences", "/DisplayDocTitle"):
        yield PRF101.at(location, "The PDF does not ask readers to show its title (DisplayDocTitle).")
    if not _entry(root, "/MarkInfo", "/Marked"):
        yield PRF300.at(location, "The PDF does not say that it is tagged (MarkInfo).")
    tree = root.get("/StructTreeRoot")
    if tree is None or "/K" not in tree or "/ParentTree" not in tree:
        yield PRF300.at(location, "The PDF has no structure tree.")
        return
    kinds: Counter[str] = Counter()
    alternatives: Counter[str] = Counter()
    levels: list[int] = []
    for kind, element in _elements(tree):
        kinds[kind] += 1
        if kind[:2] == "/H" and kind[2:].isdigit():
            levels.append(int(kind[2:]))
        if kind in {"/Figure", "/Formula"}:
            alternative = str(element.get("/Alt", element.get("/ActualText", "")))
            alternatives[letters(alternative)] += 1
            if not alternative.strip():
                yield PRF107.at(location, "A figure in the PDF has no alternative text (Alt).")
    untagged_pages = [str(number) for number, page in enumerate(pdf.pages, 1) if "/StructParents" not in page.obj]
    if untagged_pages:
        yield PRF300.at(location, f"Page {', '.join(untagged_pages[:12])} is not in the structure tree.")
    # A footnote is set as running text; a table in one keeps its words, but not its rows.
    tables = sum(not table.in_note for table in contents.tables)
    if kinds["/Table"] < tables:
        message = f"{tables} tables were written, but {kinds['/Table']} are tagged as tables."
        yield PRF112.at(location, message)
    if not _in_a_row(contents.levels, levels):
        yield PRF300.at(location, "The headings are not tagged with their levels, in order.")
    for picture in contents.pictures:
        if alternatives[letters(picture.alt)]:
            alternatives[letters(picture.alt)] -= 1
        elif letters(picture.alt):
            shown = printable(picture.alt, 60)
            yield PRF113.at(location, f"No figure in the PDF has this alternative text: “{shown}”")


def _in_a_row(wanted: list[int], levels: list[int]) -> bool:
    """Return whether `wanted` occurs in `levels` without a gap, as it is or one lower, below the title."""
    for shift in (1, 0):
        row = [min(level + shift, 6) for level in wanted]
        if any(levels[start : start + len(row)] == row for start in range(len(levels) - len(row) + 1)):
            return True
    return False


def _elements(tree: pikepdf.Object) -> Iterator[tuple[str, pikepdf.Object]]:
    """Yield every structure element in reading order, each with its type."""
    import pikepdf

    stack: list[Any] = [tree]
    seen = 0
    while stack:
        element = stack.pop()
        children = element.get("/K")
        if "/S" in element:
            yield str(element["/S"]), element
        seen += 1
        if seen > 2_000_000:
            return
        if isinstance(children, pikepdf.Array):
            inner = [child for child in children if isinstance(child, pikepdf.Dictionary) and "/S" in child]
            stack += reversed(inner)
        elif isinstance(children, pikepdf.Dictionary) and "/S" in children:
            stack.append(children)


def unclaimed(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    """Yield a finding if PDF/UA-1 and PDF/A-3 are not claimed, and for each claim without a basis."""
    root = pdf.Root
    packet = _entry(root, "/Metadata")
    try:
        metadata = document(packet.read_bytes())
    except (AttributeError, NotXml):
        yield PRF301.at(location, "The PDF has no metadata that can be read (XMP).")
        return
    if not any(inner_text(title) for title in metadata.iterfind(".//dc:title", _XMP)):
        yield PRF101.at(location, "The PDF's metadata do not state the title (XMP dc:title).")
    universal = _said(metadata, "pdfuaid", "part") == "1"
    archival = (_said(metadata, "pdfaid", "part"), _said(metadata, "pdfaid", "conformance").upper())
    if not universal:
        yield PRF301.at(location, "The PDF does not say that it is PDF/UA-1.")
    if archival != ("3", "A"):
        yield PRF301.at(location, "The PDF does not say that it is PDF/A-3a.")
    tagged = bool(_entry(root, "/MarkInfo", "/Marked")) and "/StructTreeRoot" in root and "/Lang" in root
    if (universal or archival[1] == "A") and not tagged:
        yield PRF301.at(location, "The PDF claims to be accessible but is not tagged.")
    if archival[0] and "/OutputIntents" not in root:
        yield PRF301.at(location, "The PDF claims PDF/A but has no output intent.")


def uncalibrated(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    """Yield a finding if the PDF paints in DeviceCMYK, for which PDF/A-3 (6.2.4.3) requires another output intent."""
    import pikepdf

    painted = [stream for page in pdf.pages for stream in streams(page.obj)]
    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            if item.get("/Subtype") == "/Form" or "/PatternType" in item:
                painted.append(item)
            written = pikepdf.Dictionary(dict(item.items())).unparse() if "/ColorSpace" in item else b""
        else:
            written = item.unparse()
        if b"/DeviceCMYK" in _STRING.sub(b"()", written):
            kind = "A picture" if isinstance(item, pikepdf.Stream) else "A part"
            message = f"{kind} of the PDF uses printing-press colours (DeviceCMYK), but the file declares sRGB."
            yield PRF301.at(location, message)
    if any(_PAINTED_CMYK.search(_STRING.sub(b"()", stream.read_bytes())) for stream in painted):
        message = "The PDF uses printing-press colours (DeviceCMYK) but declares sRGB."
        yield PRF301.at(location, message)


def _said(metadata: Element, prefix: str, name: str) -> str:
    """Return the value of an XMP property, written as an element or as an attribute."""
    qualified = f"{{{_XMP[prefix]}}}{name}"
    for element in metadata.iter():
        if element.tag == qualified:
            return inner_text(element)
        if qualified in element.attrib:
            return str(element.get(qualified)).strip()
    return ""


def _entry(holder: Any, *path: str) -> Any:
    """Return what nested dictionaries contain under these names; None if there is nothing."""
    for name in path:
        if holder is None or name not in holder:
            return None
        holder = holder[name]
    return holder


def damaged(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    """Yield a finding for each part of the file, such as a font or a picture, whose compressed data do not fit their sum.

    Readers differ in what they show of such a part; Python's zlib accepts none.
    """
    import pikepdf

    for part in pdf.objects:
        if isinstance(part, pikepdf.Stream) and part.get("/Filter") == "/FlateDecode":
            try:
                zlib.decompress(part.read_raw_bytes())
            except zlib.error:
                number, _ = part.objgen
                yield PRF100.at(location, f"Part {number} of the PDF is damaged.")


def active(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    """Yield a finding for each action, attachment, unsafe address, and link without its target."""
    import pikepdf

    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream):
            written = item.stream_dict.unparse(resolved=True) if hasattr(item, "stream_dict") else b""
        else:
            written = item.unparse(resolved=True)
        if b"/URI" in written:
            yield from _unsafe_addresses(written, location)
        found = _ACTIVE.search(_STRING.sub(b"()", written))
        if found:
            name = found[1].decode("ascii")
            yield PRF102.at(location, f"The PDF contains an action or an attachment ({name}).")
    yield from _dangling(pdf, location)


def _unsafe_addresses(written: bytes, location: Location) -> Iterator[Finding]:
    import pikepdf

    for found in _URI.finditer(written):
        address = str(pikepdf.Object.parse(found[1]))
        if scheme(address) not in SAFE_SCHEMES:
            yield PRF104.at(location, f"A link in the PDF goes to “{printable(address, 60)}”")


def _dangling(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    import pikepdf

    names: set[str] = set()
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        names = {str(name) for name in pikepdf.NameTree(pdf.Root.Names.Dests)}
    for number, page in enumerate(pdf.pages, 1):
        for annotation in _entry(page.obj, "/Annots") or ():
            target = annotation.get("/Dest", _entry(annotation, "/A", "/D"))
            if isinstance(target, pikepdf.String) and str(target) not in names:
                message = f"A link on page {number} has no target: {printable(str(target), 60)}"
                yield PRF105.at(location, message)
