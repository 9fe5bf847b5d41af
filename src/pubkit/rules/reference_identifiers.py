"""REF: the identifiers and web addresses of the entries: their form, their check digits, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Severity
from pubkit.references.bibliography.exports import doi_as_meant, dois, strange_numbers
from pubkit.references.bibliography.formats.bibtex_items import verbatim
from pubkit.references.bibliography.formats.vocabulary import written
from pubkit.references.bibliography.identifiers import (
    doi_as_printed,
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_issn,
    normalise_orcid,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.model import Entry
from pubkit.rules.base import Example
from pubkit.rules.entries import EntryRule, Fault, is_tagged
from pubkit.rules.reference_texts import placeholder

_COPY = "Copy it again from the publisher's page or from PubMed."


def _bib(fields: str) -> Example:
    entry = "@article{{x, author = {{Kruegel, A.}}, title = {{Mitragyna}}, journal = {{J}}, year = {{2016}}, {}}}"
    return Example("Kratom [@x].", entry.format(fields))


class DoiForm(EntryRule):
    """Every DOI is well-formed."""

    id = "REF010"
    severity = Severity.ERROR
    source = "DOI Handbook §2.2; Crossref, DOI regular expressions"
    remedy = f"A DOI begins with 10., a number and a slash. {_COPY}"
    bad = [_bib("doi = {10.1021\\jacs.6b00360}")]
    good = [_bib("doi = {10.1021/jacs.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check the DOI as the file gives it."""
        text = verbatim(_doi_text(entry))
        if not text or normalise_doi(text) or placeholder("DOI", text):
            return
        if normalise_doi(doi_as_meant(text)):
            if len(found := dois(text)) > 1:
                message = f"the field contains several DOIs; the first is printed: {printable(', '.join(found), 120)}"
                yield Fault("DOI", message, Severity.WARNING)
            return
        if normalise_doi(text.rstrip(".,;: ")):
            message = f"the DOI ends with a punctuation mark that is not part of it: {printable(text)}"
            yield Fault("DOI", message, words=((text, text.rstrip(".,;: ")),))
        elif re.search(r"\s", doi_as_printed(text)):
            joined = re.sub(r"\s", "", text)
            words = ((text, joined),) if normalise_doi(joined) else ()
            yield Fault("DOI", f"the DOI contains a space: {printable(text)}", words=words)
        elif short := re.fullmatch(r"(?:https?://(?:dx\.)?doi\.org/)?(10/[a-z0-9]+)", text, re.IGNORECASE):
            message = f"this is a short DOI, by which no registry knows the work: {printable(text)}"
            remedy = f"Open https://doi.org/{short[1]} and copy the whole DOI from the publisher's page."
            yield Fault("DOI", message, Severity.WARNING, remedy)
        else:
            yield Fault("DOI", f"this is not a DOI: {printable(text)}")


def _doi_text(entry: Entry) -> str:
    """Return the DOI as written; only BibTeX and CSL have a field for DOIs alone."""
    if is_tagged(entry):
        return entry.fields.get("DO", "") or entry.item.doi
    return written(entry, "DOI").strip()


