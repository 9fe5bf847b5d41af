"""Where on the finished web page the words of the source are.

The page itself says nothing about its source, so that what is published carries nothing that only editors need. The
words of the page and those of the manuscript, whose places in the source are known, are aligned as a whole, in three
streams: title and summary, text, footnotes. Citations, pictures and references are found by their order and their keys.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from pubkit.boundary.xml import Element
from pubkit.findings import Location
from pubkit.language.alignment import aligned
from pubkit.manuscript.model import Block, BlockKind, Document
from pubkit.manuscript.sentences import sentence_spans
from pubkit.report.annotated.printed import Printed
from pubkit.report.annotated.words import PageWords

__all__ = ["Places", "Spot"]

_WORD = re.compile(r"[^\W_]+")
_NOT_SET = frozenset({BlockKind.ALT, BlockKind.DRAWN})
#: The ends of the streams of words, and what of the page they are.
_STREAMS = {
    "front": './/div[@class="front"]//h1 | .//div[@class="front"]//p[@class="subtitle"] | .//section[@class="abstract"]',
    "text": './/div[@class="text"]',
    "notes": './/section[@class="notes"]',
}
#: A place without a word of its own belongs to a word at most this many lines away.
_NEAR = 3


class Spot(NamedTuple):
    """What a finding is about: words of a stream, from the first to the last, or an element as a whole."""

    stream: PageWords | None
    first: int
    last: int
    element: Element


class _Word(NamedTuple):
    """A word of the manuscript whose place is known: its line and column, its block and its offset there."""

    line: int
    column: int
    block: Block
    offset: int
    stream: str
    number: int


class Places:
    """The page `root`, which was printed from `printed`, by places in the source."""

    def __init__(self, root: Element, printed: Printed) -> None:
        self._lang = printed.lang
        self._entries = _by_file((place, key) for key, place in printed.entries.items())
        self._elements = list(root.iter())
        self._named = {str(one.get("id")): one for one in reversed(self._elements) if one.get("id")}
        self._in_block: dict[int, list[_Word]] = {}
        self.streams = {name: PageWords(_roots(root, name)) for name in _STREAMS}
        self._words: dict[str, list[_Word]] = {}
        self._found: dict[tuple[str, int], int] = {}
        for name, stream in self.streams.items():
            self._align(name, stream, printed.document)
        for words in self._words.values():
            words.sort(key=lambda one: one[:2])
        self._citations = dict(_citations(root, printed.document))
        self._pictures = dict(_pictures(root, printed.document))

    def _align(self, name: str, stream: PageWords, document: Document) -> None:
        """Find the words of one stream on the page."""
        folded: list[str] = []
        for block in document.blocks:
            if _stream_of(block) != name:
                continue
            anchors = dict(block.anchors)
            for found in _WORD.finditer(block.text):
                if (place := anchors.get(found.start())) is not None:
                    word = _Word(place.line, place.column, block, found.start(), name, len(folded))
                    self._words.setdefault(place.file, []).append(word)
                    self._in_block.setdefault(id(block), []).append(word)
                folded.append(found[0].casefold())
        for left, right, length in aligned(folded, stream.words):
            self._found |= {(name, left + step): right + step for step in range(length)}

    def find(self, location: Location | None) -> Spot | None:
        """Return the spot on the page that `location` is about; None if the page does not show it."""
        if location is None or not location.line:
            return None
        picture = self._pictures.get((location.file, location.line, location.column))
        known = self._citations.get(location, picture)
        if known is not None:
            return Spot(None, 0, 0, known)
        return self._in_words(location) or self._in_references(location)

    def order(self, spots: Iterable[Spot]) -> Mapping[Spot, tuple[int, int, int]]:
        """Return a key for each spot that sorts them as the page is read."""
        number = {element: index for index, element in enumerate(self._elements)}
        return {spot: (number.get(spot.element, -1), spot.first, spot.last) for spot in spots}

    def _in_words(self, location: Location) -> Spot | None:
        words = self._words.get(location.file, ())
        here = (location.line, location.column or 1)
        if location.end_column:
            first = bisect.bisect_left(words, here, key=lambda one: one[:2])
            last = bisect.bisect_left(words, (location.line, location.end_column), key=lambda one: one[:2])
            if spot := self._spot(words[first:last]):
                return spot
        index = bisect.bisect_right(words, here, key=lambda one: one[:2]) - 1
        before = words[index] if index >= 0 else None
        behind = words[index + 1] if index + 1 < len(words) else None
        near = [one for one in (before, behind) if one is not None and abs(one.line - location.line) <= _NEAR]
        near.sort(key=lambda one: (one.line != location.line, abs(one.line - location.line), one is not before))
        return next(filter(None, (self._spot(self._sentence(one)) for one in near)), None)

    def _sentence(self, word: _Word) -> list[_Word]:
        """Return the words of the sentence that a word belongs to."""
        block = word.block
        start, end = next(
            ((start, end) for start, end in sentence_spans(block.text, self._lang) if word.offset < end),
            (0, len(block.text)),
        )
        return [one for one in self._in_block[id(block)] if start <= one.offset < end]

    def _spot(self, words: Sequence[_Word]) -> Spot | None:
        """Return where on the page `words` begin and end; None if none of them is there."""
        shown = [(one.stream, self._found[one.stream, one.number]) for one in words if self._is_shown(one)]
        if not shown:
            return None
        name = shown[0][0]
        numbers = [number for stream, number in shown if stream == name]
        stream = self.streams[name]
        return Spot(stream, min(numbers), max(numbers), stream.element(min(numbers)))

    def _is_shown(self, word: _Word) -> bool:
        return (word.stream, word.number) in self._found

    def _in_references(self, location: Location) -> Spot | None:
        """Return the printed reference whose entry `location` lies in."""
        entries = self._entries.get(location.file, ())
        index = bisect.bisect_right(entries, location.line, key=lambda one: one[0].line) - 1
        return self.reference(entries[index][1]) if index >= 0 else None

    def reference(self, key: str) -> Spot | None:
        """Return the printed reference with this key."""
        found = self._named.get(f"ref-{key}")
        return None if found is None else Spot(None, 0, 0, found)


def _stream_of(block: Block) -> str:
    if block.kind in _NOT_SET:
        return ""
    return {BlockKind.METADATA: "front", BlockKind.NOTE: "notes"}.get(block.kind, "text")


def _roots(root: Element, name: str) -> list[Element]:
    found = root.xpath(_STREAMS[name])
    return [one for one in found if isinstance(one, type(root))] if isinstance(found, list) else []


def _by_file(places: Iterable[tuple[Location, str]]) -> Mapping[str, Sequence[tuple[Location, str]]]:
    found: dict[str, list[tuple[Location, str]]] = {}
    for place, name in places:
        found.setdefault(place.file, []).append((place, name))
    return {file: sorted(entries) for file, entries in found.items()}


def _citations(root: Element, document: Document) -> Iterator[tuple[Location, Element]]:
    """Yield the place of each citation with its mark on the page: marks and keys come in the same order.

    The notes stand after the text, so that both are counted apart.
    """
    noted = {
        citation.location for block in document.blocks if block.kind is BlockKind.NOTE for citation in block.citations
    }
    marks: dict[tuple[bool, str], list[Element]] = {}
    for holder in root.iter("span"):
        if "citation" in (holder.get("class") or "").split():
            inside = any(one.get("class") == "notes" for one in holder.iterancestors("section"))
            for link in holder.iterfind(".//a[@href]"):
                marks.setdefault((inside, str(link.get("href")).removeprefix("#ref-")), []).append(holder)
    for citation in document.citations:
        waiting = marks.get((citation.location in noted, citation.key))
        if waiting:
            yield citation.location, waiting.pop(0)


def _pictures(root: Element, document: Document) -> Iterator[tuple[tuple[str, int, int], Element]]:
    """Yield the place of each picture with its element; none if the page has more or fewer of them."""
    shown = list(root.iterfind('.//div[@class="text"]//img'))
    if len(shown) == len(document.images):
        for image, element in zip(document.images, shown, strict=True):
            place = image.location
            yield (place.file, place.line, place.column), element
