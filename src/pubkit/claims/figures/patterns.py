"""Patterns for what comes before and after a number in English prose, applied at the number.

Every pattern reads a bounded stretch of text at the number, so that the time is linear. The patterns expect text as
`quantities.same_length` returns it: lower case, one kind of dash, space and decimal point.
"""

from __future__ import annotations

from pubkit.expressions import expression

__all__ = [
    "ABOUT",
    "AGED",
    "AMOUNT",
    "ANY",
    "BARE_INTERVAL",
    "DATE_AFTER",
    "DATE_BEFORE",
    "DAYS",
    "EFFECT",
    "EFFECT_NAMES",
    "FOLD",
    "FOLD_WORD",
    "INTERVAL",
    "INTERVAL_IN_BRACKETS",
    "LESS",
    "LEVEL",
    "MORE",
    "NAME_AFTER",
    "NAME_BEFORE",
    "NEXT",
    "NOUN",
    "NOUN_END",
    "NUMBER",
    "OLD",
    "ON_AVERAGE",
    "OPEN",
    "OUT_OF",
    "PEOPLE_AFTER",
    "PERCENT",
    "P_VALUE",
    "SCALES",
    "SHARE",
    "SHARES",
    "SIZE",
    "TIME",
    "TIME_POINT",
    "WORTH",
    "YEAR",
]

_ONES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")

#: The values of number words, of words for large numbers, and of words for shares (in per cent).
WORTH = {word: float(number) for number, word in enumerate((*_ONES, *_TEENS), 1)}
WORTH |= {word: 10.0 * number for number, word in enumerate(_TENS, 2)}
SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "dozen": 12.0}
SHARES = {"half": 50.0, "third": 100 / 3, "quarter": 25.0, "fifth": 20.0, "tenth": 10.0}

_DIGITS = r"\d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,8})?(?!,?\d)|\d{1,3}(?: \d{3}){1,4}(?!\d)|\d{1,12}(?:\.\d{1,8})?|\.\d{1,8}"
_WORD = (
    rf"(?:(?:{'|'.join(_TENS)})(?:-(?:{'|'.join(_ONES)}))?|{'|'.join(_TEENS)}|{'|'.join(_ONES)})\b"
    r"|(?:a|an)(?= (?:hundred|thousand|million|billion|dozen)\b)"
)
NUMBER = expression(
    rf"(?<![\w.,*:/^$€£])(?<![a-z]-)(?P<sign>(?:(?<![\w)%.])-)?)(?:(?P<digits>{_DIGITS})|(?<!-)(?P<word>{_WORD}))"
    r"(?:[ -](?P<scale>hundred|thousand|million|billion|dozen)\b)?"
)
#: What every quantity contains; a text without it has none.
ANY = expression(rf"\d|\b(?:{'|'.join((*_TENS, *_TEENS, *_ONES, *SCALES, *SHARES))}|thirds|twice|doubl|tripl|halv)")
#: The second value of a range ("84% to 90%") or of a pair ("33% and 41%").
NEXT = expression(
    r"\s?(?P<percent>%|percent|per cent)?\s?(?P<join>to|and|-|or)\s?(?P<sign>-?)"
    rf"(?:(?P<digits>{_DIGITS})|(?P<word>{'|'.join((*_TEENS, *_TENS, *_ONES))})\b)"
)

PERCENT = expression(r"\s?(?:%|percent\b|per cent\b|percentage[ -]points?\b)")
#: The level of an interval, which is not a result.
LEVEL = expression(r"\s?%\s?(?:confidence|ci\b|cri\b|credible|prediction)")
SHARE = expression(
    r"\b(?:(?P<many>an?|one|two|three|four)[ -])?(?P<share>half|thirds?|quarters?|fifths?|tenths?)\b(?=[ ,.;)]|$)"
    r"(?! (?:a|an|life|hour|trimester|line|stage|party|phase|year|degree)\b)"
)
OUT_OF = expression(
    rf"\s(?P<by>in|out of|of)\s(?:every\s|the\s)?(?:(?P<digits>{_DIGITS})|"
    r"(?P<word>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|fifty|a hundred|a thousand))"
    r"(?![\w%]|\.\d| ?%)(?!\s(?:hours?|days?|weeks?|months?|years?))"
)

