"""Charts: the numbers of a table as bars, columns or lines.

    ::: {.chart #fig:gain kind=bars}
    | Treatment | Minutes of sleep gained |
    |-----------|------------------------:|
    | Melatonin | 19                      |
    | Placebo   | 12                      |

    Sleep gained in a night [@trial].
    :::

The first column names what is compared, the others are numbers; the table may be a `{csv-table}` with a file. The division
becomes a figure: the drawing is made from the table, and so is its alternative text, unless `alt` gives another. The drawing
is what its path says, so that the same table is always the same picture.

Bars and columns begin at zero. Lines are told apart by their strokes as well as by their colours.
"""

from __future__ import annotations

import base64
import binascii
import difflib
import functools
import itertools
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from types import ModuleType
from typing import Literal, get_args

import msgspec
from lxml import etree
from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.boundary.xml import Element, long_document
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.language.labels import Labels
from pubkit.manuscript.drawings import tag
from pubkit.manuscript.drawn_parts import Mistake, set_figures
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC181
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Caption,
    Div,
    Figure,
    Image,
    Para,
    Plain,
    Table,
    Target,
    every,
    plain_text,
    worded,
)

__all__ = ["CLASS", "drawing_of", "set_charts"]

CLASS = "chart"
Kind = Literal["bars", "columns", "lines"]
#: The path of a drawing that no file can have: an empty folder is first.
_DRAWING = expression(r"/chart/([A-Za-z0-9_-]{1,20000}=*)\.svg")
#: The most rows of each kind, the most columns of numbers, and the longest name of a row.
_ROWS = {"bars": 24, "columns": 12, "lines": 60}
_SERIES = {"bars": 1, "columns": 1, "lines": 3}
_NAMES = {"bars": 30, "columns": 12, "lines": 12}
#: The longest heads in characters: below the drawing, beside it, and in the legend.
_BELOW, _BESIDE, _LEGEND = 48, 28, 40
#: A number, with a point or with a comma as the decimal sign; the other sign, or a space, is between thousands only.
_POINT = re.compile(r"([-−+]?)([0-9]{1,12}|[0-9]{1,3}(?:[,\s][0-9]{3}){1,3})(?:\.([0-9]{1,6}))?")
_COMMA = re.compile(r"([-−+]?)([0-9]{1,12}|[0-9]{1,3}(?:[.\s][0-9]{3}){1,3})(?:,([0-9]{1,6}))?")
_YEAR = expression(r"[12][0-9]{3}")

# The drawing, in pixels.
_WIDTH, _BAR, _HEIGHT, _HEAD = 400, 34, 250, 70
_FACE, _SIZE, _LETTER = "Source Sans Pro, Noto Sans, Arial, sans-serif", 14, 7
_INK, _RULE, _ZERO = "#3a4449", "#dfe4e6", "#6b757a"
_COLOURS = ("#17566b", "#a8451f", "#5b3f8c")
_STROKES = ("none", "7 4", "2 3")
_SWATCH, _APART = 24, 5


class _Chart(Struct, frozen=True, array_like=True):
    """What is drawn: the heads of the columns, and the rows as their table has them. `comma` is the decimal sign."""

    kind: Kind
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    comma: bool = False


def set_charts(blocks: Sequence[Block], places: Places, labels: Labels) -> Iterator[Finding]:
    """Turn the divisions of the class chart into figures, in place; yield a finding on each that cannot be one."""
    return set_figures(blocks, places, CLASS, "kind", lambda part: _figure(part, labels), SRC181)


