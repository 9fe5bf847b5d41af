"""A correction of WeasyPrint: a line is filled with text that ends in a space before an element.

Pango does not count a space at the end of a text, not even one at which no line may end. WeasyPrint 70 measures the text
with it, and if only that space is too wide takes the whole text for too wide: it ends the line after the first word, or
even within it. A space at which a line may end does not count, as it goes where the line ends; of "5\u00a0" before an
element, the 5 goes to the next line with what follows.
"""

from __future__ import annotations

import inspect
from typing import Any

__all__ = ["WrongVersion", "correct"]

#: The least mean width of letters, in ems: if what is left of a text is too wide by this measure, it fills more lines.
_NARROWEST = 0.125
#: Spaces at which no line ends: between a word and what belongs to it.
_BINDING = "\u00a0\u202f"
_PARAMETERS = ["text", "style", "context", "max_width", "justification_spacing", "is_line_start", "minimum"]


class WrongVersion(RuntimeError):
    """WeasyPrint no longer has the function that is corrected; the message is its version."""


def correct() -> None:
    """Fill lines with text that ends in a space.

    Raises:
        WrongVersion: WeasyPrint no longer fills lines in this way.
    """
    import weasyprint
    from weasyprint.layout import inline

    own: Any = getattr(inline, "split_first_line", None)
    if own is None or list(inspect.signature(own).parameters) != _PARAMETERS:
        raise WrongVersion(weasyprint.__version__)

    def filled(text: str, style: Any, context: Any, width: Any, spacing: Any, **more: Any) -> Any:
        line = own(text, style, context, width, spacing, **more)
        if line[2] is None or text[-1:] not in {" ", *_BINDING} or style["white_space"] not in {"normal", "pre-line"}:
            return line
        if width is not None and line[3] + _least(text, line[2], style) > width:
            return line
        bare = own(text.rstrip(f" {_BINDING}"), style, context, width, spacing, **more)
        if bare[2] is not None or bare[3] > width:
            return line
        if text[-1] == " ":
            return own(text, style, context, None, spacing, **more)
        return own(text, style, context, bare[3] - 1, spacing, **more)

    inline.split_first_line = filled


def _least(text: str, start: int, style: Any) -> float:
    """Return the least width, in pixels, of what follows the first `start` bytes of `text`."""
    letters = len(text.encode()[start:].decode(errors="ignore").rstrip(f" {_BINDING}"))
    return float(letters * style["font_size"] * _NARROWEST)
