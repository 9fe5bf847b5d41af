"""The question that a run answers: one digest over everything that decides its result.

It covers the content of every file in the publication's folder, the options, the day, the environment, and the
installation: pubkit's own files, and the folders from which Python, programs and libraries are loaded, by the time of
their last change. What a package manager installs, updates or removes changes such a folder. Whatever cannot be covered
has no question, and is run in full.
"""

from __future__ import annotations

import functools
import hashlib
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from msgspec import Struct

from pubkit.errors import PubkitError
from pubkit.publish.model import REFUSED

__all__ = ["question", "state", "surroundings"]

#: A folder with more than this is not one publication's, and looking at it would take as long as running.
_MOST_ENTRIES = 20_000
_MOST_BYTES = 256_000_000
#: Never read by a run, and changed by others all the time.
_NOT_READ = frozenset({".git", "__pycache__"})
_VARIABLES = ("HOME", "PATH", "SOURCE_DATE_EPOCH", "TZ", "LANG")
_PREFIXES = ("PUBKIT_", "PYPANDOC_", "PYTHON", "XDG_", "LC_", "LD_", "DYLD_", "JAVA")
#: What the dynamic loader of Linux finds, rewritten whenever a library is installed; and the name of the system.
_SYSTEM = (Path("/etc/ld.so.cache"), Path("/etc/os-release"))


class _TooMuch(Exception):
    """The folder has more than a publication has."""


class _Publication(Struct):
    mode: str


class _Set(Struct):
    """What matters here of manifest.json."""

    publication: _Publication


def question(path: Path, output: Path | None, options: Sequence[str]) -> str:
    """Return the digest of everything that decides the result of a run, in hexadecimal; "" if it cannot be told.

    Args:
        path: the publication: a folder, or one text in its folder.
        output: the folder for the set, None for a check; what an earlier build left there is not input.
        options: the command and its options, in words.
    """
    from pubkit.project.loading import today

    folder = path if path.is_dir() else path.parent
    try:
        parts = (
            *options, str(path), str(Path.cwd()), str(output or ""), _released(output), today().isoformat(),
            *surroundings(), *_snapshot(folder), *_files(folder, output),
        )  # fmt: skip
    except (OSError, ValueError, PubkitError, _TooMuch):
        return ""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


def surroundings() -> Iterator[str]:
    """Yield what decides the result of any step besides its input: the environment, and the installation."""
    yield from _environment()
    yield _installation()


def _environment() -> Iterator[str]:
    for name, value in sorted(os.environ.items()):
        if name in _VARIABLES or name.startswith(_PREFIXES):
            yield f"{name}={value}"


@functools.cache
def _installation() -> str:
    """Return a digest of this program, and of the folders from which Python, programs and libraries are loaded."""
    package = Path(__file__).parents[1]
    own = (f"{file}{state(file)}" for root in (package, package.parents[1] / "styles") for file in _inside(root))
    around = (Path(name) for name in (*sys.path, *os.environ.get("PATH", "").split(os.pathsep)) if name)
    loaded = (f"{folder}{state(folder)}" for folder in (*around, *_SYSTEM) if folder != Path.cwd())
    return hashlib.sha256("\0".join((sys.version, *own, *loaded)).encode("utf-8", "surrogateescape")).hexdigest()


def _inside(root: Path) -> Iterator[Path]:
    for folder, inner, names in os.walk(root):
        inner[:] = sorted(name for name in inner if name not in _NOT_READ)
        yield from (Path(folder, name) for name in sorted(names))


def state(path: Path) -> str:
    """Return size and time of the last change of `path`; "" if there is nothing."""
    try:
        found = path.stat()
    except OSError:
        return ""
    return f" {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns}"


def _snapshot(folder: Path) -> Iterator[str]:
    """Yield which retraction data is used, by its state: it may be large, and is only ever replaced as a whole.

    The same of the trusted signers, and of a lock that is kept apart.
    """
    from pubkit.boundary.signatures import SUFFIX, named_signers
    from pubkit.references.known import lock_place, snapshot_path

    if signers := named_signers():
        yield f"{signers}{state(signers)}"

    lock = Path(*lock_place(folder))
    yield f"{lock}{state(lock)}{state(lock.with_name(f'{lock.name}{SUFFIX}'))}"

    path = snapshot_path(folder)
    yield f"{path}{state(path)}" if path else "no snapshot"


def _released(output: Path | None) -> str:
    """Return the manifest in the output folder if it is that of a release, which later builds are compared with."""
    from pubkit.publish.manifest import MANIFEST

    file = output / MANIFEST if output else None
    if file is None or not file.is_file():
        return ""
    data = file.read_bytes()
    released = msgspec.json.decode(data, type=_Set).publication.mode == "release"
    return hashlib.sha256(data).hexdigest() if released else ""


def _files(folder: Path, output: Path | None) -> Iterator[str]:
    """Yield the name and the content of everything below `folder` but what pubkit writes into `output`, in one order.

    Raises:
        OSError: something cannot be read.
        _TooMuch: there is more than a publication has.
    """
    number, size = 0, 0
    out = Path(os.path.abspath(output)) if output else None  # noqa: PTH100
    waiting = [folder.absolute()]
    while waiting:
        for entry in sorted(os.scandir(waiting.pop()), key=lambda one: one.name):
            path = Path(entry.path)
            if entry.name in _NOT_READ or (out and _written(path, out)):
                continue
            found = entry.stat(follow_symlinks=False)
            number, size = number + 1, size + found.st_size
            if number > _MOST_ENTRIES or size > _MOST_BYTES:
                raise _TooMuch
            if stat.S_ISDIR(found.st_mode):
                waiting.append(path)
            yield f"{entry.path} {stat.filemode(found.st_mode)} {_content(path, found.st_mode)}"


def _written(path: Path, out: Path) -> bool:
    """Return whether `path` is the output folder, or beside it a staging folder or the page of a refused build."""
    beside = path.name.startswith(f".{out.name}.pubkit-") or path.name == f"{out.name}{REFUSED}"
    return path == out or (path.parent == out.parent and beside)


def _content(path: Path, mode: int) -> str:
    """Return the sha256 of a regular file, and where a link leads; nothing of anything else, which no run opens."""
    if stat.S_ISLNK(mode):
        return str(path.readlink())
    if not stat.S_ISREG(mode):
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
