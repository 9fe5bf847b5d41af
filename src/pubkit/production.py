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

from msgspec import Struct, structs

from pubkit import doctor, earlier, gate, manifest, manuscript, pandoc, project
from pubkit.disclaimers.choice import Selection, select
from pubkit.earlier import Earlier
from pubkit.editorial import content, ledger
from pubkit.editorial.ledger import Ledger, Released
from pubkit.editorial.review import printed as printed_review
from pubkit.editorial.rules import REL012
from pubkit.errors import PubkitError, UsageError
from pubkit.findings import Finding, Location, Severity
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
from pubkit.references.lock import FILE_NAME as LOCK
from pubkit.references.model import Verdict
from pubkit.render import WRITERS, pdf, records
from pubkit.render import styles as style_sheets
from pubkit.render.model import Edition, Styles
from pubkit.render.press import Press
from pubkit.report.json import write as report_as_json
from pubkit.report.model import ArtifactLine, Sheet
from pubkit.rules.base import Submission
from pubkit.rules.releases import VersionReleasedBefore
from pubkit.staging import Kept, Staging, open_staging

__all__ = ["Reviewable", "check", "make", "reviewable"]


def check(path: str | Path, observer: Observer | None) -> Report:
    """Check the publication at `path`; see `pubkit.publishing.check`."""
    clock = _Clock(observer)
    loaded = project.load(path)
    sheets = style_sheets.load(loaded.folder)
    text = _text(loaded, clock)
    return _judged(_work(loaded, text, _sources(loaded, text, clock), sheets, Mode.CHECK), Mode.CHECK, clock)


class Reviewable(Struct, frozen=True):
    """A publication as a reviewer signs it; `missing` says in words what will be printed and is not there yet."""

    project: Project
    submission: Submission
    missing: tuple[str, ...]


def reviewable(path: str | Path) -> Reviewable:
    """Read the publication at `path` as far as a review needs it; nothing is judged or written.

    Raises: as `check`.
    """
    clock = _Clock(None)
    loaded = project.load(path)
    sheets = style_sheets.load(loaded.folder)
    text = _text(loaded, clock)
    work = _work(loaded, text, _sources(loaded, text, clock), sheets, Mode.CHECK)
    problems = [one.message for one in work.selection.problems if one.severity is Severity.ERROR]
    return Reviewable(loaded, work.submission, content.missing(text, work.known.printed_items, problems))


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
            work = _work(loaded, text, sources, sheets, mode, staging.output)
            if work.selection.lacks_a_block and mode is not Mode.DRAFT:
                _let_pass(_judged(work, mode, clock), clock)
            edition = _edition(work, cited.result(), mode)
        if press:
            press.start(pdf.job(edition))
        report = _judged(work, mode, clock)
        _let_pass(report, clock)
        tools = doctor.versions()
        before = _earlier(staging.output, edition, formats, only, tools, mode)
        files = _finished(edition, formats, before.fitting, press, clock)
        report = report.proved((finding for file in files.values() for finding in file.proof.findings), files.keys())
        report = report.with_findings(_released_otherwise(work, edition, files, tools))
        _let_pass(report, clock)
        with clock.stage("publish"):
            artifacts, kept = _published(staging, work, edition, files, report, tools)
            report = report.with_findings(_entered(work, artifacts, staging.output, tools))
    report = report.placed(earlier.notices(staging.output, before, kept, release=mode is Mode.RELEASE))
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
        known = consult(loaded.folder, loaded.bibliography, keys, project.today())
        return _Sources(known, citation_styles.load(loaded.publication.csl, loaded.folder, loaded.at("csl")))


def _cited(loaded: Project, text: Manuscript, sources: _Sources, clock: _Clock) -> Printed:
    """The text with its citations; pandoc does this while the rest is made ready."""
    with clock.stage("cite"):
        known = sources.known
        return printed(text.document.tree, known.items, known.canonical, sources.style, loaded.publication.lang)


