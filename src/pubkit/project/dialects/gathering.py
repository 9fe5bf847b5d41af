"""The texts of a manuscript in the order in which its tool lists them, and the metadata in the first of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import metadata
from pubkit.project.dialects.files import SUFFIXES, Opened, missing, opened, page
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC104

__all__ = ["Listed", "gathered"]

#: A file with the place that names it, or a page that the configuration itself makes.
Listed = tuple[str, Location] | SourceFile


def gathered(folder: Path, listed: Iterable[Listed], statements: Statements) -> list[SourceFile]:
    """Return the texts, each with its title as its first heading unless that is the title of the publication.

    The first text states what the configuration does not. An entry that is not a text, or does not exist, becomes a
    finding.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    entries = list(listed)
    texts: list[SourceFile] = []
    for entry in entries:
        if isinstance(entry, SourceFile):
            texts.append(entry)
        elif one := _text(folder, *entry, statements):
            if not any(Path(text.path).suffix.lower() in SUFFIXES for text in texts):
                metadata.say_all(statements, one)
            is_cover = " ".join(str(one.front.value.get("title", "")).split()) == statements.value.get("title")
            texts.append(one.body if len(entries) == 1 or is_cover else page(one))
    return texts


def _text(folder: Path, name: str, place: Location, statements: Statements) -> Opened | None:
    """Return a listed text; None, with a finding, if it is not a text or does not exist."""
    if Path(name).suffix.lower() not in SUFFIXES:
        statements.findings.append(SRC104.at(place, f"pubkit does not read {name}, so it is left out.", context=name))
        return None
    try:
        return opened(folder, name, place)
    except FileNotFoundError:
        statements.findings.append(missing(folder, name, place))
        return None
