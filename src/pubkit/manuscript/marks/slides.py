"""Slides of Marp: CommonMark, where the words of a picture also say where it is on the slide, and how large.

Source: Marpit documentation, Image syntax.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.prose import prose

__all__ = ["is_slides", "slide_edits"]

_SLIDES = expression(r"\s*---[ \t]*\n(?:(?!---|\.\.\.)[^\n]*\n){0,100}?marp:[ \t]*true\b")
_PICTURE = expression(r"!\[(?P<words>[^\[\]\n]{1,500})\]\((?:[^()\n]|\([^()\n]*\)){1,1000}\)")
_PLACED = expression(
    r"(?:(?<=^)|(?<=[ \t]))(?:(?P<side>w|h|width|height):(?P<length>[\d.]+[a-z]{0,3}|auto)|bg|vertical|horizontal|cover"
    r"|contain|fit|auto|\d+%|(?:left|right)(?::\d+%)?"
    r"|(?:blur|brightness|contrast|drop-shadow|grayscale|hue-rotate|invert|opacity|saturate|sepia)(?::[\w.,%#()-]+)?)"
    r"(?=[ \t]|$)"
)
_SIDES = {"w": "width", "h": "height"}


def is_slides(source: SourceFile) -> bool:
    """Return whether the front matter of a text says `marp: true`."""
    return _SLIDES.match(source.written) is not None


def slide_edits(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that leave only the alternative text in the words of each picture, and make attributes of its size."""
    for picture in _PICTURE.finditer(prose(source.text)):
        sizes: list[str] = []
        for placed in _PLACED.finditer(picture["words"]):
            at = picture.start("words")
            yield Edit(at + placed.start(), at + placed.end(), "")
            side, length = placed["side"], placed["length"]
            if side and length != "auto":
                sizes.append(f"{_SIDES.get(side, side)}={length + 'px' * length[-1].isdecimal()}")
        if sizes:
            yield Edit(picture.end(), picture.end(), f"{{{' '.join(sizes)}}}")
