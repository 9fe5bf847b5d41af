"""One text with the front matter of pandoc, Quarto, R Markdown or JOSS, or with a first heading as its title.

A JOSS paper may be in a folder of the repository that it describes, and use files of other folders.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from pubkit.boundary.files import read_contained
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import SUFFIXES, Opened, opened
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.dialects.sites import collections_of

__all__ = ["read", "recognised", "repository_of"]

_PAPER = "paper.md"

#: Where repositories keep their JOSS paper (JOSS, Submitting a paper).
_PAPERS = ("paper.md", "paper/paper.md", "joss/paper.md", "JOSS/paper.md", "docs/paper.md", "docs/paper/paper.md")
#: Files of other folders, as a paper names them, and how far up its repository is looked for.
_RISE = expression(r"(?<![\w./])(?:\.\./)+(?=\w)")
_MOST_RISEN = 3
#: A citation in pandoc's Markdown, and the key of an entry in BibTeX.
_KEY = expression(r"@\{?([\w:.#$%&+?<>~/-]*\w)")
_ENTRY = expression(r"^[ \t]*@\w+[ \t]*[{(]\s*([^\s,{}()]+)[ \t]*,", re.MULTILINE)
#: The largest bibliography that is looked into, in bytes.
_LARGEST = 20_000_000
_KINDS = {".qmd": "a Quarto document", ".rmd": "an R Markdown document"}


def recognised(path: Path) -> Path | None:
    """Return the text at `path`: a file, a JOSS paper.md in a folder, or the only text in a folder."""
    if path.is_file() and path.suffix.lower() in SUFFIXES:
        return path
    if not path.is_dir():
        return None
    if paper := next((path / name for name in _PAPERS if _is_joss_at(path, name)), None):
        return paper
    texts = [entry for entry in sorted(path.iterdir()) if entry.suffix.lower() in SUFFIXES and entry.is_file()]
    if len(texts) != 1:
        return None
    pages = collections_of(path)
    folders = (
        entry for entry in path.iterdir() if entry.is_dir() and (entry.name[0] not in "._" or entry.name in pages)
    )
    return None if any(map(_holds_texts, folders)) else texts[0]


def _holds_texts(folder: Path) -> bool:
    """Return whether there is a Markdown file in `folder` or below; what vanishes meanwhile holds none."""
    return any(name.endswith(".md") for _, _, names in os.walk(folder) for name in names)


def read(path: Path) -> Foreign:
    """Read the text that `recognised` has found at `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    file = recognised(path) or path
    folder = path if path.is_dir() else path.parent
    one = opened(folder, file.relative_to(folder).as_posix())
    statements = Statements(Location(one.source.path, 1, 1))
    metadata.say_all(statements, one)
    statements.say("bibliography", _cited_beside(folder, one), Location(one.source.path, 1, 1))
    kind = "a JOSS paper" if _is_joss(one) else _KINDS.get(file.suffix.lower(), "a Markdown document")
    return Foreign(
        "document", kind, folder, one.source, statements.made(), [one.body],
        variables.of(one.front, folder), findings=statements.findings,
    )  # fmt: skip


def _cited_beside(folder: Path, one: Opened) -> list[str]:
    """Return the .bib file in `folder` of which the text cites a work; none if there are several.

    Authors name it to pandoc on its command line, where it cannot be seen.
    """
    cited = set(_KEY.findall(one.source.text))
    found = [path.name for path in sorted(folder.glob("*.bib")) if cited & _keys(folder, path.name)] if cited else []
    return found if len(found) == 1 else []


def _keys(folder: Path, name: str) -> set[str]:
    """Return the keys of a bibliography; none of one that cannot be read, which nobody has named."""
    try:
        data = read_contained(folder, name, "The bibliography", limit=_LARGEST, suffixes=(".bib",))
    except (OSError, InputRefused):
        return set()
    return set(_ENTRY.findall(data.decode("utf-8", "replace")))


def repository_of(path: Path) -> Path | None:
    """Return the repository of a JOSS paper that names files outside its own folder; None for any other text.

    Args:
        path: the paper, or its folder.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    file = path if path.is_file() else path / _PAPER
    beside = file.parent / "pubkit.yaml"
    if file.name != _PAPER or not file.is_file() or beside.is_file() or not _is_joss_at(file.parent, _PAPER):
        return None
    rises = [found[0].count("../") for found in _RISE.finditer(opened(file.parent, _PAPER).source.text)]
    if not rises:
        return None
    inside = file.absolute()
    above = [folder for folder in inside.parents[max(rises) : _MOST_RISEN + 1] if _is_repository(folder)]
    return next((folder for folder in above if recognised(folder) == inside), None)


def _is_repository(folder: Path) -> bool:
    names = ("README*", "LICENSE*", "LICENCE*")
    return (folder / ".git").exists() or any(next(folder.glob(name), None) for name in names)


def _is_joss_at(folder: Path, name: str) -> bool:
    return (folder / name).is_file() and _is_joss(opened(folder, name))


def _is_joss(one: Opened) -> bool:
    return Path(one.source.path).name == _PAPER and {"affiliations", "bibliography"} <= set(one.front.value)
