"""The profiles of a Quarto project: _quarto-NAME.yml, of which those that `profile:` makes the default are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Finding, Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects.files import mapping, read_yaml
from pubkit.project.rules import SRC103

__all__ = ["with_profiles"]

_BEFORE, _ENDINGS = "_quarto-", (".yml", ".yaml")


def with_profiles(
    folder: Path, file: strict_yaml.YamlFile
) -> tuple[strict_yaml.YamlFile, list[SourceFile], list[Finding]]:
    """Return the configuration `file` with its default profiles read into it, their texts, and what was left out.

    As Quarto does, mappings are joined key by key, and lists are one after the other.

    Raises:
        ConfigurationError, InputRefused: a profile cannot be read.
    """
    found = {
        path.stem.removeprefix(_BEFORE): path.name
        for path in sorted(folder.glob(f"{_BEFORE}*"))
        if path.suffix in _ENDINGS and path.is_file()
    }
    used = [name for name in _defaults(file.value) if name in found]
    sources: list[SourceFile] = []
    findings: list[Finding] = []
    for name in reversed(used):  # the first of them counts most
        source, one = read_yaml(folder, found[name])
        sources.append(source)
        file = _joined(file, one)
        message = f"The profile {printable(name, 60)} of the project is read, as it is the default."
        findings.append(SRC103.at(Location(found[name], 1, 1), message, context=name))
    for name in sorted(found.keys() - set(used)):
        message = f"The profile {printable(name, 60)} of the project is left out, as it is not the default."
        remedy = "If readers are to have its text, make it the default in _quarto.yml (`profile:`, `default:`)."
        findings.append(SRC103.at(Location(found[name], 1, 1), message, remedy=remedy, context=name))
    return file, sources, findings


def _defaults(value: Any) -> Iterator[str]:
    """Yield the profiles that are used if none is named: those stated, and the first of each group."""
    profile = mapping(value, "profile")
    for stated in (profile.get("default"), *_firsts(profile.get("group"))):
        yield from (str(one) for one in (stated if isinstance(stated, list) else [stated]) if one is not None)


def _firsts(groups: Any) -> Iterator[str]:
    if not isinstance(groups, list) or not groups:
        return
    for group in groups if isinstance(groups[0], list) else [groups]:
        yield from map(str, group[:1] if isinstance(group, list) else [])


def _joined(base: strict_yaml.YamlFile, over: strict_yaml.YamlFile) -> strict_yaml.YamlFile:
    """Return the values of `base` and `over` in one, each with its place."""
    locations, values = dict(base.locations), dict(base.values)

    def placed(old: strict_yaml.Path, new: strict_yaml.Path) -> None:
        for known, all_of in ((over.locations, locations), (over.values, values)):
            all_of.update({(*new, *path[len(old) :]): at for path, at in known.items() if path[: len(old)] == old})

    def join(first: Any, second: Any, path: strict_yaml.Path, own: strict_yaml.Path) -> Any:
        if isinstance(first, Mapping) and isinstance(second, Mapping):
            both = dict(first)
            for key, value in second.items():
                both[key] = join(first.get(key), value, (*path, key), (*own, key))
            return both
        if isinstance(first, list) and isinstance(second, list):
            for index in range(len(second)):
                placed((*own, index), (*path, len(first) + index))
            return [*first, *second]
        placed(own, path)
        return second

    value = join(mapping(base.value), mapping(over.value), (), ())
    return strict_yaml.YamlFile(value, locations, values, base.repeated)
