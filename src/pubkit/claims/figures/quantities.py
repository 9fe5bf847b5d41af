"""The quantities in a sentence: what is counted or measured, its value, and how exactly the value is given.

These are percentages, fractions ("one in five"), counts with their noun, effect sizes with their interval, p-values, ages,
periods, and amounts with a unit; in digits or English words, with the spellings of journals ("0·85", ".85", "1 234",
"5.0–7.2"). Numbers that are part of a name ("COVID-19", "CYP2C19", "phase 3", "type 2"), years and dates are not read.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator

from msgspec import Struct

from pubkit.claims.figures import patterns

__all__ = ["Kind", "Quantity", "Said", "quantities", "same_length", "years"]


class Kind(enum.StrEnum):
    """The kind of a quantity; two quantities can contradict each other only if they are of one kind."""

    PERCENT = "percentage"
    COUNT = "count"
    EFFECT = "effect size"
    INTERVAL = "interval"
    PROBABILITY = "p-value"
    AGE = "age"
    TIME = "time"
    AMOUNT = "amount"
    FOLD = "multiple"


class Said(enum.StrEnum):
    """How exactly a value is given: "12", "about 12", "nearly 12" or "up to 12", "more than 12"."""

    EXACT = "exact"
    ABOUT = "about"
    LESS = "less"
    MORE = "more"


class Quantity(Struct, frozen=True):
    """One quantity, at `text[start:end]`.

    `values` holds one value, or two for an interval and a range of ages; a time is in days. `of` names what is counted or
    measured: the noun phrase of a count, the unit of an amount or a time, the measure of an effect size ("" if only its
    interval shows what it is); for an age "mean", "range" or "from". `step` is the distance to the next value written as
    exactly: 1 for "12", 0.1 for "0.8", 100 for "5,600".
    """

    kind: Kind
    values: tuple[float, ...]
    start: int
    end: int
    of: str = ""
    said: Said = Said.EXACT
    step: float = 1.0


class _Unit(Struct, frozen=True):
    """What follows a number: its kind, unit or noun, the factor to the standard unit, and the length of the unit."""

    kind: Kind
    of: str = ""
    factor: float = 1.0
    length: int = 0


class _Number(Struct, frozen=True):
    """One number, and up to 64 characters before and after it."""

    match: re.Match[str]
    value: float
    step: float
    said: Said
    before: str
    after: str

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()


#: Characters that journals use for one another, each replaced by one of the same length.
_SAME = {ord(char): "-" for char in "‐‑‒–—−"} | {ord(char): " " for char in "\u00a0\u2007\u2009\u202f\u200a\n\t"}
_SAME |= {ord("·"): ".", ord("‧"): ".", ord("∙"): ".", ord("’"): "'"}
#: How many characters before and after a number are looked at.
_REACH = 64
#: The most figures in a sentence that are read.
_MOST = 100
#: Wholes of which a part is meant roughly ("one in five"), and wholes that make a percentage ("21 of 100").
_ROUGH_WHOLES = frozenset({2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50})
_EVEN_WHOLES = frozenset({100, 1_000, 10_000, 100_000})


def same_length(text: str) -> str:
    """Return `text` in lower case with one kind of dash, space and decimal point, each character in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered.translate(_SAME)


