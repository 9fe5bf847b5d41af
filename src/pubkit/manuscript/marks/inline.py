"""Marks within lines: roles, references, LaTeX commands, labels, formulas; code stays as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.attributes import attribute_edits
from pubkit.manuscript.marks.book import book_edits
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.embeds import embed_edits
from pubkit.manuscript.marks.equations import equation_edits
from pubkit.manuscript.marks.labels import label_edits
from pubkit.manuscript.marks.latex import latex_edits
from pubkit.manuscript.marks.references import reference_edits
from pubkit.manuscript.marks.roles import role_edits
from pubkit.manuscript.prose import prose, without_code_blocks
from pubkit.project.dialects.notebook import FAILED

__all__ = ["empty_values", "inline_edits"]

#: Without any of these a text has no mark that is read here.
_SIGNS = expression(r"[{\\@\[$]|`r |\)=")
_EMPTY_R = expression(r"`r (?:''|\"\")`")
_FAILED = expression(rf"^{re.escape(FAILED)}$", re.MULTILINE)
_OF_A_CELL = "has a cell that failed, and so has no result"
_RUN_AGAIN = "Correct the cell, run the notebook, and save it; tag the cell raises-exception if it is to fail."
_INLINE_R = expression(r"(?<!`)`\{?r\}?[ \t][^`\n]+`(?!`)")


def inline_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn the marks within the lines of `source` into pandoc's."""
    if not _SIGNS.search(source.text):
        return
    text = prose(source.text)
    _note_computed_values(source, known)
    yield from role_edits(source, known)
    yield from reference_edits(text, known)
    yield from latex_edits(text)
    yield from label_edits(text)
    yield from attribute_edits(text, keep_boxes=known.boxes_by_class)
    yield from embed_edits(text, source.path, known)
    yield from equation_edits(text, brackets=source.path.lower().endswith(".rmd"))
    yield from book_edits(text)


def empty_values(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that leave out `r ''`, with which manuals of R Markdown show a chunk or a value as it is written."""
    if source.path.lower().endswith((".rmd", ".qmd")):
        yield from (Edit(found.start(), found.end(), "") for found in _EMPTY_R.finditer(source.text))


def _note_computed_values(source: SourceFile, known: Context) -> None:
    """Note the values of code, and the failures that a notebook keeps in the place of results."""
    for found in _FAILED.finditer(source.text) if source.path.lower().endswith(".ipynb") else ():
        known.unread.append(Unread(_OF_A_CELL, source, found.start(), computed=True, remedy=_RUN_AGAIN))
    for found in _INLINE_R.finditer(without_code_blocks(source.text)):
        known.unread.append(Unread("has a value that only running code gives", source, found.start(), computed=True))
