"""Names of people and organisations, for records that want the parts of a name."""

from __future__ import annotations

from msgspec import Struct

from pubkit.language.recognition import organisation_articles
from pubkit.references.comparison.names import read_authors

__all__ = ["PersonName", "person_name"]


class PersonName(Struct, frozen=True):
    """A person's name in two parts, as written."""

    given: str
    family: str


def person_name(name: str, *, is_person: bool = False) -> PersonName | None:
    """Return the parts of `name` ("Ada van der Berg", "van der Berg, Ada"); None for an organisation or a single word.

    Args:
        name: the name as the publication gives it.
        is_person: known from elsewhere to be a person (only people have an ORCID).
    """
    family, comma, given = (part.strip() for part in name.partition(","))
    if comma and family and given:
        return PersonName(given, family)
    parts = name.split()
    if len(parts) < 2 or (not is_person and _is_organisation(name)):
        return None
    first = len(parts) - 1
    while first > 1 and parts[first - 1].islower():
        first -= 1  # "van der" belongs to the family name
    return PersonName(" ".join(parts[:first]), " ".join(parts[first:]))


def _is_organisation(name: str) -> bool:
    first, _, rest = name.casefold().partition(" ")
    return bool(read_authors([name]).groups) or (bool(rest) and first in organisation_articles())
