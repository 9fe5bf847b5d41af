"""Stopping on request: by Ctrl-C, or by whoever runs the program (SIGINT, SIGTERM).

A signal becomes an exception, so that children are ended and the staging folder is removed on the way out. Two things
can go wrong: the exception is raised inside a call from a C library, which cannot pass it on, and is lost; or it is
raised while Python holds a lock of its own, which then stays locked. So a timer looks again, and ends whatever has not
ended by itself.
"""

from __future__ import annotations

import atexit
import os
import signal
import sys

__all__ = ["MESSAGE", "exit_code", "hidden", "listen"]

MESSAGE = "pubkit: interrupted; an earlier build is unchanged.\n"

#: Seconds between two looks, and the number of looks.
_PAUSE, _LOOKS = 0.25, 20


class _Asked:
    """The signal that this process has received, whether its exception was lost, and the looks taken since."""

    signal = 0
    lost = False
    looks = 0


def listen() -> None:
    """Answer signals from now on; only the program may call this, because it affects the whole process."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _received)
    signal.signal(signal.SIGALRM, _look)
    # Python runs this when all threads have ended; soon after that, nobody would answer the timer.
    atexit.register(signal.setitimer, signal.ITIMER_REAL, 0)
    sys.unraisablehook = _unraisable


def hidden(error: BaseException | None) -> bool:
    """Return whether `error` was raised because the program was stopped, which is then what ended it."""
    while error is not None and not isinstance(error, KeyboardInterrupt):
        error = error.__context__
    return _Asked.signal != 0 or error is not None


def exit_code() -> int:
    """Return 128 plus the signal's number, as shells do: 130 for Ctrl-C, 143 for SIGTERM."""
    return 128 + (_Asked.signal or signal.SIGINT)


def _received(number: int, _: object) -> None:
    _Asked.signal = number
    signal.setitimer(signal.ITIMER_REAL, _PAUSE, _PAUSE)
    raise _exception()


def _exception() -> BaseException:
    return KeyboardInterrupt() if _Asked.signal == signal.SIGINT else SystemExit(exit_code())


def _look(*_: object) -> None:
    """Raise a lost exception again; after too many looks end at once. Linux ends the children, the next build tidies."""
    _Asked.looks += 1
    if _Asked.looks > _LOOKS:
        os.write(2, MESSAGE.encode())
        os._exit(exit_code())
    if _Asked.lost:
        _Asked.lost = False
        raise _exception()


def _unraisable(lost: sys.UnraisableHookArgs) -> None:
    if issubclass(lost.exc_type, (KeyboardInterrupt, SystemExit)):
        _Asked.lost = True
    else:
        sys.__unraisablehook__(lost)
