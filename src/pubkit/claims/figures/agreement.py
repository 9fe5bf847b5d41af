"""Decide whether two quantities are comparable, whether their values agree, and whether they exclude each other."""

from __future__ import annotations

from msgspec import structs

from pubkit.claims.figures.abstracts import RATIOS
from pubkit.claims.figures.content_words import counts_people, counts_works, stem
from pubkit.claims.figures.quantities import Kind, Quantity, Said

__all__ = ["agrees", "comparable", "contradicts", "counted", "kinds_of", "same_kind"]

#: The largest distance of a value from "about", "nearly" and "more than" another, as a share of that value.
_ABOUT, _LEAST, _MOST = 0.12, 0.8, 1.3
#: The same for percentages, as a share of the smaller part: "nearly half" is 42% at least, "nearly 98%" 97%.
_PART = 0.15
#: Half a step, with room for binary rounding.
_HALF = 0.505
#: Effect sizes that are differences, which a sentence may give as an amount ("12 points lower").
_DIFFERENCES = frozenset({"md", "rd", "smd", "d"})
_DIFFERING = frozenset({Kind.AMOUNT, Kind.PERCENT, Kind.COUNT})


def kinds_of(said: Quantity) -> tuple[Kind, ...]:
    """Return the kinds of quantities as which a figure may be found, its own first."""
    return (said.kind, Kind.EFFECT) if said.kind in _DIFFERING else (said.kind,)


def same_kind(said: Quantity, held: Quantity) -> bool:
    """Return whether the two can be one figure; looser than `comparable`, because it is in the author's favour."""
    if said.kind is not held.kind:
        return held.kind is Kind.EFFECT and held.of in _DIFFERENCES and said.kind in _DIFFERING
    if said.kind is Kind.COUNT:
        return not said.of or not held.of or _comparable_counts(said, held)
    if said.kind is Kind.EFFECT:
        return said.of == held.of or {said.of, held.of} <= RATIOS | {""}
    return said.kind is not Kind.AMOUNT or said.of == held.of


def comparable(said: Quantity, held: Quantity) -> bool:
    """Return whether two quantities have the same kind, and the same unit, measure or noun."""
    if said.kind is not held.kind:
        return False
    if said.kind is Kind.COUNT:
        return _comparable_counts(said, held)
    return said.kind is Kind.INTERVAL or said.of == held.of


def _comparable_counts(said: Quantity, held: Quantity) -> bool:
    group, other = counted(said.of), counted(held.of)
    if group or other:
        return group == other
    if not said.of or not held.of:
        return not said.of and not held.of and (said.step < 1) == (held.step < 1)
    return bool(_noun_stems(said.of) & _noun_stems(held.of))


def _noun_stems(words: str) -> set[str]:
    return {stem(word) for word in words.split()[:2]}


def counted(words: str) -> str:
    """Return "people" or "works" if a word of the noun phrase means these; "" otherwise."""
    groups = ("works" if counts_works(word) else "people" if counts_people(word) else "" for word in words.split())
    return next(filter(None, groups), "")


def agrees(said: Quantity, held: Quantity) -> bool:
    """Return whether `said` may give the value `held`: rounded to its digits, and as exactly as its wording claims."""
    if len(said.values) == len(held.values):
        return all(_near(said, held, one, other) for one, other in zip(said.values, held.values, strict=True))
    first = structs.replace(said, values=said.values[:1])
    return any(agrees(first, structs.replace(held, values=(other,))) for other in held.values)


def _near(said: Quantity, held: Quantity, value: float, other: float) -> bool:
    if held.of in _DIFFERENCES:
        value, other = abs(value), abs(other)
    rounding = _HALF * max(said.step, held.step)
    if said.kind is Kind.COUNT and value == int(value) and other != int(other):
        return False
    if said.kind is Kind.PERCENT and abs(value - other) > max(1 + _PART * min(value, abs(100 - value)), rounding):
        return False
    if said.said is Said.LESS:
        return min(value, other) >= _LEAST * max(value, other) and other <= value + rounding
    if said.said is Said.MORE:
        return value - rounding <= other <= _MOST * value
    about = _ABOUT * max(abs(value), abs(other)) if said.said is Said.ABOUT else 0.0
    return abs(value - other) <= max(rounding, about)


def contradicts(said: Quantity, held: Quantity) -> bool:
    """Return whether the values exclude each other, by the distance that the wording of both requires."""
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
    return held.said is Said.ABOUT
