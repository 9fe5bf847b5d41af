"""MyST's directives: `{name} argument` after a fence, then options, then content (mystmd.org/guide, Directives)."""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from pubkit.boundary.text import Edit, SourceFile, part, rewritten
from pubkit.expressions import expression
from pubkit.manuscript.floats import GROUP
from pubkit.manuscript.marks.block import Block, put
from pubkit.manuscript.marks.boxes import box
from pubkit.manuscript.marks.browser import readable
from pubkit.manuscript.marks.cells import NO_CAPTION, NOT_COMPUTED
from pubkit.manuscript.marks.defined import name_of
from pubkit.manuscript.marks.fences import Line, options
from pubkit.manuscript.marks.names import boxes, named
from pubkit.manuscript.marks.pictures import attributes
from pubkit.manuscript.marks.separated import Row, one_row, separated

__all__ = ["Directive", "directive", "edits"]

_HEAD = expression(r"^\{(?P<name>[A-Za-z][\w:+-]*)\}[ \t]*(?P<argument>.*?)[ \t]*$")
_ITEM = expression(r"^[ \t]*(?P<new>[*-][ \t]+)?(?P<cell>[-*])[ \t]?(?P<text>.*)$")
#: How docutils names separators that cannot be seen.
_SEPARATORS = {"tab": "\t", "space": " "}
#: The most cells of one table, those that fill its shorter rows included.
_MOST_CELLS = 100_000
_HIDDEN = expression(r"remove-(?:cell|input)|hide-cell")


class Directive(NamedTuple):
    """A directive: its name, its argument (in `title` with its place), its options, and how many lines these take."""

    name: str
    argument: str
    title: SourceFile | None
    options: dict[str, str]
    skipped: int

    @property
    def label(self) -> str:
        """Return the name by which the text refers to it, "" if it has none."""
        return self.options.get("name") or self.options.get("label") or ""


def directive(block: Block) -> Directive | None:
    """Return the directive that `block` is, None if it is none."""
    found = _HEAD.match(block.fence.info) if block.fence.sign in "`:" else None
    if found is None:
        return None
    said, skipped = options(block.written[number] for number in range(block.number + 1, block.end))
    title = block.words(found.start("argument"), found["argument"]) if found["argument"] else None
    return Directive(found["name"].lower(), found["argument"], title, said, skipped)


def edits(block: Block, one: Directive) -> Generator[Edit, None, int]:
    """Yield the edits that turn a directive into pandoc's Markdown; return the number of the line at which to go on."""
    if whole := _whole(block, one):
        yield from whole
        return block.end + 1
    yield from _around(block, one)
    return block.number + 1 + one.skipped


def _is_box(name: str) -> bool:
    return name == "admonition" or name in boxes() or name.rpartition(":")[2] in named("theorems")


def _whole(block: Block, one: Directive) -> Iterator[Edit] | None:
    """Return the edits for a directive whose content is not read any further; None for other directives."""
    match one.name:
        case name if _is_box(name):
            return None
        case "figure" | "image" if one.argument:
            return _figure(block, one)
        case "embed" if one.argument.startswith("#"):  # read as ![](#label) is
            return block.replaced(f"\n{block.indent}![]({one.argument})\n\n")
        case "math" | "amsmath":
            return _math(block, one)
        case "list-table" | "csv-table" if block.last and (rows := list(_rows(block, one))):
            if (cells := len(rows) * max(map(len, rows))) > _MOST_CELLS:
                block.note(f"has a table of {cells:,} cells, of which {_MOST_CELLS:,} can be read")
                return None
            return _table(block, one, rows)
        case "include":
            return block.include([one.argument])
        case "bibliography" | "footbibliography" if block.last:
            return block.replaced("\n::: {#refs}\n:::\n")
        case name if name == "code-cell" or name in named("code"):
            return _code(block, one)
        case name if name in named("dropped") and block.last:
            return block.replaced("\n")
    return None


