"""Doses, advice on taking something, and plain facts about health.

Every detector takes a folded sentence and returns the place of the statement in it, or None.
"""

from __future__ import annotations

import functools
import re

from pubkit.claims.grammar import disowned, is_question, negated
from pubkit.claims.wordlists import REMEMBERED, Hit, compile_grammar

__all__ = ["dose_advice", "health_fact", "numeric_dose"]

_UNIT = (
    r"(?:mg(?:/kg)?|milligrams?|mcg|µg|ug|micrograms?|grams?|g|ml|millilit(?:er|re)s?|cc|iu|international units?|"
    r"units?|capsules?|caps|tablets?|pills?|drops?|teaspoons?|tsp|tablespoons?|tbsp|scoops?|cups?|glass|glasses|leaf|"
    r"leaves|spoonfuls?|gummy|ounces?|oz|"
    r"sachets?|lozenges?|gummies|puffs?|sprays?|servings?|shots?)"
)


_NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|half a|a|1/2)"


_NUMERIC_DOSE = re.compile(
    rf"(?<![\w.]){_NUMBER}(?: ?(?:-|to|or|and) ?{_NUMBER})? ?{_UNIT}(?: \([^)]*\))?(?: (?:of|doses?) (?:[\w-]+ "
    rf"){{0,3}}?[\w-]+)?,? "
    r"(?:(?:[\w-]+ ){0,3}?(?:a day|per day|each day|every day|daily|a week|per week|weekly|once|twice|three times|"
    r"every \w+ hours?|at night|before bed|at bedtime|per (?:kg|kilogram)|in the morning|(?:every|each) (?:morning|"
    r"evening|night|meal)|per dose|a night|nightly|"
    r"with (?:food|meals)))(?!\w)|"
    rf"\b(?:tak(?:e|es|ing)|start(?:s|ing)? with|consum(?:e|es|ing)|dos(?:e|es|age|ages) (?:of|between|from|ranging "
    rf"from|is|are|was|were|above|below|up to|over|under)|swallow(?:ing)?|drink(?:ing)?|need|needs|exceed|up to|at "
    rf"least|no more than|recommended|recommends?|administer\w*) (?:[\w-]+ ){{0,3}}?{_NUMBER}(?: ?(?:-|to|or) "
    rf"?{_NUMBER})? ?{_UNIT}(?!\w)|\b\d[\d,.]*(?: ?(?:-|to) ?\d[\d,.]*)? ?(?:mg|mcg|µg|ug|g|iu)(?:/kg)? (?:doses?|"
    rf"dosages?)\b|\b(?:low|moderate|high|small|large|typical|average|starting|common|usual|effective|maximum|safe|"
    rf"daily) dos(?:e|es|age|ages)\b[^;?!]{{0,30}}?\d[\d,.]*(?: ?(?:-|to) ?\d[\d,.]*)? ?{_UNIT}(?!\w)"
)


