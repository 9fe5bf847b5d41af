"""Convert BibTeX as people and programs write it to the spelling that pandoc reads.

BibTeX takes `AND` for `and` and @conference for @inproceedings; LaTeX has letters that pandoc silently drops; a year
is often more than a number. biblatex writes a name by its parts: `family=Jong, given=K., prefix=de, useprefix=true`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from pubkit.expressions import expression
from pubkit.language.alphabets import GREEK_NAMES
from pubkit.language.latex import LATEX_LETTERS, LATEX_MARKS
from pubkit.references.bibliography.formats.months import month_number
from pubkit.references.bibliography.identifiers import normalise_arxiv
from pubkit.references.bibliography.markup import plain
from pubkit.references.item import Date, Name

__all__ = [
    "NAME_LISTS",
    "NOT_PRINTED",
    "PRESS",
    "accessed_in_words",
    "address_in_words",
    "date_in_words",
    "day_in_words",
    "is_no_arxiv",
    "name_by_parts",
    "named_as_bibtex_does",
    "read_on",
    "says_access_alone",
    "says_nothing",
    "type_read",
    "unknown_letters",
    "unknown_signs",
    "with_letters",
    "with_particles_first",
    "with_preprint_number",
    "with_quotation_marks",
    "with_small_and",
]

_NOT_PRINTED_WORDS = """
    abstract annotation annote file keywords crossref xdata xref entryset related month comment owner timestamp
    bdsk-url-1 bdsk-file-1 date-added date-modified mendeley-groups options"""
#: Fields that no printed reference uses; the month is read separately.
NOT_PRINTED = frozenset(_NOT_PRINTED_WORDS.split())
NAME_LISTS = frozenset({"author", "editor", "translator", "bookauthor"})

_SIGN_WORDS = """
    times pm leq geq le ge approx sim to rightarrow cdot deg degree micro ohm infty euro BibTeX slash fshyp hyphen hyp
    addhyphen dash endash emdash bibrangedash nobreakspace thinspace"""
_FORMULA_SIGNS = frozenset(GREEK_NAMES.values()) | frozenset(_SIGN_WORDS.split())
#: Letters of LaTeX's T1 encoding that pandoc does not know.
_LETTERS = expression(r"\\(DJ|dj|TH|th|DH|dh|NG|ng|SS)(?![A-Za-z])(?:\{\}|\s+)?")
#: Signs of LaTeX whose argument pandoc takes for theirs, and drops: \\textendash{PDMS}.
_SIGNS = expression(
    r"\\(text(?!it|bf|sc|rm|sf|tt|up|sl|md|normal|super|sub|comma|back|brace|ascii)[a-z]+|ldots|dots)(?![A-Za-z])"
    r"(?:\{\}|\s+)?"
)
#: Signs of formulas, as people write them outside of one; pandoc drops them there.
_IN_FORMULAS = expression(rf"\\({'|'.join(sorted(_FORMULA_SIGNS, key=len, reverse=True))})(?![A-Za-z])(?:\{{\}}|\s+)?")
_INVISIBLE = expression(
    r"\\(?:null|relax|strut|nobreakdash|allowbreak|textcompwordmark|hspace\*?\s*\{[^{}]*\})(?![A-Za-z])(?:\{\}|\s+)?"
)
#: An accent over a dotless letter, which is one over the letter itself.
_DOTLESS = expression(r"(\\['\"`^~=.uvH]\s*\{?)\\([ij])(?![A-Za-z])\s*")
#: Straight quotation marks around words; TeX would print two closing ones.
_STRAIGHT = expression(r"(?<![\w`'\\])'([^'`\\{}]{1,80}[^'`\\{}\s])'(?![\w'])")
_COMMA_BELOW = expression(r"\\textcommabelow\s*\{?\s*([A-Za-z])\s*\}?")
#: Two formulas without anything between them, which pandoc takes for one that is displayed: $\\alpha$$\\beta$.
_SIDE_BY_SIDE = expression(r"((?<![\\$])\$[^$]+)\$\$([^$]+\$)(?!\$)")
_COMMAND = expression(r"\\([A-Za-z]+)")
_BARE_COMMAND = expression(r"(?<!\\)\\([A-Za-z]{2,})(?![A-Za-z])(?:\{\}|(?!\s*[{\[]))")
_FORMULA = expression(r"((?<!\\)\$[^$]*\$|\\\(.*?\\\)|\\ensuremath\s*\{[^{}]*\})")
_STYLE_WORDS = """
    textit textbf textsc textrm textsf texttt textup textsl textmd textnormal textsuperscript textsubscript emph enquote
    mkbibquote mkbibemph mkbibbold it bf sc rm sf tt em itshape bfseries scshape relax protect noopsort url href natexlab
    textcommabelow textsuperscript ensuremath mathrm mathit mathbf mathsf text hbox mbox uppercase lowercase MakeUppercase
    MakeLowercase nbsp space copyright textcopyright textbackslash textasciicircum textunderscore textquotedbl P S dag ddag
    and amp null strut nobreakdash allowbreak textcompwordmark hspace guillemotleft guillemotright SS frenchspacing"""
_KNOWN = frozenset(_STYLE_WORDS.split()) | LATEX_LETTERS.keys() | LATEX_MARKS.keys()

_PART = expression(r"\s*\"?(family|given|prefix|suffix|useprefix|juniorcomma|\w+-i)\s*=\s*(.*?)\"?\s*", re.DOTALL)
_BY_PARTS = expression(r"\s*\"?(?:family|given)\s*=")
_NAME_PARTS = {"family": "family", "given": "given", "prefix": "non_dropping_particle", "suffix": "suffix"}

_ADDRESS = expression(r"https?://[^\s{}<>\"]*[^\s{}<>\".,;:)\]]", re.IGNORECASE)
_READ_ON = expression(
    r"\b(?:last\s+)?(?:accessed|retrieved|visited|viewed|read|checked)(?:\s+(?:from|at)\s*:?\s*https?://\S+)?"
    r"(?:\s*:|,?\s+(?:on|in))?\s*:?\s*(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day,?\s+)?",
    re.IGNORECASE,
)
_DAY_FIRST = expression(r"(\d{1,2})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_MONTH_FIRST = expression(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_NUMBERS = expression(r"(\d{1,2})([./])\s?(\d{1,2})\2\s?(\d{4})")
_MONTH_ALONE = expression(r"([A-Za-z]{3,9})\.?,?\s+(\d{4})")
_YEAR_FIRST = expression(r"(\d{4})[\s/,.-]+([A-Za-z]{3,9})\.?(?:[-/–][A-Za-z]{3,9}\.?)?(?:\s(\d{1,2}))?")
_ISO_DAY = expression(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})")


def type_read(kind: str, fields: Mapping[str, str]) -> str:
    """Return the type under which pandoc reads an entry of BibTeX type `kind` with all its `fields`.

    BibTeX styles print the journal of a @misc and the book around a @book; pandoc and CSL leave both out.
    """
    if kind in _OTHER_NAMES and kind != "generic":
        return _OTHER_NAMES[kind]
    kind = _OTHER_NAMES.get(kind, kind)
    if kind == "inbook" and not fields.get("booktitle"):  # BibTeX's own: a chapter by number, in the book of its title
        return "book"
    in_book = fields.get("booktitle", "") not in {"", fields.get("title", "")}
    in_journal = fields.get("journal") or fields.get("journaltitle")
    if in_journal and (kind in _LOOSE or (kind == "book" and not fields.get("publisher"))):
        return "article"
    return "incollection" if in_book and kind in {*_LOOSE, "book"} else kind


_LOOSE = frozenset({"misc", "other", "unpublished"})
#: Names of types that are not BibTeX's: older ones, and those of Mendeley.
_OTHER_NAMES = {
    "conference": "inproceedings", "webpage": "online", "website": "online", "web_page": "online", "generic": "misc",
    "book_section": "incollection", "conference_proceedings": "inproceedings", "encyclopedia_article": "inreference",
    "magazine_article": "article", "newspaper_article": "article", "working_paper": "report", "computer_program": "software",
    "film": "movie", "television_broadcast": "movie", "statute": "legislation", "bill": "legislation",
    "case": "jurisdiction",
}  # fmt: skip
#: What tells an article of the press from one of a journal: biblatex's entrysubtype.
PRESS = {"newspaper_article": "newspaper", "magazine_article": "magazine"}
_BOOK_PARTS = frozenset({"incollection", "inproceedings", "inreference"})
_PREPRINT = expression(
    r"\s*(?P<server>arxiv)(?:\s+(?:e-?prints?|preprints?))?(?:\s*,?\s*(?:arxiv\s*:?\s*|:\s*|abs/)(?P<number>\d{4}\.\d{4,5})"
    r"(?:v\d+)?)?(?:\s*\[[\w.-]+\])?\s*",
    re.IGNORECASE,
)
_OF_PROGRAM = expression(
    r"(?:(?:publisher|number|place|_eprint|tex\.\w+|isbn|issn|mag id|wos|pmid|pmcid|arxiv|citation key)"
    r"\s*:\s*\S[^\n]{0,200}\s*)+",
    re.IGNORECASE,
)
_ONLY_DASHES = expression(r"[\s{}\"'.?–—-]+")


def named_as_bibtex_does(kind: str, fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return `fields` of an entry read as `kind` with Mendeley's `city` as the place, and its `journal` around a chapter."""
    around = "journal" if kind in _BOOK_PARTS and not fields.get("booktitle") else ""
    place = "" if fields.get("address") or fields.get("location") else "city"
    new = {around: "booktitle", place: "address"}
    return {new.get(name, name) if name else name: text for name, text in fields.items()}


