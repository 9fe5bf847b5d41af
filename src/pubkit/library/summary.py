"""What a run over a library has found, as one page for people and one file for programs.

library.json has every outcome; library.html begins with what needs attention: publications that are not sound, works that
are retracted or doubtful, and reviews that are due.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import msgspec
from msgspec import Struct, structs

from pubkit.catalogue import entries
from pubkit.compliance.verdict import tasks
from pubkit.findings import Finding
from pubkit.library.work import Outcome, State, Work
from pubkit.outcome import Mode, Report
from pubkit.render.templates import template

__all__ = ["JSON", "PAGE", "SCHEMA", "Shared", "Summary", "as_json", "as_page", "beside_error", "of_all", "summary"]

SCHEMA = "pubkit-library-1"
JSON, PAGE = "library.json", "library.html"
#: A review that is due within so many days is listed.
_SOON = 90
#: So many findings of one kind are listed for each publication; the others are counted.
_MOST_SHOWN = 4
#: Verdicts that need an editor, worst first.
_DOUBTFUL = ("RETRACTED", "CONCERN", "WRONG_WORK", "BAD_ID", "MISMATCH", "VERSION_DRIFT", "UNCONFIRMED", "CORRECTED")


class Shared(Struct, frozen=True):
    """A work that several publications cite: what identifies it, its title, and the publications by name."""

    identifier: str
    title: str
    publications: tuple[str, ...]
    verdict: str = ""


class Due(Struct, frozen=True):
    """A publication whose review is due: the day, and whether it is past."""

    name: str
    title: str
    on: dt.date
    late: bool


class Rule(Struct, frozen=True):
    """A rule that blocks: its id and title, the number of its findings, and in how many publications."""

    id: str
    title: str
    findings: int
    publications: int


class Summary(Struct, frozen=True):
    """The whole run: what was done on which day, every outcome by name, and what they have in common."""

    schema: str
    work: Work
    day: dt.date
    outcomes: tuple[Outcome, ...]
    states: Mapping[str, int]
    rules: tuple[Rule, ...]
    shared: tuple[Shared, ...]
    doubtful: tuple[Shared, ...]
    due: tuple[Due, ...]

    @property
    def processor_seconds(self) -> float:
        """Return the processor seconds of all work, by workers and the programs that they started."""
        return sum(one.processor_seconds for one in self.outcomes)

    @property
    def exit_code(self) -> int:
        """Return the worst exit code of all."""
        return max((one.exit_code for one in self.outcomes), default=0)


def summary(work: Work, outcomes: Iterable[Outcome], day: dt.date) -> Summary:
    """Return the summary of a run; the same outcomes give the same summary, in whatever order they came."""
    ordered = tuple(sorted((structs.replace(one, made={}) for one in outcomes), key=lambda one: one.name))
    shared = tuple(_shared(ordered))
    return Summary(
        schema=SCHEMA,
        work=work,
        day=day,
        outcomes=ordered,
        states={state.value: sum(one.state is state for one in ordered) for state in State},
        rules=tuple(_rules(ordered)),
        shared=tuple(one for one in shared if len(one.publications) > 1),
        doubtful=tuple(sorted((one for one in shared if one.verdict), key=_gravity)),
        due=tuple(sorted(_due(ordered, day), key=lambda one: (one.on, one.name))),
    )


def beside_error(outcome: Outcome) -> tuple[str, tuple[Finding, ...]]:
    """Return the place of what stopped a publication, "" if it is unknown, and the findings that say something else."""
    same = [one for one in outcome.findings if one.message in outcome.error]
    place = next((str(one.location) for one in same if one.location), "")
    return place, tuple(one for one in outcome.findings if one not in same)


def of_all(found: Summary, folders: Mapping[str, str]) -> Report:
    """Return the findings of all publications as one report; each place is below the folder of its publication.

    Args:
        found: the summary of a run; it has the first findings of each publication.
        folders: the folder of each publication by its name, as the report is to name it.
    """
    findings: list[Finding] = []
    for one in found.outcomes:
        folder = PurePosixPath(folders[one.name])
        findings += (
            structs.replace(each, location=structs.replace(each.location, file=str(folder / each.location.file)))
            if each.location
            else structs.replace(each, message=f"{one.name}: {each.message}")
            for each in one.findings
        )
    return Report(Mode.CHECK, tuple(findings))


def _rules(outcomes: Sequence[Outcome]) -> Iterator[Rule]:
    found: Counter[str] = Counter()
    where: Counter[str] = Counter()
    for outcome in outcomes:
        found.update(outcome.rules)
        where.update(outcome.rules.keys())
    known = entries()
    for name, number in found.most_common():
        yield Rule(name, known[name].title if name in known else "", number, where[name])


def _shared(outcomes: Sequence[Outcome]) -> Iterator[Shared]:
    """Yield every identified work with the publications that cite it, and the worst doubt about it."""
    citing: defaultdict[str, list[str]] = defaultdict(list)
    titles: dict[str, str] = {}
    verdicts: defaultdict[str, set[str]] = defaultdict(set)
    for outcome in outcomes:
        for work in outcome.cited:
            if not work.identifier:
                continue
            if outcome.name not in citing[work.identifier]:
                citing[work.identifier].append(outcome.name)
            titles.setdefault(work.identifier, work.title)
            verdicts[work.identifier].add(outcome.verdicts.get(work.key, ""))
    for identifier, names in sorted(citing.items(), key=lambda one: (-len(one[1]), one[0])):
        worst = next((verdict for verdict in _DOUBTFUL if verdict in verdicts[identifier]), "")
        yield Shared(identifier, titles[identifier], tuple(names), worst)


def _gravity(work: Shared) -> tuple[int, int, str]:
    return _DOUBTFUL.index(work.verdict), -len(work.publications), work.identifier


def _due(outcomes: Sequence[Outcome], day: dt.date) -> Iterator[Due]:
    for outcome in outcomes:
        if outcome.review_due and (outcome.review_due - day).days <= _SOON:
            yield Due(outcome.name, outcome.title, outcome.review_due, outcome.review_due < day)


def as_json(found: Summary) -> bytes:
    """Return the summary as JSON; times and memory are left out, so that the same state gives the same bytes."""
    plain = msgspec.to_builtins(found, order="deterministic")
    for outcome in plain["outcomes"]:
        for name in ("seconds", "processor_seconds", "unchanged", "made"):
            del outcome[name]
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


def as_page(found: Summary) -> bytes:
    """Return the summary as one HTML document without scripts; the same state gives the same bytes."""
    words = {State.SOUND: _SOUND[found.work], State.BLOCKED: "Blocked", State.REFUSED: "Refused", State.LOST: "Lost"}
    attention = [one for one in found.outcomes if one.state is not State.SOUND]
    page = template(__package__, "library.html.jinja")
    said = {
        "found": found, "words": words, "attention": attention, "State": State, "tasks": tasks, "most": _MOST_SHOWN,
        "beside_error": beside_error,
    }  # fmt: skip
    return page.render(said).encode()


_SOUND = {Work.CHECK: "Ready", Work.DRAFT: "Drafted", Work.BUILD: "Built", Work.RELEASE: "Released"}
