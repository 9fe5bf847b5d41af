"""Statements about evidence: what research, experts, journals and figures are said to show.

Every detector takes a folded sentence and returns the place of the statement in it, or None. They judge by grammar: who
speaks (a study, an expert, a body), what verb follows, and whether that verb reports a finding. Plans ("a trial
should test"), methods in general ("a survey cannot show"), calls for more research and the author's own work ("we
searched") are not statements about evidence.
"""

from __future__ import annotations

import re

from pubkit.claims.detector import detector
from pubkit.claims.grammar import is_question, modal_before
from pubkit.claims.patterns import Expression, Grammar, Pattern
from pubkit.claims.wordlists import Hit, grammar, word_list
from pubkit.expressions import expression

__all__ = ["absence_of_evidence", "evidence", "named_journal", "statistic"]

_REACH = 110
_QUANTITY_OF_STUDIES = (
    r"(?:studies|trials|papers|articles|experiments|reviews|reports|meta[ -]analyses|clinical trials)"
)


_TEMPLATES = {
    "study": r"(?<![\w-])<study-words>(?!\w)",
    "finding": r"(?<![\w-])<finding-verbs>(?!\w)",
    "expert": r"(?<![\w-])<expert-words>(?!\w)",
    "speech": r"(?<![\w-])<speech-verbs>(?!\w)",
    "body": r"(?<![\w-])<health-bodies>(?!\w)",
    "body-says": r"(?<!\w)(?:says|said|warns?|warned|has warned|have warned|recommends?|recommended|estimates?|"
    r"estimated|reports?|reported|found|finds|states|stated|concluded|advises?|advised|classifi\w+|has received|"
    r"received|notes?|considers?|identified|investigated|linked|cautions?|cautioned|announced|issued|documented|"
    r"recorded)(?!\w)",
    "according": r"\b(?:according to|per(?=\s)) (?!(?:your|you|the (?:label|package|manufacturer|instructions|leaflet|"
    r"directions|law|plan|schedule|rules|protocol|type|size|age|number)|its|their|body|age|need|local|instructions|"
    r"directions|label|legend|tradition|custom|serving|day|week|dose|gram|capsule|kilogram|mille)\b)",
    "per": r"\bper (?!(?:the )?(?:<expert-words>|<study-words>|<health-bodies>))",
    "exists": r"\bthere(?:'s| is| are| has been| have been| was| were| exists?) (?:\w+[ -]){0,5}?"
    r"(?:evidence|research|studies|trials|reports|data (?:that|from|on|to|show)|case reports|consensus)\b",
    "weighed": r"\b(?:some|strong|weak|growing|good|limited|mounting|emerging|increasing|scientific|clinical|anecdotal|"
    r"considerable|substantial|ample|the|current|available|existing|recent|new|high[ -]quality|low[ -]quality|"
    r"preliminary|conflicting|mixed|moderate|empirical|convincing|overwhelming|more|much|most|much of the|most of "
    r"the|best) (?:available |scientific |clinical |human |research )?evidence (?:that|for|from|to|on|in|points|"
    r"comes|is|was|base|exists)\b",
    "evidence-that": r"\bevidence (?:that|to suggest|to support|to show|suggesting|showing|linking|supporting|"
    r"supports|for the)\b",
    "proven": r"\b(?:clinically|scientifically|medically|experimentally) (?:proven|proved|shown|tested|validated|"
    r"demonstrated|established|studied|verified|documented)\b",
    "shown": r"\b(?:has|have|had|having|been|was|were|is|are)(?: (?:also|now|long|since|recently|repeatedly|"
    r"consistently|even|further|previously|clearly|indeed|only|just))*(?: been)?(?: (?:also|well|widely|clearly|"
    r"repeatedly|consistently))? (?:shown|demonstrated|proven|proved|found|reported|observed|documented|studied|"
    r"investigated|established|estimated|confirmed|researched|suggested)\b(?= (?:to|that|in (?:over|more|many|"
    r"several|numerous|a|the|one|two|some|clinical|animal|human|people|patients|adults|mice|rats|cell|lab)|by|for|as|"
    r"at|among|with|extensively|widely|effective|useful|beneficial))",
    "adverbial": r"\b(?:in|during|from|across|throughout|by|after|based on|among|within|of|under) (?!our|my|your)"
    r"(?:[\w'-]+ ){0,5}?(?:study|studies|trials?|surveys?|polls?|meta[ -]analys[ei]s|experiments?|systematic "
    r"reviews?|cohort|case series|the literature)\b(?! (?:session|design|protocol|leave|group|hall|skills))",
    "counted": r"\b(?:\d[\d,.]*|hundreds|thousands|dozens|scores|many|several|numerous|countless|multiple|most|few) "
    r"(?:of )?(?:\w+[ -]){0,3}?(?:peer[ -]reviewed|scientific|clinical|published|research|observational|randomi[sz]ed|"
    r"epidemiological|controlled|human|animal) (?:\w+ )?" + _QUANTITY_OF_STUDIES + r"\b",
    "spoke": r"\b(?:says|said|say|explains|explained|adds|added|notes|noted|warns|warned|cautions|cautioned|told|"
    r"writes|wrote|argues|argued|believes|recommends|stresses|tells|predicts|suggests)\b[^;?!]{0,90}?(?:\bdr\.? \w|"
    r"\bprof(?:essor|\.)|\bm\.?d\.?\b|\bph\.?d\b|\bdirector of|\bchair of|\bhead of|\bchief of|\buniversity|"
    r"\binstitute|\bmedical school|\bschool of|(?<![\w-])(?:a|an|the) (?:[\w-]+ ){0,3}<expert-words>(?!\w))",
    "doctor-spoke": r"(?:\bdr\.? [a-z][\w'-]+|\bprof(?:essor|\.)? [a-z][\w'-]+|, ?(?:m\.?d|ph\.?d|r\.?d|r\.?n)\.?,?)"
    r"[^;?!]{0,60}?\b(?:says|said|explains|explained|adds|added|notes|noted|warns|warned|cautions|cautioned|told|"
    r"writes|wrote|argues|believes|recommends|stresses|suggests|points out|tells|found|showed|discovered|agrees)\b",
    "told": r"\btold (?:reuters|bbc|cnn|afp|the (?:\w+ ){0,3}(?:times|post|guardian|telegraph|mail|bbc|journal)|"
    r"healthline|webmd|live science|newsweek|medscape|medical news today|insider|forbes|npr|nbc|abc|cbs|fox)\b",
    "they-found": r", they (?:said|added|warned|wrote|concluded|explained)\b|"
    r"\b(?:they|he|she|it|who|and|the team|the group)(?: (?:also|then|further|later|recently))* "
    r"(?:(?:have |has |had )?(?:found|reported|concluded|observed|discovered|estimated|demonstrated|confirmed|showed|"
    r"shown|calculated|noted|determined) (?:that|no |an? (?:association|increase|decrease|reduction|link|correlation|"
    r"\d)|\d)|(?:have |has |had )?(?:warned|cautioned|predicted|wrote|hypothesi[sz]ed|theori[sz]ed)\b"
    r"(?!,? ?[:\"]|,? '))",
    "subjects": r"\b(?:subjects|participants|patients|volunteers|respondents|women|men|people|those|adults|children|"
    r"mice|rats|animals|monkeys) (?:who |that |given |taking |receiving |in |treated |assigned )?(?:[\w\[\]%-]+ "
    r"){0,9}?(?:during the study|in the study|in the trial|(?:received|given|took|had|on|assigned to) (?:a |the "
    r")?placebo|placebo group|control group|compared (?:with|to) (?:a |the )?(?:placebo|controls?)|than (?:controls|"
    r"placebo|those (?:on|given|taking|who (?:took|received))|(?:the )?control)|were randomi[sz]ed|were randomly|at "
    r"baseline)\b|^(?:the |most |all |many |these |those |study |female |male |healthy |nearly |almost |half |"
    r"of )*(?:participants|subjects|volunteers|respondents|trial participants) (?:taking|given|receiving|who|in|on|"
    r"assigned|with|treated|did|"
    r"had|lost|showed|reported|were|tolerated|improved|felt|gained|completed|experienced|died|recovered|slept)\b",
    "treated-group": r"\b(?:in|of|from) the (?:treatment|treated|intervention|active|verum|placebo|control|kratom|drug|"
    r"diet|exercise) (?:group|arm)s? (?:\w+ly )?(?:had|slept|lost|gained|felt|reported|improved|showed|scored|lived|"
    r"recovered|died|were|did|got|used|needed)\b|\bit (?:has|is) (?:long |well |already |also )?(?:been )?known (?:since|"
    r"for (?:years|decades|centuries)|that)\b|\b(?:the|these|those|new|recent) (?:data|numbers|figures|findings) (?:are|"
    r"is|look|speak)\b|\b(?:research|evidence|science) is (?:clear|overwhelming|unanimous|settled|in)\b",
    "linked": r"\b(?:link|association|connection|relationship|correlation) between [^;?!]{3,80}? (?:is|are|has been|"
    r"was) "
    r"(?:\w+ )?(?:established|known|proven|proved|clear|strong|documented|undisputed|beyond)\b|\breports of [\w "
    r"-]{2,30} "
    r"(?:have|has|are|were) \w|\b(?:no secret|common knowledge|well known|widely accepted) among (?:doctors|scientists|"
    r"experts|researchers|physicians)\b|\b(?:neuroscience|medicine|medical science|physiology|psychology|biology|"
    r"biochemistry) "
    r"(?:tells us|teaches us|teaches that|has shown|has proven|shows that|knows that|says that)\b|\bthere is (?!no "
    r")(?:\w+ "
    r")?proof "
    r"(?:that|of)\b",
    "backed": r"\b(?:is|are|was|were|been|being|effects?|benefits?|claims?|uses?) (?!not )(?:\w+ )?(?:backed|supported|"
    r"confirmed|proven|proved|validated|underpinned|borne out|endorsed) (?:up )?by "
    r"(?:[\w-]+ ){0,3}?(?:science|research|stud(?:y|ies)|evidence|trials?|data|experts|doctors|scientists)\b"
    r"(?! (?:grants?|fund\w*|council|institute|foundation|infrastructure))",
    "no-difference": r"\b(?:did not (?:\w+ly )?differ|(?:was|were) not (?:\w+ly )?different|no (?:[\w-]+ "
    r")?differences? "
    r"(?:was|were|in|between)|(?:was|were) (?:\w+ly )?(?:similar|lower|higher))\b[^;?!]{0,80}?\b(?:between|among|"
    r"across|in "
    r"(?:both|the two)|than)\b[^;?!]{0,60}?\b(?:groups?|participants|patients|arms|placebo|controls?)\b",
    "better-than-placebo": r"\b(?:better|more|less|higher|lower|larger|greater|superior|different|worse|effective|"
    r"faster|fewer|longer) (?:[\w-]+ ){0,3}?(?:than|to|from) (?:a |the )?placebo\b|\boutperformed (?:a |the "
    r")?placebo\b",
    "consensus": r"\b(?:the |a |there is )?(?:\w+ ){0,2}(?:scientific|medical|expert|clinical) (?:consensus|"
    r"community|opinion) (?:is|that|on|agrees|says|holds|believes|has|supports|recommends)\b",
    "university": r"\b(?:researchers?|scientists?|stud(?:y|ies)|team|trial|experts?|doctors) (?:at|from|by|of|led by|"
    r"conducted at) (?:the )?(?:[\w.'&-]+ ){0,4}?(?:university|institute|college|hospital|clinic|school)\b",
    "study-from": r"\b(?:a|an|one|another|this|that|recent|new|large|small|\d{4}) (?:[\w-]+ ){0,4}?"
    r"(?:study|trial|survey|meta[ -]analysis|systematic review|cohort study|experiment) (?:of|from|in|by|with|among|"
    r"involving|published|conducted|on|that)\b",
}
_GRAMMAR = Grammar({name: grammar(template) for name, template in _TEMPLATES.items()})
_OTHER_FORMS = _GRAMMAR.only(
    *(
        "proven",
        "exists",
        "counted",
        "spoke",
        "doctor-spoke",
        "told",
        "they-found",
        "evidence-that",
        "weighed",
        "shown",
    ),
    *("consensus", "university", "study-from", "better-than-placebo", "treated-group", "linked", "backed"),
    *("no-difference", "subjects", "according", "adverbial"),
)
_NOT_KNOWN = Expression(
    r"\b(?:do not|don't|does not|did not|cannot|can't) (?:yet |fully |really |exactly )?(?:know|agree)$"
)
_NO_STUDY = Expression(r"\b(?:no|nor|neither|never any) (?:[\w-]+[ -]){0,4}$")
_OWN_WORK = Expression(
    r"\b(?:our|my|your|doing|did|do|own|more|further|future|additional|ongoing|planned|upcoming|conduct|conducting|"
    r"for|fund|funding|supports?|funded|want|need|needs|reading|read|this) (?:own |the |more |new |scientific |"
    r"clinical |high-quality |well-designed |larger |medical |rigorous )*$"
)
_HAPPENED = Pattern(
    r"\b(?:was|were|had|has|have|did|been|found|took|lost|rose|fell|saw|grew|gave|felt|became|showed|shows?|cut|led|"
    r"slept|kept|ate|drank|made|beat|halved|"
    r"\w{3,}(?<!bas)(?<!us)(?<!relat)ed)\b"
)
_NEED = Pattern(
    r"\b(?:is|are|be|remains?|still) (?:\w+ )?(?:needed|required|necessary|warranted|under ?way to|planned)\b|\bwe "
    r"need\b|\bmore (?:research|studies|work|trials|data) (?:is|are) (?:needed|required)\b"
)
_CANNOT = Expression(r"\b(?:cannot|can't|can only|should|must|does not (?:prove|show|mean))\b")
_RECRUIT = Expression(
    r"\b(?:take part in|taking part in|enrol\w* in|participat\w+ in|join|joining|eligible for|sign up for) [\w "
    r"-]{0,25}$"
)
_GENERIC_METHOD = expression(r"\b(?:a|an|such|these|those|most|all|many) (?:[\w-]+ ){0,3}$")
_PERSONAL_DOCTOR = Expression(
    r"\b(?:your|you|a|an|their|his|her|my|the|any|ask|asks|see|tell|talk to|speak to|from) (?:[\w-]+ ){0,2}$"
)
_ABSENT = Pattern(
    r"\bthere(?:'s| is| was| are| were| has been) (?:\w+ )?no (?:[\w-]+ ){0,3}?"
    r"(?:evidence|proof|research|studies|trials|data)\b"
    r"(?! of (?:an? )?(?:recurrence|infection|tumou?r|disease|cancer|fracture|metasta\w+|progression|bleeding))|"
    r"\bno (?:[\w-]+ )?evidence (?:that|to (?:suggest|support|show)|whatsoever|at all)\b|"
    r"\b(?:not (?:yet )?enough|insufficient|too little|very little|little|limited|a lack of|lack of|lacks|lacking|few|"
    r"no (?:good|reliable|solid|convincing|strong|scientific|clinical|conclusive|robust|sufficient|high[ -]quality|"
    r"definitive|medical|direct|real|clear|credible|current)) ?(?:[\w-]+ ){0,2}?(?:evidence|research|(?<!training "
    r")data (?:on|about|to support|exist|are available)|studies|trials)\b|\b(?:evidence|research|data|studies|trials) "
    r"(?:[\w',()-]+ ){0,9}(?:is|are|remains?|was|were) (?:\w+ ){0,2}(?:lacking|limited|insufficient|scarce|sparse|"
    r"weak|missing|inconclusive|mixed|conflicting|thin|poor|unavailable)\b|\b(?:has|have|is|are|was|were)(?: not|n't| "
    r"never)(?: yet| ever)?(?: been)?(?: \w+ly| well| yet)? (?:studied|proven|proved|shown|established|tested|"
    r"researched|demonstrated|confirmed)\b"
)
_REFUSED = Pattern(
    r"\b(?:no|nor|not a single) (?:[\w-]+[ -]){0,4}(?:study|studies|trials?|research|reviews?|surveys?)(?: in "
    r"(?:humans|people|patients|adults|children))? (?:has|have|had) "
    r"|^no (?:[\w-]+ ){1,4}?(?:has|have) (?:ever |yet )?been (?:shown|proven|proved|found|demonstrated)\b"
)
_PUBLISHED_IN = Pattern(
    r"\b(?:published|printed|appeared|appearing|reported|featured) (?:\w+ )?in (?:the )?(?:[\w-]+ )?(?:journal|"
    r"issue)\b",
)
_NAMED_JOURNAL = Pattern(
    r"\b(?:medical|health|scientific|peer-reviewed|science|the) journal,? (?!(?:of|club|entry|article|the|that|"
    r"which|in|"
    r"is|was|has|had|and|or|a|an|to|for|at|on|with|by|from|where|itself|you|it|we|they|he|she|does|did|will|can|"
    r"may)s?\b)\w",
)
_WORKS = r"(?:studies|study|trials?|rcts?|reviews?|papers|articles|reports|meta[ -]analys[ei]s)"
# What was done, how many, how well and with whose money: how a review was made, not what it found.
_MAKING = Pattern(
    r"\b(?:study|trial|survey|researchers|review|authors) (?:also )?(?:measured|used|lasted|took place|enrolled|"
    r"recruited|"
    r"collected|ran)\b(?!.{0,120}\b(?:found|show\w*|reduc\w*|increas\w*|improv\w*|risk|more|less|better|fewer|than)\b)|"
    rf"\b{_WORKS} (?:(?:that |which |we |they )?(?:was|were|is|are|had been) )?(?:\w+ly )?(?:included|identified|"
    rf"excluded|"
    rf"eligible|searched|retrieved|funded|sponsored|conducted|carried out|undertaken|set|small|short|based in|at "
    rf"(?:high|low|"
    rf"unclear|some) risk of bias|of (?:\w+ )?(?:high|low|poor|good|moderate|very low) (?:methodological )?quality|"
    rf"found to be "
    rf"of|rated|judged|assessed|ongoing|under ?way|awaiting|recruit\w*|took place|lasted)\b|"
    rf"\b{_WORKS} (?:directly )?(?:compared|compares|comparing|tested|evaluated|examined|investigated|looked at|"
    rf"assessed|"
    rf"enrolled|randomi[sz]ed|recruited|included|involved|involving|reported (?:on|data|health|information|this|"
    rf"these|our|the "
    rf"outcomes?))\b(?!.{{0,80}}\b(?:found|showed|reduc\w+|increas\w+|improv\w+|risk)\b)|"
    rf"\b(?:review|we|authors|analysis) (?:authors )?(?:also |only |then |did not |could not |were unable to "
    rf")?(?:included?|"
    rf"identif(?:y|ied)|search(?:ed)?|found|combined?|pool(?:ed)?|assess(?:ed)?|investigated|wanted|looked|use) "
    rf"(?:[\w,()-]+ ){{0,6}}?(?:{_WORKS}|data|results|databases|evidence)\b|"
    r"\b(?:quality|certainty|strength) of (?:the |this |available )*(?:evidence|studies|trials)\b|\bplain language "
    r"summary\b|"
    r"\b(?:this|the) (?:review|summary|evidence) is (?:up to date|current)\b|\bevidence is current to\b|\bbeing "
    r"(?:tested|"
    r"studied|investigated) in (?:\w+ )?(?:clinical )?trials?\b|\b(?:there are|take part in|enter|entering|join) "
    r"(?:also )?(?:\w+ )?clinical trials\b|\bclinical trials (?:that|to) test\b|\bthere (?:is|are) (?:\w+ )?trials "
    r"(?:for|of) .{1,60} (?:underway|under way)\b"
)

