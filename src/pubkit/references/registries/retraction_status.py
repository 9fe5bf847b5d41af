"""Look works up in the retraction data, so that the lock alone shows whether they were retracted."""

from __future__ import annotations

import datetime as dt

from msgspec import structs

from pubkit.references.bibliography.identifiers import Identifiers, identifiers
from pubkit.references.item import Item
from pubkit.references.model import VerdictStatus
from pubkit.references.notices import RetractionCheck, combined, standing
from pubkit.references.registries.lock import Reference, sealed
from pubkit.references.registries.snapshot import Snapshot

__all__ = ["described", "item_of", "looked_up", "with_check"]


def item_of(known: Identifiers) -> Item:
    """Return the CSL item of a work of which only identifiers are known."""
    doi = known.doi or (f"10.48550/arxiv.{known.arxiv}" if known.arxiv else "")
    return Item(doi=doi, pmid=known.pmid or "", pmcid=known.pmcid or "", isbn=known.isbn or "")


def described(item: Item, reference: Reference | None) -> Item:
    """Return the cited item with every identifier that it or the registries have, by which notices are found."""
    own = identifiers(item)
    doi, pmid = own.doi, own.pmid
    for answer in reference.found if reference and reference.match is not VerdictStatus.WRONG_WORK else ():
        if answer.record:
            doi, pmid = doi or answer.record.item.doi, pmid or answer.record.item.pmid
    return structs.replace(item, doi=doi or item.doi, pmid=pmid or item.pmid)


def looked_up(reference: Reference, item: Item, snapshot: Snapshot, today: dt.date) -> Reference:
    """Return `reference` with what `snapshot` says about the work `item`, unless it has the answer of newer data.

    Data dated after `today` is not believed, and neither is an answer from such data.
    """
    if snapshot.date > today or _is_up_to_date(reference.retractions, snapshot, today):
        return reference
    return with_check(reference, snapshot.check(described(item, reference), today))


def _is_up_to_date(old: RetractionCheck | None, snapshot: Snapshot, today: dt.date) -> bool:
    if old is None or max(old.dated, old.looked_up) > today:
        return False
    return old.dated > snapshot.date or (old.dated, old.sha256) == (snapshot.date, snapshot.sha256)


def with_check(reference: Reference, check: RetractionCheck | None) -> Reference:
    """Return `reference`, sealed anew, with `check` and the verdict that follows from all its notices."""
    checked = structs.replace(reference, retractions=check)
    return sealed(structs.replace(checked, verdict=combined(checked.match, standing(checked.notices).status)))
