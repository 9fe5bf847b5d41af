"""The quantities in a sentence: what is counted or measured, how large it is, and how exactly that is said.

Read are percentages, fractions ("one in five"), counts with their noun, effect sizes with their interval, p-values, ages,
spans of time, and amounts with a unit; in digits or English words, with the spellings of journals ("0·85", ".85", "1 234",
"5.0–7.2"). Not read are numbers that are part of a name ("COVID-19", "CYP2C19", "phase 3", "type 2"), years and dates.

Every pattern is applied at a number and looks at a bounded stretch around it, so that the time is linear in the text.
"""

from __future__ import annotations

import enum
import itertools
import re
from collections.abc import Iterator

from msgspec import Struct

__all__ = ["Kind", "Quantity", "Said", "quantities", "same_length", "years"]


class Kind(enum.StrEnum):
    """What a quantity is; two quantities can contradict each other only if they are of one kind."""

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
    """How exactly a value is given."""

    EXACT = "exact"
    ABOUT = "about"
    LESS = "less"
    MORE = "more"


class Quantity(Struct, frozen=True):
    """One quantity, at `text[start:end]`.

    `values` holds one value, or two for a range or an interval; a time is in days. `of` names what is counted or measured:
    the noun of a count, the measure of an effect size, the unit of an amount, "mean", "range" or "from" for an age. `step`
    is the distance between two values that would be written the same, 1 for "12", 0.1 for "0.8", 100 for "5,600".
    """

    kind: Kind
    values: tuple[float, ...]
    start: int
    end: int
    of: str = ""
    said: Said = Said.EXACT
    step: float = 1.0


_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_WORTH = {word: float(number) for number, word in enumerate(_UNITS)}
_WORTH |= {word: 20.0 + 10 * number for number, word in enumerate(_TENS)}
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
_SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}

