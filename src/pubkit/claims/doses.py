"""Doses, advice on taking something, and plain facts about health.

Every detector takes a folded sentence and returns the place of the statement in it, or None.
"""

from __future__ import annotations

import re

from pubkit.claims.detector import detector
from pubkit.claims.grammar import disowned, is_question, negated
from pubkit.claims.patterns import Expression, Pattern
from pubkit.claims.wordlists import Hit, grammar

__all__ = ["dose_advice", "health_fact", "numeric_dose"]

_UNIT = (
    r"(?:mg(?:/kg)?|milligrams?|mcg|µg|ug|micrograms?|grams?|g|ml|millilit(?:er|re)s?|cc|iu|international units?|"
    r"units?|capsules?|caps|tablets?|pills?|drops?|teaspoons?|tsp|tablespoons?|tbsp|scoops?|cups?|glasses|ounces?|oz|"
    r"sachets?|lozenges?|gummies|puffs?|sprays?|servings?|shots?)"
)


_NUMBER = r"(?:\d[\d,.]*|one|two|three|four|five|six|half a|a|1/2)"


_NUMERIC_DOSE = Pattern(
    rf"(?<![\w.]){_NUMBER}(?: ?(?:-|to|or|and) ?{_NUMBER})? ?{_UNIT}(?: \([^)]*\))?(?: (?:of|doses?) (?:[\w-]+ "
    rf"){{0,3}}?[\w-]+)?,? "
    r"(?:(?:[\w-]+ ){0,3}?(?:a day|per day|each day|every day|daily|a week|per week|weekly|once|twice|three times|"
    r"every \w+ hours?|at night|before bed|at bedtime|per (?:kg|kilogram)|in the morning|per dose|a night|nightly|"
    r"with (?:food|meals)))(?!\w)|"
    rf"\b(?:tak(?:e|es|ing)|start(?:s|ing)? with|consum(?:e|es|ing)|dos(?:e|es|age|ages) (?:of|between|from|ranging "
    rf"from|is|are|was|were|above|below|up to|over|under)|swallow(?:ing)?|drink(?:ing)?|need|needs|exceed|up to|at "
    rf"least|no more than|recommended|recommends?|administer\w*) (?:[\w-]+ ){{0,3}}?{_NUMBER}(?: ?(?:-|to|or) "
    rf"?{_NUMBER})? ?{_UNIT}(?!\w)|\b\d[\d,.]*(?: ?(?:-|to) ?\d[\d,.]*)? ?(?:mg|mcg|µg|ug|g|iu)(?:/kg)? (?:doses?|"
    rf"dosages?)\b|\b(?:low|moderate|high|small|large|typical|average|starting|common|usual|effective|maximum|safe|"
    rf"daily) dos(?:e|es|age|ages)\b[^;?!]{{0,30}}?\d[\d,.]*(?: ?(?:-|to) ?\d[\d,.]*)? ?{_UNIT}(?!\w)"
)


_SAFE_DOSE = Pattern(
    r"\b(?:safe|ideal|optimal|optimum|perfect|correct|right|best|sweet spot) (?:(?:kratom|daily|starting|cbd|"
    r"recommended|effective) )?dos(?:e|es|age|ages|ing)\b"
)


_DOSE_ADVICE = Pattern(
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


_ASK_FIRST = Expression(
    r"\b(?:talk(?:ing)? (?:to|with)|ask(?:ing)?|speak(?:ing)? (?:to|with)|consult(?:ing)?|tell(?:ing)?|check(?:ing)? "
    r"with|without (?:talking|asking|speaking|consulting|medical)|your doctor (?:may|might|will|can))\b"
)


@detector
def numeric_dose(text: str) -> Hit | None:
    """Return a dose or a frequency in figures, or a dose called safe or ideal."""
    if is_question(text):
        return None
    match = _NUMERIC_DOSE.search(text)
    if match and not re.match(r"(?:one|a|two) (?:shots?|cups?|glasses|drops?|units?|caps|g)\b", match.group()):
        return _hit(match)
    safe = _SAFE_DOSE.search(text)
    return _hit(safe) if safe and not disowned(text, safe.start(), safe.end()) else None


@detector
def dose_advice(text: str) -> Hit | None:
    """Return advice on how to take something or on dosage in general; advice to ask a doctor first does not count."""
    match = _DOSE_ADVICE.search(text)
    if match is None or is_question(text) or _ASK_FIRST.search(text) or negated(text, match.start()):
        return None
    return _hit(match)


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


_FACT_WORDS = grammar(rf"(?<!\w)(?:{_BIOMEDICAL}|<conditions>|<medical-treatments>)(?!\w)")


_VERB = Expression(
    r"\b(?:is|are|was|were|isn't|aren't|has|have|had|can|cannot|can't|may|might|could|will|would|does|do|did|doesn't|"
    r"don't|causes?|leads?|helps?|affects?|increases?|reduces?|lowers?|raises?|improves?|acts?|binds?|contains?|"
    r"works?|occurs?|happens?|develops?|becomes?|makes?|requires?|involves?|includes?|means?|plays?|functions?|"
    r"supports?|offers?|produces?|creates?|protects?|prevents?|persists?|remains?|come|comes|tends?|carry|carries|"
    r"bestow|get|gets|need|needs|poses?|attacks?|irritates?|restores?|enters?|passes|spreads?|triggers?|contributes?|"
    r"cleanses?|burns?|respond|focus|\w+(?:ifies|izes|ises|ates|ed))\b"
)


_NOT_FACT = Expression(
    r"^(?:see|ask|talk|call|seek|tell|visit|read|learn|find out|consult|contact|click|note that we|we (?:review|"
    r"describe|searched|discuss|used|thank|include)|this (?:article|page|chapter|section|guide|review|leaflet|site|"
    r"website)|in this (?:article|chapter|section|page|guide|review)|the (?:next|following|rest of)|please|do not|"
    r"don't|never|always|be |if you (?:think|are worried|need|or someone|have any|want)|thank|copyright|here|let's|"
    r"great|perhaps|table|figure|remember|i |my |our )\b|\b(?:i was|i am|i think|i know|i see|we think|should|must|"
    r"see your|ask your|talk to your|your doctor|contact your|emergency number|seek medical|call \d)\b"
)


@detector
def health_fact(text: str) -> Hit | None:
    """Return a plain statement about health that a careful editor would want sourced; advice and signposts do not count."""
    word = _FACT_WORDS.search(text) if len(text) >= 25 else None
    if word is None or is_question(text) or _NOT_FACT.search(text):
        return None
    return _hit(word) if _VERB.search(text) else None


def _hit(match: re.Match[str]) -> Hit:
    return Hit(match.start(), match.end(), match.group())
