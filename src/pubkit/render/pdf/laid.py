"""What is where on pages that are laid out: the parts of elements, and what each page begins and ends with.

This module runs in WeasyPrint's process; the boxes that it reads are those of WeasyPrint 70.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from typing import Any, NamedTuple

from pubkit.render.pdf.balancing import is_balanced

__all__ = ["Fragment", "Frame", "Layout", "add_class", "classes", "floats", "has_caption"]

_HOLDERS = frozenset({"annotated", "sideways", "subfigures", "turnable"})

Element = Any
PageBox = Any


class Fragment(NamedTuple):
    """The part of an element on one page: the page from 0, and its upper and lower edge in pixels."""

    page: int
    top: float
    bottom: float


class Frame(NamedTuple):
    """The room for text on a page, above its footnotes, in pixels."""

    top: float
    bottom: float

    @property
    def height(self) -> float:
        """Return the height in pixels."""
        return self.bottom - self.top


class Layout:
    """What is where on the pages of a document, or on those that it has so far.

    Args:
        root: the document, an xml.etree element.
        pages: its pages, as WeasyPrint's boxes; `add` takes more, `cut` takes the last ones away.
    """

    def __init__(self, root: Element, pages: Iterable[PageBox] = ()) -> None:
        self.root = root
        self.frames: list[Frame] = []
        self.heights: list[float] = []
        self.fragments: dict[Element, list[Fragment]] = {}
        self.opening: dict[int, list[Element]] = {}
        self.lowest: dict[int, float] = {}
        self.headings: dict[Element, list[float]] = {}
        self.rooms: dict[Element, float] = {}
        self.centred: set[Element] = set()
        self.widths: dict[Element, tuple[float, float]] = {}
        self._noted: list[set[Element]] = []
        self._lines: list[list[Element]] = []
        self.parents: Mapping[Element, Element] = {}
        self.order: Mapping[Element, int] = {}
        self.refresh()
        for page in pages:
            self.add(page)

    def refresh(self) -> None:
        """Read the elements of the document again, some of which have moved."""
        self.parents = {child: parent for parent in self.root.iter() for child in parent}
        self.order = {element: number for number, element in enumerate(self.root.iter())}

    def add(self, box: PageBox) -> None:
        """Take one more page."""
        notes = [one.position_y for one in box.children if type(one).__name__ == "FootnoteAreaBox" and one.children]
        end = box.content_box_y() + box.height
        self.heights.append(box.height)
        self.frames.append(Frame(box.content_box_y(), min([end, *notes])))
        self._noted.append(set())
        self._lines.append([])
        self._read(box.children[0], len(self.frames) - 1, [], box.width)

    def cut(self, number: int) -> None:
        """Keep only the first `number` pages."""
        while len(self.frames) > number:
            self.frames.pop()
            self.heights.pop()
            page = len(self.frames)
            self.opening.pop(page, None)
            self.lowest.pop(page, None)
            for element in self._noted.pop():
                self.fragments[element].pop()
                if not self.fragments[element]:
                    del self.fragments[element]
            for heading in self._lines.pop():
                self.headings[heading].pop()
                if not self.headings[heading]:
                    del self.headings[heading]

    def _read(self, box: Any, page: int, chain: list[Element], width: float) -> None:
        """Note the leaves below `box` (lines, pictures, rows of tables) as parts of all elements around them."""
        name, element = type(box).__name__, getattr(box, "element", None)
        if not box.is_in_normal_flow():
            return
        if element is not None and (not chain or chain[-1] is not element) and box.element_tag == element.tag:
            chain = [*chain, element]
        if name == "TableBox":
            self.widths[chain[-1]] = (box.border_width(), width)
        if name in {"LineBox", "TableRowBox", "BlockReplacedBox"}:
            self._note(chain, page, box.position_y, box.position_y + box.margin_height())
        if name == "LineBox" and chain and is_balanced(chain[-1]):
            self.headings.setdefault(chain[-1], []).append(box.width)
            self.rooms[chain[-1]] = width
            if box.style["text_align_all"] == "center":
                self.centred.add(chain[-1])
            self._lines[page].append(chain[-1])
        if name not in {"LineBox", "BlockReplacedBox"}:
            wraps_table = any(type(child).__name__ == "TableBox" for child in getattr(box, "children", ()))
            inner = width if wraps_table or not isinstance(box.width, float | int) else box.width
            for child in getattr(box, "children", ()):
                self._read(child, page, chain, inner)

    def _note(self, chain: Sequence[Element], page: int, top: float, bottom: float) -> None:
        self.opening.setdefault(page, list(chain))
        self.lowest[page] = max(self.lowest.get(page, 0.0), bottom)
        self._noted[page].update(chain)
        for element in chain:
            parts = self.fragments.setdefault(element, [])
            if parts and parts[-1].page == page:
                parts[-1] = Fragment(page, min(parts[-1].top, top), max(parts[-1].bottom, bottom))
            else:
                parts.append(Fragment(page, top, bottom))

    def noted(self, pages: int) -> Set[Element]:
        """Return the elements that the last `pages` have, or have a part of."""
        return set().union(*self._noted[-pages:])

    def gap(self, page: int) -> float:
        """Return the height of the empty foot of a page."""
        return max(0.0, self.frames[page].bottom - self.lowest.get(page, self.frames[page].top))

    def height(self, element: Element) -> float:
        """Return the height of an element, on all its pages."""
        return sum(part.bottom - part.top for part in self.fragments.get(element, ()))

    def starts(self, element: Element) -> int:
        """Return the page on which an element begins, from 0; -1 if it is on none."""
        parts = self.fragments.get(element)
        return parts[0].page if parts else -1

    def ended(self, element: Element) -> bool:
        """Return whether an element has ended before what the last page begins with, so that it has no more parts."""
        chain = self.opening.get(len(self.frames) - 1)
        if not chain:
            return False
        last = element
        while len(last):
            last = last[-1]
        return self.order[last] < self.order.get(chain[-1], -1)

    def chapter(self, element: Element) -> Element | None:
        """Return the section of the first level in which `element` is; None if it is not in the text."""
        while (parent := self.parents.get(element)) is not None:
            if "text" in classes(parent):
                return element
            element = parent
        return None


def classes(element: Element) -> list[str]:
    """Return the classes of an element."""
    return str(element.get("class") or "").split()


def add_class(element: Element, name: str) -> None:
    """Give an element one more class."""
    element.set("class", " ".join([*classes(element), name]))


def floats(element: Element) -> bool:
    """Return whether an element is a figure or a table, with what is wrapped around it."""
    return element.tag in {"figure", "table"} or not _HOLDERS.isdisjoint(classes(element))


def has_caption(thing: Element) -> bool:
    """Return whether a figure or table has a caption."""
    return any(part.tag in {"caption", "figcaption"} or "caption" in classes(part) for part in thing.iter())
