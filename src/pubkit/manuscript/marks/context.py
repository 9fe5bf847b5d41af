"""What the marks of a text may refer to: values, other files, pictures; and what of them could not be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from pubkit.boundary.text import SourceFile

__all__ = ["Context", "Unread"]


class Unread(NamedTuple):
    """A mark that pubkit does not read: of which kind, in words that complete "…", and where it is in `source`."""

    what: str
    source: SourceFile
    offset: int
    computed: bool = False


class Context(Struct):
    """What is known while the marks of one text are read.

    `variables` are values by the name that the text calls them, `labels` the names of all labels of the manuscript
    (`pubkit.manuscript.marks.labels`). `file` returns a text by its path below the publication,
    None where there is none; `exists` tells whether a file is there. `unread` grows.
    """

    variables: Mapping[str, str]
    labels: Mapping[str, str]
    file: Callable[[str], SourceFile | None]
    exists: Callable[[str], bool]
    unread: list[Unread] = field(default_factory=list)
    depth: int = 0