_ONLY_MORE_RESEARCH = Pattern(
    r"^[^;]{0,60}?\b(?:conclu\w+|sa(?:y|ys|id)|agree\w*|stress\w*|state[sd]?|recommend\w*|call(?:s|ed)? for) (?:that )?"
    r"(?:more|further|larger|better|additional) (?:[\w-]+ ){0,6}?(?:research|stud(?:y|ies)|trials?|work|data)\b(?!.*"
    r"\b(?:but|although|found|showed)\b)"
)
_ASKED_TO_JUDGE = Expression(
    r"(?:ask|find out|check|look for|be (?:wary|sceptical|skeptical|careful|critical|suspicious)|beware|watch for|"
    r"decide|"
    r"the best (?:available )?evidence comes from|(?:the |all |trial |study |most )*(?:participants|volunteers|"
    r"subjects|"
    r"respondents) were (?:aged|asked|recruited|randomi[sz]ed|assigned|selected|interviewed|between|adults|children|"
    r"men|"
    r"women|followed|invited|excluded))\b"
)
_BY_SELLERS = Pattern(
    r"^(?:\w+ ){0,2}?(?:sellers?|vendors?|marketers?|manufacturers?|advertis\w+|websites?|shops?|labels?|influencers?|"
    r"promoters) (?:\w+ )?(?:say|says|said|claim|claims|claimed|promise|promises|suggest|state|argue|insist)\b"
)
# A request to the reader.
_REQUEST = Expression(r"\bit is (?:suggested|recommended|requested|advised|required) that you\b")
_NO_EVIDENCE = (_REFUSED, _MAKING, _ONLY_MORE_RESEARCH, _BY_SELLERS, _REQUEST)


