"""The language that a passage is in, told by the commonest words of languages."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources

from pubkit.expressions import expression
from pubkit.packaged import parsed

__all__ = ["language_of", "other_language", "told_languages", "words_of"]

_WORD = expression(r"[^\W\d_]+")
#: A passage is in a language if at least so many, and such a share, of its words are among that language's commonest.
_FEWEST, _SHARE = 4, 0.15
#: ... and the share of those of the stated language is at most so large.
_OWN_SHARE = 0.06
#: A text is in the language that so large a part of its words, and so many words, are clearly in.
_PART_OF_TEXT, _WORDS_OF_TEXT = 0.5, 60


def words_of(text: str) -> Sequence[str]:
    """Return the words of `text` in small letters."""
    return [word.lower() for word in _WORD.findall(text)]


def told_languages() -> frozenset[str]:
    """Return the codes of the languages that are told from each other."""
    return frozenset(_function_words())


def other_language(words: Sequence[str], stated: str, *, fewest: int = _FEWEST) -> str:
    """Return the code of the language that `words` are in, if it is clearly not the `stated` one; else "".

    `stated` is one of `told_languages()`; `fewest` of the words, at least, are among the commonest of the other language.
    """
    if not words:
        return ""
    languages = _languages_of_words()
    hits = Counter(code for word in words if word in languages for code in languages[word])
    best = max(_function_words(), key=lambda code: hits[code])
    clear = hits[best] >= fewest and hits[best] >= _SHARE * len(words) and hits[stated] <= _OWN_SHARE * len(words)
    return best if clear and best != stated else ""


def language_of(passages: Iterable[str]) -> str:
    """Return the code of the language other than English that a text of these `passages` is clearly in; else ""."""
    found = Counter[str]()
    total = 0
    for passage in passages:
        words = words_of(passage)
        total += len(words)
        found[other_language(words, "en")] += len(words)
    del found[""]
    code, words_in_it = next(iter(found.most_common(1)), ("", 0))
    return code if words_in_it >= max(_WORDS_OF_TEXT, _PART_OF_TEXT * total) else ""


@functools.cache
def _languages_of_words() -> Mapping[str, Sequence[str]]:
    """Return the codes of the languages of which each word is one of the commonest."""
    found: dict[str, list[str]] = {}
    for code, common in _function_words().items():
        for word in common:
            found.setdefault(word, []).append(code)
    return found


@functools.cache
def _function_words() -> Mapping[str, frozenset[str]]:
    data = resources.files(__package__).joinpath("function-words.yaml").read_bytes()
    return {code: frozenset(map(str, words)) for code, words in parsed(data).items()}
