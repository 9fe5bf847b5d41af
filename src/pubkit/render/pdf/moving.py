"""Which figure or table moves, and where to, once it is known that it leaves a page partly empty.

Only what has a caption moves, never past another figure or table, never out of its chapter, and never past a footnote if it
has one of its own: numbers stay in order. This module runs in WeasyPrint's process.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from pubkit.render.pdf.balancing import HEADINGS
from pubkit.render.pdf.laid import Fragment, Layout, classes, floats, has_caption

__all__ = ["Move", "Mover", "NotYet"]

#: An empty foot of a page, as a part of its height, from which on something moves, and what may be left of it.
_EMPTY, _LEFT = 0.1, 0.06
#: An empty foot from which on something moves that leaves less of it, and how much of it must be filled.
_MUCH, _LITTLE = 0.2, 0.35
#: How often one thing moves.
_MOVES = 2
#: The most paragraphs that a figure or table moves past.
_FARTHEST = 8
#: Space above and below a figure, in pixels.
_AROUND = 40

_PASSABLE = frozenset({"p", "ul", "ol", "dl", "blockquote", "pre", "hr"})

Element = Any


class NotYet(Exception):
    """What decides a move is on pages that are not laid out yet."""


class Move(NamedTuple):
    """The `things`, in order, go behind or before `block`; pages from `first` on, from 0, are to be laid out again."""

    things: Sequence[Element]
    block: Element
    behind: bool
    first: int

    def make(self, layout: Layout) -> None:
        """Move the elements."""
        for one in reversed(self.things):
            layout.parents[one].remove(one)
            parent = layout.parents[self.block]
            parent.insert(list(parent).index(self.block) + self.behind, one)
        layout.refresh()


class Mover:
    """Decides what moves; knows what has moved, and what is where it is for good."""

    def __init__(self) -> None:
        self._moves: dict[Element, int] = {}

    def move(self, layout: Layout, page: int, *, last: bool) -> Move | None:
        """Return how the figure or table moves that follows `page`, from 0, and leaves it partly empty; None if none does.

        `last` says that `layout` has the last page of the document.

        Raises:
            NotYet: that depends on pages that `layout` does not have.
        """
        thing = _opened_by(layout, page + 1)
        if thing is None or layout.gap(page) < _EMPTY * layout.frames[page].height:
            return None
        if layout.chapter(thing) is None or self._moves.get(thing, 0) >= _MOVES or not has_caption(thing):
            return None
        found = _Decision(layout, thing, page, last=last).move()
        self._moves[thing] = self._moves.get(thing, 0) + 1 if found else _MOVES
        return found


def _opened_by(layout: Layout, page: int) -> Element | None:
    """Return the figure or table with which `page` begins, perhaps below its heading; None if there is none."""
    chain = layout.opening.get(page, [])
    for element in chain:
        if floats(element) and layout.starts(element) == page:
            return element
    if chain and chain[-1].tag in HEADINGS and chain[-1] in layout.parents:
        siblings = list(layout.parents[chain[-1]])
        following = siblings[siblings.index(chain[-1]) + 1 :][:1]
        return next((one for one in following if floats(one) and one in layout.fragments), None)
    return None


class _Place(NamedTuple):
    """A place behind `block`: how much text is before it, from the thing that moves there on and its heading, in pixels."""

    block: Element
    passed: float


class _Decision:
    """Where `thing`, with which the page after `page` begins, may go."""

    def __init__(self, layout: Layout, thing: Element, page: int, *, last: bool) -> None:
        self._layout = layout
        self._thing = thing
        self._page = page
        self._last = last

    def move(self) -> Move | None:
        """Return where it goes, None if it stays.

        Raises:
            NotYet: that depends on pages that are not laid out yet.
        """
        return self._later() or (self._turned_earlier() if "sideways" in classes(self._thing) else self._earlier())

    def _fragments(self, element: Element) -> list[Fragment]:
        """Return all parts of an element."""
        if not (self._last or self._layout.ended(element)):
            raise NotYet
        return self._layout.fragments.get(element, [])

    def _height(self, element: Element) -> float:
        return sum(part.bottom - part.top for part in self._fragments(element))

    def _later(self) -> Move | None:
        """Move it behind the paragraphs that fill the foot of the page, if there are enough."""
        frame, gap = self._layout.frames[self._page], self._layout.gap(self._page)
        things = self._side_by_side() or [self._thing]
        places, best = self._places(things), None
        if "sideways" in classes(self._thing):
            best = min(places, key=lambda place: _left_over(gap, place.passed, frame.height), default=None)
            if best is None or _left_over(gap, best.passed, frame.height) > 0.8 * gap:
                return None
        else:
            seen: list[_Place] = []
            best = next((place for place in _kept(places, seen) if place.passed >= gap - _LEFT * frame.height), None)
            if best is None and gap > _MUCH * frame.height and seen and seen[-1].passed > _LITTLE * gap:
                best = seen[-1]
        return Move(things, best.block, behind=True, first=self._page) if best else None

    def _side_by_side(self) -> list[Element]:
        """Return it with the figures and tables that follow it at once, which move with it, so that they stay in order."""
        siblings = list(self._layout.parents[self._thing])
        following = siblings[siblings.index(self._thing) :]
        return [*itertools.takewhile(lambda one: floats(one) and self._fragments(one) and has_caption(one), following)]

    def _places(self, things: Sequence[Element]) -> Iterator[_Place]:
        """Yield the places to which `things` may move, one behind each paragraph that follows them in their chapter."""
        opening = self._layout.opening.get(self._layout.starts(things[0]), [])
        passed = self._height(opening[-1]) + _AROUND if opening and opening[-1].tag in HEADINGS else 0.0
        last, noted = self._fragments(things[-1])[-1], any(map(_notes, things))
        for block in itertools.islice(self._flow_after(things[-1]), _FARTHEST):
            parts = self._fragments(block)
            if not parts or (noted and _notes(block)):
                return
            space = parts[0].top - last.bottom if parts[0].page == last.page else 0.0
            passed, last = passed + self._height(block) + max(0.0, min(space, _AROUND)), parts[-1]
            if block.tag not in HEADINGS:
                yield _Place(block, passed)

    def _flow_after(self, element: Element) -> Iterator[Element]:
        """Yield the paragraphs and headings that follow `element` in its chapter, up to what cannot be passed."""
        chapter = self._layout.chapter(element)
        while element is not chapter:
            parent = self._layout.parents[element]
            siblings = list(parent)
            for sibling in siblings[siblings.index(element) + 1 :]:
                for block in _blocks(sibling):
                    if block is None:
                        return
                    yield block
            element = parent

    def _earlier(self) -> Move | None:
        """Move it before paragraphs above it that begin on the page, if something in the document refers to it."""
        if not self._mentioned():
            return None
        for block in self._passed_above():
            parts = self._layout.fragments.get(block)
            if not parts or parts[0].page != self._page:
                return None
            if self._layout.frames[self._page].bottom - parts[0].top >= self._height(self._thing) + _AROUND:
                return self._before(block)
        return None

    def _turned_earlier(self) -> Move | None:
        """Move a turned table before the last text of its chapter, on the page, which no text after it fills.

        It goes before a paragraph that begins near the foot of the page before, or at the very top of the page.
        """
        page, frames = self._page, self._layout.frames
        best, least = None, _EMPTY * frames[page].height
        for block in self._passed_above():
            parts = self._layout.fragments.get(block)
            if not parts or parts[0].page < page - 1:
                break
            before = parts[0].page < page
            left = frames[page - 1].bottom - parts[0].top if before else parts[0].top - frames[page].top
            if left < least and page and not (_notes(self._thing) or _notes(block)):
                best, least = block, left
        if best is None or next(self._flow_after(self._thing), None) is not None:
            return None
        return self._before(best)

    def _passed_above(self) -> Iterator[Element]:
        """Yield the paragraphs above it that it may pass, the nearest first."""
        siblings = list(self._layout.parents[self._thing])
        noted = "sideways" not in classes(self._thing) and _notes(self._thing)
        for block in reversed(siblings[: siblings.index(self._thing)]):
            if block.tag not in _PASSABLE or any(map(floats, block.iter())) or (noted and _notes(block)):
                return
            yield block

    def _before(self, block: Element) -> Move:
        """Return the move before `block`; if a page begins with that, the page before it is laid out again as well."""
        start = self._layout.starts(block)
        opens = block in self._layout.opening.get(start, [])
        return Move([self._thing], block, behind=False, first=max(0, start - opens))

    def _mentioned(self) -> bool:
        """Return whether there is a link to it or to something in it."""
        names = {f"#{part.get('id')}" for part in self._thing.iter() if part.get("id")}
        return any(link.get("href") in names for link in self._layout.root.iter("a"))


def _blocks(element: Element) -> Iterator[Element | None]:
    """Yield the blocks of `element` in order; None where it has something that nothing moves past."""
    if element.tag == "section" or (element.tag == "div" and not classes(element)):
        for child in element:
            yield from _blocks(child)
    elif element.tag in HEADINGS or (element.tag in _PASSABLE and not any(map(floats, element.iter()))):
        yield element
    else:
        yield None


def _notes(element: Element) -> bool:
    return any("footnote" in classes(part) for part in element.iter("span"))


def _kept(places: Iterator[_Place], seen: list[_Place]) -> Iterator[_Place]:
    """Yield `places`, and add each to those that were `seen`."""
    for place in places:
        seen.append(place)
        yield place


def _left_over(gap: float, passed: float, height: float) -> float:
    """Return what stays empty before a page of its own if `passed` pixels of text come first."""
    return gap - passed if passed <= gap else height - (passed - gap) % height
