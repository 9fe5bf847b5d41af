"""The marks that other tools read in Markdown, turned into pandoc's before it reads the text.

A text is rewritten, never guessed at: every edit knows the author's place (`pubkit.boundary.text.rewritten`), code stays
code, and what pubkit does not read is left as it stands and reported, one finding for each kind of mark and file.
"""

from __future__ import annotations

import itertools
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from pubkit.boundary.files import printable, read_contained
from pubkit.boundary.text import SourceFile, decode, rewritten
from pubkit.errors import InputRefused
from pubkit.findings import Finding
from pubkit.manuscript.marks.blocks import block_edits
from pubkit.manuscript.marks.boxes import quoted_boxes
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.inline import inline_edits, shortcodes
from pubkit.manuscript.marks.macros import macro_edits
from pubkit.manuscript.rules import SRC105, SRC106
from pubkit.project.dialects.files import split

__all__ = ["unmarked"]

_DEEPEST = 5
_LARGEST = 2_000_000
_SHOWN = 5


def unmarked(
    source: SourceFile, folder: Path, variables: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[SourceFile, list[Finding]]:
    """Return `source` with the marks of other tools turned into pandoc's, and a finding for each kind that stays.

    Args:
        source: a chapter.
        folder: the publication's folder, from which includes may come.
        variables: the values that the text may name.
        labels: the labels of the manuscript, as `pubkit.manuscript.marks.labels.defined` returns them.
    """
    unread: list[Unread] = []
    text = _read(source, _Manuscript(folder, variables, labels), unread, ())
    return text, list(_told(unread))


class _Manuscript(NamedTuple):
    folder: Path
    variables: Mapping[str, str]
    labels: Mapping[str, str]


def _read(source: SourceFile, whole: _Manuscript, unread: list[Unread], above: tuple[str, ...]) -> SourceFile:
    def file(name: str) -> SourceFile | None:
        return _included(name, source.path, whole, unread, (*above, source.path))

    def exists(name: str) -> bool:
        return ".." not in name.split("/") and (whole.folder / name).is_file()

    known = Context(whole.variables, whole.labels, file, exists, unread)
    text = rewritten(source, shortcodes(source, known))
    text = rewritten(text, block_edits(text, known))
    for _ in range(_DEEPEST):
        again = rewritten(text, quoted_boxes(text))
        if again is text:
            break
        text = rewritten(again, block_edits(again, known))
    text = rewritten(text, macro_edits(text, whole.variables))
    return rewritten(text, inline_edits(text, known))


def _included(
    name: str, by: str, whole: _Manuscript, unread: list[Unread], above: tuple[str, ...]
) -> SourceFile | None:
    """Return the text that is included, read like any other; None where it is not in the publication or includes itself."""
    for path in (posixpath.normpath(posixpath.join(posixpath.dirname(by), name)), posixpath.normpath(name.lstrip("/"))):
        if path.startswith("..") or path in above or len(above) > _DEEPEST:
            continue
        try:
            source = decode(read_contained(whole.folder, path, "An included text", limit=_LARGEST), path)
        except (FileNotFoundError, NotADirectoryError, InputRefused):
            continue
        return _read(split(source).body, whole, unread, above)
    return None


def _told(unread: Iterable[Unread]) -> Iterable[Finding]:
    """Yield one finding for each kind of mark and file, with how often and where."""

    def sort(one: Unread) -> tuple[str, str, bool]:
        return one.source.origin(one.offset)[0].path, one.what, one.computed

    for (path, what, computed), group in itertools.groupby(sorted(unread, key=sort), sort):
        places = sorted({one.source.location(one.offset) for one in group}, key=lambda at: (at.line, at.column))
        lines = [str(at.line) for at in places[1:_SHOWN]] + ["…"] * (len(places) > _SHOWN)
        count = f" {len(places)} times; also in line {', '.join(lines)}" if len(places) > 1 else ""
        rule = SRC106 if computed else SRC105
        yield rule.at(places[0], f"{printable(path)} {printable(what, 200)}{count}.", context=what)
