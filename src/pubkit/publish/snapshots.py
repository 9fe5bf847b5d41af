"""What an edition says, from a publication as it is now, or from a set that was built of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pubkit.boundary.files import printable, read_regular
from pubkit.claims.inventory import claims
from pubkit.editorial import evidence
from pubkit.editorial.editions import SCHEMA, Passage, Snapshot, Work
from pubkit.editorial.evidence import EvidenceTable
from pubkit.errors import UsageError
from pubkit.manuscript.model import BlockKind
from pubkit.manuscript.tree import Block, CodeBlock, Header, Image, LineBlock, Para, Plain, every, nodes, plain_text
from pubkit.publish import manifest
from pubkit.publish.manifest import MANIFEST
from pubkit.rules.base import Submission

__all__ = ["EVIDENCE", "of_set", "of_submission", "pdf_of_set", "table"]

EVIDENCE = "evidence.json"
_LIMIT = 100_000_000
_LARGEST_PDF = 1_000_000_000


def of_submission(submission: Submission) -> Snapshot:
    """Return what a publication says now."""
    said = submission.publication
    made = claims(submission.manuscript.document, said)
    rows = evidence.table(said, submission.bibliography, submission.verdicts, made, submission.today)
    cited = dict.fromkeys(citation.key for citation in submission.manuscript.citations if citation.key != "*")
    works = [Work(key, _printed(submission, key), _status(submission, key)) for key in cited]
    disclaimers = {block.variant: f"{block.version} ({block.locale})" for block in submission.disclaimers}
    return Snapshot(SCHEMA, said.version, submission.today, rows, works, disclaimers, [*_passages(submission)])


def _passages(submission: Submission) -> Iterator[Passage]:
    """Yield the text: the statements of pubkit.yaml that are read, then the chapters, each note after its paragraph."""
    document = submission.manuscript.document
    yield from (Passage(block.text) for block in document.blocks if block.kind is BlockKind.METADATA and block.text)
    for block in _leaves(document.tree.blocks):
        level = block.level if isinstance(block, Header) else 0
        said = (dict(image.attr.pairs).get("alt", "") for image in every(Image, block))
        for words in filter(None, (" ".join(one.split()) for one in (plain_text(block), *said))):
            yield Passage(words, level)


def _leaves(blocks: Sequence[Block]) -> Iterator[Block]:
    """Yield every block that holds words of its own, in reading order."""
    for node in nodes(list(blocks)):
        if isinstance(node, Para | Plain | Header | CodeBlock | LineBlock):
            yield node


def _printed(submission: Submission, key: str) -> str:
    """Return a work as the reference list has it, or its title and year if nothing was printed."""
    if key in submission.references:
        return " ".join(submission.references[key].split())
    entry = submission.bibliography.entries.get(key)
    year = entry.item.issued.year if entry and entry.item.issued else None
    return f"{entry.item.title} ({year})" if entry and year else entry.item.title if entry else ""


def _status(submission: Submission, key: str) -> str:
    verdict = submission.verdicts.get(key)
    return verdict.status.value if verdict else ""


def pdf_of_set(folder: Path) -> tuple[str, bytes]:
    """Return the PDF of a set, and its name.

    Raises:
        UsageError: the folder is not the output of a build, has no PDF, or its PDF is not the one that was made.
    """
    made = manifest.read(folder)
    name = next((one.path for one in made.artifacts if one.path.endswith(".pdf")), None) if made else None
    if made is None or name is None:
        message = f"{printable(str(folder))} is no output of a build that made a PDF."
        raise UsageError(message, remedy="Build it first: pubkit build --draft --only pdf --out DIR")
    try:
        data = read_regular(folder / name, _LARGEST_PDF)
    except OSError as error:
        message = f"{printable(str(folder / name))} cannot be read: {error.strerror}."
        raise UsageError(message, remedy="Build it again.") from error
    if hashlib.sha256(data).hexdigest() != next(one.sha256 for one in made.artifacts if one.path == name):
        message = f"{printable(str(folder / name))} is not the file that pubkit made."
        raise UsageError(message, remedy="Build it again.")
    return name, data


def of_set(place: Path) -> Snapshot:
    """Return what a set says, given by its folder or by its evidence.json; without its manifest, only its claims.

    Raises:
        UsageError: it has no readable table of claims.
    """
    rows = table(place)
    said = _manifest((place if place.is_dir() else place.parent) / MANIFEST)
    titles = {
        one.key: f"{one.title} ({one.year})" if one.year else one.title for row in rows.rows for one in row.sources
    }
    works = [
        Work(str(one["key"]), titles.get(str(one["key"]), ""), str(one["status"])) for one in said.get("references", ())
    ]
    disclaimers = {str(one["variant"]): f"{one['version']} ({one['locale']})" for one in said.get("disclaimers", ())}
    return Snapshot(SCHEMA, rows.version, rows.made_on, rows, works, disclaimers)


def table(place: Path) -> EvidenceTable:
    """Return the claims of a set.

    Raises:
        UsageError: it has no readable table of claims.
    """
    path = place / EVIDENCE if place.is_dir() else place
    try:
        return evidence.from_json(read_regular(path, _LIMIT))
    except (OSError, ValueError) as error:
        remedy = f"Name a publication, the output folder of a build, or its {EVIDENCE}."
        raise UsageError(f"There is no table of claims at {printable(str(path))}.", remedy=remedy) from error


def _manifest(path: Path) -> Mapping[str, Any]:
    """Return what a manifest says, as far as it is one; nothing if it cannot be read."""
    try:
        said = json.loads(read_regular(path, _LIMIT))
        rows = [*said["references"], *said["disclaimers"]]
        known = all({"key", "status"} <= one.keys() or {"variant", "version", "locale"} <= one.keys() for one in rows)
        dt.date.fromisoformat(said["publication"]["date"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return said if known else {}
