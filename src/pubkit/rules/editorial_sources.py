"""EDI: what claims rest on: the kind of study behind a benefit, its age, its funding, and the balance with the risks.

These rules use what the metadata says of each study under `evidence:`. Where it says nothing, they report that once
instead of guessing.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.claims.inventory import claims
from pubkit.claims.reading import shown
from pubkit.editorial.evidence import year_of
from pubkit.editorial.model import Claim, Strength
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.language.matching import matchable
from pubkit.project.metadata import StudyType
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "BenefitFromBenchWork",
    "BenefitFromPreprint",
    "BenefitFromWeakDesign",
    "BenefitsWithoutRisks",
    "IndustryFundingUnnamed",
    "OldReviews",
    "StudyTypesUnknown",
]

_STRONG: frozenset[StudyType] = frozenset({"guideline", "systematic-review", "rct"})
_BENCH: frozenset[StudyType] = frozenset({"animal", "in-vitro"})
_STUDY = "@article{study, title={A study}, year={2024}}"


def _evidence(study_type: str, **more: object) -> dict[str, object]:
    return {"evidence": {"study": {"study_type": study_type, **more}}}


def _benefits(submission: Submission) -> Iterator[tuple[Claim, set[StudyType]]]:
    """Yield every claim of a benefit whose sources are all described in the metadata, with their study types."""
    known = submission.publication.evidence
    for claim in claims(submission.manuscript.document, submission.publication) if known else ():
        if (
            claim.benefit
            and claim.keys
            and claim.strength > Strength.REPORTED
            and all(key in known for key in claim.keys)
        ):
            yield claim, {known[key].study_type for key in claim.keys}


class BenefitFromBenchWork(Rule):
    """No benefit rests on animal or laboratory studies alone."""

    id = "EDI020"
    english = True
    severity = Severity.ERROR
    source = "MEDRS; FTC Health Products Compliance Guidance (2022): animal and in-vitro work is not enough"
    remedy = "Cite a guideline, a systematic review or a trial in people; or say that this was seen in animals only."
    bad = [Example("Mitragynine relieves pain in animals [@study].", bibliography=_STUDY, metadata=_evidence("animal"))]
    good = [
        Example("Mitragynine relieves pain [@study].", bibliography=_STUDY, metadata=_evidence("rct")),
        Example(
            "In rats, mitragynine had an effect on the gut [@study].", bibliography=_STUDY, metadata=_evidence("animal")
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every claim of a benefit."""
        for claim, types in _benefits(submission):
            if types <= _BENCH:
                yield self.at(
                    claim.location,
                    f"This benefit rests on {' and '.join(sorted(types))} studies alone.",
                    context=claim.text,
                )


