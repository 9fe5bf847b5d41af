"""The texts of a manuscript in the order in which its tool lists them, and the metadata in the first of them."""

from __future__ import annotations

import functools
import itertools
import posixpath
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from pubkit.boundary.files import is_contained, printable, refusal
from pubkit.boundary.rules import SRC001, SRC002, SRC004, SRC015, SRC022
from pubkit.boundary.text import SourceFile
from pubkit.errors import InputRefused
from pubkit.findings import Location
from pubkit.project.dialects import metadata
from pubkit.project.dialects.files import SUFFIXES, Opened, is_notebook, missing, opened, page
from pubkit.project.dialects.model import Statements
from pubkit.project.rules import SRC104

__all__ = ["Listed", "gathered"]

#: A file with the place that names it, or a page that the configuration itself makes.
Listed = tuple[str, Location] | SourceFile

#: A publication of more texts than this is none.
_MOST = 1_000
#: What is wrong with the signs of a text, which concerns no other text.
_OF_ONE_TEXT = frozenset({SRC001.id, SRC002.id, SRC004.id})
#: Beyond this many missing texts or files to choose from, none is searched for a name that was perhaps meant.
_SEARCHED = 20
_NEAR = 2_000


def gathered(
    folder: Path, listed: Iterable[Listed], statements: Statements, *, own_heading_counts: bool = False
) -> list[SourceFile]:
    """Return the texts, each with its title as its first heading unless that is the title of the publication.

    The first text states what the configuration does not. An entry that is not a text, or does not exist, becomes a
    finding.

    Args:
        folder: the folder of the manuscript.
        listed: its texts in reading order.
        statements: what the publication says about itself; it grows.
        own_heading_counts: whether a title in the front matter is not printed where the text has a heading of its own.

    Raises: as `pubkit.project.dialects.files.opened`; of texts with signs that none may have only if there is no other.
    """
    entries = _once(listed, statements)
    texts: list[SourceFile] = []
    lost: list[str] = []
    for entry in entries:
        if isinstance(entry, SourceFile):
            texts.append(entry)
        elif one := _text(folder, *entry, statements, lost, alone=len(entries) == 1):
            if not any(Path(text.path).suffix.lower() in SUFFIXES or is_notebook(text.path) for text in texts):
                metadata.say_all(statements, one)
            _add_bibliographies(folder, one, statements)
            is_cover = " ".join(str(one.front.value.get("title", "")).split()) == statements.value.get("title")
            texts.append(
                one.body if len(entries) == 1 or is_cover else page(one, own_heading_counts=own_heading_counts)
            )
    refused = [finding for finding in statements.findings if finding.rule in _OF_ONE_TEXT]
    if refused and not texts:
        raise InputRefused(refused[0].message, remedy=refused[0].remedy, findings=refused)
    return texts


def _add_bibliographies(folder: Path, one: Opened, statements: Statements) -> None:
    """Add the bibliographies of one chapter to those of the publication."""
    known = statements.value.get("bibliography", [])
    known = [known] if isinstance(known, str) else known
    more = [path for path in metadata.bibliographies(one) if path not in known and is_contained(folder, path)]
    if more and known:
        statements.value["bibliography"] = [*known, *dict.fromkeys(more)]
    else:
        statements.say("bibliography", more, one.front.at(("bibliography",)))


def _text(
    folder: Path, name: str, place: Location, statements: Statements, lost: list[str], *, alone: bool
) -> Opened | None:
    """Return a listed text; None, with a finding, if it is not a text or is `lost`, which does not exist.

    One with signs that no text may have is left out, with a finding for each, unless it is `alone`.
    """
    if Path(name).suffix.lower() not in SUFFIXES and not is_notebook(name):
        message = f"pubkit does not read {printable(name)}, so it is left out."
        statements.findings.append(SRC104.at(place, message, context=name))
        return None
    try:
        one = opened(folder, name, place)
    except FileNotFoundError:
        lost.append(name)
        near = _near(str(folder)) if len(lost) <= _SEARCHED else ()
        statements.findings.append(missing(name, place, near))
        return None
    except InputRefused as refused:
        faults = [finding for finding in refused.findings if finding.rule in _OF_ONE_TEXT]
        if not is_notebook(name):
            if alone or not faults:
                raise
            message = f"{printable(name)} is not accepted as it is, so it is left out."
            remedy = "Correct the text as the findings on it say."
            statements.findings += [*faults, SRC104.at(place, message, remedy=remedy, context=name)]
            return None
        one = None
    if one is None or (is_notebook(name) and not one.source.text):
        message = f"{printable(name)} is no notebook that pubkit can read, so it is left out."
        statements.findings.append(SRC104.at(place, message, context=name))
        return None
    return one


def _once(listed: Iterable[Listed], statements: Statements) -> Sequence[Listed]:
    """Return each listed text once; one that is named again is a finding, unless a pattern has found it.

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


@functools.lru_cache(maxsize=2)
def _near(folder: str) -> tuple[str, ...]:
    """Return the names of the texts in `folder`, one of which may have been meant."""
    below = Path(folder)
    found = (entry.relative_to(below).as_posix() for entry in below.glob("**/*") if entry.suffix.lower() in SUFFIXES)
    return tuple(itertools.islice(found, _NEAR))
