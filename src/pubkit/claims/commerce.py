"""Sales wording: prompts to buy, and testimonials."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from pubkit.claims.detector import detector, moved, parts
from pubkit.claims.engine import found_by
from pubkit.claims.grammar import attributed, cautioned, is_question, negated
from pubkit.claims.patterns import Expression, Pattern
from pubkit.claims.wordlists import Hit, word_list

__all__ = ["GOODS", "NOUN_PHRASE", "shop_phrase", "shop_phrases", "testimonial"]

_MOST_QUOTED = 100
GOODS = (
    r"(?:kratom|cbd|cannabis|hemp|thc|kava|kanna|tianeptine|phenibut|supplements?|capsules?|powders?|extracts?|"
    r"gummies|tinctures?|pills?|tablets?|products?|vitamins?|medicines?|medication|drugs?|bottles?|packs?|it|yours|"
    r"them|one|oil|tea|leaf|shots?|formula|strains?|herbs?|peptides?|steroids|sildenafil|viagra|cialis|modafinil|"
    r"ozempic|semaglutide|[\w-]+(?: [\w-]+)?)"
)
_TAIL = (
    r"(?:online|on-line|on the internet|now|here|today|right now|right here|near (?:me|you)|nearby|from (?:us|our|a "
    r"trusted|a reputable|trusted|reputable|this|the links?|here|home)|at (?:our|the best|a discount|a great|the "
    r"lowest|low|[\w-]+\.(?:com|net|org|shop|store|co))|in bulk|cheap(?:ly)?|for sale|for cheap|with (?:free shipping|"
    r"free delivery|fast|discreet|same|next|a discount|a coupon)|online without (?:a )?prescription|from "
    r"[\w-]+\.(?:com|net|shop|store|co))"
)
NOUN_PHRASE = r"(?:(?!to |and |or |but |is |are |was |were |who |that |which )[\w'%-]+ ){0,5}?"
_IMPERATIVE = Pattern(
    rf"(?:^|[:;,] |\b(?:so|then|now|just|simply|please|and|or|to|click to|here to|ready to|want to|wish to|looking to|"
    rf"decide to|able to|easy to|easier to|convenient to|possible to|how to|where to|best to) )(?:buy|purchase|order|"
    rf"shop for|shop) {NOUN_PHRASE}{_TAIL}(?!\w)"
)
_SECOND_PERSON = Pattern(
    rf"\b(?:you|you'll|you'd|one|readers|anyone|everyone|we|i)(?: (?:can|may|could|should|might|will|would|now|also|"
    rf"easily|always|safely|legally|just|simply|want|wish|need|decide|choose|are able|to|be able|only)){{0,4}} (?:buy|"
    rf"purchase|order|shop for|shop) {NOUN_PHRASE}{_TAIL}(?!\w)"
)
_SPLICED = Pattern(
    rf"\b(?:of|a|an|for|with|about|by|from|this|these|those|best|cheap|top|our|their|your|many|most|natural|when|"
    rf"through|like|as|is|are|if|because) (?:buy|order|purchase)(?! of\b| (?:and|or|to)\b) {NOUN_PHRASE}(?:online|"
    rf"near me|now|today|cheap|for sale)(?!\w)"
)
# A writer says "buy it online" of what the sentence has named; a keyword spliced into prose names it again.
_NAMED_TWICE = Pattern(r"\b([a-z]{3,20})\b[^;]{0,80}? (?:buy|purchase|order) \1(?: \w{1,20})? online(?!\w)")
_THIRD_PERSON = Expression(
    r"\b(?:people|users?|patients?|consumers?|customers?|adults?|teens?|teenagers|students|women|men|those|they|who|"
    r"some|many|most|buyers|parents|others|respondents|participants|minors|children|anyone under|americans|residents|"
    r"he|she|it was|was able|were able|could|law|laws|ban|bans|illegal|legal|easy)\b(?: [\w',-]+){0,6} (?:to )?$"
)
_GERUND = Pattern(
    r"\b(?:buying|purchasing|ordering|shopping for)\b " + NOUN_PHRASE + r"(?:online|near me|from our|at our)(?!\w)"
)
_RISKY = Expression(
    r"\b(?:risk\w*|danger\w*|unsafe|harm\w*|illegal\w*|fake|counterfeit|unregulated|caution\w*|warn\w*|report\w*|"
    r"survey\w*|study|avoid\w*|contaminat\w*|cannot know|no way)\b"
)
_PITCH = Pattern(
    r"\bwe (?:highly |strongly |personally |wholeheartedly )?recommend (?:\[product\]|\[brand\]|trying (?:our|the|\[)|"
    r"this (?:product|brand|supplement|shop|store))|\b(?:discover|explore|browse|check out|see|find|compare|view) "
    r"(?:\w+ ){0,3}?(?:the |our )?(?:best|top|finest|full range of|range of|selection of|collection of) (?:[\w-]+ "
    r"){0,4}?(?:supplements?|products?|capsules?|gummies|powders?|brands?|deals?|vendors?|strains?|oils?|tinctures?|"
    r"shops?|stores?|prices?)\b(?! (?:evidence|study))|\bbrought to you by\b|\b(?:available|sold|find it|get it) "
    r"(?:exclusively |now |here )?(?:at|on|from|through|via) (?:our|amazon|ebay|etsy|iherb|[\w-]+\.(?:com|shop|"
    r"store))\b|\b(?:is|are) the latest (?:[\w-]+ ){1,4}(?:launched|offered|sold) by\b|\b(?:made|manufactured|"
    r"produced|offered|launched|sold) by (?:[\w&'-]+ ){1,3}(?:which|who) ha(?:s|ve) (?:more than|over)\b"
)


@detector
def shop_phrase(text: str) -> Hit | None:
    """Return a prompt to buy or shop wording in the folded `text`, unless the text describes buyers or warns."""
    return next(_shop_phrases(text), None)


def shop_phrases(text: str) -> tuple[Hit, ...]:
    """Return the prompts to buy and the shop wording in the folded `text`, in order, without overlaps; a hundred at most."""
    if shop_phrase(text) is None:
        return ()
    hits = (moved(hit, begin) for begin, part in parts(text) for hit in _shop_phrases(part))
    apart: list[Hit] = []
    for hit in sorted(itertools.islice(hits, _MOST_QUOTED), key=lambda hit: (hit.start, -hit.end)):
        if not apart or hit.start >= apart[-1].end:
            apart.append(hit)
    return tuple(apart)


def _shop_phrases(text: str) -> Iterator[Hit]:
    for hit in word_list("shop-phrases").hits(text):
        if not _told_or_warned(text, hit.start) and not (is_question(text) and hit.text.startswith("where")):
            yield hit
    for pattern in (_IMPERATIVE, _SECOND_PERSON, _SPLICED, _NAMED_TWICE, _PITCH):
        for match in pattern.finditer(text):
            told = pattern is _IMPERATIVE and _THIRD_PERSON.search(text[: match.start() + 4]) is not None
            if not told and not _NO_GOODS.search(match.group()) and not _told_or_warned(text, match.start()):
                yield Hit(match.start(), match.end(), match.group())
    form = found_by("shop-wording", text) or found_by("sale-by-parts", text)
    if form and not _ABOUT_TRADE.search(text):
        yield form
    gerund = _GERUND.search(text)
    if gerund and not _RISKY.search(text) and not _told_or_warned(text, gerund.start()) and not is_question(text):
        yield Hit(gerund.start(), gerund.end(), gerund.group())


def testimonial(text: str) -> Hit | None:
    """Return one person's experience used to sell: "since I started taking it, my pain is gone"."""
    return found_by("testimonials", text)


