"""EPUB containers: zip files that come out the same on every machine."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping

__all__ = ["MIMETYPE", "container"]

MIMETYPE = b"application/epub+zip"
_STORED = (".png", ".jpg", ".gif", ".webp")
_FIRST = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)


def container(files: Mapping[str, bytes], moment: dt.datetime) -> bytes:
    """A zip file with "mimetype" first and stored, then `files` in the order of their names, all dated `moment` (UTC).

    Zip knows no time before 1980, so an earlier moment becomes the first of that year.
    """
    stamp = max(moment.astimezone(dt.UTC), _FIRST)
    date = (stamp.year, stamp.month, stamp.day, stamp.hour, stamp.minute, stamp.second // 2 * 2)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in [("mimetype", MIMETYPE), *sorted(files.items())]:
            member = zipfile.ZipInfo(name, date)
            member.create_system = 3
            member.external_attr = 0o100644 << 16
            stored = name == "mimetype" or name.endswith(_STORED)
            member.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            archive.writestr(member, data, compresslevel=None if stored else 9)
    return buffer.getvalue()
