"""Edits for every place of a text at which a pattern is met."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pubkit.boundary.text import Edit

__all__ = ["defined", "removed", "replaced"]


def replaced(text: str, pattern: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> Iterator[Edit]:
    """Yield the edits that put `new` of each match of `pattern` in its place."""
    for found in pattern.finditer(text):
        yield Edit(found.start(), found.end(), new(found))


def removed(text: str, *patterns: re.Pattern[str]) -> Iterator[Edit]:
    """Yield the edits that remove each match of `patterns`."""
    for pattern in patterns:
        yield from replaced(text, pattern, lambda _: "")


def defined(
    text: str, definition: re.Pattern[str], mention: re.Pattern[str], new: Callable[[re.Match[str]], str]
) -> Iterator[Edit]:
    """Yield the edits that put `new` of its definition in the place of each name, and remove the definitions."""
    found_by_name = {found["name"]: found for found in definition.finditer(text)}
    for found in found_by_name.values():
        yield Edit(found.start(), found.end(), "")
    for found in mention.finditer(text) if found_by_name else ():
        meant = found_by_name.get(found["name"])
        if meant and not meant.start() <= found.start() < meant.end():
            yield Edit(found.start(), found.end(), new(meant))
