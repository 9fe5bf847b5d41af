"""What changes in the folder of a publication, as a stream of occasions to look again.

Editors save in many ways: in place, by a new file that takes the old one's name, by several writes. Whatever happens
within a moment is one occasion, and what only looks like a change (a file saved as it was, a folder whose time changed, a
swap file) is none.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import re
from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from pubkit.boundary.files import read_regular
from pubkit.publish.model import REFUSED

__all__ = ["changes"]

#: Milliseconds without a further change that end an occasion, and the most that one lasts.
_QUIET, _LONGEST = 40, 400
#: Seconds after which the folder is looked at in any case: one that was replaced is watched anew.
_PULSE = 2_000
#: Names that editors and pubkit use for a moment, besides those that watchfiles knows.
_PASSING = (r"^4913$", r"^\.[^/]*\.pubkit-", r"\.part$", rf"{re.escape(REFUSED)}$", r"^\.goutputstream-")
#: The checksums of a set: what lies beside them was made by a build.
_SET = "SHA256SUMS"
_LARGE = 4_000_000


class _Sources(DefaultFilter):
    """Lets through what may be a source of the publication."""

    ignore_entity_patterns = (*DefaultFilter.ignore_entity_patterns, *_PASSING)

    def __call__(self, change: Change, path: str) -> bool:
        """Return whether the change of `path` is of interest."""
        return super().__call__(change, path) and not (Path(path).parent / _SET).is_file()


async def changes(
    folder: Path, stop: asyncio.Event, *, deep: bool = True, poll: bool | None = None
) -> AsyncIterator[None]:
    """Yield once for each occasion on which the content of `folder` has changed, until `stop` is set.

    Args:
        folder: the folder of the publication; it may be removed and come back.
        stop: ends the stream.
        deep: also look into the folders inside.
        poll: look at the times of the files instead of waiting for the system's notice; None where that is needed.
    """
    known: dict[str, str] = {}
    while not stop.is_set():
        identity = _identity(folder)
        if identity is None:
            await _pause(stop)
            if _identity(folder) is not None:
                yield
            continue
        try:
            async for seen in awatch(
                folder, watch_filter=_Sources(), step=_QUIET, debounce=_LONGEST, rust_timeout=_PULSE,
                yield_on_timeout=True, stop_event=stop, force_polling=poll, recursive=deep,
            ):  # fmt: skip
                if _changed((path for _, path in seen), known):
                    yield
                if _identity(folder) != identity:
                    break
        except FileNotFoundError:
            await _pause(stop)
        except (OSError, RuntimeError):
            poll = True  # the system watches no more files: from now on their times are looked at
            await _pause(stop)
        if not stop.is_set():
            yield


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        found = folder.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


async def _pause(stop: asyncio.Event) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), 0.5)


def _changed(paths: Iterable[str], known: dict[str, str]) -> bool:
    """Return whether one of `paths` has another content than when it was `known`, and note what they have now."""
    changed = False
    for path in paths:
        now = _state(Path(path))
        changed |= now != known.get(path)
        known[path] = now
    return changed


def _state(path: Path) -> str:
    """Return what tells the content of a file: its sha256, or its size and time if it is large or no file; "-" for none."""
    try:
        found = path.stat()
        if path.is_dir():
            return "folder"
        if found.st_size > _LARGE or not path.is_file():
            return f"{found.st_size} {found.st_mtime_ns}"
        return hashlib.sha256(read_regular(path, _LARGE)).hexdigest()
    except OSError:
        return "-"
