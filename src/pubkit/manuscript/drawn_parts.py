"""Divisions that become figures with a drawing: icon arrays and charts."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from pubkit.catalogue import Entry
from pubkit.findings import Finding
from pubkit.manuscript.places import Places
from pubkit.manuscript.tree import Attr, Block, Div, Figure, block_lists

__all__ = ["Mistake", "set_figures"]


class Mistake(ValueError):
    """A division does not make the figure that its class asks for; the message says why, as a sentence."""


def set_figures(
    blocks: Sequence[Block], places: Places, name: str, figure: Callable[[Div], Figure], rule: Entry
) -> Iterator[Finding]:
    """Turn the divisions of the class `name` into figures, in place; yield a finding of `rule` on each that cannot be."""
    for siblings in block_lists(list(blocks) if not isinstance(blocks, list) else blocks):
        for index, block in enumerate(siblings):
            if isinstance(block, Div) and name in block.attr.classes:
                try:
                    siblings[index] = figure(block)
                except Mistake as mistake:
                    block.attr = Attr(block.attr.identifier)
                    location = places.source.location(places.start(block))
                    yield rule.at(location, str(mistake), context=str(mistake))
