"""The questions that are asked about one work, to which registries and in which order.

A DOI is asked for at Crossref, else DataCite, else doi.org, which alone can say that there is no such DOI; a PMID or PMC
number at PubMed; a DOI without a PMID also at Europe PMC, for notices that only PubMed's indexers have entered; an ISBN at
Open Library; an entry without any identifier is searched for by its title.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar

from msgspec import structs
from rapidfuzz import fuzz

from pubkit.language.comparison import bare_words
from pubkit.references.bibliography.identifiers import Identifiers
from pubkit.references.comparison.works import Status, compare
from pubkit.references.item import Item, Name
from pubkit.references.registries import NotUsable, Record, crossref, datacite, doi, europepmc, openlibrary, pubmed
from pubkit.references.registries.client import Answer, Client, Source, SourceDown
from pubkit.references.registries.lock import Outcome, RegistryAnswer, without_abstract

__all__ = ["Questions"]

T = TypeVar("T")

#: Prefixes of DOIs that DataCite's members assign: asking there first saves a question.
_DATACITE_FIRST = ("10.48550/", "10.5281/", "10.6084/", "10.5061/", "10.17605/", "10.7910/", "10.15468/")
#: Parts of a book: its ISBN is not theirs.
_PARTS = frozenset(
    {"chapter", "paper-conference", "entry", "entry-dictionary", "entry-encyclopedia", "article-journal"}
)
#: Types of work that Crossref may know by their title.
_SEARCHABLE = frozenset(
    {"article", "article-journal", "chapter", "book", "paper-conference", "thesis", "entry-encyclopedia"}
)


#: The similarity of two titles, in per cent, from which a reader may wonder whether they are one.
_LIKE = 70


class Questions:
    """Questions to `client` about works, whose answers are dated `today`."""

    def __init__(self, client: Client, today: dt.date) -> None:
        self._client = client
        self._today = today

    async def about(self, known: Identifiers, item: Item | None) -> tuple[tuple[RegistryAnswer, ...], tuple[str, ...]]:
        """Return every answer about the work with the identifiers `known`, and the reason for each source that gave none.

        `item` is the entry's CSL item; without an identifier, its title, authors and year are searched for.
        """
        answers: list[RegistryAnswer] = []
        not_asked: list[str] = []
        name = known.doi or (f"10.48550/arxiv.{known.arxiv}" if known.arxiv else None)
        pmid = known.pmid
        try:
            if known.pmcid and not pmid:
                converted, answer = await self._converted(known.pmcid)
                pmid, name = converted.get("pmid"), name or converted.get("doi")
                answers += [answer] if answer else []
        except SourceDown as down:
            not_asked.append(str(down))
        questions: list[Callable[[], Awaitable[list[RegistryAnswer]]]] = []
        if name:
            questions.append(partial(self._by_doi, name))
        if pmid:
            questions.append(partial(self._by_pmid, pmid))
        elif name:
            questions.append(partial(self._europe_pmc, name))
        if not (name or pmid or known.pmcid):
            whole = known.isbn if item is None or item.type not in _PARTS else None
            questions.append(partial(self._open_library, whole) if whole else partial(self._search, item or Item()))
        for question in questions:
            try:
                answers += await question()
            except SourceDown as down:
                not_asked.append(str(down))
        return _one_abstract(answers), tuple(not_asked)

    async def _by_doi(self, name: str) -> list[RegistryAnswer]:
        """Return the answers of Crossref or DataCite, whichever has the DOI, or of doi.org if neither has."""
        agencies = [
            (Source.CROSSREF, crossref.request(name), crossref.read),
            (Source.DATACITE, datacite.request(name), datacite.read),
        ]
        if name.startswith(_DATACITE_FIRST):
            agencies.reverse()
        missing = []
        for source, request, read in agencies:
            answer = await self._client.ask(request)
            if answer.status == 200:
                record = _read(source, partial(read, answer.body, name))
                return [self._answer(source, f"doi:{name}", answer, record)]
            missing.append(self._answer(source, f"doi:{name}", answer, None))
        request = doi.request(name)
        answer = await self._client.ask(request)
        if answer.status != 200:
            raise SourceDown(Source.DOI, "it answered with status 404")
        agency = _read(Source.DOI, partial(doi.agency, answer.body, name))
        if agency is None:
            return [*missing, self._answer(Source.DOI, f"doi:{name}", answer, None, outcome="absent")]
        remark = f"registered with {agency}, whose record was not compared"
        return [*missing, self._answer(Source.DOI, f"doi:{name}", answer, None, remark=remark)]

    async def _by_pmid(self, pmid: str) -> list[RegistryAnswer]:
        answer = await self._client.ask(pubmed.request(pmid, self._client.contact))
        record = _read(Source.PUBMED, partial(pubmed.read, answer.body, pmid)) if answer.status == 200 else None
        if record is not None:
            return [self._answer(Source.PUBMED, f"pmid:{pmid}", answer, record)]
        summary = await self._client.ask(pubmed.request_summary(pmid, self._client.contact))
        if summary.status != 200:
            raise SourceDown(Source.PUBMED, "it answered with status 404")
        if _read(Source.PUBMED, partial(pubmed.exists, summary.body, pmid)):
            raise SourceDown(Source.PUBMED, "it knows the number but sent no record")
        return [self._answer(Source.PUBMED, f"pmid:{pmid}", summary, None, outcome="absent")]

    async def _converted(self, pmcid: str) -> tuple[dict[str, str], RegistryAnswer | None]:
        answer = await self._client.ask(pubmed.request_conversion(pmcid, "pmcid", self._client.contact))
        if answer.status != 200:
            raise SourceDown(Source.PMC, "it answered with status 404")
        converted = _read(Source.PMC, partial(pubmed.read_conversion, answer.body, pmcid))
        if converted is None:
            return {}, self._answer(Source.PMC, f"pmcid:{pmcid}", answer, None, outcome="absent")
        return converted, None

    async def _europe_pmc(self, name: str) -> list[RegistryAnswer]:
        answer = await self._client.ask(europepmc.request(name))
        if answer.status != 200:
            raise SourceDown(Source.EUROPE_PMC, "it answered with status 404")
        record = _read(Source.EUROPE_PMC, partial(europepmc.read, answer.body, name))
        return [self._answer(Source.EUROPE_PMC, f"doi:{name}", answer, record)]

    async def _open_library(self, isbn: str) -> list[RegistryAnswer]:
        answer = await self._client.ask(openlibrary.request(isbn))
        if answer.status != 200:
            raise SourceDown(Source.OPEN_LIBRARY, "it answered with status 404")
        record = _read(Source.OPEN_LIBRARY, partial(openlibrary.read, answer.body, isbn))
        return [self._answer(Source.OPEN_LIBRARY, f"isbn:{isbn}", answer, record)]

    async def _search(self, item: Item) -> list[RegistryAnswer]:
        """Search Crossref for a work without an identifier that agrees with the cited one in everything."""
        words = _search_words(item)
        if not words:
            return []
        answer = await self._client.ask(crossref.search(words))
        if answer.status != 200:
            raise SourceDown(Source.CROSSREF, "it answered with status 404")
        candidates = _read(Source.CROSSREF, partial(crossref.read_search, answer.body))
        if same := next((record for record in candidates if _is_same(item, record)), None):
            return [self._answer(Source.CROSSREF, "title", answer, same)]
        found = self._answer(Source.CROSSREF, "title", answer, None)
        near = _nearest(item, candidates)
        return [structs.replace(found, near=structs.replace(near, abstract="") if near else None)]

    def _answer(
        self,
        source: Source,
        asked: str,
        answer: Answer,
        record: Record | None,
        *,
        outcome: Outcome | None = None,
        remark: str = "",
    ) -> RegistryAnswer:
        kind: Outcome = outcome or ("found" if record is not None else "not held")
        return RegistryAnswer(source, asked, kind, self._today, answer.sha256, record, remark)


def _read(source: Source, read: Callable[[], T]) -> T:
    """Return what `read` makes of an answer; an answer that cannot be used counts as none."""
    try:
        return read()
    except NotUsable as error:
        raise SourceDown(source, str(error)) from error


def _is_same(item: Item, record: Record) -> bool:
    """Return whether a record found by its title is the cited work, with title, authors and year to compare.

    Authors and year may be those of another version (a preprint); the title and the journal may not, which is how invented
    references are made from real ones.
    """
    comparison = compare(item, record.item)
    differ = {part.field for part in comparison.differences if not part.missing}
    fits = comparison.status is Status.OK or (
        comparison.status is Status.VERSION_DRIFT and not differ & {"title", "venue"}
    )
    return fits and {"title", "authors", "year"} <= set(comparison.compared)


def _one_abstract(answers: Sequence[RegistryAnswer]) -> tuple[RegistryAnswer, ...]:
    """Return `answers` with the longest abstract alone: registries hold the same one, whole or cut short."""
    longest = max((answer.record.abstract for answer in answers if answer.record), key=len, default="")
    kept = next((answer for answer in answers if answer.record and answer.record.abstract == longest), None)
    return tuple(answer if answer is kept else without_abstract(answer) for answer in answers)


def _nearest(item: Item, candidates: Sequence[Record]) -> Record | None:
    """Return the record whose title is closest to the cited one, unless even that has little in common with it."""
    cited = " ".join(bare_words(item.title))
    likeness = [fuzz.ratio(cited, " ".join(bare_words(one.item.title))) for one in candidates]
    best = max(likeness, default=0)
    return candidates[likeness.index(best)] if best >= _LIKE else None


def _search_words(item: Item) -> str:
    """Return title, first author and year of an item that has all three and is of a kind that Crossref registers."""
    first = next(iter(item.author), Name())
    name = first.family or first.literal
    if item.type not in _SEARCHABLE or not (item.title and name and item.year is not None):
        return ""
    return f"{item.title} {name} {item.year}"
