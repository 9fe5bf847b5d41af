"""What the registries' answers come to for one reference: no such identifier, another work, wrong fields, agreement.

The registries' side of a verdict; `judge` adds the retraction data and reads it all back without a network.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pubkit.references.comparison.works import Comparison, VenueNames, compare
from pubkit.references.model import Bibliography, Entry, VerdictStatus
from pubkit.references.notices import combined, standing
from pubkit.references.registries import Record
from pubkit.references.registries.client import Source
from pubkit.references.registries.lock import Difference, Lock, Reference, RegistryAnswer, digest_of_entry, sealed
from pubkit.references.registries.retraction_status import with_check

__all__ = ["assess", "reproducible"]

_ORDER = list(VerdictStatus)
#: Without these a reader cannot find a work: the registry holds them and the entry does not.
_NEEDED = {"author": "authors", "title": "the title", "issued": "the year", "container-title": "the journal or book"}


class _Result(Struct, frozen=True):
    answer: RegistryAnswer
    record: Record
    comparison: Comparison
    status: VerdictStatus


def assess(
    item: Mapping[str, Any] | None,
    cited: str,
    answers: tuple[RegistryAnswer, ...],
    not_asked: tuple[str, ...] = (),
    venues: VenueNames | None = None,
    *,
    checked: dt.date,
) -> Reference:
    """Return the sealed record of one reference from the registries' answers.

    Args:
        item: the entry's CSL item; None for a work cited by identifier, of which there is nothing to compare.
        cited: the sha256 of the entry, or of the identifier.
        answers: what the registries said, the most trusted first.
        not_asked: the sources that gave no answer, with the reason. While there are any, nothing passes.
        venues: known names of journals, for the comparison.
        checked: the day on which the registries were asked.
    """
    match, evidence, differences = _match(item, answers, venues)
    if not_asked and match not in {VerdictStatus.BAD_ID, VerdictStatus.WRONG_WORK, VerdictStatus.MISMATCH}:
        match, evidence = VerdictStatus.UNCHECKED, [*evidence, *(f"not checked: {reason}" for reason in not_asked)]
    notices = [notice for answer in answers if answer.record for notice in answer.record.notices]
    stands = standing(notices)
    verdict = combined(match, stands.status)
    return sealed(Reference(cited, verdict, match, tuple(evidence), differences, answers, not_asked, checked))


def _match(
    item: Mapping[str, Any] | None, answers: tuple[RegistryAnswer, ...], venues: VenueNames | None
) -> tuple[VerdictStatus, list[str], tuple[Difference, ...]]:
    evidence = [f"{answer.source}: {answer.remark}" for answer in answers if answer.remark]
    for answer in answers:
        if answer.record and answer.record.itself:
            evidence.append(f"{answer.source}: is itself a {answer.record.itself}")
        if answer.record and answer.record.remark:
            evidence.append(f"{answer.source}: {answer.record.remark}")
    if absent := [answer for answer in answers if answer.outcome == "absent"]:
        evidence = [f"{answer.asked} does not exist ({answer.source})" for answer in absent] + evidence
        return VerdictStatus.BAD_ID, evidence, ()
    found = [(answer, answer.record) for answer in answers if answer.record is not None]
    if not found:
        return VerdictStatus.UNCONFIRMED, [*evidence, "no registry asked holds a record of it"], ()
    if item is None:
        names = ", ".join(dict.fromkeys(answer.source for answer, _ in found))
        return VerdictStatus.OK, [f"taken from {names}", *evidence], ()
    results = [_compared(item, answer, record, venues) for answer, record in found]
    return _weighed(item, results, evidence)


def _compared(item: Mapping[str, Any], answer: RegistryAnswer, record: Record, venues: VenueNames | None) -> _Result:
    """Return the comparison of `item` with the record, under every title that the registry holds."""
    titles = [title for title in (record.item.get("title"), *record.titles) if title]
    comparison = compare(item, {**record.item, "title": titles}, venues=venues)
    status = VerdictStatus(comparison.status)
    if status is VerdictStatus.OK and "title" not in comparison.compared:
        status = VerdictStatus.UNCONFIRMED
    return _Result(answer, record, comparison, status)


def _weighed(
    item: Mapping[str, Any], results: list[_Result], evidence: list[str]
) -> tuple[VerdictStatus, list[str], tuple[Difference, ...]]:
    """Return one status from the comparisons with several registries.

    Another work under any of the identifiers is an error. Beyond that an entry that one registry confirms in everything is
    confirmed; where another differs in title or authors, the registries contradict each other, which is said.
    """
    wrong = next((result for result in results if result.status is VerdictStatus.WRONG_WORK), None)
    # OK is last in the order of verdicts, UNCONFIRMED stands between; of equals the first registry's comes first.
    best = max(results, key=lambda result: _ORDER.index(result.status))
    shown = wrong or (best if best.status is VerdictStatus.OK else results[0])
    differences = tuple(
        Difference(part.field, part.cited, part.registry, part.why) for part in shown.comparison.differences
    )
    if wrong is not None:
        line = f"{wrong.answer.asked} is another work: “{wrong.record.item.get('title', '')}” ({wrong.answer.source})"
        return VerdictStatus.WRONG_WORK, [line, *evidence], differences
    if best.status is VerdictStatus.UNCONFIRMED:
        return best.status, [f"{best.answer.source} has no title to compare with", *evidence], differences
    if (
        shown.answer.source == Source.OPEN_LIBRARY
        and shown.status is VerdictStatus.MISMATCH
        and not _contradicts(shown)
    ):
        # Its readers write it: year, publisher and pages are often those of another edition.
        fields = ", ".join(dict.fromkeys(part.field for part in shown.comparison.blocking))
        return VerdictStatus.DISPUTED, [f"{shown.answer.source} differs in: {fields}", *evidence], differences
    if best.status is not VerdictStatus.OK:
        fields = ", ".join(dict.fromkeys(part.field for part in shown.comparison.differences if not part.missing))
        return shown.status, [f"differs from {shown.answer.source} in: {fields}", *evidence], differences
    names = ", ".join(dict.fromkeys(result.answer.source for result in results if result.status is VerdictStatus.OK))
    evidence = [f"agrees with {names}", *evidence]
    if other := next((result for result in results if _contradicts(result)), None):
        evidence.append(f"{other.answer.source} has another title or other authors")
        return VerdictStatus.DISPUTED, evidence, differences
    if best.answer.asked == "title":
        evidence.append(f"found by its title: add the DOI {best.record.item.get('DOI', '')}")
        return VerdictStatus.INCOMPLETE, evidence, differences
    if missing := _missing(item, [result.record.item for result in results]):
        return VerdictStatus.INCOMPLETE, [*evidence, f"the entry lacks {', '.join(missing)}"], differences
    return VerdictStatus.OK, evidence, differences


def _contradicts(result: _Result) -> bool:
    wrong = {part.field for part in result.comparison.blocking}
    return result.status is VerdictStatus.MISMATCH and bool(wrong & {"title", "authors"})


def _missing(item: Mapping[str, Any], records: list[Mapping[str, Any]]) -> list[str]:
    """Return what a reader needs, the registries hold, and the entry does not have."""
    has = {field for field in _NEEDED if item.get(field)} | ({"author"} if item.get("editor") else set())
    held = {field for field in _NEEDED if any(record.get(field) for record in records)}
    return [name for field, name in _NEEDED.items() if field in held - has]


def compared_anew(item: Mapping[str, Any] | None, reference: Reference, venues: VenueNames | None = None) -> Reference:
    """Return `reference` by the comparison as it is today; as it is where its day is not known."""
    if reference.checked is None:
        return reference
    again = assess(item, reference.cited, reference.answers, reference.not_asked, venues, checked=reference.checked)
    return with_check(again, reference.retractions)


def reproducible(lock: Lock, entry: Entry, bibliography: Bibliography) -> bool:
    """Return whether the lock's verdict on `entry` follows from the answers it holds: what a reviewer of a lock can ask."""
    reference = lock.believed(entry.key, digest_of_entry(entry, bibliography))
    return reference is not None and reference.checked is not None and reference == compared_anew(entry.item, reference)
