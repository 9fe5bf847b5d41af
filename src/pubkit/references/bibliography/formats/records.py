"""Records of tagged fields, as in RIS, NBIB and EndNote, with their keys, names and dates."""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.language.folding import ascii_only
from pubkit.references.bibliography.exports import serial_numbers
from pubkit.references.bibliography.formats.bibtex_spelling import day_in_words
from pubkit.references.bibliography.formats.csl import cleaned
from pubkit.references.bibliography.formats.reading import noticed
from pubkit.references.item import Date, Item, Name
from pubkit.references.model import Entry

__all__ = [
    "Record",
    "day_of_access",
    "entry_of",
    "in_numbers",
    "name_of",
    "name_of_index",
    "people_of",
    "serial_numbers_of",
    "slashed_date",
    "with_keys",
]


class Record(Struct):
    """One record: its place, and its tags in order, each with its text and line."""

    place: Location
    tags: list[tuple[str, str, int]] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        """Return the texts of the tags `names`, tag by tag."""
        return [text for name in names for tag, text, _ in self.tags if tag == name and text]

    def first(self, *names: str) -> str:
        """Return the first text of the first tag in `names` that has one, or an empty text."""
        return next(iter(self.all(*names)), "")


def entry_of(
    key: str, kind: str, item: Item, record: Record, vocabulary: Mapping[str, tuple[str, ...]], findings: list[Finding]
) -> Entry:
    """Return `record` as an entry; whatever is left out of its item is added to `findings`."""
    texts: defaultdict[str, list[str]] = defaultdict(list)
    lines: dict[str, int] = {}
    for tag, text, line in record.tags:
        texts[tag].append(text)
        # In a file that is one long line, only the place of the record is known.
        if line > record.place.line:
            lines.setdefault(tag, line)
    fields = {tag: "; ".join(found) for tag, found in texts.items()}
    aliases = {variable: lines[tag] for variable, tags in vocabulary.items() for tag in reversed(tags) if tag in lines}
    entry = Entry(key, kind, item, record.place, fields, {**aliases, **lines})
    return replace(entry, item=cleaned(replace(item, id=key), noticed(findings, entry)))


def with_keys(own: Sequence[str], items: Sequence[Item]) -> list[str]:
    """Return a key for each item: its own, or else first author and year ("kruegel2016"), with a letter if that is taken."""
    taken = set(filter(None, own))
    keys: list[str] = []
    for key, item in zip(own, items, strict=True):
        keys.append(key or _made_key(item, taken, len(keys)))
        taken.add(keys[-1])
    return keys


def _made_key(item: Item, taken: set[str], number: int) -> str:
    first = item.author[0] if item.author else Name()
    family = ascii_only(first.family or first.literal or "anon")
    year = "" if item.year is None else str(item.year)
    stem = (re.sub(r"[^a-z0-9]", "", family.lower()) or "anon") + year
    names = [stem, *(f"{stem}{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")]
    return next((name for name in names if name not in taken), f"{stem}-{number}")


def name_of(text: str) -> Name:
    """Return the name in "Family, Given, Suffix"; without a given name or suffix, it is a group's."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) > 3:
        # Several people in one text, which a rule reports; nothing of it is lost.
        return Name(parts[0], ", ".join(parts[1:]))
    family, given, suffix = [*parts, "", ""][:3]
    if not given and not suffix:
        return Name(literal=family)
    if not suffix:
        family, suffix = _without_suffix(family)
        given, suffix = (given, suffix) if suffix else _without_suffix(given)
    return Name(family, given, suffix=suffix)


def name_of_index(text: str) -> Name:
    """Return the name in "Family Initials Suffix", as indexes write it: "van der Berg B 3rd"."""
    bare, suffix = _without_suffix(text)
    family, _, initials = bare.rpartition(" ")
    return Name(family, initials, suffix=suffix) if family else Name(bare)


def _without_suffix(text: str) -> tuple[str, str]:
    """Return `text` without a suffix at its end, and the suffix; PubMed writes 3rd for III."""
    found = _SUFFIX.fullmatch(text)
    return (found[1], _NUMERALS.get(found[2], found[2])) if found else (text, "")


_SUFFIX = expression(r"(\S.*?),? (Jr\.?|Sr\.?|2nd|3rd|4th|II|III|IV)")
_NUMERALS = {"2nd": "II", "3rd": "III", "4th": "IV"}


def people_of(texts: Sequence[str]) -> tuple[Name, ...]:
    """Return the people in `texts`; an "et al." at the end is written "others", as citeproc expects it.

    Ovid gives all authors of a trial in one text: "Smith AB, van der Berg C".
    """
    people = tuple(map(name_of, itertools.chain.from_iterable(map(_separated, texts))))
    return (*people[:-1], Name(literal="others")) if people[1:] and _ET_AL.fullmatch(people[-1].literal) else people


def _separated(text: str) -> list[str]:
    names = [_INDEXED.fullmatch(part.strip()) for part in text.split(",")]
    return [f"{name[1]}, {name[2]}" for name in names if name] if all(names) and names[1:] else [text]


#: A name as indexes write it, with initials after the family name.
_INDEXED = expression(r"([^\d,]*[^\W\d_]{2,}) ([A-Z]{1,4})")
_ET_AL = expression(r"et\.? ?al\.?", re.IGNORECASE)


def slashed_date(*texts: str) -> Date | None:
    """Return the first of `texts` that is a date in numbers ("2016/05/17/", unknown parts empty), or the last in words."""
    for text in texts:
        found = re.fullmatch(r"(\d{4})(?:[/-](\d{1,2})?(?:[/-](\d{1,2})?)?)?(?:/.*)?", text.strip())
        if found:
            return Date((tuple(int(part) for part in found.groups() if part),))
    return Date(literal=texts[-1]) if texts and texts[-1] else None


def in_numbers(date: Date | None) -> Date | None:
    """Return `date` if it is known in numbers."""
    return date if date and date.date_parts else None


def day_of_access(text: str) -> Date | None:
    """Return the day in `text`, in numbers ("2021/01/02") or in words ("5 May 2020"); None if it names no day."""
    words = day_in_words(text)
    return in_numbers(slashed_date(text)) or (Date((words,)) if words else None)


def serial_numbers_of(text: str, kind: str) -> tuple[str, str]:
    """Return the ISBN and the ISSN in `text`; a number that is neither is the one that works of `kind` have.

    A report has its own number there.
    """
    if any(found := serial_numbers(text)) or kind == "report":
        return found
    return (text, "") if kind in {"book", "chapter"} else ("", text)
