"""Expressions without the parts that cannot match, because a text lacks their words: less to compile, the same matches.

Letters in a row match only within one word of a text. An alternative with letters that no word has is left out, and with
it whatever needs it: a group without alternatives, then the alternative that the group stands in. A group that may be
missing, or that must not follow, is left out alone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Container, Iterator

from msgspec import Struct

from pubkit.expressions import expression

__all__ = ["NEVER", "narrowed"]

#: The expression that matches nothing.
NEVER = "(?!)"

_TOKEN = expression(
    r"""
    (?P<sign>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-9]{1,3}|.)|\[\^?\]?(?:\\.|[^\]\\])*\])
    |<(?P<name>[a-z][a-z-]+)>
    |(?P<open>\((?:\?(?:P<\w+>|<[=!]|[:=!>])|(?!\?)))
    |(?P<close>\))
    |(?P<bar>\|)
    |(?P<repeat>(?:[*+?]|\{(?:\d+(?:,\d*)?|,\d+)\})[?+]?)
    |(?P<word>[A-Za-z0-9]+(?![*+?{]))
    |(?P<blank>\ )
    |(?P<other>[^()[])
    """,
    re.VERBOSE | re.DOTALL,
)
_MAY_BE_MISSING = expression(r"[*?]|\{(?:0+[,}]|,)")
_MUST_NOT_FOLLOW = ("(?!", "(?<!")

#: Returns what a name stands for; None if that cannot match.
Meaning = Callable[[str], str | None]


class _Word(Struct, frozen=True):
    """Letters and digits in a row."""

    text: str


class _Name(Struct, frozen=True):
    """A name of something else, and how often that occurs."""

    name: str
    repeat: str = ""


class _Group(Struct, frozen=True):
    """A group: how it begins, its alternatives, and how often it occurs."""

    opening: str
    branches: tuple[_Branch, ...]
    repeat: str = ""

    @property
    def captures(self) -> bool:
        """Return whether it keeps what it matches."""
        return self.opening == "(" or self.opening.startswith("(?P")

    def around(self, inside: str) -> str:
        """Return the group with `inside` for its alternatives."""
        return f"{self.opening}{inside}){self.repeat}"


_Item = str | _Word | _Name | _Group


class _Branch(Struct, frozen=True):
    """One alternative; what `captures` is never left out, because what is kept of a match has a number."""

    items: tuple[_Item, ...]
    captures: bool


def narrowed(template: str, known: Container[str], meaning: Meaning, blank: str = " ") -> str | None:
    """Return `template` without what cannot match in a text with the words `known`; None if nothing of it can.

    Args:
        template: a regular expression without flags and back references, in which `<name>` stands for another.
        known: says whether letters in a row occur in a word of the text.
        meaning: returns what a name stands for.
        blank: what a blank outside brackets stands for.

    Raises:
        ValueError: the expression has something that is not read here.
    """
    written = [_written(branch, known, meaning, blank) for branch in _read(template)]
    return _joined(written) if any(one.can_match for one in written) else None


class _Written(Struct, frozen=True):
    """An alternative as it is written, whether it can match, and whether it stays in any case."""

    text: str
    can_match: bool
    stays: bool


def _joined(written: list[_Written]) -> str:
    return "|".join(one.text for one in written if one.can_match or one.stays)


def _written(branch: _Branch, known: Container[str], meaning: Meaning, blank: str) -> _Written:
    parts, can_match = [], True
    for item in branch.items:
        if isinstance(item, str):
            parts.append(blank if item == " " else item)
            continue
        if isinstance(item, _Word):
            text, fits = item.text, item.text in known
        else:
            text, fits = _filled(item, known, meaning, blank)
        can_match = can_match and fits
        if not can_match and not branch.captures:
            break
        parts.append(text)
    return _Written("".join(parts), can_match, branch.captures)


def _filled(item: _Name | _Group, known: Container[str], meaning: Meaning, blank: str) -> tuple[str, bool]:
    """Return a name or a group as it is written, "" if it is left out, and whether what it stands in can match."""
    dispensable = _MAY_BE_MISSING.match(item.repeat) is not None
    if isinstance(item, _Name):
        inside = meaning(item.name)
        return (
            (f"(?:{inside}){item.repeat}", True) if inside is not None else ("" if dispensable else NEVER, dispensable)
        )
    written = [_written(branch, known, meaning, blank) for branch in item.branches]
    if any(one.can_match for one in written):
        return item.around(_joined(written)), True
    dispensable = dispensable or item.opening in _MUST_NOT_FOLLOW
    if item.captures or any(one.stays for one in written):
        return item.around(_joined(written) or NEVER), dispensable
    return "" if dispensable else NEVER, dispensable


@functools.cache
def _read(template: str) -> tuple[_Branch, ...]:
    """Return the alternatives of `template`."""
    tokens = _tokens(template)
    branches, ended = _branches(tokens)
    if ended:
        raise ValueError(f"The expression {template!r} has a bracket too many.")
    return branches


def _tokens(template: str) -> Iterator[re.Match[str]]:
    place = 0
    while place < len(template):
        token = _TOKEN.match(template, place)
        if token is None:
            raise ValueError(f"The expression {template!r} cannot be read from character {place + 1}.")
        yield token
        place = token.end()


def _branches(tokens: Iterator[re.Match[str]]) -> tuple[tuple[_Branch, ...], bool]:
    """Return alternatives up to the end of their group, and whether a bracket ends it."""
    branches: list[_Branch] = []
    items: list[_Item] = []
    for token in tokens:
        kind, text = token.lastgroup, token.group()
        if kind in {"bar", "close"}:
            branches.append(_branch(items))
            items = []
            if kind == "close":
                return tuple(branches), True
        elif kind == "open":
            inner, ended = _branches(tokens)
            if not ended:
                raise ValueError(f"The expression {token.string!r} has a group without an end.")
            items.append(_Group(text, inner))
        elif kind == "repeat" and items and isinstance(items[-1], _Name | _Group):
            items[-1] = _repeated(items[-1], text)
        else:
            items.append(_Name(token["name"]) if kind == "name" else _Word(text) if kind == "word" else text)
    return (*branches, _branch(items)), False


def _repeated(item: _Name | _Group, repeat: str) -> _Item:
    return _Name(item.name, repeat) if isinstance(item, _Name) else _Group(item.opening, item.branches, repeat)


def _branch(items: list[_Item]) -> _Branch:
    groups = [item for item in items if isinstance(item, _Group)]
    captures = any(group.captures or any(inner.captures for inner in group.branches) for group in groups)
    return _Branch(tuple(items), captures)
