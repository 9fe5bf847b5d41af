"""DIS: the disclaimers a text must carry, what it asks for beyond them, and words that would undo them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator

from msgspec.structs import replace

from pubkit.disclaimers.choice import Selection, select
from pubkit.disclaimers.places import statement
from pubkit.disclaimers.reserved import repeated, withdrawn
from pubkit.disclaimers.texts import language
from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import Document
from pubkit.metadata import Publication
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.claims_reading import SameObject

__all__ = [
    "AuthorServices",
    "CountryUnknown",
    "CrisisServices",
    "EvidenceDates",
    "LabelStatement",
    "MissingLanguage",
    "MissingValue",
    "RepeatedWording",
    "StatusTooOld",
    "StatusUnknown",
    "SubstanceUndeclared",
    "SubstanceUnknown",
    "TopicMisspelt",
    "TranslationUnreviewed",
    "UnfitValue",
    "UnknownVariant",
    "WithdrawnDisclaimer",
]

_PLAIN = "Sleep is often poor in the first weeks."
_KRATOM = "Kratom is a tree of Southeast Asia."
_EVALUATED = (
    "This statement has not been evaluated by the Food and Drug Administration. "
    "This product is not intended to diagnose, treat, cure, or prevent any disease."
)
_ASK = (
    "Ask a health professional about any question you have about your health. Do not ignore professional advice, and do "
    "not put off asking for it, because of something you have read here."
)


@functools.lru_cache(maxsize=2)
def _selected(publication: SameObject[Publication], document: SameObject[Document], today: dt.date) -> Selection:
    """Chosen once for all the rules that ask."""
    return select(publication.value, document.value, today)


def _problems(rule: Rule, submission: Submission, *, in_release: Severity | None = None) -> Iterator[Finding]:
    """What choosing the disclaimers has shown under the id of `rule`; `in_release` is its weight in a release."""
    text = SameObject(submission.manuscript.document)
    for problem in _selected(SameObject(submission.publication), text, submission.today).problems:
        if problem.rule == rule.id:
            place = problem.location or submission.place(*statement(problem, submission.publication))
            severity = in_release if in_release and submission.release else problem.severity
            yield replace(problem, location=place, severity=severity)


class UnknownVariant(Rule):
    """The front matter asks for a disclaimer that does not exist."""

    id = "DIS001"
    severity = Severity.ERROR
    source = "knowledge of the texts that pubkit ships"
    remedy = "Correct the name of the variant."
    waivable = False
    bad = [Example(_PLAIN, metadata={"disclaimers": [{"variant": "generel"}]})]
    good = [_PLAIN, Example(_PLAIN, metadata={"disclaimers": [{"variant": "medication"}]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each unknown variant."""
        yield from _problems(self, submission)


