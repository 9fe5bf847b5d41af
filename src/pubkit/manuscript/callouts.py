"""Boxes that set text apart: notes, tips, and warnings.

A division whose class names a kind of box (`callout-warning`, `warning`, `rmdnote`) becomes one of the classes `callout
callout-KIND`, and begins with its title: the author's, or the word for its kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.expressions import expression
from pubkit.language.labels import Labels
from pubkit.manuscript.marks.names import boxes, named
from pubkit.manuscript.tree import (
    Attr,
    Block,
    CodeBlock,
    Div,
    Header,
    Inline,
    Para,
    Plain,
    Span,
    Str,
    Strong,
    block_lists,
    every,
)

__all__ = ["box_up", "name_listings", "name_theorems"]

_TITLE = "callout-title"
#: Quarto's division whose headings are the titles of tabs.
_TABS = "panel-tabset"
#: Quarto's theorems and the like, by the beginning of their ids.
_THEOREMS = {
    "thm": "theorem", "lem": "lemma", "cor": "corollary", "prp": "proposition", "cnj": "conjecture", "def": "definition",
    "exm": "example", "exr": "exercise", "sol": "solution", "rem": "remark", "alg": "algorithm",
}  # fmt: skip
_THEOREM = expression(rf"({'|'.join(_THEOREMS)})-\w")


def name_theorems(blocks: Sequence[Block]) -> None:
    """Make boxes of the theorems and the like below `blocks`, in place: Quarto names them by id, bookdown by class.

    The title is the name that the author gave, or else the kind, such as "Theorem".
    """
    for part in every(Div, blocks):
        by_id = _THEOREM.match(part.attr.identifier)
        kind = (
            _THEOREMS[by_id[1]] if by_id else next((one for one in part.attr.classes if one in named("theorems")), "")
        )
        if not kind or _kind(part.attr):
            continue
        title = next((value for name, value in part.attr.pairs if name == "name" and value.strip()), "")
        if title or not isinstance(part.content[0] if part.content else None, Header):
            part.content[:0] = [Div((Attr(classes=[_TITLE]), [Para([Str(title or kind.capitalize())])]))]
        others = [name for name in part.attr.classes if name != kind]
        pairs = [pair for pair in part.attr.pairs if pair[0] != "name"]
        part.attr = Attr(part.attr.identifier, ["callout-note", *others], pairs)


def name_listings(blocks: Sequence[Block]) -> None:
    """Make boxes of the listings below `blocks` that have a caption (`lst-cap`), in place: mentions print that.

    Quarto names them by id: `{#lst-x .python lst-cap="Code"}`.
    """
    for siblings in block_lists(blocks):
        for index, block in enumerate(siblings):
            pairs = dict(block.attr.pairs) if isinstance(block, CodeBlock) else {}
            if isinstance(block, CodeBlock) and (caption := pairs.pop("lst-cap", "").strip()):
                title = Div((Attr(classes=[_TITLE]), [Para([Str(caption)])]))
                code = CodeBlock((Attr("", block.attr.classes, list(pairs.items())), block.text))
                siblings[index] = Div((Attr(block.attr.identifier, ["callout-note"]), [title, code]))


def box_up(blocks: Sequence[Block], words: Labels) -> None:
    """Turn the divisions below `blocks` that are meant as boxes into boxes, in place; `words` are titles by kind.

    The titles of tabs are no headings either.
    """
    for part in every(Div, blocks):
        if _TABS in part.attr.classes:
            _set_headings_as_words(part.content)
            continue
        kind = _kind(part.attr)
        if kind is None or (
            "callout" in part.attr.classes and f"callout-{kind}" in part.attr.classes and _is_titled(part)
        ):
            continue
        title = _taken_title(part) or [Str(words[kind])]
        part.attr = Attr(part.attr.identifier, ["callout", f"callout-{kind}"], _other_pairs(part.attr))
        _set_headings_as_words(part.content)
        part.content[:0] = [Div((Attr(classes=[_TITLE]), [Para([Strong(title)])]))]


def _set_headings_as_words(content: list[Block]) -> None:
    """Set each heading in a box or a tab as a bold line with the same id: there are no sections inside."""
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
    kinds = [boxes()[name] for name in names if name in boxes()]
    return next((kind for kind in kinds if kind != "note"), kinds[0] if kinds else None)  # .infobox .caution


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
