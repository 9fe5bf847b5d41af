"""What the compliance page begins with: the verdict, and what must be done, most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import counted
from pubkit.findings import Finding, Severity
from pubkit.outcome import Mode

__all__ = ["Assessment", "Task", "Urgency", "assessment", "tasks", "urgencies"]


class Assessment(Struct, frozen=True):
    """The verdict on a text: its kind, as the colours of the page know it, one line, and the reason."""

    kind: str
    line: str
    reason: str


class Task(Struct, frozen=True):
    """One thing to do, and the findings that ask for it."""

    rule: str
    remedy: str
    findings: tuple[Finding, ...]


class Urgency(Struct, frozen=True):
    """By when tasks must be done: a heading, and the tasks."""

    heading: str
    tasks: tuple[Task, ...]


def assessment(mode: Mode, findings: Sequence[Finding]) -> Assessment:
    """Return the verdict that the findings of a run give."""
    errors, warnings = sum(one.blocks for one in findings), len(_warnings(findings))
    if errors:
        return Assessment("not_met", "Not fit for publication", f"{counted(errors, 'error')} must be corrected.")
    if mode is Mode.RELEASE:
        return Assessment("met", "Released", "Nothing blocks this release.")
    if warnings:
        reason = f"No error, but {counted(warnings, 'warning')}. A release counts some warnings as errors."
        return Assessment("partly", "Sound as a build; a release asks for more", reason)
    reason = "No error and no warning. `pubkit release` has the last word."
    return Assessment("human", "Nothing found stands in the way of a release", reason)


def urgencies(mode: Mode, findings: Sequence[Finding]) -> tuple[Urgency, ...]:
    """Return what must be done before anything is published, and what should be looked at."""
    groups = (
        ("Before anything is published", [one for one in findings if one.blocks]),
        ("To look at" if mode is Mode.RELEASE else "Before a release", _warnings(findings)),
    )
    return tuple(Urgency(heading, tuple(tasks(group))) for heading, group in groups if group)


def _warnings(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings that block nothing now but are more than notes: warnings, and errors in the baseline."""
    return [one for one in findings if not one.blocks and not one.waived and one.severity is not Severity.NOTE]


def tasks(findings: Sequence[Finding]) -> Iterator[Task]:
    """Yield one task for each rule and remedy, in the order in which they are first met."""
    grouped: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        grouped.setdefault((finding.rule, finding.remedy), []).append(finding)
    return (Task(rule, remedy, tuple(group)) for (rule, remedy), group in grouped.items())
