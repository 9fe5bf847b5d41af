"""CLM: statements that need a source. Evidence, journals, figures, plain facts, doses, and references typed by hand.

A rule of this family asks two things of a sentence: does it assert something (`claims.evidence`, `claims.products`), and
does a citation key source it (`claims.sourcing`, which defines "sourced"). It is an editor's lint: it does not know
whether a claim is true, or whether the source says what the sentence says. docs/claims.md gives its measured limits.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator, Sequence

from pubkit.claims.doses import dose_advice, health_fact, numeric_dose
from pubkit.claims.engine import form_ids
from pubkit.claims.evidence import absence_of_evidence, evidence, named_journal, statistic
from pubkit.claims.genre import asks_for_source
from pubkit.claims.products import benefit
from pubkit.claims.reading import SameObject, Statement, hand_reference, paragraphs, shown
from pubkit.claims.wordlists import Hit
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.language.matching import matchable
from pubkit.language.told import other_language, words_of
from pubkit.manuscript.model import Block, BlockKind
from pubkit.project.metadata import TextKind
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "AbsenceWithoutSource",
    "DosageAdvice",
    "DoseWithoutSource",
    "EvidenceWithoutSource",
    "JournalWithoutSource",
    "KindOfText",
    "ParagraphWithoutSource",
    "ReferenceByHand",
    "StatisticWithoutSource",
    "TextNotJudged",
]

Detector = Callable[[str], Hit | None]


def unsourced(submission: Submission, detect: Detector) -> Iterator[tuple[Statement, Hit]]:
    """Yield every sentence of the body that `detect` finds a claim in and that nothing sources."""
    for statement in _asked(SameObject(submission.statements), submission.kind):
        hit = detect(statement.folded)
        if hit:
            yield statement, hit


@functools.lru_cache(maxsize=2)
def _asked(statements: SameObject[tuple[Statement, ...]], kind: TextKind) -> Sequence[Statement]:
    """Return the sentences of the body that need a source for what they claim, and have none."""
    body = (statement for statement in statements.value if statement.in_body and statement.unsourced)
    return [statement for statement in body if asks_for_source(statement, kind)]


class _Sourced(Rule):
    """Base of the rules on claims that need a key; in a summary, which repeats what the body sources, they only warn."""

    id = ""
    remedy = ""

    good = []

    def unsourced(self, submission: Submission, detect: Detector, message: str) -> Iterator[Finding]:
        """Yield a finding for each claim without a source; `message` has a place for the words in question."""
        for statement, hit in unsourced(submission, detect):
            severity = Severity.WARNING if submission.repeats(statement) else self.severity
            yield self.at(
                statement.span(hit.start, hit.end),
                message.format(shown(statement.original(hit))),
                context=statement.text,
                severity=severity,
            )


class EvidenceWithoutSource(_Sourced):
    """Every statement about what research or experts found has a source."""

    id = "CLM001"
    english = True
    severity = Severity.ERROR
    source = "MEDRS; HONcode 4 and 5; JAMA benchmarks (attribution)"
    remedy = "Add the key of the study, review or statement that says so, like [@key]; or remove the sentence."
    bad = [
        "The tea is old [@tree]. A study published in the Journal of Sleep found that warm milk eases worry.",
        "Studies suggest that kratom eases withdrawal.",
        "Researchers have found that users feel better.",
        "According to a recent survey, most users are men.",
        "It works in people without asthma too, according to a trial.",
        "Experts warn that the leaf may harm the liver.",
        "There have been reports of seizures after large amounts.",
        "It has been shown to bind to opioid receptors.",
        "The plant is clinically proven to calm.",
        "Modern science is finally catching up with the old healers.",
        "“It can slow breathing,” says Dr. Jane Roe, a toxicologist at a university hospital.",
        "Over 1,500 scientific studies deal with the leaf.",
        "A review found little [@review]. Another study found a large effect.",
        "In a randomised trial, men who took it bore the cold longer than those on placebo.",
    ]
    good = [
        "A placebo-controlled trial shows whether a drug works better than a dummy pill.",
        "A study answers a question by looking at people who have a disease and at people who do not.",
        "Studies suggest that kratom eases withdrawal [@review].",
        "A survey asked 2,798 people [@survey]. They reported mild effects. Of these, few sought help.",
        "The authors looked at 36 articles. They found no link with quality of life [@review].",
        "Do studies show that it works?",
        "More research is needed.",
        "A survey cannot show cause and effect.",
        "Future trials should test the leaf against placebo.",
        "No study has shown that kratom cures depression.",
        "Ask your doctor what the research means for you.",
        "In this article, we looked at 20 sources.",
        "He wrote: “The night was long.”",
        "It is suggested that you print this form.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body."""
        return self.unsourced(submission, evidence, "A statement about evidence has no source: “{}”.")