def _work(
    loaded: Project, text: Manuscript, sources: _Sources, sheets: Styles, mode: Mode, output: Path | None = None
) -> _Work:
    """Everything that the gate and the writers need; `output` is the folder whose set will be replaced."""
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
        configuration=loaded.configuration,
        content=content.parts(
            loaded.publication, text, known.printed_items, selection.blocks, _looks(loaded, sources, sheets)
        ),
        source_sha256=loaded.source_sha256,
        ledger=_ledger(loaded, output),
    )
    return _Work(loaded, text, known, selection, submission, sheets)


def _ledger(loaded: Project, output: Path | None) -> Ledger:
    """What was released before: by the ledger, and by the set in the output folder."""
    known = ledger.read(loaded)
    found = ledger.set_in(output, _identifier(loaded)) if output else None
    return structs.replace(known, released=(*known.released, found)) if found else known


def _looks(loaded: Project, sources: _Sources, sheets: Styles) -> dict[str, str]:
    """What the publication brings along for the look of its pages: style sheets, and a citation style."""
    csl = loaded.publication.csl
    style = {f"citation style {csl}": sources.style.decode("utf-8", "replace")} if csl.endswith(".csl") else {}
    return {**style_sheets.of_publication(sheets), **style}


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
        identifier=_identifier(work.project),
        tree=cited.tree,
        pictures=work.manuscript.pictures,
        # A draft may carry findings, but never goes without the disclaimers that its text calls for.
        disclaimers=work.selection.required(),
        cited=cited.cited,
        styles=work.sheets,
        moment=work.project.moment,
        source_sha256=work.project.source_sha256,
        csl_name=publication.csl,
        draft=mode is Mode.DRAFT,
        unchecked=sum(not verdict.checked for verdict in verdicts),
        checked_on=_oldest(verdicts),
        review=printed_review(publication, work.submission.review),
    )


def _identifier(loaded: Project) -> str:
    """The publication's identifier; one that stays the same from version to version where it names none."""
    return (
        loaded.publication.identifier
        or uuid.uuid5(uuid.NAMESPACE_URL, f"pubkit:{loaded.slug}:{loaded.publication.title}").urn
    )


def _oldest(verdicts: Sequence[Verdict]) -> dt.date | None:
    return min((verdict.retrieved for verdict in verdicts if verdict.checked and verdict.retrieved), default=None)


def _formats(loaded: Project, only: Sequence[OutputFormat] | None) -> tuple[OutputFormat, ...]:
    wanted = tuple(dict.fromkeys(only if only is not None else loaded.publication.outputs))
    unknown = [name for name in wanted if name not in WRITERS]
    if unknown or not wanted:
        named = f"There is no output format {unknown[0]}." if unknown else "No output format is named."
        raise UsageError(named, remedy=f"Choose from {', '.join(WRITERS)}.")
    return wanted


def _earlier(
    output: Path,
    edition: Edition,
    formats: Sequence[OutputFormat],
    only: Sequence[OutputFormat] | None,
    tools: Mapping[str, str],
    mode: Mode,
) -> Earlier:
    """What lies in `output` in other formats; a release takes nothing over that it has not made itself."""
    names = {name: _file_name(edition, name) for name in WRITERS}
    fits = earlier.edition_sha256(edition, tools) if only is not None and mode is not Mode.RELEASE else ""
    return earlier.look(output, formats, fits, names)


