"""The finished Word file: complete, in order, with its disclaimers in sight, and nothing in it that runs or reaches out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.errors import InputRefused
from pubkit.files import printable
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters, normalise, squash
from pubkit.language.labels import labels_for
from pubkit.manuscript.word_package import Element, WordPackage, open_package
from pubkit.proof.contents import Contents, promised
from pubkit.proof.rules import (
    PRF101,
    PRF111,
    PRF112,
    PRF113,
    PRF114,
    PRF400,
    PRF401,
    PRF402,
    PRF403,
    PRF410,
    PRF411,
    PRF412,
)
from pubkit.proof.sequence import FileText, few, missing_headings, missing_runs
from pubkit.render.model import Edition

__all__ = ["prove"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PLACED = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"

_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_RUNNING_PART = re.compile(r"vbaproject|activex|embeddings/|\.bin$|\.exe$|customui|afchunk|macro", re.IGNORECASE)
_RUNNING_FIELD = re.compile(r"\b(DDE|DDEAUTO|INCLUDE\w*|IMPORT|LINK|MACROBUTTON|AUTOTEXT\w*|DATABASE|EMBED|PRINT)\b")
_RUNNING_ELEMENTS = ("altChunk", "object", "control", "attachedTemplate", "subDoc")
_HEADING = re.compile(r"Heading([1-9])")


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """A finding for each promise that the Word file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    try:
        package = open_package(data)
        parts = {name: package.xml(name) for name in package.names if name.endswith((".xml", ".rels"))}
    except InputRefused as error:
        yield PRF400.at(location, error.message)
        return
    document, footnotes = parts["word/document.xml"], parts.get("word/footnotes.xml")
    if document is None:
        return
    yield from few(_active(package, parts, location))
    yield from few(_reaching(package, location))
    yield from _furniture(package, document, edition, location)
    contents = promised(edition.tree)
    text = _Text(document)
    yield from few(finding for _, finding in missing_headings(contents, text.headings, location))
    runs = [(run, letters(run.text)) for run in contents.runs]
    yield from few(missing_runs(FileText(text.letters), runs, location))
    yield from few(_notes(contents, footnotes, location))
    yield from few(_numbers(contents, document, footnotes, location))
    yield from _disclaimers(edition, text, location)


class _Text:
    """What a reader of the document part sees, paragraph by paragraph."""

    def __init__(self, document: Element) -> None:
        self.paragraphs = list(document.iter(f"{_W}p"))
        self.words = [_words(paragraph) for paragraph in self.paragraphs]
        self.styles = [_style(paragraph) for paragraph in self.paragraphs]
        self.letters = "".join(map(letters, self.words))
        self.headings = [
            (int(found[1]), words)
            for style, words in zip(self.styles, self.words, strict=True)
            if (found := _HEADING.fullmatch(style))
        ]


def _words(paragraph: Element) -> str:
    """The text of a paragraph as it is shown: without hidden runs, and without the paragraphs of text boxes in it."""
    parts = []
    for node in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}noBreakHyphen"):
        run = node.getparent()
        hidden = run is not None and run.find(f"{_W}rPr/{_W}vanish") is not None
        if not hidden:
            parts.append(node.text or "" if node.tag == f"{_W}t" else "-" if node.tag == f"{_W}noBreakHyphen" else " ")
    return "".join(parts)


