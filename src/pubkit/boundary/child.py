"""The only way to start another program: with limits, with an environment of its own, and never left running.

A child leads its own session, so that it can be ended with everything it has started. On Linux it also ends if the
thread that started it is killed. The system limits its processor time and the files it writes, without any code in the
child; the clock, and what it writes to its two pipes, are watched here. Where there is bubblewrap, the program may be put
behind its wall (`pubkit.boundary.confinement`), which is a process of its own: it passes on how the program has ended.

`pubkit.boundary.system` alone starts programs without this module, because noxfile.py reads it before pubkit is
installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import functools
import os
import re
import resource
import select
import selectors
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Self

from msgspec import Struct

__all__ = ["Child", "Ended", "Limits", "Overrun", "bare", "end_all", "run"]

_CHUNK = 1 << 16
#: Limits of this process that a child does not inherit.
_OWN = (resource.RLIMIT_AS, resource.RLIMIT_CPU)
#: Held while a child starts.
_starting = threading.Lock()
#: Those that run now.
_running: set[Child] = set()


class Limits(Struct, frozen=True):
    """The most that a program may use; 0 means that only the system's own limit applies.

    `seconds` is wall-clock time, `cpu_seconds` processor time. `output` is the most bytes it may write to each pipe and
    each file, `memory` the most bytes it may allocate.
    """

    seconds: float
    cpu_seconds: int = 0
    output: int = 1 << 29
    memory: int = 0


class Ended(Struct, frozen=True):
    """How a program ended: its exit code (negative: the signal that ended it) and its output."""

    code: int
    output: bytes
    errors: bytes


class Overrun(Exception):
    """A program was ended because it exceeded a limit; the message names the limit, such as "24 seconds".

    `outside` says that the limit was set for this process from outside, and is lower than the one asked for.
    """

    def __init__(self, limit: str, *, outside: bool = False) -> None:
        super().__init__(limit)
        self.outside = outside


def run(
    command: Sequence[str],
    data: bytes,
    limits: Limits,
    environment: Mapping[str, str],
    folder: str | Path | None = None,
    wall: Sequence[str] = (),
) -> Ended:
    """Run `command` in `folder`, behind `wall`, with `data` on its standard input, and wait until it ends.

    Raises:
        OSError: it cannot be started.
        Overrun: it needs more than `limits`.
    """
    with Child(command, environment, folder, wall) as child:
        child.limit(limits)
        return child.finish(data, limits)


def bare(folder: str | Path) -> dict[str, str]:
    """Return an environment that reveals nothing about this process, with `folder` as home.

    SOURCE_DATE_EPOCH sets the date that programs write into their output.
    """
    return {"HOME": str(folder), "LC_ALL": "C.UTF-8", "PATH": os.defpath, "SOURCE_DATE_EPOCH": "0"}


def end_all() -> None:
    """End every program that runs now, and everything it has started; whoever waits for one learns that it was killed."""
    for child in tuple(_running):
        child.kill()


class Child:
    """A running program that can be written to before its work is complete.

    Used as a context manager: on leaving it, the program is gone in any case. `pid` is the number of its process and
    group, `program` that of the process to which limits apply. `wall` is the beginning of a command that starts it behind a
    wall; `shared` are descriptors that it inherits. Raises OSError if it cannot be started.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        folder: str | Path | None = None,
        wall: Sequence[str] = (),
        *,
        shared: Sequence[int] = (),
    ) -> None:
        self._process, program = _started(command, environment, folder, wall, shared)
        pipes = self._process.stdin, self._process.stdout, self._process.stderr
        self._take(self._process.pid, program, pipes, walled=bool(wall))

    def _take(self, pid: int, program: int, pipes: Sequence[IO[bytes] | None], *, walled: bool) -> None:
        """Hold a process that runs, with its standard input, output and error."""
        self.pid, self.program = pid, program
        self._stdin, self._stdout, self._stderr = pipes
        self._walled = walled
        self._gone = False
        self._unread = bytearray()
        _running.add(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def limit(self, limits: Limits) -> None:
        """Set the limits that the system enforces, replacing earlier ones; only Linux can."""
        if sys.platform == "linux" and self.program:
            self._set(resource.RLIMIT_CORE, 0)
            self._set(resource.RLIMIT_FSIZE, limits.output)
            self._set(resource.RLIMIT_CPU, limits.cpu_seconds or resource.RLIM_INFINITY)
            self._set(resource.RLIMIT_AS, limits.memory or resource.RLIM_INFINITY)

    def _set(self, limit: int, value: int) -> None:
        with contextlib.suppress(ProcessLookupError):
            _, highest = resource.prlimit(self.program, limit)
            below = highest == resource.RLIM_INFINITY or 0 <= value < highest
            resource.prlimit(self.program, limit, (value if below else highest, highest))

    def send(self, data: bytes) -> None:
        """Write `data` to its standard input, which stays open; if it has already ended, `finish` will report that."""
        rest = memoryview(data)
        with contextlib.suppress(BrokenPipeError):
            while rest and self._stdin:
                rest = rest[os.write(self._stdin.fileno(), rest) :]

    def ask(self, data: bytes, limits: Limits) -> bytes | None:
        """Write `data`, and return the answer: as many bytes as its first line says; None if the program has ended instead.

        Raises:
            Overrun: the answer takes longer, or is longer, than `limits` allow.
        """
        self.send(data)
        until = time.monotonic() + limits.seconds
        while not _whole(self._unread):
            part = self._read_some(until, limits)
            if not part:
                return None
            self._unread += part
            if len(self._unread) > limits.output:
                raise _too_much(limits)
        end = self._unread.index(b"\n")
        size = int(self._unread[:end])
        answer = bytes(self._unread[end + 1 : end + 1 + size])
        del self._unread[: end + 1 + size]
        return answer

    def _read_some(self, until: float, limits: Limits) -> bytes:
        pipe = self._stdout
        if pipe is None:
            return b""
        ready, _, _ = select.select([pipe], [], [], max(0.0, until - time.monotonic()))
        if not ready:
            raise _too_long(limits)
        return os.read(pipe.fileno(), _CHUNK)

    def finish(self, data: bytes, limits: Limits) -> Ended:
        """Write `data`, close the standard input, and wait for the program to end.

        Raises:
            Overrun: it needs more than `limits`.
        """
        until = time.monotonic() + limits.seconds
        try:
            output, errors = self._exchange(data, limits, until)
            code = self._wait(max(0.0, until - time.monotonic()))
        except (subprocess.TimeoutExpired, TimeoutError):
            raise _too_long(limits) from None
        finally:
            self.kill()
        self._gone = True
        # The wall passes a signal on as 128 and its number, as a shell does.
        code = 128 - code if self._walled and code - 128 in range(1, 65) else code
        if code == -signal.SIGXCPU or (code == -signal.SIGKILL and limits.cpu_seconds):
            raise _too_busy(limits)
        if code == -signal.SIGXFSZ:
            raise _too_much(limits)
        return Ended(code, output, errors)

    def kill(self) -> None:
        """End it and everything it has started."""
        # A group keeps its number while any of its processes lives, so this cannot hit another process.
        if not self._gone:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.pid, signal.SIGKILL)

    def close(self) -> None:
        """End it, wait until it is gone, and close its pipes."""
        self.kill()
        self._put_away()
        self._gone = True
        _running.discard(self)
        for pipe in (self._stdin, self._stdout, self._stderr):
            if pipe:
                pipe.close()

    def _wait(self, seconds: float | None = None) -> int:
        """Return its exit code once it has ended; raise TimeoutExpired or TimeoutError if that takes longer."""
        return self._process.wait(seconds)

    def _put_away(self) -> None:
        """Wait until nothing of it is left in the system."""
        self._process.wait()

    def _exchange(self, data: bytes, limits: Limits, until: float) -> tuple[bytes, bytes]:
        """Write `data` and read both pipes to their ends, each as it becomes ready."""
        output, errors = bytearray(), bytearray()
        with selectors.DefaultSelector() as waiting:
            for pipe, step in (
                (self._stdin, _writing(data)),
                (self._stdout, _reading(output, limits)),
                (self._stderr, _reading(errors, limits)),
            ):
                if pipe:
                    os.set_blocking(pipe.fileno(), False)
                    event = selectors.EVENT_WRITE if pipe is self._stdin else selectors.EVENT_READ
                    waiting.register(pipe, event, (pipe, step))
            while waiting.get_map():
                ready = waiting.select(max(0.0, until - time.monotonic()))
                if not ready:
                    raise _too_long(limits)
                for pipe, step in (key.data for key, _ in ready):
                    if step(pipe.fileno()):
                        waiting.unregister(pipe)
                        pipe.close()
        return bytes(output), bytes(errors)


