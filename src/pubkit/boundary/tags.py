"""A folder as it was when a git tag was set: its files, out of the repository and without touching the work tree.

The repository is as untrusted as the manuscript in it: its own settings could name programs that git runs for a checkout or
an archive, and a folder that looks like a bare repository brings such settings along. So the objects are read as they are
stored, which runs none, and nothing is fetched that is missing.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from pubkit.boundary import child
from pubkit.boundary.child import Ended, Limits, Overrun
from pubkit.boundary.files import contained_path, printable
from pubkit.errors import EnvironmentFault, InputRefused

__all__ = ["tagged"]

_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z._+/-]{0,100}")
_MOST_FILES, _MOST_BYTES = 5_000, 500 << 20
#: git holds a whole object in memory, and reads on for as long as a damaged file, or a device in its place, goes on.
_LIMITS = Limits(120, output=_MOST_BYTES + (1 << 20), memory=3 << 29)
#: The list of a tag's files may be longer than its objects by any factor: trees that hold each other ten times.
_MOST_LISTED = 5 << 20
#: So many files of a repository are looked at before git is, and so long may the name of a folder be.
_MOST_LOOKED_AT, _LONGEST_NAME = 500_000, 4_096
_SAFELY = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "safe.bareRepository=explicit")
_ENVIRONMENT = {
    "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "GIT_ALLOW_PROTOCOL": "none", "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1", "GIT_OPTIONAL_LOCKS": "0",
}  # fmt: skip
#: An entry of `git ls-tree -l`: mode, kind, object, size, name.
_ENTRY = re.compile(rb"(\d{6}) blob ([0-9a-f]{40,64}) +(\d{1,15})\t(.*)", re.DOTALL)
#: The modes of regular files; a publication reads no links.
_REGULAR = frozenset({b"100644", b"100755", b"100664"})
_REMEDY = "Compare with a folder: `git worktree add ../old TAG`."


class _Blob(Struct, frozen=True):
    name: str
    identity: bytes
    size: int


def tagged(folder: Path, name: str) -> Mapping[str, bytes] | None:
    """Return the files of `folder`, by relative path, as they were at the git tag `name`, or else "v" and `name`.

    None if there is no git, no repository, or no such tag.

    Raises:
        InputRefused: what the tag has there is too large, incomplete, or has names that lead elsewhere.
        EnvironmentFault: git cannot be started, or does not end.
    """
    git = shutil.which("git")
    if git is None or not _NAME.fullmatch(name) or ".." in name:
        return None
    if special := _special(folder):
        raise _unread(name, f"{printable(special)} in the repository is a pipe or a device, for which git would wait")
    for tag in (name, f"v{name}"):
        listing = ["ls-tree", "-r", "-l", "-z", f"refs/tags/{tag}"]
        found = _git(git, listing, b"", folder, tag, replace(_LIMITS, output=_MOST_LISTED))
        if found.code == 0:
            blobs = _blobs(found.output, tag)
            wanted = b"".join(one.identity + b"\n" for one in blobs)
            return _contents(_git(git, ["cat-file", "--batch"], wanted, folder, tag, _LIMITS), blobs, tag)
    return None


def _special(folder: Path) -> str:
    """Return the name of the first pipe or device in the repository around `folder`, or ""."""
    dots = (place / ".git" for place in (folder.absolute(), *folder.absolute().parents))
    dot = next((one for one in dots if one.is_dir() or one.is_file()), None)
    waiting = [] if dot is None else [dot] if dot.is_dir() else [_named(dot)]
    if waiting and (common := waiting[0] / "commondir").is_file():
        waiting.append(_named(common))
    seen = 0
    while waiting and seen < _MOST_LOOKED_AT:
        with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
            for entry in entries:
                seen += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                elif not entry.is_file() and _is_endless(Path(entry.path)):
                    return entry.name
    return ""


def _is_endless(path: Path) -> bool:
    """Return whether `path` is a pipe or a device; a socket, as git's own file watcher leaves one, cannot be opened."""
    return path.is_fifo() or path.is_char_device() or path.is_block_device()


def _named(file: Path) -> Path:
    """Return the folder that a file of git names, as `.git` of a work tree and `commondir` do."""
    with file.open(encoding="utf-8", errors="surrogateescape") as opened:
        return file.parent / opened.read(_LONGEST_NAME).removeprefix("gitdir:").strip()


def _git(git: str, arguments: Sequence[str], data: bytes, folder: Path, tag: str, limits: Limits) -> Ended:
    environment = child.bare("/nonexistent") | _ENVIRONMENT
    try:
        return child.run([git, *_SAFELY, *arguments], data, limits, environment, folder)
    except Overrun as limit:
        raise EnvironmentFault(f"git needs more than {limit} for the tag {printable(tag)}.", remedy=_REMEDY) from None
    except OSError as error:
        raise EnvironmentFault(f"git could not be started: {error.strerror}.", remedy="Reinstall git.") from error


def _blobs(listed: bytes, tag: str) -> list[_Blob]:
    """Return the regular files that a tag has, within the limits."""
    found = [*_entries(listed)]
    if len(found) > _MOST_FILES:
        raise _unread(tag, f"it has {len(found):,} files")
    if sum(one.size for one in found) > _MOST_BYTES:
        raise _unread(tag, f"it has more than {_MOST_BYTES >> 20} MB")
    return found


def _entries(listed: bytes) -> Iterator[_Blob]:
    for line in listed.split(b"\0"):
        entry = _ENTRY.fullmatch(line)
        if entry and entry[1] in _REGULAR:
            path = entry[4].decode("utf-8", "surrogateescape")
            yield _Blob("/".join(contained_path(path, "A file")), entry[2], int(entry[3]))


def _contents(given: Ended, blobs: Sequence[_Blob], tag: str) -> Mapping[str, bytes]:
    """Return the files from what `git cat-file --batch` has given."""
    files, at = {}, 0
    for one in blobs:
        head = b"%b blob %d\n" % (one.identity, one.size)
        start, end = at + len(head), at + len(head) + one.size
        if given.code or not given.output.startswith(head, at) or given.output[end : end + 1] != b"\n":
            raise _unread(tag, f"{printable(one.name)} is not in the repository")
        files[one.name] = given.output[start:end]
        at = end + 1
    return files


def _unread(tag: str, why: str) -> InputRefused:
    return InputRefused(f"What the tag {printable(tag)} holds is not read: {why}.", remedy=_REMEDY)
