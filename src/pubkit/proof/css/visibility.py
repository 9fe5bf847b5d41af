"""Whether a reader sees the text of an element: every way that styles can hide it, looked for one by one.

Each check answers with what it found, in words for an editor. A style that cannot be judged counts as hiding: a disclaimer
has no need of one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import NamedTuple

from tinycss2.ast import FunctionBlock, Node, StringToken

from pubkit.proof.css.cascade import Styled
from pubkit.proof.css.lengths import angle, number, solid
from pubkit.proof.css.shown import chain, font_size, line_height, painted, pixels, share, word

__all__ = ["Sight", "added_words", "boxed", "covers", "hidden", "sight", "too_small_for"]

#: How far, in CSS pixels, a text may be moved from its place before it counts as moved away.
_FAR = 100.0
_WIDEST_TEXT = 720.0


class Sight(NamedTuple):
    """How a text is seen in one environment: contrast, size of type in CSS pixels, and whether a picture is behind it."""

    contrast: float
    font_size: float
    over_picture: bool


def sight(styled: Styled) -> Sight:
    """How the text of `styled` itself is seen, where nothing hides it."""
    paint = painted(styled)
    scale = math.prod(_scale(link) for link in chain(styled))
    return Sight(paint.contrast, font_size(styled) * scale, paint.over_picture)


def hidden(styled: Styled, moving: frozenset[str] | set[str]) -> Iterator[str]:
    """What takes `styled` or an ancestor out of sight, element by element; `moving` are animations that could."""
    for link in chain(styled):
        for reason in _of_element(link, moving):
            name = link.element.local_name
            yield reason if link is styled else f"{reason} (on <{name}>)"
    if word(styled, "visibility", "visible") != "visible":
        yield "visibility is not visible"


def _of_element(styled: Styled, moving: frozenset[str] | set[str]) -> Iterator[str]:
    if word(styled, "display", "inline") == "none":
        yield "display: none"
    if word(styled, "content-visibility", "visible") == "hidden":
        yield "content-visibility: hidden"
    if word(styled, "interactivity", "auto") == "inert":
        yield "interactivity: inert"
    if word(styled, "mix-blend-mode", "normal") != "normal":
        yield "a blend mode"
    if word(styled, "-webkit-text-security", "none") != "none":
        yield "masked letters (-webkit-text-security)"
    if word(styled, "background-clip", "border-box") == "text":
        yield "letters cut out of their background (background-clip: text)"
    if word(styled, "unicode-bidi", "normal") in {"bidi-override", "isolate-override"}:
        yield "letters in another order (unicode-bidi)"
    if styled.tokens("-webkit-line-clamp") and word(styled, "-webkit-line-clamp", "") != "none":
        yield "a limited number of lines (line-clamp)"
    names = {str(getattr(token, "value", "")) for token in styled.tokens("animation-name") or []}
    if names & moving:
        yield "an animation that changes how it is seen"
    yield from _cut(styled)
    yield from _moved(styled)
    yield from _filtered(styled)


def _cut(styled: Styled) -> Iterator[str]:
    """Clipping paths, masks, the old clip property."""
    clip = styled.tokens("clip-path")
    if clip and not (_only_words(clip) and word(styled, "clip-path", "none") == "none") and not _whole_inset(clip):
        yield "a clipping path"
    mask = styled.tokens("mask-image")
    if mask and any(isinstance(token, FunctionBlock) or token.type == "url" for token in mask):
        yield "a mask"
    outside = word(styled, "position", "static") in {"absolute", "fixed"}
    if outside and styled.tokens("clip") and word(styled, "clip", "auto" if _is_auto(styled) else "rect") != "auto":
        yield "a clipping rectangle"


def _is_auto(styled: Styled) -> bool:
    tokens = styled.tokens("clip")
    return not tokens or not any(isinstance(token, FunctionBlock) for token in tokens)


def _whole_inset(tokens: list[Node]) -> bool:
    """`inset(0)`: a path that cuts nothing off."""
    if len(tokens) != 1 or not isinstance(tokens[0], FunctionBlock) or tokens[0].lower_name != "inset":
        return False
    sides = solid(tokens[0].arguments)
    return bool(sides) and all(getattr(side, "value", 1) == 0 for side in sides)


def _moved(styled: Styled) -> Iterator[str]:
    """Offsets, margins, indents and transformations that carry a text away, shrink it or turn it."""
    environment = styled.cascade.environment
    if word(styled, "position", "static") != "static":
        for side, whole in (("left", environment.width), ("top", environment.height), ("right", environment.width)):
            offset = pixels(styled, side, whole)
            limit = whole - 40 if side != "top" else 20 * whole
            if offset is not None and (offset <= -_FAR or offset >= limit):
                yield f"a place outside the window ({side})"
        bottom = pixels(styled, "bottom", environment.height)
        if bottom is not None and abs(bottom) >= environment.height:
            yield "a place outside the window (bottom)"
    for side in ("left", "top", "right"):
        margin = pixels(styled, f"margin-{side}", environment.width)
        if margin is not None and (margin <= -_FAR or margin >= environment.width - 40):
            yield f"a margin that carries it away ({side})"
    indent = pixels(styled, "text-indent", environment.width)
    if indent is not None and (indent < -5 * font_size(styled) or indent > environment.width / 2):
        yield "an indent that carries it away"
    yield from _transformed(styled)
    spacing = pixels(styled, "letter-spacing") or 0.0
    gaps = pixels(styled, "word-spacing") or 0.0
    if spacing < -0.1 * font_size(styled) or gaps < -0.25 * font_size(styled):
        yield "letters or words pushed into each other"
    if line_height(styled) < 0.85:
        yield "lines pushed into each other (line-height)"


def _transformed(styled: Styled) -> Iterator[str]:
    for name in ("transform", "translate", "rotate"):
        for token in styled.tokens(name) or []:
            if isinstance(token, FunctionBlock):
                arguments = [part for part in solid(token.arguments) if part.type != "literal"]
                if not _harmless(token.lower_name, arguments):
                    yield f"a transformation ({token.lower_name})"
            elif name != "transform" and not _harmless(name, [token]) and getattr(token, "lower_value", "") != "none":
                yield f"a transformation ({name})"


def _harmless(name: str, arguments: list[Node]) -> bool:
    """Whether a transformation leaves a text readable where it stands. Scaling is judged by the size of type it gives."""
    if name.startswith("scale"):
        return all((number([part]) or 0) > 0 for part in arguments)
    if name.startswith("translate"):
        return all(_near(part) for part in arguments)
    if name in {"rotate", "rotatez", "skew", "skewx", "skewy"}:
        turns = [angle(part) for part in arguments]
        return all(turn is not None and abs(turn) <= 5 for turn in turns)
    if name == "matrix" and len(arguments) == 6:
        values = [number([part]) or 0 for part in arguments]
        near = all(abs(value) < _FAR for value in values[4:])
        return near and values[0] > 0 and values[3] > 0 and abs(values[1]) < 0.1 and abs(values[2]) < 0.1
    return False


def _near(token: Node) -> bool:
    if token.type == "percentage":
        return abs(float(token.value)) <= 50
    return token.type in {"dimension", "number"} and abs(float(token.value)) < _FAR


def _scale(styled: Styled) -> float:
    """By how much an element shrinks or enlarges its text."""
    factor = share(styled, "zoom", 1.0) or 1.0
    for token in styled.tokens("transform") or []:
        if isinstance(token, FunctionBlock) and token.lower_name in {"scale", "scalex", "scaley", "matrix", "scale3d"}:
            parts = [part for part in solid(token.arguments) if part.type != "literal"]
            values = [number([part]) or 0.0 for part in parts]
            if token.lower_name == "matrix":
                values = [values[0], values[3]] if len(values) == 6 else [0.0]
            factor *= min(values, default=1.0)
    scales = [number([token]) for token in styled.tokens("scale") or []]
    return factor * min((value for value in scales if value is not None), default=1.0)


def _filtered(styled: Styled) -> Iterator[str]:
    for token in styled.tokens("filter") or []:
        if not isinstance(token, FunctionBlock):
            continue
        name, inner = token.lower_name, solid(token.arguments)
        amount = number(inner) if inner else 1.0
        turned = name == "invert" and amount in {0.0, 1.0}
        if name not in {"drop-shadow", "hue-rotate", "grayscale", "sepia", "saturate"} and not turned:
            if name in {"opacity", "brightness", "contrast"} and amount is not None and 0.98 <= amount <= 1.5:
                continue
            if name == "blur" and all(part.value == 0 for part in inner if part.type in {"dimension", "number"}):
                continue
            yield f"a filter ({name})"


def too_small_for(styled: Styled, text: str) -> Iterator[str]:
    """Which box, of `styled` and its ancestors, has a fixed size that cannot hold `text`.

    The estimate is low: letters of 0.4 of their size, lines of the full width of the box.
    """
    size, environment = font_size(styled), styled.cascade.environment
    width = environment.width
    for link in chain(styled):
        name = link.element.local_name
        given = [pixels(link, "width", width), pixels(link, "max-width", width)]
        width = min([width, *(value for value in given if value is not None)])
        if width < 6 * size:
            yield f"a box only {width:.0f} pixels wide (on <{name}>)"
            return
        lines = math.ceil(len(text) * 0.4 * size / min(width, _WIDEST_TEXT))
        needed = 0.8 * lines * size * max(1.0, line_height(styled))
        heights = [pixels(link, "height"), pixels(link, "max-height")]
        least = min((value for value in heights if value is not None), default=None)
        if least is not None and least < needed:
            yield f"a box only {least:.0f} pixels high (on <{name}>)"
        if any(token and token[0].type == "percentage" and token[0].value == 0 for token in _percentages(link)):
            yield f"a box without height (on <{name}>)"


def _percentages(styled: Styled) -> list[list[Node] | None]:
    return [styled.tokens("height"), styled.tokens("max-height")]


def covers(styled: Styled) -> bool:
    """Whether an element, or a pseudo-element, lies over what stands below it: out of the flow, large, and painted."""
    place = word(styled, "position", "static")
    environment = styled.cascade.environment
    if word(styled, "display", "inline") == "none" or share(styled, "opacity", 1.0) < 0.05 or not _is_painted(styled):
        return False
    if word(styled, "visibility", "visible") != "visible":
        return False
    if place in {"absolute", "fixed", "sticky"}:
        wide, high = _extent(styled, "width", environment.width), _extent(styled, "height", environment.height)
        below = share(styled, "z-index", 0.0) < 0 and place != "fixed"
        return wide >= 0.5 * environment.width and high >= 0.3 * environment.height and not below and place != "sticky"
    shifts = [pixels(styled, "margin-top") or 0.0]
    if place == "relative":
        shifts += [-abs(pixels(styled, side) or 0.0) for side in ("top", "bottom")]
    return min(shifts) <= -2 * font_size(styled)


def _is_painted(styled: Styled) -> bool:
    images = styled.tokens("background-image")
    if images and word(styled, "background-image", "none" if _only_words(images) else "") != "none":
        return True
    tokens = styled.tokens("background-color")
    return bool(tokens) and getattr(tokens[0] if tokens else None, "lower_value", "") != "transparent"


def _only_words(tokens: list[Node]) -> bool:
    return all(token.type == "ident" for token in tokens)


def _extent(styled: Styled, name: str, whole: float) -> float:
    """How wide or high an element out of the flow is, in CSS pixels; the whole where that cannot be told."""
    given = pixels(styled, name, whole)
    if given is not None:
        return given
    sides = ("left", "right") if name == "width" else ("top", "bottom")
    offsets = [pixels(styled, side, whole) for side in sides]
    if all(offset is not None for offset in offsets):
        return whole - sum(offset for offset in offsets if offset is not None)
    return 0.0


def added_words(styled: Styled) -> str | None:
    """The words that a pseudo-element adds to a text, None where it adds none; signs and numbers are not words."""
    tokens = styled.tokens("content") or []
    if word(styled, "display", "inline") == "none":
        return None
    words = "".join(token.value for token in tokens if isinstance(token, StringToken))
    if any(isinstance(token, FunctionBlock) and token.lower_name == "attr" for token in tokens):
        return words or "an attribute"
    return words if re.search(r"[^\W\d_]{2}", words) else None


def boxed(styled: Styled) -> bool:
    """Whether an element draws a line on all four sides of its text."""
    for side in ("top", "right", "bottom", "left"):
        style = word(styled, f"border-{side}-style", "none")
        width = pixels(styled, f"border-{side}-width")
        thick = word(styled, f"border-{side}-width", "medium") if width is None else ""
        if style in {"none", "hidden"} or (width is not None and width < 0.5) or (width is None and not thick):
            return False
    return True
