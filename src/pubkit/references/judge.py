"""What is known of each reference, from the lock and the snapshot alone: no network, and the same answer every time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pubkit.references.identifiers import identifiers
from pubkit.references.lock import (
    Lock,
    Reference,
    digest_of_entry,
    digest_of_key,
    identifier_key,
)
from pubkit.references.model import Bibliography, Verdict, VerdictStatus
from pubkit.references.notices import Notice, combined, standing
from pubkit.references.snapshot import Snapshot

__all__ = ["Judgement", "judge"]


class Judgement(Mapping[str, Verdict]):
    """The verdict on every reference, by key, and what they rest on.

    `snapshot` is the date of the retraction data they were looked up in, None where there was none. `unchecked` are the keys
    that no registry's record was compared with, whatever the snapshot says of them.
    """

    def __init__(self, verdicts: Mapping[str, Verdict], snapshot: dt.date | None, unchecked: frozenset[str]) -> None:
        self._verdicts = dict(verdicts)
        self.snapshot = snapshot
        self.unchecked = unchecked

    def __getitem__(self, key: str) -> Verdict:
        return self._verdicts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._verdicts)

    def __len__(self) -> int:
        return len(self._verdicts)


def judge(
    bibliography: Bibliography, *, lock: Lock, snapshot: Snapshot | None, identifier_keys: Iterable[str] = ()
) -> Judgement:
    """The verdict on every entry of `bibliography` and on every work cited by identifier.

    Args:
        bibliography: the entries as they are now; one that differs from what was checked is UNCHECKED.
        lock: what the registries have answered.
        snapshot: the retraction data, None where there is none.
        identifier_keys: citation keys that are identifiers, as the text has them; others are passed over.

    Raises:
        EnvironmentFault: the snapshot is damaged.
    """
    known: dict[str, Reference | None] = {}
    items: dict[str, Mapping[str, Any]] = {}
    why: dict[str, str] = {}
    for key, name, cited, item in _cited(bibliography, identifier_keys):
        known[key] = _compared_anew(lock.believed(name, cited), item)
        why[key] = "" if known[key] else _why_unchecked(lock, name, cited)
        items[key] = _everything_known(item, known[key])
    noticed = snapshot.notices(items) if snapshot else {}
    date = snapshot.date if snapshot else None
    verdicts = {key: _verdict(key, known[key], why[key], noticed.get(key, ()), date) for key in known}
    unchecked = frozenset(
        key for key, reference in known.items() if reference is None or reference.match is VerdictStatus.UNCHECKED
    )
    return Judgement(verdicts, date, unchecked)


def _cited(
    bibliography: Bibliography, identifier_keys: Iterable[str]
) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Key, key in the lock, sha256 and CSL item of everything that is to be judged."""
    for entry in bibliography:
        yield entry.key, entry.key, digest_of_entry(entry, bibliography), entry.item
    for key in dict.fromkeys(identifier_keys):
        name = identifier_key(key)
        if name is not None and key not in bibliography:
            yield key, name, digest_of_key(name), _item_of(name)


def _compared_anew(reference: Reference | None, item: Mapping[str, Any]) -> Reference | None:
    """A mismatch by the comparison as it is today: what an earlier version called wrong may be right."""
    if reference is None or reference.match is not VerdictStatus.MISMATCH:
        return reference
    from pubkit.references.assessment import assess

    return assess(item, reference.cited, reference.answers, reference.not_asked)


def _item_of(name: str) -> dict[str, str]:
    scheme, _, value = name.partition(":")
    if scheme == "arxiv":
        return {"DOI": f"10.48550/arxiv.{value}"}
    return {scheme.upper(): value}


def _why_unchecked(lock: Lock, name: str, cited: str) -> str:
    if name not in lock.references:
        return "not yet looked up: it is not in the lock"
    if lock.references[name].cited != cited:
        return "changed since it was looked up"
    return "its record in the lock was changed by hand"


def _everything_known(item: Mapping[str, Any], reference: Reference | None) -> Mapping[str, Any]:
    """The cited item with every identifier that it or the registries have, for the look-up in the snapshot."""
    own = identifiers(item)
    known = {"DOI": own.doi, "PMID": own.pmid}
    for answer in reference.found if reference and reference.match is not VerdictStatus.WRONG_WORK else ():
        for name in known:
            known[name] = known[name] or (answer.record.item.get(name) if answer.record else None)
    return {**item, **{name: value for name, value in known.items() if value}}


def _verdict(
    key: str, reference: Reference | None, why: str, noticed: tuple[Notice, ...], date: dt.date | None
) -> Verdict:
    notices = (*(reference.notices if reference else ()), *noticed)
    stands = standing(notices)
    match = reference.match if reference else VerdictStatus.UNCHECKED
    status = combined(match, stands.status)
    looked_up = f"retraction data of {date}" if date else ""
    evidence = [*stands.evidence, *(reference.evidence if reference else (why,))]
    if date and not noticed:
        evidence.append(f"no notice in the {looked_up}")
    sources = [answer.source for answer in reference.answers] if reference else []
    return Verdict(
        key,
        status,
        tuple(dict.fromkeys(evidence)),
        ", ".join(dict.fromkeys((*sources, *([looked_up] if looked_up else [])))),
        reference.retrieved if reference else None,
    )
