"""How a criterion of a framework is judged: by the rules behind it, by the record, or by a person.

Each sentence of evidence is made from what was found: names, counts, dates. If there was nothing to judge, or nobody
has looked, the answer says so; an absence of findings alone never makes a criterion "met".
"""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from msgspec import Struct, structs

from pubkit.boundary.files import counted
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.editorial.evidence import EvidenceTable
from pubkit.editorial.placeholders import placeholders
from pubkit.editorial.review import ReviewRecord, ReviewState, SignedReview
from pubkit.findings import Finding, Severity
from pubkit.language.matching import matchable
from pubkit.manuscript.model import Manuscript
from pubkit.project.metadata import Author, Publication
from pubkit.references.model import Verdict

__all__ = [
    "Answer",
    "Criterion",
    "Dossier",
    "Judge",
    "Status",
    "against",
    "by_heading",
    "by_rules",
    "human",
    "judge_audience",
    "judge_authors",
    "judge_commerce",
    "judge_complementarity",
    "judge_conflicts",
    "judge_contact",
    "judge_dates",
    "judge_disclosure",
    "judge_feedback",
    "judge_funding",
    "judge_lists",
    "judge_main_message",
    "judge_next_review",
    "judge_plain_words",
    "judge_privacy",
    "judge_review",
    "judge_roles",
    "listed",
]


class Status(enum.StrEnum):
    """The answer to a criterion."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not met"
    NOT_LOOKED_AT = "not looked at"
    HUMAN = "human"
    NOT_APPLICABLE = "not applicable"


class Dossier(Struct, frozen=True):
    """Everything that an assessment looks at.

    `formats` are the outputs that were made and proved; `skipped` holds the rules that could not run, with the reason;
    `grade` is the reading grade of the text, None if it was not measured.
    """

    publication: Publication
    manuscript: Manuscript
    evidence: EvidenceTable
    verdicts: Mapping[str, Verdict]
    findings: Sequence[Finding]
    disclaimers: Sequence[DisclaimerBlock]
    review: ReviewRecord
    today: dt.date
    formats: Sequence[str] = ()
    skipped: Mapping[str, str] = {}
    grade: float | None = None

    def found(self, *rules: str) -> tuple[Finding, ...]:
        """Return the findings of `rules` that no waiver covers; a rule may be named by the beginning of its id."""
        return tuple(finding for finding in self.findings if finding.rule.startswith(rules) and not finding.waived)

    def waived(self, *rules: str) -> int:
        """Return how many findings of `rules` an editor has waived."""
        return sum(finding.rule.startswith(rules) and finding.waived for finding in self.findings)

    def not_run(self, *rules: str) -> Mapping[str, str]:
        """Return those of `rules` that could not run, with the reason."""
        return {name: why for name, why in self.skipped.items() if name.startswith(rules)} if rules else {}


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


def by_rules(clean: Callable[[Dossier], Answer]) -> Judge:
    """Return what speaks against "met", if anything; otherwise what `clean` says was found."""
    return lambda dossier, rules: against(dossier, rules) or clean(dossier)


def against(dossier: Dossier, rules: tuple[str, ...]) -> Answer | None:
    """Return the answer if `rules` have found something, were waived, or could not run; otherwise None."""
    found, waived, silent = dossier.found(*rules), dossier.waived(*rules), dossier.not_run(*rules)
    errors = [finding for finding in found if finding.severity is Severity.ERROR]
    if errors:
        return Answer(Status.NOT_MET, _evidence_of(errors))
    if found:
        return Answer(Status.PARTLY, _evidence_of(found))
    if any(name.startswith(_CLAIMS) for name in silent) and (judged := _judged_by_a_person(dossier)):
        return Answer(Status.HUMAN, judged)
    if silent:
        return Answer(Status.NOT_LOOKED_AT if set(rules) <= set(silent) else Status.PARTLY, _silence(silent))
    if waived:
        return Answer(Status.PARTLY, f"{counted(waived, 'finding')} waived; see the waiver register.")
    return None


#: The beginnings of the ids of the rules on claims.
_CLAIMS = ("CLM", "LNK", "STY")


def _judged_by_a_person(dossier: Dossier) -> str:
    """Return who judged the claims of a text in a language that the rules do not cover; "" if the rules judged it."""
    signed = dossier.review.claims_judged_by
    if signed is None or dossier.publication.lang.split("-")[0] == "en":
        return ""
    return f"The rules for this read English only. {signed.reviewer} signed for the claims on {signed.date}."


def human(what: str) -> Judge:
    """Leave the criterion to a person; `what` says why."""
    return lambda _dossier, _rules: Answer(Status.HUMAN, what)


def _evidence_of(findings: Sequence[Finding]) -> str:
    first = findings[0]
    place = f" ({first.location})" if first.location else ""
    more = f" and {len(findings) - 1} more" if len(findings) > 1 else ""
    accepted = f", {first.accepted}" if first.accepted else ""
    return f"{first.rule}: {first.message.removesuffix('.')}{place}{accepted}{more}."


def _silence(silent: Mapping[str, str]) -> str:
    by_reason: dict[str, list[str]] = defaultdict(list)
    for name, why in silent.items():
        by_reason[why].append(name)
    return "Not run: " + "; ".join(f"{', '.join(names)} ({why})" for why, names in by_reason.items()) + "."


def listed(values: Iterable[str]) -> str:
    """Return the first few of `values`, and how many more there are."""
    shown = list(values)
    return ", ".join(shown[:5]) + (f" and {len(shown) - 5} more" if len(shown) > 5 else "")


def _placeholder(dossier: Dossier, *names: str) -> Answer | None:
    """Return the answer if one of the statements `names` is still what `pubkit init` wrote."""
    left = dict.fromkeys(f"“{value}”" for path, value in placeholders(dossier.publication) if path[0] in names)
    return Answer(Status.NOT_MET, f"Still placeholders from `pubkit init`: {listed(left)}") if left else None


def _person(author: Author) -> str:
    return f"{author.name} ({author.credentials or 'no credentials'}; {'; '.join(author.affiliations) or 'no affiliation'})"


def judge_authors(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the authors: their names, credentials and affiliations."""
    authors = dossier.publication.authors
    answer = against(dossier, rules) or _placeholder(dossier, "authors")
    if answer or not authors:
        return answer or Answer(Status.NOT_MET, "No author is named.")
    evidence = f"{counted(len(authors), 'author')}: {'; '.join(_person(one) for one in authors)}."
    complete = all(author.credentials and author.affiliation for author in authors)
    return Answer(Status.MET if complete else Status.PARTLY, f"{evidence} Their competence is for a person to judge.")


