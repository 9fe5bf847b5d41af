"""A Word file from elsewhere, opened with care.

A .docx is a zip file of XML parts (ECMA-376, part 2). One that comes back from a reviewer is as untrusted as a manuscript:
each part is unpacked only so far as its limit allows, whatever size its header claims, and XML is read without document
types, entities and network. Nothing is ever written to disk.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from lxml import etree

from pubkit.boundary.files import printable, refusal
from pubkit.errors import InputRefused
from pubkit.manuscript.rules import SRC080

__all__ = ["Element", "WordPackage", "open_package"]

Element = etree._Element

_MOST_BYTES = 200_000_000
_MOST_PARTS = 5_000
_MOST_IN_PART = 64_000_000
_MOST_UNPACKED = 400_000_000
#: What Python's zip reader raises for files that are damaged, locked or made to deceive.
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)
_REMEDY = "Open it in Word, save it as .docx under a new name, and try again."
#: "Strict Open XML Document" uses other names for the same parts.
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
    """The parts of a Word file; each is unpacked when it is asked for, and at most `_MOST_UNPACKED` bytes in all."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._unpacked = 0

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts, in the order of the file."""
        return tuple(self._archive.namelist())

    def part(self, name: str) -> bytes | None:
        """Return the bytes of a part, None where there is none of this name.

        Raises:
            InputRefused: it is damaged, locked with a password, or larger than the limits allow.
        """
        if name not in self._archive.NameToInfo:
            return None
        if self._archive.getinfo(name).compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _refused(f"its part {printable(name, 60)} is packed in a way that Word does not use")
        limit = min(_MOST_IN_PART, _MOST_UNPACKED - self._unpacked)
        try:
            with self._archive.open(name) as part:
                data = part.read(limit + 1)
        except _DAMAGES as error:
            raise _refused(f"its part {printable(name, 60)} cannot be unpacked") from error
        if len(data) > limit:
            raise _refused(f"its part {printable(name, 60)} holds more than {limit >> 20} MB")
        self._unpacked += len(data)
        return data

    def xml(self, name: str) -> Element | None:
        """Return a part as XML, None where there is none of this name.

        Raises:
            InputRefused: it is not well-formed, or has a document type.
        """
        data = self.part(name)
        if data is None:
            return None
        for strict, usual in _STRICT:
            data = data.replace(strict, usual)
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise _refused(
                f"its part {printable(name, 60)} is not sound XML ({printable(error.msg or '', 80)})"
            ) from error
        if root.getroottree().docinfo.internalDTD is not None or any(True for _ in root.iter(etree.Entity)):
            raise _refused(f"its part {printable(name, 60)} has a document type, which no Word file has")
        return root

    def relationships(self, name: str) -> Iterator[tuple[str, str, str, bool]]:
        """The relationships in the part `name` (a .rels): id, last word of the type, target, whether it is external."""
        root = self.xml(name)
        for one in root.iterchildren("{*}Relationship") if root is not None else ():
            kind = one.get("Type", "").rpartition("/")[2]
            yield one.get("Id", ""), kind, one.get("Target", ""), one.get("TargetMode", "Internal") == "External"


def open_package(data: bytes) -> WordPackage:
    """Return the package in `data`, the contents of a .docx file.

    Raises:
        InputRefused: it is no Word file, is too large, or its table of contents is not to be trusted.
    """
    if len(data) > _MOST_BYTES:
        raise _refused(f"it has more than {_MOST_BYTES >> 20} MB")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except _DAMAGES as error:
        raise _refused("it is no .docx file") from error
    names = archive.namelist()
    if len(names) > _MOST_PARTS:
        raise _refused(f"it has {len(names):,} parts")
    if len(set(names)) != len(names):
        raise _refused("two of its parts have the same name")
    if "word/document.xml" not in names:
        raise _refused("it holds no Word document")
    return WordPackage(archive)


def _refused(why: str) -> InputRefused:
    return refusal(SRC080, f"This Word file cannot be read: {why}.", _REMEDY, None)
