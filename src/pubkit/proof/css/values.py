"""Properties: which shorthands stand for which longhands, which are inherited, and which values a browser accepts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tinycss2.ast import FunctionBlock, IdentToken, Node

from pubkit.proof.css.colours import parse
from pubkit.proof.css.lengths import Frame, length, number, solid

__all__ = ["INHERITED", "SIZES", "VALID", "expanded"]

INHERITED = frozenset(
    {
        "-webkit-text-fill-color",
        "-webkit-text-security",
        "color",
        "color-scheme",
        "direction",
        "font-size",
        "font-weight",
        "letter-spacing",
        "line-height",
        "text-indent",
        "visibility",
        "word-spacing",
    }
)

#: The font sizes that keywords stand for, in CSS pixels.
SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
    "xxx-large": 48.0,
}
_DISPLAY_NAMES = """
    none contents block inline inline-block flow flow-root flex inline-flex grid inline-grid list-item table
    inline-table table-cell table-row table-caption table-row-group table-header-group table-footer-group
    table-column table-column-group run-in ruby -webkit-box
"""
_DISPLAYS = frozenset(_DISPLAY_NAMES.split())
_SIDES = ("top", "right", "bottom", "left")
_FRAME = Frame(16, 16, 1000, 1000, 1000)
Valid = Callable[[Sequence[Node]], bool]


def _word(*words: str) -> Valid:
    return lambda tokens: len(tokens) == 1 and isinstance(tokens[0], IdentToken) and tokens[0].lower_value in words


def _words(tokens: Sequence[Node]) -> bool:
    return bool(tokens) and all(isinstance(token, IdentToken) for token in tokens)


def _display(tokens: Sequence[Node]) -> bool:
    return _words(tokens) and all(token.lower_value in _DISPLAYS for token in tokens)


def _colour(tokens: Sequence[Node]) -> bool:
    return parse(list(tokens), "light") is not None


def _number(tokens: Sequence[Node]) -> bool:
    return number(tokens) is not None


def _length(*words: str) -> Valid:
    def valid(tokens: Sequence[Node]) -> bool:
        if len(tokens) != 1:
            return False
        token = tokens[0]
        if isinstance(token, IdentToken):
            return token.lower_value in words
        return isinstance(token, FunctionBlock) or length(token, _FRAME) is not None

    return valid


def _either(*tests: Valid) -> Valid:
    return lambda tokens: any(test(tokens) for test in tests)


def _anything(tokens: Sequence[Node]) -> bool:
    return bool(tokens)


def _images(tokens: Sequence[Node]) -> bool:
    return bool(tokens) and all(
        isinstance(token, FunctionBlock)
        or token.type == "url"
        or (token.type == "literal" and token.value == ",")
        or (isinstance(token, IdentToken) and token.lower_value == "none")
        for token in tokens
    )


def _functions(tokens: Sequence[Node]) -> bool:
    return _word("none")(tokens) or (bool(tokens) and all(isinstance(token, FunctionBlock) for token in tokens))


_SIZE = _length("auto", "none", "min-content", "max-content", "fit-content", "stretch", "-webkit-fill-available")

#: For each longhand that counts, whether a browser accepts a value (white space left out).
VALID: dict[str, Valid] = {
    "display": _display,
    "visibility": _word("visible", "hidden", "collapse"),
    "opacity": _number,
    "color": _colour,
    "-webkit-text-fill-color": _colour,
    "-webkit-text-security": _words,
    "background-color": _colour,
    "background-image": _images,
    "background-clip": _words,
    "color-scheme": _words,
    "font-size": _length(*SIZES, "smaller", "larger"),
    "font-weight": _either(_number, _word("normal", "bold", "bolder", "lighter")),
    "line-height": _either(_word("normal"), _number, _length()),
    "letter-spacing": _length("normal"),
    "word-spacing": _length("normal"),
    "text-indent": lambda tokens: bool(tokens) and _length()(tokens[:1]),
    "width": _SIZE,
    "height": _SIZE,
    "min-width": _SIZE,
    "min-height": _SIZE,
    "max-width": _SIZE,
    "max-height": _SIZE,
    "overflow-x": _word("visible", "hidden", "clip", "auto", "scroll", "overlay"),
    "overflow-y": _word("visible", "hidden", "clip", "auto", "scroll", "overlay"),
    "clip": _anything,
    "clip-path": _anything,
    "mask-image": _images,
    "position": _word("static", "relative", "absolute", "fixed", "sticky"),
    "z-index": _either(_number, _word("auto")),
    "transform": _functions,
    "scale": _anything,
    "translate": _anything,
    "rotate": _anything,
    "zoom": _either(_number, _word("normal", "reset")),
    "filter": _functions,
    "mix-blend-mode": _words,
    "content": _anything,
    "content-visibility": _word("visible", "auto", "hidden"),
    "animation-name": _anything,
    "direction": _word("ltr", "rtl"),
    "unicode-bidi": _words,
    "-webkit-line-clamp": _either(_number, _word("none")),
    "interactivity": _words,
    **{side: _length("auto") for side in _SIDES},
    **{f"margin-{side}": _length("auto") for side in _SIDES},
    **{f"border-{side}-style": _words for side in _SIDES},
    **{f"border-{side}-width": _length("thin", "medium", "thick") for side in _SIDES},
}

#: Logical properties, for text from left to right and from top to bottom, and prefixed ones.
_ALIASES = {
    "inline-size": ("width",),
    "block-size": ("height",),
    "min-inline-size": ("min-width",),
    "min-block-size": ("min-height",),
    "max-inline-size": ("max-width",),
    "max-block-size": ("max-height",),
    "inset-block-start": ("top",),
    "inset-block-end": ("bottom",),
    "inset-inline-start": ("left",),
    "inset-inline-end": ("right",),
    "margin-block-start": ("margin-top",),
    "margin-block-end": ("margin-bottom",),
    "margin-inline-start": ("margin-left",),
    "margin-inline-end": ("margin-right",),
    "-webkit-clip-path": ("clip-path",),
    "-webkit-mask-image": ("mask-image",),
    "-webkit-transform": ("transform",),
    "-webkit-filter": ("filter",),
    "-webkit-background-clip": ("background-clip",),
    "line-clamp": ("-webkit-line-clamp",),
}
_FOUR_SIDES = {
    "margin": "margin-{}",
    "inset": "{}",
    "border-style": "border-{}-style",
    "border-width": "border-{}-width",
}
_TWO_SIDES = {
    "margin-block": ("margin-top", "margin-bottom"),
    "margin-inline": ("margin-left", "margin-right"),
    "inset-block": ("top", "bottom"),
    "inset-inline": ("left", "right"),
    "overflow": ("overflow-x", "overflow-y"),
}
_BORDER_STYLES = {"solid", "dashed", "dotted", "double", "groove", "ridge", "inset", "outset", "none", "hidden"}
_INITIAL = {"revert", "unset", "initial", "inherit", "revert-layer"}


def expanded(name: str, value: Sequence[Node]) -> Iterator[tuple[str, Sequence[Node]]]:
    """The longhands (of those that count) that a declaration sets, each with its tokens.

    A value that a browser would drop is left out; one with var() in it is kept, to be judged once that is replaced.
    """
    if name.startswith("--"):
        yield name, value
        return
    tokens = solid(value)
    whole = _whole(tokens)
    for longhand, part in _longhands(name, tokens, whole):
        if whole or VALID[longhand](part):
            yield longhand, part


def _whole(tokens: Sequence[Node]) -> bool:
    """Whether the value cannot be taken apart yet: it is a CSS-wide keyword, or has a var() in it."""
    if len(tokens) == 1 and isinstance(tokens[0], IdentToken) and tokens[0].lower_value in _INITIAL:
        return True
    return any(
        isinstance(token, FunctionBlock) and (token.lower_name in {"var", "env"} or _whole(solid(token.arguments)))
        for token in tokens
    )


def _longhands(name: str, tokens: list[Node], whole: bool) -> Iterator[tuple[str, Sequence[Node]]]:
    if name in VALID:
        yield name, tokens
    elif name in _ALIASES:
        yield from ((alias, tokens) for alias in _ALIASES[name])
    elif name in _TWO_SIDES:
        first, second = _TWO_SIDES[name]
        yield first, tokens[:1] if not whole or len(tokens) > 1 else tokens
        yield second, tokens[-1:]
    elif name in _FOUR_SIDES:
        yield from zip((_FOUR_SIDES[name].format(side) for side in _SIDES), _around(tokens), strict=True)
    elif name == "all":
        yield from ((longhand, tokens) for longhand in VALID if longhand not in {"direction", "unicode-bidi"})
    elif name in {"background", "font", "animation", "mask", "-webkit-mask", "-webkit-animation"}:
        yield from _shorthand(name.removeprefix("-webkit-"), tokens, whole)
    elif name == "border" or (name.startswith("border-") and name[7:] in _SIDES):
        for side in _SIDES if name == "border" else (name[7:],):
            yield from _border(side, tokens)


def _around(tokens: list[Node]) -> list[list[Node]]:
    """One to four values as those of the top, the right, the bottom and the left."""
    if not 1 <= len(tokens) <= 4:
        return [[], [], [], []]
    order = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}[len(tokens)]
    return [[tokens[index]] for index in order]


def _shorthand(name: str, tokens: list[Node], whole: bool) -> Iterator[tuple[str, Sequence[Node]]]:
    if name == "background":
        if whole:
            # With var() in it the parts are not known yet; the one use that counts is a single colour.
            yield "background-color", tokens
            return
        colours = [token for token in tokens if parse([token], "light") is not None]
        pictures = [token for token in tokens if token.type == "url" or _is_image(token)]
        clips = [token for token in tokens if isinstance(token, IdentToken) and token.lower_value == "text"]
        yield "background-color", colours[-1:] or _ident("transparent", tokens)
        yield "background-image", pictures or _ident("none", tokens)
        yield "background-clip", clips or _ident("border-box", tokens)
    elif name == "font":
        yield from _font(tokens, whole)
    elif name == "animation":
        yield "animation-name", tokens
    elif name == "mask":
        yield (
            "mask-image",
            [token for token in tokens if token.type == "url" or _is_image(token)] or _ident("none", tokens),
        )


def _font(tokens: list[Node], whole: bool) -> Iterator[tuple[str, Sequence[Node]]]:
    if whole and len(tokens) == 1:
        yield "font-size", tokens
        yield "font-weight", tokens
        return
    weight: list[Node] = _ident("normal", tokens)
    for index, token in enumerate(tokens):
        if VALID["font-size"]([token]) and not (token.type == "number" and token.value != 0):
            yield "font-size", [token]
            yield "font-weight", weight
            slash = index + 1 < len(tokens) and tokens[index + 1].type == "literal" and tokens[index + 1].value == "/"
            yield "line-height", tokens[index + 2 : index + 3] if slash else _ident("normal", tokens)
            return
        if VALID["font-weight"]([token]) and not (isinstance(token, IdentToken) and token.lower_value == "normal"):
            weight = [token]


def _border(side: str, tokens: list[Node]) -> Iterator[tuple[str, Sequence[Node]]]:
    style = [token for token in tokens if isinstance(token, IdentToken) and token.lower_value in _BORDER_STYLES]
    width = [token for token in tokens if VALID[f"border-{side}-width"]([token])]
    yield f"border-{side}-style", style[:1] or _ident("none", tokens)
    yield f"border-{side}-width", width[:1] or _ident("medium", tokens)


def _is_image(token: Node) -> bool:
    names = ("url", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "paint")
    return isinstance(token, FunctionBlock) and (token.lower_name in names or token.lower_name.endswith("gradient"))


def _ident(word: str, near: Sequence[Node]) -> list[Node]:
    line, column = (near[0].source_line, near[0].source_column) if near else (1, 1)
    return [IdentToken(line, column, word)]
