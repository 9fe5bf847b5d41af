"""The name that each bibliography format has for a CSL variable, so that a rule can ask for "DOI" in any of them.

Sources: biblatex manual 3.20 §2.2-2.3; RIS format specification (Research Information Systems, 2001); EndNote's help on its
tagged format and on XML;
NLM "MEDLINE/PubMed Data Element (Field) Descriptions"; CSL 1.0.2 appendix IV.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pubkit.references.bibliography.formats.csl import TYPES
from pubkit.references.model import Entry

__all__ = [
    "BIBTEX",
    "BIBTEX_TYPES",
    "ENDNOTE",
    "ENDNOTE_TYPES",
    "ENW",
    "NBIB",
    "REFER_FIELDS",
    "RIS",
    "RIS_TYPES",
    "is_known_type",
    "written",
    "written_names",
]

#: CSL variable -> names in the format, the most specific first.
BIBTEX: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "author": ("author",),
    "editor": ("editor",),
    "translator": ("translator",),
    "container-title": ("journaltitle", "journal", "booktitle", "maintitle"),
    "container-title-short": ("shortjournal",),
    "collection-title": ("series",),
    "issued": ("date", "year", "month", "day"),
    "accessed": ("urldate",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages", "eid"),
    "number-of-pages": ("pagetotal",),
    "edition": ("edition",),
    "publisher": ("publisher", "institution", "school", "organization"),
    "publisher-place": ("location", "address", "city"),
    "event-title": ("eventtitle",),
    "genre": ("type",),
    "status": ("pubstate",),
    "version": ("version",),
    "note": ("note", "addendum"),
    "annote": ("annote", "annotation"),
    "medium": ("howpublished",),
    "language": ("langid", "language"),
    "DOI": ("doi",),
    "URL": ("url",),
    "ISBN": ("isbn",),
    "ISSN": ("issn",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid", "pmc"),
    "number": ("eprint",),
    "archive": ("eprinttype", "archiveprefix"),
    "abstract": ("abstract",),
    "keyword": ("keywords",),
}

RIS: Mapping[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT"),
    "author": ("AU", "A1"),
    "editor": ("ED", "A2"),
    "container-title": ("T2", "JO", "JF", "BT"),
    "container-title-short": ("JA", "J2", "J1"),
    "collection-title": ("T3",),
    "issued": ("PY", "Y1", "DA"),
    "accessed": ("Y2",),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "page": ("SP", "EP"),
    "edition": ("ET",),
    "publisher": ("PB",),
    "publisher-place": ("CY", "PP"),
    "DOI": ("DO", "M3"),
    "URL": ("UR",),
    "ISSN": ("SN",),
    "ISBN": ("SN",),
    "PMID": ("AN", "PM"),
    "PMCID": ("C2",),
    "language": ("LA",),
    "note": ("N1",),
    "abstract": ("AB", "N2"),
    "keyword": ("KW",),
}

NBIB: Mapping[str, tuple[str, ...]] = {
    "title": ("TI", "BTI"),
    "author": ("FAU", "AU", "CN"),
    "editor": ("FED", "ED"),
    "container-title": ("JT", "BTI"),
    "container-title-short": ("TA",),
    "issued": ("DP", "DEP"),
    "volume": ("VI",),
    "issue": ("IP",),
    "page": ("PG",),
    "publisher": ("PB",),
    "publisher-place": ("PL",),
    "DOI": ("LID", "AID"),
    "ISSN": ("IS",),
    "ISBN": ("ISBN",),
    "PMID": ("PMID",),
    "PMCID": ("PMC",),
    "language": ("LA",),
    "abstract": ("AB",),
    "keyword": ("OT", "MH"),
}

#: The elements of EndNote XML; authors are named after their group.
ENDNOTE: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "author": ("authors",),
    "editor": ("secondary-authors", "tertiary-authors"),
    "container-title": ("secondary-title", "full-title"),
    "container-title-short": ("abbr-1", "alt-title"),
    "collection-title": ("tertiary-title",),
    "issued": ("year",),
    "accessed": ("access-date",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages", "custom7", "section"),
    "edition": ("edition",),
    "publisher": ("publisher",),
    "publisher-place": ("pub-location",),
    "genre": ("work-type",),
    "DOI": ("electronic-resource-num",),
    "URL": ("url",),
    "ISSN": ("isbn",),
    "ISBN": ("isbn",),
    "PMID": ("accession-num",),
    "PMCID": ("custom2",),
    "language": ("language",),
    "note": ("notes", "research-notes"),
    "abstract": ("abstract",),
    "keyword": ("keyword",),
}

#: The tags of EndNote's tagged format -> the elements of its XML.
REFER_FIELDS: Mapping[str, str] = {
    "%0": "ref-type", "%A": "authors", "%B": "secondary-title", "%J": "secondary-title", "%S": "tertiary-title",
    "%T": "title", "%!": "short-title", "%O": "alt-title", "%E": "secondary-authors", "%Y": "tertiary-authors",
    "%?": "subsidiary-authors", "%D": "year", "%8": "date", "%V": "volume", "%N": "number", "%P": "pages",
    "%&": "section", "%]": "custom7", "%I": "publisher", "%C": "pub-location", "%7": "edition", "%9": "work-type",
    "%@": "isbn", "%R": "electronic-resource-num", "%U": "url", "%M": "accession-num", "%~": "remote-database-name",
    "%W": "remote-database-provider", "%2": "custom2", "%[": "access-date", "%F": "label", "%1": "label",
    "%G": "language", "%Z": "notes", "%<": "research-notes", "%X": "abstract", "%K": "keyword", "%L": "call-num",
    "%+": "auth-address",
}  # fmt: skip

ENW: Mapping[str, tuple[str, ...]] = {
    variable: tuple(tag for name in names for tag, element in REFER_FIELDS.items() if element == name)
    for variable, names in ENDNOTE.items()
}

#: BibTeX and biblatex types -> CSL types, as pandoc maps them.
BIBTEX_TYPES: Mapping[str, str] = {
    "article": "article-journal", "periodical": "periodical", "suppperiodical": "article-journal", "book": "book",
    "mvbook": "book", "collection": "book", "mvcollection": "book", "reference": "book", "mvreference": "book",
    "proceedings": "book", "mvproceedings": "book", "inbook": "chapter", "bookinbook": "chapter",
    "suppbook": "chapter", "incollection": "chapter", "suppcollection": "chapter",
    "inreference": "entry-encyclopedia", "inproceedings": "paper-conference", "conference": "paper-conference",
    "booklet": "pamphlet", "manual": "report", "report": "report", "techreport": "report", "thesis": "thesis",
    "mastersthesis": "thesis", "phdthesis": "thesis", "online": "webpage", "electronic": "webpage", "www": "webpage",
    "patent": "patent", "dataset": "dataset", "software": "software", "unpublished": "manuscript", "misc": "document",
    "audio": "song", "video": "motion_picture", "movie": "motion_picture", "image": "graphic", "artwork": "graphic",
    "legislation": "legislation", "legal": "treaty", "jurisdiction": "legal_case",
    "letter": "personal_communication", "standard": "standard", "review": "review", "commentary": "book",
    "music": "song", "performance": "performance", "xdata": "document", "set": "document",
    # Other names, and those of Mendeley.
    "webpage": "webpage", "website": "webpage", "web_page": "webpage", "generic": "document", "book_section": "chapter",
    "conference_proceedings": "paper-conference", "encyclopedia_article": "entry-encyclopedia",
    "magazine_article": "article-magazine", "newspaper_article": "article-newspaper", "working_paper": "report",
    "computer_program": "software", "film": "motion_picture", "television_broadcast": "motion_picture",
    "statute": "legislation", "bill": "legislation", "case": "legal_case",
}  # fmt: skip

RIS_TYPES: Mapping[str, str] = {
    "JOUR": "article-journal", "EJOUR": "article-journal", "JFULL": "periodical", "MGZN": "article-magazine",
    "NEWS": "article-newspaper", "BOOK": "book", "EBOOK": "book", "EDBOOK": "book", "CHAP": "chapter",
    "ECHAP": "chapter", "CONF": "paper-conference", "CPAPER": "paper-conference", "THES": "thesis", "RPRT": "report",
    "GOVDOC": "report", "ELEC": "webpage", "WEB": "webpage", "BLOG": "post-weblog", "DATA": "dataset",
    "AGGR": "dataset", "DBASE": "dataset", "COMP": "software", "PAT": "patent", "STAND": "standard",
    "UNPB": "manuscript", "INPR": "article", "STAT": "legislation", "BILL": "bill", "CASE": "legal_case",
    "HEAR": "hearing", "DICT": "entry-dictionary", "ENCYC": "entry-encyclopedia", "ABST": "article-journal",
    "SER": "book", "CLSWK": "classic", "PAMP": "pamphlet", "MPCT": "motion_picture", "VIDEO": "motion_picture",
    "SOUND": "song", "MUSIC": "musical_score", "MAP": "map", "ART": "graphic", "FIGURE": "figure", "SLIDE": "speech",
    "ICOMM": "personal_communication", "PCOMM": "personal_communication", "MANSCPT": "manuscript",
    "GRANT": "document", "GEN": "document",
}  # fmt: skip

#: EndNote's names of types in lower case -> CSL types.
ENDNOTE_TYPES: Mapping[str, str] = {
    "journal article": "article-journal", "electronic article": "article-journal",
    "magazine article": "article-magazine", "newspaper article": "article-newspaper", "book": "book",
    "edited book": "book", "electronic book": "book", "serial": "book", "book section": "chapter",
    "electronic book section": "chapter", "conference proceedings": "paper-conference",
    "conference paper": "paper-conference", "report": "report", "government document": "report", "thesis": "thesis",
    "web page": "webpage", "online multimedia": "webpage", "blog": "post-weblog", "dataset": "dataset",
    "online database": "dataset", "aggregated database": "dataset", "computer program": "software", "patent": "patent",
    "standard": "standard", "unpublished work": "manuscript", "manuscript": "manuscript", "preprint": "article",
    "statute": "legislation", "bill": "bill", "case": "legal_case", "hearing": "hearing",
    "dictionary": "entry-dictionary", "encyclopedia": "entry-encyclopedia", "pamphlet": "pamphlet", "map": "map",
    "figure": "figure", "artwork": "graphic", "audiovisual material": "motion_picture",
    "film or broadcast": "motion_picture", "classical work": "classic",
    "personal communication": "personal_communication", "ancient text": "classic", "chart or table": "figure",
    "equation": "figure", "catalog": "book", "grant": "document", "music": "musical_score", "generic": "document",
}  # fmt: skip

_TYPES_BY_FORMAT = {
    "bib": frozenset(BIBTEX_TYPES),
    "ris": frozenset(RIS_TYPES),
    "xml": frozenset(ENDNOTE_TYPES),
    "enw": frozenset(ENDNOTE_TYPES),
}

_BY_FORMAT = {"bib": BIBTEX, "ris": RIS, "nbib": NBIB, "xml": ENDNOTE, "enw": ENW}


def _format(entry: Entry) -> str:
    """Return the extension of the file of `entry`, without its dot."""
    return entry.location.file.rpartition(".")[2].lower()


def _vocabulary(entry: Entry) -> Mapping[str, tuple[str, ...]]:
    return _BY_FORMAT.get(_format(entry), {})


def written_names(entry: Entry, variable: str) -> Iterator[str]:
    """Yield the names under which the file of `entry` gives the CSL `variable`, if any, the most specific first."""
    for name in _vocabulary(entry).get(variable, (variable,)):
        if name in entry.fields:
            yield name


def is_known_type(entry: Entry) -> bool:
    """Return whether the format of `entry` has its type."""
    kind = entry.type.casefold() if _format(entry) in {"xml", "enw"} else entry.type
    return kind in _TYPES_BY_FORMAT.get(_format(entry), TYPES)


def written(entry: Entry, variable: str) -> str:
    """Return the CSL `variable` as the file of `entry` writes it, or an empty text."""
    return next((entry.fields[name] for name in written_names(entry, variable)), "")
