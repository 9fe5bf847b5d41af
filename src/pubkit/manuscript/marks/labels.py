"""Labels in captions and headings, moved to where pandoc reads them: in braces after what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.defined import name_of
from pubkit.manuscript.marks.names import canonical

__all__ = ["label_edits"]

_LABELLED_PICTURE = expression(
    r"!\[(?P<caption>(?:[^\[\]\n]|\[[^\[\]\n]*\]|\n(?!\s*\n))*?)\]\((?P<target>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)(?P<attributes>\{[^{}\n]*\})?"
)
_LABEL = expression(r"(?:(?<![ \t])[ \t]+)?(?:\\label\{(?P<latex>[^{}\n]+)\}|\(\\#(?P<book>[\w:.-]+)\))[ \t]*")
_CAPTION_LINE = expression(r"^(?:[Tt]able|:)[ \t]*:?[^\n]*(?:\n(?!\s*\n)[^\n]*)*", re.MULTILINE)
_HEADING_LABEL = expression(
    r"^(?P<head>#{1,6}[ \t](?:[^\n]*[^\s])?)[ \t]*\\label\{(?P<label>[^{}\n]+)\}[ \t]*$", re.MULTILINE
)
_TARGET = expression(r"^(?P<indent>[ \t]*)\((?P<label>[\w:./ -]+)\)=[ \t]*$", re.MULTILINE)
_HEADING = expression(r"\s*#{1,6}[ \t][^\n]*")
_ATTRIBUTES = expression(r"\{[^{}\n]*\}(?=[ \t]*$)", re.MULTILINE)


def label_edits(text: str) -> Iterator[Edit]:
    """Yield the edits that move the labels of pictures, tables and headings into braces."""
    for picture in _LABELLED_PICTURE.finditer(text):
        yield from _of_picture(picture)
    for caption in _CAPTION_LINE.finditer(text):
        if label := _LABEL.search(caption[0]):
            yield Edit(caption.start() + label.start(), caption.start() + label.end(), " ")
            yield Edit(caption.end(), caption.end(), f" {{#{_name(label)}}}")
    for heading in _HEADING_LABEL.finditer(text):
        yield Edit(heading.end("head"), heading.end(), f" {{#{canonical(heading['label'])}}}")
    for target in _TARGET.finditer(text):
        yield from _of_target(text, target)


def _name(label: re.Match[str]) -> str:
    return canonical((label["latex"] or label["book"]).strip())


def _of_picture(picture: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits for a picture whose caption may hold a label: \\label{fig:x} or (\\#fig:x)."""
    label = _LABEL.search(picture["caption"])
    if label is None:
        return
    at = picture.start("caption")
    is_inside = label.start() and label.end() < len(picture["caption"])
    yield Edit(at + label.start(), at + label.end(), " " if is_inside else "")
    yield _attached(picture, _name(label), "")


def _of_target(text: str, target: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits for MyST's (label)= before a heading or any other block."""
    name = name_of(target["label"])
    if _TARGET.match(text, target.end() + 1):  # the next one names the same, and links lead there
        yield Edit(target.start(), target.end() + 1, "")
    elif heading := _HEADING.match(text, target.end()):
        yield Edit(target.start(), target.end(), "")
        attributes = _ATTRIBUTES.search(text, heading.start(), heading.end())
        at = attributes.start() + 1 if attributes else heading.end()
        yield Edit(at, at, f"#{name} " if attributes else f" {{#{name}}}")
    else:
        yield Edit(target.start(), target.end(), f"{target['indent']}[]{{#{name}}}")


def _attached(found: re.Match[str], name: str, space: str) -> Edit:
    """Return the edit that adds a label to the attributes of a picture or heading, or gives it some after a `space`."""
    if found["attributes"]:
        at = found.start("attributes") + 1
        return Edit(at, at, f"#{name} ")
    return Edit(found.end(), found.end(), f"{space}{{#{name}}}")
