"""The end of a process that has no memory left, or no room for a thread or a process: said in a line that needs none."""

from __future__ import annotations

import errno
import os

__all__ = ["EXIT_CODE", "is_starved", "say"]

#: The exit code of a fault of the environment.
EXIT_CODE = 4

#: What is said if there is no memory for a library, no room for a thread, or not even memory for an exception.
_NO_ROOM = ("failed to map segment", "can't start new thread", "without exception set", "without setting an exception")
_LINES = (
    b"pubkit: There is too little memory, or there are too many processes.\n"
    b"        \xe2\x86\x92 Close other programs, or raise the limits (ulimit -a).\n"
)


def is_starved(error: BaseException) -> bool:
    """Return whether there was no memory, or no room for a thread or a process."""
    if isinstance(error, OSError):
        return error.errno in {errno.ENOMEM, errno.EAGAIN}
    return isinstance(error, MemoryError) or any(words in str(error) for words in _NO_ROOM)


def say() -> None:
    """Write to standard error that there is too little memory."""
    os.write(2, _LINES)
