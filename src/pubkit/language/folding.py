"""Text made comparable: the one place where Unicode's normal forms are used, as levels that build on each other.

| level | what is removed | used for | |---|---|---| | `composed` | nothing: one code point for a letter and its accent
(NFC) | text to be printed | | `normalise` | the typesetter's: ligatures, invisible characters, kinds of white space
(NFKC) | wording, finished files | | `fold` | capitals too | fingerprints: what a reader sees | | `squash` | white space
too, capitals stay | files that keep no spaces | | `caseless` | capitals and kinds of white space, nothing else | names
by which pandoc joins two places | | `bare` | accents, capitals, invisible characters | what the next ones are made of |
| `letters` | all but letters and digits | whether a text is there, however it is set | | `matching.folded` | disguises;
every place is kept | words looked for in a manuscript | | `comparison.words` | punctuation, alphabets | titles, names
and journals in two spellings | | `ascii_only`, `comparison.ascii_spelling` | all that is not ASCII | file names and
citation keys |

Source: Unicode Standard Annex 15 (normal forms), section 3.13 of the Unicode Standard (case folding).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from string import ascii_lowercase

__all__ = [
    "Table",
    "ascii_only",
    "bare",
    "caseless",
    "composed",
    "fold",
    "letters",
    "normalise",
    "squash",
    "without_invisible",
]


class Table(dict[int, str]):
    """A table for `str.translate` that calls `written` once for each character it meets."""

    def __init__(self, written: Callable[[str], str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, code: int) -> str:
        self[code] = written = self._written(chr(code))
        return written


def _visible(char: str) -> str:
    return "" if unicodedata.category(char) == "Cf" else char


#: White letters in black circles and boxes, which no normal form turns into letters.
_ENCLOSED = {chr(first + place): letter for first in (0x1F150, 0x1F170) for place, letter in enumerate(ascii_lowercase)}


def _bare(char: str) -> str:
    plain = unicodedata.normalize("NFKD", _ENCLOSED.get(char, char))
    return "".join(part.casefold() for part in plain if not _unseen(part))


def _unseen(part: str) -> bool:
    """Return whether `part` is a combining mark, an invisible character or a control character."""
    category = unicodedata.category(part)
    return category in {"Cf", "Mn", "Me"} or (category == "Cc" and not part.isspace())


def _alphanumeric(char: str) -> str:
    return "".join(part for part in _bare(char) if part.isalnum())


_VISIBLE = Table(_visible)
_BARE = Table(_bare)
_LETTERS = Table(_alphanumeric)


def composed(text: str) -> str:
    """Return `text` with each letter and its accents as one code point if there is one (NFC)."""
    return unicodedata.normalize("NFC", text)


def without_invisible(text: str) -> str:
    """Return `text` without format characters: soft hyphens, zero-width characters, direction marks."""
    return text if text.isascii() else text.translate(_VISIBLE)


def normalise(text: str) -> str:
    """Return `text` in NFKC without invisible format characters, each run of white space as one space."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_VISIBLE)
    return " ".join(text.split())


def fold(text: str) -> str:
    """Return `text` as a reader sees it, normalised and in lower case. The fingerprints of waivers are made from it."""
    return normalise(text).casefold()


def squash(text: str) -> str:
    """Return `normalise(text)` without spaces, for comparing with files that keep no spaces, such as PDFs."""
    return normalise(text).replace(" ", "")


def caseless(text: str) -> str:
    """Return `text` in lower case, white space as single spaces, as pandoc compares names of links and notes."""
    return " ".join(text.casefold().split())


def bare(text: str) -> str:
    """Return `text` in lower case without accents and invisible characters, compatibility forms (ﬁ, Ａ) decomposed."""
    return text.translate(_BARE)


def letters(text: str) -> str:
    """Return the letters and digits of `bare(text)`: what stays the same however a text is typeset.

    Hyphenation, ligatures, quotation marks, small capitals, soft hyphens, white space and accents drawn separately
    differ between formats; letters and digits, in their order, do not.
    """
    return text.translate(_LETTERS)


def ascii_only(text: str) -> str:
    """Return the ASCII characters of `text` once its letters and accents are separated (NFKD), keeping capitals."""
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
