"""Text as letters and digits only: what stays the same of a text however it is set.

Hyphenation, ligatures, quotation marks, small capitals, soft hyphens, white space and accents drawn apart differ between
formats; letters and digits, in their order, do not.
"""

from __future__ import annotations

import unicodedata

__all__ = ["letters", "plain_letters"]

#: Blocks whose letters a PDF may give back in another order than they are read: right-to-left scripts, and scripts of
#: South and South-East Asia that are shaped.
_REORDERED = (
    (0x0590, 0x109F),
    (0x1700, 0x18AF),
    (0x1900, 0x1CCF),
    (0xA800, 0xABFF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFF),
    (0x10800, 0x11FFF),
    (0x1E800, 0x1EFFF),
)


class _Letters(dict[int, str]):
    """A translation table that is filled as characters are met."""

    def __missing__(self, code: int) -> str:
        folded = unicodedata.normalize("NFKD", chr(code)).casefold()
        self[code] = kept = "".join(char for char in unicodedata.normalize("NFKD", folded) if char.isalnum())
        return kept


_LETTERS = _Letters()


def letters(text: str) -> str:
    """The letters and digits of `text`, in lower case, without accents (Unicode: NFKD, case folding)."""
    return text.translate(_LETTERS)


def plain_letters(text: str) -> str:
    """As `letters`, up to the first character of a script that a PDF may give back in another order."""
    for index, char in enumerate(text):
        if char > "\u058f" and any(first <= ord(char) <= last for first, last in _REORDERED):
            return letters(text[:index])
    return letters(text)
