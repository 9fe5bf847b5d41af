"""Framework by framework: what a publication meets, meets in part, does not meet, and what only a person can judge.

Each criterion names its framework and number, the evidence for the answer, and the rules that check it. "For a person
to judge" is an honest answer: no program can measure competence, fairness or usefulness. The page helps an editor who
applies to a scheme; it is not a certificate of any of them.

Sources: JAMA benchmarks (Silberg et al. 1997), HONcode principles, PIF TICK criteria, ICMJE recommendations, DISCERN
instrument, Wikipedia's MEDRS guideline, CDC Clear Communication Index; as read in 2026.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pubkit.boundary.text import as_json
from pubkit.catalogue import Entry
from pubkit.compliance.judging import (
    Answer,
    Criterion,
    Dossier,
    Judge,
    Status,
    by_heading,
    human,
    judge_audience,
    judge_authors,
    judge_commerce,
    judge_complementarity,
    judge_conflicts,
    judge_contact,
    judge_dates,
    judge_disclosure,
    judge_feedback,
    judge_funding,
    judge_lists,
    judge_main_message,
    judge_next_review,
    judge_plain_words,
    judge_privacy,
    judge_review,
    judge_roles,
)
from pubkit.compliance.sources import (
    judge_age,
    judge_attribution,
    judge_balance,
    judge_causes,
    judge_figures,
    judge_hierarchy,
    judge_references,
    judge_reliability,
    judge_retractions,
    judge_risks,
)
from pubkit.disclaimers.choice import Declined
from pubkit.proof.rules import PRF102, PRF103, PRF109, PRF401, PRF402, PRF422
from pubkit.rules.base import Rule
from pubkit.rules.claims import EvidenceWithoutSource, JournalWithoutSource, ReferenceByHand, StatisticWithoutSource
from pubkit.rules.claims_designs import AnimalWorkAsHuman, CausalWording
from pubkit.rules.claims_effects import DiseaseClaim
from pubkit.rules.claims_promises import AbsoluteSafety, Promotion, StrongPromotion, WeakEvidencePraised
from pubkit.rules.claims_substances import MissingRisk, MissingRiskSection
from pubkit.rules.commerce import KeywordAnchor, ShopPhrase, ShopPhraseInReference
from pubkit.rules.commerce_links import ShopLink, TrackedLink, VeiledLink
from pubkit.rules.editorial import (
    AuthorWithoutConflicts,
    AuthorWithoutCredentials,
    DatesOutOfOrder,
    NextReview,
    NoAbstract,
    NoAuthors,
    NoContact,
    NoFunding,
    NoLicence,
    OrcidWrong,
    ReviewOverdue,
)
from pubkit.rules.editorial_review import (
    NoReviewer,
    ReviewerWithoutCredentials,
    ReviewRecordMissing,
    ReviewRecordStale,
    ReviewRejected,
    UnreviewedStatement,
)
from pubkit.rules.editorial_sources import (
    BenefitFromBenchWork,
    BenefitFromPreprint,
    BenefitFromWeakDesign,
    BenefitsWithoutRisks,
    IndustryFundingUnnamed,
    OldReviews,
    StudyTypesUnknown,
)
from pubkit.rules.language import PlainWords, ReadingLevel

__all__ = ["Answer", "Criterion", "Dossier", "Status", "assess", "frameworks", "to_json"]


def assess(dossier: Dossier) -> tuple[Criterion, ...]:
    """Return the answer to every criterion, in the order of the frameworks."""
    return tuple(
        Criterion(framework, number, text, _ids(rules), judge(dossier, _ids(rules)))
        for framework, number, text, rules, judge in _CRITERIA
    )


def _ids(rules: Sequence[Entry | type[Rule] | str]) -> tuple[str, ...]:
    """Return the ids of rules; a family is named by the letters with which its ids begin."""
    return tuple(one if isinstance(one, str) else one.id for one in rules)


def to_json(criteria: Sequence[Criterion], declined: Sequence[Declined] = ()) -> str:
    """Return the criteria, and the disclaimers that somebody `declined`, as indented JSON with a line end."""
    rows = [
        {
            "framework": one.framework,
            "number": one.number,
            "criterion": one.text,
            "status": one.answer.status.value,
            "evidence": one.answer.evidence,
            "rules": list(one.rules),
        }
        for one in criteria
    ]
    left_out = [
        {"variant": one.variant, "called_for_by": one.call.reason, "who": one.who, "reason": one.reason}
        for one in declined
    ]
    data = {"schema": "pubkit-compliance/1", "criteria": rows, "declined_disclaimers": left_out}
    return as_json(data)


_JAMA, _HON, _PIF, _ICMJE, _DISCERN, _MEDRS, _CDC = (
    "JAMA benchmarks", "HONcode", "PIF TICK", "ICMJE", "DISCERN", "MEDRS", "CDC Clear Communication Index",
)  # fmt: skip
_CRITERIA: tuple[tuple[str, str, str, tuple[Entry | type[Rule] | str, ...], Judge], ...] = (
    (
        _JAMA,
        "1",
        "Authorship: authors and contributors, their affiliations and credentials",
        (NoAuthors, AuthorWithoutCredentials),
        judge_authors,
    ),
    (
        _JAMA,
        "2",
        "Attribution: references and sources for all content, and copyright",
        (EvidenceWithoutSource, JournalWithoutSource, StatisticWithoutSource, ReferenceByHand, "CIT", NoLicence),
        judge_attribution,
    ),
    (
        _JAMA,
        "3",
        "Disclosure: ownership, sponsorship, advertising, funding, conflicts",
        (NoFunding, AuthorWithoutConflicts, IndustryFundingUnnamed),
        judge_disclosure,
    ),
    (
        _JAMA,
        "4",
        "Currency: dates on which content was posted and updated",
        (DatesOutOfOrder, ReviewOverdue),
        judge_dates,
    ),
    (
        _HON,
        "1",
        "Authority: the qualifications of the authors are given",
        (NoAuthors, AuthorWithoutCredentials, ReviewerWithoutCredentials),
        judge_authors,
    ),
    (
        _HON,
        "2",
        "Complementarity: the text supports, and does not replace, the relationship with a doctor",
        ("DIS",),
        judge_complementarity,
    ),
    (
        _HON,
        "3",
        "Privacy: the outputs send nothing to anyone",
        (PRF102, PRF103, PRF109, PRF401, PRF402, PRF422, TrackedLink),
        judge_privacy,
    ),
    (
        _HON,
        "4",
        "Attribution: sources are cited and pages are dated",
        (EvidenceWithoutSource, JournalWithoutSource, StatisticWithoutSource, "CIT", DatesOutOfOrder),
        judge_attribution,
    ),
    (
        _HON,
        "5",
        "Justifiability: claims of benefit are supported and balanced",
        (
            BenefitFromBenchWork,
            BenefitFromWeakDesign,
            BenefitFromPreprint,
            BenefitsWithoutRisks,
            DiseaseClaim,
            AbsoluteSafety,
        ),
        judge_balance,
    ),
    (_HON, "6", "Transparency: contact details are given", (NoContact,), judge_contact),
    (_HON, "7", "Financial disclosure: funding is stated", (NoFunding,), judge_funding),
    (
        _HON,
        "8",
        "Advertising is distinguished from content",
        (ShopPhrase, ShopPhraseInReference, ShopLink, VeiledLink, KeywordAnchor, StrongPromotion, Promotion),
        judge_commerce,
    ),
    (
        _PIF,
        "2, 5",
        "Training of authors, and involvement of users",
        (),
        human("A text cannot show this; document it in the review record."),
    ),
    (
        _PIF,
        "4",
        "Evidence-based, and reviewed by a qualified person",
        (NoReviewer, ReviewRecordMissing, ReviewRecordStale, ReviewRejected, UnreviewedStatement),
        judge_review,
    ),
    (
        _PIF,
        "Readers",
        "Written for its readers: health literacy and accessibility",
        (ReadingLevel, "A11Y"),
        judge_audience,
    ),
    (_PIF, "8", "Feedback is invited", (NoContact,), judge_feedback),
    (_PIF, "Review", "Reviewed at least every three years", (ReviewOverdue, NextReview), judge_next_review),
    (_ICMJE, "II.A", "Authors are named with their roles", (NoAuthors, OrcidWrong), judge_roles),
    (_ICMJE, "II.B", "Conflicts of interest are disclosed for each author", (AuthorWithoutConflicts,), judge_conflicts),
    (
        _ICMJE,
        "III.A",
        "Retracted work is not cited as valid; corrections are taken into account",
        ("RET",),
        judge_retractions,
    ),
    (_ICMJE, "IV.A", "References are direct, accurate and checked", ("REF", "CIT"), judge_references),
    (_DISCERN, "1-3", "Aims are clear, achieved and relevant", (NoAbstract,), judge_main_message),
    (
        _DISCERN,
        "4",
        "The sources of information are clear",
        (EvidenceWithoutSource, JournalWithoutSource, StatisticWithoutSource, ReferenceByHand),
        judge_attribution,
    ),
    (_DISCERN, "5", "It is clear when the information was produced", (DatesOutOfOrder,), judge_dates),
    (_DISCERN, "6", "Balanced and unbiased", (BenefitsWithoutRisks, Promotion), judge_balance),
    (
        _DISCERN,
        "7",
        "Details of additional sources of support are given",
        (),
        by_heading(r"\b(?:help|support|further|more information|resources|questions)\b", "further help"),
    ),
    (
        _DISCERN,
        "8",
        "Areas of uncertainty are stated",
        (),
        by_heading(
            r"\b(?:uncertain|unknown|limits?|limitations?|what we do not|nobody knows|open questions|evidence)\b",
            "what is uncertain",
        ),
    ),
    (
        _DISCERN,
        "9-10",
        "How each treatment works, and its benefits",
        (),
        human("Needs a reader who knows the subject."),
    ),
    (
        _DISCERN,
        "11",
        "The risks of each treatment",
        (MissingRiskSection, MissingRisk),
        judge_risks,
    ),
    (
        _DISCERN,
        "12-15",
        "No treatment, quality of life, alternatives, shared decisions",
        (),
        human("Needs a reader who knows the subject."),
    ),
    (
        _MEDRS,
        "Hierarchy",
        "Benefits rest on guidelines, systematic reviews or trials, never on animal studies alone",
        (BenefitFromBenchWork, BenefitFromWeakDesign, StudyTypesUnknown, AnimalWorkAsHuman),
        judge_hierarchy,
    ),
    (
        _MEDRS,
        "Reliability",
        "No claim rests on a preprint or on retracted work",
        (BenefitFromPreprint, "RET"),
        judge_reliability,
    ),
    (
        _MEDRS,
        "Age",
        "Sources are recent",
        (OldReviews,),
        judge_age,
    ),
    (
        _MEDRS,
        "Wording",
        "Association is not presented as causation",
        (CausalWording, WeakEvidencePraised),
        judge_causes,
    ),
    (_CDC, "Main message", "One main message, at the top", (NoAbstract,), judge_main_message),
    (
        _CDC,
        "Language",
        "Active voice, a call to action, everyday words",
        (PlainWords,),
        judge_plain_words,
    ),
    (_CDC, "Information design", "Lists, headings and pictures support the text", (), judge_lists),
    (
        _CDC,
        "State of the science",
        "The text says what is known and what is not",
        (),
        by_heading(r"\b(?:evidence|studies|unknown|know|limits?|research)\b", "what is known"),
    ),
    (
        _CDC,
        "Numbers",
        "Numbers are familiar to the audience, and are explained",
        (StatisticWithoutSource,),
        judge_figures,
    ),
    (
        _CDC,
        "Risk",
        "Risk: nature, benefits and chances are explained",
        (BenefitsWithoutRisks,),
        human("Needs a reader who knows the audience."),
    ),
)


def frameworks(criteria: Sequence[Criterion]) -> Iterator[tuple[str, tuple[Criterion, ...]]]:
    """Yield the criteria framework by framework."""
    for name in dict.fromkeys(one.framework for one in criteria):
        yield name, tuple(one for one in criteria if one.framework == name)
