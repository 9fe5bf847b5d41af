"""Runs of text found in the pages of a file: every letter of each, in order, with nothing else between them.

Only the end of a page, with its notes and running heads, may interrupt a run; between two runs there may be
anything that a page adds (list numbers, note marks, formulas). The content of a table or figure may be printed in
another order, because its cells continue on the next page side by side.
"""

from __future__ import annotations

import bisect
import itertools
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.language.alignment import LETTERS, Stretch, aligned
from pubkit.language.folding import letters
from pubkit.proof.promises.contents import Run

__all__ = ["Fault", "PagedText", "faults"]

#: The number of words before and after a fault that are shown with it.
_AROUND = 3
#: The most pieces that are looked for out of order, since each takes a search through the file.
_MOST_ASKED = 500
#: The most letters that are looked for across the end of a page; more would have been aligned.
_LONGEST_PARTED = 80
#: The most faulty runs that are read a second time, and the number of runs on each side that are read with them.
_MOST_DOUBTED = 40
_NEIGHBOURS = 3


class PagedText(Struct):
    """The letters of a file, page by page; `ends` are the places where a page ends.

    `taken` are the parts in which runs have been found, as half-open ranges in order.
    """

    letters: str
    ends: list[int]
    taken: list[tuple[int, int]] = []

    @classmethod
    def of(cls, pages: Sequence[str]) -> PagedText:
        """Return the text of `pages`, which are the letters of each page."""
        return cls("".join(pages), [0, *itertools.accumulate(map(len, pages))])

    @property
    def pages(self) -> list[str]:
        """Return the letters of each page."""
        return [self.letters[start:end] for start, end in itertools.pairwise(self.ends)]

    def rest(self) -> PagedText:
        """Return the parts that are not taken, with the end of a page in the place of those that are."""
        edges = [0, *(edge for span in self.taken for edge in span), len(self.letters)]
        return self.of([self.letters[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)])

    def end_within(self, low: int, high: int) -> int | None:
        """Return the first place from `low` to `high` where a page ends; None if none does."""
        at = bisect.bisect_left(self.ends, low)
        return self.ends[at] if at < len(self.ends) and self.ends[at] <= high else None


class Fault(Struct, frozen=True):
    """A fault in run `number`: its letters from `start` to `end` are not printed where they should be.

    If these are none, `extra` letters are printed there that the run does not have.
    """

    number: int
    run: Run
    start: int
    end: int
    whole: bool
    extra: str = ""

    @property
    def words(self) -> str:
        """Return the words of the run in question, with a few around them."""
        parts = self.run.text.split()
        ends: list[int] = []
        for part in parts:
            ends.append((ends[-1] if ends else 0) + len(letters(part)))
        first = max(0, bisect.bisect_right(ends, self.start) - _AROUND)
        return " ".join(parts[first : bisect.bisect_left(ends, self.end) + 1 + _AROUND])


class _Piece(Struct, frozen=True):
    """Letters of run `number` that are not aligned, as places among those of all runs, and their part of the file.

    `opens` is true if they are the first of their run, `closes` if they are the last.
    """

    number: int
    start: int
    end: int
    opens: bool
    closes: bool
    low: int
    high: int


def _from_lowest(places: int) -> int:
    """Return the bits from the lowest of `places` up to the width of a file."""
    return -(places & -places)


def faults(runs: Sequence[tuple[Run, str]], text: PagedText) -> list[Fault]:
    """Return the first fault in `text` of each of `runs`, which are given with their letters.

    Afterwards the parts of `text` in which runs were found are taken.
    """
    return _Search(runs, text).faults()


