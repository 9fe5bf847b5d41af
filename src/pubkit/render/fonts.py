"""The fonts that editions are set in: complete TrueType files from installed packages; the system's for scripts only.

Source Serif and Source Sans (Adobe) and IBM Plex Mono (IBM) are under the SIL Open Font License. Only complete files
are used: WeasyPrint identifies faces by their description, so that subset files of one family would print each other's
glyphs (Kozea/WeasyPrint#1456).
"""

from __future__ import annotations

import base64
import functools
import html
import importlib.util
from collections.abc import Container, Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from msgspec import Struct

from pubkit.errors import EnvironmentFault
from pubkit.render import woff
from pubkit.render.model import HouseFace

__all__ = [
    "FACES", "SCHEME", "Face", "configuration", "coverage", "cut", "face_rules", "file", "files", "system_faces",
    "web_rule", "web_rules",
]  # fmt: skip

#: The URL scheme by which style sheets name the faces; only the PDF writer's own fetcher knows it.
SCHEME = "pubkit-font"

#: Where the system's own fonts are, for scripts that the Source families do not have.
_SYSTEM_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "/opt/homebrew/share/fonts", "/Library/Fonts")
_FACE_FILES = tuple(f"*.{end}" for end in ("ttf", "otf", "ttc", "otc", "pfb", "pfa", "pcf", "pcf.gz", "woff", "woff2"))
_SYSTEM_FACES = ("*/Symbola*", "*/Noto*", "*/noto*/*", "*/DejaVu*", "*/dejavu*/*")
_COLOUR_FACES = ("*/NotoColorEmoji*", "*/NotoEmoji-*Color*")
#: What faces of each kind are called, also by programs that draw, and the faces that are taken then: the second and the
#: third for letters that the first lacks.
_KINDS = (
    (
        ("serif", "Times", "Times New Roman", "Georgia", "Palatino", "Cambria"),
        ("Source Serif Pro", "Noto Serif", "DejaVu Serif"),
    ),
    (
        (
            "sans-serif",
            "Arial",
            "Helvetica",
            "Helvetica Neue",
            "Liberation Sans",
            "Verdana",
            "Calibri",
            "Tahoma",
            "Roboto",
        ),
        ("Source Sans Pro", "Noto Sans", "DejaVu Sans"),
    ),
    (
        ("monospace", "Courier", "Courier New", "Consolas", "Menlo"),
        ("IBM Plex Mono", "Noto Sans Mono", "DejaVu Sans Mono"),
    ),
)
_SYSTEM_CACHES = ("/var/cache/fontconfig", "/usr/lib/fontconfig/cache")


class Face(Struct, frozen=True):
    """One face of a family: the CSS name and values by which style sheets select it, and its file in a package."""

    family: str
    weight: int
    italic: bool
    package: str
    name: str
    folder: str = "files"


