"""What a set contains: the finished files, and what is written about them."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct

from pubkit.boundary.confinement import confinement
from pubkit.boundary.distribution import tool
from pubkit.editorial import baseline, editions, ledger
from pubkit.editorial.ledger import Released
from pubkit.editorial.rules import REL012
from pubkit.errors import PubkitError
from pubkit.findings import Finding, Location
from pubkit.formats import OutputFormat
from pubkit.language.labels import labels_for
from pubkit.outcome import Mode, Report
from pubkit.project.loading import Project
from pubkit.project.metadata import Publication
from pubkit.proof import Proof
from pubkit.proof.disclaimers.measure import manifest as measured
from pubkit.publish import earlier, manifest, provenance, snapshots
from pubkit.references.known import Consultation, lock_place
from pubkit.references.model import Verdict
from pubkit.references.registries import lock as locks
from pubkit.references.registries.lock import FILE_NAME as LOCK
from pubkit.render import records
from pubkit.render.model import Edition
from pubkit.report.json import write as report_as_json
from pubkit.report.model import ArtifactLine, Sheet
from pubkit.rules.base import Submission

__all__ = ["MadeFile", "enter", "of_set"]


class MadeFile(Struct, frozen=True):
    """A finished file of a set: its name, format, bytes and sha256, and what its proofs have found."""

    name: str
    format: OutputFormat
    data: bytes
    sha256: str
    proof: Proof


def of_set(
    project: Project,
    submission: Submission,
    references: Consultation,
    edition: Edition,
    files: Mapping[OutputFormat, MadeFile],
    report: Report,
    tools: Mapping[str, str],
) -> dict[str, bytes]:
    """Return every file of the set by name, the checksums last."""
    # The rules have already imported what this needs, while the PDF was being laid out.
    from pubkit.publish.documents import documents

    lines = tuple(ArtifactLine(one.name, one.format, one.sha256, len(one.data)) for one in files.values())
    made = {one.name: one.data for one in files.values()}
    made["report.json"] = report_as_json(Sheet(report, tool(), artifacts=lines)).encode()
    made |= documents(submission, report, {name: one.name for name, one in files.items()}, edition, tool())
    made |= {"CITATION.cff": records.citation_file(edition), "record.jsonld": records.linked_data(edition)}
    said = _statements(project, references, edition, files, report, tools)
    if report.mode is Mode.RELEASE:
        made |= provenance.records(said)
    made[manifest.MANIFEST] = manifest.written(said, made)
    return {**made, manifest.CHECKSUMS: manifest.checksums(made)}


def _statements(
    project: Project,
    references: Consultation,
    edition: Edition,
    files: Mapping[OutputFormat, MadeFile],
    report: Report,
    tools: Mapping[str, str],
) -> dict[str, Any]:
    """Return what the manifest says: what went in, what processed it, what was found, and what came out."""
    return {
        "publication": {
            "title": edition.publication.title,
            "version": edition.publication.version,
            "identifier": edition.identifier,
            "date": edition.moment.date().isoformat(),
            "mode": report.mode.value,
        },
        "inputs": [{"path": path, "sha256": digest} for path, digest in _inputs(project, references, edition)],
        "source_sha256": edition.source_sha256,
        "edition_sha256": earlier.edition_sha256(edition, tools),
        "options": {
            "csl": edition.csl_name,
            "lang": edition.publication.lang,
            "labels": _labels(edition.publication.lang),
            "page_size": edition.publication.paper,
        },
        "tools": dict(tools),
        "confinement": confinement() or None,
        "disclaimers": measured([measure for file in files.values() for measure in file.proof.measures]),
        "references": [_reference(one, edition.publication) for one in report.verdicts],
        "retraction_data": _day(references.judgement.retraction_data),
        "evidence": _evidence(project, references),
        "findings": report.counts,
        "waivers": [
            {
                "rule": one.rule,
                "where": one.extent,
                "covers": report.covered(one),
                "who": one.who,
                "expires": one.expires.isoformat(),
            }
            for one in report.waivers
        ],
        "artifacts": [
            {"path": one.name, "format": one.format, "sha256": one.sha256, "bytes": len(one.data)}
            for one in files.values()
        ],
    }


def _evidence(project: Project, references: Consultation) -> dict[str, object]:
    """Return where the answers about the references come from, and who stands for them; no registry is asked by a build.

    Nothing here depends on the machine: with newer data that hold nothing new, a release has the same bytes.
    """
    vouched = references.vouched
    apart = vouched is not None and vouched.apart
    return {
        "registries": LOCK if references.lock.references else None,
        "kept_apart": hashlib.sha256(locks.written(*lock_place(project.folder))).hexdigest() if apart else None,
        "signed_by": vouched.signer or None if vouched else None,
        "asked_again": False,
    }


def _labels(lang: str) -> dict[str, object]:
    """Return the language of the words that pubkit has added, and whether nobody has reviewed their translation."""
    labels = labels_for(lang)
    return {"language": labels.language, "unreviewed": labels.unreviewed}


def _reference(verdict: Verdict, publication: Publication) -> dict[str, object]:
    """Return one reference as released, with the statement of whoever saw its original, if there is one."""
    seen = publication.seen.get(verdict.key)
    statement = {"seen": {"who": seen.who, "on": seen.on.isoformat(), "how": seen.how}} if seen else {}
    return {"key": verdict.key, "status": verdict.status.value, **statement}


def _day(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _inputs(project: Project, references: Consultation, edition: Edition) -> list[tuple[str, str]]:
    """Return every file that went in, by path, with its sha256."""
    found = {one.path: one.sha256 for one in (project.configuration, *project.chapters)}
    found |= {target: picture.sha256 for target, picture in edition.pictures.items()}
    own = references.vouched is None or not references.vouched.apart
    lock = [LOCK] if references.lock.references and own else []
    accepted = [name for name in [baseline.file_name(project)] if (project.folder / name).is_file()]
    for name in (*references.bibliography.files, *lock, *accepted):
        found[name] = hashlib.sha256((project.folder / name).read_bytes()).hexdigest()
    return sorted(found.items())


def enter(
    project: Project,
    submission: Submission,
    files: Mapping[OutputFormat, MadeFile],
    output: Path,
    tools: Mapping[str, str],
) -> Iterator[Finding]:
    """Enter a release into the ledger; if that fails, the release is still made, and a finding says so."""
    made = Released(
        version=project.publication.version,
        date=submission.today,
        source_sha256=project.source_sha256,
        files={one.name: one.sha256 for one in files.values()},
        sha256sums=hashlib.sha256((output / manifest.CHECKSUMS).read_bytes()).hexdigest(),
        tools=dict(tools),
    )
    try:
        editions.write(project, snapshots.of_submission(submission))
        ledger.enter(project, made)
    except PubkitError as error:
        name = ledger.file_name(project)
        yield REL012.at(Location(name), f"The release was not recorded: {error.message}", context=name)
