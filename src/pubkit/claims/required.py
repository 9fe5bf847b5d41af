"""Which words a text must contain before a regular expression can match it.

Most sentences contain none of the words that a pattern looks for; knowing those words saves the search, and often the
compilation. They are found in the parsed pattern, the way RE2's prefilter does it (Cox, "Regular Expression Matching with a
Trigram Index", 2012): every part is either a small set of strings that it can match, or it gives conditions, each a set of
words of which one must occur. What a pattern means is never guessed: a part that is not understood requires nothing.

A word is written with `<` where it begins and `>` where it ends, so that "<vaccin" requires a word that begins so, and every
digit as 0. The sign % is a word, because figures are looked for by it.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable, Iterable
from re import _constants as _code  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from msgspec import Struct

__all__ = ["NAME", "Condition", "Required", "Strings", "no_names", "pieces", "required", "spellings"]

#: Words of which a text must contain one.
Condition = frozenset[str]


class Required(Struct, frozen=True):
    """What a pattern requires: a text that contains a match meets all `conditions`, and all those of one of `options`."""

    conditions: tuple[Condition, ...]
    options: tuple[tuple[Condition, ...], ...]


#: Strings of which one occurs in every match.
Strings = frozenset[str]

# In the strings that a part can match: something that is not part of a word, the edge of a word, and any characters.
_GAP, _EDGE, _ANY = " ", "\x01", "\x02"
_BETWEEN = f"{_GAP}{_EDGE}"
_MOST_COMBINED = 16
_MOST_STRINGS = 4_000
_LONGEST = 200
_MOST_CHARACTERS = 12

_WORD = re.compile(r"[^ \x01\x02]+")
_NO_WORD = re.compile(r"[^\w%]")
_DIGIT = re.compile(r"\d")
_PLAIN_CHOICE = re.compile(r"(?<!\\)\(\?:([a-z0-9' |?-]+)\)")
_COMMON = re.compile(
    r"an?|and|are|as|at|be|been|but|by|can|for|from|had|has|have|if|in|is|it|its|may|more|most|not|of|on|or|other|so|"
    r"such|than|that|the|their|them|then|there|these|they|this|to|was|we|were|which|who|will|with|you|your"
)
_FIGURES = {"0": 3, "%": 4}
_FIRST_STAND_IN = 0xE000
_ZERO_WIDTH = {
    _code.AT_BOUNDARY,
    _code.AT_BEGINNING,
    _code.AT_BEGINNING_STRING,
    _code.AT_END,
    _code.AT_END_STRING,
}
_REPEATS = {_code.MAX_REPEAT, _code.MIN_REPEAT, getattr(_code, "POSSESSIVE_REPEAT", None)}


#: A list named in a pattern.
NAME = re.compile(r"(?<!\?P)<([a-z][a-z-]+)>")


class _Part(Struct, frozen=True):
    """The strings that a part of a pattern can match, and what it requires besides; `options` as in `Required`."""

    strings: frozenset[str]
    conditions: tuple[Condition, ...] = ()
    options: tuple[tuple[Condition, ...], ...] = ()


_NOTHING = _Part(frozenset({""}))
_ANYTHING = _Part(frozenset({_ANY}))
_BOUNDARY = _Part(frozenset({_EDGE}))


def no_names(name: str) -> Strings:
    """Refuse the name of a list, in a pattern that can have none; raises LookupError."""
    raise LookupError(f"There is no list of the name {name}.")


def required(pattern: str, named: Callable[[str], Strings] = no_names) -> Required:
    """Return what `pattern` requires, in which `named` gives the strings that each `<name>` stands for.

    A pattern that is a choice of several long parts has options: each part requires more than all of them have in common.
    The strings are as `pieces` gives them.
    """
    part = _part(pattern, named)
    return Required(_conditions(part), part.options)


def pieces(pattern: str, named: Callable[[str], Strings] = no_names) -> Strings:
    """Return strings of which one occurs in every match of `pattern`, to be used within another."""
    part = _part(pattern, named)
    if not part.conditions:
        return part.strings
    best = max(_conditions(part), key=_worth, default=frozenset[str]())
    return frozenset(f"{_ANY}{_unmarked(word)}{_ANY}" for word in best) or _ANYTHING.strings


def _unmarked(word: str) -> str:
    return word.replace("<", _EDGE).replace(">", _EDGE)


def _part(pattern: str, named: Callable[[str], Strings]) -> _Part:
    """Return what `pattern` can match. Choices of plain words, most of its text, need not go through the slow parser."""
    stand_ins: dict[int, _Part] = {}

    def stand_in(strings: frozenset[str]) -> str:
        sign = _FIRST_STAND_IN + len(stand_ins)
        stand_ins[sign] = _Part(strings)
        return chr(sign)

    short = NAME.sub(lambda name: stand_in(named(name.group(1))), pattern)
    short = _PLAIN_CHOICE.sub(lambda choice: stand_in(_plain(choice.group(1))), short)
    tree = _parser.parse(short)
    return _ANYTHING if tree.state.flags & re.IGNORECASE else _sequence(tree, stand_ins)


def _plain(choice: str) -> Strings:
    return Strings().union(*map(spellings, choice.split("|")))


def spellings(phrase: str) -> Strings:
    """Return what a phrase matches, in which `?` makes the character before it optional and `*` stands for any ending."""
    place = phrase.find("?")
    if place < 1:
        return Strings({_ANY.join(_signs(part) for part in phrase.split("*"))})
    return spellings(phrase[: place - 1] + phrase[place + 1 :]) | spellings(phrase[:place] + phrase[place + 1 :])


def _signs(text: str) -> str:
    """Return plain text with every digit as 0, and what is not part of a word as a gap."""
    return _NO_WORD.sub(_GAP, _DIGIT.sub("0", text)).replace("%", f"{_GAP}%{_GAP}")


def _sequence(tree: Iterable[tuple[Any, Any]], stand_ins: dict[int, _Part]) -> _Part:
    def is_letter(node: tuple[Any, Any]) -> bool:
        return node[0] is _code.LITERAL and node[1] not in stand_ins

    part = _NOTHING
    for letters, nodes in itertools.groupby(tree, is_letter):
        if letters:
            part = _joined(part, _text("".join(chr(value) for _, value in nodes)))
        else:
            part = functools.reduce(_joined, (_node(*node, stand_ins) for node in nodes), part)
    return part


def _text(text: str) -> _Part:
    return _Part(Strings({_signs(text)}))


def _joined(first: _Part, second: _Part) -> _Part:
    """Return what two parts in a row can match: each string of one before each of the other, if those are few."""
    if first is _NOTHING or first is second is _ANYTHING:
        return second
    options = max(first.options, second.options, key=len)
    if len(first.strings) * len(second.strings) <= _MOST_COMBINED:
        strings = Strings(one + other for one, other in itertools.product(first.strings, second.strings))
        if max(map(len, strings)) < _LONGEST:
            return _Part(strings, first.conditions + second.conditions, options)
    before = _EDGE if _all_in(Strings(string[-1:] for string in first.strings), _BETWEEN) else _ANY
    after = _EDGE if _all_in(Strings(string[:1] for string in second.strings), _BETWEEN) else _ANY
    ended = _conditions(_Part(_between("", first.strings, after), first.conditions))
    return _Part(_between(before, second.strings, ""), ended + second.conditions, options)


def _all_in(characters: Strings, allowed: str) -> bool:
    return characters <= Strings(allowed)


@functools.cache
def _between(before: str, strings: Strings, after: str) -> Strings:
    """Return `strings` with what comes before and after them; remembered, because many patterns name the same lists."""
    return Strings(f"{before}{string}{after}" for string in strings)


def _node(operation: Any, value: Any, stand_ins: dict[int, _Part]) -> _Part:
    if operation is _code.LITERAL:
        return stand_ins[value]
    if operation is _code.IN:
        return _characters(value)
    if operation is _code.AT:
        return _BOUNDARY if value in _ZERO_WIDTH else _NOTHING
    if operation is _code.SUBPATTERN:
        return _ANYTHING if value[1] else _sequence(value[3], stand_ins)
    if operation is _code.BRANCH:
        return _choice([_sequence(branch, stand_ins) for branch in value[1]])
    if operation in _REPEATS:
        return _repeated(value[0], value[1], _sequence(value[2], stand_ins))
    if operation is _code.ASSERT_NOT:
        return _BOUNDARY if _is_word_character(value[1]) else _NOTHING
    if operation is _code.ASSERT:
        return _Part(_NOTHING.strings, _conditions(_sequence(value[1], stand_ins)))
    return _ANYTHING


def _characters(members: list[tuple[Any, Any]]) -> _Part:
    """Return what a character class can match, if it has few members."""
    signs: set[str] = set()
    for operation, value in members:
        if operation is _code.LITERAL:
            signs.add(_signs(chr(value)))
        elif operation is _code.RANGE and value[1] - value[0] <= _MOST_CHARACTERS:
            signs.update(_signs(chr(number)) for number in range(value[0], value[1] + 1))
        elif operation is _code.CATEGORY and value is _code.CATEGORY_DIGIT:
            signs.add("0")
        elif operation is _code.CATEGORY and value is _code.CATEGORY_SPACE:
            signs.add(_GAP)
        else:
            return _ANYTHING
    return _Part(frozenset(signs)) if len(signs) <= _MOST_CHARACTERS else _ANYTHING


def _choice(parts: list[_Part]) -> _Part:
    if not any(part.conditions for part in parts):
        strings = frozenset[str]().union(*(part.strings for part in parts))
        if len(strings) <= _MOST_STRINGS:
            return _Part(strings)
    each = tuple(map(_conditions, parts))
    if not all(each):
        return _ANYTHING
    best = frozenset[str]().union(*(max(conditions, key=_worth) for conditions in each))
    return _Part(_ANYTHING.strings, (best,), each if any(len(conditions) > 1 for conditions in each) else ())


def _repeated(least: int, most: int, part: _Part) -> _Part:
    ends_apart = all(string[-1:] == _GAP for string in part.strings)
    once = part.strings if most == 1 else frozenset({_ANY + _GAP}) if ends_apart else _ANYTHING.strings
    if least:
        alone = _Part(frozenset({_GAP})) if part.strings == {_GAP} else _Part(once)
        return _Part(alone.strings, part.conditions if most == 1 else _conditions(part))
    return _Part(once | {""}) if len(once) <= _MOST_CHARACTERS else _ANYTHING


def _is_word_character(tree: Any) -> bool:
    """Return whether the parsed expression matches at least every character of a word."""
    if len(tree) != 1 or tree[0][0] is not _code.IN:
        return False
    members = tree[0][1]
    return (_code.CATEGORY, _code.CATEGORY_WORD) in members and all(one[0] is not _code.NEGATE for one in members)


def _conditions(part: _Part) -> tuple[Condition, ...]:
    """Return the conditions of a part, with the one that its strings make, if each of them has a word that tells."""
    words = _words(part.strings)
    return part.conditions if "" in words else (*part.conditions, words)


@functools.cache
def _words(strings: Strings) -> Condition:
    return Condition(map(_telling, strings))


@functools.cache
def _telling(string: str) -> str:
    """Return the longest word of `string`, marked where it begins or ends; "" if there is none that tells texts apart."""
    found = ""
    for match in _WORD.finditer(string):
        begins = match.start() > 0 and string[match.start() - 1] in _BETWEEN
        ends = match.end() < len(string) and string[match.end()] in _BETWEEN
        if match.group() == "0" or len(match.group()) >= 3 - begins - ends:
            found = max(found, f"{'<' * begins}{match.group()}{'>' * ends}", key=_rarity)
    return found


@functools.cache
def _rarity(word: str) -> int:
    letters = word.strip("<>")
    if letters in _FIGURES:
        return _FIGURES[letters]
    return 1 if _COMMON.fullmatch(letters) else 2 * len(letters)


def _worth(condition: Condition) -> tuple[int, int, list[str]]:
    """Return how much a condition is worth: the rarer its commonest word, and the fewer words, the more."""
    return min(map(_rarity, condition)), -len(condition), sorted(condition)
