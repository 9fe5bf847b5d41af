"""One text in two spellings: the form in which titles, names and journals are compared.

The same title is in upper case in an old index, with Greek letters spelled out in another, with a Cyrillic "a" among
Latin letters in a third. What remains here are the bare words that they have in common. The time taken is proportional
to the length of the text, and no `str` raises an error.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping

import msgspec
from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.alphabets import GREEK_NAMES, TRANSLITERATED, disguises, lookalikes, signs, stand_ins
from pubkit.language.folders import folder
from pubkit.language.folding import Table, ascii_only, bare
from pubkit.packaged import parsed

__all__ = ["ascii_spelling", "bare_words", "name_key", "name_letters", "same_name", "spelling"]

_SIGNS = {
    "&": " and ",
    "%": " percent ",
    "+": " plus ",
    "<": " below ",
    ">": " above ",
    "−": "-",
    "∗": " ",
    "\ufffd": "",
    **dict.fromkeys("™®©℠", ""),
}
_MINUS = expression(r"(?<=[a-z0-9)])-(?=[\s),;]|$)")
_GREEK = expression("[\u0370-\u03ff]+")
_LATIN_LETTER = expression("[a-z]")
_CYRILLIC = expression("[\u0400-\u04ff]")
_WORD = expression(r"[^\W_]+")


def bare_words(text: str) -> list[str]:
    """Return the words of `text`, in order, in the form in which they are compared.

    Case, accents, punctuation, hyphens, quotation marks and apostrophes are dropped. Greek letters that stand alone are
    spelled out, Greek and Cyrillic words are transliterated, look-alikes from another script are replaced. The signs
    that carry meaning in a medical title stay as words: `&` becomes and, `%` percent, `+` plus, `<` below, `>` above,
    and a minus after a word minus.

    >>> bare_words("TNF-α in CD4+ T cells: “état”")
    ['tnf', 'alpha', 'in', 'cd4', 'plus', 't', 'cells', 'etat']
    """
    text = _latin(text)
    if "-" in text:
        text = _MINUS.sub(" minus ", text)
    return _WORD.findall(text)


def name_letters(token: str) -> str:
    """Return one word of a name with case and accents folded and German and Scandinavian vowels spelled one way.

    ö, ø and oe become the same, as do ä, æ and ae; ü and ue; å and aa: "Sproeer" is Spröer, "Kjaer" is Kjær.
    """
    token = token.casefold()
    foreign = not token.isascii()
    if foreign:
        token = token.replace("æ", "a").replace("œ", "o")
    if "e" in token:
        token = token.replace("ae", "a").replace("oe", "o").replace("ue", "u")
    if foreign or "'" in token or "`" in token:
        token = "".join(_WORD.findall(_latin(token)))
    return token.replace("aa", "a") if "aa" in token else token


def name_key(name: str) -> str:
    """Return what two spellings of a person's name share: its words without capitals, accents and full stops."""
    return " ".join(bare_words(name))


def same_name(one: str, other: str) -> bool:
    """Return whether two names are the same apart from capitals, accents, full stops and spaces."""
    return name_key(one) == name_key(other)


def ascii_spelling(text: str) -> str:
    """Return `text` in the ASCII letters that it looks like, keeping capitals."""
    return ascii_only(text.translate(lookalikes()))


def _latin(text: str) -> str:
    text = text.translate(_compared())
    if not text.isascii() and (_CYRILLIC.search(text) or _GREEK.search(text)):
        text = _GREEK.sub(_greek, _WORD.sub(_unmixed, text)).translate(TRANSLITERATED)
    return text


@functools.cache
def _compared() -> Table:
    return Table(_compared_character)


def _compared_character(char: str) -> str:
    """Return how one character is compared: a word for a sign, "" for an apostrophe, else bare letters."""
    parts = char if char in _meanings() else bare(char)
    return "".join(_meanings().get(part, part) for part in parts)


@functools.cache
def _meanings() -> Mapping[str, str]:
    apostrophes = dict.fromkeys([char for char, sign in signs().items() if sign == "'"], "")
    return {**_SIGNS, "'": "", **apostrophes, **stand_ins()}


def _unmixed(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(disguises()) if _LATIN_LETTER.search(word) else word


def _greek(match: re.Match[str]) -> str:
    run = match[0]
    return GREEK_NAMES.get(run, run) if len(run) == 1 else run


class _Part(Struct, frozen=True, forbid_unknown_fields=True):
    find: str
    write: str


class _Spellings(Struct, frozen=True, forbid_unknown_fields=True):
    parts: list[_Part]
    words: dict[str, str]


@functools.cache
def _spellings() -> tuple[tuple[tuple[re.Pattern[str], str], ...], dict[str, str]]:
    """Return the British forms of English, as expressions with their American ones, and as whole words."""
    file = msgspec.convert(parsed(folder("en").joinpath("spelling.yaml").read_bytes()), _Spellings)
    return tuple((re.compile(part.find), part.write) for part in file.parts), file.words


def spelling(word: str) -> str:
    """Return a folded word under its American spelling, a small number in digits: for two words that differ.

    >>> spelling("haemorrhage"), spelling("tumours"), spelling("randomised"), spelling("two")
    ('hemorrhage', 'tumors', 'randomized', '2')
    """
    parts, whole = _spellings()
    if word in whole:
        return whole[word]
    if len(word) < 4 or len(word) > 40:
        return word
    for pattern, replacement in parts:
        word = pattern.sub(replacement, word)
    return word
