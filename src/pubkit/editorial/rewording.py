"""What differs in the printed words of two editions beside their claims: doses in tables, numbers in boxes, other words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.editorial.diff import Change, figures
from pubkit.editorial.editions import Passage
from pubkit.editorial.paragraphs import aligned, folded

__all__ = ["OtherFigures", "Rewording", "rewording"]

#: A passage of so many characters needs the one before it to be found: the cell of a table.
_SHORT = 40


class OtherFigures(Struct, frozen=True, omit_defaults=True):
    """A passage whose figures differ. `near` is the passage before it, if this one is too short to be found alone."""

    before: str
    after: str
    near: str = ""


class Rewording(Struct, frozen=True):
    """The passages with other figures that no changed claim tells of, and how many others differ, came or went.

    `compared` says whether the texts of both editions were known.
    """

    figures: list[OtherFigures]
    others: int
    compared: bool

    @property
    def none(self) -> bool:
        """Return whether nothing was seen to differ."""
        return not (self.figures or self.others)


def rewording(old: Sequence[Passage], new: Sequence[Passage], told: Sequence[Change]) -> Rewording:
    """Compare two texts, leaving out what the changes of claims that are `told` say already."""
    if not (old and new):
        return Rewording([], 0, compared=False)
    here, there = [folded(one.words) for one in old], [folded(one.words) for one in new]
    pairs, removed, added = aligned(here, there)
    changed = [(first, second) for first, second in pairs if here[first] != there[second]]
    untold = [
        (first, second) for first, second in changed if _without(here[first], told) != _without(there[second], told)
    ]
    found = [*_with_other_figures(here, there, untold)]
    gone, come = {folded(one.before) for one in told}, {folded(one.after) for one in told}
    alone = sum(here[index] not in gone for index in removed) + sum(there[index] not in come for index in added)
    return Rewording(found, len(untold) - len(found) + alone, compared=True)


def _with_other_figures(
    here: Sequence[str], there: Sequence[str], pairs: Sequence[tuple[int, int]]
) -> Iterator[OtherFigures]:
    for first, second in pairs:
        before, after = here[first], there[second]
        if figures(before) != figures(after):
            near = there[second - 1] if second and len(after) < _SHORT else ""
            yield OtherFigures(before, after, near)


def _without(words: str, told: Sequence[Change]) -> str:
    """Return `words` without the claims that are listed as changed."""
    for change in told:
        for claim in filter(None, (folded(change.before), folded(change.after))):
            words = words.replace(claim, "")
    return words
