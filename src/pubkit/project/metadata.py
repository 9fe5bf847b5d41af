"""The metadata of a publication: the types of pubkit.yaml and of a single file's front matter.

The field names are those of the YAML file. `pubkit schema` prints the JSON Schema made from these types, so this module is
the only place where a field is described.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from pubkit.expressions import expression
from pubkit.formats import OutputFormat
from pubkit.project.decisions import Decision

__all__ = [
    "DEFAULT_OUTPUTS",
    "Audience",
    "Author",
    "Colours",
    "Correction",
    "Dates",
    "Decline",
    "DisclaimerChoice",
    "Evidence",
    "Form",
    "Publication",
    "Review",
    "Reviewer",
    "Seen",
    "StudyType",
    "TextKind",
    "Typeface",
    "Unreviewed",
    "WaiverEntry",
]

Text = Annotated[str, Meta(min_length=1, max_length=2_000)]
Line = Annotated[str, Meta(min_length=1, max_length=300)]
RelativePath = Annotated[str, Meta(min_length=1, max_length=500)]
Lang = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$")]
Version = Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+-]{0,40}$")]
WebAddress = Annotated[str, Meta(pattern=r"^https?://[^\s<>\"]+$", max_length=2_000)]

StudyType = Literal[
    "guideline",
    "systematic-review",
    "rct",
    "cohort",
    "case-control",
    "cross-sectional",
    "survey",
    "qualitative",
    "case-series",
    "case-report",
    "animal",
    "in-vitro",
    "narrative-review",
    "surveillance",
    "legal",
    "other",
]
#: The kind of text, which decides what must be sourced: a leaflet or consumer article, a guideline or clinician's
#: card, a research article, or a text on methods or software.
TextKind = Literal["leaflet", "guideline", "research", "methods"]
#: How a text is set: as a book with a half title and an index, as an article, or as a leaflet to be handed out.
Form = Literal["book", "article", "leaflet"]
Kind = Literal["book", "article", "leaflet", "guideline", "research", "methods"]
#: The tool whose files state what pubkit.yaml does not.
Dialect = Literal["quarto", "bookdown", "myst", "manubot", "document", "folder"]
#: Observational studies, which cannot show by themselves that one thing causes another.
OBSERVATIONAL: frozenset[StudyType] = frozenset(
    {"cohort", "case-control", "cross-sectional", "survey", "qualitative", "case-series", "case-report", "surveillance"}
)
_THE_PUBLIC = expression(
    r"\b(?:public|patients?|people|carers?|caregivers?|famil(?:y|ies)|parents?|lay|everyone|consumers?|readers)\b"
)

DEFAULT_OUTPUTS: tuple[OutputFormat, ...] = ("html", "epub", "pdf")
_FORMS: tuple[Form, ...] = ("book", "article", "leaflet")
_TEXT_KINDS: tuple[TextKind, ...] = ("guideline", "research", "methods", "leaflet")


def listed(value: Sequence[str] | str | None) -> tuple[str, ...]:
    """Return a value that may be written without a list as a tuple."""
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


class Author(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person or organisation that wrote the text."""

    name: Line
    credentials: Line | None = None
    orcid: Annotated[str, Meta(pattern=r"^(https://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")] | None = None
    affiliation: list[Line] | Line | None = None
    roles: list[Line] = []
    conflicts: Text | None = None
    email: Annotated[str, Meta(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")] | None = None

    @property
    def affiliations(self) -> tuple[str, ...]:
        """Return the places where the person works, in the order in which they are named."""
        return listed(self.affiliation)


class Reviewer(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person who reviewed the text before release."""

    name: Line
    credentials: Line | None = None
    orcid: Annotated[str, Meta(pattern=r"^(https://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX]$")] | None = None
    affiliation: list[Line] | Line | None = None
    conflicts: Text | None = None
    scope: Text | None = None

    @property
    def affiliations(self) -> tuple[str, ...]:
        """Return the places where the person works, in the order in which they are named."""
        return listed(self.affiliation)


class Dates(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The publication's dates, as YYYY-MM-DD."""

    published: dt.date
    updated: dt.date | None = None
    last_reviewed: dt.date | None = None
    next_review: dt.date | None = None
    evidence_search: dt.date | None = None


class Correction(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What was wrong in an earlier edition and has been put right."""

    on: dt.date
    what: Text
    version: Version | None = None


class Audience(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The readers of the text, and the US school grade that it should not exceed."""

    readers: Line
    reading_grade: Annotated[int, Meta(ge=1, le=20)] | None = None

    @property
    def public(self) -> bool:
        """Return whether the readers are not professionals."""
        return _THE_PUBLIC.search(self.readers.lower()) is not None


class Evidence(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an editor knows about a cited study beyond its bibliographic record."""

    study_type: StudyType
    population: Line | None = None
    n: Annotated[int, Meta(ge=0)] | None = None
    funding: Literal["industry", "public", "mixed", "none-stated", "unknown"] = "unknown"
    preprint: bool = False


class Seen(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person's statement that they saw the original of a reference that no registry confirms: who, when, and how."""

    who: Line
    on: dt.date
    how: Annotated[str, Meta(min_length=10, max_length=500)]


class Decline(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A person's decision not to print a disclaimer that the text calls for, and why."""

    who: Line
    reason: Annotated[str, Meta(min_length=10, max_length=2_000)]


class DisclaimerChoice(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A disclaimer that is added to those that the text calls for, with the values of its slots, or one declined."""

    variant: Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,40}$")]
    slots: dict[str, Text] = {}
    decline: Decline | None = None


class Translation(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The same text in another language: where readers find it, and the folder of this publication that holds it."""

    lang: Lang
    url: WebAddress | None = None
    title: Line | None = None
    path: RelativePath | None = None


class Original(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The text of which this one is a translation: its language, and which edition of it was translated."""

    lang: Lang
    version: Version
    title: Line | None = None
    url: WebAddress | None = None


class WaiverEntry(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Findings of one rule that an editor waives.

    `where` is the fingerprint printed with a finding, or "project" for every finding of the rule. `file`, used instead, is
    the name of a file, for every finding of the rule there; `*` matches any characters.
    """

    rule: Annotated[str, Meta(pattern=r"^[A-Z][A-Z0-9]{1,3}[0-9]{3}$")]
    reason: Text
    who: Line
    expires: dt.date
    where: Annotated[str, Meta(pattern=r"^([0-9a-f]{16}|project)$")] | None = None
    file: RelativePath | None = None

    def __post_init__(self) -> None:
        """Refuse a waiver with neither `where` nor `file`, or with both."""
        if (self.where is None) == (self.file is None):
            raise ValueError("a waiver names either `where` or `file`")


#: What `WaiverEntry` refuses, for editors that read the JSON Schema.
_WHERE_OR_FILE = {"oneOf": [{"required": ["where"]}, {"required": ["file"]}]}


class Review(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The record of a review: who, when, what was decided, and the SHA-256 of everything that it covers.

    `claims_judged` states that the reviewer judged every claim of the text, for languages that pubkit's lists do not cover.
    `covers` names the parts that were reviewed, one on each line, with the first twelve digits of their SHA-256;
    `not_covered` says in words what the review leaves out. `pubkit review sign` writes all of these.
    """

    reviewer: Line
    date: dt.date
    decision: Decision
    content_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    scope: Text | None = None
    claims_judged: bool = False
    not_covered: Text | None = None
    covers: Annotated[str, Meta(max_length=200_000)] | None = None


class Unreviewed(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The statement that nobody has reviewed the text: who decided to publish it without a review, why, and when.

    `who` is an author or the publisher; for anybody else `role` states their relation to the publication.
    """

    who: Line
    why: Text
    on: dt.date
    role: Line | None = None


class Colours(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The house's colours, as #rrggbb: of rules, headings and the cover, and of links if that is another."""

    accent: Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")]
    link: Annotated[str, Meta(pattern=r"^#[0-9a-fA-F]{6}$")] | None = None


class Typeface(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The house's own faces, as TrueType files: of the text, and of headings, tables and captions."""

    text: Annotated[list[RelativePath], Meta(min_length=1, max_length=6)] = []
    headings: Annotated[list[RelativePath], Meta(min_length=1, max_length=6)] = []


class Publication(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that pubkit.yaml, or the front matter of a single file, may state."""

    title: Line
    dates: Dates
    version: Version
    subtitle: Line | None = None
    slug: Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)] | None = None
    authors: list[Author] = []
    lang: Lang = "en"
    translations: list[Translation] = []
    translation_of: Original | None = None
    identifier: Line | None = None
    permalink: Annotated[str, Meta(pattern=r"^https://[^\s<>\"]+$", max_length=500)] | None = None
    corrections: list[Correction] = []
    publisher: Line | None = None
    keywords: list[Line] = []
    abstract: Annotated[str, Meta(min_length=1, max_length=5_000)] | None = None
    audience: Audience | None = None
    topics: list[Annotated[str, Meta(pattern=r"^[a-z][a-z0-9-]{1,60}$")]] = []
    substances: list[Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")]] = []
    jurisdiction: Annotated[str, Meta(pattern=r"^[A-Z]{2}$")] | None = None
    role: Literal["editorial", "labeling"] = "editorial"
    kind: list[Kind] | Kind | None = None
    dialect: Dialect | None = None
    reviewers: list[Reviewer] = []
    review: list[Review] | Review = []
    unreviewed: Unreviewed | None = None
    funding: Text | None = None
    contact: Line | None = None
    licence: Line | None = None
    chapters: list[RelativePath] = []
    bibliography: list[RelativePath] | RelativePath = []
    nocite: list[Line] | Text = []
    csl: RelativePath = "american-medical-association"
    evidence: dict[str, Evidence] = {}
    seen: dict[str, Seen] = {}
    disclaimers: list[DisclaimerChoice] = []
    disclaimers_in: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$")] | None = None
    shops: list[Annotated[str, Meta(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=253)]] = []
    waivers: list[Annotated[WaiverEntry, Meta(extra_json_schema=_WHERE_OR_FILE)]] = []
    outputs: list[OutputFormat] = field(default_factory=lambda: list(DEFAULT_OUTPUTS))
    page_size: Literal["A4", "A5", "letter"] | None = None
    format_links: bool = False
    large_print: bool = False
    panels: Literal[6] | None = None
    cover: RelativePath | None = None
    logo: RelativePath | None = None
    colours: Colours | None = None
    typeface: Typeface | None = None
    snapshot_max_age: Annotated[int, Meta(ge=1, le=3650)] = 90
    status_max_age: Annotated[int, Meta(ge=1, le=36500)] = 365
    keep_abstracts: bool = True

    def __post_init__(self) -> None:
        """Refuse statements that contradict each other: two forms, panels without a leaflet, a translation into itself."""
        if self.translation_of and self.translation_of.lang == self.lang:
            raise ValueError("`translation_of` names the language of this text; a translation is in another one")
        forms = [one for one in listed(self.kind) if one in _FORMS[:2]]
        if len(forms) > 1:
            raise ValueError("`kind` names both book and article")
        if self.panels and (forms or "leaflet" not in listed(self.kind)):
            raise ValueError("only a text with `kind: leaflet` has `panels`")
        if self.panels and self.large_print:
            raise ValueError("a leaflet of six panels has no room for large print")

    @property
    def text_kind(self) -> TextKind | None:
        """Return what decides the sources that a text needs, if it is stated: the first such word of `kind`."""
        return next((one for one in _TEXT_KINDS if one in listed(self.kind)), None)

    @property
    def form(self) -> Form | None:
        """Return how the text is set, if that is stated; a leaflet that is also an article is set as an article."""
        return next((one for one in _FORMS if one in listed(self.kind)), None)

    @property
    def paper(self) -> Literal["A4", "A5", "letter"]:
        """Return the size of the page: as stated, or Letter for readers in the US and Canada, and A4 for all others."""
        return self.page_size or ("letter" if self.lang.rpartition("-")[2] in {"US", "CA"} else "A4")

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Return the review records in their order; a record without a list is a list of one."""
        return (self.review,) if isinstance(self.review, Review) else tuple(self.review)

    @property
    def country(self) -> str:
        """Return the country whose law and emergency numbers the text gives (ISO 3166-1 code); "" if it is not known.

        It is `jurisdiction`, or else the region of `lang` (en-GB: GB), or else US for English. Any other language is read
        in several countries, and the numbers of the wrong one must never be printed.
        """
        if self.jurisdiction:
            return self.jurisdiction
        language, *parts = self.lang.split("-")
        region = parts[-1] if parts and len(parts[-1]) == 2 else ""
        return region or ("US" if language == "en" and not self.disclaimers_in else "")
