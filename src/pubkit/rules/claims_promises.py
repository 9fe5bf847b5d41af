"""CLM: what a text promises. Safety, cures behind a key, sales language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.claims.detector import in_context
from pubkit.claims.engine import form_found_by, found_by
from pubkit.claims.genre import promises_health, reports_own_finding
from pubkit.claims.products import (
    absolute_safety,
    plain_safety,
    promotion,
    strong_promotion,
    weak_evidence_praise,
)
from pubkit.claims.reading import Statement, shown
from pubkit.claims.wordlists import Hit
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.language.matching import matchable
from pubkit.project.metadata import StudyType
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "AbsoluteSafety",
    "CureBehindAKey",
    "DangerousClaim",
    "PlainSafety",
    "Promotion",
    "StrongPromotion",
    "WeakEvidencePraised",
]


class AbsoluteSafety(Rule):
    """Nothing is promised to be safe, harmless or not addictive without qualification."""

    id = "CLM011"
    english = True
    severity = Severity.ERROR
    source = "FTC Health Products Compliance Guidance (2022); FDA warning letters"
    remedy = "Say which harms were looked for, in whom and for how long, with the key; nothing is safe for everybody."
    bad = [
        "Kratom is completely safe.",
        "It works without side effects.",
        "The leaf is non-addictive.",
        "Kratom does not cause respiratory depression or other dangerous effects.",
        "There are no known side effects.",
        "It is all natural and safe.",
        "You cannot overdose on kratom.",
        "It is one of the safest herbs on earth.",
        "It calms the mind—without the side effects of drugs.",
        "It has none of the dangerous side effects of opioids.",
        "Can you take too much? Impossible.",
        "Nobody has ever come to harm from a herb.",
    ]
    good = [
        "Can you take too much? Yes.",
        "Kratom is not completely safe.",
        "No medicine is without side effects.",
        "Natural does not mean safe.",
        "Sellers advertise it as non-addictive.",
        "No serious side effects were reported in the trial [@trial].",
        "It is a myth that kratom is harmless.",
        "There is no evidence that it is completely safe.",
        "Is kratom completely safe?",
        "It is not known whether it is risk-free.",
        "Mitragynine did not slow breathing in rats [@rats].",
        "Ask your doctor if it is safe for you.",
        "The function returns its value without other side effects.",
        "We fitted a regression with no interactions between age and sex.",
        "Herbs are neither completely safe nor poison.",
        "Many think that natural products are entirely free of risk, and this is not so.",
        "A spasm feels alarming, but it will not harm you.",
        "Shivering warms you; by itself it does no harm.",
        "Sugar pills have no effects and therefore no side effects.",
        "Most adults have no side effects from it.",
        "Each lancet is used once, so there is no risk of infection.",
        "One child in 500 had a fit on the next day; it leaves no lasting harm.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata; sources make no promise true."""
        for statement in submission.statements:
            hit = in_context(absolute_safety, statement.folded, statement.previous)
            own = reports_own_finding(statement, submission.kind)
            if hit and not own and promises_health(statement, hit, submission.kind):
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"A promise of unlimited safety: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )


#: Safe for those whom a mistake harms most, said of them: an unborn child, a baby, a child.
_FOR_THE_WEAKEST = expression(
    r"\b(?:safe|safely|harmless|well tolerated)\b(?: [\w-]+){0,4}? (?:in|during|for|by|while|when)(?: [\w-]+){0,2}? "
    r"(?:pregnan(?:t|cy|cies)|breast ?-?feed\w*|(?:nursing|expectant) mothers?|newborns?|infants?|babies|children)\b"
)

_CONDITION = expression(
    r"\b(?:when|if|provided|as long as|unless|directed|prescribed|recommended|label\w*|over|above|aged|older)\b"
)


class PlainSafety(Rule):
    """Every statement that something is safe has a source; without one, safe for children or in pregnancy is an error."""

    id = "CLM012"
    english = True
    severity = Severity.WARNING
    source = "FTC Health Products Compliance Guidance (2022); DISCERN 11"
    remedy = "Cite the source that found it safe, for whom and at what dose, like [@key]; or say what is not known."
    bad = [
        "Kratom is safe and effective.",
        "The tea is generally well tolerated.",
        "Antihistamines are safe in pregnancy.",
    ]
    good = [
        "The vaccine is safe and effective [@guideline].",
        "It is not safe.",
        "Nobody knows whether it is safe.",
        "Stay until it is safe to drive.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence without a source that does not promise unlimited safety."""
        for statement in submission.statements:
            hit = plain_safety(statement.folded) if statement.unsourced else None
            if hit and not absolute_safety(statement.folded):
                weakest = _FOR_THE_WEAKEST.search(statement.folded) and not _CONDITION.search(statement.folded)
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"Called safe without a source: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                    severity=Severity.ERROR if weakest else None,
                )


class _Wording(Rule):
    """Base of the rules that look for sales wording everywhere."""

    def words(self, statement: Statement, hit: Hit | None, message: str) -> Iterator[Finding]:
        """Yield a finding for `hit` in `statement`, if any."""
        if hit:
            yield self.at(
                statement.span(hit.start, hit.end),
                message.format(shown(statement.original(hit))),
                context=statement.text,
            )


