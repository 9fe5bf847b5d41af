"""Read EndNote's two exports: XML, and the tagged format of refer (.enw), which Google Scholar and publishers offer too.

Both name the same generic fields; the tags of the tagged format are mapped to the elements of the XML. What a generic field
means depends on the type of the record: the secondary title of an article is its journal, that of a book its series.

Sources: EndNote's help, "Tagged format" and "XML format"; refer(1).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pubkit.boundary.files import printable, refusal
from pubkit.boundary.rules import SRC012
from pubkit.boundary.xml import Element, NotXml, document
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.references.bibliography.exports import dois
from pubkit.references.bibliography.formats.csl import MOST_CHARACTERS
from pubkit.references.bibliography.formats.languages import language_in
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.formats.reading import MOST_ENTRIES, Reading, too_many, unreadable
from pubkit.references.bibliography.formats.records import (
    Record,
    day_of_access,
    entry_of,
    in_numbers,
    people_of,
    serial_numbers_of,
    slashed_date,
    with_keys,
)
from pubkit.references.bibliography.formats.vocabulary import ENDNOTE, ENDNOTE_TYPES, ENW, REFER_FIELDS
from pubkit.references.item import Date, Item, Name

__all__ = ["read_endnote_xml", "read_enw"]

_LINE = expression(r"%(\S)(?: (.*))?")
_LABEL = expression(r"(?=\S*[A-Za-z])(?=\S*\d)[\w:.+-]+")
_FACES = (("italic", "i"), ("bold", "b"), ("superscript", "sup"), ("subscript", "sub"))
#: Elements that describe the library, not the work.
_OF_THE_LIBRARY = frozenset(
    {"database", "source-app", "rec-number", "foreign-keys", "pdf-urls", "text-urls", "image-urls"}
)
_GROUPS = frozenset({"contributors", "titles", "periodical", "dates", "pub-dates", "urls", "web-urls", "related-urls"})
_REPEATED = frozenset({"author", "keyword"})
_PARTS = frozenset({"chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary"})


def read_enw(text: str, file: str) -> Reading:
    """Return the records of tagged `text`; a record's key is its label (%F), or else first author and year."""
    findings: list[Finding] = []
    return _reading(list(_tagged_records(text, file, findings)), _generic, ENW, findings)


def read_endnote_xml(text: str, file: str) -> Reading:
    """Return the records of EndNote XML `text`; a record's key is its label, or else first author and year.

    Raises:
        InputRefused: it has a document type or entities, or nests deeper than any record does.
    """
    findings: list[Finding] = []
    try:
        # The text has been decoded, so the encoding that the file declares no longer applies.
        root = document(re.sub(r"\A\s*<\?xml[^<>]*\?>", "", text).encode())
    except NotXml as error:
        reason = printable(str(error))
        if "document type" in reason:
            remedy = "Export the references again; EndNote itself writes none."
            raise refusal(SRC012, f"This XML is not accepted: {reason}.", remedy, Location(file, 1, 1)) from None
        findings.append(unreadable(Location(file, 1, 1), f"This is not valid XML: {reason}.", "Export the file again."))
        return Reading([], findings)
    elements = [one for one in root.iter("record") if one.find("record") is None]
    if not elements and root.find("records") is None:
        message = f"This is not EndNote XML: it contains <{printable(str(root.tag), 40)}>, and no records."
        remedy = "Export the references from EndNote as XML, or as RIS or BibTeX."
        findings.append(unreadable(Location(file, 1, 1), message, remedy))
    if len(elements) > MOST_ENTRIES:
        raise too_many(file)
    places = _places(text, file)
    return _reading([_xml_record(one, next(places)) for one in elements], lambda record: record, ENDNOTE, findings)


def _reading(
    records: list[Record],
    generic: Callable[[Record], Record],
    vocabulary: Mapping[str, tuple[str, ...]],
    findings: list[Finding],
) -> Reading:
    """Return the entries of `records`; `generic` gives a record with EndNote's names of its fields."""
    named = [generic(record) for record in records]
    items = [_item(record) for record in named]
    keys = with_keys(_labels(named), items)
    entries = [
        entry_of(key, record.first("ref-type"), item, written, vocabulary, findings)
        for key, item, record, written in zip(keys, items, named, records, strict=True)
    ]
    return Reading(entries, findings)


