"""What is known about each reference, from the lock alone: no network, and the same answer every time.

A local snapshot of the retraction data that is newer than the lock can make a verdict worse, never better: what a release
rests on is committed beside the text.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from pubkit.references.bibliography.identifiers import Identifiers
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, Verdict, VerdictStatus
from pubkit.references.notices import Notice, RetractionCheck, combined, standing, worse
from pubkit.references.own_word import own_notices
from pubkit.references.registries.lock import FILE_NAME, Lock, Reference, digest_of_entry, digest_of_key, identifier_key
from pubkit.references.registries.retraction_status import described, item_of
from pubkit.references.registries.snapshot import Snapshot

__all__ = ["Judgement", "judge"]


class Judgement(Mapping[str, Verdict]):
    """The verdict on every reference, by key, and what they rest on.

    `unchecked` are the keys that no registry's record was compared with, whatever the retraction data says about them.
    `retractions` gives, for each key with a record in the lock, the result of its look-up in retraction data.
    `snapshot` is the date of the local retraction data, or None.
    """

    def __init__(
        self,
        verdicts: Mapping[str, Verdict],
        unchecked: frozenset[str] = frozenset(),
        retractions: Mapping[str, RetractionCheck | None] | None = None,
        snapshot: dt.date | None = None,
    ) -> None:
        self._verdicts = dict(verdicts)
        self.unchecked = unchecked
        self.retractions = dict(retractions or {})
        self.snapshot = snapshot

    def __getitem__(self, key: str) -> Verdict:
        return self._verdicts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verdicts)

    def __len__(self) -> int:
        return len(self._verdicts)

    def looked_up(self, key: str) -> bool:
        """Return whether the work was looked for in retraction data, by the lock's record or in the local data."""
        return self.snapshot is not None or self.retractions.get(key) is not None

    @property
    def retraction_data(self) -> dt.date | None:
        """Return the oldest day for which all references were checked for retractions; None if one was not looked up."""
        checks = [self.retractions.get(key) for key in self._verdicts]
        days = [check.day for check in checks if check]
        return min(days) if days and len(days) == len(checks) else None


class _Known(Struct, frozen=True):
    """One reference: its item, its record in the lock, if that fits, and why the record does not count, if it does not.

    `own` are the notices that the entry itself contains.
    """

    item: Item
    reference: Reference | None
    doubt: str
    own: tuple[Notice, ...] = ()

    @property
    def notice(self) -> str:
        """Return the kind of notice that a registry's record says the work is."""
        records = (one.record for one in self.reference.found if one.record) if self.reference else ()
        return next((record.itself for record in records if record.itself), "")

    @property
    def match(self) -> VerdictStatus:
        return self.reference.match if self.reference and not self.doubt else VerdictStatus.UNCHECKED


def judge(
    bibliography: Bibliography,
    *,
    lock: Lock,
    snapshot: Snapshot | None,
    today: dt.date,
    identifier_keys: Iterable[str] = (),
) -> Judgement:
    """Return the verdict on every entry of `bibliography` and on every work cited by identifier.

    Args:
        bibliography: the entries as they are now; one that differs from what was checked is UNCHECKED.
        lock: what the registries and the retraction data have answered; an answer dated after `today` is not believed.
        snapshot: local retraction data, or None; data dated after `today` does not count.
        today: the day on which the question is asked.
        identifier_keys: citation keys that are identifiers, as the text has them; others are ignored.

    Raises:
        EnvironmentFault: the snapshot is damaged.
    """
    known: dict[str, _Known] = {}
    for key, name, cited, item in _cited(bibliography, identifier_keys):
        reference = _compared_anew(lock.believed(name, cited), item)
        doubt = _doubt(lock, name, cited, today)
        entry = bibliography.entries.get(key)
        known[key] = _Known(item, reference, doubt, own_notices(entry) if entry else ())
    local = snapshot if snapshot and snapshot.date <= today else None
    noticed = _newly_noticed(known, local)
    return Judgement(
        {key: _verdict(key, one, noticed.get(key, ()), local) for key, one in known.items()},
        frozenset(key for key, one in known.items() if one.match is VerdictStatus.UNCHECKED),
        {key: one.reference.retractions for key, one in known.items() if one.reference and not one.doubt},
        local.date if local else None,
    )