class BenefitFromWeakDesign(Rule):
    """Every benefit rests on at least one guideline, systematic review or trial."""

    id = "EDI021"
    english = True
    severity = Severity.WARNING
    source = "MEDRS (source hierarchy); FTC Health Products Compliance Guidance (2022)"
    remedy = "Cite a guideline, a systematic review or a randomised trial; or present it as what people reported."
    bad = [Example("The tea relieves anxiety [@study].", bibliography=_STUDY, metadata=_evidence("survey"))]
    good = [
        Example("The tea relieves anxiety [@study].", bibliography=_STUDY, metadata=_evidence("systematic-review")),
        Example(
            "Users said that the tea relieved their anxiety [@study].",
            bibliography=_STUDY,
            metadata=_evidence("survey"),
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every claim of a benefit that does not rest on animal or laboratory studies alone."""
        for claim, types in _benefits(submission):
            if not types & _STRONG and not types <= _BENCH:
                yield self.at(
                    claim.location, f"This benefit rests on {', '.join(sorted(types))} only.", context=claim.text
                )


class BenefitFromPreprint(Rule):
    """No benefit rests on preprints alone."""

    id = "EDI022"
    english = True
    severity = Severity.ERROR
    source = "MEDRS: preprints are not reliable sources for biomedical information"
    remedy = "Cite the peer-reviewed version or another source; or remove the claim."
    bad = [Example("The tea relieves anxiety [@study].", bibliography=_STUDY, metadata=_evidence("rct", preprint=True))]
    good = [Example("The tea relieves anxiety [@study].", bibliography=_STUDY, metadata=_evidence("rct"))]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every claim of a benefit."""
        known = submission.publication.evidence
        for claim, _ in _benefits(submission):
            if all(known[key].preprint for key in claim.keys):
                yield self.at(claim.location, "This benefit rests on preprints alone.", context=claim.text)


class StudyTypesUnknown(Rule):
    """Every cited work is described under `evidence:`, so that its strength can be judged."""

    id = "EDI023"
    severity = Severity.NOTE
    source = "MEDRS (source hierarchy)"
    remedy = "State the study_type, n and funding of each cited study under `evidence:` in the metadata."
    bad = [Example("The tea relieves anxiety [@study].", bibliography=_STUDY)]
    good = [
        Example("The tea relieves anxiety [@study].", bibliography=_STUDY, metadata=_evidence("rct")),
        "A text on sleep.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for all cited keys without a description."""
        known = submission.publication.evidence
        cited = dict.fromkeys(citation.key for citation in submission.manuscript.citations)
        missing = [key for key in cited if key not in known]
        if missing:
            names = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
            yield self.at(
                submission.place("evidence"),
                f"{len(missing)} of {len(cited)} cited works have no study type: {shown(names)}.",
                context="study types",
            )


_YEARS = 5


class OldReviews(Rule):
    """Every cited guideline or systematic review is at most five years old."""

    id = "EDI024"
    severity = Severity.NOTE
    source = "MEDRS: reviews of the last five years or so"
    remedy = "Look for a newer guideline or review; if there is none, keep this one and say so in the text."
    bad = [
        Example(
            "Sleep matters [@old].",
            bibliography="@article{old, title={A review}, year={2009}}",
            metadata={"evidence": {"old": {"study_type": "systematic-review"}}},
        )
    ]
    good = [
        Example(
            "Sleep matters [@new].",
            bibliography="@article{new, title={A review}, year={2025}}",
            metadata={"evidence": {"new": {"study_type": "systematic-review"}}},
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every cited review and guideline whose year is known."""
        cited = {citation.key for citation in submission.manuscript.citations}
        for key, known in submission.publication.evidence.items():
            entry = submission.bibliography.entries.get(key)
            year = year_of(entry.item) if entry else None
            if (
                key in cited
                and entry
                and year
                and known.study_type in {"guideline", "systematic-review"}
                and year < submission.today.year - _YEARS
            ):
                yield self.at(entry.location, f"The {known.study_type} “{key}” is from {year}.", context=key)


_THREE_BENEFITS = "\n\n".join(
    f"The tea {said} [@page2021]." for said in ("relieves pain", "eases anxiety", "treats insomnia")
)


class BenefitsWithoutRisks(Rule):
    """The text covers risks as well as benefits."""

    id = "EDI025"
    english = True
    severity = Severity.WARNING
    source = "DISCERN 10 and 11; HONcode 5 (justifiability)"
    remedy = "Describe the risks as carefully as the benefits: which, how often, and for whom."
    bad = [_THREE_BENEFITS]
    good = [
        f"{_THREE_BENEFITS}\n\nIt can harm the liver [@page2021].",
        "A text on sleep.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Count the sentences on a benefit and those on a risk; three benefits and no risk are an error."""
        found = claims(submission.manuscript.document, submission.publication)
        benefits = [claim for claim in found if claim.benefit]
        risks = sum(claim.risk and not claim.benefit for claim in found)
        if len(benefits) >= 3 and len(benefits) > 3 * risks:
            severity = Severity.ERROR if not risks else None
            yield self.at(
                benefits[0].location,
                f"{len(benefits)} sentences describe a benefit, {risks} a risk.",
                context="balance of benefit and risk",
                severity=severity,
            )


_MONEY = expression(
    r"\b(?:funded|funding|funds?|paid|sponsor\w*|industry|manufacturer|financ\w+|grants?|supported by|interest group|"
    r"trade group|association|foundation|compan(?:y|ies))\b"
)


class IndustryFundingUnnamed(Rule):
    """Industry funding of a cited study is disclosed where the study is cited."""

    id = "EDI026"
    severity = Severity.WARNING
    source = "JAMA benchmarks (disclosure); HONcode 7"
    remedy = "Say in the same paragraph who paid for the study."
    bad = [
        Example(
            "In rats, breathing was hardly slowed [@study].",
            bibliography=_STUDY,
            metadata=_evidence("animal", funding="industry"),
        )
    ]
    good = [
        Example(
            "In rats, breathing was hardly slowed [@study]. A trade group paid for the study [@study].",
            bibliography=_STUDY,
            metadata=_evidence("animal", funding="industry"),
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Look, for each industry-funded work, for a paragraph that cites it and mentions its funding."""
        paid = {key for key, known in submission.publication.evidence.items() if known.funding == "industry"}
        blocks = submission.manuscript.document.blocks
        named = {
            citation.key
            for block in blocks
            for citation in block.citations
            if citation.key in paid and _MONEY.search(matchable(block.text))
        }
        for statement in submission.statements:
            for citation in statement.sentence.citations:
                if citation.key in paid - named:
                    named.add(citation.key)
                    yield self.at(
                        citation.location,
                        f"The study “{citation.key}” was funded by industry, and the text does not say so.",
                        context=citation.key,
                    )
