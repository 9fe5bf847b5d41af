"""The lines of a source around its findings, for a text that cannot be printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.report.annotated.notes import Note
from pubkit.report.sources import Sources

__all__ = ["Line", "Passage", "passages"]

#: Lines shown before and after a finding, the longest line, and the most lines of a passage.
_AROUND = 4
_LONGEST = 2_000
_MOST = 400


class Line(Struct, frozen=True):
    """A line of a source: its number, its text, and the notes on it."""

    number: int
    text: str
    notes: tuple[Note, ...]


class Passage(Struct, frozen=True):
    """Some lines of one file without a gap."""

    file: str
    lines: tuple[Line, ...]


def passages(notes: Sequence[Note], sources: Sources) -> tuple[Passage, ...]:
    """Return the lines around each note, by file; a note without a line belongs to none."""
    placed: dict[str, dict[int, list[Note]]] = {}
    for note in notes:
        place = note.finding.location
        if place is not None and place.line and sources.lines(place.file):
            placed.setdefault(place.file, {}).setdefault(place.line, []).append(note)
    return tuple(passage for file, by_line in placed.items() for passage in _of_file(file, by_line, sources))


def _of_file(file: str, by_line: dict[int, list[Note]], sources: Sources) -> Iterator[Passage]:
    text = sources.lines(file)
    shown = sorted({
        number
        for line in by_line
        for number in range(max(1, line - _AROUND), min(len(text), line + _AROUND) + 1)
    })[:_MOST]  # fmt: skip
    run: list[Line] = []
    for number in shown:
        if run and number > run[-1].number + 1:
            yield Passage(file, tuple(run))
            run = []
        run.append(Line(number, text[number - 1][:_LONGEST], tuple(by_line.get(number, ()))))
    if run:
        yield Passage(file, tuple(run))
