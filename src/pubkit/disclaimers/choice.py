"""The disclaimers of a manuscript, with every slot filled.

What a text calls for follows from its topics, the substances it names, its links and its role. An author may add a
disclaimer and give values to slots. A named person may decline one that the words of the text call for and no law requires.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from pubkit.catalogue import Entry
from pubkit.disclaimers.calls import Call, calls, front_matter_texts, is_american_label
from pubkit.disclaimers.claims import marked, misplaced
from pubkit.disclaimers.filling import OWN_SERVICES, SYMBOL, Filler
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.disclaimers.rules import (
    DIS001,
    DIS002,
    DIS003,
    DIS004,
    DIS005,
    DIS007,
    DIS008,
    DIS009,
    DIS010,
    DIS016,
    DIS017,
    DIS019,
    DIS020,
    SRC164,
)
from pubkit.disclaimers.texts import ORDER, VARIANTS, available, load
from pubkit.disclaimers.triggers import nearly_calling
from pubkit.errors import ConfigurationError
from pubkit.findings import Finding, Severity
from pubkit.language.folders import language, languages
from pubkit.manuscript.model import Document
from pubkit.project.metadata import DisclaimerChoice, Publication
from pubkit.substances.mentions import Mention, mentions
from pubkit.substances.registry import Substance, registry

__all__ = ["Declined", "Selection", "select"]

_LABELING = {"dshea", "eu-supplement"}
#: Disclaimers whose content is true in one country only: whom to call, and what the law says.
_OF_A_COUNTRY = ("emergency", "crisis", "substance-status")


class Declined(Struct, frozen=True):
    """A disclaimer that the text calls for and that a named person has declined."""

    variant: str
    call: Call
    who: str
    reason: str


class Selection(Struct, frozen=True):
    """What choosing the disclaimers has found: the blocks to print, the problems, and the substances of the text.

    `problems` are findings of the DIS rules; one with the severity error stands for a block that is missing, unless it is
    about a block that cannot be declined. Where the language of the text has no disclaimers, the blocks are English, for a
    draft alone: the problem stays. `substances` are the registry's entries for all that is declared or found;
    `mentions` the places that name them. `calls` say why each block is printed, `declined` which are not.
    """

    blocks: tuple[DisclaimerBlock, ...]
    problems: tuple[Finding, ...]
    substances: tuple[Substance, ...]
    mentions: tuple[Mention, ...]
    calls: Mapping[str, Call] = {}
    declined: tuple[Declined, ...] = ()
    no_language: str = ""

    @property
    def lacks_a_block(self) -> bool:
        """Return whether a block that the text must carry could not be made."""
        return bool(self._lacking)

    @property
    def _lacking(self) -> list[Finding]:
        errors = [problem for problem in self.problems if problem.severity is Severity.ERROR]
        return [error for error in errors if error.rule != DIS019.id]

    def _is_for_drafts(self, error: Finding) -> bool:
        """Return whether a draft is made in spite of `error`: no text in the language, or a country that nobody has stated.

        Never without its crisis services.
        """
        return error.context == self.no_language or (error.rule == DIS016.id and "crisis" not in self.calls)

    def before_signature(self) -> Selection:
        """Return the same choice in the words of a text that no reviewer has signed."""
        blocks = (replace(block, paragraphs=block.before_signature or block.paragraphs) for block in self.blocks)
        return replace(self, blocks=tuple(blocks))

    def required(self) -> tuple[DisclaimerBlock, ...]:
        """Return the disclaimers that every output must carry, in the order in which they are printed.

        Those of a language without any are the English ones, and those of a country that nobody has stated are left out;
        `lacks_a_block` keeps both out of all but a draft.

        Raises:
            ConfigurationError: a block that is needed or asked for cannot be made: there is no such variant, or no text in
                the language; a slot has no value; there are fewer than two crisis services; or the text may not carry the
                statement. The findings give every reason.
        """
        if errors := [error for error in self._lacking if not (self.blocks and self._is_for_drafts(error))]:
            raise ConfigurationError(errors[0].message, remedy=errors[0].remedy, findings=errors)
        return self.blocks


def select(publication: Publication, document: Document, today: dt.date) -> Selection:
    """Return the disclaimers that the text or its author calls for; the problems say what cannot be made."""
    named = mentions(document.blocks, front_matter_texts(publication))
    substances = _substances(publication, named)
    problems = list(_choice_problems(publication, substances))
    asked = {choice.variant: choice for choice in reversed(publication.disclaimers) if not choice.decline}
    claims = marked(document.tree)
    problems += _claim_problems(publication, document, substances, asked, claims)
    blocked = {problem.context for problem in problems}
    needed = calls(publication, document, substances, named, asked)
    declined = _declined(publication, needed)
    problems += _decline_problems(publication, needed)
    needed = {variant: call for variant, call in needed.items() if variant not in {one.variant for one in declined}}
    problems += _substance_problems(publication, substances, named, today)
    problems += _topic_problems(publication)
    locale = language(publication.disclaimers_in or publication.lang)
    problems += _other_language(publication, locale)
    no_language = "" if locale in languages() else locale
    if no_language:
        problems.append(_no_language(locale))
        publication = replace(publication, disclaimers_in=_IN_DRAFTS)
    nowhere = _without_country(publication, needed, asked)
    problems += [_no_country(publication.lang, nowhere)] if nowhere else []
    blocked |= set(nowhere)
    filler = Filler(_worded(publication), substances, claims)
    blocks = []
    for variant in ORDER:
        if variant in needed and variant not in blocked:
            slots = asked[variant].slots if variant in asked else {}
            block, faults = _made(filler, variant, slots, needed[variant].reason)
            problems += faults
            if block:
                problems += _untied(block, document)
                blocks.append(block)
    return Selection(tuple(blocks), tuple(problems), substances, named, needed, declined, no_language)


#: The language of the disclaimers in a draft whose own language has none.
_IN_DRAFTS = "en"


def _worded(publication: Publication) -> Publication:
    """Return the publication in the language of its disclaimers; the country of its readers stays what it was."""
    if not publication.disclaimers_in:
        return publication
    return replace(
        publication,
        lang=publication.disclaimers_in,
        jurisdiction=publication.jurisdiction or publication.country or None,
    )


def _other_language(publication: Publication, locale: str) -> Iterator[Finding]:
    """Yield a finding if the disclaimers are in another language than the text."""
    if locale != language(publication.lang):
        message = (
            f"The disclaimers are printed in {locale!r}, and the text is in {publication.lang!r}. Words that call for a "
            "disclaimer are looked for in English only."
        )
        yield SRC164.at(None, message, context="disclaimers_in")


def _made(
    filler: Filler, variant: str, slots: Mapping[str, str], reason: str
) -> tuple[DisclaimerBlock | None, list[Finding]]:
    try:
        text = load(variant, filler.publication.lang)
    except ConfigurationError as error:
        return None, [_finding(DIS002, error.message, error.remedy, variant)]
    return filler.block(text, slots, reason)


def _declined(publication: Publication, needed: Mapping[str, Call]) -> tuple[Declined, ...]:
    """Return the disclaimers that a person has declined and may decline."""
    return tuple(
        Declined(choice.variant, needed[choice.variant], choice.decline.who, choice.decline.reason)
        for choice in publication.disclaimers
        if choice.decline and choice.variant in needed and not needed[choice.variant].kept
    )


def _decline_problems(publication: Publication, needed: Mapping[str, Call]) -> list[Finding]:
    """Return what is wrong with declining; the disclaimers in question are printed all the same."""
    problems = []
    for choice in publication.disclaimers:
        variant, call = choice.variant, needed.get(choice.variant)
        if not choice.decline or variant not in VARIANTS:
            continue
        if call and call.kept:
            problems.append(
                DIS019.at(None, f"The disclaimer {variant} cannot be declined: {call.kept}.", context=variant)
            )
        elif not call:
            message = f"The disclaimer {variant} is declined, but the text does not call for it."
            problems.append(DIS020.at(None, message, context=variant))
    return problems


def _substances(publication: Publication, named: tuple[Mention, ...]) -> tuple[Substance, ...]:
    wanted = {*publication.substances, *(mention.substance for mention in named)}
    return tuple(substance for key, substance in registry().items() if key in wanted)


def _choice_problems(publication: Publication, substances: tuple[Substance, ...]) -> list[Finding]:
    """Return what is wrong with the disclaimers that the author asks for; the context of each is the variant."""
    problems = []
    seen: set[str] = set()
    for choice in publication.disclaimers:
        variant = choice.variant
        if variant not in VARIANTS:
            message = f"There is no disclaimer called “{variant}”."
            problems.append(_finding(DIS001, message, f"Use one of {', '.join(sorted(VARIANTS))}.", variant))
        elif variant in seen:
            message = f"The disclaimer {variant} is listed twice."
            problems.append(_finding(DIS005, message, "Keep one entry with all the slots.", variant))
        elif choice.decline and choice.slots:
            message = f"The disclaimer {variant} is declined and has slots."
            problems.append(_finding(DIS005, message, "Remove `slots:` or `decline:`.", variant))
        elif variant in _LABELING and not choice.decline:
            problems += _labeling_problems(variant, publication, substances)
        seen.add(variant)
    return problems


def _labeling_problems(variant: str, publication: Publication, substances: tuple[Substance, ...]) -> list[Finding]:
    """Return why this publication may not carry a label's statement (21 CFR 101.93; Directive 2002/46/EC)."""
    if publication.role != "labeling":
        message = f"The {variant} statement belongs on a product's label or labeling; this is an editorial text."
        return [_finding(DIS003, message, "Remove the entry, or set `role: labeling` if this is labeling.", variant)]
    jurisdiction = "US" if variant == "dshea" else publication.country
    if variant == "dshea" and publication.country != "US":
        stated = publication.country or "not stated"
        message = f"The dshea statement is for the United States; the jurisdiction is {stated}."
        return [_finding(DIS003, message, "Remove the entry, or set `jurisdiction: US`.", variant)]
    unlawful = [
        substance.id
        for substance in substances
        if (status := substance.status.get(jurisdiction)) and status.lawful_supplement is False
    ]
    if unlawful:
        message = f"The {variant} statement would present {', '.join(unlawful)} as a lawful dietary supplement."
        remedy = "Remove the entry; according to the registry the substance is not one."
        return [_finding(DIS003, message, remedy, variant)]
    return []