_KIND_OF_STUDY = (
    r"(?:[\w-]+[ -]){0,4}?(?:stud(?:y|ies)|trials?|meta[ -]analys[ei]s|reviews?|surveys?|experiments?|"
    r"case reports?|registr(?:y|ies))"
)
# What a kind of study is, does and can show, and a trial in the sense of trying a treatment.
_DEFINITION = Expression(
    rf"^(?:an?|all|most|such|any|every|each) {_KIND_OF_STUDY} (?:(?:can|may|usually|often|only|always|also|then|never|"
    r"cannot) )*(?:shows? (?:whether|how|if|which|what)|tells?|answers?|asks?|looks?|compares?|combines?|follows?|"
    r"collects?|tests?|measures?|tries|aims?|helps?|finds? (?:out|an answer)|describes?|checks?|examines?|observes?|"
    r"records?|uses?|needs?|is an?|are|takes?|gathers?|summari[sz]es?|proves?)\b|"
    rf"^(?:in|during|with|for) an? {_KIND_OF_STUDY}, (?:[\w'-]+ ){{1,7}}?(?:is|are|decides?|gets?|receives?|compares?|"
    r"looks?|"
    r"asks?|follows?|watch(?:es)?|counts?|knows?|do not|does not|takes?|chooses?|gives?|draws?|collects?|measures?)\b|"
    r"\b(?:offer|try|consider|start|give|suggest|need|have|after) (?:\w+ )?(?:a|an|the) (?:\w+ )?trial of\b"
)
_RESULT = Expression(
    r"\b(?:found|showed|shown|suggest\w*|reported|concluded|revealed|recent|new|last year|this year|\d[\d,.]*)\b"
)


