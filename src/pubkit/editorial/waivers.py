"""The waiver register: every finding that an editor has waived, why, who, and until when."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Iterable, Mapping

from msgspec import Struct

from pubkit.editorial.spreadsheet import as_csv
from pubkit.findings import Finding
from pubkit.project.metadata import Publication

__all__ = ["WaiverLine", "WaiverState", "register", "to_csv"]


class WaiverState(enum.StrEnum):
    """What a waiver does today."""

    IN_USE = "in-use"
    IDLE = "idle"
    EXPIRED = "expired"


class WaiverLine(Struct, frozen=True):
    """One waiver with the finding it covers; `place` and `finding` are empty if it matches none."""

    rule: str
    where: str
    state: WaiverState
    reason: str
    who: str
    expires: dt.date
    days_left: int
    place: str
    finding: str
    text: str


def register(publication: Publication, findings: Iterable[Finding], today: dt.date) -> tuple[WaiverLine, ...]:
    """Return every waiver in the front matter, the first to expire first; `findings` are the report's."""
    waived: Mapping[tuple[str, str], Finding] = {
        (finding.rule, finding.fingerprint): finding for finding in findings if finding.waived
    }
    lines = []
    for entry in publication.waivers:
        finding = waived.get((entry.rule, entry.where))
        state = WaiverState.EXPIRED if entry.expires < today else WaiverState.IN_USE if finding else WaiverState.IDLE
        lines.append(
            WaiverLine(
                rule=entry.rule,
                where=entry.where,
                state=state,
                reason=entry.reason,
                who=entry.who,
                expires=entry.expires,
                days_left=(entry.expires - today).days,
                place=str(finding.location) if finding and finding.location else "",
                finding=finding.message if finding else "",
                text=finding.context if finding else "",
            )
        )
    return tuple(sorted(lines, key=lambda line: (line.expires, line.rule, line.where)))


def to_csv(lines: Iterable[WaiverLine]) -> bytes:
    """Return the register as a CSV file, one line for each waiver."""
    names = WaiverLine.__struct_fields__
    return as_csv(names, ([getattr(line, name) for name in names] for line in lines))
