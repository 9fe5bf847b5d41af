"""CIT: the keys that a manuscript cites, and the bibliography that defines them."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location, Severity
from pubkit.language.alphabets import lookalikes
from pubkit.language.comparison import ascii_spelling
from pubkit.language.folding import normalise
from pubkit.manuscript.crossref import is_label
from pubkit.manuscript.model import Block, BlockKind, Citation
from pubkit.references.bibliography.formats.bibtex import parents_of
from pubkit.references.bibliography.identifiers import (
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.bibliography.markup import fold
from pubkit.references.item import Name
from pubkit.references.model import Bibliography, Entry
from pubkit.references.rules import CIT006, CIT007
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.near_keys import meant, squeezed
from pubkit.rules.rewriting import on_line

_PANDOC = "Pandoc User's Guide, Citations: a key that no entry defines is printed as (key?), and pandoc exits with 0"
_BIBTEX = "pandoc silently keeps the last of several entries with one key"

_IDENTIFIER = expression(r"(doi|pmid|pmcid|isbn|arxiv):(.*)", re.IGNORECASE)
#: Identifiers that Manubot looks up and pubkit's registries do not (Manubot, Citations by persistent identifier).
_OTHER_IDENTIFIER = expression(r"(?:url|wikidata):\S+|https?://\S+")
_READ_IDENTIFIER = {
    "doi": normalise_doi,
    "pmid": normalise_pmid,
    "pmcid": normalise_pmcid,
    "isbn": normalise_isbn,
    "arxiv": normalise_arxiv,
}
_NEAR = 70

_ENTRY = """@article{kruegel2016,
  author = {Kruegel, Andrew C.}, title = {Synthetic and receptor signaling explorations of the mitragyna alkaloids},
  journal = {J Am Chem Soc}, year = {2016}, volume = {138}, pages = {6754--6764}}"""


def _is_identifier(key: str) -> bool:
    return bool(_IDENTIFIER.fullmatch(key) or _OTHER_IDENTIFIER.fullmatch(key))


def _nearest(key: str, known: Mapping[str, str]) -> str | None:
    """Return the key of `known` (keys with their lower-case forms) that `key` most likely stands for, or None.

    Of several similar keys, this is the one with the fewest typing errors; two transposed letters count as one.
    """
    from rapidfuzz import fuzz, process
    from rapidfuzz.distance import OSA

    folded = key.casefold()
    alike = process.extract(folded, known, scorer=fuzz.ratio, score_cutoff=_NEAR, limit=20)
    return str(min(alike, key=lambda found: OSA.distance(folded, found[0]))[2]) if alike else None


def _hint(submission: Submission, citation: Citation, nearest: str | None) -> str:
    """Return what may be wrong with an undefined key, as a sentence after a space, or ""."""
    key = citation.key
    if is_label(key[:1].lower() + key[1:]):
        return (
            " Cross-references to figures, tables, sections and equations are written in lower case: "
            f"@{printable(key.lower())}."
        )
    if hidden := _hidden_after(submission, citation):
        return f" The invisible character {_named(hidden)} after it ends the key; delete it."
    if nearest is None:
        return ""
    strange = next((char for char in nearest if not char.isascii()), None)
    if strange is not None:
        return (
            f" The entry {printable(nearest)} looks the same but contains {_named(strange)}; correct the bibliography."
        )
    return f" Did you mean @{printable(nearest)}?"


def _hidden_after(submission: Submission, citation: Citation) -> str | None:
    """Return the invisible character right after a key in the source, or None."""
    line = _line_of(submission, citation)
    end = line.find(citation.key, max(0, citation.location.column - 1)) + len(citation.key)
    char = line[end : end + 1]
    return char if char and unicodedata.category(char) == "Cf" else None


def _cut_short(submission: Submission, citation: Citation) -> str:
    """Return the whole key as the author wrote it if pandoc reads only a part of it, or else "".

    Pandoc ends a key at two punctuation marks in a row, at brackets and at most other signs, unless it is in braces. What
    was written is taken for a key if an entry has it, or if it is an identifier longer than the part read.
    """
    written = _written(submission, citation)
    if len(written) == len(citation.key):
        return ""
    shorter = (written[:end] for end in range(len(written), len(citation.key), -1))
    return next((one for one in shorter if one in submission.bibliography or _is_longer_identifier(one, citation)), "")


def _written(submission: Submission, citation: Citation) -> str:
    """Return the run of characters that begins with the key of `citation` in the source; the key if unknown."""
    line = _line_of(submission, citation)
    start = line.find(f"@{citation.key}", max(0, citation.location.column - 2))
    found = _KEY_RUN.match(line, start + 1) if start >= 0 else None
    return found[0] if found and found[0].startswith(citation.key) else citation.key


def _broken_by_blanks(submission: Submission, citation: Citation, known: Collection[str]) -> str | None:
    """Return the key of `known` that `citation` and up to three words after it make: `[@yang 2024]` is @yang2024."""
    line = _line_of(submission, citation)
    start = line.find(f"@{citation.key}", max(0, citation.location.column - 2))
    words = re.match(r"[\w .:-]{1,80}", line[start + 1 :]) if start >= 0 else None
    parts = words[0].split() if words else []
    joined = {squeezed("".join(parts[:count])) for count in (2, 3, 4) if count <= len(parts)}
    return next((key for key in known if squeezed(key) in joined), None)


def _other_key(submission: Submission, citation: Citation, key: str, *, certain: bool = True) -> Fix | None:
    """Return the fix that writes `key` in the place of the key of `citation`."""
    pattern = rf"(?<=@){re.escape(citation.key)}|(?<=@\{{){re.escape(citation.key)}"
    return on_line(submission, citation.location, pattern, key, f"Write {key}", certain=certain)


def _line_of(submission: Submission, citation: Citation) -> str:
    """Return the source line of `citation`; "" if it is unknown."""
    place = citation.location
    text = submission.manuscript.written.get(place.file, "")
    return next(iter(_lines(text)[place.line - 1 : place.line]), "") if place.line else ""


@functools.lru_cache(maxsize=8)
def _lines(text: str) -> tuple[str, ...]:
    """Return the lines of a source, split once for all its citations."""
    return tuple(text.split("\n"))


#: Everything up to a space, an unmatched closing bracket, or what separates citations.
_KEY_RUN = expression(r"(?:[^\s\[\](){};,]|\([^\s\[\](){};,]{0,60}\)|;(?=\S{1,10}$)){1,300}")


def _is_longer_identifier(written: str, citation: Citation) -> bool:
    """Return whether `written` is an identifier of which the key of `citation` is not the whole."""
    found = _IDENTIFIER.fullmatch(written)
    if not found or not re.search(r"[\w)>]$", written):
        return False
    read = _READ_IDENTIFIER[found[1].lower()]
    return bool(read(found[2])) and read(citation.key.partition(":")[2]) != read(found[2])


def _named(char: str) -> str:
    return f"{unicodedata.name(char, 'without a name')} (U+{ord(char):04X})"


def _bibliography_is_at_fault(submission: Submission) -> bool:
    """Return whether no bibliography was named, found or readable, which other rules report."""
    if len(submission.bibliography):
        return False
    broken = any(finding.rule in {CIT006.id, CIT007.id} for finding in submission.bibliography.findings)
    return broken or not (submission.bibliography.files or submission.publication.bibliography)


def _unreadable_keys(bibliography: Bibliography) -> set[str]:
    """Return the keys of entries that are in a bibliography but could not be read."""
    return {finding.context for finding in bibliography.findings if finding.rule == CIT006.id}


def _undefined(submission: Submission) -> Iterator[Citation]:
    """Return the citations whose key no entry defines."""
    unreadable = _unreadable_keys(submission.bibliography)
    for citation in submission.manuscript.citations:
        if citation.key not in submission.bibliography and citation.key not in unreadable:
            yield citation


class UndefinedKey(Rule):
    """Every citation key is defined in the bibliography."""

    id = "CIT001"
    severity = Severity.ERROR
    waivable = False
    source = _PANDOC
    remedy = "Add the entry to the bibliography, or correct the key."
    bad = [
        Example("Kratom acts on opioid receptors [@krugel2016].", _ENTRY),
        Example("Kratom acts on opioid receptors [@Kr+:ACS:16].", _ENTRY.replace("kruegel2016", "Kr+:ACS:16")),
    ]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation of an undefined key, with the key that was most likely meant."""
        if _bibliography_is_at_fault(submission):
            return
        folded = {entry.key: entry.key.casefold() for entry in submission.bibliography}
        spellings = set(folded.values())
        nearest_to: dict[str, str | None] = {}
        for citation in submission.manuscript.citations:
            if whole := _cut_short(submission, citation):
                yield self._in_braces(submission, citation, whole)
        for citation in _undefined(submission):
            key = citation.key
            if _is_identifier(key) or not key.isascii() or key.casefold() in spellings:
                continue
            if _cut_short(submission, citation):
                continue
            if key not in nearest_to:
                nearest_to[key] = _nearest(key, folded)
            nearest = _broken_by_blanks(submission, citation, folded) or nearest_to[key]
            message = f"No bibliography entry has the key {printable(key)}.{_hint(submission, citation, nearest)}"
            fix = self._corrected(submission, citation, folded)
            yield self.at(citation.location, message, context=key, fix=fix)

    @staticmethod
    def _corrected(submission: Submission, citation: Citation, known: Collection[str]) -> Fix | None:
        """Return the fix that writes the only key that can be meant."""
        if joined := _broken_by_blanks(submission, citation, known):
            letters = r"[ .:-]*".join(map(re.escape, squeezed(joined)))
            return on_line(submission, citation.location, rf"(?i)(?<=@){letters}(?!\w)", joined, f"Write {joined}")
        key, certain = meant(citation.key, known)
        return _other_key(submission, citation, key, certain=certain) if key else None

    def _in_braces(self, submission: Submission, citation: Citation, whole: str) -> Finding:
        shown = printable(whole)
        message = f"The key {shown} is cut off after {printable(citation.key)}, where pandoc ends a key."
        new = f"{{{whole}}}".replace("\\", r"\\")
        fix = on_line(submission, citation.location, f"(?<=@){re.escape(whole)}", new, "Put the key in braces")
        remedy = f"Write it in braces: [@{{{shown}}}]."
        return self.at(citation.location, message, context=whole, remedy=remedy, fix=fix)


