"""Which publications a library has: those of a folder, of a pattern, or of a list in YAML."""

from __future__ import annotations

import fnmatch
import glob
import itertools
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from pubkit.boundary.files import printable, read_regular
from pubkit.boundary.text import decode
from pubkit.errors import ConfigurationError, UsageError
from pubkit.library.summary import JSON, PAGE
from pubkit.project import yaml as strict_yaml
from pubkit.project.loading import CONFIGURATION

__all__ = ["Title", "titles"]

_LISTS = frozenset({".yaml", ".yml"})
_LIMIT = 5_000_000
#: Folders in which no publication is looked for.
_PASSED_OVER = frozenset({"node_modules", "__pycache__"})
#: What lies beside the folders of finished files.
_OURS = frozenset({JSON, PAGE})
_FORM = "Write it like this: `publications: [leaflets/sleep, leaflets/pain.md]`."


class Title(Struct, frozen=True):
    """One publication of a library: its path, and its name, which is also the name of its folder of finished files."""

    name: str
    path: Path


def titles(catalog: str) -> tuple[Title, ...]:
    """Return the publications of `catalog`, by name.

    Args:
        catalog: a folder, in which every folder with a pubkit.yaml is a publication; a pattern such as "leaflets/*"; or a
            YAML file with a list of paths under `publications:`, relative to the file.

    Raises:
        UsageError: there is no such thing, or no publication in it.
        ConfigurationError: the list cannot be read, or names something that does not exist.
        InputRefused: it is not UTF-8 text, or has aliases, tags or keys that are given twice.
    """
    path = Path(catalog)
    if path.suffix.lower() in _LISTS and path.is_file():
        root, found = path.parent, _listed(path)
    elif path.is_dir():
        root, found = path, sorted(_inside(path))
    else:
        found = sorted(one for one in _matching(path) if _is_publication(one))
        root = Path(os.path.commonpath([one.parent for one in found])) if found else path
    if not found:
        raise UsageError(
            f"There is no publication in {printable(catalog)}.",
            remedy="Name a folder of publications, a pattern in quotation marks, or a YAML file with `publications:`.",
        )
    return tuple(sorted(_named(root, found), key=lambda title: title.name))


def _matching(pattern: Path) -> Iterable[Path]:
    """Return the paths that match `pattern`; folders that are the same, as by a link to one around it, count once."""
    places: Iterable[Path] = [Path(pattern.anchor)]
    for part in pattern.parts[bool(pattern.anchor) :]:
        found = [one for place in places for one in _entries(place, part)]
        places = {os.path.realpath(one): one for one in reversed(found)}.values()
    return places


def _entries(place: Path, part: str) -> list[Path]:
    """Return the entries of a folder that match one part of a pattern; a "*" stands for no full stop at the beginning."""
    if not glob.has_magic(part):
        return [place / part] if os.path.lexists(place / part) else []
    try:
        names = sorted(entry.name for entry in place.iterdir())
    except OSError:
        return []
    return [place / name for name in fnmatch.filter(names, part) if not name.startswith(".") or part.startswith(".")]


def _inside(folder: Path) -> Iterator[Path]:
    """Yield every folder with a pubkit.yaml in or below `folder`; none is looked for inside a publication."""
    left = [folder]
    while left:
        place = left.pop()
        if (place / CONFIGURATION).is_file():
            yield place
        else:
            left += [one for one in place.iterdir() if _may_have_some(one)]


def _may_have_some(path: Path) -> bool:
    hidden = path.name.startswith(".") or path.name in _PASSED_OVER
    return not hidden and path.is_dir() and not path.is_symlink()


def _is_publication(path: Path) -> bool:
    return path.suffix.lower() == ".md" if path.is_file() else (path / CONFIGURATION).is_file()


def _listed(file: Path) -> list[Path]:
    try:
        said: Any = strict_yaml.load(decode(read_regular(file, _LIMIT), file.name).text, file.name).value
    except OSError as error:
        raise _unreadable(file, f"cannot be read: {error.strerror}") from error
    names = said.get("publications") if isinstance(said, dict) else said
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _unreadable(file, "has no list of paths under `publications:`")
    paths = [file.parent / name for name in names]
    for name, path in zip(names, paths, strict=True):
        if not os.path.lexists(path) or not path.exists():
            raise _unreadable(file, f"names {printable(name)}, which does not exist")
    return paths


def _unreadable(file: Path, why: str) -> ConfigurationError:
    return ConfigurationError(f"{printable(file.name)} {why}.", remedy=_FORM)


def _named(root: Path, paths: Sequence[Path]) -> Iterator[Title]:
    """Yield the publications, each with a name of its own from its path below `root`; one that is named twice only once."""
    once = list({os.path.realpath(path): path for path in paths}.values())
    names = [_name(root, path) for path in once]
    used, taken = Counter(names), {*names, *_OURS}
    for name, path in zip(names, once, strict=True):
        own = name
        if used[name] > 1 or name in _OURS:
            own = next(one for number in itertools.count(1) if (one := f"{name}-{number}") not in taken)
            taken.add(own)
        yield Title(own, path)


def _name(root: Path, path: Path) -> str:
    relative = os.path.relpath(path, root).removesuffix(".md")
    parts = [part for part in Path(relative).parts if part not in {"..", "."}]
    return "-".join(parts) or Path(os.path.realpath(path)).name or "publication"