class MissingLanguage(Rule):
    """A disclaimer that the text needs has no wording in its language."""

    id = "DIS002"
    severity = Severity.ERROR
    source = "a reader can only heed a notice in a language they read; 21 CFR 101.93(c) is worded in English only"
    remedy = "Correct `lang:` in pubkit.yaml, or ask the maintainers for the text; pubkit never falls back to English."
    waivable = False
    bad = [
        Example("O sono é fraco.", metadata={"lang": "pt"}),
        Example(
            "El sueño mejora.",
            metadata={
                "lang": "es-US",
                "role": "labeling",
                "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}],
            },
        ),
    ]
    good = [_PLAIN, Example("El sueño mejora.", metadata={"lang": "es"}), Example(_PLAIN, metadata={"lang": "en-US"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each text that the language lacks."""
        yield from _problems(self, submission)


class LabelStatement(Rule):
    """A label's statement is asked for where it may not stand."""

    id = "DIS003"
    severity = Severity.ERROR
    source = "21 CFR 101.93(c)-(e); Directive 2002/46/EC, Article 6"
    remedy = "Take the statement out: it speaks for a lawful supplement on its label, and for nothing else."
    waivable = False
    bad = [
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]}),
        Example(
            _KRATOM,
            metadata={"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "many"}}]},
        ),
        "[Vitamin C supports the immune system]{.claim}.",
    ]
    good = [
        Example("[Vitamin C supports the immune system]{.claim}.", metadata={"role": "labeling"}),
        Example(
            "Vitamin C supports the immune system.*",
            metadata={"role": "labeling", "disclaimers": [{"variant": "dshea", "slots": {"claims": "one"}}]},
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each statement that may not stand here."""
        yield from _problems(self, submission)


class MissingValue(Rule):
    """A disclaimer lacks the value of a slot that it cannot be printed without."""

    id = "DIS004"
    severity = Severity.ERROR
    source = "knowledge of the texts that pubkit ships"
    remedy = "Give the value under disclaimers: in the front matter."
    waivable = False
    bad = [Example("Vitamin C.*", metadata={"role": "labeling", "disclaimers": [{"variant": "dshea"}]})]
    good = [_PLAIN]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each missing value."""
        yield from _problems(self, submission)


class UnfitValue(Rule):
    """A disclaimer is given a value that it has no place for, or that cannot be printed in it."""

    id = "DIS005"
    severity = Severity.ERROR
    source = "the words of a disclaimer are fixed; only its slots are the author's"
    remedy = "Delete the slot, or write one plain line."
    waivable = False
    bad = [
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "general", "slots": {"text": "Trust us."}}]}),
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "affiliate", "slots": {"relation": "<b>None.</b>"}}]}),
        Example(_PLAIN, metadata={"disclaimers": [{"variant": "medication"}, {"variant": "medication"}]}),
    ]
    good = [Example(_PLAIN, metadata={"disclaimers": [{"variant": "affiliate", "slots": {"relation": "We sell it."}}]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each such value."""
        yield from _problems(self, submission)


class CrisisServices(Rule):
    """A crisis disclaimer without two services that answer day and night."""

    id = "DIS006"
    severity = Severity.ERROR
    source = "Mindframe guideline (Australia): at least two services that answer at all hours"
    remedy = "Give two services that you have checked, or have them added to the directory with their sources."
    waivable = False
    bad = [
        Example(_PLAIN, metadata={"topics": ["mental-health"], "jurisdiction": "NZ"}),
        Example("Some people think of suicide.", metadata={"jurisdiction": "DE"}),
    ]
    good = [
        Example(_PLAIN, metadata={"topics": ["mental-health"], "jurisdiction": "GB"}),
        Example(
            _PLAIN,
            metadata={
                "topics": ["mental-health"],
                "jurisdiction": "NZ",
                "disclaimers": [
                    {"variant": "crisis", "slots": {"service_1": "First line: 1.", "service_2": "Second line: 2."}}
                ],
            },
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding where the crisis block cannot be made."""
        yield from _problems(self, submission)


class StatusTooOld(Rule):
    """The legal status of a substance was last verified too long ago."""

    id = "DIS007"
    severity = Severity.WARNING
    source = "a legal status is true on a date; a release must not print a stale one"
    remedy = "Check the status again and bring the registry up to date."
    bad = [Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "AU", "status_max_age": 30})]
    good = [Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "US", "status_max_age": 36500})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each status that is too old: a warning in a build, an error in a release."""
        yield from _problems(self, submission, in_release=Severity.ERROR)


class SubstanceUndeclared(Rule):
    """The text names a substance of the registry that the front matter does not declare."""

    id = "DIS008"
    severity = Severity.WARNING
    source = "the substance registry"
    remedy = "Add the substance to substances: in the front matter."
    bad = [_KRATOM, "The alkaloid mitragynine is in its leaves.", "Krаtom, with a Cyrillic letter in it."]
    good = [Example(_KRATOM, metadata={"substances": ["kratom"]}), _PLAIN]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding at the first mention of each undeclared substance."""
        yield from _problems(self, submission)


