"""LNK: advertising kept out of the text. Shop wording, keyword anchors, shop links, trackers, testimonials.

Based on HONcode principle 8 (advertising is distinguished from editorial content) and the FTC's Endorsement Guides
(16 CFR 255). A text may say that a substance is sold, where, and what happens to people who buy it; it may not prompt
them to buy it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator

from pubkit.claims.commerce import GOODS, NOUN_PHRASE, shop_phrase, shop_phrases, testimonial
from pubkit.claims.genre import sells_health
from pubkit.claims.reading import Statement, shown
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.language.matching import matchable
from pubkit.manuscript.model import BlockKind
from pubkit.rules.base import Example, Rule, Submission

__all__ = [
    "KeywordAnchor",
    "ShopPhrase",
    "ShopPhraseInReference",
    "Testimonial",
]


_CELLS = frozenset({BlockKind.CELL, BlockKind.HEADER_CELL})


def texts_of(submission: Submission) -> Iterator[tuple[str, Location | None]]:
    """Yield what no block contains: every title of a link or picture, and the names that the front matter states."""
    document = submission.manuscript.document
    for link in document.links:
        if link.title:
            yield link.title, link.location
    for image in document.images:
        if image.title:
            yield image.title, image.location
    publication = submission.publication
    for index, author in enumerate(publication.authors):
        yield author.name, submission.place("authors", index, "name")
    for index, reviewer in enumerate(publication.reviewers):
        yield reviewer.name, submission.place("reviewers", index, "name")
    if publication.unreviewed:
        yield publication.unreviewed.who, submission.place("unreviewed", "who")
        yield publication.unreviewed.role or "", submission.place("unreviewed", "role")
    yield publication.identifier or "", submission.place("identifier")


def rows_of(submission: Submission) -> Iterator[tuple[list[str], Location]]:
    """Yield the cells of each table row that has several, and the place of the first."""
    cells = (block for block in submission.manuscript.document.blocks if block.kind in _CELLS)
    for _, row in itertools.groupby(cells, key=lambda block: (block.location.file, block.location.line)):
        blocks = list(row)
        if len(blocks) > 1:
            yield [block.text for block in blocks], blocks[0].location


class ShopPhrase(Rule):
    """The text contains no prompts to buy and no shop wording.

    In a research article or a text on methods, a single phrase counts only beside something that people take for health.
    """

    id = "LNK001"
    english = True
    severity = Severity.ERROR
    source = "HONcode 8; FTC Endorsement Guides, 16 CFR 255"
    remedy = "Remove the phrase. A text may say that something is sold, but not where to buy it or that readers should."
    bad = [
        "You may purchase kratom online today.",
        "Order your first bottle today and use code CALM10.",
        "Shop now and feel the difference.",
        "Buy kratom online from our partner shop, use code SAVE10.",
        "Many people look for a natural way to buy kratom online that suits them.",
        "Adults can benefit from order kratom capsules online for their mood.",
        "Click here to order a free sample.",
        "Kratom users purchase kratom online for relief.",
        '[leaf](https://example.org "Purchase kratom online")',
        "You may **pur**chase kra\u00adtom online now.",
        "| Buy | kratom online |\n|---|---|\n| a | b |",
    ]
    good = [
        "Do not buy medicines online without a prescription.",
        "In the survey, most respondents had bought kratom online [@survey].",
        "Kratom is sold in smoke shops and on the internet.",
        "Buying medicines online can be dangerous.",
        "Be wary of pages that tell you to order now.",
        "In order to take part, adults had to be over 18.",
        "Order a test pack from your health department.",
        "There is a great deal of uncertainty.",
        "People who buy kratom online cannot know what is in the packet.",
        "I went to the health food store to buy the spice in capsules.",
        "Buy from licensed sellers only, as some products are mislabelled.",
        "The review is built from evidence packages from 1,038 papers.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption and alternative text, and the titles of links and pictures."""
        for statement in submission.statements:
            hits = shop_phrases(statement.folded)
            if len(hits) > 1 or (hits and sells_health(statement, submission.kind)):
                quoted = ", ".join(f"“{shown(statement.original(hit).strip(' ,;:'))}”" for hit in hits)
                yield self.at(
                    statement.span(hits[0].start, hits[0].end),
                    f"Shop wording: {quoted}.",
                    context=statement.text,
                )
        for text, location in texts_of(submission):
            hit = shop_phrase(matchable(text))
            if hit:
                yield self.at(location, f"Shop wording in a title or name: “{shown(hit.text)}”.", context=text)
        for cells, location in rows_of(submission):
            text = " ".join(cells)
            hit = shop_phrase(matchable(text))
            if hit and not any(shop_phrase(matchable(cell)) for cell in cells):
                message = f"Shop wording across a table row: “{shown(hit.text)}”."
                # Cells may come side by side by chance.
                yield self.at(location, message, context=text, severity=Severity.WARNING)


#: Kinds of works that no shop publishes.
_PUBLISHED = frozenset({"article-journal", "paper-conference", "chapter", "book", "thesis"})


