"""The words of a finished web page, each with its place among the elements, and how a run of them is marked."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct

from pubkit.boundary.xml import Element
from pubkit.render.elements import make

__all__ = ["PageWords", "Run"]

_WORD = re.compile(r"[^\W_]+")
#: Elements whose words the author has not written, or that are marked as a whole.
_NOT_READ = frozenset({"math", "nav", "script", "style", "svg"})
_NOT_WRITTEN = frozenset({"section-number", "header-section-number", "note-back", "csl-left-margin", "reference-list"})


class Run(Struct, frozen=True):
    """The words `first` to `last` of a page, both included, and the class, id and number that their mark gets."""

    first: int
    last: int
    kind: str
    identifier: str
    number: str


class _Cut(NamedTuple):
    """A part of a text that a run covers; `opens` and `closes` say whether the run begins and ends in this text."""

    start: int
    end: int
    run: Run
    opens: bool
    closes: bool


class _Piece(Struct, eq=False):
    """A text of the page: that of `element`, or what follows it; `words` are the numbers of its first and next word."""

    element: Element
    is_tail: bool
    text: str


class PageWords:
    """The words of some elements of a page in reading order; `words` are folded for comparison."""

    def __init__(self, roots: Sequence[Element]) -> None:
        self.words: list[str] = []
        self._pieces: list[_Piece] = []
        self._places: list[tuple[int, int, int]] = []
        for root in roots:
            for piece in _pieces(root):
                self._add(piece)

    def _add(self, piece: _Piece) -> None:
        number = len(self._pieces)
        self._pieces.append(piece)
        for found in _WORD.finditer(piece.text):
            self.words.append(found[0].casefold())
            self._places.append((number, found.start(), found.end()))

    def element(self, word: int) -> Element:
        """Return the innermost element that holds a word."""
        piece = self._pieces[self._places[word][0]]
        parent = piece.element.getparent() if piece.is_tail else piece.element
        return piece.element if parent is None else parent

    def mark(self, runs: Sequence[Run]) -> None:
        """Put each run into <mark> elements, the first of them with its id; where runs overlap, the later one is inside.

        The words must not be asked for afterwards.
        """
        cuts: dict[int, list[_Cut]] = {}
        for run in runs:
            (first, start, _), (last, _, end) = self._places[run.first], self._places[run.last]
            for number in range(first, last + 1):
                text = self._pieces[number].text
                begin, stop = start if number == first else 0, end if number == last else len(text)
                if text[begin:stop].strip():
                    cuts.setdefault(number, []).append(_Cut(begin, stop, run, number == first, number == last))
        for number in sorted(cuts, reverse=True):
            _cut(self._pieces[number], cuts[number])


def _pieces(root: Element) -> Iterator[_Piece]:
    """Yield the texts in `root`, in order, without those that no author has written."""
    waiting = [(root, False)]
    while waiting:
        element, is_tail = waiting.pop()
        text = element.tail if is_tail else element.text
        if text:
            yield _Piece(element, is_tail, str(text))
        if not is_tail:
            for child in reversed(element):
                waiting.append((child, True))
                if _is_read(child):
                    waiting.append((child, False))


def _is_read(element: Element) -> bool:
    if not isinstance(element.tag, str) or element.tag in _NOT_READ:
        return False
    return not _NOT_WRITTEN.intersection((element.get("class") or "").split())


def _cut(piece: _Piece, cuts: Sequence[_Cut]) -> None:
    """Replace the text of `piece` with its parts, each marked by the runs that cover it."""
    bounds = sorted({0, len(piece.text), *(one.start for one in cuts), *(one.end for one in cuts)})
    parts: list[Element | str] = []
    for start, end in itertools.pairwise(bounds):
        part: Element | str = piece.text[start:end]
        for cut in cuts:
            if cut.start <= start and end <= cut.end:
                part = _marked(part, cut, opens=cut.opens and start == cut.start, closes=cut.closes and end == cut.end)
        parts.append(part)
    _put(piece, parts)


def _marked(part: Element | str, cut: _Cut, *, opens: bool, closes: bool) -> Element:
    mark = make("mark", part, class_=f"pk-mark {cut.run.kind}")
    if opens:
        mark.set("id", cut.run.identifier)
    if closes:
        mark.set("data-pk", cut.run.number)
    return mark


def _put(piece: _Piece, parts: Sequence[Element | str]) -> None:
    element = piece.element
    holder = element.getparent() if piece.is_tail else element
    if holder is None:
        return
    index = holder.index(element) + 1 if piece.is_tail else 0
    if piece.is_tail:
        element.tail = None
    else:
        element.text = None
    before = element if piece.is_tail else None
    for part in parts:
        if isinstance(part, str):
            if before is None:
                holder.text = (holder.text or "") + part
            else:
                before.tail = (before.tail or "") + part
        else:
            holder.insert(index, part)
            index, before = index + 1, part
