"""The only way to read zip files, within limits, and to write them, with the same bytes each time.

What a zip file says of itself is not trusted: a member is unpacked only up to its limit, whatever size its header
claims. Nothing is written to disk, so that no name in a file can lead anywhere.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from msgspec import Struct

from pubkit.boundary.files import printable

__all__ = ["STORED", "Archive", "Bounds", "Member", "NotZip", "packed"]

#: What Python's zip reader raises for files that are damaged, encrypted or malicious.
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)
STORED = zipfile.ZIP_STORED
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LINK = 0o120000


class Bounds(Struct, frozen=True):
    """The most that an archive may contain: `packed` bytes, `members`, bytes in one `member`, `unpacked` bytes in all.

    A member of a megabyte or more must not be more than `ratio` times its packed size.
    """

    packed: int = 500 << 20
    members: int = 5_000
    member: int = 500 << 20
    unpacked: int = 500 << 20
    ratio: int = 500


class NotZip(ValueError):
    """The file is not a zip file that pubkit accepts; the message, the end of a sentence, says why."""


class Archive:
    """The members of a zip file, each unpacked on request.

    Raises:
        NotZip: it is not a zip file, exceeds `bounds`, or has two members of the same name.
    """

    def __init__(self, data: bytes, bounds: Bounds) -> None:
        if len(data) > bounds.packed:
            raise NotZip(f"it has more than {bounds.packed >> 20} MB")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except _DAMAGES as error:
            raise NotZip("it is not a zip file") from error
        self._bounds = bounds
        self._unpacked = 0
        self.members = tuple(self._archive.infolist())
        self.names = tuple(member.filename for member in self.members)
        if len(self.names) > bounds.members:
            raise NotZip(f"it has {len(self.names):,} parts")

    def faults(self) -> Iterator[str]:
        """Yield a sentence for each member whose name or attributes are unsafe to follow."""
        seen: set[str] = set()
        for member in self.members:
            name, shown = member.filename, printable(member.filename, 80)
            if name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name.split("/")[0]:
                yield f"A name leads out of the file: {shown}"
            if name.casefold() in seen:
                yield f"Two parts have the same name: {shown}"
            if (member.external_attr >> 16) & 0o170000 == _LINK:
                yield f"A part is a symbolic link: {shown}"
            if member.flag_bits & 0x1:
                yield f"A part is encrypted: {shown}"
            seen.add(name.casefold())

    def read(self, name: str) -> bytes:
        """Return the bytes of a member.

        Raises:
            KeyError: no member has this name.
            NotZip: it is damaged, encrypted, compressed in an unusual way, or exceeds the bounds.
        """
        member, shown = self._archive.getinfo(name), printable(name, 60)
        if member.compress_type not in _METHODS:
            raise NotZip(f"its part {shown} is compressed in an unusual way")
        limit = min(self._bounds.member, self._bounds.unpacked - self._unpacked)
        limit = min(limit, max(1 << 20, member.compress_size * self._bounds.ratio))
        try:
            with self._archive.open(member) as part:
                data = part.read(limit + 1)
        except _DAMAGES as error:
            raise NotZip(f"its part {shown} cannot be unpacked") from error
        if len(data) > limit:
            raise NotZip(f"its part {shown} contains more than {limit >> 20} MB")
        self._unpacked += len(data)
        return data

    def files(self) -> dict[str, bytes]:
        """Return every member by its name, for files that are read whole.

        Raises:
            NotZip: see `read`.
        """
        return {name: self.read(name) for name in dict.fromkeys(self.names)}

    def __contains__(self, name: object) -> bool:
        return name in self._archive.NameToInfo


class Member(Struct, frozen=True):
    """A member to write; `stored` leaves its bytes uncompressed."""

    name: str
    data: bytes
    stored: bool = False


def packed(members: Iterable[Member], date: tuple[int, int, int, int, int, int], level: int) -> bytes:
    """Return a zip file of `members` in order, each dated `date` (from 1980 on), deflated at `level` unless stored."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for one in members:
            entry = zipfile.ZipInfo(one.name, date)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if one.stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, one.data, compresslevel=None if one.stored else level)
    return buffer.getvalue()