def _around(block: Block, one: Directive) -> Iterator[Edit]:
    """Yield the edits for the lines around the content of a directive; the content is read like other text."""
    begin, after = block.first.start, block.after_options(one.skipped)
    if _is_box(one.name):
        yield from box(block.box_indent, *_kind_and_title(one), begin, after, name_of(one.label))
        yield from block.at_end(f"\n{block.box_indent}::::\n")
        return
    if one.name == "figure":  # without a picture of its own: a group
        label = f"#{name_of(one.label)} " if one.label else ""
        yield Edit(begin, after, f"\n{block.indent}::: {{{label}.{GROUP}}}\n")
        yield from block.at_end(f"\n{block.indent}:::\n\n")
        return
    if one.name == "table":
        yield Edit(begin, after, "\n")
        yield from block.at_end(*_caption(one))
        return
    if one.name in named("titled") and one.title:
        yield Edit(begin, begin, f"\n{_anchor(block, one)}{block.indent}**")
        yield Edit(begin, begin, one.title)
        yield Edit(begin, after, "**\n\n")
    else:
        yield Edit(begin, after, f"\n{_anchor(block, one)}")
    if one.name not in named("unwrapped") | named("titled"):
        block.note(f"uses the directive {{{one.name}}}")
    yield from block.at_end("\n")


def _anchor(block: Block, one: Directive) -> str:
    """Return a line that links to a directive lead to; "" if it has no label."""
    return f"{block.indent}[]{{#{name_of(one.label)}}}\n\n" if one.label else ""


def _kind_and_title(one: Directive) -> tuple[str, SourceFile | str | None]:
    """Return the kind and the title of a box; one that no kind names has the directive's name as its title."""
    stated = one.options.get("class", "").split(" ")[0] if one.name == "admonition" else one.name
    if kind := boxes().get(stated):
        return kind, one.title
    return "note", one.title or one.name.partition(":")[2].capitalize() or one.name.capitalize()


def _caption(one: Directive) -> tuple[str | SourceFile, ...]:
    """Return what follows the rows of a table: its caption and its label."""
    label = f" {{#{name_of(one.label)}}}" if one.label else ""
    return ("\n: ", one.title or "", f"{label}\n\n") if one.title or label else ("\n",)


def _figure(block: Block, one: Directive) -> Iterator[Edit]:
    """Yield the edits for a picture: the first paragraph after the options is its caption, the rest goes on as text."""
    caption = _first_paragraph(block.body[one.skipped :])
    where: SourceFile | str = one.title or ""
    if one.argument.startswith("#"):
        found = block.known.output(one.argument[1:])
        if found and found.html and (table := readable(found.html)):
            yield from _kept_table(block, one, caption, table)
            return
        if not found or not found.is_picture:
            block.note(
                f"shows the output of the cell {one.argument}, which no notebook keeps as a picture or table",
                computed=True,
            )
        folder = posixpath.dirname(block.source.path)
        path = posixpath.relpath(found.target, folder or ".") if found and found.is_picture else NOT_COMPUTED
        where = rewritten(one.title, [Edit(0, len(one.title.text), path)]) if one.title else path
    stated = attributes(one.label, one.options.get("alt", ""), one.options.get("width", ""))
    target = ("](<", where, f">){stated}\n\n")
    begin = caption[0].start if caption else block.after_options(one.skipped)
    yield Edit(block.first.start, begin, f"\n{block.indent}![")
    at, end = (caption[-1].start + len(caption[-1].text), caption[-1].end) if caption else (begin, begin)
    yield from put(target, at, end)
    if block.last:
        yield Edit(block.last.start, block.last.end, "\n")


def _kept_table(block: Block, one: Directive, caption: Sequence[Line], table: str) -> Iterator[Edit]:
    """Yield the edits for a figure that shows the table which a notebook keeps; its caption follows the table."""
    begin = caption[0].start if caption else block.after_options(one.skipped)
    name = f"#{name_of(one.label)}" if one.label else ".cell-output"
    yield Edit(block.first.start, begin, f"\n{block.indent}::: {{{name}}}\n\n{table}\n\n")
    if block.last:
        yield Edit(block.last.start, block.last.end, f"\n{block.indent}:::\n\n")


