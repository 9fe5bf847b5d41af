"""Outputs that Jupyter notebooks keep of their cells, found by the label of the cell: `#| label: fig-doses`.

A notebook is data here: its code is neither run nor printed. Of several outputs of a cell the first picture or table counts.
Source: nbformat 4; MyST, Reuse Jupyter Outputs.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from pubkit.boundary.files import read_contained
from pubkit.errors import InputRefused
from pubkit.expressions import expression

__all__ = ["MARK", "Kept", "kept", "notebooks", "picture_at"]

#: What stands in the path of a picture between the notebook and the label of the cell.
MARK = ".ipynb#"
_LABEL = expression(r"\s*#\s*\|\s*(?:label|name)\s*:\s*(?P<label>\S+)\s*$")
_PICTURES = ("image/png", "image/jpeg", "image/svg+xml")
_MOST_NOTEBOOKS = 200
_LARGEST = 30_000_000
_HIDDEN = ("node_modules", "site-packages", "venv", "_build")


class Kept(NamedTuple):
    """The output of a cell: the notebook that keeps it, whether it is a picture, or else its table in HTML."""

    notebook: str
    label: str
    html: str = ""

    @property
    def target(self) -> str:
        """Return the path under which the picture is read, from the publication's folder."""
        return f"{self.notebook}#{self.label}"


def kept(folder: Path, paths: Iterable[str], label: str) -> Kept | None:
    """Return the output that one of the notebooks at `paths` keeps of the cell with this label: a picture or a table."""
    for path in paths:
        for name, data in _cells(folder, path):
            if name == label and (one := _usable(path, label, data)):
                return one
    return None


def picture_at(folder: Path, target: str) -> bytes | None:
    """Return the picture at `target` (`notebook.ipynb#label`); None if the notebook keeps none there."""
    path, _, label = target.rpartition("#")
    for name, data in _cells(folder, path):
        for kind in _PICTURES if name == label else ():
            if kind in data:
                return _decoded(kind, _joined(data[kind]))
    return None


def _usable(path: str, label: str, data: dict[str, Any]) -> Kept | None:
    if any(kind in data for kind in _PICTURES):
        return Kept(path, label)
    html = _joined(data.get("text/html", ""))
    return Kept(path, label, html) if "<table" in html.lower() else None


def _decoded(kind: str, text: str) -> bytes | None:
    if kind == "image/svg+xml":
        return text.encode()
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _joined(value: Any) -> str:
    parts = value if isinstance(value, list) else [value]
    return "".join(part for part in parts if isinstance(part, str))


def notebooks(folder: Path) -> tuple[str, ...]:
    """Return the paths of the notebooks below `folder`, by name."""
    found: list[str] = []
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] not in "._" and name not in _HIDDEN)
        found += [Path(place, name).relative_to(folder).as_posix() for name in sorted(names) if name.endswith(".ipynb")]
    return tuple(found[:_MOST_NOTEBOOKS])


def _cells(folder: Path, path: str) -> tuple[tuple[str, dict[str, Any]], ...]:
    """Return the label and each output of the labelled cells of a notebook; nothing of one that cannot be read."""
    try:
        return _read(read_contained(folder, path, "A notebook", limit=_LARGEST, suffixes={".ipynb"}))
    except (FileNotFoundError, NotADirectoryError, InputRefused, ValueError, RecursionError):
        return ()


@functools.lru_cache(maxsize=4)
def _read(notebook: bytes) -> tuple[tuple[str, dict[str, Any]], ...]:
    found = json.loads(notebook)
    cells = found.get("cells") if isinstance(found, dict) else None
    return tuple(_labelled(cells if isinstance(cells, list) else []))


def _labelled(cells: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for cell in cells:
        label = _label(cell) if isinstance(cell, dict) else ""
        outputs = cell.get("outputs") if label else None
        for output in outputs if isinstance(outputs, list) else []:
            data = output.get("data") if isinstance(output, dict) else None
            if isinstance(data, dict):
                yield label, data


def _label(cell: dict[str, Any]) -> str:
    """Return the label of a cell, in the comments at its beginning or in its metadata."""
    for line in _joined(cell.get("source")).split("\n")[:20]:
        if found := _LABEL.match(line):
            return found["label"].strip("\"'")
    said = cell.get("metadata")
    label = said.get("label") if isinstance(said, dict) else None
    return label if isinstance(label, str) else ""
