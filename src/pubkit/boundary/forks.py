"""The inside of a process that forks a child for each piece of work: `pubkit.boundary.warm` starts and asks it.

It has one thread, and never reads anything of a piece of work: a child gets the three streams of its own, closes everything
else, goes behind a wall of its own, and only then reads. No child comes back here. Besides the standard library, this module
needs nothing.

A request is one message on a socket: JSON with "environment", "folder", and "over" (the folder that it covers; null where
there is no wall), with four descriptors: standard input, output and error, and the line of the child. On its line the child
says its number, or why it is not to be had; then this process says how it has ended. A line that is closed at the other end
ends the child with everything it has started.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

__all__ = ["BEGUN", "serve"]

#: What a child says first, before its number.
BEGUN = b"begun "
_REQUEST = 1 << 16
_STREAMS = 3
#: Of Linux: namespaces of users, mounts, networks, shared memory and names of the machine; a folder put over another.
_NAMESPACES = 0x10000000 | 0x00020000 | 0x40000000 | 0x08000000 | 0x04000000
_BIND = 0x1000
_PDEATHSIG = 1
_CAPABILITY_VERSION = 0x20080522


class _Child:
    """A child: its number, its end as a descriptor, and its line."""

    def __init__(self, number: int, line: socket.socket) -> None:
        self.number = number
        self.line = line
        self.end = os.pidfd_open(number)


def serve(channel: int, work: Callable[[], object], warm_up: Callable[[], object]) -> NoReturn:
    """Fork a child for each request that comes through the socket `channel`, until that is closed.

    Args:
        channel: the descriptor of the socket.
        work: what a child does, with its own standard streams.
        warm_up: is called once before the second child is forked: it pays only if there are several.
    """
    server = _Server(socket.socket(fileno=channel), work, warm_up)
    gc.freeze()
    with contextlib.suppress(EOFError):
        while True:
            server.answer_one()
    os._exit(0)


class _Server:
    """Forks and ends children; `answer_one` returns once one more is forked."""

    def __init__(self, channel: socket.socket, work: Callable[[], object], warm_up: Callable[[], object]) -> None:
        self._channel = channel
        self._work = work
        self._warm_up = warm_up
        self._forked = 0
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._own = os.getpid()
        self._waiting = selectors.DefaultSelector()
        self._waiting.register(channel, selectors.EVENT_READ)

    def answer_one(self) -> None:
        """Raise EOFError if nobody can ask any more."""
        while True:
            for key, _ in self._waiting.select():
                if key.data is None:
                    self._fork()
                    return
                child: _Child = key.data
                if key.fileobj == child.end:
                    self._tell_end(child)
                else:
                    self._put_away(child)
                    break  # what else was ready may have been closed with it

    def _fork(self) -> None:
        said, descriptors, _, _ = socket.recv_fds(self._channel, _REQUEST, _STREAMS + 1)
        if not said:
            raise EOFError
        *streams, line = descriptors
        self._forked += 1
        if self._forked == 2:
            self._warm_up()
            gc.freeze()
        number = os.fork()
        if number == 0:
            _be_child(self._libc, self._own, json.loads(said), streams, line, self._work)
        for stream in streams:
            os.close(stream)
        child = _Child(number, socket.socket(fileno=line))
        self._waiting.register(child.end, selectors.EVENT_READ, child)
        self._waiting.register(child.line, selectors.EVENT_READ, child)

    def _tell_end(self, child: _Child) -> None:
        """Say how a child has ended; its number stays taken until its line is closed, so that no other process gets it."""
        self._waiting.unregister(child.end)
        ended = os.waitid(os.P_PIDFD, child.end, os.WEXITED | os.WNOWAIT)
        code = 0 if ended is None else ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status
        with contextlib.suppress(OSError):
            child.line.send(str(code).encode())

    def _put_away(self, child: _Child) -> None:
        for end in (os.killpg, os.kill):  # it may not lead its group yet
            with contextlib.suppress(ProcessLookupError, PermissionError):
                end(child.number, signal.SIGKILL)
        os.waitid(os.P_PIDFD, child.end, os.WEXITED)
        with contextlib.suppress(KeyError):
            self._waiting.unregister(child.end)
        self._waiting.unregister(child.line)
        os.close(child.end)
        child.line.close()


def _be_child(
    libc: Any, parent: int, request: Mapping[str, Any], streams: list[int], line: int, work: Callable[[], object]
) -> NoReturn:
    """Become the child that `request` describes, say so, and do the work; nothing returns from here."""
    code = 1
    try:
        os.setsid()
        # First out of the way of each other, then to their places.
        moved = [fcntl.fcntl(one, fcntl.F_DUPFD, 16) for one in (*streams, line)]
        for number, one in enumerate(moved):
            os.dup2(one, number, inheritable=number < _STREAMS)
        os.closerange(_STREAMS + 1, os.sysconf("SC_OPEN_MAX"))
        with socket.socket(fileno=_STREAMS) as told:
            try:
                _settle(libc, parent, request)
            except OSError as error:
                told.send(str(error).encode())
                os._exit(1)
            told.send(BEGUN + str(os.getpid()).encode())
        work()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - as Python itself ends
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _settle(libc: Any, parent: int, request: Mapping[str, Any]) -> None:
    """Take the environment and the folder of a child, which ends with its parent.

    Raises:
        OSError: the system does not allow it.
    """
    if over := request["over"]:
        _go_behind_wall(libc, request["folder"], over)
    os.chdir(over or request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    _demand(libc.prctl(_PDEATHSIG, int(signal.SIGKILL)))
    if os.getppid() != parent:
        os._exit(1)


def _go_behind_wall(libc: Any, folder: str, over: str) -> None:
    """Leave everything that this process shares with others behind its wall; of all folders to write in, keep one.

    The parent's wall lets nothing be written but in `over`. Here `folder`, a part of it, is put in its place; as a process
    without capabilities in a user namespace of its own, a child can neither take it away nor trace another process.
    """
    _demand(libc.unshare(_NAMESPACES))
    _demand(libc.mount(folder.encode(), over.encode(), None, _BIND, None))
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION, 0)
    _demand(libc.capset(header, (ctypes.c_uint32 * 6)()))


def _demand(result: int) -> None:
    if result != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
