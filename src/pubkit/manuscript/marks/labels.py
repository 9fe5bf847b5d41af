"""The labels that a manuscript defines, in the forms of all tools, and the names that pandoc can read for them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pubkit.boundary.text import SourceFile

__all__ = ["defined", "name_of"]

_DEFINED = re.compile(
    r"^[ \t]*\((?P<target>[\w:./ -]+)\)=[ \t]*$|^[ \t]*(?::(?:name|label):|#\|[ \t]*label:)[ \t]*(?P<option>\S+)"
    r"|\{#(?P<attribute>[\w:./-]+)|^```\{\w+[ ,]+(?P<chunk>(?:fig|tbl)-[\w-]+)",
    re.MULTILINE,
)
_NOT_IN_NAMES = re.compile(r"[^\w:.-]+")


def name_of(label: str) -> str:
    """Return a label without signs that pandoc does not take in one: a/b is a-b."""
    return _NOT_IN_NAMES.sub("-", label.strip())


def defined(sources: Iterable[SourceFile]) -> Mapping[str, str]:
    """Return the names of all labels in `sources`, by the label in small letters, in which MyST compares them."""
    found = (one[one.lastgroup or 0] for source in sources for one in _DEFINED.finditer(source.text))
    return {label.strip().strip("\"'").lower(): name_of(label.strip("\"'")) for label in found}
