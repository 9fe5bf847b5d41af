"""`pubkit refs update`: ask the registries about every reference, and fetch new retraction data.

Answers are kept even if a run is interrupted. A source that gives no usable answer leaves the reference
unchecked, or its earlier record as it was, and ends the command with exit code 4, after everything else has been asked and
saved.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from msgspec import Struct, field, structs

from pubkit.boundary.files import printable
from pubkit.errors import EnvironmentFault
from pubkit.references.assessment import assess, compared_anew
from pubkit.references.bibliography.identifiers import Identifiers, identifiers
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, VerdictStatus
from pubkit.references.notices import worse
from pubkit.references.registries.ask import Questions
from pubkit.references.registries.client import Client, Endpoints, Patience, Request, Source, SourceDown
from pubkit.references.registries.lock import (
    Lock,
    Reference,
    digest_of_entry,
    digest_of_key,
    identifier_key,
)
from pubkit.references.registries.retraction_status import item_of, looked_up
from pubkit.references.registries.snapshot import Snapshot, SnapshotCounts, build, read_abbreviations

__all__ = [
    "Conditions",
    "SnapshotUpdate",
    "UpdateResult",
    "look_up",
    "update",
    "update_snapshot",
]

_JOURNAL_LISTS = ("journal_abbreviations_entrez.csv", "journal_abbreviations_medicus.csv")
_CSV = ("text/csv", "text/plain", "application/csv", "application/octet-stream")
#: Days for which a record is kept without asking again; what was not found is asked again the next day.
_KEPT = 30
_KEPT_MISSING = 1
#: The number of keys that a message names before it counts the others.
_SHOWN = 10
_UNFOUND = frozenset({VerdictStatus.BAD_ID, VerdictStatus.UNCONFIRMED})

Progress = Callable[[int, int, str], None]


class Conditions(Struct, frozen=True):
    """The conditions of asking: where, by whom (an e-mail address), on which day, and how patiently."""

    today: dt.date
    endpoints: Endpoints = field(default_factory=Endpoints)
    contact: str | None = None
    patience: Patience = field(default_factory=Patience)
    proxies: bool = False
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep

    @asynccontextmanager
    async def client(self) -> AsyncIterator[Client]:
        """Yield a client that keeps to these conditions."""
        async with Client(
            self.endpoints, contact=self.contact, patience=self.patience, proxies=self.proxies, sleep=self.sleep
        ) as client:
            yield client


class UpdateResult(Struct, frozen=True):
    """The new lock, and the outcome for each key.

    `asked` are the keys asked about, `kept` those that were still fresh. `not_asked` says, by key, why sources gave no
    answer; `earlier` gives the day of the earlier record, for the keys among them that have one and keep it.
    """

    lock: Lock
    asked: tuple[str, ...]
    kept: tuple[str, ...]
    not_asked: Mapping[str, tuple[str, ...]]
    earlier: Mapping[str, dt.date] = {}

    @property
    def not_looked_up(self) -> tuple[str, ...]:
        """Return the keys that were not looked up in retraction data."""
        return tuple(key for key, reference in self.lock.references.items() if reference.retractions is None)

    @property
    def fault(self) -> EnvironmentFault | None:
        """Return the error with which the command ends once the lock is saved; None if every source has answered."""
        if not self.not_asked:
            return None
        reasons = "; ".join(sorted({reason for reasons in self.not_asked.values() for reason in reasons}))
        message = f"Not checked in this run: {_listed(self.not_asked)}. {printable(reasons, 600)}."
        for day in sorted(set(self.earlier.values())):
            keys = [key for key, kept in self.earlier.items() if kept == day]
            message += f" The records of {day} are kept for {_listed(keys)}."
        return EnvironmentFault(
            message, remedy=("Run `pubkit refs update` again later; the answers received so far are kept.")
        )


def _listed(keys: Collection[str]) -> str:
    """Return the first of `keys`, and how many more there are."""
    shown = ", ".join(printable(key, 60) for key in sorted(keys)[:_SHOWN])
    return shown if len(keys) <= _SHOWN else f"{shown} and {len(keys) - _SHOWN} more"


class _Work(Struct, frozen=True):
    """One reference to ask about: its key in the lock, the SHA-256 of what is cited, and its item, if there is one."""

    name: str
    cited: str
    item: Item | None
    known: Identifiers

    @property
    def described(self) -> Item:
        """Return what is cited, as a CSL item even if it is only an identifier."""
        return self.item if self.item is not None else item_of(self.known)


def update(
    bibliography: Bibliography,
    identifier_keys: Iterable[str],
    *,
    lock: Lock,
    conditions: Conditions,
    progress: Progress | None = None,
    save: Callable[[Lock], None] | None = None,
    snapshot: Snapshot | None = None,
    kept_days: int = _KEPT,
) -> UpdateResult:
    """Ask the registries about every reference that the lock does not answer for.

    Args:
        bibliography: the entries to check.
        identifier_keys: citation keys of the text that are identifiers ("doi:10.1000/x"); others are ignored.
        lock: what is known; answers younger than `kept_days` days on unchanged entries are kept, and compared anew.
        conditions: where to ask, and how.
        progress: called with (done, all, key) before the first and after each reference.
        save: called with the lock after each reference, so that an interrupted run can be continued.
        snapshot: retraction data, in which every reference is looked up, with the journal names for the comparison.
        kept_days: days for which a record is kept without asking again, 30 at most; 0 asks about everything again.

    Returns:
        The lock without references that are gone. If a source is silent about an entry that was checked before, the older
        record is kept, with its date. `UpdateResult.fault` is what the command must end with.
    """
    today = conditions.today
    venues = snapshot.full_title if snapshot else None
    references: dict[str, Reference] = {}
    wanted: list[_Work] = []
    for work in _works(bibliography, identifier_keys):
        known = _usable(lock, work, today)
        if known is not None:
            known = compared_anew(work.item, known, venues)
            references[work.name] = looked_up(known, work.described, snapshot, today) if snapshot else known
        if known is None or not _is_fresh(known, today, min(kept_days, _KEPT)):
            wanted.append(work)
    kept = tuple(sorted(references.keys() - {work.name for work in wanted}))
    inquiry = _Inquiry(references, snapshot, progress, save)
    asyncio.run(inquiry.about(wanted, conditions))
    asked = tuple(sorted(work.name for work in wanted))
    not_asked = dict(sorted(inquiry.not_asked.items()))
    return UpdateResult(inquiry.lock(), asked, kept, not_asked, dict(sorted(inquiry.earlier.items())))


def look_up(
    bibliography: Bibliography, identifier_keys: Iterable[str], *, lock: Lock, snapshot: Snapshot, today: dt.date
) -> Lock:
    """Return `lock` with every reference in it looked up in `snapshot`, without asking any registry."""
    references = dict(lock.references)
    for work in _works(bibliography, identifier_keys):
        known = _usable(lock, work, today)
        if known is not None:
            references[work.name] = looked_up(known, work.described, snapshot, today)
    return structs.replace(lock, references=references)


def _works(bibliography: Bibliography, identifier_keys: Iterable[str]) -> Iterator[_Work]:
    for entry in bibliography:
        yield _Work(entry.key, digest_of_entry(entry, bibliography), entry.item, identifiers(entry.item))
    names = {name for key in identifier_keys if key not in bibliography and (name := identifier_key(key))}
    for name in sorted(names):
        scheme, _, value = name.partition(":")
        yield _Work(name, digest_of_key(name), None, Identifiers(**{scheme: value}))


def _usable(lock: Lock, work: _Work, today: dt.date) -> Reference | None:
    """Return the lock's record of `work`, unless it is dated after `today`."""
    known = lock.believed(work.name, work.cited)
    return None if known is None or (known.newest is not None and known.newest > today) else known


