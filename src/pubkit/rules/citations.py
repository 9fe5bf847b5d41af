"""CIT: the keys that a manuscript cites."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Fix, Severity
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.model import Citation
from pubkit.references.bibliography.identifiers import normalise_doi
from pubkit.references.rules import CIT006, CIT007
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.bibliography_keys import ENTRY
from pubkit.rules.near_keys import meant, squeezed
from pubkit.rules.rewriting import on_line
from pubkit.rules.written_keys import (
    IDENTIFIER,
    OTHER_IDENTIFIER,
    READ_IDENTIFIER,
    broken_by_blanks,
    cut_short,
    is_identifier,
    line_of,
    other_key,
    undefined,
)

_PANDOC = "Pandoc User's Guide, Citations: a key that no entry defines is printed as (key?), and pandoc exits with 0"
_NEAR = 70


def _nearest(key: str, known: Mapping[str, str]) -> str | None:
    """Return the key of `known` (keys with their lower-case forms) that `key` most likely stands for, or None.

    Of several similar keys, this is the one with the fewest typing errors; two transposed letters count as one.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    folded = key.casefold()
    alike = process.extract(folded, known, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=20)
    return str(min(alike, key=lambda found: OSA.distance(folded, found[0]))[2]) if alike else None


def _hint(submission: Submission, citation: Citation, nearest: str | None) -> str:
    """Return what may be wrong with an undefined key, as a sentence after a space, or ""."""
    key = citation.key
    if is_label(key[:1].lower() + key[1:]):
        return (
            " Cross-references to figures, tables, sections and equations are written in lower case: "
            f"@{printable(key.lower())}."
        )
    if hidden := _hidden_after(submission, citation):
        return f" The invisible character {_named(hidden)} after it ends the key; delete it."
    if nearest is None:
        return ""
    strange = next((char for char in nearest if not char.isascii()), None)
    if strange is not None:
        return (
            f" The entry {printable(nearest)} looks the same but contains {_named(strange)}; correct the bibliography."
        )
    return f" Did you mean @{printable(nearest)}?"


def _hidden_after(submission: Submission, citation: Citation) -> str | None:
    """Return the invisible character right after a key in the source, or None."""
    line = line_of(submission, citation)
    end = line.find(citation.key, max(0, citation.location.column - 1)) + len(citation.key)
    char = line[end : end + 1]
    return char if char and unicodedata.category(char) == "Cf" else None


def _named(char: str) -> str:
    return f"{unicodedata.name(char, 'without a name')} (U+{ord(char):04X})"


def _bibliography_is_at_fault(submission: Submission) -> bool:
    """Return whether no bibliography was named, found or readable, which other rules report."""
    if len(submission.bibliography):
        return False
    broken = any(finding.rule in {CIT006.id, CIT007.id} for finding in submission.bibliography.findings)
    return broken or not (submission.bibliography.files or submission.publication.bibliography)


class UndefinedKey(Rule):
    """Every citation key is defined in the bibliography."""

    id = "CIT001"
    severity = Severity.ERROR
    waivable = False
    source = _PANDOC
    remedy = "Add the entry to the bibliography, or correct the key."
    bad = [
        Example("Kratom acts on opioid receptors [@krugel2016].", ENTRY),
        Example("Kratom acts on opioid receptors [@Kr+:ACS:16].", ENTRY.replace("kruegel2016", "Kr+:ACS:16")),
    ]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation of an undefined key, with the key that was most likely meant."""
        if _bibliography_is_at_fault(submission):
            return
        folded = {entry.key: entry.key.casefold() for entry in submission.bibliography}
        spellings = set(folded.values())
        nearest_to: dict[str, str | None] = {}
        for citation in submission.manuscript.citations:
            if whole := cut_short(submission, citation):
                yield self._in_braces(submission, citation, whole)
        for citation in undefined(submission):
            key = citation.key
            if is_identifier(key) or not key.isascii() or key.casefold() in spellings:
                continue
            if cut_short(submission, citation):
                continue
            if key not in nearest_to:
                nearest_to[key] = _nearest(key, folded)
            nearest = broken_by_blanks(submission, citation, folded) or nearest_to[key]
            message = f"No bibliography entry has the key {printable(key)}.{_hint(submission, citation, nearest)}"
            fix = self._corrected(submission, citation, folded)
            yield self.at(citation.location, message, context=key, fix=fix)

    @staticmethod
    def _corrected(submission: Submission, citation: Citation, known: Collection[str]) -> Fix | None:
        """Return the fix that writes the only key that can be meant."""
        if joined := broken_by_blanks(submission, citation, known):
            letters = r"[ .:-]*".join(map(re.escape, squeezed(joined)))
            return on_line(submission, citation.location, rf"(?i)(?<=@){letters}(?!\w)", joined, f"Write {joined}")
        key, certain = meant(citation.key, known)
        return other_key(submission, citation, key, certain=certain) if key else None

    def _in_braces(self, submission: Submission, citation: Citation, whole: str) -> Finding:
        shown = printable(whole)
        message = f"The key {shown} is cut off after {printable(citation.key)}, where pandoc ends a key."
        new = f"{{{whole}}}".replace("\\", r"\\")
        fix = on_line(submission, citation.location, f"(?<=@){re.escape(whole)}", new, "Put the key in braces")
        remedy = f"Write it in braces: [@{{{shown}}}]."
        return self.at(citation.location, message, context=whole, remedy=remedy, fix=fix)


class KeyCase(Rule):
    """Citation keys use the same capital letters in the text and in the bibliography."""

    id = "CIT005"
    severity = Severity.ERROR
    source = "pandoc's keys are case-sensitive; BibTeX's are not"
    remedy = "Write the key the same way in the text and in the bibliography."
    bad = [Example("Kratom acts on opioid receptors [@Kruegel2016].", ENTRY)]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation and each entry whose key differs from another's only in capital letters."""
        spelled: dict[str, str] = {}
        for entry in submission.bibliography:
            first = spelled.setdefault(entry.key.casefold(), entry.key)
            if first != entry.key:
                message = f"The keys {printable(first)} and {printable(entry.key)} differ only in capital letters."
                remedy = "Give one of the entries another key, or delete one of them."
                yield self.at(entry.location, message, context=entry.key, remedy=remedy, severity=Severity.WARNING)
        for citation in undefined(submission):
            known = spelled.get(citation.key.casefold())
            if known and citation.key.isascii():
                message = f"No entry has the key {printable(citation.key)}, but there is an entry {printable(known)}."
                fix = other_key(submission, citation, known)
                yield self.at(citation.location, message, context=citation.key, fix=fix)


