"""One set of files, put in place as a whole: staged beside the output folder, synced, exchanged in one step.

A set is written into a private folder next to the output folder, so that both are on one file system, and is complete
and on disk before anything changes. Then a single system call (`renameat2` with RENAME_EXCHANGE, Linux 3.15) exchanges
the two folders; a reader sees the old set or the new one, never a mixture. If the system has no such call, or the
output folder is a mount point, each file is renamed into place, the checksums last.

Of the old set, only what pubkit wrote and nobody has changed since is removed: its manifest says what that is. A
changed file is kept under a name that says so, and everything else is carried over. Both happen after the exchange, on
a folder that can no longer be reached by its old path; if a build is killed in between, the next one finds the old
folder and does the same.

A private folder contains a mark with its own inode number, which no copy or checkout of it has, and either `growing`, a
set that is not complete (only pubkit's, removed without a look), or `whole`: a complete set, or after the exchange the
old folder.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import fcntl
import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from pubkit.boundary.files import printable, read_regular, sync
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.publish.manifest import CHECKSUMS, MANIFEST, SIGNATURE, made_files, sha256_of

__all__ = ["Kept", "Staging", "open_staging"]

_EXCHANGE = 2
_AT_FDCWD = -100
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.EBUSY, errno.EXDEV, errno.EPERM, errno.ENOTSUP}
_MARK, _GROWING, _WHOLE = "pubkit-staging", "growing", "whole"
#: The last second of the year 9999, the last year with four digits.
_LAST_SECOND = 253_402_300_799


class Kept(Struct, frozen=True):
    """A file of the output folder that had to make room: its name there, and the name under which it is kept."""

    name: str
    aside: str


class Staging(Struct, frozen=True):
    """A private folder in which a set is written, and the output folder that it will replace.

    `rescued` are files that a killed build had no time to keep.
    """

    home: Path
    output: Path
    rescued: tuple[Kept, ...] = ()

    def write(self, name: str, data: bytes) -> Path:
        """Write one file of the set to disk, completely, and return its path in the staging folder.

        Raises:
            EnvironmentFault: the disk is full or cannot be written.
        """
        path = self.home / _GROWING / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(path, data)
        except OSError as error:
            raise _fault("written", path.name, error) from error
        return path

    def publish(self) -> tuple[Kept, ...]:
        """Put the set in the output folder's place, and return what had to be kept there.

        Raises:
            UsageError: somebody else's file has the name of one of the set; the output folder is unchanged.
            EnvironmentFault: the folders cannot be exchanged; the output folder is unchanged.
        """
        try:
            whole = self.home / _WHOLE
            sync(self.home / _GROWING)
            (self.home / _GROWING).rename(whole)
            with _locked(self.output.parent):
                _spare_others(whole, self.output)
                kept = _put_in_place(whole, self.output)
                sync(self.output)
                sync(self.output.parent)
        except OSError as error:
            raise _fault("put in place", self.output.name, error) from error
        return (*self.rescued, *kept)


@contextlib.contextmanager
def open_staging(output: Path, source: Path) -> Iterator[Staging]:
    """Yield a staging folder for a set made from `source`, beside `output`; it is removed at the end in any case.

    If `output` is a mount point, or its parent is not writable, the staging folder lies in it.

    Raises:
        UsageError: `output` is a link or not a folder, or lies in none; or it contains the source or the current folder.
        EnvironmentFault: nothing can be written there.
    """
    output = Path(os.path.abspath(output))  # noqa: PTH100
    _refuse_ancestors(output, source)
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"The output {printable(str(output))} is not a folder.", remedy="Name another with --out.")
    above = next(folder for folder in output.parents if folder.exists())
    if not above.is_dir():
        message = f"The output {printable(str(output))} cannot be created: {printable(str(above))} is not a folder."
        raise UsageError(message, remedy="Name another with --out.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.exists() and not os.access(output, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _locked(output.parent):
            rescued = _clear_dead(output)
            home = _home(output)
            held = _hold(home)
    except OSError as error:
        raise _fault("written", str(output), error) from error
    try:
        yield Staging(home, output, rescued)
    finally:
        with contextlib.suppress(OSError):
            _remove(home)
        os.close(held)


def _home(output: Path) -> Path:
    """Return a new private folder with its mark, from which files can be renamed into `output`."""
    folder = Path(tempfile.mkdtemp(prefix=_prefix(output), dir=output if _apart(output) else output.parent))
    try:
        _write(folder / _MARK, _mark(folder))
        (folder / _GROWING).mkdir()
        (folder / _GROWING).chmod(0o755)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _apart(output: Path) -> bool:
    """Return whether nothing can be renamed from beside `output` into it: a mount point, or an unwritable parent."""
    if not output.exists():
        return False
    if not os.access(output.parent, os.W_OK):
        return True
    nothing = f"{_prefix(output)}{uuid.uuid4().hex}"
    try:
        # The system compares the two mounts before it looks for the file, so that nothing is moved.
        (output.parent / nothing).rename(output / nothing)
    except OSError as error:
        return error.errno == errno.EXDEV
    return False


def _spare_others(staged: Path, output: Path) -> None:
    """Refuse to replace what pubkit did not make."""
    mine = made_files(output)
    names = (entry.name for entry in sorted(staged.iterdir()))
    taken = [name for name in names if name not in mine and os.path.lexists(output / name)]
    if taken:
        message = f"{printable(taken[0])} in {printable(output.name)} was not made by pubkit and would be overwritten."
        raise UsageError(message, remedy="Move it elsewhere, or name another folder with --out.")


def _put_in_place(whole: Path, output: Path) -> tuple[Kept, ...]:
    if not output.exists():
        whole.rename(output)
        return ()
    if _exchange(whole, output):
        return _carry_over(whole, output)
    return _replace_one_by_one(whole, output)


def _refuse_ancestors(output: Path, source: Path) -> None:
    """Refuse an output folder that contains the source or the current folder, because it is exchanged as a whole."""
    for inner in (Path.cwd(), Path(os.path.abspath(source))):  # noqa: PTH100
        if output == inner or output in inner.parents:
            message = f"The output {printable(str(output))} contains more than pubkit's files: {printable(str(inner))}."
            raise UsageError(message, remedy="Name a separate folder with --out, such as dist.")


def _prefix(output: Path) -> str:
    return f".{output.name}.pubkit-"


def _mark(folder: Path) -> bytes:
    return f"The staging folder of a pubkit build, inode {folder.stat().st_ino}.\n".encode()


def _hold(folder: Path) -> int:
    """Lock a staging folder, so that other builds know this one is alive; the lock ends with the descriptor."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _clear_dead(output: Path) -> tuple[Kept, ...]:
    """Remove the staging folders of builds that were killed: they have pubkit's mark, and nobody holds their lock.

    A build that was killed between the exchange and its end has left the old folder in its staging folder; what is not
    pubkit's there is brought back first.
    """
    kept: list[Kept] = []
    for folder in sorted({*output.parent.glob(f"{_prefix(output)}*"), *output.glob(f"{_prefix(output)}*")}):
        if folder.is_symlink() or not folder.is_dir():
            continue
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            kept += _clear(folder, output)
        finally:
            os.close(descriptor)
    return tuple(kept)


