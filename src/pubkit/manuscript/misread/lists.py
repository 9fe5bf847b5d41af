"""Lines that are read as lists because of a number or sign at their start, and lists whose numbers are changed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript import tree
from pubkit.manuscript.misread.units import UNIT
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078, SRC120

__all__ = ["bulleted", "numbered"]

#: The mark of an item, before the first word of the item on its line.
_MARK = expression(r"(?:^|[ \t>])(?P<mark>\(?(?P<number>#|\w{1,9})[.)])[ \t]+[^\w\n]*$")
_BULLET = expression(r"(?:^|[ \t>])(?P<mark>[-+*])[ \t]+[^\w\n+*-]*$")
_LEGEND = expression(r"\*{0,2}\s*[pP]\s?[<=≤>]\s?[.\d]|[^*]*(?<!\S)\*\*\s?\S")
_CHANGE = expression(rf"[$£€]?\d[\d.,–-]*\s*(?P<unit>{UNIT})", re.IGNORECASE)
#: From here on a number is a year, a dose or a count rather than one of a list.
_MANY = 100
_SHOWN = 50
#: The most characters before the first word of an item that are read.
_LONGEST = 300


class _Item(Struct, frozen=True):
    """An item as it is written: its mark, the number in it ("#" if pandoc is to count), and where the mark is.

    `opens_line` says that no mark of another list is before it, as in `- b) second`.
    """

    mark: str
    number: str
    start: int
    words: str
    opens_line: bool


def numbered(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each line of `blocks` that is no item of a list, and each item that gets another number."""
    lists = [one for one in tree.every(tree.OrderedList, blocks) if one.numbering.style.t != "Example"]
    expected = {
        (style, delimiter, number + len(one.content)) for one in lists for style, delimiter, number in _firsts(one)
    }
    for one in lists:
        if len(one.content) == 1 and one.numbering.start > 1 and expected.isdisjoint(_firsts(one)):
            yield from _no_list(one, places)
        elif one.numbering.style.t in {"Decimal", "DefaultStyle"}:
            yield from _changed(one, places)


#: Letters that are Roman numerals as well, by their place in the alphabet: pandoc reads all but i as letters.
_ROMAN = {3: 100, 4: 500, 12: 50, 13: 1000, 22: 5, 24: 10}


def _firsts(block: tree.OrderedList) -> Iterator[tuple[str, str, int]]:
    """Yield style, delimiter and first number of a list; a second time if its letter may be a Roman numeral."""
    style, delimiter, first = block.numbering.style.t, block.numbering.delimiter.t, block.numbering.start
    yield style, delimiter, first
    if "Alpha" in style and first in _ROMAN:
        yield style.replace("Alpha", "Roman"), delimiter, _ROMAN[first]


def _items(items: Sequence[list[tree.Block]], pattern: re.Pattern[str], places: Places) -> list[_Item | None]:
    """Return each item with its mark; None if its place is not known."""
    return [_item(item[0], pattern, places) if item else None for item in items]


def _item(first: tree.Block, pattern: re.Pattern[str], places: Places) -> _Item | None:
    start = places.start(first)
    line = places.source.text.rfind("\n", max(0, start - _LONGEST), start) + 1 or max(0, start - _LONGEST)
    found = pattern.search(places.source.text[line:start])
    if found is None:
        return None
    number = found.groupdict().get("number", "")
    at = line + found.start("mark")
    opens_line = not places.source.text[line:at].strip(" \t>")
    return _Item(found["mark"], number, at, tree.plain_text(first), opens_line)


def _no_list(block: tree.OrderedList, places: Places) -> Iterator[Finding]:
    for item in _items(block.content, _MARK, places):
        if item is None or not item.opens_line:
            continue
        shown = f"{item.mark} {item.words}"
        yield SRC078.at(
            places.source.location(item.start, len(item.mark)),
            f"The mark {item.mark} makes a list of this line: “{printable(shown, _SHOWN)}”",
            context=shown[:400],
            remedy=f"Write {item.mark[:-1]}\\{item.mark[-1]} if this is no list; if it is one, waive this finding.",
            severity=Severity.ERROR if block.numbering.start >= _MANY else Severity.WARNING,
            fix=places.source.fix(
                f"Print {item.mark} as it is", (item.start + len(item.mark) - 1,) * 2 + ("\\",), certain=False
            ),
        )


def _changed(block: tree.OrderedList, places: Places) -> Iterator[Finding]:
    """Find the first item that is printed with another number than it is written with."""
    items = _items(block.content, _MARK, places)
    written = {item.number for item in items if item}
    if len(written) < 2 or not all(number.isdecimal() for number in written):
        return
    for number, item in enumerate(items, block.numbering.start):
        if item and int(item.number) != number:
            yield SRC120.at(
                places.source.location(item.start, len(item.mark)),
                f"This item is written with the number {item.number} and printed with {number}.",
                context=item.words[:400],
                severity=Severity.ERROR if int(item.number) >= _MANY else None,
            )
            return


def bulleted(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each list of `blocks` whose marks may be meant as plus, minus or the star of a legend."""
    for siblings in tree.block_lists(blocks):
        for index, block in enumerate(siblings):
            if isinstance(block, tree.BulletList):
                yield from _signs(block, siblings[index - 1] if index else None, places)


def _signs(block: tree.BulletList, before: tree.Block | None, places: Places) -> Iterator[Finding]:
    items = [item for item in _items(block.content, _BULLET, places) if item]
    announced = before is not None and tree.plain_text(before).endswith(":")
    mixed = {"+", "-"} <= {item.mark for item in items}
    for item in items:
        change = _CHANGE.match(item.words)
        alone = len(block.content) == 1 and not announced
        below = len(block.content) == 1 and isinstance(before, tree.Table) and "*" in tree.plain_text(before)
        legend = item.mark == "*" and (below or _LEGEND.match(item.words))
        if legend or (item.mark in "+-" and change and (alone or mixed)):
            yield _signed(item, places)


def _signed(item: _Item, places: Places) -> Finding:
    means = {"+": "“plus” is", "-": "“minus” is", "*": "a star is"}[item.mark]
    instead = {"+": "+5 without a space", "-": "−5 without a space", "*": "\\*"}[item.mark]
    return SRC078.at(
        places.source.location(item.start, 1),
        f"The sign {item.mark} makes a list of this line, and is not printed: “{printable(item.words, _SHOWN)}”",
        context=item.words[:400],
        remedy=f"Write {instead} if {means} meant; if this is a list, waive this finding.",
        severity=Severity.WARNING if item.mark == "-" else None,
        fix=places.source.fix("Print the star as it is", (item.start, item.start, "\\"), certain=False)
        if item.mark == "*"
        else None,
    )
