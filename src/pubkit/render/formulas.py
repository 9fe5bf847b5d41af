"""Formulas for print: browsers and EPUB readers lay out MathML; WeasyPrint gets a drawing with spoken text.

Both come from the TeX source that pandoc keeps in an annotation of the MathML.
"""

from __future__ import annotations

from pubkit.boundary.files import printable, refusal
from pubkit.manuscript.formulas import Unprintable, draw
from pubkit.manuscript.rules import SRC032
from pubkit.render.body import Body, data_address, make

__all__ = ["set_drawings"]


def set_drawings(body: Body, language: str) -> None:
    """Replace every MathML formula of `body` with a drawing.

    Raises:
        InputRefused: a formula cannot be drawn, which reading the manuscript should have found.
    """
    for formula in [formula for part in (body.text, *body.notes.values()) for formula in part.iter("math")]:
        tex = formula.findtext(".//annotation") or ""
        display = formula.get("display") == "block"
        try:
            drawing = draw(tex, language, display=display)
        except Unprintable as error:
            message = f"This formula cannot be printed ({printable(str(error))}): {printable(tex)}"
            raise refusal(SRC032, message, "Use the TeX commands of ordinary formulas (amsmath).", None) from error
        address = data_address("image/svg+xml", drawing.svg.encode())
        image = make("img", src=address, alt=drawing.speech, class_="formula-display" if display else "formula")
        image.set("style", f"width:{drawing.width}em;height:{drawing.height}em;vertical-align:{-drawing.depth}em")
        image.tail = formula.tail
        parent = formula.getparent()
        if parent is not None:
            formula.tail = None
            parent.replace(formula, image)
