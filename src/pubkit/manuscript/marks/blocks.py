"""Blocks between fences: code chunks, MyST's directives, and Docusaurus's divisions with a title."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Mapping

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks import cells, directives
from pubkit.manuscript.marks.block import Block
from pubkit.manuscript.marks.boxes import box
from pubkit.manuscript.marks.context import Context
from pubkit.manuscript.marks.fences import closings, lines, opening
from pubkit.manuscript.marks.names import boxes

__all__ = ["block_edits"]

#: A language with further words after it, as GitHub and Docusaurus take them; pandoc would not see a block of code.
_LANGUAGE = expression(r"[\w+#.-]++(?=[ \t,]+[^\s{])")
#: The title of a box among the attributes of its division, as Quarto takes it.
_TITLE = expression(r"(?<=[{\s])title=(?:\"(?P<double>[^\"]*[^\s\"][^\"]*)\"|'(?P<single>[^']*[^\s'][^']*)')")
_BOX_CLASS = expression(r"\{[^{}]*\.callout-[a-z]")
_TITLED = expression(r"^(?P<name>[A-Za-z][\w-]*)(?:[ \t]+(?P<title>[^{}\[\]]+?)|\[(?P<bracket>[^\[\]]+)\])$")


def block_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn the fenced blocks of other tools, and those inside them, into pandoc's."""
    if not any(sign in source.text for sign in ("```", "~~~", ":::")):
        return
    written = lines(source.text)
    common = cells.defaults(source.text, known.variables) if "```" in source.text else {}
    ends = closings(written)
    closes: dict[int, list[Edit]] = {}
    number = 0
    while number < len(written):
        fence = opening(written[number].text)
        if number in closes:
            yield from closes.pop(number)
        elif fence is not None and fence.info:
            block = Block(source, fence, number, ends[number], written, known, closes)
            number = yield from _edits(block, common)
            continue
        elif fence is not None and fence.sign != ":":
            number = ends[number]
        number += 1


def _edits(block: Block, common: Mapping[str, str]) -> Generator[Edit, None, int]:
    """Yield the edits for one block; return the number of the line at which to go on."""
    if cells.is_chunk(block.fence):
        yield from cells.edits(block, cells.cell(block.fence, block.body), common)
        return block.end + 1
    if directive := directives.directive(block):
        return (yield from directives.edits(block, directive))
    if block.fence.sign == ":":
        yield from _titled(block)
        return block.number + 1
    if language := _LANGUAGE.match(block.fence.info):
        start = block.first.start + block.first.text.index(block.fence.info)
        yield Edit(start + language.end(), start + len(block.fence.info), "")
    return block.end + 1


def _titled(block: Block) -> Iterator[Edit]:
    """Yield the edits for a division that is opened by the name of a box and a title."""
    if stated := _TITLE.search(block.fence.info):
        yield from _title_inside(block, stated)
        return
    found = _TITLED.match(block.fence.info)
    kind = boxes().get(found["name"].lower()) if found else None
    if found and kind:
        group = "title" if found["title"] else "bracket"
        title = block.words(found.start(group), found[group])
        yield from box(block.box_indent, kind, title, block.first.start, block.first.end)
        yield from block.at_end(f"\n{block.box_indent}::::\n")


def _title_inside(block: Block, stated: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits that make the title of a box, `stated` in its attributes, the first part of its text."""
    if not _BOX_CLASS.match(block.fence.info):
        return
    group = "double" if stated["double"] else "single"
    at = block.first.start + block.first.text.index(block.fence.info)
    yield Edit(at + stated.start(), at + stated.end(), "")
    end = block.first.end
    yield Edit(end, end, f"{block.indent}::: {{.callout-title}}\n{block.indent}")
    yield Edit(end, end, block.words(stated.start(group), stated[group]))
    yield Edit(end, end, f"\n{block.indent}:::\n\n")
