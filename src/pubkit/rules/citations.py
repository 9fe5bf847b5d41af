"""CIT: the keys that a manuscript cites and the bibliography that defines them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Severity
from pubkit.language.comparison import ascii_spelling
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.model import Citation
from pubkit.references.bibliography.formats.bibtex import parents_of
from pubkit.references.bibliography.identifiers import (
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.model import Bibliography
from pubkit.references.rules import CIT006, CIT007
from pubkit.rules.base import Example, Rule, Submission

_PANDOC = "Pandoc User's Guide, Citations: a key that no entry defines is printed as (key?), and pandoc exits with 0"
_BIBTEX = "of several entries with one key, pandoc silently keeps the last"

_IDENTIFIER = re.compile(r"(doi|pmid|pmcid|isbn|arxiv):(.*)", re.IGNORECASE)
_READ_IDENTIFIER = {
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
    "isbn": normalise_isbn,
    "arxiv": normalise_arxiv,
}
_NEAR = 70

_ENTRY = """@article{kruegel2016,
  author = {Kruegel, Andrew C.}, title = {Synthetic and receptor signaling explorations of the mitragyna alkaloids},
  journal = {J Am Chem Soc}, year = {2016}, volume = {138}, pages = {6754--6764}}"""


def _nearest(key: str, known: Mapping[str, str]) -> str | None:
    """Return the key of `known` (keys with their lower-case forms) that `key` is most likely meant to be, or None.

    Of several similar keys it is the one with the fewest typing errors; two transposed letters count as one.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    folded = key.casefold()
    alike = process.extract(folded, known, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=20)
    return str(min(alike, key=lambda found: OSA.distance(folded, found[0]))[2]) if alike else None


def _hint(submission: Submission, citation: Citation, nearest: str | None) -> str:
    """Return what may be wrong with an undefined key, as a sentence that starts with a space, or nothing."""
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
    place = citation.location
    text = next((source.text for source in submission.manuscript.sources if source.path == place.file), "")
    lines = text.split("\n")
    if not place.line or place.line > len(lines):
        return None
    line = lines[place.line - 1]
    end = line.find(citation.key, max(0, place.column - 1)) + len(citation.key)
    char = line[end : end + 1]
    return char if char and unicodedata.category(char) == "Cf" else None


def _named(char: str) -> str:
    return f"{unicodedata.name(char, 'without a name')} (U+{ord(char):04X})"


def _bibliography_is_at_fault(submission: Submission) -> bool:
    """Return whether no entry is known because no bibliography was named, found or readable, which other rules report."""
    if len(submission.bibliography):
        return False
    broken = any(finding.rule in {CIT006.id, CIT007.id} for finding in submission.bibliography.findings)
    return broken or not (submission.bibliography.files or submission.publication.bibliography)


def _unreadable_keys(bibliography: Bibliography) -> set[str]:
    """Return the keys of entries that are in a bibliography but could not be read."""
    return {finding.context for finding in bibliography.findings if finding.rule == CIT006.id}


def _undefined(submission: Submission) -> Iterator[Citation]:
    """Return the citations whose key no entry defines, where some entry could."""
    unreadable = _unreadable_keys(submission.bibliography)
    for citation in submission.manuscript.citations:
        if citation.key != "*" and citation.key not in submission.bibliography and citation.key not in unreadable:
            yield citation


class UndefinedKey(Rule):
    """Every citation key is defined in the bibliography."""

    id = "CIT001"
    severity = Severity.ERROR
    waivable = False
    source = _PANDOC
    remedy = "Add the entry to the bibliography, or correct the key."
    bad = [Example("Kratom acts on opioid receptors [@krugel2016].", _ENTRY)]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation of an undefined key, with the key it is most likely meant to be."""
        if _bibliography_is_at_fault(submission):
            return
        folded = {entry.key: entry.key.casefold() for entry in submission.bibliography}
        spellings = set(folded.values())
        nearest_to: dict[str, str | None] = {}
        for citation in _undefined(submission):
            key = citation.key
            if _IDENTIFIER.fullmatch(key) or not key.isascii() or key.casefold() in spellings:
                continue
            if key not in nearest_to:
                nearest_to[key] = _nearest(key, folded)
            message = (
                f"No bibliography entry has the key {printable(key)}.{_hint(submission, citation, nearest_to[key])}"
            )
            yield self.at(citation.location, message, context=key)


class UncitedEntry(Rule):
    """Every bibliography entry is cited."""

    id = "CIT002"
    severity = Severity.WARNING
    source = "ICMJE Recommendations IV.A.3.g: references are those the text mentions"
    remedy = "Cite it, or remove it from the bibliography; uncited entries are not printed."
    bad = [Example("Kratom is a tree.", _ENTRY)]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry that is neither cited nor the parent of one that is."""
        cited = {citation.key for citation in submission.manuscript.citations}
        if "*" in cited:
            return
        bibliography = submission.bibliography
        waiting = [key for key in cited if key in bibliography]
        while waiting:
            for parent in parents_of(bibliography.entries[waiting.pop()].fields):
                if parent in bibliography and parent not in cited:
                    cited.add(parent)
                    waiting.append(parent)
        for entry in bibliography:
            if entry.key not in cited:
                yield self.at(entry.location, f"The entry {printable(entry.key)} is never cited.", context=entry.key)


