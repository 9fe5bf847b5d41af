"""Headings, titles and subtitles of several lines, narrowed until the lines are of much the same length.

How many lines a heading has is known only when it is laid out. That depends on nothing but the heading and what is around
it, so that headings are laid out alone, which takes a moment, and not the whole page once more. What is true of the whole
page is looked at all the same. This module runs in WeasyPrint's process.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Container, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

__all__ = ["HEADINGS", "Layout", "Narrowed", "ahead", "balance", "is_balanced"]

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: The classes of what is balanced as a heading is.
_TITLES = frozenset({"cover-subtitle", "cover-title", "half-title-words", "leaflet-subtitle", "subtitle"})

#: The last line of a heading is short below this part of the longest.
_SHORT_LINE = 0.75
#: The room for letters wider than the mean, at first and when a line more came of it; then the heading stays as it was.
_ROOMS = (1.05, 1.15, 1.25)
#: How often headings are laid out alone: to narrow them, to give them more room, and to set them back.
_MOST = 5

Element = Any


class Narrowed(NamedTuple):
    """A heading that was narrowed: how many lines it shall have, and its padding in pixels, and after that at each try.

    One that is `centred` has half of it on either side.
    """

    lines: int
    paddings: tuple[float, ...]
    centred: bool


class Layout(Protocol):
    """The widths of the lines of each heading, and the room that they had, in pixels."""

    @property
    def headings(self) -> Mapping[Element, Sequence[float]]:
        """Return the widths of the lines of each heading."""

    @property
    def rooms(self) -> Mapping[Element, float]:
        """Return the width of each heading's box."""

    @property
    def centred(self) -> Container[Element]:
        """Return the headings whose lines are in the middle."""


def is_balanced(element: Element) -> bool:
    """Return whether `element` is a heading, a title or a subtitle."""
    return element.tag in HEADINGS or not _TITLES.isdisjoint((element.get("class") or "").split())


def ahead(root: Element, look: Callable[[Element], Layout]) -> dict[Element, Narrowed]:
    """Narrow the headings of the page `root`, which `look` has not laid out; return what `balance` has to know of them."""
    alone, originals = extract(root, is_balanced)
    narrowed: dict[Element, Narrowed] = {}
    for _ in range(_MOST if originals else 0):
        if not balance(look(alone), narrowed):
            break
        _leave_out(alone, lambda one: is_balanced(one) and one not in narrowed)
    for heading in narrowed:
        if style := heading.get("style"):
            originals[heading].set("style", style)
    return {originals[heading]: state for heading, state in narrowed.items()}


def _leave_out(page: Element, unwanted: Callable[[Element], bool]) -> None:
    """Remove elements from `page` that are as they shall be."""
    for around in list(page.iter()):
        for child in [one for one in around if unwanted(one)]:
            around.remove(child)


def extract(root: Element, wanted: Callable[[Element], bool]) -> tuple[Element, Mapping[Element, Element]]:
    """Return a page with only the `wanted` elements of `root` and what is around them, and of what each is a copy.

    If `root` has none, nothing is a copy of anything.
    """
    originals: dict[Element, Element] = {}

    def copied(element: Element) -> Element | None:
        if wanted(element):
            again = copy.deepcopy(element)
            originals[again] = element
            return again
        kept = [child for child in map(copied, element) if child is not None]
        if not kept:
            return None
        around = element.makeelement(element.tag, dict(element.attrib))
        around.extend(kept)
        originals[around] = element
        return around

    page = copied(root)
    return (root if page is None else page), originals


def balance(layout: Layout, narrowed: dict[Element, Narrowed]) -> bool:
    """Narrow each heading of several lines, the last of which is short; say whether there was any.

    `narrowed` has those that have been. One that now has more lines gets more room, and is set back if that is in vain.
    """
    changed = False
    for heading, widths in layout.headings.items():
        if heading in narrowed:
            state = narrowed[heading]
            if len(widths) > state.lines and heading.get("style"):
                narrowed[heading] = state._replace(paddings=state.paddings[1:])
                _pad(heading, narrowed[heading])
                changed = True
        elif len(widths) > 1 and widths[-1] < _SHORT_LINE * max(widths) and not _is_set(heading):
            paddings = _paddings(heading, widths, layout.rooms[heading])
            narrowed[heading] = Narrowed(len(widths), paddings, heading in layout.centred)
            _pad(heading, narrowed[heading])
            changed = True
    return changed


def _is_set(heading: Element) -> bool:
    """Return whether the lines of `heading` are set already: by its style, or by phrases that stay together."""
    return bool(heading.get("style")) or any(part.get("class") == "title-phrase" for part in heading.iter())


def _pad(heading: Element, state: Narrowed) -> None:
    """Give `heading` the first of the paddings of its `state`; none if there is none left."""
    if not state.paddings:
        heading.attrib.pop("style", None)
    elif state.centred:
        heading.set("style", f"padding-inline: {state.paddings[0] / 2:.1f}px")
    else:
        heading.set("style", f"padding-inline-end: {state.paddings[0]:.1f}px")


def _paddings(heading: Element, widths: Sequence[float], room: float) -> tuple[float, ...]:
    """Return the paddings to try, in pixels: the most first."""
    narrowest = _narrowest(heading, widths)
    return tuple(max(0.0, room - min(max(widths), more * narrowest)) for more in _ROOMS)


def _narrowest(heading: Element, widths: Sequence[float]) -> float:
    """Return about the least width, in pixels, at which `heading` has as many lines as `widths`: judged by its letters."""
    words = re.split(r"[ \t\n]+", "".join(heading.itertext()).strip(" \t\n"))
    letters = max(1, len(" ".join(words)))
    least = next(
        length for length in range(letters // len(widths), letters + 1) if _lines(words, length) <= len(widths)
    )
    return least * sum(widths) / letters


def _lines(words: Sequence[str], length: int) -> int:
    """Return the number of lines of `length` letters that `words` fill."""
    lines, filled = 1, -1
    for word in words:
        if filled + 1 + len(word) > length and filled >= 0:
            lines, filled = lines + 1, -1
        filled += 1 + len(word)
    return lines
