"""CLM: advice to stop or change a medicine that was prescribed, the most dangerous advice a health text can give.

"Stop taking your antidepressant", "use it instead of your medication" and "throw away your pills" are found. "Do not stop",
"talk to your doctor before you stop", "sellers say that you can stop", "people who stopped" and questions are not advice.
"""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.claims.detector import detector, in_context
from pubkit.claims.engine import found_by
from pubkit.claims.genre import promises_health
from pubkit.claims.grammar import disowned
from pubkit.claims.patterns import Expression, Grammar
from pubkit.claims.products import names_product
from pubkit.claims.reading import shown
from pubkit.claims.wordlists import Hit, grammar, word_list
from pubkit.expressions import expression
from pubkit.findings import Finding, Severity
from pubkit.rules.base import Example, Rule, Submission

__all__ = ["DangerInAnotherLanguage", "TreatmentChange", "treatment_change"]

_PRESCRIBED = (
    r"(?:<prescribed-medicines>|(?:your|prescribed|prescription) (?:[\w-]+ )?(?:drugs?|treatments?|therapy|opioids?|"
    r"painkillers?|injections?|vaccinations?)|(?:cancer|hiv|drug|medical|conventional|standard) "
    r"(?:treatments?|therapy))(?!\w)(?! (?:resistan\w+|levels?|sensitiv\w+|respon\w+|production|secretion|needs?|"
    r"spikes?|errors?|costs?|prices?|fees?|waste|misuse|overuse|abuse|side effects?|effects?|interactions?|burden|"
    r"labels?|needles?|pens?|pumps?|sites?|bottles?|packs?|packets?|box|boxes|effectiveness|toxicity|absorption|"
    r"clearance|risks?|errors?|requirements?|combinations?|abuse)(?!\w))"
)
# What may come between the verb and the medicine.
_WORDS = (
    r"(?:(?!and |or |but |if |when |that |which |who |how |to |with |for |without |before |by |of |in |reliance |"
    r"absorption )[\w'-]+ ){0,4}?"
)
_TAKING = r"(?:(?:taking|using|to take|to use|having|with|on) )?"
_STOP = (
    r"stop|quit|discontinue|cease|abandon|ditch|dump|drop|skip|forgo|halve|cut (?:back |down )?(?:on )?|reduce|lower|"
    r"taper(?: off)?|wean (?:yourself )?off|come off|get off|go off|switch (?:away )?from|replace|swap(?: out)?|"
    r"substitute|"
    r"trade|give up|leave off|throw (?:away|out)|toss(?: out)?|bin|flush|get rid of|do away with|do without|change|"
    r"double|increase|adjust|stay off|say no to|refuse|put away"
)
_STOPPING = (
    r"stopping|quitting|discontinuing|ceasing|abandoning|ditching|dumping|dropping|skipping|halving|cutting (?:back |"
    r"down "
    r")?(?:on )?|reducing|lowering|tapering(?: off)?|coming off|getting off|going off|switching from|replacing|"
    r"swapping|"
    r"giving up|throwing (?:away|out)|refusing"
)
_STOPPED = (
    r"stopped|discontinued|abandoned|ditched|dropped|skipped|halved|reduced|lowered|tapered|replaced|swapped|given up|"
    r"thrown (?:away|out)|refused"
)
_ADVERB = (
    r"(?:(?:now|also|just|simply|safely|soon|then|even|finally|gradually|slowly|immediately|be able to|consider) )*"
)
_ADVISED = (
    r"(?:^[\"'(]*|[;:] |, (?=[^,;:]{0,40}\byour\b)|\band (?=[^,;:]{0,40}\byour\b)|"
    r"\b(?:please|just|simply|so|then|instead|why not|should|must|ought to|had better|you'd better|time to|better to|"
    r"best to|wise to|safe to|ok to|okay to|fine to|free to|"
    r"(?:you|everyone|anyone|everybody|anybody|readers?|we|one)(?:'ll| will| can| could| may| might| need to| have to)|"
    r"(?:advise|urge|recommend|encourage|tell)s? (?:\w+ ){1,3}to|"
    r"(?:let|allow|enable|help)s? (?:you|people|users|patients|anyone|everyone|them)(?: to)?|"
    r"(?:lets?|allowed|enabled|helped|helps) (?:me|us)(?: to)?) )"
)
_TEMPLATES = {
    "told": rf"{_ADVISED}{_ADVERB}(?P<said>(?:{_STOP})(?!\w) ?{_TAKING}{_WORDS}{_PRESCRIBED})",
    "considered": rf"\b(?:consider|try|recommend|suggest|advise|start by|begin by) (?P<said>(?:{_STOPPING})(?!\w) "
    rf"?{_TAKING}{_WORDS}{_PRESCRIBED})",
    "passive": rf"(?<!\w)(?P<said>{_PRESCRIBED} (?:should|must|can|could|ought to) (?:\w+ly |now |also )?be "
    rf"(?:\w+ly )?(?:{_STOPPED}))\b",
    "instead": r"(?:^|[;:,] |\b(?:should|must|can|could|might|you|please|just|simply|to|and|or|then) )(?:\w+ly )?"
    r"(?P<said>(?:use|take|try|choose|drink|chew|buy|switch to|turn to|consider|start) (?:[\w'-]+ ){1,6}?(?:instead of|"
    r"rather than|in place of|as (?:a|an|your) (?:\w+ )?(?:substitute|replacement|alternative) (?:for|to)) "
    rf"{_WORDS}{_PRESCRIBED})",
    "your": rf"(?<!\w)(?P<said>(?:instead of|in place of|replaces?|rather than) (?:\w+ing )?your "
    rf"(?:[\w-]+ ){{0,3}}?{_PRESCRIBED})",
    "replaces": rf"\b(?:it|kratom|leaf|tea|herbs?|plant|diet|supplements?|oil|extract|powder|product) (?:can |will |"
    rf"could |"
    rf"may |should )?(?:\w+ly )?(?P<said>(?:replaces?|takes? the place of|substitutes? for) {_WORDS}{_PRESCRIBED}|"
    rf"makes? {_WORDS}{_PRESCRIBED} (?:unnecessary|needless|redundant|obsolete))",
    "replacement": r"\b(?:is|makes|as|be) an? (?P<said>(?:[\w-]+ ){0,2}?(?:replacement|substitute|alternative) "
    r"(?:for|to) "
    rf"your (?:[\w-]+ ){{0,2}}?{_PRESCRIBED})",
    "needless": r"\b(?P<said>(?:you(?:'ll| will)?|your body) (?:no longer|do not|don't|won't|will not|never) "
    r"(?:need|require|have to take) "
    rf"(?:your (?:[\w-]+ ){{0,2}}?{_PRESCRIBED}|(?:[\w-]+ ){{0,2}}?{_PRESCRIBED} (?:any ?more|any longer|again|ever))|"
    r"no need (?:for|to (?:keep |continue |go on )?(?:tak|us)\w+) (?:your|those|these|any more) "
    rf"(?:[\w-]+ ){{0,2}}?{_PRESCRIBED})",
}
_GRAMMAR = Grammar({name: grammar(template) for name, template in _TEMPLATES.items()})
_THIRD_PERSON = Expression(
    r"\b(?:people|users?|patients|workers|men|women|adults|some|many|most|they|who|respondents|participants) "
    r"(?:[\w',-]+ ){0,4}$"
)
_PROFESSIONAL = (
    r"(?:doctors?|gps?|physicians?|prescribers?|pharmacists?|nurses?|clinicians?|psychiatrists?|surgeons?|specialists?|"
    r"midwi(?:fe|ves)|dentists?|(?:care|medical|treatment|health|healthcare|diabetes|cancer) "
    r"(?:team|provider|professional)s?)"
)
_UNDER_CARE = Expression(
    rf"\b(?:talk|speak|ask|consult|see|call|contact|tell|check|discuss|agree|phone|ring|work|plan|visit|help|advice|"
    rf"guidance|approval|supervision|care|told|advised)\w*\b[^;?!]{{0,40}}?\b{_PROFESSIONAL}\b|"
    rf"\b{_PROFESSIONAL}(?:'s)? (?:or \w+ )?(?:may|might|will|can|could|should|would|tells?|says?|advises?|advice|"
    rf"has told|"
    r"have told|decides?|wants?|asks?|agrees?|recommends?|supervis\w+|guidance)\b|"
    r"\b(?:medical|professional|close) (?:advice|supervision|guidance|help|monitoring)\b|\b(?:call (?:911|999|112)|"
    r"get (?:medical|emergency) help|emergency (?:room|department|services|help))\b"
)
_CARE_DISMISSED = Expression(
    r"\b(?:without|no need (?:to|for)|do not|don't|never|no matter what|whatever|ignore|ignoring|forget|despite|"
    r"against|"
    r"even if|not have to|not need to|behind|instead of|rather than)\b[^,;:]{0,30}$"
)


