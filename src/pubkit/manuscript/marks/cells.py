"""Code chunks of R Markdown and Quarto, and MyST's code cells: shown or hidden as the chunk says, and never run.

What an earlier run has left in the repository is used: pictures that knitr and Quarto store beside the text, pictures that
`include_graphics` names, chapters that `child` names. What only a run could make is reported.
Sources: knitr, Chunk options (yihui.org/knitr/options); Quarto, Code cells.
"""

from __future__ import annotations

import itertools
import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import NamedTuple

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.block import Block
from pubkit.manuscript.marks.boxes import box, kind_of
from pubkit.manuscript.marks.defined import name_of
from pubkit.manuscript.marks.fences import R_OPTIONS, Fence, Line, options
from pubkit.manuscript.marks.names import named
from pubkit.manuscript.marks.pictures import attributes

__all__ = ["NOT_COMPUTED", "NO_CAPTION", "Cell", "cell", "defaults", "edits", "is_chunk"]

_HEAD = expression(r"^\{\s*(?P<engine>[A-Za-z][\w+-]*)(?P<rest>(?:[\s,].*)?)\}$")
_NO = frozenset({"false", "f", "no", "hide", "'hide'", '"hide"'})
_GRAPHICS = expression(r"include_graphics\s*\(\s*(?:path\s*=\s*)?(?P<paths>c\s*\([^()]*\)|[\"'][^\"'\n]+[\"'])")
_QUOTED = expression(r"[\"']([^\"'\n]+)[\"']")
_GLOBAL = expression(r"opts_chunk\s*\$\s*set\s*\((?P<said>(?:[^()]|\([^()]*\))*)\)")
_CAPTION = expression(r"""\bcap(?:tion)?\s*=\s*(?P<said>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_TABLE_LABEL = expression(r"\bkable\s*\([^#]{0,2000}?\blabel\s*=\s*[\"']([\w-]+)[\"']")
_TABLE = expression(r"\b(?:kable|gt|flextable|datatable|kbl|huxtable|reactable|tbl_summary|pander)\s*\(")
#: The folders, below that of a chapter of this name, in which a run stores its pictures.
_RUNS = ("{}_files/figure-html", "{}_files/figure-gfm", "{}_files/figure-latex", "_bookdown_files/{}_files/figure-html")
#: The path of a picture that only a run of the manuscript's code would draw.
NOT_COMPUTED = "not-computed"
#: The caption where only a run knows it, so that mentions find a number.
NO_CAPTION = "[Caption not computed]"


class Cell(NamedTuple):
    """A chunk: its engine, its label, its options as Quarto spells them, the lines that these take, and its code."""

    engine: str
    label: str
    options: Mapping[str, str]
    skipped: int
    code: str


def is_chunk(fence: Fence) -> bool:
    """Return whether `fence` opens a chunk."""
    found = _HEAD.match(fence.info)
    if fence.sign != "`" or found is None:
        return False
    # An engine that knitr does not have shows its code, as in ```{yaml, eval = FALSE}.
    return _is_engine(found["engine"].lower()) or found["rest"].lstrip().startswith(",")


def cell(fence: Fence, body: Sequence[Line]) -> Cell:
    """Return the chunk that `fence` opens."""
    found = _HEAD.match(fence.info)
    assert found is not None
    said, skipped = options(body)
    head = found["rest"].strip(" ,")
    label = ""
    if head and (first := head.split(",")[0].strip()) and "=" not in first and not first.startswith((".", "#")):
        label = first.strip("\"'")
    in_head = {one["key"]: _bare(one["value"]) for one in R_OPTIONS.finditer(head)}
    merged = {_spelled(key): value for key, value in {**in_head, **said}.items()}
    code = "\n".join(line.text for line in body[skipped:])
    return Cell(found["engine"].lower(), merged.get("label", label), merged, skipped, code)


def _is_engine(name: str) -> bool:
    return any(name in named(group) for group in ("engines", "drawings", "texts", "theorems"))


def defaults(text: str, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the options of every chunk of `text`: those of opts_chunk$set, or of `execute` in the metadata."""
    found = {name.removeprefix("meta.execute."): value for name, value in variables.items() if "meta.execute." in name}
    for one in _GLOBAL.finditer(text):
        found |= {_spelled(said["key"]): _bare(said["value"]) for said in R_OPTIONS.finditer(one["said"])}
    return found


def edits(block: Block, one: Cell, common: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits that put what the chunk `one` shows in the place of `block`.

    Args:
        block: the lines of the chunk.
        one: the chunk.
        common: the options of all chunks of the text.
    """
    said = {**common, **one.options}
    children = _QUOTED.findall(said.get("child", ""))
    if one.engine in named("texts") | named("theorems"):
        yield from _boxed(block, one)
    elif children:
        yield from block.include(children)
    elif _is_shown(one, said):
        language = "" if one.engine in {"verbatim", "embed", "glue", "tidy"} else one.engine
        fence = f"\n{block.indent}{'`' * block.fence.length}{language}\n"
        yield Edit(block.first.start, block.after_options(one.skipped), fence)
        if block.last:
            yield Edit(block.last.end, block.last.end, _output(block, one, said))
    else:
        yield from block.replaced(_output(block, one, said))


def _is_shown(one: Cell, said: Mapping[str, str]) -> bool:
    hidden = one.engine in named("unseen") or "remove-input" in said.get("tags", "")
    return not (hidden or _no(said, "echo") or _no(said, "include"))


def _boxed(block: Block, one: Cell) -> Iterator[Edit]:
    """Yield the edits for a chunk that holds text: a theorem and a box of a known kind are boxes, `asis` is text."""
    is_theorem = one.engine in named("theorems")
    stated = kind_of(one.options.get("type", one.options.get("engine", "")))
    kind = "note" if is_theorem else stated or ("note" if one.engine != "asis" else None)
    after = block.after_options(one.skipped)
    if kind:
        title = one.options.get("name") or (one.engine.capitalize() if is_theorem else None)
        yield from box(block.indent, kind, title, block.first.start, after, name_of(one.label) if is_theorem else "")
    else:
        yield Edit(block.first.start, after, "\n")
    if block.last:
        yield Edit(block.last.start, block.last.end, f"\n{block.indent}::::\n" if kind else "\n")


def _output(block: Block, one: Cell, said: Mapping[str, str]) -> str:
    """Return what a run of the chunk would have left on the page, as far as it can be known without running it."""
    if _no(said, "include") or _no(said, "output") or _no(said, "results") or "remove-output" in said.get("tags", ""):
        return "\n"
    if drawn := list(_pictures(block, one, said)):
        return "".join(f"\n{block.indent}{line}\n" for line in drawn) + "\n"
    if _no(said, "eval") or not one.code.strip() or one.engine in named("unseen"):
        return "\n"
    if (left := block.known.results(one.code)) is not None:
        lines = _named_table(left, one, said).split("\n")
        return "\n" + "".join(f"{block.indent}{line}\n" for line in lines) + "\n"
    block.note_output()
    return _not_computed(block.indent, one, said)


def _named_table(left: str, one: Cell, said: Mapping[str, str]) -> str:
    """Return the results of a run with the label and the caption that the chunk gives its table."""
    caption = said.get("tbl-cap", "")
    if not caption or not one.label.startswith("tbl-") or _CAPTIONED.search(left):
        return left
    return f"::: {{#{one.label}}}\n\n{left}\n\n{caption}\n:::"


#: A caption or a label that the results have themselves.
_CAPTIONED = expression(r"^(?:Table)?: \S|\{#tbl-|<caption", re.MULTILINE)


def _not_computed(indent: str, one: Cell, said: Mapping[str, str]) -> str:
    """Return what a draft shows in the place of a figure or table that only running the code would make."""
    caption, name = said.get("fig-cap", ""), said.get("fig-id", one.label)
    if caption or name.startswith("fig-") or "fig-id" in said:
        return f"\n{indent}{_figure(caption or NO_CAPTION, NOT_COMPUTED, name, said)}\n\n"
    caption = said.get("tbl-cap", "") or said.get("tab-cap", "") or _table_caption(one.code)
    if caption or one.label.startswith("tbl-") or "tab-id" in said:
        caption = caption or NO_CAPTION
        own = _TABLE_LABEL.search(one.code)
        name = own[1] if own else said.get("tab-id", one.label)
        label = f" {{#{_table_label(name)}}}" if name else ""
        return f"\n{indent}| [Table not computed] |\n{indent}|---|\n{indent}| |\n\n{indent}: {caption}{label}\n\n"
    return "\n"


def _pictures(block: Block, one: Cell, said: Mapping[str, str]) -> Iterator[str]:
    """Yield the pictures that the chunk names, or else the one that a run has left, as Markdown."""
    caption = said.get("fig-cap", "")
    paths = [path for found in _GRAPHICS.finditer(one.code) for path in _QUOTED.findall(found["paths"])]
    captions = _QUOTED.findall(caption) if caption.startswith("c(") else [caption]
    name = said.get("fig-id", one.label)
    for path, its_caption, label in itertools.zip_longest(paths, captions[: len(paths)], [name][: len(paths)]):
        yield _figure(its_caption or "", path, label or "", said)
    if not paths and (left := _left_by_a_run(block, one.label)):
        yield _figure(caption, left, name, said)


def _left_by_a_run(block: Block, label: str) -> str | None:
    """Return the path of the first picture that a run of the chunk has left beside the chapter."""
    folder, file = posixpath.split(block.source.path)
    name = PurePosixPath(file).stem
    paths = (f"{inner.format(name)}/{label}-1.png" for inner in _RUNS if label)
    return next((path for path in paths if block.known.exists(posixpath.join(folder, path))), None)


def _figure(caption: str, path: str, label: str, said: Mapping[str, str]) -> str:
    name = label if label.startswith("fig-") or not label else f"fig:{label}"
    return f"![{caption}](<{path}>){attributes(name, said.get('fig-alt', ''), said.get('out-width', ''))}"


def _table_label(label: str) -> str:
    return label if label.startswith("tbl-") else f"tbl:{label}"


def _table_caption(code: str) -> str:
    found = _CAPTION.search(code) if _TABLE.search(code) else None
    return _bare(found["said"]) if found else ""


def _spelled(key: str) -> str:
    return key.replace(".", "-")


def _bare(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1].replace("\\\\", "\\").replace('\\"', '"')
    return value


def _no(said: Mapping[str, str], key: str) -> bool:
    return said.get(key, "").strip().lower() in _NO
