"""The language of a work as BibTeX, RIS, MEDLINE and EndNote name it: "de", "ger", "German", "Deutsch"."""

from __future__ import annotations

from collections.abc import Iterable

from pubkit.expressions import expression

__all__ = ["language_in"]

_ENGLISH = frozenset({"en", "eng", "english", "american", "british", "usenglish", "ukenglish"})
_NAME = expression(r"[^\W\d_]{2,30}(?:[-_ ][A-Za-z0-9]{2,8}){0,3}")


def language_in(texts: Iterable[str]) -> str:
    """Return the language of a work by the values of its field; empty if they name none, or several.

    Styles change the capitals of English titles alone, so that only English needs its code; pandoc knows the names that
    biblatex has for other languages, and leaves the titles in those that it does not know as they are.
    """
    named = [text.strip().replace("_", "-") for text in texts if text.strip()]
    if len(named) != 1 or not _NAME.fullmatch(named[0]) or " and " in named[0]:
        return ""
    first, _, region = named[0].casefold().partition("-")
    return "en" + f"-{region.upper()}" * bool(region) if first in _ENGLISH else named[0].replace(" ", "-")
