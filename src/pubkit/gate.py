"""The gate: run every rule, apply the waivers, and report whether a release may be made."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from msgspec import structs

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.editorial import baseline
from pubkit.editorial.baseline import Baseline
from pubkit.editorial.reasons import explains
from pubkit.editorial.rules import EDI090, EDI091, EDI092
from pubkit.findings import Comparison, Finding, Location, Waiver
from pubkit.language.folding import fold
from pubkit.manuscript.model import Document
from pubkit.outcome import Mode, Report, ordered
from pubkit.project.loading import Project
from pubkit.references.model import Verdict
from pubkit.rules.base import Submission

__all__ = ["judge", "report_of"]


#: The longest term of a waiver in days: three years, as for a review.
LONGEST_WAIVER = 1096
#: The most findings that a waiver for a file or the publication may cover without a finding of its own.
FEW = 20


def judge(
    submission: Submission, project: Project, mode: Mode, told: Callable[[int, int], None] | None = None
) -> Report:
    """Run every rule on `submission`: pubkit's, those of plug-ins, and the publication's own.

    `told` is called with the number of rules that were asked, and of all.

    Raises:
        ConfigurationError: a rule file of the publication cannot be read.
        InputRefused: a rule file is unsafe.
    """
    from pubkit.rules import rulebook
    from pubkit.rules.asked import unasked
    from pubkit.rules.disclaimers import problems

    book = rulebook.in_force(project.folder)
    read = (*submission.manuscript.findings, *submission.bibliography.findings, *submission.ledger.findings)
    findings = [*book.ask(submission, told), *read, *problems(submission)]
    findings = list(_in_drawings(findings, submission.manuscript.document))
    known = baseline.read(project, book.entries, submission.today)
    report = report_of([*findings, *known.findings], project, mode, submission.verdicts, submission.today, book.entries)
    met = {finding.rule for finding in report.findings}
    skipped = {name: why for name, why in unasked(book.entries, submission).items() if name not in met}
    return structs.replace(
        _with_baseline(report, known, baseline.file_name(project), skipped),
        skipped=skipped,
        rules_failed=bool(met & {rule.id for rule in rulebook.FAULTS}),
    )


def _in_drawings(findings: Iterable[Finding], document: Document) -> Iterator[Finding]:
    """Yield the findings; one in a drawing also says where the text shows the drawing."""
    shown = {image.target: image.location for image in reversed(document.images)}
    for finding in findings:
        at = shown.get(finding.location.file) if finding.location else None
        if at is None:
            yield finding
        else:
            message = f"{finding.message} The drawing is shown at {at.file}:{at.line}."
            yield structs.replace(finding, message=message, context=finding.context or finding.message)


def _with_baseline(report: Report, known: Baseline, file: str, skipped: Collection[str]) -> Report:
    """Return the report with the findings in the baseline marked; in a release they are only counted."""
    marked, comparison = baseline.compared(known, report.findings, file, skipped)
    if comparison is None or known.findings:
        return report
    if report.mode is not Mode.RELEASE:
        report = structs.replace(report, findings=tuple(marked))
    return structs.replace(report.with_findings(_gone(comparison)), baseline=comparison)


def _gone(comparison: Comparison) -> list[Finding]:
    """Report entries of the baseline whose findings are gone."""
    number = sum(entry.count for entry in comparison.gone)
    if not number:
        return []
    plural = f"{number} findings of the baseline are" if number > 1 else "1 finding of the baseline is"
    return [EDI092.at(Location(comparison.file), f"{plural} fixed.", context=comparison.file)]


def report_of(
    findings: Sequence[Finding],
    project: Project,
    mode: Mode,
    verdicts: Mapping[str, Verdict],
    today: dt.date,
    entries: Mapping[str, Entry],
) -> Report:
    """Return a report on `findings`, with the project's waivers applied and themselves judged."""
    waivers = tuple(
        Waiver(
            rule=entry.rule,
            where=entry.where or "",
            reason=entry.reason,
            who=entry.who,
            expires=entry.expires,
            location=project.at("waivers", index),
            file=entry.file or "",
        )
        for index, entry in enumerate(project.publication.waivers)
    )
    numbered = _numbered(_weighed(finding, entries, mode) for finding in findings)
    lasting = [waiver for waiver in waivers if 0 <= (waiver.expires - today).days <= LONGEST_WAIVER]
    unexplained = [waiver for waiver in lasting if mode is Mode.RELEASE and not explains(waiver.reason, 2)]
    lasting = [waiver for waiver in lasting if waiver not in unexplained]
    # The narrowest waiver of a finding counts.
    alive = sorted(lasting, key=lambda waiver: (waiver.wide, not waiver.file))
    judged = [_waived(finding, alive) for finding in numbered]
    used = Counter(finding.waiver for finding in judged if finding.waiver)
    judged += _idle(waivers, used, unexplained, today, entries)
    judged += _wide(used)
    return Report(mode, ordered(judged), tuple(verdicts.values()), waivers, entries)


