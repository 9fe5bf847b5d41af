"""A manuscript read sentence by sentence, with what each sentence rests on.

**When a sentence is sourced.** A sentence is sourced

1. by a citation key in it;
2. by a key at the end of a short run of sentences that it opens: the key stands at most two sentences further on in the
   same paragraph, and every sentence on the way continues the one before it; where the first sentence speaks of a study,
   a journal or experts, the others must plainly go on with that study ("They", "The authors", "In that trial");
3. by a key before it, when it continues: at most two sentences back in the same paragraph, each on the way a continuation;
4. in a table, by a key anywhere in its row or in the caption of the table; in a list, by a key in the sentence that leads
   into the list and ends with a colon.

5. by a key up to five sentences back in the same paragraph, when it opens by naming that study again ("The authors",
   "They found", "In this trial") and no new speaker stands between.

A sentence *continues* the one before it when it opens with a word that points back ("They", "The authors", "In that
study", "This", "Of these", "Participants", "Another 12%", a connective such as "However" before such a word) and does not
bring a new speaker of its own ("Another study", "Experts say", "A 2019 survey"). A new speaker needs its own key.

A key in a caption sources the whole caption. Headings, terms that are defined, column heads, alternative texts and metadata
hold no keys and are judged for what they promise, not for their sources.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.claims.wordlists import Hit
from pubkit.findings import Location
from pubkit.language.matching import folded
from pubkit.manuscript.model import Block, BlockKind, Document
from pubkit.manuscript.sentences import Sentence, sentences
from pubkit.project.metadata import Publication

__all__ = ["HAND_REFERENCE", "SameObject", "Statement", "paragraphs", "read", "shown"]

T = TypeVar("T")

_BODY = frozenset(
    {
        BlockKind.PARAGRAPH,
        BlockKind.LIST_ITEM,
        BlockKind.CAPTION,
        BlockKind.CELL,
        BlockKind.NOTE,
        BlockKind.QUOTE,
    }
)
_CELLS = frozenset({BlockKind.CELL, BlockKind.HEADER_CELL})
_RUN = 3
_CONNECTIVE = re.compile(
    r"^(?:(?:however|but|and|also|in addition|additionally|moreover|furthermore|by contrast|in contrast|on the other "
    r"hand|for example|for instance|overall|yet|still|as a result|therefore|thus|so|then|finally|first|second|third|"
    r"notably|importantly|similarly|likewise|conversely|even so|nevertheless|nonetheless|instead|meanwhile|in "
    r"particular|specifically|indeed|in fact|together|taken together|again|later|here|because of this|for this reason|"
    r"that is|in other words),? )+"
)
_POINTS_BACK = re.compile(
    r"^(?:they|them|their|he|she|his|her|it|its|this|these|that|those|both|neither|such|the same|none of|all of|most "
    r"of|half of|some of|one of|each of|of (?:these|those|them|the|its|all)|among (?:them|these|those|the|people who|"
    r"users)|in (?:this|that|these|those|the same|both|the) (?:\w+ )?(?:study|trial|survey|review|analysis|report|"
    r"paper|sample|group|series|cohort|experiment|work|case|interviews?|first|second|year)|the (?:\w+ )?(?:authors?|"
    r"researchers|investigators|team|study|trial|survey|review|report|paper|analysis|findings?|results?|sample|"
    r"participants|respondents|patients|users|subjects|volunteers|interviews?|difference|effect|effects|rate|rates|"
    r"risk|number|figure|figures|proportion|most|other|others|remaining|rest|average|median|mean|dose|doses|cases|"
    r"deaths|people|group|groups|association|work|data|law|agency|warning|notice|substance|leaf|drug|same|two|three|"
    r"answers?|question)|participants|respondents|patients|subjects|users|volunteers|women|men|about (?:half|a|one|"
    r"two|\d)|around (?:half|a|one|two|\d)|nearly|almost|more than|fewer than|less than|at least|up to|over \d|only|a "
    r"further|another (?:\d|half|third|quarter|one|two|three)|a (?:third|quarter|half|fifth|minority|majority|few)|"
    r"two[ -]thirds|half|one in|\d|no (?:deaths|serious|cases|one|participants|difference|side)|there (?:was|were) no|"
    r"side effects|withdrawal|what (?:they|it|this))\b"
)
_NAMES_STUDY_AGAIN = re.compile(
    r"(?:^|, )(?:in (?:this|that|these|the same|the) (?:\w+ )?(?:study|trial|survey|review|analysis|report|sample|"
    r"cohort|experiment)|the (?:study |survey |review )?(?:authors?|researchers|investigators|team|study|trial|survey|"
    r"review|participants|respondents)|(?:they|he|she) (?:also |then )?(?:found|showed|reported|concluded|observed|"
    r"estimated|noted|warned|compared|tested))\b"
)
_REACH_OF_NAME = 5
_STUDY = re.compile(
    r"\b(?:stud(?:y|ies)|trials?|surveys?|reviews?|meta[ -]analys[ei]s|experiments?|researchers|scientists|experts|"
    r"journals?|published|research|evidence)\b"
)
_CONTINUES_STUDY = re.compile(
    r"^(?:they|their|both|neither|of (?:these|those|them|the)|among (?:them|these|those|the)|in (?:this|that|these|"
    r"those|the same|the) (?:\w+ )?(?:study|trial|survey|review|analysis|report|paper|sample|group|cohort|experiment)|"
    r"the (?:\w+ )?(?:authors?|researchers|investigators|team|study|trial|survey|review|report|paper|analysis|findings?|"
    r"results?|sample|participants|respondents|patients|subjects|volunteers|difference|interviews?)|participants|"
    r"respondents|patients|subjects|volunteers|(?:it|this|these) (?:\w+ )?(?:found|showed|reported|concluded|included|"
    r"compared|covered|counted|pooled|drew|was (?:a|an|based)))\b"
)
_NEW_SPEAKER = re.compile(
    r"^(?:(?:in|according to|based on) )?(?:(?:an?|another|one|other|some|several|many|most|few|two|three|four|more|"
    r"additional|recent|new|earlier|previous|separate|different|numerous|early|later|\d{4}|various|multiple|further|"
    r"large|small|animal|human|clinical|observational) )(?:[\w'-]+ ){0,4}?(?:study|studies|trials?|surveys?|reviews?|"
    r"meta[ -]analys[ei]s|experiments?|reports?|papers?|researchers|scientists|experts|doctors|analys[ei]s|research|"
    r"evidence|team|group of (?:researchers|scientists|doctors))\b|^(?:studies|research|researchers|scientists|"
    r"experts|doctors|evidence|surveys|trials|meta[ -]analys[ei]s|systematic reviews?|the (?:fda|cdc|who|dea|nih|nhs|"
    r"ema)|according to)\b"
)
HAND_REFERENCE = re.compile(
    r"(?<=[\w.,;:)\"”’])\s?\[[1-9]\d{0,2}(?:\s?[,–-]\s?[1-9]\d{0,2})*\](?!\()|[⁰¹²³⁴-⁹]{2,}(?!\w)|"
    r"(?<=[a-z.,])[¹²³⁴-⁹](?![\w⁰-⁹])|\((?:see |e\.g\.,? )?[A-Z][\w'’-]+(?:,? (?:and|&) [A-Z][\w'’-]+|(?:,? "
    r"[A-Z][\w'’-]+)*,? et al\.?)?,? ?\(?(?:19|20)\d\d[a-z]?(?:[;,] [^()]{3,80}(?:19|20)\d\d[a-z]?)*\)|"
    r"\b[A-Z][\w'’-]+ et al\.?,? \((?:19|20)\d\d[a-z]?\)|\( ?here ?(?:, ?here ?)*\)"
)
_STUDY_HOST = re.compile(
    r"^https?://(?:[\w.-]+\.)?(?:doi\.org|ncbi\.nlm\.nih\.gov|pubmed\.gov|pubmed\.ncbi\.nlm\.nih\.gov|"
    r"cochranelibrary\.com|nejm\.org|jamanetwork\.com|thelancet\.com|bmj\.com|nature\.com|sciencedirect\.com|"
    r"springer\.com|wiley\.com|plos\.org|tandfonline\.com|sagepub\.com|frontiersin\.org|mdpi\.com|biorxiv\.org|"
    r"medrxiv\.org|clinicaltrials\.gov|europepmc\.org)/"
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
    origins: tuple[int, ...]
    previous: str
    sources: tuple[str, ...]
    by_hand: bool
    paragraph: int

    @property
    def text(self) -> str:
        """The sentence as the author wrote it."""
        return self.sentence.text

    @property
    def block(self) -> Block:
        """The block that holds the sentence."""
        return self.sentence.block

    @property
    def in_body(self) -> bool:
        """Whether the sentence stands where citation keys can stand, outside the back matter."""
        if self.block.kind not in _BODY:
            return False
        return not any(_heads(_BACK_MATTER, heading) for heading in self.block.section[-1:])

    @property
    def in_summary(self) -> bool:
        """Whether the sentence stands in a section that sums up the others."""
        return any(_heads(_SUMMARY, heading) for heading in self.block.section[-1:])

    @property
    def unsourced(self) -> bool:
        """Whether nothing sources the sentence, neither a key nor a reference typed by hand."""
        return not self.sources and not self.by_hand

    def locate(self, index: int) -> Location:
        """The place in the source of character `index` of the folded text."""
        return self.sentence.locate(self.origins[index] if index < len(self.origins) else 0)

    def span(self, start: int, end: int) -> Location:
        """The place in the source of the characters `start` to `end` of the folded text."""
        places = self.origins[start:end]
        return self.sentence.span(min(places), max(places) + 1) if places else self.locate(start)

    def original(self, hit: Hit) -> str:
        """The author's own characters where `hit` stands in the folded text."""
        if not self.origins or hit.end <= hit.start:
            return hit.text
        places = self.origins[hit.start : hit.end]
        return self.text[min(places) : max(places) + 1]


