"""STY: language: stigmatising words, unexplained abbreviations, reading level, clinical words for plain readers."""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyphen
from msgspec import Struct

from pubkit.claims.reading import Statement, shown
from pubkit.claims.wordlists import word_list
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.model import BlockKind
from pubkit.rules.base import Example, Rule, Submission
from pubkit.rules.typed import place_of

__all__ = [
    "PlainWords",
    "Readability",
    "ReadingLevel",
    "StigmatisingWord",
    "UnexplainedAbbreviation",
    "UnfinishedText",
    "measure",
    "readability",
]

_RUNNING_TEXT = frozenset({BlockKind.PARAGRAPH, BlockKind.LIST_ITEM, BlockKind.QUOTE, BlockKind.NOTE})


class StigmatisingWord(Rule):
    """No wording labels or blames people."""

    id = "STY001"
    english = True
    severity = Severity.WARNING
    source = "NIDA, Words Matter; VA, destigmatizing language; Samaritans, media guidelines"
    remedy = "Put the person first: say what the person has or does, not what the person is."
    bad = [
        "Many addicts relapse.",
        "Substance abuse is common.",
        "He committed suicide.",
        "She suffers from depression.",
        "Diabetics should test often.",
        "A schizophrenic may hear voices.",
        "Users who stay clean feel better.",
    ]
    good = [
        "Many people with an addiction use again.",
        "Diabetic retinopathy is an eye disease.",
        "The National Institute on Drug Abuse paid for it.",
        "Kratom may be addictive.",
        "Keep the wound clean.",
        "Alcoholic liver disease is common.",
        "A schizophrenic disorder was ruled out.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge every sentence, heading, caption, alternative text and the metadata."""
        for statement in submission.statements:
            for hit in word_list("stigma").hits(statement.folded):
                instead = f" Better: {hit.entry.use}." if hit.entry and hit.entry.use else ""
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"“{shown(statement.original(hit))}” stigmatises.{instead}",
                    context=statement.text,
                )


_PLACEHOLDER = expression(
    r"(?<![\w@./-])(?:TODO|FIXME|TBD|TKTK|TK(?! ?(?:inhibitor|activ|domain|gene|enzyme|level|deficien))|"
    r"(?<!47,)(?<!47, )XXX(?! (?:syndrome|karyotype|chromosome|women|girls|females)))(?![\w/]|-\w)|"
    r"(?i:\blorem ipsum\b|\bfixme\b|\btodo:|\[(?:todo|tbd|tk|"
    r"insert [^\]]{1,60}|add (?:citation|source|reference)s?[^\]]{0,40}|"
    r"your (?:name|institution|email)|"
    r"(?:author|company|drug|product) name)\])|(?<![\w.-])XX(?= ?(?:%|mg|µg|ml|mL|kg|g|years|patients|people)(?!\w))"
)
_TK_EXPLAINED = expression(r"\bkinase", re.IGNORECASE)