def _is_fresh(reference: Reference, today: dt.date, kept_days: int) -> bool:
    """Return whether the record is recent enough; one without a day, by an older pubkit, cannot be compared anew."""
    if reference.not_asked or reference.checked is None or reference.retrieved is None:
        return False
    days = min(kept_days, _KEPT_MISSING) if reference.match in _UNFOUND else kept_days
    return (today - reference.retrieved).days < days


def _is_poorer(new: Reference, old: Reference) -> bool:
    """Return whether `new` compares with no record and says nothing worse of the work than `old`."""
    says_worse = new.verdict is not VerdictStatus.UNCHECKED and worse(new.verdict, old.verdict) is not old.verdict
    return new.match is VerdictStatus.UNCHECKED and not says_worse


class _Inquiry:
    """A run of questions; `references` collects what is known, with each answer as it comes."""

    def __init__(
        self,
        references: dict[str, Reference],
        snapshot: Snapshot | None,
        progress: Progress | None,
        save: Callable[[Lock], None] | None,
    ) -> None:
        self.references = references
        self.not_asked: dict[str, tuple[str, ...]] = {}
        self.earlier: dict[str, dt.date] = {}
        self._snapshot = snapshot
        self._progress = progress
        self._save = save
        self._done = 0

    def lock(self) -> Lock:
        """Return what is known so far."""
        return Lock(references=dict(sorted(self.references.items())))

    async def about(self, wanted: Sequence[_Work], conditions: Conditions) -> None:
        """Ask about each of `wanted`, a few at a time."""
        waiting = iter(wanted)
        self._tell(len(wanted), "")
        try:
            async with conditions.client() as client, asyncio.TaskGroup() as group:
                questions = Questions(client, conditions.today)
                for _ in range(conditions.patience.concurrency):
                    group.create_task(self._work_through(waiting, questions, len(wanted), conditions.today))
        except ExceptionGroup as several:
            # A full disk, say: the caller expects that error, not a group of one.
            raise several.exceptions[0] from several

    async def _work_through(self, waiting: Iterator[_Work], questions: Questions, total: int, today: dt.date) -> None:
        venues = self._snapshot.full_title if self._snapshot else None
        for work in waiting:
            answers, not_asked = await questions.about(work.known, work.item)
            made = assess(work.item, work.cited, answers, not_asked, venues, checked=today)
            self._enter(work.name, looked_up(made, work.described, self._snapshot, today) if self._snapshot else made)
            self._done += 1
            if self._save is not None:
                self._save(self.lock())
            self._tell(total, work.name)

    def _enter(self, name: str, reference: Reference) -> None:
        """Keep the new record, unless sources were silent and it says less than the older one, which keeps its date."""
        if reference.not_asked:
            self.not_asked[name] = reference.not_asked
        old = self.references.get(name)
        if old is not None and old.retrieved and not old.not_asked and _is_poorer(reference, old):
            self.earlier[name] = old.retrieved
        else:
            self.references[name] = reference

    def _tell(self, total: int, name: str) -> None:
        if self._progress is not None:
            self._progress(self._done, total, name)


