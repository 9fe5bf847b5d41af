"""A Quarto project: _quarto.yml, and .qmd, .md or .Rmd files in its order (quarto.org, Projects, Books)."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pubkit.boundary.text import Edit, SourceFile, rewritten
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.language.labels import labels_for
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import OF_REPOSITORIES, SUFFIXES, first_of, mapping, offset, read_yaml, texts_below
from pubkit.project.dialects.gathering import Listed, gathered
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.dialects.profiles import with_profiles

__all__ = ["read", "recognised"]

_NAMES = ("_quarto.yml", "_quarto.yaml")


def recognised(path: Path) -> Path | None:
    """Return the configuration of the Quarto project in the folder `path`."""
    return first_of(path, _NAMES)


def read(path: Path) -> Foreign:
    """Read the Quarto project in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    configuration, own = read_yaml(path, (recognised(path) or path).name)
    file, profiles, findings = with_profiles(path, own)
    statements = Statements(Location(configuration.path, 1, 1))
    value = mapping(file.value)
    kind = str(mapping(value, "project").get("type") or "default")
    for part in ("book", "website", "manuscript"):
        if isinstance(value.get(part), dict):
            metadata.say(statements, file, (part,))
    metadata.say(statements, file)
    if kind == "book":
        statements.say("kind", "book", file.at(("project", "type")))
    texts = gathered(path, _listed(path, (configuration, *profiles), file, kind), statements)
    words = {"book": "a Quarto book", "website": "a Quarto website", "manuscript": "a Quarto manuscript"}
    return Foreign(
        "quarto", words.get(kind, "a Quarto project"), path, configuration, statements.made(), texts,
        _variables(file, path, value), sources=profiles, findings=[*findings, *statements.findings],
    )  # fmt: skip


def _variables(file: strict_yaml.YamlFile, folder: Path, value: dict[str, Any]) -> Mapping[str, str]:
    """Return the values that the text may refer to; the metadata of a book count as those of the document."""
    own: Any = next(
        (value[part] for part in ("book", "website", "manuscript") if isinstance(value.get(part), dict)), {}
    )
    return {**variables.of(strict_yaml.YamlFile(own, file.locations), folder), **variables.of(file, folder)}


def _listed(
    folder: Path, configurations: Sequence[SourceFile], file: strict_yaml.YamlFile, kind: str
) -> Iterator[Listed]:
    """Yield the texts in reading order: the chapters of a book, the files to be rendered, or else all texts."""
    value = mapping(file.value)
    book = mapping(value, "book")
    yield from _chapters(configurations, file, ("book", "chapters"), book.get("chapters"))
    if appended := list(_chapters(configurations, file, ("book", "appendices"), book.get("appendices"))):
        yield appendices_page(configurations[0], labels_for(str(value.get("lang") or "en"))["appendices"])
        yield from appended
    if kind == "book" and mapping(value, "book").get("chapters"):
        return
    if article := mapping(value, "manuscript").get("article"):
        yield str(article), file.at(("manuscript", "article"))
        return
    render = mapping(value, "project").get("render")
    if isinstance(render, list):
        yield from _rendered(folder, file, [str(one) for one in render if isinstance(one, str)])
        return
    for name in _texts(folder):
        yield name, Location(name)


def _rendered(folder: Path, file: strict_yaml.YamlFile, named: list[str]) -> Iterator[Listed]:
    """Yield the texts that `render:` names: files and patterns; one that begins with ! excludes files or a folder."""
    excluded = [one[1:] for one in named if one.startswith("!")]
    for index, one in enumerate(named):
        place = file.at(("project", "render", index))
        if one.startswith("!"):
            continue
        names = [name for name in _texts(folder) if Path(name).match(one)] if "*" in one else [one]
        yield from ((name, place) for name in names if not any(_is_below(name, pattern) for pattern in excluded))


def _is_below(name: str, pattern: str) -> bool:
    """Return whether a pattern of `render:` means the file `name`, or a folder in which it is."""
    return fnmatch.fnmatchcase(name, pattern) or name.startswith(f"{pattern.rstrip('*').rstrip('/')}/")


def _chapters(
    configurations: Sequence[SourceFile], file: strict_yaml.YamlFile, at: strict_yaml.Path, value: Any
) -> Iterator[Listed]:
    """Yield the chapters and parts in the list `value`, whose path in the configuration is `at`."""
    for index, one in enumerate(value if isinstance(value, list) else ()):
        place = (*at, index)
        if isinstance(one, str):
            yield one, file.at(place)
        elif isinstance(one, dict):
            named = next((key for key in ("part", "text", "file", "href") if isinstance(one.get(key), str)), None)
            target = one.get("href") or one.get("file") or (one.get(named) if named else None)
            if isinstance(target, str) and Path(target).suffix.lower() in SUFFIXES:
                yield target, file.at((*place, "href" if one.get("href") else named or "file"))
            elif named == "part" and not _RULE.fullmatch(str(one["part"])):
                stated = file.value_at((*place, "part"))
                source = next(source for source in configurations if source.path == stated.file)
                yield part_page(source, str(one["part"]), stated)
            yield from _chapters(configurations, file, (*place, "chapters"), one.get("chapters"))


#: The "title" of a part that is only a line in the contents of a web site.
_RULE = expression(r"\s*(?:<hr[ \t]*/?>|-{3,})\s*")


def part_page(configuration: SourceFile, title: str, at: Location) -> SourceFile:
    """Return a page with only the title of a part, whose place is in the configuration."""
    start = configuration.text.find(title, offset(configuration.text, at))
    if start < 0:
        start = offset(configuration.text, at)
    end = start + len(title)
    edits = [Edit(0, start, "# "), Edit(end, len(configuration.text), " {.unnumbered .part}\n")]
    return rewritten(configuration, edits)


def appendices_page(configuration: SourceFile, title: str) -> SourceFile:
    """Return a page with only the title of the appendices, which no file states."""
    return rewritten(
        configuration, [Edit(0, len(configuration.text), f"# {title} {{.unnumbered .part .appendices}}\n")]
    )


def _texts(folder: Path) -> list[str]:
    """Return the texts of a project that lists none, by name, without those that describe the repository."""
    unprinted = OF_REPOSITORIES | {"README", "404"}
    return [path.as_posix() for path in texts_below(folder) if path.stem.upper() not in unprinted]
