r"""Environments of LaTeX in Markdown: tables, figures and lists, as JOSS papers and R Markdown have them.

A table becomes one in HTML, which may span columns; its cells stay as they are, with their places.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.text import Edit, SourceFile, part
from pubkit.expressions import expression
from pubkit.manuscript.marks.block import put
from pubkit.manuscript.marks.cells import NOT_COMPUTED
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.names import canonical
from pubkit.manuscript.prose import prose

__all__ = ["environment_edits"]

_BEGIN = expression(
    r"^[ \t]*\\begin\{(?P<name>(?:table|longtable|tabularx?|figure|wrapfigure)\*?|itemize|enumerate|center|quote)\}",
    re.MULTILINE,
)
#: The longest environment that is read.
_LONGEST = 60_000
_TABULAR = expression(r"\\begin\{(?P<name>tabularx?\*?|longtable\*?)\}(?:\{[^{}]*\}(?=\{))?(?:\[[^\]]*\])?")
_CAPTION = expression(r"\\caption\*?(?:\[[^\]]*\])?\{")
_LABEL = expression(r"\\label\{([^{}\n]+)\}")
_RULE = expression(
    r"\\(?:hline|toprule|midrule|bottomrule|endhead|endfirsthead|endfoot|endlastfoot)(?![A-Za-z])(?:\[[^\]]*\])?"
    r"|\\(?:cline|cmidrule)(?:\([lr]*\))?(?:\[[^\]]*\])?\{[^{}]*\}|\\addlinespace(?:\[[^\]]*\])?"
)
_SPAN = expression(r"[ \t\n]*\\multi(?P<kind>column|row)\{(?P<count>\d{1,3})\}(?:\[[^\]]*\])?\{(?P<side>[^{}]*)\}\{")
_PICTURE = expression(r"\\includegraphics\*?(?:\[(?P<options>[^\]]*)\])?\{(?P<file>[^{}\n]+)\}")
_SHARE = expression(r"width=(?P<share>[\d.]*)\\(?:text|line|column)width|width=(?P<length>[\d.]+(?:cm|mm|in|pt|px|em))")
_ITEM = expression(r"[ \t]*\\item(?:\[(?P<term>[^\]\n]*)\])?(?![A-Za-z])[ \t]*")
_SIGNS = expression(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline(?![A-Za-z])|\\.|[&{}]", re.DOTALL)
_BRACE = expression(r"\\.|[{}]", re.DOTALL)
_SIDES = {"l": "left", "c": "center", "r": "right"}
_SUFFIXES = ("", ".png", ".jpg", ".jpeg", ".svg", ".pdf")


class _Cell(Struct, frozen=True):
    """Where the words of a cell are, how many columns it spans, and to which side it is aligned."""

    start: int
    end: int
    span: int = 1
    side: str = ""


def environment_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn the environments in `source` into Markdown and HTML."""
    if "\\begin{" not in source.text:
        return
    text = prose(source.text)
    at = 0
    while found := _BEGIN.search(text, at):
        close = f"\\end{{{found['name']}}}"
        end = text.find(close, found.end(), found.end() + _LONGEST)
        if end < 0:
            at = found.end()
            continue
        at = end + len(close)
        match found["name"].rstrip("*"):
            case "table" | "longtable" | "tabular" | "tabularx":
                yield from _table(source, text, found.start(), at)
            case "figure" | "wrapfigure":
                yield from _figure(source, text, found.start(), at, known)
            case "itemize" | "enumerate":
                yield from _list(text, found, end, at)
            case _:
                yield Edit(found.start(), found.end(), "")
                yield Edit(end, at, "")
                at = found.end()


