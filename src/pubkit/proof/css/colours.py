"""Colours as they reach the eye: parsing, laying one over another, and the contrast ratio of WCAG 2.2."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tinycss2.ast import FunctionBlock, IdentToken, Node, URLToken
from tinycss2.color5 import parse_color

__all__ = ["BLACK", "CURRENT", "WHITE", "Colour", "contrast", "images", "luminance", "mixed", "over", "parse"]


class Colour(NamedTuple):
    """Red, green, blue and opacity, each from 0 to 1, in sRGB."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0


#: The keyword `currentcolor`, to be replaced by the element's own colour.
CURRENT = "currentcolor"
WHITE, BLACK = Colour(1, 1, 1), Colour(0, 0, 0)

#: CSS system colours, light and dark, as browsers paint them without a theme.
_SYSTEM = {
    "canvas": (WHITE, Colour(0.07, 0.07, 0.07)),
    "canvastext": (BLACK, WHITE),
    "linktext": (Colour(0, 0, 0.93), Colour(0.62, 0.62, 1)),
    "visitedtext": (Colour(0.33, 0.1, 0.55), Colour(0.82, 0.68, 0.94)),
    "buttonface": (Colour(0.94, 0.94, 0.94), Colour(0.42, 0.42, 0.42)),
    "buttontext": (BLACK, WHITE),
    "field": (WHITE, Colour(0.23, 0.23, 0.23)),
    "fieldtext": (BLACK, WHITE),
    "graytext": (Colour(0.5, 0.5, 0.5), Colour(0.5, 0.5, 0.5)),
    "mark": (Colour(1, 1, 0), Colour(1, 1, 0)),
    "marktext": (BLACK, BLACK),
    "highlight": (Colour(0.71, 0.84, 1), Colour(0.15, 0.3, 0.47)),
    "highlighttext": (BLACK, WHITE),
}
#: sRGB from CIE XYZ (D65), CSS Color Module Level 4, section "Sample code for color conversions".
_FROM_XYZ = (
    (3.2409699419, -1.5373831776, -0.4986107603),
    (-0.9692436363, 1.8759675015, 0.0415550574),
    (0.0556300797, -0.2039769589, 1.0569715142),
)
#: D65 from D50 (Bradford), same source.
_FROM_D50 = (
    (0.9554734528, -0.0230985368, 0.0632593086),
    (-0.0283697069, 1.0099954580, 0.0210414490),
    (0.0123140016, -0.0205076964, 1.3303659366),
)


def parse(tokens: Sequence[Node], scheme: str) -> Colour | str | None:
    """The colour that `tokens` stand for under the colour scheme ("light" or "dark"); `CURRENT`; None where it is none."""
    if len(tokens) != 1:
        return None
    token = tokens[0]
    if isinstance(token, IdentToken) and token.lower_value in _SYSTEM:
        light, dark = _SYSTEM[token.lower_value]
        return dark if scheme == "dark" else light
    found = parse_color(token, [scheme])
    if found is None:
        return _mix_function(token, scheme)
    if isinstance(found, str):
        return CURRENT
    return _in_srgb(found.space, [value or 0.0 for value in found.coordinates], found.alpha)


def _in_srgb(space: str, values: list[float], alpha: float) -> Colour | None:
    from tinycss2.color4 import Color

    if space in {"srgb", "hsl", "hwb"}:
        return _clamped(Color(space, values, alpha).to("srgb").coordinates, alpha)
    if space == "srgb-linear":
        return _clamped(map(_encoded, values), alpha)
    if space in {"lab", "lch"}:
        xyz = _times(_FROM_D50, list(Color(space, values, alpha).to("xyz-d50").coordinates))
    elif space in {"oklab", "oklch"}:
        xyz = list(Color(space, values, alpha).to("xyz-d65").coordinates)
    elif space in {"xyz", "xyz-d65"}:
        xyz = values
    elif space == "xyz-d50":
        xyz = _times(_FROM_D50, values)
    else:
        return None
    return _clamped(map(_encoded, _times(_FROM_XYZ, xyz)), alpha)


def _mix_function(token: Node, scheme: str) -> Colour | None:
    """`color-mix(in srgb, a 30%, b)`: mixed in sRGB whatever the space named, which is near enough to judge contrast."""
    if not isinstance(token, FunctionBlock) or token.lower_name != "color-mix":
        return None
    parts = _by_commas(token.arguments)
    if len(parts) != 3:
        return None
    colours, shares = [], []
    for part in parts[1:]:
        shares.append(next((piece.value / 100 for piece in part if piece.type == "percentage"), None))
        found = parse([piece for piece in part if piece.type != "percentage"], scheme)
        if not isinstance(found, Colour):
            return None
        colours.append(found)
    first = shares[0] if shares[0] is not None else 1 - shares[1] if shares[1] is not None else 0.5
    return mixed(colours[1], colours[0], first)


def _by_commas(tokens: Iterable[Node]) -> list[list[Node]]:
    parts: list[list[Node]] = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            parts.append([])
        elif token.type not in {"whitespace", "comment"}:
            parts[-1].append(token)
    return parts


def images(tokens: Iterable[Node], scheme: str) -> tuple[list[Colour], bool]:
    """The colours of the gradients among `tokens`, and whether there is a picture whose colours are not known."""
    stops: list[Colour] = []
    unknown = False
    for token in tokens:
        if isinstance(token, URLToken):
            unknown = True
        elif isinstance(token, FunctionBlock):
            if token.lower_name.endswith("gradient"):
                for argument in token.arguments:
                    found = parse([argument], scheme)
                    if isinstance(found, Colour):
                        stops.append(found)
            elif token.lower_name in {
                "url",
                "image",
                "image-set",
                "-webkit-image-set",
                "cross-fade",
                "element",
                "paint",
            }:
                unknown = True
    return stops, unknown


def over(upper: Colour, lower: Colour) -> Colour:
    """`upper` laid over the opaque colour `lower`."""
    return mixed(lower, upper._replace(alpha=1.0), upper.alpha)


def mixed(lower: Colour, upper: Colour, share: float) -> Colour:
    """`share` of `upper` and the rest of `lower`."""
    return Colour(*(low + (high - low) * share for low, high in zip(lower, upper, strict=True)))


def luminance(colour: Sequence[float]) -> float:
    """The relative luminance of an opaque colour (WCAG 2.2, "relative luminance")."""
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in colour[:3])
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Sequence[float], other: Sequence[float]) -> float:
    """The contrast ratio of two opaque colours, from 1 to 21 (WCAG 2.2, "contrast ratio")."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else 1.055 * value ** (1 / 2.4) - 0.055


def _times(matrix: Sequence[Sequence[float]], vector: Sequence[float]) -> list[float]:
    return [sum(factor * value for factor, value in zip(row, vector, strict=True)) for row in matrix]


def _clamped(channels: Iterable[float], alpha: float) -> Colour:
    red, green, blue = (min(1.0, max(0.0, value)) for value in channels)
    return Colour(red, green, blue, min(1.0, max(0.0, alpha)))