def _labels(records: list[Record]) -> list[str]:
    """Return the label of each record that serves as a key: a word with letters and digits that no other record has."""
    labels = [record.first("label") for record in records]
    used = Counter(labels)
    return [label if _LABEL.fullmatch(label) and used[label] == 1 else "" for label in labels]


# ------------------------------------------------------------------------------------------------------------- tagged


def _tagged_records(text: str, file: str, findings: list[Finding]) -> Iterator[Record]:
    record: Record | None = None
    count = 0
    for number, line in enumerate(text.split("\n"), 1):
        found = _LINE.fullmatch(line.rstrip())
        if found and (found[1] == "0" or record is None):
            if record:
                yield record
            record = Record(Location(file, number, 1))
            count += 1
            if count > MOST_ENTRIES:
                raise too_many(file)
        if found and record:
            record.tags.append((f"%{found[1]}", (found[2] or "").strip(), number))
        elif line.strip() and record:
            tag, value, start = record.tags[-1]
            if len(value) <= MOST_CHARACTERS:
                record.tags[-1] = (tag, f"{value} {line.strip()}".strip(), start)
        elif line.strip():
            message = f"This line belongs to no record: {printable(line.strip(), 60)}"
            remedy = "A record begins with %0; each line with its tag."
            findings.append(unreadable(Location(file, number, 1), message, remedy))
    if record:
        yield record


def _generic(record: Record) -> Record:
    """Return a tagged record with the field names of EndNote XML."""
    return Record(record.place, [(REFER_FIELDS.get(tag, tag), text, line) for tag, text, line in record.tags])


# ---------------------------------------------------------------------------------------------------------------- XML


def _places(text: str, file: str) -> Iterator[Location]:
    """Yield the place of each record in `text`; EndNote writes all of them in one line."""
    line, start = 1, 0
    for found in re.finditer(r"<record[\s>]", text):
        line += text.count("\n", start, found.start())
        start = found.start()
        yield Location(file, line, start - text.rfind("\n", 0, start))
    while True:
        yield Location(file, line, 1)


def _xml_record(element: Element, place: Location) -> Record:
    return Record(place, [*_fields(element)])


def _fields(element: Element) -> Iterator[tuple[str, str, int]]:
    """Yield name, text and line of each field below `element`; an author has the name of the group: "secondary-authors"."""
    for child in element:
        name = str(child.tag)
        if name in _OF_THE_LIBRARY:
            continue
        if name == "ref-type":
            yield name, child.get("name") or (child.text or "").strip(), _line(child)
        elif name in _GROUPS:
            yield from _fields(child)
        elif name == "alt-periodical":
            yield from (("alt-title", text, line) for _, text, line in _fields(child))
        elif len(child) and child[0].tag in _REPEATED:
            tag = "keyword" if name == "keywords" else name
            yield from ((tag, _styled(one), _line(one)) for one in child)
        else:
            yield name, _styled(child), _line(child)


def _line(element: Element) -> int:
    line: Any = element.sourceline
    return int(line or 0)


def _styled(element: Element) -> str:
    """Return the text of a field with CSL's markup for the faces of its parts; the face of a whole field is dropped."""
    parts = [(element.text or "", "")]
    for style in element:
        parts += [("".join(map(str, style.itertext())), style.get("face") or ""), (style.tail or "", "")]
    written = [(text, face) for text, face in parts if text.strip()]
    if len(written) <= 1:
        return " ".join("".join(text for text, _ in parts).split())
    return " ".join("".join(_marked(text, face) for text, face in parts).split())


def _marked(text: str, face: str) -> str:
    for name, tag in _FACES:
        if name in face and text.strip():
            text = f"<{tag}>{text}</{tag}>"
    return text


# --------------------------------------------------------------------------------------------------------------- items


