"""Chunks of R Markdown and Quarto, and the code cells of MyST: code is shown or hidden as the chunk says, and never run.

What a run has left in the repository is taken: pictures that knitr and Quarto store beside the text, pictures that
`include_graphics` names, chapters that `child` names. What only a run could make is reported.
Sources: knitr, Chunk options (yihui.org/knitr/options); Quarto, Code cells.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from pubkit.boundary.text import Edit, SourceFile
from pubkit.manuscript.marks.boxes import box, kind_of
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.fences import R_OPTIONS, Fence, Line, options
from pubkit.manuscript.marks.names import named

__all__ = ["NOT_COMPUTED", "Cell", "cell", "defaults", "edits"]

_HEAD = re.compile(r"^\{\s*(?P<engine>[A-Za-z][\w+-]*)(?P<rest>(?:[\s,].*)?)\}$")
_NO = frozenset({"false", "f", "no", "hide", "'hide'", '"hide"'})
_GRAPHICS = re.compile(r"include_graphics\s*\(\s*(?:path\s*=\s*)?(?P<paths>c\s*\([^()]*\)|[\"'][^\"'\n]+[\"'])")
_QUOTED = re.compile(r"[\"']([^\"'\n]+)[\"']")
_GLOBAL = re.compile(r"opts_chunk\s*\$\s*set\s*\((?P<said>(?:[^()]|\([^()]*\))*)\)")
_CAPTION = re.compile(r"""caption\s*=\s*(?P<said>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""")
_TABLE_LABEL = re.compile(r"\bkable\s*\([^#]*?\blabel\s*=\s*[\"']([\w-]+)[\"']")
_TABLE = re.compile(r"\b(?:kable|gt|flextable|datatable|kbl|huxtable|reactable|tbl_summary|pander)\s*\(")


#: What stands in the place of a picture that only a run of the manuscript's code would draw.
NOT_COMPUTED = "not-computed"
#: The caption where only a run knows it, so that mentions find a number.
_NO_CAPTION = "[Caption not computed]"


class Cell(NamedTuple):
    """A chunk: its engine, its label, its options in the spelling of Quarto, and the lines of its code."""

    engine: str
    label: str
    options: Mapping[str, str]
    skipped: int
    code: str


def cell(fence: Fence, body: list[Line]) -> Cell | None:
    """Return the chunk that a fence opens, None where it opens something else."""
    found = _HEAD.match(fence.info)
    if fence.sign != "`" or found is None or not _is_engine(found["engine"].lower()):
        return None
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
    """Return the options that hold for every chunk of `text`: those of opts_chunk$set, or of `execute` in the metadata."""
    found = {name.removeprefix("meta.execute."): value for name, value in variables.items() if "meta.execute." in name}
    for one in _GLOBAL.finditer(text):
        found |= {_spelled(said["key"]): _bare(said["value"]) for said in R_OPTIONS.finditer(one["said"])}
    return found


def edits(
    source: SourceFile,
    fence: Fence,
    one: Cell,
    places: tuple[Line, list[Line], Line | None],
    common: Mapping[str, str],
    known: Context,
) -> Iterator[Edit]:
    """Yield the edits that put what a chunk shows in its place.

    Args:
        source: the text.
        fence: the line that opens the chunk.
        one: the chunk.
        places: the line that opens it, those inside, and the one that closes it.
        common: the options of all chunks.
        known: what the chunk may refer to; what is missing is noted there.
    """
    first, body, last = places
    end = last.end if last else (body[-1].end if body else first.end)
    said = {**common, **one.options}
    after_options = body[one.skipped - 1].end if one.skipped else first.end
    if one.engine in named("texts") | named("theorems"):
        yield from _boxed(fence, one, first.start, after_options, last)
        return
    if children := _QUOTED.findall(said.get("child", "")):
        yield from _children(source, children, first.start, end, known)
        return
    shown = not (
        _no(said, "echo")
        or _no(said, "include")
        or one.engine in named("unseen")
        or "remove-input" in said.get("tags", "")
    )
    if shown:
        language = "" if one.engine in {"verbatim", "embed", "glue", "tidy"} else one.engine
        yield Edit(first.start, after_options, f"\n{fence.indent}{'`' * fence.length}{language}\n")
        if last:
            yield Edit(last.end, last.end, _output(source, one, said, known, first.start, fence.indent))
    else:
        yield Edit(first.start, end, _output(source, one, said, known, first.start, fence.indent))


def _boxed(fence: Fence, one: Cell, start: int, end: int, last: Line | None) -> Iterator[Edit]:
    kind = kind_of(one.options.get("type", one.options.get("engine", ""))) or ("note" if one.engine != "asis" else None)
    if one.engine in named("theorems"):
        kind = "note"
    if kind is None:
        yield Edit(start, end, "\n")
        if last:
            yield Edit(last.start, last.end, "\n")
        return
    name = one.options.get("name") or (one.engine.capitalize() if one.engine in named("theorems") else None)
    yield from box(fence.indent, kind, name, start, end)
    if last:
        yield Edit(last.start, last.end, f"\n{fence.indent}::::\n")


def _children(source: SourceFile, names: list[str], start: int, end: int, known: Context) -> Iterator[Edit]:
    for name in names:
        child = known.file(name)
        if child is None:
            known.unread.append(Unread(f"includes {name}, which does not exist", source, start))
        else:
            yield Edit(start, start, "\n")
            yield Edit(start, start, child)
    yield Edit(start, end, "\n")


def _output(source: SourceFile, one: Cell, said: Mapping[str, str], known: Context, at: int, indent: str) -> str:
    """Return what a run of the chunk would have left on the page, as far as it can be known without running it."""
    if _no(said, "include") or _no(said, "output") or _no(said, "results") or "remove-output" in said.get("tags", ""):
        return "\n"
    drawn = list(_pictures(source, one, said, known))
    if drawn:
        return "".join(f"\n{indent}{line}\n" for line in drawn) + "\n"
    if _no(said, "eval") or not one.code.strip() or one.engine in named("unseen"):
        return "\n"
    known.unread.append(Unread("has code whose output is not in the manuscript", source, at, computed=True))
    caption, name = said.get("fig-cap", ""), said.get("fig-id", one.label)
    if caption or name.startswith("fig-") or "fig-id" in said:
        return f"\n{indent}{_figure(caption or _NO_CAPTION, NOT_COMPUTED, name, said)}\n\n"
    caption = said.get("tbl-cap", "") or said.get("tab-cap", "") or _table_caption(one.code)
    if caption or one.label.startswith("tbl-") or "tab-id" in said:
        caption = caption or _NO_CAPTION
        own = _TABLE_LABEL.search(one.code)
        name = own[1] if own else said.get("tab-id", one.label)
        label = f" {{#{_table_label(name)}}}" if name else ""
        return f"\n{indent}| [Table not computed] |\n{indent}|---|\n{indent}| |\n\n{indent}: {caption}{label}\n\n"
    return "\n"


def _pictures(source: SourceFile, one: Cell, said: Mapping[str, str], known: Context) -> Iterator[str]:
    """Yield the pictures that the chunk names or that a run has left, as Markdown."""
    named = [path for found in _GRAPHICS.finditer(one.code) for path in _QUOTED.findall(found["paths"])]
    caption = said.get("fig-cap", "")
    if named:
        captions = _QUOTED.findall(caption) if caption.startswith("c(") else [caption]
        for index, path in enumerate(named):
            label = said.get("fig-id", one.label) if not index else ""
            yield _figure(captions[index] if index < len(captions) else "", path, label, said)
        return
    if not one.label:
        return
    folder, stem = posixpath.split(source.path)
    name = PurePosixPath(stem).stem
    for inner in (
        f"{name}_files/figure-html",
        f"{name}_files/figure-gfm",
        f"{name}_files/figure-latex",
        f"_bookdown_files/{name}_files/figure-html",
    ):
        path = posixpath.join(inner, f"{one.label}-1.png")
        if known.exists(posixpath.join(folder, path)):
            yield _figure(caption, path, said.get("fig-id", one.label), said)
            return


def _figure(caption: str, path: str, label: str, said: Mapping[str, str]) -> str:
    alt = said.get("fig-alt", "").replace('"', "'")
    name = label if label.startswith("fig-") else f"fig:{label}" if label else ""
    width = said.get("out-width", "")
    attributes = [
        f"#{name}" if name and re.fullmatch(r"[\w:.-]+", name) else "",
        f'alt="{alt}"' if alt else "",
        f"width={width}" if re.fullmatch(r"\d+(?:\.\d+)?(?:%|px|cm|in)", width) else "",
    ]
    stated = " ".join(filter(None, attributes))
    return f"![{caption}](<{path}>)" + (f"{{{stated}}}" if stated else "")


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
