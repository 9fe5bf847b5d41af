"""Includes of MkDocs: snippets (`--8<-- "file.md"`) and those of the plug-in include-markdown, read in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile, part, rewritten
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context, Unread

__all__ = ["included_template", "snippets"]

#: The most spaces before a mark that is not part of a box or an item.
_DEEPEST = 3
_ONE = expression(
    r"^(?P<indent>[ \t]*)-+8<-+[ \t]+(?:\"(?P<double>[^\"\n]+)\"|'(?P<single>[^'\n]+)')[ \t]*$", re.MULTILINE
)
_SEVERAL = expression(
    r"^(?P<indent>[ \t]*)-+8<-+[ \t]*\n(?P<names>(?:(?![ \t]*-+8<-+)[^\n]*\n){1,100}?)[ \t]*-+8<-+[ \t]*$", re.MULTILINE
)
_SECTION = expression(r"^.*-+8<-+[ \t]*\[[ \t]*(?:start|end)[ \t]*(?::[ \t]*[\w-]+)?[ \t]*\].*", re.MULTILINE)
_LINES = expression(r"(?P<file>.+?):(?P<first>\d*)(?::(?P<last>\d*))?")
_TEMPLATE = expression(
    r"\{%-?[ \t\n]*include(?:-markdown)?[ \t\n]+(?:\"(?P<double>[^\"\n]+)\"|'(?P<single>[^'\n]+)')[^%]{0,500}%\}"
)


def snippets(source: SourceFile, text: str, known: Context) -> Iterator[Edit]:
    """Yield the edits that put the files that `source` includes in the place of their marks.

    Args:
        source: a text.
        text: the same with spaces in the place of code and comments.
        known: the files that there are; what is missing is noted there.
    """
    if "8<" not in text:
        return
    for found in _SECTION.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in _ONE.finditer(text):
        yield from _put(found, [found["double"] or found["single"]], source, known)
    for found in _SEVERAL.finditer(text):
        names = [name.strip() for name in found["names"].split("\n")]
        yield from _put(found, [name for name in names if name and name[0] not in ";#"], source, known)


def included_template(found: str, known: Context) -> SourceFile | None:
    """Return the text that a template mark of the include-markdown plug-in includes; None if it is another mark."""
    mark = _TEMPLATE.fullmatch(found)
    return known.file(mark["double"] or mark["single"]) if mark else None


def _put(found: re.Match[str], names: list[str], source: SourceFile, known: Context) -> Iterator[Edit]:
    inside = found["indent"] if len(found["indent"].expandtabs()) > _DEEPEST else ""
    for name in names:
        file = _file(name, known)
        if file is None:
            known.unread.append(Unread(f"includes {name}, which does not exist", source, found.start()))
        else:
            yield Edit(found.start(), found.start(), "\n")
            yield Edit(found.start(), found.start(), _indented(file, inside))
            yield Edit(found.start(), found.start(), "\n")
    yield Edit(found.start(), found.end(), "")


def _indented(file: SourceFile, indent: str) -> SourceFile:
    """Return a text with `indent` before each of its lines, as a part of the box or item that includes it."""
    starts = [found.start() for found in re.finditer(r"^(?=[^\n])", file.text, re.MULTILINE)] if indent else []
    return rewritten(file, [Edit(start, start, indent) for start in starts]) if starts else file


def _file(name: str, known: Context) -> SourceFile | None:
    """Return a file, or the section or lines of it that `name` asks for."""
    if (whole := known.file(name)) is not None:
        return whole
    if (asked := _LINES.fullmatch(name)) and (whole := known.file(asked["file"])) is not None:
        ends = [0, *(line.end() for line in re.finditer(r"\n", whole.text)), len(whole.text)]
        first, last = int(asked["first"] or 1), int(asked["last"] or len(ends))
        return part(whole, ends[min(max(first, 1), len(ends)) - 1], ends[min(last, len(ends) - 1)])
    return None
