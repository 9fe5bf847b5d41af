"""Regular expressions that are only compiled, and only searched, for a text that contains the words they need.

`Pattern` behaves like a compiled expression. It saves work in two ways, and neither changes what it matches:

- Expressions are long, and a text has the words of few of their alternatives. For the document that a process reads first
  (`expect`), patterns are compiled with those that can occur in it (`pubkit.claims.narrowing`); for any other text, with
  all.
- Most sentences contain none of the words that a pattern looks for. Which words it needs is found by
  `pubkit.claims.required` and kept by `pubkit.claims.recorded`, and which patterns a sentence can match is found once for
  all of them.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import ParamSpec, TypeVar, cast

from pubkit.claims.compiled import compiled
from pubkit.claims.recorded import key, recorded
from pubkit.claims.required import Condition, Required, Strings, no_names, required
from pubkit.expressions import expression

__all__ = ["REMEMBERED", "Expression", "Grammar", "Pattern", "Words", "expect", "patterns", "remembered"]

P = ParamSpec("P")
T = TypeVar("T")

#: How many sentences a detector remembers, because several rules check the same sentence; no text has as many.
REMEMBERED = 1 << 16

_WORDS = expression(r"\w+|%")


def remembered(detector: Callable[P, T]) -> Callable[P, T]:
    """Return `detector` with its answers kept, because several rules put the same sentence to it."""
    return cast(Callable[P, T], functools.lru_cache(maxsize=REMEMBERED)(detector))


class _All:
    """Every word there is."""

    def __contains__(self, word: object) -> bool:
        return True


#: The words that can occur, in one string, or all.
Words = str | _All
_ALL = _All()


class _Expected:
    """The words of the texts that were named before any other."""

    def __init__(self) -> None:
        self._words: frozenset[str] = frozenset()
        self._awaited: Callable[[], Iterable[str]] | None = None
        self.text = ""
        self.covers = functools.lru_cache(maxsize=REMEMBERED)(self._covers)

    def later(self, texts: Callable[[], Iterable[str]]) -> None:
        """Ask for `texts` when the first is searched, unless there have been some already."""
        if not self._words:
            self._awaited = texts

    def settle(self) -> None:
        """Keep the words of the texts that are awaited, if any are."""
        awaited, self._awaited = self._awaited, None
        if awaited:
            self._words = frozenset(word for text in awaited() for word in _WORDS.findall(text))
            self.text = " ".join(sorted(self._words))
            self.covers.cache_clear()
            _INDEX.use()

    def _covers(self, text: str) -> bool:
        return bool(self._words) and self._words.issuperset(_WORDS.findall(text))


_EXPECTED = _Expected()


def expect(sentences: Callable[[], Sequence[str]]) -> None:
    """Say which sentences will be searched, so that patterns need only what can occur in them.

    They are asked for when the first one is searched. Only those of one call are remembered: a process that reads more
    documents compiles patterns once more, in full.
    """
    _EXPECTED.later(sentences)


class Expression:
    """A regular expression that is compiled when it is first used.

    `source` is the expression, or a function that returns it with those of its alternatives whose words can occur.
    """

    def __init__(self, source: Callable[[Words], str] | str) -> None:
        self._source = source

    def regex(self, text: str) -> re.Pattern[str]:
        """Return the compiled expression for a search in `text`."""
        _EXPECTED.settle()
        return self._expected if _EXPECTED.covers(text) else self._full

    @functools.cached_property
    def _expected(self) -> re.Pattern[str]:
        return self._full if isinstance(self._source, str) else compiled(self._source(_EXPECTED.text))

    @functools.cached_property
    def _full(self) -> re.Pattern[str]:
        return compiled(self._source if isinstance(self._source, str) else self._source(_ALL))

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in `text`, if any."""
        return self.regex(text).search(text)

    def match(self, text: str) -> re.Match[str] | None:
        """Return the match at the start of `text`, if any."""
        return self.regex(text).match(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in `text`, in order, without overlaps."""
        return self.regex(text).finditer(text)


class Pattern(Expression):
    """An expression that is searched only for in texts that contain the words it needs.

    Args:
        outline: the expression, in which `<name>` stands for a list.
        source: see `Expression`; by default `outline`.
        named: returns what a list can match, as `pubkit.claims.required.pieces`.
        made_of: returns the `pubkit.claims.recorded.content` of the lists and forms that the expression names.
    """

    def __init__(
        self,
        outline: str,
        source: Callable[[Words], str] | None = None,
        named: Callable[[str], Strings] = no_names,
        made_of: Callable[[], str] = str,
    ) -> None:
        super().__init__(source or outline)
        self._outline = outline
        self._named = named
        self._made_of = made_of
        self.need = 0
        self._options: Sequence[int] = ()
        self.asked = 0
        _INDEX.add(self)

    def needs(self, bit: Callable[[Condition], int]) -> None:
        """Find out what a text must contain to match; `bit` gives the bit of a condition."""
        needed = recorded(self.key) or self.required()
        self.need = _together(map(bit, needed.conditions))
        self._options = [_together(map(bit, option)) for option in needed.options]
        self.asked = _together((self.need, *self._options))

    @property
    def key(self) -> str:
        """Return the name under which it is recorded what the pattern requires."""
        return key(self._outline, self._made_of())

    def required(self) -> Required:
        """Find out what the pattern requires, without looking at what is recorded."""
        return required(self._outline, self._named)

    def possible(self, text: str) -> bool:
        """Return whether `text` contains the words that the pattern needs."""
        return self.can_match(_INDEX.met(text))

    def can_match(self, met: int) -> bool:
        """Return whether a text that meets the conditions `met` contains the words that the pattern needs."""
        if met & self.need != self.need:
            return False
        return not self._options or any(met & option == option for option in self._options)

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first match in `text`, if any."""
        return self.regex(text).search(text) if self.possible(text) else None

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield the matches in `text`, in order, without overlaps."""
        return self.regex(text).finditer(text) if self.possible(text) else iter(())

    def blotted(self, text: str) -> str:
        """Return `text` with each match made unrecognisable and its length unchanged."""
        if not self.possible(text):
            return text
        return self.regex(text).sub(lambda match: "\x00" * len(match.group()), text)


class Grammar:
    """Patterns by name, searched in their order."""

    def __init__(self, patterns: Mapping[str, Pattern]) -> None:
        self._patterns = dict(patterns)
        self._all = list(patterns.items())
        self._asked = 0
        self._answer = functools.lru_cache(maxsize=REMEMBERED)(self._answering)

    def __getitem__(self, name: str) -> Pattern:
        return self._patterns[name]

    def only(self, *names: str) -> Grammar:
        """Return a grammar of some of the patterns, in the order of `names`."""
        return Grammar({name: self._patterns[name] for name in names})

    def matches(self, text: str) -> Iterator[tuple[str, re.Match[str]]]:
        """Yield each match in `text` with the name of its pattern, pattern after pattern."""
        for name, pattern in self.possible(text):
            for match in pattern.regex(text).finditer(text):
                yield name, match

    def possible(self, text: str) -> Sequence[tuple[str, Pattern]]:
        """Return the patterns that can match in `text`; texts that meet the same of their conditions share the answer."""
        met = _INDEX.met(text)
        if met == _INDEX.everything:
            return self._all
        if not self._asked:
            self._asked = _together(pattern.asked for _, pattern in self._all)
        return self._answer(met & self._asked)

    def _answering(self, met: int) -> Sequence[tuple[str, Pattern]]:
        # Most patterns need more than `met`; asking each of them by a call takes too long.
        near = [one for one in self._all if met & one[1].need == one[1].need]
        return [one for one in near if one[1].can_match(met)]


def _together(bits: Iterable[int]) -> int:
    return functools.reduce(operator.or_, bits, 0)


class _Index:
    """The conditions of all patterns, a bit for each; a word meets the conditions of which a word occurs in it."""

    everything = -1

    def __init__(self) -> None:
        self.patterns: list[Pattern] = []
        self._new: list[Pattern] = []
        self._used = False
        self._bits: dict[Condition, int] = {}
        self._meets: dict[str, int] = {}
        self._longest = 0
        self._word = functools.lru_cache(maxsize=REMEMBERED)(self._met_by_word)
        self._text = functools.lru_cache(maxsize=REMEMBERED)(self._met_by_text)

    def add(self, pattern: Pattern) -> None:
        """Take up a pattern; its conditions are looked for when the next text comes."""
        self.patterns.append(pattern)
        self._new.append(pattern)

    def met(self, text: str) -> int:
        """Return the conditions that `text` meets; all, before the first document is read."""
        _EXPECTED.settle()
        if not self._used:
            return self.everything
        if self._new:
            self._take_up()
        return self._text(text)

    def use(self) -> None:
        """Begin to find out which conditions texts meet."""
        self._used = True

    def _take_up(self) -> None:
        while self._new:
            self._new.pop().needs(self._bit)
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


def patterns() -> Sequence[Pattern]:
    """Return the patterns that there are so far."""
    return _INDEX.patterns
