"""The values that a text may refer to: Quarto's _variables.yml, the metadata, and MyST's substitutions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects.files import mapping, read_yaml

__all__ = ["of"]

_FILES = ("_variables.yml", "_variables.yaml")


def of(statements: strict_yaml.YamlFile, folder: Path) -> Mapping[str, str]:
    """Return the values by the names that a text uses: `var.dose.adult`, `meta.title`, `dose` for a substitution.

    Args:
        statements: the front matter, or the configuration, that the text may refer to.
        folder: the folder in which Quarto's _variables.yml may be.
    """
    found = {f"meta.{name}": value for name, value in _flat(mapping(statements.value))}
    for file in _FILES:
        try:
            _, values = read_yaml(folder, file)
        except FileNotFoundError:
            continue
        found |= {f"var.{name}": value for name, value in _flat(values.value or {})}
    return found | dict(_flat(mapping(statements.value, "substitutions")))


def _flat(values: Any, before: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield from _flat(value, f"{before}{key}.")
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _flat(value, f"{before}{index}.")
    elif values is not None:
        yield before.rstrip("."), str(values).lower() if isinstance(values, bool) else str(values)
