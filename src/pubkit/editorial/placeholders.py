"""Metadata values that pubkit wrote for an author to replace; the templates themselves are the list."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pubkit.project import templates
from pubkit.project.metadata import Publication

__all__ = ["placeholders"]

Path = tuple[str | int, ...]


def placeholders(publication: Publication) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of each value of `publication` that is still a template's."""
    marked = templates.placeholders("pubkit.yaml") | templates.placeholders("waiver.yaml")
    for path, value in _texts(msgspec.to_builtins(publication)):
        if " ".join(value.split()) in marked:
            yield path, value


def _texts(value: object, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """Yield every text in the metadata, with the path to it."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, (*path, index))
