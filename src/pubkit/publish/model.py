"""What a build results in: a set of files, or the findings that prevented it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from msgspec import Struct, field

from pubkit.boundary.distribution import tool
from pubkit.errors import PubkitError
from pubkit.findings import Severity
from pubkit.outcome import Report

__all__ = ["REFUSED", "Artifact", "Blocked", "Follower", "Observer", "Planner", "Release", "tool"]

#: What is put behind the name of the output folder for the page that shows why a build was refused.
REFUSED = "-refused.html"

#: Called as each stage ends, with its name and the seconds it took.
Observer = Callable[[str, float], None]


@runtime_checkable
class Planner(Protocol):
    """An observer that is also told which stages there will be, as soon as that is known."""

    def plan(self, stages: Sequence[str]) -> None:
        """Take the names of the stages, in order; the formats among them run side by side."""


@runtime_checkable
class Follower(Protocol):
    """An observer that is also told how far a stage has come; it may be called from several threads."""

    def progress(self, stage: str, done: int, of: int) -> None:
        """Take a stage that begins (0, 0), or how many of its parts are done: chapters read or set, rules asked."""


class Artifact(Struct, frozen=True):
    """One finished file: its path, its format, its sha256, its size in bytes."""

    path: Path
    format: str
    sha256: str
    bytes: int


class Release(Struct, frozen=True):
    """One set of files from one build.

    `folder` contains the artifacts, manifest.json, report.json and SHA256SUMS. `timings` are seconds by stage.
    """

    folder: Path
    artifacts: tuple[Artifact, ...]
    report: Report
    timings: Mapping[str, float] = field(default_factory=dict)


#: So many rules are named in the message of an exception.
_RULES_NAMED = 5


class Blocked(PubkitError):
    """Findings prevent the publication from being made; `report` has all of them."""

    def __init__(self, report: Report, timings: Mapping[str, float]) -> None:
        count = report.counts["error"]
        what = f"{count} findings block" if count != 1 else "A finding blocks"
        rules = sorted({one.rule for one in report.findings if one.severity is Severity.ERROR and not one.waiver})
        named = ", ".join(rules[:_RULES_NAMED]) + ", ..." * (len(rules) > _RULES_NAMED)
        super().__init__(
            f"{what} the {report.mode.value}{f' ({named})' if named else ''}.",
            remedy="Resolve them, or have an editor waive them.",
            findings=report.findings,
        )
        self.exit_code = report.exit_code
        self.report = report
        self.timings = dict(timings)
