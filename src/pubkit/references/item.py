"""CSL items as values: what is cited, in the terms of the Citation Style Language.

Attributes have CSL's names with underscores: "container-title" is `container_title`, "DOI" is `doi`. The specification says
what each variable means: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables. Encoded as JSON
(`msgspec.json.encode(item)`), an item is CSL-JSON as citeproc reads it; variables without a value are left out.

>>> item = Item(id="okafor2020", type="article-journal", doi="10.1000/x", issued=Date(((2020, 5),)))
>>> item.year, msgspec.json.encode(item)
(2020, b'{"id":"okafor2020","type":"article-journal","DOI":"10.1000/x","issued":{"date-parts":[[2020,5]]}}')

Sources: CSL 1.0.2 specification, appendix IV (variables); the CSL-JSON schema for names, dates and the two older spellings
"shortTitle" and "journalAbbreviation".
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct, structs

__all__ = ["DATES", "NAMES", "TEXTS", "Date", "Item", "Name", "as_json"]

_CAPITALS = ("doi", "isbn", "issn", "pmcid", "pmid", "url")
_OTHER_SPELLINGS = {
    "archive_collection": "archive_collection",
    "archive_location": "archive_location",
    "journal_abbreviation": "journalAbbreviation",
    "short_title": "shortTitle",
}


def _csl_name(attribute: str) -> str:
    """Return CSL's name of the variable of `attribute`."""
    if attribute in _CAPITALS:
        return attribute.upper()
    return _OTHER_SPELLINGS.get(attribute, attribute.replace("_", "-"))


class Name(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename="kebab"):
    """A person or an organisation.

    A person has `family` and `given`, with separate particles and suffix ("van der" drops in a sorted list, "Jr." follows).
    An organisation, or a person whose name has no such parts, has `literal`. The three marks are CSL-JSON's, or None.
    """

    family: str = ""
    given: str = ""
    dropping_particle: str = ""
    non_dropping_particle: str = ""
    suffix: str = ""
    literal: str = ""
    comma_suffix: bool | None = None
    static_ordering: bool | None = None
    parse_names: bool | None = None

    def __bool__(self) -> bool:
        """Return whether there is any part of a name."""
        return bool(self.family or self.given or self.literal or self._rest)

    @property
    def _rest(self) -> str:
        return self.dropping_particle or self.non_dropping_particle or self.suffix


class Date(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename="kebab"):
    """A day, month or year, or a range between two.

    `date_parts` has one or two of (year, month, day), without month or day if they are not known; a year BC is negative.
    `literal` is a date in words; CSL-JSON's "raw" is read into one of the two when it comes in. `season` is 1 to 4, from
    spring on; `circa` says that the date is approximate.
    """

    date_parts: tuple[tuple[int, ...], ...] = ()
    literal: str = ""
    season: int | None = None
    circa: bool = False

    def __bool__(self) -> bool:
        """Return whether the date says anything."""
        return bool(self.date_parts or self.literal or self.season)

    @property
    def start(self) -> tuple[int, ...]:
        """Return the first date as (year, month, day), as far as it is known in numbers; empty if it is not."""
        return self.date_parts[0] if self.date_parts else ()

    @property
    def year(self) -> int | None:
        """Return the year of the first date, or None if it is not known as a number."""
        return self.start[0] if self.start else None


