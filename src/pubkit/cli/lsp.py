"""lsp: the language server, which an editor starts."""

from __future__ import annotations

import argparse

from pubkit.cli.arguments import Commands, add_command
from pubkit.errors import EnvironmentFault

__all__ = ["add"]


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands of this module."""
    parser = add_command(commands, "lsp", _lsp, "serve a text editor: findings, references and fixes while you type")
    parser.add_argument("--stdio", action="store_true", help="standard input and output, which are used in any case")


def _lsp(_: argparse.Namespace) -> int:
    from pubkit.publish.model import tool

    try:
        from pubkit.lsp.server import serve
    except ImportError as error:
        if error.name not in {"pygls", "lsprotocol", "cattrs"}:
            raise
        remedy = 'Install it with: python -m pip install "pubkit-health[editor]"'
        raise EnvironmentFault("The language server needs pygls, which is not installed.", remedy=remedy) from error
    return serve(tool().removeprefix("pubkit "))