class UnseenCitation(Rule):
    """Pandoc recognises every citation."""

    id = "CIT014"
    severity = Severity.ERROR
    source = (
        "Pandoc User's Guide, Citation syntax: the key follows the @ directly; visual editors put a backslash before it"
    )
    remedy = (
        "Write [@key], without a space or a backslash; give an entry whose key has spaces or other signs a new key."
    )
    bad = [
        "Kratom acts on opioid receptors [@ kruegel2016].",
        "Kratom acts on opioid receptors [\\@kruegel2016].",
        "Kratom acts on opioid receptors [kruegel2016].",
        "Kratom acts on opioid receptors (see @ kruegel2016).",
    ]
    good = [
        "Kratom acts on opioid receptors [@kruegel2016].",
        "Write to us [desk@hospital.org] with `[@key]` in mind.",
        "Kratom [sic] acts on receptors (at 5 mg @ 37 degrees) [1].",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look in the printed text for an @ that begins a word in brackets, and for a known key in brackets."""
        known = frozenset(key for key in submission.bibliography.entries if _LIKE_A_KEY.fullmatch(key))
        for block in submission.manuscript.document.blocks:
            if block.kind is BlockKind.METADATA:
                yield from self._in_metadata(submission, block)
                continue
            for found in _IN_BRACKETS.finditer(block.text):
                words = re.split(r"[\s;,]+", found[1])
                is_square = found[0][0] == "["
                named = any(key in submission.bibliography for key in _KEY_AFTER_AT.findall(found[1]))
                is_known = named or (is_square and not known.isdisjoint(words))
                # Code may show how others cite.
                is_meant = is_square and block.kind is not BlockKind.CODE and _LONE_AT.search(found[1])
                if is_known or is_meant:
                    message = (
                        f"This is not recognised as a citation and is printed as written: {printable(found[0], 80)}"
                    )
                    # A bracket is at no word of its own.
                    first = re.search(r"[^\W_]|\Z", found[0])
                    start = found.start() + (first.start() if first else 0)
                    place = block.span(start, found.end())
                    fix = self._cited(submission, place, found[1], words, known)
                    bare = next((word for word in words if word in known), "")
                    remedy = f"Write an @ before the key: [@{bare}]." if bare and is_square else ""
                    yield self.at(place, message, context=found[0], remedy=remedy, fix=fix)

    @staticmethod
    def _cited(
        submission: Submission, place: Location, inside: str, words: list[str], known: Collection[str]
    ) -> Fix | None:
        """Return the fix that makes a citation of a key in brackets, if the brackets hold nothing else."""
        after_at = [key for key in _KEY_AFTER_AT.findall(inside) if key in submission.bibliography]
        if len(after_at) == 1:
            key = re.escape(after_at[0])
            return on_line(submission, place, rf"\\?@[ \t]*({key})", r"@\1", f"Cite {after_at[0]}")
        if len(words) == 1 and words[0] in known:
            return on_line(submission, place, rf"(?<=\[)({re.escape(words[0])})(?=\])", r"@\1", f"Cite {words[0]}")
        return None

    def _in_metadata(self, submission: Submission, block: Block) -> Iterator[Finding]:
        """Yield each citation in a text of the metadata, where none is read."""
        for found in _CITED_IN_METADATA.finditer(block.text):
            key = (found["inside"] or found["key"]).rstrip(".,;:!?")
            if key in submission.bibliography or found[0].startswith("["):
                message = f"A citation in the {block.section[0]} is printed as written: {printable(found[0], 80)}"
                remedy = (
                    "Cite the work in the text instead: the abstract and the title are read without the reference list."
                )
                yield self.at(block.location, message, context=found[0], remedy=remedy)


_CITED_IN_METADATA = expression(
    r"\[[^\[\]]{0,80}(?<![\w.])@(?P<inside>\w[^\s\[\];,]*)[^\[\]]{0,200}\]|(?<![\w.%+-])@(?P<key>\w[^\s\[\];,()]*)"
)
_IN_BRACKETS = expression(r"[\[(]([^\[\]()]{1,300})[\])]")
_KEY_AFTER_AT = expression(r"(?<![\w.%+-])@\s*([^\s;,]+)")
_LONE_AT = expression(r"(?<![\w.%+-])@(?=[\s{\w]|$)")
#: A key that is not a word of a language: letters and digits, or letters separated by signs.
_LIKE_A_KEY = expression(r"(?=\D*\d)(?=[\W\d_]*[^\W\d_])\S{5,}")


#: So many unknown keys at most are mistyped ones; of more, the bibliography is that of another text.
_MOST_MISTYPED = 30


class UncitedEntry(Rule):
    """Every bibliography entry is cited."""

    id = "CIT002"
    severity = Severity.WARNING
    source = "ICMJE Recommendations IV.A.3.g: references are those the text mentions"
    remedy = "Cite it, or remove it from the bibliography; uncited entries are not printed."
    bad = [Example("Kratom is a tree.", _ENTRY)]
    good = [
        Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY),
        Example("Kratom acts on opioid receptors [@kreugel2016].", _ENTRY),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry that is neither cited, by its key or a mistyped one, nor the parent of one that is."""
        cited = {_cut_short(submission, citation) or citation.key for citation in submission.manuscript.citations}
        unknown = cited - submission.bibliography.entries.keys()
        if len(unknown) <= _MOST_MISTYPED:
            cited |= {meant(key, submission.bibliography.entries)[0] for key in unknown}
        bibliography = submission.bibliography
        waiting = [key for key in cited if key in bibliography]
        while waiting:
            for parent in parents_of(bibliography.entries[waiting.pop()].fields):
                if parent in bibliography and parent not in cited:
                    cited.add(parent)
                    waiting.append(parent)
        for entry in bibliography:
            if entry.key not in cited:
                yield self.at(entry.location, f"The entry {printable(entry.key)} is never cited.", context=entry.key)


class DuplicateKey(Rule):
    """Every citation key is defined only once."""

    id = "CIT003"
    severity = Severity.ERROR
    waivable = False
    source = _BIBTEX
    remedy = "Give one of the two entries another key, or delete it."
    bad = [Example("Kratom acts on opioid receptors [@kruegel2016].", f"{_ENTRY}\n{_ENTRY}")]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each later entry under a key that is taken."""
        for entry in submission.bibliography.duplicates:
            first = submission.bibliography.entries[entry.key]
            message = f"The key {printable(entry.key)} is already used by the entry at {first.location}."
            severity = Severity.WARNING if _prints_the_same(entry, first) else self.severity
            yield self.at(entry.location, message, context=entry.key, severity=severity)


def _prints_the_same(entry: Entry, first: Entry) -> bool:
    """Return whether `entry` adds nothing to `first`, which is printed: an export that contains the work twice."""
    values = {name: getattr(entry.item, name) for name in _PRINTED}
    return bool(fold(entry.item.title)) and all(
        _compared(value) == _compared(getattr(first.item, name)) for name, value in values.items() if value
    )


_PRINTED = ("type", "title", "author", "container_title", "issued", "volume", "issue", "page", "doi", "publisher")


def _compared(value: object) -> object:
    """Return `value` in the form in which two entries are compared: the family names of people, the words of a text."""
    if isinstance(value, tuple):
        return [fold(name.family or name.literal) for name in value if isinstance(name, Name)]
    return fold(value) if isinstance(value, str) else value


class NonAsciiKey(Rule):
    """No citation key can be mistaken for another."""

    id = "CIT004"
    severity = Severity.ERROR
    source = "Unicode Technical Standard 39: identifiers that look alike; biblatex manual, Entry keys"
    remedy = "Use only letters of one alphabet, digits and - _ : . in the key, in the bibliography and in the text."
    bad = [Example("Kratom acts on opioid receptors [@kruеgel2016].", _ENTRY.replace("kruegel2016", "kruеgel2016"))]
    good = [
        Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY),
        Example("Kratom acts on opioid receptors [@krügel2016].", _ENTRY.replace("kruegel2016", "krügel2016")),
        Example("Kratom acts on opioid receptors [@罗明_p24].", _ENTRY.replace("kruegel2016", "罗明_p24")),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry and each citation with such a key."""
        known = submission.bibliography.keys()
        for entry in (*submission.bibliography, *submission.bibliography.duplicates):
            if char := _doubtful(entry.key):
                yield self.at(entry.location, self._message(entry.key, char, known), context=entry.key)
        for citation in submission.manuscript.citations:
            if char := _doubtful(citation.key):
                plain = ascii_spelling(citation.key)
                fix = _other_key(submission, citation, plain) if plain in known else None
                yield self.at(
                    citation.location, self._message(citation.key, char, known), context=citation.key, fix=fix
                )

    @staticmethod
    def _message(key: str, char: str, known: Collection[str]) -> str:
        name = unicodedata.name(char, f"U+{ord(char):04X}")
        plain = ascii_spelling(key)
        looks = f" It looks like {plain}, the key of another entry." if plain in known else ""
        return f"The key {printable(key)} contains the character {name}.{looks}"


#: Scripts that stand beside Latin letters and cannot be mistaken for them (UTS 39, highly restrictive identifiers).
_EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "BOPOMOFO", "HANGUL"})


