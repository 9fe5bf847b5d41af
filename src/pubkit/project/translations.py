"""Translations that lie in folders of their own below the publication's: whether each is of the edition as it is now."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pubkit.boundary.files import printable, read_contained
from pubkit.boundary.text import decode
from pubkit.errors import PubkitError
from pubkit.findings import Finding
from pubkit.project import yaml as strict_yaml
from pubkit.project.metadata import Publication
from pubkit.project.rules import EDI050
from pubkit.project.yaml import YamlFile

__all__ = ["behind"]

_CONFIGURATION = "pubkit.yaml"
_LIMIT = 200_000


def behind(folder: Path, publication: Publication, statements: YamlFile) -> Iterator[Finding]:
    """Yield a finding on each translation whose own pubkit.yaml names another edition of the text, or none."""
    for number, translation in enumerate(publication.translations):
        if not translation.path:
            continue
        location = statements.at(("translations", number, "path"))
        shown = printable(translation.path, 100)
        try:
            said = _statements(folder, translation.path)
        except (OSError, PubkitError):
            message = f"There is no translation in {shown}: its pubkit.yaml cannot be read."
            yield EDI050.at(location, message, context=translation.path, remedy="Correct the path, or remove it.")
            continue
        original = said.get("translation_of")
        version = str(original.get("version", "")) if isinstance(original, dict) else ""
        if version != publication.version:
            of = f"version {printable(version, 40)}" if version else "an edition that it does not name"
            message = f"The translation in {shown} is of {of}; this is version {publication.version}."
            yield EDI050.at(location, message, context=f"{translation.path} {version} {publication.version}")
        elif said.get("lang") != translation.lang:
            theirs = printable(str(said.get("lang", "en")), 20)
            message = f"The translation in {shown} is in {theirs}, not {translation.lang}."
            yield EDI050.at(location, message, context=translation.path, remedy="Correct `lang:` here or there.")


def _statements(folder: Path, path: str) -> dict[str, object]:
    """Return what the pubkit.yaml of a translation states; nothing outside the publication's folder is read."""
    name = f"{path.rstrip('/')}/{_CONFIGURATION}"
    data = read_contained(folder, name, "A translation", limit=_LIMIT, suffixes={".yaml"})
    value = strict_yaml.load(decode(data, name).text, name).value
    return value if isinstance(value, dict) else {}
