"""A disclaimer text made into the block that is printed: the publication, the author and the data fill its slots."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from pubkit.disclaimers.model import DisclaimerBlock, DisclaimerText
from pubkit.disclaimers.rules import DIS004, DIS005, DIS006, DIS013, DIS015
from pubkit.disclaimers.services import (
    NEEDED,
    crisis_services,
    links_in,
    poison_centre,
    service_line,
    service_links,
    telephone,
)
from pubkit.disclaimers.texts import PLACES
from pubkit.errors import ConfigurationError
from pubkit.findings import Finding, Severity
from pubkit.language.folders import language
from pubkit.language.labels import Labels, labels_in
from pubkit.project.metadata import Publication
from pubkit.substances.registry import Substance

__all__ = ["IDENTIFIER", "OWN_SERVICES", "SYMBOL", "Filler"]

#: The beginning of every reserved id; the variant follows.
IDENTIFIER = "pubkit-disclaimer-"

#: The symbol that ties statements to the dshea statement, unless the author chooses another.
SYMBOL = "*"

_LONGEST_VALUE = 300
_MOST_NAMES = 3
_SYMBOLS = (SYMBOL, "†", "‡", "§")
#: Slots for a list of paragraphs, one for each entry.
_LISTS = ("services", "status")
#: Slots for which a text has other words until a reviewer has signed.
_OF_A_REVIEW = frozenset({"last_reviewed"})
#: The slots in which an author names their own crisis services.
OWN_SERVICES = ("service_1", "service_2", "service_3")


class Filler(Struct, frozen=True):
    """Fills texts for one publication, in its language. `claims` are the statements that its author has marked."""

    publication: Publication
    substances: tuple[Substance, ...]
    claims: tuple[str, ...] = ()

    @property
    def wording(self) -> Labels:
        """Return the words of the publication's language.

        Raises:
            ConfigurationError: pubkit does not know the language.
        """
        known = labels_in(self.publication.lang)
        if known is None:
            raise ConfigurationError(f"pubkit has no disclaimers in the language {self.publication.lang!r}.")
        return known

    def block(
        self, text: DisclaimerText, given: Mapping[str, str], reason: str
    ) -> tuple[DisclaimerBlock | None, list[Finding]]:
        """Return the block of `text` with the author's slot values `given`, or None; and what is wrong or doubtful."""
        problems = self._unfit(text, given)
        values = {**text.slots, **self._known(text), **{slot: given[slot].strip() for slot in given}}
        lists, more = self._lists(text, given)
        problems += more
        missing = [slot for slot in sorted(text.required) if not values.get(slot) and not lists.get(slot)]
        if missing and not any(problem.severity is Severity.ERROR for problem in problems):
            problems += [_no_value(text, slot) for slot in missing]
        if any(problem.severity is Severity.ERROR for problem in problems):
            return None, problems
        if text.status != "original":
            problems.append(_unreviewed(text))
        tied = text.variant == "dshea"
        return (
            DisclaimerBlock(
                variant=text.variant,
                locale=text.locale,
                version=text.version,
                identifier=f"{IDENTIFIER}{text.variant}",
                heading=text.heading,
                paragraphs=tuple(_paragraphs(text, values, lists)),
                before_signature=tuple(_paragraphs(text, {**values, **dict.fromkeys(_OF_A_REVIEW, "")}, lists))
                if _OF_A_REVIEW & text.slots.keys()
                else (),
                source=text.source,
                as_of=text.as_of,
                sha256=text.sha256,
                typography=text.typography,
                links={**text.links, **self._numbers(text, given)},
                place=PLACES[text.variant],
                reason=reason,
                status=text.status,
                marker=values.get("symbol", "") if tied else "",
                claims=self.claims if tied else (),
            ),
            problems,
        )

    def _unfit(self, text: DisclaimerText, given: Mapping[str, str]) -> list[Finding]:
        """Return what is wrong with the author's values: a slot that is not theirs, or a value that alters the text."""
        allowed = {*text.author_slots, *(OWN_SERVICES if text.variant == "crisis" else ())}
        problems = []
        for slot, value in given.items():
            if slot not in allowed:
                offered = (
                    f"Its slots are: {', '.join(sorted(allowed))}." if allowed else "It has none; remove this one."
                )
                problems.append(_fault(f"The disclaimer {text.variant} has no slot “{slot}”.", offered, text.variant))
            elif (
                not value.strip() or not value.isprintable() or len(value) > _LONGEST_VALUE or set(value) & set("{}<>")
            ):
                message = f"The value of {slot} (disclaimer {text.variant}) cannot be printed in the disclaimer."
                remedy = f"Write one line of at most {_LONGEST_VALUE} characters, without braces or angle brackets."
                problems.append(_fault(message, remedy, text.variant))
            elif slot == "claims" and value not in {"one", "many"}:
                message = f"claims: {value} is not a known value."
                problems.append(_fault(message, "Write claims: one, or claims: many.", text.variant))
            elif slot == "claims" and self.claims and value != self._number:
                message = f"claims: {value} does not fit the text, which marks {len(self.claims)} as {{.claim}}."
                problems.append(_fault(message, "Remove the slot; pubkit counts the marked claims.", text.variant))
            elif slot == "symbol" and value not in _SYMBOLS:
                message = f"The symbol {value} is not an accepted symbol."
                problems.append(_fault(message, f"Use one of {' '.join(_SYMBOLS)}.", text.variant))
        return problems

    def _known(self, text: DisclaimerText) -> dict[str, str]:
        """Return the values that the front matter and the directory give to the slots of `text`."""
        publication, wording = self.publication, self.wording
        dates = publication.dates
        named = {
            "published": dates.published,
            # Where the text says that nobody has reviewed it, no disclaimer may say that it was reviewed.
            "last_reviewed": None if publication.unreviewed else dates.last_reviewed,
            "next_review": dates.next_review,
            "evidence_search": dates.evidence_search,
        }
        values = {slot: wording.date(date) for slot, date in named.items() if date}
        publisher = publication.publisher or _responsible([author.name for author in publication.authors])
        if publisher:
            values["publisher"] = publisher
        centre = poison_centre(publication.country)
        if centre:
            values["poison_centre"] = wording.phrases.poison_centre.format(name=centre.name, number=centre.number)
        if self.claims:
            values["claims"] = self._number
        return {slot: value for slot, value in values.items() if slot in text.slots}

    @property
    def _number(self) -> str:
        """Return the form of a statutory text for this number of claims."""
        return "one" if len(self.claims) == 1 else "many"

    def _lists(self, text: DisclaimerText, given: Mapping[str, str]) -> tuple[dict[str, list[str]], list[Finding]]:
        if text.variant == "crisis":
            lines, problems = self._services(given)
            return {"services": lines}, problems
        if text.variant == "substance-status":
            return {"status": [self._status(substance) for substance in self.substances]}, []
        return {}, []

    def _services(self, given: Mapping[str, str]) -> tuple[list[str], list[Finding]]:
        """Return the lines of the crisis block: the author's services, or else those verified for the jurisdiction."""
        own = [given[slot] for slot in OWN_SERVICES if given.get(slot, "").strip()]
        jurisdiction = self.publication.country
        if own:
            if len(own) < NEEDED:
                return [], [_too_few(jurisdiction, len(own))]
            message = (
                "The crisis services were supplied by the author; pubkit has not verified that they answer day "
                "and night."
            )
            return own, [DIS015.at(None, message, context="crisis")]
        verified = crisis_services(jurisdiction)
        if len(verified) < NEEDED:
            return [], [_too_few(jurisdiction, len(verified))]
        return [service_line(service, self.wording.phrases) for service in verified], []

    def _numbers(self, text: DisclaimerText, given: Mapping[str, str]) -> dict[str, str]:
        """Return the links of the numbers and pages that `text` names, by their words."""
        centre = poison_centre(self.publication.country)
        if text.variant == "emergency":
            return {centre.number: telephone(centre.number)} if centre else {}
        if text.variant != "crisis":
            return {}
        if own := [given[slot] for slot in OWN_SERVICES if given.get(slot, "").strip()]:
            return {words: to for line in own for words, to in links_in(line, self.wording.phrases).items()}
        return service_links(crisis_services(self.publication.country), self.wording.phrases)

    def _status(self, substance: Substance) -> str:
        """Return what is known about the legal status of `substance`, with its date, or that nothing is."""
        wording, locale = self.wording, language(self.publication.lang)
        place = wording.country(self.publication.country)
        name = substance.name.get(locale) or substance.name["en"]
        status = substance.status.get(self.publication.country)
        if status is None or locale not in status.text:
            return wording.phrases.no_status.format(substance=name, jurisdiction=place)
        as_of = wording.date(status.as_of)
        return wording.phrases.status.format(
            substance=name, jurisdiction=place, as_of=as_of, text=status.text[locale].strip()
        )


