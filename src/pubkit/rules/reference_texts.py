"""REF: the texts of the entries: placeholders, damaged text, and names and titles that would be printed wrongly."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Severity
from pubkit.language.alphabets import DAMAGED
from pubkit.references.bibliography.formats.bibtex_items import split_names
from pubkit.references.bibliography.formats.bibtex_spelling import name_by_parts, with_small_and
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.formats.vocabulary import written, written_names
from pubkit.references.bibliography.markup import fold
from pubkit.references.bibliography.markup import plain as plain_text
from pubkit.references.item import Name
from pubkit.references.model import Entry
from pubkit.rules.base import Example
from pubkit.rules.entries import EntryRule, Fault, is_tagged

__all__ = ["placeholder"]

_PRINTED = (
    "title", "author", "editor", "container-title", "publisher", "publisher-place", "issued", "volume", "issue", "page",
    "edition", "DOI", "URL", "note",
)  # fmt: skip


def _bib(fields: str) -> Example:
    entry = "@article{{x, journal = {{J Am Chem Soc}}, year = {{2016}}, volume = {{138}}, {}}}"
    return Example("Kratom [@x].", entry.format(fields))


_GOOD = _bib("author = {Kruegel, Andrew C. and Gassaway, Madalee M.}, title = {Mitragyna alkaloids as opioid ligands}")


class Placeholder(EntryRule):
    """No field contains a placeholder."""

    id = "REF030"
    severity = Severity.ERROR
    source = "RFC 2606 (example.com); names and words left by templates, forms and text generators"
    remedy = "Replace it with the real text, from the work itself."
    bad = [
        _bib("author = {Doe, John}, title = {TODO}"),
        _bib("author = {Kruegel, A.}, title = {Mitragyna alkaloids TBD}"),
        _bib("author = {null, null}, title = {Mitragyna alkaloids}"),
        _bib("author = {Kruegel, A.}, title = {The effect of [XXX] on pain}"),
        _bib("author = {Kruegel, A.}, title = {Mitragyna alkaloids}, pages = {[submitted]}"),
        _bib("author = {Kruegel, A.}, title = {Mitragyna alkaloids}, pages = {n/a--n/a}"),
        _bib("author = {Kruegel, A.}, title = {Mitragyna alkaloids}, doi = {10.XXXX/xxxxx}"),
    ]
    good = [
        _GOOD,
        _bib("author = {Kruegel, A.}, title = {Sleep in 47,{XXX} girls with {XXX} syndrome}"),
        _bib("author = {Kruegel, A.}, title = {{TBD} surveillance: maps of tick-borne diseases ({TBD})}"),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for placeholders in each field that is printed."""
        for variable in _PRINTED:
            for name in written_names(entry, variable) if variable != "note" or entry.item.note else ():
                found = placeholder(variable, plain_text(entry.fields[name]))
                if found:
                    yield Fault(name, f"the field {name} contains a placeholder: {printable(found, 80)}")
        year = plain_text(written(entry, "issued")).casefold().replace(" ", "")
        if year in _UNDATED:
            undated = entry.item.type in {
                "webpage",
                "post-weblog",
                "report",
                "document",
                "legislation",
                "software",
            }
            severity = Severity.NOTE if undated else None
            yield Fault("issued", f"the entry has no year: {printable(written(entry, 'issued'))}", severity)