def _claim_problems(
    publication: Publication,
    document: Document,
    substances: tuple[Substance, ...],
    asked: Mapping[str, DisclaimerChoice],
    claims: tuple[str, ...],
) -> list[Finding]:
    """Return what prevents the statements of a label from being tied to the dshea statement (21 CFR 101.93(d))."""
    if publication.role != "labeling":
        message = "The text marks “{}” as a claim of a product's label; this is an editorial text."
        remedy = "Remove {.claim}, or set `role: labeling` if this is labeling."
        return [_finding(DIS003, message.format(claims[0]), remedy, "dshea")] if claims else []
    faults = list(misplaced(document.tree))
    if not is_american_label(publication) or not (claims or faults):
        return []
    problems = [] if "dshea" in asked else _labeling_problems("dshea", publication, substances)
    for words, fault in faults:
        remedy = "Mark the words of one statement in the text: [Supports calm]{.claim}."
        problems.append(_finding(DIS005, f"The claim “{words[:60]}” {fault}.", remedy, "dshea"))
    symbol = (asked["dshea"].slots.get("symbol") if "dshea" in asked else None) or SYMBOL
    remedy = "Mark claims only with {.claim}; for anything else use another symbol, or set the slot `symbol: †`."
    for block in document.blocks:
        if claims and symbol in block.text:
            message = f"Readers would take this {symbol} for the symbol of a claim."
            location = block.locate(block.text.find(symbol))
            problems.append(replace(_finding(DIS005, message, remedy, "dshea"), location=location))
    return problems


