"""Pages laid out one by one, and again from an earlier one on after something has moved.

WeasyPrint 70 makes pages one after another, each from where the one before it has ended. What a page needs for that is kept
with it here, so that pages can be made again from any of them on. What has moved is moved in WeasyPrint's own tree of boxes,
and what that changes is worked out for the elements around it: the document then is the one that WeasyPrint would make of
the changed page from its beginning. If it may not be, `Paging.exact` says so. This module runs in WeasyPrint's process.
"""

from __future__ import annotations

import contextlib
import inspect
import math
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any, NamedTuple

from pubkit.render.pdf.fitting import misfit
from pubkit.render.pdf.laid import Layout
from pubkit.render.pdf.moving import Move, Mover, NotYet

__all__ = ["Misfit", "Paging", "prepare"]

#: Pages that are made again, as a multiple of all pages, until nothing moves any more.
_AGAIN = 6
#: Elements whose styles are looked up for moves, as a multiple of all elements; what more moves change is not mended.
_LOOKED_UP = 10
#: The only property that a move changes in elements around it, as far as they can be mended: the indent of paragraphs.
_MENDED = frozenset({"text_indent"})

Element = Any
Box = Any
Context = Any

_paging: list[Paging] = []


def prepare() -> bool:
    """Let WeasyPrint make pages with a `Paging` while there is one; return whether it works as expected."""
    from weasyprint import layout

    own: Any = getattr(layout, "make_all_pages", None)
    if own is None or list(inspect.signature(own).parameters) != ["context", "root_box", "html", "pages"]:
        return False

    def make(context: Context, root_box: Box, html: Any, pages: list[Box]) -> Iterator[Box]:
        if _paging and not pages:
            yield from _paging[-1].pages(context, root_box, html)
        else:
            yield from own(context, root_box, html, pages)

    layout.make_all_pages = make
    return True


class _Kept(NamedTuple):
    """What WeasyPrint knows before it makes a page, besides what it keeps itself."""

    footnotes: Sequence[Box]
    reported: Sequence[Box]
    broken: Mapping[Box, Any]
    notes: int


class Misfit(Exception):
    """A table does not fit on its page."""


class Paging:
    """Makes pages, and moves what leaves one of them partly empty.

    Args:
        root: the page, an xml.etree element, that is changed in place.
        mover: decides what moves; it may have done so before.
        fitted: whether tables have been fitted to their pages; if not, the first that does not fit raises `Misfit`.
    """

    def __init__(self, root: Element, mover: Mover, *, fitted: bool) -> None:
        self.exact = True
        self._fitted = fitted
        self._root = root
        self._mover = mover

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        """Make the pages of the document that WeasyPrint lays out meanwhile."""
        _paging.append(self)
        try:
            yield
        finally:
            _paging.pop()

    def pages(self, context: Context, root_box: Box, html: Any) -> list[Box]:
        """Return the pages of a document, without what is in their margins, as WeasyPrint's own function does."""
        from weasyprint.layout.page import remake_page

        tree = _Tree(context, root_box, html)
        layout = Layout(self._root)
        pages: list[Box] = []
        kept: list[_Kept] = []
        context.rendered_notes = []
        looked, made, moving = 0, 0, True
        while True:
            _forget(context.page_maker[len(pages)])
            kept.append(_keep(context))
            page, resume_at = remake_page(len(pages), context, root_box, html)
            pages.append(page)
            layout.add(page)
            made += 1
            last = resume_at is None and not context.reported_footnotes
            if not self._fitted and misfit(layout, last=last):
                raise Misfit
            looked, move = self._look(layout, looked, last=last) if moving else (looked, None)
            if move:
                moving = tree.make(move, layout) and made <= _AGAIN * (len(pages) + 1)
                looked = move.first
                _return(context, kept[move.first], move.first)
                del pages[move.first :], kept[move.first :]
                layout.cut(move.first)
            elif last:
                break
        self.exact = tree.exact and moving
        context.page_maker = context.page_maker[: len(pages) + 1]
        context.broken_out_of_flow.clear()
        context.reported_footnotes.clear()
        return pages

    def _look(self, layout: Layout, looked: int, *, last: bool) -> tuple[int, Move | None]:
        """Look at the feet of pages from the number `looked` on; return the next to look at, and the first move."""
        with contextlib.suppress(NotYet):
            for page in range(looked, len(layout.frames) - 1):
                looked = page
                if move := self._mover.move(layout, page, last=last):
                    return page, move
                looked = page + 1
        return looked, None


def _forget(page: Sequence[Any]) -> None:
    """Forget what is to be made again of a page, as WeasyPrint does before it makes it."""
    page[-1].update(content_changed=False, pages_wanted=False, anchors=[], content_lookups=[])


def _keep(context: Context) -> _Kept:
    reported, broken = list(context.reported_footnotes), dict(context.broken_out_of_flow)
    return _Kept(list(context.footnotes), reported, broken, len(context.rendered_notes))


def _return(context: Context, kept: _Kept, page: int) -> None:
    """Return to what WeasyPrint knew before it made a page, numbered from 0."""
    context.footnotes = list(kept.footnotes)
    context.reported_footnotes = list(kept.reported)
    context.broken_out_of_flow = dict(kept.broken)
    del context.rendered_notes[kept.notes :]
    del context.page_maker[page + 1 :]
    for numbers in context.running_elements.values():
        for number in [one for one in numbers if one > page]:
            del numbers[number]


