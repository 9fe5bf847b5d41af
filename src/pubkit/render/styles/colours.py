"""Colours as the eye sees them: blending one over another, and the contrast ratio of WCAG 2.2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tinycss2.color4 import parse_color

__all__ = ["BLACK", "CURRENT", "WHITE", "Colour", "contrast", "luminance", "over", "parse"]


class Colour(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 1, in sRGB."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


#: The keyword `currentcolor`, to be replaced by the element's own colour.
CURRENT = "currentcolor"
WHITE, BLACK = Colour(1, 1, 1), Colour(0, 0, 0)


def parse(token: Any) -> Colour | str | None:
    """Return the colour of a token; `CURRENT` for that keyword; None if it is not a colour, or not one in sRGB."""
    found = parse_color(token)
    if found is None or isinstance(found, str):
        return CURRENT if found else None
    if found.space not in {"srgb", "hsl", "hwb"}:
        return None
    return Colour(*(min(1.0, max(0.0, value or 0.0)) for value in (*found.to("srgb").coordinates, found.alpha)))


def over(upper: Colour, lower: Colour) -> Colour:
    """Return `upper` blended over the opaque colour `lower`."""
    mixed = (low + (high - low) * upper.alpha for low, high in zip(lower[:3], upper[:3], strict=True))
    return Colour(*mixed)


def luminance(colour: Sequence[float]) -> float:
    """Return the relative luminance of an opaque colour (WCAG 2.2, "relative luminance")."""
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """Return the contrast ratio of two opaque colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
