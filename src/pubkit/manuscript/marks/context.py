"""What the marks of a text may refer to (values, other files, pictures), and the marks that could not be read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from msgspec import Struct, field

from pubkit.boundary.text import SourceFile
from pubkit.manuscript.notebooks import Kept

__all__ = ["Context", "Unread"]


class Unread(NamedTuple):
    """A mark that pubkit does not read, at `offset` of `source`; `what` goes on after the file's name: "uses ...".

    `remedy` is what to do, if that is not what the rule says. If it is `light`, nothing is lost that readers would miss.
    """

    what: str
    source: SourceFile
    offset: int
    computed: bool = False
    remedy: str = ""
    light: bool = False


class Context(Struct):
    """What one text may refer to, and what could not be read of it.

    `variables` are values by the names that the text uses for them, `labels` the names of all labels of the manuscript
    (`pubkit.manuscript.marks.defined`). `file` returns a text by its path below the
    publication, None where there is none; `exists` decides whether there is a file. `unread` grows.
    `results` returns what Quarto has kept of a run of a chunk with this code, as Markdown; None if that is not known.
    `output` returns what a notebook keeps of the cell with this label.
    `notes` are the paths of the texts by the names that a wiki's links have for them; `is_vault` says that every such link
    is meant as one.
    `boxes_by_class` says that `{: .note }` makes a box, as on Jekyll's sites; in MkDocs it only names a class.
    """

    variables: Mapping[str, str]
    labels: Mapping[str, str]
    file: Callable[[str], SourceFile | None]
    exists: Callable[[str], bool]
    results: Callable[[str], str | None] = lambda _: None
    output: Callable[[str], Kept | None] = lambda _: None
    unread: list[Unread] = field(default_factory=list)
    depth: int = 0
    boxes_by_class: bool = True
    notes: Mapping[str, str] = {}
    is_vault: bool = False

    def label(self, name: str, kind: str) -> str:
        """Return the label that `name` means; if the text has none, one of the `kind` that it should be of."""
        return name if ":" in name else self.labels.get(name.lower()) or f"{kind}:{name}"
