"""Marks of books: bookdown's parts and text references, and tables of contents, which pubkit makes itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.latex import INDEX
from pubkit.manuscript.marks.replacing import defined, removed

__all__ = ["book_edits"]

_PART = expression(
    r"^(?P<marks>#{1,2})[ \t]+\((?P<kind>PART|APPENDIX)\\?\*?\)[ \t]*(?P<title>(?:[^\n]*[^\s{}])?)[ \t]*"
    r"(?:\{[^{}\n]*\})?[ \t]*$",
    re.MULTILINE,
)
_CLASSES = {"PART": " {.unnumbered .part}", "APPENDIX": " {.unnumbered .part .appendices}"}
_TOC = re.compile(r"^[ \t]*(?:\[\[_?toc_?\]\]|\[toc\])[ \t]*$", re.MULTILINE | re.IGNORECASE)
_TEXT_REFERENCE = re.compile(r"^\(ref:(?P<name>[\w-]+)\)[ \t]+(?P<said>[^\n]+(?:\n(?!\s*\n)[^\n]+)*)$", re.MULTILINE)
_TEXT_MENTIONED = re.compile(r"\(ref:(?P<name>[\w-]+)\)")


def book_edits(text: str) -> Iterator[Edit]:
    """Yield the edits for parts, tables of contents and text references."""
    for found in _PART.finditer(text):
        yield Edit(found.start("marks"), found.start("title"), "# ")
        yield Edit(found.end("title"), found.end(), _CLASSES[found["kind"]])
    yield from removed(text, _TOC)
    yield from defined(text, _TEXT_REFERENCE, _TEXT_MENTIONED, _said)


def _said(found: re.Match[str]) -> str:
    return " ".join(INDEX.sub("", found["said"]).split())
