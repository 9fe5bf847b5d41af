"""The finished Word file: complete, in order, with visible disclaimers, and nothing that runs code or loads anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element
from pubkit.editorial.word.package import WordPackage, open_package
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.language.labels import labels_for
from pubkit.proof.markup import SAFE_LINK
from pubkit.proof.promises.completeness import Reading, incomplete
from pubkit.proof.promises.sequence import few
from pubkit.proof.rules import PRF101, PRF400, PRF401, PRF402, PRF403, PRF412
from pubkit.render.model import Edition

__all__ = ["prove"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_NEEDED = ("[Content_Types].xml", "word/document.xml")
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_PICTURE = "{http://schemas.openxmlformats.org/drawingml/2006/picture}cNvPr"
_TITLE = "{http://purl.org/dc/elements/1.1/}title"

_RUNNING_PART = re.compile(r"vbaproject|activex|embeddings/|\.bin$|\.exe$|customui|afchunk|macro", re.IGNORECASE)
_RUNNING_FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|MACROBUTTON|AUTOTEXT\w*|DATABASE|EMBED|PRINT)\b")
_RUNNING_ELEMENTS = ("altChunk", "object", "control", "attachedTemplate", "subDoc")
_HEADING = re.compile(r"Heading[1-9]")


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """Yield a finding for each promise that the Word file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    try:
        package = open_package(data)
        named = [name for name in package.names if name.endswith((".xml", ".rels"))]
        parts = {name: root for name in named if (root := package.xml(name)) is not None}
    except InputRefused as error:
        yield PRF400.at(location, error.message)
        return
    if missing := [name for name in _NEEDED if name not in parts]:
        yield PRF400.at(location, f"The package has no part {missing[0]}.")
        return
    yield from few(_active(package, parts, location))
    yield from few(_reaching(package, location))
    yield from few(_pictures(package, parts, location))
    yield from _furniture(parts, edition, location)
    yield from incomplete(edition, _reading(parts), location)


def _reading(parts: dict[str, Element]) -> Reading:
    """Return what a reader of the document and its notes sees."""
    roots = [parts[name] for name in ("word/document.xml", "word/footnotes.xml") if name in parts]
    hidden = _hidden_styles(parts)
    shown = [(_style(one), _words(one, hidden)) for one in roots[0].iter(f"{_W}p")]
    text = " ".join(words for _, words in shown)
    notes = [
        " ".join(_words(paragraph, hidden) for paragraph in note.iter(f"{_W}p"))
        for note in (roots[1] if len(roots) > 1 else ())
        if note.get(f"{_W}type") in {None, "normal"}
    ]
    cells = f"{_W}tr/{_W}tc"
    return Reading(
        text=text,
        headings=[words for style, words in shown if _HEADING.fullmatch(style)],
        references=text,
        notes=notes,
        calls=_count(roots, f"{_W}footnoteReference"),
        tables=[
            sum(not _goes_on(one) for one in table.iterfind(cells))
            for root in roots
            for table in root.iter(f"{_W}tbl")
            if not _holds_a_figure(table)
        ],
        pictures=[one.get("descr", "") for root in roots for one in root.iter(_PLACED)],
        formulas=_count(roots, _MATH),
    )


def _count(roots: list[Element], tag: str) -> int:
    return sum(1 for root in roots for _ in root.iter(tag))


def _holds_a_figure(table: Element) -> bool:
    """Return whether a table is only pandoc's frame around a figure that is not a picture."""
    style = table.find(f"{_W}tblPr/{_W}tblStyle")
    return style is not None and style.get(f"{_W}val") == "FigureTable"


def _goes_on(cell: Element) -> bool:
    """Return whether a cell continues one that began in a row above."""
    merged = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merged is not None and merged.get(f"{_W}val") != "restart"


def _hidden_styles(parts: dict[str, Element]) -> set[str]:
    styles = parts["word/styles.xml"].iter(f"{_W}style") if "word/styles.xml" in parts else ()
    return {one.get(f"{_W}styleId", "") for one in styles if one.find(f"{_W}rPr/{_W}vanish") is not None}


