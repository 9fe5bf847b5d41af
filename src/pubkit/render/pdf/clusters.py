"""A correction of WeasyPrint: what the glyphs of a letter and its mark stand for, when a reader copies or hears them.

The lam-alef of "قليلًا" and the mark on it are two glyphs for three letters. WeasyPrint 70 gives all of them to the glyph
that it sees first, for the whole PDF, and nothing to the other: the mark is read as "لًا" wherever it is printed.
A vowel sign that is drawn before its letter, as in "हिन्दी", gets nothing at all.
"""

from __future__ import annotations

import inspect
import io
import unicodedata
from collections.abc import Mapping
from typing import Any

from pubkit.language.folding import normalise
from pubkit.render.pdf.lines import WrongVersion

__all__ = ["correct"]

#: The kinds of OpenType's substitutions that replace a glyph by another, and that only say where a table is.
_SINGLE, _EXTENSION = 1, 7
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
    variants = _variants(font, face) if any(not text and glyph not in face for glyph, text in letters.items()) else {}
    for glyph, text in list(letters.items()):
        letter = face.get(glyph, "")
        if not text:
            letters[glyph] = normalise(letter) or variants.get(glyph, "") or rest
        elif len(text) > 1 and letter and letter in text and _marked(text):
            letters[glyph], rest = letter, text.replace(letter, "", 1)


def _by_glyph(font: Any) -> dict[int, str]:
    """Return the letter of each glyph that has one of its own."""
    import uharfbuzz

    face = uharfbuzz.Face(uharfbuzz.Blob(bytes(font.file_content)), font.index & 0xFFFF)
    shown = uharfbuzz.Font(face)
    return {glyph: chr(code) for code in face.unicodes if (glyph := shown.get_nominal_glyph(code)) is not None}


def _variants(font: Any, face: Mapping[int, str]) -> dict[int, str]:
    """Return the letter of each form of a glyph, such as a wider vowel sign before a wide letter of Devanagari.

    A form may replace another one, so that the substitutions are followed until no more letters are known.
    """
    from fontTools.ttLib import TTFont

    file = TTFont(io.BytesIO(font.file_content), fontNumber=font.index & 0xFFFF, lazy=True)
    replaced: list[tuple[int, int]] = []
    for lookup in file["GSUB"].table.LookupList.Lookup if "GSUB" in file else ():
        for part in lookup.SubTable:
            single = part.ExtSubTable if lookup.LookupType == _EXTENSION else part
            if single.LookupType == _SINGLE:
                replaced += [(file.getGlyphID(name), file.getGlyphID(form)) for name, form in single.mapping.items()]
    known, found = dict(face), -1
    while found < len(known):
        found = len(known)
        known = {form: known[glyph] for glyph, form in replaced if glyph in known} | known
    return known


def _marked(text: str) -> bool:
    return any(unicodedata.category(char).startswith("M") for char in text)
