"""What calls for a disclaimer: the words of a text, its topics, substances, links and marks, or its author.

Each call says why and where, so that nobody wonders about a notice that they did not ask for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, structs

from pubkit.boundary.files import printable
from pubkit.disclaimers.claims import marked
from pubkit.disclaimers.texts import VARIANTS
from pubkit.disclaimers.triggers import affiliate_link, by_topic, by_words, shop_link
from pubkit.findings import Location
from pubkit.language.folders import language
from pubkit.manuscript.model import Block, BlockKind, Document
from pubkit.project.metadata import DisclaimerChoice, Publication
from pubkit.substances.mentions import Mention
from pubkit.substances.registry import Substance

__all__ = ["Call", "calls", "front_matter_texts", "is_american_label"]

_LABEL = 2


class Call(Struct, frozen=True):
    """Why a disclaimer is printed.

    `why` is the reason in words. The place is `location` in the text, or the `statement` of the metadata ("topics", 0).
    `kept` says what prevents the disclaimer from being declined, as the end of a sentence; it is "" for one that may be
    declined. `unasked` is true if neither every publication nor the author calls for it.
    """

    why: str
    location: Location | None = None
    statement: tuple[str | int, ...] = ()
    kept: str = ""
    unasked: bool = True

    @property
    def stated(self) -> bool:
        """Return whether a topic or a substance in the metadata calls for it, not the words of the text."""
        return self.location is None and self.statement[:1] in {("topics",), ("substances",)}

    @property
    def reason(self) -> str:
        """The reason, and its place in the text."""
        return f"{self.why} ({self.location})" if self.location else self.why


def calls(
    publication: Publication,
    document: Document,
    substances: tuple[Substance, ...],
    named: tuple[Mention, ...],
    asked: Mapping[str, DisclaimerChoice],
) -> dict[str, Call]:
    """Return the call for each variant that the text needs, or that its author asks for."""
    carried = Call("carried by every publication", kept="every publication carries it", unasked=False)
    found = {
        variant: Call("asked for by the author", kept="the author asks for it", unasked=False)
        for variant in asked
        if variant in VARIANTS
    }
    found |= {"general": carried, "evidence-currency": carried}
    for variant in ("emergency", "crisis", "medication"):
        if call := _by_topic(variant, publication) or _by_words(variant, publication, document):
            found[variant] = call
    acute = tuple(substance for substance in substances if substance.acute_risk)
    if acute:
        found["emergency"] = _by_substance("the acute risk of", acute, publication, named)
    if substances:
        found["substance-status"] = _by_substance("the text is on", substances, publication, named)
    if marked(document.tree) and is_american_label(publication):
        found["dshea"] = Call("the text marks statements as claims", kept="21 CFR 101.93 asks for it")
    if call := _by_link(publication, document):
        found["affiliate"] = call
    return found | {variant: structs.replace(found[variant], unasked=False) for variant in asked if variant in found}


def is_american_label(publication: Publication) -> bool:
    """Return whether the text is the label of a product in the United States."""
    return publication.role == "labeling" and publication.country == "US"


def front_matter_texts(publication: Publication) -> list[str]:
    """Return the texts of the metadata that are printed: title, subtitle, abstract, keywords."""
    return [text for text, _ in _front_matter(publication)]


def _front_matter(publication: Publication) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yield each text of the metadata with its statement."""
    for name in ("title", "subtitle", "abstract"):
        if text := getattr(publication, name):
            yield text, (name,)
    for index, keyword in enumerate(publication.keywords):
        yield keyword, ("keywords", index)


def _by_topic(variant: str, publication: Publication) -> Call | None:
    topic = by_topic(variant, publication.topics)
    return Call(f"the topic {topic}", statement=("topics", publication.topics.index(topic))) if topic else None


def _by_words(variant: str, publication: Publication, document: Document) -> Call | None:
    """Return the call of the first words in the text, or else in its metadata, that call for `variant`."""
    locale = language(publication.lang)
    for block in document.blocks:
        if not _is_label(block) and (words := by_words(variant, block.text, locale)):
            return Call(_says(words.text), location=block.locate(words.start))
    for text, statement in _front_matter(publication):
        if words := by_words(variant, text, locale):
            return Call(_says(words.text), statement=statement)
    return None


def _is_label(block: Block) -> bool:
    """Return whether a block is a word or two in a table: the name of a column or category, which calls for nothing."""
    return block.kind in {BlockKind.CELL, BlockKind.HEADER_CELL} and len(block.text.split()) <= _LABEL


def _says(words: str) -> str:
    return f"the text says “{printable(words, 60)}”"


def _by_substance(
    why: str, substances: tuple[Substance, ...], publication: Publication, named: tuple[Mention, ...]
) -> Call:
    """Return the call of substances; one that the metadata declares must be removed there, it cannot be declined."""
    names = ", ".join(substance.id for substance in substances)
    declared = [substance.id for substance in substances if substance.id in publication.substances]
    if declared:
        statement = ("substances", publication.substances.index(declared[0]))
        return Call(f"{why} {names}", statement=statement, kept=f"`substances:` declares {', '.join(declared)}")
    ids = {substance.id for substance in substances}
    first = next((mention for mention in named if mention.substance in ids and mention.location), None)
    return Call(f"{why} {names}", location=first.location if first else None, statement=("title",))


def _by_link(publication: Publication, document: Document) -> Call | None:
    """Return the call of the first link that its publisher may be paid for."""
    if link := affiliate_link(document):
        why = f"a link has an affiliate code: {printable(link.target, 80)}"
        return Call(why, location=link.location, kept="16 CFR 255.5 asks for the disclosure of paid links")
    if link := shop_link(document, publication.shops):
        why = f"a link leads to a shop named under `shops:`: {printable(link.target, 80)}"
        return Call(why, location=link.location, kept="`shops:` names the shop")
    return None
