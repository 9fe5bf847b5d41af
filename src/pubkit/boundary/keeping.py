"""Answers of other programs, kept by the whole of the question: the same question has the same answer."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import Protocol, TypeVar

from msgspec import Struct

__all__ = ["Keeper", "Run", "answered", "during"]

Answer = TypeVar("Answer", bound=Struct)


class Keeper(Protocol):
    """Keeps the answers of steps by their questions; `pubkit.store.kept` is one."""

    def recall(self, question: bytes, kind: type[Answer]) -> Answer | None:
        """Return the answer to `question`, or None."""

    def keep(self, question: bytes, answer: Struct) -> None:
        """Keep `answer`."""


class Run(Protocol):
    """What one run has found out, and keeps at its end."""

    def keep(self) -> None:
        """Keep it."""


Current = TypeVar("Current", bound=Run)


@contextlib.contextmanager
def during(run: Current, current: ContextVar[Current | None]) -> Iterator[None]:
    """Make `run` the current one inside, and let it keep what it has found out."""
    token = current.set(run)
    try:
        yield
    finally:
        current.reset(token)
        run.keep()


class _Output(Struct, frozen=True):
    """What a program has written."""

    data: bytes


def answered(kept: Keeper, question: tuple[bytes, ...], ask: Callable[[], bytes]) -> bytes:
    """Return what `ask` returns, or returned to the same question before.

    Args:
        kept: has the answers.
        question: the program's name and everything that it is given, in parts.
        ask: starts the program.
    """
    digest = hashlib.sha256(b"".join(len(part).to_bytes(8, "big") + part for part in question)).digest()
    known = kept.recall(digest, _Output)
    if known:
        return known.data
    data = ask()
    kept.keep(digest, _Output(data))
    return data
