"""The figures of a sourced sentence, looked for in the abstracts of its sources.

A figure is **found** where an abstract has it: the same kind of quantity with the same value, as exactly as the sentence gives
it ("about 40%" for 39.6%, "nearly half" for 48%), or a value that follows from one passage of the abstract (61 of 138 is 44%,
a relative risk of 0.75 is 25% less). It is found with **another value** where the abstract speaks of the same quantity and has
no such value. Everything else is **not in the abstract**, which is no fault: an abstract is not the work.

That an abstract speaks of the same quantity is assumed only where

- every source of the sentence has an abstract, whole, and the sentence has the citation keys itself;
- all other figures of the sentence are found, and each of its content words is in the abstract, except words that every
  report uses ("found", "lower", "trial");
- the sentence does not speak of other work ("another trial", "in 2021"), of a rule ("should be"), or in the negative;
- and one passage of the abstract has a quantity of the same kind (the same unit, noun or measure) with the words around the
  figure, or with another figure of the sentence; or both give the size of the study or the number of studies.
"""

from __future__ import annotations

import enum
import functools
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from pubkit.claims.content_words import counts_people, counts_works, stem, stems
from pubkit.claims.quantities import Kind, Quantity, Said, quantities, same_length, years
from pubkit.manuscript.sentences import sentence_spans

__all__ = ["Figure", "Outcome", "figures"]

#: Characters of an abstract that are read, and characters of a passage that are quoted.
_READ = 20_000
_QUOTED = 300


class Outcome(enum.StrEnum):
    """What became of one figure."""

    FOUND = "found"
    DERIVED = "follows from the abstract"
    OTHER_VALUE = "another value"
    ABSENT = "not in the abstract"
    NO_ABSTRACT = "no abstract"


class Figure(Struct, frozen=True):
    """One figure of a sentence, at `text[start:end]`, and what the abstracts say.

    `key` and `quote` name the source and the passage of its abstract that has the figure, or another value for it; `held` are
    the words of that other value.
    """

    quantity: Quantity
    outcome: Outcome
    key: str = ""
    quote: str = ""
    held: str = ""


class _Passage(Struct, frozen=True):
    """One sentence of an abstract."""

    text: str
    stems: frozenset[str]
    quantities: tuple[Quantity, ...]
    derived: tuple[Quantity, ...]


class _Abstract(Struct, frozen=True):
    """An abstract that has been read. `topics` are the stems that several of its passages have."""

    passages: tuple[_Passage, ...]
    stems: frozenset[str]
    topics: frozenset[str]
    years: frozenset[str]
    whole: bool


class _Candidate(Struct, frozen=True):
    """A quantity of an abstract that may be the one that the sentence means."""

    key: str
    passage: _Passage
    quantity: Quantity


def figures(text: str, sources: Mapping[str, str], *, own: bool = True) -> tuple[Figure, ...]:
    """Return what becomes of each figure in a sentence.

    Args:
        text: the sentence, without its citations.
        sources: the abstract of each source, by key; empty for a source without one.
        own: whether the sentence has the citation keys itself; another value is looked for only then.
    """
    said = quantities(text)
    held = {key: _abstract(abstract) for key, abstract in sources.items() if abstract}
    if not held:
        return tuple(Figure(one, Outcome.NO_ABSTRACT) for one in said)
    found = [_found(one, held) for one in said]
    missing = [index for index, figure in enumerate(found) if figure is None]
    complete = own and len(held) == len(sources) and all(one.whole for one in held.values())
    if complete and len(missing) == 1 and _comparable_sentence(text, said[missing[0]], held.values()):
        found[missing[0]] = _other_value(text, said, missing[0], found, held)
    # Where one of several sources has no abstract, a figure may be that source's.
    left = Outcome.ABSENT if len(held) == len(sources) else Outcome.NO_ABSTRACT
    return tuple(figure or Figure(one, left) for one, figure in zip(said, found, strict=True))


# ------------------------------------------------------------------------------------------------------------- an abstract


@functools.lru_cache(maxsize=512)
def _abstract(text: str) -> _Abstract:
    spans = sentence_spans(text[:_READ])
    passages = tuple(_passage(text[start:end]) for start, end in spans)
    count: dict[str, int] = {}
    for one in itertools.chain.from_iterable(passage.stems for passage in passages):
        count[one] = count.get(one, 0) + 1
    cut = len(text) > _READ or text.endswith("…") or "abstract truncated" in text.lower()
    return _Abstract(
        passages, frozenset(count), frozenset(one for one, times in count.items() if times > 1), years(text), not cut
    )


