"""The pages of a PDF as pieces of text with their places, and the lines that these pieces make.

A piece is what the writer painted in one go: part of a line in one face. PDFium gives its text and its box; what is read
here is therefore what is printed, whatever the structure tree says.
"""

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from pubkit.language.folding import normalise

if TYPE_CHECKING:
    import pypdfium2

__all__ = ["Box", "Page", "Piece", "lines", "read", "text_of"]

#: FPDF_PAGEOBJ_TEXT in PDFium's fpdf_edit.h.
_TEXT = 1
#: Space between two pieces of a line, as a part of the size of type, from which on it separates words.
_SPACE = 0.3
#: How PDFium gives a hyphen at the end of a line.
_LINE_END_HYPHEN = "\x02"
#: Baselines that differ by less than this part of the size of type belong to one line, raised marks included.
_SAME_LINE = 0.5
#: A stroke or a ground that covers more of the page than this is the page's own.
_WHOLE_PAGE = 0.9


class Box(Struct, frozen=True):
    """A rectangle on a page, in points from the lower left of the media box."""

    left: float
    bottom: float
    right: float
    top: float


class Piece(Struct, frozen=True):
    """A piece of text: its box, its baseline and the size of its type (in points); `page` counts from 1."""

    text: str
    box: Box
    baseline: float
    size: float
    page: int


class Page(Struct, frozen=True):
    """A page: its number from 1, its size in points, its text in the order of painting, and the boxes of all else."""

    number: int
    width: float
    height: float
    pieces: tuple[Piece, ...]
    others: tuple[Box, ...]


def read(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, number: int) -> Page:
    """Return the page `number`, from 1; PDFium serves one thread at a time, so its lock must be held."""
    left, bottom, right, top = page.get_mediabox()
    width, height = right - left, top - bottom
    pieces: list[Piece] = []
    others: list[Box] = []
    for item in page.get_objects(max_depth=1):
        try:
            bounds = item.get_bounds()
        except RuntimeError:  # PDFium knows no box for an object that paints nothing
            continue
        box = Box(bounds[0] - left, bounds[1] - bottom, bounds[2] - left, bounds[3] - bottom)
        if item.type == _TEXT:
            pieces += _piece(item, text, box, number, bottom)
        elif (box.right - box.left) * (box.top - box.bottom) < _WHOLE_PAGE * width * height:
            others.append(box)
    return Page(number, width, height, tuple(pieces), tuple(others))


def _piece(item: Any, text: Any, box: Box, number: int, origin: float) -> Iterator[Piece]:
    """Yield the piece that `item` is; nothing if it is turned, or holds only spaces."""
    matrix = item.get_matrix()
    shown = _shown(_text_of(item, text).replace(_LINE_END_HYPHEN, "-"))
    if shown.strip() and matrix.a > 0 and abs(matrix.b) < 0.02 * matrix.a:
        size = _size_of(item) * abs(matrix.d)
        yield Piece(shown, box, matrix.f - origin, size, number)


def _shown(text: str) -> str:
    """Return `text` normalised, with the spaces around it."""
    return " " * text[:1].isspace() + normalise(text) + " " * text[-1:].isspace()


def _text_of(item: Any, text: Any) -> str:
    import pypdfium2.raw as pdfium

    length = pdfium.FPDFTextObj_GetText(item, text, None, 0)
    buffer = (ctypes.c_ushort * (length // 2))()
    pdfium.FPDFTextObj_GetText(item, text, buffer, length)
    return bytes(buffer).decode("utf-16-le", "replace").rstrip("\0")


def _size_of(item: Any) -> float:
    import pypdfium2.raw as pdfium

    size = ctypes.c_float()
    return float(size.value) if pdfium.FPDFTextObj_GetFontSize(item, size) else 0.0


def lines(page: Page) -> list[list[Piece]]:
    """Return the pieces of `page` line by line, in the order of painting; cells side by side are lines of their own."""
    found: list[list[Piece]] = []
    for piece in page.pieces:
        if found and _continues(found[-1], piece):
            found[-1].append(piece)
        else:
            found.append([piece])
    return found


def _continues(line: Sequence[Piece], piece: Piece) -> bool:
    """Return whether `piece` is the next one on `line`: a little further on, on much the same baseline."""
    last, first = line[-1], line[0]
    size = max(last.size, piece.size)
    level = min(abs(piece.baseline - first.baseline), abs(piece.baseline - last.baseline)) < _SAME_LINE * size
    return level and -0.5 * size < piece.box.left - last.box.right < 2.5 * size


def text_of(line: Sequence[Piece]) -> str:
    """Return the words on `line`, with a space where there is room for one between two pieces."""
    parts = [line[0].text]
    for before, piece in itertools.pairwise(line):
        gap = piece.box.left - before.box.right
        spaced = gap > _SPACE * max(before.size, piece.size)
        parts.append(f" {piece.text}" if spaced else piece.text)
    return " ".join("".join(parts).split())
