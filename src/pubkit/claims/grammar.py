"""Wording that stops a sentence from being a claim: negation, attribution, a question, a caution.

"Kratom cures depression" is a claim. "Kratom does not cure depression", "Sellers say that kratom cures depression", "Does
kratom cure depression?" and "Be wary of products that promise to cure depression" are not: an editor wants such sentences.
All functions work on folded text (`pubkit.language.matching`) and on the clause that contains the words.
"""

from __future__ import annotations

from pubkit.expressions import expression

__all__ = ["attributed", "cautioned", "clause_before", "disowned", "is_question", "modal_before", "negated"]

_BOUNDARY = expression(
    r"[;:!?]| but | although | though | however | whereas | while |, and |, yet | and (?=has|have|is|are|it |contains|"
    r"comes|causes|carries|without|no |with no)| - "
)
_NEGATORS = expression(
    r"\b(?:not|no|never|cannot|neither|nor|none|nothing|nobody|hardly|scarcely|rarely|unlikely|unable|without|instead "
    r"of|rather than|lacks?|lacking|lack of|fails? to|failed to|absence of|unproven|untrue|false|wrong|myths?|"
    r"refused?|denies|denied|dispels?|debunk\w*|unlawful\w*|illegal\w*|misleading\w*|insufficient|little|few|doubtful|"
    r"too early|too (?:small|short|few|weak|poor) to|stops?|far from)\b|n't\b"
)
_NO_NEGATION = expression(
    r"\b(?:not only|not just|not merely|not to mention|no doubt|no wonder|no matter|no longer|no other|not "
    r"surprising\w*|cannot recommend .{0,20}enough|can't recommend .{0,20}enough|can't beat|no secret|without (?:a "
    r")?doubt|nothing (?:else|works|beats)|not all|(?:one of the|among the|the|a|quite a) (?:very )?few|without "
    r"(?:any )?(?:the |their |its )?(?:nasty |harsh |harmful |dangerous |unwanted |negative |bad )?(?:drugs?|side "
    r"effects?|medication|prescription)|non|(?:do|does|did)(?:n't| not) (?:hesitate|wait|miss))\b"
)
_CLAIMANTS = (
    r"(?:sellers?|vendors?|marketers?|makers?|manufacturers?|compan(?:y|ies)|brands?|promoters?|proponents?|"
    r"supporters?|enthusiasts|advocates?|advertis\w+|ads?|websites?|sites?|web pages?|pages?|shops?|stores?|"
    r"retailers?|labels?|labelling|labeling|packag\w+|influencers?|celebrit(?:y|ies)|actors?|"
    r"politicians?|social media|posts?|videos?|blogs?|bloggers?|"
    r"forums?|users?|customers?|consumers?|some people|many people|people|folk\w*|tradition\w*|testimonials?|reviews|"
    r"industry|anecdotes?|claims?|rumou?rs?|products?|supplements?|respondents|participants|clinics?|practitioners?|"
    r"healers?|believers|others|some|many|they|he|she)"
)
_CLAIMING = (
    r"(?:claim(?:s|ed|ing)?|say(?:s|ing)?|said|advertis\w+|promot(?:e|es|ed|ing)|market(?:s|ed|ing)?|tout(?:s|ed|"
    r"ing)?|alleg\w+|assert(?:s|ed)?|promis(?:e|es|ed|ing)|boast\w*|insist\w*|purport\w*|pitch\w*|sell(?:s|ing)?|sold|"
    r"label(?:s|l?ed|l?ing)|believe\w*|think|thought|call(?:s|ed|ing)?|describe[sd]?|argue[sd]?|suggest that|"
    r"report\w*|tell|told|urge[sd]?|swear|maintain\w*|hype\w*|imply|implies|implied|use|used|take|took|turn to|try|"
    r"tried)"
)
_ACTIVE_CLAIM = expression(rf"\b{_CLAIMANTS}\b[^;:]{{0,60}}?\b{_CLAIMING}\b")
_PASSIVE_CLAIM = expression(
    r"\b(?:claimed|said|alleged|alleges|purported|purportedly|allegedly|supposedly|reputed|reputedly|rumou?red|touted|"
    r"hyped|advertised|marketed|promoted|sold|labell?ed|billed|presented|promising) (?:\w+ )?(?:to|as|that|by|for|"
    r"online as)\b|\b(?:claims?|belief|idea|notion|myth|assertion|allegation|impression|slogan|statement|suggestion|"
    r"misconception|promise|phrase|phrases|words?|wording|question|fear) (?:\w+ )?(?:that|of|such as|about|like|"
    r"whether)\b|\b(?:pamphlets?|flyers?|e?mails?|letters?|leaflets?|posters?|books?|magazines?|neighbou?rs?|friends?|"
    r"relatives|in[ -]laws) (?:(?:who|that|which) )?(?:saying|said|says|say|stating|claiming|claims?|claimed)\b|"
    r"\b(?:told|urged|advised|begged|asked|encouraged) (?:his|her|their|its) "
    r"\w+ to\b|\bso-called\b|\b(?:purportedly|allegedly|supposedly|reputedly)\b"
)
_CAUTION = expression(
    r"\b(?:be (?:wary|careful|skeptical|sceptical|suspicious)|beware|watch out|do not (?:trust|believe|assume|rely|"
    r"buy|fall)|don't (?:trust|believe|assume|rely|buy|fall)|never (?:trust|believe|assume|buy)|avoid|warning signs?|"
    r"red flags?|scams?|fraud\w*|quack\w*|warned? (?:\w+ ){0,3}(?:against|about|that|not|compan\w+|sellers)|"
    r"misinformation|tempt\w*|prey(?:s|ing)? on|lure[sd]?|(?:adverts?|advertisements?|ads) for|"
    r"(?:whoever|(?:anyone|anybody|somebody|someone|people|those) (?:who|that)) (?:tell|say|claim|promise|swear|"
    r"urge|advise)\w*|"
    r"false claims?|unproven claims?|prohibit\w*|forbid\w*|banned|ban on|may not (?:claim|state|say)|"
    r"must not|whether|ask(?:s|ed|ing)? (?:if|how to|where to|about)|unclear if|wonder(?:ing)? if|unclear|unknown|"
    r"not known|no such thing)\b"
)
_DENIAL_AFTER = expression(
    r"^[^;]{0,80}?\b(?:is|are|was|were|has been|have been|remains?) (?:\w+ ){0,2}(?:not (?:true|proven|supported|"
    r"known|established|been|approved|backed|the case)|untrue|false|unproven|a myth|myths|misleading|wrong|unclear|"
    r"unknown|unsupported|disputed|never been|incorrect|illegal|unlawful|not allowed|prohibited|in doubt|weak|"
    r"inconsistent|limited|mixed|conflicting|scarce|lacking|uncertain|"
    r"not (?:been )?(?:found|convincing|conclusive|strong)|not so)\b|^[^;]{0,40}?\b(?:has|have) (?:not|never) (?:yet )?been "
    r"(?:found|shown|proven|established|confirmed|discovered)\b"
)
_MODALS = expression(
    r"\b(?:can|cannot|can't|could|couldn't|should|shouldn't|would|might|must|will|won't|need|needs|ought|to|let us|"
    r"let's|designed to|aims? to|aimed to|try to|help|helps|if|whether)(?: (?:not|only|also|then|never|easily|still|"
    r"even|ever|be))*\s?$"
)


