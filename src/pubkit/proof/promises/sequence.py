"""Runs of text looked for in a file's text, one after the other: what is missing, and what is in the wrong place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.findings import Finding, Location
from pubkit.language.folding import letters
from pubkit.proof.promises.contents import Contents, Heading, Kind, Run
from pubkit.proof.rules import PRF110, PRF111, PRF112, PRF113, PRF115

__all__ = ["FileText", "few", "missing_headings", "missing_runs"]

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
_MOST_SHOWN = 12
_SHOWN = 80


class FileText(Struct, frozen=True):
    """The letters of a finished file in reading order.

    `by_place` says that the file is divided into pages: tables and figures may float, cells may cross the end of a
    page, and page headers and footnotes come in between, so that only the first letters of a run are reliable, and the
    order of tables is not.
    """

    letters: str
    by_place: bool = False

    def find(self, wanted: str, start: int) -> int:
        """Return where the letters `wanted` begin at or after `start`; -1 if they do not occur."""
        if not self.by_place:
            return self.letters.find(wanted, start)
        for length in (48, 24, 12, 8):
            if (place := self.letters.find(wanted[:length], start)) >= 0:
                return place
        # A number in the margin (of a reference, a heading) may be apart from its text.
        unnumbered = wanted.lstrip("0123456789")
        return self.letters.find(unnumbered[:24], start) if unnumbered and unnumbered != wanted else -1


def missing_runs(text: FileText, runs: Sequence[tuple[Run, str]], location: Location) -> Iterator[Finding]:
    """Yield a finding for each run that does not follow the run before it in `text`.

    Args:
        text: the file's text.
        runs: each run with the letters to look for; empty ones are skipped.
        location: where findings point.
    """
    cursor = unit_start = unit = 0
    for run, wanted in runs:
        if run.unit != unit:
            unit, unit_start = run.unit, cursor
        if not wanted:
            continue
        free = text.by_place and unit > 0
        place = text.find(wanted, unit_start if free else cursor)
        if place >= 0:
            cursor = max(cursor, place + 1) if text.by_place else place + len(wanted)
            if free:
                cursor = unit_start
            continue
        yield _missing(run, location, elsewhere=text.find(wanted, 0) >= 0)


def _missing(run: Run, location: Location, *, elsewhere: bool) -> Finding:
    what = f"{_NAMES[run.kind]} is {'not in its place' if elsewhere else 'missing'}"
    where = f" (under “{printable(run.heading, _SHOWN)}”)" if run.heading and run.kind is not Kind.HEADING else ""
    message = f"{what}{where}: “{printable(run.text, _SHOWN)}”"
    return _RULES[run.kind].at(location, message)


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
        place = next((index for index in range(cursor, len(seen)) if _holds(seen[index][1], heading)), None)
        if place is None:
            elsewhere = any(_holds(text, heading) for _, text in seen)
            what = "is in the wrong place" if elsewhere else "is missing, or is not a heading in the file"
            message = f"The heading “{printable(heading.text, _SHOWN)}” {what}."
            yield heading, PRF110.at(location, message)
        else:
            cursor = place + 1


def _holds(text: str, heading: Heading) -> bool:
    """Return whether the letters `text` are those of `heading`, apart from the marks of notes and formulas."""
    place = 0
    for part in map(letters, heading.parts):
        start = text.find(part, place)
        if start < 0 or (heading.whole and start != place):
            return False
        place = start + len(part)
    return not heading.whole or place == len(text)


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
