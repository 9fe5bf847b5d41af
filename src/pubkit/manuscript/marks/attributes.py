"""Attributes as kramdown and Python-Markdown write them (`{: #id .class width="300" }`), for Jekyll and MkDocs."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.fences import lines
from pubkit.manuscript.marks.names import boxes
from pubkit.manuscript.prose import without_code_blocks

__all__ = ["attribute_edits", "is_attributes", "line_attribute_edits"]

_LIST = expression(r"(?P<space>[ \t]*)\{:(?!:)[ \t]*(?P<said>[^{}\n]{1,300}?)[ \t]*\}")
_KEPT = expression(r"#[\w:.-]+|(?:width|height)=\"?[\w.%]+\"?|alt=\"[^\"]*\"|\.(?:unnumbered|decorative)(?![\w-])")
_CLASS = expression(r"\.([\w-]+)")
_TO_A_NODE = (")", "]")
#: A line with nothing but attributes, which belong to the block that follows at once (MyST, attrs_block).
_LINE = expression(
    r" {0,3}(?P<said>\{[ \t]*[#.][\w:.-]+(?:[ \t]+(?:[#.][\w:.-]+|[\w-]+=(?:\"[^\"]*\"|[\w.%]+)))*[ \t]*\})[ \t]*"
)
_HEADING = expression(r"#{1,6}[ \t]+\S")
_PICTURE = expression(r"!\[[^\[\]]*\]\([^()]*\)[ \t]*")


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


def is_attributes(line: str) -> bool:
    """Return whether a line has nothing but attributes, for the block below it."""
    return _LINE.fullmatch(line) is not None


def line_attribute_edits(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that give the attributes on a line of their own to the heading, picture or block below it."""
    if "\n{" not in f"\n{source.text}":
        return
    written, masked = lines(source.text), without_code_blocks(source.text).split("\n")
    for number, line in enumerate(masked[:-1]):
        found = _LINE.fullmatch(line)
        if not found or (number and masked[number - 1].strip()) or not written[number + 1].text.strip():
            continue
        below = written[number + 1]
        if _HEADING.match(below.text) or _PICTURE.fullmatch(below.text):
            yield Edit(written[number].start, below.start, "")
            end = below.start + len(below.text.rstrip())
            yield Edit(end, end, f"{' ' if below.text.startswith('#') else ''}{found['said']}")
            continue
        last = next((at for at in range(number + 1, len(masked)) if not written[at].text.strip()), len(masked))
        yield Edit(written[number].start, below.start, f"::: {found['said']}\n")
        yield Edit(written[last - 1].end, written[last - 1].end, "\n:::\n")
