"""The pages of a web site in Markdown: Hugo's below content/, in the order of their weights, and Jekyll's collections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from pubkit.errors import PubkitError
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import toml
from pubkit.project.dialects.files import (
    SUFFIXES,
    first_of,
    mapping,
    natural,
    no_statements,
    read_yaml,
    text_of,
    texts_below,
)

__all__ = ["collections_of", "configuration_of", "pages_of"]

_CONTENT = "content"
#: Where Hugo reads its configuration (gohugo.io, Configuration); `config` is the name that it had before.
_NAMES = tuple(
    f"{folder}{name}.{suffix}"
    for folder in ("", "config/_default/")
    for name in ("hugo", "config")
    for suffix in ("toml", "yaml", "yml")
)
_WEIGHT = re.compile(r"^weight[ \t]*[:=][ \t]*(-?\d{1,9})[ \t]*$", re.MULTILINE)
_LANGUAGE = re.compile(r"[a-z]{2}(?:-[a-z]{2})?", re.IGNORECASE)
_HEAD = 4_000
_SECTION = "_index"
#: The folders of pages that Jekyll always has, and that many of its themes have.
_COLLECTIONS = frozenset({"_posts", "_pages", "_docs"})


def configuration_of(folder: Path) -> strict_yaml.YamlFile | None:
    """Return what the configuration of a Hugo site in `folder` states; None if it is none, or cannot be read."""
    found = first_of(folder, _NAMES) if (folder / _CONTENT).is_dir() else None
    if found is None:
        return None
    name = found.relative_to(folder).as_posix()
    try:
        if found.suffix != ".toml":
            return read_yaml(folder, name)[1]
        return toml.load(text_of(folder, name, "The configuration").text, name, 1)
    except (OSError, PubkitError):
        return no_statements(name)


def pages_of(folder: Path, configuration: strict_yaml.YamlFile) -> Sequence[str]:
    """Return the paths of the pages of a Hugo site, in its order: by weight, then by name; those of one language alone."""
    content = _CONTENT
    inside = [one.name for one in (folder / _CONTENT).iterdir() if one.is_dir()]
    if len(inside) > 1 and all(map(_LANGUAGE.fullmatch, inside)):
        first = str(mapping(configuration.value).get("defaultContentLanguage") or "en")
        content = f"{_CONTENT}/{first if first in inside else sorted(inside)[0]}"
    paths = [f"{content}/{one.as_posix()}" for one in texts_below(folder / content, SUFFIXES, shown={f"{_SECTION}.md"})]
    weights = {path: _weight(folder / path) for path in paths}
    return sorted(paths, key=lambda path: _key(path, weights))


def _key(path: str, weights: dict[str, int]) -> tuple[Any, ...]:
    """Return what sorts pages as a menu does: what introduces a section before it, then weights, then names."""
    page = PurePosixPath(path)
    sections = [f"{one.as_posix()}/{_SECTION}.md" for one in reversed(page.parents) if one.as_posix() != "."]
    above = [(True, weights.get(one, _LAST), natural(one.rpartition("/")[0])) for one in sections]
    is_section = page.stem == _SECTION
    return *above, (not is_section, weights[path], natural(page.name))


_LAST = 10**9


def _weight(path: Path) -> int:
    """Return the weight that the front matter of a page states; a page without one comes last."""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            found = _WEIGHT.search(file.read(_HEAD))
    except OSError:
        return _LAST
    return int(found[1]) or _LAST if found else _LAST


def collections_of(folder: Path) -> frozenset[str]:
    """Return the folders of pages whose names begin with _: Jekyll's, and those that its configuration names."""
    try:
        named = mapping(read_yaml(folder, "_config.yml")[1].value).get("collections")
    except (OSError, PubkitError):
        named = None
    names = named if isinstance(named, list | dict) else ()
    return _COLLECTIONS | {f"_{name}" for name in names if isinstance(name, str)}
