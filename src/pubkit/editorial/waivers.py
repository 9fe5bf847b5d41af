"""The waiver register: the findings that an editor has waived, how many a waiver covers, why, who, and until when."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Sequence

from msgspec import Struct

from pubkit.editorial.spreadsheet import as_csv
from pubkit.findings import Finding, Waiver

__all__ = ["WaiverLine", "WaiverState", "register", "to_csv"]


class WaiverState(enum.StrEnum):
    """What a waiver does today."""

    IN_USE = "in-use"
    IDLE = "idle"
    EXPIRED = "expired"


class WaiverLine(Struct, frozen=True):
    """One waiver with what it covers.

    `where` is a fingerprint, a file name or "project"; `covers` is the number of findings. `place`, `finding` and `text` are
    those of the first of them, and empty if it covers none.
    """

    rule: str
    where: str
    covers: int
    state: WaiverState
    reason: str
    who: str
    expires: dt.date
    days_left: int
    place: str
    finding: str
    text: str


def register(waivers: Sequence[Waiver], findings: Iterable[Finding], today: dt.date) -> tuple[WaiverLine, ...]:
    """Return every waiver of the front matter, in the order in which they end; `findings` are those of the report."""
    covered: dict[Waiver, list[Finding]] = {}
    for finding in findings:
        if finding.waiver:
            covered.setdefault(finding.waiver, []).append(finding)
    lines = [_line(waiver, covered.get(waiver, []), today) for waiver in waivers]
    return tuple(sorted(lines, key=lambda line: (line.expires, line.rule, line.where)))


def _line(waiver: Waiver, covered: Sequence[Finding], today: dt.date) -> WaiverLine:
    first = covered[0] if covered else None
    state = WaiverState.EXPIRED if waiver.expires < today else WaiverState.IN_USE if first else WaiverState.IDLE
    return WaiverLine(
        rule=waiver.rule,
        where=waiver.extent,
        covers=len(covered),
        state=state,
        reason=waiver.reason,
        who=waiver.who,
        expires=waiver.expires,
        days_left=(waiver.expires - today).days,
        place=str(first.location) if first and first.location else "",
        finding=first.message if first else "",
        text=first.context if first else "",
    )


def to_csv(lines: Iterable[WaiverLine]) -> bytes:
    """Return the register as a CSV file, one line for each waiver."""
    names = WaiverLine.__struct_fields__
    return as_csv(names, ([getattr(line, name) for name in names] for line in lines))
