"""The only way to read a manuscript's files, which must lie in the publication's folder, and to replace a file.

A manuscript is untrusted input. A path is opened part by part without following links, only regular files are read, and
every file has a size limit. The file is opened once and checked by its descriptor, so that it cannot be swapped between
the check and the reading.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextvars import ContextVar
from pathlib import Path

from pubkit.boundary.commands import disarmed
from pubkit.boundary.rules import SRC020, SRC021, SRC022, SRC023, SRC024
from pubkit.catalogue import Entry
from pubkit.errors import EnvironmentFault, InputRefused, UsageError
from pubkit.expressions import expression
from pubkit.findings import Location

__all__ = [
    "as_path",
    "contained_path",
    "counted",
    "from_here",
    "is_contained",
    "overlaid",
    "printable",
    "read_contained",
    "read_regular",
    "refusal",
    "replace_file",
    "replacing",
    "sync",
]

SCHEME = expression(r"^[A-Za-z][A-Za-z0-9+.-]*:|^//|^\\\\")
#: How Python writes the bytes of a name that are not UTF-8.
_NOT_UTF8 = expression("[\ud800-\udfff]")
_SHOWN = 160


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: 1 claim, 2 claims, 1,000 claims."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def printable(text: str, limit: int = _SHOWN) -> str:
    """Return manuscript text that is safe for a terminal and a CI log: one line, no invisible signs, no command, capped."""
    safe = disarmed("".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text[: limit + 1]))
    return safe if len(text) <= limit else safe[: limit - 1] + "…"


def as_path(value: object, what: str) -> Path:
    """Return what a program gave as the path of `what`.

    Raises:
        UsageError: it is no path.
    """
    if isinstance(value, str | Path):
        return Path(value)
    message = f"A {type(value).__name__} was given as the path of {what}."
    raise UsageError(message, remedy="Give a str or a pathlib.Path.")


def from_here(path: Path) -> str:
    """Return `path` as seen from the current folder: relative if it lies inside, else in full."""
    try:
        return path.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)


def refusal(rule: Entry, message: str, remedy: str, location: Location | None) -> InputRefused:
    """Return the error for input that is unsafe, with its finding."""
    finding = rule.at(location, message, remedy=remedy)
    return InputRefused(message, remedy=remedy, findings=(finding,))


def contained_path(relative: str, what: str, location: Location | None = None) -> tuple[str, ...]:
    """Return the parts of `relative`, a path written by an author, once it is certain to stay inside the folder.

    A part ".." takes back the part before it; there is none left in the result.

    Raises:
        InputRefused: an absolute path, a URL, a backslash, or a path that leaves the folder.
    """
    remedy = "Put the file in the publication's folder and refer to it by its relative path, with forward slashes."
    if SCHEME.match(relative) or relative.startswith("/"):
        raise refusal(
            SRC020, f"{what} is not a file in the publication's folder: {printable(relative)}", remedy, location
        )
    if "\\" in relative or "\0" in relative:
        raise refusal(SRC020, f"{what} has a backslash or a NUL in its name: {printable(relative)}", remedy, location)
    if not relative.isprintable() and _NOT_UTF8.search(relative):
        remedy = "Give the file a name in UTF-8."
        raise refusal(SRC020, f"{what} has a name that is not UTF-8: {printable(relative)}", remedy, location)
    parts = _without_steps_back(relative.split("/"))
    if not parts:
        raise refusal(SRC020, f"{what} is outside the publication's folder: {printable(relative)}", remedy, location)
    return parts


def _without_steps_back(parts: Iterable[str]) -> tuple[str, ...]:
    """Return the parts of a path without "." and ".."; none if it leaves the folder, even temporarily."""
    kept: list[str] = []
    for part in parts:
        if part == "..":
            if not kept:
                return ()
            kept.pop()
        elif part not in {"", "."}:
            kept.append(part)
    return tuple(kept)


def read_contained(
    root: Path,
    relative: str,
    what: str,
    *,
    limit: int,
    suffixes: Collection[str] = (),
    location: Location | None = None,
) -> bytes:
    """Return the bytes of the file `relative` below `root`.

    Args:
        root: the publication's folder.
        relative: the path as the author wrote it.
        what: the file's role in the publication, for messages ("The bibliography").
        limit: the largest size, in bytes.
        suffixes: the extensions allowed, in lower case with their dot; any if empty.
        location: where the author named the file.

    Raises:
        InputRefused: the path leaves the folder or passes a link; the file is not regular, too large or of the wrong type.
        FileNotFoundError: there is no such file; what that means is for the caller to say.
    """
    parts = contained_path(relative, what, location)
    shown = printable(relative)
    if suffixes and Path(parts[-1]).suffix.lower() not in suffixes:
        endings = ", ".join(sorted(suffixes))
        raise refusal(
            SRC021, f"{what} has an extension that is not accepted: {shown}", f"Use one of {endings}.", location
        )
    unsaved = _unsaved(root, parts)
    if unsaved is not None:
        _refuse_large(len(unsaved), limit, what, shown, location)
        return unsaved
    with os.fdopen(_open_parts(root, parts, what, shown, location), "rb") as file:
        _refuse_large(os.fstat(file.fileno()).st_size, limit, what, shown, location)
        return file.read(limit)


def _refuse_large(size: int, limit: int, what: str, shown: str, location: Location | None) -> None:
    if size > limit:
        remedy = f"Make the file smaller: the limit is {limit:,} bytes."
        raise refusal(SRC022, f"{what} is too large ({size:,} bytes): {shown}", remedy, location)


_OVERLAY: ContextVar[Mapping[Path, bytes]] = ContextVar("overlay")


@contextlib.contextmanager
def overlaid(files: Mapping[Path, bytes]) -> Iterator[None]:
    """Let `read_contained` return `files`, by their real paths, instead of what is on the disk, in this context only."""
    token = _OVERLAY.set(files)
    try:
        yield
    finally:
        _OVERLAY.reset(token)


def _unsaved(root: Path, parts: tuple[str, ...]) -> bytes | None:
    """Return what stands over the file at `parts` below `root`, if anything does."""
    files = _OVERLAY.get({})
    return files.get(Path(os.path.realpath(root), *parts)) if files else None


def read_regular(path: Path, limit: int) -> bytes:
    """Return the bytes of a file that pubkit wrote or its user named, which may have been replaced by anything since.

    Raises:
        OSError: it is missing, a pipe or a device, which could be read for ever, or larger than `limit` bytes.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        if status.st_size > limit:
            raise OSError(errno.EFBIG, f"it is larger than {limit:,} bytes", str(path))
        return file.read(limit)


