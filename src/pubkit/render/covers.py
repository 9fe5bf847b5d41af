"""The cover of the EPUB: title, subtitle, authors and version, drawn from the metadata in the edition's own faces."""

from __future__ import annotations

import hashlib
import io
import math
from typing import TYPE_CHECKING

from pubkit.render import fonts
from pubkit.render.labels import labels_for
from pubkit.render.model import Edition

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

__all__ = ["HEIGHT", "WIDTH", "draw"]

WIDTH, HEIGHT = 1600, 2400
_MARGIN = 150
_MEASURE = WIDTH - 2 * _MARGIN
_PAPER, _INK, _QUIET = (250, 248, 243), (29, 34, 38), (84, 93, 100)
#: Ground and lines of the upper field; the identifier chooses one pair, so that a series is told apart.
_COLOURS = (
    ((20, 74, 92), (126, 178, 190)),
    ((52, 72, 58), (160, 184, 160)),
    ((88, 52, 62), (204, 160, 164)),
    ((48, 58, 96), (158, 168, 206)),
    ((92, 66, 36), (212, 182, 142)),
)
_FIELD = 980


def draw(edition: Edition) -> bytes:
    """The cover as PNG, `WIDTH` by `HEIGHT` pixels; the same edition gives the same picture."""
    from PIL import Image, ImageDraw

    publication = edition.publication
    seed = hashlib.sha256(edition.identifier.encode()).digest()
    ground, line = _COLOURS[seed[0] % len(_COLOURS)]
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    image.paste(_field(ground, line, seed), (0, 0))
    canvas = ImageDraw.Draw(image)
    if publication.publisher:
        canvas.text((_MARGIN, 130), publication.publisher.upper(), font=_face(1, 40), fill=_PAPER)
    top = float(_FIELD + 120)
    title = _fitted(canvas, publication.title, range(132, 60, -6), lines=5)
    top = _written(canvas, title, top, _INK, 1.12)
    if publication.subtitle:
        subtitle = _fitted(canvas, publication.subtitle, range(62, 40, -4), lines=4, regular=True)
        top = _written(canvas, subtitle, top + 36, _QUIET, 1.3)
    names = " · ".join(author.name for author in publication.authors)
    version = labels_for(publication.lang)["version-of"].format(version=publication.version)
    date = labels_for(publication.lang).date(publication.dates.updated or publication.dates.published)
    canvas.line((_MARGIN, HEIGHT - 300, _MARGIN + 180, HEIGHT - 300), fill=ground, width=6)
    if names:
        face, lines = _fitted(canvas, names, range(48, 30, -2), lines=1, sans=True)
        canvas.text((_MARGIN, HEIGHT - 260), lines[0], font=face, fill=_INK)
    canvas.text((_MARGIN, HEIGHT - 185), f"{version} · {date}", font=_face(0, 38), fill=_QUIET)
    if edition.draft:
        canvas.text((_MARGIN, 200), labels_for(publication.lang)["draft"].upper(), font=_face(1, 90), fill=_PAPER)
    buffer = io.BytesIO()
    image.quantize(128, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _field(ground: tuple[int, int, int], line: tuple[int, int, int], seed: bytes) -> Image.Image:
    """The coloured field: a sheaf of fine curves, laid by the identifier, drawn large and reduced for smooth edges."""
    from PIL import Image, ImageDraw

    scale = 2
    field = Image.new("RGB", (WIDTH * scale, _FIELD * scale), ground)
    canvas = ImageDraw.Draw(field)
    phase, bend = seed[1] / 255 * math.pi, 1.2 + seed[2] / 255
    count = 34
    for index in range(count):
        share = index / (count - 1)
        tone = tuple(round(g + (n - g) * (0.18 + 0.62 * share)) for g, n in zip(ground, line, strict=True))
        points = []
        for step in range(121):
            x = step / 120
            wave = math.sin(bend * math.pi * x + phase + share * 1.9) * (0.34 - 0.2 * share)
            drop = 0.58 + wave * (1 - 0.55 * x) + (share - 0.5) * 0.42 * (0.25 + x)
            points.append((x * WIDTH * scale, drop * _FIELD * scale))
        canvas.line(points, fill=tone, width=3 * scale, joint="curve")
    return field.resize((WIDTH, _FIELD), Image.Resampling.LANCZOS)


def _face(weight: int, size: int, *, serif: bool = False) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    names = ("SourceSerifPro-Regular.ttf", "SourceSerifPro-Semibold.ttf") if serif else (
        "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")  # fmt: skip
    face = next(face for face in fonts.FACES if face.name == names[weight])
    return ImageFont.truetype(str(fonts.file(face)), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(
    canvas: ImageDraw.ImageDraw, text: str, sizes: range, *, lines: int, regular: bool = False, sans: bool = False
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """`text` in the largest of `sizes` at which it takes at most `lines` lines; cut at the end where none does."""
    for size in sizes:
        face = _face(0 if regular or sans else 1, size, serif=not sans)
        broken = _broken(canvas, text, face)
        if len(broken) <= lines and all(canvas.textlength(line, font=face) <= _MEASURE for line in broken):
            return face, broken
    kept = broken[:lines]
    if len(broken) > lines:
        kept[-1] += " …"
    return face, kept


def _broken(canvas: ImageDraw.ImageDraw, text: str, face: ImageFont.FreeTypeFont) -> list[str]:
    """`text` in lines no wider than the measure, a word that is wider alone on its line."""
    lines: list[str] = []
    for word in text.split():
        if lines and canvas.textlength(f"{lines[-1]} {word}", font=face) <= _MEASURE:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def _written(
    canvas: ImageDraw.ImageDraw,
    fitted: tuple[ImageFont.FreeTypeFont, list[str]],
    top: float,
    colour: tuple[int, int, int],
    leading: float,
) -> float:
    """Write the lines from `top` down, and give the place below the last."""
    face, lines = fitted
    for line in lines:
        canvas.text((_MARGIN, top), line, font=face, fill=colour)
        top += face.size * leading
    return top
