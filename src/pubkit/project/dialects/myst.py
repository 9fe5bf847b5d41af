"""A MyST project (myst.yml) or a Jupyter Book (_config.yml and _toc.yml), in the order of its table of contents."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.boundary.files import is_contained
from pubkit.boundary.text import Edit, SourceFile, rewritten
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import first_of, mapping, no_statements, read_yaml, texts_below
from pubkit.project.dialects.gathering import Listed, gathered
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.dialects.quarto import part_page

__all__ = ["read", "recognised"]

#: A work that is cited by its DOI or the address of it (MyST, Citations).
_DOI = expression(r"(?<![^\s\[;(-])@(?P<address>(?:https?://(?:dx\.)?doi\.org/)?)(?=10\.\d{4,9}/)")

_PROJECT = ("myst.yml", "myst.yaml")
_BOOK = ("_config.yml", "_config.yaml")
_TOC = ("_toc.yml", "_toc.yaml")


def recognised(path: Path) -> Path | None:
    """Return the configuration of the MyST project or Jupyter Book in the folder `path`."""
    contents = first_of(path, _TOC)
    return first_of(path, _PROJECT) or (contents and (first_of(path, _BOOK) or contents))


def read(path: Path) -> Foreign:
    """Read the MyST project or Jupyter Book in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    found = recognised(path) or path / _PROJECT[0]
    configuration, file = read_yaml(path, found.name)
    is_project = found.name in _PROJECT
    statements = Statements(Location(configuration.path, 1, 1))
    value = mapping(file.value)
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
    if not is_project and _is_book(path):
        statements.say("kind", "book", Location(configuration.path, 1, 1))
    nothing = no_statements(configuration.path)
    project = strict_yaml.YamlFile(mapping(value, "project"), nothing.locations) if is_project else file
    return Foreign(
        "myst", kind, path, configuration, statements.made(), texts, variables.of(project, path),
        findings=statements.findings,
    )  # fmt: skip


def _is_book(folder: Path) -> bool:
    """Return whether the table of contents of a Jupyter Book is that of a book, not of an article."""
    toc = first_of(folder, _TOC)
    return toc is not None and mapping(read_yaml(folder, toc.name)[1].value).get("format") != "jb-article"


def _dois(text: SourceFile) -> Iterator[Edit]:
    """Yield the edits that write a work cited by its DOI, or the address of it, as pubkit cites it."""
    return (Edit(found.start("address"), found.end("address"), "doi:") for found in _DOI.finditer(text.text))


def _contents(folder: Path, configuration: SourceFile, file: strict_yaml.YamlFile, *, is_project: bool) -> list[Listed]:
    """Return the texts in reading order: those in the table of contents, or else all texts."""
    project = mapping(file.value, "project") if is_project else {}
    if isinstance(project.get("toc"), list):
        return list(_entries(folder, configuration, file, ("project", "toc"), project["toc"]))
    if toc := first_of(folder, _TOC):
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
    """Yield the entries below the entry `one`, whose path in the file is `at`."""
    for key in ("parts", "chapters", "sections", "children"):
        yield from _entries(folder, source, file, (*at, key), one.get(key))


def _entries(
    folder: Path, source: SourceFile, file: strict_yaml.YamlFile, at: strict_yaml.Path, value: Any
) -> Iterator[Listed]:
    """Yield the entries in the list `value`, whose path in the file is `at`, and those below them."""
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
                yield from ((name, file.at(place)) for name in _texts(folder) if _matches(name, wanted))
            elif isinstance(title, str) and "url" not in one:
                key = next(key for key in ("caption", "title", "part") if one.get(key) == title)
                yield part_page(source, title, file.value_at((*place, key)))
            yield from _inner(folder, source, file, place, one)


def _matches(name: str, pattern: str) -> bool:
    return pattern.strip("./") != "" and Path(name).match(pattern)


def _named(folder: Path, name: str) -> str:
    """Return the file that an entry names, which need not have an extension; / leads to the project's folder."""
    name = name.lstrip("/")
    if Path(name).suffix:
        return name
    return next(
        (f"{name}{end}" for end in (".md", ".Rmd", ".qmd", ".ipynb", ".rst") if is_contained(folder, f"{name}{end}")),
        f"{name}.md",
    )


def _texts(folder: Path) -> list[str]:
    return [path.as_posix() for path in texts_below(folder, {".md", ".ipynb"})]
