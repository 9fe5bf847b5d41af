"""A Manubot repository: content/metadata.yaml, content/01.abstract.md and so on, and manual references beside them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

from pubkit.boundary.text import SourceFile
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project.dialects import metadata, variables
from pubkit.project.dialects.files import natural, opened, read_yaml, text_of
from pubkit.project.dialects.model import Foreign, Statements
from pubkit.project.rules import SRC103

__all__ = ["read", "recognised"]

_REFERENCES = expression(r"manual-references.*\.(?:json|bib|ya?ml)", re.IGNORECASE)
_DEFINED = expression(r"^\[@(?P<name>[^\]\s]+)\]:[ \t]*(?P<key>\S+)", re.MULTILINE)
_CITED = expression(r"@([a-z]+:[^\s\];,@`]*[^\s\];,@.:)`])")
#: What Manubot writes into the note of a record that it has looked up itself, beside the record's own id.
_LOOKED_UP = expression(r"\bstandard_(?:id|citation):[ \t]*(\S+)")
_ENTRY = expression(
    r"\"(?:id|standard_citation)\"\s*:\s*\"([^\"\n]+)\"|^[ \t]*(?:-[ \t]+)?id:[ \t]*[\"']?([^\s\"']+)|^@\w+\{([^,\s]+),",
    re.MULTILINE,
)
#: Manubot's names of registries, and pubkit's, where they differ (Manubot, Citations by persistent identifier).
_REGISTRIES = {"pubmed": "pmid", "pmc": "pmcid"}
_DOI_ADDRESS = expression(r"https?://(?:dx\.)?doi\.org/")
_TEMPLATE = expression(r"\{%-?\s*(?:for|if)\b|\{##")


def recognised(path: Path) -> Path | None:
    """Return the metadata file of the Manubot repository at `path`, which may be its folder content/."""
    if (path / "content" / "metadata.yaml").is_file():
        return path / "content" / "metadata.yaml"
    found = path / "metadata.yaml"
    return found if found.is_file() and any(path.glob("[0-9]*.md")) else None


def read(path: Path) -> Foreign:
    """Read the Manubot repository at `path`.

    Raises: as `pubkit.project.dialects.files.opened`.
    """
    inner = "content/" if (path / "content" / "metadata.yaml").is_file() else ""
    configuration, file = read_yaml(path, f"{inner}metadata.yaml")
    statements = Statements(Location(configuration.path, 1, 1))
    metadata.say(statements, file)
    names = sorted((entry.name for entry in (path / inner).iterdir()), key=natural)
    references = [f"{inner}{name}" for name in names if _REFERENCES.fullmatch(name)]
    statements.say("bibliography", references, Location(configuration.path, 1, 1))
    texts: list[SourceFile] = []
    for name in (f"{inner}{name}" for name in names if re.fullmatch(r"\d.*\.md", name)):
        one = opened(path, name).body
        if _TEMPLATE.search(one.text):
            message = f"{name} is a template that Manubot fills in, so it is not read; pubkit prints title and authors."
            statements.findings.append(SRC103.at(Location(name, 1, 1), message, context=name))
        else:
            texts.append(one)
    defined = {found["name"]: found["key"] for text in texts for found in _DEFINED.finditer(text.text)}
    texts = [text for text in texts if _DEFINED.sub("", text.text).strip() or not text.text.strip()]
    tags = {**_tags(path, inner), **{_tag(name): key for name, key in defined.items()}}
    spelled = _spelled(path, references, texts, tags)
    known = {**variables.of(file, path), **spelled, **{name: spelled.get(_tag(key), key) for name, key in tags.items()}}
    made = statements.made()
    return Foreign(
        "manubot", "a Manubot manuscript", path, configuration, made, texts, known, findings=statements.findings
    )


def _spelled(folder: Path, references: list[str], texts: list[SourceFile], tags: dict[str, str]) -> dict[str, str]:
    """Return, as tags, how the manual references and pubkit spell the keys that the texts spell otherwise.

    Manubot compares DOIs without regard to capital letters, and knows some registries by two names.
    """
    found = (one for name in references for one in _ENTRY.findall(text_of(folder, name, "The references").text))
    entries = {next(filter(None, one)) for one in found}
    known = {_standard(entry): entry for entry in entries} | dict(_looked_up(folder, references))
    cited = {key for text in texts for key in _CITED.findall(text.text)} | set(tags.values())
    # Pandoc ends a key before a slash at its end, so such a key is written anew as well.
    meant = {
        key: known.get(_standard(key)) or _named_as_here(key) for key in cited if key not in entries or key[-1] == "/"
    }
    return {_tag(key): name for key, name in sorted(meant.items()) if name != key or key[-1] == "/"}


def _looked_up(folder: Path, references: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the identifier and the id of each record that Manubot itself has looked up and kept in a file of JSON."""
    for name in references:
        text = text_of(folder, name, "The references").text if name.lower().endswith(".json") else ""
        try:
            items = json.loads(text) if "standard_" in text else []
        except (ValueError, RecursionError):
            continue  # the reader of bibliographies reports it
        for item in items if isinstance(items, list) else ():
            if isinstance(item, dict) and (found := _LOOKED_UP.search(str(item.get("note", "")))):
                yield _standard(found[1]), str(item.get("id", ""))


def _named_as_here(key: str) -> str:
    """Return `key` with pubkit's name of its registry."""
    key = _DOI_ADDRESS.sub("doi:", key)
    registry, _, number = key.partition(":")
    return f"{_REGISTRIES[registry]}:{number}" if registry in _REGISTRIES else key


def _standard(key: str) -> str:
    key = _named_as_here(key)
    return key.lower() if key.lower().startswith(("doi:", "arxiv:")) else key


def _tag(name: str) -> str:
    return name if name.startswith("tag:") else f"tag:{name}"


def _tags(folder: Path, inner: str) -> dict[str, str]:
    """Return the identifiers of the tags that older manuscripts define in citation-tags.tsv, by `tag:name`."""
    try:
        text = text_of(folder, f"{inner}citation-tags.tsv", "The list of citation tags").text
    except FileNotFoundError:
        return {}
    rows = (line.split("\t") for line in text.split("\n")[1:])
    return {_tag(row[0].strip()): row[1].strip() for row in rows if len(row) > 1 and row[1].strip()}