_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,8})?(?!,?\d)|\d{1,3}(?: \d{3}){1,4}(?!\d)|\d{1,12}(?:\.\d{1,8})?|\.\d{1,8}"
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_UNITS[1:10])}))?|(?:{'|'.join(_UNITS[1:])}))\b"
    r"|(?:a|an)(?= (?:hundred|thousand|million|billion|dozen)\b)"
)
_SIGN = r"(?:(?<![\w)%.])-)?"
_NUMBER = re.compile(
    rf"(?<![\w.,*:/^$€£])(?<![a-z]-)(?P<sign>{_SIGN})(?:(?P<digits>{_DIGITS})|(?<!-)(?P<word>{_WORD}))"
    rf"(?:[ -](?P<scale>hundred|thousand|million|billion|dozen)\b)?"
)
_NEXT = re.compile(
    rf"\s?(?P<percent>%|percent|per cent)?\s?(?P<join>to|and|-|or)\s?(?P<sign>-?)"
    rf"(?:(?P<digits>{_DIGITS})|(?P<word>{'|'.join(_UNITS[1:20])}|{'|'.join(_TENS)})\b)"
)
_SHARE = re.compile(
    r"\b(?P<many>an?|one|two|three|four)?[ -]?(?P<share>half|thirds?|quarters?|fifths?|tenths?)\b(?=[ ,.;)]|$)"
    r"(?! (?:a|an|life|hour|trimester|line|stage|party|phase|year|degree)\b)"
)
_PERCENT = re.compile(r"\s?(?:%|percent\b|per cent\b|percentage[ -]points?\b)")
_LEVEL = re.compile(r"\s?%\s?(?:confidence|ci\b|cri\b|credible|prediction)")
_OUT_OF = re.compile(
    rf"\s(?P<by>in|out of|of)\s(?:every\s|the\s)?(?:(?P<digits>{_DIGITS})|(?P<word>{'|'.join(_UNITS[2:13])}|twenty|"
    rf"fifty|a hundred|a thousand))(?![\w%]|\.\d| ?%)(?!\s(?:hours?|days?|weeks?|months?|years?))"
)
_INTERVAL = re.compile(
    rf"(?:(?:confidence|credible|uncertainty|prediction)\s(?:interval|limits?)|\bc[ir]i?)\b(?:\s?\([a-z]{{2,4}}\))?[\s,:;=(\[]{{0,4}}"
    rf"(?:of |from |was |is )?(?P<low>-?(?:{_DIGITS}))\s?%?\s?(?:to|-|,|;|and)\s{{0,2}}(?P<high>-?(?:{_DIGITS}))"
)
_EFFECT = re.compile(
    r"(?P<measure>hazard ratio|odds ratio|risk ratio|relative risk|rate ratio|mean difference|standardi[sz]ed mean difference|"
    r"risk difference|adjusted difference|number needed to (?:treat|harm)|effect size|cohen(?:'?s)? d|\ba?hr|\bshr|\ba?rr|"
    r"\birr|\ba?or|\bsmd|\bwmd|\bmd|\bnnth?|\bnnh)s?(?:\s?\([^()]{1,12}\))?[\s,:=]{0,3}(?:for [a-z ]{1,30})?"
    r"(?:\s?(?:of|was|is|were))?\s?(?:about |around |only |just )?$"
)
_NAMES = {
    "hazard ratio": "hr", "odds ratio": "or", "risk ratio": "rr", "relative risk": "rr", "rate ratio": "irr",
    "mean difference": "md", "risk difference": "rd", "number needed to treat": "nnt", "number needed to harm": "nnh",
    "nntb": "nnt", "nnth": "nnh", "cohens d": "d", "cohen's d": "d", "cohen d": "d", "ahr": "hr", "shr": "hr", "aor": "or",
    "arr": "rr", "wmd": "md", "adjusted difference": "md",
}  # fmt: skip
_BARE_INTERVAL = re.compile(
    rf"[,;]?\s?[(\[]?(?P<low>-?(?:{_DIGITS}))\s?(?:to|-)\s?(?P<high>-?(?:{_DIGITS}))(?![\w.]*%)"
)
_P_VALUE = re.compile(r"\bp(?:[ -]?value)?s?\s?(?:of |was |[<=>≤≥]){1,2}\s?$")
_TIME = re.compile(r"[ -]?(?P<unit>minute|min|hour|day|night|week|month|year|decade|yr|wk|hr)s?\b(?!-of-)")
_DAYS = {
    "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24, "hr": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "wk": 7.0,
    "month": 365.25 / 12, "year": 365.25, "yr": 365.25, "decade": 3652.5,
}  # fmt: skip
_TIME_POINT = re.compile(r"\b(?P<unit>day|week|month|year)s?\s(?:\d[\d, ]{0,30}(?:and )?)?$")
_OLD = re.compile(
    r"[ -]years?[ -](?:old\b|of age\b|olds?\b)|\s?(?:years?\s)?(?:or|and)\s(?:older|over|above|younger)\b"
)
_AGED = re.compile(
    r"\b(?P<centre>mean|median|average|typical)?\s?(?:(?:patient|participant)s?'?\s)?(?:\bage[ds]?|in age)\b"
    r"(?:\sof\s(?:the\s)?[a-z]{3,20})?(?:\s?\([^()]{1,20}\))?(?:,)?(?:\s(?:of|was|were|is|range|ranged|between|from|over|under|at least|above|below|"
    r"about|around)){0,3}\s?$|\b(?P<on>were|was)\s$|"
    r"\b(?:people|adults|women|men|patients|those|children|persons|participants) (?:over|under|above|below)\s$"
)
_ON_AVERAGE = re.compile(r"[ -]years? old on average\b")
_OPEN = re.compile(r"\s?(?:years?(?: of age)?\s)?(?:or|and)\s(?:older|over|above|more|up)\b")
_AMOUNT = re.compile(
    r"[ -]?(?P<unit>(?:mg|mcg|µg|μg|ug|kg|g|ng|ml|dl|l|iu|mmol|nmol|mmhg|kcal|cm|mm|milligrams?|micrograms?|grams?|points?|cups?|"
    r"tablets?|capsules?|drops?|doses?|euros?|dollars?|pounds?|percentiles?)(?:/(?:kg|day|d|l|dl|ml|m2|week)){0,2})(?![\w/])"
)
_FOLD = re.compile(r"(?:[ -]?fold\b|\stimes\s(?:as|more|higher|greater|lower|less|the)\b)")
_FOLD_WORD = re.compile(
    r"\b(?:(?P<two>twice(?! (?:a|per|daily|each|every|weekly)\b)|doubl(?:e|es|ed|ing)\b(?!-))|(?P<three>tripl(?:e|es|ed|ing)\b)|(?P<less>halv(?:e|es|ed|ing)\b))"
)
_NAME_BEFORE = re.compile(
    r"(?:\b(?:covid|sars-cov|omega|phase|type|grade|stage|class|level|step|group|arm|schedule|figure|fig|table|chapter|section|"
    r"part|version|factor|hepatitis|vitamin|category|no|number|nr|tier|appendix|box|question|item|outcome|model|aim|unit|"
    r"scale of \d+ to|sdg|il|cd|hpv|interleukin|protein|article|trial|room|page|pp?|vol|volume)\.?[ -]|[#§@*^]|\bwas no |"
    r"scale of \d{1,3}[ -](?:to )?)$"
)
_NAME_AFTER = re.compile(
    r"-(?!(?:minute|hour|day|night|week|month|year|fold|point|item|session|centre|center|dose|arm|mg|g|ml|percent|cm|mm|kg|and|or|to)\b)[a-z]|[*:/^]\w|(?!(?:mg|mcg|µg|μg|ug|kg|g|ng|ml|dl|l|iu|mmol|nmol|mmhg|kcal|cm|mm|h|hr|min|yr|y|wk|d)\b)[a-z]"
)
_MONTH = r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b"
_DATE_AFTER = re.compile(rf"(?:st|nd|rd|th)?\s(?:of )?{_MONTH}")
_DATE_BEFORE = re.compile(rf"{_MONTH}\.?\s$")
_SIZE = re.compile(r"\bn\s?=\s?$")
_NOUN = re.compile(r"[ -](?P<words>(?:[a-z][a-z'-]{0,30} ){0,5}?[a-z][a-z'-]{1,30})(?=[\s.,;:)!?]|$)")
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|approximately|some|an estimated|estimated|circa|near|close to|or so)\s(?:an?\s)?$|[~≈]\s?$"
)
_LESS = re.compile(
    r"\b(?:nearly|almost|just under|less than|fewer than|under|below|up to|at most|no more than|as many as|not quite)\s(?:an?\s)?$|[<≤]\s?$"
)
_MORE = re.compile(
    r"\b(?:more than|over|above|at least|just over|greater than|upwards of|exceeding|beyond)\s(?:an?\s)?$|[>≥]\s?$"
)
_YEAR = re.compile(r"(?<![\d,.-])(?:1[89]|20)\d\d(?![\d,%]|\.\d)")

