"""Pictures in a PDF: no larger than their source.

WeasyPrint writes three bytes for each dot of a picture; the file of a PNG often has one, or less.
"""

from __future__ import annotations

import base64
import hashlib
import io
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any, NamedTuple

__all__ = ["Stored", "sources", "store_as_in_source"]

#: The PNG files in a page, and the channels of the kinds of PNG that a PDF can store as they are: grey, colours, palette.
_PNG = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")
_CHANNELS = {0: 1, 2: 3, 3: 1}


class Stored(NamedTuple):
    """The rows of a PNG as its file has them, and how a PDF names their colours (ISO 32000-1, 7.4.4 and 8.6)."""

    rows: bytes
    bits: int
    channels: int
    colours: str


def sources(page: str) -> dict[bytes, Stored]:
    """Return the PNG files in a page that a PDF can store as they are, each by the digest of what it shows."""
    files = (base64.b64decode(data) for data in dict.fromkeys(_PNG.findall(page)))
    read = ((_shown(file), _stored(file)) for file in files if _can_be_stored(file))
    return {shown: stored for shown, stored in read if shown}


def _can_be_stored(png: bytes) -> bool:
    """Return whether a PNG has colours or greys of at most 8 bits, in rows from top to bottom, and no transparency."""
    depth, kind, _, _, interlaced = png[24:29]
    return depth <= 8 and kind in _CHANNELS and not interlaced and b"tRNS" not in _chunks(png)


def _stored(png: bytes) -> Stored:
    depth, kind = png[24:26]
    chunks = _chunks(png)
    palette = chunks.get(b"PLTE", b"")
    indexed = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    colours = {0: "/DeviceGray", 2: "/DeviceRGB", 3: indexed}[kind]
    return Stored(chunks[b"IDAT"], depth, _CHANNELS[kind], colours)


def store_as_in_source(picture: Any, found: Mapping[bytes, Stored]) -> None:
    """Give a picture of WeasyPrint's the rows of its source, one of `found`, if they are shorter."""
    extra = picture.extra
    if extra["Filter"] != "/FlateDecode" or extra["ColorSpace"] != "/DeviceRGB":
        return
    rows = b"".join(bytes(getattr(part, "data", part)) for part in picture.stream)
    head = struct.pack(">2I5B", extra["Width"], extra["Height"], 8, 2, 0, 0, 0)
    png = b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, (b"IHDR", b"IDAT", b"IEND"), (head, rows, b"")))
    stored = found.get(_shown(png))
    if stored and len(stored.rows) + len(stored.colours) < len(rows):
        picture.stream = [stored.rows]
        extra["ColorSpace"], extra["BitsPerComponent"] = stored.colours, stored.bits
        extra["DecodeParms"]["Colors"] = stored.channels
        extra["DecodeParms"]["BitsPerComponent"] = stored.bits


def _shown(png: bytes) -> bytes:
    """Return the digest of what a PNG shows; nothing for a damaged one, which others report."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(png), formats=["PNG"]) as image:
            shown = image.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        return b""
    return hashlib.sha256(struct.pack(">2I", *shown.size) + shown.tobytes()).digest()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a PNG by their kind, those of one kind joined (PNG, 5.3)."""
    found: dict[bytes, bytes] = {}
    place = 8
    while place + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        found[kind] = found.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    return found
