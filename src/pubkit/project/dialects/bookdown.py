"""A bookdown book: index.Rmd with the metadata, further .Rmd files in the order of _bookdown.yml or of their names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pubkit.boundary.files import contained_path
from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import first_of, mapping, no_statements, opened, read_yaml
from pubkit.project.dialects.gathering import gathered
from pubkit.project.dialects.model import Foreign, Statements

__all__ = ["read", "recognised"]

_NAMES = ("_bookdown.yml", "_bookdown.yaml")
#: How the metadata of index.Rmd names another file of configuration (bookdown, Configuration: render_book(config_file)).
_CONFIG_FILE = expression(r"config_file\s*=\s*[\"']([\w.-]+\.ya?ml)[\"']")


def recognised(path: Path) -> Path | None:
    """Return the file that makes the folder `path` a bookdown book."""
    index = first_of(path, ("index.Rmd", "index.rmd"))
    front = opened(path, index.name).front.value if index else {}
    stated = _CONFIG_FILE.findall(str(front.get("knit", "")))
    if named := first_of(path, (*stated, *_NAMES)):
        return named
    if not str(front.get("site", "")).startswith("bookdown"):
        return None
    others = sorted(path.glob("_bookdown*.y*ml"))
    return others[0] if len(others) == 1 else index


def read(path: Path) -> Foreign:
    """Read the bookdown book in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    found = recognised(path)
    nothing = no_statements(_NAMES[0])
    configuration, file = read_yaml(path, found.name) if found and not _is_rmd(found) else (None, nothing)
    names = _listed(path, file)
    statements = Statements(Location(names[0][0] if names else _NAMES[0], 1, 1))
    texts = gathered(path, names, statements)
    index = opened(path, texts[0].path) if texts else None
    metadata.say(statements, file)
    statements.say("kind", "book", Location((found or path).name, 1, 1))
    source = configuration or (index.source if index else SourceFile(_NAMES[0], "", ""))
    return Foreign(
        "bookdown", "a bookdown book", path, source, statements.made(), texts,
        variables.of(index.front if index else nothing, path), [index.source] if index and configuration else [],
        statements.findings,
    )  # fmt: skip


def _listed(folder: Path, file: strict_yaml.YamlFile) -> list[tuple[str, Location]]:
    """Return the files of the book: index first, then those listed, or else all whose names do not begin with _."""
    listed = mapping(file.value).get("rmd_files")
    if isinstance(listed, dict):
        listed = listed.get("html") or next(iter(listed.values()), None)
    if not isinstance(listed, list):
        names = _found(folder, mapping(file.value).get("rmd_subdir"), file.at(("rmd_subdir",)))
        return [(name, Location(name)) for name in dict.fromkeys([*_indexes(names), *names])]
    names = [str(one) for one in listed]
    index = _indexes(names) or [entry.name for entry in folder.glob("[iI]ndex.[rR]md")]
    return [(name, file.at(("rmd_files",))) for name in dict.fromkeys([*index, *names])]


def _indexes(names: list[str]) -> list[str]:
    return [name for name in names if Path(name).stem.lower() == "index"]


def _found(folder: Path, subfolders: Any, place: Location) -> list[str]:
    """Return the .Rmd files of `folder` by name, then those of its `subfolders`: one, several, or True for all."""
    found = (entry.relative_to(folder) for entry in folder.glob("**/*" if subfolders is True else "*"))
    names = sorted(path.as_posix() for path in found if _is_rmd(path) and not path.name.startswith("_"))
    inner = [subfolders] if isinstance(subfolders, str) else subfolders if isinstance(subfolders, list) else []
    for one in map(str, inner):
        below = folder.joinpath(*contained_path(one, "A folder of chapters", place))
        names += sorted(f"{one}/{entry.name}" for entry in below.glob("*") if _is_rmd(entry) and entry.name[0] != "_")
    return names


def _is_rmd(path: Path) -> bool:
    return path.suffix.lower() == ".rmd"
