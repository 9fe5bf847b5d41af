"""The image files of a manuscript, opened and checked before any writer reads them.

An SVG is accepted if it only draws (`pubkit.manuscript.drawings`), and of a PDF the first page is drawn. Every other file is
a raster image, decoded once by Pillow, with the decoders of four formats and no others (as its advisories recommend), and
limited in bytes and pixels. Writers receive the checked bytes, never a path.

A picture in the colours of a printing press (CMYK) or in CIE Lab is converted to sRGB, which every screen shows alike and
which PDF/A asks for here; 16-bit grey becomes 8-bit grey. A photograph that a camera has stored on its side is turned, as
the camera noted (EXIF, Orientation). Of a moving picture the first frame is printed, in every format. Conversion gives the
same bytes each time; every other picture keeps its pixels and colour profile, and loses all metadata
(`pubkit.manuscript.imagefiles`).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import struct
import warnings
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from pubkit.boundary.files import SCHEME, contained_path, printable, read_contained, refusal
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript import charts, drawings, pictographs
from pubkit.manuscript.drawn_words import drawn_words
from pubkit.manuscript.imagefiles import MalformedImage, bare, foreign_kind
from pubkit.manuscript.model import Picture
from pubkit.manuscript.notebooks import MARK, picture_at
from pubkit.manuscript.paths import from_chapter
from pubkit.manuscript.pdf_pictures import first_page
from pubkit.manuscript.rules import SRC060, SRC061, SRC062, SRC063, SRC141, SRC170

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["Pictures", "inside_drawing", "read_pictures"]

_MAX_BYTES = 30_000_000
_MAX_PIXELS = 80_000_000
#: What all pictures may come to: bytes, counted as often as a picture is shown, and pixels, counted once.
_MAX_BYTES_SHOWN = 300_000_000
_MAX_PIXELS_OF_ALL = 4_000_000_000
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
#: Pillow's modes that need no conversion to a screen's colours: bits, grey, palette, RGB, each with or without opacity.
_SCREEN_MODES = {"1", "L", "LA", "P", "PA", "RGB", "RGBA"}
#: Grey of more than 8 bits, as scanners and microscopes write it; no screen shows more, and no writer takes it.
_DEEP_GREY = {"I", "I;16", "I;16B", "I;16L", "I;16N"}
_ORIENTATION = 0x0112
_SUFFIXES = {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".gif", ".webp", ".svg", ".pdf"}
#: What follows the path of a PDF, as if it were a folder: a path that ends with .pdf is a document to pandoc, not a picture.
_FIRST_PAGE = "/1.png"
#: Files that authors have, read only to say what they are.
_FOREIGN = {
    ".avif", ".bmp", ".dcm", ".emf", ".heic", ".heif", ".ico", ".jp2", ".jxl", ".psd", ".tif", ".tiff", ".wmf",
}  # fmt: skip


class Pictures(NamedTuple):
    """The pictures of a manuscript: `files` by their paths below the publication's folder, and findings on the others.

    `names` gives that path for each mention: a chapter's file, and the target as its author wrote it.
    """

    files: dict[str, Picture]
    names: dict[tuple[str, str], str]
    findings: list[Finding]


def read_pictures(folder: Path, targets: Iterable[tuple[str, Location]]) -> Pictures:
    """Read the pictures that `targets` name, by chapter; a file is read once, however its path is written.

    A path is relative to the folder of its chapter or, failing that, to that of the publication.

    Raises:
        InputRefused: together the pictures are too large to be written.
    """
    read: dict[str, Picture | None] = {}
    names: dict[tuple[str, str], str] = {}
    findings: list[Finding] = []
    shown = pixels = 0
    for target, location in targets:
        mention = (location.file, target)
        if mention not in names:
            names[mention] = _name(folder, target, location)
        name = names[mention]
        if name not in read:
            read[name] = None
            for found in _read(folder, name, location):
                if isinstance(found, Picture):
                    read[name] = found
                    pixels += found.width * found.height
                else:
                    findings.append(found)
        if picture := read[name]:
            shown += len(picture.data)
        _refuse_too_much(shown, pixels, location)
    files = {name: picture for name, picture in read.items() if picture is not None}
    return Pictures(files, names, findings)


def _refuse_too_much(shown: int, pixels: int, location: Location) -> None:
    if shown > _MAX_BYTES_SHOWN:
        message = f"Up to this picture, all pictures have {shown:,} bytes, each counted as often as it is shown."
        remedy = f"Make the pictures smaller, or show fewer: at most {_MAX_BYTES_SHOWN:,} bytes are allowed together."
        raise refusal(SRC170, message, remedy, location)
    if pixels > _MAX_PIXELS_OF_ALL:
        message = f"Up to this picture, all pictures have {pixels:,} pixels."
        remedy = f"Make the pictures smaller: at most {_MAX_PIXELS_OF_ALL:,} pixels are allowed together."
        raise refusal(SRC170, message, remedy, location)


def _name(folder: Path, target: str, location: Location) -> str:
    """Return the path of a picture below `folder`; the target itself if it is not such a path."""
    if SCHEME.match(target) or _made(target):
        return target
    if MARK in target:
        notebook, _, label = target.rpartition("#")
        return f"{_name(folder, notebook, location)}#{label}"
    plain = target.partition("#")[0] or target  # MkDocs tells in a fragment how a picture is shown
    paths = [path for one in from_chapter(location.file, plain) if (path := _contained(one))]
    otherwise = paths[0] if paths and not target.startswith("/") else plain
    found = next((path for path in paths if _exists(folder / unquote(path))), otherwise)
    return f"{found}{_FIRST_PAGE}" if found.lower().endswith(".pdf") else found


def _file(name: str) -> str:
    """Return the path of the file that has the picture `name`."""
    path = name.removesuffix(_FIRST_PAGE)
    return path if path.lower().endswith(".pdf") else name


def _made(target: str) -> bytes | None:
    """Return the drawing that pubkit makes of an icon array or a chart; None for the path of a file."""
    return pictographs.drawing_of(target) or charts.drawing_of(target)


def _exists(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # A name that no file can have; reading it says so.
        return False


def _contained(path: str) -> str:
    """Return a path in its shortest form; "" if it leaves the publication's folder."""
    try:
        return "/".join(contained_path(path, "A picture"))
    except InputRefused:
        return ""