def is_contained(root: Path, relative: str) -> bool:
    """Return whether `read_contained` would open `relative` below `root`; no path, however odd, is an error."""
    try:
        os.close(_open_parts(root, contained_path(relative, "A file"), "A file", printable(relative), None))
    except (InputRefused, FileNotFoundError):
        return False
    return True


def _open_parts(root: Path, parts: tuple[str, ...], what: str, shown: str, location: Location | None) -> int:
    """Return a descriptor of the regular file at `parts` below `root`, opening each part without following links."""
    folder = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in parts[:-1]:
            inner = _open_at(part, os.O_RDONLY | os.O_DIRECTORY, folder, what, shown, location)
            os.close(folder)
            folder = inner
        descriptor = _open_at(parts[-1], os.O_RDONLY | os.O_NONBLOCK, folder, what, shown, location)
    finally:
        os.close(folder)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise refusal(SRC023, f"{what} is not a regular file: {shown}", "Replace it with an ordinary file.", location)
    return descriptor


def _open_at(part: str, flags: int, folder: int, what: str, shown: str, location: Location | None) -> int:
    try:
        return os.open(part, flags | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        raise
    except OSError as error:
        if _is_link(part, folder):
            message = f"{what} is reached through a symbolic link: {shown}"
            raise refusal(SRC024, message, SRC024.remedy, location) from error
        reason = error.strerror or "cannot be opened"
        raise refusal(
            SRC023, f"{what} cannot be read ({reason}): {shown}", "Check the file and its permissions.", location
        ) from error


def _is_link(part: str, folder: int) -> bool:
    try:
        return stat.S_ISLNK(os.stat(part, dir_fd=folder, follow_symlinks=False).st_mode)
    except OSError:
        return False


def replace_file(path: Path, data: bytes) -> None:
    """Replace the contents of `path` with `data` in one step; see `replacing`.

    Raises:
        EnvironmentFault: the folder cannot be written to.
    """
    try:
        with replacing(path) as new:
            new.write_bytes(data)
    except OSError as error:
        if isinstance(error, FileNotFoundError) and not path.parent.exists():
            message = f"{printable(from_here(path))} cannot be written: its folder does not exist."
            raise EnvironmentFault(
                message, remedy=f"Make the folder {printable(from_here(path.parent))} first."
            ) from error
        message = f"{printable(from_here(path))} cannot be written: {error.strerror or error}."
        raise EnvironmentFault(message, remedy="Check the free space and your permissions in its folder.") from error


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Yield an empty file beside `path`, which replaces it in one step at the end, with its permissions.

    The new file is synced to disk. After an error `path` is unchanged. A link is replaced, never followed.

    Raises:
        OSError: the folder cannot be written to.
    """
    import tempfile

    mode = path.stat().st_mode & 0o777 if path.is_file() and not path.is_symlink() else 0o644
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(descriptor)
    new = Path(name)
    try:
        yield new
        new.chmod(mode)
        sync(new)
        new.replace(path)
        sync(path.parent)
    finally:
        new.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the entries of a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
