"""Manuscripts written for another tool, read as they are: each dialect is one module, and all return one type.

A module recognises a path of its kind (`recognised`) and reads it (`read`): its configuration becomes the statements
that pubkit.yaml would make, its chapters are in the order of that tool, and every place is in the author's files.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType

from pubkit.project.dialects import bookdown, document, folder, manubot, myst, quarto
from pubkit.project.dialects.model import Foreign

__all__ = ["DIALECTS", "Foreign", "adopted"]

#: The dialects by their names in pubkit.yaml, in the order in which they are tried: the surest sign first.
DIALECTS: dict[str, ModuleType] = {
    "quarto": quarto,
    "bookdown": bookdown,
    "myst": myst,
    "manubot": manubot,
    "document": document,
    "folder": folder,
}


def adopted(path: Path, name: str | None = None) -> Foreign | None:
    """Return the manuscript at `path` as the dialect `name`, or the first one that recognises it, reads it; else None.

    Raises:
        ConfigurationError: its configuration cannot be read, or a chapter is missing.
        InputRefused: a file is unsafe.
    """
    for module in (DIALECTS[name],) if name else DIALECTS.values():
        if module.recognised(path):
            found: Foreign = module.read(path)
            return found
    return None
