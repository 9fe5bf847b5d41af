"""Media queries: whether a style applies to a screen or a page of a given width and colour scheme.

Source: Media Queries Level 4 and 5. What is not known here ("uncertain") is answered as the environment says, so that a
caller can look at both cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace
from tinycss2.ast import FunctionBlock, IdentToken, Node, ParenthesesBlock

from pubkit.proof.css.lengths import Frame, length, number, solid

__all__ = ["ENVIRONMENTS", "Environment", "applies"]


class Environment(Struct, frozen=True):
    """Where a document is looked at. `uncertain` is the answer to conditions that cannot be judged."""

    medium: Literal["screen", "print"]
    width: float
    height: float
    scheme: Literal["light", "dark"]
    uncertain: bool = False

    def __str__(self) -> str:
        if self.medium == "print":
            return "in print"
        return f"on a {self.scheme} screen of {self.width:.0f} pixels"


_SCREENS = tuple(
    Environment("screen", width, height, scheme)
    for scheme in ("light", "dark")
    for width, height in ((360.0, 740.0), (1280.0, 800.0))
)
_KNOWN = (*_SCREENS, Environment("print", 718.0, 1047.0, "light"))
#: A phone and a desk screen, light and dark, and an A4 page with margins; each with open conditions met and not met.
ENVIRONMENTS = (*_KNOWN, *(replace(environment, uncertain=True) for environment in _KNOWN))

_RANGES = {"width", "height", "resolution", "device-width", "device-height", "aspect-ratio", "color"}


def applies(tokens: Sequence[Node], environment: Environment) -> bool:
    """Whether a list of media queries, as tokens, matches; an empty list does."""
    queries: list[list[Node]] = [[]]
    for token in solid(tokens):
        if token.type == "literal" and token.value == ",":
            queries.append([])
        else:
            queries[-1].append(token)
    if queries == [[]]:
        return True
    return any(_query(query, environment) for query in queries)


def _query(tokens: list[Node], environment: Environment) -> bool:
    words = [token.lower_value if isinstance(token, IdentToken) else None for token in tokens]
    negated = False
    if words and words[0] in {"not", "only"} and len(words) > 1 and words[1] is not None:
        negated, tokens, words = words[0] == "not", tokens[1:], words[1:]
    if words and words[0] is not None and words[0] != "not":
        matches = words[0] in {"all", environment.medium}
        rest = tokens[2:] if len(words) > 1 and words[1] == "and" else []
        matches = matches and (not rest or _condition(rest, environment))
        return matches != negated
    return _condition(tokens, environment)


def _condition(tokens: list[Node], environment: Environment) -> bool:
    if tokens and isinstance(tokens[0], IdentToken) and tokens[0].lower_value == "not":
        return not _condition(tokens[1:], environment)
    results, either = [], False
    for token in tokens:
        if isinstance(token, IdentToken):
            either = either or token.lower_value == "or"
        elif isinstance(token, ParenthesesBlock):
            results.append(_in_parens(solid(token.content), environment))
        elif isinstance(token, FunctionBlock):
            results.append(environment.uncertain)
        else:
            return environment.uncertain
    return any(results) if either else all(results)


def _in_parens(tokens: list[Node], environment: Environment) -> bool:
    if not tokens:
        return environment.uncertain
    first = tokens[0]
    if isinstance(first, ParenthesesBlock) or (isinstance(first, IdentToken) and first.lower_value == "not"):
        return _condition(tokens, environment)
    if isinstance(first, IdentToken) and len(tokens) == 1:
        return _feature(first.lower_value, None, environment)
    if isinstance(first, IdentToken) and tokens[1].type == "literal" and tokens[1].value == ":":
        return _feature(first.lower_value, tokens[2:], environment)
    return _range(tokens, environment)


def _range(tokens: list[Node], environment: Environment) -> bool:
    """`width >= 600px`, `400px < width <= 700px`."""
    parts: list[list[Node]] = [[]]
    signs: list[str] = []
    for token in tokens:
        if token.type == "literal" and token.value in {"<", ">", "=", "<=", ">="}:
            if token.value == "=" and not parts[-1] and signs:
                signs[-1] += "="
            else:
                signs.append(token.value)
                parts.append([])
        else:
            parts[-1].append(token)
    values = [_side(part, environment) for part in parts]
    if not signs or any(value is None for value in values):
        return environment.uncertain
    known = [value for value in values if value is not None]
    compared = zip(known, signs, known[1:], strict=False)
    return all(_compare(left, sign, right) for left, sign, right in compared)


def _side(tokens: list[Node], environment: Environment) -> float | None:
    if len(tokens) != 1:
        return None
    if isinstance(tokens[0], IdentToken):
        return _measured(tokens[0].lower_value, environment)
    return _value(tokens, environment)


def _compare(left: float, sign: str, right: float) -> bool:
    answers = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "=": left == right}
    return answers.get(sign, False)


def _feature(name: str, value: list[Node] | None, environment: Environment) -> bool:
    word = value[0].lower_value if value and isinstance(value[0], IdentToken) else None
    narrow = environment.width < 600
    answers = {
        "prefers-color-scheme": environment.scheme,
        "orientation": "portrait" if environment.height >= environment.width else "landscape",
        "hover": "none" if narrow or environment.medium == "print" else "hover",
        "any-hover": "none" if narrow else "hover",
        "pointer": "coarse" if narrow else "fine",
        "any-pointer": "coarse" if narrow else "fine",
        "prefers-reduced-motion": "no-preference",
        "prefers-contrast": "no-preference",
        "prefers-reduced-transparency": "no-preference",
        "forced-colors": "none",
        "inverted-colors": "none",
        "display-mode": "browser",
        "scripting": "none",
        "update": "none" if environment.medium == "print" else "fast",
        "color-gamut": "srgb",
    }
    if name in answers:
        return word == answers[name] if value else answers[name] not in {"none", "no-preference"}
    bound, _, plain = name.partition("-")
    if bound in {"min", "max"} and plain in _RANGES and value:
        have, limit = _measured(plain, environment), _value(value, environment)
        if have is None or limit is None:
            return environment.uncertain
        return have >= limit if bound == "min" else have <= limit
    if name in _RANGES:
        have, limit = _measured(name, environment), _value(value, environment) if value else None
        return bool(have) if value is None else have == limit
    if name in {"monochrome", "grid"}:
        return bool(value) and number(value or []) == 0
    return environment.uncertain


def _measured(name: str, environment: Environment) -> float | None:
    values = {
        "width": environment.width,
        "device-width": environment.width,
        "height": environment.height,
        "device-height": environment.height,
        "aspect-ratio": environment.width / environment.height,
        "resolution": 1.0,
        "color": 8.0,
    }
    return values.get(name)


def _value(tokens: list[Node], environment: Environment) -> float | None:
    """A length in pixels, a resolution in dots per pixel, a ratio, or a number."""
    if len(tokens) == 3 and tokens[1].type == "literal" and tokens[1].value == "/":
        upper, lower = number(tokens[:1]), number(tokens[2:])
        return upper / lower if upper is not None and lower else None
    if len(tokens) != 1:
        return None
    unit = getattr(tokens[0], "lower_unit", "")
    scale = {"dppx": 1.0, "x": 1.0, "dpi": 1 / 96, "dpcm": 2.54 / 96}.get(unit)
    if scale:
        return float(tokens[0].value) * scale
    found = length(tokens[0], Frame(16, 16, environment.width, environment.height))
    return found if found is not None else number(tokens)
