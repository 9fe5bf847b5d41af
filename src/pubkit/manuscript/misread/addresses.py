"""Addresses between < and > that contain a >, as DOIs of the 1990s do: pandoc ends them there, and the sign is lost."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.findings import Finding
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["cut_off"]

_SHOWN = 80


def cut_off(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each address of `blocks` between < and > that goes on behind the > that ends it."""
    for siblings in tree.inline_lists(blocks):
        for node, after in itertools.pairwise(siblings):
            match node, after:
                case tree.Link(attr=tree.Attr(classes=["uri"])), tree.Str(rest) if rest[:1].isalnum() and ">" in rest:
                    words = f"{tree.plain_text(node)}>{rest[: rest.index('>')]}"
                    begin = places.start(node)
                    yield SRC078.at(
                        places.source.location(begin, len(words)),
                        f"The sign > ends this address, and is not printed: {printable(words, _SHOWN)}",
                        context=words[:400],
                        remedy="Write %3C for each < and %3E for each > in an address.",
                    )
