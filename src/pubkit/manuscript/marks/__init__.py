"""Marks that other tools read in Markdown, turned into pandoc's before it reads the text.

Nothing is guessed: every edit keeps the author's places (`pubkit.boundary.text.rewritten`), code stays code, and what
pubkit does not read is left unchanged and reported, in one finding for each kind of mark and file.
"""

from __future__ import annotations

import functools
import itertools
import posixpath
from collections.abc import Iterable, Mapping
from pathlib import Path

from pubkit.boundary.files import is_contained, printable, read_contained, refusal
from pubkit.boundary.rules import SRC022
from pubkit.boundary.text import SourceFile, decode, rewritten
from pubkit.errors import ConfigurationError, InputRefused
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.marks.attributes import line_attribute_edits
from pubkit.manuscript.marks.blocks import block_edits
from pubkit.manuscript.marks.boxes import quoted_boxes
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.elements import element_edits
from pubkit.manuscript.marks.environments import environment_edits
from pubkit.manuscript.marks.frozen import Frozen, frozen
from pubkit.manuscript.marks.inline import empty_values, inline_edits
from pubkit.manuscript.marks.kramdown import kramdown_boxes
from pubkit.manuscript.marks.macros import macro_edits
from pubkit.manuscript.marks.references import numbered_links
from pubkit.manuscript.marks.shortcodes import shortcodes
from pubkit.manuscript.marks.wikilinks import notes_by_name, wiki_edits
from pubkit.manuscript.notebooks import Kept, kept, notebooks
from pubkit.manuscript.prose import prose
from pubkit.manuscript.rules import SRC105, SRC106
from pubkit.project.dialects.files import split

__all__ = ["notes_by_name", "unmarked"]

_DEEPEST = 5
_LARGEST = 2_000_000
_SHOWN = 5
#: Kinds of marks that are named one by one.
_KINDS = 100
#: What one chapter may include, however often the same: files, and characters in all.
_MOST = 1_000
_MOST_INCLUDED = 4_000_000


def unmarked(
    source: SourceFile,
    folder: Path,
    variables: Mapping[str, str],
    labels: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
) -> tuple[SourceFile, list[Finding]]:
    """Return `source` with the marks of other tools turned into pandoc's, and a finding for each kind that is not read.

    Args:
        source: a chapter.
        folder: the publication's folder, below which included files must be.
        variables: the values that the text may refer to.
        labels: the labels of the manuscript, as `pubkit.manuscript.marks.defined.defined` returns them.
        notes: the texts to which the links of a wiki may lead, as `notes_by_name` returns them.
    """
    reader = _Reader(source, folder, variables, labels, notes or {})
    text = reader.read(source, ())
    return text, list(_findings(reader.unread))


