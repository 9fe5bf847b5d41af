"""Findings as an editor reads them: each with its number, its words, and what can be done about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, structs

from pubkit.editorial.waiving import command
from pubkit.findings import Finding
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.report.annotated.places import Places, Spot
from pubkit.report.editors import address
from pubkit.report.model import Sheet, spoken
from pubkit.report.sources import Excerpt, Sources

__all__ = ["MOST", "Note", "Reference", "numbered", "references"]

#: More findings than this have no mark and are only counted: a page with so many is read by nobody.
MOST = 500
_WIDTH = 120
_NAMES = {"error": "Error", "warning": "Warning", "note": "Note", "waived": "Waived", "baseline": "Accepted"}
_GOOD = frozenset({VerdictStatus.OK})
_UNSETTLED = frozenset(
    {VerdictStatus.UNCHECKED, VerdictStatus.UNCONFIRMED, VerdictStatus.INCOMPLETE, VerdictStatus.CORRECTED}
)


class Note(Struct, frozen=True):
    """A finding on the page: its number, where it is marked, and every word about it.

    `place` is `file:line:column`, `editor` the address that opens it. `excerpt` is shown if the page does not show the
    place. `waive` is the command that waives this finding, "" if it cannot be waived; `said` says who accepted it.
    `repeated` says that the note before it gives the same advice.
    """

    number: int
    finding: Finding
    name: str
    identifier: str
    title: str
    details: str
    source: str
    place: str
    editor: str
    waive: str
    said: str
    spot: Spot | None
    excerpt: Excerpt | None
    repeated: bool = False

    @property
    def standing(self) -> str:
        """Return what the finding counts as; see `Finding.standing`."""
        return self.finding.standing


class Reference(Struct, frozen=True):
    """What is known about a reference, in words; `kind` is "good", "unsettled" or "bad"."""

    key: str
    words: str
    kind: str
    evidence: tuple[str, ...]


def numbered(sheet: Sheet, places: Places | None, sources: Sources | None, target: str) -> list[Note]:
    """Return a note for each finding of the view, those without a place on the page first, then in reading order.

    `target` is the publication as the command line names it.
    """
    spots = [(finding, places.find(finding.location) if places else None) for finding in sheet.findings]
    order = places.order(spot for _, spot in spots if spot) if places else {}
    spots.sort(key=lambda one: (-1, 0, 0) if one[1] is None else order[one[1]])
    seen: Counter[str] = Counter()
    notes: list[Note] = []
    for number, (finding, spot) in enumerate(spots[:MOST], 1):
        same = seen[finding.fingerprint]
        seen[finding.fingerprint] += 1
        identifier = f"pk-{finding.fingerprint}{f'-{same}' if same else ''}"
        note = _note(number, finding, identifier, spot, sheet, sources, target)
        before = notes[-1].finding if notes and notes[-1].spot else None
        repeated = before is not None and (before.rule, before.remedy) == (finding.rule, finding.remedy)
        notes.append(structs.replace(note, repeated=repeated))
    return notes


def _note(
    number: int,
    finding: Finding,
    identifier: str,
    spot: Spot | None,
    sheet: Sheet,
    sources: Sources | None,
    target: str,
) -> Note:
    rule = sheet.report.entries.get(finding.rule)
    shown = None if spot or sources is None else sources.excerpt(finding.location, _WIDTH)
    return Note(
        number=number,
        finding=finding,
        name=_NAMES[finding.standing],
        identifier=identifier,
        title=rule.title if rule else "",
        details=rule.details if rule else "",
        source=rule.source if rule else "",
        place=str(finding.location) if finding.location else "",
        editor=address(sheet.editor, sheet.root, finding.location),
        waive=_waive(finding, target),
        said=_said(finding),
        spot=spot,
        excerpt=shown,
    )


def _waive(finding: Finding, target: str) -> str:
    if not finding.waivable or finding.waiver or finding.severity.value == "note":
        return ""
    return command(finding.rule, target, f"--finding {finding.fingerprint}")


def _said(finding: Finding) -> str:
    if finding.waiver:
        return f"Waived by {finding.waiver.who} until {finding.waiver.expires}: {finding.waiver.reason}"
    return f"{finding.accepted}".capitalize() if finding.accepted else ""


def references(verdicts: Sequence[Verdict]) -> Mapping[str, Reference]:
    """Return what is known about each reference by its key."""
    return {
        verdict.key: Reference(verdict.key, spoken(verdict.status), _kind(verdict), tuple(_evidence(verdict)))
        for verdict in verdicts
    }


def _kind(verdict: Verdict) -> str:
    return "good" if verdict.status in _GOOD else "unsettled" if verdict.status in _UNSETTLED else "bad"


def _evidence(verdict: Verdict) -> Iterator[str]:
    yield from verdict.evidence[:4]
    if verdict.source and verdict.retrieved:
        yield f"{verdict.source}, {verdict.retrieved}"
