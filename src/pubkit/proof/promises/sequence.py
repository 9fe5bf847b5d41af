"""Runs of text looked for in a file's text, one after the other: what is missing, and what is in the wrong place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters, normalise
from pubkit.proof.promises.contents import Contents, Heading, Kind, Run
from pubkit.proof.promises.pages import PagedText, faults
from pubkit.proof.rules import PRF110, PRF111, PRF112, PRF113, PRF115

__all__ = ["faulty_runs", "few", "holds", "missing_headings", "missing_runs", "missing_signs"]

_RULES: dict[Kind, Entry] = {
    Kind.TEXT: PRF111,
    Kind.HEADING: PRF110,
    Kind.TABLE: PRF112,
    Kind.FIGURE: PRF113,
    Kind.REFERENCE: PRF115,
}
_NAMES = {
    Kind.TEXT: "This text",
    Kind.HEADING: "The heading",
    Kind.TABLE: "This text of a table",
    Kind.FIGURE: "This text of a figure",
    Kind.REFERENCE: "The reference",
}
#: Signs that carry a meaning of their own in a text on health, and that are set as they are in every format.
_SIGNS = frozenset("<>≤≥≠≈±×÷=+−%‰°*/~^#&$€£@§†‡→←↑↓")
_MOST_SHOWN = 12
_SHOWN = 80


def missing_runs(text: str, runs: Sequence[tuple[Run, str]], location: Location) -> Iterator[Finding]:
    """Yield a finding for each run that is not in `text` after the run before it.

    Args:
        text: the letters of a file that is not set in pages.
        runs: each run with the letters to look for; empty letters are skipped.
        location: where findings point.
    """
    cursor = 0
    for run, wanted in runs:
        place = text.find(wanted, cursor) if wanted else cursor
        if place >= 0:
            cursor = place + len(wanted)
            continue
        yield _missing(run, location, elsewhere=wanted in text)


def faulty_runs(text: PagedText, runs: Sequence[tuple[Run, str]], location: Location) -> Iterator[Finding]:
    """Yield a finding for each run that is not printed on the pages of `text` as it is written, as `missing_runs`."""
    for fault in faults(runs, text):
        wanted = runs[fault.number][1]
        if fault.whole:
            yield _missing(fault.run, location, elsewhere=wanted in text.letters)
            continue
        what = "has something in it that the text does not have" if fault.extra else "is not whole"
        message = f"{_NAMES[fault.run.kind]} {what}{_where(fault.run)}, near “{printable(fault.words, _SHOWN)}”"
        yield _RULES[fault.run.kind].at(location, message)


def _missing(run: Run, location: Location, *, elsewhere: bool) -> Finding:
    what = f"{_NAMES[run.kind]} is {'not in its place' if elsewhere else 'missing'}"
    message = f"{what}{_where(run)}: “{printable(run.text, _SHOWN)}”"
    return _RULES[run.kind].at(location, message)


def _where(run: Run) -> str:
    return f" (under “{printable(run.heading, _SHOWN)}”)" if run.heading and run.kind is not Kind.HEADING else ""


def missing_headings(
    contents: Contents, found: Sequence[tuple[int, str]], location: Location
) -> Iterator[tuple[Heading, Finding]]:
    """Yield a finding for each heading that is not among `found`, in order.

    Args:
        contents: what was promised.
        found: level and text of each heading element of the file.
        location: where findings point.
    """
    cursor = 0
    seen = [(level, letters(text)) for level, text in found]
    for heading in contents.headings:
        place = next((index for index in range(cursor, len(seen)) if holds(seen[index][1], heading)), None)
        if place is None:
            elsewhere = any(holds(text, heading) for _, text in seen)
            what = "is in the wrong place" if elsewhere else "is missing, or is not a heading in the file"
            message = f"The heading “{printable(heading.text, _SHOWN)}” {what}."
            yield heading, PRF110.at(location, message)
        else:
            cursor = place + 1


def holds(text: str, heading: Heading) -> bool:
    """Return whether the letters `text` are those of `heading`, apart from the marks of notes and formulas."""
    place = 0
    for part in map(letters, heading.parts):
        start = text.find(part, place)
        if start < 0 or (heading.whole and start != place):
            return False
        place = start + len(part)
    return not heading.whole or place == len(text)


#: Signs that are the mirror image of another one, and the letters of scripts in which they are mirrored.
_MIRRORED = {ord(">"): "<", ord("≥"): "≤"}
_RIGHT_TO_LEFT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def missing_signs(contents: Contents, text: str, location: Location) -> Iterator[Finding]:
    """Yield a finding if `text`, everything a file shows, has fewer of a sign than the text, its notes and references.

    Letters do not show it if a file has lost the sign of a threshold, a range of error or a share. Among right-to-left
    words a PDF has the sign in the form that its glyph has, so that < and > count as the same.
    """
    runs = (*contents.runs, *(run for note in contents.notes for run in note.runs))
    mirrored = _MIRRORED if _RIGHT_TO_LEFT.search(text) else {}
    wanted = Counter(char for run in runs for char in normalise(run.text).translate(mirrored) if char in _SIGNS)
    shown = Counter(char for char in normalise(text).translate(mirrored) if char in wanted)
    if lost := wanted - shown:
        listed = ", ".join(f"{char} ({count} of {wanted[char]})" for char, count in sorted(lost.items()))
        yield PRF111.at(location, f"Signs of the text are missing: {printable(listed, _SHOWN)}")


def few(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the first findings of each rule, and only the number of any more."""
    counts: dict[str, int] = {}
    last: dict[str, Finding] = {}
    for finding in findings:
        counts[finding.rule] = counts.get(finding.rule, 0) + 1
        if counts[finding.rule] <= _MOST_SHOWN:
            yield finding
        last[finding.rule] = finding
    for rule, finding in last.items():
        more = counts[rule] - _MOST_SHOWN
        if more > 0:
            yield finding.another(f"{more} more of this kind.")
