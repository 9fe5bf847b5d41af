"""Whether a reader sees the text of an element: what could hide it, its font size, its contrast, its room.

Each check answers in words for an editor. A value that cannot be judged counts as hiding: no disclaimer needs one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pubkit.proof.disclaimers.css.cascade import Styled
from pubkit.proof.disclaimers.css.lengths import Frame, length
from pubkit.render.styles.colours import BLACK, CURRENT, WHITE, Colour, contrast, over, parse

__all__ = ["bold", "boxed", "contrast_of", "cramped", "font_size", "hidden", "pressed"]

_ROOT_SIZE = 16.0
#: A block with less room than this, in ems, has one word on a line.
_LEAST_ROOM = 6.0
_DARK_CANVAS = Colour(0.07, 0.07, 0.07)
_SMALL = {"small", "sub", "sup", "code", "kbd", "samp", "pre"}
_BESIDE = ("margin-left", "margin-right", "padding-left", "padding-right")
#: The harmless values of each property that could hide or move an element.
_HARMLESS = {
    "opacity": ("1",),
    "position": ("static", "relative"),
    "float": ("none",),
    "height": ("auto",),
    "max-height": ("none",),
    "content-visibility": ("visible",),
    "mix-blend-mode": ("normal",),
    "zoom": ("1",),
    "clip": ("auto",),
    **dict.fromkeys(("transform", "translate", "rotate", "scale", "filter", "clip-path", "mask"), ("none",)),
    **dict.fromkeys(("animation", "contain", "background-image", "box-shadow"), ("none",)),
    **dict.fromkeys(("top", "right", "bottom", "left"), ("auto", "0")),
}
#: The same for properties that text inherits.
_HARMLESS_TEXT = {
    "visibility": ("visible",),
    "text-indent": ("0",),
    "letter-spacing": ("normal",),
    "word-spacing": ("normal",),
    "text-decoration": ("none", "underline"),
}


def hidden(styled: Styled) -> Iterator[str]:
    """Yield what hides `styled` or an ancestor, element by element."""
    for link in styled.chain:
        if "hidden" not in link.known:
            link.known["hidden"] = list(_out_of_sight(link))
        yield from link.known["hidden"]
    if styled.words("visibility") not in {"", "visible"}:
        yield "visibility"


def _out_of_sight(styled: Styled) -> Iterator[str]:
    for name in styled.declared:
        harmful = name in _HARMLESS and styled.words(name) not in {"", *_HARMLESS[name]}
        if harmful or (name == "display" and styled.words(name) in {"none", "contents"}):
            yield f"{name}: {styled.words(name)[:40]} on <{styled.element.local_name}>"


def pressed(styled: Styled) -> Iterator[str]:
    """Yield what makes the letters of a disclaimer hard to read."""
    for name, harmless in _HARMLESS_TEXT.items():
        if styled.words(name) not in {"", *harmless}:
            yield f"{name}: {styled.words(name)[:40]}"
    height = styled.value("line-height")
    if height and styled.words("line-height") != "normal" and not (height[0].type == "number" and height[0].value >= 1):
        yield f"line-height: {styled.words('line-height')[:40]}"


def font_size(styled: Styled) -> float:
    """Return the smallest font size in CSS pixels that an element can have if the reader's default is 16."""
    if "size" not in styled.known:
        styled.known["size"] = _font_size(styled)
    return float(styled.known["size"])


def _font_size(styled: Styled) -> float:
    above = font_size(styled.parent) if styled.parent else _ROOT_SIZE
    if "font-size" not in styled.declared:
        return above * 0.8 if styled.element.local_name in _SMALL else above
    value = styled.value("font-size")
    if not value or styled.keyword("font-size") in {"inherit", "unset", "revert"}:
        return above
    names = {"small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0, "xx-large": 32.0}
    names |= {"smaller": above / 1.2, "larger": above * 1.2}
    found = length(value[0], Frame(above, _root_size(styled), above))
    return found if found is not None else names.get(styled.words("font-size"), 0.0)


def _root_size(styled: Styled) -> float:
    root = styled.chain[0]
    return _ROOT_SIZE if root is styled else font_size(root)


def contrast_of(styled: Styled, schemes: tuple[str, ...]) -> float:
    """Return the contrast of a text with its background; 1, the lowest, if a colour is unknown.

    `schemes` are the colour schemes that the document offers: if dark is one, browsers' own colours are dark too.
    """
    dark = styled.environment.scheme == "dark" and "dark" in schemes
    ground = _ground(styled, _DARK_CANVAS if dark else WHITE)
    ink = _ink(styled, WHITE if dark else BLACK)
    return 1.0 if ink is None or ground is None else contrast(over(ink, ground), ground)


def _ground(styled: Styled, canvas: Colour) -> Colour | None:
    """Return the colour behind the text of an element, all backgrounds blended; None if one is unknown."""
    if "ground" not in styled.known:
        behind = _ground(styled.parent, canvas) if styled.parent else canvas
        value = styled.value("background-color")
        plain = not value or styled.words("background-color") == "none"
        layer = Colour(0, 0, 0, 0) if plain else parse(value[0]) if len(value) == 1 else None
        layer = _ink(styled, BLACK) if layer == CURRENT else layer
        styled.known["ground"] = over(layer, behind) if isinstance(layer, Colour) and behind else None
    return cast("Colour | None", styled.known["ground"])


def _ink(styled: Styled, initial: Colour) -> Colour | None:
    """Return the colour of an element's text; None if it cannot be determined."""
    if "ink" not in styled.known:
        value = styled.value("color")
        found = parse(value[0]) if len(value) == 1 else None
        above = _ink(styled.parent, initial) if styled.parent else initial
        inherited = not value or found == CURRENT or "color" not in styled.declared
        styled.known["ink"] = above if inherited else found
    return cast("Colour | None", styled.known["ink"])


def bold(styled: Styled) -> bool:
    """Return whether a text is set in bold type, of weight 600 or more."""
    value = styled.value("font-weight")
    if not value:
        return False
    return value[0].value >= 600 if value[0].type == "number" else styled.words("font-weight") in {"bold", "bolder"}


def boxed(styled: Styled) -> bool:
    """Return whether an element draws a line on all four sides of its text."""
    frame = Frame(font_size(styled), _root_size(styled), 0)
    for side in ("top", "right", "bottom", "left"):
        width = styled.value(f"border-{side}-width")
        thin = bool(width) and (length(width[0], frame) or 0) < 0.5 and width[0].type != "ident"
        if thin or styled.words(f"border-{side}-style") in {"", "none"}:
            return False
    return True


def cramped(styled: Styled) -> Iterator[str]:
    """Yield how wide the box of an element is if margins, padding and widths leave too little room."""
    room = _room(styled)
    if room < _LEAST_ROOM * font_size(styled):
        yield f"a box only {max(room, 0):.0f} pixels wide"


def _room(styled: Styled) -> float:
    if "room" not in styled.known:
        room = _room(styled.parent) if styled.parent else styled.environment.width
        frame = Frame(font_size(styled), _root_size(styled), room)
        widths = (_length(styled, name, frame) for name in ("width", "max-width"))
        spent = sum(_length(styled, name, frame) or 0 for name in _BESIDE)
        styled.known["room"] = min(room, *(width for width in widths if width is not None), room) - spent
    return float(styled.known["room"])


def _length(styled: Styled, name: str, frame: Frame) -> float | None:
    value = styled.value(name)
    return length(value[0], frame) if value else None
