"""The baseline: errors that a named person accepts as they are today, so that only new ones keep a text from being built.

It is a file beside the publication, under version control. It holds errors that can be waived, and nothing else; a release
ignores it. Only pubkit writes it: a file that was changed by hand does not match its own sha256 and is not used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct, structs

from pubkit.boundary.files import printable, read_contained, replace_file
from pubkit.catalogue import Entry
from pubkit.editorial.rules import EDI093
from pubkit.findings import Acceptance, Finding, Location
from pubkit.project.loading import CONFIGURATION, Project

__all__ = ["Accepted", "Baseline", "Comparison", "compared", "extended", "file_name", "read", "shrunk", "write"]

SCHEMA = "pubkit-baseline-1"
_LIMIT = 20_000_000
_SHOWN = 100


class Accepted(Struct, frozen=True, forbid_unknown_fields=True):
    """Equal findings of one file that were accepted: how many, who accepted them, and when.

    `fingerprint` is that of the first of them; `text` begins as the words in question do, for people who read the file.
    """

    rule: str
    file: str
    fingerprint: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    count: Annotated[int, Meta(ge=1)]
    who: Annotated[str, Meta(min_length=1, max_length=300)]
    on: dt.date
    text: str


class Baseline(Struct, frozen=True):
    """What the file holds, if there is one; `findings` say what is wrong with it, and then it holds nothing."""

    exists: bool = False
    entries: tuple[Accepted, ...] = ()
    findings: tuple[Finding, ...] = ()


class Comparison(Struct, frozen=True):
    """A baseline held against the findings of today.

    `matched` is how many findings it holds that are still there; `gone` are those that are not, with their number as
    `count`.
    """

    file: str
    matched: int
    gone: tuple[Accepted, ...] = ()


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    schema: Literal["pubkit-baseline-1"]
    sha256: str
    findings: list[Accepted]


def file_name(loaded: Project) -> str:
    """Return its name: pubkit.baseline.json in a publication's folder, NAME.baseline.json beside a single file NAME.md."""
    path = loaded.configuration.path
    return "pubkit.baseline.json" if path == CONFIGURATION else f"{Path(path).stem}.baseline.json"


def read(loaded: Project, rules: Mapping[str, Entry], today: dt.date) -> Baseline:
    """Return the baseline beside the publication; `rules` are all in force.

    Raises:
        InputRefused: it is a link, too large, or no regular file.
    """
    name = file_name(loaded)
    try:
        data = read_contained(loaded.folder, name, "The baseline", limit=_LIMIT)
    except FileNotFoundError:
        return Baseline()
    try:
        found = msgspec.convert(json.loads(data.decode("utf-8")), _File)
    except json.JSONDecodeError as error:
        return _unusable(f"{name} is not JSON: {error.msg}.", Location(name, error.lineno, error.colno))
    except msgspec.ValidationError as error:
        return _unusable(f"{name} is not a baseline: {printable(str(error))}.", Location(name))
    except (ValueError, RecursionError) as error:  # bytes that are no text, a number of too many digits, too deep
        return _unusable(f"{name} cannot be read: {printable(str(error))}.", Location(name))
    if fault := _fault(found, rules, today):
        return _unusable(f"{name} {fault}.", Location(name))
    return Baseline(exists=True, entries=tuple(found.findings))


def _unusable(message: str, location: Location) -> Baseline:
    return Baseline(exists=True, findings=(EDI093.at(location, message),))


def _fault(file: _File, rules: Mapping[str, Entry], today: dt.date) -> str:
    """Return what pubkit would not have written, as the end of a sentence; nothing for a sound file."""
    if file.sha256 != _sha256(file.findings):
        return "was changed by hand: its sha256 does not match what it holds"
    for entry in file.findings:
        if entry.rule in rules and not rules[entry.rule].waivable:
            return f"accepts a finding of {entry.rule}, which cannot be waived"
        if entry.on > today:
            return f"accepts a finding of {printable(entry.rule, 20)} on {entry.on}, a day to come"
    return ""


def compared(
    baseline: Baseline, findings: Sequence[Finding], file: str, not_run: Iterable[str] = ()
) -> tuple[list[Finding], Comparison | None]:
    """Return `findings` with those marked that the baseline holds, and what the two come to; None without a baseline.

    Only errors that nobody has waived are marked. What rules that were `not_run` found is taken to be still there.
    """
    held = {entry.fingerprint: entry for entry in baseline.entries}
    left = Counter({entry.fingerprint: entry.count for entry in baseline.entries})
    marked = []
    for finding in findings:
        first = _first(finding)
        if finding.blocks and finding.waivable and left[first] > 0:
            left[first] -= 1
            entry = held[first]
            marked.append(finding.with_acceptance(Acceptance(entry.who, entry.on)))
        else:
            marked.append(finding)
    if not baseline.exists:
        return marked, None
    silent = set(not_run)
    gone = tuple(
        structs.replace(held[name], count=number)
        for name, number in left.items()
        if number and held[name].rule not in silent
    )
    matched = sum(finding.accepted is not None for finding in marked)
    return marked, Comparison(file, matched, gone)


def _first(finding: Finding) -> str:
    """Return the fingerprint of the first of equal findings."""
    return (structs.replace(finding, occurrence=0) if finding.occurrence else finding).fingerprint


def extended(baseline: Baseline, findings: Iterable[Finding], who: str, on: dt.date) -> tuple[Accepted, ...]:
    """Return what `baseline` holds, and with it every error of `findings` that blocks and can be waived."""
    held = {entry.fingerprint: entry for entry in baseline.entries}
    for finding in findings:
        if finding.blocks and finding.waivable:
            name = _first(finding)
            known = held.get(name)
            held[name] = Accepted(
                rule=finding.rule,
                file=finding.location.file if finding.location else "",
                fingerprint=name,
                count=known.count + 1 if known else 1,
                who=who,
                on=on,
                text=printable(" ".join((finding.context or finding.message).split()), _SHOWN),
            )
    return tuple(held.values())


def shrunk(baseline: Baseline, gone: Iterable[Accepted]) -> tuple[Accepted, ...]:
    """Return what `baseline` holds without what is `gone`."""
    missing = {entry.fingerprint: entry.count for entry in gone}
    kept = (
        structs.replace(entry, count=entry.count - missing.get(entry.fingerprint, 0))
        if entry.count > missing.get(entry.fingerprint, 0)
        else None
        for entry in baseline.entries
    )
    return tuple(entry for entry in kept if entry)


def write(loaded: Project, entries: Iterable[Accepted]) -> Path:
    """Write the baseline of the publication, one finding a line, in the order of files and rules; return the file.

    A baseline that holds nothing is no file.

    Raises:
        EnvironmentFault: it cannot be written.
    """
    path = loaded.folder / file_name(loaded)
    ordered = sorted(entries, key=lambda one: (one.file, one.rule, one.fingerprint))
    if not ordered:
        path.unlink(missing_ok=True)
        return path
    lines = ",\n".join(f"    {json.dumps(msgspec.to_builtins(one), ensure_ascii=False)}" for one in ordered)
    text = f'{{\n  "schema": "{SCHEMA}",\n  "sha256": "{_sha256(ordered)}",\n  "findings": [\n{lines}\n  ]\n}}\n'
    replace_file(path, text.encode())
    return path


def _sha256(entries: Iterable[Accepted]) -> str:
    """Return one sha256 over the entries, in whatever order they come."""
    lines = sorted(json.dumps(msgspec.to_builtins(one), sort_keys=True) for one in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