class _Search:
    """The letters of all runs, and their stretches that have been found in a file."""

    def __init__(self, runs: Sequence[tuple[Run, str]], text: PagedText) -> None:
        self._runs = runs
        self._text = text
        self._wanted = "".join(own for _, own in runs)
        self._starts = [0]
        for _, own in runs:
            self._starts.append(self._starts[-1] + len(own))
        self._found = aligned(self._wanted, text.letters, LETTERS)

    def faults(self) -> list[Fault]:
        lost = list(self._lost())
        self._found.sort()
        self._text.taken = [(one.right, one.right + one.length) for one in self._found]
        wrong = [self._fault(piece) for piece in self._without_moved(lost)]
        wrong += self._insertions()
        first = {fault.number: fault for fault in sorted(wrong, key=lambda one: (one.number, one.start), reverse=True)}
        if len(first) > _MOST_DOUBTED:
            return [first[number] for number in sorted(first)]
        return [first[number] for number in sorted(first) if not self._printed(number)]

    # Second reading

    def _printed(self, number: int) -> bool:
        """Return whether run `number` and its neighbours can still be read in their part of the file.

        If a note repeats words that the end of a page interrupts, the alignment may have taken the note for the run. All
        ways to read the runs are followed at once: `places` has a bit for each place in the file that can come next.
        """
        first, last = max(0, number - _NEIGHBOURS), min(len(self._runs), number + _NEIGHBOURS + 1)
        low, high = self._place(self._starts[first]), self._place(self._starts[last])
        text = self._text.letters[low:high]
        everywhere = (1 << (len(text) + 1)) - 1
        holds = {char: sum(1 << place for place, one in enumerate(text) if one == char) for char in set(text)}
        places = 1
        for _, own in self._runs[first:last]:
            places = _from_lowest(places) & everywhere
            for char in own:
                start = low + (places & -places).bit_length() - 1
                end = self._text.end_within(start, high)
                if end is not None:
                    places |= everywhere >> (end - low) << (end - low)
                places = (places & holds.get(char, 0)) << 1
                if not places:
                    return False
        return True

    def _place(self, letter: int) -> int:
        """Return where the text before `letter` ends in the file, as far as it is aligned."""
        at = bisect.bisect_left(self._found, (letter,)) - 1
        if at < 0:
            return 0
        one = self._found[at]
        if letter < one.left + one.length:
            return one.right + letter - one.left
        return one.right + one.length if letter < len(self._wanted) else len(self._text.letters)

    # Letters that are not aligned

    def _lost(self) -> Iterator[_Piece]:
        """Yield each piece that is not in its gap of the file; note where the others are."""
        for start, end, low, high in self._gaps():
            for number, first, last in self._parts(start, end):
                opens, closes = first == self._starts[number], last == self._starts[number + 1]
                piece = _Piece(number, first, last, opens, closes, low, high)
                stretches = self._placed(piece) or self._parted(piece)
                if not stretches:
                    yield piece
                    continue
                self._found += stretches
                low = stretches[-1].right + stretches[-1].length

    def _gaps(self) -> list[tuple[int, int, int, int]]:
        """Return the letters that are not aligned, as pieces, each with its part of the file."""
        gaps = []
        i = j = 0
        for one in (*self._found, Stretch(len(self._wanted), len(self._text.letters), 0)):
            if one.left > i:
                gaps.append((i, one.left, j, one.right))
            i, j = one.left + one.length, one.right + one.length
        return gaps

    def _parts(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield the number of each run that has letters from `start` to `end`, and the first and last of them."""
        number = bisect.bisect_right(self._starts, start) - 1
        while start < end:
            stop = min(end, self._starts[number + 1])
            if stop > start:
                yield number, start, stop
            start, number = stop, number + 1

    def _placed(self, piece: _Piece) -> list[Stretch]:
        """Return where `piece` is in its part of the file; nothing if it is not there as a whole."""
        text, wanted = self._text.letters, self._wanted[piece.start : piece.end]
        place = text.find(wanted, piece.low, piece.high)
        while place >= 0:
            if self._fits(piece, place, place + len(wanted)):
                return [Stretch(piece.start, place, len(wanted))]
            place = text.find(wanted, place + 1, piece.high)
        return []

    def _parted(self, piece: _Piece) -> list[Stretch]:
        """Return the two places of a short `piece` that the end of a page interrupts."""
        wanted = self._wanted[piece.start : piece.end]
        end = self._text.end_within(piece.low, piece.high)
        for length in range(len(wanted) - 1 if len(wanted) <= _LONGEST_PARTED and end is not None else 0, 0, -1):
            before = self._text.letters.find(wanted[:length], piece.low, end)
            behind = self._text.letters.find(wanted[length:], end, piece.high) if before >= 0 else -1
            if behind >= 0 and self._fits(piece, before, behind + len(wanted) - length):
                second = Stretch(piece.start + length, behind, len(wanted) - length)
                return [Stretch(piece.start, before, length), second]
        return []

    def _fits(self, piece: _Piece, start: int, end: int) -> bool:
        """Return whether at most the end of a page is between `piece`, at `start` to `end` in the file, and its run."""
        before = piece.opens or start == piece.low or self._text.end_within(piece.low, start) is not None
        return before and (piece.closes or end == piece.high or self._text.end_within(end, piece.high) is not None)

    def _without_moved(self, lost: Sequence[_Piece]) -> list[_Piece]:
        """Return `lost` without the pieces of a table or figure that are printed in another order."""
        rest = "\0".join(self._text.rest().pages)
        moved = (
            self._runs[one.number][0].unit and number < _MOST_ASKED and self._wanted[one.start : one.end] in rest
            for number, one in enumerate(lost)
        )
        return [one for one, free in zip(lost, moved, strict=True) if not free]

    # Faults

    def _fault(self, piece: _Piece) -> Fault:
        run, own = self._runs[piece.number]
        start = self._starts[piece.number]
        whole = 2 * (piece.end - piece.start) >= len(own)
        return Fault(piece.number, run, piece.start - start, piece.end - start, whole)

    def _insertions(self) -> Iterator[Fault]:
        """Yield each place inside a run at which the file has more letters although no page ends there."""
        for one, other in itertools.pairwise(self._found):
            left, right = one.left + one.length, one.right + one.length
            number = bisect.bisect_right(self._starts, left) - 1
            inside = left == other.left and self._starts[number] < left
            if inside and right < other.right and self._text.end_within(right, other.right) is None:
                place = left - self._starts[number]
                extra = self._text.letters[right : other.right]
                yield Fault(number, self._runs[number][0], place, place, False, extra)
