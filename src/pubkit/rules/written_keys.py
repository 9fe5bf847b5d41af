"""The key of a citation as it stands in the source: where pandoc ends it, and which key was typed."""

from __future__ import annotations

import functools
import re
from collections.abc import Collection, Iterator

from pubkit.expressions import expression
from pubkit.findings import Fix
from pubkit.manuscript.model import Citation
from pubkit.references.bibliography.identifiers import (
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.model import Bibliography
from pubkit.references.rules import CIT006
from pubkit.rules.base import Submission
from pubkit.rules.near_keys import squeezed
from pubkit.rules.rewriting import on_line

__all__ = [
    "IDENTIFIER",
    "OTHER_IDENTIFIER",
    "READ_IDENTIFIER",
    "broken_by_blanks",
    "cut_short",
    "is_identifier",
    "line_of",
    "other_key",
    "undefined",
]

#: A key that is the identifier of a work: its scheme and its value.
IDENTIFIER = expression(r"(doi|pmid|pmcid|isbn|arxiv):(.*)", re.IGNORECASE)
#: Identifiers that Manubot looks up and pubkit's registries do not (Manubot, Citations by persistent identifier).
OTHER_IDENTIFIER = expression(r"(?:url|wikidata):\S+|https?://\S+")
READ_IDENTIFIER = {
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
    "isbn": normalise_isbn,
    "arxiv": normalise_arxiv,
}
#: Everything up to a space, an unmatched closing bracket, or what separates citations.
_KEY_RUN = expression(r"(?:[^\s\[\](){};,]|\([^\s\[\](){};,]{0,60}\)|;(?=\S{1,10}$)){1,300}")


def is_identifier(key: str) -> bool:
    """Return whether `key` is the identifier of a work rather than the key of an entry."""
    return bool(IDENTIFIER.fullmatch(key) or OTHER_IDENTIFIER.fullmatch(key))


def cut_short(submission: Submission, citation: Citation) -> str:
    """Return the whole key as the author wrote it if pandoc reads only a part of it, or else "".

    Pandoc ends a key at two punctuation marks in a row, at brackets and at most other signs, unless it is in braces. What
    was written is taken for a key if an entry has it, or if it is an identifier longer than the part read.
    """
    written = _written(submission, citation)
    if len(written) == len(citation.key):
        return ""
    shorter = (written[:end] for end in range(len(written), len(citation.key), -1))
    return next((one for one in shorter if one in submission.bibliography or _is_longer_identifier(one, citation)), "")


def _written(submission: Submission, citation: Citation) -> str:
    """Return the run of characters that begins with the key of `citation` in the source; the key if unknown."""
    line = line_of(submission, citation)
    start = line.find(f"@{citation.key}", max(0, citation.location.column - 2))
    found = _KEY_RUN.match(line, start + 1) if start >= 0 else None
    return found[0] if found and found[0].startswith(citation.key) else citation.key


def broken_by_blanks(submission: Submission, citation: Citation, known: Collection[str]) -> str | None:
    """Return the key of `known` that `citation` and up to three words after it make: `[@yang 2024]` is @yang2024."""
    line = line_of(submission, citation)
    start = line.find(f"@{citation.key}", max(0, citation.location.column - 2))
    words = re.match(r"[\w .:-]{1,80}", line[start + 1 :]) if start >= 0 else None
    parts = words[0].split() if words else []
    joined = {squeezed("".join(parts[:count])) for count in (2, 3, 4) if count <= len(parts)}
    return next((key for key in known if squeezed(key) in joined), None)


def other_key(submission: Submission, citation: Citation, key: str, *, certain: bool = True) -> Fix | None:
    """Return the fix that writes `key` in the place of the key of `citation`."""
    pattern = rf"(?<=@){re.escape(citation.key)}|(?<=@\{{){re.escape(citation.key)}"
    return on_line(submission, citation.location, pattern, key, f"Write {key}", certain=certain)


def line_of(submission: Submission, citation: Citation) -> str:
    """Return the source line of `citation`; "" if it is unknown."""
    place = citation.location
    text = submission.manuscript.written.get(place.file, "")
    return next(iter(_lines(text)[place.line - 1 : place.line]), "") if place.line else ""


@functools.lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a source, split once for all its citations."""
    return tuple(text.split("\n"))


def _is_longer_identifier(written: str, citation: Citation) -> bool:
    """Return whether `written` is an identifier of which the key of `citation` is not the whole."""
    found = IDENTIFIER.fullmatch(written)
    if not found or not re.search(r"[\w)>]$", written):
        return False
    read = READ_IDENTIFIER[found[1].lower()]
    return bool(read(found[2])) and read(citation.key.partition(":")[2]) != read(found[2])


def _unreadable_keys(bibliography: Bibliography) -> set[str]:
    """Return the keys of entries that are in a bibliography but could not be read."""
    return {finding.context for finding in bibliography.findings if finding.rule == CIT006.id}


def undefined(submission: Submission) -> Iterator[Citation]:
    """Return the citations whose key no entry defines."""
    unreadable = _unreadable_keys(submission.bibliography)
    for citation in submission.manuscript.citations:
        if citation.key not in submission.bibliography and citation.key not in unreadable:
            yield citation