class Item(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True, rename=_csl_name):
    """One cited work. What its description lacks is an empty text, an empty list of names, or None for a date.

    Texts may contain CSL's rich text (<i>, <b>, <sup>, <sub>, <span class="nocase">). Numbers are texts too ("12-14", "S2").
    Readers leave out what CSL 1.0.2 does not know, and keep every field as it was written in `Entry.fields`.
    """

    id: str = ""
    type: str = ""

    abstract: str = ""
    annote: str = ""
    archive: str = ""
    archive_place: str = ""
    archive_collection: str = ""
    archive_location: str = ""
    authority: str = ""
    call_number: str = ""
    citation_key: str = ""
    citation_label: str = ""
    collection_title: str = ""
    container_title: str = ""
    container_title_short: str = ""
    dimensions: str = ""
    division: str = ""
    doi: str = ""
    event: str = ""
    event_place: str = ""
    event_title: str = ""
    genre: str = ""
    isbn: str = ""
    issn: str = ""
    journal_abbreviation: str = ""
    jurisdiction: str = ""
    keyword: str = ""
    language: str = ""
    license: str = ""
    medium: str = ""
    note: str = ""
    original_publisher: str = ""
    original_publisher_place: str = ""
    original_title: str = ""
    part_title: str = ""
    pmcid: str = ""
    pmid: str = ""
    publisher: str = ""
    publisher_place: str = ""
    references: str = ""
    reviewed_genre: str = ""
    reviewed_title: str = ""
    scale: str = ""
    short_title: str = ""
    source: str = ""
    status: str = ""
    title: str = ""
    title_short: str = ""
    url: str = ""
    volume_title: str = ""
    volume_title_short: str = ""
    year_suffix: str = ""

    chapter_number: str = ""
    citation_number: str = ""
    collection_number: str = ""
    edition: str = ""
    first_reference_note_number: str = ""
    issue: str = ""
    locator: str = ""
    number: str = ""
    number_of_pages: str = ""
    number_of_volumes: str = ""
    page: str = ""
    page_first: str = ""
    part: str = ""
    part_number: str = ""
    printing_number: str = ""
    section: str = ""
    supplement_number: str = ""
    version: str = ""
    volume: str = ""

    accessed: Date | None = None
    available_date: Date | None = None
    event_date: Date | None = None
    issued: Date | None = None
    original_date: Date | None = None
    submitted: Date | None = None

    author: tuple[Name, ...] = ()
    chair: tuple[Name, ...] = ()
    collection_editor: tuple[Name, ...] = ()
    compiler: tuple[Name, ...] = ()
    composer: tuple[Name, ...] = ()
    container_author: tuple[Name, ...] = ()
    contributor: tuple[Name, ...] = ()
    curator: tuple[Name, ...] = ()
    director: tuple[Name, ...] = ()
    editor: tuple[Name, ...] = ()
    editor_translator: tuple[Name, ...] = ()
    editorial_director: tuple[Name, ...] = ()
    executive_producer: tuple[Name, ...] = ()
    guest: tuple[Name, ...] = ()
    host: tuple[Name, ...] = ()
    illustrator: tuple[Name, ...] = ()
    interviewer: tuple[Name, ...] = ()
    narrator: tuple[Name, ...] = ()
    organizer: tuple[Name, ...] = ()
    original_author: tuple[Name, ...] = ()
    performer: tuple[Name, ...] = ()
    producer: tuple[Name, ...] = ()
    recipient: tuple[Name, ...] = ()
    reviewed_author: tuple[Name, ...] = ()
    script_writer: tuple[Name, ...] = ()
    series_creator: tuple[Name, ...] = ()
    translator: tuple[Name, ...] = ()

    @property
    def year(self) -> int | None:
        """Return the year of issue, or None if it is not known as a number."""
        return self.issued.year if self.issued else None

    @property
    def published(self) -> tuple[Date, ...]:
        """Return every date on which the work came out, the cited one first."""
        return (self.issued,) if self.issued else ()

    def has(self, variable: str) -> bool:
        """Return whether the item has the variable that CSL calls `variable`."""
        return bool(getattr(self, _ATTRIBUTES.get(variable, ""), None))

    def text(self, variable: str) -> str:
        """Return the text or number that CSL calls `variable`, or an empty text."""
        return str(getattr(self, _ATTRIBUTES[variable])) if variable in TEXTS else ""


_ATTRIBUTES: Mapping[str, str] = {field.encode_name: field.name for field in structs.fields(Item)}


def _variables(kind: object) -> Mapping[str, str]:
    return {field.encode_name: field.name for field in structs.fields(Item) if field.type == kind}


#: CSL's names of the variables that contain names, and the attribute of each.
NAMES = _variables(tuple[Name, ...])
#: CSL's names of the variables that contain dates, and the attribute of each.
DATES = _variables(Date | None)
#: CSL's names of the variables that contain text or numbers, and the attribute of each.
TEXTS = {name: attribute for name, attribute in _variables(str).items() if name not in {"id", "type"}}


def as_json(item: Item) -> Mapping[str, object]:
    """Return `item` as CSL-JSON, for programs that read it."""
    encoded: Mapping[str, object] = msgspec.to_builtins(item)
    return encoded