def _started(
    command: Sequence[str],
    environment: Mapping[str, str],
    folder: str | Path | None,
    wall: Sequence[str],
    shared: Sequence[int],
) -> tuple[subprocess.Popen[bytes], int]:
    """Start `command` behind `wall`; return the process, and the number of the program's own, to which limits apply."""
    leash, prepare = ((), None) if wall else _tied(command[0], environment)
    told, telling = os.pipe() if wall else (-1, -1)
    try:
        with _without_own_limits():
            process = subprocess.Popen(
                [*wall, "--info-fd", str(telling), "--", *command] if wall else [*leash, *command],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=0,
                cwd=folder,
                env=dict(environment),
                preexec_fn=prepare,
                pass_fds=(telling, *shared) if wall else shared,
                start_new_session=True,
            )
        if wall:
            os.close(telling)
            telling = -1
        return process, _number(told) if wall else process.pid
    finally:
        for end in (told, telling):
            if end >= 0:
                os.close(end)


def _number(told: int) -> int:
    """Return the number of the process that bubblewrap has started; 0 if it tells none, because it has ended."""
    said = b""
    while b"}" not in said and (part := os.read(told, 256)):
        said += part
    found = re.search(rb'"child-pid": (\d+)', said)
    return int(found[1]) if found else 0


