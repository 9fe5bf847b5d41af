"""Regular expressions that are only compiled, and only searched, for a text that contains the words they need.

`Pattern` behaves like a compiled expression. Which words it needs is found by `pubkit.claims.required`; which patterns a
text can match is found once for all patterns, from the words of the text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from typing import ParamSpec, TypeVar, cast

from pubkit.claims.required import Condition, Strings, no_names, required

__all__ = ["REMEMBERED", "Expression", "Pattern", "remembered"]

P = ParamSpec("P")
T = TypeVar("T")

#: How many sentences a detector remembers, because several rules check the same sentence; no text has as many.
REMEMBERED = 1 << 16
_WORDS = re.compile(r"\w+")


def remembered(detector: Callable[P, T]) -> Callable[P, T]:
    """Return `detector` with its answers kept, because several rules put the same sentence to it."""
    return cast(Callable[P, T], functools.lru_cache(maxsize=REMEMBERED)(detector))


class Expression:
    """A regular expression that is compiled when it is first used; `source` returns it."""

    def __init__(self, source: Callable[[], str] | str) -> None:
        self._source = source

    @functools.cached_property
    def regex(self) -> re.Pattern[str]:
        """Return the compiled expression."""
        return re.compile(self._source if isinstance(self._source, str) else self._source())

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in `text`, if any."""
        return self.regex.search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of `text`, if any."""
        return self.regex.match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in `text`, in order, without overlaps."""
        return self.regex.finditer(text)


class Pattern(Expression):
    """An expression that is searched only for in texts that contain the words it needs.

    Args:
        outline: the expression, in which `<name>` stands for a list.
        source: returns the expression in full; by default it is `outline`.
        named: returns what a list can match, as `pubkit.claims.required.pieces`.
    """

    def __init__(
        self, outline: str, source: Callable[[], str] | None = None, named: Callable[[str], Strings] = no_names
    ) -> None:
        super().__init__(source or outline)
        self._outline = outline
        self._named = named
        self.need = 0
        _INDEX.add(self)

    def conditions(self) -> tuple[Condition, ...]:
        """Return what a text must contain to match."""
        return required(self._outline, self._named)

    def possible(self, text: str) -> bool:
        """Return whether `text` contains the words that the pattern needs."""
        met = _INDEX.met(text)  # which may set what this pattern needs
        return met & self.need == self.need

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in `text`, if any."""
        return self.regex.search(text) if self.possible(text) else None

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of `text`, if any."""
        return self.regex.match(text) if self.possible(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in `text`, in order, without overlaps."""
        return self.regex.finditer(text) if self.possible(text) else iter(())

    def blotted(self, text: str) -> str:
        """Return `text` with each match made unrecognisable and its length unchanged."""
        return self.regex.sub(lambda match: "\x00" * len(match.group()), text) if self.possible(text) else text


class _Index:
    """The conditions of all patterns, a bit for each; a word meets the conditions of which a word occurs in it."""

    def __init__(self) -> None:
        self._new: list[Pattern] = []
        self._bits: dict[Condition, int] = {}
        self._meets: dict[str, int] = {}
        self._longest = 0
        self._word = functools.lru_cache(maxsize=REMEMBERED)(self._met_by_word)
        self._text = functools.lru_cache(maxsize=REMEMBERED)(self._met_by_text)

    def add(self, pattern: Pattern) -> None:
        """Take up a pattern; its conditions are looked for when the next text comes."""
        self._new.append(pattern)

    def met(self, text: str) -> int:
        """Return the conditions that `text` meets."""
        if self._new:
            self._take_up()
        return self._text(text)

    def _take_up(self) -> None:
        while self._new:
            pattern = self._new.pop()
            for condition in pattern.conditions():
                pattern.need |= self._bit(condition)
        self._word.cache_clear()
        self._text.cache_clear()

    def _bit(self, condition: Condition) -> int:
        if condition not in self._bits:
            bit = self._bits[condition] = 1 << len(self._bits)
            for part in condition:
                self._meets[part] = self._meets.get(part, 0) | bit
            self._longest = max(self._longest, *map(len, condition))
        return self._bits[condition]

    def _met_by_text(self, text: str) -> int:
        met = 0
        for word in set(_WORDS.findall(text)):
            met |= self._word(word)
        return met

    def _met_by_word(self, word: str) -> int:
        marked = "<" + re.sub(r"\d", "0", word) + ">"
        met = 0
        for start in range(len(marked)):
            for end in range(start + 1, min(len(marked), start + self._longest) + 1):
                met |= self._meets.get(marked[start:end], 0)
        return met


_INDEX = _Index()
