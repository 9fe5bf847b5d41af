"""The values of fields as databases and reference managers export them, without what they add.

Mendeley writes both addresses of a page into `url` and an ISSN into `isbn`, Ovid the DOI twice, PubMed "[doi]" and "[pii]"
after a number, Web of Science two ISSNs into one tag. None of that is a mistake by the author. Nothing is guessed: a field
that contains anything else is left unchanged, for the rules to judge.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence

from pubkit.expressions import expression
from pubkit.references.bibliography.identifiers import doi_as_printed, normalise_doi, normalise_isbn, normalise_issn

__all__ = ["address_as_meant", "doi_as_meant", "dois", "serial_numbers", "strange_numbers"]

#: A line end of a field that an exporter wrote as text: "\n", "\r", "{\$}\backslash{\$}r".
_WRITTEN_LINE_END = expression(
    r"\{?\\?\$?\}?\\(?:backslash)?\{?\\?\$?\}?[nr](?![A-Za-z])|\$?\\backslash\$?\s?[nr](?=\d|\b)"
)
_ADDRESS = expression(r"https?://[^\s<>\"{}\\]+", re.IGNORECASE)
_BARE_ADDRESS = expression(r"www\.[\w-]+\.[^\s<>\"{}\\]+", re.IGNORECASE)
#: What may accompany an address without being part of it: separators, and the paths Mendeley keeps of a page.
_BESIDE_ADDRESS = expression(r"[+;,|]|/\S*|<|>")
_BRACKETS = "<>[](){}\"'"
_DOI_IN_ADDRESS = expression(r"https?://\S+?/(10\.\d{4,9}/[^\s?#]+)", re.IGNORECASE)
_MARK = expression(r"\[?(?:doi|pii)\]?:?", re.IGNORECASE)
#: The number of a manuscript under review at BioMed Central, which PubMed once stored as a DOI; it leads nowhere.
_BEFORE_ACCEPTANCE = expression(r"10\.1186/preaccept-", re.IGNORECASE)
_NUMBER_NOTE = expression(r"\([^()]*\)|\be-?issn:?|\bp-?issn:?|\bissn:?|\bisbn(?:[- ]?1[03])?:?", re.IGNORECASE)


def address_as_meant(text: str) -> str:
    """Return the first web address in `text` if it contains only addresses; otherwise `text` unchanged.

    >>> address_as_meant("/pmc/articles/PMC7/ https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7/")
    'https://www.ncbi.nlm.nih.gov/pmc/articles/PMC7/'
    """
    bare = re.sub(r"\\?\burl\s?\{([^{}]*)\}", r"\1", _WRITTEN_LINE_END.sub(" ", text)).strip(" {}\n")
    parts = [part.strip("<>;,") for part in bare.split()]
    addresses = [part for part in parts if _ADDRESS.fullmatch(part)]
    if addresses and all(part in addresses or not part or _BESIDE_ADDRESS.fullmatch(part) for part in parts):
        return addresses[0]
    if _BARE_ADDRESS.fullmatch(bare):
        return f"https://{bare}"
    return (
        f"https://doi.org/{doi_as_printed(bare)}"
        if re.match(r"(?:doi:\s?)?10\.", bare) and normalise_doi(bare)
        else text
    )


def dois(text: str) -> list[str]:
    """Return the different DOIs in `text`, as written; one followed by "[doi]" comes first.

    >>> dois("S0140-6736(20)30183-5 [pii] 10.1016/S0140-6736(20)30183-5 [doi]")
    ['10.1016/S0140-6736(20)30183-5']
    """
    if normalise_doi(text):
        return [doi_as_printed(text)]
    parts = [part for part in re.split(r"[\s;|]+", _WRITTEN_LINE_END.sub(" ", text)) if part]
    found: dict[str, str] = {}
    marked = ""
    for part, following in itertools.pairwise([*parts, ""]):
        doi = _doi_of(part.rstrip(",.") if len(parts) > 1 else part)
        if doi:
            found.setdefault(doi.lower(), doi)
            marked = marked or (doi if following.lower() == "[doi]" else "")
    return sorted(found.values(), key=lambda doi: doi != marked)


def _doi_of(part: str) -> str:
    """Return the DOI that `part`, a text without spaces, is or leads to; otherwise an empty text."""
    for bare in (part, part.strip(_BRACKETS), part.removesuffix("[doi]")):
        if normalise_doi(bare):
            return doi_as_printed(bare)
    found = _DOI_IN_ADDRESS.match(part)
    return found[1] if found and normalise_doi(found[1]) else ""


def doi_as_meant(text: str) -> str:
    """Return the one DOI in `text` to print; `text` unchanged if it has none, or one that was never registered."""
    found = [doi for doi in dois(text) if not _BEFORE_ACCEPTANCE.match(doi)]
    return found[0] if found and _is_doi_alone(text) else doi_as_printed(text)


def _is_doi_alone(text: str) -> bool:
    """Return whether `text` contains only what databases put beside a DOI: marks, and numbers before "[pii]"."""
    parts = [part for part in re.split(r"[\s;|]+", _WRITTEN_LINE_END.sub(" ", text)) if part.strip(_BRACKETS + ",.")]
    return all(
        _doi_of(part.rstrip(",.")) or _MARK.fullmatch(part) or following.lower() == "[pii]"
        for part, following in itertools.pairwise([*parts, ""])
    )


def serial_numbers(text: str) -> tuple[str, str]:
    """Return the first ISBN and the first ISSN in `text`, as written; an empty text for one that is missing."""
    parts = _numbers(text)
    return _first(parts, normalise_isbn), _first(parts, normalise_issn)


def _first(parts: Sequence[str], normalise: Callable[[str], str | None]) -> str:
    return next((part for part in parts if normalise(part)), "")


def strange_numbers(text: str) -> list[str]:
    """Return the numbers in `text` that are neither a valid ISBN nor a valid ISSN."""
    return [part for part in _numbers(text) if not normalise_isbn(part) and not normalise_issn(part)]


def _numbers(text: str) -> list[str]:
    """Return the numbers of a field for ISBNs or ISSNs, without the notes beside them."""
    bare = re.sub(r"[{}]", " ", _NUMBER_NOTE.sub(" ", _WRITTEN_LINE_END.sub(" ", text)))
    numbers: list[str] = []
    for part in filter(None, map(str.strip, re.split(r"[;,/|]|\s+and\s+", bare))):
        words = part.split()
        whole = normalise_isbn(part) or len(words) == 1 or not all(_is_number(word) for word in words)
        numbers.extend([part] if whole else words)
    return numbers


def _is_number(word: str) -> bool:
    """Return whether `word` is long enough to be an ISSN or ISBN by itself, not one group of an ISBN written with spaces."""
    return len(re.sub(r"[^\dXx]", "", word)) >= 8