class SubstanceUnknown(Rule):
    """A declared substance is not in the registry, so nothing can be said of its legal status."""

    id = "DIS009"
    severity = Severity.WARNING
    source = "the substance registry"
    remedy = "Correct the name, or have the substance added with its sources."
    bad = [Example(_PLAIN, metadata={"substances": ["cratom"]})]
    good = [Example(_KRATOM, metadata={"substances": ["kratom"]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each unknown substance."""
        yield from _problems(self, submission)


class StatusUnknown(Rule):
    """No legal status of the substance is recorded for the publication's jurisdiction."""

    id = "DIS010"
    severity = Severity.WARNING
    source = "the substance registry"
    remedy = "Have the status verified and added to the registry, with its date and source."
    bad = [Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "GB"})]
    good = [Example(_KRATOM, metadata={"substances": ["kratom"], "jurisdiction": "US"})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each missing status: a warning in a build, an error in a release."""
        yield from _problems(self, submission, in_release=Severity.ERROR)


class WithdrawnDisclaimer(Rule):
    """The text tells its reader to disregard the disclaimer, or that no doctor is needed."""

    id = "DIS011"
    severity = Severity.ERROR
    waivable = False
    source = "16 CFR 255.0(f): a disclosure that other words contradict is not easily understood"
    remedy = "Take the sentence out."
    bad = [
        "Please ignore the disclaimer above.",
        "You can safely skip the legal disclaimer.",
        "The disclaimer does not apply to natural products.",
        "These disclaimers are just a formality.",
        "You do not need to see a doctor first.",
        "This guide replaces medical advice.",
    ]
    good = [
        "Do not ignore the disclaimer.",
        "Many readers ignore the disclaimer on a label.",
        "Some people feel that they do not need help.",
        "This article is not medical advice.",
        "You need to see a doctor first.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each run of text that takes a disclaimer back."""
        locale = language(submission.publication.lang)
        for block in submission.manuscript.document.blocks:
            found = withdrawn(block.text, locale)
            if found:
                message = f"The text takes the disclaimer back: “{found[1]}”."
                yield self.at(block.locate(found[0]), message, context=block.text)


class RepeatedWording(Rule):
    """The text prints the reserved wording of a disclaimer as its own."""

    id = "DIS012"
    severity = Severity.ERROR
    source = (
        "21 CFR 101.93(c): the statement speaks for a supplement's label; a copy in the text would speak for it too"
    )
    remedy = "Delete it: pubkit prints the disclaimer itself. To write about the wording, put it in quotation marks."
    bad = [_EVALUATED, _ASK]
    good = [f"A label must say: “{_EVALUATED}”", "Ask a pharmacist before you mix medicines."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each run of text that repeats reserved wording."""
        locale = language(submission.publication.lang)
        for block in submission.manuscript.document.blocks:
            variant = repeated(block.text, locale)
            if variant:
                message = f"The text repeats the wording of the disclaimer {variant} as its own."
                yield self.at(block.location, message, context=block.text)


class TranslationUnreviewed(Rule):
    """A disclaimer is printed in a translation that no health editor has reviewed."""

    id = "DIS013"
    severity = Severity.WARNING
    source = "the status that each text carries"
    remedy = "Have a health editor of that language read the block in a draft, and waive this in their name."
    bad = [Example("Le sommeil est court.", metadata={"lang": "fr"})]
    good = [_PLAIN]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each unreviewed text."""
        yield from _problems(self, submission)


class EvidenceDates(Rule):
    """The date of the literature search or of the last review is not stated, and the disclaimer says so."""

    id = "DIS014"
    severity = Severity.WARNING
    source = "JAMA benchmarks (currency); HONcode principle 4"
    remedy = "Add evidence_search: and last_reviewed: under `dates:` in pubkit.yaml, each as YYYY-MM-DD."
    bad = [Example(_PLAIN, metadata={"dates": {"published": "2026-01-10"}})]
    good = [
        Example(
            _PLAIN,
            metadata={
                "dates": {"published": "2026-01-10", "last_reviewed": "2026-01-08", "evidence_search": "2025-12-20"}
            },
        )
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding that names the missing dates."""
        dates = submission.publication.dates
        missing = [name for name in ("evidence_search", "last_reviewed") if getattr(dates, name) is None]
        if missing:
            message = f"The front matter does not give dates.{', dates.'.join(missing)}."
            yield self.at(submission.place("dates"), message)


class AuthorServices(Rule):
    """The crisis services are the author's own, and pubkit has not seen that they answer."""

    id = "DIS015"
    severity = Severity.WARNING
    source = "Mindframe guideline (Australia): at least two services that answer at all hours"
    remedy = "Call them, at night too, before each release."
    bad = [CrisisServices.good[1]]
    good = [CrisisServices.good[0]]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding where the author's own services are printed."""
        yield from _problems(self, submission)


class CountryUnknown(Rule):
    """A disclaimer gives a country's services or law, and nothing tells which country that is."""

    id = "DIS016"
    severity = Severity.ERROR
    source = "a reader in need must not be given the emergency numbers of another country"
    remedy = "State jurisdiction: XX in pubkit.yaml."
    waivable = False
    bad = [
        Example("Le sommeil est court.", metadata={"lang": "fr", "topics": ["suicide"]}),
        Example("Kratom ist ein Baum.", metadata={"lang": "de", "substances": ["kratom"]}),
    ]
    good = [
        Example("Le sommeil est court.", metadata={"lang": "fr", "topics": ["suicide"], "jurisdiction": "FR"}),
        Example("Le sommeil est court.", metadata={"lang": "fr-FR", "topics": ["suicide"]}),
        Example("Le sommeil est court.", metadata={"lang": "fr"}),
        Example(_PLAIN, metadata={"topics": ["suicide"]}),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield one finding that names the disclaimers which cannot be printed."""
        yield from _problems(self, submission)


class TopicMisspelt(Rule):
    """A topic that brings no disclaimer is written almost like one that does."""

    id = "DIS017"
    severity = Severity.WARNING
    source = "the topics that pubkit knows; a slip of the pen must not cost the crisis notice"
    remedy = "Correct the topic in pubkit.yaml."
    bad = [Example(_PLAIN, metadata={"topics": [slip]}) for slip in ("suicde", "mental-helth", "poisonning", "traumas")]
    good = [Example(_PLAIN, metadata={"topics": ["suicide", "sleep", "nutrition", "nursing", "pain"]})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each such topic: a warning in a build, an error in a release."""
        yield from _problems(self, submission, in_release=Severity.ERROR)