_NO_GOODS = Expression(
    r"\b(?:tests?|kits?|repeat prescriptions?|appointments?|copy|copies|leaflets?|booklets?|cards?|certificates?|"
    r"records?|reports?|books?|articles?|full text|tickets?|glasses frames)\b"
)


def _told_or_warned(text: str, start: int) -> bool:
    return (
        negated(text, start)
        or cautioned(text, start)
        or attributed(text, start)
        or bool(_QUOTED_AS_EXAMPLE.search(text) or _ABOUT_SELLERS.search(text) or _ABOUT_TRADE.search(text))
    )


_QUOTED_AS_EXAMPLE = Expression(
    r"\b(?:phrases?|words?|wording|slogans?|search(?:es|ed)? (?:for|terms?)|queries|terms?) (?:such as|like|as)\b"
)
# Not the seller's own words: a report on what sellers do, or a warning.
_ABOUT_SELLERS = Expression(
    r"\b(?:(?:drug |online |illegal |many |some |these |such )*(?:sellers?|vendors?|dealers?|sites|websites|companies|"
    r"marketers|scammers|clinics|retailers)) (?:(?:may|might|can|often|sometimes|also|typically|usually|will) )*(?:offer|"
    r"advertise|promise|tempt|lure|send|give|use|run|push|hand out|attract|ask|claim)\b|\bsigns? of (?:a )?(?:fraud|scam)|"
    r"\bred flags?\b"
)
# Sentences about trade, insurance, shortages and recalls, in which nobody sells anything to the reader.
_ABOUT_TRADE = Expression(
    r"\b(?:guarantees?|reviews?|testimonials?|ratings|offers?|trials?|discounts?|seals?|labels?|vouchers)\b[^;:]{0,20} "
    r"(?:(?:does|do|did) not|doesn't|don't|cannot|can't|can be|may be|are often|are sometimes|are not|is not|is no|are no|"
    r"can sign|may sign|often sign) (?:prove|mean|show|say|tell|guarantee|ensure|replace|faked?|bought|paid|written|"
    r"misleading|proof|evidence|you up|people up)\b|"
    r"\b(?:was|were|had been|have been|been) (?:also )?(?:sold|distributed|recalled|withdrawn|seized)\b|"
    r"\b(?:people|anyone|those|consumers|customers|patients|parents) who (?:have )?(?:bought|purchased|ordered|own|paid)\b"
    r"[^;:]{0,40} (?:should|must|were|was|can return|may return)\b|"
    r"\bprices? (?:of|for) [^;:]{1,40} (?:have|has|had|rose|fell|doubled|tripled|varies|vary|differs?|depends?)\b|"
    r"\b(?:insurance|insurers?|medicare|medicaid|health plans?|your plan) (?:may |might |can |will |does not |often |"
    r"usually )?(?:covers?|pays?|reimburses?)\b|\bpriority is given\b|\bshortages?\b|"
    r"\b(?:manufacturers?|suppliers?|doses|hospitals|doctors) (?:are |is )?left\b|"
    r"\bnewsletter (?:to|for|with|and|about) (?:get |receive |hear |read )?(?:the )?(?:[\w-]+ )?(?:news|updates|information|"
    r"research|articles|alerts)\b|\b(?:at|from) (?:the|your|a) (?:\w+ )?(?:surgery|clinic|gp|health (?:centre|center|"
    r"department)|hospital)(?:'s website)?(?=[ .!]*$)|\bfree (?:copies|copy)\b|\b(?:if|when|before) you (?:buy|order|shop)"
    r"[^;:]{0,40}, (?:always )?(?:check|make sure|look|ask|read|talk|be)\b|"
    r"\bthe (?:\w+ )?(?:seller|company|firm|maker|retailer|vendor|chain)s? (?:has |had |have )?(?:offered|promised|charged|"
    r"agreed|claimed|sold|paid|lied|advertised|settled|refused|failed)\b|"
    # What public bodies give away.
    r"\b(?:website|site|page|helpline|from|through) (?:of )?(?:the |your )?(?:nhs|cdc|ministry|council|government|national "
    r"health service|public health \w+|health (?:service|department|authority|ministry))\b|"
    # What somebody did in a shop.
    r"\b(?:trotted|went|drove|walked|ran|headed|popped|sent \w+) (?:off |down |over |out |back )?to (?:the|a|our|my) "
    r"(?:[\w-]+ ){0,3}?(?:store|shop|pharmacy|supermarket|market|chemist)\b|\b(?:get|put|keep|set|have) (?:your|"
    r"my|their|his|her) "
    r"\w+ in order\b|\bbuy (?:only )?from (?:a )?(?:reputable|trusted|licensed|registered) [^.;:]{0,30}, (?:as|"
    r"because|since)\b|"
    r"\b(?:got|received|asked for|given|demanded|"
    r"wanted|want) (?:my |a |their |his |her )?(?:full |partial )?(?:refund|money back)\b"
)
