"""Entering a review into pubkit.yaml, or into a file's front matter, without touching anything else there."""

from __future__ import annotations

import re
from pathlib import Path

from pubkit.errors import EnvironmentFault, InputRefused
from pubkit.files import printable
from pubkit.project import CONFIGURATION, Project
from pubkit.references.lock import replace_file

__all__ = ["entered"]

_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_TOP_LEVEL = re.compile(r"[^\s#-]")


def entered(loaded: Project, block: str) -> Path:
    """Put `block`, the YAML lines of a review, in the place of the old review or at the end; return the file.

    Every other line, comments included, stays as it is. The file is replaced in one step.

    Raises:
        InputRefused: the file is a link.
        EnvironmentFault: it cannot be written.
    """
    path = loaded.folder / loaded.configuration.path
    if path.is_symlink():
        raise InputRefused(f"{printable(path.name)} is a link.", remedy="Replace it by the file itself.")
    text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    alone = loaded.configuration.path == CONFIGURATION
    fence = None if alone else _FENCE.search(text, 4)
    end = fence.start() if fence else len(text)
    changed = _with_block(text[:end], block) + text[end:]
    try:
        replace_file(path, changed.encode())
    except OSError as error:
        raise EnvironmentFault(
            f"{printable(path.name)} cannot be written: {error.strerror}.", remedy="Check your rights."
        ) from error
    return path


def _with_block(text: str, block: str) -> str:
    """`text` with its top-level mapping `review:` replaced by `block`, or with `block` at its end."""
    lines = text.splitlines(keepends=True)
    start = next((index for index, line in enumerate(lines) if line.startswith("review:")), None)
    if start is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + block
    stop = next((index for index in range(start + 1, len(lines)) if _TOP_LEVEL.match(lines[index])), len(lines))
    return "".join((*lines[:start], block, *lines[stop:]))