#: Characters that journals use for one another, each exchanged for one of the same length.
_SAME = {ord(char): "-" for char in "‐‑‒–—−"} | {ord(char): " " for char in "\u00a0\u2007\u2009\u202f\u200a\n\t"}
_SAME |= {ord("·"): ".", ord("‧"): ".", ord("∙"): ".", ord("’"): "'"}

#: How far around a number its neighbours are looked at, in characters.
_REACH = 64
#: A sentence with more figures is no sentence; the others are not read.
_MOST = 100


def same_length(text: str) -> str:
    """Return `text` in lower case with one kind of dash, blank and decimal point, each character in its place."""
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text)
    return lowered.translate(_SAME)


def years(text: str) -> frozenset[str]:
    """Return the years that `text` names: "2016-2017", "in 1998"."""
    return frozenset(_YEAR.findall(same_length(text).replace("-", " ")))


def quantities(text: str) -> tuple[Quantity, ...]:
    """Return the quantities in `text`, in their order; none of them overlap."""
    return tuple(_Reader(text).read())


class _Reader:
    """One text, read from left to right; `_done` is where the last quantity ended."""

    def __init__(self, text: str) -> None:
        self.original = text
        self.text = same_length(text)
        self._done = 0

    def read(self) -> Iterator[Quantity]:
        found = [*self._first(self._intervals()), *self._first(self._shares()), *self._first(self._folds())]
        taken = sorted((one.start, one.end) for one in found)
        for match in _NUMBER.finditer(self.text):
            if len(found) >= _MOST:
                break
            if match.start() < self._done or any(start <= match.start() < end for start, end in taken):
                continue
            for quantity in self._quantity(match):
                self._done = max(self._done, quantity.end)
                found.append(quantity)
        yield from sorted(found, key=lambda one: (one.start, one.end))

    @staticmethod
    def _first(found: Iterator[Quantity]) -> Iterator[Quantity]:
        return itertools.islice(found, _MOST // 4)

    def _intervals(self) -> Iterator[Quantity]:
        for match in _INTERVAL.finditer(self.text):
            step = _step(match["low"].lstrip("-"))
            values = (_value(match["low"]), _value(match["high"]))
            yield Quantity(Kind.INTERVAL, values, match.start("low"), match.end("high"), step=step)

    def _shares(self) -> Iterator[Quantity]:
        for match in _SHARE.finditer(self.text):
            if match["many"] is None and match["share"] != "half":
                continue
            many = _WORTH.get(match["many"] or "", 1.0)
            value = many * _SHARES[match["share"].rstrip("s")]
            said = self._said(match.start())
            said = Said.ABOUT if said is Said.EXACT else said
            yield Quantity(Kind.PERCENT, (value,), match.start(), match.end(), said=said)

    def _folds(self) -> Iterator[Quantity]:
        for match in _FOLD_WORD.finditer(self.text):
            value = 2.0 if match["two"] else 3.0 if match["three"] else 0.5
            yield Quantity(Kind.FOLD, (value,), match.start(), match.end(), said=Said.ABOUT)

    def _said(self, start: int) -> Said:
        before = self.text[max(0, start - 24) : start]
        hedges = ((Said.ABOUT, _ABOUT), (Said.LESS, _LESS), (Said.MORE, _MORE))
        return next((said for said, pattern in hedges if pattern.search(before)), Said.EXACT)

    def _quantity(self, match: re.Match[str]) -> Iterator[Quantity]:
        start, end = match.span()
        before, after = self.text[max(0, start - _REACH) : start], self.text[end : end + _REACH]
        if self._is_name(match, before, after):
            return
        value, step = self._amount_of(match)
        said = self._said(start)
        if _SIZE.search(before):
            yield Quantity(Kind.COUNT, (value,), start, end, "participant", said, step)
        elif _P_VALUE.search(before):
            yield Quantity(Kind.PROBABILITY, (value,), start, end, said=said, step=step)
        elif effect := _EFFECT.search(before):
            yield from self._effect(match, effect, value, said, step)
        elif _AGED.search(before) or _OLD.match(after):
            yield from self._age(match, before, value, said, step)
        elif out_of := self._out_of(after):
            yield from self._fraction(match, out_of, value, said)
        else:
            yield from self._plain(match, before, value, said, step)

    def _is_name(self, match: re.Match[str], before: str, after: str) -> bool:
        """Whether the number belongs to a name or a date, is a year, or is the word "one" without a unit."""
        if _NAME_BEFORE.search(before) or _NAME_AFTER.match(after) or _LEVEL.match(after):
            return True
        if _DATE_AFTER.match(after) or (_DATE_BEFORE.search(before) and not _PERCENT.match(after)):
            return True
        if match["word"] == "one":
            return not (_TIME.match(after) or _OUT_OF.match(after) or match["scale"] or _PERCENT.match(after))
        if match["digits"] and _YEAR.fullmatch(match["digits"]):
            return not (
                re.match(r"\s(?:[a-z-]+ ){0,2}(?:participants|people|patients|adults|women|men|children)\b", after)
                or _PERCENT.match(after)
                or _AMOUNT.match(after)
                or _SIZE.search(before)
            )
        return False

    def _amount_of(self, match: re.Match[str]) -> tuple[float, float]:
        scale = _SCALES.get(match["scale"] or "", 1.0)
        if match["digits"]:
            return _value(match["sign"] + match["digits"]) * scale, _step(match["digits"]) * scale
        word = match["word"]
        value = 1.0 if word in {"a", "an"} else sum(_WORTH[part] for part in word.split("-"))
        return value * scale, scale

    def _second(self, end: int) -> re.Match[str] | None:
        """The second value of a range or a list of two that begins before `end`."""
        return _NEXT.match(self.text[end : end + 40])

    def _effect(
        self, match: re.Match[str], effect: re.Match[str], value: float, said: Said, step: float
    ) -> Iterator[Quantity]:
        place = match.start() - min(_REACH, match.start()) + effect.start("measure")
        written = self.original[place : place + len(effect["measure"])]
        name = effect["measure"]
        if name in {"or", "md", "arr"} and not written.isupper():
            yield from self._plain(match, self.text[max(0, match.start() - _REACH) : match.start()], value, said, step)
            return
        name = _NAMES.get(name, "smd" if name.startswith("standard") else name)
        yield Quantity(Kind.EFFECT, (value,), match.start(), match.end(), name, said, step)
        yield from self._bare_interval(match.end())

    def _bare_interval(self, end: int) -> Iterator[Quantity]:
        """The bounds that follow an effect size without a name: "0.80, 0.75 to 0.86"."""
        if bounds := _BARE_INTERVAL.match(self.text[end : end + 40]):
            values = (_value(bounds["low"]), _value(bounds["high"]))
            place = end + bounds.start("low")
            yield Quantity(Kind.INTERVAL, values, place, end + bounds.end(), step=_step(bounds["low"].lstrip("-")))

    def _age(self, match: re.Match[str], before: str, value: float, said: Said, step: float) -> Iterator[Quantity]:
        after = self.text[match.end() : match.end() + _REACH]
        aged = _AGED.search(before)
        if aged and aged["on"] and not _OLD.match(after):
            yield from self._plain(match, before, value, said, step)
            return
        second = self._second(match.end())
        if second and second["join"] != "or" and not second["percent"]:
            values = (value, _following(second))
            yield Quantity(Kind.AGE, values, match.start(), match.end() + second.end(), "range", said, step)
            return
        centre = (aged and aged["centre"]) or _ON_AVERAGE.match(after)
        older = _OPEN.match(after) or said is Said.MORE
        of = "mean" if centre else "from" if older else ""
        yield Quantity(Kind.AGE, (value,), match.start(), match.end(), of, Said.EXACT if older else said, step)

    def _out_of(self, after: str) -> re.Match[str] | None:
        return _OUT_OF.match(after)

    def _fraction(self, match: re.Match[str], out_of: re.Match[str], value: float, said: Said) -> Iterator[Quantity]:
        word = (out_of["word"] or "").removeprefix("a ")
        whole = _value(out_of["digits"]) if out_of["digits"] else _WORTH.get(word) or _SCALES.get(word, 0.0)
        end = match.end() + out_of.end()
        if not 0 < value < whole:
            return
        small = whole in {2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 20, 50} and out_of["by"] != "of"
        if small or out_of["by"] == "in" or whole in {100, 1_000, 10_000, 100_000}:
            shown = Said.ABOUT if small and said is Said.EXACT else said
            yield Quantity(Kind.PERCENT, (100 * value / whole,), match.start(), end, said=shown)
            return
        yield Quantity(Kind.COUNT, (value,), match.start(), match.end(), "", said, 1.0)
        place = match.end() + out_of.start("digits" if out_of["digits"] else "word")
        yield Quantity(Kind.COUNT, (whole,), place, end, _noun(self.text[end : end + _REACH]), Said.EXACT, 1.0)

    def _plain(self, match: re.Match[str], before: str, value: float, said: Said, step: float) -> Iterator[Quantity]:
        second = self._second(match.end())
        if second:
            other = _following(second)
            unit = self._unit(match.end() + second.end())
            if unit and unit[0] is not Kind.COUNT and (second["percent"] is None or unit[0] is Kind.PERCENT):
                yield from self._both(match, second, (value, other), said, step, unit)
                return
        if point := _TIME_POINT.search(before):
            days = _DAYS[point["unit"]]
            yield Quantity(Kind.TIME, (value * days,), match.start(), match.end(), point["unit"], said, step * days)
            return
        kind, of, factor, length = self._unit(match.end()) or (Kind.COUNT, "", 1.0, 0)
        yield Quantity(kind, (value * factor,), match.start(), match.end() + length, of, said, step * factor)

    def _both(
        self,
        match: re.Match[str],
        second: re.Match[str],
        values: tuple[float, float],
        said: Said,
        step: float,
        unit: tuple[Kind, str, float, int],
    ) -> Iterator[Quantity]:
        """A range ("84% to 90%", "2-8 weeks") or two values ("from 32.0% to 27.3%", "33% and 41%") with one unit."""
        kind, of, factor, length = unit
        middle = match.end() + second.start("sign")
        end = match.end() + second.end()
        yield Quantity(kind, (values[0] * factor,), match.start(), match.end(), of, said, step * factor)
        other = (_step(second["digits"]) if second["digits"] else 1.0) * factor
        yield Quantity(kind, (values[1] * factor,), middle, end + length, of, Said.EXACT, other)

    def _unit(self, end: int) -> tuple[Kind, str, float, int] | None:
        """What follows a number: its kind, unit or noun, the factor to the standard unit, and the length of the unit."""
        after = self.text[end : end + _REACH]
        if found := _PERCENT.match(after):
            return Kind.PERCENT, "points" if "point" in found[0] else "", 1.0, found.end()
        if found := _FOLD.match(after):
            return Kind.FOLD, "", 1.0, 0
        if found := _TIME.match(after):
            return Kind.TIME, found["unit"], _DAYS[found["unit"]], found.end()
        if found := _AMOUNT.match(after):
            return Kind.AMOUNT, _amount_unit(found["unit"]), 1.0, found.end()
        if noun := _noun(after):
            return Kind.COUNT, noun, 1.0, 0
        return None


def _amount_unit(unit: str) -> str:
    name = unit.replace("μ", "µ").replace("mcg", "µg").replace("ug", "µg")
    long = {"milligram": "mg", "microgram": "µg", "gram": "g"}
    return long.get(name.rstrip("s"), name if "/" in name else name.rstrip("s"))


_STOP_NOUN = re.compile(
    r"^(?:and|or|to|in|of|on|at|by|with|without|from|for|than|were|was|is|are|had|have|has|did|who|that|which|after|before|during|as|"
    r"vs|versus|v|but|while|against|compared|per|times|years?|died|said|took|used|under|over|but|so|when|if)$"
)


def _noun(after: str) -> str:
    """The last word of the noun phrase that follows a number: "trials" in " randomised controlled trials with"; "" where
    there is none."""
    words: list[str] = []
    for word in re.findall(r"[ -]([a-z][a-z'-]{0,30})(?=[\s.,;:)!?-]|$)", re.match(r"(?:[ -][a-z'-]+){0,5}", after)[0]):  # type: ignore[index]
        if _STOP_NOUN.match(word):
            break
        words.append(word)
    return " ".join(words[:5])


def _following(second: re.Match[str]) -> float:
    """The second value of a range or pair."""
    if second["word"]:
        return _WORTH[second["word"]]
    return _value(second["digits"] if second["join"] == "-" else second["sign"] + second["digits"])


def _value(digits: str) -> float:
    return float(digits.replace(",", "").replace(" ", ""))


def _step(digits: str) -> float:
    """The distance to the next value that would be written as exactly: 0.01 for "0.85", 100 for "5,600", 1 for "40"."""
    plain = digits.replace(",", "").replace(" ", "")
    whole, point, decimals = plain.partition(".")
    if point:
        return float(10 ** -len(decimals))
    zeros = len(whole) - len(whole.rstrip("0"))
    return float(10 ** min(zeros, max(0, len(whole) - 2))) if len(whole) > 2 else 1.0
