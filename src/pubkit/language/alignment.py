"""Alignment of two sequences, such as the words of a text and of its source: the stretches that both share.

What occurs exactly once in each is an anchor (the idea of Bram Cohen's patience diff); of the anchors, the longest series
with the same order in both is kept, and each is extended as far as the sequences agree. Then the gaps between are treated
in the same way, so that the alignment continues after whatever one side lacks. In what is left, where nothing is unique, it
goes from one agreement to the next nearest. The time is in proportion to the lengths, whatever the sequences contain.
"""

from __future__ import annotations

import bisect
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

__all__ = ["LETTERS", "WORDS", "Grain", "Stretch", "aligned"]

#: How many times gaps are searched for anchors again.
_DEEPEST = 6
#: The distances within which agreement is looked for where nothing is unique.
_REACHES = (16, 64, 256)
#: From this many letters on, a text is searched for anchors by groups of places.
_LONG = 20_000


class Grain(NamedTuple):
    """The numbers of elements that make an anchor, by pass, and an agreement where nothing is unique.

    All elements of a gap are compared with each other if that takes at most `comparisons` for each element.
    """

    anchors: tuple[int, ...]
    agreement: int
    comparisons: int


WORDS = Grain(anchors=(1, 3), agreement=3, comparisons=24)
#: Single letters agree by chance, so they prove nothing.
LETTERS = Grain(anchors=(24, 10), agreement=10, comparisons=0)


class Stretch(NamedTuple):
    """`length` equal elements, from `left` on in one sequence and from `right` on in the other."""

    left: int
    right: int
    length: int


class _Gap(NamedTuple):
    """Half-open ranges of both sequences in which nothing is aligned yet."""

    left: int
    left_end: int
    right: int
    right_end: int

    @property
    def empty(self) -> bool:
        return self.left == self.left_end or self.right == self.right_end

    def small(self, comparisons: int) -> bool:
        """Return whether comparing all elements with each other takes at most so many comparisons for each."""
        width, height = self.left_end - self.left, self.right_end - self.right
        return width * height <= comparisons * (width + height)


def aligned(left: Sequence[str], right: Sequence[str], grain: Grain = WORDS) -> list[Stretch]:
    """Return the stretches that `left` and `right` share, in the order of both.

    An element that occurs in several places is aligned where its neighbours are.
    """
    found: list[Stretch] = []
    work = [(_Gap(0, len(left), 0, len(right)), 0)]
    while work:
        gap, depth = work.pop()
        anchored = [] if depth else _anchored(left, right, gap, grain, first=True)
        if not anchored:
            gap = _trimmed(left, right, gap, found)
            if gap.empty:
                continue
            anchored = _anchored(left, right, gap, grain, first=False) if depth < _DEEPEST else []
        if anchored:
            work += ((one, depth + 1) for one in _between(anchored, gap))
            found += anchored
        elif gap.small(grain.comparisons):
            found += _compared(left, right, gap)
        else:
            found += _followed(left, right, gap, grain)
    return sorted(found)


def _trimmed(left: Sequence[str], right: Sequence[str], gap: _Gap, found: list[Stretch]) -> _Gap:
    """Return `gap` without the elements that its ends share, which are added to `found`."""
    before = _agreement(left, right, gap.left, gap.right, gap)
    if before:
        found.append(Stretch(gap.left, gap.right, before))
    gap = gap._replace(left=gap.left + before, right=gap.right + before)
    behind = _agreement_before(left, right, gap.left_end, gap.right_end, gap)
    if behind:
        found.append(Stretch(gap.left_end - behind, gap.right_end - behind, behind))
    return gap._replace(left_end=gap.left_end - behind, right_end=gap.right_end - behind)


def _agreement(left: Sequence[str], right: Sequence[str], i: int, j: int, gap: _Gap) -> int:
    """Return how many elements agree from `i` and `j` on, inside `gap`."""
    most = min(gap.left_end - i, gap.right_end - j)
    length = 0
    while length < most and left[i + length] == right[j + length]:
        length += 1
    return length


