"""The glyphs of a PDF: every code that is printed has an outline in an embedded face, and a character to read aloud.

A missing character prints as ".notdef" (glyph 0, an empty box), and a wrongly subset font prints nothing; neither shows
in the text that a reader copies. Content streams are read as described in ISO 32000-1, 9.4, TrueType tables as in
OpenType 1.9.
"""

from __future__ import annotations

import re
import struct
from array import array
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location
from pubkit.proof.rules import PRF302, PRF303

if TYPE_CHECKING:
    import pikepdf

__all__ = ["missing_glyphs", "streams"]

_SHOWN = re.compile(
    rb"/([^\s/<>\[\]()]+)\s+[-\d.]+\s+Tf\b|\[((?:[^\[\]()]|\((?:\\.|[^\\()])*\))*)\]\s*TJ\b|<([0-9A-Fa-f\s]*)>\s*(?:Tj|'|\")"
)
_HEX = re.compile(rb"<([0-9A-Fa-f\s]*)>")
_LITERAL = re.compile(rb"\((?:\\.|[^\\()])*\)\s*(?:Tj|'|\")|\[[^\]]*\(")
_MAPPED = re.compile(rb"beginbf(char|range)(.*?)endbf", re.DOTALL)
_CODES = re.compile(rb"<\s*([0-9A-Fa-f]*)\s*>")


class _Face(Struct):
    """A font in the file and the codes that are printed with it, each with the first page that has it."""

    name: str
    font: Any
    codes: dict[int, int] = field(default_factory=dict)


def missing_glyphs(pdf: pikepdf.Pdf, location: Location) -> Iterator[Finding]:
    """Yield a finding for each font that is not embedded, and for codes that print nothing or mean nothing."""
    faces: dict[tuple[int, int], _Face] = {}
    for number, page in enumerate(pdf.pages, 1):
        _read(
            b"\n".join(part.read_bytes() for part in streams(page.obj)), page.obj.get("/Resources", {}), number, faces
        )
    for form in _forms(pdf):
        _read(form.read_bytes(), form.get("/Resources", {}), 0, faces)
    for face in faces.values():
        yield from _of_face(face, location)


def streams(page: Any) -> list[Any]:
    """Return the content streams of a page: none, one, or several."""
    import pikepdf

    contents = page.get("/Contents", [])
    return list(contents) if isinstance(contents, pikepdf.Array | list) else [contents]


