"""REF: what is printed of the entries, compared with what their author wrote."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import BlockKind
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.formats.title_case import is_sentence_case
from pubkit.references.bibliography.formats.vocabulary import written
from pubkit.references.bibliography.markup import fold
from pubkit.references.bibliography.markup import plain as plain_text
from pubkit.references.item import NAMES, Item, Name
from pubkit.references.model import Entry
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.entries import EntryRule, Fault, cited_keys, walk

_PRINTED = (
    "title", "container-title", "collection-title", "event-title", "publisher", "publisher-place", "genre", "status",
    "medium", "note", "edition", "version", "number", "volume", "issue", "page",
)  # fmt: skip


def _bib(fields: str, key: str = "x") -> str:
    return f"@article{{{key}, author = {{Kruegel, A.}}, journal = {{J Test}}, year = {{2016}}, {fields}}}"


def _report(fields: str) -> str:
    common = "author = {Kruegel, A.}, title = {Kratom}, institution = {WHO}, year = {2016}"
    return f"@techreport{{x, {common}, {fields}}}"


class MarkupInReference(EntryRule):
    """No reference is printed with the markup of its file."""

    id = "REF060"
    severity = Severity.ERROR
    source = "CSL has no TeX: what pandoc does not know in a field is printed as it is"
    remedy = "Write the sign itself (μ, °, ≤), <sub> or <sup> in CSL, \\textsubscript{} in a .bib file."
    bad = [
        Example("Kratom [@x].", _bib("title = {A study of $\\mathfrak{sl}_2$ in rats}")),
        Example("Kratom [@x].", _bib("title = {Sleep after 10^6 cells in rats}")),
    ]
    good = [
        Example("Kratom [@x].", _bib("title = {A study of 5 $\\mu$g and CO$_2$ at \\$5}")),
        Example("Kratom [@x].", _bib("title = {Pyridine on Ni\\{111\\} for R\\&D}")),
    ]

    def faults(self, entry: Entry) -> Iterator[Fault]:
        """Look for TeX and Markdown in the texts and names that are printed."""
        for variable in _PRINTED:
            text = plain(entry.item.text(variable))
            yield from self._faults(variable, _SET.sub("", text) if "\\{" in written(entry, variable) else text)
        for variable in ("author", "editor"):
            for name in getattr(entry.item, NAMES[variable]):
                yield from self._faults(variable, _whole(name))

    @staticmethod
    def _faults(variable: str, text: str) -> Iterator[Fault]:
        for pattern, severity in ((_TEX, Severity.ERROR), (_MARKDOWN, Severity.WARNING)):
            if found := pattern.search(text):
                around = text[max(0, found.start() - 20) : found.end() + 20]
                weight = Severity.WARNING if variable == "note" else severity  # few styles print notes
                yield Fault(variable, f"the {variable} is printed with its markup: {printable(around)}", weight)
                return


_TEX = re.compile(r"\\[A-Za-z]+|\$[^$]{0,200}[\\^_][^$]{0,200}\$|[\^_]\{|\{(?![\d\s,¯-]{1,12}\})[^{}]*\}?|(?<!\d)\}")
#: Braces that the author wants: \\{ in a .bib file.
_SET = expression(r"[{}]")
_MARKDOWN = re.compile(r"\d\^[-−]?\d|[^\W\d_]~[^\W\d_]|(?<![\w*])\*{1,2}[^\s*][^*]{0,80}[^\s*]\*{1,2}(?![\w*])")


def _whole(name: Name) -> str:
    parts = (name.given, name.dropping_particle, name.non_dropping_particle, name.family, name.suffix, name.literal)
    return plain(" ".join(filter(None, parts)))


class LostCapital(Rule):
    """Names in titles keep their capital letters when they are printed."""

    id = "REF036"
    severity = Severity.WARNING
    source = (
        "pandoc, as biblatex does, sets a title of a .bib file that is in title case in sentence case; pubkit knows the "
        "names of countries, peoples, genera and diseases"
    )
    remedy = "Put braces around the word: {Schoenfeld}."
    bad = [
        Example(
            "We drew Schoenfeld residuals [@x].", _bib("title = {Tests of Schoenfeld Residuals in Survival Models}")
        )
    ]
    good = [
        Example(
            "We drew Schoenfeld residuals [@x].", _bib("title = {Tests of {Schoenfeld} Residuals in Survival Models}")
        ),
        Example("Ketum in Malaysia [@x].", _bib("title = {The Informal Use of Ketum in Malaysia among Young Men}")),
        Example(
            "We drew Schoenfeld residuals [@x].", _bib("title = {Tests of Schoenfeld residuals in survival models}")
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look for words that lose their capital and that the text or an abstract writes with one inside a sentence."""
        cited = cited_keys(submission)
        lost = {entry.key: found for entry in submission.bibliography if (found := _lost_capitals(entry, cited))}
        if not lost:
            return
        names, small = _names_of(submission)

        def faults(entry: Entry) -> Iterator[Fault]:
            own = _INSIDE.findall(" ".join(_abstracts_of(entry, submission)))
            known = names | {word for word in own if word.lower() not in small}
            words = [printable(word, 40) for word in lost.get(entry.key, ()) if word in known][:8]
            if words:
                shown, braced = ", ".join(f"“{one}”" for one in words), ", ".join(f"{{{one}}}" for one in words)
                message = f"the title would be printed with a lower-case initial in {shown}."
                remedy = f"Put braces around each name in the title: {braced}."
                # Not certain: the word may be one that only the house writes with a capital.
                braces = tuple((one, f"{{{one}}}") for one in words)
                yield Fault("title", message, remedy=remedy, words=braces, certain=False)

        yield from walk(self, submission, faults)


