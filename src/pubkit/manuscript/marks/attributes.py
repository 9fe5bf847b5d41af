"""Attributes as kramdown and Python-Markdown write them (`{: #id .class width="300" }`), for Jekyll and MkDocs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.manuscript.marks.names import boxes

__all__ = ["attribute_edits"]

_LIST = re.compile(r"(?P<space>[ \t]*)\{:(?!:)[ \t]*(?P<said>[^{}\n]{1,300}?)[ \t]*\}")
_KEPT = re.compile(r"#[\w:.-]+|(?:width|height)=\"?[\w.%]+\"?|alt=\"[^\"]*\"|\.(?:unnumbered|decorative)(?![\w-])")
_CLASS = re.compile(r"\.([\w-]+)")
_TO_A_NODE = (")", "]")


def attribute_edits(text: str, *, keep_boxes: bool) -> Iterator[Edit]:
    """Yield the edits that keep an id, a size and an alternative text, and leave out what only sets the look.

    Args:
        text: a text with spaces in the place of code.
        keep_boxes: leave the class of a box as it is, so that it is reported: the box would be lost. MkDocs makes no
            boxes of classes.
    """
    if "{:" not in text:
        return
    for found in _LIST.finditer(text):
        if keep_boxes and any(name in boxes() for name in _CLASS.findall(found["said"])):
            continue
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        kept = _KEPT.findall(found["said"])
        heading = line.lstrip().startswith("#")
        if kept and (heading or line.endswith(_TO_A_NODE)):
            yield Edit(found.start(), found.end(), f"{' ' if heading else ''}{{{' '.join(kept)}}}")
        else:
            yield Edit(found.start(), found.end(), "")
