"""One work under two keys, and one identifier on two works.

Two entries are the same work if they share an identifier; if title and authors agree and nothing contradicts it; or
if they have the same place in a journal (volume, first page, year), titles that differ at most by a subtitle, and an
author in common, because exports differ most in how many authors they give. A shared title alone proves nothing ("Deep
learning" is a paper in Nature and a book), nor does a shared DOI between two chapters of one book.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.language.comparison import spelling
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.identifiers import Identifiers, identifiers
from pubkit.references.bibliography.markup import fold
from pubkit.references.comparison.authors import match_authors
from pubkit.references.comparison.locators import Locator, compare_pages, same_number
from pubkit.references.comparison.names import AuthorList, read_authors
from pubkit.references.comparison.titles import TitleRelation, compare_titles
from pubkit.references.comparison.venues import preprint_doi, preprint_server, same_venue
from pubkit.references.item import Item
from pubkit.references.model import Entry

__all__ = ["Duplicate", "Kind", "find", "is_preprint"]

_PARTS = frozenset({"chapter", "paper-conference", "entry", "entry-encyclopedia", "entry-dictionary"})
#: Types that exporters give to anything.
_VAGUE_TYPES = frozenset({"document", "webpage", "article"})
#: Works that carry the title and the authors of an article without being it.
_OTHER_WORKS = frozenset({"dataset", "software", "thesis", "patent"})
_ONE_WORK = frozenset({TitleRelation.SAME, TitleRelation.SPELLING, TitleRelation.SHORTENED})
_MOST_IN_A_GROUP = 60


class Kind(enum.StrEnum):
    """How two entries overlap."""

    SAME_WORK = "same work"
    LIKELY_SAME = "likely the same work"
    PREPRINT = "preprint and article"
    SHARED_IDENTIFIER = "one identifier on two works"


class Duplicate(Struct, frozen=True):
    """Two entries that overlap, the later one second; `shared` says what they share
    ("DOI 10.1000/x", "title and authors")."""

    kind: Kind
    first: Entry
    second: Entry
    shared: str


class _Work(Struct):
    """An entry, prepared for comparison."""

    entry: Entry
    ids: Identifiers
    title: str
    authors: AuthorList | None = None

    @property
    def item(self) -> Item:
        return self.entry.item

    def people(self) -> AuthorList:
        if self.authors is None:
            self.authors = read_authors(self.item.author or self.item.editor)
        return self.authors


def is_preprint(item: Item, ids: Identifiers | None = None) -> bool:
    """Return whether the CSL `item` is a preprint, by its DOI, its arXiv address, or the server it names."""
    ids = ids or identifiers(item)
    doi = ids.doi or ""
    if preprint_doi(doi):
        return True
    if item.volume:
        return False
    at_arxiv = bool(ids.arxiv) and not doi.startswith("10.")
    return at_arxiv or any(map(preprint_server, (item.container_title, item.publisher, item.genre)))


def find(entries: Iterable[Entry]) -> Iterator[Duplicate]:
    """Yield every pair of `entries` that is one work under two keys, or two works under one identifier, once."""
    works = [_Work(entry, identifiers(entry.item), fold(plain(entry.item.title))) for entry in entries]
    seen: set[tuple[int, int]] = set()
    for first, second, shared in itertools.chain(_by_identifier(works), _by_title(works)):
        if (first, second) in seen:
            continue
        kind = _kind(works[first], works[second], shared)
        if kind:
            seen.add((first, second))
            yield Duplicate(
                kind, works[first].entry, works[second].entry, shared or _shared(works[first], works[second])
            )


def _kind(first: _Work, second: _Work, shared: str) -> Kind | None:
    if shared:
        return _kind_by_identifier(first, second)
    if not _titles_agree(first.title, second.title):
        return Kind.SAME_WORK if _same_place(first.item, second.item) and _nearly_same(first, second) else None
    if is_preprint(first.item, first.ids) != is_preprint(second.item, second.ids):
        return Kind.PREPRINT if _authors_agree(first.people(), second.people()) else None
    if _contradict(first, second):
        return None
    if _same_place(first.item, second.item) and _share_an_author(first.people(), second.people()):
        return Kind.SAME_WORK
    if not _authors_agree(first.people(), second.people()):
        return None
    return Kind.SAME_WORK if _same_issue(first, second) else Kind.LIKELY_SAME


def _shared(first: _Work, second: _Work) -> str:
    same_place = _same_place(first.item, second.item)
    same_people = _authors_agree(first.people(), second.people())
    return "title, volume and pages" if same_place and not same_people else "title and authors"


def _kind_by_identifier(first: _Work, second: _Work) -> Kind | None:
    if _other_volumes(first.item, second.item):
        return None
    relation = compare_titles(first.item.title, second.item.title).relation
    if not first.title or not second.title or relation in _ONE_WORK | {TitleRelation.CHANGED}:
        return Kind.SAME_WORK
    if _one_holds_the_other(first.title, second.title):
        return Kind.SAME_WORK
    parts = {first.item.type, second.item.type} <= _PARTS | {"book"}
    return None if parts else Kind.SHARED_IDENTIFIER


def _nearly_same(first: _Work, second: _Work) -> bool:
    """Return whether two entries with unequal titles and the same place in a journal are still one work."""
    if _identifiers_differ(first.ids, second.ids) or not _share_an_author(first.people(), second.people()):
        return False
    # Abstracts by one group share a page, with titles that differ in a word: "in men", "in women".
    return compare_titles(first.item.title, second.item.title).relation in _ONE_WORK


def _pairs(groups: Iterable[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for group in groups:
        yield from itertools.combinations(group[:_MOST_IN_A_GROUP], 2)


def _by_identifier(works: Sequence[_Work]) -> Iterator[tuple[int, int, str]]:
    readers: Mapping[str, Callable[[Identifiers], str | None]] = {
        "DOI": lambda ids: ids.doi,
        "PMID": lambda ids: ids.pmid,
        "PMC number": lambda ids: ids.pmcid,
        "arXiv number": lambda ids: ids.arxiv,
        "ISBN": lambda ids: ids.isbn,
    }
    for name, value_of in readers.items():
        groups: defaultdict[str, list[int]] = defaultdict(list)
        for number, work in enumerate(works):
            value = value_of(work.ids)
            if value and not (name == "ISBN" and work.item.type in _PARTS):
                groups[value].append(number)
        for value, group in groups.items():
            for first, second in _pairs([group]):
                yield first, second, f"{name} {value}"


def _by_title(works: Sequence[_Work]) -> Iterator[tuple[int, int, str]]:
    """Yield pairs that may be one work, found through parts of their titles and through their place in a journal."""
    groups: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        words = work.title.split()
        if words:
            # A slip changes the beginning or the end, not both.
            for key in (("", work.title), ("first", *words[:3]), ("last", *words[-3:])):
                groups[key].append(number)
            if place := _place(work.item):
                groups[place].append(number)
    for first, second in dict.fromkeys(_pairs(groups.values())):
        yield first, second, ""


def _titles_agree(first: str, second: str) -> bool:
    """Return whether two folded titles are equal except for spelling and a slip in one long word."""
    if first == second:
        return True
    left, right = first.split(), second.split()
    if len(left) != len(right) or len(left) < 4:
        return False
    unequal = [(one, other) for one, other in zip(left, right, strict=True) if one != other]
    different = [(one, other) for one, other in unequal if spelling(one) != spelling(other)]
    return not different or (len(different) == 1 and _is_slip(*different[0]))


def _is_slip(one: str, other: str) -> bool:
    """Return whether two words differ by a letter or two, which is a typing error in a long word without digits."""
    from rapidfuzz.distance import DamerauLevenshtein

    if min(len(one), len(other)) < 6 or any(char.isdigit() for char in one + other) or one[0] != other[0]:
        return False
    return bool(DamerauLevenshtein.distance(one, other, score_cutoff=2) <= (1 if len(one) < 9 else 2))


def _one_holds_the_other(first: str, second: str) -> bool:
    """Return whether one title is the other with a subtitle."""
    short, long = sorted((first, second), key=len)
    return bool(short) and (long.startswith(f"{short} ") or long.endswith(f" {short}"))


def _authors_agree(first: AuthorList, second: AuthorList) -> bool:
    """Return whether two author lists are one, though one is cut short, or gives fewer or abbreviated names."""
    if not first or not second:
        return not first and not second
    match = match_authors(first, second)
    named = match.matched + match.groups_matched
    shorter = min(len(first.people) + len(first.groups), len(second.people) + len(second.groups))
    if match.first_differs and not match.groups_matched:
        return False
    # Two exports of one long list often differ by a name.
    return named == shorter or (named >= 3 and shorter - named <= max(1, shorter // 10))


def _share_an_author(first: AuthorList, second: AuthorList) -> bool:
    """Return whether two author lists name one person or group, or one of them is empty or names only groups."""
    if not first.people or not second.people:
        return True
    match = match_authors(first, second)
    return match.matched + match.groups_matched > 0


def _place(item: Item) -> tuple[str, ...]:
    """Return volume and first page as numbers, or an empty tuple if one is missing."""
    page = re.search(r"\d+", item.page)
    volume = re.search(r"\d+", item.volume)
    return ("place", volume[0].lstrip("0"), page[0].lstrip("0")) if page and volume else ()


def _same_place(first: Item, second: Item) -> bool:
    """Return whether two items have the same volume and first page, and years at most one apart."""
    if not _place(first) or not same_number(first.volume, second.volume) or not _years_near(first, second, 1):
        return False
    return bool(second.page) and compare_pages(first.page, second.page) in {Locator.SAME, Locator.OTHER_END}


def _years_near(first: Item, second: Item, most: int) -> bool:
    return not first.year or not second.year or abs(first.year - second.year) <= most


def _identifiers_differ(first: Identifiers, second: Identifiers) -> bool:
    pairs = ((first.doi, second.doi), (first.pmid, second.pmid), (first.isbn, second.isbn))
    return any(one and other and one != other for one, other in pairs)


def _contradict(first: _Work, second: _Work) -> bool:
    """Return whether the entries differ in something that one work has only once."""
    ours, theirs = first.item, second.item
    if _identifiers_differ(first.ids, second.ids) or _differs(ours.edition, theirs.edition):
        return True
    if _other_volumes(ours, theirs):
        return True
    types = {ours.type, theirs.type}
    # What appears every year, and in editions, has the same title and authors.
    yearly = not any(kind.startswith("article") or kind == "paper-conference" for kind in types)
    if not _years_near(ours, theirs, 0 if yearly else 1):
        return True
    if len(types) > 1 and not types & _VAGUE_TYPES and (types & _PARTS == {"chapter"} or types & _OTHER_WORKS):
        return True
    if _same_place(ours, theirs):
        return False
    moved = bool(ours.volume and theirs.volume and not same_number(ours.volume, theirs.volume))
    venues = _venues(first, second)
    other_venue = bool(all(venues) and not same_venue(*venues))
    return other_venue or (moved and (_other_pages(ours, theirs) or not (ours.page and theirs.page)))


def _other_volumes(first: Item, second: Item) -> bool:
    """Return whether two books are volumes of one work, or the work and one of its volumes; they may share an ISBN.

    The number of a book in a series is none: it may be missing in one of two entries.
    """
    if {first.type, second.type} != {"book"} or first.collection_title or second.collection_title:
        return False
    return bool(first.volume or second.volume) and not same_number(first.volume, second.volume)


def _other_pages(first: Item, second: Item) -> bool:
    return bool(first.page and second.page and compare_pages(first.page, second.page) is not Locator.SAME)


def _differs(first: str, second: str) -> bool:
    one, other = fold(first), fold(second)
    return bool(one and other and one != other)


def _venues(first: _Work, second: _Work) -> tuple[str, str]:
    ours, theirs = (plain(work.item.container_title or work.item.publisher) for work in (first, second))
    return ours, theirs


def _same_issue(first: _Work, second: _Work) -> bool:
    """Return whether year and venue agree too, so that nothing distinguishes the entries."""
    venues = _venues(first, second)
    known = all(venues) and bool(first.people())
    same_year = first.item.year == second.item.year
    return known and same_year and same_venue(*venues) and not _other_pages(first.item, second.item)
