"""The words that say what a sentence is about, cut to stems, without those that every report on a study uses.

Stems are for comparing one English text with another: British and American spellings, singular and plural, and the forms of a
verb become the same. They are never printed.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from pubkit.claims.quantities import same_length

__all__ = ["GENERIC", "PEOPLE", "WORKS", "stem", "stems"]

_WORD = re.compile(r"(?<![\w'])[a-z][a-z']{0,40}|(?<=-)[a-z]{2,40}")
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("our", "or"), ("isa", "iza"), ("ise", "ize"), ("isi", "izi"), ("yse", "yze"), ("ysi", "yzi"))
#: Forms that endings do not bring together.
_FORMS = {
    "women": "woman", "men": "man", "males": "man", "male": "man", "females": "woman", "female": "woman", "children": "child",
    "babies": "baby", "newborns": "baby", "newborn": "baby", "infants": "baby", "infant": "baby", "died": "die", "dead": "die",
    "death": "die", "deaths": "die", "dying": "die", "mortality": "die", "slept": "sleep", "quitting": "quit",
    "drank": "drink", "drunk": "drink", "fallen": "fall", "fell": "fall", "teeth": "tooth", "feet": "foot", "mice": "mouse",
    "rcts": "trial", "rct": "trial", "placebos": "placebo",
}  # fmt: skip
_ENDINGS = re.compile(r"(?:'s|s'|ing|ed|es|s|ly|e)$")
_CUT = 6


@functools.lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return the stem of a word in lower case: "randomised" and "randomization" are "random"."""
    word = _FORMS.get(word, word)
    for british, american in _SPELLINGS:
        word = word.replace(british, american)
    if word.endswith("ies") and len(word) > 4:
        word = f"{word[:-3]}y"
    if len(word) > 3:
        word = _ENDINGS.sub("", word) or word
    if word.endswith("y") and len(word) > 3:
        word = f"{word[:-1]}i"
    if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
        word = word[:-1]
    return word[:_CUT]


def stems(text: str) -> Iterator[str]:
    """Yield the stem of each content word of `text`, in order."""
    for word in _WORD.findall(same_length(text)):
        if len(word) > 1 and word not in _EMPTY and (one := stem(word)) not in GENERIC:
            yield one


_EMPTY = frozenset(
    """a an the this that these those it its they them their he she his her we our us you your i me my and or but nor so yet if as at
    by for from in into of off on onto out over per than then there to too under until up upon via with within while whereas who
    whom whose which what when where why how is are was were be been being am do does did done has have had having can may might
    will shall would could not no about above after again against all almost also although always among an another any around as
    because before below between both down during each either else ever every few further here however just less like likely many
    more most much near nearly neither never none now often once only other others otherwise own rather same several since some
    still such though through thus together toward towards twice unless versus vs very well without one two three four five six
    seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty
    seventy eighty ninety hundred thousand million billion dozen half third thirds quarter quarters percent cent ci hr rr sd iqr smd md aor
    ahr nnt min mg kg ml ug mcg mmol""".split()
)
#: What is said of any study: how it was done, that something was found, and in which direction.
GENERIC = frozenset(
    stem(word)
    for word in """study studies trial trials review reviews research researchers authors author analysis analyses meta paper article
    report reports reported data result results finding findings found find finds show showed shown shows see seen saw look looked
    include included includes including involve involved enrol enrolled enrolling recruit recruited assign assigned random randomly
    randomised randomized randomisation participant participants people person persons patient patients subject subjects individual
    individuals volunteer volunteers group groups arm arms take took taken part participate participated occur occurred occurs
    happen happened get got give gave given have make made use used using receive received compare compared comparison comparing conclude
    concluded suggest suggested indicate indicated observe observed note noted record recorded measure measured estimate
    estimated calculate calculated associate associated association link linked relate related low lower lowest lowered lowering high higher
    highest reduce reduced reducing reduction decrease decreased increase increased increasing rise rose risen raise raised drop
    dropped cut cuts improve improved better worse worsen effect effects affect affected change changed differ differed different difference
    number numbers total average mean median overall about approximately roughly common commonly frequent frequently rare rarely
    rarer fewer less more likely unlikely chance risk rate rates proportion share percentage ratio hazard odds relative absolute
    adjusted confidence interval significant significantly background objective objectives aim aims methods method setting design
    conclusion conclusions interpretation importance purpose introduction outcome outcomes primary main level levels point points
    time period begin began start started end ended last lasted long short year years month months week weeks day days hour hours minute minutes
    age aged old older years-old experience experienced become became remain remained reach reached bring brought combine combined pool pooled
    cover covered test tested evaluate evaluated assess assessed examine examined investigate investigated help helped helps
    help work works worked stay stayed go went come came put done similar same new large small big great major case cases event events
    follow followed following follow-up help someone something anyone everyone thing things way double doubled small case""".split()
)
#: Nouns that count people, or studies.
PEOPLE = frozenset(
    stem(word)
    for word in """participant people person patient adult individual subject volunteer respondent woman women man men child
    children infant infants baby babies newborn boy girl student nurse worker veteran user smoker drinker mother male female
    adolescent teenager resident employee survivor carer case-patient pregnancy""".split()
)
WORKS = frozenset(stem(word) for word in "trial trials rct rcts study studies review reviews paper article report cohort survey".split())
