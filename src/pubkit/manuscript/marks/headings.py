"""Headings as CommonMark reads them: pandoc wants an empty line before each, MyST and MkDocs do not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.manuscript.prose import without_code_blocks

__all__ = ["set_apart"]

_AFTER_TEXT = re.compile(r"(?<=\S\n)(?=#{1,6}[ \t]+\S)")


def set_apart(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that put an empty line before each heading that follows a line of text."""
    for found in _AFTER_TEXT.finditer(without_code_blocks(source.text)):
        yield Edit(found.start(), found.start(), "\n")