_TITLES = ("title", "title-short", "container-title")
_DETAILS = (
    "publisher", "publisher-place", "note", "status", "genre", "medium", "volume", "issue", "number", "edition", "page",
    "collection-title", "collection-number", "event-title", "event-place",
)  # fmt: skip


class ShopPhraseInReference(Rule):
    """No bibliography entry advertises.

    The titles of articles and books may be about trade; their other details may not.
    """

    id = "LNK002"
    english = True
    severity = Severity.ERROR
    source = "HONcode 8"
    remedy = "Cite a work, not a shop page; correct the entry's title or remove the entry."
    bad = [
        Example("Kratom is a tree [@shop].", bibliography="@misc{shop, title={Purchase {K}ratom Online}, year={2020}}"),
        Example(
            "Kratom is a tree [@leaf].",
            bibliography="@article{leaf, title={Leaves}, journal={Botany}, volume={Order kratom online today}, year={2020}}",
        ),
    ]
    good = [
        Example(
            "Kratom is a tree [@survey].",
            bibliography="@article{survey, title={Who buys kratom? A survey of online customers}, year={2020}}",
        ),
        Example(
            "It sells well [@shelf].",
            bibliography="@article{shelf, title={Best-selling herbs at 10\\% off: why patients purchase kratom online}, "
            "journal={Addiction}, year={2020}}",
        ),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the printed parts of every entry, but not the titles of articles and books."""
        for entry in submission.bibliography:
            item = entry.item
            published = item.type in _PUBLISHED and (item.container_title or item.publisher or item.doi)
            for field in _DETAILS if published else (*_TITLES, *_DETAILS, "abstract", "annote"):
                value = item.text(field)
                hit = shop_phrase(matchable(re.sub(r"</?[a-z]+[^>]*>|[{}]", "", value)))
                if hit and field not in {"abstract", "annote"}:
                    yield self.at(
                        entry.at(field),
                        f"The reference “{entry.key}” advertises: “{shown(hit.text)}”.",
                        context=f"{entry.key} {value}",
                    )
                    break


_ANCHOR = expression(
    rf"^(?:buy|order|purchase|shop|shop for|get|cheap|best|top|discount|wholesale|where to buy) "
    rf"(?:{NOUN_PHRASE})?{GOODS}(?: (?:online|near me|now|today|here|for sale|cheap|strains?|"
    r"capsules?|powders?|vendors?|brands?|shop|store|prices?|deals?|for (?:anxiety|depression|pain|sleep|energy|"
    r"mood)))*$|(?:for sale|near me|buy online|order online|best price|coupon|discount code)"
)
_STRONG_ANCHOR = expression(
    r"^(?:buy|order|purchase|shop|cheap|discount|wholesale|where to buy)\b|\b(?:for sale|near me|online|coupon|"
    r"discount|vendors?|brands?|shop|store|prices?|deals?|strains?|capsules?|powders?|for (?:anxiety|depression|pain|"
    r"sleep|energy|mood))\b"
)


class KeywordAnchor(Rule):
    """Link text belongs to the sentence and is not made of search keywords."""

    id = "LNK006"
    english = True
    severity = Severity.ERROR
    source = "HONcode 8; search engines' guidelines call it link spam"
    remedy = "Remove the link; if it is needed, use the title of the page it leads to as its text."
    bad = [
        "The leaf [buy kratom online](https://example.com/x) grows in Asia.",
        "Users like the [best kratom capsules](https://example.com/x) for mood.",
        "Ask for [kratom for sale](https://example.com/x) in town.",
    ]
    good = [
        "See the [CDC report on kratom deaths](https://www.cdc.gov/mmwr).",
        "Read [Best practice in pain care](https://example.org/guideline).",
        "See [how to order a free test](https://www.nhs.uk/test).",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge the text of every link."""
        for link in submission.manuscript.document.links:
            text = matchable(link.text)
            if _ANCHOR.search(text) and _STRONG_ANCHOR.search(text):
                yield self.at(link.location, f"Search keywords as link text: “{shown(link.text)}”.", context=link.text)


class Testimonial(Rule):
    """One person's experience is not presented as proof."""

    id = "LNK007"
    english = True
    severity = Severity.WARNING
    source = "FTC Endorsement Guides, 16 CFR 255.2; HONcode 5"
    remedy = "Remove it, or cite a study of many people's experience and say what kind of study it is."
    bad = [
        "Since I started taking it, my anxiety has gone.",
        "Kratom changed my life.",
        "By adding Calmex to my routine, I sleep again.",
    ]
    good = [
        "In interviews, users said that it had helped them to sleep [@interviews].",
        "Since the study started, two patients have left.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence that no citation key sources."""
        for statement in _unsourced(submission.statements):
            hit = testimonial(statement.folded)
            if hit:
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"A testimonial: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )


def _unsourced(statements: Iterable[Statement]) -> Iterator[Statement]:
    return (statement for statement in statements if not statement.sources)
