"""What each registry is asked, and what its answer says: one module per registry.

Every module has `request...` functions (identifier -> Request) and a `read` function (body -> Record). `read` raises
`NotUsable` where the answer is not what the registry promises or is about another work.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from pubkit.references.notices import Notice
from pubkit.references.registries.untrusted import NotUsable, clean, parse_json, text_of

__all__ = [
    "CSL_VARIABLES",
    "NotUsable",
    "Record",
    "clean",
    "date_parts",
    "doi_of",
    "family_first",
    "given_first",
    "iso",
    "objects",
    "parse_json",
    "printable_item",
    "text_of",
]

#: The variables of a record that citeproc prints; a record may hold more (further dates, for the comparison).
CSL_VARIABLES = frozenset(
    {
        "type", "title", "title-short", "container-title", "container-title-short", "collection-title", "author", "editor",
        "issued", "volume", "issue", "page", "number", "edition", "publisher", "publisher-place", "genre", "version",
        "DOI", "PMID", "PMCID", "ISBN", "ISSN", "URL", "language", "event-title", "number-of-pages",
    }
)  # fmt: skip


class Record(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A registry's record of one work.

    `item` is a CSL-JSON item, without "id", that may hold further dates under Crossref's names ("published-print",
    "published-online"). `titles` are other titles the registry holds for the same work (a translation, the original).
    `itself` names what the work is where it is a notice about another ("retraction notice"). `remark` is anything an editor
    should see ("published since as doi:...").
    """

    item: dict[str, Any]
    notices: tuple[Notice, ...] = ()
    titles: tuple[str, ...] = ()
    itself: str = ""
    remark: str = ""


def printable_item(record: Record, key: str) -> dict[str, Any]:
    """Return the record as the CSL item that citeproc prints under `key`."""
    return {"id": key} | {name: value for name, value in record.item.items() if name in CSL_VARIABLES}


def doi_of(value: object) -> str:
    """The DOI in `value`, in lower case and without its resolver, as it is written: "<" and ">" belong to old ones."""
    match = re.search(r"10\.\d{4,9}/\S+", value.strip().lower()) if isinstance(value, str) else None
    return match[0][:300] if match and match[0].isprintable() else ""


def objects(value: object, most: int = 5_000) -> list[Mapping[str, Any]]:
    """Return the JSON objects in `value`, where it is a list."""
    return [part for part in value[:most] if isinstance(part, dict)] if isinstance(value, list) else []


def family_first(name: str) -> dict[str, str]:
    """Return a CSL name from "Family, Given"; without a comma it is taken as a whole."""
    family, comma, given = clean(name, 300).partition(",")
    if not comma or not given.strip() or not family.strip():
        return {"literal": family.strip() or given.strip()}
    return {"family": family.strip(), "given": given.strip()}


def given_first(name: str) -> dict[str, str]:
    """A CSL name from "Given Family": the last word is the family name, particles before it in lower case belong to it."""
    words = clean(name, 300).split()
    if len(words) < 2:
        return {"literal": " ".join(words)}
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return {"family": " ".join(words[start:]), "given": " ".join(words[:start])}


def date_parts(value: object) -> dict[str, list[list[int]]] | None:
    """A CSL date from a CSL or Crossref date, an ISO date or a year; None where there is no year from 1000 to 2999."""
    numbers: list[int] = []
    if isinstance(value, dict):
        first = value.get("date-parts")
        first = first[0] if isinstance(first, list) and first else None
        numbers = _leading_numbers(first if isinstance(first, list) else [])
    elif isinstance(value, str | int) and not isinstance(value, bool):
        match = re.match(r"^\s*(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?!\d)", str(value))
        numbers = [int(part) for part in match.groups() if part] if match else []
    if not numbers or not 1000 <= numbers[0] <= 2999:
        return None
    return {"date-parts": [numbers]}


def _leading_numbers(parts: Sequence[object]) -> list[int]:
    numbers: list[int] = []
    for part, most in zip(parts, (2999, 12, 31), strict=False):
        if not str(part).isdecimal() or not 1 <= int(str(part)) <= most:
            break
        numbers.append(int(str(part)))
    return numbers


def iso(value: object) -> str:
    """Return an ISO date, as long as its parts are known, from anything `date_parts` takes; empty where there is none."""
    date = date_parts(value)
    if date is None:
        return ""
    return "-".join(f"{part:04d}" if index == 0 else f"{part:02d}" for index, part in enumerate(date["date-parts"][0]))
