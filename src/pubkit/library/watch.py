"""Watch what released publications cite: ask once about every work, and list those whose verdict has become worse.

A retraction reaches a publisher only if somebody asks again. The registries are asked about each work once, however many
publications cite it, and the answers are kept in one lock beside the summary, so that an interrupted run goes on.
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct, structs

from pubkit.boundary.files import counted
from pubkit.editorial import ledger
from pubkit.errors import PubkitError
from pubkit.findings import Location
from pubkit.library.titles import Title
from pubkit.library.work import identifier_of
from pubkit.project import loading
from pubkit.references.bibliography.identifiers import identifiers
from pubkit.references.known import consult
from pubkit.references.model import Bibliography, Entry, VerdictStatus
from pubkit.references.registries import lock as locks
from pubkit.references.registries.snapshot import Snapshot
from pubkit.references.registries.update import Conditions, Progress, update
from pubkit.references.verdicts import judge

__all__ = ["LOCK", "Citing", "News", "Watched", "as_json", "lines", "watch"]

SCHEMA = "pubkit-watch-1"
#: The lock with the answers for all publications.
LOCK = "library.lock.json"
#: What an editor must hear of, worst first.
_NEWS = (
    VerdictStatus.RETRACTED,
    VerdictStatus.CONCERN,
    VerdictStatus.WRONG_WORK,
    VerdictStatus.BAD_ID,
    VerdictStatus.VERSION_DRIFT,
    VerdictStatus.CORRECTED,
)


class Citing(Struct, frozen=True):
    """A released publication that cites a work: its name, its newest version and the day of that, and the entry's place.

    `known` is the verdict that the publication itself has on record.
    """

    name: str
    version: str
    released: dt.date
    key: str
    location: Location
    known: VerdictStatus


class News(Struct, frozen=True):
    """A work whose verdict needs an editor: what identifies it, its title, the verdict, the evidence, and who cites it."""

    identifier: str
    title: str
    verdict: VerdictStatus
    evidence: tuple[str, ...]
    citing: tuple[Citing, ...]


class Watched(Struct, frozen=True):
    """What the watch has found.

    `news` are works whose verdict is worse than what a publication has on record; `on_record` those that need an editor
    and are on record as such everywhere. `works` is the number of works asked about. `unidentified` counts, by publication,
    references without an identifier, which no registry can be asked about; `unreleased` names publications that were never
    released, `unread` says by name why one could not be read, and `fault` what kept registries from answering.
    """

    day: dt.date
    works: int
    news: tuple[News, ...]
    on_record: tuple[News, ...]
    unidentified: Mapping[str, int] = {}
    unreleased: tuple[str, ...] = ()
    unread: Mapping[str, str] = {}
    fault: str = ""

    @property
    def exit_code(self) -> int:
        """Return 1 if there is news, 4 if a registry did not answer or a publication could not be read, else 0."""
        if self.news:
            return 1
        return 4 if self.fault or self.unread else 0


class _Cited(Struct, frozen=True):
    """One reference of one publication."""

    identifier: str
    entry: Entry
    citing: Citing


def watch(
    found: Sequence[Title],
    folder: Path,
    conditions: Conditions,
    *,
    snapshot: Path | None = None,
    progress: Progress | None = None,
) -> Watched:
    """Ask about every work that a released publication among `found` cites.

    Args:
        found: the publications.
        folder: where the lock with all answers is kept.
        conditions: where to ask, by whom and on which day.
        snapshot: the retraction data in which every work is looked up, None if there is none.
        progress: called with (done, all, identifier) as works are asked about.

    Raises:
        EnvironmentFault: the lock cannot be written, or the retraction data is damaged.
        InputRefused: the lock is not one.
    """
    cited: list[_Cited] = []
    unidentified: dict[str, int] = {}
    unread: dict[str, str] = {}
    unreleased: list[str] = []
    for title in found:
        try:
            released = _cited_by(title, conditions.today)
        except PubkitError as error:
            unread[title.name] = error.message
            continue
        if released is None:
            unreleased.append(title.name)
            continue
        cited += (one for one in released if one.identifier)
        if nameless := sum(not one.identifier for one in released):
            unidentified[title.name] = nameless
    news, fault = _asked(cited, folder, conditions, snapshot, progress)
    fresh = [one for one in news if any(_worse(one.verdict, where.known) for where in one.citing)]
    return Watched(
        day=conditions.today,
        works=len({one.identifier for one in cited}),
        news=tuple(fresh),
        on_record=tuple(one for one in news if one not in fresh),
        unidentified=unidentified,
        unreleased=tuple(unreleased),
        unread=unread,
        fault=fault,
    )


def _cited_by(title: Title, today: dt.date) -> list[_Cited] | None:
    """Return what the newest release of a publication cites; None if it was never released."""
    project = loading.load(title.path)
    released = ledger.read(project).released
    if not released:
        return None
    newest = max(released, key=lambda one: one.date)
    known = consult(project.folder, project.bibliography, (), today)
    return [
        _Cited(
            identifier_of(identifiers(entry.item)),
            entry,
            Citing(
                title.name, newest.version, newest.date, entry.key, entry.location, known.judgement[entry.key].status
            ),
        )
        for entry in known.bibliography
    ]


def _asked(
    cited: Sequence[_Cited], folder: Path, conditions: Conditions, path: Path | None, progress: Progress | None
) -> tuple[list[News], str]:
    """Return what needs an editor, worst first, and what kept registries from answering."""
    if not cited:
        return [], ""
    citing: defaultdict[str, list[_Cited]] = defaultdict(list)
    for one in cited:
        citing[one.identifier].append(one)
    entries = {name: structs.replace(those[0].entry, key=name) for name, those in sorted(citing.items())}
    works = Bibliography(entries)
    folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        snapshot = stack.enter_context(Snapshot(path)) if path else None
        asked = update(
            works,
            (),
            lock=locks.read(folder, LOCK),
            conditions=conditions,
            progress=progress,
            save=lambda lock: _save(folder, lock),
            snapshot=snapshot,
            kept_days=1,
        )
        _save(folder, asked.lock)
        verdicts = judge(works, lock=asked.lock, snapshot=snapshot, today=conditions.today)
    found = [
        News(
            name,
            entries[name].item.title or "",
            verdict.status,
            verdict.evidence,
            tuple(one.citing for one in citing[name]),
        )
        for name, verdict in verdicts.items()
        if verdict.status in _NEWS
    ]
    return sorted(found, key=lambda one: (_NEWS.index(one.verdict), one.identifier)), _said(asked.fault)


def _save(folder: Path, lock: locks.Lock) -> None:
    locks.write(folder, lock.without_abstracts(), LOCK)


def _said(fault: PubkitError | None) -> str:
    return fault.message if fault else ""


def _worse(found: VerdictStatus, known: VerdictStatus) -> bool:
    """Return whether `found` is worse than the verdict on record; the first of the statuses is the worst."""
    order = list(VerdictStatus)
    return order.index(found) < order.index(known)


def as_json(found: Watched) -> bytes:
    """Return what the watch has found, as JSON."""
    said = {"schema": SCHEMA, **msgspec.to_builtins(found)}
    return msgspec.json.format(msgspec.json.encode(said, order="deterministic"), indent=2) + b"\n"


def lines(found: Watched) -> Iterator[str]:
    """Yield the news as lines of text, with the place of each entry in its publication."""
    for title, works in (("", found.news), ("On record already: ", found.on_record)):
        for one in works:
            yield f"{title}{one.verdict.value}  {one.title} ({one.identifier})"
            yield from (f"    {evidence}" for evidence in one.evidence)
            yield from _places(one.citing)
    for name, number in found.unidentified.items():
        rest = "has no identifier, so nobody can be asked about it"
        if number > 1:
            rest = "have no identifier, so nobody can be asked about them"
        yield f"{name}: {counted(number, 'reference')} {rest}."
    for name, why in found.unread.items():
        yield f"{name}: not read: {why}"
    if found.unreleased:
        yield f"Never released, so not watched: {', '.join(found.unreleased)}"
    if found.fault:
        yield found.fault
    yield f"{counted(found.works, 'work')} asked about, {len(found.news)} with news."


def _places(citing: Iterable[Citing]) -> Iterator[str]:
    for one in citing:
        known = f", {one.known.value} on record"
        yield f"    cited in {one.name} {one.version} of {one.released} as {one.key} ({one.location}{known})"
