"""What a text says about a product, a plant or a practice: that it heals, is safe, or should be bought or taken.

Every detector takes a folded sentence and returns the place of the claim in it, or None. What the sentence denies, asks,
attributes to others or warns against is not a claim (`pubkit.claims.grammar`).
"""

from __future__ import annotations

import re

from pubkit.claims.detector import detector
from pubkit.claims.engine import found_by
from pubkit.claims.grammar import attributed, cautioned, disowned, is_question, negated
from pubkit.claims.patterns import Expression, Grammar, Pattern, remembered
from pubkit.claims.technical import speaks_of_programs_or_models
from pubkit.claims.wordlists import Hit, grammar, word_list

__all__ = [
    "absolute_safety",
    "begins_with_pronoun",
    "benefit",
    "disease_claim",
    "names_product",
    "names_subject",
    "plain_safety",
    "promotion",
    "pronoun_end",
    "speaks_of_medicine",
    "strong_promotion",
    "weak_evidence_praise",
]


_TEMPLATES = {
    "treat": r"(?<![\w-])(?P<verb><treat-verbs>)(?P<gap>(?: [\w',()/-]+){0,7}?) (?P<what><conditions>)(?!\w)",
    "noun": r"(?<![\w-])(?:(?:remed(?:y|ies)|cure|relief|treatment|solution|alternative|antidote|tonic|therapy|"
    r"healer|painkiller|medicine) (?:for|from|to|against|in|of)|(?:support|protection) (?:for|against|from)|"
    r"(?:effective|works?|useful|helpful|beneficial|good|great|excellent|ideal|perfect|wonderful|therapeutic "
    r"potential .{0,40}) (?:for|against|in|in treating|in relieving|with|at)) (?:[\w',/-]+ "
    r"){0,5}?(?P<what><conditions>)(?!\w)",
    "substitute": r"(?<![\w-])(?:alternative|substitute|replacement) (?:to|for) (?:[\w-]+ ){0,3}?(?:prescription|"
    r"medications?|medicines?|antidepressants?|opioids?|painkillers?|pharmaceuticals?|ssris?|benzodiazepines|"
    r"antibiotics|statins|insulin|drugs|chemotherapy|vaccines?|vaccination|adderall|xanax|therapy)\b|\b(?:instead of|"
    r"replaces?|replacing|better than|as effective as|more effective than|outperforms?|matches the effectiveness of) "
    r"(?:[\w-]+ ){0,3}?(?:prescription (?:drugs?|medic\w+)|medications?|antidepressants?|opioids?|painkillers?|"
    r"pharmaceuticals?|drugs|chemotherapy|vaccines?)\b",
    "condition-relief": r"(?<!\w)(?P<what><conditions>)[ -]+(?:relief|cure|remedy|remedies|relieving|fighting|"
    r"busting|killer|free life|reducing)(?!\w)",
    "heal-itself": r"\b(?:heals?|healing|cures?|repairs?|restores?|rejuvenates?) (?:itself|yourself|themselves|"
    r"(?:the|your) (?:body|gut|mind|brain|liver|skin|hormones))\b|\b(?:treats?|cures?|heals?|relieves?|lessens?|"
    r"prevents?) (?:\w+ ){0,4}?(?:these|those|them|all|any|your) ?(?:of (?:these|those|the) )?(?:symptoms|diseases|"
    r"conditions|ailments|problems|illnesses)\b",
    "experienced": r"\b(?:i|we|my|me) (?:[\w',-]+ ){0,14}?(?:relief|relieved|cured|healed|reduction|improved|reduced|"
    r"helped|eased|disappeared)(?: (?:\w+ ){0,4}?(?:<conditions>))(?!\w)",
    "it-of-illness": r"(?<![\w-])(?:(?:<conditions>|attacks?|fits?|faints?|seizures?|episodes?|spasms?|palpitations) "
    r"(?:is|are|was|feels?|may|can|might|passes|goes|often|usually)|(?:has|have|had|gets?|got) (?:an? )?(?:\w+ )?"
    r"(?:fits?|attacks?|seizures?|faints?|rash(?:es)?|<conditions>))(?!\w)[^.!?]{0,60}?[,;:] (?:(?:and|but|though|yet) )?"
    r"(?P<it>it|they|this|these)(?: \w+){0,3} ?$",
    "relief": r"\b(?:offers?|provides?|brings?|gives?|delivers?|promises?|ensures?) (?:[\w-]+ ){0,4}?relief\b",
    "natural": r"(?<![\w-])<natural-products>(?!\w)",
    "medical": r"(?<![\w-])<medical-treatments>(?!\w)",
    "none-of-harm": r"(?<![\w-])(?:no|zero|none of the|none of those|without (?:any |the |all the |having )?|without|"
    r"free (?:of|from)|minus the|not any|few if any|never any|with no|has no|have no|had no|virtually no|absolutely "
    r"no|almost no|little to no) (?:(?:any|known|real|major|serious|severe|significant|harmful|dangerous|negative|"
    r"adverse|nasty|unwanted|bad|toxic|long[ -]term|short[ -]term|unpleasant|ill|common|or|and|reported|apparent|"
    r"such|other|of|usual|typical|artificial|harsh|physical|added|associated|the|health|noticeable|lasting|lingering|"
    r"whatsoever|potential|possible),? ){0,5}(?P<harm><harms>)(?!\w)",
    "does-no-harm": r"(?<![\w-])(?:does not|do not|doesn't|don't|will not|won't|would not|cannot|can't|can not|never|"
    r"wouldn't|not known to|unlike .{2,40},? it (?:does not|doesn't)|neither) (?:\w+ly )?(?:cause|causes|produce|"
    r"produces|lead to|leads to|result in|results in|have|has|carry|carries|pose|poses|come with|comes with|create|"
    r"creates|give|gives|induce|trigger|involve|contain|contains|depress) (?:you )?(?:(?:any|a|an|the|known|serious|"
    r"severe|significant|harmful|dangerous|other|physical|or|and|negative|adverse|real|same|these|such|long[ -]term|"
    r"respiratory|breathing|of|kind of|sort of|nasty|unpleasant|artificial|harsh|drug|liver|form of|type of) "
    r"){0,6}(?P<harm><harms>)(?!\w)",
    "does-no-or": r"(?<![\w-])(?:does not|do not|doesn't|don't|will not|won't|never) (?:cause|produce|lead to|result "
    r"in) (?:[\w-]+ ){1,4}?(?:or|nor) (?:any )?(?:other )?(?:dangerous|harmful|serious|severe|negative|adverse|bad|"
    r"unwanted|toxic) (?:side )?(?:effects?|reactions?|symptoms)\b",
    "never-felt": r"\b(?:never|won't|will not|you don't|you do not) (?:experience|feel|suffer|get|develop|have) "
    r"(?:from )?(?:any |the |an? |nasty |unpleasant |negative |dangerous )*(?:side effects?|adverse effects?|"
    r"withdrawal\w*|dependen\w+|addict\w+|hangovers?|crash|toxic effects?)(?!\w)",
    "not-addictive": r"\b(?:is|are|it's|that's|isn't|aren't|they're) (?:\w+ly )?(?:not|n't)? ?(?:at all "
    r")?(?:physically |chemically |psychologically )?(?:addictive|habit[ -]forming|toxic|dangerous|harmful)(?! (?:if|"
    r"when|unless|in (?:small|low)|at (?:low|small|these|normal|therapeutic)))\b",
    "safest": r"\b(?:one of the|the|among the|some of the|nature's) (?:world's )?safest\b(?! (?:vaccine|blood|food|"
    r"[\w-]+ supply|way to|thing|place|"
    r"approach is|option is to (?:not|avoid)|course))",
    "impossible": r"\b(?:impossible|unable) to (?:\"|')?(?:overdose|become addicted|get addicted|take too much|be "
    r"addicted)\b",
    "no-contents": r"\b(?:contains?|has|have|with|uses?|includes?) (?:absolutely )?(?:no|zero) (?:[\w-]+,? "
    r"){0,3}(?:toxins?|chemicals?|stimulants|additives or|poisons?)\b",
}
_GRAMMAR = Grammar({name: grammar(template) for name, template in _TEMPLATES.items()})
_HEALS = _GRAMMAR.only("substitute", "heal-itself", "experienced", "noun", "relief", "treat", "condition-relief")
_HELPS = _GRAMMAR.only("treat", "noun", "relief")
_NO_HARM = _GRAMMAR.only(
    *(
        "does-no-or",
        "does-no-harm",
        "none-of-harm",
        "never-felt",
        "not-addictive",
        "safest",
        "impossible",
        "no-contents",
    )
)
_LIMITED = Expression(
    r"\b(?:mild or no|few or no|reported|observed|recorded|seen|noted|documented|found|experienced|occurred|occur|"
    r"detected|identified in|"
    r"only if|(?:anyone|anybody|whoever|people|somebody|someone|those) (?:who|that) (?:tells?|says?|claims?|"
    r"promises?)|whoever|"
    r"(?:nobody|no one) can (?:promise|guarantee)|would be|wish|"
    r"during the|in (?:this|that|the|one|a) (?:study|trial|survey|group)|some (?:people|users|patients)|many people "
    r"(?:have|experience|live)|most people (?:have|experience|recover|get|live)|(?:have|has|had|with|show|shows|"
    r"showing|experience) no symptoms|if you have no|people with no|children with no|patients with no|those with no|"
    r"even (?:if|when)|guarantee|statistically|compared|difference|intend\w*|hoped|aim|goal|develop\w* "
    r".{0,20}(?:drugs?|opioids?|analgesics?)|could lead|search for)\b"
)
_DOUBLE_NEGATION = Expression(
    r"\b(?:no|not|never|isn't|aren't|nothing|none|neither|rarely|hardly)\b[\w ,'-]{0,40}(?:without|free (?:of|from)|"
    r"risk[ -]free|completely|totally|perfectly|entirely|absolutely|100 ?%|proven|harmless|safe|no |zero )|\bnot "
    r"mean\b|\b(?:does not|doesn't|do not|don't) (?:mean|make|imply|guarantee)\b"
)
_BARE_NEGATIVE = {"does-no-harm", "does-no-or", "not-addictive", "none-of-harm", "impossible", "no-contents"}
_MEDICAL_SENSE = Expression(
    r"\b(?:withdrawal of|no (?:increased|higher|greater|added|additional|significant|clear|consistent|evidence|"
    r"association)|(?:by|in) itself|is not a disease|no risk factors?|without risk factors?|no complications (?:were|"
    r"occurred)|free from disease|"
    r"tolerance (?:was|is) not|no tolerance for|no (?:known )?cure)\b"
)


