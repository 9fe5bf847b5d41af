"""Read RIS and NBIB (MEDLINE), which have one tagged field a line, with the line of each.

Sources: RIS format specification (Research Information Systems, 2001); NLM, "MEDLINE/PubMed Data Element (Field)
Descriptions".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.references.bibliography.formats.bibtex_spelling import date_in_words
from pubkit.references.bibliography.formats.csl import MOST_CHARACTERS
from pubkit.references.bibliography.formats.languages import language_in
from pubkit.references.bibliography.formats.months import MONTHS, month_number
from pubkit.references.bibliography.formats.reading import MOST_ENTRIES, Reading, too_many, unreadable
from pubkit.references.bibliography.formats.records import (
    Record,
    day_of_access,
    entry_of,
    in_numbers,
    name_of,
    name_of_index,
    people_of,
    serial_numbers_of,
    slashed_date,
    with_keys,
)
from pubkit.references.bibliography.formats.vocabulary import NBIB, RIS, RIS_TYPES
from pubkit.references.item import Date, Item, Name

__all__ = ["read_nbib", "read_ris"]

_RIS_LINE = expression(r"\s{0,3}([A-Z][A-Z0-9])  ?-(?: (.*)|\s*)")
#: What databases write between records: Ovid and Cochrane a number, Ovid a link, ACM and Taylor & Francis their own name.
_BETWEEN_RECORDS = expression(
    r"\d{1,5}\.?$|<\d{1,5}>$|https?://\S+$|Link to the .{1,60}:|Record #\d{1,6} of \d{1,6}$|"
    r"(?:Provider|Database|Content|Source|Export Date)\s?:",
    re.IGNORECASE,
)
#: Tags that describe a work; those that only one database uses ("NL", "XT") contain nothing that is printed.
_MEANT_FOR_A_RECORD = frozenset(tag for tags in RIS.values() for tag in tags)
#: A tag with its text that Rayyan leaves on the line of another.
_TAG_BEHIND = expression(r"\s{3,}(?=[A-Z][A-Z0-9]  - )")
_NBIB_LINE = expression(r"([A-Z]{2,4}) {0,2}- (.*)|([A-Z]{2,4}) {0,2}-\s*")


def read_ris(text: str, file: str) -> Reading:
    """Return the records of RIS `text`; a record's key is its ID, or else first author and year ("kruegel2016")."""
    findings: list[Finding] = []
    records = []
    for record in _records(text, _RIS_LINE, "TY", file, findings):
        if record.tags[-1][0] != "ER":
            findings.append(unreadable(record.place, "This record is not closed.", "End it with a line `ER  - `."))
        records.append(record)
    items = [_ris_item(record) for record in records]
    keys = with_keys([record.first("ID") for record in records], items)
    entries = [
        entry_of(key, record.first("TY"), item, record, RIS, findings)
        for key, item, record in zip(keys, items, records, strict=True)
    ]
    return Reading(entries, findings)


def read_nbib(text: str, file: str) -> Reading:
    """Return the records of NBIB `text`, as PubMed exports it; a record's key is its PubMed ID: `pmid:12345678`."""
    findings: list[Finding] = []
    entries = []
    for record in _records(text, _NBIB_LINE, "PMID", file, findings):
        item = _nbib_item(record)
        entries.append(entry_of(f"pmid:{record.first('PMID')}", item.type, item, record, NBIB, findings))
    return Reading(entries, findings)


def _records(text: str, pattern: re.Pattern[str], opening: str, file: str, findings: list[Finding]) -> Iterator[Record]:
    record: Record | None = None
    count = 0
    for number, line in _lines(text, pattern):
        found = pattern.fullmatch(line.rstrip())
        if found:
            tag = found[1] or found[found.lastindex or 1]
            value = (found[2] or "").strip()
            if tag == opening:
                if record:
                    yield record
                record = Record(Location(file, number, 1))
                count += 1
                if count > MOST_ENTRIES:
                    raise too_many(file)
            if record is None:
                if tag in _MEANT_FOR_A_RECORD or pattern is not _RIS_LINE:
                    findings.append(_stray(file, number, line, opening))
                continue
            record.tags.append((tag, value, number))
            if tag == "ER":
                yield record
                record = None
        elif line.strip():
            if record and record.tags and (line[0].isspace() or pattern is _RIS_LINE):
                tag, value, start = record.tags[-1]
                if len(value) <= MOST_CHARACTERS:
                    record.tags[-1] = (tag, f"{value} {line.strip()}".strip(), start)
            elif not _BETWEEN_RECORDS.match(line.strip()):
                findings.append(_stray(file, number, line, opening))
    if record:
        yield record