def _item(record: Record) -> Item:
    kind = ENDNOTE_TYPES.get(record.first("ref-type").casefold(), "document")
    isbn, issn = serial_numbers_of(record.first("isbn"), kind)
    article, part = kind.startswith("article"), kind in _PARTS
    container, series = _titles(record, kind)
    author, editor = _author_and_editor(record, kind)
    return Item(
        type=kind,
        title=record.first("title"),
        author=author,
        editor=editor,
        container_title=container,
        container_title_short=record.first("abbr-1", "alt-title") if article else "",
        collection_title=series,
        # EndNote keeps the degree of a thesis there.
        volume="" if kind == "thesis" else record.first("volume"),
        issue=record.first("number", "issue") if article else "",
        number=record.first("number") if kind == "report" else "",
        page=_pages(record) if article or part else "",
        number_of_pages="" if article or part else record.first("pages"),
        publisher=record.first("publisher"),
        publisher_place=record.first("pub-location"),
        edition="" if article else record.first("edition"),
        genre=record.first("work-type") if kind in {"thesis", "report"} else "",
        doi=_doi(record),
        url=next((text for text in record.all("url") if re.match(r"https?:|www\.", text, re.IGNORECASE)), ""),
        isbn=isbn,
        issn=issn,
        issued=_issued(record),
        accessed=day_of_access(record.first("access-date")),
        language=language_in(record.all("language")),
        pmid=_pmid(record),
        pmcid=next((text for text in record.all("custom2") if re.fullmatch(r"PMC\d+", text)), ""),
    )


def _titles(record: Record, kind: str) -> tuple[str, str]:
    """Return the title of the journal or book that contains the work, and that of its series."""
    second, third = record.first("secondary-title", "full-title"), record.first("tertiary-title")
    if kind in {"book", "report", "thesis"}:
        return "", second or third
    if kind in _PARTS:
        return second or third, third if second else ""
    return second, ""


def _author_and_editor(record: Record, kind: str) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """Return authors and editors; EndNote's "authors" of an edited book are its editors."""
    people = _people(record, "authors")
    if record.first("ref-type").casefold() == "edited book":
        return (), people
    return people, _people(record, "secondary-authors", "tertiary-authors") if kind in _PARTS else ()


def _people(record: Record, *tags: str) -> tuple[Name, ...]:
    """Return the people of the first tag in `tags` that has any."""
    return people_of(next(filter(None, map(record.all, tags)), []))


def _pages(record: Record) -> str:
    """Return the pages or, without them, an article's number or its first page."""
    pages = next((text for text in reversed(record.all("pages")) if re.search(r"\d", text)), "")
    return pages or record.first("custom7", "section")


def _doi(record: Record) -> str:
    """Return the DOI field, or an empty text if it contains another kind of number."""
    return next((text for text in record.all("electronic-resource-num") if "10." in text or dois(text)), "")


def _pmid(record: Record) -> str:
    """Return the accession number of a PubMed or MEDLINE record."""
    source = record.first("remote-database-name").casefold(), record.first("remote-database-provider").casefold()
    number = record.first("accession-num")
    medline = source[0] in {"medline", "pubmed"} or source[1] in {"nlm", "pubmed"}
    return number if medline and re.fullmatch(r"\d{1,8}", number) else ""


def _issued(record: Record) -> Date | None:
    """Return the year with the month and day of the date: "2016/05/17", "Sep 18", "17 May", "2003-12-31"."""
    year, date = record.first("year"), record.first("date")
    if not re.fullmatch(r"\d{4}", year):
        return slashed_date(date, year)
    whole = in_numbers(slashed_date(date))
    if whole:
        return whole if whole.year == int(year) else Date(((int(year),),))
    words = re.findall(r"[^\W\d_]+|\d+", re.sub(rf"\b{year}\b", " ", date))
    month = next((number for word in words if word.isalpha() and (number := month_number(word))), None)
    day = next((int(word) for word in words if word.isdigit() and 1 <= int(word) <= 31), None)
    single = len([word for word in words if word.isalpha()]) == 1
    return Date((tuple(filter(None, (int(year), month if single else None, day if month and single else None))),))
