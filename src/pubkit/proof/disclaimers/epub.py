"""The disclaimers looked for in a finished EPUB: in the reading order, in the navigation, and visible to a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import cssselect2
from msgspec import Struct, field

from pubkit.boundary.xml import NotXml, long_document
from pubkit.boundary.zip import Archive, Bounds, NotZip
from pubkit.disclaimers.filling import IDENTIFIER
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.findings import Finding
from pubkit.language.folding import normalise
from pubkit.proof.disclaimers.claims import linked
from pubkit.proof.disclaimers.css.media import Medium
from pubkit.proof.disclaimers.html import FRONT_MATTER
from pubkit.proof.disclaimers.measure import Measure, fault, measure
from pubkit.proof.disclaimers.page import Page, Unread, judge, opened
from pubkit.proof.package import Package, resolved
from pubkit.proof.rules import PRF060, PRF061, PRF062, PRF069, PRF070

__all__ = ["prove"]

_HTML = "{http://www.w3.org/1999/xhtml}"
_EPUB_TYPE = "{http://www.idpf.org/2007/ops}type"
_XHTML = "application/xhtml+xml"
#: Reading systems show screens; none prints by the book's own rules.
_SCREENS: tuple[Medium, ...] = ("screen",)


class _Part(Struct):
    """A content document: its path, its ids, whether it is in the reading order, and how much text comes before it."""

    path: str
    identifiers: list[str]
    linear: bool
    before: int


class _Book(Struct):
    parts: list[_Part]
    linked: set[str]
    files: Mapping[str, bytes]
    _pages: dict[str, Page] = field(default_factory=dict)

    def page(self, part: _Part) -> Page:
        """Return a content document with its styles, which are read on first use."""
        if part.path not in self._pages:
            root = cssselect2.ElementWrapper.from_xml_root(_parsed(self.files, part.path))
            self._pages[part.path] = opened(root, "epub", _linked(self.files, part.path))
        return self._pages[part.path]

    def pages_with(self, identifier: str) -> list[Page]:
        """Return the content documents in the reading order that name `identifier`, in an id or in a link."""
        named = [part for part in self.parts if part.linear and identifier.encode() in self.files[part.path]]
        return [self.page(part) for part in named]


class _Broken(Exception):
    """The container lacks what an EPUB must contain."""


def prove(
    data: bytes, blocks: Sequence[DisclaimerBlock], file: str = "book.epub"
) -> tuple[list[Finding], list[Measure]]:
    """Return what keeps a reader of an EPUB from seeing the disclaimers `blocks`, and the measures of those found.

    Each block must be in one element with its reserved id, in a content document in the linear reading order that the
    navigation links to, near the beginning, with exactly its words, visible under the book's own style sheets.
    Statements that are tied to it must have its symbol, as a link to a copy of it in their own content document.
    """
    findings: list[Finding] = []
    measures: list[Measure] = []
    try:
        book = _opened(Archive(data, Bounds()).files())
        for block in blocks:
            found, taken = _block(book, block, file)
            findings += found
            measures += taken
    except (_Broken, NotZip, NotXml, UnicodeDecodeError) as error:
        return [fault(PRF070, block, file, f"the EPUB cannot be read ({error}).") for block in blocks], []
    return findings, measures


def _block(book: _Book, block: DisclaimerBlock, file: str) -> tuple[list[Finding], list[Measure]]:
    places = [part for part in book.parts for identifier in part.identifiers if identifier == block.identifier]
    if not places:
        return [fault(PRF060, block, file, "it is in no content document.")], []
    findings = []
    if len(places) > 1:
        findings.append(fault(PRF061, block, file, f"{len(places)} elements have its id {block.identifier}."))
    part = places[0]
    if not part.linear:
        findings.append(fault(PRF069, block, file, f"{part.path} is not in the linear reading order."))
    if part.path not in book.linked and f"{part.path}#{block.identifier}" not in book.linked:
        findings.append(fault(PRF069, block, file, f"the navigation does not lead to {part.path}."))
    if part.before > FRONT_MATTER:
        findings.append(fault(PRF062, block, file, f"{part.before:,} characters of text come before it."))
    page = book.page(part)
    faults, seen = judge(page, page.find(block.identifier)[0], block, file, _SCREENS)
    where = f"{part.path}#{block.identifier}"
    taken = measure(block, "epub", file, where, contrast=seen.contrast, font_size=seen.font_size)
    findings += [*faults, *linked(book.pages_with(block.identifier), block, file, _SCREENS)]
    return findings, [taken]


def _opened(files: Mapping[str, bytes]) -> _Book:
    package = Package.read(files)
    if package is None:
        raise _Broken("it has no package document that can be read")
    pages = package.of_type(_XHTML)
    parts: list[_Part] = []
    linked: set[str] = set()
    before = 0
    for path in dict.fromkeys([*package.spine, *pages]):
        if path not in pages:
            continue
        root = _parsed(files, path)
        linear = path in package.spine
        parts.append(_Part(path, root.xpath("//@id"), linear, before if linear else 0))
        if path == package.navigation:
            linked = _links(root, path)
        elif linear:
            before += _running_text(root)
    return _Book(parts, linked, files)


def _running_text(root: Any) -> int:
    """Return how much text a part has, in characters; one that contains only disclaimers has none."""
    bodies = list(root.iter(f"{_HTML}body"))
    if not bodies:
        return 0
    reserved = [
        element for element in bodies[0].iter(f"{_HTML}aside") if (element.get("id") or "").startswith(IDENTIFIER)
    ]
    own = sum(len(normalise("".join(element.itertext()))) for element in reserved)
    return max(0, len(normalise("".join(bodies[0].itertext()))) - own)


def _parsed(files: Mapping[str, bytes], path: str) -> Any:
    if path not in files:
        raise _Broken(f"{path} is missing")
    return long_document(files[path])


def _links(root: Any, path: str) -> set[str]:
    """Return the targets of the table of contents, as paths in the container, with and without their fragment."""
    targets = set()
    for navigation in root.iter(f"{_HTML}nav"):
        if "toc" in (navigation.get(_EPUB_TYPE) or "").split() and navigation.get("hidden") is None:
            for anchor in navigation.iter(f"{_HTML}a"):
                target, _, fragment = (anchor.get("href") or "").partition("#")
                full = resolved(path, unquote(target))
                targets |= {full, f"{full}#{fragment}"} if anchor.xpath("string()").strip() else set()
    return targets


def _linked(files: Mapping[str, bytes], path: str) -> Callable[[str], str]:
    def fetched(address: str) -> str:
        sheet = resolved(path, unquote(address))
        if sheet not in files:
            raise Unread(address[:80])
        return files[sheet].decode("utf-8-sig", "replace")

    return fetched
