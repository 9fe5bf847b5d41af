"""STY006: a text in another language than the one it states, whose claims nobody would judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from pubkit.findings import Finding, Severity
from pubkit.language.told import other_language, told_languages, words_of
from pubkit.manuscript.model import Block, BlockKind
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["AnotherLanguage"]

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
        f"{_ENGLISH}\n\n::: {{lang=de}}\n{_GERMAN}\n\n{_GERMAN}\n:::\n\n# Deutsch {{lang=de}}\n\n{_GERMAN}",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the running text as a whole; the place is its first passage in another language that is not marked."""
        stated = _primary(submission.publication.lang)
        if stated not in told_languages():
            return
        words = [
            (block, words_of(block.text))
            for block in submission.manuscript.document.blocks
            if block.kind in _RUNNING and _primary(block.lang) in {"", stated}
        ]
        found = Counter[str]()
        first: dict[str, Block] = {}
        for block, said in words:
            other = other_language(said, stated)
            if other:
                found[other] += len(said)
                first.setdefault(other, block)
        if found.total() > _PART * sum(len(said) for _, said in words):
            language = found.most_common(1)[0][0]
            message = (
                f"The text states that its language is “{submission.publication.lang}”, but it is in “{language}”."
            )
            yield self.at(first[language].location, message, context=language)


def _primary(tag: str) -> str:
    return tag.split("-")[0].lower()


_RUNNING = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.NOTE})
