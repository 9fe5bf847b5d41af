"""Numbered figures, tables, sections and equations, and the mentions of them: `@fig:name`, `@tbl:`, `@sec:`, `@eq:`.

Every captioned figure and table is numbered, in reading order. Sections are numbered as soon as one of them is mentioned
by number, and then all of them are, except headings of the class `unnumbered`.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from pubkit.language.labels import Labels
from pubkit.language.recognition import words_for
from pubkit.manuscript.tree import Node, inline_lists, nodes

__all__ = ["KINDS", "is_label", "number", "resolve"]

KINDS = ("fig", "tbl", "sec", "eq")

_LABEL = re.compile(r"(fig|tbl|sec|eq):\S+")
_EQUATION_LABEL = re.compile(r"\{#(eq:[\w:.-]+)\}")
_NUMBERED_LEVELS = 3


def is_label(key: str) -> bool:
    """Return whether a citation key is really a mention of a figure, table, section or equation."""
    return _LABEL.fullmatch(key) is not None


class _Numbering(Struct):
    terms: Labels
    sections: bool
    labels: dict[str, str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    headings: list[int] = field(default_factory=lambda: [0] * _NUMBERED_LEVELS)

    def next(self, kind: str, label: str) -> str:
        self.counts[kind] += 1
        text = self.terms.numbered(kind, str(self.counts[kind]))
        if label:
            self.labels[label] = text
        return text

    def section(self, level: int, label: str) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (_NUMBERED_LEVELS - level)
        text = ".".join(str(count) for count in self.headings[:level])
        if label:
            self.labels[label] = self.terms.numbered("sec", text)
        return text


def number(blocks: Sequence[Node], terms: Labels) -> dict[str, str]:
    """Number what is numbered in `blocks`, in place, and tell what each label is called ("fig:a": "Figure 1")."""
    mentions = any(key.startswith("sec:") for key in _mentioned(blocks))
    numbering = _Numbering(terms, mentions)
    for node in nodes(blocks):
        kind = node["t"]
        if kind == "Header" and numbering.sections:
            _number_heading(node, numbering)
        elif kind == "Figure" and _has_caption(node["c"][1]):
            _prefix_caption(node["c"][1], numbering.next("fig", node["c"][0][0]))
        elif kind == "Table" and _has_caption(node["c"][1]):
            _prefix_caption(node["c"][1], numbering.next("tbl", node["c"][0][0]))
        elif kind in {"Para", "Plain"}:
            _number_equation(node, numbering)
    return numbering.labels


def _number_heading(node: Node, numbering: _Numbering) -> None:
    level, (identifier, classes, _), inlines = node["c"]
    if level > _NUMBERED_LEVELS or "unnumbered" in classes:
        return
    text = numbering.section(level, identifier)
    inlines[:0] = [{"t": "Span", "c": [["", ["section-number"], []], [_str(text)]]}, {"t": "Space"}]


def _has_caption(caption: list[Any]) -> bool:
    return any(block["t"] in {"Para", "Plain"} and block["c"] for block in caption[1])


def _prefix_caption(caption: list[Any], text: str) -> None:
    first = next(block for block in caption[1] if block["t"] in {"Para", "Plain"} and block["c"])
    first["c"][:0] = [{"t": "Span", "c": [["", ["caption-number"], []], [_str(f"{text}.")]]}, {"t": "Space"}]


def _number_equation(node: Node, numbering: _Numbering) -> None:
    """A display formula followed by {#eq:name} becomes a labelled, numbered one."""
    inlines = node["c"]
    for index, inline in enumerate(inlines):
        found = _EQUATION_LABEL.fullmatch(inline["c"]) if inline["t"] == "Str" else None
        if not found:
            continue
        before = index - 1 if inlines[index - 1]["t"] == "Math" else index - 2
        if before < 0 or inlines[before]["t"] != "Math":
            continue
        name = numbering.next("eq", found[1]).split("\u00a0")[-1]
        label = {"t": "Span", "c": [["", ["equation-number"], []], [_str(f"({name})")]]}
        inlines[before : index + 1] = [{"t": "Span", "c": [[found[1], ["equation"], []], [inlines[before], label]]}]
        return


def resolve(blocks: Sequence[Node], labels: Mapping[str, str], lang: str = "en") -> None:
    """Turn every mention of a label below `blocks`, in place, into a link that reads "Figure 1".

    The link brings the word of the language `lang` with it: the author's own ("Figure @fig:a", "Figs. @fig:a") goes.
    """
    words = _own_words(lang)
    for siblings in inline_lists(blocks):
        if not any(_mentions_label(node) for node in siblings):
            continue
        _drop_own_words(siblings, labels, words)
        siblings[:] = [
            new for node in siblings for new in (_resolved_cite(node, labels) if _mentions_label(node) else (node,))
        ]


@functools.cache
def _own_words(lang: str) -> Mapping[str, re.Pattern[str]]:
    """Return what authors write before a mention, by kind: the word in both numbers, and its abbreviations."""
    mentions = words_for(lang).mentions
    return {kind: re.compile(rf"(?<!\w)(?:{named})$", re.IGNORECASE) for kind, named in mentions.items()}


def _drop_own_words(siblings: list[Node], labels: Mapping[str, str], words: Mapping[str, re.Pattern[str]]) -> None:
    """Take "Figure" out where a mention follows that will read "Figure 1"."""
    for index in range(len(siblings) - 1, 0, -1):
        cite = siblings[index]
        if not _mentions_label(cite):
            continue
        first = next(one for one in cite["c"][0] if is_label(one["citationId"]))
        if first["citationId"] not in labels or first["citationPrefix"]:
            continue
        at = index - 1
        blank = siblings[at]["t"] in {"Space", "SoftBreak"}
        at -= blank
        if at < 0 or siblings[at]["t"] != "Str":
            continue
        text: str = siblings[at]["c"]
        if not blank and not text.endswith("\u00a0"):
            continue
        found = words[first["citationId"].partition(":")[0]].search(text.rstrip("\u00a0"))
        if found:
            before = text[: found.start()]
            siblings[at:index] = [_str(before)] if before else []


def _mentions_label(node: Node) -> bool:
    return node["t"] == "Cite" and any(is_label(one["citationId"]) for one in node["c"][0])


def _resolved_cite(cite: Node, labels: Mapping[str, str]) -> Iterator[Node]:
    mentions = [one for one in cite["c"][0] if is_label(one["citationId"])]
    works = [one for one in cite["c"][0] if not is_label(one["citationId"])]
    for index, mention in enumerate(mentions):
        if index:
            yield from ([_str(","), {"t": "Space"}])
        yield from _with_blank(mention["citationPrefix"])
        label = mention["citationId"]
        if label in labels:
            yield {"t": "Link", "c": [["", ["cross-reference"], []], [_str(labels[label])], [f"#{label}", ""]]}
        else:
            yield {"t": "Strong", "c": [_str("[?]")]}
        yield from mention["citationSuffix"]
    if works:
        yield {"t": "Space"}
        yield {"t": "Cite", "c": [works, [_str("[" + "; ".join(f"@{one['citationId']}" for one in works) + "]")]]}


def _with_blank(inlines: list[Node]) -> list[Node]:
    return [*inlines, {"t": "Space"}] if inlines else []


def _mentioned(blocks: Sequence[Node]) -> Iterator[str]:
    for node in nodes(blocks):
        if node["t"] == "Cite":
            yield from (one["citationId"] for one in node["c"][0])


def _str(text: str) -> Node:
    return {"t": "Str", "c": text}
