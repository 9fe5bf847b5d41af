"""Draws the two figures of the article; run by hand: `python manuscript/figure.py`.

Every number is taken from the source named beside it. The same numbers, fonts and Pillow version
give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import font_source_sans_pro
from PIL import Image, ImageDraw, ImageFont

IMAGES = Path(__file__).resolve().parent / "images"
WIDTH = 1800  # pixels: 6 inches, 152 mm, at 300 dots an inch
MARGIN = 60
OVERSAMPLING = 3  # shapes and letters are drawn three times too large, then reduced, for smooth edges

Colour = tuple[int, int, int]

# Okabe and Ito's vermilion, and their blue darkened, so that the two differ in greyscale as well.
PAPER = (255, 255, 255)
INK = (26, 32, 38)
MUTED = (88, 96, 105)
RULE = (176, 183, 190)
CROWD = (196, 202, 208)
BLUE = (0, 90, 150)
VERMILION = (213, 94, 0)


class Sheet:
    """A page of `width` by `height` final pixels; all coordinates are final pixels."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._image = Image.new("RGB", (width * OVERSAMPLING, height * OVERSAMPLING), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def text(
        self,
        at: tuple[float, float],
        words: str,
        size: float = 40,
        face: str = "Regular",
        colour: Colour = INK,
        anchor: str = "ls",
    ) -> None:
        """Sets one line; `anchor` is Pillow's, by default the left end of the baseline."""
        self._draw.text(_scaled(*at), words, colour, _font(face, size), anchor)

    def line(self, start: tuple[float, float], end: tuple[float, float], colour: Colour, width: float = 3) -> None:
        """Draws a straight line `width` pixels thick."""
        self._draw.line([*_scaled(*start), *_scaled(*end)], colour, round(width * OVERSAMPLING))

    def disc(self, centre: tuple[float, float], radius: float, fill: Colour) -> None:
        """Draws a filled circle."""
        self._draw.ellipse(_around(centre, radius), fill)

    def ring(self, centre: tuple[float, float], radius: float, colour: Colour, width: float = 4) -> None:
        """Draws an empty circle whose outer edge is at `radius`."""
        self._draw.ellipse(_around(centre, radius), PAPER, colour, round(width * OVERSAMPLING))

    def diamond(self, centre: tuple[float, float], radius: float, fill: Colour) -> None:
        """Draws a filled square standing on its corner."""
        x, y = centre
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        self._draw.polygon([_scaled(*corner) for corner in corners], fill)

    def frame(self, left: float, top: float, right: float, bottom: float, colour: Colour, width: float = 3) -> None:
        """Draws an empty rectangle."""
        box = [*_scaled(left, top), *_scaled(right, bottom)]
        self._draw.rectangle(box, None, colour, round(width * OVERSAMPLING))

    def save(self, path: Path) -> None:
        """Writes the sheet as a PNG at 300 dots an inch, in at most 128 colours, without a date."""
        reduced = self._image.resize(self._size, Image.Resampling.LANCZOS)
        palette = reduced.quantize(128, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
        palette.save(path, "PNG", optimize=True, dpi=(300, 300))


def _scaled(x: float, y: float) -> tuple[float, float]:
    return x * OVERSAMPLING, y * OVERSAMPLING


def _around(centre: tuple[float, float], radius: float) -> list[float]:
    x, y = centre
    return [*_scaled(x - radius, y - radius), *_scaled(x + radius, y + radius)]


def _font(face: str, size: float) -> ImageFont.FreeTypeFont:
    path = Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{face}.ttf"
    # The basic layout engine is part of Pillow; the other one depends on the machine.
    return ImageFont.truetype(str(path), size * OVERSAMPLING, layout_engine=ImageFont.Layout.BASIC)


# Olsen and others, MMWR 2019;68(14):326-327, doi 10.15585/mmwr.mm6814a2.
DEATHS = 27_338
KRATOM_DETECTED = 152
KRATOM_A_CAUSE = 91
KRATOM_ONLY = 7


def draw_deaths(path: Path) -> None:
    """One dot for each overdose death, and the deaths with kratom detected enlarged below."""
    sheet = Sheet(WIDTH, 1600)
    sheet.text((MARGIN, 76), "A", 46, "Bold")
    sheet.text((MARGIN + 50, 76), f"All {DEATHS:,} recorded overdose deaths", 46, "Semibold")
    sheet.text((WIDTH - MARGIN, 76), "one dot = one death", 38, colour=MUTED, anchor="rs")

    columns, pitch = 240, 7
    left, top = MARGIN, 112
    detected_columns, detected_rows = 19, 8
    rows = -(-DEATHS // columns)
    # The last row falls short at the right; the deaths with kratom detected stand at its left.
    for number in range(DEATHS):
        row, column = divmod(number, columns)
        kratom = column < detected_columns and row >= rows - detected_rows
        centre = (left + (column + 0.5) * pitch, top + (row + 0.5) * pitch)
        sheet.disc(centre, 2.6, INK if kratom else CROWD)
    bottom = top + rows * pitch
    inset = (
        left - 7,
        bottom - detected_rows * pitch - 7,
        left + detected_columns * pitch + 7,
        bottom + 7,
    )
    sheet.frame(*inset, INK)

    panel_top, panel_bottom = 1000, 1562
    panel_left, panel_right = MARGIN - 7, WIDTH - MARGIN + 7
    sheet.line((inset[0], inset[3]), (panel_left, panel_top), RULE)
    sheet.line((inset[2], inset[3]), (panel_right, panel_top), RULE)
    sheet.frame(panel_left, panel_top, panel_right, panel_bottom, INK)
    sheet.text((MARGIN + 28, 1074), "B", 46, "Bold")
    sheet.text((MARGIN + 78, 1074), f"The {KRATOM_DETECTED} deaths with kratom detected", 46, "Semibold")
    step = 52
    for number in range(KRATOM_DETECTED):
        column, row = divmod(number, detected_rows)
        _mark(sheet, number, (MARGIN + 52 + column * step, 1146 + row * step))

    key = 1150
    mixed, not_a_cause = KRATOM_A_CAUSE - KRATOM_ONLY, KRATOM_DETECTED - KRATOM_A_CAUSE
    sheet.text((key, 1160), f"Kratom named as a cause: {KRATOM_A_CAUSE}", 38, "Semibold")
    _key(sheet, (key, 1228), 0, KRATOM_ONLY, "no other substance found")
    _key(sheet, (key, 1292), KRATOM_ONLY, mixed, "other substances found too")
    sheet.text((key, 1412), f"Kratom not named as a cause: {not_a_cause}", 38, "Semibold")
    _key(sheet, (key, 1480), KRATOM_A_CAUSE, not_a_cause, "kratom detected by test")
    sheet.save(path)


def _mark(sheet: Sheet, number: int, centre: tuple[float, float]) -> None:
    """Draws the sign of one death with kratom detected, numbered from 0, kratom-only deaths first."""
    if number < KRATOM_ONLY:
        sheet.diamond(centre, 24, VERMILION)
    elif number < KRATOM_A_CAUSE:
        sheet.disc(centre, 20, BLUE)
    else:
        sheet.ring(centre, 20, INK)


def _key(sheet: Sheet, at: tuple[float, float], number: int, count: int, words: str) -> None:
    x, y = at
    _mark(sheet, number, (x + 24, y - 13))
    sheet.text((x + 108, y), str(count), 38, "Semibold", anchor="rs")
    sheet.text((x + 124, y), words, 38)


@dataclass(frozen=True, slots=True)
class Pooled:
    """A pooled correlation coefficient and its 95% confidence interval."""

    outcome: str
    r: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        """Whether the interval lies wholly on one side of zero."""
        return self.low > 0 or self.high < 0


# Yang, Mueller and Singh, Eur Addict Res 2024;30(4):252-274, doi 10.1159/000539338, abstract.
BROAD = (
    Pooled("Positive indicators", -0.031, -0.149, 0.087),
    Pooled("Negative indicators", 0.092, 0.020, 0.164),
)
SPECIFIC = (
    Pooled("Quality of life", 0.069, -0.104, 0.242),
    Pooled("Internalizing disorders", -0.001, -0.115, 0.095),
    Pooled("Externalizing disorders", 0.201, 0.107, 0.300),
)
TICKS = {-0.5: "\N{MINUS SIGN}0.5", -0.25: "\N{MINUS SIGN}0.25", 0.0: "0", 0.25: "0.25", 0.5: "0.5"}


def draw_pooled(path: Path) -> None:
    """A forest plot of the pooled correlations between kratom use and measures of mental health."""
    sheet = Sheet(WIDTH, 1010)
    axis_left, axis_right, limit = 640, 1330, 0.5
    top, bottom = 120, 800

    def across(r: float) -> float:
        return axis_left + (r + limit) / (2 * limit) * (axis_right - axis_left)

    for tick, words in TICKS.items():
        x = across(tick)
        sheet.line((x, top), (x, bottom), INK if tick == 0 else RULE, 3 if tick == 0 else 2)
        sheet.text((x, bottom + 50), words, 36, anchor="ms")
    sheet.text(
        ((axis_left + axis_right) / 2, bottom + 112),
        "Pooled correlation, r",
        40,
        "Semibold",
        anchor="ms",
    )
    sheet.text(
        (across(0) - 24, bottom + 168),
        "\N{LEFTWARDS ARROW} lower with kratom use",
        36,
        colour=MUTED,
        anchor="rs",
    )
    sheet.text(
        (across(0) + 24, bottom + 168),
        "higher with kratom use \N{RIGHTWARDS ARROW}",
        36,
        colour=MUTED,
    )
    sheet.text((WIDTH - MARGIN, 76), "r (95% interval)", 38, "Semibold", anchor="rs")

    y = 76.0
    for heading, group in (("Indicators of mental health", BROAD), ("Specific measures", SPECIFIC)):
        sheet.text((MARGIN, y), heading, 40, "Semibold")
        for pooled in group:
            y += 104
            _row(sheet, pooled, y, across(pooled.r), across(pooled.low), across(pooled.high))
        y += 112
    sheet.save(path)


def _row(sheet: Sheet, pooled: Pooled, y: float, middle: float, low: float, high: float) -> None:
    colour = BLUE if pooled.excludes_zero else INK
    level = y - 13
    sheet.text((MARGIN + 36, y), pooled.outcome, 40)
    sheet.line((low, level), (high, level), colour, 5)
    for end in (low, high):
        sheet.line((end, level - 15), (end, level + 15), colour, 5)
    if pooled.excludes_zero:
        sheet.disc((middle, level), 19, colour)
    else:
        sheet.ring((middle, level), 19, colour, 5)
    interval = f"{_signed(pooled.r)} ({_signed(pooled.low)} to {_signed(pooled.high)})"
    sheet.text((WIDTH - MARGIN, y), interval, 37, anchor="rs")


def _signed(value: float) -> str:
    """The number to three places, with a true minus sign."""
    return f"{value:.3f}".replace("-", "\N{MINUS SIGN}")


if __name__ == "__main__":
    draw_deaths(IMAGES / "overdose-deaths.png")
    draw_pooled(IMAGES / "pooled-associations.png")
