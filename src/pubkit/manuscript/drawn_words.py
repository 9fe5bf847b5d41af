"""The words in a drawing: what `<text>`, `<title>` and `<desc>` of an SVG say, each with its place in the file.

Drawing programs write each line of a text as an element of its own. Lines that follow each other at the same left edge (or
centre), each close below the one before, are read as one text.

Source: SVG 2 (W3C), chapters 5.8 (title and desc) and 11 (text).
"""

from __future__ import annotations

import bisect
import codecs
import re
from collections.abc import Iterator
from typing import Any

from msgspec import Struct, field

from pubkit.boundary.text import SourceFile
from pubkit.boundary.xml import Element
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.manuscript import drawings
from pubkit.manuscript.model import Block, BlockKind

__all__ = ["drawn_words"]

_LINE_BREAKS = ("x", "y", "dy")
_DEFAULT_SIZE = 16.0
#: How far below the one before a line of the same text may begin, in sizes of its type.
_LEADING = 2.0
_NUMBER = expression(r"-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?")
_MOVED = expression(r"(?:matrix\(\s*1[\s,]+0[\s,]+0[\s,]+1[\s,]+|translate\(\s*)([^\s,()]+)[\s,]*([^\s,()]*)\s*\)\s*")
_SIZE = expression(r"(?:^|;)\s*font-size\s*:\s*(\d+\.?\d*)")
_LONGEST_TRANSFORM = 200
#: How many words further on a word is looked for, as the file may have words that are not drawn.
_NEAR = 200
_MARKUP = expression(r"<!\[CDATA\[(?P<text>.*?)\]\]>|<!--.*?-->|<[^>]*>", re.DOTALL)
_WORD = expression(r"\S+")


class _Text(Struct):
    """A text of a drawing, and the places of its words as pairs of an offset and a place."""

    words: str = ""
    anchors: list[tuple[int, Location]] = field(default_factory=list)

    def add(self, words: str, anchors: list[tuple[int, Location]]) -> None:
        self.anchors += [(len(self.words) + offset, place) for offset, place in anchors]
        self.words += words

    def as_block(self) -> Block:
        return Block(BlockKind.DRAWN, self.words, self.anchors[0][1], anchors=tuple(self.anchors))


def drawn_words(data: bytes, path: str) -> tuple[Block, ...]:
    """Return what the drawing `data`, which `pubkit.manuscript.drawings` accepts, says in words; `path` names its file."""
    root = drawings.drawn_root(data)
    places = _Places(data, root.getroottree().docinfo.encoding or "utf-8", path)
    texts: list[_Text] = []
    before: Element | None = None
    for element in root.iter(*map(drawings.tag, ("text", "title", "desc"))):
        continued = before is not None and _continues(before, element)
        if not continued:
            texts.append(_Text())
        elif texts[-1].words:
            texts[-1].add(" ", [])
        _gather(element, texts[-1], places)
        before = element
    return tuple(text.as_block() for text in texts if text.words.strip())


def _gather(element: Element, text: _Text, places: _Places) -> None:
    """Add the words inside `element`, in which a part with a position of its own begins a line."""
    text.add(element.text or "", places.of(element.text, element))
    for part in element:
        if part.tag == drawings.tag("tspan"):
            if any(name in part.attrib for name in _LINE_BREAKS):
                text.add(" ", [])
            _gather(part, text, places)
        text.add(part.tail or "", places.of(part.tail, part))


def _continues(before: Element, element: Element) -> bool:
    """Return whether `element` is the next line of the text `before`."""
    if (
        element.tag != drawings.tag("text")
        or before.tag != element.tag
        or before.getparent() is not element.getparent()
    ):
        return False
    upper, lower = _position(before), _position(element)
    if upper is None or lower is None:
        return False
    return upper[0] == lower[0] and 0 < lower[1] - upper[1] <= _LEADING * _size(element)


def _position(element: Element) -> tuple[float, float] | None:
    """Return where a text begins; None if it is turned or scaled."""
    transform = element.get("transform") or ""
    moved = _MOVED.fullmatch(transform.strip()) if len(transform) < _LONGEST_TRANSFORM else None
    if transform and not moved:
        return None
    by = (_number(moved[1]), _number(moved[2])) if moved else (0.0, 0.0)
    return _number(element.get("x")) + by[0], _number(element.get("y")) + by[1]


def _number(value: str | None) -> float:
    found = _NUMBER.search(value or "")
    return float(found[0]) if found else 0.0


def _size(element: Element) -> float:
    """Return the size of the type of `element`, from itself or what is around it."""
    for one in (element, *element.iterancestors()):
        stated = _SIZE.search(one.get("style") or "")
        if size := float(stated[1]) if stated else _number(one.get("font-size")):
            return size
    return _DEFAULT_SIZE


class _Places:
    """Where the words of a drawing are in its file; they are asked for in the order of the file."""

    def __init__(self, data: bytes, encoding: str, path: str) -> None:
        text = _decoded(data, encoding)
        self._source = SourceFile(path, text, "")
        self._lines = [0, *(end.end() for end in re.finditer("\n", text))]
        self._words = list(_character_data(text))
        self._next = 0

    def of(self, words: str | None, holder: Element) -> list[tuple[int, Location]]:
        """Return the offset and the place of each word; `holder` is the element that contains it, or ends before it."""
        line: Any = holder.sourceline or 1
        begin = self._lines[min(line, len(self._lines)) - 1]
        self._next = max(self._next, bisect.bisect_left(self._words, (begin, "")))
        return [(word.start(), self._place(word[0], begin)) for word in _WORD.finditer(words or "")]

    def _place(self, word: str, begin: int) -> Location:
        """Return the place of `word`; that of its line if the file writes it in another way, such as with entities."""
        for index in range(self._next, min(self._next + _NEAR, len(self._words))):
            if self._words[index][1] == word:
                self._next = index + 1
                return self._source.location(self._words[index][0])
        return self._source.location(begin)


def _decoded(data: bytes, encoding: str) -> str:
    try:
        text = data.decode("utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding, "replace")
    except LookupError:
        text = data.decode("latin-1")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _character_data(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word between the tags of an XML text, with its offset."""
    last = 0
    for markup in _MARKUP.finditer(text):
        yield from _words(text, last, markup.start())
        if markup["text"] is not None:
            yield from _words(text, *markup.span("text"))
        last = markup.end()


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, str]]:
    return ((word.start(), word[0]) for word in _WORD.finditer(text, start, end))