INTERVAL = expression(
    r"(?:(?:confidence|credible|uncertainty|prediction)\s(?:interval|limits?)|\bc[ir]i?)\b(?:\s?\([a-z]{2,4}\))?"
    rf"[\s,:;=(\[]{{0,4}}(?:of |from |was |is )?(?P<low>-?(?:{_DIGITS}))\s?%?\s?(?:to|-|,|;|and)\s{{0,2}}"
    rf"(?P<high>-?(?:{_DIGITS}))"
)
#: The bounds that follow an effect size without a name: "0.80, 0.75 to 0.86".
BARE_INTERVAL = expression(rf"[,;]?\s?[(\[]?(?P<low>-?(?:{_DIGITS}))\s?(?:to|-)\s?(?P<high>-?(?:{_DIGITS}))(?![\w.]*%)")
#: The interval that shows that a decimal number is an effect size: "1.85 (1.08 to 3.16)".
INTERVAL_IN_BRACKETS = expression(rf"\s[(\[]-?(?:{_DIGITS})\s?(?:to|-)\s?-?(?:{_DIGITS})[)\]]")
EFFECT = expression(
    r"(?P<measure>hazard ratio|odds ratio|risk ratio|relative risk|rate ratio|mean difference|"
    r"standardi[sz]ed mean difference|risk difference|adjusted difference|number needed to (?:treat|harm)|effect size|"
    r"cohen(?:'?s)? d|\ba?hr|\bshr|\ba?rr|\birr|\ba?or|\bsmd|\bwmd|\bmd|\bnnth?|\bnnh)s?(?:\s?\([^()]{1,12}\))?"
    r"[\s,:=]{0,3}(?:for [a-z ]{1,30})?(?:\s?(?:of|was|is|were))?\s?(?:about |around |only |just )?$"
)
#: One name for each effect size.
EFFECT_NAMES = {
    "hazard ratio": "hr", "odds ratio": "or", "risk ratio": "rr", "relative risk": "rr", "rate ratio": "irr",
    "mean difference": "md", "risk difference": "rd", "number needed to treat": "nnt", "number needed to harm": "nnh",
    "nnth": "nnh", "cohens d": "d", "cohen's d": "d", "cohen d": "d", "ahr": "hr", "shr": "hr", "aor": "or", "arr": "rr",
    "wmd": "md", "adjusted difference": "md", "standardised mean difference": "smd", "standardized mean difference": "smd",
}  # fmt: skip
P_VALUE = expression(r"\bp(?:[ -]?value)?s?\s?(?:of |was |[<=>≤≥]){1,2}\s?$")
SIZE = expression(r"\bn\s?=\s?$")

TIME = expression(r"[ -]?(?P<unit>minute|min|hour|day|night|week|month|year|decade|yr|wk|hr)s?\b(?!-of-)")
TIME_POINT = expression(r"\b(?P<unit>day|week|month|year)s?\s(?:\d[\d, ]{0,30}(?:and )?)?$")
#: The days of each unit of time.
DAYS = {
    "minute": 1 / 1440, "min": 1 / 1440, "hour": 1 / 24, "hr": 1 / 24, "day": 1.0, "night": 1.0, "week": 7.0, "wk": 7.0,
    "month": 365.25 / 12, "year": 365.25, "yr": 365.25, "decade": 3652.5,
}  # fmt: skip
_PEOPLE = "people|adults|women|men|patients|those|children|persons|participants"
AGED = expression(
    r"\b(?P<centre>mean|median|average|typical)?\s?(?:(?:patient|participant)s?'?\s)?(?:\bage[ds]?|in age)\b"
    r"(?:\sof\s(?:the\s)?[a-z]{3,20})?(?:\s?\([^()]{1,20}\))?(?:,)?(?:\s(?:of|was|were|is|range|ranged|between|from|over|"
    r"under|at least|above|below|about|around)){0,3}\s?$|\b(?P<on>were|was)\s$|"
    rf"\b(?:{_PEOPLE}) (?:over|under|above|below)\s$"
)
OLD = expression(r"[ -]years?[ -](?:old\b|of age\b|olds?\b)|\s?(?:years?\s)?(?:or|and)\s(?:older|over|above|younger)\b")
ON_AVERAGE = expression(r"[ -]years? old on average\b")
OPEN = expression(r"\s?(?:years?(?: of age)?\s)?(?:or|and)\s(?:older|over|above|more|up)\b")