_PRONOUN = Expression(
    r"(?:also|additionally|moreover|plus|furthermore|not only that|and|but)?,? ?(?:it|they|this|these|i|we)\b"
)
_ORGAN = Pattern(
    r"\b(?:the|your|a|an) (?:\w+ )?(?:liver|kidneys?|heart|brain|lungs?|skin|stomach|bowel|pancreas|spleen|thyroid|"
    r"hormones?|enzymes?|proteins?|cells?|glands?|nerves?|lymph|receptors?|membrane|molecules?|genes?)\b"
)


def disease_claim(text: str, before: str = "") -> Hit | None:
    """Return a claim that a product, plant or practice heals, prevents or relieves; `before` is the previous sentence.

    What medicines and medical care do is not a product claim, unless the sentence also names a product.
    """
    return _disease_claim(text, before if begins_with_pronoun(text) else "")


@detector
def _disease_claim(text: str, before: str) -> Hit | None:
    if is_question(text) or _NOTHING_HELPS.match(text) or _OF_AN_INSTITUTION.search(text):
        return None
    blotted = word_list("conditions").without_exceptions(text)
    blotted = _A_MEDICINE.regex(blotted).sub(_in_one_word, blotted)
    claim = _product_claim(text, blotted, before) if _HEALS.possible(blotted) else None
    if claim:
        return claim
    said = found_by("disease-claims", blotted) or found_by("cure-by-parts", blotted)
    return said if said and not speaks_of_medicine(text, before) else None


