"""A submission made by hand: a bibliography that was really read, and the keys that a text would cite."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from pubkit.findings import Finding, Location
from pubkit.manuscript.model import Citation, CitationMode, Document, Manuscript
from pubkit.manuscript.tree import Tree
from pubkit.project.metadata import Dates, Publication
from pubkit.references.bibliography.reading import read
from pubkit.references.item import Item
from pubkit.references.model import Bibliography
from pubkit.references.notices import Notice
from pubkit.references.registries import Record, RegisteredItem
from pubkit.rules import own
from pubkit.rules.base import Submission

from ..builder import TODAY, submitted


def bibliography_of(text: str, name: str = "refs.bib", cited: Sequence[str] | None = None) -> Bibliography:
    """The bibliography that a file `name` with `text` is read as."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, name).write_text(text, encoding="utf-8")
        return read(Path(folder), [name], cited)


def item_of(csl: Mapping[str, object]) -> Item:
    """The item that CSL-JSON describes."""
    return msgspec.convert(csl, Item)


def record_of(csl: Mapping[str, object], notices: tuple[Notice, ...] = ()) -> Record:
    """A registry's record of the work that CSL-JSON, and Crossref's names of dates, describe."""
    return Record(msgspec.convert(csl, RegisteredItem), notices)


def submission_of(bibliography: Bibliography, cited: Sequence[str] | None = None, *, named: bool = True) -> Submission:
    """A submission that cites `cited` (all entries where None), one citation a line of ch1.md."""
    keys = bibliography.keys() if cited is None else cited
    found = tuple(Citation(key, CitationMode.NORMAL, Location("ch1.md", line, 1)) for line, key in enumerate(keys, 1))
    publication = Publication(
        title="Kratom and mental health",
        dates=Dates(published=TODAY),
        version="1.0",
        bibliography=list(bibliography.files) if named else [],
    )
    document = Document(Tree(), (), found, (), (), (), ())
    return submitted(Manuscript(publication, (), document, {}), bibliography)


def findings_of(bibliography: Bibliography, cited: Sequence[str] | None = None, *rules: str) -> list[Finding]:
    """What reading and the CIT and REF rules (only those named in `rules`, where any are) find."""
    submission = submission_of(bibliography, cited)
    asked = [rule for rule in own() if rule.id.startswith(("CIT", "REF")) and (not rules or rule.id in rules)]
    read = [finding for finding in bibliography.findings if not rules or finding.rule in rules]
    return [*read, *(finding for rule in asked for finding in rule.check(submission))]
