"""Signs that an author means as they are written, and that pandoc reads as markup and does not print.

`> 65 years` becomes a quotation, the stars of `CYP2C19*2 and CYP2C19*3` become italics, `~5 mg/~10 mg` a lowered number,
`10^6–10^7` a raised one, `2003.` at the start of a line the number of a list. In a health text these signs carry the
meaning: a threshold, an allele, an order of magnitude, a year. Markup that looks meant is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.findings import Finding
from pubkit.manuscript.misread.addresses import cut_off
from pubkit.manuscript.misread.headings import underlined
from pubkit.manuscript.misread.inlines import emphasised, priced
from pubkit.manuscript.misread.lists import bulleted, numbered
from pubkit.manuscript.misread.quotations import compared, quoted
from pubkit.manuscript.misread.tables import pasted
from pubkit.manuscript.misread.terms import defined
from pubkit.manuscript.places import Places
from pubkit.manuscript.tree import Block

__all__ = ["misread"]

_KINDS = (quoted, compared, emphasised, priced, numbered, bulleted, defined, underlined, cut_off, pasted)


def misread(blocks: list[Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each sign in `blocks`, a chapter, that was read as markup and looks meant as it is written."""
    for kind in _KINDS:
        yield from kind(blocks, places)