class MissingBibliography(Rule):
    """Report cited keys if no bibliography is named."""

    entry = CIT007

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield the first citation if no bibliography is named."""
        if submission.bibliography.files or submission.publication.bibliography:
            return
        named = [citation for citation in submission.manuscript.citations if not is_identifier(citation.key)]
        if named and not len(submission.bibliography):
            message = f"The text cites {printable(named[0].key)}, but no bibliography is named."
            yield self.at(named[0].location, message, context="bibliography")


class UnresolvedIdentifier(Rule):
    """Every work cited by its identifier has been looked up."""

    id = "CIT008"
    severity = Severity.ERROR
    waivable = False
    source = "DOI Handbook; NLM on PMID and PMCID; ISO 2108 (ISBN); arXiv identifier scheme"
    remedy = "Run `pubkit refs update`, which asks the registries and stores their answers in references.lock.json."
    bad = [
        "Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360].",
        "Kratom acts on opioid receptors [@https://doi.org/10.1021/jacs.6b00360].",
    ]
    good = [
        Example(
            "Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360].",
            ENTRY.replace("kruegel2016", "doi:10.1021/jacs.6b00360"),
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation by identifier that neither the bibliography nor the lock resolves."""
        for citation in undefined(submission):
            found = IDENTIFIER.fullmatch(citation.key)
            verdict = submission.verdicts.get(citation.key)
            if OTHER_IDENTIFIER.fullmatch(citation.key):
                yield self._of_no_registry(citation)
            elif found and not (verdict is not None and verdict.checked) and not cut_short(submission, citation):
                yield self._not_resolved(citation, found[1].lower(), found[2])

    def _not_resolved(self, citation: Citation, scheme: str, value: str) -> Finding:
        if READ_IDENTIFIER[scheme](value):
            message = f"The work {printable(citation.key)} has not been looked up yet."
            return self.at(citation.location, message, context=citation.key)
        message = f"This is not a valid {_SCHEMES[scheme]}: {printable(value) or '(empty)'}"
        remedy = "Copy the identifier from the publisher's page again; a digit or letter is wrong."
        return self.at(citation.location, message, context=citation.key, remedy=remedy)

    def _of_no_registry(self, citation: Citation) -> Finding:
        if doi := normalise_doi(citation.key):
            message = f"This DOI is cited by its address: {printable(citation.key)}"
            return self.at(
                citation.location, message, context=citation.key, remedy=f"Write it as [@doi:{printable(doi)}]."
            )
        message = f"No registry that pubkit asks describes {printable(citation.key)}."
        remedy = "Add an entry with this key to the bibliography: its title, authors, date and address."
        return self.at(citation.location, message, context=citation.key, remedy=remedy)


_SCHEMES = {
    "doi": "DOI",
    "pmid": "PubMed ID",
    "pmcid": "PubMed Central ID",
    "isbn": "ISBN",
    "arxiv": "arXiv identifier",
}
