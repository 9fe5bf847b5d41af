"""Write a CSL item as a record of RIS, NBIB, EndNote's tagged format or EndNote XML, as `refs add` appends it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from xml.sax.saxutils import escape

from pubkit.references.bibliography.formats.months import MONTHS
from pubkit.references.bibliography.formats.vocabulary import ENDNOTE_TYPES, REFER_FIELDS, RIS_TYPES
from pubkit.references.item import Date, Item, Name

__all__ = ["endnote_record", "enw_record", "nbib_record", "ris_record"]

_Fields = Iterator[tuple[str, str]]
_PARTS = frozenset({"chapter", "paper-conference", "entry-encyclopedia", "entry-dictionary"})


def _first_of_each(types: Mapping[str, str]) -> Mapping[str, str]:
    """Return the first name in `types` of each type."""
    return {kind: name for name, kind in reversed([*types.items()])}


_RIS_TYPES = _first_of_each(RIS_TYPES)
_ENDNOTE_TYPES = {kind: name.title() for kind, name in _first_of_each(ENDNOTE_TYPES).items()} | {
    "paper-conference": "Conference Paper"
}
_REFER_TAGS = _first_of_each(REFER_FIELDS)
_FACES = {"i": "italic", "b": "bold", "sup": "superscript", "sub": "subscript"}


def ris_record(item: Item, key: str) -> str:
    """Return `item` as a RIS record with `key` as its ID, one field a line."""
    return "".join(f"{tag}  - {_line(text)}\n" for tag, text in _ris_fields(item, key) if text) + "ER  - \n"


def _ris_fields(item: Item, key: str) -> _Fields:
    yield "TY", _RIS_TYPES.get(item.type, "GEN")
    yield "ID", key
    yield from (("AU", _name(person)) for person in item.author)
    yield from (("ED", _name(person)) for person in item.editor)
    yield "TI", item.title
    yield "T2", item.container_title
    yield "J2", item.container_title_short
    yield "T3", item.collection_title
    yield "PY", str(item.year or "")
    yield "DA", "/".join(f"{part:02d}" for part in item.issued.start) if item.issued else ""
    yield "VL", item.volume
    yield "IS", item.issue
    start, dash, end = item.page.replace("–", "-").partition("-")
    yield "SP", start
    yield "EP", end if dash else ""
    yield "ET", item.edition
    yield "PB", item.publisher
    yield "CY", item.publisher_place
    yield "SN", item.isbn or item.issn
    yield "DO", item.doi
    yield "UR", item.url
    yield "DB", "PubMed" if item.pmid else ""
    yield "AN", item.pmid
    yield "C2", item.pmcid


def nbib_record(item: Item, _: str = "") -> str:
    """Return `item` as a MEDLINE record, one field a line. Its key is its PubMed ID, whatever other key is given."""
    return "".join(f"{tag:<4}- {_line(text)}\n" for tag, text in _nbib_fields(item) if text)


def _nbib_fields(item: Item) -> _Fields:
    book = item.type in {"book", "chapter"}
    title = item.title if item.title.endswith((".", "?", "!")) else f"{item.title}."
    yield "PMID", item.pmid
    yield "IS", item.issn
    yield "ISBN", item.isbn
    yield "VI", item.volume
    yield "IP", item.issue
    yield "DP", _medline_date(item.issued)
    yield "BTI" if item.type == "book" else "TI", title
    yield "PG", item.page
    yield "LID", f"{item.doi} [doi]" if item.doi else ""
    yield from (("FAU" if person.family else "CN", _name(person)) for person in item.author)
    yield from (("FED", _name(person)) for person in item.editor)
    yield "PT", "Preprint" if item.type == "article" else "" if book else "Journal Article"
    yield "PB", item.publisher
    yield "PL", item.publisher_place
    yield "TA", item.container_title_short
    yield "BTI" if book else "JT", item.container_title
    yield "PMC", item.pmcid


def _medline_date(date: Date | None) -> str:
    """Return the date as MEDLINE writes it: "2016 May 17"."""
    year, month, day = [*(date.start if date else ()), 0, 0, 0][:3]
    parts = (str(year) if year else "", MONTHS[month - 1].capitalize() if month else "", str(day) if day else "")
    return " ".join(filter(None, parts))


def enw_record(item: Item, key: str) -> str:
    """Return `item` as a record of EndNote's tagged format with `key` as its label, one field a line."""
    journal = {} if item.type in _PARTS | {"book", "report"} else {"secondary-title": "%J"}
    tags = {**_REFER_TAGS, **journal}
    return "".join(f"{tags[name]} {_line(text)}\n" for name, text in _endnote_fields(item, key) if text)