class StrongPromotion(_Wording):
    """Nothing is called a miracle or guaranteed to work."""

    id = "CLM013"
    english = True
    severity = Severity.ERROR
    source = "FTC Health Products Compliance Guidance (2022); FDA, signs of health fraud"
    remedy = "Remove the words. Say what was found, in whom, and how large the effect was."
    bad = ["A miracle cure for pain.", "Results guaranteed or your money back.", "This wonder drug works every time."]
    good = [
        "There is no miracle cure.",
        "Be wary of anyone who sells a miracle cure.",
        "Sellers promise guaranteed relief.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata."""
        for statement in submission.statements:
            yield from self.words(statement, strong_promotion(statement.folded), "A miracle or a guarantee: “{}”.")


class Promotion(_Wording):
    """The text contains no sales language."""

    id = "CLM014"
    english = True
    severity = Severity.WARNING
    source = "FTC Health Products Compliance Guidance (2022); HONcode 5 and 8"
    remedy = "Say it plainly: what was studied, in whom, and how large the effect was."
    bad = [
        "Discover the amazing benefits of this ancient leaf.",
        "Boost your mood and unlock your potential.",
        "A powerful natural alternative to opioids.",
        "Lose weight without diet or exercise.",
    ]
    good = [
        "Breakthrough pain is treated on its own.",
        "It is no miracle.",
        "The booster dose is given in autumn.",
        "The effect was small [@review].",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata."""
        for statement in submission.statements:
            hit = promotion(statement.folded)
            if hit and not strong_promotion(statement.folded):
                yield from self.words(statement, hit, "Sales language: “{}”.")


class WeakEvidencePraised(_Wording):
    """Small or early results are not called promising."""

    id = "CLM015"
    english = True
    severity = Severity.WARNING
    source = "FTC Health Products Compliance Guidance (2022): read as praise, not as a caution"
    remedy = "Say how many people were studied, what was seen, and what the study cannot show."
    bad = ["These findings are promising.", "The leaf shows great promise for depression."]
    good = ["The study had 26 men and lasted a day [@trial].", "Sellers keep promising relief."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata."""
        for statement in submission.statements:
            yield from self.words(statement, weak_evidence_praise(statement.folded), "A weak result is praised: “{}”.")


class DangerousClaim(Rule):
    """The text makes no claim that regulators have warned against."""

    id = "CLM024"
    english = True
    severity = Severity.ERROR
    source = "Statements of WHO, FDA and Health Canada, each with its date (claims/forms/dangerous-claims.yaml)"
    remedy = "Remove the claim; or say who makes it, and cite who refuted it."
    bad = [
        "The measles vaccine causes autism.",
        "Drink MMS each morning.",
        "Black salve removes skin cancers [@key].",
    ]
    good = [
        "Vaccines do not cause autism.",
        "Sellers claim that black salve removes skin cancers.",
        "Chelation treats lead poisoning [@key].",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata; a key excuses nothing."""
        for statement in submission.statements:
            found = form_found_by("dangerous-claims", statement.folded)
            if found:
                form, hit = found
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"A claim that regulators have warned against ({form.source}, {form.as_of}): "
                    f"“{shown(statement.original(hit))}”.",
                    context=statement.text,
                )


_HUMAN_STUDIES: frozenset[StudyType] = frozenset({"guideline", "systematic-review", "rct"})


class CureBehindAKey(Rule):
    """A promised cure cites a source that is described as a study of it in humans."""

    id = "CLM025"
    english = True
    severity = Severity.ERROR
    source = "FTC Health Products Compliance Guidance (2022): a claim to cure needs trials in humans"
    remedy = (
        "Say what was studied, in whom and what was seen. Where the source is a guideline, a systematic review or a "
        "randomised trial of just this, describe it under `evidence:` with a population that names the condition."
    )
    bad = [
        Example("Lemon water cures cancer [@a].", bibliography="@article{a, title={Sleep of nurses}, year={2020}}"),
        Example(
            "Hunger reverses type 2 diabetes [@a].",
            bibliography="@article{a, title={A diet in rats}, year={2020}}",
            metadata={"evidence": {"a": {"study_type": "animal"}}},
        ),
    ]
    good = [
        Example("Lemon water does not cure cancer [@a].", bibliography="@article{a, title={T}, year={2020}}"),
        Example(
            "The low-calorie diet reverses diabetes [@a].",
            bibliography="@article{a, title={A low-calorie diet}, year={2020}}",
            metadata={"evidence": {"a": {"study_type": "rct", "population": "Adults with type 2 diabetes"}}},
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence with a source; CLM010 judges the others."""
        for statement in submission.statements:
            hit = found_by("unproven-cures", statement.folded) if not statement.unsourced else None
            if hit and not any(_studied(submission, key, hit.text) for key in statement.sources):
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"A key does not prove a cure: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )


def _studied(submission: Submission, key: str, claim: str) -> bool:
    """Return whether `evidence:` describes `key` as a study in humans whose population or title names the condition."""
    described = submission.publication.evidence.get(key)
    if described is None or described.study_type not in _HUMAN_STUDIES:
        return False
    titles = [entry.item.title for entry in submission.bibliography if entry.key == key]
    subject = matchable(" ".join([described.population or "", *titles]))
    return any(word[:6] in subject for word in re.findall(r"\w{4,}", claim)[1:])
