"""A Jupyter notebook as a chapter: its text, its code where that is shown, and the outputs that it keeps of a run.

Nothing is run. Each character of a cell leads back to its place there. Source: nbformat 4; MyST and Quarto, Notebooks.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from pubkit.boundary.text import Piece, SourceFile

__all__ = ["FAILED", "LARGEST", "PICTURES", "as_text", "joined", "label_of", "without_pictures"]

#: The most bytes that a notebook may have: it contains its pictures.
LARGEST = 30_000_000

#: The kinds of pictures among outputs, the better one first.
PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_LONGEST_STRING = 50_000
_UNPRINTED = re.compile(r"<(style|script)\b[^>]*>.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_EMPTY_LINES = re.compile(r"\n\s*\n")
#: A run of characters that JSON writes as they are, or one character that it escapes.
_AS_JSON = re.compile(r"[^\\]+|\\u[dD][89abAB]..\\u....|\\u....|\\.")
_OPTION = re.compile(r"[ \t]*#[ \t]*\|[ \t]*(?P<key>[\w-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*\Z")
_NO = frozenset({"false", "no"})
_MOST_OPTIONS = 30
#: What a cell must not have for a part of it to be shown: tags of Jupyter Book, options of Quarto.
_HIDDEN = {"code": ("remove-input", "echo"), "results": ("remove-output", "output")}
#: What a draft shows in the place of the results of a cell that failed.
FAILED = "[Cell failed]"
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_LONGEST_OUTPUT = 20_000


def without_pictures(data: bytes) -> bytes:
    """Return the bytes of a notebook without the strings that no text has: pictures, and programs for a browser."""
    return _STRING.sub(lambda found: b'""' if len(found[0]) > _LONGEST_STRING else found[0], data)


def as_text(notebook: SourceFile) -> SourceFile | None:
    """Return a notebook as Markdown; None if it is none that can be read."""
    try:
        said = json.loads(notebook.text)
    except (ValueError, RecursionError):
        return None
    cells = said.get("cells") if isinstance(said, dict) else None
    if not isinstance(cells, list):
        return None
    text = _Text(notebook)
    language = _language(said.get("metadata"))
    for number, cell in enumerate(cells):
        if isinstance(cell, dict):
            text.begin(number)
            _add(text, cell, number, language)
    return text.made()


def _add(text: _Text, cell: Mapping[str, Any], number: int, language: str) -> None:
    source = joined(cell.get("source"))
    if cell.get("cell_type") == "code":
        _add_code(text, cell, number, language)
    elif cell.get("cell_type") == "markdown" or (number == 0 and source.startswith("---")):
        text.take(source)
        text.put("\n\n")


def _add_code(text: _Text, cell: Mapping[str, Any], number: int, language: str) -> None:
    source = joined(cell.get("source"))
    said, code = _options(source)
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    tags = {one for one in tags if isinstance(one, str)} if isinstance(tags, list) else set()
    if "remove-cell" in tags or said.get("include", "").lower() in _NO:
        return
    shown = {part: tag not in tags and said.get(key, "").lower() not in _NO for part, (tag, key) in _HIDDEN.items()}
    if shown["code"] and code.strip():
        fence = _fence(code)
        text.put(f"{fence}{language}\n")
        text.take(code, source.count("\n") - code.count("\n"))
        text.put(f"\n{fence}\n\n")
    picture = _picture(f"{text.name}#{label_of(cell, number)}", said)
    for result in _results(cell, picture) if shown["results"] else ():
        if result == FAILED and "raises-exception" in tags:
            continue
        text.put(f"{result}\n\n")


def _picture(target: str, said: Mapping[str, str]) -> str:
    """Return the picture at `target` as Markdown, with the caption and the description that the cell gives it."""
    words = said.get("fig-alt", "").replace('"', "'")
    return f"![{said.get('fig-cap', '')}](<{target}>)" + (f'{{alt="{words}"}}' if words else "")


def _results(cell: Mapping[str, Any], picture: str) -> Iterator[str]:
    """Yield the outputs of a cell as Markdown, its first `picture`, tables and text; of a failure, that there was one."""
    outputs = cell.get("outputs")
    drawn = False
    for output in outputs if isinstance(outputs, list) else ():
        data = output.get("data") if isinstance(output, dict) else None
        data = data if isinstance(data, dict) else {}
        if isinstance(output, dict) and output.get("output_type") == "error":
            yield FAILED
        elif any(kind in data for kind in PICTURES):
            if not drawn:
                drawn = True
                yield picture
        elif "<table" in (html := joined(data.get("text/html"))).lower():
            yield _EMPTY_LINES.sub("\n", _UNPRINTED.sub("", html))
        elif markdown := joined(data.get("text/markdown")):
            yield markdown
        elif words := joined(data.get("text/plain")) or _streamed(output):
            words = _COLOURS.sub("", words)[:_LONGEST_OUTPUT].rstrip("\n")
            fence = _fence(words)
            yield f"{fence}{{.cell-output}}\n{words}\n{fence}"


def _streamed(output: Any) -> str:
    """Return what a cell has printed; warnings are not shown."""
    printed = isinstance(output, dict) and output.get("output_type") == "stream" and output.get("name") == "stdout"
    return joined(output.get("text")) if printed else ""


def _fence(inner: str) -> str:
    longest = max((len(found) for found in re.findall(r"`+", inner)), default=0)
    return "`" * max(3, longest + 1)


def _options(source: str) -> tuple[dict[str, str], str]:
    """Return the options in the comments at the beginning of a cell, and the code behind them."""
    said: dict[str, str] = {}
    lines = source.split("\n")
    while lines and len(said) < _MOST_OPTIONS and (found := _OPTION.match(lines[0])):
        said[found["key"]] = found["value"].strip("\"'")
        lines.pop(0)
    return said, "\n".join(lines)


def label_of(cell: Mapping[str, Any], number: int) -> str:
    """Return the label of a cell, in the comments at its beginning or in its metadata, or else one made of its number."""
    said, _ = _options(joined(cell.get("source")))
    metadata = cell.get("metadata")
    stated = metadata.get("label") if isinstance(metadata, dict) else None
    return said.get("label") or said.get("name") or (stated if isinstance(stated, str) else "") or f"cell-{number + 1}"


def joined(value: Any) -> str:
    """Return a text of a notebook, which is one string or a list of its lines."""
    parts = value if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str))


def _language(metadata: Any) -> str:
    """Return the language of the code, as the notebook names it."""
    for key, inner in (("language_info", "name"), ("kernelspec", "language")):
        said = metadata.get(key) if isinstance(metadata, dict) else None
        name = said.get(inner) if isinstance(said, dict) else None
        if isinstance(name, str) and re.fullmatch(r"[A-Za-z][\w+-]{0,30}", name):
            return name.lower()
    return ""


class _Text:
    """The Markdown that a notebook becomes, with the place of each line in it."""

    def __init__(self, notebook: SourceFile) -> None:
        self.name = PurePosixPath(notebook.path).name
        self._notebook = notebook
        self._parts: list[str] = []
        self._pieces: list[Piece] = []
        self._length = self._at = 0
        self._place = notebook

    def begin(self, cell: int) -> None:
        """Say that what follows is of the cell number `cell`, from 0."""
        self._cell = f"cell {cell + 1}"
        self._place = self._notebook._replace(within=self._cell)

    def put(self, text: str) -> None:
        """Add what no line of the notebook has as it is."""
        self._add(text, self._at, verbatim=False)

    def take(self, text: str, above: int = 0) -> None:
        """Add lines of a cell, which are looked for in the notebook from where the last one was found.

        Before them, `above` lines of the cell are left out.
        """
        for number, line in enumerate(text.splitlines(keepends=True), above + 1):
            self._place = self._notebook._replace(within=f"{self._cell}, line {number}")
            bare = line.rstrip("\n")
            forms = (json.dumps(bare, ensure_ascii=plain)[1:-1] for plain in (False, True))
            found = next(((at, form) for form in forms if (at := self._notebook.text.find(form, self._at)) >= 0), None)
            if bare.strip() and found:
                self._at = found[0]
                self._add_as_json(bare, found[1])
            else:
                self._add(bare, self._at, verbatim=False)
            self._add(line[len(bare) :], self._at, verbatim=False)

    def _add_as_json(self, line: str, written: str) -> None:
        """Add a line that the notebook has from here on, in the form `written`; between escapes it is there as it is."""
        start = 0
        for run in _AS_JSON.findall(written):
            plain = not run.startswith("\\")
            self._add(line[start : start + (len(run) if plain else 1)], self._at, verbatim=plain)
            start += len(run) if plain else 1
            self._at += len(run)

    def _add(self, text: str, at: int, *, verbatim: bool) -> None:
        if text:
            self._pieces.append(Piece(self._length, self._place, at, verbatim))
            self._parts.append(text)
            self._length += len(text)

    def made(self) -> SourceFile:
        """Return the whole."""
        return SourceFile(self._notebook.path, "".join(self._parts), self._notebook.sha256, tuple(self._pieces))
