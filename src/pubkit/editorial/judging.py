"""How a criterion of a framework is judged: by the rules behind it, by the record, or by a person."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.evidence import ClaimVerdict, EvidenceTable
from pubkit.editorial.review import ReviewRecord, ReviewState
from pubkit.findings import Finding
from pubkit.language.matching import matchable
from pubkit.manuscript.model import Manuscript
from pubkit.metadata import Publication
from pubkit.references.model import Verdict, VerdictStatus

__all__ = [
    "Answer",
    "Criterion",
    "Dossier",
    "Judge",
    "Status",
    "by_heading",
    "by_rules",
    "human",
    "judge_attribution",
    "judge_audience",
    "judge_authors",
    "judge_balance",
    "judge_complementarity",
    "judge_dates",
    "judge_funding",
    "judge_hierarchy",
    "judge_lists",
    "judge_main_message",
    "judge_next_review",
    "judge_privacy",
    "judge_references",
    "judge_review",
]


class Status(enum.StrEnum):
    """The answer to a criterion."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"
    HUMAN = "human"


class Dossier(Struct, frozen=True):
    """Everything an assessment looks at. `formats` are the outputs that were made and proved."""

    publication: Publication
    manuscript: Manuscript
    evidence: EvidenceTable
    verdicts: Mapping[str, Verdict]
    findings: Sequence[Finding]
    disclaimers: Sequence[DisclaimerBlock]
    review: ReviewRecord
    today: dt.date
    formats: Sequence[str] = ()

    def found(self, *rules: str) -> tuple[Finding, ...]:
        """The findings of `rules` that no waiver lets pass; a rule may be named by the beginning of its id."""
        return tuple(finding for finding in self.findings if finding.rule.startswith(rules) and not finding.waived)

    def waived(self, *rules: str) -> int:
        """How many findings of `rules` an editor lets pass."""
        return sum(finding.rule.startswith(rules) and finding.waived for finding in self.findings)


class Answer(Struct, frozen=True):
    """What was found for a criterion."""

    status: Status
    evidence: str


class Criterion(Struct, frozen=True):
    """One criterion of a framework with its answer; `rules` are the ids, or beginnings of ids, that check it."""

    framework: str
    number: str
    text: str
    rules: tuple[str, ...]
    answer: Answer


Judge = Callable[[Dossier, tuple[str, ...]], Answer]


