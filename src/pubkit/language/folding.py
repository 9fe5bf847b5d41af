"""Wording as it is compared and fingerprinted, the same on loading a text and on proving a finished file.

White space, no-break spaces, soft hyphens, zero-width characters and ligatures are the typesetter's; every other character
is the text's own.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable

__all__ = ["digest", "normalise", "squash"]


def normalise(text: str) -> str:
    """`text` in NFKC, without invisible format characters, each run of white space as one blank."""
    compatible = unicodedata.normalize("NFKC", text)
    return " ".join("".join(char for char in compatible if unicodedata.category(char) != "Cf").split())


def squash(text: str) -> str:
    """`normalise(text)` without blanks: what can be compared where a file keeps no spaces, as in a PDF."""
    return normalise(text).replace(" ", "")


def digest(parts: Iterable[str]) -> str:
    """The sha256, in hexadecimal digits, of the normalised parts joined by line feeds (UTF-8)."""
    return hashlib.sha256("\n".join(normalise(part) for part in parts).encode()).hexdigest()
