"""Where things stand in the source, although pandoc's Markdown reader keeps no positions.

Citation keys are exact: each key is replaced by a unique token of equal length before the parse and put back afterwards,
so that pandoc itself decides what is a citation (an `@` in an e-mail address, a URL or code is none) and every one that it
finds has one place. Words are found by walking the text of the tree and the source side by side.
"""

from __future__ import annotations

import bisect
import itertools
import re
import string
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location

__all__ = ["MarkedText", "SourceWords", "mark", "words"]

# Pandoc's citation keys: a letter, digit or underscore, then the same with single punctuation marks between (and "://");
# or anything without spaces in braces.
_KEY = re.compile(r"(?<![^\W_])@(?:\{([^}\s]+)\}|(\w(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*))")
_EXAMPLE_LABEL = re.compile(r"^[ \t]*\(@([\w-]+)\)", re.MULTILINE)
_RUN = re.compile(r"[A-Za-z0-9]{2,}")
_RUN_BUT_CITED = re.compile(r'(?<!"citationId":")(?<![A-Za-z0-9])[A-Za-z0-9]{2,}')
_WORD = re.compile(r"[^\W_]+")
_LETTERS = string.ascii_letters + string.digits

_NEAR = 12
_FAR = 500


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of `text` with its offset, folded for comparison."""
    for found in _WORD.finditer(text):
        yield found.start(), found[0].casefold()


class MarkedText(Struct, frozen=True):
    """A source with a token in place of each citation key: of the same length, so that nothing else moves.

    `keys` maps each token to the key it stands for and to the offset of its @ in the text.
    """

    text: str
    keys: Mapping[str, tuple[str, int]]

    def restore(self, text: str) -> str:
        """Return Pandoc's JSON `text` with every token replaced by its key, but for the ids of citations.

        Those stay, because a token tells which mention of its key it is.
        """
        return _RUN_BUT_CITED.sub(lambda found: self.keys[found[0]][0] if found[0] in self.keys else found[0], text)


def mark(text: str) -> MarkedText:
    """Put a unique token in place of every citation key of `text`.

    Keys of one character stay: no token is short enough to be unique.
    """
    labels = set(_EXAMPLE_LABEL.findall(text))
    taken = set(_RUN.findall(text))
    pools: dict[int, Iterator[str]] = {}
    keys: dict[str, tuple[str, int]] = {}
    parts: list[str] = []
    end = 0
    for found in _KEY.finditer(text):
        group = 1 if found[1] else 2
        key = found[group]
        if key in labels or len(key) < 2:
            continue
        token = next(pools.setdefault(len(key), _tokens(len(key), taken)), None)
        if token is None:
            continue
        keys[token] = (key, found.start())
        parts += (text[end : found.start(group)], token)
        end = found.end(group)
    return MarkedText("".join((*parts, text[end:])), keys)


def _tokens(length: int, taken: set[str]) -> Iterator[str]:
    """Words of `length` letters and digits that begin with a letter and do not occur in the text."""
    for letters in itertools.product(string.ascii_letters, *([_LETTERS] * (length - 1))):
        token = "".join(letters)
        if token not in taken:
            yield token


class SourceWords:
    """The words of one source file, to be found again in the order in which the tree has them."""

    def __init__(self, source: SourceFile) -> None:
        self.path = source.path
        self.text = text = source.text
        self._source = source
        self._offsets: dict[tuple[str, int, int], int] = {}
        self._starts: list[int] = []
        self._words: list[str] = []
        self._index: dict[str, list[int]] = {}
        for number, (start, word) in enumerate(words(text)):
            self._starts.append(start)
            self._words.append(word)
            self._index.setdefault(word, []).append(number)
        self._cursor = 0

    def location(self, offset: int, length: int = 0) -> Location:
        """The line and column of the character at `offset`, and the end of the `length` characters that begin there."""
        place = self._source.location(offset, length)
        self._offsets[place.file, place.line, place.column] = offset
        return place

    def offset(self, location: Location) -> int:
        """Return the offset of a line and column of this file: `location` turned round."""
        return self._offsets.get((location.file, location.line, location.column), 0)

    def find(self, target: str, start: int = 0) -> int | None:
        """Return the offset of `target` at or after `start`, else of its first occurrence, else None."""
        offset = self.text.find(target, start)
        if offset < 0:
            offset = self.text.find(target)
        return offset if offset >= 0 else None

    def target(self, target: str, start: int) -> int | None:
        """Return the offset of a picture's target at or after `start`: in brackets, or the value of an HTML attribute."""
        mention = re.compile(rf"""(?:\(|=["']?){re.escape(target)}""")
        found = mention.search(self.text, start) or mention.search(self.text)
        return found.end() - len(target) if found else None

    def empty_heading(self, level: int, start: int) -> int | None:
        """Return the offset of the next heading of `level` after `start` that has a mark but no words, else None."""
        found = re.compile(rf"^ {{0,3}}#{{{level}}}(?!#)[ \t]*(?:$|#|\{{|!\[)", re.MULTILINE).search(
            self.text, start + 1
        )
        if found is None:
            found = re.compile(rf"\A {{0,3}}#{{{level}}}(?!#)[ \t]*(?:$|#|\{{|!\[)", re.MULTILINE).match(self.text)
        return found.start() if found else None

    def link(self, target: str, near: Location, words: str) -> Location | None:
        """Where the target of a link stands, as near behind `near` as its words allow; None where it stands elsewhere."""
        start = self.offset(near)
        offset = self.text.find(f"]({target}", start, start + len(words) * 2 + _FAR)
        return self.location(offset + 2) if offset >= 0 else None

    def align(self, run: Sequence[tuple[str, int | None]], *, aside: bool = False) -> list[int | None]:
        """Return the source offset of each word of a run of text, None where it was not found.

        Args:
            run: the words in reading order, folded; with each, its offset in the source where it is known exactly.
            aside: the run stands apart from the flow (a footnote); it may lie anywhere and does not move the cursor.
        """
        cursor = self._start_of(run, aside=aside)
        found: list[int | None] = []
        for number, (_, known) in enumerate(run):
            index = bisect.bisect_left(self._starts, known) if known is not None else self._next(run, number, cursor)
            if index is None or index >= len(self._starts):
                found.append(known)
                continue
            found.append(known if known is not None else self._starts[index])
            cursor = index + 1
        if not aside and any(offset is not None for offset in found):
            self._cursor = cursor
        return found

    def _start_of(self, run: Sequence[tuple[str, int | None]], *, aside: bool) -> int:
        """Return the index of the source word at which to begin to look for `run`."""
        anchor = next(((number, known) for number, (_, known) in enumerate(run) if known is not None), None)
        if anchor is not None:
            at = bisect.bisect_left(self._starts, anchor[1])
            earliest = max(0 if aside else self._cursor, at - 3 * anchor[0] - 40)
            return self._best(run, earliest, at) if anchor[0] else at
        if aside:
            return self._best(run, 0, len(self._words))
        return self._cursor

    def _best(self, run: Sequence[tuple[str, int | None]], low: int, high: int) -> int:
        """Return where between `low` and `high` the first words of `run` are met best; `low` if nowhere."""
        best, best_score = low, 0
        candidates = self._index.get(run[0][0], ()) if run else ()
        for index in candidates[bisect.bisect_left(candidates, low) : bisect.bisect_right(candidates, high)]:
            score = self._score(run, 0, index)
            if score > best_score:
                best, best_score = index, score
        return best

    def _next(self, run: Sequence[tuple[str, int | None]], number: int, cursor: int) -> int | None:
        """The next source word equal to word `number` of `run`: near the cursor, or farther on with its neighbours."""
        candidates = self._index.get(run[number][0], ())
        place = bisect.bisect_left(candidates, cursor)
        for index in candidates[place : place + 8]:
            if index - cursor <= _NEAR:
                return index
            if index - cursor > _FAR:
                return None
            if self._score(run, number, index) >= min(3, len(run) - number):
                return index
        return None

    def _score(self, run: Sequence[tuple[str, int | None]], number: int, index: int) -> int:
        """Return how many of the next words of `run` follow at source word `index`, with small gaps allowed."""
        score = 0
        for word, _ in run[number : number + 5]:
            window = self._words[index : index + 6]
            if word in window:
                index += window.index(word) + 1
                score += 1
        return score
