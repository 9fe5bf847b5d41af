"""An abstract, read passage by passage: its topics, its quantities, and what follows from these."""

from __future__ import annotations

import functools
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, structs

from pubkit.claims.figures.content_words import counts_people, stems
from pubkit.claims.figures.quantities import Kind, Quantity, quantities, years
from pubkit.manuscript.sentences import sentence_spans

__all__ = ["RATIOS", "Abstract", "Passage", "read"]

#: Effect sizes that compare two shares: by how much a risk is lower or higher.
RATIOS = frozenset({"hr", "or", "rr", "irr"})
#: Limits: characters of an abstract that are read; quantities of one kind from which others are derived.
_READ = 20_000
_MOST = 12
#: Limit on the quantities of an abstract that are compared, and on those derived from them.
_ALL = 2_000


class Passage(Struct, frozen=True):
    """One sentence of an abstract: the stems of its content words, and its quantities."""

    text: str
    stems: frozenset[str]
    quantities: tuple[Quantity, ...]


#: Quantities, each with its passage.
Placed = tuple[tuple[Passage, Quantity], ...]


class Abstract(Struct, frozen=True):
    """An abstract.

    `held` are its quantities by kind, each with its passage; `derived` are those that follow from them. `topics` are the
    stems that every passage may take for granted: those in several passages, and the people who were studied. `whole`
    is true if nothing was cut off.
    """

    passages: tuple[Passage, ...]
    held: Mapping[Kind, Placed]
    derived: Mapping[Kind, Placed]
    stems: frozenset[str]
    topics: frozenset[str]
    years: frozenset[str]
    whole: bool


@functools.lru_cache(maxsize=512)
def read(text: str) -> Abstract:
    """Return the abstract `text`, of which at most 20,000 characters are read."""
    passages = tuple(_passage(text[start:end]) for start, end in sentence_spans(text[:_READ]))
    counts = Counter(itertools.chain.from_iterable(passage.stems for passage in passages))
    topics = frozenset(one for one, times in counts.items() if times > 1) | _population(passages)
    cut = len(text) > _READ or text.rstrip().endswith(("…", "...")) or "abstract truncated" in text.lower()
    held = _by_kind((passage, one) for passage in passages for one in passage.quantities)
    derived = _by_kind((passage, one) for passage in passages for one in _derived(passage.quantities))
    return Abstract(passages, held, derived, frozenset(counts), topics, years(text), not cut)


def _by_kind(pairs: Iterable[tuple[Passage, Quantity]]) -> Mapping[Kind, Placed]:
    """Return the first 2,000 of `pairs` by the kind of their quantity; no real abstract has as many."""
    found: dict[Kind, list[tuple[Passage, Quantity]]] = defaultdict(list)
    for passage, one in itertools.islice(pairs, _ALL):
        found[one.kind].append((passage, one))
    return {kind: tuple(placed) for kind, placed in found.items()}


def _population(passages: Iterable[Passage]) -> frozenset[str]:
    """Return the stems of the words for the largest number of people: "pregnant women" of "862 pregnant women"."""
    held = (one for passage in passages for one in passage.quantities if one.kind is Kind.COUNT)
    groups = {one.values[0]: one.of for one in held if any(map(counts_people, one.of.split()))}
    return frozenset(stems(groups[max(groups)])) if groups else frozenset()


def _passage(text: str) -> Passage:
    return Passage(text, frozenset(stems(text)), quantities(text))


def _derived(held: Sequence[Quantity]) -> Iterator[Quantity]:
    """Yield what a writer may have derived from one passage: shares, differences, sums and multiples."""
    percents = list(_first(held, Kind.PERCENT))
    yield from (_as_large(one, 100 - one.values[0]) for one in percents)
    for one in held:
        if one.kind is Kind.EFFECT and (one.of in RATIOS or not one.of):
            yield from _of_ratio(one)
    for one, other in itertools.combinations(percents, 2):
        yield _as_large(one, abs(one.values[0] - other.values[0]))
        yield from _multiples(one, other)
    yield from _of_counts([one for one in _first(held, Kind.COUNT) if one.values[0] == int(one.values[0])])
    for kind in (Kind.TIME, Kind.AMOUNT):
        for one, other in itertools.combinations(_first(held, kind), 2):
            if one.of == other.of:
                yield _as_large(one, abs(one.values[0] - other.values[0]))


def _first(held: Iterable[Quantity], kind: Kind) -> Iterator[Quantity]:
    return itertools.islice((one for one in held if one.kind is kind), _MOST)


def _of_ratio(one: Quantity) -> Iterator[Quantity]:
    """Yield the percentage by which a risk is lower or higher, and how many times as high it is, in both directions."""
    value = one.values[0]
    yield structs.replace(one, kind=Kind.PERCENT, values=(abs(1 - value) * 100,), of="", step=1.0)
    for multiple in (value, 1 / value) if value > 0 else ():
        yield structs.replace(one, kind=Kind.FOLD, values=(multiple,), of="", step=0.1)


def _multiples(one: Quantity, other: Quantity) -> Iterator[Quantity]:
    low, high = sorted((one.values[0], other.values[0]))
    for multiple in (high / low, low / high) if low > 0 else ():
        yield structs.replace(one, kind=Kind.FOLD, values=(multiple,), of="", step=0.1)


def _of_counts(counts: Sequence[Quantity]) -> Iterator[Quantity]:
    for one, other in itertools.pairwise(counts):
        low, high = sorted((one.values[0], other.values[0]))
        if 0 < low < high:
            yield structs.replace(one, kind=Kind.PERCENT, values=(100 * low / high,), of="", step=0.1)
    for one, other in itertools.combinations(counts, 2):
        yield _as_large(one, one.values[0] + other.values[0])
        yield _as_large(one, abs(one.values[0] - other.values[0]))


def _as_large(one: Quantity, value: float) -> Quantity:
    return structs.replace(one, values=(value,))
