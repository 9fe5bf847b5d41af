"""Numbered figures, tables, sections and equations, and the mentions of them: `@fig:name`, `@tbl:`, `@sec:`, `@eq:`.

Every captioned figure and table is numbered, in reading order. Sections are numbered as soon as one of them is mentioned
by number, and then all of them are, except headings of the class `unnumbered`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from pubkit.language.labels import Labels
from pubkit.language.recognition import words_for
from pubkit.manuscript.tree import (
    Attr,
    Block,
    BlockNode,
    Caption,
    Cite,
    Figure,
    Header,
    Inline,
    Link,
    Math,
    Para,
    Plain,
    SoftBreak,
    Space,
    Span,
    Str,
    Strong,
    Table,
    Target,
    every,
    inline_lists,
)

__all__ = ["KINDS", "NUMBERED_LEVELS", "is_label", "number", "resolve"]

KINDS = ("fig", "tbl", "sec", "eq")

_LABEL = re.compile(r"(fig|tbl|sec|eq):\S+")
_EQUATION_LABEL = re.compile(r"\{#(eq:[\w:.-]+)\}")
#: Headings below this level have no number.
NUMBERED_LEVELS = 3


def is_label(key: str) -> bool:
    """Return whether a citation key is really a mention of a figure, table, section or equation."""
    return _LABEL.fullmatch(key) is not None


class _Numbering(Struct):
    terms: Labels
    sections: bool
    labels: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    headings: list[int] = field(default_factory=lambda: [0] * NUMBERED_LEVELS)

    def next(self, kind: str, label: str) -> str:
        self.counts[kind] += 1
        text = self.terms.numbered(kind, str(self.counts[kind]))
        if label:
            self.labels[label] = text
        return text

    def section(self, level: int, label: str) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (NUMBERED_LEVELS - level)
        text = ".".join(str(count) for count in self.headings[:level])
        if label:
            self.labels[label] = self.terms.numbered("sec", text)
        return text


def number(blocks: Sequence[Block], terms: Labels) -> dict[str, str]:
    """Number what is numbered in `blocks`, in place, and tell what each label is called ("fig:a": "Figure 1")."""
    mentions = any(key.startswith("sec:") for key in _mentioned(blocks))
    numbering = _Numbering(terms, mentions)
    for node in every(BlockNode, blocks):
        match node:
            case Header() if numbering.sections:
                _number_heading(node, numbering)
            case Figure() | Table() if caption := _words_of(node.caption):
                kind = "fig" if isinstance(node, Figure) else "tbl"
                text = numbering.next(kind, node.attr.identifier)
                caption[:0] = [_numbered("caption-number", f"{text}."), Space()]
            case Para() | Plain():
                _number_equation(node.content, numbering)
    return numbering.labels


def _number_heading(header: Header, numbering: _Numbering) -> None:
    if header.level > NUMBERED_LEVELS or "unnumbered" in header.attr.classes:
        return
    text = numbering.section(header.level, header.attr.identifier)
    header.content[:0] = [_numbered("section-number", text), Space()]


def _words_of(caption: Caption) -> list[Inline]:
    """The first words of a caption, to be changed in place; none where it has none."""
    return next((block.content for block in caption.blocks if isinstance(block, Para | Plain) and block.content), [])


def _numbered(kind: str, text: str) -> Span:
    return Span((Attr(classes=[kind]), [Str(text)]))


def _number_equation(inlines: list[Inline], numbering: _Numbering) -> None:
    """A display formula followed by {#eq:name} becomes a labelled, numbered one."""
    for index, inline in enumerate(inlines):
        found = _EQUATION_LABEL.fullmatch(inline.text) if isinstance(inline, Str) else None
        if not found:
            continue
        before = index - 1 if isinstance(inlines[index - 1], Math) else index - 2
        if before < 0 or not isinstance(inlines[before], Math):
            continue
        name = numbering.next("eq", found[1]).split("\u00a0")[-1]
        equation = [inlines[before], _numbered("equation-number", f"({name})")]
        inlines[before : index + 1] = [Span((Attr(found[1], ["equation"]), equation))]
        return


def resolve(blocks: Sequence[Block], labels: Mapping[str, str], lang: str = "en") -> None:
    """Turn every mention of a label below `blocks`, in place, into a link that reads "Figure 1".

    The link brings the word of the language `lang` with it: the author's own ("Figure @fig:a", "Figs. @fig:a") goes.
    """
    words = _own_words(lang)
    for siblings in inline_lists(blocks):
        if not any(_mentions_label(node) for node in siblings):
            continue
        _drop_own_words(siblings, labels, words)
        siblings[:] = [
            new
            for node in siblings
            for new in (_resolved(node, labels) if isinstance(node, Cite) and _mentions_label(node) else (node,))
        ]


@functools.cache
def _own_words(lang: str) -> Mapping[str, re.Pattern[str]]:
    """Return what authors write before a mention, by kind: the word in both numbers, and its abbreviations."""
    mentions = words_for(lang).mentions
    return {kind: re.compile(rf"(?<!\w)(?:{named})$", re.IGNORECASE) for kind, named in mentions.items()}


def _drop_own_words(siblings: list[Inline], labels: Mapping[str, str], words: Mapping[str, re.Pattern[str]]) -> None:
    """Take "Figure" out where a mention follows that will read "Figure 1"."""
    for index in range(len(siblings) - 1, 0, -1):
        if index >= len(siblings):
            # What was dropped has made the list shorter.
            continue
        cite = siblings[index]
        if not isinstance(cite, Cite) or not _mentions_label(cite):
            continue
        first = next(one for one in cite.citations if is_label(one.key))
        if first.key not in labels or first.prefix:
            continue
        at = index - 1
        blank = isinstance(siblings[at], Space | SoftBreak)
        at -= blank
        word = siblings[at]
        if at < 0 or not isinstance(word, Str) or (not blank and not word.text.endswith("\u00a0")):
            continue
        found = words[first.key.partition(":")[0]].search(word.text.rstrip("\u00a0"))
        if found:
            before = word.text[: found.start()]
            siblings[at:index] = [Str(before)] if before else []


def _mentions_label(node: Inline) -> bool:
    return isinstance(node, Cite) and any(is_label(one.key) for one in node.citations)


def _resolved(cite: Cite, labels: Mapping[str, str]) -> Iterator[Inline]:
    mentions = [one for one in cite.citations if is_label(one.key)]
    works = [one for one in cite.citations if not is_label(one.key)]
    for index, mention in enumerate(mentions):
        if index:
            yield from (Str(","), Space())
        if mention.prefix:
            yield from (*mention.prefix, Space())
        if text := labels.get(mention.key):
            yield Link((Attr(classes=["cross-reference"]), [Str(text)], Target(f"#{mention.key}")))
        else:
            yield Strong([Str("[?]")])
        yield from mention.suffix
    if works:
        yield Space()
        yield Cite((works, [Str("[" + "; ".join(f"@{one.key}" for one in works) + "]")]))


def _mentioned(blocks: Sequence[Block]) -> Iterator[str]:
    return (one.key for cite in every(Cite, blocks) for one in cite.citations)