_WORD = expression(r"[^\W\d_]{4,}")
#: One word with a capital between words without: "the town of Kedah, in".
_INSIDE = expression(r"(?:(?<=[^\W\d_A-Z] )|(?<=[^\W\d_A-Z], ))[A-Z][^\W\d_A-Z]{3,}(?=[,.;)’']| [^\W\d_A-Z])")


def _lost_capitals(entry: Entry, cited: Collection[str]) -> list[str]:
    """Return the words of a title that have a capital in the file and none in print."""
    if entry.key not in cited or not entry.location.file.lower().endswith(".bib"):
        return []
    before, after = (_WORD.findall(one) for one in (plain_text(entry.fields.get("title", "")), plain(entry.item.title)))
    pairs = zip(before, after, strict=False)
    lost = (one for one, other in pairs if one != other and one[0].isupper() and one.lower() == other)
    return list(dict.fromkeys(lost))


def _abstracts_of(entry: Entry, submission: Submission) -> tuple[str, str]:
    return submission.abstracts.get(entry.key) or "", plain_text(written(entry, "abstract"))


def _names_of(submission: Submission) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that the manuscript, or several abstracts and titles in sentence case, write with a capital only.

    One abstract of another work is not enough: it may name a body ("the Society") that a title does not mean. The second
    set has the words that any of these texts writes in small letters.
    """
    prose = (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.CELL, BlockKind.NOTE, BlockKind.CAPTION)
    own = [block.text for block in submission.manuscript.document.blocks if block.kind in prose]
    titles = (plain_text(written(entry, "title")) for entry in submission.bibliography)
    texts = [title for title in titles if is_sentence_case(title)]
    texts += (" ".join(_abstracts_of(entry, submission)) for entry in submission.bibliography)
    counts = Counter(word for text in texts for word in set(_INSIDE.findall(text)))
    capital = {word for text in own for word in _INSIDE.findall(text)} | {word for word in counts if counts[word] > 1}
    small = {word for text in (*own, *texts) for word in re.findall(r"(?<![\w-])[^\W\d_A-Z]{4,}", text)}
    return frozenset(word for word in capital if word.lower() not in small), frozenset(small)


class ChangedInPrint(Rule):
    """The style prints the words and numbers of each reference as they are."""

    id = "REF061"
    severity = Severity.WARNING
    source = "NLM, Citing Medicine, ch. 1: a reference lets a reader find the work"
    remedy = 'Protect it (braces in a .bib file, <span class="nocase"> in CSL), or choose another citation style.'
    reads_print = True
    bad = [
        Example("Kratom [@x].", _bib("title = {Kratom}").replace("J Test", "Data of medRxiv 2020.10.18")),
        Example("Kratom [@x].", _report("number = {SR-19}")),
        Example("Kratom [@x].", "@misc{x, title = {Rules on kratom}, year = {2016}, howpublished = {OJ L 117, p. 1}}"),
        Example(
            "Kratom [@x].",
            "@patent{x, author = {Kruegel, A.}, title = {Kratom}, year = {2016}}",
            {"csl": "din-1505-2"},
        ),
    ]
    good = [
        Example(
            "Kratom [@x].", _bib("title = {Kratom at pH 7.4}").replace("J Test", "arXiv preprint arXiv:2106.10577")
        ),
        Example("Kratom [@x].", _report("type = {Report}, note = {With a list}")),
        Example("Kratom [@x].", _bib("title = {Kratom}, pages = {version 0.2-6.4}").replace("article", "manual")),
        Example("Kratom [@x].", _bib("title = {Kratom}").replace("J Test", "Science (New York, N.Y.)")),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare every printed reference with its entry: numbers, words of mixed case, and what others of its type show."""
        entries = [entry for entry in submission.bibliography if entry.key in submission.references]
        shown = _shown(entries, submission.references)

        def faults(entry: Entry) -> Iterator[Fault]:
            text = submission.references.get(entry.key)
            if text is not None and not re.search(r"[^\W\d_]", text):
                yield Fault(
                    "", f"the style prints nothing of a work of the type {printable(entry.type, 40)}", remedy=_TYPE
                )
            elif text:
                yield from _changed(entry.item, text)
                yield from _left_out(entry.item, text, shown)
                yield from _never_printed(entry.item, text, shown)

        yield from walk(self, submission, faults)


