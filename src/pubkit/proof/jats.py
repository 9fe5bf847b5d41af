"""The finished JATS file: an article that is complete, in order, and says who, what and when; nothing in it is fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree
from msgspec.structs import replace

from pubkit.files import printable
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters, squash
from pubkit.language.labels import labels_for
from pubkit.proof.contents import Contents, Kind, Run, promised
from pubkit.proof.rules import (
    PRF100,
    PRF110,
    PRF111,
    PRF112,
    PRF113,
    PRF114,
    PRF115,
    PRF410,
    PRF411,
    PRF412,
    PRF420,
    PRF421,
    PRF422,
)
from pubkit.proof.sequence import FileText, few, missing_headings, missing_runs
from pubkit.render.model import Edition

__all__ = ["prove"]

_HREF = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MATH = "{http://www.w3.org/1998/Math/MathML}math"
_PICTURE = re.compile(r"data:image/(png|jpeg|gif|webp);base64,")
_SAFE_LINK = re.compile(r"(https?://|mailto:|tel:)", re.IGNORECASE)
_DECLARED_ENTITY = re.compile(rb"<!ENTITY|<!DOCTYPE[^>]*\[")
#: What is no running text: the parts of a reference for programs, sources of formulas, alternatives, marks of notes.
_UNREAD = frozenset({"element-citation", "tex-math", "alt-text", "long-desc", _MATH})

Element = etree._Element


def prove(data: bytes, edition: Edition, file: str) -> Iterator[Finding]:
    """A finding for each promise that the JATS file `data` does not keep; `file` is its name, for messages."""
    location = Location(file)
    root = _parsed(data)
    if root is None:
        yield PRF100.at(location, "The file is not well-formed XML, or declares entities.")
        return
    front, body = root.find("front"), root.find("body")
    if root.tag != "article" or front is None or body is None:
        yield PRF420.at(location, "The file has no <article> with <front> and <body>.")
        return
    yield from few(_structure(root, location))
    yield from _front_matter(root, front, edition, location)
    yield from few(_links(root, location))
    contents = promised(edition.tree)
    yield from few(_text(root, body, contents, location))
    yield from few(_numbers(root, contents, location))
    yield from _disclaimers(body, edition, location)


def _parsed(data: bytes) -> Element | None:
    """The file as XML; it must be sound without its document type, which is never loaded."""
    if _DECLARED_ENTITY.search(data[:10_000]):
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, remove_comments=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        return None


def _structure(root: Element, location: Location) -> Iterator[Finding]:
    """Ids that stand once, and references that lead to one."""
    if root.get("dtd-version") != "1.3" or "Journal Publishing" not in (root.getroottree().docinfo.public_id or ""):
        yield PRF420.at(location, "The file does not say that it is JATS Journal Publishing 1.3.")
    seen: set[str] = set()
    for element in root.iter():
        identifier = element.get("id")
        if identifier is not None and identifier in seen:
            yield PRF420.at(location, f"The id {printable(identifier, 60)} stands twice.")
        seen.add(identifier or "")
    for reference in root.iter("xref"):
        if reference.get("rid") not in seen:
            yield PRF420.at(location, f"A reference leads nowhere: {printable(reference.get('rid', ''), 60)}")


def _front_matter(root: Element, front: Element, edition: Edition, location: Location) -> Iterator[Finding]:
    """Each fact of the publication in the element that the standard has for it."""
    publication = edition.publication
    meta = "article-meta"
    wanted = {
        "title": (publication.title, f"{meta}/title-group/article-title"),
        "date": (str(publication.dates.published.year), f"{meta}/pub-date/year"),
        "licence": (publication.licence, f"{meta}/permissions/license/license-p"),
        "funding": (publication.funding, f"{meta}/funding-group/funding-statement"),
    }
    for name, (value, path) in wanted.items():
        if value and squash(value) != squash(front.findtext(path) or ""):
            yield PRF421.at(location, f"The front matter does not give the {name}.")
    if publication.lang != root.get(_LANGUAGE):
        yield PRF421.at(location, f"The file's language is not {publication.lang}.")
    if publication.abstract:
        given = squash("".join(_all(part) for part in front.iterfind(f"{meta}/abstract/p")))
        if given != squash(publication.abstract):
            yield PRF421.at(location, "The front matter does not give the abstract.")
    authors = [letters(_all(one)) for one in front.iterfind(f"{meta}/contrib-group/contrib")]
    for author in publication.authors:
        if not any(all(letters(part) in one for part in author.name.split()) for one in authors):
            yield PRF421.at(location, f"The front matter does not name {printable(author.name, 60)}.")
    notes = squash("".join(_all(one) for one in front.iterfind(f"{meta}/author-notes/fn")))
    for author in publication.authors:
        if author.conflicts and squash(author.conflicts) not in notes:
            message = f"The front matter does not give the conflicts of {printable(author.name, 60)}."
            yield PRF421.at(location, message)


def _links(root: Element, location: Location) -> Iterator[Finding]:
    for element in root.iter():
        target = element.get(_HREF)
        if target is None:
            continue
        allowed = _PICTURE if element.tag in {"graphic", "inline-graphic"} else _SAFE_LINK
        if not allowed.match(target):
            yield PRF422.at(location, f"<{element.tag}> leads to {printable(target, 100)}")
    for tag in ("media", "supplementary-material", "inline-supplementary-material"):
        if root.find(f".//{tag}") is not None:
            yield PRF422.at(location, f"The file holds a <{tag}>.")


def _words(element: Element) -> str:
    """What a reader sees of `element`, without the notes' marks."""
    parts: list[str] = []
    stack: list[Element | str] = [element]
    while stack:
        part = stack.pop()
        if isinstance(part, str):
            parts.append(part)
        elif part.tag not in _UNREAD and part.get("ref-type") != "fn":
            parts.append(part.text or "")
            for child in reversed(part):
                stack += (child.tail or "", child)
    return "".join(parts)