def years(text: str) -> frozenset[str]:
    """Return the years that `text` names: "2016-2017", "in 1998"."""
    return frozenset(patterns.YEAR.findall(same_length(text).replace("-", " ")))


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in `text`, in order; they do not overlap."""
    plain = same_length(text)
    if not patterns.ANY.search(plain):
        return ()
    reader = _Reader(text, plain)
    named = (_intervals(plain), _shares(plain), _multiples(plain))
    found = [one for several in named for one in itertools.islice(several, _MOST // 4)]
    found += itertools.islice(reader.numbers([(one.start, one.end) for one in found]), _MOST - len(found))
    return tuple(sorted(found, key=lambda one: (one.start, one.end)))


def _intervals(plain: str) -> Iterator[Quantity]:
    for match in patterns.INTERVAL.finditer(plain):
        values = (_value(match["low"]), _value(match["high"]))
        yield Quantity(Kind.INTERVAL, values, match.start("low"), match.end("high"), step=_step(match["low"]))


def _shares(plain: str) -> Iterator[Quantity]:
    """Yield "half", "two thirds" and the like, which are approximate unless other words say how exact they are."""
    for match in patterns.SHARE.finditer(plain):
        if match["many"] is None and match["share"] != "half":
            continue
        value = patterns.WORTH.get(match["many"] or "", 1.0) * patterns.SHARES[match["share"].rstrip("s")]
        said = _said(plain, match.start())
        rough = Said.ABOUT if said is Said.EXACT else said
        yield Quantity(Kind.PERCENT, (value,), match.start(), match.end(), said=rough)


def _multiples(plain: str) -> Iterator[Quantity]:
    for match in patterns.FOLD_WORD.finditer(plain):
        value = 2.0 if match["two"] else 3.0 if match["three"] else 0.5
        yield Quantity(Kind.FOLD, (value,), match.start(), match.end(), said=Said.ABOUT)


def _said(plain: str, start: int) -> Said:
    before = plain[max(0, start - 24) : start]
    hedges = ((Said.ABOUT, patterns.ABOUT), (Said.LESS, patterns.LESS), (Said.MORE, patterns.MORE))
    return next((said for said, pattern in hedges if pattern.search(before)), Said.EXACT)


class _Reader:
    """The numbers of one text; `plain` is the text as `same_length` returns it."""

    def __init__(self, text: str, plain: str) -> None:
        self.text = text
        self.plain = plain

    def numbers(self, taken: list[tuple[int, int]]) -> Iterator[Quantity]:
        """Yield the quantities that begin with a number outside the stretches `taken`."""
        done = 0
        for match in patterns.NUMBER.finditer(self.plain):
            if match.start() < done or any(start <= match.start() < end for start, end in taken):
                continue
            for quantity in self._quantity(self._number(match)):
                done = max(done, quantity.end)
                yield quantity

    def _number(self, match: re.Match[str]) -> _Number:
        start, end = match.span()
        value, step = _worth(match)
        before, after = self.plain[max(0, start - _REACH) : start], self.plain[end : end + _REACH]
        return _Number(match, value, step, _said(self.plain, start), before, after)

    def _quantity(self, number: _Number) -> Iterator[Quantity]:
        if _is_name(number) or _is_date(number) or _is_bare_one(number):
            return
        if patterns.SIZE.search(number.before):
            yield _simple(number, Kind.COUNT, "participant")
        elif patterns.P_VALUE.search(number.before):
            yield _simple(number, Kind.PROBABILITY)
        elif measure := self._measure(number):
            yield _simple(number, Kind.EFFECT, measure)
            yield from self._bare_interval(number.end)
        elif _is_age(number):
            yield _age(number)
        elif (out_of := patterns.OUT_OF.match(number.after)) and not _names_year(out_of):
            yield from self._fraction(number, out_of)
        elif number.step < 1 and patterns.INTERVAL_IN_BRACKETS.match(number.after):
            yield _simple(number, Kind.EFFECT)
            yield from self._bare_interval(number.end)
        else:
            yield from self._plain(number)

    def _measure(self, number: _Number) -> str:
        """Return the effect size whose value the number is; OR is one only in capitals."""
        effect = patterns.EFFECT.search(number.before)
        if effect is None:
            return ""
        place = number.start - len(number.before) + effect.start("measure")
        name = effect["measure"]
        if name in {"or", "md", "arr"} and not self.text[place : place + len(name)].isupper():
            return ""
        return patterns.EFFECT_NAMES.get(name, name)

    def _bare_interval(self, end: int) -> Iterator[Quantity]:
        if bounds := patterns.BARE_INTERVAL.match(self.plain[end : end + 40]):
            values = (_value(bounds["low"]), _value(bounds["high"]))
            start = end + bounds.start("low")
            yield Quantity(Kind.INTERVAL, values, start, end + bounds.end(), step=_step(bounds["low"]))

    def _fraction(self, number: _Number, out_of: re.Match[str]) -> Iterator[Quantity]:
        """Yield the percentage in "one in five" and "21 of 100", or the two counts in "61 of 138 children"."""
        word = (out_of["word"] or "").removeprefix("a ")
        whole = _value(out_of["digits"]) if out_of["digits"] else patterns.WORTH.get(word) or patterns.SCALES[word]
        end = number.end + out_of.end()
        if not 0 < number.value < whole:
            return
        rough = whole in _ROUGH_WHOLES and out_of["by"] != "of"
        if rough or out_of["by"] == "in" or whole in _EVEN_WHOLES:
            said = Said.ABOUT if rough and number.said is Said.EXACT else number.said
            yield Quantity(Kind.PERCENT, (100 * number.value / whole,), number.start, end, said=said)
            return
        yield Quantity(Kind.COUNT, (number.value,), number.start, number.end, said=number.said)
        start = number.end + out_of.start("digits" if out_of["digits"] else "word")
        yield Quantity(Kind.COUNT, (whole,), start, end, _noun(self.plain[end : end + _REACH]))

    def _plain(self, number: _Number) -> Iterator[Quantity]:
        second = patterns.NEXT.match(number.after[:40])
        unit = self._unit(number.end + second.end()) if second else None
        if second and unit and unit.kind is not Kind.COUNT and (unit.kind is Kind.PERCENT or not second["percent"]):
            yield from _pair(number, second, unit)
        elif point := patterns.TIME_POINT.search(number.before):
            yield _in_unit(number, _Unit(Kind.TIME, point["unit"], patterns.DAYS[point["unit"]]))
        else:
            yield _in_unit(number, self._unit(number.end) or _Unit(Kind.COUNT))

    def _unit(self, end: int) -> _Unit | None:
        after = self.plain[end : end + _REACH]
        if found := patterns.PERCENT.match(after):
            return _Unit(Kind.PERCENT, "points" if "point" in found[0] else "", length=found.end())
        if patterns.FOLD.match(after):
            return _Unit(Kind.FOLD)
        if found := patterns.TIME.match(after):
            return _Unit(Kind.TIME, found["unit"], patterns.DAYS[found["unit"]], found.end())
        if found := patterns.AMOUNT.match(after):
            return _Unit(Kind.AMOUNT, _amount_unit(found["unit"]), length=found.end())
        noun = _noun(after)
        return _Unit(Kind.COUNT, noun) if noun else None


def _is_name(number: _Number) -> bool:
    """Return whether the number is part of a name, or the level of an interval."""
    return bool(
        patterns.NAME_BEFORE.search(number.before)
        or patterns.NAME_AFTER.match(number.after)
        or patterns.LEVEL.match(number.after)
    )


def _is_date(number: _Number) -> bool:
    """Return whether the number is a year or a day of a month."""
    percent = patterns.PERCENT.match(number.after)
    if patterns.DATE_AFTER.match(number.after) or (patterns.DATE_BEFORE.search(number.before) and not percent):
        return True
    if not patterns.YEAR.fullmatch(number.match["digits"] or ""):
        return False
    counted = patterns.PEOPLE_AFTER.match(number.after) or patterns.AMOUNT.match(number.after)
    return not (counted or percent or patterns.SIZE.search(number.before))


def _names_year(out_of: re.Match[str]) -> bool:
    """Return whether what looks like a share is a count in a year: "42 in 2013"."""
    return out_of["by"] == "in" and patterns.YEAR.fullmatch(out_of["digits"] or "") is not None


def _is_bare_one(number: _Number) -> bool:
    """Return whether the number is the word "one" without a unit, which counts nothing: "one of the trials"."""
    after = number.after
    unit = patterns.TIME.match(after) or patterns.OUT_OF.match(after) or patterns.PERCENT.match(after)
    return number.match["word"] == "one" and not (unit or number.match["scale"])


def _is_age(number: _Number) -> bool:
    aged = patterns.AGED.search(number.before)
    old = patterns.OLD.match(number.after)
    return bool(old or (aged and not aged["on"]))


def _age(number: _Number) -> Quantity:
    second = patterns.NEXT.match(number.after[:40])
    if second and second["join"] != "or" and not second["percent"]:
        values = (number.value, _following(second))
        end = number.end + second.end()
        return Quantity(Kind.AGE, values, number.start, end, "range", number.said, number.step)
    aged = patterns.AGED.search(number.before)
    if patterns.OPEN.match(number.after) or number.said is Said.MORE:
        return Quantity(Kind.AGE, (number.value,), number.start, number.end, "from", step=number.step)
    centre = (aged and aged["centre"]) or patterns.ON_AVERAGE.match(number.after)
    return _simple(number, Kind.AGE, "mean" if centre else "")


def _simple(number: _Number, kind: Kind, of: str = "") -> Quantity:
    return Quantity(kind, (number.value,), number.start, number.end, of, number.said, number.step)


def _in_unit(number: _Number, unit: _Unit) -> Quantity:
    value, step = number.value * unit.factor, number.step * unit.factor
    return Quantity(unit.kind, (value,), number.start, number.end + unit.length, unit.of, number.said, step)


def _pair(number: _Number, second: re.Match[str], unit: _Unit) -> Iterator[Quantity]:
    """Yield the two values of a range ("84% to 90%", "2-8 weeks") or of a list with one unit ("33% and 41%")."""
    yield _in_unit(number, _Unit(unit.kind, unit.of, unit.factor))
    start, end = number.end + second.start("sign"), number.end + second.end() + unit.length
    step = _step(second["digits"] or "") * unit.factor
    yield Quantity(unit.kind, (_following(second) * unit.factor,), start, end, unit.of, step=step)


def _worth(match: re.Match[str]) -> tuple[float, float]:
    """Return the value and the step of a number in digits or words."""
    scale = patterns.SCALES.get(match["scale"] or "", 1.0)
    if match["digits"]:
        return _value(match["sign"] + match["digits"]) * scale, _step(match["digits"]) * scale
    word = match["word"]
    value = 1.0 if word in {"a", "an"} else sum(patterns.WORTH[part] for part in word.split("-"))
    return value * scale, scale


def _following(second: re.Match[str]) -> float:
    """Return the second value of a range or pair; a dash before it is not a minus sign."""
    if second["word"]:
        return patterns.WORTH[second["word"]]
    return _value(second["digits"] if second["join"] == "-" else second["sign"] + second["digits"])


def _amount_unit(unit: str) -> str:
    name = unit.replace("μ", "µ").replace("mcg", "µg").replace("ug", "µg")
    long = {"milligram": "mg", "microgram": "µg", "gram": "g"}
    return long.get(name.rstrip("s"), name if "/" in name else name.rstrip("s"))


def _noun(after: str) -> str:
    """Return the noun phrase after a number: "randomised trials" in " randomised trials with"."""
    phrase = patterns.NOUN.match(after)
    words = re.split(r"[ -]", phrase[0])[1:] if phrase else []
    return " ".join(itertools.takewhile(lambda word: not patterns.NOUN_END.match(word), words))


def _value(digits: str) -> float:
    return float(digits.replace(",", "").replace(" ", ""))


def _step(digits: str) -> float:
    """Return the distance to the next value written as exactly: 0.01 for "0.85", 100 for "5,600", 1 for "40"."""
    whole, point, decimals = digits.lstrip("-").replace(",", "").replace(" ", "").partition(".")
    if point:
        return float(10 ** -len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    return float(10 ** min(zeros, len(whole) - 2)) if len(whole) > 2 else 1.0
