"""One budget for a whole run: the processor time and the memory of pubkit's own process.

Children have limits of their own (`pubkit.boundary.child`). These bound what pubkit itself does with a manuscript, so
that no text, however it is made, keeps a machine busy or takes all its memory. If the system already allows less, that
applies.

Memory that is not there is a MemoryError. Processor time ends with SIGXCPU, which becomes an exception. The system may
give the signal to a thread that does not wake the main thread, where Python answers signals, so that a thread watches
as well; and if nothing in Python can run any more, the system kills the process a minute later.
"""

from __future__ import annotations

import os
import resource
import signal
import threading
import time

from pubkit.errors import EnvironmentFault, InputRefused, PubkitError

__all__ = ["begin", "out_of_memory", "spare"]

#: A publication of 2 MB takes about a minute on a slow machine.
_SECONDS = 900
#: Addresses, not pages in use: threads and libraries reserve half a gigabyte without using it.
_BYTES = 6 << 30
#: How many seconds may pass from the exception until the process ends in any case, and until the system kills it.
_GRACE, _LAST = 20, 60


class _Spent:
    """The processor time allowed, in seconds, and how often the system has said that it is spent."""

    allowed = _SECONDS
    times = 0


def begin() -> None:
    """Limit this process from now on; only the program may call this, because it affects the whole process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    # At the hard limit the system kills without a word, so that the soft one must lie before it.
    _Spent.allowed = _least(soft, hard - 1 if hard > 1 else hard, _SECONDS)
    resource.setrlimit(resource.RLIMIT_CPU, (_Spent.allowed, _least(hard, _Spent.allowed + _LAST)))
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_least(soft, hard, _BYTES), hard))
    signal.signal(signal.SIGXCPU, _spent)
    threading.Thread(target=_watch, args=(threading.main_thread().ident,), daemon=True).start()


def spare() -> None:
    """Let what is under way be finished: from now on the end of the time is no error, and only the last limit holds."""
    _Spent.times = max(_Spent.times, 1)


def _least(*limits: int) -> int:
    """Return the lowest of `limits`, of which negative ones are none."""
    return min(limit for limit in limits if limit >= 0)


def _watch(main: int) -> None:
    """Wake the thread `main` with the signal once a second when the time is over."""
    while True:
        time.sleep(1)
        if time.process_time() > _Spent.allowed + 1:
            signal.pthread_kill(main, signal.SIGXCPU)


def _spent(*_: object) -> None:
    """Raise an error in the main thread; if that does not end the process, because other threads work on, end it."""
    _Spent.times += 1
    seconds = "1 second" if _Spent.allowed == 1 else f"{_Spent.allowed:,} seconds"
    error = _exhausted(f"{seconds} of processor time", ours=_Spent.allowed == _SECONDS)
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
