"""WeasyPrint's process: started before there is anything to print, because starting takes half of its time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from pubkit.boundary import system, warm
from pubkit.boundary.child import Child, Ended, Limits, Overrun, bare
from pubkit.boundary.confinement import wall
from pubkit.boundary.files import printable
from pubkit.boundary.keeping import Keeper
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.render import fonts
from pubkit.render.pdf import weasy
from pubkit.render.pdf.parts import Book
from pubkit.render.pdf.side_by_side import Printer, Stopped

__all__ = ["Press"]

_MEMORY = 6 << 30
#: Before there is a job: importing WeasyPrint, reading style sheets, fonts and pictures.
_PREPARATION = Limits(0, 60, memory=_MEMORY)
#: Of the process that others are forked from, which prints nothing itself.
_SERVING = Limits(0, memory=_MEMORY)
_FONTS = "fonts.conf"
_MISSING_CHARACTER = re.compile(r'"(.)" \((U\+[0-9A-F]+)\)')


class Press:
    """WeasyPrint in its process: `pubkit.render.pdf.weasy` describes the messages.

    Used as a context manager; on leaving it, the process is gone in any case. `prepare` and `start` hand over what they
    are given and return at once; `prepare` may be called several times, always before `start`. `result` waits for the
    file.
    """

    def __init__(self, kept: Keeper | None = None) -> None:
        self._kept = kept
        self._stack = contextlib.ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._limits = _PREPARATION
        self._first: Future[Child]
        self._ended: Future[Ended] | None = None
        self._preparation = b""
        self._children: list[Child] = []
        self._left = False

    def __enter__(self) -> Self:
        self._first = self._pool.submit(self._add)
        return self

    def _add(self) -> Child:
        child = self._forked() or self._started()
        child.limit(self._limits)
        return child

    def _forked(self) -> Child | None:
        """Return a process forked from one that has imported WeasyPrint; None if it is not to be had."""
        server = warm.server([*_command(), weasy.SERVE], _environment, _SERVING)
        if server is None:
            return None
        with contextlib.ExitStack() as stack, contextlib.suppress(OSError):
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pubkit-", dir=server.folder)))
            _furnish(folder, server.seen(folder))
            child = stack.enter_context(server.fork(folder))
            self._hold(child)
            if child.begun() or self._left:
                self._stack.push(stack.pop_all())
                return child
            self._children.remove(child)
        return None

    def _started(self) -> Child:
        """Return a process that imports WeasyPrint itself."""
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pubkit-")))
            _furnish(folder, folder)
            child = stack.enter_context(Child(_command(), _environment(folder), folder, wall(folder)))
            self._hold(child)
            self._stack.push(stack.pop_all())
        return child

    def _hold(self, child: Child) -> None:
        self._children.append(child)
        if self._left:
            child.kill()

    def __exit__(self, *_: object) -> None:
        self._left = True
        for child in self._children:
            child.kill()
        self._pool.shutdown()
        self._stack.close()

    def prepare(self, preparation: Mapping[str, Any]) -> None:
        """Send what is known before there is a page: first style sheets and fonts, then perhaps pictures."""
        line = _line(preparation)
        self._preparation = self._preparation or line
        self._pool.submit(lambda: self._first.result().send(line))

    def beside(self, preparation: Mapping[str, Any], job: Mapping[str, Any]) -> Future[bytes | None]:
        """Print another page before that of `start`; None instead of its PDF if the process has ended over it.

        Args:
            preparation: what `prepare` takes, of this page alone.
            job: what `start` takes.
        """
        line = _line({"beside": preparation, "job": job})
        seconds = int(job["cpu_seconds"])
        limits = Limits(seconds * 3, seconds, memory=_MEMORY)
        return self._pool.submit(lambda: self._first.result().ask(line, limits))

    def start(self, job: Mapping[str, Any], told: Callable[[int, int], None] | None = None) -> None:
        """Start printing the page of `job`, within its "cpu_seconds"; if it has "parts", each by the next free process.

        `told` is called with the number of chapters that are printed, and of all.
        """
        seconds = int(job["cpu_seconds"])
        self._limits = Limits(seconds * 3, seconds, memory=_MEMORY)
        book: Book | None = job.get("parts")
        if book is None:
            line = _line({name: value for name, value in job.items() if name != "parts"})
            self._ended = self._pool.submit(lambda: self._limited().finish(line, self._limits))
        else:
            self._ended = self._pool.submit(self._in_parts, book, job, told)

    def _limited(self) -> Child:
        """Return the first process, with the limits of the job that it is about to get."""
        child = self._first.result()
        child.limit(self._limits)
        return child

    def _in_parts(self, book: Book, job: Mapping[str, Any], told: Callable[[int, int], None] | None) -> Ended:
        """Return the book that several processes print, or how one of them has ended instead."""
        self._limited()
        try:
            pdf = Printer(job, self._preparation, self._crew, self._limits, self._kept, told).printed(book)
        except Stopped as stop:
            return stop.child.finish(b"", self._limits)
        return Ended(0, pdf, b"")

    def _crew(self, number: int) -> list[Child]:
        """Return at most `number` processes that are prepared, one for each processor, and at least one."""
        while len(self._children) < min(number, len(os.sched_getaffinity(0))):
            self._add().send(self._preparation)
        return self._children[: max(1, number)]

    def result(self) -> bytes:
        """Return the PDF that `start` has begun.

        Raises:
            EnvironmentFault: Pango or another library, or a font for a script of the text, is not installed.
            InputRefused: the text needs more time or memory than pubkit allows.
        """
        if self._ended is None:
            raise RuntimeError("nothing was started")
        try:
            ended = self._ended.result()
        except Overrun as limit:
            raise (_limited(str(limit)) if limit.outside else _too_much(str(limit))) from None
        if ended.code == 0 and ended.output.startswith(b"%PDF-"):
            return ended.output
        raise _failure(ended.errors.decode("utf-8", "replace"))


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _command() -> list[str]:
    if not sys.executable:
        raise EnvironmentFault("Python cannot find its own program file.", remedy="Run pubkit with: python -m pubkit")
    return [sys.executable, "-I", weasy.__file__]


def _furnish(folder: Path, seen: Path) -> None:
    """Write what a process needs into its `folder`, which it sees under the path `seen`."""
    (folder / _FONTS).write_text(fonts.configuration(seen / "cache"), "utf-8")


def _environment(folder: Path) -> dict[str, str]:
    """Return what WeasyPrint's process may know about this one: where libraries are, and nothing else."""
    environment = bare(folder) | {"FONTCONFIG_FILE": str(folder / _FONTS), "TMPDIR": str(folder), "TZ": "UTC"}
    if folders := system.library_folders():
        environment["DYLD_FALLBACK_LIBRARY_PATH"] = os.pathsep.join(folders)
    for name in ("DYLD_FALLBACK_LIBRARY_PATH", "LD_LIBRARY_PATH"):
        if name in os.environ:
            environment[name] = os.environ[name]
    return environment