def _untied(block: DisclaimerBlock, document: Document) -> list[Finding]:
    """Return a statement that refers to claims although the text marks none and has no symbol written by hand."""
    if not block.marker or block.claims or any(block.marker in part.text for part in document.blocks):
        return []
    message = f"The disclaimer {block.variant} refers to statements, but the text marks none."
    remedy = "Mark each statement of structure or function: [Supports calm]{.claim}."
    return [_finding(DIS004, message, remedy, block.variant)]


def _substance_problems(
    publication: Publication, substances: tuple[Substance, ...], named: tuple[Mention, ...], today: dt.date
) -> list[Finding]:
    problems = []
    for key in publication.substances:
        if key not in registry():
            message = f"“{key}” is not in the substance registry, so its legal status cannot be stated."
            remedy = (
                "Correct the name, or ask pubkit's maintainers to add the substance with its sources. Known: "
                f"{', '.join(registry())}."
            )
            problems.append(_finding(DIS009, message, remedy, key))
    declared = set(publication.substances)
    first_mentions = {place.substance: place for place in reversed(named)}
    problems += [_undeclared(mention) for key, mention in first_mentions.items() if key not in declared]
    for substance in substances:
        problems += _status_problems(publication, substance, today)
    return problems


def _undeclared(mention: Mention) -> Finding:
    message = f"The text names {mention.substance} (“{mention.words}”), but the metadata does not declare it."
    remedy = f"Add it to the metadata: `substances: [{mention.substance}]`."
    return DIS008.at(mention.location, message, context=mention.substance, remedy=remedy)