def clause_before(text: str, start: int, reach: int = 140) -> str:
    """Return the part of the clause before character `start`: from the last boundary, at most `reach` characters."""
    begin = max(0, start - reach)
    for boundary in _BOUNDARY.finditer(text, begin, start + 12):
        if boundary.end() <= start:
            begin = boundary.end()
    return text[begin:start]


def negated(text: str, start: int) -> bool:
    """Return whether the clause denies the words at `start`: "does not cure", "no study has shown that it cures"."""
    clause = _NO_NEGATION.sub(" ", clause_before(text, start))
    return _NEGATORS.search(clause) is not None


def attributed(text: str, start: int) -> bool:
    """Return whether the words at `start` are attributed to somebody else: "sellers claim that", "is marketed as"."""
    clause = text[:start]
    return _ACTIVE_CLAIM.search(clause) is not None or _PASSIVE_CLAIM.search(clause) is not None


def cautioned(text: str, start: int) -> bool:
    """Return whether the sentence, before `start`, warns against the words there or asks about them."""
    return _CAUTION.search(text[:start]) is not None


def disowned(text: str, start: int, end: int) -> bool:
    """Return whether the sentence as a whole does not assert `text[start:end]`."""
    return (
        is_question(text)
        or negated(text, start)
        or attributed(text, start)
        or cautioned(text, start)
        or _DENIAL_AFTER.search(text[end:]) is not None
    )


def is_question(text: str) -> bool:
    """Return whether the sentence is a question."""
    return text.rstrip("\"') ]").endswith("?")


def modal_before(text: str, start: int) -> bool:
    """Return whether the verb at `start` says what somebody can, should or might do: "can show", "to find"."""
    return _MODALS.search(text[max(0, start - 40) : start]) is not None