def _figure(part: Div, labels: Labels) -> Figure:
    said = dict(part.attr.pairs)
    tables = [*every(Table, part.content)]
    if len(tables) != 1:
        raise Mistake(f"A chart is drawn from one table; this one has {len(tables) or 'none'}.")
    chart = _read(tables[0], said.pop("kind", "bars"), comma=labels.decimal_comma)
    alternative = said.pop("alt", "") or _in_words(chart, labels)
    size: list[tuple[str, str]] = [(name, said.pop(name)) for name in ("width", "height") if name in said]
    if said:
        name = next(iter(said))
        meant = difflib.get_close_matches(name, ["kind", "alt", "width", "height"], 1)
        remedy = f"Did you mean {meant[0]}?" if meant else "Remove it."
        message = f"A chart has a kind, alt, width and height, and no {printable(name, 40)}."
        raise Mistake(message, remedy=remedy)
    image = Image((Attr("", [], size), worded(alternative), Target(_path(chart))))
    paragraphs = [block for block in part.content if isinstance(block, Para | Plain)] or tables[0].caption.blocks
    others: list[Block] = [block for block in part.content if not isinstance(block, Para | Plain | Table)]
    shown: list[Block] = [Plain([image])]
    caption = Caption(blocks=[*paragraphs, *others])
    return Figure((Attr(part.attr.identifier or tables[0].attr.identifier, [CLASS]), caption, shown))


def _read(table: Table, kind: str, *, comma: bool) -> _Chart:
    if kind not in get_args(Kind):
        raise Mistake(f"A chart is drawn as {', '.join(get_args(Kind))}, not as {printable(kind, 40)}.")
    rows = [tuple(" ".join(plain_text(cell).split()) for cell in row.cells) for row in table.rows]
    if (
        len(table.head.rows) != 1
        or len({len(row) for row in rows}) != 1
        or any(cell.col_span > 1 or cell.row_span > 1 for row in table.rows for cell in row.cells)
    ):
        raise Mistake("The table of a chart has one row of heads, and no cell that spans others.")
    chart = msgspec.convert([kind, rows[0], rows[1:], comma], _Chart)
    _check(chart)
    return chart


def _check(chart: _Chart) -> None:
    """Refuse what cannot be drawn, or could not be read."""
    series = len(chart.heads) - 1
    if not 1 <= series <= _SERIES[chart.kind]:
        many = "one column" if _SERIES[chart.kind] == 1 else f"one to {_SERIES[chart.kind]} columns"
        raise Mistake(f"A chart of {chart.kind} shows {many} of numbers, not {series}.")
    _check_heads(chart)
    if not 2 <= len(chart.rows) <= _ROWS[chart.kind]:
        message = f"A chart of {chart.kind} has 2 to {_ROWS[chart.kind]} rows, not {len(chart.rows)}."
        raise Mistake(message, remedy="Say it in a sentence or a table, or divide it into several charts.")
    names: set[str] = set()
    for number, row in enumerate(chart.rows, 1):
        if len(row) != len(chart.heads):
            raise Mistake("The rows of the table of a chart are of one length.")
        if len(row[0]) > _NAMES[chart.kind]:
            shown = printable(row[0], 60)
            message = f"This name is longer than {_NAMES[chart.kind]} characters: {shown}."
            raise Mistake(message, (number, 0), "Shorten it, and say the rest in the text below the table.")
        if row[0] in names:
            message = f"Two rows of a chart have the name {printable(row[0], 60)}."
            raise Mistake(message, (number, 0), "Give each row a name of its own.")
        names.add(row[0])
        _check_numbers(chart, number, row)
    if chart.kind == "columns" and sum(_wide(row[0]) + 2 * _LETTER for row in chart.rows) > _WIDTH - _HEAD:
        raise Mistake("The names do not fit below the columns: shorten them, or write kind=bars.")
    if chart.kind == "lines":
        across = [_value(row[0], comma=chart.comma) or Decimal() for row in chart.rows]
        if any(later <= earlier for earlier, later in itertools.pairwise(across)):
            raise Mistake("The first column of a chart of lines has numbers that rise, such as years.")


