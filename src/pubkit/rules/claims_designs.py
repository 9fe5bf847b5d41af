"""CLM: sentences compared with the kind of study they cite, as stated under `evidence:` in the front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.claims.grammar import is_question, negated
from pubkit.claims.patterns import Expression, Pattern
from pubkit.claims.reading import shown
from pubkit.claims.wordlists import word_list
from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import BlockKind
from pubkit.project.metadata import OBSERVATIONAL, StudyType
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["AnimalWorkAsHuman", "CausalWording"]

_BENCH: frozenset[StudyType] = frozenset({"animal", "in-vitro"})


_SURVEY = "@article{survey, title={A survey}, year={2020}}"


_RATS = "@article{rats, title={Rats}, year={2020}}"


def _study_types(submission: Submission, keys: tuple[str, ...]) -> set[StudyType] | None:
    """Return the study types of `keys`, or None if the front matter does not describe one of them."""
    known = submission.publication.evidence
    if not keys or any(key not in known for key in keys):
        return None
    return {known[key].study_type for key in keys}


class CausalWording(Rule):
    """A study that cannot show cause and effect is not reported as if it had."""

    id = "CLM016"
    english = True
    severity = Severity.WARNING
    source = "Yu, Li & Wang 2019 (EMNLP-IJCNLP); STROBE (interpretation)"
    remedy = "Write “is linked with”, “reported” or “was followed by”; or cite a trial or a review of trials."
    bad = [
        Example(
            "Kratom reduces anxiety [@survey].",
            bibliography=_SURVEY,
            metadata={"evidence": {"survey": {"study_type": "survey"}}},
        )
    ]
    good = [
        Example(
            "Kratom use was associated with less anxiety [@survey].",
            bibliography=_SURVEY,
            metadata={"evidence": {"survey": {"study_type": "survey"}}},
        ),
        Example(
            "Users said that kratom reduced their anxiety [@survey].",
            bibliography=_SURVEY,
            metadata={"evidence": {"survey": {"study_type": "survey"}}},
        ),
        Example(
            "Kratom raises pain tolerance [@trial].",
            bibliography="@article{trial, title={A trial}, year={2020}}",
            metadata={"evidence": {"trial": {"study_type": "rct"}}},
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence whose sources are all observational and described as such."""
        for statement in submission.statements:
            types = _study_types(submission, statement.sentence.keys)
            if not types or not types <= OBSERVATIONAL or is_question(statement.folded):
                continue
            hit = word_list("causal-verbs").first(statement.folded)
            if hit and not _hedged(statement.folded) and not negated(statement.folded, hit.start):
                kinds = ", ".join(sorted(types))
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"“{shown(statement.original(hit))}” states cause and effect, which the source ({kinds}) cannot "
                    f"show.",
                    context=statement.text,
                )


_PEOPLE_SAY = Expression(
    r"\b(?:(?:people|users|patients|participants|respondents|adults|men|women|they|clients|clinicians|doctors|"
    r"reviewers|authors|posts|writers|officers|coroners|examiners|who|of those) (?:[\w,()%.-]+ ){0,8}?(?:report\w*|"
    r"said|say|describ\w*|felt|believ\w*|perceiv\w*|rated|used|use|took|take|credited|attributed|named|judged|gave|"
    r"called|think|thought|wrote|saw|view\w*)|self-reported|perceived|attributed|named as (?:a|the) cause|as a cause|"
    r"cause of death|to (?:reduce|relieve|improve|cut|lower|increase))\b"
)


def _hedged(text: str) -> bool:
    return word_list("hedges").first(text) is not None or _PEOPLE_SAY.search(text) is not None


_ANIMALS = Pattern(
    r"\b(?:mice|mouse|rats?|rodents?|animals?|monkeys?|dogs?|rabbits?|zebrafish|in vitro|cells?|laborator\w+|test "
    r"tubes?|receptors?|in vivo|petri|tissue|assays?|preclinical|bench|not (?:in )?people|purified|enzymes?)\b"
)


class AnimalWorkAsHuman(Rule):
    """Findings in animals or cells are reported as such."""

    id = "CLM017"
    english = True
    severity = Severity.ERROR
    source = "FTC Health Products Compliance Guidance (2022): animal and in-vitro work is not enough; MEDRS"
    remedy = "Name the animal or the laboratory in the sentence (“in rats”, “in cells”); or cite work in people."
    bad = [
        Example(
            "Kratom does not slow breathing [@rats].",
            bibliography=_RATS,
            metadata={"evidence": {"rats": {"study_type": "animal"}}},
        )
    ]
    good = [
        Example(
            "In rats, mitragynine slowed breathing little [@rats].",
            bibliography=_RATS,
            metadata={"evidence": {"rats": {"study_type": "animal"}}},
        ),
        Example(
            "One study was done in mice. It found slower breathing [@rats].",
            bibliography=_RATS,
            metadata={"evidence": {"rats": {"study_type": "animal"}}},
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence whose own sources are all animal or in-vitro work; the paragraph may name the animal."""
        named: dict[int, bool] = {}
        statements = submission.statements
        for statement in statements:
            named[statement.paragraph] = named.get(statement.paragraph, False) or bool(
                _ANIMALS.search(statement.folded)
            )
        for statement in statements:
            types = _study_types(submission, statement.sentence.keys)
            if not types or not types <= _BENCH or named[statement.paragraph] or statement.block.kind is BlockKind.CELL:
                continue
            if not _about_method(statement.folded):
                yield self.at(
                    statement.sentence.location,
                    f"The only source is {' and '.join(sorted(types))} work, and the paragraph does not say so.",
                    context=statement.text,
                )


def _about_method(text: str) -> bool:
    """Return whether a sentence is about the study itself (who paid for it, what it leaves out), not of its result."""
    return (
        re.search(r"\b(?:funded|paid|funder|funding|study|studies|result|results|lists?|cite|cited)\b", text)
        is not None
    )
