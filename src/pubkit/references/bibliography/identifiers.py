"""Identifiers of works and people: their form, their check digits, and their normal spelling.

python-stdnum computes the check digits (ISO 7064 MOD 11-2 for ORCID, ISO 2108 for ISBN, ISO 3297 for ISSN); it
imports a web client, so it is imported when there is one to check. idutils, which is slower still, only confirms the
results in the tests.

Sources: DOI Handbook §2 and Crossref's patterns; NLM on PMID and PMCID; arXiv identifier scheme.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.references.item import Item

__all__ = [
    "Identifiers",
    "doi_as_printed",
    "identifiers",
    "normalise_arxiv",
    "normalise_doi",
    "normalise_isbn",
    "normalise_issn",
    "normalise_orcid",
    "normalise_pmcid",
    "normalise_pmid",
]

_DOI_PREFIX = expression(
    r"(?:https?://(?:dx\.|www\.)?doi\.org/|(?:https?://)?(?:dx\.)?doi\.org/|doi\s*:?\s*(?=10\.))", re.I
)
_DOI = expression(
    r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>{}|\\^`\[\]]*[^\s\"{}|\\^`.,;:]"
    # The first sign of each pair decides, so that a text of many does not take time in the cube.
    r"|10\.\d{4,9}/(?:[^\s<]*<[^\s>]*>|[^\s\[]*\[[^\s\]]*\])\S+"
)
_DOI_IN_URL = expression(r"https?://(?:dx\.|www\.)?doi\.org/(10\.\S+)", re.I)
_PMID = expression(
    r"(?:pmid\s*:?\s*|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)?([1-9]\d{0,7})/?",
    re.I,
)
_PMCID = expression(
    r"(?:pmcid\s*:?\s*|https?://(?:www\.)?(?:pmc\.ncbi\.nlm\.nih\.gov/articles|ncbi\.nlm\.nih\.gov/pmc/articles)/)?"
    r"PMC\s?([1-9]\d{0,8})(?:\.\d+)?/?",
    re.I,
)
_ARXIV = expression(
    r"(?:arxiv\s*:\s*|https?://(?:www\.|export\.)?arxiv\.org/(?:abs|pdf)/|(?:https?://doi\.org/)?10\.48550/arxiv\.)?"
    r"(\d{2}(?:0[1-9]|1[0-2])\.\d{4,5}|[a-z-]+(?:\.[a-z-]{2,12})?/\d{2}(?:0[1-9]|1[0-2])\d{3})(?:v\d+)?(?:\.pdf)?(?:\s*\[[\w.-]+\])?",
    re.I,
)
_ORCID = expression(r"(?:https?://(?:www\.)?orcid\.org/|orcid\s*:?\s*)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])/?", re.I)
_ISSN = expression(r"(?:e?issn\s*:?\s*)?(\d{4})-?(\d{3}[\dX])", re.I)


class Identifiers(Struct, frozen=True):
    """The identifiers of one work, each in its normal spelling, or None."""

    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    isbn: str | None = None
    arxiv: str | None = None


def doi_as_printed(text: str) -> str:
    """Return `text` without what people put before a DOI ("https://doi.org/", "doi:"), its case unchanged."""
    bare = text.strip()
    return _DOI_PREFIX.sub("", bare, count=1) if _DOI_PREFIX.match(bare) else bare


def normalise_doi(text: str) -> str | None:
    """Return the DOI in `text`, bare and in lower case (DOIs ignore case), or None if `text` is not one.

    Accepted: "10.1000/x", "doi:10.1000/x", "https://doi.org/10.1000/x", with %-escapes in the address form only.
    """
    bare = text.strip()
    found = _DOI_PREFIX.match(bare)
    if found:
        bare = bare[found.end() :]
        if found[0].lower().startswith("http") and "%" in bare:
            bare = unquote(bare)
    return bare.lower() if _DOI.fullmatch(bare) else None


def normalise_pmid(text: str) -> str | None:
    """Return the PubMed ID in `text` as digits, or None: one to eight digits, not zero, not a PMC number."""
    found = _PMID.fullmatch(text.strip())
    return found[1] if found else None


def normalise_pmcid(text: str) -> str | None:
    """Return the PubMed Central ID in `text` as "PMC1234567", or None; a version (".1") is dropped."""
    found = _PMCID.fullmatch(text.strip())
    return f"PMC{found[1]}" if found else None


def normalise_isbn(text: str) -> str | None:
    """Return the ISBN in `text` as thirteen digits (ISBN-10 is converted), or None if its form or check digit is wrong."""
    bare = re.sub(r"^\s*(?:e-?)?isbn(?:-1[03])?\s*:?\s*", "", text, flags=re.I)
    digits = re.sub(r"[\s\u2010-\u2015-]", "", bare).upper()
    from stdnum import isbn

    return str(isbn.to_isbn13(digits)) if digits.isascii() and isbn.is_valid(digits) else None


def normalise_issn(text: str) -> str | None:
    """Return the ISSN in `text` as "1234-567X", or None if its form or check digit is wrong."""
    found = _ISSN.fullmatch(text.strip().replace("\u2010", "-").replace("\u2013", "-"))
    if not found or not found[0].isascii():
        return None
    digits = (found[1] + found[2]).upper()
    from stdnum import issn

    return str(issn.format(digits)) if issn.is_valid(digits) else None


def normalise_arxiv(text: str) -> str | None:
    """Return the arXiv identifier in `text` without its version ("2001.01234", "math/0309136"), or None."""
    found = _ARXIV.fullmatch(text.strip())
    return found[1].lower() if found and found[1].isascii() else None


def normalise_orcid(text: str) -> str | None:
    """Return the ORCID iD in `text` as "0000-0002-1825-0097", or None if its form or check digit is wrong."""
    found = _ORCID.fullmatch(text.strip())
    if not found or not found[0].isascii():
        return None
    digits = "".join(found.groups()).upper()
    from stdnum.iso7064 import mod_11_2

    return "-".join(part.upper() for part in found.groups()) if mod_11_2.is_valid(digits) else None


def identifiers(item: Item) -> Identifiers:
    """Return the identifiers of a CSL `item`, also those in its URL and those of arXiv in its DOI."""
    url = item.url.strip()
    doi = normalise_doi(item.doi) or (normalise_doi(url) if _DOI_IN_URL.fullmatch(url) else None)
    return Identifiers(
        doi=doi,
        pmid=_first(normalise_pmid, item.pmid) or (normalise_pmid(url) if "pubmed" in url else None),
        pmcid=_first(normalise_pmcid, item.pmcid) or normalise_pmcid(url),
        isbn=_first(normalise_isbn, item.isbn),
        arxiv=normalise_arxiv(doi or "") or (normalise_arxiv(url) if "arxiv.org" in url else None),
    )


def _first(normalise: Callable[[str], str | None], text: str) -> str | None:
    """Return the first number of a field that may have several, or an address beside it."""
    return next(filter(None, map(normalise, re.split(r"[;,]| (?=97[89])", text.strip()))), None)
