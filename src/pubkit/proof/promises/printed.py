"""A text looked for among the letters of a PDF's pages: where each of its letters is.

A PDF stores letters and places, not words. A text counts as printed in one place if its letters follow each other in
the page's own order, apart from hyphens at line ends, and continue at most on the next page.
"""

from __future__ import annotations

import ctypes
import functools
import itertools
from collections.abc import Sequence
from typing import Any, NamedTuple

from msgspec import Struct

from pubkit.language.folding import fold, squash
from pubkit.proof.promises.bidi import begins_turned, turned, turned_at

__all__ = ["Letter", "Passage", "find", "letters_of", "only_letters"]

_HYPHENS = {"-", "\u2010", "\u00ad", "\u2011"}
#: Hyphens that look the same; a font has one glyph for them, and a PDF returns the one that was printed first.
_ALIKE = str.maketrans({"\u2010": "-", "\u2011": "-"})
#: A paragraph may continue on the next page only after this many of its letters.
_FIRST_PART = 20
#: The most bytes of a font's name; PDF/A allows 127 (ISO 32000-1, annex C), and a longer one is cut.
_LONGEST_NAME = 256


class Letter(NamedTuple):
    """One glyph: the letters it represents, its box and baseline in points from the lower left of the media box.

    `size` is the font size as printed, with all scaling; `upright` says that it is neither rotated nor mirrored.
    """

    text: str
    left: float
    right: float
    baseline: float
    size: float
    upright: bool
    font: str


class Passage(Struct, frozen=True):
    """A text as it is printed: the letters of each of its paragraphs, each with its page (from 0)."""

    paragraphs: tuple[tuple[tuple[int, Letter], ...], ...]

    @property
    def pages(self) -> tuple[int, ...]:
        """Return the pages it is on, in order, from 0."""
        return tuple(sorted({page for paragraph in self.paragraphs for page, _ in paragraph}))


def only_letters(text: str) -> str:
    """Return the letters and digits of `text`, for a quick search that ignores hyphenation and spacing."""
    return "".join(char for char in fold(text) if char.isalnum())


def letters_of(page: Any, text: Any) -> list[Letter]:
    """Return the letters of a pypdfium2 page and its text page, without spaces, in PDFium's reading order.

    The spaces and line ends that PDFium adds for copying are left out; each letter of a ligature gets the box of the
    whole glyph.
    """
    import pypdfium2.raw as pdfium

    origin_x, origin_y, _, _ = page.get_mediabox()
    x, baseline = ctypes.c_double(), ctypes.c_double()
    matrix, box, flags = pdfium.FS_MATRIX(), pdfium.FS_RECTF(), ctypes.c_int()
    name = ctypes.create_string_buffer(_LONGEST_NAME)
    letters = []
    for index in range(pdfium.FPDFText_CountChars(text)):
        if pdfium.FPDFText_IsGenerated(text, index) == 1:
            continue
        hyphen = pdfium.FPDFText_IsHyphen(text, index) == 1
        shown = "-" if hyphen else _without_blanks(pdfium.FPDFText_GetUnicode(text, index))
        if not shown:
            continue
        pdfium.FPDFText_GetCharOrigin(text, index, x, baseline)
        pdfium.FPDFText_GetLooseCharBox(text, index, box)
        pdfium.FPDFText_GetMatrix(text, index, matrix)
        a, b, c, d = matrix.a, matrix.b, matrix.c, matrix.d
        size = pdfium.FPDFText_GetFontSize(text, index) * (c * c + d * d) ** 0.5
        length = pdfium.FPDFText_GetFontInfo(text, index, name, _LONGEST_NAME, flags)
        letters.append(
            Letter(
                shown,
                box.left - origin_x,
                box.right - origin_x,
                baseline.value - origin_y,
                size,
                a > 0 and d > 0 and abs(b) < 0.02 * a and abs(c) < 0.5 * d,
                name.raw[: max(0, min(length, _LONGEST_NAME) - 1)].decode("utf-8", "replace"),
            )
        )
    return letters


@functools.lru_cache(maxsize=4096)
def _without_blanks(code: int) -> str:
    return squash(chr(code)).translate(_ALIKE)