@detector
def evidence(text: str) -> Hit | None:
    """Return what research or experts are said to have found, in the folded sentence `text`."""
    if is_question(text) or _ASKED_TO_JUDGE.match(text):
        return None
    found = _research_subject(text) or _expert_subject(text) or _other_forms(text)
    if found is None or any(pattern.search(text) for pattern in _NO_EVIDENCE):
        return None
    return None if _DEFINITION.search(text) and not _RESULT.search(text) else found


@detector
def absence_of_evidence(text: str) -> Hit | None:
    """Return a statement that evidence is lacking: "there is not enough evidence", "trials are lacking", "has not been
    shown"."""
    match = _ABSENT.search(text)
    if match is None or is_question(text) or _REFUSED.search(text) or _NEED.search(text):
        return None
    return _hit(match)


@detector
def named_journal(text: str) -> Hit | None:
    """Return a journal named as the source of a statement, or "published in" with a title behind it."""
    if is_question(text):
        return None
    published = _PUBLISHED_IN.search(text)
    if published:
        return _hit(published)
    journals = word_list("journals")
    for hit in journals.hits(text):
        before = text[max(0, hit.start - 60) : hit.start]
        after = text[hit.end : hit.end + 60]
        if re.search(
            r"\b(?:published|printed|appear\w*|reported|study|studies|paper|article|review|editorial|trial|research|"
            r"writing|issue|according to|journal)\b[^;?!]{0,50}$",
            before,
        ) or re.match(
            r"[^;?!]{0,40}?\b(?:showed|shows|found|reported|published|reports|suggests|suggested|concluded|study|"
            r"review)\b",
            after,
        ):
            return hit
    named = _NAMED_JOURNAL.search(text)
    return _hit(named) if named else None


