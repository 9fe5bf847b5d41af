"""Dates as authors write them in front matter, turned into the form that pubkit.yaml has."""

from __future__ import annotations

import contextlib
import datetime as dt
import re

from pubkit.expressions import expression

__all__ = ["date_in", "days_meant"]

_FORMS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d %B %Y",
    "%d %b %Y",
    "%B %d %Y",
    "%b %d %Y",
    "%A %B %d %Y",
    "%d.%m.%Y",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
)
_NOISE = expression(r"(?<=\d)(?:st|nd|rd|th)\b|[,]|(?:Z|[+-]\d\d:?\d\d)$")


#: 27/11/2026, in the order of most countries or in that of the United States.
_EITHER_ORDER = expression(r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})", re.ASCII)


def days_meant(text: str) -> list[str]:
    """Return the days, as YYYY-MM-DD, that `text` may mean if it is three numbers with strokes: 3/4/2026 may mean two."""
    found = _EITHER_ORDER.fullmatch(text.strip())
    if found is None:
        return []
    one, other, year = int(found[1]), int(found[3]), int(found[4])
    days: dict[str, None] = {}
    for day, month in ((one, other), (other, one)):
        with contextlib.suppress(ValueError):
            days[dt.date(year, month, day).isoformat()] = None
    return list(days)


def date_in(text: str) -> str | None:
    """Return the day that `text` names, as YYYY-MM-DD; None if it names none (a year, `today`, code) or may mean two."""
    meant = days_meant(text)
    if len(meant) == 1:
        return meant[0]
    plain = " ".join(_NOISE.sub(" ", text.strip()).split())
    for form in _FORMS:
        try:
            return dt.datetime.strptime(plain, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return None
