"""Media queries: whether a style applies to a screen or a page of a given width and colour scheme.

Source: Media Queries Level 4, the part that a house style sheet may use. The environment answers all other conditions
("open"), so that a caller can look at both cases.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from msgspec import Struct

from pubkit.proof.disclaimers.css.lengths import Frame, length
from pubkit.render.styles.syntax import between_commas, solid

__all__ = ["Environment", "Medium", "applies", "breakpoints", "environments"]

Medium = Literal["screen", "print"]
_ROOT = Frame(16, 16, 0)
#: A phone, a desk screen, and an A4 page with margins.
_USUAL = (360.0, 1280.0)
_PAPER = 718.0


class Environment(Struct, frozen=True):
    """Where a document is viewed: medium, width in CSS pixels, colour scheme, and the answer to open conditions."""

    medium: Medium
    width: float
    scheme: Literal["light", "dark"]
    open: bool

    def __str__(self) -> str:
        if self.medium == "print":
            return "in print"
        return f"on a {self.scheme} screen of {self.width:.0f} pixels"


def environments(steps: Sequence[float]) -> Iterator[Environment]:
    """Yield every environment to look at: the usual widths, and both sides of each of `steps`, light and dark."""
    widths = sorted({*_USUAL, *(step + side for step in steps for side in (-1.0, 0.0, 1.0) if step > 200)})
    for answer in (False, True):
        yield from (Environment("screen", width, "light", answer) for width in widths)
        yield from (Environment("screen", width, "dark", answer) for width in widths)
        yield Environment("print", _PAPER, "light", answer)


def breakpoints(prelude: Sequence[Any]) -> Iterator[float]:
    """Yield the widths at which the answer to media queries changes."""
    for token in prelude:
        if token.type == "() block":
            found = (length(part, _ROOT) for part in solid(token.content) if part.type == "dimension")
            yield from (step for step in found if step is not None)


def applies(prelude: Sequence[Any], environment: Environment) -> bool:
    """Return whether a list of media queries, as tokens, matches."""
    return any(_query(query, environment) for query in between_commas(prelude))


def _query(tokens: Sequence[Any], environment: Environment) -> bool:
    holds, negated = True, False
    for token in tokens:
        word = token.lower_value if token.type == "ident" else ""
        if word == "not":
            negated = True
        elif not word:
            holds = holds and _feature(solid(getattr(token, "content", ())), environment)
        elif word not in {"and", "only"}:
            holds = holds and word in {"all", environment.medium}
    return holds != negated


def _feature(tokens: Sequence[Any], environment: Environment) -> bool:
    name = tokens[0].lower_value if tokens and tokens[0].type == "ident" else ""
    sign = "".join(token.value for token in tokens[1:-1] if token.type == "literal")
    limit = length(tokens[-1], _ROOT) if len(tokens) > 2 else None
    if name == "prefers-color-scheme" and len(tokens) == 3:
        return str(getattr(tokens[2], "lower_value", "")) == environment.scheme
    if limit is not None and (name, sign) in {("min-width", ":"), ("width", ">="), ("width", ">")}:
        return environment.width >= limit
    if limit is not None and (name, sign) == ("max-width", ":"):
        return environment.width <= limit
    return environment.open