def _research_subject(text: str) -> Hit | None:
    """Return a study word followed, within the clause, by a verb that reports a finding."""
    if not (_GRAMMAR["study"].possible(text) and _GRAMMAR["finding"].possible(text)):
        return None
    studies = word_list("study-words").without_exceptions(text)
    for study in _GRAMMAR["study"].finditer(studies):
        before = text[max(0, study.start() - 60) : study.start()]
        if _NO_STUDY.search(before) or _RECRUIT.search(before):
            continue
        own = _OWN_WORK.search(before) is not None
        after = re.split(r"[;?!]", text[study.end() : study.end() + _REACH])[0]
        for verb in _GRAMMAR["finding"].finditer(after):
            if (
                modal_before(after, verb.start())
                or _infinitive(after, verb)
                or (
                    own
                    and not re.search(r"\b(?:found|show\w*|suggest\w*|report\w*|indicat\w*|reveal\w*)", verb.group())
                )
            ):
                continue
            if own and re.search(r"\b(?:our|my|your|this)\b", before[-20:]):
                continue
            return Hit(study.start(), study.end() + verb.end(), text[study.start() : study.end() + verb.end()])
    return None


def _infinitive(after: str, verb: re.Match[str]) -> bool:
    """Return whether the verb belongs to an infinitive before it: "researchers to ask questions and find"."""
    return re.match(r" to \w", after) is not None or (
        re.search(r"\bto \w", after[: verb.start()]) is not None
        and re.search(r"(?:s|ed|ing|own|ound|aid)$", verb.group()) is None
    )