def _topic_problems(publication: Publication) -> list[Finding]:
    """Return the topics that call for no disclaimer but are a typing error away from one that would."""
    problems = []
    for topic in publication.topics:
        if meant := nearly_calling(topic):
            message = f"The topic “{topic}” calls for no disclaimer, but “{meant}” would."
            remedy = f"Write {meant} under `topics:` in pubkit.yaml if that is meant; if not, an editor may waive this."
            problems.append(_finding(DIS017, message, remedy, topic))
    return problems


def _without_country(
    publication: Publication, needed: Mapping[str, Call], asked: Mapping[str, DisclaimerChoice]
) -> tuple[str, ...]:
    """Return the disclaimers that must name a country's services or law when no country is known."""
    if publication.country:
        return ()
    own = "crisis" in asked and any(slot in asked["crisis"].slots for slot in OWN_SERVICES)
    return tuple(variant for variant in _OF_A_COUNTRY if variant in needed and not (variant == "crisis" and own))


def _no_country(lang: str, variants: tuple[str, ...]) -> Finding:
    blocks = f"disclaimer {variants[0]}" if len(variants) == 1 else f"disclaimers {', '.join(variants)}"
    message = f"The {blocks} cannot be printed: `lang: {lang}` does not say which country the readers are in."
    remedy = "Set `jurisdiction:` in pubkit.yaml to the two-letter code of the readers' country (FR, DE, ES, US)."
    return _finding(DIS016, message, remedy, "jurisdiction")


def _status_problems(publication: Publication, substance: Substance, today: dt.date) -> list[Finding]:
    status = substance.status.get(publication.country)
    if not publication.country:
        return []  # DIS016 asks for the country first.
    if status is None:
        message = f"No legal status of {substance.id} is recorded for {publication.country}; the disclaimer says so."
        remedy = "Ask pubkit's maintainers to verify and add it, with its date and source."
        return [_finding(DIS010, message, remedy, substance.id)]
    age = (today - status.as_of).days
    if age > publication.status_max_age:
        message = (
            f"The legal status of {substance.id} ({publication.country}) was verified on {status.as_of}: "
            f"{age} days old, and at most {publication.status_max_age} are allowed."
        )
        remedy = "Check the status again and update the registry; only then raise status_max_age."
        return [_finding(DIS007, message, remedy, substance.id)]
    return []


def _no_language(locale: str) -> Finding:
    message = f"pubkit has no disclaimers in the language {locale!r}. A draft has English ones; nothing else is made."
    remedy = (
        f"Correct `lang:` in pubkit.yaml if the text is in one of {', '.join(available('general'))}. For any other language "
        "write `disclaimers_in: en`, which prints them in English, or ask pubkit's maintainers for the texts: they come "
        "with the program, and a manuscript cannot replace them."
    )
    return _finding(DIS002, message, remedy, locale)


def _finding(rule: Entry, message: str, remedy: str, context: str) -> Finding:
    return rule.at(None, message, context=context, remedy=remedy)
