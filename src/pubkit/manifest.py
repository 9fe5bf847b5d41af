"""What a set of files is made of, and whether it still is what it was: manifest.json and SHA256SUMS."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pubkit.catalogue import Entry
from pubkit.files import printable
from pubkit.findings import Finding, Location
from pubkit.publish.rules import REL001, REL002, REL003, REL004, REL005

__all__ = ["CHECKSUMS", "MANIFEST", "checksums", "names_of_set", "verify", "written"]

MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
SCHEMA = "pubkit-manifest-1"

_LINE = re.compile(r"([0-9a-f]{64})  ([^\n]+)")


def written(statements: Mapping[str, Any]) -> bytes:
    """manifest.json: the statements on one set, sorted, the same bytes for the same set."""
    return (json.dumps({"schema": SCHEMA, **statements}, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def checksums(files: Mapping[str, bytes]) -> bytes:
    """SHA256SUMS, as `sha256sum --check` reads it."""
    lines = (f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in sorted(files.items()))
    return "".join(lines).encode()


def names_of_set(folder: Path) -> frozenset[str]:
    """The names that the set in `folder` consists of, by its checksums; empty where there is no set."""
    return frozenset({CHECKSUMS, *_listed(folder)}) if (folder / CHECKSUMS).is_file() else frozenset()


def _listed(folder: Path) -> dict[str, str]:
    """Name and sha256 of each file in SHA256SUMS; names that leave the folder are no names."""
    try:
        text = (folder / CHECKSUMS).read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    found = (_LINE.fullmatch(line) for line in text.splitlines())
    return {one[2]: one[1] for one in found if one and "/" not in one[2] and one[2] not in {".", ".."}}


def verify(folder: Path) -> Sequence[Finding]:
    """Whether the set in `folder` is complete and unchanged; a finding for each thing that is not.

    Works offline: every file is hashed and held against SHA256SUMS, and the manifest against both.
    """
    if not (folder / CHECKSUMS).is_file():
        return [_finding(REL001, CHECKSUMS, "The checksums are missing.", "This is not a folder that pubkit has made.")]
    expected = _listed(folder)
    findings = [one for name, digest in sorted(expected.items()) for one in _changed(folder, name, digest)]
    if MANIFEST not in expected:
        findings.append(_finding(REL004, MANIFEST, "The manifest is not among the checksums.", _AGAIN))
    else:
        findings += _manifest_differs(folder, expected)
    strangers = sorted(
        entry.name for entry in folder.iterdir() if entry.name not in expected and entry.name != CHECKSUMS
    )
    for name in strangers:
        message, remedy = (
            f"{printable(name)} is not of the set.",
            "Do not publish it with the set; nobody has checked it.",
        )
        findings.append(REL005.at(Location(name), message, context=name, remedy=remedy))
    return findings


_AGAIN = "Fetch the set again from where it was published, or build it again."


def _changed(folder: Path, name: str, digest: str) -> list[Finding]:
    path = folder / name
    if path.is_symlink() or not path.is_file():
        return [_finding(REL002, name, f"{printable(name)} is missing.", _AGAIN)]
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != digest:
        return [
            _finding(
                REL003, name, f"{printable(name)} is not the file that was published: its sha256 is {found}.", _AGAIN
            )
        ]
    return []


def _manifest_differs(folder: Path, expected: Mapping[str, str]) -> list[Finding]:
    try:
        data = json.loads((folder / MANIFEST).read_text("utf-8"))
        named = {entry["path"]: entry["sha256"] for entry in data["artifacts"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return [_finding(REL004, MANIFEST, "The manifest cannot be read.", _AGAIN)]
    return [
        _finding(REL004, str(name), f"The manifest and the checksums disagree on {printable(str(name))}.", _AGAIN)
        for name, digest in sorted(named.items())
        if expected.get(name) != digest
    ]


def _finding(rule: Entry, file: str, message: str, remedy: str) -> Finding:
    return rule.at(Location(file), message, remedy=remedy)