@functools.lru_cache(maxsize=4096)
def _heads(kind: re.Pattern[str], heading: str) -> bool:
    return kind.search(folded(heading).text) is not None


def shown(text: str) -> str:
    """Manuscript text made fit for a message: one line, printable, at most 120 characters."""
    return printable(" ".join(text.split()), 120)


def read(document: Document, publication: Publication) -> tuple[Statement, ...]:
    """Every sentence of the manuscript and of its title, subtitle and abstract, in reading order.

    The same document is read once; later calls get the same statements.
    """
    return _read(SameObject(document), SameObject(publication))


def paragraphs(statements: Sequence[Statement]) -> Iterator[tuple[Statement, ...]]:
    """The statements block by block."""
    start = 0
    for end in range(1, len(statements) + 1):
        if end == len(statements) or statements[end].paragraph != statements[start].paragraph:
            yield tuple(statements[start:end])
            start = end


class SameObject(Generic[T]):
    """A cache key that stands for one object, not for all equal ones: a document is too large to hash."""

    __slots__ = ("value",)

    def __init__(self, value: T) -> None:
        self.value = value

    def __hash__(self) -> int:
        return id(self.value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameObject) and self.value is other.value


@functools.lru_cache(maxsize=2)
def _read(document: SameObject[Document], publication: SameObject[Publication]) -> tuple[Statement, ...]:
    blocks = (*_metadata(document.value, publication.value), *document.value.blocks)
    inherited = _inherited_sources(blocks)
    statements: list[Statement] = []
    for number, block in enumerate(blocks):
        statements.extend(_statements(block, number, inherited.get(number, ()), publication.value.lang))
    return tuple(statements)