def _expert_subject(text: str) -> Hit | None:
    """Return experts or health bodies followed by what they say, found or advise."""
    experts = _GRAMMAR["expert"].finditer(text) if _GRAMMAR["speech"].possible(text) else ()
    for expert in experts:
        before = text[max(0, expert.start() - 40) : expert.start()]
        if _PERSONAL_DOCTOR.search(before) and re.match(
            r"doctor|physician|pharmac|therap|nurse|clinician|surgeon|specialist|psychiatrist|psychologist|health "
            r"prof|medical prof|diet",
            expert.group(),
        ):
            continue
        after = re.split(r"[;?!]", text[expert.end() : expert.end() + 70])[0]
        for verb in _GRAMMAR["speech"].finditer(after):
            if (
                not modal_before(after, verb.start())
                and not _NOT_KNOWN.search(after[: verb.end()])
                and not (
                    verb.group().startswith("t") and re.match(r" (?:you|me|us|him|her|them)\b", after[verb.end() :])
                )
                and not _infinitive(after, verb)
                and not re.search(r"\b(?:may|and|or) $", after[: verb.start()][-5:])
            ):
                return Hit(expert.start(), expert.end() + verb.end(), text[expert.start() : expert.end() + verb.end()])
    bodies = _GRAMMAR["body"].finditer(text) if _GRAMMAR["body-says"].possible(text) else ()
    for body in bodies:
        after = re.split(r"[;?!]", text[body.end() : body.end() + 45])[0]
        said = _GRAMMAR["body-says"].search(after)
        if said and not modal_before(after, said.start()):
            return Hit(body.start(), body.end() + said.end(), text[body.start() : body.end() + said.end()])
    return None


def _denied(before: str, name: str) -> bool:
    """Return whether the words before form `name` deny it.

    So does "no evidence that", but not "did not cause death in trials" or "not in all, according to a trial".
    """
    if name in {"proven", "shown"} or re.search(r"\b(?:no|not|without|never|lack of)\b[\w ,-]{0,20}$", before) is None:
        return False
    if name == "according" and before.endswith(", "):
        return False
    return name != "adverbial" or re.search(r"\bdid(?: not|n't)\b", before) is None


def _other_forms(text: str) -> Hit | None:
    for name, match in _OTHER_FORMS.matches(text):
        before = text[max(0, match.start() - 60) : match.start()]
        if _RECRUIT.search(text[max(0, match.start() - 10) : match.end()]) or modal_before(text, match.start()):
            continue
        if _denied(before, name):
            continue
        if name in {"study-from", "adverbial"} and _CANNOT.search(text[match.end() : match.end() + 80]):
            continue
        if name == "according" and re.match(r"per ", match.group()):
            continue
        if name == "adverbial" and (
            _OWN_WORK.search(before + match.group())
            or _NEED.search(text)
            or re.match(r"(?:of|under|within)", match.group())
        ):
            continue
        if name == "adverbial" and not match.group().startswith("based on") and not _HAPPENED.search(text):
            continue
        if name == "exists" and (" no " in match.group() or _ABSENT.search(text)):
            continue
        return _hit(match)
    return None