def _doubtful(key: str) -> str:
    """Return the character that may make a reader mistake `key` for another one; "" if there is none.

    Letters of one script in their composed form (NFC) are what they look like: müller2019, хаким2020.
    """
    if key.isascii():
        return ""
    scripts = {_script(char) for char in key if char.isalpha()}
    strange = (char for char in key if not char.isascii() and (not char.isalpha() or _script(char) != "LATIN"))
    if len(scripts - _EAST_ASIAN) > 1 or (scripts & _LOOK_LIKE_LATIN and _reads_as_latin(key)):
        return next(strange)
    changed = (char for char, other in zip(key, f"{normalise(key)} ", strict=False) if char != other)
    unusual = (char for char in key if not char.isascii() and (_PHONETIC.match(char) or not _plain_to_see(char)))
    return next(changed, "") or next(unusual, "")


def _plain_to_see(char: str) -> bool:
    """Return whether `char` is a letter, a digit or a picture, and none of the signs that look like one of ASCII."""
    return char.isalnum() or unicodedata.category(char) == "So"


#: Latin letters that occur only in phonetic and small-capital writing, in no language's spelling: ɑ, ɡ, ᴀ.
_PHONETIC = expression("[\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff]")
_LOOK_LIKE_LATIN = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE"})


def _script(char: str) -> str:
    """Return the script of a letter, which is the first word of its Unicode name."""
    return unicodedata.name(char, "UNKNOWN").partition(" ")[0]