def _metadata(document: Document, publication: Publication) -> tuple[Block, ...]:
    """Title, subtitle, abstract and keywords as blocks, where the document does not hold them itself."""
    if any(block.kind is BlockKind.METADATA for block in document.blocks):
        return ()
    file = document.blocks[0].location.file if document.blocks else "pubkit.yaml"
    texts = (publication.title, publication.subtitle, publication.abstract, *publication.keywords)
    return tuple(Block(BlockKind.METADATA, text, Location(file)) for text in texts if text)


def _statements(block: Block, number: int, inherited: tuple[str, ...], lang: str) -> Iterator[Statement]:
    parts = sentences(block, lang)
    texts = [folded(part.text) for part in parts]
    sources = _sources(parts, [text.text for text in texts])
    for index, part in enumerate(parts):
        yield Statement(
            sentence=part,
            folded=texts[index].text,
            origins=texts[index].origins,
            previous=texts[index - 1].text if index else "",
            sources=sources[index] or inherited,
            by_hand=_by_hand(part),
            paragraph=number,
        )


def _sources(parts: Sequence[Sentence], texts: Sequence[str]) -> list[tuple[str, ...]]:
    """The keys that source each sentence of one paragraph, by the definition in this module's docstring."""
    own = [part.keys for part in parts]
    result = list(own)
    for index in range(len(parts)):
        if own[index]:
            continue
        result[index] = (
            _keys_after(index, own, texts) or _keys_before(index, own, texts) or _keys_of_named_study(index, own, texts)
        )
    return result