def _cited(bibliography: Bibliography, identifier_keys: Iterable[str]) -> Iterator[tuple[str, str, str, Item]]:
    """Yield the key, the key in the lock, the SHA-256 and the CSL item of everything to be judged."""
    for entry in bibliography:
        yield entry.key, entry.key, digest_of_entry(entry, bibliography), entry.item
    for key in dict.fromkeys(identifier_keys):
        name = identifier_key(key)
        if name is not None and key not in bibliography:
            scheme, _, value = name.partition(":")
            yield key, name, digest_of_key(name), item_of(Identifiers(**{scheme: value}))


def _compared_anew(reference: Reference | None, item: Item) -> Reference | None:
    """Return a mismatch compared again by the current rules: what an earlier version called wrong may be right."""
    if reference is None or reference.match is not VerdictStatus.MISMATCH:
        return reference
    from pubkit.references.assessment import compared_anew

    return compared_anew(item, reference)


def _doubt(lock: Lock, name: str, cited: str, today: dt.date) -> str:
    """Return why the lock's record of `name` does not count; empty if it does."""
    reference = lock.references.get(name)
    if reference is None:
        return "not in references.lock.json"
    if reference.cited != cited:
        return "changed since it was looked up"
    if not lock.intact(name):
        return "its record in the lock was changed by hand"
    if lock.superseded:
        return f"{FILE_NAME} was written by an older version of pubkit"
    if reference.retrieved is None or reference.newest is None:
        return "its record in the lock has no date"
    if reference.newest > today:
        return f"its record in the lock is dated in the future ({reference.newest})"
    return ""


def _newly_noticed(known: Mapping[str, _Known], snapshot: Snapshot | None) -> Mapping[str, tuple[Notice, ...]]:
    """Return the notices that only the local data has, if it is newer than the data of the lock."""
    if snapshot is None:
        return {}
    items = {key: described(one.item, one.reference) for key, one in known.items() if _is_older(one, snapshot.date)}
    noticed = snapshot.notices(items)
    return {key: tuple(_unlike(notices, known[key].reference)) for key, notices in noticed.items()}


def _is_older(known: _Known, day: dt.date) -> bool:
    check = known.reference.retractions if known.reference else None
    return check is None or bool(known.doubt) or check.dated < day


def _unlike(notices: Iterable[Notice], reference: Reference | None) -> Iterator[Notice]:
    """Yield those of `notices` that the lock does not already have from the same data of another day."""
    check = reference.retractions if reference else None
    held = {(one.kind, one.label, one.date, one.doi, one.pmid) for one in (check.found if check else ())}
    return (one for one in notices if (one.kind, one.label, one.date, one.doi, one.pmid) not in held)


def _verdict(key: str, known: _Known, noticed: tuple[Notice, ...], snapshot: Snapshot | None) -> Verdict:
    reference = known.reference
    held = (*(reference.notices if reference else ()), *known.own)
    stands = standing((*held, *noticed))
    status = combined(known.match, worse(standing(held).status, stands.status))
    evidence = [*stands.evidence, *([known.doubt] if known.doubt else reference.evidence if reference else ())]
    looked_up = _data_consulted(known, noticed, snapshot)
    if looked_up and not noticed and not (reference and reference.retractions and reference.retractions.found):
        evidence.append(f"no notice in the {looked_up}")
    sources = [answer.source for answer in reference.answers] if reference else []
    return Verdict(
        key,
        status,
        tuple(dict.fromkeys(evidence)),
        ", ".join(dict.fromkeys((*sources, *([looked_up] if looked_up else [])))),
        reference.retrieved if reference and not known.doubt else None,
        known.match,
        known.notice,
    )


def _data_consulted(known: _Known, noticed: tuple[Notice, ...], snapshot: Snapshot | None) -> str:
    """Return the retraction data that the verdict rests on: the lock's, unless only newer local data has a notice."""
    check = known.reference.retractions if known.reference and not known.doubt else None
    if check and not noticed:
        return f"retraction data of {check.dated}"
    return f"retraction data of {snapshot.date}" if snapshot else ""
