"""What an editor shows of a publication: its findings, references, labels and mentions, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from pubkit import steps
from pubkit.boundary.files import overlaid
from pubkit.errors import PubkitError
from pubkit.findings import Finding, Location
from pubkit.manuscript.model import Manuscript
from pubkit.outcome import Mode
from pubkit.references.bibliography.citeproc import Printed
from pubkit.references.item import Item, Name
from pubkit.references.known import Consultation

__all__ = ["Analysis", "Mention", "Reference", "Target", "analysed"]

_MOST_AUTHORS = 3


class Reference(Struct, frozen=True):
    """A work that may be cited: its key, how it is printed, what is known about it, and where its entry is.

    `brief` is one line: authors, year and title. `verdict` is empty for a work that is not cited.
    """

    key: str
    brief: str
    printed: str
    verdict: str
    evidence: tuple[str, ...]
    location: Location | None


class Target(Struct, frozen=True):
    """What a label names: its kind and number as a mention prints them ("Figure 2"), and where it is."""

    label: str
    words: str
    location: Location


class Mention(Struct, frozen=True):
    """A citation key or a label as it is used in the text."""

    name: str
    location: Location


class Analysis(Struct, frozen=True):
    """What is known of a publication. `stopped` says why its text could not be read to the end, "" if it could.

    `folder` is what places are relative to; `configuration` is the file with the metadata, `metadata` the lines of it that
    are YAML (from 1), `files` all files that were read.
    """

    folder: str
    findings: tuple[Finding, ...] = ()
    references: tuple[Reference, ...] = ()
    targets: tuple[Target, ...] = ()
    citations: tuple[Mention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    configuration: str = ""
    files: tuple[str, ...] = ()
    stopped: str = ""


def analysed(path: Path, unsaved: Mapping[Path, bytes]) -> Analysis:
    """Return what is known of the publication at `path`, with `unsaved` texts, by their real paths, over its files."""
    folder = path if path.is_dir() else path.parent
    with overlaid(unsaved):
        try:
            return _whole(path)
        except PubkitError as error:
            return Analysis(str(folder), tuple(error.findings), stopped=f"{error.message} {error.remedy}".strip())


def _whole(path: Path) -> Analysis:
    clock = steps.Clock(None)
    order = steps.load(path)
    text = steps.read(order, clock)
    known = steps.look_up(order, text, clock)
    work = steps.gather(order, text, known, Mode.CHECK)
    cited = steps.cite(order, text, known, clock, whole=False)
    report = steps.judge(steps.compared(work, cited), clock)
    project, document = order.project, text.document
    return Analysis(
        str(project.folder),
        report.findings,
        tuple(_references(known.references, cited)),
        tuple(_targets(text)),
        tuple(Mention(one.key, one.location) for one in document.citations),
        tuple(Mention(one.label, one.location) for one in document.cross_references),
        project.configuration.path,
        tuple(dict.fromkeys((project.configuration.path, *(one.path for one in text.sources), *project.bibliography))),
    )


def _references(known: Consultation, cited: Printed) -> Iterator[Reference]:
    """Yield the works of the bibliography, and those cited by an identifier that the lock resolves."""
    texts = cited.references
    places = {entry.key: entry.location for entry in known.bibliography}
    for key in dict.fromkeys((*places, *known.items)):
        item, verdict = known.items.get(key), known.judgement.get(key)
        yield Reference(
            key,
            _brief(item) if item else "",
            texts.get(known.canonical.get(key, key), ""),
            verdict.status.value if verdict else "",
            verdict.evidence if verdict else (),
            places.get(key),
        )


def _brief(item: Item) -> str:
    """Return a work in one line: up to three authors, year, title."""
    people = item.author or item.editor
    names = [_named(name) for name in people[:_MOST_AUTHORS]]
    more = " et al." if len(people) > _MOST_AUTHORS else ""
    year = item.issued.year if item.issued else None
    parts = (", ".join(names) + more, str(year or ""), re.sub(r"<[^<>]+>", "", item.title))
    return ". ".join(part for part in parts if part)


def _named(name: Name) -> str:
    return name.family or name.literal or name.given


def _targets(text: Manuscript) -> Iterator[Target]:
    """Yield what a cross-reference or a link may lead to: labels with numbers, and headings."""
    document = text.document
    places = {heading.identifier: (heading.text, heading.location) for heading in document.headings}
    for label, named in document.labels.items():
        words = f"{named.text}: {places[label][0]}" if label in places else named.text
        place = places[label][1] if label in places else _written(text, label)
        if place:
            yield Target(label, words, place)
    for label, (words, place) in places.items():
        if label and label not in document.labels:
            yield Target(label, words, place)


def _written(text: Manuscript, label: str) -> Location | None:
    """Return where an author wrote the label {#fig:name}."""
    pattern = re.compile(rf"#{re.escape(label)}(?![\w:.-])")
    for source in text.sources:
        if found := pattern.search(source.text):
            return source.location(found.start(), len(found[0]))
    return None