def _read(folder: Path, target: str, location: Location) -> Iterator[Picture | Finding]:
    """Yield the picture at `target`, if it can be printed, and what is to be said about it."""
    shown = printable(_file(target), 100)
    if made := _made(target):
        yield _drawn(made, shown, location, target)
        return
    if SCHEME.match(target):
        what = "from the network" if target.lower().startswith(("http:", "https:", "//")) else "that is not a file"
        message = f"This picture is one {what}, and is not loaded: {shown}"
        remedy = "Save the picture in the publication's folder and refer to it by its path."
        yield SRC062.at(location, message, context=target, remedy=remedy)
        return
    if MARK in target and (found := picture_at(folder, unquote(target))):
        drawn = found.lstrip().startswith(b"<")
        yield from [_drawn(found, shown, location, target)] if drawn else _checked(found, shown, location, target)
        return
    name = unquote(_file(target))
    if name.lower().endswith((".svgz", ".eps", ".ps")):
        yield SRC061.at(location, f"Vector graphics of this kind are not accepted: {shown}", context=target)
        return
    try:
        accepted = _SUFFIXES | _FOREIGN
        data = read_contained(folder, name, "A picture", limit=_MAX_BYTES, suffixes=accepted, location=location)
    except (FileNotFoundError, NotADirectoryError):
        message = f"The picture {shown} does not exist."
        yield SRC060.at(location, message, context=target, remedy=_hint(folder, name))
    except InputRefused as error:
        yield error.findings[0]
    else:
        if name.lower().endswith(".svg"):
            yield _drawn(data, shown, location, target)
        elif name.lower().endswith(".pdf"):
            yield from _page(data, shown, location, target)
        else:
            yield from _checked(data, shown, location, target)


def _page(data: bytes, shown: str, location: Location, target: str) -> Iterator[Picture | Finding]:
    """Yield the first page of a PDF as a picture, and what is lost by that."""
    page = first_page(data)
    if page is None:
        yield SRC061.at(location, f"The PDF {shown} cannot be drawn.", context=target)
        return
    yield from _checked(page, shown, location, target)
    message = f"{shown} is printed as pixels, 300 to an inch: words in it are not found, and not read aloud."
    yield SRC061.at(
        location, message, context=target, severity=Severity.NOTE, remedy="Better export the drawing as SVG."
    )


def _drawn(data: bytes, shown: str, location: Location, target: str) -> Picture | Finding:
    try:
        cleaned, width, height = drawings.drawing(data, inside_drawing)
    except drawings.Refused as reason:
        return SRC061.at(location, f"The drawing {shown} is not accepted: it {reason}.", context=target)
    words = drawn_words(data, unquote(target))
    return Picture(cleaned, drawings.MEDIA_TYPE, width, height, hashlib.sha256(cleaned).hexdigest(), words)


