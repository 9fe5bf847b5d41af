"""Regular expressions, compiled once and kept from run to run: compiling takes longer than checking a short text.

Python compiles an expression into a list of numbers, which it has no public way to keep. Here they are taken from its
compiler and given back to its engine, which checks them before use; a Python whose modules differ compiles as usual.
"""

from __future__ import annotations

import contextlib
import importlib
import re
from array import array
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any

from msgspec import Struct

from pubkit.boundary.keeping import Keeper, during

__all__ = ["compiled", "kept_in"]

#: An expression that few words changed is no reason to write all of them again: one in so many is.
_ONE_IN = 20


class _Compiled(Struct, frozen=True, array_like=True):
    """What Python makes of one expression: its flags, the numbers for the engine, and its groups."""

    flags: int
    numbers: bytes
    groups: int
    names: dict[str, int]


class _Kept(Struct, frozen=True):
    """The expressions of one run, by their source."""

    expressions: dict[str, _Compiled]


class _Run:
    """The expressions of one run: those that were kept, which are read when the first is asked for, and those it used."""

    def __init__(self, keeper: Keeper, question: bytes) -> None:
        self._keeper = keeper
        self._question = question
        self._known: Mapping[str, _Compiled] | None = None
        self._used: dict[str, _Compiled] = {}
        self._new = 0

    def compiled(self, source: str) -> re.Pattern[str]:
        """Return the expression `source`, compiled before or now."""
        if self._known is None:
            answer = self._keeper.recall(self._question, _Kept)
            self._known = answer.expressions if answer else {}
        one = self._known.get(source)
        if one is None:
            one = _numbers(source)
            self._new += 1
        pattern = _pattern(source, one)
        self._used[source] = one
        return pattern

    def keep(self) -> None:
        """Keep what was used, if enough of it is new; sources that are no text of Unicode cannot be kept."""
        if self._new * _ONE_IN > len(self._used):
            with contextlib.suppress(UnicodeEncodeError):
                self._keeper.keep(self._question, _Kept(self._used))


_RUN: ContextVar[_Run | None] = ContextVar("the run whose expressions are kept", default=None)


@contextlib.contextmanager
def kept_in(keeper: Keeper | None, *question: str) -> Iterator[None]:
    """Keep the expressions that are compiled inside, and take those that an earlier run with the same question has kept.

    Whatever the question, an expression is only ever what its own source says.
    """
    if keeper is None or not _knows_python():
        yield
        return
    run = _Run(keeper, "\0".join(("expressions", *question)).encode("utf-8", "surrogateescape"))
    with during(run, _RUN):
        yield


def compiled(source: str) -> re.Pattern[str]:
    """Return the expression `source`, compiled."""
    run = _RUN.get()
    return run.compiled(source) if run else re.compile(source)


def _inner(name: str) -> Any:
    return importlib.import_module(name)


def _knows_python() -> bool:
    """Return whether this Python's modules have what is used of them here, which one expression shows."""
    try:
        return _pattern(_SAMPLE, _numbers(_SAMPLE)) == re.compile(_SAMPLE)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError):
        return False


_SAMPLE = r"(?i)(?<!\w)(?P<said>[a-z]{2,4}?)(?:x|yz) \1$"


def _numbers(source: str) -> _Compiled:
    """Compile `source` as `re.compile` does, and return what it makes."""
    parsed = _inner("re._parser").parse(source)
    compiler = vars(_inner("re._compiler"))
    numbers = array("I", compiler["_code"](parsed, 0))
    return _Compiled(parsed.state.flags, numbers.tobytes(), parsed.state.groups - 1, dict(parsed.state.groupdict))


def _pattern(source: str, one: _Compiled) -> re.Pattern[str]:
    """Return the engine's expression."""
    numbers = array("I")
    numbers.frombytes(one.numbers)
    names: list[str | None] = [None] * (one.groups + 1)
    for name, number in one.names.items():
        names[number] = name
    pattern: re.Pattern[str] = _inner("_sre").compile(
        source, one.flags, numbers.tolist(), one.groups, one.names, tuple(names)
    )
    return pattern
