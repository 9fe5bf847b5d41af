"""The word lists that the language rules work with: data that an editor can read and extend.

Each file wordlists/<id>.yaml states the purpose, source and date of the list. An entry is a phrase in lower
case: `*` stands for any ending of a word, `(a|b)` for either, `?` for a letter or group that may be missing, and a blank
for white space or a hyphen. `patterns` are regular expressions for what phrases cannot say; `exceptions` are phrases in
which an entry means something else. Lists are matched against folded text (`pubkit.language.matching`).
"""

from __future__ import annotations

import datetime as dt
import functools
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pubkit.claims.narrowing import NEVER, narrowed
from pubkit.claims.patterns import Pattern, Words
from pubkit.claims.recorded import content
from pubkit.claims.required import Strings, pieces, spellings
from pubkit.packaged import parsed

__all__ = [
    "Entry",
    "Hit",
    "WordList",
    "content_of_lists",
    "filled",
    "grammar",
    "joined_lines",
    "opened",
    "phrase_pattern",
    "phrase_pieces",
    "word_list",
    "word_list_ids",
]

_FOLDER = "lists"


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase with what to write in its place, and why."""

    phrase: Annotated[str, Meta(min_length=1, max_length=200)]
    use: str = ""
    note: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    """A list as its file states it."""

    id: Annotated[str, Meta(pattern=r"^[a-z][a-z-]{1,40}$")]
    purpose: Annotated[str, Meta(min_length=10)]
    source: Annotated[str, Meta(min_length=4)]
    as_of: dt.date
    entries: list[str | Entry] = []
    patterns: list[str] = []
    exceptions: list[str] = []


class Hit(Struct, frozen=True):
    """An entry found in a folded text: where, and which one."""

    start: int
    end: int
    text: str
    entry: Entry | None = None


class WordList:
    """One list, ready for matching."""

    def __init__(self, file: _File) -> None:
        self.id = file.id
        self.purpose = file.purpose
        self.source = file.source
        self.as_of = file.as_of
        self.entries = tuple(entry if isinstance(entry, Entry) else Entry(entry) for entry in file.entries)
        self._patterns = tuple(file.patterns)
        self.alternatives = functools.cache(self._alternatives)
        self._entry = functools.cache(self._entry_of)
        self.pattern = _whole(self.alternatives, lambda: self.pieces, self.id)
        self._excepted = _exceptions(file.exceptions, self.id) if file.exceptions else None

    @functools.cached_property
    def _phrases(self) -> Sequence[tuple[str, Sequence[str]]]:
        return [(entry.phrase, _plain_words(entry.phrase)) for entry in self.entries]

    def _alternatives(self, known: Words) -> str | None:
        """Return the expression that matches any entry whose words are `known`; `pattern` matches it as whole words."""
        phrases = (phrase for phrase, words in self._phrases if all(word in known for word in words))
        parts = [*((phrase_pattern(phrase), True) for phrase in phrases), *((part, False) for part in self._patterns)]
        ordered = sorted(parts, key=lambda part: len(part[0]), reverse=True)
        possible = ((narrowed(part, known, _nothing), phrase) for part, phrase in ordered)
        found = [(part, phrase and _starts_plain(part)) for part, phrase in possible if part is not None]
        return _by_first_letters(found) if found else None

    @functools.cached_property
    def pieces(self) -> Strings:
        """Return strings of which one occurs in every match of the list, as `pubkit.claims.required.pieces`."""
        phrases = (phrase_pieces(entry.phrase) for entry in self.entries)
        return Strings().union(*phrases, *map(pieces, self._patterns))

    @functools.cached_property
    def _by_letter(self) -> dict[str, list[tuple[str, Entry]]]:
        """Return the entries with their patterns by first letter; under "", those with several first letters."""
        found: dict[str, list[tuple[str, Entry]]] = {}
        for entry in self.entries:
            pattern = phrase_pattern(entry.phrase)
            found.setdefault(pattern[0] if _starts_plain(pattern) else "", []).append((pattern, entry))
        return found

    def _entry_of(self, found: str) -> Entry | None:
        """Return the entry that `found` is a form of; only candidates are compiled, because a text has few entries."""
        candidates = self._by_letter.get(found[0], []) + self._by_letter.get("", [])
        return next((entry for pattern, entry in candidates if re.fullmatch(pattern, found)), None)

    def without_exceptions(self, text: str) -> str:
        """Return `text` with each exception blanked out and its length unchanged."""
        return self._excepted.blotted(text) if self._excepted else text

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield every place of the folded `text` at which the list applies."""
        for match in self.pattern.finditer(self.without_exceptions(text)):
            found = match.group()
            yield Hit(match.start(), match.end(), found, self._entry(found))

    def first(self, text: str) -> Hit | None:
        """Return the first place at which the list applies, if any."""
        return next(self.hits(text), None)


