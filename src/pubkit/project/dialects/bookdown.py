"""A bookdown book: index.Rmd with the metadata, further .Rmd in the order of _bookdown.yml or of their names."""

from __future__ import annotations

from pathlib import Path

from pubkit.boundary.files import contained_path
from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import mapping, opened, read_yaml
from pubkit.project.dialects.gathering import gathered
from pubkit.project.dialects.model import Foreign, Statements

__all__ = ["read", "recognised"]

_NAMES = ("_bookdown.yml", "_bookdown.yaml")


def recognised(path: Path) -> Path | None:
    """Return the file that makes the folder `path` a bookdown book."""
    named = next((path / name for name in _NAMES if (path / name).is_file()), None)
    index = next((path / name for name in ("index.Rmd", "index.rmd") if (path / name).is_file()), None)
    return named or (
        index if index and str(opened(path, index.name).front.value.get("site", "")).startswith("bookdown") else None
    )


def read(path: Path) -> Foreign:
    """Read the bookdown book in the folder `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    found = recognised(path)
    nothing = strict_yaml.YamlFile({}, {(): Location(_NAMES[0], 1, 1)})
    configuration, file = read_yaml(path, found.name) if found and found.name in _NAMES else (None, nothing)
    names = _listed(path, file)
    statements = Statements(Location(names[0][0] if names else _NAMES[0], 1, 1))
    texts = gathered(path, names, statements)
    index = opened(path, texts[0].path) if texts else None
    metadata.say(statements, file)
    source = configuration or (index.source if index else SourceFile(_NAMES[0], "", ""))
    return Foreign(
        "bookdown", "a bookdown book", path, source, statements.made(), texts,
        variables.of(index.front if index else nothing, path), [index.source] if index and configuration else [],
        statements.findings,
    )  # fmt: skip


def _listed(folder: Path, file: strict_yaml.YamlFile) -> list[tuple[str, Location]]:
    """Return the files of the book: index first, then those listed, or all others but for those that begin with _."""
    value = mapping(file.value)
    listed = value.get("rmd_files")
    if isinstance(listed, dict):
        listed = listed.get("html") or next(iter(listed.values()), None)
    place = file.at(("rmd_files",))
    subfolders = value.get("rmd_subdir")
    subfolders = [subfolders] if isinstance(subfolders, str) else subfolders
    pattern = "**/*" if subfolders is True else "*"
    found = (entry.relative_to(folder).as_posix() for entry in folder.glob(pattern))
    names = sorted(
        name for name in found if Path(name).suffix.lower() == ".rmd" and not Path(name).name.startswith("_")
    )
    if isinstance(subfolders, list):
        for inner in map(str, subfolders):
            below = folder.joinpath(*contained_path(inner, "A folder of chapters", file.at(("rmd_subdir",))))
            names += sorted(f"{inner}/{entry.name}" for entry in below.glob("*") if entry.suffix.lower() == ".rmd")
    if isinstance(listed, list):
        names = [str(one) for one in listed]
    index = [name for name in names if Path(name).stem.lower() == "index"]
    if not index and isinstance(listed, list):
        index = [entry.name for entry in folder.glob("[iI]ndex.[rR]md")]
    ordered = dict.fromkeys([*index, *names])
    return [(name, place if isinstance(listed, list) else Location(name)) for name in ordered]
