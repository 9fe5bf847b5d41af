"""Ink on the page: what a rendered page shows of its letters, measured in pixels.

Font names and declared colours can be wrong; pixels cannot. Heights and strokes are measured on the lowercase "o",
contrast in the zone between baseline and x-height, where every letter has ink.
"""

from __future__ import annotations

import collections
import functools
import itertools
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from pubkit.proof.promises.printed import Letter
from pubkit.render.styles.colours import luminance

if TYPE_CHECKING:
    from PIL.Image import Image

#: Red, green, blue and a padding byte, as they lie in memory.
Pixel = int

__all__ = ["BOLD_STEM", "Box", "Letterform", "Sheet", "Zone"]

#: The stroke of the "o", as a fraction of its height, from which a face counts as bold: in 21 upright regular faces it
#: measured at most 0.197, in 27 bold ones at least 0.216 (DejaVu, Liberation, Noto, Source, Carlito, Caladea, Padauk).
BOLD_STEM = 0.206

_WHITE: Pixel = 0xFFFFFFFF
#: Pixels per point: for contrast, for the measures of single letters, for boxes.
_ZONE_SCALE = 6.0
_LETTER_SCALE = 24.0
_BOX_SCALE = 4.0
_LOW, _HIGH = 0.08, 0.92
#: How far above and below the text the line of a box may be, in points; at the sides, anywhere on the page.
_BOX_REACH = 24.0


class Box(NamedTuple):
    """A rectangle on a page, in points from the lower left of the media box."""

    left: float
    bottom: float
    right: float
    top: float


class Zone(NamedTuple):
    """What is visible of one letter between baseline and x-height.

    `contrast` is that between the darkest and the lightest parts; `rows` the fraction of the pixel rows that have both
    ink and background.
    """

    contrast: float
    rows: float


class Letterform(NamedTuple):
    """A lowercase "o" as printed: its height in points, and its stroke as a fraction of that."""

    height: float
    stem: float


class Sheet:
    """A page of a PDF, rendered on request. `page` is a pypdfium2 page."""

    def __init__(self, page: Any) -> None:
        self._page = page
        media, crop = page.get_mediabox(), page.get_cropbox()
        self.visible = Box(crop[0] - media[0], crop[1] - media[1], crop[2] - media[0], crop[3] - media[1])
        self.turned = page.get_rotation() != 0

    def holds(self, letter: Letter) -> bool:
        """Return whether a letter lies inside the visible part of the page."""
        sides = letter.left >= self.visible.left - 0.5 and letter.right <= self.visible.right + 0.5
        foot, head = letter.baseline - 0.25 * letter.size, letter.baseline + 0.75 * letter.size
        return sides and foot >= self.visible.bottom - 0.5 and head <= self.visible.top + 0.5

    def _picture(self, box: Box, scale: float) -> tuple[Image, Callable[[float], float], Callable[[float], float]]:
        """Return `box` rendered at `scale` pixels per point, and functions from points to its columns and rows."""
        visible = self.visible
        left, bottom = max(box.left, visible.left), max(box.bottom, visible.bottom)
        right, top = min(box.right, visible.right), min(box.top, visible.top)
        crop = (left - visible.left, bottom - visible.bottom, visible.right - right, visible.top - top)
        image = self._page.render(scale=scale, crop=crop, rev_byteorder=True, prefer_bgrx=True).to_pil()
        return image, lambda x: (x - left) * scale, lambda y: (top - y) * scale

    def zones(self, letters: Sequence[Letter]) -> list[Zone]:
        """Return what is visible of each of `letters`, which must all lie inside the page."""
        image, column, row = self._picture(_around(letters, 2.0), _ZONE_SCALE)
        lines = _lines(image)
        zones = []
        for letter in letters:
            left, top = round(column(letter.left)), round(row(letter.baseline + 0.40 * letter.size))
            right = max(round(column(letter.right)), left + 1)
            bottom = max(round(row(letter.baseline + 0.06 * letter.size)), top + 1)
            zones.append(_zone([line[max(0, left) : right].tolist() for line in lines[max(0, top) : bottom]]))
        return zones

    def letterform(self, letter: Letter) -> Letterform | None:
        """Return the measures of a lowercase "o"; None if none can be made out."""
        size = letter.size
        box = Box(letter.left - 1, letter.baseline - 0.3 * size, letter.right + 1, letter.baseline + size)
        image, column, row = self._picture(box, _LETTER_SCALE)
        grey = image.convert("L")
        shades = grey.tobytes()
        low, high = min(shades), max(shades)
        if high - low < 24:
            return None
        middle = (low + high) / 2
        x, y = round(column((letter.left + letter.right) / 2)), round(row(letter.baseline + 0.25 * size))
        dark_ink = shades[y * grey.width + x] > middle
        dark = [255 if (value < middle) == dark_ink else 0 for value in range(256)]
        ink = grey.point(dark)
        return _letterform(ink, column, row, letter)

    def boxed(self, letters: Sequence[Letter]) -> bool:
        """Return whether a line, or the edge of a coloured background, runs along all four sides of `letters`."""
        text = _around(letters, 0.0)
        wide = _around(letters, _BOX_REACH)._replace(left=self.visible.left, right=self.visible.right)
        image, column, row = self._picture(wide, _BOX_SCALE)
        left, right = round(column(text.left)), round(column(text.right))
        top, bottom = round(row(text.top)), round(row(text.bottom))
        ground = _commonest(image.crop((left, top, right, bottom)))
        above = ((left, y, right, y + 1) for y in range(top - 1, -1, -1))
        below = ((left, y, right, y + 1) for y in range(bottom, image.height))
        before = ((x, top, x + 1, bottom) for x in range(left - 1, -1, -1))
        behind = ((x, top, x + 1, bottom) for x in range(right, image.width))
        return all(_edge(image, strips, ground) for strips in (above, below, before, behind))


