"""WeasyPrint's process: started before there is anything to print, because starting takes half of its time."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Self

from pubkit.boundary import system
from pubkit.boundary.files import printable
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.render import fonts
from pubkit.render.pdf import weasy

__all__ = ["Press"]

_MISSING_CHARACTER = re.compile(r'"(.)" \((U\+[0-9A-F]+)\)')


class Press:
    """WeasyPrint in its process: see `pubkit.render.pdf.weasy` for what it is told.

    Used as a context; at its end the process is gone, whatever has happened. `prepare` and `start` hand over what they are
    given and come back at once; `prepare` may be asked several times, always before `start`. `result` waits for the file.
    """

    def __init__(self) -> None:
        self._stack = contextlib.ExitStack()
        self._pool = ThreadPoolExecutor(max_workers=1)
        self._seconds = 0
        self._written: Future[tuple[bytes, bytes]] | None = None

    def __enter__(self) -> Self:
        with contextlib.ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="pubkit-"))
            self._process = _child(Path(folder))
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._pool.shutdown()
        self._process.communicate()
        self._stack.close()

    def prepare(self, preparation: Mapping[str, Any]) -> None:
        """Tell what is known before there is a page: first style sheets and faces, then perhaps pictures."""
        self._pool.submit(self._tell, preparation)

    def start(self, job: Mapping[str, Any]) -> None:
        """Begin to print the page of `job`, within its "cpu_seconds"."""
        self._seconds = job["cpu_seconds"]
        self._written = self._pool.submit(self._process.communicate, _line(job), self._seconds * 3)

    def result(self) -> bytes:
        """Return the PDF that `start` has begun.

        Raises:
            EnvironmentFault: Pango or another library, or a face for a script of the text, is not installed.
            InputRefused: the text needs more time or memory than pubkit grants.
        """
        if self._written is None:
            raise RuntimeError("nothing was started")
        try:
            output, errors = self._written.result()
        except subprocess.TimeoutExpired:
            raise _too_much(f"{self._seconds * 3} seconds") from None
        if self._process.returncode == 0 and output.startswith(b"%PDF-"):
            return output
        raise _failure(self._process.returncode, errors.decode("utf-8", "replace"), self._seconds)

    def _tell(self, message: Mapping[str, Any]) -> None:
        """Write a message; where the process has ended already, `result` says why."""
        if self._process.stdin:
            rest = memoryview(_line(message))
            with contextlib.suppress(BrokenPipeError):
                while rest:
                    rest = rest[os.write(self._process.stdin.fileno(), rest) :]


def _line(message: Mapping[str, Any]) -> bytes:
    return json.dumps(message).encode() + b"\n"


def _child(folder: Path) -> subprocess.Popen[bytes]:
    """WeasyPrint's process, with `folder` for its files and an environment of its own."""
    if not sys.executable:
        raise EnvironmentFault("Python cannot find its own executable.", remedy="Run pubkit directly with python.")
    return subprocess.Popen(
        [sys.executable, "-I", weasy.__file__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )


def _environment(folder: Path) -> dict[str, str]:
    """Return what WeasyPrint's process may know of this one: where libraries are, and nothing else."""
    configuration = folder / "fonts.conf"
    configuration.write_text(fonts.configuration(folder / "cache"), "utf-8")
    environment = {
        "FONTCONFIG_FILE": str(configuration),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "PATH": os.defpath,
        "SOURCE_DATE_EPOCH": "0",  # the day that fontTools writes into a variable face which it has fixed
        "TMPDIR": str(folder),
        "TZ": "UTC",
    }
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


def _failure(code: int, errors: str, seconds: int) -> PubkitError:
    """Return the error for a child process that ended without a PDF."""
    if code in {-signal.SIGXCPU, -signal.SIGKILL}:
        return _too_much(f"{seconds} seconds of processor time")
    last = errors.strip().rpartition("\n")[2]
    try:
        report = json.loads(last)
        fault, detail = str(report["fault"]), str(report["detail"])
    except (ValueError, KeyError, TypeError):
        fault, detail = "", last
    if fault == weasy.Fault.MEMORY:
        return _too_much("6 GB of memory")
    if fault in _EXPLAINED:
        return _EXPLAINED[fault](detail)
    return PubkitError(f"WeasyPrint could not make the PDF: {printable(detail, 400)}", remedy="Run `pubkit doctor`.")


def _no_library(detail: str) -> PubkitError:
    """In one line, since whoever reads it has a new machine and nothing else to read."""
    if lack := system.lack():
        return EnvironmentFault(f"{lack}, or make everything else with `{system.WITHOUT_PDF}`.")
    return EnvironmentFault(f"WeasyPrint cannot load a library: {printable(detail, 400)}", remedy=_WITHOUT_PDF)


def _no_package(detail: str) -> PubkitError:
    return EnvironmentFault(f"WeasyPrint cannot be imported: {printable(detail, 400)}", remedy="Reinstall pubkit.")


def _other_version(detail: str) -> PubkitError:
    return EnvironmentFault(
        f"WeasyPrint {printable(detail, 40)} subsets fonts in a way that this version of pubkit does not support.",
        remedy='Run: python -m pip install "weasyprint>=70,<71"',
    )


def _warned(detail: str) -> PubkitError:
    return PubkitError(
        f"The PDF would not look as intended. WeasyPrint warns: {printable(detail, 400)}",
        remedy=_WITHOUT_PDF,
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
}
