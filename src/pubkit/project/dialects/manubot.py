"""A Manubot repository: content/metadata.yaml, content/01.abstract.md and so on, manual references beside them."""

from __future__ import annotations

import re
from pathlib import Path

from pubkit.boundary.text import SourceFile
from pubkit.findings import Location
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import natural, opened, read_yaml, text_of
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.rules import SRC103

__all__ = ["read", "recognised"]

_REFERENCES = re.compile(r"manual-references.*\.(?:json|bib|ya?ml)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{%-?\s*(?:for|if)\b|\{##")


def recognised(path: Path) -> Path | None:
    """Return the metadata of the Manubot repository at `path`, or at the folder above its content/."""
    for folder in (path / "content", path):
        if (folder / "metadata.yaml").is_file() and (folder.name == "content" or any(folder.glob("[0-9]*.md"))):
            return folder / "metadata.yaml"
    return None


def read(path: Path) -> Foreign:
    """Read the Manubot repository at `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    folder = (recognised(path) or path / "content" / "metadata.yaml").parent
    configuration, file = read_yaml(folder, "metadata.yaml")
    statements = Statements(Location("metadata.yaml", 1, 1))
    metadata.say(statements, file)
    references = sorted(entry.name for entry in folder.iterdir() if _REFERENCES.fullmatch(entry.name))
    statements.say("bibliography", references, Location("metadata.yaml", 1, 1))
    texts: list[SourceFile] = []
    for name in sorted((entry.name for entry in folder.glob("[0-9]*.md")), key=natural):
        one = opened(folder, name).body
        if _TEMPLATE.search(one.text):
            message = f"{name} is a template that Manubot fills, so it is not printed; pubkit prints title and authors."
            statements.findings.append(SRC103.at(Location(name, 1, 1), message, context=name))
        else:
            texts.append(one)
    return Foreign(
        "manubot", "a Manubot manuscript", folder, configuration, statements.made(), texts,
        {**variables.of(file, folder), **_tags(folder)}, findings=statements.findings,
    )  # fmt: skip


def _tags(folder: Path) -> dict[str, str]:
    """Return the identifiers of the tags that older manuscripts define in citation-tags.tsv, by "tag:name"."""
    try:
        text = text_of(folder, "citation-tags.tsv", "The list of citation tags").text
    except FileNotFoundError:
        return {}
    rows = (line.split("\t") for line in text.split("\n")[1:])
    return {f"tag:{row[0].strip()}": row[1].strip() for row in rows if len(row) > 1 and row[1].strip()}
