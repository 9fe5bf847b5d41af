"""RIS and NBIB (MEDLINE): one tagged field a line, with the line of each.

Sources: RIS format specification (Research Information Systems, 2001); NLM, "MEDLINE/PubMed Data Element (Field)
Descriptions".
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Location
from pubkit.language.folding import ascii_only
from pubkit.references.bibliography.exports import serial_numbers
from pubkit.references.bibliography.formats.bibtex_spelling import date_in_words
from pubkit.references.bibliography.formats.csl import MOST_CHARACTERS, cleaned
from pubkit.references.bibliography.formats.months import MONTHS, month_number
from pubkit.references.bibliography.formats.reading import MOST_ENTRIES, Reading, noticed, too_many, unreadable
from pubkit.references.bibliography.formats.vocabulary import NBIB, RIS, RIS_TYPES
from pubkit.references.item import Date, Item, Name
from pubkit.references.model import Entry

__all__ = ["read_nbib", "read_ris"]

_RIS_LINE = re.compile(r"\s{0,3}([A-Z][A-Z0-9])  ?-(?: (.*)|\s*)")
#: What databases write between records: Ovid a number and a link, ACM and Taylor & Francis where the export comes from.
_BETWEEN_RECORDS = re.compile(
    r"\d{1,5}\.?$|<\d{1,5}>$|https?://\S+$|Link to the .{1,60}:|(?:Provider|Database|Content|Source|Export Date)\s?:",
    re.IGNORECASE,
)
#: Tags without which something of a work is lost; those of one database alone ("NL", "XT") say nothing that is printed.
_MEANT_FOR_A_RECORD = frozenset(tag for tags in RIS.values() for tag in tags)
_NBIB_LINE = re.compile(r"([A-Z]{2,4}) {0,2}- (.*)|([A-Z]{2,4}) {0,2}-\s*")


class _Record(Struct):
    """One record: its tags in order, each with its text and line."""

    line: int
    tags: list[tuple[str, str, int]] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        return [text for name in names for tag, text, _ in self.tags if tag == name and text]

    def first(self, *names: str) -> str:
        return next(iter(self.all(*names)), "")


def read_ris(text: str, file: str) -> Reading:
    """The records of RIS `text`. A record's key is its ID, or else made from first author and year ("kruegel2016")."""
    findings: list[Finding] = []
    records = []
    for record in _records(text, _RIS_LINE, "TY", file, findings):
        if record.tags[-1][0] != "ER":
            place = Location(file, record.line, 1)
            findings.append(unreadable(place, "This record is not closed.", "End it with a line `ER  - `."))
        records.append(record)
    keys = _keys([(record.first("ID"), _ris_item(record)) for record in records])
    entries = [
        _entry(key, record.first("TY"), _ris_item(record), record, file, RIS, findings)
        for key, record in zip(keys, records, strict=True)
    ]
    return Reading(entries, findings)


def read_nbib(text: str, file: str) -> Reading:
    """Return the records of NBIB `text`, as PubMed exports it. A record's key is its PubMed number: `pmid:12345678`."""
    findings: list[Finding] = []
    entries = []
    for record in _records(text, _NBIB_LINE, "PMID", file, findings):
        item = _nbib_item(record)
        entries.append(_entry(f"pmid:{record.first('PMID')}", item.type, item, record, file, NBIB, findings))
    return Reading(entries, findings)


def _records(
    text: str, pattern: re.Pattern[str], opening: str, file: str, findings: list[Finding]
) -> Iterator[_Record]:
    record: _Record | None = None
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        found = pattern.fullmatch(line.rstrip())
        if found:
            tag = found[1] or found[found.lastindex or 1]
            value = (found[2] or "").strip()
            if tag == opening:
                if record:
                    yield record
                record = _Record(number)
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


def _stray(file: str, number: int, line: str, opening: str) -> Finding:
    message = f"This line belongs to no record: {printable(line.strip(), 60)}"
    return unreadable(Location(file, number, 1), message, f"A record begins with {opening}; each line with its tag.")


def _entry(
    key: str,
    kind: str,
    item: Item,
    record: _Record,
    file: str,
    vocabulary: Mapping[str, tuple[str, ...]],
    findings: list[Finding],
) -> Entry:
    texts: defaultdict[str, list[str]] = defaultdict(list)
    lines: dict[str, int] = {}
    for tag, text, line in record.tags:
        texts[tag].append(text)
        lines.setdefault(tag, line)
    fields = {tag: "; ".join(found) for tag, found in texts.items()}
    aliases = {variable: lines[tag] for variable, tags in vocabulary.items() for tag in reversed(tags) if tag in lines}
    place = Location(file, record.line, 1)

    entry = Entry(key, kind, item, place, fields, {**aliases, **lines})
    return replace(entry, item=cleaned(replace(item, id=key), noticed(findings, entry)))


