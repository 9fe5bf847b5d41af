"""CLM: what a text says that something does to health: disease claims, effects, and uses against a disease."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from pubkit.claims.engine import found_by
from pubkit.claims.evidence import evidence
from pubkit.claims.genre import asks_for_source
from pubkit.claims.products import (
    begins_with_pronoun,
    disease_claim,
    names_product,
    names_subject,
    pronoun_end,
    speaks_of_medicine,
)
from pubkit.claims.reading import Statement, paragraphs, shown
from pubkit.claims.wordlists import Hit, word_list
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import BlockKind
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["DiseaseClaim", "EffectWithoutSource", "NamedUse"]


class DiseaseClaim(Rule):
    """No product, plant or practice is said to cure, treat, prevent or relieve a disease."""

    id = "CLM010"
    english = True
    severity = Severity.ERROR
    source = "21 CFR 101.93(f)-(g); Directive 2002/46/EC Art. 6(2); FTC Health Products Compliance Guidance (2022)"
    remedy = "Say what was studied, in whom and what was seen, with a key; on a label, remove the claim."
    bad = [
        "Kratom cures depression.",
        "Rhodiola relieves anxiety.",
        "Yarrow controls bleeding.",
        "Yarrow is a great pain killer.",
        "This herb relieves pain and anxiety.",
        "The tea is a natural remedy for insomnia.",
        "Turmeric can be used as an alternative to prescription medications.",
        "For people with arthritis, curcumin offers real relief.",
        "The diet helps the body to heal itself.",
        "Kratom leaves have been chewed for centuries. Workers use them against fatigue. It lowers anxiety.",
        Example(
            "Kratom relieves pain [@survey].",
            bibliography="@article{survey, title={A survey}, year={2020}}",
            metadata={"role": "labeling"},
        ),
    ]
    good = [
        "Kratom does not cure depression.",
        "The FDA has not approved kratom to treat any disease.",
        "Sellers claim that kratom cures depression.",
        "Does kratom cure depression?",
        "Some people use kratom to relieve pain.",
        "Antibiotics treat bacterial infections.",
        "Whether kratom eases anxiety is unknown.",
        "Be wary of products that promise to cure cancer.",
        "Kratom eased pain in one small trial [@trial].",
        "No special diet or vitamin treats thyroid disease.",
        "Swallow one pain killer with water, and with no other pain-killers.",
        "A neighbour sent me a flyer saying that papaya leaves can cure cancer.",
        "The immune system protects the body from infection.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence without a source; in labeling, every sentence. A summary gets warnings only."""
        labeling = submission.publication.role == "labeling"
        kind = submission.kind
        for paragraph in paragraphs(submission.statements):
            for index, statement in enumerate(paragraph):
                asked = statement.unsourced and asks_for_source(statement, kind)
                hit = disease_claim(statement.folded, _spoken_of(paragraph, index)) if labeling or asked else None
                if hit:
                    yield self.at(
                        statement.span(hit.start, hit.end),
                        f"A disease claim: “{shown(statement.original(hit))}”.",
                        context=statement.text,
                        severity=Severity.WARNING if submission.repeats(statement) and not labeling else None,
                    )


class EffectWithoutSource(Rule):
    """Every statement that something does good or harm to health has a source."""

    id = "CLM026"
    english = True
    severity = Severity.ERROR
    source = "FTC Health Products Compliance Guidance (2022); MEDRS"
    remedy = "Add the key of the study or review that shows it, like [@key]; or say that it is not known."
    bad = [
        "This vaccine causes autism.",
        "Aspartame is harmful to health.",
        "Brain training sharpens concentration.",
        "Fasting adds years to your life.",
        "Copper socks strengthen the veins.",
        "The moss is dried for a week. It purifies the blood.",
    ]
    good = [
        "Vaccines do not cause autism.",
        "Whether aspartame harms the body is not known.",
        "Coffee raises blood pressure for an hour [@trial].",
        "The liver is a large organ. It cleanses the blood.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every unsourced sentence of the body without a disease claim; in a summary it is only a warning."""
        for statement, before in _without_source(submission):
            hit = _effect(statement.folded, before)
            if hit:
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"An effect on health has no source: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                    severity=Severity.WARNING if submission.repeats(statement) else None,
                )


def _without_source(submission: Submission) -> Iterator[tuple[Statement, str]]:
    """Yield each sentence of the body that needs a source and has none, with the one that says what its "it" is."""
    for paragraph in paragraphs(submission.statements):
        for index, statement in enumerate(paragraph):
            if statement.in_body and statement.unsourced and asks_for_source(statement, submission.kind):
                yield statement, _spoken_of(paragraph, index)