_ABOUT_SO_MUCH = r"(?:on average |for |an average of |about |around |some |nearly |almost |up to |at least |only )*"
_HOW_MUCH = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)(?: to \d[\d,.]*)? ?"
)
_TIMES = r"(?:minutes?|hours?|days?|weeks?|months?|years?)"
_UNITS = (
    rf"(?:mm ?hg|points?|kg|kilograms?|kilos?|pounds|lbs?|bpm|beats|mmol\S*|mg/dl|cm|centimet\w+|inches|{_TIMES})(?!\w)"
)
#: How much something does, in units: "sleep 12 minutes longer", "lowered the pressure by 5 mmHg", "adds two years to life".
_IN_UNITS = (
    r"\b(?:slept|sleeps?|live[ds]?|survive[ds]?|walk(?:ed|s)?|stay(?:ed|s)?|last(?:ed|s)?|recover(?:ed|s)?|fell asleep|"
    rf"falls? asleep|woke|wakes?) {_ABOUT_SO_MUCH}{_HOW_MUCH}{_TIMES} "
    r"(?:longer|shorter|more|less|earlier|sooner|later|faster)\b|"
    r"\b(?:lower(?:ed|s)?|reduc(?:ed|es?)|rais(?:ed|es?)|increas(?:ed|es?)|cuts?|shorten(?:ed|s)?|lengthen(?:ed|s)?|"
    r"prolong(?:ed|s)?|extend(?:ed|s)?|dropped|drops|fell|falls|rose|rises|improv(?:ed|es?)|decreas(?:ed|es?)) "
    rf"(?:(?!dose|dosage|your|intake)[\w'-]+ ){{0,5}}?by {_ABOUT_SO_MUCH}{_HOW_MUCH}{_UNITS}|"
    rf"\badd(?:s|ed)? {_ABOUT_SO_MUCH}{_HOW_MUCH}{_TIMES} (?:of [\w-]+ )?to (?:[\w-]+ ){{0,3}}?"
    r"(?:life|lives|lifespan|night|nights|sleep|survival)\b"
)

