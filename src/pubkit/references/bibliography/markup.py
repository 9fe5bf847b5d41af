"""The text that a bibliography or a registry means, without its markup and damage.

The same title reaches us as LaTeX from a .bib file, as HTML or MathML from Crossref, with its UTF-8 bytes read as
Windows-1252. `plain` undoes that and leaves text a person reads; `words` and `fold` go on to what two spellings of one text
have in common. Everything here takes time in proportion to the text, and never raises on any `str`.
"""

from __future__ import annotations

import html
import re

from pubkit.expressions import expression
from pubkit.language.comparison import bare_words
from pubkit.language.folding import composed, without_invisible
from pubkit.language.formulas import CSL, as_text
from pubkit.language.latex import LATEX_LETTERS, LATEX_MARKS

__all__ = ["fold", "plain", "words"]

_NEEDS_WORK = expression(r"[&<\\{}$~]")

_ANNOTATION = expression(
    r"<(?P<tag>(?:mml:)?annotation(?:-xml)?|(?:jats:)?tex-math)\b[^<>]{0,300}>[^<]{0,2000}</(?P=tag)>"
)
# Only names of markup that registries are known to send: "p < 0.05 and q > 3" contains no tag.
_TAG = expression(
    r"</?(?:(?:jats|mml|m|xhtml):[a-z][\w-]{0,30}"
    r"|i|b|u|s|em|strong|sub|sup|inf|sc|scp|tt|italic|bold|roman|underline|strike|overline|monospace|sans-serif"
    r"|small|big|span|font|a|p|br|div|title|subtitle|xref|fn|inline-formula|disp-formula|alternatives|named-content"
    r"|math|mrow|mi|mo|mn|ms|mtext|msub|msup|msubsup|mover|munder|munderover|mfrac|msqrt|mroot|mstyle|mspace|mfenced"
    r"|mpadded|mphantom|mtable|mtr|mtd|semantics|none|mprescripts|mmultiscripts)"
    r"(?:\s[^<>]{0,300})?/?>",
    re.IGNORECASE,
)
_BREAKING_TAG = expression(r"</?(?:jats:)?(?:p|br|div|title|subtitle)\s{0,3}/?>", re.IGNORECASE)

_LATEX_ACCENT = expression(r"""\\(?:(['"`^~=.])\s?|([uvHcdbkrt])(?=[\s{]))\s?\{?\\?([A-Za-z])\}?""")
_LATEX_COMMAND = expression(r"\\([A-Za-z]{1,30})\*?(?:\{\}|\s{0,3})")
_LATEX_ESCAPE = expression(r"\\([&%$#_{}])")
_LATEX_REST = str.maketrans({"{": None, "}": None, "$": None, "~": " ", "\\": None})


def plain(text: str) -> str:
    """Return `text` as a person reads it: HTML, MathML, LaTeX and UTF-8 misread as Windows-1252 undone, white space single.

    >>> plain(r"{\\'E}tude of <i>E. coli</i> &amp;amp; CO<sub>2</sub>")
    'Étude of E. coli & CO2'
    """
    if _NEEDS_WORK.search(text):
        text = _without_markup(text)
    if not text.isascii():
        text = without_invisible(composed(_repaired(text)))
    return " ".join(text.split())


def _without_markup(text: str) -> str:
    if "&" in text:
        for _ in range(3):  # Crossref has titles that are escaped twice, and some three times
            unescaped = html.unescape(text)
            if unescaped == text:
                break
            text = unescaped
    if "$" in text or "\\(" in text or "\\c" in text:
        text = as_text(text, CSL)
    if "<" in text:
        text = _TAG.sub("", _BREAKING_TAG.sub(" ", _ANNOTATION.sub("", text)))
    if "\\" in text:
        text = text.replace("\\\\", " ").replace("\\-", "").replace("\\/", "").replace("\\ ", " ")
        text = _LATEX_ESCAPE.sub(r"\1", _LATEX_COMMAND.sub(_latex_letter, _LATEX_ACCENT.sub(_latex_accent, text)))
    return text.translate(_LATEX_REST)


def _latex_accent(match: re.Match[str]) -> str:
    return match[3] + LATEX_MARKS[match[1] or match[2]]


def _latex_letter(match: re.Match[str]) -> str:
    return LATEX_LETTERS.get(match[1], "")


# UTF-8 read as Windows-1252 or Latin-1: a lead byte, then as many continuation bytes as it announces.
_BYTE_OF = {bytes([byte]).decode("cp1252", "ignore") or chr(byte): byte for byte in range(0x80, 0x100)} | {
    chr(byte): byte for byte in range(0x80, 0x100)
}
_CONTINUATION = "".join(re.escape(char) for char, byte in _BYTE_OF.items() if byte < 0xC0)
_MISREAD = expression(f"[\xc3-\xdf][{_CONTINUATION}]|\xc2[{_CONTINUATION}]|[\xe0-\xef][{_CONTINUATION}]{{2}}")


def _repaired(text: str) -> str:
    for _ in range(2):  # some texts were misread twice
        repaired = _MISREAD.sub(_reread, text)
        if repaired == text:
            break
        text = repaired
    return text


def _reread(match: re.Match[str]) -> str:
    try:
        return bytes(_BYTE_OF[char] for char in match[0]).decode("utf-8")
    except UnicodeDecodeError:
        return match[0]


def words(text: str) -> list[str]:
    """Return the words of `plain(text)` in the form in which they are compared."""
    return bare_words(plain(text))


def fold(text: str) -> str:
    """Return `words(text)`, joined by single spaces.

    >>> fold("TNF-α in CD4+ T cells: “état”")
    'tnf alpha in cd4 plus t cells etat'
    """
    return " ".join(words(text))
