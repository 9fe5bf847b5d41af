"""One work under two keys, and one identifier on two works.

Two entries are the same work when they share an identifier, or when title and authors agree and nothing speaks against it.
A shared title alone proves nothing ("Deep learning" is a paper in Nature and a book), nor does a shared DOI between two
chapters of one book.
"""

from __future__ import annotations

import enum
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.language.comparison import spelling
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.identifiers import Identifiers, identifiers
from pubkit.references.bibliography.markup import fold
from pubkit.references.comparison.names import AuthorList, read_authors
from pubkit.references.item import Item
from pubkit.references.model import Entry

__all__ = ["Duplicate", "Kind", "find", "is_preprint"]

_PREPRINT_SERVERS = (
    "arxiv", "biorxiv", "medrxiv", "chemrxiv", "psyarxiv", "ssrn", "preprints org", "research square", "osf preprints",
    "cold spring harbor laboratory",
)  # fmt: skip
#: DOI prefixes of preprint servers: bioRxiv and medRxiv, arXiv, ChemRxiv, PsyArXiv and OSF, Preprints.org, Research Square,
#: SSRN.
_PREPRINT_DOIS = (
    "10.1101/", "10.64898/", "10.48550/arxiv", "10.26434/chemrxiv", "10.31234/osf", "10.31219/osf", "10.20944/preprints",
    "10.21203/rs", "10.2139/ssrn",
)  # fmt: skip
#: Journals of Cold Spring Harbor Laboratory share bioRxiv's prefix.
_COLD_SPRING_JOURNALS = (
    "10.1101/gr.", "10.1101/gad.", "10.1101/lm.", "10.1101/mcs.", "10.1101/cshperspect.", "10.1101/sqb.",
    "10.1101/pdb.",
)  # fmt: skip
_PARTS = frozenset({"chapter", "paper-conference", "entry", "entry-encyclopedia", "entry-dictionary"})
_MOST_IN_A_GROUP = 60


class Kind(enum.StrEnum):
    """How two entries overlap."""

    SAME_WORK = "same work"
    LIKELY_SAME = "likely the same work"
    PREPRINT = "preprint and article"
    SHARED_IDENTIFIER = "one identifier on two works"


class Duplicate(Struct, frozen=True):
    """Two entries that overlap, the later one second; `shared` says in what ("DOI 10.1000/x", "title and authors")."""

    kind: Kind
    first: Entry
    second: Entry
    shared: str


class _Work(Struct):
    """An entry as it is compared."""

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
    """Whether the CSL `item` is a preprint: by its DOI, its arXiv address, or the server it names."""
    ids = ids or identifiers(item)
    doi = ids.doi or ""
    if doi.startswith(_PREPRINT_DOIS) and not doi.startswith(_COLD_SPRING_JOURNALS):
        return True
    if ids.arxiv and not doi.startswith("10."):
        return not item.volume
    venue = fold(f"{item.container_title} {item.publisher} {item.genre}")
    return any(server in venue for server in _PREPRINT_SERVERS) and not item.volume


def find(entries: Iterable[Entry]) -> Iterator[Duplicate]:
    """Every pair of `entries` that is one work under two keys, or two works under one identifier; each pair once."""
    works = [_Work(entry, identifiers(entry.item), fold(plain(entry.item.title))) for entry in entries]
    seen: set[tuple[int, int]] = set()
    for first, second, shared in itertools.chain(_by_identifier(works), _by_title(works)):
        if (first, second) in seen:
            continue
        kind = _kind(works[first], works[second], shared)
        if kind:
            seen.add((first, second))
            yield Duplicate(kind, works[first].entry, works[second].entry, shared or "title and authors")


