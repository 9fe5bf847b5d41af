"""Parts for one format only, as Quarto has them: what is meant for a web page is shown, in every format.

Authors write such parts in pairs, one for the web page and one for print; pubkit's formats have the same text.
Source: quarto.org/docs/authoring/conditional.html.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pubkit.boundary.files import printable
from pubkit.findings import Finding
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC107
from pubkit.manuscript.tree import Attr, Block, Div, Span, block_lists, inline_lists, plain_text

__all__ = ["shown_here"]

_CLASSES = frozenset({"content-visible", "content-hidden"})
_FORMATS = frozenset({"html", "html:js", "html4", "html5"})
_CONDITIONS = ("when-format", "unless-format")


def shown_here(blocks: list[Block], places: Places) -> Iterator[Finding]:
    """Remove the parts below `blocks` that are for other formats than a web page, in place; yield a finding for each."""
    for blocks_beside in block_lists(blocks):
        yield from _shown(blocks_beside, places)
    for inlines_beside in inline_lists(blocks):
        yield from _shown(inlines_beside, places)


def _shown(siblings: list[Any], places: Places) -> Iterator[Finding]:
    kept = []
    for node in siblings:
        if isinstance(node, Div | Span) and _CLASSES & set(node.attr.classes) and (formats := _formats(node.attr)):
            if not _is_visible(node.attr, formats):
                words = printable(plain_text(node), 60)
                message = f"This part is for other formats ({printable(formats, 40)}), and is not printed: “{words}”"
                yield SRC107.at(places.source.location(places.start(node)), message, context=plain_text(node)[:400])
                continue
            node.attr = Attr(
                node.attr.identifier,
                [name for name in node.attr.classes if name not in _CLASSES],
                [pair for pair in node.attr.pairs if pair[0] not in _CONDITIONS],
            )
        kept.append(node)
    siblings[:] = kept


def _formats(attr: Attr) -> str:
    return next((value for name, value in attr.pairs if name in _CONDITIONS), "")


def _is_visible(attr: Attr, formats: str) -> bool:
    meant = formats.lower() in _FORMATS
    if any(name == "unless-format" for name, _ in attr.pairs):
        meant = not meant
    return meant if "content-visible" in attr.classes else not meant