FACES = (
    Face("Source Serif Pro", 400, False, "font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    Face("Source Serif Pro", 400, True, "font_source_serif_pro", "SourceSerifPro-It.ttf"),
    Face("Source Serif Pro", 600, False, "font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    Face("Source Serif Pro", 600, True, "font_source_serif_pro", "SourceSerifPro-SemiboldIt.ttf"),
    Face("Source Serif Pro", 700, False, "font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    Face("Source Serif Pro", 700, True, "font_source_serif_pro", "SourceSerifPro-BoldIt.ttf"),
    Face("Source Sans Pro", 400, False, "font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    Face("Source Sans Pro", 400, True, "font_source_sans_pro", "SourceSansPro-It.ttf"),
    Face("Source Sans Pro", 600, False, "font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    Face("Source Sans Pro", 600, True, "font_source_sans_pro", "SourceSansPro-SemiboldIt.ttf"),
    Face("Source Sans Pro", 700, False, "font_source_sans_pro", "SourceSansPro-Bold.ttf"),
    Face("Source Sans Pro", 700, True, "font_source_sans_pro", "SourceSansPro-BoldIt.ttf"),
    Face("IBM Plex Mono", 400, False, "fontpkg_ibm_plex_mono", "IBMPlexMono-Regular.ttf"),
    Face("IBM Plex Mono", 400, True, "fontpkg_ibm_plex_mono", "IBMPlexMono-Italic.ttf"),
    Face("IBM Plex Mono", 700, False, "fontpkg_ibm_plex_mono", "IBMPlexMono-Bold.ttf"),
)


#: The faces in a web page, cut down to the characters it uses; a browser uses 600 for 700.
_WEB_FACES = tuple(face for face in FACES if face.weight < 700 and not (face.weight == 600 and face.italic))
_WEB_FEATURES = ("ccmp", "kern", "liga", "lnum", "locl", "mark", "mkmk", "onum", "smcp", "tnum")


def files() -> dict[str, str]:
    """Return the path of each face by its name.

    Raises:
        EnvironmentFault: as `file`.
    """
    return {face.name: str(file(face)) for face in FACES}


@functools.cache
def file(face: Face) -> Path:
    """Return the file of `face`.

    Raises:
        EnvironmentFault: its package is not installed, or no longer contains it.
    """
    distribution = face.package.replace("_", "-")
    remedy = f"Install it again with: python -m pip install --force-reinstall {distribution}"
    found = importlib.util.find_spec(face.package)  # imports nothing
    if found is None or not found.submodule_search_locations:
        raise EnvironmentFault(f"The font package {distribution} is missing.", remedy=remedy)
    path = Path(found.submodule_search_locations[0]) / face.folder / face.name
    if not path.is_file():
        raise EnvironmentFault(f"The font package {distribution} does not contain {face.name}.", remedy=remedy)
    return path


def face_rules() -> str:
    """Return the @font-face rules of all faces, under the internal scheme."""
    return "\n".join(
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f"font-style: {'italic' if face.italic else 'normal'}; src: url({SCHEME}:{face.name}) }}"
        for face in FACES
    )


def web_rules(text: str, own: Sequence[Face] = _WEB_FACES, house: Sequence[HouseFace] = ()) -> str:
    """Return the @font-face rules for a web page with this text: each face cut down to its characters, inside the page.

    `own` are those of pubkit's faces that the page uses, `house` the publication's.

    The subset files keep the copyright and licence of their faces, but not their names, which are reserved for the
    complete ones.
    """
    characters = "".join(sorted(set(text)))
    faces = [(face, file(face).read_bytes()) for face in own] + [(face, face.data) for face in house]
    return "\n".join(web_rule(face, cut(data, characters)) for face, data in faces)


def web_rule(face: Face | HouseFace, data: bytes) -> str:
    """Return the @font-face rule of `face`, with its WOFF file `data` inside."""
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; '
        f"font-style: {'italic' if face.italic else 'normal'}; font-display: block; "
        f"src: url(data:font/woff;base64,{base64.b64encode(data).decode()}) format('woff') }}"
    )


def cut(data: bytes, characters: str, features: Sequence[str] = _WEB_FEATURES) -> bytes:
    """Return the WOFF file of the face `data` with only the glyphs of `characters`, and those that `features` replace.

    HarfBuzz does this in a hundredth of the time that fontTools takes.
    """
    import uharfbuzz

    wanted = uharfbuzz.SubsetInput()
    for kept, values in (
        (uharfbuzz.SubsetInputSets.UNICODE, map(ord, characters)),
        (uharfbuzz.SubsetInputSets.LAYOUT_FEATURE_TAG, map(_tag, features)),
        (uharfbuzz.SubsetInputSets.NAME_ID, (0, 13, 14)),
    ):
        wanted.sets(kept).clear()
        wanted.sets(kept).update(values)
    wanted.sets(uharfbuzz.SubsetInputSets.DROP_TABLE_TAG).update(map(_tag, ("meta", "DSIG")))
    wanted.flags |= uharfbuzz.SubsetFlags.NO_HINTING | uharfbuzz.SubsetFlags.NOTDEF_OUTLINE
    cut = uharfbuzz.subset(uharfbuzz.Face(uharfbuzz.Blob(data)), wanted)
    return woff.packed(bytes(cut.blob.data))


def coverage() -> Iterator[Container[int]]:
    """Yield the characters (their numbers) that each face has: the bundled ones first, then the system's, by name."""
    import uharfbuzz

    for path in (*(str(file(face)) for face in FACES), *system_faces()):
        blob = uharfbuzz.Blob.from_file_path(path)
        for index in range(max(1, uharfbuzz.Face(blob).count)):
            yield uharfbuzz.Face(blob, index).unicodes


def system_faces() -> Iterator[str]:
    """Yield the files that `configuration` lets Fontconfig offer, by name."""
    for folder in _SYSTEM_FOLDERS:
        for path in sorted(str(path) for path in Path(folder).rglob("*") if path.is_file()):
            if any(fnmatchcase(path, glob) for glob in _FACE_FILES) and _is_offered(path):
                yield path


def _is_offered(path: str) -> bool:
    offered = any(fnmatchcase(path, glob) for glob in _SYSTEM_FACES)
    return offered and not any(fnmatchcase(path, glob) for glob in _COLOUR_FACES)


def _tag(name: str) -> int:
    """Return the number that represents a four-letter OpenType tag."""
    return int.from_bytes(name.encode("ascii"), "big")


def configuration(cache: Path) -> str:
    """Return a Fontconfig configuration that offers the system's fonts for other scripts only.

    A drawing that asks for "sans-serif" or "Arial" is set in the face of that kind.

    Args:
        cache: a folder of our own for Fontconfig's cache.
    """

    def lines(element: str, values: tuple[str, ...]) -> str:
        return "".join(f"<{element}>{html.escape(value)}</{element}>" for value in values)

    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>'
        + lines("dir", _SYSTEM_FOLDERS)
        + lines("cachedir", (*_SYSTEM_CACHES, str(cache)))
        + f"<selectfont><rejectfont>{lines('glob', _FACE_FILES)}</rejectfont>"
        + f"<acceptfont>{lines('glob', _SYSTEM_FACES)}</acceptfont></selectfont>"
        + f"<selectfont><rejectfont>{lines('glob', _COLOUR_FACES)}</rejectfont></selectfont>"
        + "".join(
            f'<alias binding="same">{lines("family", (name,))}<prefer>{lines("family", faces)}</prefer></alias>'
            for names, faces in _KINDS
            for name in names
        )
        + "</fontconfig>"
    )
