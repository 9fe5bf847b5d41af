"""Style sheets as tokens: every node of a parsed sheet, and what is wrong with its brackets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pubkit.expressions import expression

__all__ = ["DEEPEST", "between_commas", "brackets", "solid", "walk"]

#: The deepest nesting of brackets in any style sheet that a person writes.
DEEPEST = 12

#: The pieces that matter for finding brackets: comments, strings and escaped characters contain none.
_PIECE = expression(r"/\*.*?\*/|/\*|\\(?:\r\n|.)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[\"'{}()\[\]]", re.DOTALL)
_CLOSES = {"}": "{", ")": "(", "]": "["}


def brackets(css: str) -> Iterator[tuple[str, int, int]]:
    """Yield what is wrong with the brackets and strings of a style sheet, each with its line and column.

    The parser closes at the end whatever was left open; browsers silently read on from there.
    """
    opened: list[tuple[str, int]] = []
    for piece in _PIECE.finditer(css):
        sign = piece[0]
        if sign in _CLOSES.values() or sign in {"/*", '"', "'"}:
            opened.append((sign, piece.start()))
            if sign == "/*":
                break
        elif sign in _CLOSES and opened and opened[-1][0] == _CLOSES[sign]:
            opened.pop()
        if len(opened) > DEEPEST:
            break
    deep = [("is nested too deeply in other brackets", *opened[-1])] if len(opened) > DEEPEST else []
    for what, sign, place in deep or [("is opened but not closed", *one) for one in opened]:
        before = css[:place]
        yield f"“{sign}” {what}", before.count("\n") + 1, place - before.rfind("\n")


def solid(tokens: Iterable[Any]) -> list[Any]:
    """Return `tokens` without white space and comments."""
    return [token for token in tokens if token.type not in {"whitespace", "comment"}]


def between_commas(tokens: Iterable[Any]) -> list[list[Any]]:
    """Return the `solid` tokens in the parts that commas separate."""
    parts: list[list[Any]] = [[]]
    for part in solid(tokens):
        if part == ",":
            parts.append([])
        else:
            parts[-1].append(part)
    return parts


def walk(nodes: Iterable[Any]) -> Iterator[Any]:
    """Yield every node of a style sheet or value, in the order of the text, however deeply nested."""
    stack = [*nodes][::-1]
    while stack:
        node = stack.pop()
        yield node
        for name in ("arguments", "content", "prelude"):
            inner = getattr(node, name, None)
            stack += [part for part in reversed(inner or ()) if not isinstance(part, str)]
