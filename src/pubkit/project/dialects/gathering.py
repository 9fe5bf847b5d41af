"""The texts of a manuscript in the order in which its tool lists them, and what the first of them says about it."""

from __future__ import annotations

import itertools
import posixpath
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pubkit.boundary.files import printable, refusal
from pubkit.boundary.rules import SRC015, SRC022
from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import metadata
from pubkit.project.dialects.files import SUFFIXES, first_heading, missing, opened, page
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC104

__all__ = ["Listed", "gathered"]

#: A file with the place that names it, or a page that the configuration itself makes.
Listed = tuple[str, Location] | SourceFile

#: A publication of more texts than this is none.
_MOST = 1_000
#: Beyond this many missing texts or files to choose from, none is searched for a name that was perhaps meant.
_SEARCHED = 20
_NEAR = 2_000


def gathered(folder: Path, listed: Iterable[Listed], statements: Statements) -> list[SourceFile]:
    """Return the texts, each with its title as its first heading, unless it is the title of the publication.

    The first text speaks where the configuration is silent. What is no text, or does not exist, becomes a
    finding.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    entries = _once(listed, statements)
    texts: list[SourceFile] = []
    near: list[str] | None = None
    lost = 0
    for entry in entries:
        if isinstance(entry, SourceFile):
            texts.append(entry)
            continue
        name, place = entry
        if Path(name).suffix.lower() not in SUFFIXES:
            statements.findings.append(
                SRC104.at(place, f"pubkit does not read {printable(name)}: it is left out.", context=name)
            )
            continue
        try:
            one = opened(folder, name, place)
        except FileNotFoundError:
            near, lost = _near(folder) if near is None else near, lost + 1
            statements.findings.append(missing(name, place, near if lost <= _SEARCHED else ()))
            continue
        if not any(Path(text.path).suffix.lower() in SUFFIXES for text in texts):
            metadata.say(statements, one.front)
            if title := first_heading(one.body.text):
                statements.say("title", title, Location(name, 1, 1))
        is_cover = " ".join(str(one.front.value.get("title", "")).split()) == statements.value.get("title")
        texts.append(one.body if len(entries) == 1 or is_cover else page(one))
    return texts


def _once(listed: Iterable[Listed], statements: Statements) -> Sequence[Listed]:
    """Return each text that is listed once; one that is named again is a finding, unless a pattern has found it.

    Raises:
        InputRefused: there are more texts than a publication has.
    """
    entries = list(listed)
    at_place = Counter(entry[1] for entry in entries if not isinstance(entry, SourceFile))
    kept: dict[object, Listed] = {}
    for number, entry in enumerate(entries):
        if isinstance(entry, SourceFile):
            kept[number] = entry
            continue
        name, place = entry
        if kept.setdefault(posixpath.normpath(name), entry) is not entry and at_place[place] == 1:
            message = f"The chapter {printable(name)} is listed twice."
            statements.findings.append(SRC015.at(place, message, remedy="Remove one of the two.", context=name))
    if len(kept) > _MOST:
        message = f"The manuscript has {len(kept):,} texts; the limit is {_MOST:,}."
        first = next((entry[1] for entry in entries if not isinstance(entry, SourceFile)), None)
        raise refusal(SRC022, message, "Check the folder of the text itself, or list its chapters.", first)
    return list(kept.values())


def _near(folder: Path) -> list[str]:
    """Return the names of the texts in `folder`, of which one was perhaps meant."""
    found = (entry.relative_to(folder).as_posix() for entry in folder.glob("**/*") if entry.suffix.lower() in SUFFIXES)
    return list(itertools.islice(found, _NEAR))
