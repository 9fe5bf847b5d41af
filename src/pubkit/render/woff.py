"""A font file packed for the web: WOFF 1.0 (W3C Recommendation, 13 December 2012), an sfnt file compressed by zlib.

fontTools writes the same, but importing it takes longer than everything else that a web page costs.
"""

from __future__ import annotations

import struct
import zlib

__all__ = ["packed"]

_HEADER = struct.Struct(">4s4sLHHLHHLLLLL")
_RECORD = struct.Struct(">4sLLL")
_ENTRY = struct.Struct(">4sLLLL")


def packed(sfnt: bytes) -> bytes:
    """Return the WOFF file of a TrueType or OpenType file; each table is compressed if that makes it smaller.

    Raises:
        ValueError: `sfnt` is truncated, or not a single font.
    """
    flavour = sfnt[:4]
    if flavour not in {b"\0\1\0\0", b"OTTO", b"true"}:
        raise ValueError("not a TrueType or OpenType font")
    try:
        count = struct.unpack_from(">H", sfnt, 4)[0]
        records = sorted(_RECORD.unpack_from(sfnt, 12 + _RECORD.size * number) for number in range(count))
    except struct.error as error:
        raise ValueError("the font's table directory is cut short") from error
    place = _HEADER.size + _ENTRY.size * count
    directory, body, unpacked = b"", b"", 12 + _RECORD.size * count
    for tag, checksum, offset, length in records:
        table = sfnt[offset : offset + length]
        if len(table) != length:
            raise ValueError(f"the font's table {tag!r} is cut short")
        smaller = min(table, zlib.compress(table, 9), key=len)  # of two equal lengths, min takes the uncompressed one
        directory += _ENTRY.pack(tag, place + len(body), len(smaller), length, checksum)
        body += smaller + b"\0" * (-len(smaller) % 4)
        unpacked += length + -length % 4
    size = place + len(body)
    return _HEADER.pack(b"wOFF", flavour, size, count, 0, unpacked, 1, 0, 0, 0, 0, 0, 0) + directory + body
