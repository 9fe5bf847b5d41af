"""The steps of the pipeline, in order: each a function of its inputs, so that it can be kept, skipped or moved.

`pubkit.finishing` has those of a build that come after the gate, which a check does without.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import posixpath
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, structs

from pubkit import gate, manuscript
from pubkit.boundary.keeping import Keeper
from pubkit.disclaimers.choice import Selection, select
from pubkit.editorial import content, ledger
from pubkit.editorial.ledger import Ledger
from pubkit.editorial.review import printed as printed_review
from pubkit.errors import ConfigurationError, UsageError
from pubkit.findings import Finding, Location, Severity
from pubkit.formats import FORMATS, OutputFormat
from pubkit.manuscript import uncited
from pubkit.manuscript.model import Manuscript
from pubkit.outcome import Mode, Report
from pubkit.project import loading
from pubkit.project.loading import Project
from pubkit.project.metadata import Publication
from pubkit.publish.model import Blocked, Follower, Observer, Planner
from pubkit.references.bibliography import reading as bibliographies
from pubkit.references.bibliography import styles as citation_styles
from pubkit.references.bibliography.citeproc import Printed, listed, printed
from pubkit.references.known import Consultation, consult
from pubkit.references.model import Verdict
from pubkit.references.rules import CIT007
from pubkit.render import faceless, idle_classes, links, typography
from pubkit.render.model import Edition, Styles
from pubkit.render.styles import sheets
from pubkit.render.together import front_kept_together, kept_together
from pubkit.rules.base import Submission

if TYPE_CHECKING:
    from pubkit.report.annotated import printed as annotated

__all__ = [
    "Clock",
    "Known",
    "Order",
    "Proofread",
    "Reviewable",
    "Work",
    "cite",
    "compared",
    "demand_disclaimers",
    "draft_edition",
    "edition",
    "for_review",
    "gather",
    "judge",
    "let_pass",
    "load",
    "look_up",
    "read",
]


class Clock:
    """Measures stages, in seconds, and reports each as it ends."""

    def __init__(self, observer: Observer | None) -> None:
        if observer is not None and not callable(observer):
            raise UsageError("on_stage cannot be called.", remedy="Give a function of a name and a number of seconds.")
        self.timings: dict[str, float] = {}
        self._observer = observer

    def plan(self, made: Sequence[OutputFormat] = ()) -> None:
        """Tell which stages there will be if the formats `made` are made; none for a check."""
        if isinstance(self._observer, Planner):
            self._observer.plan(("read", "references", "cite", "check", *made, *(["publish"] if made else [])))

    def advance(self, stage: str, done: int = 0, of: int = 0) -> None:
        """Tell that `stage` has begun, or that `done` of its parts are done."""
        if isinstance(self._observer, Follower):
            self._observer.progress(stage, done, of)

    @contextlib.contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure what runs inside."""
        self.advance(name)
        start = time.perf_counter()
        yield
        self.timings[name] = time.perf_counter() - start
        if self._observer:
            self._observer(name, self.timings[name])


class Order(Struct, frozen=True):
    """What is to be made: the publication on disk, the formats, how they look, and how strictly it is judged.

    `partial` says that the caller has named the formats, so that others of the same set may stay.
    """

    project: Project
    mode: Mode
    formats: tuple[OutputFormat, ...]
    sheets: Styles
    partial: bool

    @property
    def publication(self) -> Publication:
        """Return what the publication says about itself, as it is written."""
        return self.project.publication


class Known(Struct, frozen=True):
    """What is known about the references, and the citation style, as XML; `findings` say why it is not the one named."""

    references: Consultation
    style: bytes
    findings: tuple[Finding, ...] = ()

    @property
    def places(self) -> Mapping[str, Location]:
        """Return the place of each entry of the bibliography by its key."""
        return {entry.key: entry.location for entry in self.references.bibliography}


class Work(Struct, frozen=True):
    """A publication that has been read, and all that is known about it before the gate.

    `faceless` are the characters for which a PDF that is asked for has no face.
    """

    order: Order
    manuscript: Manuscript
    references: Consultation
    selection: Selection
    submission: Submission
    faceless: tuple[str, ...] = ()


class Proofread(Struct, frozen=True):
    """A publication that was checked, and one format of it as a draft has it, whatever was found.

    `entries` gives the place of each entry of the bibliography by its key, `data` is the finished file.
    """

    report: Report
    edition: Edition
    manuscript: Manuscript
    entries: Mapping[str, Location]
    data: bytes

    @property
    def page(self) -> annotated.Printed:
        """Return the web page with what is needed to find places of the source on it."""
        from pubkit.report.annotated import printed as annotated

        return annotated.Printed(self.data, self.manuscript.document, self.edition.publication.lang, self.entries)


class Reviewable(Struct, frozen=True):
    """A publication as a reviewer signs it; `missing` says in words what is to be printed and is not there yet."""

    project: Project
    submission: Submission
    missing: tuple[str, ...]