def _lines(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.split("\n"), 1):
        for part in _TAG_BEHIND.split(line) if pattern is _RIS_LINE and pattern.match(line) else (line,):
            yield number, part


def _stray(file: str, number: int, line: str, opening: str) -> Finding:
    message = f"This line belongs to no record: {printable(line.strip(), 60)}"
    return unreadable(
        Location(file, number, 1), message, f"A record begins with {opening}, and each line with its tag."
    )


def _ris_item(record: Record) -> Item:
    kind = RIS_TYPES.get(record.first("TY"), "document")
    start, end = record.first("SP"), record.first("EP")
    pages = f"{start}-{end}" if start and end and end != start and "-" not in start else start
    isbn, issn = serial_numbers_of(record.first("SN"), kind)
    # Ovid gives the address of a trial's registration in place of its journal.
    address = next((text for text in record.all("JA") if re.match(r"https?://", text)), "")
    short = "" if address else record.first("JA", "J2", "J1")
    if kind == "webpage" and short and record.first("VL"):
        kind = "article-journal"
    if kind == "book" and end and record.first("T2"):  # Scopus names a chapter by the series of its book
        kind = "chapter"
    in_pubmed = record.first("DB").casefold() in {"pubmed", "medline"} or record.first("DP").casefold() == "nlm"
    return Item(
        type=kind,
        title=record.first("TI", "T1", "CT"),
        author=_names(record, "AU", "A1"),
        editor=_editors(record, kind),
        container_title=record.first("T2", "JO", "JF", "BT") or short,
        container_title_short=short,
        collection_title="" if kind.startswith("article") else record.first("T3"),
        volume=record.first("VL"),
        issue=record.first("IS", "CP"),
        page=pages or _article_number(record),
        publisher=record.first("PB"),
        publisher_place=record.first("CY", "PP"),
        edition=record.first("ET"),
        genre=_genre(record, kind),
        number="" if any((isbn, issn)) or kind != "report" else record.first("SN"),
        doi=record.first("DO") or next((text for text in record.all("M3") if text.startswith("10.")), ""),
        url=record.first("UR") or address,
        isbn=isbn,
        issn=issn,
        issued=slashed_date(record.first("DA"), record.first("PY", "Y1")) or in_numbers(_early_access(record)),
        accessed=day_of_access(record.first("Y2")),
        language=language_in(record.all("LA")),
        pmid=record.first("AN") if in_pubmed else "",
        pmcid=record.first("C2") if re.fullmatch(r"PMC\d+", record.first("C2")) else "",
    )


def _genre(record: Record, kind: str) -> str:
    """Return what kind of thesis or report a record is of: "PhD thesis" in M3, where others have a DOI."""
    said = record.first("M3")
    return said if kind in {"thesis", "report"} and not said.startswith("10.") else ""


def _editors(record: Record, kind: str) -> tuple[Name, ...]:
    """Return the editors of a book or its part; in A2, PsycINFO lists the family names of all authors that a work cites."""
    if kind.startswith("article"):
        return _names(record, "ED")
    return people_of([text for text in record.all("ED", "A2") if text.count(",") < 3])


def _article_number(record: Record) -> str:
    """Return the number of an article without pages: C7 in Scopus and Web of Science, M1 and AN in exports without it."""
    if number := record.first("C7"):
        return re.sub(r"^(?:article (?:no|number)?\.?|art\.?)\s*", "", number, flags=re.IGNORECASE)
    candidates = record.all("M1", "AN") if RIS_TYPES.get(record.first("TY"), "").startswith("article") else []
    return next((text for text in candidates if _ARTICLE_NUMBER.fullmatch(text)), "")


