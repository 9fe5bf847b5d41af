"""The one way to read zip files, within bounds, and to write them, with the same bytes each time.

A zip file's own statements are not trusted: a member is unpacked only as far as its limit allows, whatever size its
header claims. Nothing is ever written to disk, so that no name in a file can lead anywhere.
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

#: What Python's zip reader raises for files that are damaged, locked or made to deceive.
_DAMAGES = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError, OverflowError)
STORED = zipfile.ZIP_STORED
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LINK = 0o120000


class Bounds(Struct, frozen=True):
    """The most that an archive may contain: `packed` bytes, `members`, bytes in one `member` and `unpacked` in all.

    From a megabyte on, no member may grow to more than `ratio` times its packed size.
    """

    packed: int = 500 << 20
    members: int = 5_000
    member: int = 500 << 20
    unpacked: int = 500 << 20
    ratio: int = 500


class NotZip(ValueError):
    """The file is not a zip file that pubkit reads; the message, the end of a sentence, says why."""


class Archive:
    """The members of a zip file, each unpacked when it is asked for.

    Raises:
        NotZip: it is not a zip file, is larger than `bounds` allow, or has two members of one name.
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
            NotZip: it is damaged, locked with a password, packed in an unusual way, or larger than the bounds allow.
        """
        member, shown = self._archive.getinfo(name), printable(name, 60)
        if member.compress_type not in _METHODS:
            raise NotZip(f"its part {shown} is packed in an unusual way")
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
        """Return every member by its name, for files that are read as a whole.

        Raises:
            NotZip: see `read`.
        """
        return {name: self.read(name) for name in dict.fromkeys(self.names)}

    def __contains__(self, name: object) -> bool:
        return name in self._archive.NameToInfo


class Member(Struct, frozen=True):
    """A member to write; `stored` leaves its bytes as they are."""

    name: str
    data: bytes
    stored: bool = False


def packed(members: Iterable[Member], date: tuple[int, int, int, int, int, int], level: int) -> bytes:
    """Return a zip file of `members` in order, each dated `date` (from 1980 on) and, unless stored, deflated at `level`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for one in members:
            entry = zipfile.ZipInfo(one.name, date)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_STORED if one.stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, one.data, compresslevel=None if one.stored else level)
    return buffer.getvalue()
