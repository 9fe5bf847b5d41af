"""REF: identifiers and addresses of the entries: their form, their check digits, and whether they agree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import urlsplit

from pubkit.boundary.files import printable
from pubkit.findings import Severity
from pubkit.references.bibliography.exports import doi_as_meant, dois, strange_numbers
from pubkit.references.bibliography.formats.bibtex_items import verbatim
from pubkit.references.bibliography.formats.vocabulary import written, written_names
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
from pubkit.rules.entries import EntryRule, Fault

_COPY = "Copy it again from the publisher's page or from PubMed."


def _bib(fields: str) -> Example:
    entry = "@article{{x, author = {{Kruegel, A.}}, title = {{Mitragyna}}, journal = {{J}}, year = {{2016}}, {}}}"
    return Example("Kratom [@x].", entry.format(fields))


class DoiForm(EntryRule):
    """A DOI that cannot be one."""

    id = "REF010"
    severity = Severity.ERROR
    source = "DOI Handbook §2.2; Crossref, DOI regular expressions"
    remedy = f"A DOI begins with 10., a number and a slash. {_COPY}"
    bad = [_bib("doi = {10.1021\\jacs.6b00360}")]
    good = [_bib("doi = {10.1021/jacs.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """The DOI as the file gives it."""
        text = verbatim(_doi_text(entry))
        if not text or normalise_doi(text):
            return
        if normalise_doi(doi_as_meant(text)):
            if len(found := dois(text)) > 1:
                message = f"the field holds several DOIs; the first is printed: {printable(', '.join(found), 120)}"
                yield Fault("DOI", message, Severity.WARNING)
            return
        if normalise_doi(text.rstrip(".,;: ")):
            yield Fault("DOI", f"the DOI ends in a mark that is no part of it: {printable(text)}")
        elif re.search(r"\s", doi_as_printed(text)):
            yield Fault("DOI", f"the DOI holds a blank: {printable(text)}")
        else:
            yield Fault("DOI", f"this is no DOI: {printable(text)}")


def _doi_text(entry: Entry) -> str:
    """The DOI as written; RIS and NBIB put other things into the same tags."""
    if entry.location.file.lower().endswith((".ris", ".nbib")):
        return entry.fields.get("DO", "") or str(entry.item.get("DOI", ""))
    return written(entry, "DOI").strip()


class _NumberForm(EntryRule):
    """A rule about the form of one number that identifies a work."""

    severity = Severity.ERROR
    variable: str
    normalise: Callable[[str], str | None]
    name: str

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Each value of the number as the file gives it."""
        if self.variable not in entry.item and not any(True for _ in written_names(entry, self.variable)):
            return
        for value in self.values(str(entry.item.get(self.variable) or "")):
            if not type(self).normalise(value):
                yield Fault(self.variable, self.message(value), self.weight(entry))

    def values(self, text: str) -> Iterable[str]:
        """The numbers that the field holds."""
        parts = map(str.strip, re.split(r"[;,/]|\s+and\s+", text))
        return (re.sub(r"\s*\([^()]*\)$", "", part) for part in parts if part)

    def weight(self, _entry: Entry) -> Severity | None:
        """How much a wrong number weighs in an entry, where it is not the weight of the rule."""
        return None

    def message(self, value: str) -> str:
        """What is wrong with `value`."""
        return f"this is no {self.name}: {printable(value)}"


class PmidForm(_NumberForm):
    """A PubMed number that cannot be one."""

    id = "REF011"
    source = "NLM, PubMed Unique Identifier: one to eight digits"
    remedy = "A PubMed number has digits only; a number that begins with PMC belongs in the field pmcid."
    variable = "PMID"
    normalise = staticmethod(normalise_pmid)
    name = "PubMed number"

    def weight(self, entry: Entry) -> Severity | None:
        """A warning where a DOI names the work: reference managers give works that PubMed does not hold a number too."""
        return Severity.WARNING if normalise_doi(str(entry.item.get("DOI", ""))) else None

    bad = [_bib("pmid = {PMC4931747}")]
    good = [_bib("pmid = {27192616}")]

    def message(self, value: str) -> str:
        """A PMC number in the wrong field is named as such."""
        if normalise_pmcid(value):
            return f"a PubMed Central number stands where a PubMed number belongs: {printable(value)}"
        return super().message(value)


class PmcidForm(_NumberForm):
    """A PubMed Central number that cannot be one."""

    id = "REF012"
    source = "NLM, PMCID: PMC and digits"
    remedy = "It reads PMC and then digits, such as PMC4931747."
    variable = "PMCID"
    normalise = staticmethod(normalise_pmcid)
    name = "PubMed Central number"
    bad = [_bib("pmcid = {27192616}")]
    good = [_bib("pmcid = {PMC4931747}")]


class IsbnForm(_NumberForm):
    """An ISBN whose form or check digit is wrong."""

    id = "REF013"
    source = "ISO 2108: the last digit is computed from the others"
    remedy = f"One digit is wrong, missing or swapped. {_COPY}"
    variable = "ISBN"
    normalise = staticmethod(normalise_isbn)
    name = "ISBN (its check digit or length is wrong)"
    bad = [_bib("isbn = {978-0-306-40615-8}")]
    good = [_bib("isbn = {978-0-306-40615-7}"), _bib("isbn = {1476-4687 (Electronic) 0028-0836 (Linking)}")]

    def values(self, text: str) -> Iterable[str]:
        """What is no ISSN either: reference managers keep the ISSN of an article in the same field."""
        return strange_numbers(text)

    def weight(self, entry: Entry) -> Severity | None:
        """A warning for an article, of which no ISBN is printed and by which none is found."""
        return Severity.WARNING if str(entry.item.get("type", "")).startswith("article") else None


