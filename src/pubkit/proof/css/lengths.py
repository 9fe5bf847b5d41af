"""Lengths and numbers of CSS, worked out in CSS pixels: units, percentages, calc(), min(), max(), clamp()."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tinycss2.ast import DimensionToken, FunctionBlock, IdentToken, Node, NumberToken, ParenthesesBlock, PercentageToken

__all__ = ["Frame", "angle", "length", "number", "solid"]

_ABSOLUTE = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4, "q": 96 / 101.6}
_TURNS = {"deg": 1.0, "grad": 0.9, "rad": 57.29577951308232, "turn": 360.0}
#: The width of "0" and the height of "x", as parts of the font size, where the font is not looked into.
_ZERO, _X = 0.5, 0.5


class Frame(NamedTuple):
    """What relative lengths refer to, in CSS pixels; `whole` is what 100% stands for, None where that is not known."""

    font_size: float
    root_size: float
    width: float
    height: float
    whole: float | None = None


def solid(tokens: Sequence[Node]) -> list[Node]:
    """`tokens` without white space and comments."""
    return [token for token in tokens if token.type not in {"whitespace", "comment"}]


def number(tokens: Sequence[Node]) -> float | None:
    """A number, or a percentage as a part of one; None where `tokens` are neither."""
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if isinstance(token, NumberToken):
        return float(token.value)
    if isinstance(token, PercentageToken):
        return float(token.value) / 100
    if isinstance(token, FunctionBlock):
        return _worked_out(token, Frame(1, 1, 1, 1, 1))
    return None


def angle(token: Node) -> float | None:
    """An angle in degrees."""
    if isinstance(token, DimensionToken) and token.lower_unit in _TURNS:
        return float(token.value) * _TURNS[token.lower_unit]
    return 0.0 if isinstance(token, NumberToken) and token.value == 0 else None


def length(token: Node, frame: Frame) -> float | None:
    """A length in CSS pixels; None for what is no length, or a percentage of something unknown."""
    if isinstance(token, DimensionToken):
        return _dimension(float(token.value), token.lower_unit, frame)
    if isinstance(token, PercentageToken):
        return None if frame.whole is None else float(token.value) / 100 * frame.whole
    if isinstance(token, NumberToken):
        return 0.0 if token.value == 0 else None
    if isinstance(token, FunctionBlock):
        return _worked_out(token, frame)
    return None


def _dimension(value: float, unit: str, frame: Frame) -> float | None:
    if unit in _ABSOLUTE:
        return value * _ABSOLUTE[unit]
    relative = {
        "em": frame.font_size,
        "rem": frame.root_size,
        "ex": frame.font_size * _X,
        "ch": frame.font_size * _ZERO,
        "ic": frame.font_size,
        "lh": frame.font_size * 1.2,
        "rlh": frame.root_size * 1.2,
        "cap": frame.font_size * 0.7,
    }
    if unit in relative:
        return value * relative[unit]
    for prefix in ("", "s", "l", "d"):
        share = value / 100
        sides = {"w": frame.width, "i": frame.width, "h": frame.height, "b": frame.height}
        if unit.startswith(f"{prefix}v") and unit.removeprefix(f"{prefix}v") in sides:
            return share * sides[unit[-1]]
        if unit == f"{prefix}vmin":
            return share * min(frame.width, frame.height)
        if unit == f"{prefix}vmax":
            return share * max(frame.width, frame.height)
    return None


def _worked_out(block: FunctionBlock, frame: Frame) -> float | None:
    """The value of a mathematical function, None where a part of it is not known."""
    parts = [_sum(part, frame) for part in _by_commas(solid(block.arguments))]
    values = [part for part in parts if part is not None]
    if len(values) != len(parts) or not values:
        return None
    if block.lower_name in {"calc", "-webkit-calc"} and len(values) == 1:
        return values[0]
    if block.lower_name == "clamp" and len(values) == 3:
        return max(values[0], min(values[1], values[2]))
    return {"min": min, "max": max}[block.lower_name](values) if block.lower_name in {"min", "max"} else None


def _by_commas(tokens: Sequence[Node]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _sum(tokens: Sequence[Node], frame: Frame) -> float | None:
    """`a + b - c`, each a product. Signs that stick to a number ("1px -2px") are its own and make no sum."""
    terms: list[list[Node]] = [[]]
    signs = [1.0]
    for token in tokens:
        if token.type == "literal" and token.value in "+-":
            terms.append([])
            signs.append(1.0 if token.value == "+" else -1.0)
        else:
            terms[-1].append(token)
    values = [_product(term, frame) for term in terms]
    known = [value for value in values if value is not None]
    return sum(sign * value for sign, value in zip(signs, known, strict=True)) if len(known) == len(values) else None


def _product(tokens: Sequence[Node], frame: Frame) -> float | None:
    result: float | None = None
    divide = False
    for token in tokens:
        if token.type == "literal" and token.value in "*/":
            divide = token.value == "/"
            continue
        value = _factor(token, frame)
        if value is None or (divide and value == 0):
            return None
        result = value if result is None else result / value if divide else result * value
    return result


def _factor(token: Node, frame: Frame) -> float | None:
    if isinstance(token, NumberToken):
        return float(token.value)
    if isinstance(token, ParenthesesBlock):
        return _sum(solid(token.content), frame)
    if isinstance(token, IdentToken):
        return {"pi": 3.141592653589793, "e": 2.718281828459045}.get(token.lower_value)
    return length(token, frame)
