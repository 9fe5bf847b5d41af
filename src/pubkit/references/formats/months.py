"""The months as BibTeX, RIS and MEDLINE write them."""

from __future__ import annotations

__all__ = ["MONTHS", "month_number"]

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_NUMBERS = {word: place for words in (MONTHS, _FULL) for place, word in enumerate(words, 1)} | {"sept": 9}


def month_number(text: str) -> int | None:
    """The month that `text` names ("apr", "April", "4"), as 1 to 12; None for anything else, 13 included."""
    word = text.strip().rstrip(".").casefold()
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else None
    return _NUMBERS.get(word)