def _check_numbers(chart: _Chart, number: int, row: Sequence[str]) -> None:
    for column in range(0 if chart.kind == "lines" else 1, len(row)):
        if _value(row[column], comma=chart.comma) is None:
            shown = printable(row[column], 40) or "(empty)"
            name, sign = ("comma", ",") if chart.comma else ("point", ".")
            message = f"This cell is no number whose decimal sign is a {name}, as in this language: {shown}."
            remedy = (
                f"Write the number alone, such as 12{sign}5 or 12%; unit and range go into the head or the text below."
            )
            raise Mistake(message, (number, column), remedy)


def _check_heads(chart: _Chart) -> None:
    most = _LEGEND if len(chart.heads) > 2 or chart.kind == "bars" else _BESIDE
    below = len(chart.heads) - 1 if chart.kind == "bars" else 0
    for column, head in enumerate(chart.heads):
        longest = _BELOW if column == below else most
        if len(head) > longest:
            message = f"This head is longer than {longest} characters: {printable(head, 60)}."
            raise Mistake(message, (0, column), "Shorten it, and say the rest in the text below the table.")


def _value(text: str, *, comma: bool) -> Decimal | None:
    """Return the number in a cell, with or without a sign of percent; None if there is none."""
    found = (_COMMA if comma else _POINT).fullmatch(text.removesuffix("%").strip())
    if found is None:
        return None
    sign, whole, part = found.groups(default="")
    minus = "-" if sign in {"-", "−"} else ""
    return Decimal(f"{minus}{re.sub('[^0-9]', '', whole)}.{part or 0}")


def _in_words(chart: _Chart, labels: Labels) -> str:
    """Return the alternative text: the kind of chart, and every number of the table."""
    kind = labels["chart-lines" if chart.kind == "lines" else "chart-bars"]
    told = [
        f"{head}. {'; '.join(f'{row[0]}: {row[number]}' for row in chart.rows)}."
        for number, head in enumerate(chart.heads[1:], 1)
    ]
    return " ".join([f"{kind}.", *told])


def _path(chart: _Chart) -> str:
    return f"/{CLASS}/{base64.urlsafe_b64encode(msgspec.json.encode(chart)).decode()}.svg"


@functools.lru_cache(maxsize=32)
def drawing_of(target: str) -> bytes | None:
    """Return the SVG that the path `target` of a chart stands for; None for every other path."""
    found = _DRAWING.fullmatch(target)
    if found is None:
        return None
    try:
        chart = msgspec.json.decode(base64.urlsafe_b64decode(found[1]), type=_Chart)
        _check(chart)
    except (binascii.Error, msgspec.MsgspecError, UnicodeDecodeError, Mistake):
        return None
    return _drawn(chart)


def _drawn(chart: _Chart) -> bytes:
    import leather
    from leather import theme

    _dress(theme, [row[0] for row in chart.rows])
    drawing = leather.Chart()
    values = [[_value(cell, comma=chart.comma) or Decimal() for cell in row[1:]] for row in chart.rows]
    height = _HEIGHT
    if chart.kind == "bars":
        drawing.add_bars([(row[0], name[0]) for row, name in zip(values, chart.rows, strict=True)])
        drawing.add_x_axis(name=chart.heads[1], tick_formatter=_ticks(chart))
        height = _HEAD + _BAR * len(chart.rows)
    elif chart.kind == "columns":
        drawing.add_columns([(name[0], row[0]) for row, name in zip(values, chart.rows, strict=True)])
        drawing.add_y_axis(name=chart.heads[1], tick_formatter=_ticks(chart))
        drawing.add_x_axis(name=chart.heads[0])
    else:
        across = [_value(row[0], comma=chart.comma) or Decimal() for row in chart.rows]
        for number, head in enumerate(chart.heads[1:]):
            points = [(at, row[number]) for at, row in zip(across, values, strict=True)]
            colour, stroke = _COLOURS[number], _STROKES[number]
            drawing.add_line(points, name=head, stroke_color=colour, stroke_dasharray=stroke)
        least, most = min(map(min, values)), max(map(max, values))
        if least == most:
            drawing.add_y_scale(least - 1, most + 1)
        years = all(_YEAR.fullmatch(row[0]) for row in chart.rows)
        drawing.add_x_axis(_marked(across), _ticks(chart, years=years), chart.heads[0])
        drawing.add_y_axis(name=chart.heads[1] if len(chart.heads) == 2 else None, tick_formatter=_ticks(chart))
    root = long_document(drawing.to_svg(width=_WIDTH, height=height).encode())
    _finish(root, chart)
    return etree.tostring(root)


