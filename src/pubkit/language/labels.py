"""The words that pubkit itself prints, by language: headings, dates, quotation marks, the wording of services.

They are data: labels.yaml in the folder of each language.
"""

from __future__ import annotations

import datetime as dt
import functools
import unicodedata
from collections.abc import Mapping
from typing import Annotated

import msgspec
from msgspec import Meta, Struct, structs

from pubkit.language.folders import folder, labelled, language
from pubkit.packaged import parsed

__all__ = ["Labels", "Phrases", "direction", "labels_for", "labels_in", "strong_letters"]

#: Languages that are written from right to left, whether or not they have a folder here.
_RIGHT_TO_LEFT = frozenset({"ar", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})
#: Languages with a point as the decimal sign, and countries that differ from their language (CLDR 48, Latin digits).
_POINT = frozenset({
    "ar", "bn", "cy", "en", "fa", "fil", "ga", "gu", "he", "hi", "ja", "kn", "ko", "ml", "mr", "ms", "my", "ne", "pa", "si",
    "sw", "ta", "te", "th", "tl", "ur", "zh",
})  # fmt: skip
_DIFFERENT = {
    "ar": frozenset({"DZ", "LB", "LY", "MA", "MR", "TN"}),
    "de": frozenset({"CH", "LI"}),
    "es": frozenset({"419", "CU", "DO", "GT", "HN", "MX", "NI", "PA", "PE", "PR", "SV", "US"}),
    "it": frozenset({"CH"}),
    "ms": frozenset({"BN", "ID"}),
}
#: The word for each kind of numbered thing; below, for several.
_NUMBERED = {
    "fig": "figure", "tbl": "table", "sec": "section", "eq": "equation", "chap": "chapter", "app": "appendix",
    "part": "part",
}  # fmt: skip
_SEVERAL = {
    "fig": "figures", "tbl": "tables", "sec": "sections", "eq": "equations", "chap": "chapters", "app": "appendices",
}  # fmt: skip


class Phrases(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """How one language writes services and the legal status of a substance; "{...}" are slots."""

    joined: str = msgspec.field(name="and")
    call: str
    text: str
    word: str
    chat: str
    service: str
    young_people: str
    poison_centre: str
    status: str
    no_status: str


class Variant(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """What is written otherwise in one country: the order of a date, and single words."""

    date_pattern: str | None = msgspec.field(name="date", default=None)
    words: Mapping[str, str] = {}


class Labels(Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The words of one language. `language` is their language, which may differ from the publication's.

    `first_day` is how the first of a month is written, if not "1". `quotes` are the outer and the inner quotation marks.
    With `notes_after_punctuation` the mark of a note follows the full stop. `unreviewed` says that no native speaker has
    reviewed the translation. `regions` are the variants of countries; `not_for` the scripts and countries in which the
    language is written otherwise. With `decimal_comma` decimals follow a comma in the publication's own language, and not a
    point.
    """

    language: str
    date_pattern: str = msgspec.field(name="date")
    months: Annotated[tuple[str, ...], Meta(min_length=12, max_length=12)]
    quotes: tuple[str, str, str, str]
    notes_after_punctuation: bool
    words: Mapping[str, str]
    phrases: Phrases
    countries: Mapping[str, str]
    first_day: str = ""
    unreviewed: bool = False
    regions: Mapping[str, Variant] = {}
    not_for: tuple[str, ...] = ()
    decimal_comma: bool = False

    def __getitem__(self, name: str) -> str:
        return self.words[name]

    def date(self, day: dt.date) -> str:
        """Return `day` as a reader of this language writes it: "3 May 2026", "3. Mai 2026"."""
        number = self.first_day if day.day == 1 and self.first_day else day.day
        return self.date_pattern.format(day=number, month=self.months[day.month - 1], year=day.year)

    def numbered(self, kind: str, number: str) -> str:
        """Return "Figure 2" for kind "fig" and number "2"."""
        return f"{self.words[_NUMBERED[kind]]}\u00a0{number}"

    def several(self, kind: str, first: str) -> str:
        """Return "Figures 2", with which a list of numbers begins, for kind "fig" and number "2"."""
        return f"{self.words[_SEVERAL[kind]]}\u00a0{first}"

    def country(self, code: str) -> str:
        """Return the name of a country (ISO 3166-1 code), or its code if the language has no name for it here."""
        return self.countries.get(code, code)


def direction(language: str) -> str:
    """Return "rtl" for languages written from right to left, else "ltr"."""
    return "rtl" if language.split("-")[0] in _RIGHT_TO_LEFT else "ltr"


def strong_letters(text: str) -> tuple[str, ...]:
    """Return the direction of each letter of `text` that has one: "ltr" or "rtl" (Unicode Standard Annex #9: L, R, AL)."""
    kinds = map(unicodedata.bidirectional, text)
    return tuple("ltr" if kind == "L" else "rtl" for kind in kinds if kind in {"L", "R", "AL"})


def labels_for(tag: str) -> Labels:
    """Return the labels in the language of `tag` (BCP 47), or in English if pubkit has none for it."""
    return labels_in(tag) or structs.replace(_read("en"), decimal_comma=_decimal_comma(tag))


def labels_in(tag: str) -> Labels | None:
    """Return the labels in the language of `tag` (BCP 47), as its country writes them; None if pubkit has none for it."""
    code, *parts = language(tag), *tag.split("-")[1:]
    if code not in labelled():
        return None
    labels = _read(code)
    if set(parts) & set(labels.not_for):
        return None
    variant = next((labels.regions[part] for part in parts if part in labels.regions), Variant())
    words = {**labels.words, **variant.words}
    date = variant.date_pattern or labels.date_pattern
    return structs.replace(labels, words=words, date_pattern=date, decimal_comma=_decimal_comma(tag))


def _decimal_comma(tag: str) -> bool:
    """Return whether the decimal sign is a comma in the language of `tag` (BCP 47), and not a point."""
    language, *others = tag.split("-")
    return (language not in _POINT) != any(one.upper() in _DIFFERENT.get(language, ()) for one in others)


@functools.cache
def _read(code: str) -> Labels:
    """Return the labels of a language; how services are written, and countries, are English where it has no disclaimers."""
    written = parsed(folder(code).joinpath("labels.yaml").read_bytes())
    if code != "en":
        english = parsed(folder("en").joinpath("labels.yaml").read_bytes())
        shared = {key: english[key] for key in ("phrases", "countries")}
        written = {**shared, **written, "words": {**english["words"], **written["words"]}}
    return msgspec.convert({**written, "language": code}, Labels)
