"""Which paragraph pandoc does not come to an end of: each bracket that is opened and not closed doubles its work.

Source: jgm/pandoc, issue 1735, and the reports that were closed in its favour (2398, 7283, 10675).
"""

from __future__ import annotations

import re

from pubkit.boundary import pandoc
from pubkit.boundary.files import counted
from pubkit.boundary.keeping import Keeper
from pubkit.boundary.text import SourceFile
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.manuscript.rules import SRC005

__all__ = ["parsed"]

_PARAGRAPH = expression(r"(?:[^\n]*\S[^\n]*(?:\n|\Z))+")
_BRACKET = expression(r"\\.|[\[\]]", re.DOTALL)
#: Fewer than these take pandoc no time.
_FEW = 10


def parsed(text: str, source: SourceFile, kept: Keeper | None) -> bytes:
    """Return pandoc's tree of `text`, which was made of `source`; see `pubkit.boundary.pandoc.parse`.

    Raises:
        InputRefused: pandoc needs more time or memory than pubkit allows; open brackets are named with their place.
        PandocError: pandoc failed.
    """
    try:
        return pandoc.parse(text, kept)
    except InputRefused as refused:
        opened = max((_unclosed(found) for found in _PARAGRAPH.finditer(source.text)), key=len, default=[])
        if len(opened) < _FEW:
            raise
        message = f"{counted(len(opened), 'bracket')} of this paragraph are not closed, and each doubles pandoc's work."
        remedy = r"Close them, or write \[ for a bracket that is meant as a sign."
        finding = SRC005.at(source.location(opened[0], 1), message, remedy=remedy)
        raise InputRefused(refused.message, remedy=remedy, findings=(finding,)) from None


def _unclosed(paragraph: re.Match[str]) -> list[int]:
    """Return where brackets are opened that nothing closes."""
    opened: list[int] = []
    for sign in _BRACKET.finditer(paragraph[0]):
        if sign[0] == "[":
            opened.append(paragraph.start() + sign.start())
        elif sign[0] == "]" and opened:
            opened.pop()
    return opened
