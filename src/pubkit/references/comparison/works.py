"""Decide whether a cited work is the work in a registry's record.

`compare` compares a reference with a registry's record field by field, and says where they differ and whether a librarian
would call it an error. Four answers: OK; VERSION_DRIFT, the two are versions of one work (a preprint and its article, two
versions of a preprint); MISMATCH, a field is wrong; WRONG_WORK, title and authors are both another work's.

What one side lacks is reported and is not an error. What differs only in form (accents, abbreviations, British spelling,
the order of authors) is none either. It takes time in proportion to the input, whatever the input.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence

from msgspec import Struct

from pubkit.findings import Severity
from pubkit.references.comparison.fields import Difference, compared_fields, differences
from pubkit.references.comparison.sides import Sides
from pubkit.references.comparison.titles import TitleRelation
from pubkit.references.comparison.venues import VenueNames
from pubkit.references.item import Item
from pubkit.references.registries.works import read_work, work_of

__all__ = ["Comparison", "Difference", "Status", "VenueNames", "compare"]


class Status(enum.StrEnum):
    """The result of a comparison, worst last."""

    OK = "OK"
    VERSION_DRIFT = "VERSION_DRIFT"
    MISMATCH = "MISMATCH"
    WRONG_WORK = "WRONG_WORK"


class Comparison(Struct, frozen=True):
    """A result, every difference behind it, and the fields that both sides have.

    An OK with an empty `compared` means only that there was nothing to compare.
    """

    status: Status
    differences: tuple[Difference, ...] = ()
    compared: tuple[str, ...] = ()

    @property
    def blocking(self) -> tuple[Difference, ...]:
        """Return the differences that make the reference wrong."""
        return tuple(difference for difference in self.differences if difference.blocking)


def compare(
    cited: Item | Mapping[str, object],
    registry: Item | Mapping[str, object],
    *,
    titles: Sequence[str] = (),
    venues: VenueNames | None = None,
) -> Comparison:
    """Compare a cited reference with a registry's record of the work.

    Args:
        cited: the reference, as a CSL item or as BibTeX fields (`author` "A and B", `journal`, `year` and so on).
        registry: the record, in either form or as Crossref sends it; all its dates count.
        titles: other titles that the registry has for the work, if its record is a CSL item.
        venues: known names of journals, for abbreviations that cannot be recognised by their form.

    Never raises, whatever the values are; a value of an unknown shape counts as absent.
    """
    ours = work_of(cited) if isinstance(cited, Item) else read_work(cited)
    theirs = work_of(registry, titles) if isinstance(registry, Item) else read_work(registry)
    sides = Sides(ours, theirs, venues)
    found = tuple(differences(sides))
    return Comparison(_status(sides, found), found, tuple(compared_fields(sides)))


def _status(sides: Sides, found: Sequence[Difference]) -> Status:
    severities = {difference.severity for difference in found}
    if Severity.ERROR in severities:
        another_title = sides.title.relation in (TitleRelation.REWRITTEN, TitleRelation.OTHER)
        return Status.WRONG_WORK if another_title and sides.other_people else Status.MISMATCH
    return Status.VERSION_DRIFT if Severity.WARNING in severities else Status.OK
