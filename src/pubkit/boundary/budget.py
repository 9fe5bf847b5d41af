"""One budget for a whole run: its time and its memory, pubkit's own and that of all programs it starts together.

Children have limits of their own (`pubkit.boundary.child`). The budget bounds what pubkit itself does with a manuscript,
and the sum of everything, so that no text, however it is made, keeps a machine busy or takes all its memory. If the system
already allows less, that applies.

Memory that is not there is a MemoryError. Processor time ends with SIGXCPU, which becomes an exception. The system may
give the signal to a thread that does not wake the main thread, where Python answers signals, so that a thread watches
as well, and adds up what children use; and if nothing in Python can run any more, the system kills the process a minute
later. What children were doing ends with them, a second after the main thread has been told, so that it hears the reason
first.
"""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import threading
import time
from collections.abc import Iterator

from pubkit.boundary import child
from pubkit.boundary.usage import installed, usage
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError

__all__ = ["begin", "exhausted", "out_of_memory", "piece", "spare"]

#: Processor time of pubkit's own process; a publication of 2 MB takes about a minute on a slow machine.
_SECONDS = 900
#: Addresses, not pages in use: threads and libraries reserve half a gigabyte without using it.
_BYTES = 6 << 30
#: Of a whole run, with all programs: seconds of the clock, seconds of processor time, bytes in use.
_RUN_CLOCK, _RUN_SECONDS, _RUN_BYTES = 7_200, 3_600, 12 << 30
#: How much of the machine's memory a run may use, before the system ends programs of its own choice.
_SHARE = 0.9
#: How many seconds may pass from the exception until the process ends in any case, and until the system kills it.
_GRACE, _LAST = 20, 60


class _Spent:
    """What is allowed, in seconds, how often the system has said that it is spent, and the error for that.

    `allowed` and `run` are counts that processor time must not pass: that of this process, that of all; `until` is a time
    of the monotonic clock.
    """

    allowed: float = _SECONDS
    run: float = _RUN_SECONDS
    until = float("inf")
    times = 0
    error: PubkitError | None = None


def begin(*, clock: bool = True, pieces: bool = False) -> None:
    """Limit this process from now on; only the program may call this, because it affects the whole process.

    Args:
        clock: limit the time by the clock too; not for commands that wait for people or registries.
        pieces: the process does one thing after the other, each with a budget of its own; see `piece`.
    """
    if pieces:
        _Spent.allowed = _Spent.run = float("inf")
    else:
        soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
        # At the hard limit the system kills without a word, so that the soft one must lie before it.
        allowed = _least(soft, hard - 1 if hard > 1 else hard, _SECONDS)
        resource.setrlimit(resource.RLIMIT_CPU, (allowed, _least(hard, allowed + _LAST)))
        _Spent.allowed, _Spent.run = allowed, _RUN_SECONDS
        _Spent.until = time.monotonic() + _RUN_CLOCK if clock else float("inf")
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_least(soft, hard, _BYTES), hard))
    signal.signal(signal.SIGXCPU, _spent)
    threading.Thread(target=_watch, args=(threading.main_thread().ident,), daemon=True).start()


@contextlib.contextmanager
def piece() -> Iterator[None]:
    """Give what is done inside a budget of its own, in a process that has begun with `pieces`.

    Raises:
        InputRefused, EnvironmentFault: the budget is spent.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    _Spent.times, _Spent.error = 0, None
    _Spent.allowed = _least(hard, int(time.process_time()) + _SECONDS)
    _Spent.run = usage().cpu_seconds + _RUN_SECONDS
    _Spent.until = time.monotonic() + _RUN_CLOCK
    resource.setrlimit(resource.RLIMIT_CPU, (int(_Spent.allowed), hard))
    try:
        yield
    except MemoryError as error:
        raise out_of_memory() from error
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        _Spent.allowed = _Spent.run = _Spent.until = float("inf")


def spare() -> None:
    """Let what is under way be finished: from now on the end of the time is no error, and only the last limit holds."""
    _Spent.times = max(_Spent.times, 1)


def exhausted() -> PubkitError | None:
    """Return the error that says which part of the budget is spent; None if none is."""
    return _Spent.error


def _least(*limits: int) -> int:
    """Return the lowest of `limits`, of which negative ones are none."""
    return min(limit for limit in limits if limit >= 0)


def _watch(main: int) -> None:
    """Wake the thread `main` with the signal once a second when something is spent, and end its children after that."""
    while True:
        time.sleep(1)
        if _Spent.error is not None:
            child.end_all()
        elif (limit := _passed()) and _Spent.error is None:
            _Spent.error = _exhausted(limit, ours=True)
        if _Spent.error is not None or time.process_time() > _Spent.allowed + 1:
            signal.pthread_kill(main, signal.SIGXCPU)


def _passed() -> str:
    """Return the limit of the whole run that is passed; "" if none is."""
    if time.monotonic() > _Spent.until:
        return f"{_RUN_CLOCK:,} seconds"
    used = usage()
    if used.cpu_seconds > _Spent.run:
        return f"{_RUN_SECONDS:,} seconds of processor time in all programs together"
    if used.memory > (most := min(_RUN_BYTES, int(installed() * _SHARE))):
        return f"{most >> 20:,} MB of memory in all programs together"
    return ""


def _spent(*_: object) -> None:
    """Raise an error in the main thread; if that does not end the process, because other threads work on, end it."""
    _Spent.times += 1
    if _Spent.error is None:
        seconds = min(int(_Spent.allowed), _SECONDS)
        noun = "second" if seconds == 1 else "seconds"
        _Spent.error = _exhausted(f"{seconds:,} {noun} of processor time", ours=seconds == _SECONDS)
    error = _Spent.error
    if _Spent.times == 1:
        raise error
    if _Spent.times > _GRACE:
        os.write(2, f"pubkit: {error.message}\n".encode())
        os._exit(error.exit_code)


def out_of_memory() -> PubkitError:
    """Return the error for a run that has no more memory."""
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft == resource.RLIM_INFINITY:
        return EnvironmentFault("There is no more memory.", remedy="Close other programs, or use a larger machine.")
    return _exhausted(f"{soft >> 20:,} MB of memory", ours=soft == _BYTES)


def _exhausted(limit: str, *, ours: bool) -> PubkitError:
    message = f"The publication needs more than {limit}."
    if ours:
        return InputRefused(message, remedy="Divide it, and make its pictures smaller.")
    return EnvironmentFault(message, remedy="Raise the limit that is set outside pubkit (ulimit), or divide it.")
