"""Tables as the style sheets need them: how wide they are, which rows belong together, and the box in which they scroll."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pubkit.boundary.xml import Element
from pubkit.language.labels import Labels
from pubkit.render.elements import make, text_of, wrap

__all__ = ["let_scroll", "mark"]

#: From these numbers of columns on, a table is wide, and wider than an upright page.
_MANY_COLUMNS, _TOO_MANY_COLUMNS = 6, 9
#: A table with fewer letters in a row of its longest cells than this is narrower than the text.
_FEW_LETTERS = 44
#: A cell of so few letters stays on one line if all of its column are as short, and a line of so many letters has room
#: for them and for the longest word of every other column.
_SHORT_CELL, _LINE, _GAP = 20, 80, 3
#: A wide table, whose type is smaller, may divide words if its longest ones need a longer line than this.
_SMALL_LINE = 104
#: From so many columns on, one with a cell of so many letters keeps a width in which sentences can be read.
_SCROLLING_COLUMNS, _WORDY_CELL = 4, 24
#: More rows or columns than a cell of a table that can be printed spans.
_MOST_SPANNED = 100
_BLOCKS = frozenset({"blockquote", "dl", "figure", "ol", "p", "pre", "ul"})
#: Of more rows than this, neither the first nor the last is alone on a page, unless its longest cell has more letters.
_FEW_ROWS, _LONG_CELL = 3, 100


def mark(root: Element) -> None:
    """Give each table below `root` the class of its width, and the rows that a cell joins the class that keeps them."""
    for table in root.iter("table"):
        if name := _width(table):
            table.set("class", f"{name} {table.get('class') or ''}".strip())
        _set_widths(table)
        for section in table.iter("thead", "tbody", "tfoot"):
            _join_rows(section.findall("tr"))


def _width(table: Element) -> str:
    """Return the class of a table's width, judged by its columns and by the letters in them; "" for the usual one."""
    longest: dict[int, int] = {}
    for start, cell in _cells(table):
        if int(cell.get("colspan") or 1) == 1:
            longest[start] = max(longest.get(start, 0), len(text_of(cell)))
        else:
            longest.setdefault(start + int(cell.get("colspan") or 1) - 1, 0)
    columns = max(longest, default=-1) + 1
    if columns >= _MANY_COLUMNS:
        return "very-wide" if columns >= _TOO_MANY_COLUMNS else "wide"
    return "narrow" if sum(longest.values()) + 3 * columns < _FEW_LETTERS else ""


def _set_widths(table: Element) -> None:
    """Keep the cells of short columns on one line, where another column has room to give; mark those of sentences."""
    columns: dict[int, list[Element]] = {}
    for start, cell in _cells(table):
        if int(cell.get("colspan") or 1) == 1:
            columns.setdefault(start, []).append(cell)
    texts = {start: [text_of(cell) for cell in cells if cell.tag == "td"] for start, cells in columns.items()}
    longest = {start: max(map(len, found), default=0) for start, found in texts.items()}
    words = {start: _longest_word(cells) for start, cells in columns.items()}
    needed = sum(words.values()) + _GAP * len(columns)
    if needed > _SMALL_LINE:
        _classify([table], "tight")
    room = _LINE - needed
    short = sorted((length, start) for start, length in longest.items() if length <= _SHORT_CELL)
    for length, start in short if len(short) < len(longest) else ():
        room -= max(0, length - words[start])
        if room >= 0:
            _classify((cell for cell in columns[start] if _fits(cell, max(length, words[start]))), "nobr")
    for start, length in longest.items() if len(longest) >= _SCROLLING_COLUMNS else ():
        if length > _WORDY_CELL:
            _classify((cell for cell in columns[start] if cell.tag == "td"), "wordy")


def _longest_word(cells: list[Element]) -> int:
    """Return the letters of the longest word in `cells`; a no-break space ends no word."""
    texts = ("".join(map(str, cell.itertext())) for cell in cells)
    return max((len(word) for text in texts for word in re.split(r"[ \t\n]+", text)), default=0)


def _fits(cell: Element, letters: int) -> bool:
    """Return whether `cell` holds several words that a line of `letters` letters has room for, and nothing else."""
    text = text_of(cell)
    return " " in text and len(text) <= letters and not any(part.tag in _BLOCKS for part in cell)


def _classify(cells: Iterable[Element], name: str) -> None:
    for cell in cells:
        cell.set("class", f"{cell.get('class') or ''} {name}".strip())


def _cells(table: Element) -> Iterator[tuple[int, Element]]:
    """Yield each cell with the number of its first column, from 0."""
    for section in table.iter("thead", "tbody", "tfoot"):
        taken: set[tuple[int, int]] = set()
        for number, row in enumerate(section.findall("tr")):
            column = 0
            for cell in row:
                while (number, column) in taken:
                    column += 1
                yield column, cell
                width, height = (min(int(cell.get(name) or 1), _MOST_SPANNED) for name in ("colspan", "rowspan"))
                taken |= {(number + down, column + over) for down in range(1, height) for over in range(width)}
                column += width


def _join_rows(rows: list[Element]) -> None:
    """Mark each row that stays with the next: one that a cell joins with it, and the first and the last but one of many."""
    ends = {0, len(rows) - 2} if len(rows) > _FEW_ROWS and all(map(_is_low, rows[:1] + rows[-2:])) else set()
    last = -1
    for number, row in enumerate(rows):
        spans = [number + int(cell.get("rowspan") or 1) - 1 for cell in row]
        last = max([last, *spans])
        if number in ends or number < min(last, len(rows) - 1):
            row.set("class", f"{row.get('class') or ''} joined".strip())


def _is_low(row: Element) -> bool:
    """Return whether no cell of `row` has more than about five lines of text."""
    return max((len(text_of(cell)) for cell in row), default=0) < _LONG_CELL


def let_scroll(root: Element, labels: Labels) -> None:
    """Wrap each table, so that a wide one scrolls on its own, also from the keyboard."""
    for number, table in enumerate(list(root.iter("table")), 1):
        holder = make("div", class_="table-scroll", role="group", tabindex="0")
        caption = table.find("caption")
        if caption is None:
            holder.set("aria-label", f"{labels['table']} {number}")
        else:
            caption.set("id", caption.get("id") or f"pubkit-caption-{number}")
            holder.set("aria-labelledby", caption.get("id", ""))
            _hold_in_view(caption)
        wrap(table, holder)


def _hold_in_view(caption: Element) -> None:
    """Put what `caption` holds into an element of its own, which the style sheets keep as wide as the page at most."""
    held = make("div", *list(caption), class_="table-caption")
    held.text, caption.text = caption.text, None
    caption.append(held)
