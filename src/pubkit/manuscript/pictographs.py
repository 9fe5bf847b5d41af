"""Icon arrays: how many of 100 or 1,000 people something happens to, drawn as that many figures of people.

    ::: {.icon-array #fig:bleeds of=1000 harmed=3 harmed-means="have a serious bleed"}
    Serious bleeding in one year [@trial].
    :::

`of` is the number of people; every other attribute with a number counts those of one kind, at most two kinds, and
`KIND-means` says what happens to them. The division becomes a figure with a drawing, whose alternative text, and the end of
whose caption, give the numbers in words. Blocks of a hundred, ten to a row, can be counted.

Source: Zikmund-Fisher and others, Blocks, Ovals, or People? (Med Decis Making 2014;34:443-53): a risk shown by figures of
people was recalled better than one shown by blocks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.language.labels import Labels
from pubkit.manuscript.drawn_parts import Mistake, set_figures
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC180
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Caption,
    Div,
    Figure,
    Image,
    Para,
    Plain,
    Space,
    Target,
    worded,
)

__all__ = ["CLASS", "drawing_of", "set_arrays"]

CLASS = "icon-array"
_MOST = 1000
_FEWEST = 5
_SHADES = ("dark", "striped")
_NUMBER = expression(r"[0-9]{1,4}")
_KIND = expression(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: The path of a drawing that no file can have: an empty folder is first.
_DRAWING = expression(r"/icon-array/([0-9]{1,4})/([0-9]{1,4})(?:-([0-9]{1,4}))?\.svg")

# The drawing, in pixels: a person in a cell, ten cells to a row of a block, five blocks side by side.
_CELL_WIDTH, _CELL_HEIGHT, _GAP, _MARGIN = 11, 17, 12, 6
_ROW, _BLOCK, _BLOCKS = 10, 100, 5
#: How much larger a single block is shown.
_ALONE = 2
_HEAD = "M{x} {head}a1.9 1.9 0 1 0 3.8 0a1.9 1.9 0 1 0 -3.8 0"
_BODY = "M{left} {top}h6.4v4.6h-1.3v4.9h-3.8v-4.9h-1.3z"
_STRIPES = "M{left} {one}h6.4M{left} {two}h6.4"
_DARK, _MIDDLE, _PALE = "#7a1626", "#2b6f86", "#ccd4d9"


class _Array(Struct, frozen=True):
    """The numbers of an icon array: all people, and how many of each kind, with what happens to them."""

    total: int
    kinds: tuple[tuple[int, str], ...]


def set_arrays(blocks: Sequence[Block], places: Places, labels: Labels) -> Iterator[Finding]:
    """Turn the divisions of the class icon-array into figures, in place; yield a finding on each that cannot be one."""
    return set_figures(
        blocks, places, CLASS, "of", lambda part: _figure(part, _read(part.attr, labels.language), labels), SRC180
    )


def _read(attr: Attr, language: str) -> _Array:
    said = dict(attr.pairs)
    total = _count("of", said.pop("of", ""))
    if not _FEWEST <= total <= _MOST:
        raise Mistake(f"An icon array shows {_FEWEST} to {_MOST:,} people, not {total}.")
    meanings = {name.removesuffix("-means"): said.pop(name) for name in tuple(said) if name.endswith("-means")}
    unsaid = [name for name in said if name not in meanings and _KIND.fullmatch(name)]
    if unsaid and language != "en":
        name = unsaid[0]
        raise Mistake(f"What {name}={said[name]} means is not said in the language of the text: add {name}-means.")
    kinds = tuple((_count(name, number), meanings.pop(name, name.replace("-", " "))) for name, number in said.items())
    if not kinds or len(kinds) > len(_SHADES):
        raise Mistake(f"An icon array shows one or two kinds of people, such as harmed=3; this one has {len(kinds)}.")
    if meanings:
        raise Mistake(f"Nothing is counted for {printable(next(iter(meanings)), 40)}-means.")
    if sum(count for count, _ in kinds) > total:
        raise Mistake(f"The kinds of people come to more than {total}.")
    return _Array(total, kinds)


def _count(name: str, number: str) -> int:
    if not _KIND.fullmatch(name) or not _NUMBER.fullmatch(number):
        what = printable(f"{name}={number}" if number else name, 60)
        raise Mistake(f"An icon array counts people in whole numbers, such as of=1000; this is not one: {what}.")
    return int(number)


def _figure(part: Div, array: _Array, labels: Labels) -> Figure:
    counts = "-".join(str(count) for count, _ in array.kinds)
    said = [_said(array, number, labels) for number in range(len(array.kinds))]
    image = Image((Attr(), worded("; ".join(said)), Target(f"/{CLASS}/{array.total}/{counts}.svg")))
    caption = [line for block in part.content if isinstance(block, Para | Plain) for line in (*block.content, Space())]
    others: list[Block] = [block for block in part.content if not isinstance(block, Para | Plain)]
    legend = worded(f"{'; '.join(said)}.")
    shown: list[Block] = [Plain([image])]
    return Figure((Attr(part.attr.identifier, [CLASS]), Caption(blocks=[Plain([*caption, *legend]), *others]), shown))


def _said(array: _Array, number: int, labels: Labels) -> str:
    """Return one kind in words: "3 of 1000 have a serious bleed (dark)"."""
    count, meaning = array.kinds[number]
    shade = labels[f"shade-{_SHADES[number]}"]
    return labels["icon-array"].format(count=count, total=array.total, shade=shade, meaning=meaning)


def drawing_of(target: str) -> bytes | None:
    """Return the SVG that the path `target` of an icon array stands for; None for every other path."""
    found = _DRAWING.fullmatch(target)
    if found is None:
        return None
    total, first, second = (int(number or 0) for number in found.groups())
    if not _FEWEST <= total <= _MOST or first + second > total:
        return None
    dark = range(first)
    striped = range(first, first + second)
    blocks = -(-total // _BLOCK)
    across, down = min(blocks, _BLOCKS), -(-blocks // _BLOCKS)
    rows = _ROW if blocks > 1 else -(-total // _ROW)
    width = across * (_ROW * _CELL_WIDTH + _GAP) - _GAP + 2 * _MARGIN
    height = down * (rows * _CELL_HEIGHT + _GAP) - _GAP + 2 * _MARGIN
    shapes = [
        f'<path fill="{_PALE}" d="{_people(range(first + second, total), _HEAD, _BODY)}"/>',
        f'<path fill="{_DARK}" d="{_people(dark, _HEAD, _BODY)}"/>' if dark else "",
        f'<path fill="{_MIDDLE}" d="{_people(striped, _HEAD, _BODY)}"/>' if striped else "",
        f'<path fill="none" stroke="#fff" stroke-width="0.7" d="{_people(striped, _STRIPES)}"/>' if striped else "",
    ]
    scale = 1 if blocks > 1 else _ALONE
    size = f'width="{scale * width}" height="{scale * height}" viewBox="0 0 {width} {height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(shapes)}</svg>'.encode()


def _people(numbers: range, *strokes: str) -> str:
    return "".join(_person(number, stroke) for number in numbers for stroke in strokes)


def _person(number: int, stroke: str) -> str:
    block, place = divmod(number, _BLOCK)
    column = _MARGIN + (block % _BLOCKS) * (_ROW * _CELL_WIDTH + _GAP) + (place % _ROW) * _CELL_WIDTH
    top = _MARGIN + (block // _BLOCKS) * (_ROW * _CELL_HEIGHT + _GAP) + (place // _ROW) * _CELL_HEIGHT
    return stroke.format(
        x=_short(column + 3.6),
        head=_short(top + 2.5),
        left=_short(column + 2.3),
        top=_short(top + 5.2),
        one=_short(top + 7.4),
        two=_short(top + 9.6),
    )


def _short(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