_LOOKS = {
    **{f"{part}_font_family": _FACE for part in ("legend", "axis_title", "tick")},
    **{f"{part}_font_size": _SIZE for part in ("legend", "axis_title", "tick")},
    **{f"{part}_font_char_width": _LETTER for part in ("legend", "axis_title")},
    **{f"{part}_color": _INK for part in ("legend", "axis_title", "label")},
    "tick_color": _RULE,
    "zero_color": _ZERO,
    "background_color": "#ffffff",
    "default_series_colors": [*_COLOURS],
    "legend_bubble_size": _SWATCH,
    "margin": 0.045,
}


def _dress(theme: ModuleType, names: Sequence[str]) -> None:
    """Give the drawing the looks of the pages, with room for `names`, and in its margin for the first line of the legend."""
    letter = max((_wide(name) / max(1, len(name)) for name in names), default=_LETTER)
    for name, value in {**_LOOKS, "tick_font_char_width": letter}.items():
        setattr(theme, name, value)


def _wide(text: str) -> int:
    """Return about how many pixels `text` takes: a letter of Chinese or Japanese is as wide as it is high."""
    return sum(_SIZE if unicodedata.east_asian_width(char) in "FW" else _LETTER for char in text)


def _marked(across: Sequence[Decimal]) -> Sequence[Decimal] | None:
    """Return the numbers that an axis names, at most seven of those of the table; None if they are not evenly apart."""
    if len({later - earlier for earlier, later in itertools.pairwise(across)}) > 1:
        return None
    return across[:: -(-len(across) // 7)]


def _ticks(chart: _Chart, *, years: bool = False) -> Callable[[Decimal, int, int], str]:
    """Return how numbers are written on an axis; years have no separators."""

    def written(value: Decimal, _: int, __: int) -> str:
        number = Decimal(value)
        plain = f"{number:f}" if years else f"{number:,f}"
        plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
        if chart.comma:  # the decimal sign; thousands are set apart by a narrow space
            plain = plain.replace(",", "\u202f").replace(".", ",")
        return plain.replace("-", "−")

    return written


def _finish(root: Element, chart: _Chart) -> None:
    """Write each value beside its bar, show the strokes of lines in the legend, and shorten the numbers of the drawing.

    The names of bars and columns have no lines: one would run through the bar and its value.
    """
    right = max((float(line.get("x2", "0")) for line in root.iter(tag("line"))), default=0.0)
    for group in list(root.iter(tag("g"))):
        role = group.attrib.pop("class", "")
        if role in {"series bars", "series columns"}:
            _write_values(group, chart, right)
        elif role == _NAMED.get(chart.kind):
            for tick in group:
                for line in tick.findall(tag("line")):
                    tick.remove(line)
    swatches = [part for part in root.iter(tag("rect")) if part.get("width") == part.get("height") == f"{_SWATCH}"]
    for swatch, colour, stroke in zip(swatches, _COLOURS, _STROKES, strict=False):
        swatch.attrib.clear()
        swatch.tag = tag("line")
        stripe = {"x1": "0", "x2": f"{_SWATCH}", "y1": "-4", "y2": "-4", "stroke": colour, "stroke-width": "2"}
        for name, said in {**stripe, "stroke-dasharray": stroke}.items():
            swatch.set(name, said)
    _hold(root)
    for part in root.iter():
        for key, value in list(part.attrib.items()):
            part.set(str(key), _LONG.sub(_short, str(value)))


def _hold(root: Element) -> None:
    """Enlarge the drawing until it holds its words: a title is in the middle of its axis, however long it is."""
    width, height = float(root.get("width", "0")), float(root.get("height", "0"))
    left, top, right, bottom = 0.0, 0.0, width, height
    for text in root.iter(tag("text")):
        across, down = _moved(text)
        wide, turned = _wide(text.text or ""), text.get("transform", "").startswith("rotate(270")
        centre = down + float(text.get("y", "0")) if turned else across + float(text.get("x", "0"))
        start = centre - wide * {"middle": 0.5, "end": 1.0}.get(text.get("text-anchor", ""), 0.0)
        if turned:
            top, bottom = min(top, start), max(bottom, start + wide)
        else:
            left, right = min(left, start), max(right, start + wide)
    if (left, top, right, bottom) != (0.0, 0.0, width, height):
        box = {"x": f"{left}", "y": f"{top}", "width": f"{right - left}", "height": f"{bottom - top}"}
        for name in ("width", "height"):
            root.set(name, box[name])
        root.set("viewBox", " ".join(box.values()))
        for paper in itertools.islice(root.iter(tag("rect")), 1):
            for name, value in box.items():
                paper.set(name, value)


def _moved(text: Element) -> tuple[float, float]:
    """Return how far the groups around `text` move it, to the right and down."""
    moves = [_MOVE.match(one.get("transform", "")) for one in text.iterancestors()]
    return sum(float(one[1]) for one in moves if one), sum(float(one[2]) for one in moves if one)


_MOVE = expression(r"translate\((-?[0-9.]+) (-?[0-9.]+)\)")


#: The axis that has the names of what is compared.
_NAMED = {"bars": "axis left", "columns": "axis bottom"}


def _short(number: re.Match[str]) -> str:
    return f"{float(number[0]):.1f}".removesuffix(".0")


#: A coordinate with more digits than can be seen.
_LONG = expression(r"-?[0-9]+\.[0-9]{2,}")


def _write_values(series: Element, chart: _Chart, right: float) -> None:
    """Write each value behind the end of its bar or column; within it, or on its other side, if there is no room."""
    # The first bar stands at the top, the first column at the left, in whatever order they were drawn.
    bars = sorted(series, key=lambda bar: float(bar.get("y" if chart.kind == "bars" else "x", "0")))
    for bar, row in zip(bars, chart.rows, strict=True):
        left, top, width, height = (float(bar.get(name, "0")) for name in ("x", "y", "width", "height"))
        room = 2 * _APART + len(row[1]) * _LETTER
        text = {"fill": _INK, "font-family": _FACE, "font-size": f"{_SIZE}"}
        if chart.kind == "bars":
            fits, inside = left + width + room <= right, width >= room
            x = left + width + _APART if fits else left + width - _APART if inside else left - _APART
            text |= {"x": f"{x}", "y": f"{top + height / 2}", "dy": "0.32em", "text-anchor": "start" if fits else "end"}
        else:
            fits, inside = top >= _SIZE + _APART, height >= _SIZE + 2 * _APART
            y = top - _APART if fits else top + _SIZE + _APART if inside else top + height + _SIZE
            text |= {"x": f"{left + width / 2}", "y": f"{y}", "text-anchor": "middle"}
        if inside and not fits:
            text["fill"] = "#ffffff"
        else:
            series.append(_paper(text, row[1]))
        etree.SubElement(series, tag("text"), text).text = row[1].replace("-", "−")


def _paper(text: Mapping[str, str], value: str) -> Element:
    """Return the white behind a value outside its bar, so that no line of the scale runs through it."""
    wide, x, y = _wide(value), float(text["x"]), float(text["y"])
    left = x - wide * {"middle": 0.5, "end": 1.0}.get(text["text-anchor"], 0.0)
    top = y - _SIZE / 2 if "dy" in text else y - 0.8 * _SIZE
    box = {"x": f"{left}", "y": f"{top}", "width": f"{wide}", "height": f"{_SIZE}", "fill": "#ffffff"}
    return etree.Element(tag("rect"), box)
