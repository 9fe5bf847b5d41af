"""The registries' verdict on one reference: no such identifier, another work, wrong fields, or agreement.

The registries' side of a verdict; `judge` adds the retraction data and reads it all back without a network.
"""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence

from msgspec import Struct

from pubkit.references.comparison.works import Comparison, VenueNames, compare
from pubkit.references.item import Item
from pubkit.references.model import Bibliography, Entry, VerdictStatus
from pubkit.references.notices import combined, standing
from pubkit.references.registries import Record
from pubkit.references.registries.client import Source
from pubkit.references.registries.lock import Difference, Lock, Reference, RegistryAnswer, digest_of_entry, sealed
from pubkit.references.registries.retraction_status import with_check

__all__ = ["assess", "reproducible"]

_ORDER = list(VerdictStatus)
#: Characters of a value that a line of evidence shows.
_SHOWN = 80
#: Fields without which a reader cannot find a work.
_NEEDED = {"author": "authors", "title": "the title", "issued": "the year", "container_title": "the journal or book"}


class _Result(Struct, frozen=True):
    answer: RegistryAnswer
    record: Record
    comparison: Comparison
    status: VerdictStatus


def assess(
    item: Item | None,
    cited: str,
    answers: tuple[RegistryAnswer, ...],
    not_asked: tuple[str, ...] = (),
    venues: VenueNames | None = None,
    *,
    checked: dt.date,
) -> Reference:
    """Return the sealed record of one reference from the registries' answers.

    Args:
        item: the entry's CSL item; None for a work cited by identifier, which has nothing to compare.
        cited: the SHA-256 of the entry, or of the identifier.
        answers: what the registries answered, the most trusted first.
        not_asked: the sources that gave no answer, with the reason. If there are any, nothing passes.
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
    item: Item | None, answers: tuple[RegistryAnswer, ...], venues: VenueNames | None
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
        return _unconfirmed(item, answers, evidence, venues)
    if item is None:
        names = ", ".join(dict.fromkeys(answer.source for answer, _ in found))
        return VerdictStatus.OK, [f"taken from {names}", *evidence], ()
    results = [_compared(item, answer, record, venues) for answer, record in found]
    return _weighed(item, results, evidence)


def _unconfirmed(
    item: Item | None, answers: Sequence[RegistryAnswer], evidence: list[str], venues: VenueNames | None
) -> tuple[VerdictStatus, list[str], tuple[Difference, ...]]:
    """Return the verdict when no registry has a record, with the nearest search result and its differences."""
    near = next(((answer, answer.near) for answer in answers if answer.near), None)
    if near is not None and item is not None:
        result = _compared(item, *near, venues)
        record = result.record.item
        name = f"“{record.title}”" + (f", doi:{record.doi}" if record.doi else "")
        differs = _in_words(_differences(result))
        line = f"the nearest record at {result.answer.source} is {name}, which differs in {differs}"
        return VerdictStatus.UNCONFIRMED, [line, *evidence], _differences(result)
    sources = dict.fromkeys(answer.source for answer in answers if answer.outcome == "not held")
    if sources:
        line = f"{' and '.join(sources)} {'have' if len(sources) > 1 else 'has'} no record of this work"
    elif item and (item.doi or item.pmid or item.isbn or (item.title and item.author and item.year is not None)):
        line = "no registry has answered for it, or none registers works of its kind"
    else:
        line = "no registry could be asked: the entry has no identifier, and no title, author and year to search for"
    return VerdictStatus.UNCONFIRMED, [*evidence, line], ()


def _differences(result: _Result) -> tuple[Difference, ...]:
    return tuple(Difference(part.field, part.cited, part.registry, part.why) for part in result.comparison.differences)


def _in_words(differences: Sequence[Difference]) -> str:
    """Return the fields that differ, each with both values."""
    parts = {}
    for one in differences:
        if one.cited:
            cited, registry = _where_they_differ(one.cited, one.registry)
            both = f"“{cited}” cited, “{registry}” in the record"
            # Lists of authors are held cut: the difference may be in what was left out.
            parts[one.field] = f"{one.field} ({one.why.rstrip('.') if cited == registry else both})"
    return ", ".join(parts.values()) or "nothing that was compared"


def _where_they_differ(one: str, other: str) -> tuple[str, str]:
    """Return both texts; of long ones that begin alike, the parts from shortly before the first difference."""
    alike = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
    apart = max(len(one), len(other)) > _SHOWN and alike >= _SHOWN // 2
    start = one.rfind(" ", 0, alike - _SHOWN // 4) + 1 if apart else 0
    return _cut(one, start), _cut(other, start)


def _cut(text: str, start: int) -> str:
    shown = f"…{text[start:]}" if start else text
    return shown if len(shown) <= _SHOWN else f"{shown[: _SHOWN - 1]}…"


def _compared(item: Item, answer: RegistryAnswer, record: Record, venues: VenueNames | None) -> _Result:
    """Return the comparison of `item` with the record under every title that the registry has."""
    comparison = compare(item, record.item, titles=record.titles, venues=venues)
    status = VerdictStatus(comparison.status)
    if status is VerdictStatus.OK and "title" not in comparison.compared:
        status = VerdictStatus.UNCONFIRMED
    return _Result(answer, record, comparison, status)


def _weighed(
    item: Item, results: list[_Result], evidence: list[str]
) -> tuple[VerdictStatus, list[str], tuple[Difference, ...]]:
    """Return one status from the comparisons with several registries.

    Another work under any of the identifiers is an error. Otherwise, an entry that one registry confirms in full is
    confirmed; if another differs in title or authors, the contradiction is reported.
    """
    wrong = next((result for result in results if result.status is VerdictStatus.WRONG_WORK), None)
    # OK is last in the order of verdicts, UNCONFIRMED in between; of equal ones the first registry's wins.
    best = max(results, key=lambda result: _ORDER.index(result.status))
    shown = wrong or (best if best.status is VerdictStatus.OK else results[0])
    differences = _differences(shown)
    if wrong is not None:
        line = f"{wrong.answer.asked} is another work: “{wrong.record.item.title}” ({wrong.answer.source})"
        return VerdictStatus.WRONG_WORK, [line, *evidence], differences
    if best.status is VerdictStatus.UNCONFIRMED:
        return best.status, [f"{best.answer.source} has no title to compare with", *evidence], differences
    if (
        shown.answer.source == Source.OPEN_LIBRARY
        and shown.status is VerdictStatus.MISMATCH
        and not _contradicts(shown)
    ):
        # Its readers edit it: year, publisher and pages are often those of another edition.
        blocking = {part.field for part in shown.comparison.blocking}
        parts = _in_words([one for one in differences if one.field in blocking])
        return VerdictStatus.DISPUTED, [f"{shown.answer.source} differs in {parts}", *evidence], differences
    if best.status is not VerdictStatus.OK:
        absent = {part.field for part in shown.comparison.differences if part.missing}
        parts = _in_words([one for one in differences if one.field not in absent])
        return shown.status, [f"differs from {shown.answer.source} in {parts}", *evidence], differences
    names = ", ".join(dict.fromkeys(result.answer.source for result in results if result.status is VerdictStatus.OK))
    evidence = [f"agrees with {names}", *evidence]
    if other := next((result for result in results if _contradicts(result)), None):
        evidence.append(f"{other.answer.source} has another title or other authors")
        return VerdictStatus.DISPUTED, evidence, differences
    if best.answer.asked == "title":
        evidence.append(f"found by its title: add the DOI {best.record.item.doi}")
        return VerdictStatus.INCOMPLETE, evidence, differences
    if missing := _missing(item, [result.record.item for result in results]):
        return VerdictStatus.INCOMPLETE, [*evidence, f"the entry lacks {', '.join(missing)}"], differences
    return VerdictStatus.OK, evidence, differences


def _contradicts(result: _Result) -> bool:
    wrong = {part.field for part in result.comparison.blocking}
    return result.status is VerdictStatus.MISMATCH and bool(wrong & {"title", "authors"})


def _missing(item: Item, records: Sequence[Item]) -> list[str]:
    """Return what a reader needs and the registries have, but the entry lacks."""
    has = {field for field in _NEEDED if getattr(item, field)} | ({"author"} if item.editor else set())
    held = {field for field in _NEEDED if any(getattr(record, field) for record in records)}
    return [name for field, name in _NEEDED.items() if field in held - has]


def compared_anew(item: Item | None, reference: Reference, venues: VenueNames | None = None) -> Reference:
    """Return `reference` compared anew by the current rules; unchanged if its date is not known."""
    if reference.checked is None:
        return reference
    again = assess(item, reference.cited, reference.answers, reference.not_asked, venues, checked=reference.checked)
    return with_check(again, reference.retractions)


def reproducible(lock: Lock, entry: Entry, bibliography: Bibliography) -> bool:
    """Return whether the lock's verdict on `entry` follows from the answers in it, so that a reviewer can check it."""
    reference = lock.believed(entry.key, digest_of_entry(entry, bibliography))
    return reference is not None and reference.checked is not None and reference == compared_anew(entry.item, reference)
