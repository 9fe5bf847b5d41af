"""From a folder to a release: the whole way, on one screen.

    load → read → references → cite → check → render and prove → publish

Each step is a function that is given the result of the one before. `check` stops after the gate; `build` goes on when the
gate is open; a draft goes on in any case, and says so on each page; a release asks more of the gate.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import importlib
import threading
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from msgspec import Struct

from pubkit import doctor, gate, manifest, manuscript, pandoc, project
from pubkit.disclaimers.choice import Selection, select
from pubkit.errors import PubkitError, UsageError
from pubkit.gate import Mode, Report
from pubkit.manuscript.model import Manuscript
from pubkit.metadata import OutputFormat
from pubkit.outcome import Artifact, Blocked, Observer, Release, tool
from pubkit.project import Project
from pubkit.proof import Proof, prove
from pubkit.proof.measure import Measure
from pubkit.proof.measure import manifest as measured
from pubkit.references import styles as citation_styles
from pubkit.references.citeproc import Printed, printed
from pubkit.references.consultation import Consultation, consult
from pubkit.references.model import Verdict
from pubkit.render import WRITERS, pdf, records
from pubkit.render import styles as style_sheets
from pubkit.render.model import Edition, Styles
from pubkit.render.press import Press
from pubkit.report.json import write as report_as_json
from pubkit.report.model import ArtifactLine, Sheet
from pubkit.rules.base import Submission
from pubkit.staging import Staging, open_staging

__all__ = ["check", "make"]


def check(path: str | Path, observer: Observer | None) -> Report:
    """Check the publication at `path`; see `pubkit.publishing.check`."""
    clock = _Clock(observer)
    loaded = project.load(path)
    sheets = style_sheets.load(loaded.folder)
    text = _text(loaded, clock)
    return _judged(_work(loaded, text, _sources(loaded, text, clock), sheets, Mode.CHECK), Mode.CHECK, clock)


def make(
    path: str | Path,
    out: str | Path,
    mode: Mode,
    only: Sequence[OutputFormat] | None,
    observer: Observer | None,
    press: Press | None,
) -> Release:
    """The whole way; see `pubkit.publishing.build`.

    The PDF, which takes longest, is begun on `press` before the check, and thrown away where the gate stays shut.
    """
    clock = _Clock(observer)
    with open_staging(Path(out), Path(path)) as staging:
        loaded = project.load(path)
        formats = _formats(loaded, only)
        sheets = style_sheets.load(loaded.folder)
        press = press if "pdf" in formats else None
        if press:
            press.prepare(pdf.preparation(loaded.publication, sheets))
        text = _text(loaded, clock)
        if press:
            press.prepare(pdf.pictures(text.pictures))
        threading.Thread(target=_import_ahead, args=(formats,), daemon=True).start()
        sources = _sources(loaded, text, clock)
        with ThreadPoolExecutor(max_workers=1) as pool:
            cited = pool.submit(_cited, loaded, text, sources, clock)
            work = _work(loaded, text, sources, sheets, mode)
            if work.selection.lacks_a_block and mode is not Mode.DRAFT:
                _let_pass(_judged(work, mode, clock), clock)
            edition = _edition(work, cited.result(), mode)
        if press:
            press.start(pdf.job(edition))
        report = _judged(work, mode, clock)
        _let_pass(report, clock)
        files = _finished(edition, formats, press, clock)
        report = report.with_findings(finding for file in files.values() for finding in file.proof.findings)
        _let_pass(report, clock)
        with clock.stage("publish"):
            artifacts = _published(staging, work, edition, files, report)
    return Release(staging.output, artifacts, report, dict(clock.timings))


class _Sources(Struct, frozen=True):
    """What is known of the references, and the citation style, as XML."""

    known: Consultation
    style: bytes


class _Work(Struct, frozen=True):
    """A publication that has been read, and all that is known of it before the gate."""

    project: Project
    manuscript: Manuscript
    known: Consultation
    selection: Selection
    submission: Submission
    sheets: Styles


class _File(Struct, frozen=True):
    """A finished file, and what its proofs have shown."""

    data: bytes
    proof: Proof


class _Clock:
    """Measures stages, and tells of them."""

    def __init__(self, observer: Observer | None) -> None:
        self.timings: dict[str, float] = {}
        self._observer = observer

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = time.perf_counter()
        yield
        self.timings[name] = time.perf_counter() - start
        if self._observer:
            self._observer(name, self.timings[name])


def _import_ahead(formats: Sequence[OutputFormat]) -> None:
    """Have ready what the writers and proofs need while pandoc reads; what is wrong there is said when it is used."""
    for name in formats:
        for module in _AHEAD.get(name, ()):
            with contextlib.suppress(ImportError):
                importlib.import_module(module)
    with contextlib.suppress(PubkitError):
        pandoc.version()


_AHEAD = {
    "html": ("pubkit.render.html", "pubkit.proof.html", "pubkit.proof.disclaimer_html"),
    "epub": ("pubkit.render.epub", "pubkit.proof.epub", "pubkit.proof.disclaimer_epub"),
    "pdf": ("pubkit.proof.pdf", "pubkit.proof.disclaimer_pdf", "pikepdf", "pypdfium2"),
}


def _text(loaded: Project, clock: _Clock) -> Manuscript:
    with clock.stage("read"):
        return manuscript.read(loaded)


def _sources(loaded: Project, text: Manuscript, clock: _Clock) -> _Sources:
    with clock.stage("references"):
        keys = tuple(dict.fromkeys(citation.key for citation in text.citations))
        known = consult(loaded.folder, loaded.bibliography, keys)
        return _Sources(known, citation_styles.load(loaded.publication.csl, loaded.folder, loaded.at("csl")))


def _cited(loaded: Project, text: Manuscript, sources: _Sources, clock: _Clock) -> Printed:
    """The text with its citations; pandoc does this while the rest is made ready."""
    with clock.stage("cite"):
        known = sources.known
        return printed(text.document.tree, known.items, known.canonical, sources.style, loaded.publication.lang)


def _work(loaded: Project, text: Manuscript, sources: _Sources, sheets: Styles, mode: Mode) -> _Work:
    """Everything that the gate and the writers need."""
    known, today = sources.known, project.today()
    selection = select(loaded.publication, text.document, today)
    submission = Submission(
        publication=loaded.publication,
        manuscript=text,
        bibliography=known.bibliography,
        verdicts=known.judgement,
        disclaimers=selection.blocks,
        today=today,
        release=mode is Mode.RELEASE,
        at=loaded.at,
    )
    return _Work(loaded, text, known, selection, submission, sheets)


def _judged(work: _Work, mode: Mode, clock: _Clock) -> Report:
    with clock.stage("check"):
        return gate.judge(work.submission, work.project, mode)


def _let_pass(report: Report, clock: _Clock) -> None:
    """The gate: a draft passes in any case, everything else only without a blocking finding."""
    if report.blocks_release and report.mode is not Mode.DRAFT:
        raise Blocked(report, clock.timings)


def _edition(work: _Work, cited: Printed, mode: Mode) -> Edition:
    publication, verdicts = work.project.publication, tuple(work.known.judgement.values())
    return Edition(
        publication=publication,
        slug=work.project.slug,
        identifier=publication.identifier or _identifier(work.project),
        tree=cited.tree,
        pictures=work.manuscript.pictures,
        # A draft may carry findings, but never goes without the disclaimers that its text calls for.
        disclaimers=work.selection.required(),
        cited=cited.cited,
        styles=work.sheets,
        moment=work.project.moment,
        source_sha256=_source_sha256(work.project),
        csl_name=publication.csl,
        draft=mode is Mode.DRAFT,
        unchecked=sum(not verdict.checked for verdict in verdicts),
        checked_on=_oldest(verdicts),
    )


def _identifier(loaded: Project) -> str:
    """An identifier that stays the same from version to version, for a publication that names none."""
    return uuid.uuid5(uuid.NAMESPACE_URL, f"pubkit:{loaded.slug}:{loaded.publication.title}").urn


def _source_sha256(loaded: Project) -> str:
    """One sha256 over the names and contents of the configuration and the chapters."""
    files = sorted({(one.path, one.sha256) for one in (loaded.configuration, *loaded.chapters)})
    return hashlib.sha256("".join(f"{digest}  {path}\n" for path, digest in files).encode()).hexdigest()


def _oldest(verdicts: Sequence[Verdict]) -> dt.date | None:
    return min((verdict.retrieved for verdict in verdicts if verdict.checked and verdict.retrieved), default=None)


def _formats(loaded: Project, only: Sequence[OutputFormat] | None) -> tuple[OutputFormat, ...]:
    wanted = tuple(dict.fromkeys(only if only is not None else loaded.publication.outputs))
    unknown = [name for name in wanted if name not in WRITERS]
    if unknown or not wanted:
        named = f"There is no output format {unknown[0]}." if unknown else "No output format is named."
        raise UsageError(named, remedy=f"Choose from {', '.join(WRITERS)}.")
    return wanted


def _finished(
    edition: Edition, formats: Sequence[OutputFormat], press: Press | None, clock: _Clock
) -> dict[OutputFormat, _File]:
    """Each format written from the one edition and proved, side by side: most of the work is done by other processes."""

    def finish(name: OutputFormat) -> _File:
        with clock.stage(name):
            try:
                data = press.result() if press and name == "pdf" else WRITERS[name](edition)
            except PubkitError as error:
                error.remedy += style_sheets.house_note(edition.styles, name)
                raise
            return _File(data, prove(name, data, edition, _file_name(edition, name)))

    with ThreadPoolExecutor(max_workers=len(formats)) as pool:
        return dict(zip(formats, pool.map(finish, formats), strict=True))


def _file_name(edition: Edition, name: OutputFormat) -> str:
    ending = {"jats": "jats.xml"}.get(name, name)
    return f"{edition.slug}-{edition.publication.version}{'-draft' if edition.draft else ''}.{ending}"


def _published(
    staging: Staging, work: _Work, edition: Edition, files: Mapping[OutputFormat, _File], report: Report
) -> tuple[Artifact, ...]:
    """Write the set into the staging folder and put it in place."""
    # What this needs, the rules have imported by now, while the PDF was being laid out.
    from pubkit.dossier import documents

    artifacts = tuple(
        Artifact(
            staging.output / _file_name(edition, name), name, hashlib.sha256(file.data).hexdigest(), len(file.data)
        )
        for name, file in files.items()
    )
    lines = tuple(ArtifactLine(one.path.name, one.format, one.sha256, one.bytes) for one in artifacts)
    contents = {one.path.name: file.data for one, file in zip(artifacts, files.values(), strict=True)}
    contents["report.json"] = report_as_json(Sheet(report, tool(), artifacts=lines)).encode()
    measures = [measure for file in files.values() for measure in file.proof.measures]
    contents[manifest.MANIFEST] = manifest.written(_statements(work, edition, lines, measures, report))
    contents |= documents(work.submission, report, tuple(files), tool())
    contents |= {"CITATION.cff": records.citation_file(edition), "record.jsonld": records.linked_data(edition)}
    for name, data in contents.items():
        staging.write(name, data)
    staging.write(manifest.CHECKSUMS, manifest.checksums(contents))
    staging.publish()
    return artifacts


def _statements(
    work: _Work, edition: Edition, lines: Sequence[ArtifactLine], measures: Sequence[Measure], report: Report
) -> dict[str, Any]:
    """What the manifest says: what went in, what worked on it, what was found, and what came out."""
    return {
        "publication": {
            "title": edition.publication.title,
            "version": edition.publication.version,
            "identifier": edition.identifier,
            "date": edition.moment.date().isoformat(),
            "mode": report.mode.value,
        },
        "inputs": [{"path": path, "sha256": digest} for path, digest in _inputs(work)],
        "source_sha256": edition.source_sha256,
        "options": {
            "csl": edition.csl_name,
            "lang": edition.publication.lang,
            "page_size": edition.publication.page_size,
        },
        "tools": doctor.versions(),
        "disclaimers": measured(measures),
        "references": [{"key": one.key, "status": one.status.value} for one in report.verdicts],
        "retraction_data": _day(work.known.judgement.snapshot),
        "findings": report.counts,
        "waivers": [
            {"rule": one.rule, "where": one.where, "who": one.who, "expires": one.expires.isoformat()}
            for one in report.waivers
        ],
        "artifacts": [
            {"path": one.path, "format": one.format, "sha256": one.sha256, "bytes": one.bytes} for one in lines
        ],
    }


def _day(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _inputs(work: _Work) -> list[tuple[str, str]]:
    """Every file that went in, by path, with its sha256."""
    found = {one.path: one.sha256 for one in (work.project.configuration, *work.project.chapters)}
    for target, picture in work.manuscript.pictures.items():
        found[target] = picture.sha256
    for name in work.known.bibliography.files:
        found[name] = hashlib.sha256((work.project.folder / name).read_bytes()).hexdigest()
    return sorted(found.items())
