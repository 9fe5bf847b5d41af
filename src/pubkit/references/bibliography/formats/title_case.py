"""The capitals of English titles in .bib files, which pandoc changes on the way to CSL.

pandoc, like biblatex, takes every English title of a .bib file for one in title case and sets it in sentence case, unless
braces protect a word. A title that its author has written in sentence case gets its own letters back here ("An R package",
"pH", "Malaysia"); one in title case those of its names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pubkit.expressions import expression
from pubkit.language.names import names_in
from pubkit.references.bibliography.markup import plain

__all__ = ["is_sentence_case", "with_own_capitals"]

_TAG = expression(r"<[^<>]*>")
_WORD = expression(r"[^\W_]+(?:[’'-][^\W_]+)*")
_SMALL_WORDS = """
    a about across after against along among an and around as at before between but by during for from in into is its nor of
    off on onto or over per since so than that the their this through to toward towards under until up upon via vs versus
    when where while who whose with within without yet"""
_SMALL = frozenset(_SMALL_WORDS.split())
#: A first word that has a small letter on purpose: the name of a program before a colon ("tipr: An R package"), "pH".
_SMALL_FIRST = expression(r"\W*(?:[^\W_]+(?=:)|\w*[a-z][A-Z])")


def is_sentence_case(title: str) -> bool:
    """Return whether most words that English title case would give a capital have none in `title`, a plain text.

    The first word does not count, nor does the first after a colon or a full stop.
    """
    later = [found for found in _WORD.finditer(title) if not re.search(r"(?:^|[:.?!–—]\s)\W*$", title[: found.start()])]
    words = [found[0] for found in later if found[0].lower() not in _SMALL and found[0][0].isalpha()]
    return sum(word[0].islower() for word in words) * 2 >= len(words)


def with_own_capitals(title: str, written: str) -> str:
    """Return `title`, which pandoc has made of `written`, with the capitals that the author's words need.

    Args:
        title: a title as CSL-JSON has it, with CSL's markup.
        written: the field of the .bib file; its letters are those with which `title` begins, but for capitals.
    """
    own = plain(written)
    if not title or _is_shouted(own):
        return title
    small = _SMALL_FIRST.match(own)
    spans = [(0 if small else 1, len(own))] if is_sentence_case(own) else names_in(own)
    kept = _letters(own, [*spans, small.span()] if small else spans)
    return _restored(title, kept, [char for char in own if char.isalnum()])


def _is_shouted(own: str) -> bool:
    letters = [char for char in own if char.isalpha()]
    return len(letters) > 3 and all(char.isupper() for char in letters)


def _letters(own: str, spans: Iterable[tuple[int, int]]) -> frozenset[int]:
    """Return the numbers of the letters and digits of `own` that are in `spans`."""
    numbers: dict[int, int] = {}
    for at, char in enumerate(own):
        if char.isalnum():
            numbers[at] = len(numbers)
    return frozenset(numbers[at] for start, end in spans for at in range(start, end) if at in numbers)


def _restored(title: str, kept: frozenset[int], own: list[str]) -> str:
    """Return `title` with the letters of `own` at the places `kept`; unchanged if its letters are others."""
    letters: list[str] = []
    count = 0
    end = 0
    for tag in [*_TAG.finditer(title), None]:
        for char in title[end : tag.start() if tag else len(title)]:
            if char.isalnum() and count < len(own):
                if char.lower() != own[count].lower():
                    return title
                char = own[count] if count in kept else char
                count += 1
            letters.append(char)
        if tag:
            letters.append(tag[0])
            end = tag.end()
    return "".join(letters)
