"""The numbers of pages in a part of a book, known only when the parts before it are laid out.

What a page has in its margins is set last, and does not move its text. It is kept here with what WeasyPrint knew when it
set it, so that it can be set once more with the number that the page has in the book. This module runs in WeasyPrint's
process, and relies on how WeasyPrint 70 works.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import Iterator, Sequence
from typing import Any

__all__ = ["number_from", "remember"]

_KEPT = "pubkit_margins"


def remember() -> bool:
    """Let WeasyPrint keep, with each page, what its margins were made from; return whether it works as expected."""
    from weasyprint import layout
    from weasyprint.layout import background

    own = getattr(layout, "make_margin_boxes", None)
    shape = ["context", "page", "state"]
    if (
        own is None
        or list(inspect.signature(own).parameters) != shape
        or not hasattr(background, "layout_box_backgrounds")
    ):
        return False

    def kept(context: Any, page: Any, state: Any) -> Iterator[Any]:
        setattr(page, _KEPT, (own, context, context.current_page, copy.deepcopy(state)))
        yield from own(context, page, state)

    layout.make_margin_boxes = kept
    return True


def number_from(pages: Sequence[Any], first: int) -> None:
    """Set the margins of `pages` anew, as those of pages that are numbered from `first` on."""
    if not pages:
        return
    shift = first - _number(pages[0])
    for page in pages if shift else ():
        _set_again(page._page_box, shift)


def _number(page: Any) -> int:
    _, _, _, state = getattr(page._page_box, _KEPT)
    number: int = state[1]["page"][-1]
    return number


def _set_again(box: Any, shift: int) -> None:
    from weasyprint.layout.background import layout_box_backgrounds

    make, context, number, state = getattr(box, _KEPT)
    quotes, counters, scopes, groups = copy.deepcopy(state)
    counters["page"] = [*counters["page"][:-1], counters["page"][-1] + shift]
    context.current_page = number
    text = [child for child in box.children if not getattr(child, "at_keyword", "")]
    margins = list(make(context, box, (quotes, counters, scopes, groups)))
    for one in margins:
        layout_box_backgrounds(box, one, context.get_image_from_uri)
    box.children = (*text, *margins)