def endnote_record(item: Item, key: str) -> str:
    """Return `item` as a <record> of EndNote XML with `key` as its label, on one line."""
    fields: defaultdict[str, list[str]] = defaultdict(list)
    for name, text in _endnote_fields(item, key):
        if text:
            fields[name].append(_styled(text))
    (kind,) = fields.pop("ref-type")
    people = "".join(_group(name, _elements("author", fields.pop(name, []))) for name in _PEOPLE)
    titles = "".join(_elements(name, fields.pop(name, [])) for name in _TITLES)
    dates = _elements("year", fields.pop("year", [])) + _group("pub-dates", _elements("date", fields.pop("date", [])))
    urls = _group("related-urls", _elements("url", fields.pop("url", [])))
    groups = {"contributors": people, "titles": titles, "dates": dates, "urls": urls}
    body = "".join(_group(name, content) for name, content in groups.items())
    rest = "".join(_elements(name, texts) for name, texts in fields.items())
    return f'<record><ref-type name="{kind}">{_NUMBERS.get(kind, 13)}</ref-type>{body}{rest}</record>'


#: EndNote's numbers of its types; it reads the name, and other programs the number.
_NUMBERS = {
    "Journal Article": 17, "Book": 6, "Book Section": 5, "Conference Paper": 47, "Report": 27, "Thesis": 32,
    "Unpublished Work": 34, "Dataset": 59,
}  # fmt: skip
_PEOPLE = ("authors", "secondary-authors")
_TITLES = ("title", "secondary-title", "tertiary-title", "alt-title")


def _elements(name: str, texts: Iterable[str]) -> str:
    return "".join(f"<{name}>{text}</{name}>" for text in texts)


def _group(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>" if content else ""


def _endnote_fields(item: Item, key: str) -> _Fields:
    yield "ref-type", _ENDNOTE_TYPES.get(item.type, "Generic")
    # EndNote splits a name that has no comma.
    yield from (("authors", _name(person) if person.family else f"{_name(person)},") for person in item.author)
    yield from (("secondary-authors", _name(person)) for person in item.editor)
    yield "title", item.title
    yield "secondary-title", item.container_title or ("" if item.type in _PARTS else item.collection_title)
    yield "alt-title", item.container_title_short
    yield "tertiary-title", item.collection_title if item.type in _PARTS else ""
    yield "volume", item.volume
    yield "number", item.issue or item.number
    yield "pages", item.page or item.number_of_pages
    yield "year", str(item.year or "")
    whole = item.issued and len(item.issued.start) > 1
    yield "date", "/".join(f"{part:02d}" for part in item.issued.start) if item.issued and whole else ""
    yield "pub-location", item.publisher_place
    yield "publisher", item.publisher
    yield "edition", item.edition
    yield "isbn", item.isbn or item.issn
    yield "electronic-resource-num", item.doi
    yield "url", item.url
    yield "accession-num", item.pmid
    yield "remote-database-name", "PubMed" if item.pmid else ""
    yield "custom2", item.pmcid
    yield "label", key


def _name(person: Name) -> str:
    """Return "Family, Given, Suffix", with particles before the family name; a group's name as it is."""
    family = " ".join(filter(None, (person.dropping_particle, person.non_dropping_particle, person.family)))
    return ", ".join(filter(None, (family, person.given, person.suffix))) or person.literal


def _line(text: str) -> str:
    return " ".join(text.split())


def _styled(text: str) -> str:
    """Return `text` as the content of an XML element; CSL's markup becomes EndNote's faces."""
    written = escape(_line(text))
    for tag, face in _FACES.items():
        written = written.replace(f"&lt;{tag}&gt;", f'<style face="{face}">').replace(f"&lt;/{tag}&gt;", "</style>")
    return written
