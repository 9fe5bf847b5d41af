"""REF: the organisations and people among the authors of the entries."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Severity
from pubkit.language.recognition import organisation_words
from pubkit.references.bibliography.formats.bibtex_items import split_names
from pubkit.references.bibliography.formats.bibtex_spelling import with_small_and
from pubkit.references.bibliography.formats.vocabulary import written
from pubkit.references.bibliography.markup import plain
from pubkit.references.model import Entry
from pubkit.rules.base import Example
from pubkit.rules.entries import EntryRule, Fault


def _bib(author: str) -> Example:
    entry = f"@misc{{x, author = {{{author}}}, title = {{Kratom facts}}, year = {{2020}}, url = {{https://nida.nih.gov/a}}}}"
    return Example("Kratom [@x].", entry)


class OrganisationAsPerson(EntryRule):
    """Every organisation among the authors is marked as one."""

    id = "REF037"
    severity = Severity.WARNING
    source = "biblatex manual §2.3.3: the name of an organisation needs a second pair of braces"
    remedy = "Put a second pair of braces around the whole name: author = {{Food and Drug Administration}}."
    bad = [
        _bib("Food and Drug Administration"),
        _bib("World Health Organization"),
        _bib("Paul-Ehrlich-Institut Langen"),
    ]
    good = [
        _bib("{World Health Organization}"),
        _bib("Kruegel, Andrew C. and {ISARIC Clinical Characterisation Group}"),
        _bib("Andrew Kruegel and Madalee M. Gassaway"),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look in .bib files for names without comma and braces that contain a word typical of organisations."""
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


def _is_turned_round(name: str) -> bool:
    """Return whether `name` is an organisation's whose last word BibTeX would take for a family name."""
    words = re.findall(r"[^\W\d_]+", plain(name).lower())
    return (
        "{" not in name.split(" ")[0]
        and "," not in name
        and len(words) > 1
        and not organisation_words().isdisjoint(words)
    )