def _whole(answer: bytearray) -> bool:
    """Return whether `answer` has its first line, and as many bytes behind it as that says."""
    size, line_end, _ = answer[:20].partition(b"\n")
    return bool(line_end) and len(answer) - len(size) - 1 >= int(size)


def _writing(data: bytes) -> Callable[[int], bool]:
    """Return a step that writes part of `data` when a pipe is ready; it returns True once nothing is left to write."""
    rest = memoryview(data)

    def step(pipe: int) -> bool:
        nonlocal rest
        try:
            rest = rest[os.write(pipe, rest[:_CHUNK]) :] if rest else rest
        except BrokenPipeError:
            return True
        return not rest

    return step


def _reading(into: bytearray, limits: Limits) -> Callable[[int], bool]:
    """Return a step that adds to `into` when a pipe has more; it returns True at the end of the pipe."""

    def step(pipe: int) -> bool:
        part = os.read(pipe, _CHUNK)
        into.extend(part)
        if len(into) > limits.output:
            raise _too_much(limits)
        return not part

    return step


def _too_long(limits: Limits) -> Overrun:
    return Overrun(f"{limits.seconds:.0f} seconds")


def _too_busy(limits: Limits) -> Overrun:
    _, highest = resource.getrlimit(resource.RLIMIT_CPU)
    outside = highest != resource.RLIM_INFINITY and highest <= limits.cpu_seconds
    return Overrun(f"{highest if outside else limits.cpu_seconds} seconds of processor time", outside=outside)


def _too_much(limits: Limits) -> Overrun:
    return Overrun(f"{limits.output >> 20} MB of output")


@contextlib.contextmanager
def _without_own_limits() -> Iterator[None]:
    """Lift the limits of this process while a child starts, which would inherit them."""
    with _starting:
        own = {limit: resource.getrlimit(limit) for limit in _OWN}
        try:
            for limit, (_, highest) in own.items():
                resource.setrlimit(limit, (highest, highest))
            yield
        finally:
            for limit, both in own.items():
                resource.setrlimit(limit, both)


def _tied(program: str, environment: Mapping[str, str]) -> tuple[Sequence[str], Callable[[], object] | None]:
    """Return how a child is made to end with the thread that starts it: the beginning of a command, or a function.

    A function that is called in the child costs a copy of this process's page tables first, 40 ms where it has 500 MB, so
    that it is the last choice.

    Raises:
        OSError: there is no such program.
    """
    if sys.platform != "linux":
        return (), None
    leash = _leash()
    if leash is None:
        return (), _asking_to_end()
    if not shutil.which(program, path=environment.get("PATH")):
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), program)
    return leash, None


@functools.cache
def _leash() -> Sequence[str] | None:
    """Return the command of util-linux that sets the signal for the end of the parent, or None where it is not."""
    path = shutil.which("setpriv", path=os.defpath)
    command = (path, "--pdeathsig", "KILL", "--") if path else ()
    known = command and subprocess.run([*command, *command, "true"], capture_output=True, check=False).returncode == 0
    return command if known else None


@functools.cache
def _asking_to_end() -> Callable[[], object]:
    """Return what a child calls to do the same; it is looked up before any fork, after which that could wait forever."""
    return functools.partial(ctypes.CDLL(None).prctl, 1, int(signal.SIGKILL))
