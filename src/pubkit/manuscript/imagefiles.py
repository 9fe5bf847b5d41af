"""Image files byte by byte: which kind a file is, and the file with nothing in it but its picture.

A camera writes where, when and with which device a picture was taken, an editor who edited it; a phone appends a film. None
of that is published. What shows the picture is copied as it is, so that nothing is compressed twice; everything else is
left behind: Exif, XMP, IPTC, comments, thumbnails, dates, later frames, and whatever follows the picture's end.

Sources: ITU-T T.81 (JPEG), annex B, and T.871 (JFIF); W3C PNG, third edition; GIF89a; RFC 9649 (WebP).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

__all__ = ["MalformedImage", "bare", "foreign_kind"]

_PNG = b"\x89PNG\r\n\x1a\n"
#: Chunks that show the picture: its pixels, colours, opacity and resolution.
_PNG_CHUNKS = frozenset(
    {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"cICP", b"sBIT", b"pHYs"}
)
_WEBP_CHUNKS = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ICCP"})
_WEBP_EXIF_XMP = 0x0C
#: JPEG markers without a length: TEM and the restarts.
_LONE = frozenset({0x01, *range(0xD0, 0xD8)})
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA

#: How files of kinds that pubkit does not print begin, and what they are.
_BEGINNINGS = (
    ((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "TIFF picture"),
    ((b"BM",), "BMP picture"),
    ((b"%PDF",), "PDF document"),
    ((b"%!PS", b"\xc5\xd0\xd3\xc6"), "PostScript drawing (EPS)"),
    ((b"8BPS",), "Photoshop document"),
    ((b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51"), "JPEG 2000 picture"),
    ((b"\xff\x0a", b"\0\0\0\x0cJXL "), "JPEG XL picture"),
    ((b"\0\0\x01\0",), "Windows icon"),
    ((b"\xd7\xcd\xc6\x9a", b"\x01\0\0\0\x58\0\0\0", b"\x01\0\0\0\x6c\0\0\0"), "Windows metafile"),
    ((b"version https://git-lfs",), "pointer of Git LFS, without the picture itself"),
    ((b"<!doctype html", b"<html"), "web page"),
    ((b"<svg", b"<?xml"), "SVG or other XML file under another extension"),
)
#: Those of one kind first; the last three are in files of both.
_BRANDS = {
    b"heic": "HEIC photograph", b"heix": "HEIC photograph", b"hevc": "HEIC photograph", b"avif": "AVIF picture",
    b"avis": "AVIF picture", b"mif1": "HEIC photograph", b"msf1": "HEIC photograph", b"heif": "HEIC photograph",
}  # fmt: skip


class MalformedImage(ValueError):
    """The file is not put together as its format demands."""


def foreign_kind(data: bytes) -> str:
    """Return what kind of file `data` is, such as "TIFF picture", if pubkit does not print that kind; else ""."""
    if data[4:8] == b"ftyp":
        brands = {data[place : place + 4] for place in range(8, min(64, len(data)), 4)}
        return next((kind for brand, kind in _BRANDS.items() if brand in brands), "film")
    if data[128:132] == b"DICM":
        return "DICOM image"
    start = data[:64].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for beginnings, kind in _BEGINNINGS:
        if any(data.startswith(one) or (one.isascii() and start.startswith(one.lower())) for one in beginnings):
            return kind
    return ""


def bare(data: bytes, kind: str) -> bytes:
    """Return the file `data` of the format `kind` (PNG, JPEG, GIF or WEBP) with its first picture and nothing else.

    Raises:
        MalformedImage: it cannot be taken apart.
    """
    try:
        return b"".join(_PARTS[kind](data))
    except (IndexError, struct.error) as error:
        raise MalformedImage(str(error)) from error


def _png(data: bytes) -> Iterator[bytes]:
    yield _PNG
    place = len(_PNG)
    while True:
        length, name = struct.unpack_from(">I4s", data, place)
        end = place + 12 + length
        if end > len(data):
            raise MalformedImage("a chunk is cut off")
        if name in _PNG_CHUNKS:
            yield data[place:end]
        if name == b"IEND":
            return
        place = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    place = 0
    while True:
        if data[place] != 0xFF:
            raise MalformedImage("a marker is missing")
        while data[place + 1] == 0xFF:
            place += 1
        marker = data[place + 1]
        if marker in _LONE or marker in {_SOI, _EOI}:
            yield bytes((0xFF, marker))
            place += 2
            if marker == _EOI:
                return
            continue
        end = place + 2 + int(struct.unpack_from(">H", data, place + 2)[0])
        if marker == _SOS:
            end = _end_of_scan(data, end)
        yield _segment(marker, data[place:end])
        place = end


def _segment(marker: int, segment: bytes) -> bytes:
    """Return a segment of a JPEG; nothing if it does not help to show the picture."""
    if marker == 0xE0 and segment[4:9] == b"JFIF\0":
        return b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0"  # without its thumbnail
    is_profile = marker == 0xE2 and segment[4:16] == b"ICC_PROFILE\0"
    is_adobe = marker == 0xEE and segment[4:9] == b"Adobe"
    is_application_or_comment = 0xE0 <= marker <= 0xEF or marker == 0xFE
    return segment if is_profile or is_adobe or not is_application_or_comment else b""


def _end_of_scan(data: bytes, start: int) -> int:
    """Return where the compressed data end that begin at `start`: before the next marker that is not a restart."""
    place = start
    while (place := data.find(b"\xff", place)) >= 0:
        following = data[place + 1]
        if following and following not in _LONE and following != 0xFF:
            return place
        place += 1 if following == 0xFF else 2
    raise MalformedImage("the picture does not end")


def _gif(data: bytes) -> Iterator[bytes]:
    place = 13 + _palette(data[10])
    yield data[:place]
    while True:
        if data[place] == 0x3B:
            raise MalformedImage("there is no picture")
        if data[place] == 0x2C:
            end = _end_of_blocks(data, place + 11 + _palette(data[place + 9]))
            yield data[place:end]
            yield b";"
            return
        end = _end_of_blocks(data, place + 2)
        if data[place : place + 2] == b"\x21\xf9":
            yield data[place:end]
        place = end


def _palette(flags: int) -> int:
    """Return the length of the colour table that `flags` announce, in bytes."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(data: bytes, place: int) -> int:
    while length := data[place]:
        place += 1 + length
    return place + 1


def _webp(data: bytes) -> Iterator[bytes]:
    kept = b"".join(_webp_chunks(data))
    yield b"RIFF" + struct.pack("<I", len(kept) + 4) + b"WEBP" + kept


def _webp_chunks(data: bytes) -> Iterator[bytes]:
    place, limit = 12, min(len(data), 8 + int(struct.unpack_from("<I", data, 4)[0]))
    while place + 8 <= limit:
        name, length = struct.unpack_from("<4sI", data, place)
        end = place + 8 + length + length % 2
        if name == b"VP8X":
            yield data[place : place + 8] + bytes((data[place + 8] & ~_WEBP_EXIF_XMP,)) + data[place + 9 : end]
        elif name in _WEBP_CHUNKS:
            yield data[place:end]
        place = end


_PARTS = {"PNG": _png, "JPEG": _jpeg, "GIF": _gif, "WEBP": _webp}
