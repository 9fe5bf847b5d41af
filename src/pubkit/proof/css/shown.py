"""Computed values of a styled element: its size of type, its colours, its box, its place."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import NamedTuple

from tinycss2.ast import IdentToken, Node

from pubkit.proof.css.cascade import Styled
from pubkit.proof.css.colours import BLACK, CURRENT, WHITE, Colour, contrast, images, mixed, over, parse
from pubkit.proof.css.lengths import Frame, length, number
from pubkit.proof.css.values import SIZES

__all__ = ["Paint", "chain", "font_size", "line_height", "painted", "pixels", "scheme_of", "share", "weight", "word"]

_ROOT_SIZE = 16.0
_DARK_CANVAS = Colour(0.07, 0.07, 0.07)
_MOST_BACKDROPS = 24


def chain(styled: Styled) -> list[Styled]:
    """`styled` and its ancestors, the root first."""
    links = [styled]
    while links[-1].parent is not None:
        links.append(links[-1].parent)
    return links[::-1]


def word(styled: Styled, name: str, initial: str) -> str:
    """The keyword that property `name` has, `initial` where nothing is declared; the last one of several."""
    tokens = styled.tokens(name)
    words = [token.lower_value for token in tokens or [] if isinstance(token, IdentToken)]
    return words[-1] if words else initial


def share(styled: Styled, name: str, initial: float) -> float:
    """The number that property `name` has."""
    tokens = styled.tokens(name)
    found = number(tokens) if tokens else None
    return initial if found is None else found


def font_size(styled: Styled) -> float:
    """The size of type in CSS pixels, where the reader's default is 16."""
    if styled.size is None:
        styled.size = _font_size(styled)
    return styled.size


def _font_size(styled: Styled) -> float:
    above = font_size(styled.parent) if styled.parent else _ROOT_SIZE
    if not styled.own("font-size"):
        return above
    tokens = styled.tokens("font-size")
    if not tokens:
        return _ROOT_SIZE
    token = tokens[0]
    if isinstance(token, IdentToken):
        return {"smaller": above / 1.2, "larger": above * 1.2, **SIZES}.get(token.lower_value, above)
    if styled.tokens("font-size") == (styled.parent.tokens("font-size") if styled.parent else None):
        return above
    found = length(token, _frame(styled, above, whole=above))
    return above if found is None else found


def _frame(styled: Styled, size: float, whole: float | None) -> Frame:
    environment = styled.cascade.environment
    root = styled
    while root.parent is not None:
        root = root.parent
    root_size = _ROOT_SIZE if root is styled else font_size(root)
    return Frame(size, root_size, environment.width, environment.height, whole)


def pixels(styled: Styled, name: str, whole: float | None = None) -> float | None:
    """The length of property `name` in CSS pixels; None for a keyword, or a percentage of something unknown."""
    tokens = styled.tokens(name)
    return length(tokens[0], _frame(styled, font_size(styled), whole)) if tokens else None


def line_height(styled: Styled) -> float:
    """The distance of lines as a part of the size of type."""
    tokens = styled.tokens("line-height")
    size = font_size(styled)
    if not tokens or isinstance(tokens[0], IdentToken) or size <= 0:
        return 1.2
    plain = number(tokens) if tokens[0].type == "number" else None
    found = length(tokens[0], _frame(styled, size, whole=size))
    return plain if plain is not None else 1.2 if found is None else found / size


def weight(styled: Styled) -> float:
    """The weight of type: 400 is regular, 700 is bold."""
    above = weight(styled.parent) if styled.parent else 400.0
    if not styled.own("font-weight"):
        return above
    tokens = styled.tokens("font-weight")
    if not tokens:
        return 400.0
    if isinstance(tokens[0], IdentToken):
        bolder = 400.0 if above < 350 else 700.0 if above < 550 else 900.0
        lighter = 100.0 if above < 550 else 400.0 if above < 750 else 700.0
        known = {"normal": 400.0, "bold": 700.0, "bolder": bolder, "lighter": lighter}
        return known.get(tokens[0].lower_value, above)
    return number(tokens) or above