#: A pain killer that somebody takes: a medicine, and no praise of what kills pain.
_A_MEDICINE = Expression(
    r"\b(?:tak(?:es?|en|ing)|took|swallow\w*|us(?:es?|ed|ing)|needs?|g(?:ives?|iven|ave)|prescribed?|with|without|no|any|"
    r"other|of) (?:[\w-]+ ){0,2}?pain[ -]killers?\b"
)


def _in_one_word(found: re.Match[str]) -> str:
    """Return the words with "painkiller" for "pain killer", in as many characters."""
    return re.sub(r"pain[ -](killers?)$", r"pain\1 ", found[0])


# "No diet treats it"; but "no pill cures like garlic" praises.
_NOTHING_HELPS = Expression(
    r"\W*no (?!(?:\w+ )?(?:pills?|drugs?|medicines?|medication|doctors?|tablets?|chemo)\b)(?:[\w-]+ ){1,8}?(?:cures?|"
    r"treats?|prevents?|heals?|reverses?|relieves?|helps?|can|could|will|has|have|is|are)\b(?! (?:like|as|better|more)\b)"
)


# The purpose of an institution, and what the body's own parts do.
_OF_AN_INSTITUTION = Expression(
    r"\b(?:mission|aims?|purpose|goals?) of\b[^.;]{0,60}\b(?:institutes?|centre|center|agency|department|foundation|nih)\b|"
    r"\b(?:immune system|kidneys|liver|hormones?|peptides?|antibodies|white blood cells|"
    r"hdl) (?:\([^)]*\) )?(?:\w+ )?(?:also )?"
    r"(?:helps?|protects?|controls?|lowers?|raises?|removes?|fights?|keeps?)\b"
)


