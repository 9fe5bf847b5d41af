"""The months as BibTeX, RIS and MEDLINE write them."""

from __future__ import annotations

from pubkit.language import recognition

__all__ = ["MONTHS", "month_number"]

#: The macros of BibTeX, which MEDLINE and RIS write too.
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def month_number(text: str) -> int | None:
    """Return the month that `text` names ("apr", "April", "4", "avril"), as 1 to 12; None for anything else, 13 included."""
    word = text.strip().rstrip(".")
    if word.isascii() and word.isdigit():
        return int(word) if len(word) <= 2 and 1 <= int(word) <= 12 else None
    return recognition.month_number(word)
