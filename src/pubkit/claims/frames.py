"""Claims put together from parts, whatever the order and whatever stands between them."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator, Sequence

from pubkit.claims.patterns import Pattern
from pubkit.expressions import expression

__all__ = ["Frame", "Part", "alternatives", "together"]

Span = tuple[int, int]

# A sentence has few places at which one part occurs; more are only in text that is made to take long.
_MOST_PLACES = 40


class Part:
    """A part of a claim; several frames ask for its places in the same text."""

    def __init__(self, outline: str, pattern: Pattern) -> None:
        self.outline = outline
        self._pattern = pattern
        self._searched = ""
        self._places: Sequence[Span] = ()

    def places(self, text: str) -> Sequence[Span]:
        """Return where the part occurs in the folded `text`, in order."""
        if text != self._searched:
            found = self._pattern.finditer(text)
            self._places = [match.span() for match in itertools.islice(found, _MOST_PLACES)]
            self._searched = text
        return self._places


class Frame:
    """Parts of which at least `least` (0: all) must occur, apart from each other, within a number of characters."""

    def __init__(self, parts: Sequence[Part], least: int, within: int) -> None:
        self._parts = parts
        self._least = least or len(parts)
        self._within = within

    def places(self, text: str) -> Iterator[tuple[int, int, str]]:
        """Yield start, end and words of each stretch of the folded `text` in which enough parts occur."""
        found = []
        for number, part in enumerate(self._parts, 1):
            if spans := part.places(text):
                found.append(spans)
            if len(found) + len(self._parts) - number < self._least:
                return
        for first in sorted(itertools.chain.from_iterable(found)):
            stretch = self._stretch(found, first)
            if stretch:
                yield *stretch, text[slice(*stretch)]

    def _stretch(self, found: Sequence[Sequence[Span]], first: Span) -> Span | None:
        """Return the stretch that begins with the place `first` and has places of enough parts, apart from each other.

        Where all parts are needed, the last may stand inside another: it tells who speaks, or of what.
        """
        own = next(spans for spans in found if first in spans)
        chosen = [first]
        for spans in found:
            if spans is own or len(chosen) == self._least:
                continue
            within = spans is found[-1] and self._least == len(self._parts)
            place = self._next(spans, first, () if within else chosen)
            if place:
                chosen.append(place)
        return (first[0], max(end for _, end in chosen)) if len(chosen) == self._least else None

    def _next(self, spans: Sequence[Span], first: Span, chosen: Sequence[Span]) -> Span | None:
        begin = first[1] if chosen else first[0]
        for start, end in spans[bisect.bisect_left(spans, (begin, 0)) :]:
            if end > first[0] + self._within:
                return None
            if all(end <= other[0] or start >= other[1] for other in chosen):
                return start, end
        return None


#: What alternatives are told apart by: brackets and bars, but not those that are escaped or in a class.
_SIGNS = expression(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


def together(parts: Sequence[str], least: int) -> str:
    """Return an expression that requires what any `least` of `parts` require; to find out about, not to search with."""
    choices = ("".join(f"(?=.*(?:{part}))" for part in some) for some in itertools.combinations(parts, least))
    return f"(?:{'|'.join(choices)})"


def alternatives(pattern: str) -> Sequence[str]:
    """Return the alternatives of `pattern`, with those of a group that is an alternative by itself."""
    if "|" not in pattern and "(" not in pattern:
        return [pattern]
    found, depth, begin = [], 0, 0
    for sign in _SIGNS.finditer(pattern):
        char = sign.group()
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            found.append(pattern[begin : sign.start()])
            begin = sign.end()
    found.append(pattern[begin:])
    if len(found) > 1:
        return [one for alternative in found for one in alternatives(alternative)]
    return alternatives(pattern[3:-1]) if _is_group(pattern) else [pattern]


def _is_group(pattern: str) -> bool:
    """Return whether the whole of `pattern` is one group."""
    if not (pattern.startswith("(?:") and pattern.endswith(")")):
        return False
    depth = 0
    for sign in _SIGNS.finditer(pattern):
        char = sign.group()
        depth += (char == "(") - (char == ")")
        if not depth and char == ")":
            return sign.end() == len(pattern)
    return False