def _product_claim(text: str, blotted: str, before: str) -> Hit | None:
    """Return what a product, plant or practice is said to do in `text`; in `blotted`, no condition means another thing."""
    natural = names_product(text)
    medical = _GRAMMAR["medical"].search(text) is not None
    pronoun = begins_with_pronoun(text)
    about_product = natural or (pronoun and not medical and names_product(before))
    for name, match in _HEALS.matches(blotted):
        if disowned(text, match.start(), match.end()) or _neutral_use(text, match):
            continue
        if name in {"substitute"} and not cautioned(text, match.end()):
            if about_product or not medical or natural:
                return _hit(match)
            continue
        subject = text[: match.start()]
        if not about_product and not (name in {"heal-itself", "experienced"} and not medical):
            continue
        if natural and not _product_speaks(subject, text, name) and not pronoun:
            continue
        return Hit(match.start(), match.end(), text[match.start() : match.end()])
    return None


@remembered
def begins_with_pronoun(text: str) -> bool:
    """Return whether the folded `text` begins with "it" or its like, so that the sentence before names what it is about."""
    return _PRONOUN.match(text) is not None


def pronoun_end(text: str) -> int:
    """Return where the pronoun ends with which the folded `text` begins ("also, it"); 0 if it begins with none."""
    found = _PRONOUN.match(text)
    return found.end() if found else 0


@remembered
def speaks_of_medicine(text: str, before: str) -> bool:
    """Return whether "it" in the folded `text` stands for a medicine or a part of the body that `before` names."""
    if not begins_with_pronoun(text) or names_product(before):
        return False
    named = (
        _GRAMMAR["medical"].search(before) or _ORGAN.search(before) or word_list("prescribed-medicines").first(before)
    )
    return named is not None