def _whole(alternatives: Callable[[Words], str | None], strings: Callable[[], Strings], name: str) -> Pattern:
    """Return the pattern that matches any of `alternatives`, which are of the list `name`, as whole words."""
    return Pattern(
        r"(?<!\w)<entries>(?!\w)",
        lambda known: rf"(?<!\w)(?:{found})(?!\w)" if (found := alternatives(known)) is not None else NEVER,
        lambda _name: strings(),
        lambda: content(name, content_of_lists()),
    )


def _exceptions(phrases: Sequence[str], name: str) -> Pattern:
    strings = Strings().union(*map(phrase_pieces, phrases))
    return _whole(lambda _known: "|".join(map(phrase_pattern, phrases)), lambda: strings, f"not {name}")


def _plain_words(phrase: str) -> Sequence[str]:
    """Return the words that every text with `phrase` contains, if it is one without choices."""
    return [] if re.search(r"[(|?]", phrase) else re.findall(r"\w+", phrase)


def phrase_pieces(phrase: str) -> Strings:
    """Return the strings that an entry of a word list matches, as `pubkit.claims.required.pieces`."""
    return pieces(phrase_pattern(phrase)) if re.search(r"[(|]", phrase) else spellings(phrase)


def phrase_pattern(phrase: str) -> str:
    """Return the regular expression that an entry of a word list stands for."""
    pattern = []
    for char in phrase:
        if char == "*":
            pattern.append(r"[\w']*")
        elif char == " ":
            pattern.append(r"(?:[\s-]+)")
        elif char == "(":
            pattern.append("(?:")
        elif char in "|)?":
            pattern.append(char)
        else:
            pattern.append(re.escape(char))
    return "".join(pattern)


def _starts_plain(pattern: str) -> bool:
    """Return whether every match of `pattern` begins with its first character, a single letter outside any choice."""
    depth = 0
    for char in pattern:
        depth += (char == "(") - (char == ")")
        if char == "|" and depth == 0:
            return False
    return pattern[:1].isalnum() and pattern[1:2] not in {"?", "*", "+", "{"}


def _by_first_letters(parts: Sequence[tuple[str, bool]], letters: int = 2) -> str:
    """Return the alternatives `parts` as one faster, equivalent expression, in which neighbours share first letters.

    Each part says whether it begins with a plain letter. Parts with different first letters never match at one place, so
    putting those with the same letter together changes no match; parts that begin otherwise keep their place.
    """
    runs: list[str] = []
    for plain, run in itertools.groupby(parts, key=lambda part: part[1]):
        if not plain or not letters:
            runs.extend(part for part, _ in run)
            continue
        groups: dict[str, list[str]] = {}
        for part, _ in run:
            groups.setdefault(part[0], []).append(part[1:])
        for letter, rests in groups.items():
            inner = _by_first_letters([(rest, _starts_plain(rest)) for rest in rests], letters - 1)
            runs.append(f"{letter}(?:{inner})" if len(rests) > 1 else letter + rests[0])
    return "|".join(runs)


def word_list(identifier: str) -> WordList:
    """Return the list wordlists/`identifier`.yaml.

    Raises:
        LookupError: there is no such list.
        msgspec.ValidationError: a file does not have the structure in this module's docstring.
    """
    return _lists()[identifier]


def word_list_ids() -> tuple[str, ...]:
    """Return the ids of all lists, sorted."""
    return tuple(sorted(_lists()))


@functools.cache
def _lists() -> dict[str, WordList]:
    read = {name: parsed(data) for name, data in _files().items()}
    return {name.removesuffix(".yaml"): WordList(msgspec.convert(data, _File)) for name, data in read.items()}


@functools.cache
def _files() -> dict[str, bytes]:
    folder = resources.files(__package__).joinpath(_FOLDER)
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".yaml")), key=lambda file: file.name)
    return {file.name: file.read_bytes() for file in files}


@functools.cache
def content_of_lists() -> str:
    """Return the `pubkit.claims.recorded.content` of all lists."""
    return content(*_files().values())


def grammar(template: str) -> Pattern:
    """Return a pattern in which `<id>` stands for any entry of the word list of that name.

    Blanks in `template` stand for one blank or hyphen of the folded text; line breaks and indentation are left out.
    """
    outline = joined_lines(template)
    return Pattern(outline, lambda known: filled(outline, known), lambda name: word_list(name).pieces, content_of_lists)


def joined_lines(template: str) -> str:
    """Return `template` without line breaks and indentation."""
    return re.sub(r"\n\s*", "", template)


def filled(outline: str, known: Words) -> str:
    """Return the expression that `outline` stands for, as far as it can match where every word is `known`."""
    found = opened(outline, known, lambda name: word_list(name).alternatives(known))
    return NEVER if found is None else found


def opened(template: str, known: Words, meaning: Callable[[str], str | None]) -> str | None:
    """Return `template`, narrowed to what is `known`, with each blank matching a blank or a hyphen."""
    return narrowed(template, known, meaning, "[ -]")


def _nothing(name: str) -> str | None:
    raise LookupError(f"An entry of a word list names no other list, such as {name}.")
