"""What detectors found in sentences, kept from run to run: after an edit only the sentences that changed are searched.

An answer depends on nothing but the sentence, the forms and the program; the keeper sees to the last two.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from msgspec import Struct

from pubkit.boundary.keeping import Keeper, during
from pubkit.claims.wordlists import Hit

__all__ = ["Answer", "answered", "kept_in"]

#: The most answers that are kept for one publication; above that, only those of the last run.
_MOST = 300_000
#: Few new answers are no reason to write all of them again: one in so many is.
_ONE_IN = 20


class Answer(Struct, frozen=True, array_like=True):
    """What was found in a sentence, if anything, and by which form."""

    hit: Hit | None = None
    form: str = ""


class _Kept(Struct, frozen=True):
    """The answers of earlier runs: those of each detector, by what it was asked."""

    answers: dict[str, dict[str, Answer]]


class _Run:
    """The answers of one run: those that were kept, which are read when the first is asked for, and those it used."""

    def __init__(self, keeper: Keeper, question: bytes) -> None:
        self._keeper = keeper
        self._question = question
        self._known: dict[str, dict[str, Answer]] | None = None
        self._used: dict[str, dict[str, Answer]] = {}
        self._new = 0

    def answered(self, name: str, texts: tuple[str, ...], ask: Callable[[], Answer]) -> Answer:
        """Return the answer of the detector `name` to `texts`, given before or now."""
        if self._known is None:
            kept = self._keeper.recall(self._question, _Kept)
            self._known = kept.answers if kept else {}
        key = "\0".join(texts)
        answer = self._known.get(name, {}).get(key)
        if answer is None:
            answer = ask()
            self._new += 1
        self._used.setdefault(name, {})[key] = answer
        return answer

    def keep(self) -> None:
        """Keep the answers, if enough of them are new; what is no text of Unicode cannot be kept."""
        known = self._known or {}
        used = _count(self._used)
        if self._new * _ONE_IN <= used:
            return
        together = {name: known.get(name, {}) | self._used.get(name, {}) for name in known | self._used}
        with contextlib.suppress(UnicodeEncodeError):
            self._keeper.keep(self._question, _Kept(together if _count(together) <= _MOST else self._used))


def _count(answers: dict[str, dict[str, Answer]]) -> int:
    return sum(map(len, answers.values()))


_RUN: ContextVar[_Run | None] = ContextVar("the run whose answers are kept", default=None)


@contextlib.contextmanager
def kept_in(keeper: Keeper | None, *question: str) -> Iterator[None]:
    """Keep the answers that are given inside, and take those that an earlier run with the same question has kept."""
    if keeper is None:
        yield
        return
    run = _Run(keeper, "\0".join(("answers", *question)).encode("utf-8", "surrogateescape"))
    with during(run, _RUN):
        yield


def answered(name: str, texts: tuple[str, ...], ask: Callable[[], Answer]) -> Answer:
    """Return the answer of the detector `name` to `texts`: what `ask` finds, or has found in an earlier run."""
    run = _RUN.get()
    return run.answered(name, texts, ask) if run else ask()