class UnfinishedText(Rule):
    """No note to the author is left in the text."""

    id = "STY005"
    severity = Severity.ERROR
    source = "editors' marks for unfinished text, which must not be published"
    remedy = "Write what is missing, or remove the note."
    bad = [
        "TODO add the risks.",
        "Kratom is a tree. FIXME",
        "The dose is XXX grams.",
        "The trial had TBD people.",
        "Kratom grows in TK.",
        "Lorem ipsum dolor sit amet.",
        "Kratom is a tree [add citations here].",
        "# Risks TODO\n\nText.",
        "In all, XX% of them slept.",
        "Write to [Your Name].",
    ]
    good = [
        "In Spanish, todo means all.",
        "Girls with 47,XXX are often tall. XXX syndrome is common.",
        "The tyrosine kinase (TK) is blocked by TK inhibitors. TK is an enzyme.",
        "Super Bowl XXXIV was long.",
        "The citation needed a page number.",
        "What is still to do: a trial.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check every sentence, heading, caption, alternative text and the metadata."""
        statements = submission.statements
        todo_is_a_word = submission.publication.lang.split("-")[0] in {"es", "pt", "gl"}
        kinase = any(_TK_EXPLAINED.search(statement.text) for statement in statements)
        for statement in statements:
            for match in _PLACEHOLDER.finditer(statement.text):
                if (match.group() == "TK" and kinase) or (match.group() == "TODO" and todo_is_a_word):
                    continue
                start = statement.sentence.start
                block, written = statement.sentence.block, submission.manuscript.written
                yield self.at(
                    place_of(block, start + match.start(), start + match.end(), written),
                    f"A note to the author is left in the text: “{shown(match.group())}”.",
                    context=statement.text,
                )


_ABBREVIATION = expression(r"(?<![\w.@/&-])([A-Z]{2,6})(s?)(?![\w@]|[-/&][\w])")
_ROMAN = expression(r"^(?:X{0,3})(?:IX|IV|V?I{0,3})$")


class UnexplainedAbbreviation(Rule):
    """Every abbreviation is explained where it is first used."""

    id = "STY002"
    severity = Severity.WARNING
    source = "NHS digital service manual (abbreviations); AMA Manual of Style 13"
    remedy = "Write the term in full at its first use, with the abbreviation in brackets after it."
    bad = ["The CYPA enzyme breaks it down. CYPA is found in the liver."]
    good = [
        "Kratom use disorder (KUD) is rare. KUD is treated.",
        "The FDA has warned. HIV is a virus.",
        "STOP NOW",
        "World War II ended.",
        "AT&T and B&NES paid for it.",
        "One tablet has 400 IU of the vitamin [@page2021].",
        "The hypothesis H~AB~ was tested.",
        Example("RB scanned the teeth. RKB wrote the text.", metadata={"authors": [{"name": "Rita K. Bo"}]}),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Check the first use of every abbreviation in running text; initials of authors are none."""
        known = {entry.phrase for entry in word_list("known-abbreviations").entries}
        seen = {short for author in submission.publication.authors for short in _initials(author.name)}
        for statement in submission.statements:
            if statement.block.kind not in _RUNNING_TEXT:
                continue
            shorts = list(_ABBREVIATION.finditer(statement.text))
            for match in shorts if shorts and not _shouted(statement.text) else ():
                short = match.group(1)
                if short.lower() in known or short in seen or _ROMAN.match(short) or _PLACEHOLDER.match(short):
                    continue
                place = statement.sentence.span(match.start(), match.end())
                if not _is_typed(short, place, submission.manuscript.written):  # H~A~ is no abbreviation
                    continue
                seen.add(short)
                if not _explained(statement.text, match):
                    yield self.at(
                        place,
                        f"“{short}” is not explained at its first use.",
                        context=f"{short} {statement.text}",
                    )


def _initials(name: str) -> tuple[str, str]:
    """Return the initials of a name, with and without those between the first and the last."""
    letters = [word[0] for word in re.split(r"[\s.-]+", name) if word and word[0].isupper()]
    return "".join(letters), "".join([*letters[:1], *letters[1:][-1:]])


def _is_typed(short: str, place: Location | None, files: Mapping[str, str]) -> bool:
    """Return whether the line at `place` has `short` in one piece, or cannot be seen."""
    lines = files[place.file].split("\n") if place and place.line and place.file in files else []
    return not place or not place.line or place.line > len(lines) or short in lines[place.line - 1]


def _explained(text: str, match: re.Match[str]) -> bool:
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return before.endswith(("(", "[", "(the", "or", "called")) or after.startswith(
        ("(", "[", ", or ", ", which stands for", "stands for", "is short for", "means")
    )


def _shouted(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return bool(letters) and sum(char.isupper() for char in letters) > len(letters) / 2


class Readability(Struct, frozen=True):
    """The Flesch-Kincaid grade of a text and the counts from which it is computed."""

    grade: float
    sentences: int
    words: int
    syllables: int


_WORD = expression(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = expression(r"[aeiouy]+")
_FEWEST_WORDS = 100


@functools.cache
def _hyphenation(lang: str) -> pyphen.Pyphen:
    return pyphen.Pyphen(lang=pyphen.language_fallback(lang.replace("-", "_")) or "en_US")


@functools.lru_cache(maxsize=65536)
def _syllables(word: str, lang: str) -> int:
    """Return the syllables of an English word: pyphen's breaks or the vowel groups, whichever are more."""
    plain = word.lower()
    groups = len(_VOWELS.findall(plain))
    if plain.endswith("e") and not plain.endswith(("le", "ee", "ie", "ue", "ye")) and groups > 1:
        groups -= 1
    if (
        plain.endswith(("es", "ed"))
        and groups > 1
        and not re.search(r"(?:[sxz]es|ches|shes|ges|ces|ted|ded|les|ies|ied)$", plain)
    ):
        groups -= 1
    return max(1, groups, len(_hyphenation(lang).positions(plain)) + 1)


def readability(texts: Iterable[str], lang: str = "en-US") -> Readability:
    """Return the Flesch-Kincaid grade level of `texts`, one sentence each (Kincaid et al. 1975); 0 for no words.

    The syllables are counted by rule, so the grade is approximate (about half a grade either way).
    """
    words = [_WORD.findall(text) for text in texts]
    words = [found for found in words if found]
    total = sum(map(len, words))
    if not total:
        return Readability(0.0, 0, 0, 0)
    syllables = sum(_syllables(word, lang) for found in words for word in found)
    grade = 0.39 * total / len(words) + 11.8 * syllables / total - 15.59
    return Readability(round(max(grade, 0.0), 1), len(words), total, syllables)


class ReadingLevel(Rule):
    """The text is no harder to read than its audience was promised."""

    id = "STY003"
    english = True
    severity = Severity.WARNING
    source = (
        "NIH and CDC advise grade 8 at most, the AMA grade 6 (PMC6334864); Flesch-Kincaid formula, Kincaid et al. 1975"
    )
    remedy = "Shorten the sentences and use everyday words, starting with the section named; or state the true grade."
    bad = [
        Example(
            (
                "Pharmacokinetic characterization of heterogeneous alkaloid concentrations necessitates comprehensive "
                "interdisciplinary investigation of interindividual metabolic variability. "
            )
            * 8,
            metadata={"audience": {"readers": "general public", "reading_grade": 8}},
        )
    ]
    good = [
        Example(
            "The leaf is green. It grows on a tree. The tree is tall. " * 10,
            metadata={"audience": {"readers": "general public", "reading_grade": 8}},
        ),
        "Pharmacokinetic characterization necessitates investigation.",
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Compare the whole running text with `audience.reading_grade`; texts under a hundred words are not judged."""
        audience = submission.publication.audience
        whole = measure(submission) if audience and audience.reading_grade is not None else None
        if audience is None or audience.reading_grade is None or whole is None or whole.grade <= audience.reading_grade:
            return
        hardest = _hardest_section(_running_text(submission), submission.publication.lang)
        where = f" The hardest section is “{shown(hardest[0])}” (grade {hardest[1]})." if hardest else ""
        yield self.at(
            hardest[2].sentence.location if hardest else None,
            f"The text reads at grade {whole.grade}; `audience:` promises {audience.readers} grade "
            f"{audience.reading_grade}.{where}",
            context=f"reading grade {audience.reading_grade}",
        )


def measure(submission: Submission) -> Readability | None:
    """Return the readability of the running text; None below a hundred words, and in any language but English."""
    if not submission.publication.lang.startswith("en"):
        return None
    whole = readability((one.text for one in _running_text(submission)), submission.publication.lang)
    return whole if whole.words >= _FEWEST_WORDS else None


def _running_text(submission: Submission) -> list[Statement]:
    return [one for one in submission.statements if one.block.kind in _RUNNING_TEXT and one.in_body]


def _hardest_section(statements: Sequence[Statement], lang: str) -> tuple[str, float, Statement] | None:
    sections: dict[tuple[str, ...], list[Statement]] = defaultdict(list)
    for statement in statements:
        sections[statement.block.section].append(statement)
    graded = [
        (section[-1], level.grade, members[0])
        for section, members in sections.items()
        if section and (level := readability((member.text for member in members), lang)).words >= _FEWEST_WORDS
    ]
    return max(graded, key=lambda found: found[1], default=None)


class PlainWords(Rule):
    """A text for the public uses plain words, not clinical or stiff ones."""

    id = "STY004"
    english = True
    severity = Severity.NOTE
    source = "NHS digital service manual, A to Z of NHS health writing; CDC Clear Communication Index"
    remedy = "Use the plain word, or explain the clinical one where it is needed."
    bad = [Example("Do not utilize it prior to surgery.", metadata={"audience": {"readers": "general public"}})]
    good = [
        Example("Do not use it before surgery.", metadata={"audience": {"readers": "general public"}}),
        Example("Do not utilize it prior to surgery.", metadata={"audience": {"readers": "surgeons"}}),
    ]

    def check(self, submission: Submission) -> Iterator[Finding]:
        """Judge running text for readers who are not professionals; report each word once."""
        audience = submission.publication.audience
        if audience is None or not audience.public:
            return
        named: set[str] = set()
        for statement in submission.statements:
            if statement.block.kind not in _RUNNING_TEXT:
                continue
            for hit in word_list("plain-words").hits(statement.folded):
                explained = statement.folded[hit.end :].lstrip().startswith("(") or statement.folded[
                    : hit.start
                ].rstrip().endswith("(")
                if hit.entry is None or hit.entry.phrase in named or explained:
                    continue
                named.add(hit.entry.phrase)
                yield self.at(
                    statement.span(hit.start, hit.end),
                    f"“{shown(statement.original(hit))}”: plainer: “{hit.entry.use}”.",
                    context=statement.text,
                )
