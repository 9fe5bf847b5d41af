"""CIT: the keys that a bibliography defines."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.language.alphabets import lookalikes
from pubkit.language.comparison import ascii_spelling
from pubkit.language.folding import normalise
from pubkit.references.bibliography.formats.bibtex import parents_of
from pubkit.references.bibliography.markup import fold
from pubkit.references.item import Name
from pubkit.references.model import Entry
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.near_keys import meant
from pubkit.rules.written_keys import cut_short, other_key

_BIBTEX = "pandoc silently keeps the last of several entries with one key"
#: An entry of the examples.
ENTRY = """@article{kruegel2016,
  author = {Kruegel, Andrew C.}, title = {Synthetic and receptor signaling explorations of the mitragyna alkaloids},
  journal = {J Am Chem Soc}, year = {2016}, volume = {138}, pages = {6754--6764}}"""

#: So many unknown keys at most are mistyped ones; of more, the bibliography is that of another text.
_MOST_MISTYPED = 30


class UncitedEntry(Rule):
    """Every bibliography entry is cited."""

    id = "CIT002"
    severity = Severity.WARNING
    source = "ICMJE Recommendations IV.A.3.g: references are those the text mentions"
    remedy = "Cite it, or remove it from the bibliography; uncited entries are not printed."
    bad = [Example("Kratom is a tree.", ENTRY)]
    good = [
        Example("Kratom acts on opioid receptors [@kruegel2016].", ENTRY),
        Example("Kratom acts on opioid receptors [@kreugel2016].", ENTRY),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield each entry that is neither cited, by its key or a mistyped one, nor the parent of one that is."""
        cited = {cut_short(submission, citation) or citation.key for citation in submission.manuscript.citations}
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
    bad = [Example("Kratom acts on opioid receptors [@kruegel2016].", f"{ENTRY}\n{ENTRY}")]
    good = [Example("Kratom acts on opioid receptors [@kruegel2016].", ENTRY)]

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
    bad = [Example("Kratom acts on opioid receptors [@kruеgel2016].", ENTRY.replace("kruegel2016", "kruеgel2016"))]
    good = [
        Example("Kratom acts on opioid receptors [@kruegel2016].", ENTRY),
        Example("Kratom acts on opioid receptors [@krügel2016].", ENTRY.replace("kruegel2016", "krügel2016")),
        Example("Kratom acts on opioid receptors [@罗明_p24].", ENTRY.replace("kruegel2016", "罗明_p24")),
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
                fix = other_key(submission, citation, plain) if plain in known else None
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
