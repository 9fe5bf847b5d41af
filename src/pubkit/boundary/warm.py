"""Children forked from a process that has done what all of them begin with, such as a long import.

The process (`pubkit.boundary.forks`) is behind the same wall as a program that is started for one piece of work, has read
nothing, and has one thread. A child of it is as far from everything else as a program of its own: it has limits, an
environment, a folder and namespaces of its own, and ends with whoever asked for it. The process ends with pubkit's; one
that has died is replaced. Where it cannot be had, programs are started one by one as before.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import socket
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from pubkit.boundary.child import Child, Limits, Overrun
from pubkit.boundary.confinement import wall
from pubkit.boundary.forks import BEGUN

__all__ = ["Fork", "Server", "server"]

#: The environment of a process that sees its own folder under this path.
Environment = Callable[[Path], Mapping[str, str]]
_ANSWER = 1 << 10
#: How long it may take to end by itself, so that the system counts what it has used.
_LAST = Limits(5)


class Server:
    """A process of which children are forked; it starts at once, and can be asked without waiting for that.

    Args:
        command: starts it; the number of the socket for requests is appended.
        environment: makes its environment, and those of its children.
        limits: its own.

    `folder` is where the folders of its children must lie. `is_fit` says whether it is any use to ask it.
    """

    def __init__(self, command: Sequence[str], environment: Environment, limits: Limits) -> None:
        self._environment = environment
        self._temporary = tempfile.TemporaryDirectory(prefix="pubkit-")
        self.folder = Path(self._temporary.name)
        self.is_fit = True
        self._has_delivered = False
        self._wall = wall(self.folder)
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._asking = threading.Lock()
        self._over = threading.Event()
        self._started = threading.Event()
        self._number = 0
        # A process ends with the thread that starts it, so that this one stays to the end.
        self._thread = threading.Thread(target=self._keep, args=(command, limits, theirs), daemon=True)
        self._thread.start()
        atexit.register(self.close)

    def _keep(self, command: Sequence[str], limits: Limits, theirs: socket.socket) -> None:
        with contextlib.ExitStack() as stack:
            stack.callback(self._started.set)
            with theirs, contextlib.suppress(OSError):
                channel = theirs.fileno()
                whole, environment = [*command, str(channel)], self._environment(self.folder)
                running = stack.enter_context(Child(whole, environment, self.folder, self._wall, shared=(channel,)))
                running.limit(limits)
                self._number = running.program
            self._started.set()
            self._over.wait()
            if self._has_delivered:  # and so is waiting for nothing but a request, or the end
                with contextlib.suppress(Overrun):
                    running.finish(b"", _LAST)

    def seen(self, folder: Path) -> Path:
        """Return the path under which a child sees its `folder`."""
        return self.folder if self._wall else folder

    def fork(self, folder: Path) -> Fork:
        """Ask for a child with `folder`, a part of this one's, as the only place to write in.

        Raises:
            OSError: nobody can be asked any more.
        """
        over = str(self.folder) if self._wall else None
        environment = dict(self._environment(self.seen(folder)))
        return Fork(self, json.dumps({"environment": environment, "folder": str(folder), "over": over}).encode())

    def ask(self, request: bytes, descriptors: Sequence[int]) -> None:
        """Send a request; raise OSError if nobody can be asked any more."""
        with self._asking:
            socket.send_fds(self._ours, [request], descriptors)

    def lives(self) -> bool:
        """Return whether it has not ended; it says nothing on its socket but that."""
        return not select.select([self._ours], [], [], 0)[0]

    def delivers(self) -> bool:
        """Return whether its children count: a copy of a process has one of its threads, and the locks of all others."""
        if not self._has_delivered:
            self._started.wait()
            with contextlib.suppress(OSError):
                self._has_delivered = len(os.listdir(f"/proc/{self._number}/task")) == 1  # noqa: PTH208
        return self._has_delivered

    def disappoints(self) -> None:
        """Remember that a child could not be had: one that has never given any is not asked again."""
        self.is_fit = self._has_delivered

    def close(self) -> None:
        """End it with all its children."""
        with contextlib.suppress(OSError):
            self._ours.shutdown(socket.SHUT_RDWR)
        self._over.set()
        self._thread.join()
        self._ours.close()
        with contextlib.suppress(OSError):
            self._temporary.cleanup()
        atexit.unregister(self.close)


class Fork(Child):
    """A child of a server, used as any other; it must have `begun` before it is."""

    def __init__(self, server: Server, request: bytes) -> None:
        self._server = server
        self._code: int | None = None
        self._is_let_go = False
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        (its_input, put), (got, its_output), (failed, its_errors) = (os.pipe() for _ in range(3))
        own = (os.fdopen(put, "wb", 0), os.fdopen(got, "rb", 0), os.fdopen(failed, "rb", 0))
        try:
            with theirs:
                server.ask(request, (its_input, its_output, its_errors, theirs.fileno()))
        except OSError:
            self._line.close()
            for pipe in own:
                pipe.close()
            raise
        finally:
            for end in (its_input, its_output, its_errors):
                os.close(end)
        self._take(0, 0, own, walled=False)

    def begun(self) -> bool:
        """Wait until it is there, and return whether it is; `kill` ends the waiting."""
        said = self._said()
        if not said.startswith(BEGUN) or not self._server.delivers():
            if not self._is_let_go:
                self._server.disappoints()
            return False
        self.pid = self.program = int(said.removeprefix(BEGUN))
        return True

    def _said(self, seconds: float | None = None, flags: int = 0) -> bytes:
        """Return the next message on its line, empty at the end of the line; raise TimeoutError if none comes in time."""
        if not select.select([self._line], [], [], seconds)[0]:
            raise TimeoutError
        with contextlib.suppress(OSError):
            return self._line.recv(_ANSWER, socket.MSG_DONTWAIT | flags)
        return b""

    def _wait(self, seconds: float | None = None) -> int:
        if self._code is None:
            said = self._said(seconds)
            self._code = int(said) if said else -signal.SIGKILL
        return self._code

    def kill(self) -> None:
        """End it and everything it has started."""
        if self.pid == 0 and not self._gone:
            self._is_let_go = True
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_RDWR)
        elif not self._gone and not self._is_orphan():
            super().kill()

    def _is_orphan(self) -> bool:
        """Return whether the server has ended, and all its children with it, so that its number may be another's."""
        try:
            return self._code is None and not self._said(0, socket.MSG_PEEK)
        except TimeoutError:
            return False

    def _put_away(self) -> None:
        if self.pid:
            self._wait()
            with contextlib.suppress(OSError):
                self._line.shutdown(socket.SHUT_WR)
                self._line.recv(_ANSWER)
        self._line.close()


#: The servers of this process, by what they were started with.
_servers: dict[tuple[object, ...], Server] = {}
_choosing = threading.Lock()


def server(command: Sequence[str], environment: Environment, limits: Limits) -> Server | None:
    """Return the server of this process for `command`, a new one if there is none or it has died; None if none is to be had.

    Args: as `Server` takes them.
    """
    if sys.platform != "linux":
        return None
    key = (*command, *environment(Path("/")).items(), tempfile.gettempdir())
    with _choosing:
        known = _servers.get(key)
        if known and known.is_fit and not known.lives():
            known.close()
            known = None
        if known is None:
            known = _servers[key] = Server(command, environment, limits)
        return known if known.is_fit else None
