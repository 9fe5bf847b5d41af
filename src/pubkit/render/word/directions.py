"""The direction of paragraphs and runs in a Word file that is read from right to left.

Pandoc's writer marks every paragraph of the text as one from right to left, English references among them, but not the
title. A paragraph goes where its first letter goes (Unicode Standard Annex #9, P2).
"""

from __future__ import annotations

from lxml import etree

from pubkit.language.labels import strong_letters
from pubkit.render.word.reference import WORD

__all__ = ["set_directions"]

_W = f"{{{WORD}}}"
#: What comes after w:bidi in the properties of a paragraph (ECMA-376, part 1, 17.3.1.26), as far as pandoc writes it.
_LATER = frozenset(
    f"{_W}{name}" for name in ("spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr")
)
#: Below a label from right to left, its words stay on the label's side.
_AT_THE_RIGHT = frozenset({"Definition"})


def set_directions(root: etree._Element) -> None:
    """Give each paragraph below `root`, and each run in it, the direction of its letters."""
    for paragraph in root.iter(f"{_W}p"):
        letters = strong_letters(_words(paragraph))
        if letters[:1] == ("ltr",):
            _run_from_left(paragraph)
        elif letters:
            _run_from_right(paragraph)
        for run in paragraph.iter(f"{_W}r"):
            properties = run.find(f"{_W}rPr")
            if properties is not None and set(strong_letters(_words(run))) == {"ltr"}:
                etree.strip_elements(properties, f"{_W}rtl")


def _run_from_left(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{_W}pPr")
    mark = None if properties is None else properties.find(f"{_W}bidi")
    if properties is not None and mark is not None:
        properties.remove(mark)
        style = properties.find(f"{_W}pStyle")
        if style is not None and style.get(f"{_W}val") in _AT_THE_RIGHT:
            _add(properties, etree.Element(f"{_W}jc", {f"{_W}val": "right"}))


def _run_from_right(paragraph: etree._Element) -> None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        paragraph.insert(0, properties := etree.Element(f"{_W}pPr"))
    if properties.find(f"{_W}bidi") is None:
        _add(properties, etree.Element(f"{_W}bidi"))


def _add(properties: etree._Element, element: etree._Element) -> None:
    """Put `element` before the properties that come later."""
    later = next((part for part in properties if part.tag in _LATER), None)
    if later is None:
        properties.append(element)
    else:
        later.addprevious(element)


def _words(element: etree._Element) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_W}t"))
