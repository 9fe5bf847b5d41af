"""Classes of divisions that change nothing: no style sheet names them, and pubkit knows no meaning of them.

Whoever writes `::: {.warnign}` wants to see a box. What pubkit does with a class is done when the text has been read, so a
class that is left in the tree matters only to style sheets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.manuscript.rules import SRC043
from pubkit.manuscript.tree import Block, Div, every
from pubkit.render.model import Styles

__all__ = ["findings"]

_NAMED = expression(r"\.([A-Za-z][\w-]*)")
_WRITTEN = expression(r"(?<!\S)\.([A-Za-z][\w-]*)")
#: Boxes, of which some look like all; and what knitr and Quarto write around the results of code.
_KNOWN = expression(r"(callout|cell)(-[\w-]+)?")
#: The line that begins a division: `::: {.name}` or `::: name`.
_FENCE = expression(
    r"^[ \t>]*+:{3,}+[ \t]*+(?:\{(?P<braces>[^{}\n]*+)\}|(?P<word>[A-Za-z][\w-]*+))[ \t]*+:*+[ \t]*+$", re.MULTILINE
)
_REMEDY = (
    "Correct it, name it in a style sheet of the publication, or remove it. Boxes are .note, .tip, .important, .warning and "
    ".caution; drawings .chart and .icon-array."
)


def findings(sources: Sequence[SourceFile], blocks: Sequence[Block], sheets: Styles) -> Iterator[Finding]:
    """Yield a finding at each division of `sources` for a class in `blocks` that has no effect."""
    named = {found[1] for css in (sheets.web, sheets.print, sheets.epub) for found in _NAMED.finditer(css)}
    idle = {name for part in every(Div, blocks) for name in part.attr.classes} - named
    idle = {name for name in idle if not _KNOWN.fullmatch(name)}
    for source in sources if idle else ():
        for fence in _FENCE.finditer(source.text):
            start = fence.start("word") if fence["word"] else fence.start("braces")
            names = [(start, fence["word"])] if fence["word"] else _classes(fence["braces"], start)
            for at, name in names:
                if name in idle:
                    message = f"The class {printable(name, 40)} has no effect: no style sheet names it."
                    yield SRC043.at(source.location(at, len(name)), message, remedy=_REMEDY, context=message)


def _classes(attributes: str, start: int) -> list[tuple[int, str]]:
    return [(start + found.start(1), found[1]) for found in _WRITTEN.finditer(attributes)]
