"""How a report leaves the command line: on standard output, into files, and as a page beside a refused build."""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pubkit.boundary.commands import disarmed_data
from pubkit.boundary.files import from_here, printable, read_regular, replace_file
from pubkit.cli.signs import all_there
from pubkit.errors import PubkitError
from pubkit.expressions import expression

if TYPE_CHECKING:
    from pubkit.outcome import Report
    from pubkit.pipeline import Artifact
    from pubkit.report.model import Sheet, View
    from pubkit.report.text import Look
    from pubkit.steps import Proofread

__all__ = ["forget_refusal", "from_repository", "print_report", "put", "tell_of_refusal", "wants_page"]

#: The formats that code hosts read; they know files by their path in the repository.
_FOR_HOSTS = frozenset({"sarif", "github", "gitlab"})
#: By this a page of ours is known; no other file is ever removed.
_OURS = b'class="pk-annotated'
_LARGEST = 100_000_000


def put(text: str, form: str) -> None:
    """Print what another program reads, clean for a terminal and a CI log; JSON means the same as before."""
    if form in _MARKUP:
        text = disarmed_data(_CONTROLS.sub("\ufffd", text), "&#35;")
        text = text if all_there() else text.encode("ascii", "xmlcharrefreplace").decode()
    elif form not in _CLEAN:
        text = disarmed_data(_NOT_ASCII.sub(_escaped if all_there() else _as_ascii, text), "\\u0023")
    sys.stdout.write(text)


#: Forms whose every word is printable, and those of elements; all others are JSON.
_CLEAN, _MARKUP = frozenset({"text", "github"}), frozenset({"html", "junit", "xml"})
_NOT_ASCII = expression(r"[^\n -~]")
#: Controls, and what overrides the direction; isolates and the tags of flags are words of a text.
_CONTROLS = expression("[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e]")


def _as_ascii(found: re.Match[str]) -> str:
    return json.dumps(found[0])[1:-1]


def _escaped(found: re.Match[str]) -> str:
    return found[0] if found[0].isprintable() else _as_ascii(found)


def wants_page(options: argparse.Namespace) -> bool:
    """Return whether one of the reports that are asked for shows the page of the publication."""
    return "html" in {options.format, *(form for form, _ in options.files)}


def print_report(
    options: argparse.Namespace,
    report: Report,
    *,
    error: str = "",
    remedy: str = "",
    artifacts: Sequence[Artifact] = (),
    timings: Mapping[str, float] | None = None,
    code: int = 0,
    shown: View | None = None,
    read: Proofread | None = None,
) -> int:
    """Print the report on standard output and into files, each in the form that was asked for.

    Returns `code`, or that of the error if a file cannot be written, which standard error then says. `read` is the
    publication as it was printed for the page, if it was.
    """
    from pubkit.publish.model import tool
    from pubkit.report import editors
    from pubkit.report.model import ArtifactLine, Sheet, View

    lines = tuple(ArtifactLine(from_here(one.path), one.format, one.sha256, one.bytes) for one in artifacts)
    sheet = Sheet(
        report, tool(), _folder(options.path), lines, timings or {}, error, remedy, code, shown or View(),
        _around(Path(options.path)), editors.pattern(os.environ.get(editors.VARIABLE) or "file"),
    )  # fmt: skip
    put(_written(options.format, options, sheet, read), options.format)
    if timings and options.format == "text" and options.verbose:
        from pubkit.cli.progress import table_of_times

        sys.stderr.write(table_of_times(timings, _width()))
    for form, file in options.files:
        try:
            replace_file(Path(file), _written(form, options, sheet, read).encode())
        except PubkitError as fault:
            sys.stderr.write(f"pubkit: {printable(fault.message, 300)}\n        → {printable(fault.remedy, 300)}\n")
            code = fault.exit_code
    return code


def _written(form: str, options: argparse.Namespace, sheet: Sheet, read: Proofread | None) -> str:
    from msgspec import structs

    from pubkit.report import text
    from pubkit.report.forms import WRITERS

    if form == "text":
        return text.write(sheet, _look(options))
    if form == "html":
        return _page(options, sheet, read)
    if form in _FOR_HOSTS:
        sheet = structs.replace(sheet, folder=from_repository(options.path))
    return WRITERS[form](sheet)