def _product_speaks(subject: str, text: str, name: str) -> bool:
    """Return whether the noun nearest before the claim is a product, or the claim itself names one."""
    medical = list(_GRAMMAR["medical"].finditer(subject))
    natural = [
        product
        for product in _GRAMMAR["natural"].finditer(subject)
        if not any(care.start() <= product.start() and product.end() <= care.end() for care in medical)
    ]
    if natural:
        return not medical or natural[-1].start() > medical[-1].start() or "drug" not in medical[-1].group()
    return (
        name in {"noun", "condition-relief", "experienced"}
        and _GRAMMAR["natural"].search(text) is not None
        and not medical
    )


def _neutral_use(text: str, match: re.Match[str]) -> bool:
    """Return whether the words say what something is used, studied or advertised for, or what a person should do."""
    before = text[max(0, match.start() - 60) : match.start()]
    if re.search(r"\b(?:had|have|has|with|showed|reported|less|the|an?|of|for|in|and|or) $", before) and re.match(
        r"(?:lower|reduced|improved|decreased|relieved|treated|stop|control|block)\b", match.group()
    ):
        return True
    if re.search(r"\bhelp(?:s|ed|ing)? (?:[\w']+ ){0,3}to $", before):
        return False
    return (
        re.search(
            r"\b(?:used|use|uses|using|taken|took|takes|studied|tested|investigated|approved|licensed|indicated|"
            r"needed|designed|intended|tried|try|trying|attempt\w*|plan\w*|want\w*|hope\w*|how|ways?|steps|goal|"
            r"aim\w*|ability|doctor|physician|prescribe\w*) (?:[\w',-]+ ){0,4}?(?:to|for|in|of)?[ ]?$|\b(?:to|for) "
            r"(?:help )?$",
            before,
        )
        is not None
        and re.search(r"\b(?:can|could|may|might) be used (?:\w+ ){0,3}(?:to|for|in|as)(?: an?)? $", before) is None
    )


@remembered
def names_subject(text: str) -> bool:
    """Return whether a product, a plant, a medicine or medical care is named in the folded `text`."""
    return names_product(text) or _GRAMMAR["medical"].search(text) is not None


@remembered
def names_product(text: str) -> bool:
    """Return whether a plant, a food, a supplement or a practice is named in the folded `text`."""
    return _GRAMMAR["natural"].search(text) is not None


@detector
def benefit(text: str) -> Hit | None:
    """Return a statement that a medicine, product or practice helps against a condition."""
    if is_question(text):
        return None
    conditions = word_list("conditions").without_exceptions(text)
    for _name, match in _HELPS.matches(conditions):
        if not disowned(text, match.start(), match.end()) and not _neutral_use(text, match):
            return Hit(match.start(), match.end(), text[match.start() : match.end()])
    return None


@detector
def absolute_safety(text: str) -> Hit | None:
    """Return a promise that something is safe, harmless or not addictive, without limit."""
    hit = None if is_question(text) else _absolute_safety(text)
    if hit and (_HEDGED.search(text) or _of_programs_or_models(text) or _of_an_illness(text[: hit.start])):
        return None
    return hit


def _of_an_illness(before: str) -> bool:
    """Return whether "it" at the end of `before` is a symptom: "a fit is frightening, but it (does no harm)"."""
    found = _GRAMMAR["it-of-illness"].search(before)
    return found is not None and not names_product(before[: found.start("it")])