_COUNTED = r"(?:\d[\d,.]*|two|three|four|five|six|half an?)"
_MORE_DOSES = re.compile(
    rf"\b(?:chew|dissolve|have|rub|sip|inject|give|use|put|place|mix|inhale|stay under|swallow|apply|add|drink|eat|take|"
    rf"vape|smoke|find|found|start(?:s|ing)? (?:at|on|with)|begin(?:s|ning)? (?:at|with)|starting point (?:is|of)|"
    rf"(?:intake|amount|dosage|dose|quantity)(?: \w+)? (?:is|of|should be|are)|dos(?:e|age):|limit (?:is|of)) (?:[\w-]+ "
    rf"){{0,2}}?{_COUNTED}(?: ?(?:-|to|or) ?{_NUMBER})? ?{_UNIT}(?!\w)|(?<![\w.])\d[\d,.]*(?: ?(?:-|to|or) ?\d[\d,.]*)? ?"
    rf"{_UNIT}(?: of (?:[\w-]+ ){{0,3}}?[\w-]+)? (?:is|are|will|should) (?:\w+ )?(?:enough|sufficient|plenty|do(?: the "
    rf"trick)?|ideal|optimal|the (?:standard|usual|normal|right|best)|advised|recommended|sensible|work)\b|"
    rf"\b{_COUNTED}(?: ?(?:-|to|or) ?{_NUMBER})? ?{_UNIT} (?:under the tongue|before (?:bed|meals|sleep)|(?:sufficient|"
    rf"enough) for|per (?:fluid )?(?:ounce|oz|cup|litre|liter|glass))\b|"
    rf"^take (?:it|this|them|one|a \w+) (?:once|twice|three times|\w+ times)(?: or (?:twice|three times))? (?:a day|daily|"
    rf"per day|a week)|\btake (?:a |one )?[\w-]+ (?:once|twice|three times)(?: or (?:twice|three times))? (?:a day|daily|"
    rf"per day)|\b(?:swallow|drink|take|eat|sip|have) (?:a|one) (?:spoonful|teaspoon|tablespoon|glass|cup|capsule|tablet|"
    rf"pill|gummy|shot)(?: of (?:[\w-]+ ){{1,4}}?(?:every|each|before|daily|a|twice|once|at)| (?:every|each|before|daily|"
    rf"twice|once|at)) ?(?:day|morning|evening|night|meal|bed|breakfast)?"
)
# What was given in a study or to one person, what a product contains, and plain food and drink.
_TOLD_OF = re.compile(
    r"\b(?:was|were|had|received|contains?|contained|tested|rats|mice|participants|your doctor|pharmacist|plenty of|"
    r"of water"
    r"(?! (?:with|and))|of milk|alcohol|blood|urine|samples?|label)\b"
)
_SAFE_DOSE = re.compile(
    r"\b(?:safe|ideal|optimal|optimum|perfect|correct|right|best|sweet spot) (?:(?:kratom|daily|starting|cbd|"
    r"recommended|effective) )?dos(?:e|es|age|ages|ing)\b(?! for you)"
)


_DOSE_ADVICE = re.compile(
    r"\b(?:increas|reduc|adjust|chang|lower|rais|doubl|halv|skip|split|taper|titrat)(?:e|es|ing|ed|ling|ping|s)? "
    r"(?:up |down )?(?:your|the|their|a|its) (?:\w+ ){0,2}?(?:dos(?:e|es|age|ages)|intake)\b|\b(?:recommended|typical|"
    r"usual|maximum|minimum|starting|standard|daily|therapeutic|effective|normal|adult|suggested|common|single|missed|"
    r"maintenance|curcumin|turmeric|kratom|cbd|vitamin \w) dos(?:e|es|age|ages)\b|\b(?:should|must|consider|need to|"
    r"advised to|start by|begin by|best to|recommended to) (?:\w+ ){0,3}?(?:take|taking|be taken|be applied to|be "
    r"given|drink|apply the|swallow|dose)\b(?! (?:care|(?:this|that|these|it|them) into|account|turns|part|place|time|"
    r"action|steps|advantage|into|a break|precautions|note|it easy|control|responsibility|notes|your|medical|off|over|"
    r"caution|condoms?|contraception|sunscreen|this (?:page|information)|the (?:time|internet|website)|any other))|"
    r"^(?:take|apply|drink|swallow|use|start with|give|chew|dissolve|mix) (?!part|care|place|time|action|steps|note|"
    r"caution|this quiz|our|advantage|it easy|a (?:look|break|moment|closer))(?:[\w-]+ ){0,6}?(?:daily|a day|per day|"
    r"twice|once|every|before|after|with (?:food|meals|water)|capsules?|tablets?|mg|drops?|teaspoons?|cups?)\b|"
    r"\b(?:should|to) take (?:a|an|one|two|your|this|it|them) (?:\w+ ){0,4}?(?:supplement|capsule|tablet|pill|dose|"
    r"vitamin)s?\b|\bdose[ -]dependent\b(?! )|\b(?:dosage|dosing) (?:of|for|guide|chart|recommendations?|"
    r"instructions?|guidelines?|depends|varies)\b"
)


_ASK_FIRST = re.compile(
    r"\b(?:talk(?:ing)? (?:to|with)|ask(?:ing)?|speak(?:ing)? (?:to|with)|consult(?:ing)?|tell(?:ing)?|check(?:ing)? "
    r"with|without (?:talking|asking|speaking|consulting|medical)|your doctor (?:may|might|will|can))\b"
)


@functools.lru_cache(maxsize=REMEMBERED)
def numeric_dose(text: str) -> Hit | None:
    """Return a dose or a frequency in figures, or a dose called safe or ideal."""
    if is_question(text):
        return None
    match = _NUMERIC_DOSE.search(text)
    if match and not re.match(r"(?:one|a|two) (?:shots?|cups?|glasses|drops?|units?|caps|g)\b", match.group()):
        return _hit(match)
    more = None if _TOLD_OF.search(text) else _MORE_DOSES.search(text)
    if more:
        return _hit(more)
    safe = _SAFE_DOSE.search(text)
    return _hit(safe) if safe and not _ASK_FIRST.search(text) and not disowned(text, safe.start(), safe.end()) else None


