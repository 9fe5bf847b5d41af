"""A reviewed Word file to notes on the manuscript: who changed or commented on what, and in which line of Markdown.

The Word file was made from the manuscript, so each of its paragraphs, as it was before the review, is almost the same
as one block of the text; only citations are numbers there and keys here. A paragraph is looked for among the blocks by
its words; if several match, those around it decide. A place that stays uncertain is reported as not found, because a
wrong line would be worse.
"""

from __future__ import annotations

import bisect
import datetime as dt
import difflib
import enum
import re
from collections.abc import Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from pubkit.boundary.files import refusal
from pubkit.boundary.text import SourceFile
from pubkit.editorial.word.markup import Kind, Markup, Paragraph, read_markup
from pubkit.editorial.word.package import open_package
from pubkit.findings import Location
from pubkit.manuscript.model import Block, Manuscript
from pubkit.manuscript.positions import words
from pubkit.manuscript.rules import SRC080

__all__ = ["Certainty", "Kind", "ReviewNote", "read"]

_SURE = 88.0
_UNSURE = 70.0
#: Candidates this close to the best one match as well as it does.
_TIE = 3.0
_LONGEST_COMPARED = 20_000
_MOST_ALIGNED = 4_000
_MOST_NOTES = 5_000
_LITERAL = 24


class Certainty(enum.StrEnum):
    """How sure the place is: exact, approximate, or not found."""

    FOUND = "found"
    NEAR = "near"
    NOT_FOUND = "not found"


class ReviewNote(Struct, frozen=True):
    """One tracked change or comment.

    `text` is what was inserted, deleted, moved or formatted ("¶" is the end of a paragraph), or the comment's words.
    `concerns` is the text it refers to: for a comment the words it was attached to, for a change those around it.
    `location` is the place in the Markdown source, None if `certainty` is NOT_FOUND. `answers` is the text of the
    comment to which this one replies. All texts come from the Word file and are untrusted.
    """

    kind: Kind
    author: str
    date: dt.datetime | None
    text: str
    concerns: str
    location: Location | None
    certainty: Certainty
    answers: str = ""
    resolved: bool = False


def read(docx: bytes, manuscript: Manuscript) -> tuple[ReviewNote, ...]:
    """Return every tracked change and comment in the Word file `docx`, in order, with its place in `manuscript`.

    Raises:
        InputRefused: the file is not a valid .docx, is too large, or contains more than 5,000 notes.
    """
    markup = read_markup(open_package(docx))
    count = len(markup.comments) + sum(len(paragraph.changes) for paragraph in markup.paragraphs)
    if count > _MOST_NOTES:
        remedy = "In Word, accept or reject the changes that need no answer, and try again."
        raise refusal(SRC080, f"This Word file contains {count:,} changes and comments.", remedy, None)
    finder = _Finder(markup.paragraphs, manuscript)
    notes = [*_changes(markup, finder), *_comments(markup, finder)]
    return tuple(note for _, note in sorted(notes, key=lambda one: one[0]))


_Order = tuple[int, int, int]


def _changes(markup: Markup, finder: _Finder) -> Iterator[tuple[_Order, ReviewNote]]:
    for index, paragraph in enumerate(markup.paragraphs):
        for change in paragraph.changes:
            location, certainty = finder.place(index, change.start)
            concerns = _around(paragraph.original, change.start, change.end)
            note = ReviewNote(change.kind, change.author, change.date, change.text, concerns, location, certainty)
            yield (index, change.start, 0), note


def _comments(markup: Markup, finder: _Finder) -> Iterator[tuple[_Order, ReviewNote]]:
    texts = {comment.identifier: comment.text for comment in markup.comments}
    for number, comment in enumerate(markup.comments):
        place: tuple[Location | None, Certainty] = (None, Certainty.NOT_FOUND)
        order = (len(markup.paragraphs), number, 1)
        concerns = ""
        if comment.ranges:
            index, start, _ = comment.ranges[0]
            place, order = finder.place(index, start), (index, start, 1)
            concerns = "\n".join(markup.paragraphs[one].original[first:last] for one, first, last in comment.ranges)
            if not concerns.strip():
                concerns = _around(markup.paragraphs[index].original, start, start)
        note = ReviewNote(Kind.COMMENT, comment.author, comment.date, comment.text, concerns, *place)
        yield order, replace(note, answers=texts.get(comment.answers, ""), resolved=comment.resolved)


def _around(text: str, start: int, end: int, width: int = 40) -> str:
    """Return the words around a stretch of text, cut at spaces."""
    first, last = max(0, start - width), min(len(text), end + width)
    before = text[first:start].partition(" ")[2] if first else text[:start]
    after = text[end:last].rpartition(" ")[0] if last < len(text) else text[end:]
    return f"{'…' if first else ''}{before}{text[start:end]}{after}{'…' if last < len(text) else ''}".strip()


class _Fit(Struct, frozen=True):
    """The block that a paragraph came from, and how well they match (0 to 100)."""

    block: int
    score: float