def load(path: str | Path, mode: str = "check", only: Sequence[OutputFormat] | None = None) -> Order:
    """Read the configuration of the publication at `path`, and determine what is to be made of it.

    Raises:
        UsageError: there is no such publication, or no such format.
        ConfigurationError, InputRefused: see `pubkit.project.loading.load` and `pubkit.render.styles.sheets.load`.
    """
    project = loading.load(path)
    return Order(
        project, Mode(mode), _formats(project, only), sheets.load(project.folder, project.publication), only is not None
    )


def _formats(project: Project, only: Sequence[OutputFormat] | None) -> tuple[OutputFormat, ...]:
    if isinstance(only, str):
        raise UsageError(f"The formats are a list, not {only!r}.", remedy=f"Write [{only!r}].")
    wanted = tuple(dict.fromkeys(only if only is not None else project.publication.outputs))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        named = f"There is no output format {unknown[0]}." if unknown else "No output format is named."
        raise UsageError(named, remedy=f"Choose from {', '.join(FORMATS)}.")
    return wanted


def read(order: Order, clock: Clock, kept: Keeper | None = None) -> Manuscript:
    """Read the chapters and their pictures; `kept` has chapters that were parsed before."""
    project = order.project
    with clock.stage("read"):
        text = manuscript.read(project, kept, functools.partial(clock.advance, "read"))
        if not uncited.names_all(project.publication):
            return text
        works = bibliographies.read(project.folder, project.bibliography, cited=())
        return structs.replace(text, uncited=uncited.listed_besides((work.key for work in works), project))


def look_up(order: Order, text: Manuscript, clock: Clock, kept: Keeper | None = None) -> Known:
    """Read the bibliography, and what the lock and the retraction data say about it; no registry is asked.

    `kept` has what pandoc read of the bibliography before.
    """
    project = order.project
    with clock.stage("references"):
        keys = tuple(dict.fromkeys(citation.key for citation in text.citations))
        known = consult(project.folder, project.bibliography, keys, loading.today(), kept=kept)
        works = structs.replace(known.bibliography, findings=_at_their_names(known.bibliography.findings, project))
        return Known(structs.replace(known, bibliography=works), *_style(order))


def _at_their_names(findings: Sequence[Finding], project: Project) -> tuple[Finding, ...]:
    """Return `findings` with those of a bibliography that does not exist at the place that names it."""
    names = {posixpath.normpath(name): project.at("bibliography", n) for n, name in enumerate(project.bibliography)}
    return tuple(
        structs.replace(one, location=names.get(one.context, one.location)) if one.rule == CIT007.id else one
        for one in findings
    )


def _style(order: Order) -> tuple[bytes, tuple[Finding, ...]]:
    """Return the citation style; if it cannot be used, pubkit's own, with the finding that blocks a build."""
    project = order.project
    try:
        return citation_styles.load(order.publication.csl, project.folder, project.at("csl")), ()
    except ConfigurationError as error:
        return citation_styles.load(citation_styles.DEFAULT_STYLE, project.folder), error.findings


def cite(
    order: Order,
    text: Manuscript,
    known: Known,
    clock: Clock,
    kept: Keeper | None = None,
    *,
    whole: bool = True,
) -> Printed:
    """Print the citations and the reference list into the text, or the list alone if the text is not `whole`.

    `kept` has what was printed before.
    """
    references, lang = known.references, order.publication.lang
    with clock.stage("cite"):
        besides = [one.key for one in text.uncited]
        made = printed if whole else listed
        return made(text.document.tree, references.items, references.canonical, known.style, lang, kept, besides)


def gather(order: Order, text: Manuscript, known: Known, mode: Mode, output: Path | None = None) -> Work:
    """Gather all that the gate and the writers need; `output` is the folder whose set will be replaced."""
    project, publication, references = order.project, text.publication, known.references
    today = loading.today()
    selection = select(publication, text.document, today)
    lacking = _faceless(order, text, references)
    missing = _without_a_face(lacking, order, text, references)
    # Other tools have classes of their own.
    idle = () if project.dialect else idle_classes.findings(text.sources, text.document.tree.blocks, order.sheets)
    text = structs.replace(text, findings=(*text.findings, *known.findings, *missing, *idle))
    looks = _looks(order, known)
    submission = Submission(
        publication=publication,
        manuscript=text,
        bibliography=references.bibliography,
        verdicts=references.judgement,
        disclaimers=selection.blocks,
        today=today,
        release=mode is Mode.RELEASE,
        at=project.at,
        states=project.states,
        configuration=project.configuration,
        content=content.parts(project.publication, text, references.printed_items, selection.blocks, looks),
        source_sha256=project.source_sha256,
        ledger=_ledger(project, output),
        abstracts=references.abstracts,
        declined=selection.declined,
        vouched=references.vouched,
    )
    if not printed_review(publication, submission.review).reviewed:
        selection = selection.before_signature()
        submission = structs.replace(submission, disclaimers=selection.blocks)
    return Work(order, text, references, selection, submission, lacking)


