"""One source file: its words, and the line and column of each character."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Fix, Location, Replacement

__all__ = ["NOTE_MARK", "SourceWords", "words"]

#: The word for the mark of a footnote in a source: `[^name]`, or the start of `^[text]`.
NOTE_MARK = "^["

_WORD = expression(r"[^\W_]+")
_WORD_OR_MARK = expression(r"[^\W_]+|\[\^[^\]\s]+\](?!:)|\^\[")


def words(text: str) -> Iterator[tuple[int, str]]:
    """Yield each word of `text` with its offset, folded for comparison."""
    for found in _WORD.finditer(text):
        yield found.start(), found[0].casefold()


def _folded(word: str) -> str:
    return word.casefold() if word.isalnum() else NOTE_MARK


class SourceWords:
    """A source text, its words and footnote marks, which begin at the offsets `starts` and end before `ends`."""

    def __init__(self, source: SourceFile) -> None:
        self.path = source.path
        self.text = text = source.text
        self._source = source
        spans = [found.span() for found in _WORD_OR_MARK.finditer(text)]
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.words = [_folded(text[start:end]) for start, end in spans]

    def location(self, offset: int, length: int = 0) -> Location:
        """Return the line and column of the character at `offset`, and the end of `length` characters from there."""
        return self._source.location(offset, length)

    def fix(self, title: str, *changes: tuple[int, int, str], certain: bool = True) -> Fix | None:
        """Return the fix that replaces the characters from one offset to another by a text, for each of `changes`.

        It is None if one of them is not in the author's file as it is here.
        """
        made = [self._source.replacement(*one) for one in changes]
        known = tuple(one for one in made if isinstance(one, Replacement))
        return Fix(title, known, certain) if known and len(known) == len(made) else None