def _passage(text: str) -> _Passage:
    held = quantities(text)
    return _Passage(text, frozenset(stems(text)), held, tuple(_derived(held)))


def _derived(held: Sequence[Quantity]) -> Iterator[Quantity]:
    """What follows from the quantities of one passage: shares, differences and sums that a writer may have worked out."""
    percents = [one for one in held if one.kind is Kind.PERCENT][:12]
    counts = [one for one in held if one.kind is Kind.COUNT][:12]
    times = [one for one in held if one.kind in {Kind.TIME, Kind.AMOUNT}][:8]
    for one in percents:
        yield _like(one, 100 - one.values[0])
    for one in held:
        if one.kind is Kind.EFFECT and one.of in {"hr", "or", "rr", "irr"}:
            yield Quantity(Kind.PERCENT, (abs(1 - one.values[0]) * 100,), one.start, one.end, step=1.0)
            yield Quantity(Kind.FOLD, one.values, one.start, one.end, step=0.1)
            yield from (
                Quantity(Kind.FOLD, (1 / value,), one.start, one.end, step=0.1) for value in one.values if value > 0
            )
    for one, other in itertools.combinations(percents, 2):
        yield _like(one, abs(one.values[0] - other.values[0]))
        low, high = sorted((one.values[0], other.values[0]))
        if low > 0:
            yield Quantity(Kind.FOLD, (high / low,), one.start, one.end, step=0.1)
            yield Quantity(Kind.FOLD, (low / high,), one.start, one.end, step=0.1)
    for one, other in itertools.pairwise(counts):
        low, high = sorted((one.values[0], other.values[0]))
        if 0 < low < high:
            yield Quantity(Kind.PERCENT, (100 * low / high,), one.start, one.end, step=0.1)
    whole = [one for one in counts if one.values[0] == int(one.values[0])]
    for one, other in itertools.combinations(whole, 2):
        yield _like(one, one.values[0] + other.values[0])
        yield _like(one, abs(one.values[0] - other.values[0]))
    for one, other in itertools.combinations(times, 2):
        if one.of != other.of:
            continue
        yield _like(one, abs(one.values[0] - other.values[0]))


def _like(one: Quantity, value: float) -> Quantity:
    return Quantity(one.kind, (value,), one.start, one.end, one.of, step=one.step)


# ----------------------------------------------------------------------------------------------------------------- agreement

#: How far a value may be from "about", "nearly" and "more than" another, as a share of it; percentages, also in points.
_ABOUT, _LEAST, _MOST, _POINTS = 0.12, 0.8, 1.3, 5.0
#: Effect sizes that are a difference, which a sentence may give as an amount ("12 points lower").
_DIFFERENCES = frozenset({"md", "rd", "smd", "d"})
_DIFFERING = frozenset({Kind.AMOUNT, Kind.PERCENT, Kind.COUNT})


def _found(said: Quantity, held: Mapping[str, _Abstract]) -> Figure | None:
    """Return where an abstract has the figure, or a value from which it follows; a plain statement before a derived one."""
    for derived in (False, True):
        for key, abstract in held.items():
            for passage in abstract.passages:
                for one in passage.derived if derived else passage.quantities:
                    if _same_kind(said, one) and agrees(said, one):
                        outcome = Outcome.DERIVED if derived else Outcome.FOUND
                        return Figure(said, outcome, key, _quote(passage.text, one))
    return None


def _same_kind(said: Quantity, held: Quantity) -> bool:
    """Whether the two can be one figure; looser than for a contradiction, because nothing is said against the author."""
    if said.kind is not held.kind:
        return held.kind is Kind.EFFECT and held.of in _DIFFERENCES and said.kind in _DIFFERING
    if said.kind is Kind.COUNT:
        return not said.of or not held.of or _comparable_counts(said, held)
    if said.kind is Kind.AMOUNT:
        return said.of == held.of
    return said.kind is not Kind.EFFECT or said.of == held.of or {said.of, held.of} <= {"hr", "or", "rr", "irr"}