@functools.lru_cache(maxsize=REMEMBERED)
def dose_advice(text: str) -> Hit | None:
    """Return advice on how to take something or on dosage in general; advice to ask a doctor first does not count."""
    if is_question(text) or _ASK_FIRST.search(text):
        return None
    match = _DOSE_ADVICE.search(text)
    return _hit(match) if match and not negated(text, match.start()) else None


_BIOMEDICAL = (
    r"body|brain|liver|kidneys?|heart|lungs?|skin|gut|muscles?|bones?|blood|immune|nerv\w+|cells?|hormon\w*|"
    r"metabol\w*|receptors?|dopamine|serotonin|insulin|enzymes?|protein\w*|genes?|genetic\w*|dna|bacteri\w*|virus\w*|"
    r"viral|toxins?|toxic\w*|detox\w*|nutrient\w*|calori\w*|weight|digest\w*|sleep|mood|mental health|health|medic\w+|"
    r"drugs?|treatment\w*|therap\w+|patients?|doctors?|diagnos\w+|vaccin\w*|pregnan\w*|surgery|alcohol|tobacco|"
    r"nicotine|opioid\w*|opiate\w*|addict\w*|abuse|euphori\w*|stimulant\w*|sedat\w*|neurotransmitter\w*|inherit\w*|"
    r"chronic|acute|hydrat\w*|fat|glycogen|lab|clinical|schedule [iv]+|controlled substance|illegal|legal|regulated|"
    r"approved|banned|prescri\w+|die|dies|died|death\w*|fatal|risk\w*|inject\w*|breath\w*|hiccups?|allergen\w*|"
    r"immunity|infect\w*|fibrosis|silica|airways?"
)


_FACT_WORDS = rf"(?<!\w)(?:{_BIOMEDICAL}|<conditions>|<medical-treatments>)(?!\w)"


_VERB = re.compile(
    r"\b(?:is|are|was|were|isn't|aren't|has|have|had|can|cannot|can't|may|might|could|will|would|does|do|did|doesn't|"
    r"don't|causes?|leads?|helps?|affects?|increases?|reduces?|lowers?|raises?|improves?|acts?|binds?|contains?|"
    r"works?|occurs?|happens?|develops?|becomes?|makes?|requires?|involves?|includes?|means?|plays?|functions?|"
    r"supports?|offers?|produces?|creates?|protects?|prevents?|persists?|remains?|come|comes|tends?|carry|carries|"
    r"bestow|get|gets|need|needs|poses?|attacks?|irritates?|restores?|enters?|passes|spreads?|triggers?|contributes?|"
    r"cleanses?|burns?|respond|focus|\w+(?:ifies|izes|ises|ates|ed))\b"
)


_NOT_FACT = re.compile(
    r"^(?:see|ask|talk|call|seek|tell|visit|read|learn|find out|consult|contact|click|note that we|we (?:review|"
    r"describe|searched|discuss|used|thank|include)|this (?:article|page|chapter|section|guide|review|leaflet|site|"
    r"website)|in this (?:article|chapter|section|page|guide|review)|the (?:next|following|rest of)|please|do not|"
    r"don't|never|always|be |if you (?:think|are worried|need|or someone|have any|want)|thank|copyright|here|let's|"
    r"great|perhaps|table|figure|remember|i |my |our )\b|\b(?:i was|i am|i think|i know|i see|we think|should|must|"
    r"see your|ask your|talk to your|your doctor|contact your|emergency number|seek medical|call \d)\b"
)


@functools.cache
def _fact_pattern() -> re.Pattern[str]:
    return compile_grammar(_FACT_WORDS)


@functools.lru_cache(maxsize=REMEMBERED)
def health_fact(text: str) -> Hit | None:
    """Return a plain statement about health that a careful editor would want sourced; advice and signposts do not count."""
    if is_question(text) or len(text) < 25 or _NOT_FACT.search(text):
        return None
    word = _fact_pattern().search(text)
    return _hit(word) if word and _VERB.search(text) else None


def _hit(match: re.Match[str]) -> Hit:
    return Hit(match.start(), match.end(), match.group())