def _words(paragraph: Element, hidden: set[str]) -> str:
    """Return the visible text of a paragraph, without runs that are hidden directly or by a style."""
    parts = []
    for node in (
        paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen") if _style(paragraph) not in hidden else ()
    ):
        run = node.getparent()
        properties = run.find(f"{_W}rPr") if run is not None else None
        style = properties.find(f"{_W}rStyle") if properties is not None else None
        vanishes = properties is not None and properties.find(f"{_W}vanish") is not None
        if not vanishes and (style is None or style.get(f"{_W}val") not in hidden):
            parts.append(node.text or "" if node.tag == f"{_W}t" else "-" if node.tag == f"{_W}noBreakHyphen" else " ")
    return "".join(parts)


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return found.get(f"{_W}val", "") if found is not None else ""


def _all(element: Element) -> str:
    return "".join(map(str, element.itertext()))


def _active(package: WordPackage, parts: dict[str, Element], location: Location) -> Iterator[Finding]:
    """Yield a finding for each part, field and element that could run something."""
    for name in package.names:
        if _RUNNING_PART.search(name):
            yield PRF401.at(location, f"The file contains {printable(name, 80)}.")
    if any(
        re.search("macroEnabled|vba", one.get("ContentType", ""), re.IGNORECASE) for one in parts["[Content_Types].xml"]
    ):
        yield PRF401.at(location, "The file declares macros.")
    for name, root in parts.items():
        for kind in _RUNNING_ELEMENTS:
            if root.find(f".//{_W}{kind}") is not None:
                yield PRF401.at(location, f"{name} contains a {kind}.")
        fields = [one.get(f"{_W}instr", "") for one in root.iter(f"{_W}fldSimple")]
        for field in (*fields, *(_all(one) for one in root.iter(f"{_W}instrText"))):
            if _RUNNING_FIELD.search(field):
                yield PRF401.at(location, f"{name} contains the field {printable(field.strip(), 60)}.")


def _reaching(package: WordPackage, location: Location) -> Iterator[Finding]:
    """Yield a finding for each external relationship other than a link to a web page, e-mail or telephone."""
    for name in package.names:
        for _, kind, target, external in package.relationships(name) if name.endswith(".rels") else ():
            if external and not (kind == "hyperlink" and SAFE_LINK.match(target)):
                message = f"{name} refers to something outside the file: {printable(target, 100)} ({kind})."
                yield PRF402.at(location, message)


def _pictures(package: WordPackage, parts: dict[str, Element], location: Location) -> Iterator[Finding]:
    """Yield a finding for each picture that is not in the file, or is there twice."""
    for name in package.names:
        if name.startswith("word/media/") and (package.part(name) or b"").startswith(b"<svg"):
            yield PRF400.at(location, f"{name} is a placeholder, and not the picture.")
    for name, root in parts.items():
        if any(one.get("descr", "").startswith("data:") for one in root.iter(_PICTURE)):
            yield PRF400.at(location, f"A picture is stored a second time as {name}.")


#: For which of its scripts Word is told the language of a text: Latin and the like, Chinese, Japanese and Korean, or Arabic
#: and Hebrew.
_SCRIPTS = ("val", "eastAsia", "bidi")


def _furniture(parts: dict[str, Element], edition: Edition, location: Location) -> Iterator[Finding]:
    """Check the title, language, page numbers, tracked changes and the draft mark."""
    publication, empty = edition.publication, parts["word/document.xml"].makeelement("none")
    if letters(parts.get("docProps/core.xml", empty).findtext(_TITLE) or "") != letters(publication.title):
        yield PRF101.at(location, "The file's properties do not state the title.")
    language = parts.get("word/styles.xml", empty).find(f"{_W}docDefaults//{_W}lang")
    if language is None or publication.lang not in {language.get(f"{_W}{script}") for script in _SCRIPTS}:
        yield PRF101.at(location, f"The file's language is not {publication.lang}.")
    if parts.get("word/settings.xml", empty).find(f"{_W}trackRevisions") is None:
        yield PRF403.at(location, "The file does not track changes.")
    if not any(
        one.get(f"{_W}instr", "").strip() == "PAGE"
        for one in parts.get("word/footer1.xml", empty).iter(f"{_W}fldSimple")
    ):
        yield PRF403.at(location, "The pages have no page numbers.")
    mark = labels_for(publication.lang)["draft"]
    if edition.draft and mark not in _all(parts.get("word/header1.xml", empty)):
        yield PRF412.at(location, f"The pages of this draft do not say “{mark}”.")
