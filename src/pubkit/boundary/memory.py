"""Memory that C libraries have freed, given back to the system.

glibc keeps what a thread has freed for that thread, so that a build with several threads grows by the most that each has
ever used, although nothing is in use any more.
"""

from __future__ import annotations

import ctypes
import functools
from collections.abc import Callable

__all__ = ["give_back"]


def give_back() -> None:
    """Give back what is free; nothing happens where the system's C library has no such function."""
    if (trim := _trim()) is not None:
        trim(0)


@functools.cache
def _trim() -> Callable[[int], int] | None:
    try:
        return ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):
        return None