def agrees(said: Quantity, held: Quantity) -> bool:
    """Whether the value `held` may be written as the sentence does: rounded to its digits, and as exactly as it claims."""
    if len(said.values) != len(held.values):
        return any(agrees(_one(said, value), _one(held, other)) for value in said.values[:1] for other in held.values)
    return all(_near(said, held, one, other) for one, other in zip(said.values, held.values, strict=True))


def _one(quantity: Quantity, value: float) -> Quantity:
    return Quantity(quantity.kind, (value,), 0, 0, quantity.of, quantity.said, quantity.step)


def _near(said: Quantity, held: Quantity, value: float, other: float) -> bool:
    if held.of in _DIFFERENCES:
        value, other = abs(value), abs(other)
    rounding = 0.505 * max(said.step, held.step)
    if said.kind is Kind.COUNT and value == int(value) and other != int(other):
        return False
    if said.kind is Kind.PERCENT and abs(value - other) > max(_POINTS, rounding):
        return False
    if abs(value - other) <= rounding and said.said in {Said.EXACT, Said.ABOUT}:
        return True
    if said.said is Said.ABOUT:
        return abs(value - other) <= max(_ABOUT * abs(other), _ABOUT * abs(value))
    if said.said is Said.LESS:
        return min(value, other) >= _LEAST * max(value, other) and other <= value + rounding
    if said.said is Said.MORE:
        return other >= value - rounding and other <= _MOST * value
    return False


def _contradicts(said: Quantity, held: Quantity) -> bool:
    """Whether the values exclude each other, by as much as the wording calls for."""
    if agrees(said, held) or len(said.values) != len(held.values):
        return False
    value, other = said.values[0], held.values[0]
    if said.said is held.said:
        return True
    if said.said is Said.ABOUT:
        return abs(value - other) > 0.3 * max(abs(value), abs(other))
    if said.said is Said.LESS:
        return other > 1.05 * value
    if said.said is Said.MORE:
        return other < 0.95 * value
    return held.said in {Said.EXACT, Said.ABOUT}


# ------------------------------------------------------------------------------------------------------- the same quantity

_ELSEWHERE = re.compile(
    r"\b(?:another|other|others|previous|previously|earlier|later|second|third|separate|different|similar|elsewhere|"
    r"unlike|except|excluding|affects?|"
    r"should|must|recommend\w*|advis\w*|normal\w*|usual\w*|typical\w*|ideal\w*|target|goal|limit|"
    r"if|would|could|expected|planned|aim\w*|estimated|worldwide|globally|each year|every year|per year|annual\w*)\b"
)


_NEGATED = re.compile(r"\b(?:not|no|never|neither|nor|none|cannot)\b|n't\b")
_FOLLOW_UP = re.compile(r"\bfollow(?:ed|ing)?(?:[- ]up)?\b")


def _comparable_sentence(text: str, quantity: Quantity, abstracts: Iterable[_Abstract]) -> bool:
    """Whether nothing in the sentence shows that it speaks of something that the abstracts do not."""
    read = list(abstracts)
    plain = same_length(text)
    if plain.rstrip().endswith("?") or _ELSEWHERE.search(plain):
        return False
    known = frozenset[str]().union(*(one.stems for one in read))
    dated = frozenset[str]().union(*(one.years for one in read))
    if not years(text) <= dated:
        return False
    return (len(read) == 1 and _sizes_source(plain, quantity)) or all(one in known for one in stems(text))


_SIZED = re.compile(
    r"\b(?:(?:this|the) (?:[\w-]+ ){0,3}?(?:trial|study|survey|cohort|rct)|(?:an?|this|the) (?:[\w-]+ ){0,3}?"
    r"(?:review|meta-analys[ei]s))\b,? "
    r"(?:\w+ )?(?:of|in|with|among|from|that|included?|covered|pooled|enrolled|assigned|followed|combined|brought together|had)\s"
    r"(?:included |followed |enrolled |pooled |a total of |more than |about |over |nearly |almost |some |around )?$"
)


def _sizes_source(plain: str, quantity: Quantity) -> bool:
    """Whether the figure is the size of the one source itself, whatever the rest of the sentence is about: "a trial of 276"."""
    return (
        quantity.kind is Kind.COUNT and _SIZED.search(plain[max(0, quantity.start - 80) : quantity.start]) is not None
    )


