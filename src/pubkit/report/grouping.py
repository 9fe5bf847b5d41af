"""Which findings a report for people shows together: those of one kind, where there are several."""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.findings import Finding

__all__ = ["ALIKE", "MANY", "alike", "kind", "many"]

#: More findings of one rule than this are shown together, whatever file they are in.
MANY = 20
#: So many findings of one file that have their rule and remedy in common are shown together.
ALIKE = 4


def kind(finding: Finding) -> tuple[int, str]:
    """Return the kind of a finding: its severity and its rule."""
    return finding.severity.rank, finding.rule


def many(findings: Sequence[Finding]) -> dict[tuple[int, str], list[Finding]]:
    """Return the findings of each kind that has many, by severity and then by number, the most first."""
    kinds: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault(kind(finding), []).append(finding)
    ordered = sorted(kinds.items(), key=lambda one: (one[0][0], -len(one[1]), one[0][1]))
    return {of: found for of, found in ordered if len(found) > MANY}


def alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return the findings of one file in their order, each alone or with all that are mended in the same way."""
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.standing, finding.rule, finding.remedy), []).append(finding)
    shown: list[list[Finding]] = []
    for finding in findings:
        group = groups[finding.standing, finding.rule, finding.remedy]
        if len(group) < ALIKE:
            shown.append([finding])
        elif finding is group[0]:
            shown.append(group)
    return shown
