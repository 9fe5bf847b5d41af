"""What a process and everything below it use: processor time and memory, as Linux counts them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

__all__ = ["Usage", "installed", "usage"]

_PROCESSES = Path("/proc")
#: Where a container says how much memory it may use; its whole tree is mounted here.
_CONTAINER = Path("/sys/fs/cgroup/memory.max")
#: Of /proc/PID/stat behind the name: processor time of the process itself and of children that have ended, in ticks.
_TIMES = slice(11, 15)


class Usage(Struct, frozen=True):
    """Processor time in seconds, and memory that no other program shares in bytes."""

    cpu_seconds: float
    memory: int


def usage() -> Usage:
    """Return what this process uses with all that it has started; elsewhere than on Linux, without what still runs."""
    ticks, pages = 0, 0
    for number in _tree(os.getpid()):
        with contextlib.suppress(OSError, ValueError, IndexError):  # it has just ended
            said = (_PROCESSES / number / "stat").read_text("latin-1").rpartition(")")[2].split()
            _, resident, shared, *_ = (_PROCESSES / number / "statm").read_text("ascii").split()
            ticks += sum(map(int, said[_TIMES]))
            pages += int(resident) - int(shared)
    if not ticks:
        return Usage(sum(os.times()[:4]), 0)
    return Usage(ticks / os.sysconf("SC_CLK_TCK"), pages * os.sysconf("SC_PAGE_SIZE"))


def _tree(root: int) -> Iterator[str]:
    """Yield the numbers of the process `root` and of all below it."""
    left = [str(root)]
    while left:
        number = left.pop()
        yield number
        with contextlib.suppress(OSError):
            for thread in (_PROCESSES / number / "task").iterdir():
                left += (thread / "children").read_text("ascii").split()


def installed() -> int:
    """Return the memory of this machine, or of this container if that is less, in bytes."""
    whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        return min(whole, int(_CONTAINER.read_text("ascii")))
    return whole