def scheme_of(styled: Styled) -> str:
    """The colour scheme in which an element is painted: dark only where the document offers that and the reader asks."""
    tokens = styled.tokens("color-scheme")
    offered = [token.lower_value for token in tokens or [] if isinstance(token, IdentToken)] or list(
        styled.cascade.offered_schemes
    )
    wanted = styled.cascade.environment.scheme
    if wanted in offered:
        return wanted
    return "dark" if "dark" in offered and "light" not in offered else "light"


class Paint(NamedTuple):
    """How a text is painted: the lowest contrast with what is behind it, and whether a picture hides the answer."""

    contrast: float
    over_picture: bool


class _Layer(NamedTuple):
    """What an element lays behind its text: its colours (several for a gradient), its opacity, an unknown picture."""

    colours: tuple[Colour, ...]
    opacity: float
    picture: bool


def painted(styled: Styled) -> Paint:
    """The contrast of the text of `styled` with its backgrounds, all opacities taken together.

    Source: WCAG 2.2, success criterion 1.4.3; opacity groups as in CSS Color Module Level 4, section 4.
    """
    links = chain(styled)
    layers = [_layer(link) for link in links]
    text = _text_colour(styled)
    canvas = _DARK_CANVAS if scheme_of(links[0]) == "dark" else WHITE
    worst = 21.0
    for choice in itertools.islice(itertools.product(*(layer.colours for layer in layers)), _MOST_BACKDROPS):
        behind, front = _composed(list(zip(choice, (layer.opacity for layer in layers), strict=True)), text, canvas)
        worst = min(worst, contrast(behind, front))
    return Paint(worst, _picture_behind(layers))


def _composed(layers: Sequence[tuple[Colour, float]], text: Colour, backdrop: Colour) -> tuple[Colour, Colour]:
    """The colours of background and text at the end of `layers`, laid over `backdrop`."""
    (colour, opacity), rest = layers[0], layers[1:]
    own = over(colour, backdrop)
    behind, front = _composed(rest, text, own) if rest else (own, over(text, own))
    return mixed(backdrop, behind, opacity), mixed(backdrop, front, opacity)


def _picture_behind(layers: Sequence[_Layer]) -> bool:
    """Whether a picture shows through behind the text: one that no opaque background lies over."""
    for layer in reversed(layers):
        if layer.picture:
            return True
        if all(colour.alpha >= 1 for colour in layer.colours):
            return False
    return False


def _layer(styled: Styled) -> _Layer:
    scheme = scheme_of(styled)
    plain = _colour(styled, "background-color") or Colour(0, 0, 0, 0)
    tokens: Sequence[Node] = styled.tokens("background-image") or []
    stops, picture = images(tokens, scheme)
    colours = tuple(_resolved(stop, plain) for stop in dict.fromkeys((*stops[:3], *stops[-1:]))) if stops else (plain,)
    return _Layer(colours, min(1.0, max(0.0, share(styled, "opacity", 1.0))), picture)


def _resolved(stop: Colour, plain: Colour) -> Colour:
    """A gradient's colour over the plain one of the same element."""
    if stop.alpha >= 1:
        return stop
    if plain.alpha >= 1:
        return over(stop, plain)
    return stop if stop.alpha >= plain.alpha else plain


def _text_colour(styled: Styled) -> Colour:
    fill = styled.tokens("-webkit-text-fill-color")
    if fill and parse(fill, "light") != CURRENT:
        found = parse(fill, scheme_of(styled))
        if isinstance(found, Colour):
            return found
    return _own_colour(styled)


def _own_colour(styled: Styled) -> Colour:
    """The computed value of `color`, in which `currentcolor` is the parent's."""
    tokens = styled.tokens("color")
    found = parse(tokens, scheme_of(styled)) if tokens else None
    if found == CURRENT and styled.parent:
        return _own_colour(styled.parent)
    if isinstance(found, Colour):
        return found
    return WHITE if scheme_of(styled) == "dark" else BLACK


def _colour(styled: Styled, name: str) -> Colour | None:
    tokens = styled.tokens(name)
    found = parse(tokens, scheme_of(styled)) if tokens else None
    return _own_colour(styled) if found == CURRENT else found if isinstance(found, Colour) else None