def _first_paragraph(body: Sequence[Line]) -> Sequence[Line]:
    filled = [bool(line.text.strip()) for line in body]
    start = filled.index(True) if True in filled else len(body)
    end = filled.index(False, start) if False in filled[start:] else len(body)
    return body[start:end]


def _math(block: Block, one: Directive) -> Iterator[Edit]:
    label = one.options.get("label") or one.options.get("name")
    first = f"{one.argument}\n" if one.argument else ""
    yield Edit(block.first.start, block.after_options(one.skipped), f"\n{block.indent}$$\n{first}")
    closed = f"{block.indent}$${f' {{#{label}}}' if label else ''}\n"
    if block.last:
        yield Edit(block.last.start, block.last.end, closed)
    else:
        yield Edit(block.body_end, block.body_end, f"\n{closed}")


def _code(block: Block, one: Directive) -> Iterator[Edit]:
    tags = one.options.get("tags", "")
    is_cell = one.name == "code-cell"
    if is_cell and "remove-output" not in tags and "remove-cell" not in tags:
        block.note_output()
    if one.name == "literalinclude":
        block.note("includes a file as code")
    if is_cell and _HIDDEN.search(tags):
        yield from block.replaced("\n", _not_drawn(block, one))
        return
    language, *_ = *one.argument.split(), ""
    fence = f"{block.indent}{'`' * max(3, block.fence.length)}"
    plain = language if re.fullmatch(r"[\w+-]+", language) else ""
    listing = _anchor(block, one) if not is_cell else ""
    yield Edit(block.first.start, block.after_options(one.skipped), f"\n{listing}{fence}{plain}\n")
    if block.last:
        drawn = _not_drawn(block, one) if is_cell else ""
        yield Edit(block.last.start, block.last.end, f"{fence}\n{drawn}")


def _not_drawn(block: Block, one: Directive) -> str:
    """Return what a draft shows in the place of a figure that the text mentions and only a run of the cell would draw."""
    if not one.label:
        return ""
    caption = one.options.get("caption") or NO_CAPTION
    return f"\n{block.indent}![{caption}](<{NOT_COMPUTED}>){attributes(name_of(one.label), '', '')}\n\n"


def _table(block: Block, one: Directive, rows: list[Row]) -> Iterator[Edit]:
    """Yield the edits for a table that is written as a list or as comma-separated values."""
    heads = "1" if one.options.get("header") else one.options.get("header-rows", "0")
    width = max(map(len, rows))
    rule = f"|{'---|' * width}\n"
    cells = [_cells(row, width) for row in rows]
    if heads.isdecimal() and heads.strip("0"):
        cells.insert(1, [rule])
    else:
        cells.insert(0, [f"|{' |' * width}\n{rule}"])
    yield from block.replaced("\n", *itertools.chain.from_iterable(cells), "\n", *_caption(one))


def _cells(row: Row, width: int) -> Row:
    """Return one row of a pipe table, filled up to `width` cells."""
    return [*(new for cell in row for new in ("| ", cell, " ")), f"|{' |' * (width - len(row))}\n"]


def _rows(block: Block, one: Directive) -> Iterator[Row]:
    if one.name == "list-table":
        yield from _listed(block, block.body[one.skipped :])
        return
    sign = _SEPARATORS.get(one.options.get("delim", ","), one.options.get("delim", ","))[:1]
    if heads := one.options.get("header"):
        yield one_row(heads, sign)
    if name := one.options.get("file"):
        file = block.known.file(name)
        if file is None:
            block.note(f"reads a table from {name}, which does not exist")
            yield [f"[{name}]"]
        else:
            yield from separated(file, 0, len(file.text), sign)
    else:
        yield from separated(block.source, block.after_options(one.skipped), block.body_end, sign)


def _listed(block: Block, body: Sequence[Line]) -> Iterator[Row]:
    """Yield the rows of a list of lists; nothing if the first line that is not empty is no item of one."""
    row: Row = []
    for line in body:
        found = _ITEM.match(line.text)
        if found is None:
            if not row and line.text.strip():
                return
            continue
        if found["new"] and row:
            yield row
            row = []
        row.append(part(block.source, line.start + found.start("text"), line.start + len(line.text.rstrip())))
    if row:
        yield row
