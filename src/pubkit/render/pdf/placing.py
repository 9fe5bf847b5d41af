"""Where tables and figures go once it is known where pages end: WeasyPrint has no floats that look for a page with room.

- A heading of several lines is narrowed until they are of much the same length (`pubkit.render.pdf.balancing`).
- A table that is too wide for its page is set smaller or turned sideways; one that is short is kept on one page; a cell
  that spans more rows than a page has room for is printed again where the table continues (`pubkit.render.pdf.fitting`).
- A figure or table that leaves the page before it partly empty moves behind the paragraphs that follow it, which fill
  that page; or, if there are not enough of them, before the paragraphs above it (`pubkit.render.pdf.moving`).

Headings are laid out alone first, and tables as soon as one does not fit. What moves does so while the document is laid
out, as soon as the pages that decide it are there, and only they are made again (`pubkit.render.pdf.paging`). The whole is
laid out again only for what shows late. All decisions follow from the layout, so that the same page gives the same file.
This module runs in WeasyPrint's process.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

from pubkit.render.pdf import balancing
from pubkit.render.pdf.fitting import fit_ahead, fit_tables, keep_small_tables
from pubkit.render.pdf.laid import Layout
from pubkit.render.pdf.moving import Mover
from pubkit.render.pdf.paging import Misfit, Paging

__all__ = ["settled"]

#: How often a page is laid out again, by the number of its pages.
_PASSES = ((40, 8), (120, 5), (10_000, 3))

Element = Any
Document = Any


def settled(root: Element, lay_out: Callable[[Element], Document]) -> Document:
    """Return the document that `lay_out` makes of the page `root`, an xml.etree element, once everything has its place.

    `root` is changed in place; `lay_out` is first given pages with only a part of it.
    """

    def look(alone: Element) -> Layout:
        return _read(lay_out(alone), alone)

    keep_small_tables(root)
    narrowed, mover = balancing.ahead(root, look), Mover()
    try:
        document, exact = _paged(root, lay_out, mover, fitted=False)
    except Misfit:
        fit_ahead(root, look)
        document, exact = _paged(root, lay_out, mover, fitted=True)
    for _ in range(next(passes for most, passes in _PASSES if len(document.pages) <= most)):
        layout = _read(document, root)
        balanced, fitted = balancing.balance(layout, narrowed), fit_tables(layout)
        if exact and not balanced and not fitted:
            break
        del document, layout
        gc.collect()  # a page tree is large, and full of cycles: two of them are never kept
        document, exact = _paged(root, lay_out, mover, fitted=True)
    return document


def _paged(
    root: Element, lay_out: Callable[[Element], Document], mover: Mover, *, fitted: bool
) -> tuple[Document, bool]:
    """Return the document with what `mover` moves; and whether it is what WeasyPrint makes of the page as it is now."""
    paging = Paging(root, mover, fitted=fitted)
    with paging.at_work():
        document = lay_out(root)
    return document, paging.exact


def _read(document: Document, root: Element) -> Layout:
    return Layout(root, (page._page_box for page in document.pages))
