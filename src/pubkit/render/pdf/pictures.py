"""Pictures in a PDF: no larger than their source, and not written anew.

WeasyPrint writes three bytes for each dot of a picture; the file of a PNG often has one, or less. A PDF stores the rows of
most PNG files as they are, so that nothing has to be compressed. This module runs in WeasyPrint's process, and relies on
how WeasyPrint 70 works.
"""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

__all__ = ["store_as_they_are"]

#: The channels of the kinds of PNG that a PDF can store as they are: grey, colours, palette.
_CHANNELS = {0: 1, 2: 3, 3: 1}
#: Rows of more than this part of what they contain are hardly compressed.
_LOOSE = 0.95


def store_as_they_are() -> bool:
    """Let WeasyPrint store the rows of PNG files as they are where it can; return whether it works as expected."""
    from weasyprint import images

    own: Any = getattr(images, "RasterImage", None)
    if not hasattr(own, "get_x_object") or not hasattr(own, "cache_image_data"):
        return False

    class Stored(own):  # type: ignore[misc]
        def __init__(self, picture: Any, number: str, data: bytes, *others: Any) -> None:
            self._whole = (number, data, *others)
            self._stored = data is not None and "exif" not in picture.info and _can_be_stored(data)
            if self._stored:
                picture.load()  # raises what WeasyPrint reports of a damaged file
                self.id, self.mode, self.format = number, "RGB", "PNG"
                self.width, self.height = picture.size
                self.ratio = self.width / self.height
                self._dpi = others[-1]["dpi"]
            else:
                super().__init__(picture, *self._whole)

        def get_x_object(self, interpolate: bool, dpi_ratio: float) -> Any:
            if self._stored and dpi_ratio == 1:
                return _stream(self._whole[1], interpolate=interpolate)
            if self._stored:
                from PIL import Image

                super().__init__(Image.open(io.BytesIO(self._whole[1])).convert("RGB"), self.id, None, *self._whole[2:])
            return super().get_x_object(interpolate, dpi_ratio)

    images.RasterImage = Stored
    return True


def _can_be_stored(data: bytes) -> bool:
    """Return whether this is a PNG of colours or greys of at most 8 bits, in rows downwards, without transparency."""
    if not data.startswith(b"\x89PNG\r\n\x1a\n"):
        return False
    depth, kind, _, _, interlaced = data[24:29]
    return depth <= 8 and kind in _CHANNELS and not interlaced and b"tRNS" not in _chunks(data)


def _stream(png: bytes, *, interpolate: bool) -> Any:
    """Return a picture as a PDF stores it (ISO 32000-1, 7.4.4 and 8.6), with the rows that its file has."""
    from weasyprint.pdf import pydyf

    width, height, depth, kind = struct.unpack(">2I2B", png[16:26])
    chunks = _chunks(png)
    palette, rows = chunks.get(b"PLTE", b""), chunks[b"IDAT"]
    if len(rows) > _LOOSE * height * (1 + -(-width * _CHANNELS[kind] * depth // 8)):
        rows = zlib.compress(zlib.decompress(rows), 9)
    indexed = f"[/Indexed /DeviceRGB {len(palette) // 3 - 1} <{palette.hex()}>]"
    parameters = {"Predictor": 15, "Columns": width, "Colors": _CHANNELS[kind], "BitsPerComponent": depth}
    extra = {
        "Type": "/XObject",
        "Subtype": "/Image",
        "Width": width,
        "Height": height,
        "ColorSpace": {0: "/DeviceGray", 2: "/DeviceRGB", 3: indexed}[kind],
        "BitsPerComponent": depth,
        "Interpolate": "true" if interpolate else "false",
        "Filter": "/FlateDecode",
        "DecodeParms": pydyf.Dictionary(parameters),
    }
    return pydyf.Stream([rows], pydyf.Dictionary(extra))


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Return the chunks of a PNG by their kind, those of one kind joined (PNG, 5.3)."""
    found: dict[bytes, bytes] = {}
    place = 8
    while place + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        found[kind] = found.get(kind, b"") + png[place + 8 : place + 8 + length]
        place += length + 12
    return found
