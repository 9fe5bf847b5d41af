"""Formulas that cannot be typeset, found when the text is read: a writer would stop at the first without its place."""

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
    """Return a finding for each formula that cannot be typeset, and put its source in its place in `blocks`, as code.

    Args:
        blocks: the joined text; changed.
        found: its formulas.
        drawn: whether the publication has a PDF, for which formulas are drawn as well.
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
    """Return why each formula that cannot be typeset cannot; pandoc's reasons count last."""
    faults = {one.tex: why for one in found if (why := formulas.too_deep(one.tex))}
    tried = [one for one in found if one.tex not in faults]
    faults |= dict.fromkeys(formulas.unread(one.tex for one in tried), "its TeX cannot be read")
    if drawn:
        faults |= {one.tex: why for one in tried if (why := formulas.fault(one.tex, display=one.display))}
    return faults