def _around(letters: Sequence[Letter], margin: float) -> Box:
    """Return the box around `letters`, with a margin in points."""
    return Box(
        min(letter.left for letter in letters) - margin,
        min(letter.baseline - 0.25 * letter.size for letter in letters) - margin,
        max(letter.right for letter in letters) + margin,
        max(letter.baseline + 0.8 * letter.size for letter in letters) + margin,
    )


@functools.lru_cache(maxsize=65536)
def _luminance(pixel: int) -> float:
    red, green, blue, _ = pixel.to_bytes(4, sys.byteorder)
    return luminance((red / 255, green / 255, blue / 255))


def _ratio(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _zone(rows: Sequence[Sequence[Pixel]]) -> Zone:
    # Letters have many pixels and few colours, so the luminance is computed once for each colour.
    counted = collections.Counter(itertools.chain.from_iterable(rows))
    if not counted:
        return Zone(1.0, 0.0)
    total = sum(map(len, rows))
    lights = sorted((_luminance(pixel), count) for pixel, count in counted.items())
    low, high = _at(lights, int(_LOW * total)), _at(lights, int(_HIGH * total))
    contrast = _ratio(low, high)
    if contrast < 1.05:
        return Zone(contrast, 0.0)
    # The middle in contrast, not in luminance, so that light and dark ink are split at the same point.
    cut = ((low + 0.05) * (high + 0.05)) ** 0.5 - 0.05
    below = {pixel for pixel in counted if _luminance(pixel) < cut}
    dark = sum(not below.isdisjoint(row) for row in rows) / len(rows)
    bright = sum(not below.issuperset(row) for row in rows) / len(rows)
    return Zone(contrast, min(dark, bright))


def _at(counted: Sequence[tuple[float, int]], place: int) -> float:
    """Return the value at `place` in a sorted list of values, given as values with their counts."""
    for value, count in counted:
        if place < count:
            return value
        place -= count
    return counted[-1][0]


def _lines(image: Image) -> list[memoryview[Pixel]]:
    """Return the rows of an image, each pixel as one number, which Python counts and compares fast."""
    pixels = memoryview(image.tobytes("raw", "RGBX")).cast("I")
    width = image.width
    return [pixels[start : start + width] for start in range(0, len(pixels), width)]


def _counted(image: Image) -> collections.Counter[Pixel]:
    """Return how many pixels of an image have each colour."""
    return collections.Counter(itertools.chain.from_iterable(_lines(image)))


def _letterform(
    ink: Image, column: Callable[[float], float], row: Callable[[float], float], letter: Letter
) -> Letterform | None:
    centre = (letter.left + letter.right) / 2
    width = letter.right - letter.left
    left, right = round(column(centre - 0.08 * width)), round(column(centre + 0.08 * width))
    start = round(row(letter.baseline + 0.25 * letter.size))
    rows = ink.crop((left, 0, max(right, left + 1), ink.height)).getprojection()[1]
    # From the counter of the letter up and down, through its ink to where that ends.
    head = _through(rows, start, -1)
    foot = _through(rows, start, 1)
    if head is None or foot is None:
        return None
    height = (foot - head) / _LETTER_SCALE
    middle = (head + foot) // 2
    line = [value > 0 for value in ink.crop((0, middle, ink.width, middle + 1)).tobytes()]
    at = min(max(round(column(centre)), 0), ink.width - 1)
    strokes = [_stroke(line, at, step) for step in (-1, 1)]
    known = [stroke for stroke in strokes if stroke]
    return Letterform(height, sum(known) / len(known) / _LETTER_SCALE / height) if known and height > 0 else None


def _through(rows: Sequence[int], start: int, step: int) -> int | None:
    """Return the row after the first run of ink from `start` on, in the direction `step`."""
    place = start
    while 0 <= place < len(rows) and not rows[place]:
        place += step
    if not 0 <= place < len(rows):
        return None
    while 0 <= place < len(rows) and rows[place]:
        place += step
    return place + 1 if step < 0 else place


def _stroke(line: Sequence[bool], start: int, step: int) -> int:
    """Return the length of the first run of ink from `start` on, in the direction `step`."""
    place = start
    while 0 <= place < len(line) and not line[place]:
        place += step
    first = place
    while 0 <= place < len(line) and line[place]:
        place += step
    return abs(place - first)


def _commonest(image: Image) -> Pixel:
    counted = _counted(image)
    return counted.most_common(1)[0][0] if counted else _WHITE


def _edge(image: Image, strips: Iterable[tuple[int, int, int, int]], ground: Pixel) -> bool:
    """Return whether one of `strips`, one pixel thin, differs from the background along nearly all of its length."""
    inner = _luminance(ground)
    for strip in strips:
        counted = _counted(image.crop(strip))
        unlike = sum(count for pixel, count in counted.items() if _ratio(_luminance(pixel), inner) >= 1.1)
        if counted and unlike >= 0.95 * counted.total():
            return True
    return False