def _agreement_before(left: Sequence[str], right: Sequence[str], i: int, j: int, gap: _Gap) -> int:
    """Return how many elements agree before `i` and `j`, inside `gap`."""
    most = min(i - gap.left, j - gap.right)
    length = 0
    while length < most and left[i - length - 1] == right[j - length - 1]:
        length += 1
    return length


def _between(stretches: Sequence[Stretch], gap: _Gap) -> Iterator[_Gap]:
    """Yield the parts of `gap` that `stretches` leave open."""
    i, j = gap.left, gap.right
    for one in stretches:
        yield _Gap(i, one.left, j, one.right)
        i, j = one.left + one.length, one.right + one.length
    yield _Gap(i, gap.left_end, j, gap.right_end)


# Anchors


def _anchored(left: Sequence[str], right: Sequence[str], gap: _Gap, grain: Grain, *, first: bool) -> list[Stretch]:
    """Return stretches of `gap` around elements unique in both parts; in the first pass, no single elements."""
    for length in grain.anchors:
        pairs = _in_order(_partners(left, right, gap, length), gap.left)
        stretches = list(_extended(left, right, pairs, gap))
        if first:
            stretches = [one for one in stretches if one.length > 1 or left[one.left].startswith("\0")]
        if stretches:
            return stretches
    return []


def _partners(left: Sequence[str], right: Sequence[str], gap: _Gap, length: int) -> array[int]:
    """Return, for each place on the left of `gap`, where on the right the same `length` elements are; -1 for nowhere.

    Only series that occur once on either side have a partner. Those of a long text are compared in groups, by their
    first letter, because all of them at once would take several hundred bytes for each letter.
    """
    partners = array("i", [-1]) * (gap.left_end - gap.left)
    grouped = isinstance(left, str) and max(gap.left_end - gap.left, gap.right_end - gap.right) >= _LONG
    there = _groups(right, gap.right, gap.right_end - length + 1, grouped=grouped)
    for key, places in _groups(left, gap.left, gap.left_end - length + 1, grouped=grouped).items():
        if key in there:
            others = _unique(right, there[key], length)
            for series, place in _unique(left, places, length).items():
                partners[place - gap.left] = others.get(series, -1)
    return partners


def _groups(elements: Sequence[str], start: int, end: int, *, grouped: bool) -> Mapping[str, Sequence[int]]:
    """Return the places from `start` to `end`, by the element there if they are to be `grouped`."""
    if not grouped:
        return {"": range(start, max(start, end))}
    groups: dict[str, array[int]] = {}
    for place, key in enumerate(elements[start : max(start, end)], start):
        if key not in groups:
            groups[key] = array("i")
        groups[key].append(place)
    return groups


def _unique(elements: Sequence[str], places: Sequence[int], length: int) -> dict[str | tuple[str, ...], int]:
    """Return the place of each series of `length` elements that begins at only one of `places`."""
    series = _series(elements, places, length)
    counts = Counter(series)
    return {one: place for place, one in zip(places, series, strict=True) if counts[one] == 1}


def _series(elements: Sequence[str], places: Sequence[int], length: int) -> Sequence[str | tuple[str, ...]]:
    """Return the `length` elements at each of `places`, which follow each other unless `elements` are letters."""
    if isinstance(elements, str):
        return [elements[place : place + length] for place in places]
    start, end = (places[0], places[-1] + 1) if places else (0, 0)
    if length == 1:
        return elements[start:end]
    return list(zip(*(elements[start + shift : end + shift] for shift in range(length)), strict=True))


def _in_order(partners: array[int], start: int) -> Iterator[tuple[int, int]]:
    """Yield the longest series of pairs of places, from `start` on, of which both the first and the second rise."""
    ends, last = array("i"), array("i")
    before = array("i", [-1]) * len(partners)
    for number, place in enumerate(partners):
        if place < 0:
            continue
        length = bisect.bisect_left(ends, place) if ends and place <= ends[-1] else len(ends)
        before[number] = last[length - 1] if length else -1
        if length == len(ends):
            ends.append(place)
            last.append(number)
        else:
            ends[length], last[length] = place, number
    kept = array("i")
    number = last[-1] if last else -1
    while number >= 0:
        kept.append(number)
        number = before[number]
    return ((start + number, partners[number]) for number in reversed(kept))


