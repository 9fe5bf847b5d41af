"""A folder as it was when a git tag was set: its files, out of the repository and without touching the work tree."""

from __future__ import annotations

import re
import shutil
import stat
from collections.abc import Mapping
from pathlib import Path

from pubkit.boundary import child
from pubkit.boundary.child import Limits, Overrun
from pubkit.boundary.files import contained_path, printable
from pubkit.boundary.zip import Archive, Bounds, NotZip
from pubkit.errors import EnvironmentFault, InputRefused

__all__ = ["tagged"]

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+/-]{0,100}")
_BOUNDS = Bounds()
_LIMITS = Limits(120, output=_BOUNDS.packed)
#: What git does for its own speed may run programs that the repository names.
_NOTHING_ELSE = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


def tagged(folder: Path, name: str) -> Mapping[str, bytes] | None:
    """Return the files of `folder`, by relative path, as they were at the git tag `name`, or else "v" and `name`.

    None if there is no git, no repository, or no such tag.

    Raises:
        InputRefused: what the tag has there is too large, or has names that lead elsewhere.
        EnvironmentFault: git cannot be started, or does not end.
    """
    git = shutil.which("git")
    if git is None or not _NAME.fullmatch(name) or ".." in name:
        return None
    for tag in (name, f"v{name}"):
        command = [git, *_NOTHING_ELSE, "archive", "--format=zip", f"refs/tags/{tag}", "--", "."]
        environment = child.bare("/nonexistent") | {"GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0"}
        try:
            ended = child.run(command, b"", _LIMITS, environment, folder)
        except Overrun as limit:
            message = f"git needs more than {limit} for the tag {printable(tag)}."
            raise EnvironmentFault(message, remedy="Compare with a folder: `git worktree add ../old TAG`.") from None
        except OSError as error:
            raise EnvironmentFault(f"git could not be started: {error.strerror}.", remedy="Reinstall git.") from error
        if ended.code == 0:
            return _unpacked(ended.output, tag)
    return None


def _unpacked(data: bytes, tag: str) -> Mapping[str, bytes]:
    try:
        archive = Archive(data, _BOUNDS)
        # A publication reads no links, so that none is needed.
        files = (one for one in archive.members if not one.is_dir() and not stat.S_ISLNK(one.external_attr >> 16))
        return {"/".join(contained_path(one.filename, "A file")): archive.read(one.filename) for one in files}
    except NotZip as error:
        message = f"What the tag {printable(tag)} holds is not read: {error}."
        raise InputRefused(message, remedy="Compare with a folder: `git worktree add ../old TAG`.") from error
