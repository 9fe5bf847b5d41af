"""Compare each figure in a sentence with the abstracts of its sources.

A figure is **found** if an abstract has it: the same kind of quantity with the same value, as exactly as the sentence
gives it ("about 40%" for 39.6%, "nearly half" for 48%). It **follows** if it can be derived from one passage (61 of
138 is 44%, a relative risk of 0.75 is 25% less). It is found with **another value** if the abstract has the same
quantity but not that value. Everything else is **not in the abstract**, which is not a fault: an abstract is not the work.

An abstract is assumed to have the same quantity only if

- every source of the sentence has a complete abstract, and the sentence has the citation keys itself;
- all other figures of the sentence are found, and each of its content words is in an abstract;
- the sentence is not about other work ("another trial", a year that no abstract names) or a recommendation ("should");
- one passage of the abstract has a comparable quantity with the words around the figure, or with another figure of the
  sentence; or both figures give the size of the study or the number of studies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from pubkit.claims.figures.abstracts import Abstract, Passage, read
from pubkit.claims.figures.agreement import agrees, comparable, contradicts, counted, kinds_of, same_kind
from pubkit.claims.figures.content_words import stems
from pubkit.claims.figures.quantities import Kind, Quantity, Said, quantities, same_length, years
from pubkit.editorial.model import FigureState
from pubkit.expressions import expression

__all__ = ["Figure", "figures", "worded"]

#: The length of a quoted passage in characters.
_QUOTED = 300


class Figure(Struct, frozen=True):
    """One figure in a sentence, and what the abstracts say about it.

    `key` and `quote` are the source and the passage of its abstract that has the figure, or another value for it; `held`
    are the words of that other value.
    """

    quantity: Quantity
    state: FigureState
    key: str = ""
    quote: str = ""
    held: str = ""


def figures(text: str, sources: Mapping[str, str], *, own: bool = True) -> tuple[Figure, ...]:
    """Return each figure in a sentence with what the abstracts say about it.

    Args:
        text: the sentence, without its citations.
        sources: the abstract of each source, by key; empty for a source without one.
        own: whether the sentence has the citation keys itself; only then is another value looked for.
    """
    said = quantities(text)
    held = {key: read(abstract) for key, abstract in sources.items() if abstract}
    found = [_found(one, held) for one in said]
    missing = [index for index, figure in enumerate(found) if figure is None]
    complete = own and bool(held) and len(held) == len(sources) and all(one.whole for one in held.values())
    if complete and len(missing) == 1:
        found[missing[0]] = _Sentence(text, said, missing[0]).other_value(held)
    # If one of several sources has no abstract, a figure may be from that source.
    left = FigureState.ABSENT if held and len(held) == len(sources) else FigureState.NO_ABSTRACT
    return tuple(figure or Figure(one, left) for one, figure in zip(said, found, strict=True))


def worded(text: str, quantity: Quantity) -> str:
    """Return a figure in the words of the sentence, a count with up to two words of its noun: "276 children"."""
    named = min(2, len(quantity.of.split())) if quantity.kind is Kind.COUNT and quantity.of != "participant" else 0
    after = re.match(rf"(?:[ -][\w'’-]+){{0,{named}}}", text[quantity.end : quantity.end + 64])
    return text[quantity.start : quantity.end] + (after[0] if after else "")


def _found(said: Quantity, held: Mapping[str, Abstract]) -> Figure | None:
    """Return where an abstract has the figure, or else something from which it follows."""
    for state in (FigureState.FOUND, FigureState.FOLLOWS):
        for key, abstract in held.items():
            values = abstract.held if state is FigureState.FOUND else abstract.derived
            for passage, one in (pair for kind in kinds_of(said) for pair in values.get(kind, ())):
                if same_kind(said, one) and agrees(said, one):
                    return Figure(said, state, key, _quote(passage.text, one))
    return None


def _quote(text: str, quantity: Quantity) -> str:
    """Return a passage, shortened around the quantity."""
    if len(text) <= _QUOTED:
        return text
    start = max(0, min(quantity.start - _QUOTED // 2, len(text) - _QUOTED))
    end = start + _QUOTED
    return f"{'…' if start else ''}{text[start:end].strip()}{'…' if end < len(text) else ''}"


# ------------------------------------------------------------------------------------------------------- the same quantity

_ELSEWHERE = expression(
    r"\b(?:another|other|others|previous|previously|earlier|later|second|third|separate|different|similar|elsewhere|unlike|"
    r"except|excluding|affects?|should|must|recommend\w*|advis\w*|normal\w*|usual\w*|typical\w*|ideal\w*|target|goal|limit|if|"
    r"would|could|expected|planned|aim\w*|estimated|worldwide|globally|each year|every year|per year|annual\w*)\b"
)
_NEGATED = expression(r"\b(?:not|no|never|neither|nor|none|cannot)\b|n't\b")
_FOLLOW_UP = expression(r"\bfollow(?:ed|ing)?(?:[- ]up)?\b")
_CLAUSE = expression(r"[;:]\s|,? (?:but|while|whereas|although|though)\b")
_HEDGES = r"(?:a total of |more than |about |over |nearly |almost |some |around )?"
_SIZED = expression(
    r"\b(?:(?:this|the) (?:[\w-]+ ){0,3}?(?:trial|study|survey|cohort|rct)|(?:an?|this|the) (?:[\w-]+ ){0,3}?"
    r"(?:review|meta-analys[ei]s)),? (?:\w+ )?(?:of|in|with|among|from|that|included?|covered|pooled|enrolled|assigned|"
    rf"followed|combined|brought together|had)\s(?:included |followed |enrolled |pooled )?{_HEDGES}$"
)
_DONE = (
    r"(?:were|was|had been)?\s?(?:included|enrolled|randomi[sz]ed|recruited|assigned|studied|followed|analy[sz]ed|pooled|"
    r"surveyed|answered|took part|participated|completed the survey|reached|received)\b"
)
_TOTAL_BEFORE = expression(
    r"\b(?:reviews?|meta-analys[ei]s|analys[ei]s|trials?|stud(?:y|ies)|surveys?|cohort|registry|registries|registers?|data|"
    r"authors|we|researchers|rcts?)\b[^.;]{0,30}?\b(?:of|with|among|from|included?|covered|pooled|enrolled|assigned|followed|"
    r"combined|analy[sz]ed|had|brought together|looked at|involved|involving|recruited|compared|studied|in|identified|"
    rf"searched)\s{_HEDGES}$|\ba total of $|\b(?:participants|patients|subjects|sample)[:.,]?\s$|"
    r"\b(?:compared|tested|given|evaluated|assessed|effects?) [^.;]{0,60}\bin\s$"
)
_TOTAL_AFTER = expression(rf"(?:\s[\w'-]+){{1,6}}?\s{_DONE}")
_FIRST_WORDS = expression(r"(?:\s[\w'-]+){1,4}?\s(?:with|of)\s")
_SUBSET_BEFORE = expression(
    r"\b(?:of the|of these|of those|of whom|only|further|additional|more|remaining|first|last)\s$|^in $"
)


class _Sentence:
    """A sentence with one figure that no abstract has: `said[index]`."""

    def __init__(self, text: str, said: Sequence[Quantity], index: int) -> None:
        self.text = text
        self.plain = same_length(text)
        self.said = said
        self.index = index
        self.figure = said[index]
        self.stems = frozenset(stems(text))
        self.near = frozenset(stems(self._segment()))

    def other_value(self, held: Mapping[str, Abstract]) -> Figure | None:
        """Return the figure with the value that an abstract has for the same quantity; None if there is none."""
        if not self._can_be_contradicted() or not self._keeps_to(held.values()):
            return None
        for key, abstract in held.items():
            for passage in abstract.passages:
                if one := next((one for one in self._candidates(passage) if self._means(one, passage, abstract)), None):
                    words = worded(passage.text, one)
                    return Figure(self.figure, FigureState.OTHER_VALUE, key, _quote(passage.text, one), words)
        return None

    def _can_be_contradicted(self) -> bool:
        """Return whether another value can contradict the figure; multiples, p-values and "more than half" are vague."""
        figure = self.figure
        share = figure.kind is Kind.PERCENT and figure.said in {Said.LESS, Said.MORE} and "%" not in self._words()
        return figure.kind not in {Kind.FOLD, Kind.PROBABILITY} and not share

    def _words(self) -> str:
        return self.text[self.figure.start : self.figure.end]

    def _keeps_to(self, abstracts: Iterable[Abstract]) -> bool:
        """Return whether everything in the sentence is also in the abstracts, as far as its words show."""
        held = list(abstracts)
        if self.plain.rstrip().endswith("?") or _ELSEWHERE.search(self.plain):
            return False
        if not years(self.text) <= frozenset[str]().union(*(one.years for one in held)):
            return False
        known = self.stems <= frozenset[str]().union(*(one.stems for one in held))
        return known or (len(held) == 1 and self._sizes_source())

    def _sizes_source(self) -> bool:
        """Return whether the figure is the size of the source itself: "the trial of 276"."""
        return self.figure.kind is Kind.COUNT and _SIZED.search(self._before(80)) is not None

    def _before(self, reach: int) -> str:
        return self.plain[max(0, self.figure.start - reach) : self.figure.start]

    def _segment(self) -> str:
        """Return the words around the figure, within its clause and up to the figures beside it.

        A time or an age between them is not a border ("retention at week 24 was 66%"), and of two values for one thing
        ("from 20.3 to 14.6 days") the second has the words of the first.
        """
        passed = {Kind.TIME, Kind.AGE} - {self.figure.kind}
        borders = [one for one in self.said if one is self.figure or one.kind not in passed]
        place = borders.index(self.figure)
        end = borders[place + 1].start if place + 1 < len(borders) else len(self.text)
        after, before = _CLAUSE.split(self.text[self.figure.end : end])[0], ""
        while place >= 0 and not any(stems(before)):
            place -= 1
            start = borders[place].end if place >= 0 else 0
            before = _CLAUSE.split(self.text[start : self.figure.start])[-1]
        return f"{before} {after}"

    def _candidates(self, passage: Passage) -> list[Quantity]:
        """Return the quantities in a passage that the figure may mean, the nearest first, without those used up."""
        others = [one for one in self.said if one is not self.figure]
        fit = (
            one
            for one in passage.quantities
            if comparable(self.figure, one)
            and contradicts(self.figure, one)
            and not any(same_kind(other, one) and agrees(other, one) for other in others)
        )
        return sorted(fit, key=lambda one: abs(one.values[0] - self.figure.values[0]))

    def _means(self, held: Quantity, passage: Passage, abstract: Abstract) -> bool:
        """Return whether the figure means the quantity `held`."""
        kind = self.figure.kind
        if kind is Kind.INTERVAL:
            return self._same_estimate(passage, held)
        if kind is Kind.COUNT and counted(self.figure.of) and _is_total(self.plain, self.figure):
            return _is_total(same_length(passage.text), held)
        if (
            not self.near <= passage.stems | abstract.topics
            or not self._denies_as(passage)
            or not self._timed_as(passage)
        ):
            return False
        if kind is Kind.TIME and _is_follow_up(self.plain, self.figure):
            return _is_follow_up(same_length(passage.text), held)
        shared = self.near & passage.stems
        if self._anchored(passage):
            return bool(shared) or (kind is Kind.COUNT and bool(self.figure.of))
        if kind in {Kind.EFFECT, Kind.COUNT, Kind.AMOUNT} and len(self.stems) > 1 and self.stems <= passage.stems:
            return True
        if kind is Kind.AGE:
            return self.figure.of in {"mean", "range"} and _is_only(abstract, held)
        return bool(shared - abstract.topics)

    def _same_estimate(self, passage: Passage, held: Quantity) -> bool:
        """Return whether the interval follows the same effect size or percentage in the sentence and in the passage."""
        place = passage.quantities.index(held)
        if not self.index or not place:
            return False
        before, estimate = self.said[self.index - 1], passage.quantities[place - 1]
        return before.kind is estimate.kind and before.of == estimate.of and agrees(before, estimate)

    def _anchored(self, passage: Passage) -> bool:
        """Return whether the passage has another figure of the sentence."""
        others = (one for one in self.said if one is not self.figure and one.kind is not Kind.FOLD)
        return any(same_kind(other, one) and agrees(other, one) for other in others for one in passage.quantities)

    def _timed_as(self, passage: Passage) -> bool:
        """Return whether the passage has each time of the sentence: "at 12 months" is not what was seen at 6."""
        times = [one for one in self.said if one.kind is Kind.TIME and one is not self.figure]
        held = [one for one in passage.quantities if one.kind is Kind.TIME]
        return all(any(agrees(one, other) for other in held) for one in times)

    def _denies_as(self, passage: Passage) -> bool:
        """Return whether both deny something or neither does: a denial reverses a figure ("did not answer")."""
        if self.figure.kind is Kind.EFFECT:
            return True
        return bool(_NEGATED.search(self.plain)) == bool(_NEGATED.search(same_length(passage.text)))


def _is_total(plain: str, quantity: Quantity) -> bool:
    """Return whether a count is that of the whole study: "a review of 12 trials", "240 adults were enrolled"."""
    before, after = plain[max(0, quantity.start - 80) : quantity.start], plain[quantity.end : quantity.end + 60]
    if _SUBSET_BEFORE.search(before):
        return False
    if not before.strip() and _FIRST_WORDS.match(after):
        return True
    return bool(_TOTAL_BEFORE.search(before) or _TOTAL_AFTER.match(after))


def _is_follow_up(plain: str, quantity: Quantity) -> bool:
    """Return whether a time is the length of follow-up."""
    return _FOLLOW_UP.search(plain[max(0, quantity.start - 50) : quantity.end + 20]) is not None


def _is_only(abstract: Abstract, held: Quantity) -> bool:
    """Return whether no second value in the abstract could be meant."""
    values = {one.values for passage in abstract.passages for one in passage.quantities if comparable(held, one)}
    return len(values) == 1