def _extended(
    left: Sequence[str], right: Sequence[str], anchors: Iterable[tuple[int, int]], gap: _Gap
) -> Iterator[Stretch]:
    """Yield each of `anchors` with everything that agrees before and after it."""
    i, j = gap.left, gap.right
    for here, there in anchors:
        if here < i or there < j:
            continue
        open_gap = gap._replace(left=i, right=j)
        before = _agreement_before(left, right, here, there, open_gap)
        behind = _agreement(left, right, here, there, open_gap)
        yield Stretch(here - before, there - before, before + behind)
        i, j = here + behind, there + behind


# Where nothing is unique


def _compared(left: Sequence[str], right: Sequence[str], gap: _Gap) -> list[Stretch]:
    """Return the stretches of a small `gap` with the most elements in all; of equal choices, the fewest stretches."""
    rows, columns = gap.left_end - gap.left, gap.right_end - gap.right
    best = [[0] * (columns + 1) for _ in range(rows + 1)]
    joined = [[0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(rows - 1, -1, -1):
        element, here, below = left[gap.left + row], best[row], best[row + 1]
        for column in range(columns - 1, -1, -1):
            most = max(below[column], here[column + 1])
            if element == right[gap.right + column]:
                behind = joined[row + 1][column + 1]
                joined[row][column] = 2 + max(below[column + 1], behind + 1 if behind else 0)
                most = max(most, joined[row][column])
            here[column] = most
    return _traced(best, joined, gap)


def _traced(best: list[list[int]], joined: list[list[int]], gap: _Gap) -> list[Stretch]:
    found = []
    row = column = 0
    while best[row][column]:
        if joined[row][column] < best[row][column]:
            row, column = (row + 1, column) if best[row + 1][column] == best[row][column] else (row, column + 1)
            continue
        start, length = (gap.left + row, gap.right + column), 1
        while joined[row + 1][column + 1] and joined[row + 1][column + 1] + 1 >= best[row + 1][column + 1]:
            row, column, length = row + 1, column + 1, length + 1
        found.append(Stretch(*start, length))
        row, column = row + 1, column + 1
    return found


def _followed(left: Sequence[str], right: Sequence[str], gap: _Gap, grain: Grain) -> list[Stretch]:
    """Return stretches of a large `gap` from its start, each at the nearest place where both sequences agree again."""
    found: list[Stretch] = []
    while not gap.empty:
        agreed = _nearest(left, right, gap, grain.agreement)
        if agreed is None and gap.small(grain.comparisons):
            return [*found, *_compared(left, right, gap)]
        if agreed is None:
            longer = gap.right_end - gap.right > gap.left_end - gap.left
            step = _REACHES[-1] // 2
            gap = (
                gap._replace(right=min(gap.right + step, gap.right_end))
                if longer
                else gap._replace(left=min(gap.left + step, gap.left_end))
            )
            continue
        skipped = _Gap(gap.left, agreed[0], gap.right, agreed[1])
        if not skipped.empty and skipped.small(grain.comparisons):
            found += _compared(left, right, skipped)
        length = _agreement(left, right, *agreed, gap)
        found.append(Stretch(*agreed, length))
        gap = gap._replace(left=agreed[0] + length, right=agreed[1] + length)
    return found


def _nearest(left: Sequence[str], right: Sequence[str], gap: _Gap, length: int) -> tuple[int, int] | None:
    """Return the nearest places after the start of `gap` at which `length` elements agree."""
    for reach in _REACHES:
        ahead = _first_places(right, gap.right, min(gap.right + reach, gap.right_end), length)
        here = _first_places(left, gap.left, min(gap.left + reach, gap.left_end), length)
        pairs = ((place, ahead[series]) for series, place in here.items() if series in ahead)
        if nearest := min(pairs, key=sum, default=None):
            return nearest
    return None


def _first_places(elements: Sequence[str], start: int, end: int, length: int) -> dict[str | tuple[str, ...], int]:
    """Return the first place of each series of `length` elements between `start` and `end`."""
    places = range(start, max(start, end - length + 1))
    series = _series(elements, places, length)
    return {one: place for place, one in zip(reversed(places), reversed(series), strict=True)}
