"""Lines of dashes that are meant as rules, and make a heading of the line above or a table of the text between."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["underlined"]

_LINE_BELOW = expression(r"[^\n]*\n[ ]{0,3}(?P<line>-{2,}|={2,})[ \t]*(?:\n|\Z)")
_LINE_ABOVE = expression(r"(?:^|\n)[ ]{0,3}(?P<line>-{3,})[ \t]*\n(?:[^\n]*\S[^\n]*\n)?[^\n]*\Z")
_SENTENCE_END = (".", ",", ";", "…")
_MOST_WORDS = 15
_SHOWN = 50
#: The line above a table is at most so many characters before its first word.
_FARTHEST = 2000


def underlined(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each heading of `blocks` that is a sentence above a line, and each table of one column."""
    for header in tree.every(tree.Header, blocks):
        yield from _heading(header, places)
    for table in tree.every(tree.Table, blocks):
        yield from _table(table, places)


def _heading(header: tree.Header, places: Places) -> Iterator[Finding]:
    words = tree.plain_text(header.content)
    start, end = places.extent(header)
    found = _LINE_BELOW.match(places.source.text, end)
    if found and (words.endswith(_SENTENCE_END) or len(words.split()) > _MOST_WORDS):
        message = f"The line of {found['line'][0]} below makes this a heading: “{printable(words, _SHOWN)}”"
        yield _meant_as_a_rule(start, message, words, places)


def _table(table: tree.Table, places: Places) -> Iterator[Finding]:
    if len(table.columns) != 1 or any(cell.content for row in table.head.rows for cell in row.cells):
        return
    start = places.start(table)
    found = _LINE_ABOVE.search(places.source.text, max(0, start - _FARTHEST), start)
    if found:
        words = tree.plain_text([row.cells for row in table.rows])
        message = f"The line of - above makes this a table: “{printable(words, _SHOWN)}”"
        yield _meant_as_a_rule(start, message, words, places)


def _meant_as_a_rule(start: int, message: str, words: str, places: Places) -> Finding:
    remedy = "Put an empty line before and after the line if it is meant as a rule."
    return SRC078.at(places.source.location(start), message, context=words[:400], remedy=remedy)