def _keys(records: Sequence[tuple[str, Item]]) -> list[str]:
    """A key for each record: its own, or first author and year with a letter where that is taken."""
    taken = {own for own, _ in records if own}
    keys = []
    for own, item in records:
        if own:
            keys.append(own)
            continue
        first = item.author[0] if item.author else Name()
        family = ascii_only(first.family or first.literal or "anon")
        year = "" if item.year is None else str(item.year)
        stem = (re.sub(r"[^a-z0-9]", "", family.lower()) or "anon") + year
        names = [stem, *(f"{stem}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
        key = next((name for name in names if name not in taken), f"{stem}-{len(keys)}")
        taken.add(key)
        keys.append(key)
    return keys


def _ris_item(record: _Record) -> Item:
    kind = RIS_TYPES.get(record.first("TY"), "document")
    start, end = record.first("SP"), record.first("EP")
    pages = f"{start}-{end}" if start and end and end != start and "-" not in start else start
    isbn, issn = _serial_numbers(record.first("SN"), kind)
    in_pubmed = record.first("DB").casefold() in {"pubmed", "medline"} or record.first("DP").casefold() == "nlm"
    return Item(
        type=kind,
        title=record.first("TI", "T1", "CT"),
        author=_names(record, "AU", "A1"),
        editor=_names(record, "ED", "A2"),
        container_title=record.first("T2", "JO", "JF", "BT"),
        container_title_short=record.first("JA", "J2", "J1"),
        volume=record.first("VL"),
        issue=record.first("IS", "CP"),
        page=pages or _article_number(record),
        publisher=record.first("PB"),
        publisher_place=record.first("CY", "PP"),
        edition=record.first("ET"),
        doi=record.first("DO") or next((text for text in record.all("M3") if text.startswith("10.")), ""),
        url=record.first("UR"),
        isbn=isbn,
        issn=issn,
        issued=_slashed_date(record.first("DA"), record.first("PY", "Y1")) or _in_numbers(_early_access(record)),
        accessed=_in_numbers(_slashed_date(record.first("Y2"))),
        pmid=record.first("AN") if in_pubmed else "",
        pmcid=record.first("C2") if re.fullmatch(r"PMC\d+", record.first("C2")) else "",
    )


def _serial_numbers(text: str, kind: str) -> tuple[str, str]:
    """Return the ISBN and the ISSN in `text`; a number that is neither counts as the one that a work of `kind` has."""
    if any(found := serial_numbers(text)):
        return found
    return (text, "") if kind in {"book", "chapter"} else ("", text)


def _article_number(record: _Record) -> str:
    """Return the number of an article without pages: C7 in Scopus and Web of Science, M1 and AN in exports without it."""
    if number := record.first("C7"):
        return re.sub(r"^(?:article (?:no|number)?\.?|art\.?)\s*", "", number, flags=re.IGNORECASE)
    candidates = record.all("M1", "AN") if RIS_TYPES.get(record.first("TY"), "").startswith("article") else []
    return next((text for text in candidates if _ARTICLE_NUMBER.fullmatch(text)), "")


_ARTICLE_NUMBER = re.compile(r"(?:e|n|art|CD)\d{2,8}", re.IGNORECASE)


def _early_access(record: _Record) -> Date:
    """Return the date in C6, where Web of Science keeps when a work without an issue came out: "MAY 2021"."""
    return date_in_words(record.first("C6"))


def _in_numbers(date: Date | None) -> Date | None:
    """Return `date` if it is known in numbers."""
    return date if date and date.date_parts else None


def _names(record: _Record, *tags: str) -> tuple[Name, ...]:
    return tuple(_name(text) for text in record.all(*tags))


def _name(text: str) -> Name:
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 1:
        return Name(literal=parts[0])
    return Name(parts[0], parts[1], suffix=parts[2] if len(parts) > 2 else "")


def _slashed_date(*texts: str) -> Date | None:
    """RIS dates: "2016/05/17/", with parts left empty where unknown."""
    for text in texts:
        found = re.fullmatch(r"(\d{4})(?:[/-](\d{1,2})?(?:[/-](\d{1,2})?)?)?(?:/.*)?", text.strip())
        if found:
            return Date((tuple(int(part) for part in found.groups() if part),))
    return Date(literal=texts[-1]) if texts and texts[-1] else None


def _nbib_item(record: _Record) -> Item:
    book = bool(record.first("BTI"))
    chapter = book and bool(record.first("TI"))
    preprint = any("preprint" in kind.lower() for kind in record.all("PT"))
    title = record.first("TI", "BTI")
    return Item(
        type="chapter" if chapter else "book" if book else "article" if preprint else "article-journal",
        title=title[:-1] if title.endswith(".") and not title.endswith("..") else title,
        author=_nbib_people(record),
        editor=_names(record, "FED") or _names(record, "ED"),
        container_title=record.first("BTI") if chapter else record.first("JT"),
        container_title_short=record.first("TA"),
        volume=record.first("VI"),
        issue=record.first("IP"),
        page=record.first("PG"),
        publisher=record.first("PB"),
        publisher_place=record.first("PL"),
        doi=next((text[:-6] for text in record.all("LID", "AID") if text.endswith(" [doi]")), ""),
        issn=record.first("IS").split(" ")[0],
        isbn=record.first("ISBN").split(" ")[0],
        pmid=record.first("PMID"),
        pmcid=record.first("PMC"),
        issued=_medline_date(record.first("DP")),
    )


def _nbib_people(record: _Record) -> tuple[Name, ...]:
    """Authors and collective authors in their order; full names where the record has them."""
    tags = ("FAU", "CN") if record.first("FAU") else ("AU", "CN")
    return tuple(_nbib_name(tag, text) for tag, text, _ in record.tags if tag in tags and text)


def _nbib_name(tag: str, text: str) -> Name:
    if tag == "CN":
        return Name(literal=text)
    if tag == "FAU" and "," in text:
        return _name(text)
    family, _, initials = text.rpartition(" ")
    return Name(family, initials) if family else Name(text)


def _medline_date(text: str) -> Date | None:
    """MEDLINE dates: "2016 May 17", "2016 May-Jun", "2016 Winter"."""
    found = re.match(r"(\d{4})(?: ([A-Z][a-z]{2}))?(?: (\d{1,2}))?", text)
    if not found:
        return Date(literal=text) if text else None
    month = month_number(found[2]) if found[2] and found[2].lower() in MONTHS else None
    parts = (found[1], month, found[3] if month else None)
    return Date((tuple(int(part) for part in parts if part),))
