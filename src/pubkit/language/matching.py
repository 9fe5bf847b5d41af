"""Text as a reader takes it in, for matching: words lose their disguises, and every place is kept.

A claim written with a soft hyphen, a Cyrillic "а", full-width letters, a right-to-left override or letters spaced apart
reads the same and is judged the same. `folded` undoes all of that and remembers where each character was, so that a
finding still points into the text as the author wrote it.

Source: Unicode Technical Standard 39 (confusables; lookalikes.yaml contains the letters that pass for ASCII ones in
text fonts).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.alphabets import lookalikes, signs
from pubkit.language.folding import Table, bare

__all__ = ["Folded", "folded", "matchable"]

_DIGITS_FOR_LETTERS = {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s"}
_WORD = expression(r"[^\W_]+")
_SPLICED_DIGIT = expression(r"(?<=[a-z])[013457@$](?=[a-z])")
_LETTERS_APART = expression(r"(?<!\w)(?:[^\W_] ){4,}[^\W_](?!\w)")
# Without one of these, plain text has no letters set apart and no digits for letters; they are found faster.
_APART = expression(r" [^\W_] [^\W_] [^\W_] ")
_SIGN_IN_WORD = expression(r"[013457@$][a-z]")
# Blanks that are not single spaces between words.
_BLANKS = expression(r"\s\s|[^\S ]|^\s|\s\Z")
_RIGHT_TO_LEFT_OVERRIDE, _POP = "\u202e", "\u202c"


class Folded(Struct, frozen=True):
    """A text prepared for matching; `origins[i]` is the index in the original text of character `i`."""

    text: str
    origins: Sequence[int]

    def origin(self, index: int) -> int:
        """Return the place in the original text of character `index`, or its end if `index` is beyond the last one."""
        if index < len(self.origins):
            return self.origins[index]
        return self.origins[-1] + 1 if self.origins else 0


@functools.lru_cache(maxsize=1 << 16)
def folded(text: str) -> Folded:
    """Return `text` in lower case, without accents, invisible characters and look-alike letters, spaces joined.

    The result is for matching English and other Latin-script words, never for printing.
    """
    if text.isascii() and text.isprintable():
        lowered = text.lower()
        if text == text.strip() and "  " not in text and not _APART.search(text) and not _SIGN_IN_WORD.search(lowered):
            return Folded(lowered, range(len(text)))
        pairs = [(char, index) for index, char in enumerate(lowered)]
    else:
        pairs = _latin_words(list(_plain_characters(text)))
    if _BLANKS.search("".join(char for char, _ in pairs)):
        pairs = _single_blanks(pairs)
    pairs = _joined_letters(pairs)
    return Folded("".join(char for char, _ in pairs), tuple(index for _, index in pairs))


def matchable(text: str) -> str:
    """Return `folded(text)` for uses that do not need the places."""
    return folded(text).text


def _reading_order(text: str) -> list[int]:
    """Return the indices of `text` in the order in which a reader meets them: a right-to-left override reverses its run."""
    order = list(range(len(text)))
    start = text.find(_RIGHT_TO_LEFT_OVERRIDE)
    while start >= 0:
        end = text.find(_POP, start)
        end = len(text) if end < 0 else end
        order[start:end] = reversed(order[start:end])
        start = text.find(_RIGHT_TO_LEFT_OVERRIDE, end)
    return order


def _plain_characters(text: str) -> list[tuple[str, int]]:
    """Return each visible character of `text` with its index: compatibility forms decomposed, marks dropped, lower case."""
    table = _matched()
    return [(char, index) for index in _reading_order(text) for char in table[ord(text[index])]]


@functools.cache
def _matched() -> Table:
    return Table(lambda char: "".join(signs().get(part, part) for part in bare(signs().get(char, char))))


def _latin_words(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Replace look-alike letters in each word that mixes scripts or consists only of look-alikes.

    A word of another script that contains a letter of its own is left as it is.
    """
    alike = lookalikes()
    text = "".join(char for char, _ in pairs)
    result = list(pairs)
    for word in _WORD.finditer(text):
        letters = word.group()
        if letters.isascii():
            continue
        foreign = any(not char.isascii() and char.isalpha() and ord(char) not in alike for char in letters)
        if foreign and not any(char.isascii() and char.isalpha() for char in letters):
            continue
        for place in range(word.start(), word.end()):
            char, index = result[place]
            result[place] = (alike.get(ord(char), char), index)
    return result


def _single_blanks(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    blanks: list[tuple[str, int]] = []
    for char, index in pairs:
        if not char.isspace():
            blanks.append((char, index))
        elif blanks and blanks[-1][0] != " ":
            blanks.append((" ", index))
    while blanks and blanks[-1][0] == " ":
        blanks.pop()
    return blanks


def _joined_letters(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Join words whose letters are spaced apart ("k r a t o m"), and replace digits used as letters ("purch4se")."""
    text = "".join(char for char, _ in pairs)
    gaps = {
        place
        for match in _LETTERS_APART.finditer(text)
        if sum(char.isdigit() for char in match.group()) <= 1
        for place in range(match.start(), match.end())
        if text[place] == " "
    }
    if gaps:
        pairs = [pair for place, pair in enumerate(pairs) if place not in gaps]
        text = "".join(char for char, _ in pairs)
    for match in _SPLICED_DIGIT.finditer(text):
        pairs[match.start()] = (_DIGITS_FOR_LETTERS[match.group()], pairs[match.start()][1])
    return pairs