def by_rules(clean: str) -> Judge:
    """Met when the rules find nothing; partly when only warnings or waived findings stand; else not met."""

    def judge(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
        found, waived = dossier.found(*rules), dossier.waived(*rules)
        blocking = [finding for finding in found if finding.blocks]
        if blocking:
            return Answer(Status.NOT_MET, _told(blocking))
        if found:
            return Answer(Status.PARTLY, _told(found))
        if dossier.found("CLM099") and any(rule.startswith(("CLM", "LNK", "STY")) for rule in rules):
            return Answer(Status.PARTLY, "Not judged: the rules behind it know English only.")
        if waived:
            return Answer(Status.PARTLY, f"{_count(waived, 'finding')} let pass by a waiver; see the waiver register.")
        return Answer(Status.MET, clean)

    return judge


def human(what: str) -> Judge:
    """Left to a person; `what` says why."""
    return lambda _dossier, _rules: Answer(Status.HUMAN, what)


def _told(findings: Sequence[Finding]) -> str:
    first = findings[0]
    place = f" ({first.location})" if first.location else ""
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    return f"{first.rule}: {first.message}{place}{more}."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def judge_authors(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Authors with their credentials."""
    people = "; ".join(
        f"{author.name}, {author.credentials or 'no credentials'}" for author in dossier.publication.authors
    )
    return by_rules(f"Stated: {people}. Whether they are competent is for a person to judge.")(dossier, rules)


def judge_attribution(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Claims with a source, out of all claims."""
    rows = dossier.evidence.rows
    bare = sum(row.verdict is ClaimVerdict.UNSOURCED for row in rows)
    answer = by_rules(f"{len(rows) - bare} of {len(rows)} claims carry a source; every key resolves.")(dossier, rules)
    if answer.status is Status.MET and bare:
        return Answer(Status.PARTLY, f"{answer.evidence} {_count(bare, 'claim')} without one; see the evidence table.")
    return answer


def judge_references(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """References compared with a registry, and what was found."""
    total = len(dossier.verdicts)
    unchecked = sum(not verdict.checked for verdict in dossier.verdicts.values())
    retracted = sum(verdict.status is VerdictStatus.RETRACTED for verdict in dossier.verdicts.values())
    if unchecked:
        return Answer(Status.PARTLY, f"{unchecked} of {_count(total, 'reference')} not yet compared with a registry.")
    if not total:
        return Answer(Status.NOT_MET, "The text cites nothing.")
    return by_rules(f"{_count(total, 'reference')} compared with a registry; {retracted} retracted.")(dossier, rules)


def judge_dates(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """The dates the front matter states."""
    dates = dossier.publication.dates
    stated = (
        ("published", dates.published),
        ("updated", dates.updated),
        ("last reviewed", dates.last_reviewed),
        ("next review", dates.next_review),
    )
    return by_rules("; ".join(f"{name} {date}" for name, date in stated if date) + ".")(dossier, rules)


def judge_funding(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Funding, and the conflicts of each author."""
    publication = dossier.publication
    conflicts = "; ".join(f"{author.name}: {author.conflicts}" for author in publication.authors if author.conflicts)
    return by_rules(f"Funding: {publication.funding} Conflicts: {conflicts}")(dossier, rules)


def judge_complementarity(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """The general disclaimer, chosen and found again in the finished outputs."""
    variants = [block.variant for block in dossier.disclaimers]
    if "general" not in variants:
        return Answer(Status.NOT_MET, "The general disclaimer is not among the blocks.")
    proofs = dossier.found("PRF", "DIS")
    if any(finding.blocks for finding in proofs):
        return Answer(Status.NOT_MET, _told([finding for finding in proofs if finding.blocks]))
    where = ", ".join(dossier.formats)
    if not where:
        return Answer(Status.PARTLY, f"Chosen: {', '.join(variants)}; no output was made, so none was looked at.")
    return Answer(Status.MET, f"Found in the finished {where}: {', '.join(variants)}.")


def judge_privacy(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Nothing in the outputs that were made asks another server for anything."""
    if not dossier.formats:
        return Answer(Status.PARTLY, "No output was made, so none was looked at.")
    return by_rules(f"No request to a third party was found in the {', '.join(dossier.formats)}.")(dossier, rules)


def judge_review(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """The review record, held against the text as it is."""
    review = dossier.review
    if review.state is ReviewState.VALID:
        return Answer(
            Status.MET,
            f"{review.reviewer} reviewed this text on {review.date} ({review.content_sha256[:12]}…): "
            f"{review.decision}.",
        )
    told = {
        ReviewState.NONE: "No review record.",
        ReviewState.STALE: f"The record of {review.date} covers an earlier text.",
        ReviewState.REJECTED: f"{review.reviewer} rejected the text on {review.date}.",
    }[review.state]
    people = ", ".join(f"{name} ({credentials or 'no credentials'})" for name, credentials in review.reviewers)
    return Answer(
        Status.PARTLY if people and review.state is ReviewState.STALE else Status.NOT_MET,
        f"{told} Reviewers named: {people or 'none'}.",
    )


def judge_next_review(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """The last review and the next."""
    dates = dossier.publication.dates
    return by_rules(f"Last reviewed {dates.last_reviewed}, next review due {dates.next_review}.")(dossier, rules)


def judge_audience(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """The audience, and the reading grade it was promised."""
    audience = dossier.publication.audience
    if audience is None:
        return Answer(Status.NOT_MET, "The audience is not stated.")
    if audience.reading_grade is None:
        return Answer(Status.PARTLY, f"Readers: {audience.readers}; no reading grade is promised, so none was checked.")
    return by_rules(f"Readers: {audience.readers}; the text keeps to grade {audience.reading_grade}.")(dossier, rules)


def by_heading(words: str, noun: str) -> Judge:
    """A section whose heading speaks of the subject; its content is for a person."""
    pattern = re.compile(words)

    def judge(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
        found = [
            heading.text for heading in dossier.manuscript.document.headings if pattern.search(matchable(heading.text))
        ]
        if found:
            named = ", ".join(f"“{text}”" for text in found[:3])
            return Answer(Status.PARTLY, f"Section {named}. Whether it says enough is for a person to judge.")
        return Answer(Status.HUMAN, f"No heading speaks of {noun}; a person must look.")

    return judge


def judge_balance(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Sentences on benefits against sentences on risks."""
    benefits = sum(row.benefit for row in dossier.evidence.rows)
    risks = sum(row.risk and not row.benefit for row in dossier.evidence.rows)
    answer = by_rules("")(dossier, rules)
    told = f"{_count(benefits, 'sentence')} on a benefit, {risks} on a risk."
    if answer.status is Status.MET:
        return Answer(Status.PARTLY, f"{told} Counted, not weighed: a person must read them.")
    return Answer(answer.status, f"{told} {answer.evidence}")


def judge_hierarchy(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Sourced claims whose study types are stated."""
    rows = [row for row in dossier.evidence.rows if row.sources]
    known = sum(all(source.study_type for source in row.sources) for row in rows)
    answer = by_rules(f"Study types stated for {known} of {len(rows)} sourced claims.")(dossier, rules)
    if answer.status is Status.MET and known < len(rows):
        return Answer(Status.PARTLY, answer.evidence)
    return answer


def judge_main_message(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """An abstract that stands first."""
    abstract = dossier.publication.abstract
    if not abstract:
        return Answer(Status.NOT_MET, "No abstract states the main message.")
    return Answer(
        Status.PARTLY,
        f"An abstract of {len(abstract.split())} words stands first; whether it holds one main message, a person "
        f"must judge.",
    )


def judge_lists(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """Lists, tables and pictures."""
    kinds = {block.kind.value for block in dossier.manuscript.document.blocks}
    used = [name for name, kind in (("lists", "list-item"), ("tables", "cell"), ("pictures", "alt")) if kind in kinds]
    if not used:
        return Answer(Status.NOT_MET, "No list, table or picture breaks up the text.")
    return Answer(
        Status.MET, f"Used: {', '.join(used)}; {_count(len(dossier.manuscript.document.headings), 'heading')}."
    )
