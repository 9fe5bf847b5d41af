"""Where finished sets go: a folder on this machine, or any address that fsspec knows.

On this machine a set is exchanged as a whole, as in a build. Elsewhere the checksums are written last, so that a set which
is not complete does not verify.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from pubkit.boundary.files import printable, replace_file
from pubkit.errors import EnvironmentFault, UsageError
from pubkit.publish.manifest import CHECKSUMS, MANIFEST, decoded
from pubkit.publish.staging import open_staging
from pubkit.store.runs import lie_in

__all__ = ["Shelf", "shelf"]


class Shelf(Protocol):
    """The place for the sets of a library, one folder for each publication, and for its summary."""

    def has(self, name: str, files: Mapping[str, str]) -> bool:
        """Return whether the set `name` lies there complete, as `files` (sha256 by name) say."""

    def put(self, name: str, source: Path, files: Mapping[str, bytes]) -> None:
        """Put a set there; `source` is the publication that it was made from.

        Raises:
            EnvironmentFault, UsageError: it cannot be written.
        """

    def note(self, name: str, data: bytes) -> None:
        """Write one file beside the sets.

        Raises:
            EnvironmentFault: it cannot be written.
        """


class _Folder:
    """A folder on this machine."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def has(self, name: str, files: Mapping[str, str]) -> bool:
        return lie_in(self._root / name, files)

    def put(self, name: str, source: Path, files: Mapping[str, bytes]) -> None:
        with open_staging(self._root / name, source) as staging:
            for file, data in files.items():
                staging.write(file, data)
            staging.publish()

    def note(self, name: str, data: bytes) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        replace_file(self._root / name, data)


class _Remote:
    """A folder on another system, by an address such as s3://bucket/leaflets."""

    def __init__(self, address: str, system: Any, root: str) -> None:
        self._address, self._system, self._root = address, system, root.rstrip("/")

    def has(self, name: str, files: Mapping[str, str]) -> bool:
        said = "".join(f"{digest}  {file}\n" for file, digest in sorted(files.items()) if file != CHECKSUMS)
        return self._checksums(name) == said.encode()

    def put(self, name: str, source: Path, files: Mapping[str, bytes]) -> None:  # noqa: ARG002 - nothing there is read
        before = self._ours(name)
        folder = f"{self._root}/{name}"
        try:
            self._system.makedirs(folder, exist_ok=True)
            if before:
                self._system.rm_file(f"{folder}/{CHECKSUMS}")
            for file in sorted(files, key=lambda one: (one == CHECKSUMS, one)):
                self._system.pipe_file(f"{folder}/{file}", files[file])
            for file in sorted(before - set(files)):
                self._system.rm_file(f"{folder}/{file}")
        except OSError as error:
            raise self._fault(name, error) from error

    def note(self, name: str, data: bytes) -> None:
        try:
            self._system.makedirs(self._root, exist_ok=True)
            self._system.pipe_file(f"{self._root}/{name}", data)
        except OSError as error:
            raise self._fault(name, error) from error

    def _ours(self, name: str) -> set[str]:
        """Return the names of the files there that a manifest of pubkit lists and that are unchanged, as in a folder."""
        made = decoded(self._read(name, MANIFEST))
        listed = made.files if made else ()
        same = {one.path for one in listed if hashlib.sha256(self._read(name, one.path)).hexdigest() == one.sha256}
        return same | ({MANIFEST, CHECKSUMS} if made else set())

    def _checksums(self, name: str) -> bytes:
        """Return the checksums of the set that lies there, b"" if there is none."""
        return self._read(name, CHECKSUMS)

    def _read(self, name: str, file: str) -> bytes:
        """Return the content of a file of the set `name`, b"" if there is none."""
        try:
            return bytes(self._system.cat_file(f"{self._root}/{name}/{file}"))
        except OSError:
            return b""

    def _fault(self, name: str, error: OSError) -> EnvironmentFault:
        message = f"{printable(name)} cannot be written to {printable(self._address)}: {printable(str(error))}"
        return EnvironmentFault(message, remedy="Check the address and your permissions there.")


def shelf(address: str) -> Shelf:
    """Return the place that `address` names: a folder, or an address with a scheme ("s3://...", "memory://...").

    Raises:
        UsageError: fsspec, or what it needs for this scheme, is not installed, or it does not know the scheme.
    """
    if "://" not in address:
        return _Folder(Path(address))
    try:
        import fsspec

        system, root = fsspec.core.url_to_fs(address)
    except ImportError as error:
        remedy = f'python -m pip install "pubkit-health[cluster]"; {printable(str(error))}'
        raise UsageError(f"{printable(address)} needs a package that is not installed.", remedy=remedy) from error
    except ValueError as error:
        raise UsageError(f"--out: {printable(str(error))}", remedy="Name a folder, or an address of fsspec.") from error
    return _Remote(address, system, str(root))