_MASSES = "mg|mcg|µg|μg|ug|kg|g|ng|ml|dl|l|iu|mmol|nmol|mmhg|kcal|cm|mm"
AMOUNT = expression(
    rf"[ -]?(?P<unit>(?:{_MASSES}|milligrams?|micrograms?|grams?|points?|cups?|tablets?|capsules?|drops?|doses?|euros?|"
    r"dollars?|pounds?|percentiles?)(?:/(?:kg|day|d|l|dl|ml|m2|week)){0,2})(?![\w/])"
)
FOLD = expression(r"(?:[ -]?fold\b|\stimes\s(?:as|more|higher|greater|lower|less|the)\b)")
FOLD_WORD = expression(
    r"\b(?:(?P<two>twice(?! (?:a|per|daily|each|every|weekly)\b)|doubl(?:e|es|ed|ing)\b(?!-))|"
    r"(?P<three>tripl(?:e|es|ed|ing)\b)|(?P<less>halv(?:e|es|ed|ing)\b))"
)

#: Words after which a number is part of a name: "phase 3", "type 2", "scale of 0 to 100".
NAME_BEFORE = expression(
    r"(?:\b(?:covid|sars-cov|omega|phase|type|grade|stage|class|level|step|group|arm|schedule|figure|fig|table|chapter|"
    r"section|part|version|factor|hepatitis|vitamin|category|no|number|nr|tier|appendix|box|question|item|outcome|model|"
    r"aim|unit|sdg|il|cd|hpv|interleukin|protein|article|trial|room|page|pp?|vol|volume)\.?[ -]|[#§@*^]|"
    r"scale of (?:\d{1,3}[ -](?:to )?)?)$"
)
NAME_AFTER = expression(
    r"-(?!(?:minute|hour|day|night|week|month|year|fold|point|item|session|centre|center|dose|arm|mg|g|ml|percent|cm|mm|kg|"
    rf"and|or|to)\b)[a-z]|[*:/^]\w|(?!(?:{_MASSES}|h|hr|min|yr|wk)\b)[a-z]"
)
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|"
    r"aug|sept?|oct|nov|dec)\b"
)
DATE_AFTER = expression(rf"(?:st|nd|rd|th)?\s(?:of )?{_MONTH}")
DATE_BEFORE = expression(rf"{_MONTH}\.?\s$")
YEAR = expression(r"(?<![\d,.-])(?:1[89]|20)\d\d(?!\d|[,.]\d|%)")
PEOPLE_AFTER = expression(rf"\s(?:[a-z-]+ ){{0,2}}(?:{_PEOPLE})\b")

ABOUT = expression(
    r"\b(?:about|around|roughly|approximately|some|an estimated|estimated|circa|near|close to|or so)\s(?:an?\s)?$|[~≈]\s?$"
)
LESS = expression(
    r"\b(?:nearly|almost|just under|less than|fewer than|under|below|up to|at most|no more than|as many as|not quite)\s"
    r"(?:an?\s)?$|[<≤]\s?$"
)
MORE = expression(
    r"\b(?:more than|over|above|at least|just over|greater than|upwards of|exceeding|beyond)\s(?:an?\s)?$|[>≥]\s?$"
)

NOUN = expression(r"(?:[ -][a-z'-]{1,30}){0,5}")
#: Words that end the noun phrase after a number.
NOUN_END = expression(
    r"^(?:and|or|to|in|of|on|at|by|with|without|from|for|than|were|was|is|are|had|have|has|did|who|that|which|after|before|"
    r"during|as|vs|versus|v|but|while|against|compared|per|times|years?|died|said|took|used|under|over|so|when|if)$"
)
