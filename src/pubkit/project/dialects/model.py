"""What every dialect returns: the statements of a publication, as pubkit.yaml would make them, and its chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct, field

from pubkit.boundary.files import printable
from pubkit.boundary.text import SourceFile
from pubkit.findings import Finding, Location
from pubkit.project import yaml as strict_yaml
from pubkit.project.metadata import Publication
from pubkit.project.rules import SRC101

__all__ = ["Foreign", "Statements"]

_LEAST = {"title": "x", "dates": {"published": "2000-01-01"}, "version": "1"}


class Statements:
    """The statements of a publication while they are collected; the first one on a key counts."""

    def __init__(self, place: Location) -> None:
        self.value: dict[str, Any] = {}
        self.locations: dict[strict_yaml.Path, Location] = {(): place}
        self.findings: list[Finding] = []

    def say(
        self, key: str, value: Any, place: Location, inner: Mapping[strict_yaml.Path, Location] | None = None
    ) -> None:
        """Add the statement of `value` under `key`, unless there is one already or the schema does not allow it.

        Args:
            key: a key of pubkit.yaml.
            value: the value as in YAML; an empty one is ignored.
            place: where the author states it.
            inner: the places of its parts, by their paths below `key`.
        """
        if key in self.value or value in (None, "", [], {}):
            return
        if (fault := _fault(key, value)) is not None:
            message = f"`{key}` cannot be used: {printable(fault, 200)}"
            self.findings.append(SRC101.at(place, message, context=f"{key}: {value}"[:400]))
            return
        self.value[key] = value
        self.locations[(key,)] = place
        self.locations.update({(key, *path): at for path, at in (inner or {}).items()})

    def leave_open(self, key: str, place: Location) -> None:
        """Note that the author writes at `place` what another tool would put under `key` when it runs."""
        self.locations.setdefault((key,), place)

    def made(self) -> strict_yaml.YamlFile:
        """Return the statements as a YAML file would hold them."""
        return strict_yaml.YamlFile(self.value, self.locations, dict(self.locations))


def _fault(key: str, value: Any) -> str | None:
    """Return why the schema does not allow `value` under `key`; None if it does."""
    try:
        msgspec.convert({**_LEAST, key: value}, Publication)
    except msgspec.ValidationError as error:
        return str(error)
    return None


class Foreign(Struct, frozen=True):
    """A manuscript of another tool that has been read.

    Args:
        dialect: its name in pubkit.yaml, such as "quarto".
        kind: what it is, in words: "a Quarto book".
        folder: the folder to which all paths are relative.
        configuration: the file that describes the publication.
        statements: the metadata of the publication, under the keys of pubkit.yaml.
        chapters: its chapters in reading order, without their front matter.
        variables: the values that its text may refer to.
        sources: further files that were read, for the record of what a release was built from.
        findings: what could not be read.
        languages: those of chapters that state another one than the publication does, by their paths.
    """

    dialect: str
    kind: str
    folder: Path
    configuration: SourceFile
    statements: strict_yaml.YamlFile
    chapters: Sequence[SourceFile]
    variables: Mapping[str, str] = {}
    sources: Sequence[SourceFile] = ()
    findings: list[Finding] = field(default_factory=list)
    languages: Mapping[str, str] = {}
