"""REF: each entry of the bibliography as a whole: what it must contain, and whether it occurs twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Severity
from pubkit.references.bibliography.duplicates import Duplicate, Kind, find, is_preprint
from pubkit.references.bibliography.formats.bibtex import parents_of
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.formats.vocabulary import is_known_type, written
from pubkit.references.bibliography.identifiers import identifiers
from pubkit.references.bibliography.markup import fold
from pubkit.references.model import Entry
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.entries import EntryRule, Fault, cited_keys, walk, weighed

_NLM = "NLM, Citing Medicine, 2nd ed.; AMA Manual of Style, 11th ed., ch. 3; biblatex manual §2.1"
_ICMJE = "ICMJE Recommendations IV.A.3.g (references)"

_ARTICLE = """@article{kruegel2016, author = {Kruegel, Andrew C.}, title = {Signaling explorations of {Mitragyna} alkaloids},
  journal = {J Am Chem Soc}, year = {2016}, volume = {138}, pages = {6754--6764}, doi = {10.1021/jacs.6b00360}}"""

#: For each CSL type: what an entry must contain (error), and what it should (warning). "a|b" asks for one of the two.
_REQUIRED: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "article-journal": (("title", "container-title", "issued"), ("author|editor",)),
    "article-magazine": (("title", "container-title", "issued"), ()),
    "article-newspaper": (("title", "container-title", "issued"), ()),
    "article": (("title", "issued"), ("author|editor",)),
    "book": (("title", "issued"), ("author|editor", "publisher|URL")),
    "chapter": (("title", "container-title", "issued"), ("author|editor", "publisher|URL|DOI")),
    "paper-conference": (("title", "issued"), ("author|editor", "container-title|event-title|event")),
    "report": (("title", "issued"), ("author|editor|publisher",)),
    "thesis": (("title", "author", "issued"), ("publisher",)),
    "webpage": (("title", "URL|DOI"), ("issued|accessed",)),
    "post-weblog": (("title", "URL"), ("issued|accessed",)),
    "dataset": (("title",), ("author|editor|publisher", "issued")),
    "software": (("title",), ("author|editor|publisher",)),
    "patent": (("title", "number"), ("author", "issued")),
    "legislation": (("title",), ()),
    "legal_case": (("title",), ()),
}
_ANY = (("title",), ())
_WORDS = {
    "title": "title",
    "author": "author",
    "editor": "editor",
    "container-title": "name of the journal or book it is in",
    "issued": "year",
    "publisher": "publisher",
    "URL": "web address",
    "DOI": "DOI",
    "accessed": "date of access",
    "event-title": "conference",
    "event": "conference",
    "number": "number",
}


class MissingField(EntryRule):
    """Every entry has the fields that a work of its type needs."""

    id = "REF001"
    severity = Severity.ERROR
    source = _NLM
    remedy = "Add it from the work itself or from the publisher's page."
    bad = [Example("Kratom [@x].", "@article{x, author = {Kruegel, A.}, title = {Mitragyna alkaloids}, year = {2016}}")]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Yield what the entry lacks for its type; fields that could not be read are another rule's concern."""
        needed, wanted = _REQUIRED.get(entry.item.type, _ANY)
        in_press = bool(entry.item.status)
        venue_is_server = is_preprint(entry.item)
        for choice in (*needed, *wanted):
            names = choice.split("|")
            if choice == "container-title" and venue_is_server:
                continue  # Preprint asks for the server's name
            if any(entry.item.has(name) or written(entry, name).strip() for name in names):
                continue
            severity = Severity.WARNING if choice in wanted or (choice == "issued" and in_press) else Severity.ERROR
            words = " or ".join(dict.fromkeys(_WORDS[name] for name in names))
            yield Fault(names[0], f"the entry has no {words}.", severity)


