"""A folder of Markdown: in the order of SUMMARY.md (mdBook, GitBook) or mkdocs.yml, else of its names, folder by folder."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import variables
from pubkit.project.dialects.files import SUFFIXES, natural, opened, read_yaml, text_of
from pubkit.project.dialects.gathering import gathered
from pubkit.project.dialects.model import Foreign, Statements

__all__ = ["read", "recognised"]

_ENTRY = re.compile(r"\[[^\]]*\]\(<?([^()<>#\s]+\.(?:md|markdown))(?:#[^)]*)?>?\)")
_OF_REPOSITORIES = frozenset(
    [
        "LICENSE",
        "LICENCE",
        "CHANGELOG",
        "CONTRIBUTING",
        "NOTICE",
        "AUTHORS",
        "CODE_OF_CONDUCT",
        "SECURITY",
        "SUMMARY",
        "PULL_REQUEST_TEMPLATE",
    ]
)
_NOT_TEXT = frozenset({"node_modules", "renv", "venv", "dist", "build", "site-packages", "__pycache__"})


def recognised(path: Path) -> Path | None:
    """Return the folder `path` if there is Markdown in it."""
    return path if path.is_dir() and _texts(path) else None


def read(path: Path) -> Foreign:
    """Read the Markdown files in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    statements = Statements(Location(".", 0, 0))
    names, kind = _ordered(path)
    spoken = Path(names[0][0]).stem.lower() in {"index", "readme", "intro"}
    if not spoken:
        statements.say("title", path.resolve().name, Location(names[0][0], 1, 1))
    texts = gathered(path, names, statements, own_heading_counts=True)
    references = sorted(
        entry.relative_to(path).as_posix()
        for entry in path.glob("**/*.bib")
        if not any(part[0] in "._" or part in _NOT_TEXT for part in entry.relative_to(path).parts)
    )
    statements.say("bibliography", references, Location(names[0][0], 1, 1))
    first = opened(path, texts[0].path) if texts else None
    known = variables.of(first.front, path) if first else {}
    return Foreign(
        "folder",
        kind,
        path,
        first.source if first else SourceFile(".", "", ""),
        statements.made(),
        texts,
        known,
        findings=statements.findings,
    )


def _ordered(folder: Path) -> tuple[list[tuple[str, Location]], str]:
    """Return the texts in reading order, each with the place that names it, and what the folder is."""
    for inner in ("", "src/"):
        if (folder / f"{inner}SUMMARY.md").is_file():
            return list(_summarised(folder, inner)), "a folder of Markdown, in the order of SUMMARY.md"
    if (folder / "mkdocs.yml").is_file() and (listed := list(_navigated(folder))):
        return listed, "a folder of Markdown, in the order of mkdocs.yml"
    return [(name, Location(name)) for name in _texts(folder)], "a folder of Markdown"


def _summarised(folder: Path, inner: str) -> Iterator[tuple[str, Location]]:
    source = text_of(folder, f"{inner}SUMMARY.md", "The table of contents")
    seen: set[str] = set()
    for found in _ENTRY.finditer(source.text):
        name = inner + found[1].removeprefix("./")
        if name not in seen and "://" not in name:
            seen.add(name)
            yield name, source.location(found.start(1))


def _navigated(folder: Path) -> Iterator[tuple[str, Location]]:
    _, file = read_yaml(folder, "mkdocs.yml")
    value: Any = file.value or {}
    docs = str(value.get("docs_dir") or "docs")

    def walk(one: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str, Location]]:
        if isinstance(one, str) and one.endswith(".md"):
            yield f"{docs}/{one}", file.at(at)
        for key, inner in one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ():
            yield from walk(inner, (*at, key))

    yield from walk(value.get("nav"), ("nav",))


def _texts(folder: Path) -> list[str]:
    found = (entry.relative_to(folder) for entry in folder.glob("**/*") if entry.suffix.lower() in SUFFIXES)
    kept = [
        one
        for one in found
        if not any(part[0] in "._" or part in _NOT_TEXT for part in one.parts)
        and one.stem.upper() not in _OF_REPOSITORIES
    ]
    knitted = {one.with_suffix("") for one in kept if one.suffix.lower() == ".md"}
    kept = [one for one in kept if one.suffix.lower() == ".md" or one.with_suffix("") not in knitted]
    texts = [one for one in kept if one.name.upper() != "README.MD"] or kept
    return [printable(one.as_posix(), 500) for one in sorted(texts, key=lambda one: natural(one.as_posix()))]