def _forms(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Yield the form XObjects and patterns that use fonts."""
    import pikepdf

    for item in pdf.objects:
        if isinstance(item, pikepdf.Stream) and "/Font" in item.get("/Resources", {}):
            yield item


def _read(stream: bytes, resources: Any, page: int, faces: dict[tuple[int, int], _Face]) -> None:
    """Note the codes that a content stream shows, by font."""
    fonts = resources.get("/Font", {})
    known = {str(name).removeprefix("/").encode(): font for name, font in fonts.items()}
    for font in known.values():
        faces.setdefault(font.objgen, _Face(str(font.get("/BaseFont", "/unnamed")).removeprefix("/"), font))
    shown: dict[bytes, list[bytes]] = {}
    current = b""
    for found in _SHOWN.finditer(stream):
        if found[1] is not None:
            current = found[1]
        else:
            codes = b"".join(_HEX.findall(found[2])) if found[2] is not None else found[3]
            shown.setdefault(current, []).append(codes)
    for name, parts in shown.items():
        font = known.get(name)
        if font is None or str(font.get("/Subtype")) != "/Type0":
            continue
        codes = faces[font.objgen].codes
        text = bytes.fromhex(b"".join(parts).decode("ascii"))
        two_bytes = array("H", text[: len(text) // 2 * 2])
        if struct.pack("=H", 1) != struct.pack(">H", 1):
            two_bytes.byteswap()
        for code in set(two_bytes):
            codes.setdefault(code, page)


def _of_face(face: _Face, location: Location) -> Iterator[Finding]:
    font = face.font
    if str(font.get("/Subtype")) == "/Type3":
        return
    descendant = font["/DescendantFonts"][0] if "/DescendantFonts" in font else font
    descriptor = descendant.get("/FontDescriptor", {})
    program = next((descriptor[key] for key in ("/FontFile2", "/FontFile3", "/FontFile") if key in descriptor), None)
    name = printable(face.name)
    if program is None:
        yield PRF302.at(location, f"The font {name} is not embedded.")
        return
    if not face.codes:
        return
    characters = _characters(font)
    outlines = _outlines(program.read_bytes()) if "/FontFile2" in descriptor else None
    glyph = _glyph_numbers(descendant)
    if 0 in face.codes:
        yield PRF303.at(
            location, f"A character is printed as an empty box{_on(face, 0)}; the font {name} does not have it."
        )
    for code in sorted(face.codes):
        if not code:
            continue
        character = characters.get(code, "")
        if not character or character == "\ufffd":
            message = f"A glyph of the font {name} represents no character{_on(face, code)} (code {code:04x})."
            yield PRF303.at(location, message)
        elif outlines is not None and character.strip().isalnum() and not outlines.get(glyph(code), 0):
            message = (
                f"“{printable(character)}” is not visible{_on(face, code)}; the font {name} has no outline for it."
            )
            yield PRF303.at(location, message)


def _on(face: _Face, code: int) -> str:
    return f" on page {face.codes[code]}" if face.codes[code] else ""


def _characters(font: Any) -> dict[int, str]:
    """Return the characters of each code, from the font's ToUnicode map (ISO 32000-1, 9.10.3)."""
    if "/ToUnicode" not in font:
        return {}
    mapped: dict[int, str] = {}
    for kind, body in _MAPPED.findall(font["/ToUnicode"].read_bytes()):
        if kind == b"char":
            codes = _CODES.findall(body)
            for code, text in zip(codes[::2], codes[1::2], strict=False):
                mapped[int(code, 16)] = _utf16(text)
        else:
            _read_ranges(body, mapped)
    return mapped


def _read_ranges(body: bytes, mapped: dict[int, str]) -> None:
    for found in re.finditer(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])", body):
        first, last = int(found[1], 16), int(found[2], 16)
        if found[4] is not None:
            mapped.update(zip(range(first, last + 1), map(_utf16, _CODES.findall(found[4])), strict=False))
            continue
        start = _utf16(found[3])
        for code in range(first, min(last, first + 0xFFFF) + 1):
            mapped[code] = start[:-1] + chr(ord(start[-1]) + code - first) if start else ""


def _utf16(digits: bytes) -> str:
    return bytes.fromhex(digits.decode("ascii")).decode("utf-16-be", "replace") if len(digits) % 4 == 0 else ""


def _glyph_numbers(descendant: Any) -> Any:
    """Return the map from code to glyph: the CIDToGIDMap, either the identity or a stream of two-byte numbers."""
    import pikepdf

    table = descendant.get("/CIDToGIDMap")
    if not isinstance(table, pikepdf.Stream):
        return lambda code: code
    data = table.read_bytes()
    return lambda code: int.from_bytes(data[2 * code : 2 * code + 2], "big")


def _outlines(face: bytes) -> Mapping[int, int] | None:
    """Return the length of each glyph's outline in a TrueType font, in bytes; None if the tables cannot be read."""
    try:
        count = struct.unpack(">H", face[4:6])[0]
        records = [face[12 + 16 * number : 28 + 16 * number] for number in range(count)]
        tables = {record[:4]: struct.unpack(">II", record[8:16]) for record in records}
        if b"loca" not in tables:
            return None
        long_offsets = struct.unpack(">h", face[tables[b"head"][0] + 50 :][:2])[0]
        glyphs = struct.unpack(">H", face[tables[b"maxp"][0] + 4 :][:2])[0]
        size = 4 if long_offsets else 2
        start = tables[b"loca"][0]
        offsets = struct.unpack(
            f">{glyphs + 1}{'I' if long_offsets else 'H'}", face[start : start + size * (glyphs + 1)]
        )
    except (struct.error, KeyError):
        return None
    return {index: offsets[index + 1] - offsets[index] for index in range(glyphs)}
