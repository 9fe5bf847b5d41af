"""Formulas that cannot be set, found when the text is read: a writer would stop at the first, and could not say where."""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.boundary.files import printable
from pubkit.findings import Finding
from pubkit.manuscript import formulas
from pubkit.manuscript.policy import Formula
from pubkit.manuscript.rules import SRC032
from pubkit.manuscript.tree import Attr, Block, Code, Inline, Math, replace

__all__ = ["left_as_source"]


def left_as_source(blocks: list[Block], found: Sequence[Formula], *, drawn: bool) -> list[Finding]:
    """A finding for each formula that cannot be set; in `blocks` its source stands in its place, as code.

    Args:
        blocks: the joined text; changed.
        found: its formulas.
        drawn: whether the publication is printed, so that formulas are drawn as well.
    """
    faults = _faults(found, drawn=drawn)
    if not faults:
        return []

    def shown(formula: Math) -> Inline:
        return Code((Attr(), formula.text)) if formula.text in faults else formula

    replace(Math, blocks, shown)
    return [
        SRC032.at(
            one.location,
            (
                f"This formula cannot be typeset ({printable(faults[one.tex], 120)}): "
                f"{printable(' '.join(one.tex.split()), 80)}"
            ),
            context=one.tex,
            remedy="Correct its TeX notation; pubkit knows the commands of ordinary formulas (amsmath).",
        )
        for one in found
        if one.tex in faults
    ]


def _faults(found: Sequence[Formula], *, drawn: bool) -> dict[str, str]:
    """Why, for each formula that cannot be set; what the others find is said before what pandoc does not read."""
    faults = {one.tex: why for one in found if (why := formulas.too_deep(one.tex))}
    tried = [one for one in found if one.tex not in faults]
    faults |= dict.fromkeys(formulas.unread(one.tex for one in tried), "its TeX cannot be read")
    if drawn:
        faults |= {one.tex: why for one in tried if (why := formulas.fault(one.tex, display=one.display))}
    return faults