class IssnForm(_NumberForm):
    """An ISSN whose form or check digit is wrong."""

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
        """What is no ISBN either, which RIS writes into the same tag."""
        return strange_numbers(text)


class ArxivForm(EntryRule):
    """An arXiv number that cannot be one."""

    id = "REF015"
    severity = Severity.ERROR
    source = "arXiv identifier scheme: YYMM.number, or archive/YYMMnumber before April 2007"
    remedy = "Copy it from the paper's page on arxiv.org."
    bad = [_bib("eprint = {2016.13579}, eprinttype = {arxiv}")]
    good = [_bib("eprint = {1607.07519}, eprinttype = {arxiv}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """The eprint of an arXiv entry, and the number in an address at arxiv.org."""
        archive = (entry.fields.get("eprinttype") or entry.fields.get("archiveprefix") or "").lower()
        number = entry.fields.get("eprint", "").strip()
        if archive == "arxiv" and number and not normalise_arxiv(number):
            named = normalise_doi(str(entry.item.get("DOI", ""))) or entry.item.get("container-title")
            severity = Severity.WARNING if named else None  # its address is not printed then
            yield Fault("eprint", f"this is no arXiv number: {printable(number)}", severity)
        url = str(entry.item.get("URL", ""))
        if archive != "arxiv" and re.match(r"https?://(www\.)?arxiv\.org/(abs|pdf)/", url) and not normalise_arxiv(url):
            yield Fault("URL", f"this address has no arXiv number: {printable(url)}")


class OrcidForm(EntryRule):
    """An ORCID iD whose form or check digit is wrong."""

    id = "REF016"
    severity = Severity.WARNING
    source = "ORCID, Structure of the ORCID Identifier (ISO 7064 MOD 11-2)"
    remedy = "Copy it from the person's page on orcid.org."
    bad = [_bib("orcid = {0000-0002-1825-0098}")]
    good = [_bib("orcid = {0000-0002-1825-0097}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Each value of a field named orcid, and each address at orcid.org."""
        for name in entry.fields:
            if "orcid" not in name.lower():
                continue
            for value in re.findall(r"[^\s;,{}=]*\d{3}[\dX][^\s;,{}=]*|\S+", entry.fields[name]):
                number = re.sub(r"^.*/(?=\d{4}-)", "", value)  # Web of Science: "Li, J/0000-0002-1825-0097"
                if re.search(r"\d", value) and not normalise_orcid(number):
                    yield Fault(name, f"this is no ORCID iD: {printable(value)}")


class AddressForm(EntryRule):
    """A web address that no reader can open."""

    id = "REF017"
    severity = Severity.ERROR
    source = "RFC 3986; RFC 2606 (names kept for examples) is a matter of REF030"
    remedy = "Give the public address of the work, best the one with its DOI."
    bad = [_bib("url = {https://localhost:8080/kratom}")]
    good = [_bib("url = {https://pubs.acs.org/doi/10.1021/jacs.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """The address of the entry: its host, and proxies that only members of a library get past."""
        url = str(entry.item.get("URL", ""))
        if not url:
            return
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").rstrip(".")
        except ValueError:
            yield Fault("URL", f"this is no web address: {printable(url)}")
            return
        if "." not in host or host.endswith((".local", ".localhost", ".internal")) or _PRIVATE.match(host):
            yield Fault("URL", f"this address can be opened in one network only: {printable(url)}")
        elif parts.username or parts.password:
            yield Fault("URL", f"this address holds a user name: {printable(host)}")
        elif _PROXY.search(url):
            message = f"this address goes through a library's proxy: {printable(url)}"
            yield Fault("URL", message, Severity.WARNING)


_PRIVATE = re.compile(r"(?:127|10|0)\.\d+\.\d+\.\d+$|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|\[?::1")
_PROXY = re.compile(r"ezproxy|[./]proxy\.|libproxy|[?&]proxy=|\.idm\.oclc\.org", re.IGNORECASE)


class TwoDois(EntryRule):
    """An entry with one DOI in its DOI field and another in its address."""

    id = "REF018"
    severity = Severity.ERROR
    source = "DOI Handbook §1: a DOI names one work"
    remedy = "Look both up, and keep the one of the work you cite."
    bad = [_bib("doi = {10.1021/jacs.6b00360}, url = {https://doi.org/10.1021/acs.6b00361}")]
    good = [_bib("doi = {10.1021/jacs.6b00360}, url = {https://doi.org/10.1021/JACS.6b00360}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """The two DOIs, where both are DOIs."""
        doi = normalise_doi(str(entry.item.get("DOI", "")))
        url = str(entry.item.get("URL", ""))
        other = normalise_doi(url) if re.match(r"https?://(dx\.|www\.)?doi\.org/10\.", url, re.IGNORECASE) else None
        if doi and other and doi != other:
            versions = re.fullmatch(r"(.+\.)v?\d{1,2} \1v?\d{1,2}", f"{doi} {other}")
            severity = Severity.WARNING if versions else None
            yield Fault("URL", f"the DOI field has {printable(doi)}, but the address {printable(other)}.", severity)
