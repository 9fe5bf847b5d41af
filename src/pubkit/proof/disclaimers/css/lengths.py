"""CSS lengths in CSS pixels; clamp() counts as the smallest value it can take."""

from __future__ import annotations

from typing import Any, NamedTuple

from pubkit.render.styles.syntax import solid

__all__ = ["Frame", "length"]

_ABSOLUTE = {"px": 1.0, "pt": 96 / 72, "pc": 16.0, "in": 96.0, "cm": 96 / 2.54, "mm": 96 / 25.4}


class Frame(NamedTuple):
    """What relative lengths refer to, in CSS pixels; `whole` is what 100% stands for."""

    font_size: float
    root_size: float
    whole: float


def length(token: Any, frame: Frame) -> float | None:
    """Return a length in CSS pixels; None if it is not a length, or its unit is unknown here."""
    if token.type == "percentage":
        return float(token.value) / 100 * frame.whole
    if token.type == "number":
        return 0.0 if token.value == 0 else None
    if token.type == "dimension":
        em, rem = frame.font_size, frame.root_size
        units = {**_ABSOLUTE, "em": em, "rem": rem, "ex": 0.5 * em, "ch": 0.5 * em, "lh": 1.2 * em, "rlh": 1.2 * rem}
        return float(token.value) * units[token.lower_unit] if token.lower_unit in units else None
    if token.type == "function" and token.lower_name in {"min", "max", "clamp"}:
        parts = [length(part, frame) for part in solid(token.arguments) if part.type != "literal"]
        if token.lower_name == "clamp":
            return parts[0]
        known = [part for part in parts if part is not None]
        return (min if token.lower_name == "min" else max)(known) if len(known) == len(parts) else None
    return None
