"""One text with the front matter of pandoc, Quarto, R Markdown or JOSS, or with a first heading as its title."""

from __future__ import annotations

from pathlib import Path

from pubkit.findings import Location
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import SUFFIXES, Opened, opened
from pubkit.project.dialects.model import Foreign, Statements

__all__ = ["read", "recognised"]

_KINDS = {".qmd": "a Quarto document", ".rmd": "an R Markdown document"}


def recognised(path: Path) -> Path | None:
    """Return the text at `path`: a file, a JOSS paper.md in a folder, or the only text in a folder."""
    if path.is_file() and path.suffix.lower() in SUFFIXES:
        return path
    if not path.is_dir():
        return None
    if (path / "paper.md").is_file() and _is_joss(opened(path, "paper.md")):
        return path / "paper.md"
    texts = [entry for entry in sorted(path.iterdir()) if entry.suffix.lower() in SUFFIXES and entry.is_file()]
    folders = any(
        entry.is_dir() and any(entry.glob("**/*.md")) for entry in path.iterdir() if entry.name[0] not in "._"
    )
    return texts[0] if len(texts) == 1 and not folders else None


def read(path: Path) -> Foreign:
    """Read the text that `recognised` has found at `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    file = recognised(path) or path
    one = opened(file.parent, file.name)
    statements = Statements(Location(file.name, 1, 1))
    metadata.say_all(statements, one)
    kind = "a JOSS paper" if _is_joss(one) else _KINDS.get(file.suffix.lower(), "a Markdown document")
    return Foreign(
        "document", kind, file.parent, one.source, statements.made(), [one.body],
        variables.of(one.front, file.parent), findings=statements.findings,
    )  # fmt: skip


def _is_joss(one: Opened) -> bool:
    return one.source.path == "paper.md" and {"affiliations", "bibliography"} <= set(one.front.value)
