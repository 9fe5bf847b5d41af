"""A manuscript read sentence by sentence, with the sources of each sentence.

`pubkit.claims.sourcing` decides which keys source a sentence.

A key in a caption sources the whole caption. Headings, terms that are defined, column heads, alternative texts and metadata
have no keys and are judged by what they promise, not by their sources.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.claims.engine import prepare
from pubkit.claims.sourcing import Keys, inherited_sources, reported_works, reports_on_named_work, sources_in
from pubkit.claims.wordlists import Hit
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.language.matching import folded
from pubkit.language.names import is_place
from pubkit.manuscript.model import Block, BlockKind, Document
from pubkit.manuscript.sentences import Sentence, sentences
from pubkit.project.metadata import Publication

__all__ = ["SameObject", "Statement", "hand_reference", "has_sources", "paragraphs", "read", "shown"]

T = TypeVar("T")

_BODY = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.CAPTION,
        BlockKind.CELL,
        BlockKind.NOTE,
        BlockKind.QUOTE,
        BlockKind.CODE,
    }
)
_YEAR = r"(?:19|20)\d\d[a-z]?"
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|"
    r"Sept?|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter) (?:19|20)"
)
_AND_OTHERS = r"(?:(?:and|&) (?:colleagues|co-?workers|co-?authors|associates|her team|his team|their team)|et al\.?)"
_FOUND = (
    r"(?:also |first |later |recently )?(?:found|finds?|showed|shows?|shown|reported|reports?|concluded|argued?|suggested|"
    r"demonstrated|observed|estimated|compared|reviewed|studied|described|discovered|proved)"
)
_HAND_REFERENCE = expression(
    r"(?<=[\w.,;:)\"”’])\s?\[[1-9]\d{0,2}(?:\s?[,–-]\s?[1-9]\d{0,2})*\](?!\()|[⁰¹²³⁴-⁹]{2,}(?!\w)|"
    r"(?<=[a-z.,])(?<!\b[a-z])(?<!\b[cdkmnµμ]m)[¹²³⁴-⁹](?![\w⁰-⁹])|"
    rf"\((?:see |e\.g\.,? )?(?!{_MONTH})[A-Z][\w'’-]+(?:,? (?:and|&) [A-Z][\w'’-]+|(?:,? "
    r"[A-Z][\w'’-]+)*,? et al\.?)?,? ?\(?(?:19|20)\d\d[a-z]?(?:[;,] [^()]{3,80}(?:19|20)\d\d[a-z]?)*\)|"
    rf"\b[A-Z][\w'’-]+ {_AND_OTHERS},? \({_YEAR}\)|\b[Ii]n {_YEAR},? (?:[A-Z][\w'’-]+ ){{1,2}}?{_AND_OTHERS}|"
    rf"\b[A-Z][\w'’-]+(?: (?:and|&) [A-Z][\w'’-]+)? \({_YEAR}\) (?:{_FOUND})\b|\( ?here ?(?:, ?here ?)*\)"
)
_NAME = re.compile(r"(?!In\b)[A-Z][\w'’-]+")
#: A value and its range, such as "18 mg [11-30]".
_VALUE = expression(r"(\d+(?:\.\d+)?)(?: ?[a-zA-Zµμ%°/]{1,9})?\Z")
_INTERVAL = expression(r"\b(?:interval|range|limits|C[rI]?I|IQR|SD)s?\Z", re.IGNORECASE)
_RANGE = expression(r"\s?\[(\d+)\s?[–-]\s?(\d+)\]")
_STUDY_HOST = expression(
    r"^https?://(?:[\w.-]+\.)?(?:doi\.org|ncbi\.nlm\.nih\.gov|pubmed\.gov|pubmed\.ncbi\.nlm\.nih\.gov|"
    r"cochranelibrary\.com|nejm\.org|jamanetwork\.com|thelancet\.com|bmj\.com|nature\.com|sciencedirect\.com|"
    r"springer\.com|wiley\.com|plos\.org|tandfonline\.com|sagepub\.com|frontiersin\.org|mdpi\.com|biorxiv\.org|"
    r"medrxiv\.org|clinicaltrials\.gov|europepmc\.org)/(?=[^?#]{0,200}\d)(?!(?:mesh|gene|snp|nuccore|protein|clinvar|"
    r"taxonomy|geo|sra|bioproject)/|10\.(?:5281|6084|5061|17605)/)"
)
# The text's own address, or that of data and software: nothing to cite as a study.
_OWN_ADDRESS = expression(
    r"\bthis (?:manuscript|article|paper|preprint|document|book|chapter|report|guide)\b[^.;]{0,80}\b(?:available|published|"
    r"archived|deposited|found|cited) |\b(?:data|dataset|code|software|protocol|materials?)s? (?:is|are|was|were) "
    r"(?:\w+ )?(?:available|deposited|archived|shared|published)\b",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"\b(?:key (?:points|messages|facts|findings)|summary|abstract|in brief|at a glance|highlights|main (?:message|"
    r"points)s?|takeaways?|in short|bottom line|conclusions?|the short version)\b"
)
_BACK_MATTER = re.compile(
    r"^(?:references?|bibliography|acknowledge?ments?|funding|conflicts? of interest|competing interests?|"
    r"disclosures?|declarations?|about (?:the|this|us)|further reading|contact|credits|licen[cs]e|authors?|"
    r"contributors|author contributions|data availability|(?:code|software) availability|imprint|colophon|glossary|"
    r"abbreviations|how to cite)\b"
)


class Statement(Struct, frozen=True):
    """One sentence with its folded text, the folded sentence before it, and the citation keys that source it.

    `by_hand` says that its source is typed as a number, an author and year, or a link, not as a key.
    """

    sentence: Sentence
    folded: str
    origins: Sequence[int]
    previous: str
    sources: tuple[str, ...]
    by_hand: bool
    paragraph: int

    @property
    def text(self) -> str:
        """Return the sentence as the author wrote it."""
        return self.sentence.text

    @property
    def block(self) -> Block:
        """Return the block that contains the sentence."""
        return self.sentence.block

    @property
    def in_body(self) -> bool:
        """Return whether the sentence is in a place that can have citation keys, outside the back matter."""
        if self.block.kind not in _BODY:
            return False
        return not any(_heads(_BACK_MATTER, heading) for heading in self.block.section[-1:])

    @property
    def in_summary(self) -> bool:
        """Return whether the sentence is in a section that sums up the others."""
        return any(_heads(_SUMMARY, heading) for heading in self.block.section[-1:])

    @property
    def unsourced(self) -> bool:
        """Return whether nothing sources the sentence, neither a key nor a reference typed by hand."""
        return not self.sources and not self.by_hand

    def locate(self, index: int) -> Location:
        """Return the place in the source of character `index` of the folded text."""
        return self.sentence.locate(self.origins[index] if index < len(self.origins) else 0)

    def span(self, start: int, end: int) -> Location:
        """Return the place in the source of the characters `start` to `end` of the folded text."""
        places = self.origins[start:end]
        return self.sentence.span(min(places), max(places) + 1) if places else self.locate(start)

    def original(self, hit: Hit) -> str:
        """Return the author's own characters for `hit` in the folded text."""
        if not self.origins or hit.end <= hit.start:
            return hit.text
        places = self.origins[hit.start : hit.end]
        return self.text[min(places) : max(places) + 1]