def _reads_as_latin(key: str) -> bool:
    """Return whether every letter of `key` looks like a Latin one, so that readers cannot see the script."""
    return key.translate(lookalikes()).isascii()


class KeyCase(Rule):
    """Citation keys use the same capital letters in the text and in the bibliography."""

    id = "CIT005"
    severity = Severity.ERROR
    source = "pandoc's keys are case-sensitive; BibTeX's are not"
    remedy = "Write the key the same way in the text and in the bibliography."
    bad = [Example("Kratom acts on opioid receptors [@Kruegel2016].", _ENTRY)]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", _ENTRY)]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation and each entry whose key differs from another's only in capital letters."""
        spelled: dict[str, str] = {}
        for entry in submission.bibliography:
            first = spelled.setdefault(entry.key.casefold(), entry.key)
            if first != entry.key:
                message = f"The keys {printable(first)} and {printable(entry.key)} differ only in capital letters."
                remedy = "Give one of the entries another key, or delete one of them."
                yield self.at(entry.location, message, context=entry.key, remedy=remedy, severity=Severity.WARNING)
        for citation in _undefined(submission):
            known = spelled.get(citation.key.casefold())
            if known and citation.key.isascii():
                message = f"No entry has the key {printable(citation.key)}, but there is an entry {printable(known)}."
                fix = _other_key(submission, citation, known)
                yield self.at(citation.location, message, context=citation.key, fix=fix)


