"""The texts of a manuscript in the order in which its tool lists them, and what the first of them says about it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import metadata
from pubkit.project.dialects.files import SUFFIXES, first_heading, opened, page
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC104

__all__ = ["Listed", "gathered"]

#: A file with the place that names it, or a page that the configuration itself makes.
Listed = tuple[str, Location] | SourceFile


def gathered(folder: Path, listed: Iterable[Listed], statements: Statements) -> list[SourceFile]:
    """Return the texts, each with its title as its first heading; a text that stands alone has the publication's title.

    The first text speaks for the publication where the configuration is silent. What is no text becomes a finding.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    entries = list(listed)
    texts: list[SourceFile] = []
    for entry in entries:
        if isinstance(entry, SourceFile):
            texts.append(entry)
            continue
        name, place = entry
        if Path(name).suffix.lower() not in SUFFIXES:
            statements.findings.append(SRC104.at(place, f"pubkit does not read {name}: it is left out.", context=name))
            continue
        one = opened(folder, name, place)
        if not any(Path(text.path).suffix.lower() in SUFFIXES for text in texts):
            metadata.say(statements, one.front)
            if title := first_heading(one.body.text):
                statements.say("title", title, Location(name, 1, 1))
        texts.append(one.body if len(entries) == 1 else page(one))
    return texts
