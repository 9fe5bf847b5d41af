"""An EPUB's container and package document (EPUB 3.3, sections 4 and 5): its files, and what it says they are."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element, NotXml, document
from pubkit.boundary.zip import STORED, Archive, Bounds, NotZip
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.proof.markup import inner_text
from pubkit.proof.rules import PRF100, PRF101, PRF200, PRF201
from pubkit.render.model import Edition

__all__ = ["Item", "Package", "opened", "resolved", "unsound"]

_CONTAINER = "META-INF/container.xml"
_LARGEST = 500 << 20
_MODIFIED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_OPF = "{http://www.idpf.org/2007/opf}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_CORE_TYPES = frozenset(
    {"application/xhtml+xml", "text/css", "image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml",
     "font/ttf", "font/otf", "font/woff", "font/woff2", "application/x-dtbncx+xml"}
)  # fmt: skip


class Item(Struct, frozen=True):
    """A file as the manifest names it; `path` is its name in the container."""

    identifier: str
    path: str
    media_type: str
    properties: frozenset[str]


class Package(Struct, frozen=True):
    """The package document: its own path, the manifest, the paths of the spine in order, the metadata.

    `metadata` has pairs of name and text: "dc:title", or the property of a meta element that refines nothing.
    """

    path: str
    items: tuple[Item, ...]
    spine: tuple[str, ...]
    aside: frozenset[str]
    metadata: tuple[tuple[str, str], ...]
    identifier: str
    lost: tuple[str, ...]

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> Package | None:
        """Return the package document that the container names; None if there is none that can be read."""
        try:
            container = document(files[_CONTAINER])
            names = [element.get("full-path", "") for element in container.iter("{*}rootfile")]
            root = document(files[names[0]])
        except (KeyError, IndexError, NotXml):
            return None
        return cls._of(names[0], root)

    @classmethod
    def _of(cls, path: str, root: Element) -> Package:
        items = tuple(
            Item(
                item.get("id", ""),
                resolved(path, unquote(item.get("href", ""))),
                item.get("media-type", ""),
                frozenset((item.get("properties") or "").split()),
            )
            for item in root.iterfind(f"{_OPF}manifest/{_OPF}item")
        )
        places = {item.identifier: item.path for item in items}
        references = root.findall(f"{_OPF}spine/{_OPF}itemref")
        named = [reference.get("idref", "") for reference in references]
        aside = {places.get(one.get("idref", ""), "") for one in references if one.get("linear") == "no"}
        metadata = list(_metadata(root))
        unique = root.get("unique-identifier", "")
        identifier = next((inner_text(one) for one in root.iter(f"{_DC}identifier") if one.get("id") == unique), "")
        return cls(
            path,
            items,
            tuple(places[one] for one in named if one in places and places[one] not in aside),
            frozenset(aside),
            tuple(metadata),
            identifier,
            tuple(one for one in named if one not in places),
        )

    def of_type(self, media_type: str) -> list[str]:
        """Return the paths of the items of this media type."""
        return [item.path for item in self.items if item.media_type == media_type]

    def said(self, name: str) -> list[str]:
        """Return what the metadata say under this name."""
        return [text for said, text in self.metadata if said == name and text]

    @property
    def navigation(self) -> str:
        """Return the path of the navigation document; "" if there is none, or more than one."""
        found = [item.path for item in self.items if "nav" in item.properties]
        return found[0] if len(found) == 1 else ""


def resolved(path: str, target: str) -> str:
    """Return the path in the container of `target`, a decoded address in the file `path`."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path


def _metadata(root: Element) -> Iterator[tuple[str, str]]:
    for element in root.iterfind(f"{_OPF}metadata/*"):
        if not isinstance(element.tag, str):
            continue
        text = inner_text(element)
        if element.tag.startswith(_DC):
            yield f"dc:{element.tag.removeprefix(_DC)}", text
        elif element.get("property") and not element.get("refines"):
            yield element.get("property", ""), text


def opened(data: bytes, location: Location) -> tuple[dict[str, bytes] | None, list[Finding]]:
    """Return the files of the container, None if it cannot be opened, and what is wrong with it."""
    try:
        archive = Archive(data, Bounds())
        findings = [PRF200.at(location, f"{fault}.") for fault in (*_not_as_begun(archive, data), *archive.faults())]
        files = archive.files()
    except NotZip as error:
        return None, [PRF100.at(location, f"The book cannot be unpacked: {error}.")]
    if files.get("mimetype") != b"application/epub+zip":
        findings.append(PRF200.at(location, "The container does not say that it is an EPUB (mimetype)."))
    return files, findings


def _not_as_begun(archive: Archive, data: bytes) -> Iterator[str]:
    first = archive.members[0] if archive.members else None
    if first is None or first.filename != "mimetype" or first.compress_type != STORED or first.extra:
        yield "The container does not begin with its media type, uncompressed (mimetype)"
    elif data[30:58] != b"mimetypeapplication/epub+zip":
        yield "The container's media type is not where readers look for it (byte 30)"


def unsound(package: Package, files: Mapping[str, bytes], edition: Edition, location: Location) -> Iterator[Finding]:
    """Yield a finding for each file listed but missing, or there but not listed, and each wrong statement."""
    listed = [item.path for item in package.items]
    for path in dict.fromkeys(listed):
        if path not in files:
            yield PRF201.at(location, f"The manifest lists a file that does not exist: {printable(path)}")
        if listed.count(path) > 1:
            yield PRF201.at(location, f"The manifest lists a file twice: {printable(path)}")
    for path in files:
        beside = path in {"mimetype", package.path} or path.startswith("META-INF/")
        if not beside and path not in listed and not path.endswith("/"):
            yield PRF201.at(location, f"The manifest does not list this file: {printable(path)}")
    for identifier in package.lost:
        yield PRF201.at(location, f"The spine refers to an item that the manifest lacks: {printable(identifier)}")
    pages = set(package.of_type("application/xhtml+xml"))
    for path in sorted(pages - set(package.spine) - package.aside - {package.navigation}):
        yield PRF201.at(location, f"Readers cannot reach this page, because it is not in the spine: {printable(path)}")
    for item in package.items:
        if item.media_type not in _CORE_TYPES or "scripted" in item.properties or "remote-resources" in item.properties:
            shown = printable(f"{item.path} ({item.media_type})")
            yield PRF201.at(location, f"The manifest lists something that pubkit never writes: {shown}")
    yield from _statements(package, edition, location)


def _statements(package: Package, edition: Edition, location: Location) -> Iterator[Finding]:
    publication = edition.publication
    if package.said("dc:language")[:1] != [publication.lang]:
        said = ", ".join(package.said("dc:language")) or "none"
        yield PRF101.at(location, f"The book's language is {said}, not {publication.lang}.")
    if letters(publication.title) not in [letters(title) for title in package.said("dc:title")]:
        yield PRF101.at(location, f"The book's title is not “{printable(publication.title)}”.")
    if package.identifier != edition.identifier:
        yield PRF101.at(location, f"The book's identifier is not {printable(edition.identifier)}.")
    modified = package.said("dcterms:modified")
    if len(modified) != 1 or not _MODIFIED.fullmatch(modified[0]):
        yield PRF101.at(location, "The book does not state when it was last modified (dcterms:modified).")
