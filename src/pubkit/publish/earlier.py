"""The set in the output folder before a build: which of its files still fit, and what is said about the rest.

A build of some formats keeps the others if they are what it would have made itself: the same edition, the same tools,
and not one byte changed since. Anything else would leave a stale PDF beside a new page, and is removed from the set.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import msgspec
from msgspec import Struct, structs

from pubkit.boundary.files import from_here, printable
from pubkit.catalogue import Entry
from pubkit.findings import Finding, Severity
from pubkit.formats import OutputFormat
from pubkit.publish import manifest
from pubkit.publish.rules import REL005, REL006, REL007
from pubkit.publish.staging import Kept
from pubkit.render.model import Edition

__all__ = ["Earlier", "edition_sha256", "look", "notices"]


#: So many strange files are named.
_MOST_NAMED = 5
_STALE = "They are out of date: text, data, options or tools have changed since."
_ELSE = "A release contains only what the same run has made."
_OTHERS = "They are the set of another publication."
_APART = "Build each publication into a folder of its own (--out); build the other one again to have its set back."


class Earlier(Struct, frozen=True):
    """The formats of an earlier set that a build does not make again.

    `fitting` has the bytes of those that still fit, by format; `lapsed` the names of those that are left out of the
    set, `why`, as a sentence, and what to do (`remedy`), if that is not what the rule says.
    """

    fitting: Mapping[OutputFormat, bytes] = {}
    lapsed: tuple[str, ...] = ()
    why: str = ""
    remedy: str = ""


def edition_sha256(edition: Edition, tools: Mapping[str, str]) -> str:
    """Return one sha256, in hexadecimal, over all that decides the bytes of an edition's files, tools included."""
    pictures = {name: picture.sha256 for name, picture in edition.pictures.items()}
    deciding = {**structs.asdict(edition), "pictures": pictures, "tools": tools, "text": (), "beside": ()}
    return hashlib.sha256(msgspec.json.encode(deciding, enc_hook=_plain, order="deterministic")).hexdigest()


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(value)


def look(
    folder: Path, formats: Collection[OutputFormat], edition: str, names: Mapping[OutputFormat, str], made_from: Edition
) -> Earlier:
    """Return what the set in `folder` contains beyond `formats`, or all of it if it is that of another publication.

    Args:
        folder: the output folder; it need not exist.
        formats: the formats that are made again.
        edition: the `edition_sha256` of the build; "" if nothing may be taken over.
        names: the file name of each format in this edition.
        made_from: the edition that is built.
    """
    made = manifest.read(folder)
    if made is None:
        return Earlier()
    if _is_of_another(made, made_from):
        lapsed = sorted(one.path for one in made.artifacts if _as_written(folder, one) is not None)
        return Earlier({}, tuple(lapsed), _OTHERS, _APART)
    fitting: dict[OutputFormat, bytes] = {}
    lapsed = []
    for one in made.artifacts:
        data = None if one.format in formats else _as_written(folder, one)
        if data is None:
            continue
        if edition and made.edition_sha256 == edition and names.get(cast(OutputFormat, one.format)) == one.path:
            fitting[cast(OutputFormat, one.format)] = data
        else:
            lapsed.append(one.path)
    return Earlier(fitting, tuple(sorted(lapsed)), _STALE if edition else _ELSE)


def _is_of_another(made: manifest.MadeSet, edition: Edition) -> bool:
    """Return whether a set has another identifier and other names of files; a changed title alone makes another name."""
    named = any(one.path.startswith(f"{edition.slug}-") for one in made.artifacts)
    return not named and made.publication.identifier not in {"", edition.identifier}


def _as_written(folder: Path, one: manifest.MadeFile) -> bytes | None:
    """Return the bytes of `one` if they are those that pubkit wrote, else None."""
    path = folder / one.path
    try:
        data = b"" if path.is_symlink() or not path.is_file() else path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == one.sha256 else None


def notices(folder: Path, before: Earlier, kept: Sequence[Kept], *, release: bool) -> Iterator[Finding]:
    """Yield what has happened to files of `folder`, and what else lies in it: one by one for a `release`.

    These findings concern the folder, not the publication, so they are in no file of the set.
    """
    where = printable(from_here(folder))
    aside = {moved.aside for moved in kept}
    for moved in kept:
        place = printable(from_here(folder / moved.aside))
        how = (
            f"see `pubkit import-review {place}`, and"
            if moved.name.endswith(".docx")
            else "transfer what you need to the manuscript, and"
        )
        message = f"{printable(moved.name)} in {where} had been changed since pubkit wrote it; it is kept as {place}."
        yield _notice(REL006, message, f"Nothing was lost: {how} move it out of the output folder.")
    others = list(manifest.strangers(folder, manifest.made_files(folder), Severity.WARNING))
    if release:
        yield from (structs.replace(one, message=f"In {where}, {one.message}", location=None) for one in others)
    elif left := [one.context for one in others if one.context[0] != "." and one.context not in aside]:
        names = ", ".join(printable(name) for name in left[:_MOST_NAMED])
        more = f" and {len(left) - _MOST_NAMED} more" if len(left) > _MOST_NAMED else ""
        yield REL005.at(
            None, f"In {where} lies what this build has not made: {names}{more}.", severity=Severity.WARNING
        )
    if before.lapsed:
        names = ", ".join(printable(name) for name in before.lapsed)
        yield _notice(REL007, f"Removed from {where}: {names}. {before.why}", before.remedy)


def _notice(rule: Entry, message: str, remedy: str = "") -> Finding:
    return rule.at(None, message, remedy=remedy)
