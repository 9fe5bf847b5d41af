"""The answers of earlier runs, one file each in the user's cache folder.

A file that is damaged, of another version of pubkit, or that others may write to is as good as none. The newest answers
are kept, and several runs may write at once.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct, structs

from pubkit.boundary.files import read_regular, replace_file
from pubkit.errors import PubkitError
from pubkit.outcome import Report
from pubkit.publish.manifest import made_files, sha256_of

__all__ = ["VARIABLE", "Made", "Run", "clear", "folder", "keep", "lie_in", "recall", "size"]

Answer = TypeVar("Answer", bound=Struct)

#: Names the folder for answers instead of the user's cache folder; "off" keeps none.
VARIABLE = "PUBKIT_CACHE"
_MOST = 5_000
_MOST_BYTES = 2_000_000_000
_SUFFIX = ".run"
#: The largest answer that is read, in bytes.
_LARGEST = 1 << 30


class Made(Struct, frozen=True):
    """One finished file of the publication: its name in the set, its format, its sha256, and its size in bytes."""

    name: str
    format: str
    sha256: str
    bytes: int


class Run(Struct, frozen=True):
    """What a run has found and made; `files` are all files of the set, by name with their sha256."""

    report: Report
    made: tuple[Made, ...] = ()
    files: Mapping[str, str] = {}
    blocked: bool = False

    @property
    def lean(self) -> Run:
        """Return the run without the examples of rules, which no report shows."""
        entries = {name: structs.replace(one, bad=(), good=()) for name, one in self.report.entries.items()}
        return structs.replace(self, report=structs.replace(self.report, entries=entries))


def lie_in(output: Path, files: Mapping[str, str]) -> bool:
    """Return whether the set in `output` is that of `files`, by name with their sha256, and unchanged."""
    made = dict(files) == dict(made_files(output))
    return made and all(sha256_of(output / name) == digest for name, digest in files.items())


def folder() -> Path | None:
    """Return the folder for answers: that named by `PUBKIT_CACHE`, or the user's own; None if none are to be kept."""
    named = os.environ.get(VARIABLE, "")
    if named.lower() == "off":
        return None
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    return user_cache_path("pubkit", appauthor=False) / "runs"


def recall(cache: Path, question: str, kind: type[Answer]) -> Answer | None:
    """Return the answer to `question`, a value of `kind`, or None."""
    file = cache / f"{question}{_SUFFIX}"
    try:
        if not _own(cache) or not _own(file):
            return None
        digest, _, data = read_regular(file, _LARGEST).partition(b"\n")
        if digest != _digest(question, data):
            return None
        answer = msgspec.msgpack.decode(zlib.decompress(data), type=kind)
        os.utime(file)
    except (OSError, ValueError, RecursionError, zlib.error):
        return None
    return answer


def keep(cache: Path, question: str, answer: Struct) -> None:
    """Keep `answer` as the answer to `question`; if that is not possible, nothing is lost but time."""
    data = zlib.compress(msgspec.msgpack.encode(answer), 1)
    with contextlib.suppress(OSError, PubkitError):
        cache.mkdir(mode=0o700, parents=True, exist_ok=True)
        if _own(cache):
            replace_file(cache / f"{question}{_SUFFIX}", _digest(question, data) + b"\n" + data)
            _bound(cache)


def _digest(question: str, data: bytes) -> bytes:
    return hashlib.sha256(question.encode() + data).hexdigest().encode()


def _own(path: Path) -> bool:
    """Return whether `path` belongs to this user, is no link, and nobody else may write to it."""
    found = path.lstat()
    safe = not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) and not stat.S_ISLNK(found.st_mode)
    return safe and found.st_uid == os.getuid()


def _bound(cache: Path) -> None:
    """Remove the answers that have not been asked for longest, so that neither their number nor their size is too large."""
    with os.scandir(cache) as entries:
        sizes = [entry.stat().st_size for entry in entries]
    if len(sizes) <= _MOST and sum(sizes) <= _MOST_BYTES:
        return
    room = _MOST_BYTES
    for number, file in enumerate(_by_age(cache)):
        room -= file.stat().st_size
        if number >= _MOST or room < 0:
            file.unlink(missing_ok=True)


def _by_age(cache: Path) -> list[Path]:
    """Return the answers, the one that was asked for last first."""
    return sorted(cache.glob(f"*{_SUFFIX}"), key=lambda file: file.stat().st_mtime, reverse=True)


def size(cache: Path) -> tuple[int, int]:
    """Return the number of answers that are kept, and their bytes."""
    files = _by_age(cache)
    return len(files), sum(file.stat().st_size for file in files)


def clear(cache: Path) -> int:
    """Remove all answers, and return their number.

    Raises:
        OSError: one cannot be removed.
    """
    files = _by_age(cache)
    for file in files:
        file.unlink(missing_ok=True)
    return len(files)