def _clear(folder: Path, output: Path) -> tuple[Kept, ...]:
    if _barely_begun(folder):
        shutil.rmtree(folder, ignore_errors=True)
        return ()
    if _marked(folder) != _mark(folder):
        return ()
    kept: tuple[Kept, ...] = ()
    if output.is_dir() and (folder / _WHOLE).is_dir():
        kept = _carry_over(folder / _WHOLE, output)
        sync(output)
    _remove(folder)
    return kept


def _barely_begun(folder: Path) -> bool:
    """Return whether a build was killed before it had finished the mark: there is none, or only its beginning."""
    names = [entry.name for entry in folder.iterdir()]
    marked = _marked(folder)
    return not names or (names == [_MARK] and marked is not None and _mark(folder).startswith(marked))


def _marked(folder: Path) -> bytes | None:
    """Return what the mark of a staging folder says; None if there is none that pubkit could have written."""
    try:
        return None if (folder / _MARK).is_symlink() else read_regular(folder / _MARK, 10_000)
    except OSError:
        return None


def _remove(folder: Path) -> None:
    """Remove a staging folder, unless it still contains what is not pubkit's, which the next build brings back."""
    whole = folder / _WHOLE
    if not whole.is_dir() or not _not_ours(whole):
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Allow one exchange at a time in `folder`; others wait for the moment that it takes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _exchange(staged: Path, output: Path) -> bool:
    """Exchange two folders in one step; return False if the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        return False
    if library.renameat2(_AT_FDCWD, os.fsencode(staged), _AT_FDCWD, os.fsencode(output), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_SUPPORTED:
        return False
    raise OSError(number, os.strerror(number))


def _carry_over(old: Path, new: Path) -> tuple[Kept, ...]:
    """Move what is not, or no longer, pubkit's from the old folder into the new one; nothing there is overwritten.

    If the process is killed meanwhile, the next one takes the work up again.
    """
    mine = made_files(old)
    moved = (_moved(entry, new, mine) for entry in _not_ours(old))
    return tuple(kept for kept in moved if kept)


def _not_ours(folder: Path) -> list[Path]:
    """Return what in `folder` pubkit did not write, or somebody has changed since, in the order of `_rank`."""
    mine = made_files(folder)
    # A signature goes with the set that it was made for.
    entries = sorted(
        (entry for entry in folder.iterdir() if not (mine and entry.name == SIGNATURE)),
        key=lambda entry: _rank(entry.name),
    )
    return [entry for entry in entries if not _unchanged(entry, mine)]


def _rank(name: str) -> tuple[int, str]:
    """Return the order in which files are moved: the manifest, which identifies them, after them; the checksums last."""
    return (MANIFEST, CHECKSUMS).index(name) + 1 if name in {MANIFEST, CHECKSUMS} else 0, name


def _unchanged(entry: Path, mine: Mapping[str, str]) -> bool:
    return entry.name in mine and sha256_of(entry) == mine[entry.name]


def _moved(entry: Path, new: Path, mine: Mapping[str, str]) -> Kept | None:
    """Move `entry` into `new`: under its own name if it is somebody else's and the name is free, otherwise a new one."""
    if entry.name not in mine and not os.path.lexists(new / entry.name):
        entry.rename(new / entry.name)
        return None
    return _set_aside(entry, new)


