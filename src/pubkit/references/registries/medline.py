"""What a MEDLINE record says about itself: notices about its work, and whether it is a notice.

Source: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions" (PT, RIN, ROF, PRIN, ECI, ECF, EIN, EFR, CRI).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.notices import Notice, NoticeKind
from pubkit.references.registries import doi_of, iso

__all__ = ["citation_date", "medline_notices", "notice_itself"]

_RECEIVED = {
    "RIN": (NoticeKind.RETRACTION, "retraction"),
    "PRIN": (NoticeKind.CONCERN, "partial retraction"),
    "ECI": (NoticeKind.CONCERN, "expression of concern"),
    "EIN": (NoticeKind.CORRECTION, "erratum"),
    "CRI": (NoticeKind.CORRECTION, "corrected and republished"),
}
_NOTICE_TYPES = {
    "retraction of publication": "retraction notice",
    "retraction notice": "retraction notice",
    "expression of concern": "expression of concern",
    "published erratum": "correction notice",
}
_NOTICE_TAGS = {"ROF": "retraction notice", "ECF": "expression of concern", "EFR": "correction notice"}


def medline_notices(fields: Sequence[tuple[str, str]], source: str) -> tuple[Notice, ...]:
    """Return the notices about a work in the fields (tag and text) of its record; `source` names the registry or file."""
    return tuple(_received(fields, source))


def _received(fields: Sequence[tuple[str, str]], source: str) -> Iterator[Notice]:
    retracted = False
    for tag, value in fields:
        if tag not in _RECEIVED:
            continue
        kind, label = _RECEIVED[tag]
        retracted = retracted or kind is NoticeKind.RETRACTION
        doi = re.search(r"\bdoi: ?(10\.\S+?)[.;,]?(?:\s|$)", value, re.IGNORECASE)
        number = re.search(r"\bPMID: ?(\d{1,9})\b", value)
        found = doi_of(doi[1]) if doi else ""
        yield Notice(kind, source, label, citation_date(value), found, number[1] if number else "")
    if "retracted publication" in _types(fields) and not retracted:
        yield Notice(NoticeKind.RETRACTION, source, "retracted publication")


def notice_itself(fields: Sequence[tuple[str, str]]) -> str:
    """Return the kind of notice that the record with these fields is ("retraction notice"); empty if it is not one."""
    types, tags = _types(fields), {tag for tag, _ in fields}
    by_type = (name for kind, name in _NOTICE_TYPES.items() if kind in types)
    return next(by_type, "") or next((name for tag, name in _NOTICE_TAGS.items() if tag in tags), "")


def _types(fields: Iterable[tuple[str, str]]) -> set[str]:
    return {value.casefold() for tag, value in fields if tag == "PT"}


def citation_date(text: str) -> str:
    """Return the first date like "2010 Feb 6" in a text as an ISO date, up to its last known part."""
    match = re.search(r"(?:^|[\s.])(\d{4})(?: ([A-Z][a-z]{2})[a-z]*(?: (\d{1,2}))?)?(?![\d-])", text)
    if not match:
        return ""
    month = month_number(match[2] or "")
    parts = [match[1], str(month) if month else "", match[3] if month else ""]
    return iso("-".join(part for part in parts if part))
