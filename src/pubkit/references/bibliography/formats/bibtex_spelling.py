"""Convert BibTeX as people and programs write it to the spelling that pandoc reads.

BibTeX takes `AND` for `and` and @conference for @inproceedings; LaTeX has letters that pandoc silently drops; a year
is often more than a number. biblatex writes a name by its parts: `family=Jong, given=K., prefix=de, useprefix=true`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.identifiers import normalise_arxiv
from pubkit.references.bibliography.latex import LATEX_LETTERS, LATEX_MARKS
from pubkit.references.bibliography.markup import plain
from pubkit.references.item import Date, Name

__all__ = [
    "NAME_LISTS",
    "NOT_PRINTED",
    "accessed_in_words",
    "address_in_words",
    "date_in_words",
    "is_no_arxiv",
    "name_by_parts",
    "says_access_alone",
    "type_read",
    "unknown_letters",
    "with_letters",
    "with_small_and",
]

_NOT_PRINTED_WORDS = """
    abstract annotation annote file keywords crossref xdata xref entryset related month comment owner timestamp
    bdsk-url-1 bdsk-file-1 date-added date-modified mendeley-groups"""
#: Fields that no printed reference uses; the month is read separately.
NOT_PRINTED = frozenset(_NOT_PRINTED_WORDS.split())
NAME_LISTS = frozenset({"author", "editor", "translator", "bookauthor"})

#: Letters of LaTeX's T1 encoding that pandoc does not know.
_LETTERS = re.compile(r"\\(DJ|dj|TH|th|DH|dh|NG|ng|SS)(?![A-Za-z])(?:\{\}|\s+)?")
_COMMA_BELOW = re.compile(r"\\textcommabelow\s*\{?\s*([A-Za-z])\s*\}?")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
_STYLE_WORDS = """
    textit textbf textsc textrm textsf texttt textup textsl textmd textnormal textsuperscript textsubscript emph enquote
    mkbibquote mkbibemph mkbibbold it bf sc rm sf tt em itshape bfseries scshape relax protect noopsort url href natexlab
    textcommabelow textsuperscript ensuremath mathrm mathit mathbf mathsf text hbox mbox uppercase lowercase MakeUppercase
    MakeLowercase nbsp space copyright textcopyright textbackslash textasciicircum textunderscore textquotedbl P S dag ddag
    and amp guillemotleft guillemotright textcelsius SS frenchspacing"""
_KNOWN = frozenset(_STYLE_WORDS.split()) | LATEX_LETTERS.keys() | LATEX_MARKS.keys()

_PART = re.compile(r"\s*\"?(family|given|prefix|suffix|useprefix|juniorcomma|\w+-i)\s*=\s*(.*?)\"?\s*", re.DOTALL)
_BY_PARTS = re.compile(r"\s*\"?(?:family|given)\s*=")
_NAME_PARTS = {"family": "family", "given": "given", "prefix": "dropping_particle", "suffix": "suffix"}

_ADDRESS = re.compile(r"https?://[^\s{}<>\"]*[^\s{}<>\".,;:)\]]", re.IGNORECASE)
_READ_ON = re.compile(
    r"\b(?:last\s+)?(?:accessed|retrieved|visited|viewed|read|checked)(?:\s*:|\s+on)?\s*:?\s*", re.IGNORECASE
)
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_ISO_DAY = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


def type_read(kind: str) -> str:
    """Return the type under which pandoc knows an entry of BibTeX type `kind`."""
    return "inproceedings" if kind == "conference" else kind


def with_letters(text: str) -> str:
    """Return `text` with the letters of LaTeX that pandoc drops written as themselves: Đ for \\DJ.

    >>> with_letters(r"{\\TH}orvaldsd\\'ottir")
    "{Þ}orvaldsd\\\\'ottir"
    """
    if "\\" not in text:
        return text
    text = _COMMA_BELOW.sub(lambda found: f"{found[1]}\u0326", text)
    return _LETTERS.sub(lambda found: LATEX_LETTERS[found[1]], text)


def unknown_letters(text: str) -> list[str]:
    """Return the TeX commands in a list of names that are not known letters, and so would be lost."""
    return [f"\\{name}" for name in _COMMAND.findall(text) if name not in _KNOWN and len(name) > 1]


def with_small_and(names: str) -> str:
    """Return `names` with `AND`, `And` and `Others` in lower case, which mean the same to BibTeX."""
    return re.sub(r"(?<=\s)and(?=\s)|(?<=\sand\s)others\.?\s*$", _small, names, flags=re.IGNORECASE)


def _small(found: re.Match[str]) -> str:
    return found[0].strip().rstrip(".").lower()


def name_by_parts(name: str) -> Name | None:
    """Return the name given in biblatex's form `family=Jong, given=K., prefix=de`; None for a name in another form."""
    if not _BY_PARTS.match(name):
        return None
    found = [_PART.fullmatch(part) for part in name.split(",")]
    parts: dict[str, Any] = {
        _NAME_PARTS[part[1]]: plain(part[2].strip('"')) for part in found if part and part[1] in _NAME_PARTS
    }
    return Name(**parts) or None