_STATISTIC = Pattern(
    r"(?<![\w.,])(?:\d[\d,.]*|one|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety)(?:[ -]?(?:to|-|and)[ -]?\d[\d,.]*)?(?:\s?%|\s?(?:percent\b|per cent\b|per ?mille\b|"
    r"percentage points?\b))|\b(?:one|two|three|four|five|six|seven|eight|nine|\d+) (?:in|out of|of) (?:every )?"
    r"(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|fifty|a hundred|a thousand|a million|"
    r"\d[\d,]*)\b(?! (?:steps|ways|things|chapters|parts|pages|figures|tables|sections))|"
    r"\b(?:two|three|four|five|six|seven|eight|nine|ten|"
    r"\d+(?:\.\d+)?|several|many)[ -]?fold\b|\b(?:twice|\d+(?:\.\d+)? times|two times|three times|four times|five "
    r"times|ten times|half) as (?:likely|many|much|high|common|often|great)\b|\b(?:\d+(?:\.\d+)?|two|three|four|five|"
    r"ten) times (?:more|higher|greater|less|lower|the (?:risk|rate|odds))\b|\b(?:nearly |almost |about |around |over "
    r"|more than |roughly |at least |up to |fewer than |less than |only )?(?:an? )?(?:half|one[ -]half|one[ -]third|a "
    r"third|third|two[ -]thirds|one[ -]quarter|a quarter|quarter|three[ -]quarters|one[ -]fifth|a fifth|a tenth|one[ "
    r"-]tenth) (?:of (?:all |the |those |these |its |their |us |young |older |pregnant |\d[\d,]* |hospital )*(?:them|"
    r"those|people|adults|patients|women|men|children|users|cases|participants|respondents|deaths|population|"
    r"americans|teens|adolescents|students|pregnancies|survivors|sufferers)\b|(?:had|have|has|were|are|reported|said|"
    r"died|experience\w*|took)\b)|\b\d[\d,.]*(?: (?:million|billion|thousand|hundred))? (?:[\w-]+ ){0,2}?(?:deaths|"
    r"people (?:die|died|have|had|live|suffer|are|were|in|with|worldwide|each|every|a)|americans|britons|adults "
    r"(?:have|had|use|used|in|live|reported)|cases|hospitali[sz]ations|infections|new cases|diagnoses|patients (?:had|"
    r"have|died|a year|each))\b(?! (?:stud|of)\b)|\b(?:\d[\d,.]*|one|two|three|five|ten|several|hundreds of|tens of) "
    r"(?:million|billion|thousands?|millions)(?: (?:of )?(?:[\w-]+ ){0,2}?(?:people|adults|patients|women|men|"
    r"children|cases|deaths|users|americans|individuals|births|visits|prescriptions|infections))|\b(?:millions|"
    r"billions|"
    r"(?:tens|hundreds) of (?:thousands|millions)) of (?:[\w-]+ ){0,2}?(?:people|adults|patients|women|men|children|"
    r"americans|britons|users|individuals|teenagers|consumers)\b(?! who)|\b(?:odds|hazard|"
    r"risk|rate|prevalence|incidence|likelihood) ratio\b[^;]{0,30}?\d(?:[\d.,]*\d)?|\b(?:relative|absolute) risk (?:"
    r"reduction|increase|of)\b[^;]{0,25}?\d|\b(?:doubl|tripl|quadrupl|halv)(?:es|ed|ing|e) (?:the |your |their )?(?:risk|"
    r"odds|chance|rate|likelihood|number)|\b(?:lost|gained|shed|average|mean|median) (?:of |an average of |weight |loss |"
    r"reduction |increase |age )*(?:\d[\d.,]*(?! ?\d* (?:years?|months?|weeks?|days?|hours?))(?![\d.,])|\[amount\])|"
    r"\ban average of (?:\d[\d.,]*(?! ?\d* (?:years?|months?|weeks?|days?|hours?))(?![\d.,])|\[amount\])|\bp ?[<=] "
    r"?0?\.\d+|\b\d[\d,.]* (?:deaths?|cases|births|people) per \d(?:[\d,]*\d)?|" + _IN_UNITS
)
_NO_STATISTIC = Pattern(
    r"%[0-9a-f]{2}\w*|\b(?:covid|cov|sars|hiv|hpv|influenza|type|grade|stage|phase|vitamin|omega|interleukin|il|cd)"
    r"[ -]\d+\w*|\b[a-z]{1,6}\d+\.\d+|\b(?:chapter|part|page|step|section|lesson|question|item|table|figure|slide|module|"
    r"unit|day|week|visit|session|level|grade|stage|box|card|volume|episode|round|sheet|line) \d+ of \d+\b|"
    r"\b(?:included?|identified|found|enrolled|recruited|randomi[sz]ed) (?:a total of |only |just "
    r")?(?:\d[\d,]*|\w+) "
    r"(?:[\w-]+ ){0,3}?(?:studies|trials|rcts|reviews|articles)\b(?:[^.;]{0,40}?\d[\d,]* (?:[\w-]+ ){0,2}?(?:people|"
    r"adults|"
    r"patients|women|men|children|participants))?|"
    r"100 ?(?:%|percent|per cent)[ -](?:natural|safe|pure|sure|organic|guaranteed|effective|certain|free|cotton|"
    r"committed|money|satisf|money|customer)|\d+ ?% (?:off|discount|cashback|alcohol|ethanol|saline|solution|cream|"
    r"gel|ointment|lotion|dextrose|glucose|hydrogen|isopropyl|bleach|confidence|ci\b|cacao|cocoa|dark|juice|sulfur|"
    r"permethrin|strength|of (?:your|the) (?:daily|price))|(?:permethrin|sulfur|minoxidil|alcohol|peroxide|saline|"
    r"lidocaine|hydrocortisone|salicylic acid|benzoyl peroxide|solution|cream|ointment) ?\(?\d[\d.]* ?%|save (?:up to "
    r")?\d+ ?%|one in (?:the|this|which|that|a)|one of (?:the|these|those|my|your|our|two|three|many)|100 ?% of the "
    r"time$|"
    # What readers are told to do.
    r"\A\W*(?:increase|reduce|cut|lower|raise|extend|shorten|lengthen|sleep|walk|stay|live|wake)\b[^.;:%]{0,90}? \d+ "
    rf"{_TIMES}(?: (?:longer|more|less|earlier|later|sooner))?|"
    # Of aims, money and doses, not of health.
    r"\btargets?\b[^.;%]{0,20}?\d+ ?(?:%|percent|per cent)|"
    r"\d+ ?(?:%|percent|per cent) (?:commission|of (?:the|each|every) sale|on (?:all|every|each) (?:\w+ )?(?:referrals?|"
    r"orders?|sales?|purchases?))|\b(?:costs?|pay|pays|saves?|saving|cheaper|dose|dosage|price|prices) (?:\w+ ){0,5}?"
    r"(?:at least |up to |about )?\d+ ?(?:%|percent|per cent)"
)


@detector
def statistic(text: str) -> Hit | None:
    """Return a quantity given as a health fact: a percentage, one in N, a ratio, a number of people or deaths."""
    if is_question(text) or re.match(r"(?:for example, )?(?:consider|suppose|imagine|say|if|assume|let)\b", text):
        return None
    match = _STATISTIC.search(_NO_STATISTIC.blotted(text)) if _STATISTIC.possible(text) else None
    return Hit(match.start(), match.end(), text[match.start() : match.end()]) if match else None


def _hit(match: re.Match[str]) -> Hit:
    return Hit(match.start(), match.end(), match.group())