@detector
def treatment_change(text: str) -> Hit | None:
    """Return advice in the folded sentence `text` to stop, skip, replace or change a prescribed treatment.

    What the sentence denies, asks, warns of or attributes to others is not advice, nor is a change with a doctor's help.
    """
    hit = _treatment_change(text)
    return None if hit and (_NOT_ADVICE.search(text) or _OF_A_SCRIPT.search(text)) else hit


def _treatment_change(text: str) -> Hit | None:
    medicines = word_list("prescribed-medicines").without_exceptions(text)
    for name, match in _GRAMMAR.matches(medicines):
        start, end = match.span("said")
        if disowned(text, start, end) or (name == "instead" and _THIRD_PERSON.search(text[:start])):
            continue
        if name == "your" and _THIRD_PERSON.search(text[:start]):
            continue
        if not _with_professional(text) and not _warns(text, end):
            return Hit(start, end, text[start:end])
    return _refused(text)


# A program; "script" is also a prescription.
_OF_A_SCRIPT = Expression(
    r"\b(?:a|the|this|that|each|every|our|your|these|those|r|python|bash|shell|sql) (?:\w+ )?scripts? (?:does|do|"
    r"did|will|"
    r"can|may|must|should|is|are|was|runs?|reads?|writes?|that|which|never|only)\b"
)
_NOT_ADVICE = Expression(
    r"^some (?:people|patients|women|men|parents)\b|\bis (?:a crime|madness|folly|criminal|irresponsible)\b|\blive "
    r"vaccin\w+|\bsomeone else's\b|\blater died\b|\baloe vera\b|\byou can refuse\b[^.]*, but\b|"
    r"\bprescription for (?:this|these|it)\b|\b(?:clinic|doctor|team|nurse|gp|service|pharmacist)s? (?:can|will|may|"
    r"could) "
    r"help you\b|\b(?:after|past) (?:the|its) (?:expiry |use by )?date\b|\b(?:often|usually) need to stop\b|"
    r"\b(?:should|must|can|may|is|are) (?:then |also |usually |generally |always )?be(?:ing)? (?:slowly |gradually |"
    r"temporarily |promptly |immediately )?(?:discontinued|stopped|withheld|withdrawn|tapered|avoided|omitted|paused|"
    r"interrupted|suspended)(?: (?:slowly|gradually|immediately|temporarily|promptly))? (?:in (?:patients|people|"
    r"adults|women|"
    r"men|children|those|severe|acute|pregnan\w+|older|end stage|some)|(?:if|when) (?!you (?:drink|eat|use|take|follow|"
    r"join|start|try|go|switch))|(?:at least )?[\w-]+ (?:days|weeks|hours|months) (?:before|prior|after)|before|"
    r"prior to|"
    r"during|(?:once|after) (?:the |your )?(?:inflammation|symptoms?|infection|disease|rash|fever|pain|pregnancy|"
    r"delivery|birth|"
    r"(?:\w+|\d+) (?:days|weeks|months|years)))\b|\b(?:under|with) (?:close |medical )?supervision\b|"
    r"\b(?:days?|weeks?|hours?) (?:before|prior to|after) (?:your|the|an?|any|this) (?:\w+ )?(?:operation|surgery|"
    r"procedure|"
    r"scan|test|biopsy|appointment|vaccination)\b|\bfor (?:period|muscle|minor|mild|back|tension|growing) (?:pain|"
    r"pains|cramps?|"
    r"aches?|headaches?|sprains?)\b|\b(?:treatment|medicine)s? that (?:is|are) (?:offered|given|sold) without\b|"
    r"\b(?:not|n't|rarely|seldom) (?:usually |generally |often )?(?:needed|necessary|required|indicated) (?:for|in) "
    r"(?:most|many|every|all|simple|mild|uncomplicated|the majority)\b|\bonly as (?:directed|prescribed|advised)\b|"
    r"\b(?:that|which|if) you do(?: not|n't) need\b|"
    # A doctor has a part in it.
    rf"\b(?:only|not|never|always|do so|it|this|them) (?:\w+ )?(?:under|with) (?:a|an|the|your|their|his|her) "
    rf"{_PROFESSIONAL}(?:'s)? (?:guidance|supervision|help|advice|care|approval|support)\b|"
    rf"\b(?:should|if|once|when|provided|after) (?:a|the|your|their|his|her) {_PROFESSIONAL} (?:\w+ )?(?:agrees?|"
    r"decides?|thinks?|says?|confirms?|feels?|advises?|tells?)\b|"
    # What is stopped for an operation, or for what it does to the blood.
    r"\b(?:before|prior to|ahead of) (?:your|the|an?|any|having|dental|major) (?:\w+ ){0,2}?(?:operations?|surgery|"
    r"procedures?|scans?|biops(?:y|ies)|colonoscopy|endoscopy|anaesthe\w+|anesthe\w+|extraction)\b|"
    r"\bbecause (?:they|it) (?:can |may |could |might |will )?(?:lengthens?|thins?|interferes?|interacts?|affects?|"
    r"increases?|raises?) (?:with )?(?:the |your )?(?:\w+ )?(?:time|blood|bleeding|results?|tests?|anaesthe\w+|risk of "
    r"bleeding)\b|"
    # Slowly, as it should be done, and with nothing sold for it.
    r"^(?!.*\b(?:our|tea|herbs?|drops|oil|powder|tincture|detox|juice|supplements?)\b).*\b(?:have to|needs? to|must|"
    r"should|best to|may need to) (?:be )?(?:wean\w*|taper\w*|come off|reduc\w+|stop\w*|withdraw\w*)(?: [\w']+){0,6} "
    r"(?:slowly|gradually|little by little|bit by bit|step by step)\b|"
    # Who must not be given it, as its label says.
    r"\b(?:pregnant (?:women|people)|(?:women|people) who are (?:pregnant|breastfeeding)|(?:people|anyone|children|"
    r"babies|adults|those|patients) (?:with|who (?:have|are)) (?:a |an )?(?:weakened|weak|severe|serious|egg|gelatin|"
    r"allerg\w+|immun\w+|hiv|kidney|liver|heart failure)[\w ]*|babies under [\w ]+|children under [\w ]+) should "
    r"(?:not|never) (?:have|take|get|be given|receive|use)\b|"
    r"\bdid(?: not|n't) want to (?:depend|rely|be dependent)\b|\bprescriptions? (?:is|are) not (?:needed|required|"
    r"necessary) (?:to|for)\b|\b(?:recommended|advised|best|important|safer|advisable|essential) to (?:\w+ )?(?:come off|"
    r"stop|taper|wean|reduce)\b[^.;]{0,50}\b(?:gradually|slowly)\b|\bbreast ?-?feeding should be stopped\b|"
    r"\b(?:do not|don't|should not|never) (?:give|get|have|receive) (?:the|this|a|any|live|flu|mmr) [\w ]{0,20}?"
    r"vaccin\w+ (?:to|if|when|while|until)\b|\breasons? not to (?:be )?vaccinate[sd]?\b[^.;]{0,50}\ballerg\w+|"
    r"\b(?:not|n't)\b[\w ]{0,20}? (?:necessary|needed|required) for (?:everyone|everybody|all)\b|"
    r"\b(?:belief|misinformation|misconception|false claims?|myth)\b|\battempts? to (?:come|get|go) off\b|"
    r"\b(?:never|do not|don't|should not|must not|shouldn't) (?:\w+ ){0,2}?(?:stop|discontinue|quit|change|skip|come off|"
    r"reduce|alter)\b[^.;]{0,80}? without (?:first )?(?:talk|speak|ask|consult|check|discuss|see|tell|medical|your|a doctor|"
    r"the advice|advice)\w*|\b(?:hard|harder|difficult|easy|easier) to (?:stop|come off|quit)\b|"
    r"\b(?:days?|weeks?|hours?) (?:before|prior to) (?:your|the|an?) (?:\w+ )?(?:examination|exam|colonoscopy|endoscopy)\b|"
    # A warning of what does not go together.
    r"\b(?:do not|don't|never|should not|shouldn't|must not|avoid) (?:take|use|taking|using|mix|combine|drink|give)\b"
    r"[\w' ]{0,60}? (?:(?:together )?with|at the same time as|alongside|on top of|while (?:you are )?(?:taking|on)) "
    r"[\w' ]{3,60}[.!]?$|"
    r"\bnever say that\b|\binsert(?:s|ed)? (?:a|the) (?:\w+ )?needles?\b|\bi(?:'ve| have| am|'m|"
    r" was)? (?:been )?(?:dying|longing|tempted|"
    r"desperate|afraid|scared) to (?:stop|quit|come off|skip)\b"
)
_WARNING = Expression(
    r"^[^.;]{0,20}?\btoo (?:early|soon|quickly|fast|abruptly)\b|^ when (?:the|your|it)\b|"
    r"^[^.;]{0,80}?\b(?:can|may|might|could|will) (?:\w+ ){0,2}?(?:cause|lead|make|bring|result|be (?:dangerous|"
    r"harmful|risky|"
    r"life)|trigger|worsen|raise|put)|^[^.;]{0,60}?\band (?:call|see|get|go to|seek|phone|ring|tell|ask|contact)\b|"
    r"^[^.;]{0,40}?"
    r" (?:if|when) (?:you|your|it|they|there|the|a|an)\b(?! (?:use|take|eat|drink|follow|feel (?:better|well|fine|"
    r"good)|"
    r"want|wish|like|"
    r"can|switch|start|think))|^[^.;]{0,60}?\b(?:rises?|falls?|drops?|is raised|is low|is high)\b"
)


