"""The texts of a manuscript in the order in which its tool lists them, and what the first of them says about it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import metadata
from pubkit.project.dialects.files import SUFFIXES, first_heading, missing, opened, page
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC104

__all__ = ["Listed", "gathered"]

#: A file with the place that names it, or a page that the configuration itself makes.
Listed = tuple[str, Location] | SourceFile


def gathered(
    folder: Path, listed: Iterable[Listed], statements: Statements, *, own_heading_counts: bool = False
) -> list[SourceFile]:
    """Return the texts, each with its title as its first heading, unless it is the title of the publication.

    The first text speaks where the configuration is silent. What is no text, or does not exist, becomes a
    finding.

    Args:
        folder: the folder of the manuscript.
        listed: its texts in reading order.
        statements: what the publication says about itself; it grows.
        own_heading_counts: whether a title in the front matter is not printed where the text has a heading of its own.

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
        try:
            one = opened(folder, name, place)
        except FileNotFoundError:
            statements.findings.append(missing(folder, name, place))
            continue
        if not any(Path(text.path).suffix.lower() in SUFFIXES for text in texts):
            metadata.say(statements, one.front)
            if title := first_heading(one.body.text):
                statements.say("title", title, Location(name, 1, 1))
        is_cover = " ".join(str(one.front.value.get("title", "")).split()) == statements.value.get("title")
        texts.append(one.body if len(entries) == 1 or is_cover else page(one, own_heading_counts=own_heading_counts))
    return texts
