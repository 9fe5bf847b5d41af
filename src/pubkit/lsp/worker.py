"""The process that checks: it may be slow, run out of memory or die of a text, and the server goes on.

It is started ahead, keeps what is expensive to import, and is replaced when it takes too long or ends.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from pubkit.lsp.analysis import Analysis, analysed

__all__ = ["Lost", "Worker"]

#: Addresses, not pages in use; as for a run of the command.
_BYTES = 6 << 30


class Lost(Exception):
    """The process that checks has ended, or was ended because it took too long; the message says which."""


class Worker:
    """One process that checks publications, one after the other. All but `interrupt` is for one thread."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def start(self) -> Connection:
        """Start the process, unless it runs; return the connection to it."""
        if self._process is None or self._connection is None or not self._process.is_alive():
            # Started as Python itself starts, so that no thread of the server is copied in the middle of its work.
            context = multiprocessing.get_context("spawn")
            self._connection, other = context.Pipe()
            self._process = context.Process(target=_serve, args=(other,), daemon=True)
            self._process.start()
            other.close()
        return self._connection

    def ask(self, path: Path, unsaved: Mapping[Path, bytes]) -> Analysis:
        """Return what is known of the publication at `path`, with `unsaved` texts over its files.

        Raises:
            Lost: there is no answer. The next question goes to a new process.
        """
        connection = self.start()
        try:
            connection.send((path, unsaved))
            if not connection.poll(self._seconds):
                self.stop()
                raise Lost(f"The check was ended because it took more than {self._seconds:g} seconds.")
            answer = connection.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise Lost("The process that checks has ended; it may have run out of memory.") from error
        if isinstance(answer, Analysis):
            return answer
        raise Lost(str(answer))

    def interrupt(self) -> None:
        """End the process from another thread; whoever waits for its answer is told."""
        process = self._process
        if process is not None:
            process.kill()

    def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
        if self._connection is not None:
            self._connection.close()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """Answer questions until the other end is closed."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (min(limit for limit in (soft, _BYTES) if limit >= 0), hard))
    while True:
        try:
            path, unsaved = connection.recv()
            connection.send(_answer(path, unsaved))
        except (EOFError, OSError, KeyboardInterrupt):
            os._exit(0)


def _answer(path: Path, unsaved: Mapping[Path, bytes]) -> Analysis | str:
    try:
        return analysed(path, unsaved)
    except MemoryError:
        return "The publication needs more memory than a check may take."
    except Exception as error:  # noqa: BLE001 - a defect must not end the server; the next text may be read again
        return f"A defect in pubkit itself ({type(error).__name__}) ended the check; `pubkit check` gives the details."
