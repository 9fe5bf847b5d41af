"""Changes between two versions, by claim: added, removed, strengthened, weakened, with other figures, words or sources."""

from __future__ import annotations

import enum
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from importlib import resources

from msgspec import Struct
from rapidfuzz import fuzz

from pubkit.editorial.evidence import EvidenceRow, EvidenceTable
from pubkit.editorial.model import Strength
from pubkit.packaged import parsed

__all__ = ["Change", "ChangeKind", "ClaimDiff", "diff", "figures"]

SCHEMA = "pubkit-claim-diff/1"
_SAME_CLAIM = 70.0
_FIGURE = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    r"seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundreds?|thousands?|millions?|half|"
    r"halves|thirds?|quarters?|once|twice|double|triple)\b"
)


class ChangeKind(enum.StrEnum):
    """What happened to a claim."""

    ADDED = "added"
    REMOVED = "removed"
    STRENGTHENED = "strengthened"
    WEAKENED = "weakened"
    FIGURES = "figures-changed"
    REWORDED = "reworded"
    SOURCES = "sources-changed"


class Change(Struct, frozen=True, omit_defaults=True):
    """One change. `before` and `after` are the wordings; `keys_added` and `keys_removed` the changes in its sources."""

    kind: ChangeKind
    before: str = ""
    after: str = ""
    strength_before: str = ""
    strength_after: str = ""
    keys_added: list[str] = []
    keys_removed: list[str] = []
    file: str = ""
    line: int = 0


class ClaimDiff(Struct, frozen=True):
    """All changes from one version to another, in the reading order of the new one; removed claims come last."""

    schema: str
    old_version: str
    new_version: str
    changes: list[Change]
    unchanged: int

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of one kind."""
        return tuple(change for change in self.changes if change.kind is kind)


def diff(old: EvidenceTable, new: EvidenceTable) -> ClaimDiff:
    """Compare two evidence tables.

    A claim is the same if its words are; otherwise the most similar claim of the other version, if at least 70 of
    100 on sorted words, is taken as its old form. It is stronger if it is made more firmly ("may" left out), or to
    a higher degree ("somewhat" has become "much"). Other figures are a change of their own, in digits or words. A
    claim whose words and sources both changed is listed once, with both.
    """
    pairs, removed = _paired(old.rows, new.rows)
    changes = [change for before, after in pairs if (change := _change(before, after))]
    changes += [
        Change(
            ChangeKind.REMOVED,
            before=row.text,
            strength_before=row.strength,
            keys_removed=_keys(row),
            file=row.file,
            line=row.line,
        )
        for row in removed
    ]
    return ClaimDiff(SCHEMA, old.version, new.version, changes, len(pairs) + len(removed) - len(changes))


def _paired(
    old: Sequence[EvidenceRow], new: Sequence[EvidenceRow]
) -> tuple[list[tuple[EvidenceRow | None, EvidenceRow]], list[EvidenceRow]]:
    """Return each new claim with its old form, if any, and the old claims that have no new form."""
    waiting: dict[str, list[int]] = defaultdict(list)
    for index, row in enumerate(old):
        waiting[row.claim].append(index)
    matches: dict[int, int] = {}
    for index, row in enumerate(new):
        if waiting[row.claim]:
            matches[index] = waiting[row.claim].pop(0)
    left = [index for index in range(len(old)) if index not in set(matches.values())]
    alike = sorted(
        (
            (-fuzz.token_sort_ratio(old[before].text, new[after].text), after, before)
            for after in range(len(new))
            if after not in matches
            for before in left
            if fuzz.token_sort_ratio(old[before].text, new[after].text, score_cutoff=_SAME_CLAIM)
        ),
    )
    taken: set[int] = set()
    for _, after, before in alike:
        if after not in matches and before not in taken:
            matches[after] = before
            taken.add(before)
    pairs = [(old[matches[index]] if index in matches else None, row) for index, row in enumerate(new)]
    return pairs, [old[index] for index in left if index not in taken]


def _change(before: EvidenceRow | None, after: EvidenceRow) -> Change | None:
    if before is None:
        return Change(
            ChangeKind.ADDED,
            after=after.text,
            strength_after=after.strength,
            keys_added=_keys(after),
            file=after.file,
            line=after.line,
        )
    old_keys, new_keys = _keys(before), _keys(after)
    added = [key for key in new_keys if key not in old_keys]
    gone = [key for key in old_keys if key not in new_keys]
    kind = _kind(before, after, changed_sources=bool(added or gone))
    if kind is None:
        return None
    return Change(kind, before.text, after.text, before.strength, after.strength, added, gone, after.file, after.line)


def _kind(before: EvidenceRow, after: EvidenceRow, *, changed_sources: bool) -> ChangeKind | None:
    was, now = Strength[before.strength.upper()], Strength[after.strength.upper()]
    if now > was:
        return ChangeKind.STRENGTHENED
    if now < was:
        return ChangeKind.WEAKENED
    if figures(before.text) != figures(after.text):
        return ChangeKind.FIGURES
    if before.claim != after.claim:
        degree = _degree(after.text) - _degree(before.text)
        return ChangeKind.STRENGTHENED if degree > 0 else ChangeKind.WEAKENED if degree < 0 else ChangeKind.REWORDED
    return ChangeKind.SOURCES if changed_sources else None


def _degree(text: str) -> int:
    """Return the number of words that make a claim strong less those that make it weak."""
    words = Counter(re.findall(r"[^\W\d_]+", text.lower()))
    weak, strong = (sum(words[word] for word in _degrees()[kind]) for kind in ("weak", "strong"))
    return strong - weak


def figures(text: str) -> Counter[str]:
    """Return the figures of a text, in digits and in English words."""
    return Counter(_FIGURE.findall(text.lower()))


@functools.cache
def _degrees() -> dict[str, frozenset[str]]:
    data: dict[str, str] = parsed((resources.files("pubkit.editorial") / "degrees.yaml").read_bytes())
    return {kind: frozenset(words.split()) for kind, words in data.items()}


def _keys(row: EvidenceRow) -> list[str]:
    return [source.key for source in row.sources]