class _Overlap(Rule):
    """A rule about two entries that overlap; the later one is reported, once."""

    kinds: Mapping[Kind, Severity]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry that overlaps with an earlier one in the way that this rule is about."""
        cited = cited_keys(submission)
        seen: set[str] = set()
        for duplicate in find(submission.bibliography):
            key = duplicate.second.key
            if duplicate.kind not in self.kinds or key in seen:
                continue
            seen.add(key)
            both = key in cited and duplicate.first.key in cited
            yield self.at(
                duplicate.second.location,
                self.message(duplicate),
                context=f"{duplicate.first.key} {key}",
                severity=weighed(self.kinds[duplicate.kind], both),
            )

    def message(self, duplicate: Duplicate) -> str:
        """Return the message for `duplicate`."""
        raise NotImplementedError


def _named(entry: Entry) -> str:
    return f"{printable(entry.key, 60)} ({entry.location})"


class SameWorkTwice(_Overlap):
    """No work is listed under two keys."""

    id = "REF003"
    severity = Severity.ERROR
    source = f"{_ICMJE}: each reference has one number"
    remedy = "Keep one of the entries, and cite its key everywhere."
    kinds = {Kind.SAME_WORK: Severity.ERROR, Kind.LIKELY_SAME: Severity.WARNING}
    bad = [Example("Kratom [@kruegel2016; @again].", f"{_ARTICLE}\n{_ARTICLE.replace('kruegel2016', 'again')}")]
    good = [
        Example(
            "Networks [@lecun; @goodfellow].",
            """@article{lecun, author = {LeCun, Yann}, title = {Deep learning}, journal = {Nature}, year = {2015}}
               @book{goodfellow, author = {Goodfellow, Ian}, title = {Deep learning}, publisher = {MIT Press},
                 year = {2016}}""",
        )
    ]

    def message(self, duplicate: Duplicate) -> str:
        """Return both keys, and what the entries share."""
        is_likely = "is" if duplicate.kind is Kind.SAME_WORK else "is most likely"
        second = printable(duplicate.second.key, 60)
        return f"{second} {is_likely} the same work as {_named(duplicate.first)}: same {duplicate.shared}."


class SharedIdentifier(_Overlap):
    """No DOI, PMID or ISBN is given to two different works."""

    id = "REF004"
    severity = Severity.ERROR
    source = "DOI Handbook §1: a DOI names one work; NLM on PMID"
    remedy = "Look up the identifier, and correct the entry that it does not belong to."
    kinds = {Kind.SHARED_IDENTIFIER: Severity.ERROR}
    bad = [
        Example(
            "Kratom [@kruegel2016; @other].",
            f"{_ARTICLE}\n@article{{other, author = {{Swogger, Marc}}, title = {{Kratom and mental health}}, "
            "journal = {Drug Alcohol Depend}, year = {2018}, doi = {10.1021/jacs.6b00360}}",
        )
    ]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def message(self, duplicate: Duplicate) -> str:
        """Return both keys, and the identifier they share."""
        second = printable(duplicate.second.key, 60)
        return f"{second} and {_named(duplicate.first)} have different titles but the same {duplicate.shared}."


class PreprintAndArticle(_Overlap):
    """No preprint is cited alongside the article that it became."""

    id = "REF005"
    severity = Severity.WARNING
    source = "ICMJE Recommendations III.D.3: cite the published article rather than its preprint"
    remedy = "Cite the article alone, unless the text is about the difference between the two."
    kinds = {Kind.PREPRINT: Severity.WARNING}
    bad = [
        Example(
            "Networks [@a; @b].",
            """@article{a, author = {Nguyen, Phuoc}, title = {Deepr: a net for medical records}, journal = {IEEE J},
                 year = {2017}}
               @misc{b, author = {Nguyen, Phuoc}, title = {Deepr: a net for medical records}, year = {2016},
                 doi = {10.48550/arXiv.1607.07519}}""",
        )
    ]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def message(self, duplicate: Duplicate) -> str:
        """Return which of the two keys is the preprint."""
        pair = (duplicate.first, duplicate.second)
        preprint, article = pair if is_preprint(pair[0].item) else (pair[1], pair[0])
        return f"{printable(preprint.key, 60)} is the preprint of {_named(article)}."


class Preprint(EntryRule):
    """No cited work is a preprint."""

    id = "REF006"
    severity = Severity.NOTE
    source = "ICMJE Recommendations III.D.3; AMA Manual of Style 3.11.4.1: preprints are named as such"
    remedy = "Say in the text that the work is not peer-reviewed, and check whether an article has since appeared."
    bad = [
        Example(
            "Kratom [@x].",
            "@article{x, author = {A, B}, title = {Kratom}, year = {2020}, doi = {10.1101/2020.01.01.123456}}",
        )
    ]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Yield a note for each preprint, or a warning if the entry does not name the preprint server."""
        if not is_preprint(entry.item):
            return
        item = entry.item
        names = (item.container_title, item.publisher, item.genre, item.note, item.archive, item.medium)
        said = fold(" ".join(names))
        if any(word in said for word in ("rxiv", "preprint", "ssrn", "research square", "cold spring harbor")):
            yield Fault("title", "this is a preprint; it has not been peer-reviewed.")
        else:
            remedy = (
                "Name the preprint server as its journal or publisher, and check whether an article has since appeared."
            )
            yield Fault("title", "this is a preprint, but the entry does not say so.", Severity.WARNING, remedy)


