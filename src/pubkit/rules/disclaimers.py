"""DIS: the disclaimers that a text must have, those that it asks for, and wording that would undo them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Iterator

from msgspec.structs import replace

from pubkit.claims.reading import SameObject
from pubkit.disclaimers.calls import Call
from pubkit.disclaimers.choice import Selection, select
from pubkit.disclaimers.places import statement
from pubkit.disclaimers.reserved import repeated, withdrawn
from pubkit.disclaimers.rules import DIS018, DIS021
from pubkit.findings import Finding, Location, Severity
from pubkit.language.folders import language
from pubkit.manuscript.model import Document
from pubkit.project.metadata import Publication
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "RepeatedWording",
    "SearchDate",
    "WithdrawnDisclaimer",
    "problems",
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
    """Return the selection, made once for all the rules that use it."""
    return select(publication.value, document.value, today)


def problems(submission: Submission) -> Iterator[Finding]:
    """Yield the problems found while choosing the disclaimers, each at the statement it concerns."""
    text = SameObject(submission.manuscript.document)
    selection = _selected(SameObject(submission.publication), text, submission.today)
    for problem in selection.problems:
        place = problem.location or submission.place(*statement(problem, submission.publication))
        yield replace(problem, location=place)
    yield from _notices(selection, submission)


def _notices(selection: Selection, submission: Submission) -> Iterator[Finding]:
    """Yield why each disclaimer that the text calls for is printed, and which of these were declined."""
    printed = {block.variant for block in selection.blocks}
    for variant, call in selection.calls.items():
        if call.unasked and variant in printed:
            message = f"The disclaimer {variant} is printed because of this: {call.why}."
            remedy = _UNDECLINED.format(variant=variant) if not call.kept else f"It cannot be declined: {call.kept}."
            rule = DIS021 if call.stated else DIS018
            yield rule.at(_place(call, submission), message, context=f"{variant} {call.why}", remedy=remedy)
    for one in selection.declined:
        message = f"The disclaimer {one.variant} is not printed; {one.who} declined it: {one.reason}"
        remedy = f"What calls for it: {one.call.why}. Remove `decline:` to print it."
        yield DIS018.at(_place(one.call, submission), message, context=f"{one.variant} {one.call.why}", remedy=remedy)


_UNDECLINED = (
    "If that is not what the text is about, a named person can decline it under `disclaimers:`: "
    "{{variant: {variant}, decline: {{who: NAME, reason: ...}}}}."
)


def _place(call: Call, submission: Submission) -> Location | None:
    return call.location or submission.place(*call.statement or ("disclaimers",))


class WithdrawnDisclaimer(Rule):
    """The text does not tell readers to disregard the disclaimer or that no doctor is needed."""

    id = "DIS011"
    severity = Severity.ERROR
    waivable = False
    source = "16 CFR 255.0(f): a disclosure that other words contradict is not easily understood"
    remedy = "Remove the sentence."
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
        """Yield a finding for each block of text that contradicts a disclaimer."""
        locale = language(submission.publication.lang)
        for block in submission.manuscript.document.blocks:
            found = withdrawn(block.text, locale)
            if found:
                message = f"The text contradicts the disclaimer: “{found[1]}”."
                yield self.at(block.locate(found[0]), message, context=block.text)


class RepeatedWording(Rule):
    """The text does not print the reserved wording of a disclaimer as its own."""

    id = "DIS012"
    severity = Severity.ERROR
    source = (
        "21 CFR 101.93(c): the statement speaks for a supplement's label; a copy in the text would speak for it too"
    )
    remedy = "Delete it: pubkit prints the disclaimer itself. To discuss the wording, put it in quotation marks."
    bad = [_EVALUATED, _ASK]
    good = [f"A label must say: “{_EVALUATED}”", "Ask a pharmacist before you mix medicines."]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding for each block of text that repeats reserved wording."""
        locale = language(submission.publication.lang)
        for block in submission.manuscript.document.blocks:
            variant = repeated(block.text, locale)
            if variant:
                message = f"The text repeats the wording of the disclaimer {variant} as its own."
                yield self.at(block.location, message, context=block.text)


class SearchDate(Rule):
    """The date of the literature search is stated."""

    id = "DIS014"
    severity = Severity.WARNING
    source = "JAMA benchmarks (currency); HONcode principle 4"
    remedy = (
        "Search for recent evidence, and set `evidence_search:` under `dates:` to the day of the search, as YYYY-MM-DD."
    )
    bad = [Example(_PLAIN, metadata={"dates": {"published": "2026-01-10"}})]
    good = [Example(_PLAIN, metadata={"dates": {"published": "2026-01-10", "evidence_search": "2025-12-20"}})]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Yield a finding if the date is missing; that of the last review is the subject of EDI006."""
        if submission.publication.dates.evidence_search is None and not submission.states("dates", "evidence_search"):
            yield self.at(submission.place("dates"), "The date of the literature search is not stated.")