def with_preprint_number(fields: Mapping[str, str]) -> Mapping[str, str]:
    """Return `fields` with the number in "arXiv preprint arXiv:2106.10577" as an eprint, and the server as the journal.

    Styles take the full stops out of journals' names, which would change the number.
    """
    name = next((one for one in ("journal", "journaltitle") if fields.get(one)), "")
    found = _PREPRINT.fullmatch(plain(fields[name])) if name else None
    if not found or not found["number"]:
        return fields
    number = {} if fields.get("eprint") else {"eprint": found["number"], "eprinttype": "arxiv"}
    return {**fields, name: "arXiv", **number}


def says_nothing(name: str, text: str) -> bool:
    """Return whether a field is printed by no style as its author means it: dashes alone, or a note that a program keeps.

    Zotero keeps what BibTeX has no field for in the note: "Publisher: Nature Publishing Group".
    """
    if _ONLY_DASHES.fullmatch(text):
        return True
    return name in {"note", "annotation"} and _OF_PROGRAM.fullmatch(plain(text)) is not None


def with_letters(text: str) -> str:
    """Return `text` with the letters of LaTeX that pandoc drops written as themselves: Đ for \\DJ.

    >>> with_letters(r"{\\TH}orvaldsd\\'ottir")
    "{Þ}orvaldsd\\\\'ottir"
    """
    if "\\" not in text:
        return text
    text = _SIDE_BY_SIDE.sub(r"\1 \2", _DOTLESS.sub(r"\1\2", text))
    text = _COMMA_BELOW.sub(lambda found: f"{found[1]}\u0326", _INVISIBLE.sub("", text))
    text = _SIGNS.sub(lambda found: LATEX_LETTERS.get(found[1], found[0]), text)
    parts = _FORMULA.split(text)
    parts[::2] = [_IN_FORMULAS.sub(lambda found: LATEX_LETTERS[found[1]], part) for part in parts[::2]]
    text = "".join(parts)
    return _LETTERS.sub(lambda found: LATEX_LETTERS[found[1]], text)