def _kind(first: _Work, second: _Work, shared: str) -> Kind | None:
    alike = bool(first.title) and _titles_agree(first.title, second.title)
    preprints = is_preprint(first.item, first.ids) + is_preprint(second.item, second.ids)
    if shared:
        if alike or not first.title or not second.title or _one_holds_the_other(first.title, second.title):
            return Kind.SAME_WORK
        parts = {first.item.type, second.item.type} <= _PARTS | {"book"}
        return None if parts else Kind.SHARED_IDENTIFIER
    if not alike or not _authors_agree(first.people(), second.people()):
        return None
    if preprints == 1:
        return Kind.PREPRINT
    if _contradict(first, second):
        return None
    return Kind.SAME_WORK if _same_issue(first, second) else Kind.LIKELY_SAME


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
    """Yield pairs whose titles agree, found through the first and the last words, of which a slip changes only one."""
    beginnings: defaultdict[str, list[int]] = defaultdict(list)
    endings: defaultdict[str, list[int]] = defaultdict(list)
    for number, work in enumerate(works):
        words = work.title.split()
        if words:
            beginnings[" ".join(words[:3])].append(number)
            endings[" ".join(words[-3:])].append(number)
    for first, second in dict.fromkeys(_pairs([*beginnings.values(), *endings.values()])):
        if _titles_agree(works[first].title, works[second].title):
            yield first, second, ""


def _titles_agree(first: str, second: str) -> bool:
    """Return whether two folded titles are one, but for spelling and a slip in one long word."""
    if first == second:
        return True
    left, right = first.split(), second.split()
    if len(left) != len(right) or len(left) < 4:
        return False
    unequal = [(one, other) for one, other in zip(left, right, strict=True) if one != other]
    different = [(one, other) for one, other in unequal if spelling(one) != spelling(other)]
    return not different or (len(different) == 1 and _is_slip(*different[0]))


def _is_slip(one: str, other: str) -> bool:
    """Return whether two words differ by a letter or two, which in long words without digits is a typing error."""
    from rapidfuzz.distance import DamerauLevenshtein

    if min(len(one), len(other)) < 6 or any(char.isdigit() for char in one + other) or one[0] != other[0]:
        return False
    return bool(DamerauLevenshtein.distance(one, other, score_cutoff=2) <= (1 if len(one) < 9 else 2))


def _one_holds_the_other(first: str, second: str) -> bool:
    """Return whether one title is the other with a subtitle."""
    short, long = sorted((first, second), key=len)
    return bool(short) and (long.startswith(f"{short} ") or long.endswith(f" {short}"))


def _authors_agree(first: AuthorList, second: AuthorList) -> bool:
    one, other = _families(first), _families(second)
    if not one or not other:
        return not one and not other
    if one == other:
        return True
    if first.truncated or second.truncated:
        return one <= other or other <= one
    # A name more or less is how two exports of one long list differ.
    return len(one & other) >= 3 and len(one ^ other) <= max(1, len(one | other) // 10)


def _families(authors: AuthorList) -> set[str]:
    return {fold(name.family) for name in (*authors.people, *authors.groups)}


def _contradict(first: _Work, second: _Work) -> bool:
    """Return whether the entries differ in something that one work has only once."""
    for one, other in ((first.ids.doi, second.ids.doi), (first.ids.pmid, second.ids.pmid)):
        if one and other and one != other:
            return True
    if first.ids.isbn and second.ids.isbn and first.ids.isbn != second.ids.isbn:
        return True
    if _differs(first.item.edition, second.item.edition) or (
        {first.item.type, second.item.type} & _PARTS == {"chapter"}
    ):
        return True
    years = first.item.year, second.item.year
    if years[0] and years[1] and abs(years[0] - years[1]) > 1:
        return True
    ours, theirs = first.item, second.item
    return _differs(ours.volume, theirs.volume) and _differs(ours.page, theirs.page)


def _differs(first: str, second: str) -> bool:
    one, other = fold(first), fold(second)
    return bool(one and other and one != other)


def _same_issue(first: _Work, second: _Work) -> bool:
    """Whether year and venue agree too, so that nothing is left to tell the entries apart."""
    venues = [fold(plain(work.item.container_title or work.item.publisher)) for work in (first, second)]
    return (
        first.item.year == second.item.year
        and bool(venues[0])
        and venues[0] == venues[1]
        and bool(_families(first.people()))
    )
