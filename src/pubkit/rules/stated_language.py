"""STY006: a text in another language than the one it states, whose claims nobody would judge."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources

from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import Block, BlockKind
from pubkit.packaged import parsed
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["AnotherLanguage"]

_WORD = re.compile(r"[^\W\d_]+")
#: A passage is in a language if at least so many, and such a share, of its words are among that language's commonest.
_FEWEST, _SHARE = 4, 0.15
#: ... and the share of those of the stated language is at most so large.
_OWN_SHARE = 0.06
#: The part of a text that must be in another language before it is reported; a quotation is no reason.
_PART = 0.3

_GERMAN = "Setzen Sie das Mittel nicht ab, wenn es Ihnen besser geht, und fragen Sie bei der Ärztin nach."
_ENGLISH = "Do not stop the medicine when you feel better, and ask the doctor who has prescribed it for you."


class AnotherLanguage(Rule):
    """The text is in the language that `lang:` states, or in English if it states none."""

    id = "STY006"
    severity = Severity.ERROR
    source = "WCAG 2.2, 3.1.1 Language of Page; the claims of a text are judged by the rules of its stated language"
    remedy = "State the language of the text under `lang:`, for example `lang: de`; mark passages in another one."
    bad = [Example(_GERMAN), Example(_GERMAN, metadata={"lang": "tr"}), Example(_ENGLISH, metadata={"lang": "de"})]
    good = [
        Example(_ENGLISH),
        Example(_GERMAN, metadata={"lang": "de-AT"}),
        Example(f"{_ENGLISH} {_ENGLISH}\n\n{_ENGLISH}\n\n> {_GERMAN}"),
        "Cortex cerebri, medulla oblongata, nervus vagus.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the running text as a whole; the place is its first passage in another language."""
        stated = submission.publication.lang.split("-")[0].lower()
        if stated not in _function_words():
            return
        words = [(block, _words(block)) for block in submission.manuscript.document.blocks if block.kind in _RUNNING]
        found = Counter[str]()
        first: dict[str, Block] = {}
        for block, said in words:
            other = _other_language(said, stated)
            if other:
                found[other] += len(said)
                first.setdefault(other, block)
        if found.total() > _PART * sum(len(said) for _, said in words):
            language = found.most_common(1)[0][0]
            message = (
                f"The text states that its language is “{submission.publication.lang}”, but it is in “{language}”."
            )
            yield self.at(first[language].location, message, context=language)


_RUNNING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.NOTE})


def _words(block: Block) -> Sequence[str]:
    return [word.lower() for word in _WORD.findall(block.text)]


def _other_language(words: Sequence[str], stated: str) -> str:
    """Return the code of the language that `words` are in, if it is clearly not the stated one; else ""."""
    if not words:
        return ""
    hits = {code: sum(word in common for word in words) for code, common in _function_words().items()}
    best = max(hits, key=lambda code: hits[code])
    clear = hits[best] >= _FEWEST and hits[best] >= _SHARE * len(words) and hits[stated] <= _OWN_SHARE * len(words)
    return best if clear and best != stated else ""


@functools.cache
def _function_words() -> Mapping[str, frozenset[str]]:
    data = resources.files("pubkit").joinpath("language", "function-words.yaml").read_bytes()
    return {code: frozenset(map(str, words)) for code, words in parsed(data).items()}
