"""What has changed for readers between two editions: claims, works cited, disclaimers, and the words beside them."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pubkit.editorial.diff import ClaimDiff, diff
from pubkit.editorial.editions import Snapshot, Work
from pubkit.editorial.evidence import ClaimVerdict, EvidenceRow
from pubkit.editorial.rewording import Rewording, rewording

__all__ = ["Changes", "changes"]

_WITHOUT_SOURCE = frozenset({ClaimVerdict.UNSOURCED, ClaimVerdict.NO_SUCH_SOURCE})


class Changes(Struct, frozen=True):
    """All that differs.

    `unsourced` are the claims of the new edition without a source that the old one did not have in these words.
    `works_judged` are works whose verdict is another now; `judged_before` has the verdict before, by key.
    `disclaimers_changed` are printed in another version. `words` is what differs in the text beside the claims.
    """

    claims: ClaimDiff
    unsourced: list[EvidenceRow]
    works_added: list[Work]
    works_removed: list[Work]
    works_judged: list[Work]
    judged_before: dict[str, str]
    disclaimers_added: list[str]
    disclaimers_removed: list[str]
    disclaimers_changed: list[str]
    words: Rewording

    @property
    def none(self) -> bool:
        """Return whether no claim, reference or disclaimer differs; `words` may."""
        lists = (self.works_added, self.works_removed, self.works_judged, self.disclaimers_added)
        return not (self.claims.changes or any(lists) or self.disclaimers_removed or self.disclaimers_changed)


def changes(old: Snapshot, new: Snapshot) -> Changes:
    """Compare two editions."""
    before, after = {one.key: one for one in old.references}, {one.key: one for one in new.references}
    known = {row.claim for row in old.claims.rows}
    claims = diff(old.claims, new.claims)
    judged = [one for key, one in after.items() if key in before and _differ(before[key].status, one.status)]
    return Changes(
        claims,
        [row for row in new.claims.rows if row.verdict in _WITHOUT_SOURCE and row.claim not in known],
        [one for key, one in after.items() if key not in before],
        [one for key, one in before.items() if key not in after],
        judged,
        {one.key: before[one.key].status for one in judged},
        _missing(new.disclaimers, old.disclaimers),
        _missing(old.disclaimers, new.disclaimers),
        sorted(name for name, version in new.disclaimers.items() if old.disclaimers.get(name, version) != version),
        rewording(old.text, new.text, claims.changes),
    )


def _differ(before: str, after: str) -> bool:
    return bool(before and after) and before != after


def _missing(some: Mapping[str, str], others: Mapping[str, str]) -> list[str]:
    return sorted(name for name in some if name not in others)