def judge_roles(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the authors by name; who did what is not in the metadata."""
    authors = dossier.publication.authors
    answer = against(dossier, rules) or _placeholder(dossier, "authors")
    if answer or not authors:
        return answer or Answer(Status.NOT_MET, "No author is named.")
    orcids = sum(author.orcid is not None for author in authors)
    evidence = f"Named: {listed(author.name for author in authors)}; {orcids} of {len(authors)} with an ORCID."
    return Answer(Status.PARTLY, f"{evidence} What each of them did is not stated.")


def judge_dates(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the dates in the front matter."""
    dates = dossier.publication.dates
    stated = (
        ("published", dates.published),
        ("updated", dates.updated),
        ("last reviewed", dates.last_reviewed),
        ("next review", dates.next_review),
        ("evidence searched", dates.evidence_search),
    )
    evidence = f"Stated: {', '.join(f'{name} {date}' for name, date in stated if date)}."
    return against(dossier, rules) or Answer(Status.MET, evidence)


def judge_funding(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the statement of who paid."""
    evidence = f"Funding, as stated: {_sentence(dossier.publication.funding)}"
    return against(dossier, rules) or Answer(Status.MET, evidence)


def judge_conflicts(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the conflicts of interest of each author."""
    authors = dossier.publication.authors
    if not authors:
        return Answer(Status.NOT_MET, "No author is named.")
    conflicts = "; ".join(f"{author.name}: {_sentence(author.conflicts)}" for author in authors if author.conflicts)
    stated = sum(author.conflicts is not None for author in authors)
    evidence = f"Stated for {stated} of {counted(len(authors), 'author')}. {conflicts}"
    return against(dossier, rules) or _placeholder(dossier, "authors") or Answer(Status.MET, evidence)


def judge_disclosure(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge publisher, funding and conflicts; no field states ownership or advertising."""
    publication = dossier.publication
    answer = against(dossier, rules) or _placeholder(dossier, "publisher", "authors")
    stated = sum(author.conflicts is not None for author in publication.authors)
    evidence = (
        f"Publisher: {_sentence(publication.publisher or 'not stated')} Funding: {_sentence(publication.funding)} "
        f"Conflicts stated for {stated} of {counted(len(publication.authors), 'author')}."
    )
    return answer or Answer(Status.PARTLY, f"{evidence} Ownership and advertising are for a person to judge.")


def _sentence(text: str | None) -> str:
    return f"{(text or 'not stated').strip().removesuffix('.')}."


def judge_complementarity(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """Judge the general disclaimer, which must be chosen and found again in the finished outputs."""
    variants = [block.variant for block in dossier.disclaimers]
    if "general" not in variants:
        return Answer(Status.NOT_MET, "The general disclaimer is not among the blocks.")
    proofs = dossier.found("PRF", "DIS")
    if any(finding.blocks for finding in proofs):
        return Answer(Status.NOT_MET, _evidence_of([finding for finding in proofs if finding.blocks]))
    where = ", ".join(dossier.formats)
    if not where:
        evidence = f"Chosen: {', '.join(variants)}; no output was made, so none was checked."
        return Answer(Status.NOT_LOOKED_AT, evidence)
    return Answer(Status.MET, f"Found in the finished {where}: {', '.join(variants)}.")


def judge_privacy(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge whether any output that was made requests anything from another server."""
    if not dossier.formats:
        return Answer(Status.NOT_LOOKED_AT, "No output was made, so none was checked.")
    evidence = f"No code that runs and no request to a third party was found in the {', '.join(dossier.formats)}."
    return by_rules(lambda _: Answer(Status.MET, evidence))(_made(dossier), rules)


def _made(dossier: Dossier) -> Dossier:
    """Return the same dossier without the proofs of formats that were not made: there was nothing to look at."""
    return structs.replace(
        dossier, skipped={name: why for name, why in dossier.skipped.items() if not name.startswith("PRF")}
    )


def judge_review(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """Judge the review record against the text as it is."""
    review = dossier.review
    people = ", ".join(f"{name} ({credentials or 'no credentials'})" for name, credentials in review.reviewers)
    evidence = " ".join(_signed(one) for one in review.records if one.state is not ReviewState.SUPERSEDED)
    if review.state is ReviewState.VALID:
        return Answer(Status.MET, evidence)
    if review.unreviewed and review.state is not ReviewState.REJECTED:
        said = review.unreviewed
        role = f", {said.role}" if said.role else ""
        evidence = f"{evidence} Not reviewed, by a decision of {said.who}{role} ({said.on}): {said.why}".strip()
    return Answer(
        Status.PARTLY if review.state is ReviewState.STALE else Status.NOT_MET,
        f"{evidence or 'No review record.'} Reviewers named: {people or 'none'}.",
    )


def _signed(one: SignedReview) -> str:
    """Return one record as a sentence."""
    return {
        ReviewState.VALID: f"{one.reviewer} reviewed this text on {one.date} ({one.content_sha256[:12]}…): {one.decision}.",
        ReviewState.STALE: f"The record of {one.date} by {one.reviewer} covers an earlier text.",
        ReviewState.REJECTED: f"{one.reviewer} rejected {'the' if one.current else 'an earlier'} text on {one.date}.",
    }.get(one.state, f"The record of {one.date} by {one.reviewer} does not count.")


def judge_next_review(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the dates of the last review and the next."""
    dates = dossier.publication.dates
    last = f"last reviewed {dates.last_reviewed}" if dates.last_reviewed else "no date of a review"
    due = f"next review due {dates.next_review}" if dates.next_review else "no next review planned"
    evidence = f"Stated: {last}, {due}."
    if dossier.review.state is ReviewState.VALID:
        return against(dossier, rules) or Answer(Status.MET, f"{evidence} A review record covers this text.")
    return against(dossier, rules) or Answer(Status.PARTLY, f"{evidence} No review record of this text confirms it.")


def judge_contact(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the contact details that are printed."""
    evidence = f"Stated: {_sentence(dossier.publication.contact)}"
    return against(dossier, rules) or _placeholder(dossier, "contact") or Answer(Status.MET, evidence)


def judge_feedback(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the contact details; whether readers are invited to write is for a person to judge."""
    answer = judge_contact(dossier, rules)
    if answer.status is not Status.MET:
        return answer
    evidence = f"A contact is given: {_sentence(dossier.publication.contact)}"
    return Answer(Status.PARTLY, f"{evidence} Whether readers are invited to give feedback is for a person to judge.")


def judge_commerce(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge shop wording and shop links."""
    blocks = dossier.manuscript.document.blocks
    links = sum(len(block.links) for block in blocks)
    where = f"{counted(len(blocks), 'block')} of text and {counted(links, 'link')}"
    evidence = f"Shop wording, shop links and sales language were looked for in {where}: none found."
    return against(dossier, rules) or Answer(Status.MET, evidence)


def judge_audience(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge the audience, and the reading grade stated for it against the grade measured."""
    audience = dossier.publication.audience
    if audience is None:
        return Answer(Status.NOT_MET, "The audience is not stated.")
    answer = against(dossier, rules)
    if answer:
        return answer
    readers = f"Readers: {audience.readers};"
    if audience.reading_grade is None:
        return Answer(Status.PARTLY, f"{readers} no reading grade is stated, so none was compared.")
    if dossier.grade is None:
        evidence = f"{readers} the reading grade was not measured: the text is too short, or not in English."
        return Answer(Status.PARTLY, evidence)
    return Answer(Status.MET, f"{readers} stated grade {audience.reading_grade}, measured grade {dossier.grade}.")


def by_heading(words: str, noun: str) -> Judge:
    """Judge by the headings, in English, whether a section treats the subject; a person judges its content."""
    pattern = re.compile(words)

    def judge(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
        if not dossier.publication.lang.startswith("en"):
            return Answer(Status.HUMAN, f"Headings are searched for English words only; a person must look for {noun}.")
        found = [
            heading.text for heading in dossier.manuscript.document.headings if pattern.search(matchable(heading.text))
        ]
        if found:
            named = ", ".join(f"“{text}”" for text in found[:3])
            return Answer(Status.PARTLY, f"Section {named}. Whether it says enough is for a person to judge.")
        return Answer(Status.HUMAN, f"No heading mentions {noun}; a person must look.")

    return judge


def judge_main_message(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge whether an abstract comes first."""
    abstract = dossier.publication.abstract
    answer = against(dossier, rules) or _placeholder(dossier, "abstract")
    if answer or not abstract:
        return answer or Answer(Status.NOT_MET, "No abstract states the main message.")
    return Answer(
        Status.PARTLY,
        f"The text begins with an abstract of {len(abstract.split())} words; whether it has one main message is for a "
        "person to judge.",
    )


def judge_plain_words(dossier: Dossier, rules: tuple[str, ...]) -> Answer:
    """Judge clinical and stiff words, which are looked for only in texts for the public."""
    answer, audience = against(dossier, rules), dossier.publication.audience
    if answer:
        return answer
    if audience is None or not audience.public:
        readers = audience.readers if audience else "not stated"
        return Answer(Status.HUMAN, f"Readers: {readers}. Plain words are checked only in texts for the public.")
    evidence = f"Readers: {audience.readers}. No clinical or stiff word on the list was found."
    return Answer(Status.PARTLY, f"{evidence} Active voice and a call to action are for a person to judge.")


def judge_lists(dossier: Dossier, _rules: tuple[str, ...]) -> Answer:
    """Judge the use of lists, tables and pictures."""
    kinds = [block.kind.value for block in dossier.manuscript.document.blocks]
    parts = (("list item", "list-item"), ("table cell", "cell"), ("picture", "alt"))
    used = [counted(kinds.count(kind), name) for name, kind in parts if kind in kinds]
    headings = counted(len(dossier.manuscript.document.headings), "heading")
    if not used:
        return Answer(Status.NOT_MET, f"No list, table or picture breaks up the text; {headings}.")
    return Answer(
        Status.PARTLY, f"{headings}, {', '.join(used)}. Whether they support the text is for a person to judge."
    )
