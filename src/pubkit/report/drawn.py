"""How two PDFs differ to the eye: each page that has changed as a picture, before and after, side by side.

Pages are matched by what they show between their margins, so that a page whose number alone has moved is no change. The
same PDFs give the same pictures.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import io
from collections.abc import Iterator, Sequence
from importlib import resources
from itertools import zip_longest
from typing import TYPE_CHECKING

from msgspec import Struct

from pubkit.boundary.distribution import tool
from pubkit.boundary.files import printable
from pubkit.boundary.pdfium import PDFIUM
from pubkit.errors import UsageError
from pubkit.render.front import trusted
from pubkit.render.templates import template

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

__all__ = ["ChangedPage", "DrawnChanges", "drawn"]

#: Dots per inch of the pictures, and of the look at a page that says whether it has changed.
_PICTURE, _LOOK = 96, 60
#: The longest side of a picture of a page, in pixels.
_LONGEST = 2_400
#: The part of a page's height at its head and at its foot that has the running heads and page numbers.
_MARGIN = 0.09
#: Measures in pixels: between two pages, the bar beside what differs, and the height of the strips that are compared.
_GAP, _BAR, _STRIP = 24, 6, 12
_GROUND, _RED = (201, 208, 211), (176, 42, 48)


class ChangedPage(Struct, frozen=True):
    """A page before and after; 0 stands for a page that was added or removed. `picture` is a PNG, `name` its file."""

    before: int
    after: int
    picture: bytes

    @property
    def name(self) -> str:
        """Return the name of the picture's file."""
        return f"page-{self.after:03}.png" if self.after else f"removed-{self.before:03}.png"

    @property
    def words(self) -> str:
        """Return what the picture shows."""
        if not self.before:
            return f"Page {self.after}, which is new"
        if not self.after:
            return f"Page {self.before}, which is gone"
        same = self.before == self.after
        return f"Page {self.after}, before and after" if same else f"Page {self.before} before, page {self.after} after"


class DrawnChanges(Struct, frozen=True):
    """The pages that differ, in order, and how many pages there are now."""

    pages: tuple[ChangedPage, ...]
    total: int

    @property
    def summary(self) -> str:
        """Return in one sentence how many pages differ."""
        gone = sum(not one.after for one in self.pages)
        here = len(self.pages) - gone
        total = "1 page" if self.total == 1 else f"{self.total} pages"
        removed = f"; {gone} {'is' if gone == 1 else 'are'} gone" if gone else ""
        return f"{here} of {total} {'differs' if here == 1 else 'differ'}{removed}."

    def files(self, names: tuple[str, str]) -> dict[str, bytes]:
        """Return the pictures and a page that shows them, by file name; `names` are those of the two PDFs."""
        style = resources.files(__package__).joinpath("redlines.css").read_text("utf-8")
        values = {"changes": self, "names": names, "style": trusted(style), "tool": tool()}
        page = template(__package__ or "", "drawn.html.jinja").render(values).lstrip()
        return {"index.html": page.encode(), **{one.name: one.picture for one in self.pages}}


def drawn(old: bytes, new: bytes) -> DrawnChanges:
    """Return which pages of the PDF `new` differ from those of `old`, drawn.

    Raises:
        UsageError: one of them cannot be drawn.
    """
    import pypdfium2

    try:
        return _drawn(old, new)
    except pypdfium2.PdfiumError as error:
        raise UsageError(f"A PDF cannot be drawn: {printable(str(error))}.", remedy="Build it again.") from error


def _drawn(old: bytes, new: bytes) -> DrawnChanges:
    import pypdfium2

    with (
        PDFIUM,
        contextlib.closing(pypdfium2.PdfDocument(old)) as before,
        contextlib.closing(pypdfium2.PdfDocument(new)) as after,
    ):
        pairs = _changed([*map(_look, before)], [*map(_look, after)])
        pages = [
            ChangedPage(
                one + 1,
                other + 1,
                _side_by_side(
                    _picture(before[one], _PICTURE) if one >= 0 else None,
                    _picture(after[other], _PICTURE) if other >= 0 else None,
                ),
            )
            for one, other in pairs
        ]
        return DrawnChanges(tuple(pages), len(after))


def _changed(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the indexes of pages that differ, old and new; -1 for one that has no other."""
    matched = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, first, last, start, stop in matched.get_opcodes():
        if kind != "equal":
            yield from zip_longest(range(first, last), range(start, stop), fillvalue=-1)


def _look(page: pypdfium2.PdfPage) -> str:
    """Return a digest of what a page shows between its margins."""
    image = _picture(page, _LOOK)
    margin = round(image.height * _MARGIN)
    body = image.crop((0, margin, image.width, image.height - margin))
    return hashlib.sha256(repr(body.size).encode() + body.tobytes()).hexdigest()


def _picture(page: pypdfium2.PdfPage, dots: int) -> Image:
    scale = min(dots / 72, _LONGEST / max(page.get_size()))
    image: Image = page.render(scale=scale, fill_color=(255, 255, 255, 255)).to_pil()
    return image.convert("RGB")


def _side_by_side(before: Image | None, after: Image | None) -> bytes:
    """Return both pages as one PNG, with a bar beside each strip that differs; a page that is missing stays empty."""
    import PIL.Image
    from PIL.Image import Dither, Quantize

    width, height = next(one.size for one in (after, before) if one)
    both = PIL.Image.new("RGB", (2 * width + 3 * _GAP, height + 2 * _GAP), _GROUND)
    for number, page in enumerate((before, after)):
        if page:
            both.paste(page, (_GAP + number * (width + _GAP), _GAP))
    if before and after and before.size == after.size:
        for top, bottom in _strips(before, after):
            both.paste(_RED, (2 * _GAP + width - _BAR, _GAP + top, 2 * _GAP + width, _GAP + bottom))
    buffer = io.BytesIO()
    both.quantize(256, Quantize.FASTOCTREE, dither=Dither.NONE).save(buffer, "PNG", compress_level=7)
    return buffer.getvalue()


def _strips(before: Image, after: Image) -> Iterator[tuple[int, int]]:
    """Yield the top and the bottom of each strip in which two pages differ, in pixels."""
    from PIL import ImageChops

    different = ImageChops.difference(before, after)
    for top in range(0, before.height, _STRIP):
        bottom = min(top + _STRIP, before.height)
        if different.crop((0, top, before.width, bottom)).getbbox():
            yield top, bottom
