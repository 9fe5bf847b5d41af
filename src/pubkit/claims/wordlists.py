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

from pubkit.packaged import parsed

__all__ = [
    "REMEMBERED",
    "Entry",
    "Hit",
    "WordList",
    "compile_grammar",
    "in_parts",
    "phrase_pattern",
    "word_list",
    "word_list_ids",
]

_FOLDER = "lists"

#: How many sentences a detector remembers, because several rules check the same sentence; no text has as many.
REMEMBERED = 1 << 16


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
        phrases = [phrase_pattern(entry.phrase) for entry in self.entries]
        parts = [(part, _starts_plain(part)) for part in phrases] + [(part, False) for part in file.patterns]
        self.alternatives = _by_first_letters(sorted(parts, key=lambda part: len(part[0]), reverse=True))
        self._excepted = "|".join(map(phrase_pattern, file.exceptions))

    @functools.cached_property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern that finds any entry; lists used only within a grammar never need it."""
        return re.compile(rf"(?<!\w)(?:{self.alternatives})(?!\w)")

    @functools.cached_property
    def _exceptions(self) -> re.Pattern[str] | None:
        return re.compile(rf"(?<!\w)(?:{self._excepted})(?!\w)") if self._excepted else None

    @functools.cached_property
    def _by_letter(self) -> dict[str, list[tuple[str, Entry]]]:
        """Return the entries with their patterns by first letter; under "", those with several first letters."""
        found: dict[str, list[tuple[str, Entry]]] = {}
        for entry in self.entries:
            pattern = phrase_pattern(entry.phrase)
            found.setdefault(pattern[0] if _starts_plain(pattern) else "", []).append((pattern, entry))
        return found

    def _entry(self, found: str) -> Entry | None:
        """Return the entry that `found` is a form of; only candidates are compiled, because a text has few entries."""
        candidates = self._by_letter.get(found[0], []) + self._by_letter.get("", [])
        return next((entry for pattern, entry in candidates if re.fullmatch(pattern, found)), None)

    def without_exceptions(self, text: str) -> str:
        """Return `text` with each exception blanked out and its length unchanged."""
        if self._exceptions is None:
            return text
        return self._exceptions.sub(lambda match: "\x00" * len(match.group()), text)

    def hits(self, text: str) -> Iterator[Hit]:
        """Yield every place of the folded `text` at which the list applies."""
        for match in self.pattern.finditer(self.without_exceptions(text)):
            found = match.group()
            yield Hit(match.start(), match.end(), found, self._entry(found))

    def first(self, text: str) -> Hit | None:
        """Return the first place at which the list applies, if any."""
        return next(self.hits(text), None)


_PART = 1_000
_OVERLAP = 200


def in_parts(text: str, detect: Callable[[str], Hit | None]) -> Hit | None:
    """Return the first place that `detect` finds, reading a long sentence in parts, so that the time grows with its length.

    The parts overlap, so that no claim is lost between two of them.
    """
    for begin in range(0, max(1, len(text) - _OVERLAP), _PART - _OVERLAP):
        hit = detect(text[begin : begin + _PART])
        if hit:
            return Hit(begin + hit.start, begin + hit.end, hit.text, hit.entry)
    return None


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


@functools.lru_cache(maxsize=128)
def word_list(identifier: str) -> WordList:
    """Return the list wordlists/`identifier`.yaml.

    Raises:
        FileNotFoundError: there is no such list.
        msgspec.ValidationError: the file does not have the structure in this module's docstring.
    """
    text = resources.files(__package__).joinpath(_FOLDER, f"{identifier}.yaml").read_bytes()
    return WordList(msgspec.convert(parsed(text), _File))


def word_list_ids() -> tuple[str, ...]:
    """Return the ids of all lists, sorted."""
    folder = resources.files(__package__).joinpath(_FOLDER)
    return tuple(sorted(file.name.removesuffix(".yaml") for file in folder.iterdir() if file.name.endswith(".yaml")))


def compile_grammar(template: str) -> re.Pattern[str]:
    """Return a pattern in which `<id>` stands for any entry of the word list of that name.

    Blanks in `template` stand for one blank or hyphen of the folded text; line breaks and indentation are left out.
    """
    joined = re.sub(r"\n\s*", "", template)
    filled = re.sub(
        r"(?<!\?P)<([a-z][a-z-]+)>", lambda name: f"(?:{word_list(name.group(1)).alternatives})", _open_blanks(joined)
    )
    return re.compile(filled)


def _open_blanks(pattern: str) -> str:
    """Return `pattern` with each blank outside a character class matching a blank or a hyphen."""
    result = []
    in_class = escaped = False
    for char in pattern:
        if escaped:
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == "[":
            in_class = True
        elif char == "]":
            in_class = False
        elif char == " " and not in_class:
            char = "[ -]"
        result.append(char)
    return "".join(result)