def _weighed(finding: Finding, entries: Mapping[str, Entry], mode: Mode) -> Finding:
    """Return the finding with the severity that its rule has in a release, if this is one."""
    rule = entries.get(finding.rule)
    if mode is not Mode.RELEASE or rule is None or rule.in_release is None:
        return finding
    return structs.replace(finding, severity=rule.in_release)


def _numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Number equal findings in one file, so that each has a fingerprint of its own."""
    seen: Counter[tuple[str, str, str]] = Counter()
    numbered = []
    for finding in ordered(findings):
        text = fold(finding.context or finding.message)
        same = (finding.rule, finding.location.file if finding.location else "", text)
        numbered.append(structs.replace(finding, occurrence=seen[same]) if seen[same] else finding)
        seen[same] += 1
    return numbered


def _waived(finding: Finding, alive: Sequence[Waiver]) -> Finding:
    waiver = next((waiver for waiver in alive if waiver.covers(finding)), None)
    return finding.with_waiver(waiver) if waiver else finding


def _wide(used: Mapping[Waiver, int]) -> list[Finding]:
    """Report waivers for a file or the publication that cover many findings."""
    return [
        EDI091.at(
            waiver.location,
            f"This waiver of {waiver.rule} for {_extent(waiver)} covers {number} findings.",
            context=f"{waiver.rule} {waiver.extent}",
        )
        for waiver, number in used.items()
        if waiver.wide and number > FEW
    ]


def _extent(waiver: Waiver) -> str:
    return waiver.file or "the whole publication"


def _idle(
    waivers: Iterable[Waiver],
    used: Collection[Waiver],
    unexplained: Collection[Waiver],
    today: dt.date,
    entries: Mapping[str, Entry],
) -> list[Finding]:
    """Report waivers without effect, so that none is left behind unnoticed; `entries` are all rules."""
    idle = []
    for waiver in waivers:
        if waiver.expires < today:
            message, remedy = (
                f"This waiver of {waiver.rule} ended on {waiver.expires}.",
                "Resolve the finding, or renew the waiver.",
            )
        elif (waiver.expires - today).days > LONGEST_WAIVER:
            message = (
                f"This waiver of {waiver.rule} would last until {waiver.expires}, which is too long, so it is "
                "not applied."
            )
            remedy = f"Let it end within {LONGEST_WAIVER} days, so that the finding is reviewed again."
        elif waiver.rule not in entries:
            message = f"There is no rule {waiver.rule} for this waiver."
            remedy = "Correct `rule:`; `pubkit explain` lists all rules."
        elif not entries[waiver.rule].waivable:
            message = f"{waiver.rule} cannot be waived."
            remedy = f"Remove the waiver and resolve the finding; `pubkit explain {waiver.rule}` says how."
        elif waiver in unexplained:
            said = printable(waiver.reason, 60)
            message = f"This waiver of {waiver.rule} has no reason that readers can follow: “{said}”."
            remedy = "Say under `reason:` in a few words why the finding is wrong or accepted; a release asks for that."
        elif waiver not in used and waiver.wide:
            message = f"This waiver of {waiver.rule} for {_extent(waiver)} matches no finding."
            remedy = "Remove the waiver, or correct `rule:` or `file:`; `*` in a file name matches any characters."
        elif waiver not in used:
            message = f"This waiver of {waiver.rule} matches no finding."
            remedy = EDI090.remedy
        else:
            continue
        idle.append(EDI090.at(waiver.location, message, context=waiver.extent, remedy=remedy))
    return idle