def _responsible(authors: list[str]) -> str:
    """Return who is responsible where there is no publisher: the authors, or the first of many."""
    return ", ".join(authors) if len(authors) <= _MOST_NAMES else f"{authors[0]} et al"


def _paragraphs(text: DisclaimerText, values: Mapping[str, str], lists: Mapping[str, list[str]]) -> list[str]:
    """Return the paragraphs of `text`, filled; a list slot alone in a paragraph gives one paragraph for each entry."""
    printed: list[str] = []
    for index, paragraph in enumerate(text.paragraphs):
        if index in text.forms and text.forms[index] != values.get("claims"):
            continue
        whole = next((slot for slot in _LISTS if paragraph == f"{{{slot}}}"), None)
        if whole:
            printed.extend(lists[whole])
            continue
        empty = any(f"{{{slot}}}" in paragraph for slot in text.slots if not values.get(slot))
        chosen = text.alternatives.get(index, "") if empty else paragraph
        if chosen:
            printed.append(chosen.format_map(values))
    return printed


def _fault(message: str, remedy: str, variant: str) -> Finding:
    return DIS005.at(None, message, context=variant, remedy=remedy)


def _no_value(text: DisclaimerText, slot: str) -> Finding:
    message = f"The disclaimer {text.variant} needs a value for {slot}."
    remedy = "Declare the substances of the text in the metadata: `substances: [kratom]`."
    if slot == "claims":
        remedy = "Mark each statement that it refers to in the text: [Supports calm]{.claim}."
    elif slot in text.author_slots:
        remedy = f"Give it in the front matter: disclaimers: [{{variant: {text.variant}, slots: {{{slot}: …}}}}]."
    return DIS004.at(None, message, context=text.variant, remedy=remedy)


def _too_few(jurisdiction: str, count: int) -> Finding:
    known = "None is" if count == 0 else "Only one is"
    need = "The text needs a crisis disclaimer with two services that answer day and night."
    message = f"{need} {known} known for {jurisdiction}."
    remedy = (
        "Give two that you have checked: disclaimers: [{variant: crisis, slots: {service_1: …, service_2: …}}]; "
        "or have them added to the directory with their sources."
    )
    return DIS006.at(None, message, context="crisis", remedy=remedy)


def _unreviewed(text: DisclaimerText) -> Finding:
    message = f"The disclaimer {text.variant} in {text.locale!r} is a translation that nobody has reviewed yet."
    remedy = (
        "Have a health editor who reads that language read the block in a draft (`pubkit build --draft`), and tell pubkit's "
        "maintainers what is wrong. Until a reviewed text ships, that editor may waive this finding: `waivers:` in "
        "pubkit.yaml with rule: DIS013, where: (the fingerprint that `pubkit check -v` prints), reason, who and expires."
    )
    return DIS013.at(None, message, context=f"{text.variant}.{text.locale}", remedy=remedy)