def _effect(text: str, before: str) -> Hit | None:
    """Return an effect on health that the folded `text` states, unless the sentence is a disease claim (CLM010)."""
    hit = found_by("health-effects", text)
    return (
        hit
        if hit and not evidence(text) and not speaks_of_medicine(text, before) and not disease_claim(text, before)
        else None
    )


#: What stands in the place of "it" where the sentence before names a plant or a product.
_NAMED = "the plant"


def _named_use(text: str, before: str) -> Hit | None:
    """Return what the folded `text` says a product is used for; `before` names it where the text says "it"."""
    if before and names_product(before) and not speaks_of_medicine(text, before):
        end = pronoun_end(text)
        hit = found_by("named-uses", f"{_NAMED}{text[end:]}")
        return Hit(0, hit.end + end - len(_NAMED), text[: hit.end + end - len(_NAMED)]) if hit else None
    return found_by("named-uses", text)


_REACH = 4


def _spoken_of(paragraph: Sequence[Statement], index: int) -> str:
    """Return the sentence that says what "it" in sentence `index` is: the nearest one before that names a subject."""
    if not begins_with_pronoun(paragraph[index].folded):
        return ""
    earlier = (paragraph[place].folded for place in range(index - 1, max(index - 1 - _REACH, -1), -1))
    return next((text for text in earlier if names_subject(text)), paragraph[index].previous)


class NamedUse(Rule):
    """Every statement of what a plant, a food or a practice is used for, or may do, against a disease has a source."""

    id = "CLM030"
    english = True
    severity = Severity.WARNING
    source = "21 CFR 101.93(f)-(g); MEDRS"
    remedy = "Add the key of the source that reports the use, like [@key]; say whether anyone has shown that it helps."
    bad = [
        "Feverfew is also used to help treat migraines.",
        "Some people take the capsules to ease irritable bowel syndrome.",
        "The root is said to remove gallstones.",
        "Feverfew grows in gardens. It is also used to help treat migraines.",
        "Ginger grows in Asia. Also, it is used against nausea.",
        "| Herb | Best for |\n|---|---|\n| Feverfew | Migraines |",
    ]
    good = [
        "Feverfew is also used to help treat migraines [@survey].",
        "Feverfew grows in gardens.",
        "There is no evidence that the root can be used to treat migraines.",
        "Doctors use triptans to treat migraines.",
        "| Herb | Best for |\n|---|---|\n| Feverfew | Migraines [@survey] |",
        "| Medicine | Used for |\n|---|---|\n| Ibuprofen | Migraines |",
        "| Herb | Used for | Evidence |\n|---|---|---|\n| Feverfew | Migraines | Not shown to help |",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge each sentence without a source that makes no other claim, and the cells of columns headed "Best for"."""
        for statement, before in _without_source(submission):
            text = statement.folded
            hit = _named_use(text, before)
            if hit and not (evidence(text) or disease_claim(text, before) or _effect(text, before)):
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"A use against a disease has no source: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )
        for statement, hit in _used_for(submission):
            words = f"{statement.block.head}: {statement.original(hit)}"
            message = f"A use against a disease has no source: “{shown(words)}”."
            yield self.at(statement.span(hit.start, hit.end), message, context=statement.text)


#: The head of a column that says what something is good for.
_GOOD_FOR = expression(
    r"(?:(?:commonly|traditionally|often|mainly|typically) )?(?:best|good|great|useful|ideal|helpful|used|recommended|"
    r"taken) (?:for|against)|(?:helps?|treats?|relieves?|eases?|cures?|fights?|heals?|soothes?)(?: with| against)?|"
    r"(?:(?:traditional|common|main|key|health|possible|potential|claimed|reported) )?(?:benefits?|uses?)",
    re.IGNORECASE,
)
#: What a row says of a use that nobody has shown.
_NOT_SHOWN = expression(
    r"\b(?:no|not|un(?:clear|known|proven)|insufficient|little|weak|lacking|myth|false)\b", re.IGNORECASE
)


def _used_for(submission: Submission) -> Iterator[tuple[Statement, Hit]]:
    """Yield the conditions in cells without a source of a column that is headed so, in rows on no medicine."""
    cells = [one for one in submission.statements if one.block.kind is BlockKind.CELL]
    for _, row in itertools.groupby(cells, lambda one: one.block.row):
        first, *others = row
        a_medicine = word_list("medical-treatments").first(first.folded) is not None
        if a_medicine or _NOT_SHOWN.search(" ".join(one.text for one in others)):
            continue
        for statement in others:
            asked = statement.unsourced and asks_for_source(statement, submission.kind)
            hit = word_list("conditions").first(statement.folded) if asked else None
            if hit and _GOOD_FOR.fullmatch(statement.block.head):
                yield statement, hit