_UNDATED = frozenset({"n.d.", "n.d", "nd", "n.y.", "undated", "nodate", "s.a.", "o.j."})
_ANYWHERE = expression(
    r"\b(?:TODO|FIXME)\b|(?:^|\s|[\[<{])(?:TBD|TBA)\W*$|[\[<{](?:TBD|TBA)[\]>}]|\?{3,}|^\W*[xX]{3,}(?:\W+[xX]{2,})*\W*$|[\[(<{]\s?[xX]{3,}\s?[\])>}]|"
    r"\b(?i:lorem ipsum|citation needed|placeholder (?:title|author|text)|"
    r"insert (?:title|author|name|year|journal|doi) here|your (?:title|name) here)\b"
)
#: Only names with one of these words are checked closely, since most lists of authors are long and have none.
_SUSPECT = expression(
    r"\b(?:doe|public|mustermann|authors?|(?:first|last|your)? ?name|unknown|todo|tbd|xxx|n/?a|none|null|undefined|tbc|"
    r"submitted|test|various)\b",
    re.IGNORECASE,
)
_LONGEST = 30
#: What programs write for a missing value, and people for one that will follow.
_NOTHING = frozenset({"undefined", "undefined undefined", "null null", "none none", "nan", "tbc", "to be confirmed"})
_WHOLE: Mapping[str, frozenset[str]] = {
    "title": frozenset(
        {*_NOTHING,
         "title", "the title", "paper title", "article title", "book title", "untitled", "no title", "title here", "unknown",
         "test", "todo", "tbd", "xxx", "sample title", "example title", "unknown title", "n a", "na", "none", "null"}
    ),
    "container-title": frozenset(
        {*_NOTHING, "submitted", "to be submitted",
         "journal", "journal name", "journal title", "journal of something", "name of journal", "unknown", "unknown journal",
         "todo", "tbd", "xxx", "n a", "na", "none", "null", "booktitle", "book title", "some journal"}
    ),
    "publisher": frozenset(
        {*_NOTHING, "publisher", "publisher name", "unknown", "todo", "tbd", "xxx", "n a", "none", "null"}
    ),
    "issued": frozenset(
        {*_NOTHING, "submitted", "year", "date", "todo", "tbd", "xxxx", "xxx", "yyyy", "20xx", "0000", "unknown",
         "none", "null"}
    ),
    "page": frozenset({*_NOTHING, "submitted", "pages", "xx xx", "xxx xxx", "1 xx", "xx", "todo", "tbd", "00 00", "0 0",
         "n a", "n a n a", "na na", "none", "null"}),
    "volume": frozenset({*_NOTHING, "submitted", "volume", "todo", "tbd", "n a", "none", "null"}),
    "DOI": frozenset({*_NOTHING, "doi", "todo", "tbd", "n a", "none", "null", "unknown", "10 xxxx xxxxx",
         "10 1234 example"}),
    "URL": frozenset({*_NOTHING, "url", "todo", "tbd", "n a", "none", "null"}),
}  # fmt: skip
_PEOPLE = expression(
    r"doe j(?:ohn|ane)|j(?:ohn|ane) doe|doe j|john (?:q )?public|public john(?: q)?|max mustermann|mustermann max|"
    r"erika mustermann|mustermann erika|author (?:first|second|third|a|b|one|two)|"
    r"(?:first|second|last|corresponding) author|author name|first ?name|last ?name|your name|unknown author"
)
_WHOLE_PERSON = frozenset(
    {
        *_NOTHING,
        "submitted",
        "author",
        "authors",
        "name",
        "unknown",
        "todo",
        "tbd",
        "xxx",
        "n a",
        "none",
        "null",
        "test",
        "various",
    }
)
_EXAMPLE_HOST = expression(
    r"https?://(?:[\w-]+\.)*(?:example\.(?:com|org|net|edu)|example|test|invalid|yourdomain\.com|your-?site\.com|website\.com|"
    r"foo\.(?:com|bar)|url\.com)(?:[/:?#]|$)",
    re.IGNORECASE,
)


def placeholder(variable: str, text: str) -> str | None:
    """Return the placeholder in `text`, the value of CSL `variable`, or None."""
    if not text:
        return None
    if variable not in {"DOI", "URL"} and _ANYWHERE.search(text):
        return text
    if len(text) <= _LONGEST and fold(text) in _WHOLE.get(variable, ()):
        return text
    if variable in {"author", "editor"}:
        return _placeholder_person(text) if _SUSPECT.search(text) else None
    if variable == "URL" and _EXAMPLE_HOST.match(text):
        return text
    return (
        text if variable == "DOI" and re.search(r"x{4,}|10\.(?:0000|1234)/(?:example|test|x|abc)", text, re.I) else None
    )


def _placeholder_person(text: str) -> str | None:
    for person in re.split(r"\s+and\s+|;", text):
        folded = fold(person)
        # "Doe" is a family name too: only John and Jane Doe are placeholders.
        if folded in _WHOLE_PERSON or _PEOPLE.fullmatch(folded):
            return person.strip()
    return None


class EtAlAuthor(EntryRule):
    """No author is entered as “et al.”."""

    id = "REF031"
    severity = Severity.ERROR
    source = "BibTeX: a shortened list ends in `and others`; NLM, Citing Medicine, ch. 1: all authors are given"
    remedy = (
        "Name all authors; the style shortens the list by itself. A shortened list in a .bib file ends in `and others`."
    )
    bad = [_bib("author = {Kruegel, Andrew C. and et al.}, title = {Mitragyna alkaloids as opioid ligands}")]
    good = [_GOOD]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for authors and editors that contain "et al."."""
        for variable, people in (("author", entry.item.author), ("editor", entry.item.editor)):
            text = plain_text(written(entry, variable))
            if people[1:] and people[-1].literal == "others":
                text = re.sub(r"[;,\s]*et\.? ?al\.?,?$", "", text, flags=re.IGNORECASE)
            if _ET_AL.search(text):
                yield Fault(variable, f"{variable} contains “et al.”: {printable(text, 80)}")


_ET_AL = expression(r"(?<![\w-])et\.?\s+al\b(?!-)|(?<!\w)u\.\s?a\.\s*$|&\s*al\.|\bet alii\b|…|\.\.\.", re.IGNORECASE)


class CapitalTitle(EntryRule):
    """No title is entirely in capital letters."""

    id = "REF032"
    severity = Severity.WARNING
    source = "NLM, Citing Medicine, ch. 1 (Title); AMA Manual of Style, 11th ed., 3.9: only names have capitals"
    remedy = "Write the title in sentence case, with capitals for names and abbreviations only."
    bad = [_bib("author = {Kruegel, A.}, title = {{MITRAGYNA ALKALOIDS AS OPIOID RECEPTOR LIGANDS}}")]
    good = [_GOOD]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for a title of three words or more without a lower-case letter."""
        title = plain_text(written(entry, "title")) or plain(entry.item.title)
        letters = [char for char in title if char.isalpha()]
        words = re.findall(r"[^\W\d_]{2,}", title)
        is_long = len(letters) >= 15 and len(words) >= 3
        if is_long and any(map(str.isupper, letters)) and not any(map(str.islower, letters)):
            yield Fault("title", "the title is entirely in capital letters.")