def _look(options: argparse.Namespace) -> Look:
    from pubkit.findings import Severity
    from pubkit.report import text

    least = Severity.ERROR if options.quiet else Severity.NOTE if options.verbose else Severity.WARNING
    terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb"
    return text.Look(
        colour=terminal and not os.environ.get("NO_COLOR"),
        least=least,
        detail=options.verbose,
        width=_width(),
        every=options.all,
        links=terminal and _shows_links(),
        counts=getattr(options, "statistics", False),
    )


def _shows_links() -> bool:
    """Return whether the terminal is one that shows links (OSC 8); the others mostly pass over them, but not all."""
    if "FORCE_HYPERLINK" in os.environ:
        return os.environ["FORCE_HYPERLINK"] not in {"", "0"}
    if os.environ.get("CI") or os.environ.get("TERM", "").startswith(("screen", "linux", "vt")):
        return False
    known = (
        "WT_SESSION",
        "VTE_VERSION",
        "KITTY_WINDOW_ID",
        "WEZTERM_EXECUTABLE",
        "KONSOLE_VERSION",
        "ALACRITTY_WINDOW_ID",
    )
    programs = {"iTerm.app", "vscode", "WezTerm", "ghostty", "Hyper", "zed"}
    return any(name in os.environ for name in known) or os.environ.get("TERM_PROGRAM") in programs


def _width() -> int:
    """Return the columns of the terminal, or those of a report in a file if the output does not go to one."""
    from pubkit.report.text import WIDTH

    return shutil.get_terminal_size((WIDTH, 24)).columns if sys.stdout.isatty() else WIDTH


# The page


def _page(options: argparse.Namespace, sheet: Sheet, read: Proofread | None) -> str:
    """Return the annotated page; if the text cannot be printed, that of its source."""
    from msgspec import structs

    from pubkit.report.annotated import page

    if read is None and not sheet.error:
        from pubkit import pipeline

        with contextlib.suppress(PubkitError):
            read = pipeline.proofread(options.path, "html", sheet.report)
    return page.write(structs.replace(sheet, editor=""), read.page if read else None, target=options.path)


def tell_of_refusal(options: argparse.Namespace, report: Report, error: str, remedy: str, code: int) -> None:
    """Write the annotated page of a build that was refused beside its output folder, and say where it is."""
    from pubkit.publish.model import tool
    from pubkit.report.model import Sheet

    sheet = Sheet(report, tool(), error=error, remedy=remedy, exit_code=code, root=_around(Path(options.path)))
    path = _refused(options)
    try:
        replace_file(path, _page(options, sheet, None).encode())
    except (PubkitError, OSError) as fault:
        sys.stderr.write(f"pubkit: the page for editors was not written: {printable(str(fault), 300)}\n")
        return
    sys.stderr.write(f"The text with its findings, for people who read no terminal: {printable(from_here(path))}\n")


def forget_refusal(options: argparse.Namespace) -> None:
    """Remove the page of an earlier build that was refused, which is no longer true."""
    path = _refused(options)
    with contextlib.suppress(OSError):
        if _OURS in read_regular(path, _LARGEST)[:2_000_000]:
            path.unlink()


def _refused(options: argparse.Namespace) -> Path:
    out = Path(options.out or ("draft" if getattr(options, "draft", False) else "dist"))
    from pubkit.publish.model import REFUSED

    return out.with_name(f"{out.name}{REFUSED}")


# Files as they are called from here


def _folder(path: str) -> str:
    """Return the folder that file names in findings are relative to, as seen from here."""
    folder = _around(Path(path))
    return "" if str(folder) == "." else str(PurePosixPath(folder))


def _around(path: Path) -> Path:
    """Return the folder of a publication that is named by its folder or by its only text."""
    return path.parent if path.is_file() else path


def from_repository(path: str) -> str:
    """Return `_folder` as seen from the root of its Git repository, where code hosts look; without one, from here."""
    folder = _around(Path(path).absolute())
    root = next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)
    if root is None:
        return _folder(path)
    relative = folder.relative_to(root).as_posix()
    return "" if relative == "." else relative
