"""A MyST project (myst.yml) or a Jupyter Book (_config.yml and _toc.yml), with the chapters that its contents list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.boundary.text import Edit, SourceFile, rewritten
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import natural, read_yaml
from pubkit.project.dialects.gathering import Listed, gathered
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.dialects.quarto import part_page

__all__ = ["read", "recognised"]

#: A work that is cited by its DOI or the address of it (MyST, Citations).
_DOI = re.compile(r"(?<![^\s\[;(-])@(?P<address>(?:https?://(?:dx\.)?doi\.org/)?)(?=10\.\d{4,9}/)")

_PROJECT = ("myst.yml", "myst.yaml")
_BOOK = ("_config.yml", "_config.yaml")
_TOC = ("_toc.yml", "_toc.yaml")


def recognised(path: Path) -> Path | None:
    """Return the configuration of the MyST project or Jupyter Book in the folder `path`."""
    project = next((path / name for name in _PROJECT if (path / name).is_file()), None)
    return project or (_first(path, _BOOK) or _first(path, _TOC) if _first(path, _TOC) else None)


def _first(path: Path, names: tuple[str, ...]) -> Path | None:
    return next((path / name for name in names if (path / name).is_file()), None)


def read(path: Path) -> Foreign:
    """Read the MyST project or Jupyter Book in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    found = recognised(path) or path / _PROJECT[0]
    configuration, file = read_yaml(path, found.name)
    is_project = found.name in _PROJECT
    statements = Statements(Location(configuration.path, 1, 1))
    value = file.value if isinstance(file.value, dict) else {}
    if isinstance(value.get("project"), dict):
        metadata.say(statements, file, ("project",))
    if not is_project:
        metadata.say(statements, file)
    listed = _contents(path, configuration, file, is_project=is_project)
    texts = [rewritten(text, _dois(text)) for text in gathered(path, listed, statements)]
    named = value.get("bibtex_bibfiles")
    bibliographies = (
        list(map(str, named)) if isinstance(named, list) else sorted(one.name for one in path.glob("*.bib"))
    )
    statements.say("bibliography", bibliographies, Location(configuration.path, 1, 1))
    kind = "a MyST project" if is_project else "a Jupyter Book"
    nothing = strict_yaml.YamlFile({}, {(): Location(configuration.path, 1, 1)})
    project = strict_yaml.YamlFile(value.get("project") or {}, nothing.locations) if is_project else file
    return Foreign(
        "myst", kind, path, configuration, statements.made(), texts, variables.of(project, path),
        findings=statements.findings,
    )  # fmt: skip


def _dois(text: SourceFile) -> Iterator[Edit]:
    """Yield the edits that write a work cited by its DOI, or the address of it, as pubkit cites it."""
    return (Edit(found.start("address"), found.end("address"), "doi:") for found in _DOI.finditer(text.text))


def _contents(folder: Path, configuration: SourceFile, file: strict_yaml.YamlFile, *, is_project: bool) -> list[Listed]:
    """Return the texts in reading order: those of the table of contents, else all there are."""
    value = file.value if isinstance(file.value, dict) else {}
    project = value.get("project") if is_project else None
    if isinstance(project, dict) and isinstance(project.get("toc"), list):
        return list(_entries(folder, configuration, file, ("project", "toc"), project["toc"]))
    if toc := _first(folder, _TOC):
        source, entries = read_yaml(folder, toc.name)
        said = entries.value
        if isinstance(said, dict):
            root = said.get("root")
            first: list[Listed] = [(_named(folder, root), entries.at(("root",)))] if isinstance(root, str) else []
            return [*first, *_inner(folder, source, entries, (), said)]
        return list(_entries(folder, source, entries, (), said))
    return [(name, Location(name)) for name in _texts(folder)]


def _inner(
    folder: Path, source: SourceFile, file: strict_yaml.YamlFile, at: strict_yaml.Path, one: dict[str, Any]
) -> Iterator[Listed]:
    for key in ("parts", "chapters", "sections", "children"):
        yield from _entries(folder, source, file, (*at, key), one.get(key))


def _entries(
    folder: Path, source: SourceFile, file: strict_yaml.YamlFile, at: strict_yaml.Path, value: Any
) -> Iterator[Listed]:
    for index, one in enumerate(value if isinstance(value, list) else ()):
        place = (*at, index)
        if isinstance(one, str):
            yield _named(folder, one), file.at(place)
        elif isinstance(one, dict):
            title = one.get("caption") or (one.get("title") if "file" not in one else None) or one.get("part")
            if isinstance(one.get("file"), str):
                yield _named(folder, one["file"]), file.at((*place, "file"))
            elif isinstance(one.get("pattern") or one.get("glob"), str):
                wanted = one.get("pattern") or one["glob"]
                yield from ((name, file.at(place)) for name in _texts(folder) if Path(name).match(wanted))
            elif isinstance(title, str) and "url" not in one:
                key = next(key for key in ("caption", "title", "part") if one.get(key) == title)
                yield part_page(source, title, file.value_at((*place, key)))
            yield from _inner(folder, source, file, place, one)


def _named(folder: Path, name: str) -> str:
    """Return the file that an entry without an ending names; one that begins with / begins in the project's folder."""
    name = name.lstrip("/")
    if Path(name).suffix:
        return name
    return next(
        (f"{name}{end}" for end in (".md", ".Rmd", ".qmd", ".ipynb", ".rst") if (folder / f"{name}{end}").is_file()),
        f"{name}.md",
    )


def _texts(folder: Path) -> list[str]:
    found = (entry.relative_to(folder) for entry in folder.glob("**/*.md"))
    kept = (one for one in found if not any(part[0] in "._" or part == "node_modules" for part in one.parts))
    return sorted((one.as_posix() for one in kept), key=natural)