def with_quotation_marks(text: str) -> str:
    """Return `text`, no list of names, with words between straight single quotation marks between TeX's own."""
    return _STRAIGHT.sub(r"`\1'", text) if "'" in text else text


def unknown_letters(text: str) -> list[str]:
    """Return the TeX commands in a list of names that are not known letters, and so would be lost."""
    return [f"\\{name}" for name in _COMMAND.findall(text) if name not in _KNOWN and len(name) > 1]


def unknown_signs(text: str) -> list[str]:
    """Return the TeX commands without an argument in a title, outside of its formulas, that are not known signs."""
    bare = (found[1] for found in _BARE_COMMAND.finditer(_FORMULA.sub("", text)))
    return [f"\\{name}" for name in bare if name not in _KNOWN]


def with_small_and(names: str) -> str:
    """Return `names` with `AND`, `And` and `Others` in lower case, which mean the same to BibTeX."""
    return re.sub(r"(?<=\s)and(?=\s)|(?<=\sand\s)others\.?\s*$", _small, names, flags=re.IGNORECASE)


def with_particles_first(names: Sequence[str]) -> str:
    """Return BibTeX `names` joined by "and", a particle before the family name, and "Jr" between commas.

    >>> with_particles_first(["Beethoven, Ludwig van", "{WHO}", "King Jr, Martin Luther", "Bo de Berg III"])
    'van Beethoven, Ludwig and {WHO} and King, Jr, Martin Luther and de Berg, III, Bo'

    A suffix after the given name is put where BibTeX has it: "Smith, John, III" is "Smith, III, John".
    """
    return " and ".join(_in_order(name) for name in names)


def _in_order(name: str) -> str:
    if _PARTICLE_LAST.fullmatch(name):
        return _PARTICLE_LAST.sub(r"\3 \1, \2", name)
    if found := _SUFFIX_IN_FAMILY.fullmatch(name):
        return f"{found['family']}, {found['suffix']}, {found['given']}"
    if found := _SUFFIX_LAST.fullmatch(name):
        words = found["name"].split()
        first = next((at for at, word in enumerate(words[:-1]) if at and word[0].islower()), len(words) - 1)
        return f"{' '.join(words[first:])}, {found['suffix']}, {' '.join(words[:first])}"
    if found := _SUFFIX_AFTER_GIVEN.fullmatch(name):
        return f"{found['family']}, {found['suffix']}, {found['given']}"
    return name


