"""Dates as authors write them in front matter, turned into the form that pubkit.yaml has."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["date_in"]

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
_NOISE = re.compile(r"(?<=\d)(?:st|nd|rd|th)\b|[,]|(?:Z|[+-]\d\d:?\d\d)$")


def date_in(text: str) -> str | None:
    """Return the day that `text` names, as YYYY-MM-DD; None if it names none (a year alone, `today`, code)."""
    plain = " ".join(_NOISE.sub(" ", text.strip()).split())
    for form in _FORMS:
        try:
            return dt.datetime.strptime(plain, form).replace(tzinfo=dt.UTC).date().isoformat()
        except ValueError:
            continue
    return None
