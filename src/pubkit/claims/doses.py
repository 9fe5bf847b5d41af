"""Doses, advice on taking something, and plain facts about health.

Every detector takes a folded sentence and returns the place of the statement in it, or None.
"""

from __future__ import annotations

import re

from pubkit.claims.detector import detector
from pubkit.claims.engine import found_by
from pubkit.claims.grammar import is_question
from pubkit.claims.patterns import Expression
from pubkit.claims.wordlists import Hit, grammar

__all__ = ["dose_advice", "health_fact", "numeric_dose"]


def numeric_dose(text: str) -> Hit | None:
    """Return a dose or a frequency in figures, or a dose called safe or ideal."""
    return found_by("doses", text)


def dose_advice(text: str) -> Hit | None:
    """Return advice on how to take something or on dosage in general; advice to ask a doctor first does not count."""
    return found_by("dose-advice", text)


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


# What a text says of its own data and methods, in words that also have a medical sense.
_OF_DATA = Expression(
    r"\brisk of (?:re identification|bias|confounding|error|overfitting|loss|mixing|contamination)\b|\brisk factors? "
    r"(?:noted|recorded|coded|listed|missing)\b|\b(?:is|are|was|were) (?:also )?(?:listed|recorded|coded|stored|"
    r"tabulated|noted|labell?ed|anonymi[sz]ed)\b(?: (?:in|by|for|below|above|here)\b|[.]|$)"
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
    if (
        len(text) < 25
        or not _FACT_WORDS.possible(text)
        or is_question(text)
        or _NOT_FACT.search(text)
        or _OF_DATA.search(text)
        or not _VERB.search(text)
    ):
        return None
    word = _FACT_WORDS.search(text)
    return _hit(word) if word else None


def _hit(match: re.Match[str]) -> Hit:
    return Hit(match.start(), match.end(), match.group())