_PARTICLE = "van|von|der|den|de|del|della|di|da|do|dos|das|du|la|le|ten|ter|te|zu|zum|zur|af|av"
_SUFFIX_IN_FAMILY = expression(r"(?P<family>[^,{}=]+?) (?P<suffix>Jr\.?|Sr\.?|II|III|IV), (?P<given>[^,{}=]+)")
#: BibTeX's order is "Smith, III, John"; in this one it would take John for the suffix.
_SUFFIX_AFTER_GIVEN = expression(r"(?P<family>[^,{}=]+), (?P<given>[^,{}=]+), (?P<suffix>Jr\.?|Sr\.?|II|III|IV)")
_SUFFIX_LAST = expression(r"(?P<name>[^\s,{}=]+(?: [^\s,{}=]+)+) (?P<suffix>Jr\.?|Sr\.?|II|III|IV)")
_PARTICLE_LAST = expression(rf"([^,{{}}=]+), ([^,{{}}=]+?) ((?:(?:{_PARTICLE}) )*(?:{_PARTICLE}))")


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
    if re.search(r"useprefix\s*=\s*false", name):
        parts["dropping_particle"] = parts.pop("non_dropping_particle", "")
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
    """Return the date for a year that is not a plain number: "2020a", "Nov./2001", "2016 Sep-Oct", "c. 1990", "in press".

    A year with a letter is that year, a month with a year that month (the first of two, as in PubMed's dates); everything
    else is printed as written.
    """
    bare = plain(text)
    if (found := _YEAR_FIRST.fullmatch(bare)) and (month := month_number(found[2])):
        return Date(((int(found[1]), month, *([int(found[3])] if found[3] else [])),))
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


def day_in_words(text: str) -> tuple[int, ...]:
    """Return the day that `text` names, as year, month and day; empty if it names none, or could name two.

    >>> day_in_words("Wed Dec 09 2020 13:49:01 GMT"), day_in_words("13/05/2020"), day_in_words("03/05/2020")
    ((2020, 12, 9), (2020, 5, 13), ())
    """
    if numbers := _NUMBERS.fullmatch(text.strip()):
        one, two = int(numbers[1]), int(numbers[3])
        in_order = numbers[2] == "." or one > 12
        month_of, day_of = (two, one) if in_order else (one, two)
        return (int(numbers[4]), month_of, day_of) if 1 <= month_of <= 12 and (in_order or day_of > 12) else ()
    if found := _DAY_FIRST.search(text):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.search(text):
        name, day, year = found.groups()
    else:
        return ()
    month = month_number(name)
    return (int(year), month, int(day)) if month else ()


def read_on(text: str) -> str:
    """Return `text` without "accessed on" or its like at its beginning, which the style prints."""
    return _READ_ON.sub("", text, count=1) if _READ_ON.match(text) else text


def accessed_in_words(text: str) -> tuple[int, ...]:
    """Return the day or the month of access that a note gives, as numbers, the year first; empty if it gives none.

    >>> accessed_in_words("Last accessed 5 May 2020"), accessed_in_words("Accessed: May 2020")
    ((2020, 5, 5), (2020, 5))
    """
    bare = plain(text)
    said = _READ_ON.search(bare)
    rest = bare[said.end() :] if said else ""
    if found := _ISO_DAY.match(rest):
        return tuple(int(part) for part in found.groups())
    if found := _NUMBERS.match(rest):
        return day_in_words(found[0])
    if _DAY_FIRST.match(rest) or _MONTH_FIRST.match(rest):
        return day_in_words(rest)
    found = _MONTH_ALONE.match(rest)
    month = month_number(found[1]) if found else None
    return (int(found[2]), month) if found and month else ()


def says_access_alone(text: str, address: str) -> bool:
    """Return whether a note or howpublished contains only the `address` and the day on which it was read."""
    bare = plain(text).replace(address, "") if address else plain(text)
    if accessed_in_words(bare):
        for day in (_ISO_DAY, _NUMBERS, _DAY_FIRST, _MONTH_FIRST, _MONTH_ALONE):
            bare = re.sub(_READ_ON.pattern + day.pattern, "", bare, flags=re.IGNORECASE)
    return bare != plain(text) and not _AVAILABLE.sub("", bare).strip(" .,;:<>()[]")


_AVAILABLE = expression(r"\b(?:available|online|at|from|under|via|url|website|web page)\b", re.IGNORECASE)
