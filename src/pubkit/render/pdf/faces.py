"""The faces of a PDF, cut to the glyphs that it prints, and shared by the parts of a book.

HarfBuzz from the package uharfbuzz cuts them. No part of a book knows which glyphs the others print, so WeasyPrint's
processes leave the faces of parts whole, put the digest of each into the PDF instead, and hand the faces over; when the
parts are bound, each face is cut once for all of them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

__all__ = ["Whole", "cut", "share"]

#: Font tables that a printed page does not need, because its text is already shaped, and those that PDF does not read.
_DROPPED = (b"BASE", b"DSIG", b"EBDT", b"EBLC", b"EBSC", b"GPOS", b"GSUB", b"JSTF", b"LTSH", b"PCLT", b"SVG ")
#: What stands for a face that is left whole: the mark of its kind, its digest, and its number in its file.
_STUB = re.compile(rb"(?s).{4}([0-9a-f]{64}) ([0-9]+)")
_FILES = ("/FontFile2", "/FontFile3")
_MAPPED = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]+)>")
_FIXED_PITCH = 1


def cut(content: bytes, index: int, glyphs: Iterable[int], *, hints: bool = False, outline: bool = False) -> bytes:
    """Return a face with only the glyphs numbered in `glyphs`; nothing if HarfBuzz cannot read it.

    Their numbers stay, because the pages name glyphs by them; the places between them stay empty.

    Args:
        content: the file of the face.
        index: the number of the face in its file.
        glyphs: the numbers, at least one.
        hints: keep the hints for screens.
        outline: keep the sign for missing glyphs.
    """
    import uharfbuzz

    flags = uharfbuzz.SubsetFlags
    numbers = sorted(glyphs)
    face = uharfbuzz.Face(uharfbuzz.Blob(content), index & 0xFFFF)  # above: a named instance
    try:
        sparse = uharfbuzz.subset(face, _wanted(numbers, flags.RETAIN_GIDS, outline=outline))
        kept = flags.DEFAULT if hints else flags.NO_HINTING
        done = uharfbuzz.subset(sparse, _wanted(range(numbers[-1] + 1), kept, outline=outline))
    except RuntimeError:
        return b""
    return bytes(done.blob.data)


def _wanted(glyphs: Iterable[int], flags: Any, *, outline: bool) -> Any:
    """Return what HarfBuzz must keep: these glyphs, and the tables that a PDF needs."""
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.drop_table_tag_set.update(int.from_bytes(tag, "big") for tag in _DROPPED)
    wanted.flags = flags | uharfbuzz.SubsetFlags.PASSTHROUGH_UNRECOGNIZED | uharfbuzz.SubsetFlags.DESUBROUTINIZE
    if outline:
        wanted.flags |= uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    return wanted


class Whole:
    """The faces that WeasyPrint's process has left whole, by digest; those that it must change are cut by `otherwise`."""

    def __init__(self, otherwise: Callable[[Any, Mapping[int, object], object], None]) -> None:
        self.faces: dict[str, bytes] = {}
        self._otherwise = otherwise

    def leave(self, font: Any, to_unicode: Mapping[int, object], hinting: object) -> None:
        """Put the digest of its face into `font`, a `weasyprint.pdf.fonts.Font`."""
        changed = "fvar" in font.tables or font.png or font.svg or font.colr or font.missing or hinting
        if changed or not to_unicode:
            self._otherwise(font, to_unicode, hinting)
            return
        content = bytes(font.file_content)
        digest = hashlib.sha256(content).hexdigest()
        self.faces[digest] = content
        font.file_content = content[:4] + f"{digest} {font.index}".encode()


def share(book: Any, resources: Sequence[Any], faces: Mapping[str, bytes]) -> None:
    """Cut each face that was left whole for all parts of a book, and let them share it.

    Args:
        book: the pikepdf.Pdf.
        resources: those of the parts, in the order of their pages.
        faces: the faces that were left whole, by digest.
    """
    import pikepdf

    by_name: dict[str, list[Any]] = {}
    for name, holder in _whole_fonts(resources):
        by_name.setdefault(name, []).append(holder[name])
    for name, fonts in by_name.items():
        _join(book, fonts, faces)
        for one in resources:
            if name in one.get("/Font", pikepdf.Dictionary()) and _stub(one.Font[name]) is not None:
                one.Font[name] = fonts[0]