class _NumberForm(EntryRule):
    """A rule about the form of one number that identifies a work."""

    severity = Severity.ERROR
    variable: str
    normalise: Callable[[str], str | None]
    name: str

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check each value of the number as the file gives it."""
        for value in self.values(entry.item.text(self.variable)):
            if not type(self).normalise(value):
                yield Fault(self.variable, self.message(value), self.weight(entry))

    def values(self, text: str) -> Iterable[str]:
        """Return the numbers in the field, without an address beside them."""
        parts = [part.strip() for part in re.split(r"[;,]|\s+and\s+|(?<=\d)/(?=\w)", text)]
        numbers = [part for part in parts if not re.match(r"https?://", part)]
        return (re.sub(r"\s*\([^()]*\)$", "", part) for part in numbers or parts if part)

    def weight(self, _entry: Entry) -> Severity | None:
        """Return the severity of a wrong number in an entry, or None for that of the rule."""
        return None

    def message(self, value: str) -> str:
        """Return what is wrong with `value`."""
        return f"this is not a valid {self.name}: {printable(value)}"


class PmidForm(_NumberForm):
    """Every PubMed ID (PMID) is well-formed."""

    id = "REF011"
    source = "NLM, PubMed Unique Identifier: one to eight digits"
    remedy = "A PubMed ID consists of digits only; an identifier that begins with PMC belongs in the field pmcid."
    variable = "PMID"
    normalise = staticmethod(normalise_pmid)
    name = "PubMed ID"

    def weight(self, entry: Entry) -> Severity | None:
        """Return a warning if a DOI names the work: reference managers also number works that PubMed does not have."""
        return Severity.WARNING if normalise_doi(entry.item.doi) else None

    bad = [_bib("pmid = {PMC4931747}")]
    good = [_bib("pmid = {27192616}")]

    def message(self, value: str) -> str:
        """Return the message, which names a PMCID in the wrong field as such."""
        if normalise_pmcid(value):
            return f"a PubMed Central ID is given in the field for the PubMed ID: {printable(value)}"
        return super().message(value)


class PmcidForm(_NumberForm):
    """Every PubMed Central ID (PMCID) is well-formed."""

    id = "REF012"
    source = "NLM, PMCID: PMC and digits"
    remedy = "A PubMed Central ID is PMC followed by digits, such as PMC4931747."
    variable = "PMCID"
    normalise = staticmethod(normalise_pmcid)
    name = "PubMed Central ID"
    bad = [_bib("pmcid = {27192616}")]
    good = [_bib("pmcid = {PMC4931747}")]


class IsbnForm(_NumberForm):
    """Every ISBN has the correct form and check digit."""

    id = "REF013"
    source = "ISO 2108: the last digit is computed from the others"
    remedy = f"One digit is wrong, missing or swapped. {_COPY}"
    variable = "ISBN"
    normalise = staticmethod(normalise_isbn)
    name = "ISBN (its check digit or length is wrong)"
    bad = [_bib("isbn = {978-0-306-40615-8}")]
    good = [_bib("isbn = {978-0-306-40615-7}"), _bib("isbn = {1476-4687 (Electronic) 0028-0836 (Linking)}")]

    def values(self, text: str) -> Iterable[str]:
        """Return what is not an ISSN either: reference managers keep the ISSN of an article in the same field."""
        return strange_numbers(text)

    def weight(self, entry: Entry) -> Severity | None:
        """Return a warning for an article: its ISBN is not printed, and readers do not use it to find the article."""
        return Severity.WARNING if entry.item.type.startswith("article") else None


class IssnForm(_NumberForm):
    """Every ISSN has the correct form and check digit."""

    id = "REF014"
    severity = Severity.WARNING
    source = "ISO 3297: the last digit is computed from the others; no reference prints it"
    remedy = f"One digit is wrong, missing or swapped. {_COPY}"
    variable = "ISSN"
    normalise = staticmethod(normalise_issn)
    name = "ISSN (its check digit or length is wrong)"
    bad = [_bib("issn = {0378-5954}")]
    good = [_bib("issn = {0378-5955}"), _bib("issn = {0028-0836 1476-4687}")]

    def values(self, text: str) -> Iterable[str]:
        """Return what is not an ISBN either, which RIS has in the same tag."""
        return strange_numbers(text)


class ArxivForm(EntryRule):
    """Every arXiv identifier is well-formed."""

    id = "REF015"
    severity = Severity.ERROR
    source = "arXiv identifier scheme: YYMM.number, or archive/YYMMnumber before April 2007"
    remedy = "Copy the identifier from the paper's page at arxiv.org."
    bad = [_bib("eprint = {2016.13579}, eprinttype = {arxiv}")]
    good = [_bib("eprint = {1607.07519}, eprinttype = {arxiv}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check the eprint of an arXiv entry, and the identifier in an address at arxiv.org."""
        archive = (entry.fields.get("eprinttype") or entry.fields.get("archiveprefix") or "").lower()
        number = entry.fields.get("eprint", "").strip()
        if archive == "arxiv" and number and not normalise_arxiv(number):
            named = normalise_doi(entry.item.doi) or entry.item.container_title
            severity = Severity.WARNING if named else None  # Then its address is not printed.
            yield Fault("eprint", f"this is not a valid arXiv identifier: {printable(number)}", severity)
        url = entry.item.url
        if archive != "arxiv" and re.match(r"https?://(www\.)?arxiv\.org/(abs|pdf)/", url) and not normalise_arxiv(url):
            yield Fault("URL", f"this address contains no valid arXiv identifier: {printable(url)}")