def compared(work: Work, cited: Printed) -> Work:
    """Return `work` with the reference list as it is printed, so that rules can compare it with the entries."""
    return structs.replace(work, submission=structs.replace(work.submission, references=cited.references))


def _faceless(order: Order, text: Manuscript, references: Consultation) -> tuple[str, ...]:
    """Return the characters that a PDF cannot show; none where no PDF is asked for."""
    if "pdf" not in order.formats:
        return ()
    keys = {citation.key for citation in text.citations}
    cited = (item for key, item in references.printed_items.items() if key in keys)
    return faceless.characters(text.publication, text, cited)


def _without_a_face(
    lacking: Sequence[str], order: Order, text: Manuscript, references: Consultation
) -> Iterator[Finding]:
    project = order.project
    entries = ((references.printed_items.get(one.key), one.location) for one in references.bibliography)
    works = ((item, place) for item, place in entries if item and place)
    return faceless.findings(lacking, text, works, project.configuration, project.at("title"))


def _ledger(project: Project, output: Path | None) -> Ledger:
    """Return what was released before, from the ledger and from the set in the output folder."""
    known = ledger.read(project)
    found = ledger.set_in(output, _identifier(project)) if output else None
    return structs.replace(known, released=(*known.released, found)) if found else known


def _looks(order: Order, known: Known) -> dict[str, str]:
    """Return what the publication supplies for the look of its pages: style sheets, and a citation style."""
    csl = order.publication.csl
    style = {f"citation style {csl}": known.style.decode("utf-8", "replace")} if csl.endswith(".csl") else {}
    return {**sheets.of_publication(order.sheets), **style}


def for_review(work: Work) -> Reviewable:
    """Return the publication as a reviewer signs it."""
    problems = [one.message for one in work.selection.problems if one.severity is Severity.ERROR]
    missing = content.missing(work.manuscript, work.references.printed_items, problems)
    return Reviewable(work.order.project, work.submission, missing)


def draft_edition(work: Work, cited: Printed) -> Edition:
    """Put together what a draft prints, whatever the purpose of the run."""
    return edition(structs.replace(work, order=structs.replace(work.order, mode=Mode.DRAFT)), cited)


def judge(work: Work, clock: Clock) -> Report:
    """Run every rule."""
    with clock.stage("check"):
        told = functools.partial(clock.advance, "check")
        return gate.judge(work.submission, work.order.project, work.order.mode, told)


def let_pass(report: Report, clock: Clock) -> Report:
    """Check the gate: a draft always passes, everything else only without a blocking finding.

    Raises:
        Blocked: a finding blocks.
    """
    if report.blocks_release and report.mode is not Mode.DRAFT:
        raise Blocked(report, clock.timings)
    return report


def demand_disclaimers(work: Work, clock: Clock) -> None:
    """Stop before anything is laid out if a disclaimer that the text calls for cannot be made.

    Raises:
        Blocked: see `let_pass`.
    """
    if work.selection.lacks_a_block and work.order.mode is not Mode.DRAFT:
        let_pass(judge(work, clock), clock)


def edition(work: Work, cited: Printed) -> Edition:
    """Put together what is printed, the same for every format."""
    project, publication = work.order.project, work.manuscript.publication
    verdicts = tuple(work.references.judgement.values())
    links.settle(cited.tree)
    return Edition(
        publication=typography.set_text(publication, publication.lang),
        slug=project.slug,
        identifier=_identifier(project),
        tree=kept_together(typography.set_tree(cited.tree, publication.lang), publication.lang),
        pictures=work.manuscript.pictures,
        # A draft may have findings, but never lacks the disclaimers that its text calls for.
        disclaimers=work.selection.required(),
        cited=cited.cited,
        styles=work.order.sheets,
        moment=project.moment,
        source_sha256=project.source_sha256,
        csl_name=publication.csl,
        csl_title=citation_styles.title(publication.csl),
        draft=work.order.mode is Mode.DRAFT,
        unchecked=sum(not verdict.checked for verdict in verdicts),
        checked_on=_oldest(verdicts),
        review=printed_review(publication, work.submission.review),
        faceless=work.faceless,
        form=work.manuscript.form,
        front=front_kept_together(typography.set_front(work.manuscript.front, publication.lang), publication.lang),
        text=work.manuscript.document.blocks,
        earlier=tuple((one.version, one.date) for one in ledger.read(project).before(publication.version)),
    )


def _identifier(project: Project) -> str:
    """Return the publication's identifier; if it names none, one that stays the same from version to version."""
    return (
        project.publication.identifier
        or uuid.uuid5(uuid.NAMESPACE_URL, f"pubkit:{project.slug}:{project.publication.title}").urn
    )


def _oldest(verdicts: Sequence[Verdict]) -> dt.date | None:
    return min((verdict.retrieved for verdict in verdicts if verdict.checked and verdict.retrieved), default=None)
