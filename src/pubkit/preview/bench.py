"""The process in which a preview works: kept warm, bounded, and replaced when it dies or has done much."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import functools
import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import ParamSpec, TypeVar

__all__ = ["Bench", "Died"]

P = ParamSpec("P")
T = TypeVar("T")
#: After so many pieces of work the process is replaced: it never gives memory back.
_PIECES = 200


class Died(Exception):
    """The process was ended in the middle of a piece of work."""


class Bench:
    """One process that does one piece of work after the other; it starts Python and its imports only once."""

    def __init__(self) -> None:
        self._pool = _pool()
        self._done = 0

    async def do(self, work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
        """Return what `work` returns in the process.

        Raises:
            Died: the process was ended, or ran out of memory; the next piece of work gets a new one.
        """
        self._done += 1
        if self._done > _PIECES:
            self._replace()
        pool = self._pool
        try:
            return await asyncio.wrap_future(pool.submit(_piece, functools.partial(work, *arguments, **options)))
        except BrokenProcessPool as error:
            if pool is self._pool:
                self._replace()
            raise Died from error

    def _replace(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool, self._done = _pool(), 0

    def close(self) -> None:
        """End the process, whatever it is doing; what it has started ends with it."""
        for process in list((self._pool._processes or {}).values()):  # no public way ends a process at work
            process.kill()
        self._pool.shutdown(wait=True, cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    # Started as Python itself starts, so that no thread of the server is copied in the middle of its work.
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), initializer=_begin)


def _begin() -> None:
    """Prepare the process: it has pubkit's limits, leaves Ctrl-C to the server, and ends with it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, int(signal.SIGKILL))
    from pubkit.boundary import budget

    budget.begin(pieces=True)


def _piece(work: Callable[[], T]) -> T:
    """Do one piece of work, with a budget of its own."""
    from pubkit.boundary import budget

    with budget.piece():
        return work()
