"""Results of code that Quarto keeps in `_freeze/`, used where the chapter is still the one that was run.

Beside the Markdown that a run has made, Quarto keeps the MD5 of the chapter (Quarto, Managing Execution, Freeze). Where the
chapter has changed since, or its result is a program for a browser, nothing is taken from there.
"""

from __future__ import annotations

import bisect
import hashlib
import json
import posixpath
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any, NamedTuple

from pubkit.boundary.text import decode
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.manuscript.marks.browser import readable

__all__ = ["Frozen", "frozen"]

_FOLDER = "_freeze"
_CELL = expression(r":{3,}\s*\{[^{}]*\.cell[\s}]")
_OUTPUT = expression(r":{3,}\s*\{[^{}]*\.cell-output\b[^{}]*\}\s*")
_FENCE = expression(r"(?P<sign>`{3,}|~{3,}|:{3,})(?P<info>.*)")
_CODE = expression(r"\{[^{}]*\.cell-code[\s}]")
_CHUNK = expression(r"\{\s*[A-Za-z][\w+-]*(?:[\s,].*)?\}\s*\Z")
_OPTION = expression(r"\s*(?:#|//|--|%%)\|")
#: More chunks of one chapter are not compared with its results.
_MOST = 300
#: So many cells, as a share of all, may show code that is none of the chapter's: knitr can be told to tidy it.
_TIDIED = 0.2
_PICTURE = expression(
    r"(?:(?<=\]\()|(?<=src=\"))[\w./ -]*?(?P<name>[\w.-]+)_files/(?P<path>figure-\w+/[^()\s\"]+)(?=[)\"])"
)


class _Cell(NamedTuple):
    """One chunk as it was run: its code, and the Markdown of its results."""

    code: str
    output: str


class Frozen:
    """The results of the chunks of a chapter, which are asked for in the order of the text."""

    def __init__(self, codes: Sequence[str], outputs: Sequence[str | None]) -> None:
        self._outputs = outputs
        self._places: dict[str, list[int]] = defaultdict(list)
        for number, code in enumerate(codes):
            self._places[code].append(number)
        self._next = 0

    def output(self, code: str) -> str | None:
        """Return the results of the next chunk with this code, which may be empty; None if they are not known."""
        places = self._places.get(_squeezed(code), [])
        at = bisect.bisect_left(places, self._next)
        if at == len(places):
            return None
        self._next = places[at] + 1
        output = self._outputs[places[at]]
        return None if output is None else readable(output)


def frozen(path: str, read: Callable[[str], bytes | None]) -> Frozen | None:
    """Return what Quarto has kept of a run of the chapter at `path`, if that run was of the chapter as it is.

    Args:
        path: the chapter.
        read: returns the bytes of a file by its path below the publication, None where there is none.
    """
    name = posixpath.splitext(path)[0]
    kept = read(f"{_FOLDER}/{name}/execute-results/html.json")
    chapter = read(path) if kept else None
    if not kept or chapter is None:
        return None
    try:
        found = json.loads(kept)
        text = decode(_markdown(found, chapter).encode(), path).text
    except (ValueError, RecursionError, InputRefused):
        return None
    if not text:
        return None
    up = "../" * path.count("/")
    pictures = f"{up}{_FOLDER}/{name}"
    base = posixpath.basename(name)
    text = _PICTURE.sub(lambda one: f"{pictures}/{one['path']}" if one["name"] == base else one[0], text)
    cells = list(_cells(text.split("\n")))
    codes = _chunks(chapter.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"))
    return Frozen(codes, _outputs(codes, cells)) if max(len(codes), len(cells)) <= _MOST else None


def _outputs(codes: Sequence[str], cells: Sequence[_Cell]) -> list[str | None]:
    """Return the results of each chunk: cells follow the order of the text, and show the code of some chunks.

    Between two chunks whose code is shown, cells belong to the chunks there if there are as many; if there are none, these
    chunks had no results.
    """
    outputs: list[str | None] = [None] * len(codes)
    known = {"", *codes}
    if sum(one.code not in known for one in cells) > _TIDIED * len(cells):
        return outputs
    chunk = cell = 0
    for found in SequenceMatcher(None, codes, [one.code for one in cells], autojunk=False).get_matching_blocks():
        between = range(chunk, found.a)
        if len(between) == found.b - cell:
            outputs[chunk : found.a] = [one.output for one in cells[cell : found.b]]
        elif found.b == cell:
            outputs[chunk : found.a] = [""] * len(between)
        chunk, cell = found.a + found.size, found.b + found.size
        outputs[found.a : chunk] = [one.output for one in cells[found.b : cell]]
    return outputs


def _markdown(found: Any, chapter: bytes) -> str:
    """Return the Markdown of a run of `chapter`, or an empty text if it was of another."""
    result = found.get("result") if isinstance(found, dict) else None
    markdown = result.get("markdown") if isinstance(result, dict) else None
    same = {hashlib.md5(one, usedforsecurity=False).hexdigest() for one in (chapter, chapter.replace(b"\r\n", b"\n"))}
    return markdown if isinstance(markdown, str) and found.get("hash") in same else ""


def _chunks(lines: list[str]) -> list[str]:
    """Return the code of each chunk of a chapter."""
    codes: list[str] = []
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number].lstrip(" \t>"))
        if fence and fence["sign"][0] != ":":
            end = next((at for at in range(number + 1, len(lines)) if _closes(lines[at], fence["sign"])), len(lines))
            if _CHUNK.match(fence["info"]):
                codes.append(_squeezed("\n".join(line for line in lines[number + 1 : end] if not _OPTION.match(line))))
            number = end
        number += 1
    return codes


def _closes(line: str, sign: str) -> bool:
    bare = line.strip(" \t>")
    return len(bare) >= len(sign) and not bare.strip(sign[0])


def _cells(lines: list[str]) -> Iterator[_Cell]:
    """Yield the cells of a text between their fences, none of which is inside another."""
    number = 0
    while number < len(lines):
        if _CELL.match(lines[number]):
            cell, number = _cell(lines, number + 1)
            yield cell
        number += 1


def _cell(lines: list[str], number: int) -> tuple[_Cell, int]:
    """Return the cell whose first line is at `number`, and the number of the line that closes it."""
    code: list[str] = []
    output: list[str] = []
    kept: list[bool] = []
    while number < len(lines):
        line = lines[number]
        fence = _FENCE.match(line)
        if fence and fence["sign"][0] != ":":
            end = next((at for at in range(number + 1, len(lines)) if lines[at].strip() == fence["sign"]), len(lines))
            if _CODE.match(fence["info"]):
                code += lines[number + 1 : end]
            else:
                output += lines[number : end + 1]
            number = end
        elif fence and fence["info"].strip():
            kept.append(not _OUTPUT.fullmatch(line))
            output += [line] * kept[-1]
        elif fence and not kept:
            break
        else:
            output += [line] * (kept.pop() if fence else True)
        number += 1
    return _Cell(_squeezed("\n".join(code)), "\n".join(output).strip("\n")), number


def _squeezed(code: str) -> str:
    return "".join(code.split())