def _other_value(
    text: str, said: Sequence[Quantity], index: int, found: Sequence[Figure | None], held: Mapping[str, _Abstract]
) -> Figure | None:
    """Return the figure with the value that an abstract has for the same quantity, if there is one."""
    quantity = said[index]
    if quantity.kind in {Kind.FOLD, Kind.PROBABILITY} or _hedged_share(quantity):
        return None
    near = frozenset(stems(_segment(text, said, index)))
    for key, abstract in held.items():
        for passage in abstract.passages:
            for one in _candidates(quantity, passage, said):
                if _same_quantity(text, said, index, near, abstract, passage, one):
                    words = passage.text[one.start : one.end]
                    return Figure(quantity, Outcome.OTHER_VALUE, key, _quote(passage.text, one), words)
    return None


def _hedged_share(quantity: Quantity) -> bool:
    """Whether it is a share in words ("half", "one in five") with a hedge that leaves everything open."""
    return quantity.kind is Kind.PERCENT and quantity.step > 1 and quantity.said in {Said.LESS, Said.MORE}


def _segment(text: str, said: Sequence[Quantity], index: int) -> str:
    """Return the words around a figure: up to the figures beside it, within its clause.

    A time or an age between them is no border ("retention at week 24 was 66%"), and of two values for one thing ("from 20.3 to
    14.6 days") the second has the words of the first.
    """
    borders = [
        one
        for one in said
        if one is said[index] or one.kind not in {Kind.TIME, Kind.AGE} or one.kind is said[index].kind
    ]
    place = borders.index(said[index])
    end = borders[place + 1].start if place + 1 < len(borders) else len(text)
    after = _CLAUSE.split(text[said[index].end : end])[0]
    before = ""
    while place >= 0 and not any(stems(before)):
        place -= 1
        start = borders[place].end if place >= 0 else 0
        before = _CLAUSE.split(text[start : said[index].start])[-1]
    return f"{before} {after}"


_CLAUSE = re.compile(r"[;:]\s|,? (?:but|while|whereas|although|though)\b")


def _candidates(quantity: Quantity, passage: _Passage, said: Sequence[Quantity]) -> list[Quantity]:
    """The quantities of a passage that the sentence may mean, the nearest value first; not those that it gives elsewhere."""
    others = [one for one in said if one is not quantity]
    fit = [
        one
        for one in passage.quantities
        if _comparable(quantity, one)
        and _contradicts(quantity, one)
        and not any(_same_kind(other, one) and agrees(other, one) for other in others)
    ]
    return sorted(fit, key=lambda one: abs(one.values[0] - quantity.values[0]))


def _comparable(said: Quantity, held: Quantity) -> bool:
    """Whether two quantities have the same kind, unit, measure or noun."""
    if said.kind is not held.kind:
        return False
    if said.kind is Kind.COUNT:
        return _comparable_counts(said, held)
    if said.kind is Kind.INTERVAL:
        return True
    return said.of == held.of


def _comparable_counts(said: Quantity, held: Quantity) -> bool:
    group, other = _group(said.of), _group(held.of)
    if group or other:
        return group == other
    if not said.of or not held.of:
        return not said.of and not held.of and (said.step < 1) == (held.step < 1)
    return bool(set(_noun_stems(said.of)) & set(_noun_stems(held.of)))


def _noun_stems(words: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in words.split()[:2])


def _group(words: str) -> str | None:
    """Return "people" or "works" where one of the words of a noun phrase counts them; None for other nouns."""
    for word in words.split():
        if counts_works(word):
            return "works"
        if counts_people(word):
            return "people"
    return None


def _same_quantity(
    text: str,
    said: Sequence[Quantity],
    index: int,
    near: frozenset[str],
    abstract: _Abstract,
    passage: _Passage,
    held: Quantity,
) -> bool:
    quantity = said[index]
    if quantity.kind is Kind.INTERVAL:
        return _same_estimate(said, index, passage, held)
    if quantity.kind is Kind.COUNT and _group(quantity.of) and _is_total(text, quantity):
        return _is_total(passage.text, held)
    if not near <= passage.stems | abstract.topics or not _as_negated(quantity, text, passage):
        return False
    if quantity.kind is Kind.TIME and _follows_up(text, quantity):
        return _follows_up(passage.text, held)
    shared = near & passage.stems
    anchored = any(
        _same_kind(other, one) and agrees(other, one)
        for other in said
        if other is not quantity and other.kind is not Kind.FOLD
        for one in passage.quantities
    )
    if anchored:
        return bool(shared) or (quantity.kind is Kind.COUNT and bool(quantity.of))
    whole = frozenset(stems(text))
    if whole <= passage.stems and len(whole) >= 2 and quantity.kind in {Kind.EFFECT, Kind.COUNT, Kind.AMOUNT}:
        return True
    if quantity.kind is Kind.AGE:
        return quantity.of in {"mean", "range"} and _only(abstract, held)
    return bool(shared - abstract.topics)


