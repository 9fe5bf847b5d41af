"""The questions to each registry and the meaning of its answers, one module per registry.

Every module has `request...` functions (identifier -> Request) and a `read` function (body -> Record). `read` raises
`NotUsable` if the answer is not what the registry promises or is about another work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from pubkit.references.item import Date, Item, Name
from pubkit.references.notices import Notice
from pubkit.references.registries.untrusted import NotUsable, abstract_of, clean, parse_json, text_of

__all__ = [
    "NotUsable",
    "Record",
    "RegisteredItem",
    "abstract_of",
    "clean",
    "date_of",
    "doi_of",
    "family_first",
    "given_first",
    "iso",
    "objects",
    "parse_json",
    "printable_item",
    "text_of",
]


class RegisteredItem(Item, frozen=True):
    """A CSL item as a registry describes it, with the dates that only registries distinguish, under Crossref's names."""

    published_print: Date | None = None
    published_online: Date | None = None
    published_other: Date | None = None

    @property
    def published(self) -> tuple[Date, ...]:
        """Return the date of issue, and those of print, online and other publication."""
        dates = (self.issued, self.published_print, self.published_online, self.published_other)
        return tuple(filter(None, dates))


class Record(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A registry's record of one work.

    `item` has no id. `titles` are other titles that the registry has for the work (a translation, the original). `itself`
    names what the work is if it is a notice about another ("retraction notice"). `remark` is anything an editor should
    see ("published since as doi:..."). `abstract` is its summary as plain words, empty if the registry has none.
    """

    item: RegisteredItem
    notices: tuple[Notice, ...] = ()
    titles: tuple[str, ...] = ()
    itself: str = ""
    remark: str = ""
    abstract: str = ""


def printable_item(record: Record, key: str) -> Item:
    """Return the record as the CSL item that citeproc prints under `key`."""
    variables = {name: getattr(record.item, name) for name in Item.__struct_fields__}
    return Item(**{**variables, "id": key})


def doi_of(value: object) -> str:
    """Return the DOI in `value`, in lower case and without its resolver; old ones contain "<" and ">"."""
    match = re.search(r"10\.\d{4,9}/\S+", value.strip().lower()) if isinstance(value, str) else None
    return match[0][:300] if match and match[0].isprintable() else ""


def objects(value: object, most: int = 5_000) -> list[Mapping[str, Any]]:
    """Return the JSON objects in `value` if it is a list."""
    return [part for part in value[:most] if isinstance(part, dict)] if isinstance(value, list) else []


def family_first(name: str) -> Name:
    """Return a CSL name from "Family, Given"; without a comma it is one whole name."""
    family, comma, given = clean(name, 300).partition(",")
    if not comma or not given.strip() or not family.strip():
        return Name(literal=family.strip() or given.strip())
    return Name(family.strip(), given.strip())


def given_first(name: str) -> Name:
    """Return a CSL name from "Given Family": the last word, with lower-case particles before it, is the family name."""
    words = clean(name, 300).split()
    if len(words) < 2:
        return Name(literal=" ".join(words))
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return Name(" ".join(words[start:]), " ".join(words[:start]))


def date_of(value: object) -> Date | None:
    """Return a CSL date from a CSL or Crossref date, an ISO date or a year; None without a year from 1000 to 2999."""
    numbers: tuple[int, ...] = ()
    if isinstance(value, dict):
        first = value.get("date-parts")
        first = first[0] if isinstance(first, list) and first else None
        numbers = _leading_numbers(first if isinstance(first, list) else [])
    elif isinstance(value, str | int) and not isinstance(value, bool):
        match = re.match(r"^\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)", str(value))
        numbers = tuple(int(part) for part in match.groups() if part) if match else ()
    return Date((numbers,)) if numbers and 1000 <= numbers[0] <= 2999 else None


def _leading_numbers(parts: Sequence[object]) -> tuple[int, ...]:
    numbers: list[int] = []
    for part, most in zip(parts, (2999, 12, 31), strict=False):
        if not str(part).isdecimal() or not 1 <= int(str(part)) <= most:
            break
        numbers.append(int(str(part)))
    return tuple(numbers)


def iso(value: object) -> str:
    """Return an ISO date, as far as its parts are known, from anything that `date_of` takes, or an empty text."""
    date = date_of(value)
    return "-".join(f"{part:02d}" for part in date.start) if date else ""
