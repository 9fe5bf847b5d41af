"""Citation keys marked before parsing, so that each of them has an exact place although pandoc keeps none.

Each key is replaced by a unique token of equal length before parsing and put back afterwards, so that pandoc itself
decides what is a citation (an `@` in an email address, a URL or code is not) and each one that it finds has one place.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.folding import Table

__all__ = ["MarkedText", "mark"]

# Pandoc's citation keys: a letter, digit or underscore, then the same with single punctuation marks between (and "://");
# or anything without spaces in braces, which may contain braces in pairs; or a star (all entries, in `nocite`).
_KEY = expression(
    r"(?<![^\W_])@(?:\{((?:[^{}\s]|\{[^{}\s]*\})+)\}|(\w(?:\w|[:.#$%&\-+?<>~/](?=\w)|[:/](?=/))*|\*(?!\w)))"
)
_EXAMPLE_LABEL = expression(r"^[ \t]*\(@([\w-]+)\)", re.MULTILINE)
_HEADER_ID = expression(r'(?<="t":"Header","c":\[\d,\[")[^"\\]*')
_NOT_IN_IDS = expression(r"[^\w.-]+")

# Letters without case, which pandoc accepts in a key: cuneiform, hieroglyphs and Anatolian hieroglyphs, one column wide (N);
# and Chinese ideographs of extension B, two columns wide (W). In tables, pandoc counts columns.
_LETTERS = {
    "N": "".join(map(chr, (*range(0x12000, 0x1239A), *range(0x13000, 0x13430), *range(0x14400, 0x14647)))),
    "W": "".join(map(chr, range(0x20000, 0x20A00))),
}
_MARKING = "[\U00012000-\U00014646\U00020000-\U000209ff]"
_TOKEN = expression(f"{_MARKING}+")
_TOKEN_IN_ID = expression(f"(-?)({_MARKING}+)")
_WIDTH = Table(lambda char: "W" if unicodedata.east_asian_width(char) in "WF" else "N")
_TOKEN_BUT_CITED = expression(rf'(?<!"citationId":")(?<!{_MARKING}){_MARKING}+')


class MarkedText(Struct, frozen=True):
    """A source with a token of the same length in the place of each citation key, so that nothing else moves.

    `keys` maps each token to the key it stands for and to the offset of its @ in the text.
    """

    text: str
    keys: Mapping[str, tuple[str, int]]

    def restore(self, text: str) -> str:
        """Return pandoc's JSON `text` with every token replaced by its key, except in the ids of citations.

        There a token stays, because it identifies one mention of its key. A key is written as JSON writes it in a string,
        and in the id of a heading as pandoc makes ids of text.
        """
        ids: set[str] = set()

        def identifier(found: re.Match[str]) -> str:
            restored = written = self._restored_id(found[0])
            number = 0
            while restored != found[0] and restored in ids:
                number += 1
                restored = f"{written}-{number}"
            ids.add(restored)
            return restored

        return _TOKEN_BUT_CITED.sub(self._in_string, _HEADER_ID.sub(identifier, text))

    def _in_string(self, token: re.Match[str]) -> str:
        return json.dumps(self.keys[token[0]][0], ensure_ascii=False)[1:-1] if token[0] in self.keys else token[0]

    def _restored_id(self, identifier: str) -> str:
        """Return the id that pandoc would make from a heading with these keys: it begins at the first letter."""
        if not _TOKEN.search(identifier):
            return identifier
        restored = _TOKEN_IN_ID.sub(self._in_id, identifier)
        return (
            restored[next((place for place, char in enumerate(restored) if char.isalpha()), len(restored)) :]
            or "section"
        )

    def _in_id(self, found: re.Match[str]) -> str:
        key = _NOT_IN_IDS.sub("", self.keys.get(found[2], (found[2], 0))[0].lower())
        return f"{found[1]}{key}" if key else ""


def mark(text: str) -> MarkedText:
    """Put a unique token in the place of every citation key of `text`.

    A key stays if every token of its length occurs in the text.
    """
    labels = set(_EXAMPLE_LABEL.findall(text))
    letters = _free_letters(text)
    counts: Counter[str] = Counter()
    keys: dict[str, tuple[str, int]] = {}
    parts: list[str] = []
    end = 0
    for found in _KEY.finditer(text):
        group = 1 if found[1] else 2
        key = found[group]
        columns = key.translate(_WIDTH)
        token = "" if key in labels else _token(columns, counts[columns], letters)
        if not token:
            continue
        counts[columns] += 1
        keys[token] = (key, found.start())
        parts += (text[end : found.start(group)], token)
        end = found.end(group)
    return MarkedText("".join((*parts, text[end:])), keys)


def _free_letters(text: str) -> dict[str, str]:
    """Return the letters for tokens that do not occur in `text`, by their width."""
    if not _TOKEN.search(text):
        return _LETTERS
    taken = set(text)
    return {width: "".join(char for char in chars if char not in taken) for width, chars in _LETTERS.items()}


def _token(columns: str, number: int, letters: Mapping[str, str]) -> str:
    """Return token `number` of those as wide as `columns`; "" if there are not so many."""
    token = []
    for width in reversed(columns):
        if not letters[width]:
            return ""
        number, place = divmod(number, len(letters[width]))
        token.append(letters[width][place])
    return "" if number else "".join(reversed(token))