def _table(source: SourceFile, text: str, start: int, end: int) -> Iterator[Edit]:
    """Yield the edits for a table: one in HTML, the caption first."""
    inner = _TABULAR.search(text, start, end)
    if not inner:
        return
    close = text.find(f"\\end{{{inner['name']}}}", inner.end(), end)
    columns = _group(text, text.find("{", inner.end(), end)) if text[inner.end() : inner.end() + 1] == "{" else None
    if close < 0 or columns is None:
        return
    rows, head = _rows(text, columns[1] + 1, close)
    sides = re.findall(r"[lcr]", re.sub(r"\{[^{}]*\}", "", text[columns[0] : columns[1]]))
    label = _LABEL.search(text, start, end)
    opening = f'\n\n<table id="{canonical(label[1])}">\n' if label else "\n\n<table>\n"
    captioned = [*_caption(source, text, start, end, opening)]
    yield from captioned
    cursor, waiting = start, "" if captioned else opening
    for number, row in enumerate(rows):
        tag = "th" if number < head else "td"
        waiting += "<tr>"
        for index, cell in enumerate(row):
            side = cell.side or (_SIDES[sides[index]] if len(sides) > index and len(row) == len(sides) else "")
            said = (f' align="{side}"' if side else "") + (f' colspan="{cell.span}"' if cell.span > 1 else "")
            yield Edit(cursor, cell.start, f"{waiting}<{tag}{said}>")
            cursor, waiting = cell.end, f"</{tag}>"
        waiting += "</tr>\n"
    yield Edit(cursor, end, f"{waiting}</table>\n\n")


def _caption(source: SourceFile, text: str, start: int, end: int, opening: str) -> Iterator[Edit]:
    """Yield the edits that put the caption of a table first, without its label."""
    found = _CAPTION.search(text, start, end)
    words = _group(text, found.end() - 1) if found else None
    if words:
        yield Edit(start, start, f"{opening}<caption>")
        for piece in _without_labels(text, *words):
            yield Edit(start, start, part(source, *piece))
        yield Edit(start, start, "</caption>\n")