def _too_much(limit: str) -> InputRefused:
    return InputRefused(
        f"The manuscript needs more than {limit} to become a PDF.",
        remedy="Split the manuscript, or make its tables and pictures smaller.",
    )


def _limited(limit: str) -> EnvironmentFault:
    return EnvironmentFault(
        f"WeasyPrint needs more than {limit}, a limit that was set outside pubkit.", remedy="Raise it (ulimit -a)."
    )


def _failure(errors: str) -> PubkitError:
    """Return the error for a child process that ended without a PDF."""
    last = errors.strip().rpartition("\n")[2]
    try:
        report = json.loads(last)
        fault, detail = str(report["fault"]), str(report["detail"])
    except (ValueError, KeyError, TypeError):
        fault, detail = "", last
    if fault == weasy.Fault.MEMORY:
        return _too_much(f"{_MEMORY >> 30} GB of memory")
    if fault in _EXPLAINED:
        return _EXPLAINED[fault](detail)
    return PubkitError(f"WeasyPrint could not make the PDF: {printable(detail, 400)}", remedy="Run `pubkit doctor`.")


def _no_library(detail: str) -> PubkitError:
    """Return the error on one line, because on a new machine it may be all that is read."""
    if lack := system.lack():
        return EnvironmentFault(f"{lack}, or make everything else with `{system.WITHOUT_PDF}`.")
    return EnvironmentFault(f"WeasyPrint cannot load a library: {printable(detail, 400)}", remedy=_WITHOUT_PDF)


def _no_package(detail: str) -> PubkitError:
    return EnvironmentFault(f"WeasyPrint cannot be imported: {printable(detail, 400)}", remedy="Reinstall pubkit.")


def _other_version(detail: str) -> PubkitError:
    return EnvironmentFault(
        f"WeasyPrint {printable(detail, 40)} works in a way that this version of pubkit does not support.",
        remedy='Run: python -m pip install "weasyprint>=70,<71"',
    )


def _warned(detail: str) -> PubkitError:
    return PubkitError(
        f"The PDF would not look as intended. WeasyPrint warns: {printable(detail, 400)}",
        remedy=_WITHOUT_PDF,
    )


def _refused_by_system(detail: str) -> PubkitError:
    return EnvironmentFault(
        f"WeasyPrint could not make the PDF: {printable(detail, 200)}, in the folder for temporary files.",
        remedy="Free some space there, or name another folder with TMPDIR.",
    )


def _missing_characters(detail: str) -> PubkitError:
    found = sorted(set(_MISSING_CHARACTER.findall(detail)))
    characters = ", ".join(f"{printable(char)} ({code})" for char, code in found[:8])
    if len(found) > 8:
        characters += f" and {len(found) - 8} more"
    advice = system.advice("fonts that have them", system.FACES)
    return EnvironmentFault(
        f"No installed font has these characters, so the PDF cannot show them: {characters}",
        remedy=advice[0].upper() + advice[1:],
    )


_WITHOUT_PDF = f"The other formats need none of this: {system.WITHOUT_PDF}"
_EXPLAINED = {
    weasy.Fault.LIBRARY: _no_library,
    weasy.Fault.PACKAGE: _no_package,
    weasy.Fault.VERSION: _other_version,
    weasy.Fault.WARNING: _warned,
    weasy.Fault.GLYPH: _missing_characters,
    weasy.Fault.SYSTEM: _refused_by_system,
}