class EmptyField(EntryRule):
    """No field is empty."""

    id = "REF033"
    severity = Severity.WARNING
    source = "an empty field was never filled in, or was lost in an export"
    remedy = "Fill in the field, or delete it."
    bad = [_bib("author = {Kruegel, A.}, title = {Mitragyna alkaloids}, doi = {}")]
    good = [_GOOD]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check for printed fields that are present but empty; databases write empty lines for what a work does not have."""
        for variable in _PRINTED:
            for name in written_names(entry, variable):
                if not entry.fields[name].strip(" {}\"'"):
                    if is_tagged(entry):
                        continue
                    yield Fault(name, f"the field {name} is empty.")
                elif not entry.fields[name].strip(" {}\"'.–—-"):
                    yield Fault(name, f"the field {name} contains no text: {printable(entry.fields[name], 20)}")


class NameList(EntryRule):
    """Every author is a separate name."""

    id = "REF034"
    severity = Severity.ERROR
    source = "BibTeX: names are separated by `and`; CSL: one object for each name"
    remedy = "Separate the names with `and`: Kruegel, Andrew C. and Gassaway, Madalee M."
    bad = [_bib("author = {Kruegel, A. C., Gassaway, M. M., Kopajtic, T.}, title = {Mitragyna alkaloids}")]
    good = [
        _GOOD,
        _bib("author = {{National Institute on Drug Abuse, Bethesda, MD, and others}}, title = {Kratom facts}"),
        _bib("author = {family=Berg, given=A., prefix=van den, useprefix=true AND Boyer, E.}, title = {Kratom facts}"),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for names with too many commas, a semicolon, or an ampersand between people."""
        for variable, people in (("author", entry.item.author), ("editor", entry.item.editor)):
            if entry.location.file.lower().endswith(".bib"):
                names = split_names(with_small_and(written(entry, variable)))
                joined = [plain_text(name) for name in names if not name.startswith("{") and not name_by_parts(name)]
            else:
                joined = [plain_text(_whole(person)) for person in people]
            for name in joined:
                if name.count(",") >= 3 or (";" in name and "," in name) or _TWO_PEOPLE.search(name):
                    message = f"several authors are given as one name: {printable(name, 80)}"
                    yield Fault(variable, message, remedy=_NAME_EACH if is_tagged(entry) else "")
                elif re.search(r"https?://|\S@\S{1,100}\.\w", name):
                    yield Fault(variable, f"this is not a name: {printable(name, 80)}")


_NAME_EACH = "Give each author a line of its own; remove what is no author, such as the editors of the proceedings."
_TWO_PEOPLE = expression(
    r"^[^\W\d_]+, (?:[A-Z]\.[ -]?)+,? (?:&|;|and) [^\W\d_]+, [A-Z]\."
    r"|^[^\W\d_]+ (?:[A-Z]\. )+[^\W\d_]{2,}, [^\W\d_]+ (?:[A-Z]\. )+[^\W\d_]{2,}$"
)


def _whole(person: Name) -> str:
    return ", ".join(filter(None, (person.family, person.given)))


class DamagedText(EntryRule):
    """No letter has been damaged by an export or a wrong character encoding."""

    id = "REF035"
    severity = Severity.WARNING
    source = "UTF-8 read as Windows-1252; HTML character references; Unicode U+FFFD"
    remedy = "Write the letter itself, as it appears in the work."
    bad = [_bib("author = {MÃ¼ller, Anna}, title = {Mitragyna alkaloids as opioid ligands}")]
    good = [_bib("author = {Müller, Anna}, title = {Mitragyna alkaloids as opioid ligands}")]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Check each printed field except addresses for damaged letters."""
        for variable in ("title", "author", "editor", "container-title", "publisher"):
            text = written(entry, variable)
            found = None if text.isascii() and "&" not in text else _DAMAGE.search(text)
            if found:
                severity = Severity.ERROR if found[0] == "\ufffd" else None
                around = text[max(0, found.start() - 15) : found.end() + 15]
                yield Fault(variable, f"a letter of {variable} is damaged: {printable(around)}", severity)


_DAMAGE = expression(rf"{DAMAGED.pattern}|Â |\\?&(?:#\d+|#x[\da-f]+|[a-z]{{2,8}});", re.IGNORECASE)
