"""REF: the organisations and people among the authors of the entries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Severity
from pubkit.language.recognition import organisation_words
from pubkit.references.bibliography.formats.bibtex_items import split_names
from pubkit.references.bibliography.formats.bibtex_spelling import with_small_and
from pubkit.references.bibliography.formats.vocabulary import written, written_names
from pubkit.references.bibliography.markup import plain
from pubkit.references.model import Entry
from pubkit.rules.base import Example
from pubkit.rules.entries import EntryRule, Fault, is_tagged

_PARTICLES = frozenset({"da", "de", "del", "della", "der", "di", "dos", "du", "la", "le", "van", "von"})


def _bib(author: str) -> Example:
    entry = f"@misc{{x, author = {{{author}}}, title = {{Kratom facts}}, year = {{2020}}, url = {{https://nida.nih.gov/a}}}}"
    return Example("Kratom [@x].", entry)


class OrganisationAsPerson(EntryRule):
    """Every organisation among the authors is marked as one, and no person is."""

    id = "REF037"
    severity = Severity.WARNING
    source = "biblatex manual §2.3.3: the name of an organisation needs a second pair of braces"
    remedy = "Put a second pair of braces around the whole name: author = {{Food and Drug Administration}}."
    bad = [
        _bib("Food and Drug Administration"),
        _bib("World Health Organization"),
        _bib("Paul-Ehrlich-Institut Langen"),
        _bib("Médecins Sans Frontières"),
        _bib("Ministry of Health, Labour and Welfare"),
    ]
    good = [
        _bib("Centro, Ana and de la Universidad, Luis and Health, Ann B."),
        _bib("{World Health Organization}"),
        _bib("Kruegel, Andrew C. and {ISARIC Clinical Characterisation Group}"),
        _bib("Andrew Kruegel and Madalee M. Gassaway"),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for organisations that are read as persons: without a comma in BibTeX, or with one in their name."""
        if is_tagged(entry):
            yield from _parted(entry)
            yield from _unparted(entry)
        if not entry.location.file.lower().endswith(".bib"):
            return
        for variable in ("author", "editor"):
            text = written(entry, variable)
            for name in split_names(with_small_and(text)):
                if _is_turned_round(name):
                    shown = printable(plain(text), 80) if text.count(" and ") == 1 else printable(plain(name), 80)
                    remedy = f"Put a second pair of braces around the whole name: {variable} = {{{{{shown}}}}}."
                    # Only a name that is the whole field can be put into braces without taking another one along.
                    words = ((f"{{{text}}}", f"{{{{{text}}}}}"),) if text == name else ()
                    message = f"{shown} would be printed as the name of a person."
                    yield Fault(variable, message, remedy=remedy, words=words)


def _unparted(entry: Entry) -> Iterator[Fault]:
    """Yield the people in a record whose names have no comma, so that they are printed and sorted as organisations."""
    for variable, names in (("author", entry.item.author), ("editor", entry.item.editor)):
        bare = [name.literal for name in names if _TWO_NAMES.fullmatch(name.literal)]
        persons = [name for name in bare if not _is_organisation(name)]
        several = len(persons) == len(names) > 1
        for name in persons if several else filter(_WITH_INITIAL.fullmatch, persons):
            field = next(written_names(entry, variable), variable)
            remedy = "Write the family name, a comma, and the given names, as in “Smith, Jane A.”."
            yield Fault(field, f"{printable(name, 80)} would be printed as the name of an organisation.", remedy=remedy)


#: Two or three words as the names of a person are written, and those of which one is an initial, or the last one initials.
_TWO_NAMES = re.compile(r"[A-Z][\w’'-]+\.?(?: [A-Z](?:\.|[\w’'-]*\.?)){1,2}")
_WITH_INITIAL = re.compile(
    r"\w+ (?:[A-Z]\.? ){1,2}\w+|[A-Z][\w’'-]*[a-z] (?!UK$|US$|EU$|UN$|NZ$|AG$|SA$|AB$|AS$|BV$)[A-Z]{1,2}"
)


def _parted(entry: Entry) -> Iterator[Fault]:
    """Yield the organisations of a tagged record whose name contains a comma, which parts a person's names."""
    for variable, names in (("author", entry.item.author), ("editor", entry.item.editor)):
        field = next(written_names(entry, variable), variable)
        for name in names:
            if _is_organisation(name.family) and re.search(r"[^\W\d_]{3}", name.given):
                shown = printable(f"{name.family}, {name.given}", 80)
                remedy = "Write the name without a comma."
                yield Fault(field, f"{shown} would be printed as the name of a person.", remedy=remedy)


def _is_turned_round(name: str) -> bool:
    """Return whether `name` is an organisation's whose last word, or what follows a comma, would be taken for a person's."""
    family, comma, given = name.partition(",")
    if name.startswith("{") or "{" in name.split(" ")[0]:
        return False
    return _is_organisation(family) and (not comma or bool(re.search(r"[^\W\d_]{3}", given)))


def _is_organisation(name: str) -> bool:
    """Return whether `name` has two words or more, not counting particles, and one that is typical of organisations."""
    words = [word for word in re.findall(r"[^\W\d_]+", plain(name).lower()) if word not in _PARTICLES]
    return len(words) > 1 and not organisation_words().isdisjoint(words)
