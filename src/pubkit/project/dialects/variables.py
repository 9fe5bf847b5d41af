"""The values that a text may refer to: Quarto's _variables.yml, the metadata, and MyST's substitutions."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pubkit.errors import ConfigurationError, InputRefused
from pubkit.expressions import expression
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects.files import mapping, read_yaml, split, text_of

__all__ = ["of", "preambles"]

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
    found |= {f"tex.{number}": text for number, text in enumerate(_headers(statements.value, folder))}
    return found | dict(_flat(mapping(statements.value, "substitutions")))


def preambles(folder: Path, names: Iterable[str]) -> Mapping[str, str]:
    """Return the preambles in files of YAML that pandoc is given with a text, as `of` does; `names` are below `folder`."""
    found: dict[str, str] = {}
    for name in names:
        with contextlib.suppress(ConfigurationError, InputRefused, FileNotFoundError):
            source = text_of(folder, name, "A file for pandoc")
            if "header-includes" in source.text:  # alone, or as the front matter of a text without words
                value = split(source).front.value or read_yaml(folder, name)[1].value
                found |= {f"tex.{name}.{number}": text for number, text in enumerate(_headers(value, folder))}
    return found


def _headers(value: Any, folder: Path) -> Iterator[str]:
    """Yield what the configuration puts before the text, in which macros of TeX may be defined: its own words and files."""
    outputs: Any = None
    with contextlib.suppress(FileNotFoundError):
        outputs = read_yaml(folder, "_output.yml")[1].value
    for key, stated in (*_flat(value), *_flat(outputs or {})):
        if not _HEADER.search(key):
            continue
        if "\\" in stated:
            yield stated
        elif stated.lower().endswith(_HEADERS):
            with contextlib.suppress(FileNotFoundError, NotADirectoryError, InputRefused):
                yield text_of(folder, stated.strip(), "A header").text


#: The keys of pandoc, Quarto and R Markdown for what comes before a text.
_HEADER = expression(
    r"(?:^|\.)(?:header-includes|include-(?:in-header|before-body)|includes\.(?:in_header|before_body))(?:\.|$)"
)
_HEADERS = (".tex", ".sty", ".html")


def _flat(values: Any, before: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(values, dict):
        for key, value in values.items():
            yield from _flat(value, f"{before}{key}.")
    elif isinstance(values, list):
        for index, value in enumerate(values):
            yield from _flat(value, f"{before}{index}.")
    elif values is not None:
        yield before.rstrip("."), str(values).lower() if isinstance(values, bool) else str(values)