def _as_negated(quantity: Quantity, text: str, passage: _Passage) -> bool:
    """Whether the sentence denies what the passage denies, where a denial turns the figure round ("did not answer")."""
    if quantity.kind is Kind.EFFECT:
        return True
    return bool(_NEGATED.search(same_length(text))) == bool(_NEGATED.search(same_length(passage.text)))


def _follows_up(text: str, quantity: Quantity) -> bool:
    """Whether a time is that of the follow-up."""
    plain = same_length(text)
    return bool(_FOLLOW_UP.search(plain[max(0, quantity.start - 50) : quantity.end + 20]))


def _same_estimate(said: Sequence[Quantity], index: int, passage: _Passage, held: Quantity) -> bool:
    """Whether the interval follows the same effect size or percentage in the sentence and in the passage."""
    before = said[index - 1] if index else None
    place = passage.quantities.index(held)
    estimate = passage.quantities[place - 1] if place else None
    return bool(
        before and estimate and before.kind is estimate.kind and before.of == estimate.of and agrees(before, estimate)
    )


def _only(abstract: _Abstract, held: Quantity) -> bool:
    """Whether the abstract has no second value that could be meant."""
    same = [one for passage in abstract.passages for one in passage.quantities if _comparable(held, one)]
    return len({one.values for one in same}) == 1


_DONE = (
    r"(?:were|was|had been)?\s?(?:included|enrolled|randomi[sz]ed|recruited|assigned|studied|followed|analy[sz]ed|pooled|"
    r"surveyed|answered|took part|participated|completed the survey|reached|received)\b"
)
_TOTAL_BEFORE = re.compile(
    r"\b(?:reviews?|meta-analys[ei]s|analys[ei]s|trials?|stud(?:y|ies)|surveys?|cohort|registry|registries|registers?|data|authors|we|"
    r"researchers|rcts?)\b[^.;]{0,30}?\b(?:of|with|among|from|included?|covered|pooled|enrolled|assigned|followed|combined|"
    r"analy[sz]ed|had|brought together|looked at|involved|involving|recruited|compared|studied|in|identified|searched)\s"
    r"(?:a total of |more than |about |over |nearly |almost |some |around )?$|\ba total of $|\b(?:participants|patients|subjects|sample)[:.,]?\s$|"
    r"\b(?:compared|tested|given|evaluated|assessed|effects?) [^.;]{0,60}\bin\s$"
)
_SUBSET_BEFORE = re.compile(
    r"\b(?:of the|of these|of those|of whom|only|further|additional|more|remaining|first|last)\s$|^in $"
)


def _is_total(text: str, quantity: Quantity) -> bool:
    """Whether a count is that of the whole study or review: "a review of 12 trials", "240 adults were enrolled"."""
    plain = same_length(text)
    before, after = plain[max(0, quantity.start - 80) : quantity.start], plain[quantity.end : quantity.end + 60]
    if _SUBSET_BEFORE.search(before):
        return False
    if not before.strip() and re.match(r"(?:\s[\w'-]+){1,4}?\s(?:with|of)\s", after):
        return True
    return bool(_TOTAL_BEFORE.search(before) or re.match(rf"(?:\s[\w'-]+){{1,6}}?\s{_DONE}", after))


def _quote(text: str, quantity: Quantity | None = None) -> str:
    """Return a passage, cut to a length around the quantity."""
    if len(text) <= _QUOTED:
        return text
    middle = quantity.start if quantity else 0
    start = max(0, min(middle - _QUOTED // 2, len(text) - _QUOTED))
    cut = text[start : start + _QUOTED]
    return f"{'…' if start else ''}{cut.strip()}{'…' if start + _QUOTED < len(text) else ''}"