class _Declared(NamedTuple):
    """The declarations of one rule that an element matches, and what decides between it and others."""

    pseudo: str | None
    origin: str
    weight: tuple[Any, ...]
    declarations: Sequence[tuple[str, Any, bool]]


class _Tree:
    """The boxes of a document before they are laid out, and the styles of its elements.

    `exact` says whether the boxes are still those that WeasyPrint would make of the document, which has changed.
    """

    def __init__(self, context: Context, root_box: Box, html: Any) -> None:
        self.exact = True
        self._styles = context.style_for
        self._root_box = root_box
        self._html = html
        self._boxes: dict[Element, Box] = {}
        self._left = 0

    def make(self, move: Move, layout: Layout) -> bool:
        """Move elements and their boxes; return whether all boxes have moved."""
        if not self._boxes:
            for box in self._root_box.descendants():
                if box.element is not None and box.element_tag == box.element.tag:
                    self._boxes.setdefault(box.element, box)
            self._left = _LOOKED_UP * len(layout.order)
        old = [self._boxes.get(layout.parents[one]) for one in move.things]
        around = {layout.parents[one] for one in (*move.things, move.block)}
        before = self._matched(around, layout) if self._left > 0 else {}
        move.make(layout)
        after = self._matched(around, layout) if before else {}
        self._left -= 2 * len(before)
        self.exact &= bool(before)
        for element in before:
            self.exact &= self._mend(element, before[element], after.get(element, []))
        moved = True
        for one, box in zip(move.things, old, strict=True):  # in order: each is found behind the one before it
            moved = self._move(one, box, layout) and moved
        self.exact &= moved
        return moved

    def _move(self, thing: Element, old: Box, layout: Layout) -> bool:
        """Move the box of `thing` from `old` to where the element is now; return whether that was possible."""
        box, new = self._boxes.get(thing), self._boxes.get(layout.parents[thing])
        if box is None or old is None or new is None or not any(one is box for one in old.children):
            return False
        old.children = [one for one in old.children if one is not box]
        siblings = list(layout.parents[thing])
        at = siblings.index(thing)
        elements = [one.element for one in new.children]
        if at and siblings[at - 1] in elements:
            place = elements.index(siblings[at - 1]) + 1
        elif at + 1 < len(siblings) and siblings[at + 1] in elements:
            place = elements.index(siblings[at + 1])
        else:
            return False
        new.children = [*new.children[:place], box, *new.children[place:]]
        return True

    def _matched(self, around: Set[Element], layout: Layout) -> dict[Element, list[_Declared]]:
        """Return what is declared for all elements in those `around`, and for what is around them."""
        from cssselect2 import ElementWrapper

        outer = set(around)
        for element in around:
            while (element := layout.parents.get(element)) is not None:
                outer.add(element)
        found: dict[Element, list[_Declared]] = {}

        def look(wrapper: Any, inside: bool) -> None:
            element = wrapper.etree_element
            if inside or element in outer:
                found[element] = list(self._declared(wrapper))
                for child in wrapper.iter_children():
                    look(child, inside or element in around)

        look(ElementWrapper.from_html_root(self._html.etree_element), False)
        return found

    def _declared(self, wrapper: Any) -> Iterator[_Declared]:
        for sheet, origin, own in self._styles._sheets:
            for specificity, _, pseudo, (declarations, layer) in sheet.matcher.match(wrapper):
                order = math.inf if layer is None else sheet.layers.index(layer)
                yield _Declared(pseudo, origin, (order, own or specificity), declarations)

    def _mend(self, element: Element, before: Sequence[_Declared], after: Sequence[_Declared]) -> bool:
        """Give the box of `element` what other declarations change; return whether it then is as it has to be."""
        ids = [{(id(one.declarations), one.pseudo) for one in some} for some in (before, after)]
        other = [one for one in (*before, *after) if (id(one.declarations), one.pseudo) in ids[0] ^ ids[1]]
        if not other:
            return True
        box = self._boxes.get(element)
        if any(one.pseudo or name not in _MENDED for one in other for name, _, _ in one.declarations):
            return False
        if box is None or element.get("style") or not _has_only_lines(box):
            return False
        style = self._computed(element, after)
        for one in (box, *box.children):
            one.style = one.style.copy()
            for name in _MENDED:
                one.style[name] = style[name]
        return True

    def _computed(self, element: Element, declared: Sequence[_Declared]) -> Any:
        """Return the computed style of an element that has no declarations of its own."""
        from weasyprint.css import ComputedStyle, declaration_precedence

        old = self._boxes[element].style
        cascaded: dict[str, Any] = {}
        for one in declared:
            for name, values, important in () if one.pseudo else one.declarations:
                weight = (declaration_precedence(one.origin, important), *one.weight)
                if name not in cascaded or cascaded[name][1] <= weight:
                    cascaded[name] = values, weight
        sizes = self._styles.initial_page_sizes
        return ComputedStyle(old.parent_style, cascaded, None, old.root_style, old.base_url, old.font_config, sizes)


def _has_only_lines(box: Box) -> bool:
    """Return whether a block has lines alone, and neither block nor note within them that inherits from it."""
    from weasyprint.formatting_structure import boxes

    inner = [one for child in box.children for one in child.descendants()]
    notes = [one.footnote for one in inner if one.footnote is not None]
    blocks = any(isinstance(one, boxes.BlockContainerBox) for one in inner)
    apart = all(getattr(one.style, "cascaded", {}).keys() >= _MENDED for one in notes)
    return all(isinstance(one, boxes.LineBox) for one in box.children) and apart and not blocks