# ---------------------------------------------------------------------------------------------------------- the snapshot


class SnapshotUpdate(Struct, frozen=True):
    """The contents of a new snapshot, and the lists that could not be obtained."""

    counts: SnapshotCounts
    not_asked: tuple[str, ...] = ()


def update_snapshot(target: Path, conditions: Conditions) -> SnapshotUpdate:
    """Fetch the retraction data and the journal names, and replace the snapshot `target`.

    Raises:
        EnvironmentFault: the retraction data could not be obtained or is cut short; `target` is unchanged.
    """
    return asyncio.run(_update_snapshot(target, conditions))


async def _update_snapshot(target: Path, conditions: Conditions) -> SnapshotUpdate:
    journals: list[tuple[str, str]] = []
    not_asked: list[str] = []
    async with conditions.client() as client:
        try:
            data = await client.download(Request(Source.RETRACTION_WATCH, ("retraction_watch.csv",), {}, _CSV))
        except SourceDown as down:
            raise EnvironmentFault(
                str(down), remedy="Try again later; retraction data that was there before is unchanged."
            ) from down
        for name in _JOURNAL_LISTS:
            try:
                journals += read_abbreviations(await client.download(Request(Source.JOURNALS, (name,), {}, _CSV)))
            except SourceDown as down:
                not_asked.append(f"{name}: {down}")
    counts = build(target, data, date=conditions.today, journals=journals, at_least=_expected(target))
    return SnapshotUpdate(counts, tuple(not_asked))


def _expected(target: Path) -> int:
    """Return how many notices new data must contain: nearly as many as the old, since notices are seldom withdrawn."""
    if not target.is_file():
        return 0
    try:
        with Snapshot(target) as old:
            return old.counts.notices * 95 // 100
    except EnvironmentFault:
        return 0
