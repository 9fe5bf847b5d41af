"""preview: the page in the browser while it is written."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import printable
from pubkit.cli.arguments import Commands, add_command, add_path
from pubkit.errors import EnvironmentFault, UsageError

if TYPE_CHECKING:
    from pubkit.preview.work import Look

__all__ = ["add", "needs_extra"]

_REMEDY = 'Install it with: python -m pip install "pubkit-health[preview]"'
#: After so many results the address is printed again, so that it is found without scrolling.
_AGAIN = 10


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command of this module."""
    preview = add_command(
        commands, "preview", _preview, "show the page in the browser, with its findings, and renew it on every save"
    )
    add_path(preview)
    port = "the port on this machine (default: the first that is free from 4040 on)"
    preview.add_argument("--port", metavar="N", type=_port, default=0, help=port)
    preview.add_argument("--no-open", action="store_true", help="print the address, and open no browser")
    editor = (
        "where places are opened: vscode (default), vscodium, cursor, zed, idea, textmate, file, none, or an address with "
        "{path}, {line} and {column} (PUBKIT_EDITOR)"
    )
    preview.add_argument("--editor", metavar="NAME", help=editor)
    poll = "look at the times of the files instead of waiting for notices, on network drives and in containers"
    preview.add_argument("--poll", action="store_true", help=poll)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{printable(text, 20)} is not a port, which is a number from 1 to 65535")
    return int(text)


def needs_extra(error: ImportError, what: str) -> EnvironmentFault:
    """Return the error for `what` the user asked for without the packages of the extra `preview`."""
    return EnvironmentFault(f"{what} needs {error.name or 'packages'}, which is not installed.", remedy=_REMEDY)


def _preview(options: argparse.Namespace) -> int:
    from pubkit.report import editors

    if not Path(options.path).exists():
        remedy = "Name the folder of a publication or a text; `pubkit init DIR` makes one."
        raise UsageError(f"There is no {printable(options.path)}.", remedy=remedy)
    editor = editors.pattern(options.editor or os.environ.get(editors.VARIABLE) or "vscode")
    try:
        from pubkit.preview.serving import Options, serve
        from pubkit.preview.work import Request
    except ImportError as error:
        raise needs_extra(error, "A preview") from error
    screen = _Screen(options.path)
    asked = Options(options.port, not options.no_open, poll=True if options.poll else None)
    serve(Request(options.path, editor), asked, screen.begun, screen.seen)
    sys.stdout.write("\nThe preview has ended.\n")
    return 0


class _Screen:
    """What the terminal shows: the address, and a line for each result."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._address = ""
        self._results = 0

    def begun(self, address: str) -> None:
        """Print the address."""
        self._address = address
        sys.stdout.write(
            f"Preview of {printable(self._named())}: {address}\nOnly this machine can open it. Ctrl-C ends it.\n"
        )
        sys.stdout.flush()

    def _named(self) -> str:
        return self._path if Path(self._path) != Path() else "this folder"

    def seen(self, look: Look) -> None:
        """Print one result."""
        import datetime as dt

        self._results += 1
        total = f": {look.total}" if look.total else ""
        error = f" {printable(look.error, 200)}" if look.error else ""
        clock = dt.datetime.now().astimezone().strftime("%H:%M:%S")
        again = f"  {self._address}" if self._results % _AGAIN == 0 else ""
        sys.stdout.write(f"{clock}  {look.words}{total}.{error} ({look.seconds:.1f} s){again}\n")
        sys.stdout.flush()
