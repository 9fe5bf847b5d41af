"""A Word file from outside, opened with care.

A .docx is a zip file of XML parts (ECMA-376, part 2). One that a reviewer returns is as untrusted as a manuscript: each
part is unpacked only up to its limit, whatever size its header claims, and XML is read without document types, entities
and network. Nothing is written to disk.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.files import printable, refusal
from pubkit.boundary.xml import Element, NotXml, document
from pubkit.boundary.zip import Archive, Bounds, NotZip
from pubkit.errors import InputRefused
from pubkit.manuscript.rules import SRC080

__all__ = ["Element", "WordPackage", "open_package"]

_BOUNDS = Bounds(packed=200_000_000, members=5_000, member=64_000_000, unpacked=400_000_000)
#: A "Strict Open XML Document" uses other names for the same parts.
_STRICT = (
    (
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    ),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
    (b"http://purl.oclc.org/ooxml/officeDocument/math", b"http://schemas.openxmlformats.org/officeDocument/2006/math"),
)


class WordPackage:
    """The parts of a Word file; each is unpacked on request, and no more than `_BOUNDS` allow in all."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self.names = archive.names

    def part(self, name: str) -> bytes | None:
        """Return the bytes of a part, None if there is no such part.

        Raises:
            InputRefused: it is damaged, encrypted, or exceeds the limits.
        """
        try:
            return self._archive.read(name) if name in self._archive else None
        except NotZip as error:
            raise _refused(str(error)) from error

    def xml(self, name: str) -> Element | None:
        """Return a part as XML, None if there is no such part.

        Raises:
            InputRefused: it is not well-formed, or has a document type.
        """
        data = self.part(name)
        if data is None:
            return None
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        try:
            return document(data)
        except NotXml as error:
            why = f"its part {printable(name, 60)} is not valid XML: {printable(str(error), 80)}"
            raise _refused(why) from error

    def relationships(self, name: str) -> Iterator[tuple[str, str, str, bool]]:
        """Return the relationships in the part `name` (a .rels): id, last word of the type, target, whether external."""
        root = self.xml(name)
        for one in root.iterchildren("{*}Relationship") if root is not None else ():
            kind = one.get("Type", "").rpartition("/")[2]
            yield one.get("Id", ""), kind, one.get("Target", ""), one.get("TargetMode", "Internal") == "External"


def open_package(data: bytes) -> WordPackage:
    """Return the package in `data`, the contents of a .docx file.

    Raises:
        InputRefused: it is not a Word file, is too large, or its list of parts is unsafe.
    """
    try:
        archive = Archive(data, _BOUNDS)
    except NotZip as error:
        raise _refused(f"it is not a .docx file; {error}") from error
    if fault := next(archive.faults(), ""):
        raise _refused(fault[0].lower() + fault[1:])
    if "word/document.xml" not in archive:
        raise _refused("it contains no Word document")
    return WordPackage(archive)


def _refused(why: str) -> InputRefused:
    return refusal(SRC080, f"This Word file cannot be read: {why}.", SRC080.remedy, None)
