"""The cover of the EPUB: title, subtitle, authors and version, drawn from the metadata in the edition's own fonts."""

from __future__ import annotations

import hashlib
import io
import math
from typing import TYPE_CHECKING

from pubkit.language.labels import labels_for
from pubkit.render import fonts
from pubkit.render.model import Edition

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

__all__ = ["HEIGHT", "WIDTH", "draw"]

WIDTH, HEIGHT = 1600, 2400
_MARGIN = 150
_MEASURE = WIDTH - 2 * _MARGIN
_PAPER, _INK = (250, 248, 243), (29, 34, 38)
#: Background and lines of the upper field, as in the style sheets. The identifier decides the course of the lines.
_GROUND, _LINE = (23, 86, 107), (134, 186, 198)
#: The cover is drawn in the numbers of its palette: three ramps of this many tones, from background to lines, from paper
#: to ink, and from background to paper. A number between two others of a ramp is then the colour between them.
_TONES = 64
_RAMPS = ((_GROUND, _LINE), (_PAPER, _INK), (_GROUND, _PAPER))
_FIELD_AT, _PAGE_AT, _SIGN_AT = (_TONES * number for number in range(len(_RAMPS)))
_WRITTEN, _QUIET = _PAGE_AT + _TONES - 1, _PAGE_AT + 46
_FIELD = 980


def draw(edition: Edition) -> bytes:
    """Return the cover as PNG, `WIDTH` by `HEIGHT` pixels; the same edition gives the same picture."""
    from PIL import Image, ImageDraw

    publication = edition.publication
    labels = labels_for(publication.lang)
    image = Image.new("L", (WIDTH, HEIGHT), _PAGE_AT)
    image.paste(_field(hashlib.sha256(edition.identifier.encode()).digest()), (0, 0))
    canvas = ImageDraw.Draw(image)
    names = " · ".join(author.name for author in publication.authors)
    if publication.publisher and publication.publisher != names:
        _sign(image, publication.publisher.upper(), 130, _face(1, 40))
    if edition.draft:
        _sign(image, labels["draft"].upper(), 200, _face(1, 90))
    top = float(_FIELD + 120)
    title = _fitted(canvas, publication.title, range(132, 60, -6), lines=5)
    top = _written(canvas, title, top, _WRITTEN, 1.12)
    if publication.subtitle:
        subtitle = _fitted(canvas, publication.subtitle, range(62, 40, -4), lines=4, regular=True)
        top = _written(canvas, subtitle, top + 36, _QUIET, 1.3)
    version = labels["version-of"].format(version=publication.version)
    date = labels.date(publication.dates.updated or publication.dates.published)
    canvas.line((_MARGIN, HEIGHT - 300, _MARGIN + 180, HEIGHT - 300), fill=_FIELD_AT, width=6)
    if names:
        face, lines = _fitted(canvas, names, range(48, 30, -2), lines=1, sans=True)
        canvas.text((_MARGIN, HEIGHT - 260), lines[0], font=face, fill=_WRITTEN)
    canvas.text((_MARGIN, HEIGHT - 185), f"{version} · {date}", font=_face(0, 38), fill=_QUIET)
    image.putpalette(_palette())
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=6)
    return buffer.getvalue()


def _palette() -> list[int]:
    """Return the colours of all tones, each as red, green and blue."""
    return [
        round(first + (last - first) * tone / (_TONES - 1))
        for start, end in _RAMPS
        for tone in range(_TONES)
        for first, last in zip(start, end, strict=True)
    ]


def _field(seed: bytes) -> Image.Image:
    """Return the coloured field: a sheaf of fine curves set by the identifier, drawn large and reduced for smoothness."""
    from PIL import Image, ImageDraw

    scale = 2
    field = Image.new("L", (WIDTH * scale, _FIELD * scale), _FIELD_AT)
    canvas = ImageDraw.Draw(field)
    phase, bend = seed[1] / 255 * math.pi, 1.2 + seed[2] / 255
    count = 34
    for index in range(count):
        share = index / (count - 1)
        points = []
        for step in range(121):
            x = step / 120
            wave = math.sin(bend * math.pi * x + phase + share * 1.9) * (0.34 - 0.2 * share)
            drop = 0.58 + wave * (1 - 0.55 * x) + (share - 0.5) * 0.42 * (0.25 + x)
            points.append((x * WIDTH * scale, drop * _FIELD * scale))
        tone = _FIELD_AT + round((_TONES - 1) * (0.18 + 0.62 * share))
        canvas.line(points, fill=tone, width=3 * scale, joint="curve")
    return field.reduce(scale)


def _sign(image: Image.Image, text: str, top: int, face: ImageFont.FreeTypeFont) -> None:
    """Write `text` on the field in the colour of the paper."""
    from PIL import Image, ImageDraw

    ink = Image.new("L", (WIDTH, round(face.size * 1.6)), 0)
    ImageDraw.Draw(ink).text((_MARGIN, 0), text, font=face, fill=255)
    tones = ink.point([_SIGN_AT + shade * (_TONES - 1) // 255 for shade in range(256)])
    image.paste(tones, (0, top), ink.point([255 * (shade > 0) for shade in range(256)]))


def _face(weight: int, size: int, *, serif: bool = False) -> ImageFont.FreeTypeFont:
    from PIL import ImageFont

    names = ("SourceSerifPro-Regular.ttf", "SourceSerifPro-Semibold.ttf") if serif else (
        "SourceSansPro-Regular.ttf", "SourceSansPro-Semibold.ttf")  # fmt: skip
    face = next(face for face in fonts.FACES if face.name == names[weight])
    return ImageFont.truetype(str(fonts.file(face)), size, layout_engine=ImageFont.Layout.BASIC)


def _fitted(
    canvas: ImageDraw.ImageDraw, text: str, sizes: range, *, lines: int, regular: bool = False, sans: bool = False
) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """Return `text` in the largest of `sizes` at which it takes at most `lines` lines; cut at the end if none fits."""
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
    """Return `text` in lines no wider than the measure; a wider word has a line of its own."""
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
    colour: int,
    leading: float,
) -> float:
    """Write the lines from `top` down, and return the place below the last."""
    face, lines = fitted
    for line in lines:
        canvas.text((_MARGIN, top), line, font=face, fill=colour)
        top += face.size * leading
    return top
