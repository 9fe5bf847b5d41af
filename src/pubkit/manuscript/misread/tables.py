"""Tables pasted from a spreadsheet, which Markdown reads as running text: their cells would stand one after the other."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.findings import Finding
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["pasted"]

#: How many lines, with how many separators in each, make a table: (separator, lines, separators).
_KINDS = (("\t", 2, 1), (",", 3, 2), (";", 3, 2))
_LONGEST_CELL = 40
_REMEDY = (
    "Make it a table: `| cell | cell |` in each line, and `|---|---|` below the first; or keep it in a file and show that "
    "with {csv-table} (docs/manuscript.md)."
)


def pasted(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each paragraph of `blocks` whose lines all have the same cells."""
    text = places.source.text
    for paragraph in tree.every(tree.Para, blocks):
        start = places.start(paragraph)
        end = text.find("\n\n", start)
        lines = text[start : end if end >= 0 else len(text)].rstrip().split("\n")
        if _is_table(lines):
            first = lines[0].replace("\t", " ")[:60]
            message = f"Lines of a table are read as running text, from “{first}” on."
            yield SRC078.at(places.source.location(start), message, context=lines[0][:400], remedy=_REMEDY)


def _is_table(lines: list[str]) -> bool:
    for separator, fewest, least in _KINDS:
        counts = {line.count(separator) for line in lines}
        spaced = separator != "\t" and any(f"{separator} " in line for line in lines)
        if (
            len(lines) >= fewest
            and not spaced
            and len(counts) == 1
            and counts.pop() >= least
            and _are_cells(lines, separator)
        ):
            return True
    return False


def _are_cells(lines: list[str], separator: str) -> bool:
    """Return whether what is between the separators is as short as cells, and no line ends as a sentence does."""
    cells = [cell.strip() for line in lines for cell in line.split(separator)]
    return all(len(cell) <= _LONGEST_CELL for cell in cells) and not any(
        line.rstrip().endswith((".", "!", "?")) for line in lines
    )