def _set_aside(entry: Path, folder: Path) -> Kept:
    """Rename `entry` into `folder` with the day of its last change in its name: a.changed-2026-11-26.docx."""
    second = min(max(entry.lstat().st_mtime, 0), _LAST_SECOND)
    stem = f"{entry.stem}.changed-{time.strftime('%Y-%m-%d', time.gmtime(second))}"
    number, aside = 1, f"{stem}{entry.suffix}"
    while os.path.lexists(folder / aside) or os.path.lexists(entry.parent / aside):
        number, aside = number + 1, f"{stem}-{number + 1}{entry.suffix}"
    entry.rename(folder / aside)
    return Kept(entry.name, aside)


def _replace_one_by_one(staged: Path, output: Path) -> tuple[Kept, ...]:
    """Replace the files first, the manifest and checksums last, then remove what is no longer in the set."""
    mine = made_files(output)
    present = [output / name for name in sorted(mine) if os.path.lexists(output / name)]
    kept = tuple(_set_aside(entry, output) for entry in present if not _unchanged(entry, mine))
    names = sorted((entry.name for entry in staged.iterdir()), key=_rank)
    for name in names:
        (staged / name).replace(output / name)
    for name in sorted((mine.keys() | ({SIGNATURE} if mine else set())) - set(names)):
        (output / name).unlink(missing_ok=True)
    return kept


def _write(path: Path, data: bytes) -> None:
    """Write a new file to disk, completely."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, 0o644)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _fault(done: str, name: str, error: OSError) -> EnvironmentFault:
    reason = error.strerror or type(error).__name__
    return EnvironmentFault(
        f"{printable(name)} could not be {done}: {reason}.",
        remedy="Check the free space and your permissions there, or name another --out. An earlier build is unchanged.",
    )
