"""A folder of Markdown, in the order of SUMMARY.md (mdBook, GitBook), of mkdocs.yml, or of the files' names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project.dialects import variables
from pubkit.project.dialects.files import OF_REPOSITORIES, mapping, opened, read_yaml, text_of, texts_below
from pubkit.project.dialects.gathering import gathered
from pubkit.project.dialects.model import Foreign, Statements

__all__ = ["read", "recognised"]

_ENTRY = expression(r"\[[^\[\]]*\]\(<?([^()<>#\s]+\.(?:md|markdown))(?:#[^()]*)?>?\)")


def recognised(path: Path) -> Path | None:
    """Return the folder `path` if it contains Markdown."""
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
    if not spoken:  # the title of the first text is not that of all; the folder's name stands for one in drafts alone
        del statements.value["title"]
    references = sorted(file.as_posix() for file in texts_below(path, {".bib"}))
    statements.say("bibliography", references, Location(names[0][0], 1, 1))
    first = opened(path, texts[0].path) if texts else None
    known = variables.of(first.front, path) if first else {}
    return Foreign(
        "folder", kind, path, first.source if first else SourceFile(".", "", ""), statements.made(), texts, known,
        findings=statements.findings,
    )  # fmt: skip


def _ordered(folder: Path) -> tuple[list[tuple[str, Location]], str]:
    """Return the texts in reading order, each with the place that names it, and what the folder is."""
    for inner in ("", "src/"):
        if (folder / f"{inner}SUMMARY.md").is_file() and (listed := list(_summarised(folder, inner))):
            return listed, "a folder of Markdown, in the order of SUMMARY.md"
    if (folder / "mkdocs.yml").is_file() and (listed := list(_navigated(folder))):
        return listed, "a folder of Markdown, in the order of mkdocs.yml"
    return [(name, Location(name)) for name in _texts(folder)], "a folder of Markdown"


def _summarised(folder: Path, inner: str) -> Iterator[tuple[str, Location]]:
    """Yield the texts that SUMMARY.md links to, each once."""
    source = text_of(folder, f"{inner}SUMMARY.md", "The table of contents")
    seen: set[str] = set()
    for found in _ENTRY.finditer(source.text):
        name = inner + found[1].removeprefix("./")
        if name not in seen and "://" not in name:
            seen.add(name)
            yield name, source.location(found.start(1))


def _navigated(folder: Path) -> Iterator[tuple[str, Location]]:
    """Yield the texts that `nav:` in mkdocs.yml names."""
    _, file = read_yaml(folder, "mkdocs.yml")
    value = mapping(file.value)
    docs = str(value.get("docs_dir") or "docs")

    def walk(one: Any, at: tuple[str | int, ...]) -> Iterator[tuple[str, Location]]:
        if isinstance(one, str) and one.endswith(".md"):
            yield f"{docs}/{one}", file.at(at)
        for key, inner in one.items() if isinstance(one, dict) else enumerate(one) if isinstance(one, list) else ():
            yield from walk(inner, (*at, key))

    yield from walk(value.get("nav"), ("nav",))


def _texts(folder: Path) -> list[str]:
    """Return the texts by name: knitted Markdown rather than its source, and a README only if there is nothing else."""
    unprinted = OF_REPOSITORIES | {"SUMMARY", "PULL_REQUEST_TEMPLATE"}
    kept = [one for one in texts_below(folder) if one.stem.upper() not in unprinted]
    knitted = {one.with_suffix("") for one in kept if one.suffix.lower() == ".md"}
    kept = [one for one in kept if one.suffix.lower() == ".md" or one.with_suffix("") not in knitted]
    texts = [one for one in kept if one.name.upper() != "README.MD"] or kept
    return [printable(one.as_posix(), 500) for one in texts]
