"""Findings that are made once for each kind of mistake in a file, with a count and the first places."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from pubkit.catalogue import Entry
from pubkit.findings import Finding, Location, Severity

__all__ = ["Kinds"]

_SHOWN = 3


class _Kind(Struct):
    rule: Entry
    remedy: str
    severity: Severity
    places: list[Location] = field(default_factory=list)


class Kinds(Struct):
    """The mistakes in one file, by message: each with the places at which it was found."""

    met: dict[str, _Kind] = field(default_factory=dict)

    def note(
        self, rule: Entry, message: str, remedy: str, place: Location, severity: Severity = Severity.ERROR
    ) -> None:
        """Note one place at which the mistake that `message` names was found."""
        self.met.setdefault(message, _Kind(rule, remedy, severity)).places.append(place)

    def findings(self) -> list[Finding]:
        """Return one finding for each kind, at its first place."""
        return [
            kind.rule.at(
                kind.places[0],
                _counted(message, kind.places),
                context=message,
                remedy=kind.remedy,
                severity=kind.severity,
            )
            for message, kind in self.met.items()
        ]


def _counted(message: str, places: Sequence[Location]) -> str:
    """Return `message`; if it applies to several places, with their number and their lines."""
    if len(places) == 1:
        return message
    lines = list(dict.fromkeys(place.line for place in places))
    more = ", ..." if len(lines) > _SHOWN else ""
    named = ", ".join(map(str, lines[:_SHOWN]))
    return f"{message.removesuffix('.')} ({len(places)} places, line{'s' if len(lines) > 1 else ''} {named}{more})."