def _all(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _style(paragraph: Element) -> str:
    found = paragraph.find(f"{_W}pPr/{_W}pStyle")
    return found.get(f"{_W}val", "") if found is not None else ""


def _active(package: WordPackage, parts: dict[str, Element | None], location: Location) -> Iterator[Finding]:
    """Parts, fields and elements that could run something."""
    for name in package.names:
        if _RUNNING_PART.search(name):
            yield PRF401.at(location, f"The file holds {printable(name, 80)}.")
    types = parts.get("[Content_Types].xml")
    for one in types if types is not None else ():
        if "macroEnabled" in one.get("ContentType", "") or "vba" in one.get("ContentType", "").lower():
            yield PRF401.at(location, "The file says that it holds macros.")
    for name, root in parts.items():
        if root is None or not name.startswith("word/"):
            continue
        for kind in _RUNNING_ELEMENTS:
            if root.find(f".//{_W}{kind}") is not None:
                yield PRF401.at(location, f"{name} holds a {kind}.")
        fields = [one.get(f"{_W}instr", "") for one in root.iter(f"{_W}fldSimple")]
        for field in (*fields, *(_all(one) for one in root.iter(f"{_W}instrText"))):
            if _RUNNING_FIELD.search(field):
                yield PRF401.at(location, f"{name} holds the field {printable(field.strip(), 60)}.")


def _reaching(package: WordPackage, location: Location) -> Iterator[Finding]:
    """External relationships that are no links to web pages, mail or telephone."""
    for name in package.names:
        if not name.endswith(".rels"):
            continue
        for _, kind, target, external in package.relationships(name):
            if external and not (kind == "hyperlink" and _SAFE_LINK.match(target)):
                yield PRF402.at(location, f"{name} leads out of the file to {printable(target, 100)} ({kind}).")


def _furniture(package: WordPackage, document: Element, edition: Edition, location: Location) -> Iterator[Finding]:
    """Title, language, running titles, page numbers, tracked changes, the draft mark."""
    publication = edition.publication
    core = package.xml("docProps/core.xml")
    title = core.findtext("{http://purl.org/dc/elements/1.1/}title") if core is not None else None
    if title != publication.title:
        yield PRF101.at(location, "The file's properties do not give the title.")
    styles = package.xml("word/styles.xml")
    language = styles.find(f"{_W}docDefaults//{_W}lang") if styles is not None else None
    if language is None or language.get(f"{_W}val") != publication.lang:
        yield PRF101.at(location, f"The file's language is not {publication.lang}.")
    wanted = {
        "Title",
        "Subtitle",
        "heading 1",
        "heading 4",
        "Body Text",
        "caption",
        "Table",
        "footnote text",
        "Bibliography",
    }
    found = {one.get(f"{_W}val") for one in styles.iter(f"{_W}name")} if styles is not None else set()
    for name in sorted(wanted - found):
        yield PRF403.at(location, f"The file has no style “{name}”.")
    settings = package.xml("word/settings.xml")
    if settings is None or settings.find(f"{_W}trackRevisions") is None:
        yield PRF403.at(location, "The file does not track changes.")
    heads = list(_running(package, document, "header"))
    feet = list(_running(package, document, "footer"))
    fields = [one.get(f"{_W}instr", "").strip() for foot in feet for one in foot.iter(f"{_W}fldSimple")]
    if not feet or fields.count("PAGE") < len(feet):
        yield PRF403.at(location, "A page of the file has no page number.")
    if not any(publication.title in _all(head) for head in heads):
        yield PRF403.at(location, "The file has no running title.")
    mark = labels_for(publication.lang)["draft"]
    if edition.draft and (not heads or not all(mark in _all(head) for head in heads)):
        yield PRF412.at(location, f"The pages of this draft do not say “{mark}”.")


def _running(package: WordPackage, document: Element, kind: str) -> Iterator[Element]:
    """The heads or feet that the document's sections use."""
    targets = {identifier: target for identifier, _, target, _ in package.relationships("word/_rels/document.xml.rels")}
    for reference in document.iter(f"{_W}{kind}Reference"):
        root = package.xml(f"word/{targets.get(reference.get(f'{_OFFICE}id', ''), '')}")
        if root is not None:
            yield root


def _notes(contents: Contents, footnotes: Element | None, location: Location) -> Iterator[Finding]:
    found = [
        letters("".join(_words(paragraph) for paragraph in note.iter(f"{_W}p")))
        for note in (footnotes.iterfind(f"{_W}footnote") if footnotes is not None else ())
        if note.get(f"{_W}type") in {None, "normal"}
    ]
    for note in contents.notes:
        wanted = [letters(run.text) for run in note.runs]
        if not any(all(part in text for part in wanted) for text in found):
            shown = printable(" ".join(run.text for run in note.runs), 80)
            yield PRF114.at(location, f"Note {note.number} is missing: “{shown}”")


def _numbers(contents: Contents, document: Element, footnotes: Element | None, location: Location) -> Iterator[Finding]:
    """Tables with all their cells, pictures with their alternatives, formulas, calls of notes."""
    tables = [sum(1 for _ in table.iter(f"{_W}tc")) for table in document.iter(f"{_W}tbl")]
    for table in contents.tables:
        place = next((index for index, cells in enumerate(tables) if cells >= table.cells), None)
        if place is None:
            yield PRF112.at(location, f"A table is missing or has lost cells: “{printable(table.caption, 80)}”")
        else:
            del tables[: place + 1]
    roots = [root for root in (document, footnotes) if root is not None]
    drawn = [one.get("descr", "") for root in roots for one in root.iter(f"{_PLACED}docPr")]
    for picture in contents.pictures:
        if letters(picture.alt) not in map(letters, drawn):
            shown = printable(picture.alt or picture.target, 80)
            yield PRF113.at(location, f"A picture or its alternative is missing: “{shown}”")
    embedded = sum(
        1 for root in roots for _ in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
    )
    if embedded < len(contents.pictures):
        yield PRF113.at(location, f"{len(contents.pictures) - embedded} pictures are not in the file.")
    formulas = sum(1 for root in roots for _ in root.iter(f"{_M}oMath"))
    if formulas < contents.formulas:
        yield PRF111.at(location, f"{contents.formulas - formulas} formulas are missing.")
    calls = sum(1 for root in roots for _ in root.iter(f"{_W}footnoteReference"))
    if calls < len(contents.notes):
        yield PRF114.at(location, f"{len(contents.notes) - calls} notes are not called in the text.")


def _disclaimers(edition: Edition, text: _Text, location: Location) -> Iterator[Finding]:
    """Each disclaimer word for word in boxed paragraphs, before the first heading of the text and its first words."""
    first = next((index for index, style in enumerate(text.styles) if _HEADING.fullmatch(style)), len(text.styles))
    body = next(
        (index for index, style in enumerate(text.styles) if style in {"BodyText", "FirstParagraph", "Compact"}), first
    )
    boxed = [index for index, style in enumerate(text.styles) if style in {"DisclaimerHeading", "Disclaimer"}]
    front = [squash(text.words[index]) for index in boxed if index < min(first, body)]
    everywhere = squash(" ".join(text.words))
    for block in edition.disclaimers:
        if _in_order(block, front):
            continue
        if all(squash(part) in everywhere for part in (block.heading, *block.paragraphs)):
            message = f"The disclaimer “{block.heading}” does not stand in its box before the text."
            yield PRF411.at(location, message)
        else:
            message = f"The disclaimer “{block.heading}” is not in the file word for word."
            yield PRF410.at(location, message)
    if edition.draft:
        banner = normalise(labels_for(edition.publication.lang)["draft-banner"])
        if not any(banner == normalise(words) for words in text.words[: min(first, body)]):
            yield PRF412.at(location, "The front of this draft does not say that it is one.")


def _in_order(block: DisclaimerBlock, front: list[str]) -> bool:
    wanted = [squash(part) for part in (block.heading, *block.paragraphs)]
    return any(front[start : start + len(wanted)] == wanted for start in range(len(front)))