class OrcidForm(EntryRule):
    """Every ORCID iD in the bibliography has the correct form and check digit."""

    id = "REF016"
    severity = Severity.WARNING
    source = "ORCID, Structure of the ORCID Identifier (ISO 7064 MOD 11-2)"
    remedy = "Copy the ORCID iD from the person's page at orcid.org."
    bad = [_bib("orcid = {0000-0002-1825-0098}")]
    good = [_bib("orcid = {0000-0002-1825-0097}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check each field named orcid, and each address at orcid.org."""
        for name in entry.fields:
            if "orcid" not in name.lower():
                continue
            for value in re.findall(r"[^\s;,{}=]*\d{3}[\dX][^\s;,{}=]*|\S+", entry.fields[name]):
                number = re.sub(r"^.*/(?=\d{4}-)", "", value)  # Web of Science: "Li, J/0000-0002-1825-0097"
                if re.search(r"\d", value) and not normalise_orcid(number):
                    yield Fault(name, f"this is not a valid ORCID iD: {printable(value)}")


class AddressForm(EntryRule):
    """Every web address is one that any reader can open."""

    id = "REF017"
    severity = Severity.ERROR
    source = "RFC 3986; example domains (RFC 2606) are the subject of REF030"
    remedy = "Give the public address of the work, preferably the one with its DOI."
    bad = [_bib("url = {https://localhost:8080/kratom}")]
    good = [_bib("url = {https://pubs.acs.org/doi/10.1021/jacs.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check the address of the entry: its host, and proxies that only a library's members can use."""
        url = entry.item.url
        if not url:
            return
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            yield Fault("URL", f"this is not a web address: {printable(url)}")
            return
        if "." not in host or host.endswith((".local", ".localhost", ".internal")) or _PRIVATE.match(host):
            yield Fault("URL", f"this address can only be opened within one network: {printable(url)}")
        elif parts.username or parts.password:
            yield Fault("URL", f"this address contains a user name: {printable(host)}")
        elif _PROXY.search(url):
            message = f"this address goes through a library's proxy: {printable(url)}"
            yield Fault("URL", message, Severity.WARNING)


_PRIVATE = expression(r"(?:127|10|0)\.\d+\.\d+\.\d+$|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1")
_PROXY = expression(r"ezproxy|[./]proxy\.|libproxy|[?&]proxy=|\.idm\.oclc\.org", re.IGNORECASE)


class TwoDois(EntryRule):
    """The DOI field and the web address of an entry give the same DOI."""

    id = "REF018"
    severity = Severity.ERROR
    source = "DOI Handbook §1: a DOI names one work"
    remedy = "Look up both, and keep the DOI of the work that you cite."
    bad = [_bib("doi = {10.1021/jacs.6b00360}, url = {https://doi.org/10.1021/acs.6b00361}")]
    good = [_bib("doi = {10.1021/jacs.6b00360}, url = {https://doi.org/10.1021/JACS.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Compare the two DOIs, if both are DOIs."""
        doi = normalise_doi(entry.item.doi)
        url = entry.item.url
        other = normalise_doi(url) if re.match(r"https?://(dx\.|www\.)?doi\.org/10\.", url, re.IGNORECASE) else None
        if doi and other and doi != other:
            versions = re.fullmatch(r"(.+\.)v?\d{1,2} \1v?\d{1,2}", f"{doi} {other}")
            message = f"the DOI field gives {printable(doi)}, but the address gives {printable(other)}."
            yield Fault("URL", message, Severity.WARNING if versions else None)
