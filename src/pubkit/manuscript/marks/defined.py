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
#: Of labels one below the other, MyST lets all name what follows the last.
_STACKED = re.compile(r"^[ \t]*\(([^()\n]+)\)=[ \t]*\n(?=[ \t]*\(([^()\n]+)\)=[ \t]*$)", re.MULTILINE)
_NOT_IN_NAMES = re.compile(r"[^\w:.-]+")


def name_of(label: str) -> str:
    """Return a label without signs that pandoc does not take in one: a/b is a-b."""
    return _NOT_IN_NAMES.sub("-", label.strip())


def defined(sources: Iterable[SourceFile]) -> Mapping[str, str]:
    """Return the names of all labels in `sources`, by the label in small letters, in which MyST compares them."""
    texts = [source.text for source in sources]
    found = (one[one.lastgroup or 0] for text in texts for one in _DEFINED.finditer(text))
    names = {label.strip().strip("\"'").lower(): name_of(label.strip("\"'")) for label in found}
    for text in texts:
        for above, below in reversed(_STACKED.findall(text)):
            names[above.strip().lower()] = names.get(below.strip().lower(), name_of(below))
    return names
