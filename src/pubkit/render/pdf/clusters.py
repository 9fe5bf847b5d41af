"""A correction of WeasyPrint: what the glyphs of a letter and its mark stand for, when a reader copies or hears them.

The lam-alef of "قليلًا" and the mark on it are two glyphs for three letters. WeasyPrint 70 gives all of them to the glyph
that it sees first, for the whole PDF, and nothing to the other: the mark is read as "لًا" wherever it is printed.
"""

from __future__ import annotations

import inspect
import unicodedata
from collections.abc import Mapping
from typing import Any

from pubkit.language.folding import normalise
from pubkit.render.pdf.lines import WrongVersion

__all__ = ["correct"]

_PARAMETERS = ["pdf", "fonts", "compress", "subset", "options"]


def correct() -> None:
    """Let each glyph stand for its own letters.

    Raises:
        WrongVersion: WeasyPrint no longer writes fonts in this way.
    """
    import weasyprint
    from weasyprint import pdf

    own: Any = getattr(pdf, "build_fonts_dictionary", None)
    if own is None or list(inspect.signature(own).parameters) != _PARAMETERS:
        raise WrongVersion(weasyprint.__version__)

    def written(book: Any, fonts: Mapping[Any, Any], compress: Any, subset: Any, options: Any) -> Any:
        for font in fonts.values():
            _part(font)
        return own(book, fonts, compress, subset, options)

    pdf.build_fonts_dictionary = written


def _part(font: Any) -> None:
    """Correct `to_unicode`, from glyphs to letters, of `font`, a `weasyprint.pdf.fonts.Font`."""
    letters: dict[int, str] = font.to_unicode
    if not any(not text or (len(text) > 1 and _marked(text)) for text in letters.values()):
        return
    face, rest = _by_glyph(font), ""
    for glyph, text in list(letters.items()):
        letter = face.get(glyph, "")
        if not text:
            letters[glyph] = normalise(letter) or rest
        elif len(text) > 1 and letter and letter in text and _marked(text):
            letters[glyph], rest = letter, text.replace(letter, "", 1)


def _by_glyph(font: Any) -> dict[int, str]:
    """Return the letter of each glyph that has one of its own."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob(bytes(font.file_content)), font.index & 0xFFFF)
    shown = uharfbuzz.Font(face)
    return {glyph: chr(code) for code in face.unicodes if (glyph := shown.get_nominal_glyph(code)) is not None}


def _marked(text: str) -> bool:
    return any(unicodedata.category(char).startswith("M") for char in text)