def _refused(text: str) -> Hit | None:
    refused = found_by("refused-treatment", text)
    return refused if refused and not _with_professional(text) else found_by("refusal-by-parts", text)


def _warns(text: str, end: int) -> bool:
    """Return whether a warning or a reason to stop follows: "stopping can cause ...", "stop it if you are dehydrated"."""
    return _WARNING.search(text[end:]) is not None


def _with_professional(text: str) -> bool:
    return any(not _CARE_DISMISSED.search(text[: care.start()]) for care in _UNDER_CARE.finditer(text))


_READER = expression(r"\byou\b|\byour\b|^(?:\W*)(?:stop|quit|skip|ditch|drop|throw|replace|swap|use|take|try)\b")


def _by_remedy(text: str) -> bool:
    """Return whether a product, a plant or a diet is to replace the treatment, which no source can support."""
    return _refused(text) is not None or names_product(text)


class TreatmentChange(Rule):
    """Readers are not advised to stop, skip, replace or change a prescribed medicine or treatment."""

    id = "CLM023"
    english = True
    severity = Severity.ERROR
    source = "NHS, stopping or coming off antidepressants; FDA, signs of health fraud; DISCERN 9-11"
    remedy = "Remove the advice; tell the reader not to change any medicine without asking a doctor or pharmacist."
    bad = [
        "You should stop taking your antidepressant and use kratom instead.",
        "Throw away your pills.",
        "Use kratom instead of your medication.",
        "You can safely skip your insulin.",
        "Taper off sertraline with a cup of the tea each day.",
        "Kratom helps you come off your prescribed painkillers.",
        "Antidepressants should be replaced with kratom.",
        "The leaf can replace your blood pressure tablets.",
        "You no longer need your medication.",
        "You can reduce your medication without asking your doctor.",
        "Consider stopping chemotherapy.",
        "You should stop taking your antidepressant [@kruegel2016].",
        "Swap your pills for the tea.",
        "Kratom makes antidepressants unnecessary.",
        "There is no need to keep taking your tablets.",
        "Kratom is a natural replacement for your antidepressant.",
        "Kratom let me stop my medication.",
        "There is no need to vaccinate children who eat well.",
        "Refuse chemotherapy and drink beet juice in its place.",
        "Patients can stop chemotherapy when they take this powder [@kruegel2016].",
    ]
    good = [
        "Do not stop taking your antidepressant.",
        "Never replace your medication with kratom.",
        "Talk to your doctor before you stop taking your medicine.",
        "People who stopped taking antidepressants reported withdrawal [@kruegel2016].",
        "If you stop taking your medicine suddenly, you may feel ill.",
        "Sellers say that you can stop taking your medication.",
        "Should you stop taking your antidepressant?",
        "Your doctor may reduce your medication.",
        "Stop taking the tablets and call your doctor if you get a rash.",
        "It is dangerous to stop your medication on your own.",
        "Kratom cannot replace your medication.",
        "Some people use kratom instead of prescription opioids [@kruegel2016].",
        "Methadone helps people stop using opioids.",
        "Warfarin should be stopped five days before surgery [@kruegel2016].",
        "Do not use kratom instead of your medicine.",
        "You can reduce insulin resistance by walking.",
        "Stop taking the leaf if you feel ill.",
        "Stopping your antidepressant suddenly can cause dizziness.",
        "Ask your pharmacist before you stop your tablets.",
        "Stop your diuretic if you are dehydrated and call the clinic.",
        "Some parents delay vaccination because they are afraid.",
        "This script does not require the vaccine data, so leave it out.",
        "Anyone who would like to come off a statin should do so only under a doctor's guidance.",
        "If your doctor agrees that you can safely stop your statin, you will make a plan.",
        "You will have to stop taking ibuprofen before your operation.",
        "You need to stop these medicines because they thin the blood.",
        "You should come off the medicine slowly.",
        "Pregnant women should not have the MMR vaccine.",
        "A prescription is not needed to buy them.",
        "Do not give the vaccine to someone with a fever.",
        "You should never discontinue any medication without talking to your doctor about it first.",
        "Statins are no scam, but they are not necessary for everyone.",
        "Please discontinue the use of aspirin for one week before the examination.",
        "Do not take this with antidepressants.",
        "Do not take valerian with your sleeping tablets.",
        "Never take kava together with Xanax.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption and the metadata; a key excuses only third-person text."""
        for statement in submission.statements:
            hit = in_context(treatment_change, statement.folded, statement.previous)
            if not hit or not promises_health(statement, hit, submission.kind):
                continue
            if statement.unsourced or _READER.search(statement.folded) or _by_remedy(statement.folded):
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"Advice to stop or change a prescribed treatment: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )


#: The languages besides English whose dangerous advice and promises are known.
_OTHERS = ("de", "es", "fr")


class DangerInAnotherLanguage(Rule):
    """Nothing in German, French or Spanish, in a text of any language, is dangerous advice or promises cure or safety."""

    id = "CLM028"
    severity = Severity.ERROR
    source = "The sources of CLM011, CLM023 and CLM025, which this rule applies to other languages"
    remedy = "Remove the sentence; tell the reader not to change any treatment without asking a doctor or pharmacist."
    bad = [
        Example("Setzen Sie Ihr Antidepressivum ab.", metadata={"lang": "de"}),
        Example("La plante agit sans aucun effet secondaire.", metadata={"lang": "fr"}),
        Example("Esta planta cura el cáncer.", metadata={"lang": "es"}),
        "Melatonin is a hormone. Setzen Sie Ihre Tabletten einfach ab.",
    ]
    good = [
        Example("Setzen Sie Ihr Antidepressivum nicht ab.", metadata={"lang": "de"}),
        Example("N’arrêtez pas votre traitement.", metadata={"lang": "fr"}),
        Example("Esta planta no cura el cáncer.", metadata={"lang": "es"}),
        "Die Impfung.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption and the metadata by the forms of these languages."""
        for statement in submission.statements:
            found = (found_by("dangerous-advice", statement.folded, lang) for lang in _OTHERS)
            if hit := next(filter(None, found), None):
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"Dangerous advice or promise: “{shown(statement.original(hit))}”.",
                    context=statement.text,
                )