def _keys_after(index: int, own: Sequence[tuple[str, ...]], texts: Sequence[str]) -> tuple[str, ...]:
    speaks_of_study = _STUDY.search(texts[index]) is not None
    for later in range(index + 1, min(index + _RUN, len(own))):
        if not _continues(texts[later]):
            return ()
        if speaks_of_study and not _CONTINUES_STUDY.search(_CONNECTIVE.sub("", texts[later])):
            return ()
        if own[later]:
            return own[later]
    return ()


def _keys_before(index: int, own: Sequence[tuple[str, ...]], texts: Sequence[str]) -> tuple[str, ...]:
    for earlier in range(index - 1, max(index - _RUN, -1), -1):
        if not _continues(texts[earlier + 1]):
            return ()
        if own[earlier]:
            return own[earlier]
    return ()


def _keys_of_named_study(index: int, own: Sequence[tuple[str, ...]], texts: Sequence[str]) -> tuple[str, ...]:
    if not _NAMES_STUDY_AGAIN.search(_CONNECTIVE.sub("", texts[index])):
        return ()
    for earlier in range(index - 1, max(index - 1 - _REACH_OF_NAME, -1), -1):
        if own[earlier]:
            return own[earlier]
        if _NEW_SPEAKER.search(_CONNECTIVE.sub("", texts[earlier])):
            return ()
    return ()


def _continues(text: str) -> bool:
    """Whether a folded sentence points back to the one before it and brings no speaker of its own."""
    rest = _CONNECTIVE.sub("", text.lstrip("\"'( "))
    return not _NEW_SPEAKER.search(rest) and _POINTS_BACK.search(rest) is not None


def _by_hand(sentence: Sentence) -> bool:
    if HAND_REFERENCE.search(sentence.text):
        return True
    return any(
        sentence.start <= link.start < sentence.end and _STUDY_HOST.match(link.target.lower())
        for link in sentence.block.links
    )


def _inherited_sources(blocks: Sequence[Block]) -> dict[int, tuple[str, ...]]:
    """For cells the keys of their row and their table's caption; for list items those of the sentence that leads in."""
    inherited: dict[int, tuple[str, ...]] = {}
    caption: tuple[str, ...] = ()
    lead: tuple[str, ...] = ()
    for index, block in enumerate(blocks):
        keys = tuple(dict.fromkeys(citation.key for citation in block.citations))
        if block.kind in _CELLS:
            row = _row_keys(blocks, index)
            inherited[index] = row or caption
            lead = ()
        elif block.kind is BlockKind.CAPTION:
            caption, lead = keys, ()
            inherited[index] = keys
        elif block.kind is BlockKind.LIST_ITEM:
            inherited[index] = lead
            caption = ()
        else:
            caption = ()
            lead = keys if block.text.rstrip().endswith(":") else ()
    return inherited


def _row_keys(blocks: Sequence[Block], index: int) -> tuple[str, ...]:
    start = end = index
    while start > 0 and blocks[start - 1].kind in _CELLS and blocks[start - 1].row == blocks[index].row:
        start -= 1
    while end + 1 < len(blocks) and blocks[end + 1].kind in _CELLS and blocks[end + 1].row == blocks[index].row:
        end += 1
    return tuple(dict.fromkeys(citation.key for block in blocks[start : end + 1] for citation in block.citations))