class MissingBibliography(Rule):
    """Report cited keys if no bibliography is named."""

    entry = CIT007

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield the first citation if no bibliography is named."""
        if submission.bibliography.files or submission.publication.bibliography:
            return
        named = [citation for citation in submission.manuscript.citations if not _is_identifier(citation.key)]
        if named and not len(submission.bibliography):
            message = f"The text cites {printable(named[0].key)}, but no bibliography is named."
            yield self.at(named[0].location, message, context="bibliography")


class UnresolvedIdentifier(Rule):
    """Every work cited by its identifier has been looked up."""

    id = "CIT008"
    severity = Severity.ERROR
    waivable = False
    source = "DOI Handbook; NLM on PMID and PMCID; ISO 2108 (ISBN); arXiv identifier scheme"
    remedy = "Run `pubkit refs update`, which asks the registries and stores their answers in references.lock.json."
    bad = [
        "Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360].",
        "Kratom acts on opioid receptors [@https://doi.org/10.1021/jacs.6b00360].",
    ]
    good = [
        Example(
            "Kratom acts on opioid receptors [@doi:10.1021/jacs.6b00360].",
            _ENTRY.replace("kruegel2016", "doi:10.1021/jacs.6b00360"),
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each citation by identifier that neither the bibliography nor the lock resolves."""
        for citation in _undefined(submission):
            found = _IDENTIFIER.fullmatch(citation.key)
            verdict = submission.verdicts.get(citation.key)
            if _OTHER_IDENTIFIER.fullmatch(citation.key):
                yield self._of_no_registry(citation)
            elif found and not (verdict is not None and verdict.checked) and not _cut_short(submission, citation):
                yield self._not_resolved(citation, found[1].lower(), found[2])

    def _not_resolved(self, citation: Citation, scheme: str, value: str) -> Finding:
        if _READ_IDENTIFIER[scheme](value):
            message = f"The work {printable(citation.key)} has not been looked up yet."
            return self.at(citation.location, message, context=citation.key)
        message = f"This is not a valid {_SCHEMES[scheme]}: {printable(value) or '(empty)'}"
        remedy = "Copy the identifier from the publisher's page again; a digit or letter is wrong."
        return self.at(citation.location, message, context=citation.key, remedy=remedy)

    def _of_no_registry(self, citation: Citation) -> Finding:
        if doi := normalise_doi(citation.key):
            message = f"This DOI is cited by its address: {printable(citation.key)}"
            return self.at(
                citation.location, message, context=citation.key, remedy=f"Write it as [@doi:{printable(doi)}]."
            )
        message = f"No registry that pubkit asks describes {printable(citation.key)}."
        remedy = "Add an entry with this key to the bibliography: its title, authors, date and address."
        return self.at(citation.location, message, context=citation.key, remedy=remedy)


_SCHEMES = {
    "doi": "DOI",
    "pmid": "PubMed ID",
    "pmcid": "PubMed Central ID",
    "isbn": "ISBN",
    "arxiv": "arXiv identifier",
}