def inside_drawing(data: bytes) -> tuple[str, bytes]:
    """Return the media type and the bytes of a picture inside a drawing, checked as any other.

    Raises:
        drawings.Refused: it cannot be used.
    """
    try:
        picture, _ = _decoded(data)
    except _Unusable as reason:
        raise drawings.Refused(f"contains a picture that {reason}") from None
    return picture.media_type, picture.data


def _hint(folder: Path, name: str) -> str:
    """Return what to do about a missing picture: often only the case or the extension of its name differs."""
    parent = folder / Path(name).parent
    wanted = Path(name).stem.casefold()
    if parent.is_dir():
        for entry in sorted(parent.iterdir()):
            if entry.stem.casefold() == wanted and entry.suffix.lower() in _SUFFIXES:
                return f"Correct the name. Did you mean {printable((Path(name).parent / entry.name).as_posix())}?"
    return "Correct the name, or add the file."


class _Unusable(Exception):
    """A picture cannot be printed; the message says why, as the rest of a sentence about it."""


def _checked(data: bytes, shown: str, location: Location, target: str) -> Iterator[Picture | Finding]:
    try:
        picture, moves = _decoded(data)
    except _Unusable as reason:
        remedy = f"Save the picture again as PNG or JPEG, with at most {_MAX_PIXELS // 1_000_000} million pixels."
        message = f"This picture cannot be used: {shown} {reason}."
        yield SRC063.at(location, message, context=target, remedy=remedy)
        return
    yield picture
    if moves:
        yield SRC141.at(location, f"{shown} moves; every format shows its first frame only.", context=target)


def _decoded(data: bytes) -> tuple[Picture, bool]:
    """Return the picture in `data` as it is printed, and whether it moves.

    Raises:
        _Unusable: it is not a picture, or not one that can be printed.
    """
    from PIL import Image, UnidentifiedImageError

    if not data:
        raise _Unusable("is an empty file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=list(_FORMATS)) as image:
                return _upright(image, data)
    except UnidentifiedImageError:
        kind = foreign_kind(data)
        raise _Unusable(f"is a {kind}" if kind else "is not a picture in an accepted format") from None
    except Image.DecompressionBombError:
        raise _Unusable("has far too many pixels") from None
    except (OSError, SyntaxError, ValueError, EOFError, struct.error, zlib.error):
        raise _Unusable("is damaged") from None


def _upright(image: Image.Image, data: bytes) -> tuple[Picture, bool]:
    """Return an opened picture upright, in colours for screens and without metadata, and whether it moves."""
    width, height = image.size
    if width * height > _MAX_PIXELS:
        raise _Unusable(f"has {width} x {height} pixels")
    # A camera's JPEG with a preview after it (MPO) is a JPEG to every other program.
    kind = "JPEG" if image.format == "MPO" else image.format or ""
    moves = kind != "JPEG" and getattr(image, "n_frames", 1) > 1
    image.load()
    if image.mode not in _SCREEN_MODES or image.getexif().get(_ORIENTATION, 1) != 1 or (moves and kind == "WEBP"):
        data, kind, (width, height) = _redrawn(image, kind)
    else:
        try:
            data = bare(data, kind)
        except MalformedImage:
            data, kind, _ = _redrawn(image, kind)
    return Picture(data, _FORMATS[kind], width, height, hashlib.sha256(data).hexdigest()), moves


def _redrawn(image: Image.Image, kind: str) -> tuple[bytes, str, tuple[int, int]]:
    """Return `image` upright and in sRGB: its bytes, the name of its format, and its size."""
    from PIL import ImageOps

    icc = image.info.get("icc_profile") if image.mode in _SCREEN_MODES else None
    drawn = ImageOps.exif_transpose(image)
    if drawn.mode not in _SCREEN_MODES:
        drawn = _in_srgb(drawn)
    drawn.info = {name: value for name, value in drawn.info.items() if name == "transparency"}
    buffer = io.BytesIO()
    if kind == "JPEG":
        drawn.save(buffer, "JPEG", quality=92, subsampling=0, optimize=True, icc_profile=icc)
    else:
        kind = "PNG"
        drawn.save(buffer, "PNG", optimize=True, icc_profile=icc)
    return buffer.getvalue(), kind, drawn.size


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return `image` in sRGB: by the profile that it contains, or else by the plain formula for its colours."""
    from PIL import Image, ImageCms

    if image.mode in _DEEP_GREY:
        return image.convert("I").point(lambda value: value / 256).convert("L")
    profile = image.info.get("icc_profile")
    if profile:
        # Without a profile that is intact and fits its picture, the plain formula is used.
        with contextlib.suppress(ImageCms.PyCMSError, OSError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if isinstance(converted, Image.Image):
                return converted
    return image.convert("RGB")
