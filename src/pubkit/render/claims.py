"""The marked statements of a label, each printed with the symbol that ties it to the dietary supplement statement.

21 CFR 101.93(d): the symbol appears at the end of each statement and again at the beginning of the disclaimer, and the
disclaimer, in a box, on each page that has such a statement. A web page has the block once; a chapter of an EPUB, which
readers see as pages of its own, ends with a copy; in the PDF a copy is printed at the foot of the page.
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.disclaimers.claims import CLASS, is_claim
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import direction
from pubkit.manuscript.tree import Str, Tree, inline_lists
from pubkit.render.body import Body, Element, make, wrap

__all__ = ["CLAIM", "copy_of", "link_to", "mark", "tie", "tied_block"]

#: The beginning of the id of every printed statement; its number follows.
CLAIM = "pubkit-claim-"
_MARK = "pubkit-claim-mark"


def tied_block(blocks: Sequence[DisclaimerBlock]) -> DisclaimerBlock | None:
    """Return the block to which the marked statements of the text are tied; None if there are none."""
    return next((block for block in blocks if block.marker and block.claims), None)


def tie(body: Body, blocks: Sequence[DisclaimerBlock]) -> None:
    """Put the symbol of the block after each marked statement, as a link to the block; each statement gets an id."""
    block = tied_block(blocks)
    if block is None:
        return
    number = 0
    for part in (body.text, *body.notes.values()):
        for claim in [span for span in part.iter("span") if CLASS in (span.get("class") or "").split()]:
            number += 1
            holder = make("span", id=f"{CLAIM}{number}", class_="pubkit-claim")
            wrap(_outermost_link(claim), holder)
            name = f"{block.marker} {block.heading}"
            holder.append(make("a", block.marker, class_=_MARK, href=f"#{block.identifier}", aria__label=name))


def _outermost_link(claim: Element) -> Element:
    """Return the outermost link around `claim`, because links cannot be nested, or `claim` itself."""
    links = list(claim.iterancestors("a"))
    return links[-1] if links else claim


def link_to(root: Element, identifier: str) -> bool:
    """Make the symbols below `root` link to `identifier`, and return whether there are any."""
    marks = root.findall(f".//a[@class='{_MARK}']")
    for link in marks:
        link.set("href", f"#{identifier}")
    return bool(marks)


def copy_of(block: DisclaimerBlock, place: str) -> Element:
    """Return a copy of `block`, with `place` added to its id."""
    identifier = f"{block.identifier}-{place}"
    heading = make("p", block.heading, class_="pubkit-disclaimer-heading", id=f"{identifier}-heading")
    bold = " pubkit-disclaimer-bold" if block.typography.bold else ""
    return make(
        "aside",
        heading,
        *(make("p", text) for text in block.paragraphs),
        class_=f"pubkit-disclaimer{bold}",
        id=identifier,
        role="note",
        aria__labelledby=f"{identifier}-heading",
        lang=block.locale,
        dir=direction(block.locale),
    )


def mark(tree: Tree, blocks: Sequence[DisclaimerBlock]) -> None:
    """Put the symbol after each marked statement of `tree`, for formats whose pages pubkit does not lay out."""
    block = tied_block(blocks)
    if block is None:
        return
    for siblings in inline_lists(tree.blocks):
        for place in range(len(siblings) - 1, -1, -1):
            if is_claim(siblings[place]):
                siblings.insert(place + 1, Str(block.marker))
