"""The cover: the house's own picture, or one that WeasyPrint sets from the metadata, in faces for every script that it has.

A book's PDF has it as its first page, and an EPUB as its picture. Where the cover has no room, the title becomes smaller; it
is never cut.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import io
import json
import math
import unicodedata
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from html import escape
from typing import Any, cast
from weakref import WeakKeyDictionary

from msgspec import Struct

from pubkit.boundary import system
from pubkit.boundary.keeping import Keeper, answered
from pubkit.boundary.pdfium import PDFIUM
from pubkit.language.labels import labels_for
from pubkit.manuscript.model import Picture
from pubkit.render import faceless, fonts, front
from pubkit.render.body import data_address, embedded
from pubkit.render.html import context
from pubkit.render.model import Edition
from pubkit.render.pdf.press import Press
from pubkit.render.styles import brand, sheets

__all__ = ["HEIGHT", "WIDTH", "Drawn", "begin", "drawn", "own_picture", "values"]

#: The size of an EPUB's picture, in pixels.
WIDTH, HEIGHT = 1600, 2400
#: The sizes of a title, in hundredths of the cover's width, and the most lines that it takes in each.
_SIZES = ((8.4, 3), (7.2, 4), (6.2, 5), (5.2, 6), (4.4, 8), (3.6, 11))
#: The width of the text, in the same measure.
_MEASURE = 80.0
#: So many letters of authors' names are on a cover; of more authors, it names the first ones.
_MOST_OF_NAMES = 120
_MEDIA_TYPES = ("image/png", "image/jpeg")


class Drawn(Struct, frozen=True):
    """A cover as a file of an EPUB."""

    media_type: str
    data: bytes


def own_picture(edition: Edition) -> Picture | None:
    """Return the house's own cover, if it is one that every reading system shows."""
    picture = edition.pictures.get(edition.publication.cover or "")
    return picture if picture and picture.media_type in _MEDIA_TYPES else None


def drawn(edition: Edition) -> Drawn:
    """Return the cover as a picture; the same edition gives the same picture.

    Where Pango is missing, without which WeasyPrint sets nothing, it is a simpler drawing in the reader's own faces.

    Raises:
        EnvironmentFault: a font for the cover is not installed.
    """
    if own := own_picture(edition):
        return Drawn(own.media_type, own.data)
    if system.missing():
        return Drawn("image/svg+xml", _plain(edition))
    begun = _BEGUN.get(edition)
    return Drawn("image/png", begun.result() if begun else _set(_page(edition), edition.publication.lang))


#: The covers that are being set, of editions that are being written.
_BEGUN: WeakKeyDictionary[Edition, Future[bytes]] = WeakKeyDictionary()


def begin(edition: Edition, press: Press, pool: Executor, kept: Keeper | None) -> None:
    """Start setting the cover in the process that sets the pages, so that no other has to be started.

    Args:
        edition: what `drawn` will be asked for.
        press: that process; its own page is still to come.
        pool: waits for the picture.
        kept: has pictures of earlier runs by all that decides them; None keeps nothing.
    """
    if own_picture(edition) is None and not system.missing():
        _BEGUN[edition] = pool.submit(_recalled, _page(edition), edition.publication.lang, press, kept)


def _page(edition: Edition) -> str:
    page = front.render_template("cover-page.html", context(edition) | values(edition))
    return faceless.spelled(page, faceless.lacking(page))


def _recalled(page: str, lang: str, press: Press, kept: Keeper | None) -> bytes:
    """Return the picture of a page as it was kept, or as `press` sets it."""
    preparation, job = _preparation(lang), _job(page)

    def made() -> bytes:
        pdf = press.beside(preparation, job).result()
        return _set(page, lang) if pdf is None else _png(pdf)

    return made() if kept is None else answered(kept, (b"cover", json.dumps([preparation, job]).encode()), made)


def _plain(edition: Edition) -> bytes:
    """Return a cover as a drawing: the field of curves, and below it title, authors and version."""
    publication, said = edition.publication, values(edition)
    size = float(str(said["cover_size"])) * WIDTH / 100
    title = _in_lines(publication.title, _MEASURE * WIDTH / 100 / size)
    top, below = HEIGHT * 0.5, HEIGHT * 0.9
    lines = [(line, top + (number + 1) * 1.15 * size, size) for number, line in enumerate(title)]
    if edition.draft:
        lines.append((labels_for(publication.lang)["draft"], HEIGHT * 0.48, 60))
    lines.append((" · ".join(map(str, cast(list[str], said["cover_names"]))), below, 44))
    version = labels_for(publication.lang)["version-of"].format(version=publication.version)
    lines.append((f"{version} · {said['cover_date']}", below + 70, 40))
    words = "".join(
        f'<text x="160" y="{y:.0f}" font-size="{large:.0f}">{escape(line)}</text>' for line, y, large in lines
    )
    picture = f'<g transform="scale({WIDTH / _WIDE})">{_lines(edition).decode()}</g>'
    ground = f'<rect width="{WIDTH}" height="{_HIGH * WIDTH // _WIDE}" fill="{said["cover_accent"]}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="serif" fill="#1d2226"><rect width="{WIDTH}" height="{HEIGHT}" fill="#faf8f3"/>'
        f"{ground}{picture}{words}</svg>"
    ).encode()


