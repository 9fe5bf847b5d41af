"""The kind of a text, which decides which statements need a source.

The front matter states it (`kind`), or it is inferred from the text. Two kinds can be inferred, both from words that
are rare in leaflets: a research article from its sections on methods and results, a text on methods or software from
its vocabulary (in English, German, Spanish and French), to which publishing belongs. Everything else counts as a
leaflet, which needs the most sources. The thresholds were set on 19 manuscripts, some of them courses and books, and
1,581 consumer health pages. In the manuscripts 27 to 104 of 1,000 words are technical, in all pages of 200 words or
more but one fewer than 20. A book on methods may quote a survey's question about "your health"; a leaflet speaks to
its reader throughout.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from pubkit.claims.reading import SameObject, Statement, read
from pubkit.claims.wordlists import Hit, grammar
from pubkit.expressions import expression
from pubkit.manuscript.model import Document
from pubkit.project.metadata import Publication, TextKind

__all__ = ["asks_for_source", "kind_of", "promises_health", "reports_own_finding", "sells_health"]

_FEWEST_WORDS = 150
#: A longer text is a book, whatever its chapters are called.
_LONGEST_ARTICLE = 50_000
_TECHNICAL_SHARE = 0.03
_CLINICAL_SHARE = 0.02
#: In a text with fewer technical words than that, there are this many to each clinical one.
_LEAST_TECHNICAL_SHARE = 0.02
_TECHNICAL_TO_CLINICAL = 8
#: A leaflet speaks of its reader's health at least once in so many words.
_WORDS_TO_THE_READER = 4_000
_TECHNICAL = expression(
    r"\b(?:software|packages?|code|data|datasets?|databases?|algorithms?|models?|functions?|parameters?|regression|"
    r"apis?|"
    r"files?|repositor\w+|variables?|python|classif\w+|neural|training|statistical\w*|estimat\w+|covariates?|"
    r"likelihood|"
    r"bayesian|simulat\w+|comput\w+|pipelines?|tools?|library|interface|json|csv|quer(?:y|ies)|fields?|figures?|fig|"
    r"tables?|equations?|predict\w*|probabilit\w+|distributions?|methods?|metadata|servers?|install\w*|implement\w*|"
    r"versions?|peer[ -]review\w*|reporting guidelines?|manuscripts?|submissions?|editorial|editors?|checklists?|"
    r"reviewers?|"
    # German, Spanish and French, as folded: statistics, models and programs
    r"daten|datensatz\w*|verteilung\w*|stichprobe\w*|mittelwert\w*|varianz\w*|standardabweichung\w*|korrelation\w*|"
    r"wahrscheinlichkeit\w*|funktion\w*|variablen?|schatz(?:er|ung)\w*|hypothesen?|nullhypothese|modelle?n?|methoden?|"
    r"software|datei\w*|"
    r"datos|distribucion\w*|muestras?|muestral\w*|estimador\w*|estimacion\w*|varianzas?|probabilidad\w*|funcion\w*|modelos?|"
    r"hipotesis|parametros?|metodos?|"
    r"donnees|echantillon\w*|estimateurs?|probabilites?|fonctions?|modeles?|parametres?|methodes?|filtres?)\b"
)
_CLINICAL = expression(
    r"\b(?:patients?|symptoms?|treat\w*|diseases?|doctors?|therap\w+|medicines?|drugs?|health|clinical|diagnos\w+|"
    r"supplements?|remed(?:y|ies)|heal\w*|cures?|"
    r"krankheit\w*|erkrankung\w*|arzt\w*|therapie\w*|medikament\w*|arzneimittel\w*|gesundheit\w*|behand\w+|symptom\w*|"
    r"pacientes?|enfermedad\w*|medic[oa]\w*|salud|tratamientos?|sintomas?|"
    r"maladies?|medecins?|sante|traitements?|medicaments?|symptomes?)\b"
)
_TO_THE_READER = expression(
    r"\b(?:your|you) (?:doctor|health|body|symptoms?|gp|pharmacist|child|baby|skin|heart|blood|medicines?|pain|diet)\b"
)
_GOODS_FOR_HEALTH = grammar(
    r"(?<!\w)(?:<natural-products>|<prescribed-medicines>|supplements?|capsules?|pills?|vitamins?|remed(?:y|ies)|medicines?|"
    r"detox\w*|peptides?|steroids?|strains?|gummies)(?!\w)"
)
_TREATMENTS = expression(r"\b(?:vaccin\w+|chemo\w*|insulin|radiation|surgery)\b")
_METHODS = expression(
    r"^(?:\d[\d.]* )?(?:materials? and |patients and |study |statistical )?(?:methods?|methodology|materials|analysis|"
    r"experimental (?:design|procedures?)|design|participants)\b"
)
_RESULTS = expression(r"^(?:\d[\d.]* )?(?:main |key |study )?(?:results?|findings)\b")
_OWN_WORK = expression(r"\b(?:we|our|participants|respondents|sample|cohort)\b")
_OWN = expression(
    r"\b(?:we|our|participants|respondents|sample|cohort|this (?:study|paper|article|work|analysis))\b|^the (?:paper|"
    r"study|results?|data|analysis)\b|^analys[ei]s of\b|\b(?:table|figure|fig)\b"
)
_OTHERS = expression(
    r"\b(?:previous|prior|earlier|other|several|many|recent|numerous|existing|most|some|another|a (?:recent )?) "
    r"?(?:[\w-]+ "
    r"){0,2}?(?:stud(?:y|ies)|research|trials?|work|reviews?|surveys?|meta[ -]analys[ei]s|reports|authors)\b|"
    r"^(?:studies|"
    r"research|experts|trials|scientists) (?:have|has|show\w*|suggest\w*|found|indicate\w*|say|agree)\b|\b(?:has|have) "
    r"(?:been|long been|also been) (?:shown|reported|linked|found|associated|proven|proved|demonstrated)\b|"
    r"\baccording to "
    r"(?:the |a )?(?:who|cdc|fda|nhs|world health)\b"
)
_REPORTED = expression(
    r"\b(?:was|were|had|did|occurred|showed|reported|observed|experienced|remained|appeared|seemed)\b"
)
_OPENING = expression(r"^(?:\d[\d.]* )?(?:introduction|background|rationale|context|aims?|discussion|conclusions?)\b")


def kind_of(document: Document, publication: Publication) -> TextKind:
    """Return the kind that the front matter states, or else the kind inferred from the text."""
    return publication.text_kind or _told(SameObject(read(document, publication)))


def asks_for_source(statement: Statement, kind: TextKind) -> bool:
    """Return whether a text of this kind must source a claim that `statement` makes.

    A text on methods has no health claims to source. A research article must source what it says about the work of others,
    and the figures in its introduction; its own results, tables, thresholds and methods need no source.
    """
    if kind == "methods":
        return False
    if kind == "research":
        return _of_others(statement)
    return True


def sells_health(statement: Statement, kind: TextKind) -> bool:
    """Return whether sales words in `statement` can be an advertisement for something that people take for their health.

    In a leaflet they are. A text on methods or a research article has formulas, prices and collections of its own.
    """
    return kind not in {"methods", "research"} or _GOODS_FOR_HEALTH.search(statement.folded) is not None


def promises_health(statement: Statement, promise: Hit, kind: TextKind) -> bool:
    """Return whether a `promise` or advice in `statement` can be about something that people take for their health.

    A text on methods says "no interaction" and "no upper limit" of its models, and "the script does not" of its code.
    """
    text = statement.folded
    if kind != "methods" or _TREATMENTS.search(text):
        return True
    return not promise.text.endswith("interaction") and _GOODS_FOR_HEALTH.search(text) is not None


def reports_own_finding(statement: Statement, kind: TextKind) -> bool:
    """Return whether `statement` says in the past tense what a research article found: "there were no adverse events"."""
    return kind == "research" and _REPORTED.search(statement.folded) is not None


def _of_others(statement: Statement) -> bool:
    heading = statement.block.section[-1].lower() if statement.block.section else ""
    if _METHODS.search(heading) or _RESULTS.search(heading):
        return False
    if _OTHERS.search(statement.folded) and not re.search(r"\b(?:we|our)\b", statement.folded):
        return True
    opens = any(_OPENING.search(name.lower()) for name in statement.block.section)
    return opens and not _OWN.search(statement.folded)


@functools.lru_cache(maxsize=2)
def _told(statements: SameObject[tuple[Statement, ...]]) -> TextKind:
    text = "\n".join(statement.folded for statement in statements.value)
    words = len(text.split())
    if words < _FEWEST_WORDS or len(_TO_THE_READER.findall(text)) * _WORDS_TO_THE_READER >= words:
        return "leaflet"
    if words <= _LONGEST_ARTICLE and _reports_own_study(statements.value) and _OWN_WORK.search(text):
        return "research"
    return "methods" if _is_technical(text, words) else "leaflet"


def _is_technical(text: str, words: int) -> bool:
    technical = len(_TECHNICAL.findall(text)) / words
    clinical = len(_CLINICAL.findall(text)) / words
    if technical < _TECHNICAL_SHARE:
        return technical >= max(_LEAST_TECHNICAL_SHARE, _TECHNICAL_TO_CLINICAL * clinical)
    return clinical < _CLINICAL_SHARE


def _reports_own_study(statements: Sequence[Statement]) -> bool:
    headings = {heading.lower() for statement in statements for heading in statement.block.section}
    return any(map(_METHODS.search, headings)) and any(map(_RESULTS.search, headings))
