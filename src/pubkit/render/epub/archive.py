"""EPUB containers: zip files that are the same on every machine."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pubkit.boundary.zip import Member, packed

__all__ = ["MIMETYPE", "container"]

MIMETYPE = b"application/epub+zip"
_STORED = (".png", ".jpg", ".gif", ".webp")
_FIRST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)


def container(files: Mapping[str, bytes], moment: dt.datetime) -> bytes:
    """Return a zip file with "mimetype" first and stored, then `files` in order of name, all dated `moment` (UTC).

    Zip has no dates before 1980, so an earlier moment becomes the first of that year.
    """
    stamp = max(moment.astimezone(dt.UTC), _FIRST)
    date = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second // 2 * 2)
    members = [Member("mimetype", MIMETYPE, stored=True)]
    members += [Member(name, data, name.endswith(_STORED)) for name, data in sorted(files.items())]
    return packed(members, date, 9)
