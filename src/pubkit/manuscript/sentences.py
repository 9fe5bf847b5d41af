"""Sentences of a block, each with its citations and its place in the source.

A full stop ends a sentence unless it belongs to an abbreviation ("e.g.", "Fig. 2", "et al.", "Dr."), an initial, a decimal
or an ellipsis inside the sentence. Closing quotes and brackets stay with the sentence they close. A citation mark that
follows the full stop belongs to the sentence before it, unless the author is named there (`@key` in the text).

This works for European languages in Latin script; abbreviations, after which a sentence goes on, are in the folder of each
language (language/en/manuscript.yaml).
"""

from __future__ import annotations

import functools
import re
from typing import Final

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.language.folders import language
from pubkit.language.folding import bare
from pubkit.language.recognition import Abbreviations, words_for
from pubkit.manuscript.model import Block, Citation, CitationMode

__all__ = ["Sentence", "sentence_spans", "sentences"]


_STOP = expression(r"(?P<mark>\.{2,}|…|[.!?]+|[。！？])(?P<close>[\"'”’»)\]]*)(?=\s|$)")
_LAST_WORD = expression(r"(?:[^\W\d_]\.)*[^\W_][\w'’.-]*$")
_SENTENCE_START = expression(r"[\"'“‘«(\[¿¡]*(?P<first>\w|$)")
#: A word of letters in circles or boxes, which Unicode calls symbols.
_ENCLOSED_WORD = expression(r"[^\W\d_]{2}")
# How many characters around a full stop are looked at.
_REACH: Final = 80


class Sentence(Struct, frozen=True):
    """One sentence of `block`: `block.text[start:end]`, the citations that belong to it, and where it begins."""

    text: str
    start: int
    end: int
    citations: tuple[Citation, ...]
    location: Location
    block: Block

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the citation keys of the sentence, each once, in order."""
        return tuple(dict.fromkeys(citation.key for citation in self.citations))

    def locate(self, offset: int) -> Location:
        """Return the place in the source of character `offset` of `text`."""
        return self.block.locate(self.start + offset)

    def span(self, start: int, end: int) -> Location:
        """Return the place of the characters `start` to `end` of `text`; see `Block.span`."""
        return self.block.span(self.start + start, self.start + end)


def sentences(block: Block, lang: str = "en") -> tuple[Sentence, ...]:
    """Return the sentences of `block` in order; a block without words has none. `lang` is a BCP 47 tag."""
    spans = sentence_spans(block.text, lang)
    if not spans:
        return ()
    owned: list[list[Citation]] = [[] for _ in spans]
    for citation in block.citations:
        owned[_owner(citation, spans)].append(citation)
    return tuple(
        Sentence(block.text[start:end], start, end, tuple(citations), block.locate(start), block)
        for (start, end), citations in zip(spans, owned, strict=True)
    )


def sentence_spans(text: str, lang: str = "en") -> list[tuple[int, int]]:
    """Return the start and end of each sentence of `text`, without the spaces around it."""
    spans: list[tuple[int, int]] = []
    start = 0
    last = len(text.rstrip())
    for stop in _STOP.finditer(text):
        if stop.end() < last and not _ends_sentence(text, start, stop, lang):
            continue
        _add_span(spans, text, start, stop.end())
        start = stop.end()
    _add_span(spans, text, start, len(text))
    return spans


def _add_span(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    part = text[start:end]
    stripped = part.strip()
    if not any(char.isalnum() for char in stripped) and not _ENCLOSED_WORD.search(bare(stripped)):
        if stripped and spans:
            spans[-1] = (spans[-1][0], end)
        return
    begin = start + len(part) - len(part.lstrip())
    spans.append((begin, begin + len(stripped)))


def _ends_sentence(text: str, start: int, stop: re.Match[str], lang: str) -> bool:
    following = text[stop.end() : stop.end() + _REACH].lstrip()
    opening = _SENTENCE_START.match(following)
    first = opening.group("first") if opening else ""
    if stop.group("mark") in {"…"} or stop.group("mark").startswith(".."):
        return bool(first) and first.isupper()
    if "." not in stop.group("mark"):
        # After "!" and "?" inside a quotation a sentence goes on in lower case: "Why?" she asked.
        return not (first.islower() and (stop.group("close") or text[stop.start() - 1 : stop.start()] in "\"'”’)"))
    if first.islower():
        return False
    before = text[max(start, stop.start() - _REACH) : stop.start()]
    word_match = _LAST_WORD.search(before)
    word = word_match.group().lower() if word_match else ""
    if stop.group("close").startswith((")", "]")) and text[stop.start() - 1 : stop.start()] == ".":
        return bool(first)
    next_word = re.match(r"\W*([\w'’-]+)(?!\w|\.)", following)
    opener = next_word is not None and next_word.group(1).lower() in words_for("en").openers
    numeral = first.isdigit()
    known = _abbreviations(language(lang))
    if word in known.before_numbers:
        return re.match(r"\W*[A-Z]?\d", following) is None
    if word in known.open_ended:
        return opener and not numeral
    if word in known.never_last:
        return False
    if len(word) == 1 and word.isalpha():
        # An initial ("J. Smith"), or a sentence that ends with a letter ("vitamin D. The ...").
        return opener or _closes_vitamin(before)
    return not (numeral and not word)


@functools.cache
def _abbreviations(code: str) -> Abbreviations:
    """Return the abbreviations of a language and those of English, which texts in every language use."""
    own, english = words_for(code).abbreviations, words_for("en").abbreviations
    return Abbreviations(
        own.never_last | english.never_last,
        own.before_numbers | english.before_numbers,
        own.open_ended | english.open_ended,
    )


def _closes_vitamin(before: str) -> bool:
    """Return whether the single letter at the end of `before` is part of a name: "vitamin D", "hepatitis B"."""
    return (
        re.search(
            r"(?i)\b(vitamin|hepatitis|type|group|class|grade|factor|schedule|phase|influenza|plan|part|i) \w$", before
        )
        is not None
    )


def _owner(citation: Citation, spans: list[tuple[int, int]]) -> int:
    """Return the index of the sentence that `citation` belongs to."""
    for index, (start, end) in enumerate(spans):
        if citation.offset <= end:
            stands_before = citation.offset <= start and index > 0
            return index - 1 if stands_before and citation.mode is not CitationMode.IN_TEXT else index
    return len(spans) - 1