def find(pages: Sequence[list[Letter]], paragraphs: Sequence[str], first: int) -> Passage | None:
    """Return where `paragraphs` are printed, one after the other, from page `first` (from 0) on; None if they are not.

    The first paragraph is a heading, in which the typesetter may change capitals.
    """
    wanted = [squash(paragraph).translate(_ALIKE) for paragraph in paragraphs]
    letters = pages[first]
    opening = wanted[0][:1].casefold()
    for start, letter in enumerate(letters):
        if letter.text[:1].casefold() == opening:
            passage = _follow(pages, wanted, first, start)
            if passage:
                return passage
    return None


def _follow(pages: Sequence[list[Letter]], wanted: Sequence[str], page: int, start: int) -> Passage | None:
    found: list[tuple[tuple[int, Letter], ...]] = []
    for number, text in enumerate(wanted):
        piece, place = _matched(pages[page], start, text, heading=number == 0)
        letters = [(page, letter) for letter in piece]
        done = sum(len(letter.text) for letter in piece if letter.text not in _HYPHENS or letter.text in text)
        if place is None:
            if page + 1 >= len(pages) or (0 < done < _FIRST_PART):
                return None
            rest = text[_count(piece, text) :]
            overleaf = _anywhere(pages[page + 1], rest, heading=number == 0)
            if overleaf is None:
                return None
            page += 1
            more, place = overleaf
            letters += [(page, letter) for letter in more]
        found.append(tuple(letters))
        start = place
    return Passage(tuple(found))


def _anywhere(letters: list[Letter], text: str, *, heading: bool) -> tuple[list[Letter], int] | None:
    for start in range(len(letters)):
        piece, place = _matched(letters, start, text, heading=heading)
        if place is not None:
            return piece, place
    return None


def _count(piece: Sequence[Letter], text: str) -> int:
    """Return how many characters of `text` the letters of `piece` represent, without hyphens at line ends."""
    place = 0
    for letter in piece:
        if text.startswith(letter.text, place):
            place += len(letter.text)
    return place


def _matched(letters: list[Letter], start: int, text: str, *, heading: bool) -> tuple[list[Letter], int | None]:
    """Return the letters from `start` on that print `text`, and the place after them; None if they stop short."""
    taken: list[Letter] = []
    place, index = 0, start
    while place < len(text):
        if index >= len(letters):
            return taken, None
        letter = letters[index]
        if (turned_here := turned_at(text, place)) and (run := _turned_run(letters[index:], turned_here)):
            signs = [one.text for one in run if not begins_turned(one.text)]
            after = place + len(turned_here)
            place = after + len(signs)
            if turned([turned_here]) != turned(one.text for one in run) or sorted(text[after:place]) != sorted(signs):
                return taken, None
            taken += run
            index += len(run)
            continue
        part = text[place : place + len(letter.text)]
        if part == letter.text or (heading and part.casefold() == letter.text.casefold()):
            taken.append(letter)
            place += len(letter.text)
        elif not (letter.text in _HYPHENS and _ends_line(letters, index)):
            return taken, None
        index += 1
    return taken, index


def _turned_run(letters: Sequence[Letter], text: str) -> list[Letter]:
    """Return the first of `letters` that print `text`, which is right-to-left; none if they begin with another letter.

    Signs are among them: that which ends the text comes before it if nothing else is on its line.
    """
    run = list(itertools.takewhile(lambda one: begins_turned(one.text) or not one.text.isalnum(), letters))
    run = run[: _as_many(run, text)]
    while run and not begins_turned(run[-1].text):
        run.pop()
    return run


def _as_many(letters: Sequence[Letter], text: str) -> int:
    """Return how many of `letters` have as many characters of right-to-left scripts as `text`, without its marks."""
    wanted, count = turned([text]).total(), 0
    for number, letter in enumerate(letters):
        if count >= wanted and turned([letter.text]).total():
            return number
        count += turned([letter.text]).total()
    return len(letters)


def _ends_line(letters: list[Letter], index: int) -> bool:
    if index + 1 >= len(letters):
        return True
    here, after = letters[index], letters[index + 1]
    return abs(after.baseline - here.baseline) > 0.3 * here.size
