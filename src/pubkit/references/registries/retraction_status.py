"""Looking works up in the retraction data, so that the lock alone tells whether they were retracted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from pubkit.references.bibliography.identifiers import Identifiers, identifiers
from pubkit.references.model import VerdictStatus
from pubkit.references.notices import RetractionCheck, combined, standing
from pubkit.references.registries.lock import Reference, sealed
from pubkit.references.registries.snapshot import Snapshot

__all__ = ["described", "item_of", "looked_up", "with_check"]


def item_of(known: Identifiers) -> dict[str, str]:
    """Return the CSL item of a work of which nothing but identifiers is known."""
    doi = known.doi or (f"10.48550/arxiv.{known.arxiv}" if known.arxiv else None)
    pairs = (("DOI", doi), ("PMID", known.pmid), ("PMCID", known.pmcid), ("ISBN", known.isbn))
    return {name: value for name, value in pairs if value}


def described(item: Mapping[str, Any], reference: Reference | None) -> Mapping[str, Any]:
    """Return the cited item with every identifier that it or the registries have, by which notices about it are found."""
    own = identifiers(item)
    known = {"DOI": own.doi, "PMID": own.pmid}
    for answer in reference.found if reference and reference.match is not VerdictStatus.WRONG_WORK else ():
        for name in known:
            known[name] = known[name] or (answer.record.item.get(name) if answer.record else None)
    return {**item, **{name: value for name, value in known.items() if value}}


def looked_up(reference: Reference, item: Mapping[str, Any], snapshot: Snapshot, today: dt.date) -> Reference:
    """Return `reference` with what `snapshot` says of the work `item`; as it is where it holds the answer of newer data.

    Data that claims to be of a later day than `today` is not believed, and neither is an answer from such data.
    """
    if snapshot.date > today or _is_up_to_date(reference.retractions, snapshot, today):
        return reference
    return with_check(reference, snapshot.check(described(item, reference), today))


def _is_up_to_date(old: RetractionCheck | None, snapshot: Snapshot, today: dt.date) -> bool:
    if old is None or max(old.dated, old.looked_up) > today:
        return False
    return old.dated > snapshot.date or (old.dated, old.sha256) == (snapshot.date, snapshot.sha256)


def with_check(reference: Reference, check: RetractionCheck | None) -> Reference:
    """`reference`, sealed anew, with `check` and the verdict that follows from all its notices."""
    checked = structs.replace(reference, retractions=check)
    return sealed(structs.replace(checked, verdict=combined(checked.match, standing(checked.notices).status)))