def _in_lines(text: str, measure: float) -> list[str]:
    """Return `text` in lines that are about as wide as `measure`, in its own size."""
    lines: list[str] = []
    for word in text.split():
        if lines and _width(f"{lines[-1]} {word}") <= measure:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def values(edition: Edition) -> dict[str, object]:
    """Return what the template of the cover needs besides the context of every template."""
    publication = edition.publication
    logo = edition.pictures.get(publication.logo or "")
    return {
        "cover_picture": embedded(own) if (own := own_picture(edition)) else "",
        "cover_logo": embedded(logo) if logo else "",
        "cover_lines": data_address("image/svg+xml", _lines(edition)),
        "cover_size": _size(publication.title),
        "cover_names": list(_names(edition)),
        "cover_date": labels_for(publication.lang).date(publication.dates.updated or publication.dates.published),
        "cover_accent": brand.accent(publication),
        "cover_ink": brand.ink_on(brand.accent(publication)),
    }


def _names(edition: Edition) -> Iterator[str]:
    """Yield the names of the authors, and an ellipsis in the place of those for whom the cover has no room."""
    room = _MOST_OF_NAMES
    for author in edition.publication.authors:
        room -= len(author.name)
        if room < 0:
            yield "…"
            return
        yield author.name


def _size(title: str) -> float:
    """Return the size of a title in which its lines are few enough and its longest word fits into one."""
    longest = max((_width(word) for word in title.split()), default=0)
    for size, most in _SIZES:
        lines = math.ceil(_width(title) * size * 1.12 / _MEASURE)
        if lines <= most and (longest * size <= _MEASURE or size == _SIZES[-1][0]):
            return size
    return _SIZES[-1][0]


def _width(text: str) -> float:
    """Return about how wide `text` is, in its own size: a Han character takes 1, a Latin one about half of that."""
    wide = sum(unicodedata.east_asian_width(char) in "WF" for char in text)
    capital = sum(char.isupper() for char in text)
    return wide + 0.66 * capital + 0.52 * (len(text) - wide - capital)


def _lines(edition: Edition) -> bytes:
    """Return a drawing of a sheaf of fine curves, whose course the identifier decides."""
    seed = hashlib.sha256(edition.identifier.encode()).digest()
    phase, bend = seed[1] / 255 * math.pi, 1.2 + seed[2] / 255
    ground = brand.accent(edition.publication)
    paths = []
    for index in range(_CURVES):
        share = index / (_CURVES - 1)
        points = [_point(step / 60, share, phase, bend) for step in range(61)]
        tone = brand.mixed(ground, brand.ink_on(ground), 0.1 + 0.42 * share)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        paths.append(f'<polyline points="{path}" fill="none" stroke="{tone}" stroke-width="1.6"/>')
    box = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDE} {_HIGH}" preserveAspectRatio="none" '
    return f'{box}width="{_WIDE}" height="{_HIGH}">{"".join(paths)}</svg>'.encode()


_CURVES = 34
_WIDE, _HIGH = 1000, 620


def _point(x: float, share: float, phase: float, bend: float) -> tuple[float, float]:
    wave = math.sin(bend * math.pi * x + phase + share * 1.9) * (0.34 - 0.2 * share)
    drop = 0.58 + wave * (1 - 0.55 * x) + (share - 0.5) * 0.42 * (0.25 + x)
    return x * _WIDE, drop * _HIGH


@functools.lru_cache(maxsize=16)
def _set(page: str, lang: str) -> bytes:
    """Return the picture of a page, as PNG."""
    with Press() as press:
        press.prepare(_preparation(lang))
        press.start(_job(page))
        return _png(press.result())


def _preparation(lang: str) -> dict[str, Any]:
    return {
        "page": [fonts.face_rules(), sheets.own("cover.css"), _PICTURE],
        "styles": [],
        "fonts": {face.name: str(fonts.file(face)) for face in fonts.FACES},
        "lang": lang,
    }


def _job(page: str) -> dict[str, Any]:
    return {
        "page": page, "form": [], "styles": [], "index": [], "labels": [], "statement": None,
        "identifier": hashlib.sha256(page.encode()).hexdigest()[:32], "cpu_seconds": 60,
    }  # fmt: skip


#: The page of a picture: as wide as the cover's hundred measures, and half as high again.
_PICTURE = "@page { size: 200mm 300mm; margin: 0 } .cover { font-size: 2mm; height: 300mm }"


def _png(pdf: bytes) -> bytes:
    """Return the first page of a PDF as a picture of at most 256 colours."""
    import pypdfium2
    from PIL.Image import Dither, Quantize

    with PDFIUM, contextlib.closing(pypdfium2.PdfDocument(pdf)) as document:
        leaf = document[0]
        image = leaf.render(scale=WIDTH / leaf.get_width()).to_pil().convert("RGB")
    if image.size != (WIDTH, HEIGHT):
        image = image.crop((0, 0, WIDTH, HEIGHT))
    buffer = io.BytesIO()
    # Flat colours stay what they are, and the file is half as large as with a median cut, in a quarter of the time.
    flat = image.quantize(256, Quantize.FASTOCTREE, dither=Dither.NONE)
    flat.save(buffer, "PNG", compress_level=7)  # 9 takes four times as long for 3 % less
    return buffer.getvalue()
