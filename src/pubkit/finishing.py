"""The steps of a build after the gate: each format is written and proved, and the set is put into its place."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct, structs

from pubkit import render
from pubkit.errors import PubkitError
from pubkit.formats import FORMATS, OutputFormat, file_name
from pubkit.outcome import Mode, Report
from pubkit.proof import Proof, prove
from pubkit.proof.disclaimers import painted
from pubkit.proof.rules import PRF470, PRF471
from pubkit.publish import contents, earlier, tools
from pubkit.publish.contents import MadeFile
from pubkit.publish.earlier import Earlier
from pubkit.publish.model import Artifact, Release
from pubkit.publish.staging import Staging
from pubkit.render.model import Edition
from pubkit.render.pdf.press import Press
from pubkit.render.styles import sheets
from pubkit.rules.releases import VersionReleasedBefore
from pubkit.steps import Clock, Order, Work

__all__ = ["Lying", "finish", "look_into", "proved", "publish"]

#: The formats of a set that readers of the web page may want.
_LINKED_TO = frozenset({"epub", "pdf"})


class Lying(Struct, frozen=True):
    """What an earlier build left in the output folder, and the versions of this build's tools."""

    before: Earlier
    tools: Mapping[str, str]


def look_into(output: Path, edition: Edition, order: Order) -> Lying:
    """Return what `output` contains in other formats; a release takes over nothing that it has not made itself."""
    versions = tools.versions()
    taken_over = order.partial and order.mode is not Mode.RELEASE
    fits = earlier.edition_sha256(edition, versions) if taken_over else ""
    return Lying(earlier.look(output, order.formats, fits, _file_names(edition), edition), versions)


def _file_names(edition: Edition) -> dict[OutputFormat, str]:
    return {name: file_name(edition.slug, edition.publication.version, name, draft=edition.draft) for name in FORMATS}


def finish(
    edition: Edition, order: Order, lying: Lying, press: Press | None, clock: Clock
) -> dict[OutputFormat, MadeFile]:
    """Write each format from the one edition and prove it, in parallel: other processes do most of the work.

    Formats that were made before and still fit are proved again.
    """
    names, fitting = _file_names(edition), lying.before.fitting
    turns = list(dict.fromkeys((*edition.publication.outputs, *FORMATS)))
    everything = sorted({*order.formats, *fitting}, key=turns.index)
    beside = tuple(name for name in everything if name in _LINKED_TO) if edition.publication.format_links else ()
    page = structs.replace(edition, beside=beside) if beside else edition

    def write(name: OutputFormat) -> bytes:
        if name in fitting:
            return fitting[name]
        return press.result() if press and name == "pdf" else render.write(name, page if name == "html" else edition)

    def finished(name: OutputFormat) -> MadeFile:
        with clock.stage(name):
            try:
                data = write(name)
            except PubkitError as error:
                error.remedy += sheets.house_note(edition.styles, name)
                raise
            proof: Proof = prove(name, data, page if name == "html" else edition, names[name])
            return MadeFile(names[name], name, data, hashlib.sha256(data).hexdigest(), proof)

    with ThreadPoolExecutor(max_workers=len(everything)) as pool:
        return dict(zip(everything, pool.map(finished, everything), strict=True))


def proved(report: Report, work: Work, files: Mapping[OutputFormat, MadeFile], lying: Lying) -> Report:
    """Return the report with what the finished files show: the proofs, and in a release whether the bytes are new."""
    found = (finding for file in files.values() for finding in file.proof.findings)
    report = _looked_at(report.proved(found, files.keys()), work, files)
    if not work.submission.release:
        return report
    sums = {file.name: file.sha256 for file in files.values()}
    return report.with_findings(VersionReleasedBefore().other_bytes(work.submission, sums, lying.tools))


def _looked_at(report: Report, work: Work, files: Mapping[OutputFormat, MadeFile]) -> Report:
    """Return the report with what a browser does not paint of the disclaimers, and why if nothing was looked at.

    Only a release is looked at, because looking takes ten seconds.
    """
    if not work.submission.release:
        return report
    shown = [files[name] for name in painted.LOOKED_AT if name in files]
    blocks = work.selection.required()
    found = [finding for file in shown for finding in painted.look(file.format, file.data, blocks, file.name)]
    why = "" if shown and blocks else "nothing was made that a browser shows"
    why = "a browser did not look at everything" if any(one.rule == PRF471.id for one in found) else why
    skipped = (
        {**report.skipped, PRF470.id: why}
        if why and not any(one.rule == PRF470.id for one in found)
        else report.skipped
    )
    return structs.replace(report.with_findings(found), skipped=dict(sorted(skipped.items())))


def publish(
    staging: Staging,
    work: Work,
    edition: Edition,
    files: Mapping[OutputFormat, MadeFile],
    report: Report,
    lying: Lying,
    clock: Clock,
) -> Release:
    """Write the set, put it in the output folder's place, and enter a release into the ledger."""
    with clock.stage("publish"):
        made = contents.of_set(
            work.order.project, work.submission, work.references, edition, files, report, lying.tools
        )
        for name, data in made.items():
            staging.write(name, data)
    kept = staging.publish()  # after the observer of the last stage, which may still end the build
    if work.submission.release:
        entered = contents.enter(work.order.project, work.submission, files, staging.output, lying.tools)
        report = report.with_findings(entered)
    notices = earlier.notices(staging.output, lying.before, kept, release=work.submission.release)
    artifacts = tuple(
        Artifact(staging.output / file.name, file.format, file.sha256, len(file.data)) for file in files.values()
    )
    return Release(staging.output, artifacts, report.placed(notices), dict(clock.timings))