_TYPE = "Choose another type of entry, or name the work in the text without citing it."
_NUMBER = expression(r"(?<![\w.])\d+(?:\.\d+)+(?!\w)")
_MIXED = expression(r"(?<![\w-])(?=\w*[^\W\d_A-Z])\w+[A-Z]\w*(?![\w-])")


def _changed(item: Item, text: str) -> Iterator[Fault]:
    """Yield the numbers and the words of mixed case that are printed, but not as they are in the entry."""
    for variable in ("title", "container-title", "number", "volume", "page"):
        value = plain(item.text(variable))
        for found in _NUMBER.findall(value):
            bare = found.replace(".", "")
            if found not in text and re.search(rf"(?<!\w){bare}(?!\w)", text):
                yield Fault(variable, f"{printable(found)} is printed without its full stops: {bare}")
    for word in _MIXED.findall(plain(item.title)):
        printed = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        if printed and not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text):
            yield Fault("title", f"“{printable(word)}” is printed as “{printable(printed[0])}”")


#: What a reader needs to find a work, and how it is looked for in a printed reference.
_NEEDED = ("author", "title", "issued", "container-title")
_CALLED = {"author": "first author", "title": "title", "issued": "year", "container-title": "journal or book"}


def _shown(entries: list[Entry], references: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """Return, for each CSL type, which variables the style prints of a work of this type."""
    found: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        text = fold(references[entry.key])
        found[entry.item.type].update(
            name for name in _NEEDED if any(part in text for part in _sought(entry.item, name))
        )
    return {kind: frozenset(names) for kind, names in found.items()}


def _left_out(item: Item, text: str, shown: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    # A style may take the full stops out of a journal's name: N.Y. is NY.
    squeezed = fold(text).replace(" ", "")
    for variable in shown.get(item.type, ()):
        parts = _sought(item, variable)
        if parts and not any(part.replace(" ", "") in squeezed for part in parts):
            yield Fault(variable, f"the {_CALLED[variable]} is not printed: {printable(parts[0], 80)}")


#: What tells works of a type apart where no address leads to them, and some styles print of none: AMA, for one.
_OF_TYPE = {
    "report": ("number",), "standard": ("number",), "patent": ("number",), "dataset": ("publisher",),
    "document": ("number", "publisher"), "legislation": ("number", "publisher"),
}  # fmt: skip


def _never_printed(item: Item, text: str, shown: Mapping[str, frozenset[str]]) -> Iterator[Fault]:
    """Yield the year, number, publisher and translators that the style leaves out of works whose readers need them."""
    folded, digits = fold(text), re.sub(r"\W", "", text.casefold())
    year = str(item.year or "")
    if year and year not in text and not (item.doi or item.url) and "issued" not in shown.get(item.type, ()):
        yield Fault("issued", f"the style prints no year of this work ({item.type}): {year}", remedy=_STATE)
    for variable in () if item.doi or item.url else _OF_TYPE.get(item.type, ()):
        value = plain(item.text(variable))
        found = re.sub(r"\W", "", value.casefold()) in digits if variable == "number" else fold(value) in folded
        if value and not found:
            yield Fault(
                variable, f"the style prints no {variable} of a {item.type}: {printable(value, 80)}", remedy=_STATE
            )
    lost = [
        name.family or name.literal
        for name in item.translator
        if fold(plain(name.family or name.literal)) not in folded
    ]
    if lost:
        message = f"the style does not name the translator: {printable(', '.join(lost), 80)}"
        yield Fault("translator", message, Severity.NOTE, remedy=_STATE)


_STATE = "State it in the title or the text, or choose another citation style."


def _sought(item: Item, variable: str) -> list[str]:
    """Return what of `variable` may be printed, folded: a style may print the short form of a title."""
    if variable == "author":
        first = item.author[0] if item.author else Name()
        return [part for part in [fold(plain(first.literal or first.family))] if part]
    if variable == "issued":
        return [str(item.year)] if item.year and item.year > 0 else []
    short = {"title": item.title_short, "container-title": item.container_title_short or item.journal_abbreviation}
    texts = (item.text(variable), short[variable])
    return [part for part in (fold(plain(one)) for one in texts) if part]