class UnknownType(EntryRule):
    """Every entry has a type that its format knows."""

    id = "REF007"
    severity = Severity.WARNING
    source = "biblatex manual §2.1; CSL 1.0.2 appendix III; RIS types"
    remedy = "Use a type that the format knows, such as article, book, incollection, report or online."
    bad = [Example("Kratom [@x].", "@artcle{x, author = {A, B}, title = {Kratom}, year = {2020}}")]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Report a type that the format does not know."""
        if not is_known_type(entry):
            shown = printable(entry.type, 40) or "(none)"
            yield Fault("type", f"{shown} is not a known type of entry.")


class UnknownParent(Rule):
    """Every crossref names an entry that exists."""

    id = "REF008"
    severity = Severity.ERROR
    source = "biblatex manual §2.4.1: what the parent contains is missing from the reference"
    remedy = "Correct the key under crossref, or repeat the parent's fields in the entry."
    bad = [
        Example(
            "Kratom [@x].", "@inproceedings{x, author = {A, B}, title = {Kratom}, year = {2020}, crossref = {gone}}"
        )
    ]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for parents that are not among the entries."""
        keys = frozenset(submission.bibliography.keys())
        return walk(self, submission, lambda entry: _lost_parents(entry, keys))


def _lost_parents(entry: Entry, keys: frozenset[str]) -> Iterator[Fault]:
    for parent in parents_of(entry.fields) if entry.location.file.lower().endswith(".bib") else ():
        if parent not in keys:
            yield Fault("crossref", f"the entry inherits from {printable(parent, 60)}, which does not exist.")


class Unfindable(EntryRule):
    """Every journal article has the details by which a reader can find it."""

    id = "REF009"
    severity = Severity.WARNING
    source = f"{_NLM}; invented and predatory references typically lack volume, page and DOI"
    remedy = "Add the DOI or the PubMed ID, or the volume and pages."
    bad = [
        Example("Kratom [@x].", "@article{x, author = {A, B}, title = {Kratom}, journal = {J Kratom}, year = {2020}}")
    ]
    good = [Example("Kratom [@kruegel2016].", _ARTICLE)]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Yield an article without identifier, address, volume, issue and page."""
        item = entry.item
        if item.type != "article-journal" or not plain(item.title):
            return
        ids = identifiers(item)
        placed = any((item.volume, item.page, item.issue, item.number, item.doi, item.pmid, item.pmcid, item.url))
        if not placed and not (ids.doi or ids.pmid or ids.pmcid or ids.arxiv):
            yield Fault(
                "title",
                "readers cannot find it: it has no DOI, PubMed ID, web address, volume or page.",
            )
