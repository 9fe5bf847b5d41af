"""Boxes that set text apart: notes, tips, and warnings.

A division whose class names a kind of box (`callout-warning`, `warning`, `rmdnote`) becomes one of the classes `callout
callout-KIND`, and begins with its title: the author's, or the word for its kind.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pubkit.language.labels import Labels
from pubkit.manuscript.marks.names import boxes
from pubkit.manuscript.tree import Attr, Block, Div, Header, Inline, Para, Plain, Span, Str, Strong, block_lists, every

__all__ = ["box_up"]

_TITLE = "callout-title"
#: Quarto's theorems and the like, by the beginning of their ids.
_THEOREMS = {
    "thm": "Theorem", "lem": "Lemma", "cor": "Corollary", "prp": "Proposition", "cnj": "Conjecture", "def": "Definition",
    "exm": "Example", "exr": "Exercise", "sol": "Solution", "rem": "Remark", "alg": "Algorithm",
}  # fmt: skip
_THEOREM = re.compile(rf"({'|'.join(_THEOREMS)})-\w")


def box_up(blocks: Sequence[Block], words: Labels) -> None:
    """Turn the divisions below `blocks` that are meant as boxes into boxes, in place; `words` are titles by kind."""
    for part in every(Div, blocks):
        theorem = _THEOREM.match(part.attr.identifier)
        kind = _kind(part.attr) or ("note" if theorem else None)
        if kind is None or (
            "callout" in part.attr.classes and f"callout-{kind}" in part.attr.classes and _is_titled(part)
        ):
            continue
        title = _taken_title(part) or [Str(_THEOREMS[theorem[1]] if theorem else words[kind])]
        part.attr = Attr(part.attr.identifier, ["callout", f"callout-{kind}"], _other_pairs(part.attr))
        _set_headings_as_words(part.content)
        part.content[:0] = [Div((Attr(classes=[_TITLE]), [Para([Strong(title)])]))]


def _set_headings_as_words(content: list[Block]) -> None:
    """Set each heading in a box as a bold line with the same id: a box has no sections, and none in the contents."""
    for siblings in block_lists(content):
        for index, block in enumerate(siblings):
            if isinstance(block, Header):
                siblings[index] = Para([Span((Attr(block.attr.identifier), [Strong(block.content)]))])


def _kind(attr: Attr) -> str | None:
    """Return the kind of box that the classes of a division name; None if it is not a box."""
    names = [name.lower() for name in attr.classes]
    found = next((name for name in names if name.startswith("callout-") and name != _TITLE), None)
    if found:
        return boxes().get(found.removeprefix("callout-"), "note")
    return next((boxes()[name] for name in names if name in boxes()), None)


def _is_titled(part: Div) -> bool:
    match part.content:
        case [Div(attr=Attr(classes=["callout-title"]), content=[Para([Strong()])]), *_]:
            return True
        case _:
            return False


def _taken_title(part: Div) -> list[Inline]:
    """Take the title of a box out of its content: a title division, a heading at its beginning, or an attribute."""
    match part.content:
        case [Div(attr=Attr(classes=["callout-title"]), content=[Para() | Plain() as line]), *others]:
            part.content = others
            return line.content
        case [Header() as heading, *others]:
            part.content = others
            return heading.content
    return next(([Str(value)] for name, value in part.attr.pairs if name == "title" and value.strip()), [])


def _other_pairs(attr: Attr) -> list[tuple[str, str]]:
    return [(name, value) for name, value in attr.pairs if name != "title"]