def _number_beside_doi(record: Record) -> str:
    """Return the number of an article without pages in a volume, which PubMed has as the publisher's own: "E51 [pii]"."""
    numbers = (text.removesuffix(" [pii]") for text in record.all("LID", "AID") if text.endswith(" [pii]"))
    return next((one for one in numbers if record.first("VI") and _PUBLISHERS_NUMBER.fullmatch(one)), "")


_PUBLISHERS_NUMBER = expression(r"[Ee]?\d{1,7}")
_ARTICLE_NUMBER = expression(r"(?:e|n|art|CD)\d{2,8}", re.IGNORECASE)


def _early_access(record: Record) -> Date:
    """Return the date in C6, in which Web of Science gives the early access of a work without an issue: "MAY 2021"."""
    return date_in_words(record.first("C6"))


def _names(record: Record, *tags: str) -> tuple[Name, ...]:
    return people_of(record.all(*tags))


def _nbib_item(record: Record) -> Item:
    book = bool(record.first("BTI"))
    chapter = book and bool(record.first("TI"))
    preprint = any("preprint" in kind.lower() for kind in record.all("PT"))
    title = record.first("TI", "BTI")
    return Item(
        type="chapter" if chapter else "book" if book else "article" if preprint else "article-journal",
        title=title[:-1] if title.endswith(".") and not title.endswith("..") else title,
        author=_nbib_people(record),
        editor=_names(record, "FED") or _names(record, "ED"),
        container_title=record.first("BTI") if chapter else record.first("JT", "TA"),
        container_title_short=record.first("TA"),
        volume=record.first("VI"),
        issue=record.first("IP"),
        page=record.first("PG") or _number_beside_doi(record),
        publisher=record.first("PB"),
        publisher_place=record.first("PL"),
        doi=next((text[:-6] for text in record.all("LID", "AID") if text.endswith(" [doi]")), ""),
        issn=record.first("IS").split(" ")[0],
        isbn=record.first("ISBN").split(" ")[0],
        # A title in brackets is the translation into English.
        language="" if title.startswith("[") else language_in(record.all("LA")),
        pmid=record.first("PMID"),
        pmcid=record.first("PMC"),
        issued=_medline_date(record.first("DP")),
    )


def _nbib_people(record: Record) -> tuple[Name, ...]:
    """Return authors and collective authors in order, with full names if the record has them."""
    tags = ("FAU", "CN") if record.first("FAU") else ("AU", "CN")
    return tuple(_nbib_name(tag, text) for tag, text, _ in record.tags if tag in tags and text)


def _nbib_name(tag: str, text: str) -> Name:
    if tag == "CN":
        return Name(literal=text)
    if tag == "FAU" and "," in text:
        return name_of(text)
    return name_of_index(text)


def _medline_date(text: str) -> Date | None:
    """Return the date in MEDLINE's form: "2016 May 17", "2016 May-Jun", "2016 Winter"."""
    found = _MEDLINE.match(text)
    if not found:
        return Date(literal=text) if text else None
    year, month, last = int(found["year"]), _month(found["month"]), _month(found["last"])
    if season := _SEASONS.get(found["month"] or ""):
        return Date(((year,),), season=season)
    if month and last:
        return Date(((year, month), (int(found["until"] or year), last)))
    parts = (year, month, int(found["day"]) if month and found["day"] else None)
    return Date((tuple(part for part in parts if part),))


def _month(name: str | None) -> int | None:
    return month_number(name) if name and name.lower() in MONTHS else None


_MEDLINE = expression(
    r"(?P<year>\d{4})(?: (?P<month>[A-Z][a-z]+))?(?: (?P<day>\d{1,2}))?(?:-(?:(?P<until>\d{4}) )?(?P<last>[A-Z][a-z]{2})\b)?"
)
_SEASONS = {"Spring": 1, "Summer": 2, "Autumn": 3, "Fall": 3, "Winter": 4}
