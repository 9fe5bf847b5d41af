"""Numbered equations in Word: a line of their own, the formula in the middle and its number at the right.

Word sets a formula apart only if nothing else is in its paragraph, so a numbered one stands in the line, between two
tabs that the style "Equation" has (`pubkit.render.word.reference`).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pubkit.manuscript.tree import (
    Block,
    Inline,
    Math,
    MathType,
    Para,
    Plain,
    RawInline,
    SoftBreak,
    Space,
    Span,
    block_lists,
)
from pubkit.render.exchange import div

__all__ = ["TAB", "set_apart"]

TAB = RawInline(("openxml", "<w:r><w:tab/></w:r>"))
_STYLE = "Equation"


def set_apart(blocks: list[Block]) -> None:
    """Give each numbered equation in `blocks` a paragraph of its own, in place; words around it are paragraphs, too."""
    for siblings in list(block_lists(blocks)):
        siblings[:] = [part for block in siblings for part in _parted(block)]


def _parted(block: Block) -> Iterator[Block]:
    """Yield `block`, or the words and equations that it consists of, each as a block."""
    if not isinstance(block, Para | Plain) or not any(map(_is_equation, block.content)):
        yield block
        return
    for equation, group in itertools.groupby(block.content, _is_equation):
        inlines = list(group)
        if equation:
            yield from (div([Para([_in_the_middle(one)])], style=_STYLE) for one in inlines if isinstance(one, Span))
        elif words := _trimmed(inlines):
            yield type(block)(words)


def _trimmed(words: list[Inline]) -> list[Inline]:
    """Return `words` without the spaces before and after them."""
    for _ in range(2):
        words = list(itertools.dropwhile(lambda word: isinstance(word, Space | SoftBreak), words))[::-1]
    return words


def _is_equation(inline: Inline) -> bool:
    return isinstance(inline, Span) and "equation" in inline.attr.classes


def _in_the_middle(equation: Span) -> Span:
    formula, *number = equation.content
    inner = Math((MathType("InlineMath"), formula.text)) if isinstance(formula, Math) else formula
    return Span((equation.attr, [TAB, inner, TAB, *number]))
