"""Marks that other tools read in Markdown, turned into pandoc's before it reads the text.

Nothing is guessed: every edit keeps the author's places (`pubkit.boundary.text.rewritten`), code stays code, and what
pubkit does not read is left unchanged and reported, in one finding for each kind of mark and file.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path

from pubkit.boundary.files import printable, read_contained
from pubkit.boundary.text import SourceFile, decode, rewritten
from pubkit.errors import InputRefused
from pubkit.findings import Finding
from pubkit.manuscript.marks.blocks import block_edits
from pubkit.manuscript.marks.boxes import quoted_boxes
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.inline import inline_edits
from pubkit.manuscript.marks.shortcodes import shortcodes
from pubkit.manuscript.rules import SRC105, SRC106
from pubkit.project.dialects.files import split

__all__ = ["unmarked"]

_DEEPEST = 5
_LARGEST = 2_000_000
_SHOWN = 5


def unmarked(source: SourceFile, folder: Path, variables: Mapping[str, str]) -> tuple[SourceFile, list[Finding]]:
    """Return `source` with the marks of other tools turned into pandoc's, and a finding for each kind that is not read.

    Args:
        source: a chapter.
        folder: the publication's folder, below which included files must be.
        variables: the values that the text may refer to.
    """
    unread: list[Unread] = []
    text = _read(source, folder, variables, unread, ())
    return text, list(_findings(unread))


def _read(
    source: SourceFile, folder: Path, variables: Mapping[str, str], unread: list[Unread], above: tuple[str, ...]
) -> SourceFile:
    def file(name: str) -> SourceFile | None:
        return _included(name, source.path, folder, variables, unread, (*above, source.path))

    def exists(name: str) -> bool:
        return ".." not in name.split("/") and (folder / name).is_file()

    known = Context(variables, file, exists, unread)
    text = rewritten(source, shortcodes(source, known))
    text = rewritten(text, block_edits(text, known))
    for _ in range(_DEEPEST):
        again = rewritten(text, quoted_boxes(text))
        if again is text:
            break
        text = rewritten(again, block_edits(again, known))
    return rewritten(text, inline_edits(text, known))


def _included(
    name: str, by: str, folder: Path, variables: Mapping[str, str], unread: list[Unread], above: tuple[str, ...]
) -> SourceFile | None:
    """Return an included text, read like any other; None if it is not in the publication or includes itself."""
    for path in (posixpath.normpath(posixpath.join(posixpath.dirname(by), name)), posixpath.normpath(name.lstrip("/"))):
        if path.startswith("..") or path in above or len(above) > _DEEPEST:
            continue
        try:
            source = decode(read_contained(folder, path, "An included text", limit=_LARGEST), path)
        except (FileNotFoundError, NotADirectoryError, InputRefused):
            continue
        return _read(split(source).body, folder, variables, unread, above)
    return None


def _findings(unread: Iterable[Unread]) -> Iterable[Finding]:
    """Yield one finding for each kind of mark and file, with the number of places and the first lines."""

    def kind(one: Unread) -> tuple[str, str, bool]:
        return one.source.origin(one.offset)[0].path, one.what, one.computed

    for (path, what, computed), group in itertools.groupby(sorted(unread, key=kind), kind):
        places = sorted({one.source.location(one.offset) for one in group}, key=lambda at: (at.line, at.column))
        lines = [str(at.line) for at in places[1:_SHOWN]] + ["…"] * (len(places) > _SHOWN)
        count = (
            f" {len(places)} times (also in {'lines' if len(lines) > 1 else 'line'} {', '.join(lines)})"
            if len(places) > 1
            else ""
        )
        rule = SRC106 if computed else SRC105
        yield rule.at(places[0], f"{printable(path)} {printable(what, 200)}{count}.", context=what)