def _absolute_safety(text: str) -> Hit | None:
    for hit in word_list("absolute-safety").hits(text):
        if not _safety_disowned(text, hit.start, hit.end):
            return hit
    harms = word_list("harms").without_exceptions(text)
    for name, match in _NO_HARM.matches(harms):
        if name == "not-addictive" and not re.search(r"\bnot\b|n't", match.group()):
            continue
        if name == "not-addictive" and (_GRAMMAR["medical"].search(text) or not _of_something_addictive(text, match)):
            continue
        if name == "safest" and (_SAFEST_CARE.search(text) or _GRAMMAR["medical"].search(text)):
            continue
        if name == "none-of-harm" and not _promises(text, match):
            continue
        if name == "does-no-harm" and not _promises_no_effect(text, match):
            continue
        if not _safety_disowned(text, match.start(), match.end()):
            return _hit(match)
    return found_by("absolute-safety", text) or found_by("safety-by-parts", text)


def _of_programs_or_models(text: str) -> bool:
    """Return whether the sentence is about a program or a statistical model, and names nothing that is taken."""
    return speaks_of_programs_or_models(text) and not names_product(text)


_HEDGED = Expression(
    r"\b(?:(?:for|in) most people|by itself|(?:nobody|no one|none) (?:can|could) (?:promise|guarantee)|"
    r"no effects?,? (?:and )?(?:so|therefore|thus|hence)|used (?:only )?once|disposable|sterile|"
    r"(?:events?|effects?|reactions?) (?:were |was )?(?:attributed|related|judged|considered)|"
    r"(?:many|most|some) (?:\w+ )?(?:people|patients|adults|women|men|children) (?:get|have|had|notice|feel|experience) no|"
    r"rare in medicine|would be (?:welcome|nice|ideal)|but (?:see|tell|ask|call|talk to|check with) (?:your|a|the)|if your "
    r"(?:doctor|nurse|gp|team|midwife|surgeon)|until (?:\w+ ){0,2}(?:hours?|the operation|surgery)|no magic "
    r"(?:pill|bullet)|sound of|not true that|can be sure|unless (?:it|they|the|you)|mice|"
    r"risk factors? (?:noted|recorded|coded|listed)|risk of (?:re[ -]?identification|bias|confounding|error)|"
    r"too (?:small|short|few) to|(?:tumou?rs?|lesions?|cysts?|polyps?) (?:are|is)|"
    r"risk[ -]free (?:hormone|individuals?|group|people)|bacteri(?:a|um)|the same day|neither \W?(?:completely|"
    r"totally|entirely|perfectly|wholly) safe|(?:this|that|it) is not so)\b"
)


def _safety_disowned(text: str, start: int, end: int) -> bool:
    if (
        negated(text, start)
        or attributed(text, start)
        or cautioned(text, start)
        or _LIMITED.search(text)
        or _MEDICAL_SENSE.search(text)
    ):
        return True
    if _DOUBLE_NEGATION.search(text[:end]) and not _single_negation(text, start, end):
        return True
    return (
        re.match(
            r"[^;]{0,60}\b(?:is|are|was|were) (?:\w+ )?(?:not|false|untrue|wrong|a myth|misleading|unproven|never)\b",
            text[end:],
        )
        is not None
    )


def _of_something_addictive(text: str, match: re.Match[str]) -> bool:
    """Return whether "is not harmful" is said of a product; what is not addictive is one."""
    return re.search(r"addictive|forming", match.group()) is not None or names_product(text)


_SAFEST_CARE = Expression(
    r"\bsafest (?:and \w+ \w+ )?(?:[\w-]+ ){0,2}?(?:types?|forms?|kinds?|surger\w+|operations?|procedures?|transplants?|"
    r"methods?|place|cit(?:y|ies)|time|approach|role|choice is)\b|\b(?:insulin|surgery|transplants?|travel)\b"
)


def _single_negation(text: str, start: int, end: int) -> bool:
    """Return whether the only negation up to `end` is inside the claim itself ("not addictive", "no side effects")."""
    return not negated(text, start) and not re.search(
        r"\b(?:no|not|never|isn't|aren't|nothing|none|neither|hardly)\b.{0,40}\b(?:without|free|no|zero|completely|"
        r"totally|perfectly|entirely|absolutely|harmless|safe)\b",
        text[start:end],
    )