class DuplicateKey(Rule):
    """Every citation key is defined only once."""

    id = "CIT003"
    severity = Severity.ERROR
    waivable = False
    source = _BIBTEX
    remedy = "Give one of the two entries another key, or delete it."
    bad = [Example("Kratom acts on opioid receptors [@kruegel2016].", f"{_ENTRY}\n{_ENTRY}")]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each later entry under a key that is taken."""
        for entry in submission.bibliography.duplicates:
            first = submission.bibliography.entries[entry.key]
            message = f"The key {printable(entry.key)} is already used by the entry at {first.location}."
            yield self.at(entry.location, message, context=entry.key)


class NonAsciiKey(Rule):
    """Citation keys contain only ASCII characters."""

    id = "CIT004"
    severity = Severity.ERROR
    source = "Unicode Technical Standard 39: identifiers that look alike; biblatex manual, Entry keys"
    remedy = "Use only the letters a-z, digits and - _ : . in the key, in the bibliography and in the text."
    bad = [Example("Kratom acts on opioid receptors [@kruеgel2016].", _ENTRY.replace("kruegel2016", "kruеgel2016"))]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry and each citation with such a key."""
        known = submission.bibliography.keys()
        for entry in (*submission.bibliography, *submission.bibliography.duplicates):
            if not entry.key.isascii():
                yield self.at(entry.location, self._message(entry.key, known), context=entry.key)
        for citation in submission.manuscript.citations:
            if not citation.key.isascii():
                yield self.at(citation.location, self._message(citation.key, known), context=citation.key)

    @staticmethod
    def _message(key: str, known: Collection[str]) -> str:
        char = next(char for char in key if not char.isascii())
        name = unicodedata.name(char, f"U+{ord(char):04X}")
        plain = ascii_spelling(key)
        looks = f" It looks like {plain}, the key of another entry." if plain in known else ""
        return f"The key {printable(key)} contains the character {name}.{looks}"


class KeyCase(Rule):
    """Citation keys use the same capital letters in the text and in the bibliography."""

    id = "CIT005"
    severity = Severity.ERROR
    source = "pandoc's keys are case-sensitive; BibTeX's are not"
    remedy = "Write the key the same way in the text and in the bibliography."
    bad = [Example("Kratom acts on opioid receptors [@Kruegel2016].", _ENTRY)]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation and each entry whose key differs from another's only in capital letters."""
        spelled: dict[str, str] = {}
        for entry in submission.bibliography:
            first = spelled.setdefault(entry.key.casefold(), entry.key)
            if first != entry.key:
                message = f"The keys {printable(first)} and {printable(entry.key)} differ only in capital letters."
                remedy = "Give one of the entries another key, or delete one of them."
                yield self.at(entry.location, message, context=entry.key, remedy=remedy, severity=Severity.WARNING)
        for citation in _undefined(submission):
            known = spelled.get(citation.key.casefold())
            if known and citation.key.isascii():
                message = f"No entry has the key {printable(citation.key)}, but there is an entry {printable(known)}."
                yield self.at(citation.location, message, context=citation.key)


class MissingBibliography(Rule):
    """Keys are cited, and no bibliography is named."""

    entry = CIT007

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield the first citation, where no bibliography is named."""
        if submission.bibliography.files or submission.publication.bibliography:
            return
        named = [citation for citation in submission.manuscript.citations if not _IDENTIFIER.fullmatch(citation.key)]
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
    bad = ["Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360]."]
    good = [
        Example(
            "Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360].",
            _ENTRY.replace("kruegel2016", "doi:10.1021/jacs.6b00360"),
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation by identifier that neither the bibliography nor the lock resolves."""
        for citation in _undefined(submission):
            found = _IDENTIFIER.fullmatch(citation.key)
            verdict = submission.verdicts.get(citation.key)
            if not found or (verdict is not None and verdict.checked):
                continue
            scheme, value = found[1].lower(), found[2]
            if _READ_IDENTIFIER[scheme](value):
                message = f"The work {printable(citation.key)} has not been looked up yet."
                yield self.at(citation.location, message, context=citation.key)
            else:
                message = f"This is not a valid {_SCHEMES[scheme]}: {printable(value) or '(empty)'}"
                remedy = "Copy the identifier again from the publisher's page; a digit or letter is wrong."
                yield self.at(citation.location, message, context=citation.key, remedy=remedy)


_SCHEMES = {
    "doi": "DOI",
    "pmid": "PubMed ID",
    "pmcid": "PubMed Central ID",
    "isbn": "ISBN",
    "arxiv": "arXiv identifier",
}
