"""doi.org: the authority on whether a DOI exists, and with which agency it is registered.

Source: the DOI Foundation's documentation of the registration agency look-up (doiRA).
"""

from __future__ import annotations

from pubkit.references.registries import NotUsable, doi_of, objects, parse_json, text_of
from pubkit.references.registries.client import Request, Source

__all__ = ["agency", "request"]

_ABSENT = frozenset({"doi does not exist", "invalid doi"})


def request(doi: str) -> Request:
    """Return the question for one DOI."""
    return Request(Source.DOI, ("doiRA", doi), {})


def agency(body: bytes, doi: str) -> str | None:
    """Return the registration agency of `doi`, or None if doi.org says that there is no such DOI.

    Raises:
        NotUsable: an answer that says neither.
    """
    answer = parse_json(body)
    for entry in objects(answer):
        if doi_of(entry.get("DOI")) != doi.lower():
            continue
        if name := text_of(entry.get("RA"), 80):
            return name
        if text_of(entry.get("status"), 80).lower() in _ABSENT:
            return None
    raise NotUsable("the answer does not say whether the DOI exists")
