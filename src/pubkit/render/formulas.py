"""Formulas for print: MathML is what browsers and readers lay out; WeasyPrint gets a drawing with spoken text.

mathra draws with STIX Two Math and says the formula in words; both come from the TeX source that pandoc keeps in the
MathML's annotation.
"""

from __future__ import annotations

import base64
import functools
import re

from msgspec import Struct

from pubkit.files import printable, refusal
from pubkit.render.body import Body, make

__all__ = ["Drawing", "draw", "set_drawings"]

_SIZE = re.compile(r'width="([\d.]+)em" height="([\d.]+)em" style="vertical-align: (-?[\d.]+)em"')
_NOT_DRAWN = re.compile(r"<metadata>.*?</metadata>|<text\b.*?</text>", re.DOTALL)


class Drawing(Struct, frozen=True):
    """A formula as SVG, its size and how far it hangs below the line (both in em), and what a screen reader says."""

    svg: str
    width: float
    height: float
    depth: float
    speech: str


@functools.cache
def _languages() -> frozenset[str]:
    import mathra

    return frozenset(language["code"] for language in mathra.locales())


def draw(tex: str, language: str, *, display: bool) -> Drawing:
    """The formula `tex`, spoken in `language` where mathra speaks it, else in English.

    Raises:
        InputRefused: the formula holds a command that mathra does not know.
    """
    import mathra

    spoken = next((code for code in (language, language.split("-")[0]) if code in _languages()), "en")
    remedy = "Use the TeX commands of ordinary formulas (amsmath)."
    try:
        result = mathra.render(tex, spoken, display=display)
    except ValueError as error:
        raise refusal("SRC032", f"This formula cannot be printed: {printable(tex)}", remedy, None) from error
    if result["warnings"]:
        problem = printable("; ".join(rule["description"] for rule in result["warnings"]))
        raise refusal("SRC032", f"This formula cannot be printed ({problem}): {printable(tex)}", remedy, None)
    size = _SIZE.search(result["svg"])
    if not size:
        raise refusal("SRC032", f"This formula has no size: {printable(tex)}", remedy, None)
    width, height, depth = (float(value) for value in size.groups())
    return Drawing(_NOT_DRAWN.sub("", result["svg"]), width, height, -depth, result["speech"])


def set_drawings(body: Body, language: str) -> None:
    """Put a drawing in place of every MathML formula of `body`."""
    for formula in [formula for part in (body.text, *body.notes.values()) for formula in part.iter("math")]:
        tex = formula.findtext(".//annotation") or ""
        display = formula.get("display") == "block"
        drawing = draw(tex, language, display=display)
        address = "data:image/svg+xml;base64," + base64.b64encode(drawing.svg.encode()).decode()
        image = make("img", src=address, alt=drawing.speech, class_="formula-display" if display else "formula")
        image.set("style", f"width:{drawing.width}em;height:{drawing.height}em;vertical-align:{-drawing.depth}em")
        image.tail = formula.tail
        parent = formula.getparent()
        if parent is not None:
            formula.tail = None
            parent.replace(formula, image)