def is_no_arxiv(fields: Mapping[str, str]) -> bool:
    """Return whether an entry with a DOI or a journal claims an eprint at arXiv whose number cannot be one.

    Mendeley keeps the numbers of other archives there, from which pandoc would make an address that leads nowhere.
    """
    named = any(fields.get(name) for name in ("doi", "journal", "journaltitle"))
    archive = (fields.get("eprinttype") or fields.get("archiveprefix") or "").lower()
    number = fields.get("eprint", "").strip()
    return named and archive == "arxiv" and bool(number) and not normalise_arxiv(number)


def date_in_words(text: str) -> Date:
    """Return the date for a year that is not a plain number: "2020a", "Nov./2001", "c. 1990", "in press".

    A year with a letter is that year, a month with a year that month; everything else is printed as written.
    """
    bare = plain(text)
    if found := re.fullmatch(r"(\d{4})\s?[a-z]", bare):
        return Date(((int(found[1]),),))
    found = re.fullmatch(r"([A-Za-z]{3,9})\.?[\s/,.-]+(\d{4})", bare)
    month = month_number(found[1]) if found else None
    if found and month:
        return Date(((int(found[2]), month),))
    return Date(literal=bare)


def address_in_words(fields: Mapping[str, str]) -> tuple[str, str]:
    """Return the first address in howpublished or note, with the name of that field; or two empty texts."""
    for name in ("howpublished", "note"):
        if found := _ADDRESS.search(fields.get(name, "").replace("\\_", "_").replace("\\%", "%").replace("\\&", "&")):
            return found[0].replace("\\~", "~"), name
    return "", ""


def accessed_in_words(text: str) -> tuple[int, ...]:
    """Return the day of access that a note gives, as year, month and day; empty if it gives none.

    >>> accessed_in_words("Last accessed 5 May 2020")
    (2020, 5, 5)
    """
    bare = plain(text)
    said = _READ_ON.search(bare)
    rest = bare[said.end() :] if said else ""
    if found := _ISO_DAY.match(rest):
        return tuple(int(part) for part in found.groups())
    if found := _DAY_FIRST.match(rest):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.match(rest):
        name, day, year = found.groups()
    else:
        return ()
    month = month_number(name)
    return (int(year), month, int(day)) if month else ()


def says_access_alone(text: str, address: str) -> bool:
    """Return whether a note or howpublished contains only the `address` and the day on which it was read."""
    bare = plain(text).replace(address, "") if address else plain(text)
    if accessed_in_words(bare):
        for day in (_ISO_DAY, _DAY_FIRST, _MONTH_FIRST):
            bare = re.sub(_READ_ON.pattern + day.pattern, "", bare, flags=re.IGNORECASE)
    return bare != plain(text) and not _AVAILABLE.sub("", bare).strip(" .,;:<>()[]")


_AVAILABLE = re.compile(r"\b(?:available|online|at|from|under|via|url|website|web page)\b", re.IGNORECASE)