def _promises(text: str, match: re.Match[str]) -> bool:
    """Return whether "no side effects" is a promise, not a report on a person or a case."""
    if match.group("harm").startswith(
        ("risk", "danger", "tolerance", "complication", "symptom", "crash", "withdrawal", "health")
    ):
        promised = re.match(
            r"(?:zero|without any|free|absolutely no|with no|has no|have no|no known)", match.group()
        ) is not None or (
            re.search(r"\b(?:there (?:is|are)|has|have|with|carries|poses|comes with) $", text[: match.start()])
            is not None
        )
        return promised and _of_something_taken(text, match)
    if match.group("harm").startswith(("interaction", "contraindication")):
        return False
    if match.group("harm").startswith("harm"):
        return _of_something_taken(text, match)
    return not re.search(
        r"\b(?:patients?|people|person|anyone|someone|women|men|children|adults) (?:who (?:have|had)|with) $|"
        r"\b(?:you|they|some|people|patients) (?:may|might) $",
        text[: match.start()],
    )


def _of_something_taken(text: str, match: re.Match[str]) -> bool:
    """Return whether the sentence names a product, or the risk is one of taking something."""
    after = text[match.end() :]
    if re.match(r" of (?:\w)", after) and not re.match(_RISK_OF_TAKING, after):
        return False
    if re.match(r"(?:zero|without any|absolutely no|free of any)\b", match.group()) and not re.match(
        r" (?:of|to|for|that|from)\b", text[match.end() :]
    ):
        return True
    return _GRAMMAR["natural"].search(text) is not None or re.match(_RISK_OF_TAKING, after) is not None


_RISK_OF_TAKING = (
    r" (?:at all|whatsoever|of (?:(?:any|becoming|developing|getting|serious|severe) )*(?:addict\w+|dependen\w+|"
    r"overdos\w+|"
    r"withdrawal|side effects|harm|toxicity|liver|death|damage|bleeding|interaction\w*|complication\w*|relapse|"
    r"infection|"
    r"poisoning|abuse|tolerance|adverse|allerg\w+|injur\w+|cancer|long[ -]term))\b"
)


def _promises_no_effect(text: str, match: re.Match[str]) -> bool:
    """Return whether "does not cause ..." is said of something taken, in general terms; medicine's own facts are left
    alone."""
    harm = match.group("harm")
    if re.match(r"\b(?:cannot|can't|can not|neither)", match.group()):
        return _GRAMMAR["natural"].search(text) is not None
    if harm.startswith(("complication", "danger", "health", "poison", "interaction")):
        return _GRAMMAR["natural"].search(text) is not None
    return not re.search(
        r"\b(?:you|i|we|people|patients|if|who|vaccines?|vaccination)\b[\w ]{0,20}$", text[: match.start()]
    )


def plain_safety(text: str) -> Hit | None:
    """Return a statement that something is safe, without saying for whom, how much and how it is known."""
    hit = found_by("plain-safety", text)
    return None if hit and _of_programs_or_models(text) else hit


@detector
def promotion(text: str) -> Hit | None:
    """Return sales language in the folded `text`; a program may be powerful."""
    if _of_programs_or_models(text):
        return None
    for hit in word_list("promotion").hits(text):
        if not (
            is_question(text) or negated(text, hit.start) or attributed(text, hit.start) or cautioned(text, hit.start)
        ):
            return hit
    return None


@detector
def strong_promotion(text: str) -> Hit | None:
    """Return the promise of a miracle or a guarantee, which no health text can keep."""
    for hit in word_list("strong-promotion").hits(text):
        if not disowned(text, hit.start, hit.end):
            return hit
    return None


@detector
def weak_evidence_praise(text: str) -> Hit | None:
    """Return a small or early result called promising."""
    for hit in word_list("weak-evidence-praise").hits(text):
        if not (is_question(text) or negated(text, hit.start)):
            return hit
    return None


def _hit(match: re.Match[str]) -> Hit:
    return Hit(match.start(), match.end(), match.group())