def _all(element: Element) -> str:
    return "".join(str(text) for text in element.itertext())


def _text(root: Element, body: Element, contents: Contents, location: Location) -> Iterator[Finding]:
    """Headings, running text and references, each in its order; the reference list stands in the back, with its heading."""
    above = _heading_of_references(contents)
    lists = [letters(one.findtext("title") or "") for one in root.iter("ref-list")]
    if above is not None and letters(above.text) not in lists:
        yield PRF110.at(location, f"The heading “{printable(above.text, 80)}” is missing.")
    headings = [
        (1, (section.findtext("label") or "") + _words(title))
        for section in root.iter("sec")
        if (title := section.find("title")) is not None
    ]
    kept = list(contents.headings)
    if above is not None:
        kept.remove(next(heading for heading in reversed(kept) if heading.text == above.text))
    yield from (finding for _, finding in missing_headings(replace(contents, headings=kept), headings, location))
    found = letters(_words(body))
    running = [run for run in contents.runs if run.kind not in {Kind.REFERENCE, Kind.FIGURE} and run is not above]
    yield from missing_runs(FileText(found), [(run, letters(run.text)) for run in running], location)
    for run in contents.runs:
        # A caption comes before what it belongs to here, and after it in the tree.
        if run.kind is Kind.FIGURE and letters(run.text) not in found:
            yield PRF113.at(location, f"This text of a figure is missing: “{printable(run.text, 80)}”")
    printed = "".join(letters(_words(one)) for one in root.iter("ref"))
    cursor = 0
    for reference in contents.references:
        place = printed.find(letters(reference.text), cursor)
        if place < 0:
            message = f"The reference {printable(reference.key, 60)} is missing or out of order."
            yield PRF115.at(location, message)
        else:
            cursor = place + 1


def _heading_of_references(contents: Contents) -> Run | None:
    """The heading right above the reference list."""
    kinds = [run.kind for run in contents.runs]
    first = kinds.index(Kind.REFERENCE) if Kind.REFERENCE in kinds else 0
    return contents.runs[first - 1] if first and kinds[first - 1] is Kind.HEADING else None


def _numbers(root: Element, contents: Contents, location: Location) -> Iterator[Finding]:
    """Tables with their cells, pictures with their alternatives, formulas, notes with their calls."""
    tables = [sum(1 for _ in table.iter("td", "th")) for table in root.iter("table")]
    for table in contents.tables:
        if table.cells in tables:
            tables.remove(table.cells)
        else:
            yield PRF112.at(location, f"A table is missing or has lost cells: “{printable(table.caption, 80)}”")
    pictures = [letters(one.findtext("alt-text") or "") for one in root.iter("graphic", "inline-graphic")]
    for picture in contents.pictures:
        if letters(picture.alt) in pictures:
            pictures.remove(letters(picture.alt))
        else:
            shown = printable(picture.alt or picture.target, 80)
            yield PRF113.at(location, f"A picture or its alternative is missing: “{shown}”")
    formulas = sum(1 for _ in root.iter(_MATH))
    if formulas != contents.formulas:
        yield PRF111.at(location, f"{contents.formulas} formulas were promised, {formulas} are in the file.")
    notes = [letters(_words(note)) for note in root.iterfind("back/fn-group/fn")]
    for note in contents.notes:
        wanted = [letters(run.text) for run in note.runs]
        if not any(all(part in text for part in wanted) for text in notes):
            shown = printable(" ".join(run.text for run in note.runs), 80)
            yield PRF114.at(location, f"Note {note.number} is missing: “{shown}”")


def _disclaimers(body: Element, edition: Edition, location: Location) -> Iterator[Finding]:
    """Each disclaimer word for word in a box of its own, before all other text of the body."""
    boxes = []
    for child in body:
        if child.tag != "boxed-text" or child.get("content-type") not in {"disclaimer", "draft"}:
            break
        boxes.append(child)
    front = {box.get("id"): squash(_all(box)) for box in boxes}
    everywhere = squash(_all(body))
    for block in edition.disclaimers:
        words = squash(" ".join((block.heading, *block.paragraphs)))
        if front.get(block.identifier) == words:
            continue
        if words in everywhere:
            message = f"The disclaimer “{block.heading}” does not stand in its box before the text."
            yield PRF411.at(location, message)
        else:
            message = f"The disclaimer “{block.heading}” is not in the file word for word."
            yield PRF410.at(location, message)
    banner = squash(labels_for(edition.publication.lang)["draft-banner"])
    if edition.draft and banner not in front.values():
        yield PRF412.at(location, "The front of this draft does not say that it is one.")