class _Reader:
    """A chapter while it is read, with all that it includes."""

    def __init__(
        self,
        chapter: SourceFile,
        folder: Path,
        variables: Mapping[str, str],
        labels: Mapping[str, str],
        notes: Mapping[str, str],
    ) -> None:
        self.unread: list[Unread] = []
        self._chapter = chapter
        self._folder = folder
        self._variables = variables
        self._labels = labels
        self._notes = notes
        self._is_vault = bool(notes) and (folder / ".obsidian").is_dir()
        self._boxes_by_class = not (folder / "mkdocs.yml").is_file()
        self._files = self._characters = 0
        self._frozen: dict[str, Frozen | None] = {}
        self._notebooks: tuple[str, ...] | None = None

    def read(self, source: SourceFile, above: tuple[str, ...]) -> SourceFile:
        """Return `source`, which the files `above` include, with its marks turned into pandoc's."""
        inside = (*above, source.path)
        known = Context(
            self._variables,
            self._labels,
            lambda name: self._included(name, source.path, inside),
            lambda name: is_contained(self._folder, name),
            functools.partial(self._results, source.path),
            self._output,
            self.unread,
            boxes_by_class=self._boxes_by_class,
            notes=self._notes,
            is_vault=self._is_vault,
        )
        text = rewritten(source, shortcodes(source, known))
        text = rewritten(text, empty_values(text))
        text = rewritten(text, line_attribute_edits(text))
        text = rewritten(text, environment_edits(text, known))
        text = rewritten(text, block_edits(text, known))
        if known.boxes_by_class:
            text = rewritten(text, kramdown_boxes(text))
        for _ in range(_DEEPEST):
            again = rewritten(text, quoted_boxes(text))
            if again is text:
                break
            text = rewritten(again, block_edits(again, known))
        text = rewritten(text, macro_edits(text, self._variables))
        text = rewritten(text, element_edits(text.text))
        text = rewritten(text, numbered_links(prose(text.text), known))
        if known.notes:
            text = rewritten(text, wiki_edits(text, prose(text.text), known))
        return rewritten(text, inline_edits(text, known))

    def _results(self, path: str, code: str) -> str | None:
        """Return what Quarto has kept of a run of a chunk of the chapter at `path`."""
        if path not in self._frozen:
            self._frozen[path] = frozen(path, self._bytes)
        found = self._frozen[path]
        return found.output(code) if found else None

    def _output(self, label: str) -> Kept | None:
        """Return what a notebook of the publication keeps of the cell with this label."""
        if self._notebooks is None:
            self._notebooks = notebooks(self._folder)
        return kept(self._folder, self._notebooks, label)

    def _bytes(self, path: str) -> bytes | None:
        try:
            return read_contained(self._folder, path, "The results of a run", limit=_LARGEST)
        except (FileNotFoundError, NotADirectoryError, InputRefused):
            return None

    def _included(self, name: str, by: str, above: tuple[str, ...]) -> SourceFile | None:
        """Return an included text, read like any other; None if it is not in the publication or includes itself.

        Raises:
            InputRefused: the chapter includes more than a chapter may.
        """
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(by), name))
        for path in (beside, posixpath.normpath(name.lstrip("/"))):
            if path.startswith("..") or path in above or len(above) > _DEEPEST:
                continue
            try:
                source = decode(read_contained(self._folder, path, "An included text", limit=_LARGEST), path)
            except (FileNotFoundError, NotADirectoryError, InputRefused):
                continue
            self._files += 1
            self._characters += len(source.text)
            if self._files > _MOST or self._characters > _MOST_INCLUDED:
                raise self._too_much(path)
            return self.read(self._body(source), above)
        return None

    def _body(self, source: SourceFile) -> SourceFile:
        """Return an included text without its front matter; all of it, which is noted, if that cannot be read."""
        try:
            return split(source).body
        except (ConfigurationError, InputRefused):
            self.unread.append(Unread("has front matter that is not YAML", source, 0))
            return source

    def _too_much(self, path: str) -> InputRefused:
        message = (
            f"{printable(self._chapter.path)} includes too many files, or too long ones; {printable(path)} is one more."
        )
        remedy = f"Include at most {_MOST:,} files and {_MOST_INCLUDED:,} characters in a chapter."
        return refusal(SRC022, message, remedy, Location(self._chapter.path, 1, 1))


def _findings(unread: Iterable[Unread]) -> Iterable[Finding]:
    """Yield one finding for each kind of mark and file, with the number of places and the first lines."""

    def kind(one: Unread) -> tuple[str, str, bool]:
        return one.source.origin(one.offset)[0].path, one.what, one.computed

    def weight(one: Unread) -> Severity | None:
        return Severity.NOTE if one.light else None

    groups = [(key, list(group)) for key, group in itertools.groupby(sorted(unread, key=kind), kind)]
    for (path, what, computed), group in groups[:_KINDS]:
        places = sorted({one.source.location(one.offset) for one in group}, key=lambda at: (at.line, at.column))
        lines = [str(at.line) for at in places[1:_SHOWN]] + ["…"] * (len(places) > _SHOWN)
        count = (
            f" {len(places)} times (also in {'lines' if len(lines) > 1 else 'line'} {', '.join(lines)})"
            if len(places) > 1
            else ""
        )
        rule = SRC106 if computed else SRC105
        remedy = printable(group[0].remedy, 200)
        message = f"{printable(path)} {printable(what, 200)}{count}."
        yield rule.at(places[0], message, remedy=remedy, context=what, severity=weight(group[0]))
    if others := groups[_KINDS:]:
        place = others[0][1][0].source.location(others[0][1][0].offset)
        message = f"{printable(place.file)} has marks of {len(others)} more kinds that pubkit does not read."
        yield (SRC106 if any(key[2] for key, _ in others) else SRC105).at(place, message, context="more kinds")