class AbsenceWithoutSource(_Sourced):
    """Every statement that evidence is lacking has a source."""

    id = "CLM002"
    english = True
    severity = Severity.WARNING
    source = "DISCERN 8 (areas of uncertainty); MEDRS"
    remedy = (
        "Cite the review or guideline that looked and found too little, like [@key]; or say what you searched yourself."
    )
    bad = [
        "There is not enough evidence to recommend it.",
        "There is no evidence that the tea eases pain.",
        "Reliable long-term trials are lacking.",
    ]
    good = [
        "There is not enough evidence to recommend it [@review].",
        "No trial has tested it for depression.",
        "We do not know.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body that does not also say what was found."""
        return self.unsourced(submission, _only_absence, "The statement that evidence is lacking has no source: “{}”.")


def _only_absence(text: str) -> Hit | None:
    hit = absence_of_evidence(text)
    return hit if hit and not evidence(text) else None


class JournalWithoutSource(_Sourced):
    """A journal named as a source has a citation key."""

    id = "CLM003"
    english = True
    severity = Severity.ERROR
    source = "JAMA benchmarks (attribution); ICMJE, citing references"
    remedy = "Cite the article itself by its key, like [@key]; a journal's name alone cannot be checked."
    bad = [
        "The results were published in the Journal of Psychoactive Drugs.",
        "A paper in The Lancet reported the opposite.",
        "The health journal Lipids in Health described it.",
    ]
    good = [
        "The results were published in the Journal of Psychoactive Drugs [@swogger].",
        "Keep a sleep journal for a week.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body."""
        return self.unsourced(submission, named_journal, "A journal is named but not cited: “{}”.")


class StatisticWithoutSource(_Sourced):
    """Every health statistic has a source."""

    id = "CLM004"
    english = True
    severity = Severity.ERROR
    source = "CDC Clear Communication Index (numbers); JAMA benchmarks (attribution)"
    remedy = "Add the key of the source of the figure, like [@key]; say out of how many, where and when."
    bad = [
        "About 40% of users have withdrawal.",
        "One in five adults lives with a mental illness.",
        "Users are three times more likely to report anxiety.",
        "Some 1.7 million people used kratom in one year.",
        "Two thirds of the patients recovered.",
        "Readers of paper books sleep 12 minutes longer.",
        "The diet lowered blood pressure by about 5 mmHg.",
        "Melatonin adds 12 minutes to a night.",
    ]
    good = [
        "Increase your walk by 5 minutes each week. Walk 10 minutes longer on Sundays.",
        "PM2.5 deaths are counted by region; read chapter 3 of 10 first.",
        "About 40% of users have withdrawal [@survey].",
        "The tea is made with 40% alcohol.",
        "It is one of the oldest remedies.",
        "| Share |\n|---|\n| 40% [@survey] |",
        "A 95% confidence interval shows how far the data leave the value open.",
        "Every two weeks, cut the dose by 10 percent.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body."""
        return self.unsourced(submission, statistic, "A figure has no source: “{}”.")


_LONG = 40
_EXEMPT = ("how to read", "how we", "method", "question", "when to get help", "get help", "limit", "about", "how this")


class ParagraphWithoutSource(Rule):
    """Every paragraph that states health facts cites a source."""

    id = "CLM005"
    english = True
    severity = Severity.WARNING
    source = "MEDRS; on 3,056 citing sentences trigger words alone found 15%, so whole paragraphs are judged too"
    remedy = "Add the source of what the paragraph states, or add a waiver that says why it needs none."
    bad = [
        (
            "Mitragynine binds to opioid receptors in the brain. It slows the gut and dulls pain. At high amounts it "
            "makes people drowsy, and the liver breaks it down through enzymes that also break down many medicines, which "
            "raises their level in the blood."
        ),
        "It lowers anxiety. It eases withdrawal.",
        "Kratom leaves have been chewed for centuries. It lowers anxiety. It eases withdrawal.",
    ]
    good = [
        (
            "Mitragynine binds to opioid receptors in the brain [@kruegel]. It slows the gut and dulls pain. At high "
            "amounts it makes people drowsy."
        ),
        (
            "This article is for people who wonder about kratom. It does not tell you what to take. Read it with your "
            "doctor."
        ),
        "It does not lower anxiety. Whether it eases withdrawal is unknown.",
        "Kratom lowered anxiety in one survey [@survey]. It also eased withdrawal.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge paragraphs of the body: forty words with two sentences of health facts, or two sentences of benefits."""
        kind = submission.kind
        for paragraph in paragraphs(submission.statements):
            first = paragraph[0]
            if first.block.kind is not BlockKind.PARAGRAPH or not first.in_body or submission.repeats(first):
                continue
            if any(not statement.unsourced for statement in paragraph) or _own_account(first):
                continue
            if not any(asks_for_source(statement, kind) for statement in paragraph):
                continue
            words = sum(len(statement.text.split()) for statement in paragraph)
            benefits = [statement for statement in paragraph if benefit(statement.folded)]
            if words < _LONG and len(benefits) < 2:
                continue
            facts = [statement for statement in paragraph if health_fact(statement.folded)]
            facts = facts if len(facts) >= len(benefits) else benefits
            if len(facts) >= 2:
                message = (
                    f"The paragraph states health facts ({len(facts)} of {len(paragraph)} sentences, the first "
                    f"“{shown(facts[0].text)}”) and cites nothing."
                )
                yield self.at(first.block.location, message, context=first.text)


def _own_account(statement: Statement) -> bool:
    """Return whether the paragraph's section is about how the text was made, or what to ask."""
    return any(any(word in matchable(heading) for word in _EXEMPT) for heading in statement.block.section[-1:])


class ReferenceByHand(Rule):
    """Every reference is a citation key, not typed by hand or given as a link."""

    id = "CLM006"
    english = True
    severity = Severity.ERROR
    source = "JAMA benchmarks (attribution); ICMJE, citing references"
    remedy = "Put the work into the bibliography and cite it by its key, like [@key]: only then can it be checked."
    bad = [
        "Kratom is a tree of the coffee family.[12]",
        "Users report relief (Swogger et al., 2015).",
        "Users report relief, as [one study](https://doi.org/10.1080/02791072.2015.1096434) says.",
        "Kratom is a tree (Jones and Smith 2019).",
        "Smith et al. (2017) showed that valerian works.",
        "Smith and colleagues (2017) found that it works.",
        "In 2017, Smith et al. saw that valerian works.",
        "Words.\n\n# References\n\n1. Roe A. Sleep and tea. J Test. 2020;3:1-9.",
        "Tea calms.[^1]\n\n[^1]: Roe A, Poe B. Sleep and tea in adults. J Test. 2020;3(2):1-9.",
    ]
    good = [
        "Kratom is a tree of the coffee family [@tree].",
        "The range is wide [0, 1].",
        "The interval was 18 [11-30], or 18 mg [11-30]; the 95% CI [11-30] and the range [3, 8].",
        "The count was above 12,000/mm³, and the index 24 kg/m².",
        "It was banned in Thailand (1943), and again there (July 2019).",
        "Angola (2009) reported fewer cases; in Kenya (2014) found nobody any (Malawi 2011).",
        "Words.\n\n# References\n\n::: {#refs}\n:::",
        "See the [leaflet](https://www.nhs.uk/leaflet).",
        "Tea is old.[^1]\n\n[^1]: Roe A. is named so in the records of 1920, on 3 (of 12) pages: 1-9 and others.",
        "The data are open.[^1]\n\n[^1]: Our data are at https://doi.org/10.5281/zenodo.1234567 (2020).",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge each sentence of the body that has no key itself, the first entry of a list typed by hand, and each note."""
        if submission.kind == "methods":
            return
        for first, *_ in paragraphs(submission.statements):
            if _noted_by_hand(first):
                message = "A reference is typed by hand in a note, and nobody can check it."
                yield self.at(first.sentence.locate(0), message, context=first.block.text)
        listed = next(filter(_listed_by_hand, submission.statements), None)
        if listed:
            message = "A list of references is typed by hand, and nobody can check it."
            yield self.at(listed.sentence.locate(0), message, context=listed.text)
        for statement in submission.statements:
            if statement.by_hand and not statement.sentence.keys and statement.in_body:
                typed = hand_reference(statement.text)
                words = typed.group().strip() if typed else "a link to a study"
                offset = typed.start() if typed else 0
                yield self.at(
                    statement.sentence.locate(offset), f"Not a citation key: {shown(words)}.", context=statement.text
                )


_LISTS = expression(r"(?:references?|bibliography|literature|works cited|sources)\b", re.IGNORECASE)
_AN_ENTRY = expression(
    r"(?=.{30,})(?=.*\b(?:19|20)\d\d\b).*(?:\bdoi\b|https?://|\d{4};\s?\d|\d\s?\(\d+\)|:\s?\d+[-–]\d+|\bet al\b)",
    re.DOTALL,
)


def _listed_by_hand(statement: Statement) -> bool:
    """Return whether the sentence is in an entry of a list of references that the author has typed."""
    heading = statement.block.section[-1] if statement.block.section else ""
    return bool(_LISTS.match(heading) and not statement.sentence.keys and _AN_ENTRY.match(statement.block.text))


#: The authors of a reference at the beginning of a note, and what only a reference has: volume and pages, or a DOI.
_AUTHORS = expression(
    r"(?:See |Cf\.? |\d+\. )?(?:[^\W\d_][\w'’-]+ ){1,3}?[A-Z]{1,3}(?:[.,]| et al| and | & )|"
    r"(?:See |Cf\.? |\d+\. )?[A-Z][\w'’-]+, (?:[A-Z]\.[ -]?){1,3}(?:[,(&]|and |et al)"
)
_VOLUME = expression(
    r"(?:19|20)\d\d\b.{0,300}?(?:;\s?\d+|\d\s?\(\d+[\w–-]*\)\s?[:,]\s?e?\d|\d:\s?e?\d+[-–]\d|\bdoi\b|doi\.org/)",
    re.DOTALL,
)


def _noted_by_hand(first: Statement) -> bool:
    """Return whether the block that `first` begins is a note with nothing but a reference that the author has typed."""
    text = first.block.text
    if first.block.kind is not BlockKind.NOTE or first.sentence.keys:
        return False
    return bool(_AUTHORS.match(text) and _VOLUME.search(text))


class DoseWithoutSource(_Sourced):
    """Every dose in figures, and every dose called safe, has a source."""

    id = "CLM019"
    english = True
    severity = Severity.ERROR
    source = "FDA and FTC warning letters on dosing advice; MEDRS"
    remedy = "Cite the source of the dose, like [@key], and say who took it; or remove the dose."
    bad = [
        "Take 2 to 4 grams of powder twice a day.",
        "A dose of 5 g acts like an opioid.",
        "This guide helps you to find the safe dosage.",
        "Adults need 10 micrograms of vitamin D a day.",
    ]
    good = [
        "Adults need 10 micrograms of vitamin D a day [@nhs].",
        "In the survey, most took under 5 g a day [@survey].",
        "No safe dose is known.",
        "Do not change your dose without talking to your doctor.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body; a guideline or clinician's card may give its own doses."""
        if submission.kind != "guideline":
            yield from self.unsourced(submission, numeric_dose, "A dose has no source: “{}”.")


class DosageAdvice(_Sourced):
    """Advice on taking something has a source."""

    id = "CLM020"
    english = True
    severity = Severity.WARNING
    source = "DISCERN 9-11; MEDRS"
    remedy = "Cite the guideline that advises this, like [@key]; or tell the reader to ask a doctor or pharmacist."
    bad = [
        "Everyone should consider taking a daily vitamin D supplement in winter.",
        "The cream should be applied to the whole body.",
        "You can adjust your dose as you go.",
    ]
    good = [
        "Everyone should consider taking a daily vitamin D supplement in winter [@nhs].",
        "Talk to your doctor before you change your dose.",
        "Take part in the survey.",
        "This should take place in a clinic.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence of the body that names no dose in figures."""
        if submission.kind != "guideline":
            yield from self.unsourced(submission, _advice_only, "Advice on taking something has no source: “{}”.")


def _advice_only(text: str) -> Hit | None:
    hit = dose_advice(text)
    return hit if hit and not numeric_dose(text) else None


_KINDS = {
    "leaflet": "a leaflet or consumer article",
    "guideline": "a guideline or clinician's card, whose doses need no source",
    "research": "a research article, whose own results and methods need no source",
    "methods": "a text on methods or software, which has no health claims to source",
}


class KindOfText(Rule):
    """The kind of text decides which statements must name a source."""

    id = "CLM027"
    english = True
    severity = Severity.NOTE
    source = "MEDRS; ICMJE recommendations (what an article reports of its own)"
    remedy = "If this is wrong, state `kind: leaflet`, `guideline`, `research` or `methods` in the front matter."
    bad = [Example("Take 5 mg once a day.", metadata={"kind": "guideline"})]
    good = ["Kratom is a tree.", Example("Kratom is a tree.", metadata={"kind": "leaflet"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Report the kind of text, unless it is a leaflet, which needs the most sources."""
        if submission.kind != "leaflet":
            told = "" if submission.publication.text_kind else " by its words and headings"
            message = f"Read{told} as {_KINDS[submission.kind]}."
            yield self.at(submission.place("kind"), message, context=submission.kind)


#: So many words in another language are more than a name or a title.
_WORDS_NOT_JUDGED = 15
#: What an author says, and does not quote.
_TOLD = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.NOTE})
_GERMAN = "Setzen Sie das Mittel nicht ab, wenn es Ihnen besser geht, und fragen Sie bei der Ärztin nach."


class TextNotJudged(Rule):
    """Claims in a language that pubkit cannot judge have been judged by a reviewer."""

    id = "CLM099"
    severity = Severity.WARNING
    source = "pubkit's own limit: the word lists are English"
    remedy = (
        "Ask a reviewer who reads the language to judge every claim, promise and dose, and to sign for it: "
        "`pubkit review sign NAME --claims-judged`."
    )
    waivable = False
    bad = [
        Example("Kratom heilt Depressionen.", metadata={"lang": "de"}),
        f"Sleep is a state of rest, and most people need seven or eight hours of it in a night.\n\n{_GERMAN}",
    ]
    good = ["Kratom is a tree.", f"Sleep is a state of rest.\n\n> {_GERMAN}"]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding for any language but English, unless a reviewer has judged the claims of this text."""
        lang = submission.publication.lang
        if submission.review.claims_judged_by is not None:
            return
        if lang.split("-")[0] != "en":
            place, what = submission.place("lang") if submission.release else None, f"its language is “{lang}”"
        elif part := _part_in_another_language(submission):
            block, lang = part
            place, what = block.location, f"from here on a part of it is in “{lang}”"
        else:
            return
        judged = ", except for dangerous advice and promises of a cure or of safety (CLM028)"
        known = judged if "dangerous-advice" in form_ids(lang.split("-")[0]) else ""
        yield self.at(
            place,
            f"The claims of this text were not judged{known}: {what}, but the word lists are English.",
            severity=Severity.ERROR if submission.release else None,
        )


def _part_in_another_language(submission: Submission) -> tuple[Block, str] | None:
    """Return the first passage of an English text that is in another language, and which, if there are enough of them."""
    found = [
        (block, language, len(words))
        for block in submission.manuscript.document.blocks
        if block.kind in _TOLD and (language := other_language(words := words_of(block.text), "en"))
    ]
    return found[0][:2] if sum(number for _, _, number in found) >= _WORDS_NOT_JUDGED else None