def _without_labels(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for label in _LABEL.finditer(text, start, end):
        yield start, label.start()
        start = label.end()
    yield start, end


def _rows(text: str, start: int, end: int) -> tuple[list[list[_Cell]], int]:
    """Return the rows of a table's body, and how many of them are its head: those before the first rule below a row."""
    rows: list[list[_Cell]] = []
    row: list[_Cell] = []
    head = depth = 0
    cell = _after_rules(text, start, end)
    for sign in _SIGNS.finditer(text, start, end):
        depth += (sign[0] == "{") - (sign[0] == "}")
        if depth or sign.start() < cell:
            continue
        ends_row = sign[0].startswith(("\\\\", "\\tabularnewline"))
        if sign[0] != "&" and not ends_row:
            continue
        row.append(_cell(text, cell, sign.start()))
        cell = sign.end()
        if ends_row:
            rows.append(row)
            row = []
            cell = _after_rules(text, sign.end(), end)
            head = head or (len(rows) if _RULE.search(text, sign.end(), cell) else 0)
    if text[cell:end].strip() or row:
        rows.append([*row, _cell(text, cell, end)])
    return rows, head if 0 < head < len(rows) else 1


def _after_rules(text: str, start: int, end: int) -> int:
    """Return where the words of a row begin: after rules, and at no space."""
    at = start
    while True:
        at += len(text[at:end]) - len(text[at:end].lstrip())
        rule = _RULE.match(text, at, end)
        if not rule:
            return at
        at = rule.end()


def _cell(text: str, start: int, end: int) -> _Cell:
    span = _SPAN.match(text, start, end)
    words = _group(text, span.end() - 1) if span else None
    if span and words:
        several = span["kind"] == "column"
        side = next((_SIDES[sign] for sign in span["side"] if sign in _SIDES), "") if several else ""
        return _Cell(*_bare(text, *words), int(span["count"]) if several else 1, side)
    return _Cell(*_bare(text, start, end))


def _bare(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a range without the space at its ends."""
    words = text[start:end]
    if not words.strip():
        return end, end
    return start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())


def _group(text: str, brace: int) -> tuple[int, int] | None:
    """Return where the content of the group begins and ends whose brace is at `brace`; None if it does not end."""
    depth = 0
    for sign in _BRACE.finditer(text, brace, brace + _LONGEST) if brace >= 0 else ():
        depth += (sign[0] == "{") - (sign[0] == "}")
        if not depth:
            return brace + 1, sign.start()
    return None


def _figure(source: SourceFile, text: str, start: int, end: int, known: Context) -> Iterator[Edit]:
    """Yield the edits for a figure; the caption belongs to the last of its pictures."""
    pictures = list(_PICTURE.finditer(text, start, end))
    if not pictures and not _DRAWN_BY_TEX.search(text, start, end):
        return
    caption = _CAPTION.search(text, start, end)
    words = _group(text, caption.end() - 1) if caption else None
    label = _LABEL.search(text, start, end)
    if not pictures:
        known.unread.append(Unread("has a figure that only TeX draws", source, start, computed=True))
        yield from put(("\n\n![", *_caption_of(source, text, words), _not_drawn(source, label)), start, end)
        return
    new: list[str | SourceFile] = []
    for picture in pictures:
        said = words if picture is pictures[-1] else None
        new += ["\n\n![", *(part(source, *piece) for piece in (_without_labels(text, *said) if said else ()))]
        identifier = f"#{canonical(label[1])}" if label and picture is pictures[-1] else ""
        attributes = " ".join(filter(None, (identifier, _width(picture["options"] or ""))))
        file = _existing(picture["file"].strip(), known)
        new.append(f"](<{file}>){{{attributes}}}" if attributes else f"](<{file}>)")
    for piece in new:
        yield Edit(start, start, piece)
    yield Edit(start, end, "\n\n")


def _caption_of(source: SourceFile, text: str, words: tuple[int, int] | None) -> Iterator[SourceFile]:
    yield from (part(source, *piece) for piece in (_without_labels(text, *words) if words else ()))


def _not_drawn(source: SourceFile, label: re.Match[str] | None) -> str:
    """Return the end of a picture that is not drawn, with its label unless a chunk draws it for all formats but LaTeX."""
    chunk = re.escape(label[1].removeprefix("fig:")) if label else ""
    is_other = label and re.search(rf"^```+\s*\{{r {chunk}[,\s}}]", source.text, re.MULTILINE)
    named = f"{{#{canonical(label[1])}}}" if label and not is_other else ""
    return f"](<{NOT_COMPUTED}>){named}\n\n"


_DRAWN_BY_TEX = expression(r"\\begin\{(?:tikzpicture|pspicture|picture|forest|circuitikz)\*?\}")


def _existing(name: str, known: Context) -> str:
    """Return the name of a picture with the ending that its file has, which LaTeX does not need."""
    return next((name + ending for ending in _SUFFIXES if known.exists(name + ending)), name)


def _width(options: str) -> str:
    found = _SHARE.search(options.replace(" ", ""))
    if not found:
        return ""
    if found["length"]:
        return f"width={found['length']}"
    share = float(found["share"] or 1) if re.fullmatch(r"\d*\.?\d*", found["share"]) and found["share"] != "." else 1
    return f"width={min(100, round(share * 100))}%"


def _list(text: str, found: re.Match[str], end: int, close: int) -> Iterator[Edit]:
    """Yield the edits for a list of items, unless another list is in it."""
    items: Sequence[re.Match[str]] = list(_ITEM.finditer(text, found.end(), end))
    if not items or "\\begin{" in text[found.end() : end]:
        return
    yield Edit(found.start(), found.end(), "\n")
    for item in items:
        mark = "- " if found["name"] == "itemize" else "1. "
        yield Edit(item.start(), item.end(), f"{mark}{item['term'] + ' ' if item['term'] else ''}")
    yield Edit(end, close, "\n")
