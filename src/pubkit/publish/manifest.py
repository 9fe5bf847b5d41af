"""What a set of files is made of, and whether it is still unchanged: manifest.json and SHA256SUMS."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from pubkit.boundary.files import printable, read_regular
from pubkit.boundary.signatures import SUFFIX
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.publish.rules import REL001, REL002, REL003, REL004, REL005

__all__ = [
    "CHECKSUMS",
    "LIMIT",
    "MANIFEST",
    "SIGNATURE",
    "MadeFile",
    "MadeSet",
    "checksums",
    "decoded",
    "made_files",
    "read",
    "sha256_of",
    "strangers",
    "verify",
    "written",
]

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
SIGNATURE = f"{CHECKSUMS}{SUFFIX}"
SCHEMA = "pubkit-manifest-1"
#: The most that is read of a manifest, of checksums or of a signature, in bytes.
LIMIT = 10_000_000
#: No published file is larger, in bytes.
_LARGEST = 2_000_000_000

_LINE = expression(r"([0-9a-f]{64})  ([^\n]+)")
_NAME = expression(r"[^/\0]+")


class MadeFile(Struct, frozen=True):
    """One file as pubkit wrote it: its name in the set, its sha256 in hexadecimal; `format` is empty for a record."""

    path: str
    sha256: str
    format: str = ""


class MadeFrom(Struct, frozen=True):
    """The publication from which a set was made, by its identifier."""

    identifier: str = ""


class MadeSet(Struct, frozen=True):
    """A set as its manifest describes it.

    `files` are all files except the manifest and the checksums; `artifacts` those that are the publication in one
    format. `edition_sha256` is the same for two sets exactly if they were made from one edition with the same tools.
    """

    schema: str
    files: tuple[MadeFile, ...]
    artifacts: tuple[MadeFile, ...] = ()
    edition_sha256: str = ""
    publication: MadeFrom = MadeFrom()


def written(statements: Mapping[str, Any], files: Mapping[str, bytes]) -> bytes:
    """Return manifest.json: the statements on a set of `files` (by name), sorted; the same set gives the same bytes."""
    listed = [{"path": name, "sha256": hashlib.sha256(data).hexdigest()} for name, data in sorted(files.items())]
    data = {"schema": SCHEMA, **statements, "files": listed}
    return (json.dumps(data, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def checksums(files: Mapping[str, bytes]) -> bytes:
    """Return SHA256SUMS, in the form that `sha256sum --check` reads."""
    return _checksums({name: hashlib.sha256(data).hexdigest() for name, data in files.items()})


def _checksums(digests: Mapping[str, str]) -> bytes:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items())).encode()


def read(folder: Path) -> MadeSet | None:
    """Return the set that pubkit has put into `folder`, by its manifest; None if there is none that can be read."""
    path = folder / MANIFEST
    try:
        return None if path.is_symlink() else decoded(read_regular(path, LIMIT))
    except OSError:
        return None


def decoded(data: bytes) -> MadeSet | None:
    """Return the set that the manifest `data` describes; None if it is none of pubkit's."""
    try:
        made = msgspec.json.decode(data, type=MadeSet)
    except (ValueError, RecursionError):
        return None
    names = {one.path for one in (*made.files, *made.artifacts)}
    fits = made.schema == SCHEMA and all(_NAME.fullmatch(name) and name not in {".", ".."} for name in names)
    return made if fits else None


def made_files(folder: Path) -> Mapping[str, str]:
    """Return every name of the set in `folder`, manifest and checksums too, with the sha256 that pubkit recorded.

    Only a manifest that pubkit wrote is trusted: checksums alone could be anybody's. Empty if there is none.
    """
    made = read(folder)
    if made is None:
        return {}
    digests = {one.path: one.sha256 for one in made.files}
    digests[MANIFEST] = _listed(folder).get(MANIFEST) or sha256_of(folder / MANIFEST)
    return digests | {CHECKSUMS: hashlib.sha256(_checksums(digests)).hexdigest()}


def sha256_of(path: Path) -> str:
    """Return the sha256 of a regular file, in hexadecimal; "" for a link, a folder, nothing at all, or more than 2 GB.

    Raises:
        OSError: it cannot be read.
    """
    if not _is_file(path):
        return ""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > _LARGEST:
            return ""
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_file(path: Path) -> bool:
    """Return whether `path` is a regular file and no link; a name that no file can have is none."""
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _listed(folder: Path) -> dict[str, str]:
    """Return name and sha256 of each file in SHA256SUMS; names that leave the folder are ignored."""
    return _read_checksums(folder)[0]


def _read_checksums(folder: Path) -> tuple[dict[str, str], list[int]]:
    """Return name and sha256 of each file in SHA256SUMS, and the numbers of the lines that pubkit never writes."""
    try:
        text = read_regular(folder / CHECKSUMS, LIMIT).decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}, [1]
    digests: dict[str, str] = {}
    strange = []
    for number, line in enumerate(text.removesuffix("\n").split("\n"), 1):
        found = _LINE.fullmatch(line)
        if found and _NAME.fullmatch(found[2]) and found[2] not in {".", ".."} and found[2] not in digests:
            digests[found[2]] = found[1]
        else:
            strange.append(number)
    return digests, strange


def verify(folder: Path) -> Sequence[Finding]:
    """Return whether the set in `folder` is complete and unchanged, with a finding for each fault.

    Works offline: every file is hashed and compared with SHA256SUMS, and the manifest with both.
    """
    if not (folder / CHECKSUMS).is_file():
        remedy = "This folder was not written by pubkit."
        return [REL001.at(Location(CHECKSUMS), "The checksums are missing.", remedy=remedy)]
    expected, strange = _read_checksums(folder)
    findings = [one for name, digest in sorted(expected.items()) for one in _changed(folder, name, digest)]
    if strange:
        lines = f"line {strange[0]}" + (f" and {len(strange) - 1:,} more" if strange[1:] else "")
        findings.append(
            REL003.at(Location(CHECKSUMS, strange[0]), f"The checksums are not as pubkit writes them: {lines}.")
        )
    if MANIFEST not in expected:
        findings.append(REL004.at(Location(MANIFEST), "The manifest is not among the checksums."))
    else:
        findings += _manifest_differs(folder, expected)
    return [*findings, *strangers(folder, expected, Severity.ERROR)]


def strangers(folder: Path, names: Collection[str], severity: Severity) -> Iterator[Finding]:
    """Yield a finding for each thing in `folder` that is neither among `names` nor the checksums or their signature."""
    own = {*names, CHECKSUMS, SIGNATURE}
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name not in own):
        message = f"{printable(name)} is not one of the published files."
        yield REL005.at(Location(name), message, context=name, severity=severity)


def _changed(folder: Path, name: str, digest: str) -> list[Finding]:
    found = sha256_of(folder / name)
    if not found:
        lack = "larger than any that is published" if _is_file(folder / name) else "missing"
        return [REL002.at(Location(name), f"{printable(name)} is {lack}.")]
    message = f"{printable(name)} is not the file that was published: its sha256 is {found}."
    return [REL003.at(Location(name), message)] if found != digest else []


def _manifest_differs(folder: Path, expected: Mapping[str, str]) -> list[Finding]:
    made = read(folder)
    if made is None:
        return [REL004.at(Location(MANIFEST), "The manifest cannot be read.")]
    named = {one.path: one.sha256 for one in (*made.files, *made.artifacts)}
    return [
        REL004.at(Location(name), f"The manifest and the checksums disagree on {printable(name)}.")
        for name, digest in sorted(named.items())
        if expected.get(name) != digest
    ]