def _whole_fonts(resources: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for one in resources:
        for name, font in dict(one.get("/Font", {})).items():
            if _stub(font) is not None:
                yield name, one.Font


def _stub(font: Any) -> re.Match[bytes] | None:
    """Return what stands for the face of a font that was left whole."""
    descendants = font.get("/DescendantFonts")
    descriptor = descendants[0].FontDescriptor if descendants is not None else {}
    file = next((descriptor[name] for name in _FILES if name in descriptor), None)
    return _STUB.fullmatch(file.read_bytes()) if file is not None else None


def _join(book: Any, fonts: Sequence[Any], faces: Mapping[str, bytes]) -> None:
    """Give the first of `fonts` the glyphs of all, and their face cut to them."""
    import pikepdf

    letters: dict[int, bytes] = {}
    widths: dict[int, Any] = {}
    for font in fonts:
        for glyph, text in _letters(font.ToUnicode.read_bytes()):
            letters.setdefault(glyph, text)
        widths |= _widths(font.DescendantFonts[0].W)
    stub = _stub(fonts[0])
    if stub is None:
        return
    face = cut(faces[stub[1].decode()], int(stub[2]), letters)
    descendant = fonts[0].DescendantFonts[0]
    descriptor = descendant.FontDescriptor
    name = next(name for name in _FILES if name in descriptor)
    file = pikepdf.Stream(book, face)
    if name == "/FontFile3":
        file["/Subtype"] = pikepdf.Name.OpenType
    else:
        file["/Length1"] = len(face)
    descriptor[name] = file
    left, bottom, _, top = descriptor.FontBBox
    descriptor.FontBBox = pikepdf.Array([left, bottom, max(widths.values()), top])
    one_width = len(widths) > 1 and len(set(widths.values())) == 1
    descriptor.Flags = int(descriptor.Flags) & ~_FIXED_PITCH | (_FIXED_PITCH if one_width else 0)
    descendant.W = pikepdf.Array(list(_runs(widths)))
    fonts[0].ToUnicode = pikepdf.Stream(book, _mapping(fonts[0].ToUnicode.read_bytes(), letters))


def _letters(mapping: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the glyphs of a ToUnicode mapping as WeasyPrint writes it, each with its text in hexadecimal UTF-16."""
    _, _, listed = mapping.partition(b"beginbfchar")
    return ((int(glyph, 16), text) for glyph, text in _MAPPED.findall(listed))


def _mapping(model: bytes, letters: Mapping[int, bytes]) -> bytes:
    """Return a ToUnicode mapping of `letters` with the head and the end of `model`; a list in it has at most 100."""
    head, _, rest = model.partition(b"beginbfchar")
    end = rest.rpartition(b"endbfchar")[2]
    lines = [b"<%04x> <%s>" % pair for pair in letters.items()]
    lists = [lines[start : start + 100] for start in range(0, len(lines), 100)]
    body = (b"\n".join((b"%d beginbfchar" % len(part), *part, b"endbfchar")) for part in lists)
    return head.rpartition(b"\n")[0] + b"\n" + b"\n".join(body) + end


def _widths(runs: Any) -> dict[int, Any]:
    """Return the width of each glyph (ISO 32000-1, 9.7.4.3)."""
    values = list(runs)
    return {
        int(start) + at: width
        for start, row in zip(values[::2], values[1::2], strict=True)
        for at, width in enumerate(row)
    }


def _runs(widths: Mapping[int, Any]) -> Iterator[Any]:
    import pikepdf

    glyphs = sorted(widths)
    starts = [glyph for glyph in glyphs if glyph - 1 not in widths]
    for start, after in zip(starts, [*starts[1:], glyphs[-1] + 1], strict=True):
        yield from (start, pikepdf.Array([widths[glyph] for glyph in range(start, after) if glyph in widths]))