class _Finder:
    """Finds the places of paragraphs in the manuscript."""

    def __init__(self, paragraphs: Sequence[Paragraph], manuscript: Manuscript) -> None:
        self._paragraphs = paragraphs
        self._sources = manuscript.sources
        self._blocks = manuscript.document.blocks
        self._texts = [_comparable(block.text) for block in self._blocks]
        self._known: dict[int, _Fit | None] = {}
        self._anchors = self._unique_matches()

    def place(self, index: int, offset: int) -> tuple[Location | None, Certainty]:
        """Return the source place of the character at `offset` of paragraph `index` as it was before the review."""
        if index not in self._known:
            self._known[index] = self._fit(index)
        fit = self._known[index]
        if fit is None:
            literal = _literal(self._paragraphs[index].original, self._sources)
            return (literal, Certainty.NEAR) if literal else (None, Certainty.NOT_FOUND)
        location, exact = _located(_without_printed(self._paragraphs[index]), offset, self._blocks[fit.block])
        return location, Certainty.FOUND if exact and fit.score >= _SURE else Certainty.NEAR

    def _fit(self, index: int) -> _Fit | None:
        from rapidfuzz import fuzz, process

        text = _comparable(_without_printed(self._paragraphs[index]))
        if not text:
            return None
        found = process.extract(text, self._texts, scorer=fuzz.ratio, limit=None, score_cutoff=_UNSURE)
        if not found:
            return None
        best = max(score for _, score, _ in found)
        close = [_Fit(number, score) for _, score, number in found if score >= best - _TIE]
        if len(close) > 1:
            first, last = self._between(index)
            close = [fit for fit in close if first < fit.block < last]
            exact = [fit for fit in close if fit.score >= 100.0]
            close = exact or close
        return close[0] if len(close) == 1 else None

    def _unique_matches(self) -> list[tuple[int, int]]:
        """Return pairs of paragraph and block whose words are the same and occur only once, both in ascending order."""
        numbers: dict[str, list[int]] = {}
        for number, text in enumerate(self._texts):
            numbers.setdefault(text, []).append(number)
        anchors: list[tuple[int, int]] = []
        for index, paragraph in enumerate(self._paragraphs):
            same = numbers.get(_comparable(_without_printed(paragraph)), ())
            if len(same) == 1 and (not anchors or anchors[-1][1] < same[0]):
                anchors.append((index, same[0]))
        return anchors

    def _between(self, index: int) -> tuple[int, int]:
        """Return the blocks before and after which paragraph `index` cannot lie."""
        after = bisect.bisect_right(self._anchors, (index, len(self._blocks)))
        before = bisect.bisect_left(self._anchors, (index, -1)) - 1
        first = self._anchors[before][1] if before >= 0 else -1
        return first, self._anchors[after][1] if after < len(self._anchors) else len(self._blocks)


def _without_printed(paragraph: Paragraph) -> str:
    """Return the original text with spaces for the numbers that pubkit printed, so that nothing else moves."""
    text = paragraph.original
    for start, stop in paragraph.printed:
        text = text[:start] + " " * (stop - start) + text[stop:]
    return text


def _comparable(text: str) -> str:
    return " ".join(word for _, word in words(text[:_LONGEST_COMPARED]))


def _located(original: str, offset: int, block: Block) -> tuple[Location, bool]:
    """Return the place of the character at `offset` of `original` in `block`, and whether the words are the same."""
    here, there = list(words(original)), list(words(block.text))
    if max(len(here), len(there)) > _MOST_ALIGNED:
        return block.location, False
    same = _aligned([word for _, word in here], [word for _, word in there])
    # The word that holds the character, or the next one; at the very end, the place after the last.
    index = next((number for number, (start, word) in enumerate(here) if start + len(word) > offset), len(here))
    if index in same:
        start, word = there[same[index]]
        return _moved(block.locate(start), min(max(0, offset - here[index][0]), len(word))), True
    before = next((number for number in range(index - 1, -1, -1) if number in same), None)
    if before is None:
        return block.location, False
    start, word = there[same[before]]
    return _moved(block.locate(start), len(word)), before == index - 1


def _aligned(here: list[str], there: list[str]) -> dict[int, int]:
    """Return which word of `here` matches which of `there`."""
    matcher = difflib.SequenceMatcher(None, here, there, autojunk=False)
    return {one.a + step: one.b + step for one in matcher.get_matching_blocks() for step in range(one.size)}


def _moved(location: Location, columns: int) -> Location:
    return replace(location, column=location.column + columns) if location.column else location


def _literal(original: str, sources: Sequence[SourceFile]) -> Location | None:
    """Return where the paragraph occurs letter for letter in the sources, if only once: code is not a block of text."""
    wanted = max(re.split(r"\s{2,}|\n", original.strip()), key=len)
    if len(wanted) < _LITERAL:
        return None
    places = [(source, source.text.find(wanted)) for source in sources if wanted in source.text]
    if len(places) != 1 or places[0][0].text.count(wanted) > 1:
        return None
    source, offset = places[0]
    return source.location(offset)