@functools.lru_cache(maxsize=4096)
def _heads(kind: re.Pattern[str], heading: str) -> bool:
    return kind.search(folded(heading).text) is not None


def shown(text: str) -> str:
    """Return manuscript text for a message: one line, printable, at most 120 characters."""
    return printable(" ".join(text.split()), 120)


def read(document: Document, publication: Publication) -> tuple[Statement, ...]:
    """Return every sentence of the manuscript and of its title, subtitle and abstract, in reading order.

    The same document is read once; later calls get the same statements.
    """
    return _read(SameObject(document), SameObject(publication))


def paragraphs(statements: Sequence[Statement]) -> Iterator[tuple[Statement, ...]]:
    """Yield the statements block by block."""
    start = 0
    for end in range(1, len(statements) + 1):
        if end == len(statements) or statements[end].paragraph != statements[start].paragraph:
            yield tuple(statements[start:end])
            start = end


class SameObject(Generic[T]):
    """A cache key for one object, not for all equal ones: a document is too large to hash."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameObject) and self.value is other.value


@functools.lru_cache(maxsize=2)
def has_sources(statements: SameObject[tuple[Statement, ...]]) -> bool:
    """Return whether anything outside of summaries has a source."""
    return any(statement.sources and not statement.in_summary for statement in statements.value)


@functools.lru_cache(maxsize=2)
def _read(document: SameObject[Document], publication: SameObject[Publication]) -> tuple[Statement, ...]:
    blocks = (*_metadata(document.value, publication.value), *document.value.blocks)
    inherited = inherited_sources(blocks)
    reported = reported_works(blocks)
    statements: list[Statement] = []
    for number, block in enumerate(blocks):
        parts = sentences(block, publication.value.lang)
        statements.extend(_statements(parts, number, inherited.get(number, ()), reported[number]))
    prepare([statement.folded for statement in statements])
    return tuple(statements)


def _metadata(document: Document, publication: Publication) -> tuple[Block, ...]:
    """Return title, subtitle, abstract and keywords as blocks if the document itself does not contain them."""
    if any(block.kind is BlockKind.METADATA for block in document.blocks):
        return ()
    file = document.blocks[0].location.file if document.blocks else "pubkit.yaml"
    texts = (publication.title, publication.subtitle, publication.abstract, *publication.keywords)
    return tuple(Block(BlockKind.METADATA, text, Location(file)) for text in texts if text)


def _statements(parts: Sequence[Sentence], number: int, inherited: Keys, reported: Keys) -> Iterator[Statement]:
    texts = [folded(part.text) for part in parts]
    sources = sources_in([part.keys for part in parts], [text.text for text in texts])
    for index, part in enumerate(parts):
        text = texts[index].text
        yield Statement(
            sentence=part,
            folded=text,
            origins=texts[index].origins,
            previous=texts[index - 1].text if index else "",
            sources=sources[index] or inherited or (reported if reported and reports_on_named_work(text) else ()),
            by_hand=_by_hand(part),
            paragraph=number,
        )


def hand_reference(text: str) -> re.Match[str] | None:
    """Return the first reference typed by hand in `text`: a number, or an author and a year.

    An interval is none, nor is a place and a year: "Angola (2009) reported fewer cases".
    """
    plain = text.replace("\u00a0", " ")  # pandoc's own, after "et al."
    found = (one for one in _HAND_REFERENCE.finditer(plain) if not _is_interval(plain, one) and not _is_of_place(one))
    return next(found, None)


def _is_of_place(found: re.Match[str]) -> bool:
    names = _NAME.findall(found.group())
    return bool(names) and all(map(is_place, names))


def _is_interval(text: str, found: re.Match[str]) -> bool:
    """Return whether a bracket holds a range: "18 [11-30]", "CI [11-30]", "the range [3, 8]"."""
    if _INTERVAL.search(text[: found.start()][-20:]):
        return True
    limits = _RANGE.fullmatch(found.group())
    value = _VALUE.search(text[: found.start()][-40:])
    return limits is not None and value is not None and float(limits[1]) <= float(value[1]) <= float(limits[2])


def _by_hand(sentence: Sentence) -> bool:
    if hand_reference(sentence.text):
        return True
    return not _OWN_ADDRESS.search(sentence.text) and any(
        sentence.start <= link.start < sentence.end and _STUDY_HOST.match(link.target.lower())
        for link in sentence.block.links
    )