def _finished(
    edition: Edition,
    formats: Sequence[OutputFormat],
    fitting: Mapping[OutputFormat, bytes],
    press: Press | None,
    clock: _Clock,
) -> dict[OutputFormat, _File]:
    """Each format written from the one edition and proved, side by side: most of the work is done by other processes.

    `fitting` are formats that were made before, and are proved again.
    """

    def write(name: OutputFormat) -> bytes:
        return press.result() if press and name == "pdf" else WRITERS[name](edition)

    def finish(name: OutputFormat) -> _File:
        with clock.stage(name):
            try:
                data = fitting[name] if name in fitting else write(name)
            except PubkitError as error:
                error.remedy += style_sheets.house_note(edition.styles, name)
                raise
            return _File(data, prove(name, data, edition, _file_name(edition, name)))

    order = list(dict.fromkeys((*edition.publication.outputs, *WRITERS)))
    everything = sorted({*formats, *fitting}, key=order.index)
    with ThreadPoolExecutor(max_workers=len(everything)) as pool:
        return dict(zip(everything, pool.map(finish, everything), strict=True))


def _file_name(edition: Edition, name: OutputFormat) -> str:
    ending = {"jats": "jats.xml"}.get(name, name)
    return f"{edition.slug}-{edition.publication.version}{'-draft' if edition.draft else ''}.{ending}"


def _released_otherwise(
    work: _Work, edition: Edition, files: Mapping[OutputFormat, _File], tools: Mapping[str, str]
) -> Iterator[Finding]:
    """In a release: files that were released under this version with other bytes."""
    if work.submission.release:
        made = {_file_name(edition, name): hashlib.sha256(file.data).hexdigest() for name, file in files.items()}
        yield from VersionReleasedBefore().other_bytes(work.submission, made, tools)


def _entered(work: _Work, artifacts: Sequence[Artifact], output: Path, tools: Mapping[str, str]) -> Iterator[Finding]:
    """Enter a release into the ledger; where that cannot be done, the release is made all the same, and it is said."""
    if not work.submission.release:
        return
    made = Released(
        version=work.project.publication.version,
        date=work.submission.today,
        source_sha256=work.project.source_sha256,
        files={one.path.name: one.sha256 for one in artifacts},
        sha256sums=hashlib.sha256((output / manifest.CHECKSUMS).read_bytes()).hexdigest(),
        tools=dict(tools),
    )
    try:
        ledger.enter(work.project, made)
    except PubkitError as error:
        yield _not_entered(ledger.file_name(work.project), error.message)


def _not_entered(name: str, reason: str) -> Finding:
    return REL012.at(Location(name), f"The release was not entered: {reason}", context=name)


def _published(
    staging: Staging,
    work: _Work,
    edition: Edition,
    files: Mapping[OutputFormat, _File],
    report: Report,
    tools: Mapping[str, str],
) -> tuple[tuple[Artifact, ...], tuple[Kept, ...]]:
    """Write the set into the staging folder and put it in place; what had to be kept aside there is returned too."""
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
    contents |= documents(work.submission, report, tuple(files), tool())
    contents |= {"CITATION.cff": records.citation_file(edition), "record.jsonld": records.linked_data(edition)}
    said = _statements(work, edition, lines, measures, report, tools)
    contents[manifest.MANIFEST] = manifest.written(said, contents)
    for name, data in contents.items():
        staging.write(name, data)
    staging.write(manifest.CHECKSUMS, manifest.checksums(contents))
    return artifacts, staging.publish()


def _statements(
    work: _Work,
    edition: Edition,
    lines: Sequence[ArtifactLine],
    measures: Sequence[Measure],
    report: Report,
    tools: Mapping[str, str],
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
        "edition_sha256": earlier.edition_sha256(edition, tools),
        "options": {
            "csl": edition.csl_name,
            "lang": edition.publication.lang,
            "page_size": edition.publication.page_size,
        },
        "tools": dict(tools),
        "disclaimers": measured(measures),
        "references": [{"key": one.key, "status": one.status.value} for one in report.verdicts],
        "retraction_data": _day(work.known.judgement.retraction_data),
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
    lock = [LOCK] if work.known.lock.references else []
    for name in (*work.known.bibliography.files, *lock):
        found[name] = hashlib.sha256((work.project.folder / name).read_bytes()).hexdigest()
    return sorted(found.items())
