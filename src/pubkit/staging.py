"""One set of files, put in place as a whole: staged beside the output folder, synced, exchanged in one step.

A set is written into a private folder next to the output folder, so that both lie on one file system, and is complete and
on disk before anything changes. Then the two folders are exchanged by a single system call (`renameat2` with
RENAME_EXCHANGE, Linux 3.15); a reader sees the old set or the new one, never a mixture. Files in the output folder that
pubkit did not make are carried over. Where the system has no such call, each file is renamed into place, the checksums last.
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
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from pubkit.errors import EnvironmentFault, UsageError
from pubkit.files import printable
from pubkit.manifest import names_of_set

__all__ = ["Staging", "open_staging"]

_EXCHANGE = 2
_AT_FDCWD = -100
_NOT_SUPPORTED = {errno.ENOSYS, errno.EINVAL, errno.EBUSY, errno.EXDEV, errno.EPERM, errno.ENOTSUP}


class Staging(Struct, frozen=True):
    """A private folder in which a set grows, and the output folder whose place it will take."""

    folder: Path
    output: Path

    def write(self, name: str, data: bytes) -> Path:
        """Write one file of the set, completely and on to the disk; its path in the staging folder is returned.

        Raises:
            EnvironmentFault: the disk is full or cannot be written.
        """
        path = self.folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o644)
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(descriptor, 0o644)
                file.write(data)
                file.flush()
                os.fsync(descriptor)
        except OSError as error:
            raise _fault("written", path.name, error) from error
        return path

    def publish(self) -> None:
        """Put the set into the output folder's place; what others have put there is carried over.

        Raises:
            UsageError: a file of somebody else's has the name of one of the set; the output folder is as it was.
            EnvironmentFault: the folders cannot be exchanged; the output folder is as it was.
        """
        try:
            _sync_folder(self.folder)
            with _locked(self.output.parent):
                mine = names_of_set(self.output)
                _spare_others(self.folder, self.output, mine)
                if not self.output.exists():
                    self.folder.rename(self.output)
                elif _exchange(self.folder, self.output):
                    _carry_over(self.folder, self.output, mine)
                else:
                    _replace_one_by_one(self.folder, self.output, mine)
                _sync_folder(self.output.parent)
        except OSError as error:
            raise _fault("put in place", self.output.name, error) from error


@contextlib.contextmanager
def open_staging(output: Path, source: Path) -> Iterator[Staging]:
    """A staging folder beside `output`, for a set made from `source`; it is gone at the end, whatever happens.

    Raises:
        UsageError: `output` is a link or no folder, or lies in none; or the source or the current folder lies in it.
        EnvironmentFault: nothing can be written beside it.
    """
    output = Path(os.path.abspath(output))  # noqa: PTH100
    _refuse_ancestors(output, source)
    if output.is_symlink() or (output.exists() and not output.is_dir()):
        raise UsageError(f"The output {printable(str(output))} is not a folder.", remedy="Name another with --out.")
    above = next(folder for folder in output.parents if folder.exists())
    if not above.is_dir():
        message = f"The output {printable(str(output))} cannot be made: {printable(str(above))} is no folder."
        raise UsageError(message, remedy="Name another with --out.")
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        if output.exists() and not os.access(output, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with _locked(output.parent):
            _clear_dead(output)
            folder = Path(tempfile.mkdtemp(prefix=_prefix(output), dir=output.parent))
            folder.chmod(0o755)
            held = _hold(folder)
    except OSError as error:
        raise _fault("written", str(output), error) from error
    try:
        yield Staging(folder, output)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _spare_others(staged: Path, output: Path, mine: frozenset[str]) -> None:
    """Refuse to replace what pubkit did not make."""
    names = (entry.name for entry in sorted(staged.iterdir()))
    taken = [name for name in names if name not in mine and os.path.lexists(output / name)]
    if taken:
        message = f"{printable(taken[0])} in {printable(output.name)} was not made by pubkit, and would be replaced."
        raise UsageError(message, remedy="Move it elsewhere, or name another folder with --out.")


def _refuse_ancestors(output: Path, source: Path) -> None:
    """An output folder is exchanged as a whole, so that nobody may stand in it and no source may lie in it."""
    for inner in (Path.cwd(), Path(os.path.abspath(source))):  # noqa: PTH100
        if output == inner or output in inner.parents:
            message = f"The output {printable(str(output))} holds more than a set of files: {printable(str(inner))}."
            raise UsageError(message, remedy="Name a folder of its own with --out, such as dist.")


def _prefix(output: Path) -> str:
    return f".{output.name}.pubkit-"


def _hold(folder: Path) -> int:
    """Take the lock on a staging folder by which another build knows that this one lives; it ends with the descriptor."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor


def _clear_dead(output: Path) -> None:
    """Remove the staging folders of builds that were killed: nobody holds a lock on them.

    A build that was killed between the exchange and its end has left what others had put into the output folder in its
    staging folder; that is brought back first.
    """
    for folder in sorted(output.parent.glob(f"{_prefix(output)}*")):
        if folder.is_symlink() or not folder.is_dir():
            continue
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue
        else:
            if output.is_dir():
                _carry_over(folder, output, names_of_set(folder))
            shutil.rmtree(folder, ignore_errors=True)
        finally:
            os.close(descriptor)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One exchange at a time in `folder`; others wait for the moment that one takes."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _exchange(staged: Path, output: Path) -> bool:
    """Exchange two folders in one step; False where the system or the file system cannot."""
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


def _carry_over(old: Path, new: Path, mine: frozenset[str]) -> None:
    """Move what pubkit did not make from the old folder into the new one; nothing there is overwritten."""
    for entry in sorted(old.iterdir()):
        target = new / entry.name
        if entry.name not in mine and not os.path.lexists(target):
            entry.rename(target)


def _replace_one_by_one(staged: Path, output: Path, mine: frozenset[str]) -> None:
    """Without an exchange: the files first, the manifest and the checksums last, then what is no longer of the set."""
    names = sorted(
        (entry.name for entry in staged.iterdir()), key=lambda name: (name in {"manifest.json", "SHA256SUMS"}, name)
    )
    for name in names:
        (staged / name).replace(output / name)
    for name in sorted(mine - set(names)):
        with contextlib.suppress(FileNotFoundError):
            (output / name).unlink()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _fault(done: str, name: str, error: OSError) -> EnvironmentFault:
    reason = error.strerror or type(error).__name__
    return EnvironmentFault(
        f"{printable(name)} could not be {done}: {reason}.",
        remedy="Check the free space and your rights there, or name another --out. What was there before is untouched.",
    )
