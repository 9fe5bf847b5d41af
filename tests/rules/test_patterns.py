"""What saves time changes nothing that is found: the words that a pattern needs, the entries that can occur, the parts."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterable

import msgspec
import pytest
from msgspec import Struct

from pubkit.boundary.keeping import Answer
from pubkit.claims.compiled import compiled, kept_in
from pubkit.claims.detector import parts
from pubkit.claims.engine import form_ids, forms, found_by, prepare
from pubkit.claims.evidence import evidence, statistic
from pubkit.claims.narrowing import narrowed
from pubkit.claims.products import absolute_safety, plain_safety
from pubkit.claims.required import Condition, required
from pubkit.claims.wordlists import Hit, phrase_pattern, word_list, word_list_ids
from pubkit.language.matching import folded
from pubkit.rules.claims import EvidenceWithoutSource
from pubkit.rules.claims_effects import DiseaseClaim
from pubkit.rules.claims_promises import AbsoluteSafety

from ..builder import submission


@pytest.fixture
def long_text() -> None:
    """Have patterns searched as in a long text: only where a sentence has the words that they need."""
    prepare(["A sentence."] * 1_000)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bvaccin\w+", [["<vaccin"]]),
        (r"\b(?:cures?|heals) (?:the )?cancer\b", [["<cancer>"]]),
        (r"(?<!\w)safe(?!\w)", [["<safe>"]]),
        (r"\d+ ?%", [["0"], ["<%>"]]),
        (r"(?:pain)?", []),
        (r"\w+ \w+", []),
        (r"(?i)cancer", []),
        (r"(?:kills|.*) tumours?(?! grow)", [["<tumour", "<tumours"]]),
        (r"\bresearch\b(?!.*\b(?:but|although)\b)", [["<research>"]]),
        (r"\b(?:reduces|improves) (?!(?:no|little) )(?:\w+ )?pain\b", [["<improves>", "<reduces>"]]),
        (r"\b(?!remedy\b)\w+ heals", [["<heals"]]),
        (r"(?:(?!harm)\w+ ){2}safe", [["<safe"]]),
        (r"(?<!training )data\b", [["data>"]]),
        (r"(?=.*\bhoney\b)cures\b", [["<honey>"], ["cures>"]]),
    ],
)
def test_a_pattern_needs_the_words_without_which_it_cannot_match(pattern: str, words: list[list[str]]) -> None:
    assert [sorted(condition) for condition in required(pattern).conditions] == words


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"(?:un)?safe drugs?", "unsafe drug"),
        (r"no (?:known |real )?(?:side )?effects?", "no effect"),
        (r"a{2,3}bcd", "aaabcd"),
        (r"(?:foo|ba[rz]|q\w*x) end", "quux end"),
        (r"(?P<said>half|a third) of", "a third of"),
        (r"(?:a |the )*(?:big )+cat", "a the big big cat"),
        (r"1[89]\d\d|20\d\d", "1999"),
        (r"don't|cannot", "don't"),
        (r"x[^a]yes|\bup to\b", "up to"),
        (r"colou?r(?:ed|s)?\b", "colored"),
        (r"tea(?=.* cures)", "tea that cures"),
        (r"(?=.*\bhoney\b).*\bcures\b", "a cold cures honey"),
        (r"\bproof\b(?! of purchase)(?: that| of)?", "proof"),
        (r"(?!vaccines)(?:\w+ ){1,3}cure", "no herbs cure"),
        (r"safe(?![\w-]| for|ty)", "safe"),
        (r"\b\d+ ?(?:%|percent)(?: of)?", "40% of"),
        (r"tea cures \w+ colds|honey \w+ pain", "honey eases pain"),
        (r"(?P<said>tea cures \w+ colds|\w+ x|honey \w+ pain)", "a x"),
        (r"(?:tea(?! bags)|(?!honey)\w+) works", "garlic works"),
    ],
)
def test_a_text_that_matches_has_the_words_that_the_pattern_needs(pattern: str, text: str) -> None:
    words = ["<" + re.sub(r"\d", "0", word) + ">" for word in re.findall(r"\w+|%", text)]

    def met(conditions: Iterable[Condition]) -> bool:
        return all(any(part in word for part in condition for word in words) for condition in conditions)

    needed = required(pattern)
    assert re.search(pattern, text)
    assert met(needed.conditions)
    assert not needed.options or any(map(met, needed.options))


def test_a_choice_of_long_parts_needs_all_that_one_of_them_needs() -> None:
    needed = required(r"\b(?:honey|tea|milk|oil|garlic) (?:\w+ )?(?:heals|cures|eases|treats)\b|\b\d+ ?% of adults\b")
    assert needed.conditions == (frozenset({"<cures>", "<eases>", "<heals>", "<treats>", "<adults>"}),)
    assert [[len(condition) for condition in option] for option in needed.options] == [[5, 4], [1, 1]]


@pytest.mark.usefixtures("long_text")
@pytest.mark.parametrize("name", form_ids())
def test_in_a_long_text_a_form_finds_its_examples_too(name: str) -> None:
    ready = forms(name)
    assert ready is not None
    assert [text for form in ready.file.forms for text in form.bad if not ready.first(folded(text).text)] == []


@pytest.mark.usefixtures("long_text")
@pytest.mark.parametrize("name", word_list_ids())
def test_in_a_long_text_a_list_finds_its_entries_too(name: str) -> None:
    words = word_list(name)
    for entry in words.entries:
        text = re.sub(r"[*]", "", entry.phrase)
        if re.fullmatch(phrase_pattern(entry.phrase), text) and words.without_exceptions(text) == text:
            assert words.first(text), entry.phrase


@pytest.mark.parametrize(
    ("expression", "words", "left"),
    [
        (r"\b(?:cures?|heals|treats) (?:the )?<what>", "cure the pain", r"\b(?:cures?) (?:the )?(?:pain|gout)"),
        (r"no (?:known |real )?(?:side )?effects?", "no effect", r"no effects?"),
        (r"(?:no|few) harms|safe", "safe", "safe"),
        (r"(?:no|few) (?:(?:known|real) )harms", "no harms", None),
        (r"honey(?! and milk| tea)(?!.*harm)", "honey tea", r"honey(?! tea)"),
        (r"(?<!un)safe(?=.*\bfor all\b)", "safe", None),
        (r"(?:(?P<said>cures)|heals) (colds)?", "heals", r"(?:(?P<said>(?!))|heals) ((?!))?"),
        (r"(?P<said>cures) colds", "colds", None),
        (r"[a-z ]+ (?:tea){0,2}x?\x41\d{2,3}\|", "", r"[a-z ]+ x?\x41\d{2,3}\|"),
        (r"<none>? ?left", "left", " ?left"),
        ("|tea", "", ""),
    ],
)
def test_an_expression_is_compiled_without_what_a_text_has_no_words_for(
    expression: str, words: str, left: str | None
) -> None:
    assert narrowed(expression, words, {"what": "pain|gout", "none": None}.__getitem__) == left


@pytest.mark.parametrize("expression", ["(?i)tea", "(?P<a>b)(?P=a)", "(tea", "tea)", "[tea"])
def test_an_expression_that_cannot_be_read_is_no_expression_without_parts(expression: str) -> None:
    with pytest.raises(ValueError, match="expression"):
        narrowed(expression, "tea", str)


def test_without_what_cannot_match_a_form_finds_what_it_finds_with_it() -> None:
    """A text of all examples has some of the words of each expression, and not the rest."""
    ready = forms("dangerous-claims")
    assert ready is not None
    texts = [folded(text).text for form in ready.file.forms for text in (*form.bad, *form.good)]
    program = f"""
from pubkit.claims.engine import forms, prepare
texts = {texts!r}
ready = forms("dangerous-claims")
prepare(texts)
print([found and (found[0].id, found[1].start, found[1].end) for found in map(ready.first, texts)])
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = [ready.first(text) for text in texts]
    assert done.stdout.strip() == str([one and (one[0].id, one[1].start, one[1].end) for one in found])


LONG = "The leaf grows on a tree " * 4_000


@pytest.mark.parametrize(
    ("detect", "claim"),
    [
        (evidence, "and studies show that it calms"),
        (statistic, "and 40% of adults use it"),
        (absolute_safety, "and it is completely harmless"),
        (plain_safety, "and it is well tolerated"),
        (lambda text: found_by("dangerous-claims", text), "and vaccines cause autism"),
    ],
)
def test_a_claim_deep_in_a_very_long_sentence_is_found_at_its_place(
    detect: Callable[[str], Hit | None], claim: str
) -> None:
    text = folded(LONG + claim + " " + LONG).text
    alone, deep = detect(folded(claim).text), detect(text)
    assert alone is not None and deep is not None
    assert deep.text == alone.text
    assert deep.start == len(LONG) + alone.start
    assert text[deep.start : deep.end] == alone.text


def test_the_parts_of_a_long_sentence_overlap_and_leave_nothing_out() -> None:
    text = "".join(chr(97 + place % 26) for place in range(3_333))
    assert all(text[begin : begin + len(part)] == part for begin, part in parts(text))
    assert {place for begin, part in parts(text) for place in range(begin, begin + len(part))} == set(range(3_333))
    assert [part for _, part in parts("short")] == ["short"]


def test_what_a_process_reads_first_and_what_it_reads_next_are_judged_alike() -> None:
    """Only those entries of lists are compiled at first that occur in the first document; the next one has others."""
    program = """
from pubkit.claims.engine import found_by, prepare
from pubkit.claims.products import disease_claim
prepare(["kratom cures depression."])
for text in ("kratom cures depression.", "ginger cures migraines.", "kratom."):
    print(disease_claim(text) is not None)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True", "False"]


def test_the_findings_in_a_long_text_are_those_in_its_sentences_one_by_one() -> None:
    claims = ["Studies suggest that kratom eases withdrawal.", "It is one of the safest herbs.", "Kratom cures pain."]
    sentences = [claims[number // 100 % 3] if number % 100 == 0 else "The leaf is green." for number in range(900)]
    long = submission("\n\n".join(sentences))
    for rule in (EvidenceWithoutSource(), AbsoluteSafety(), DiseaseClaim()):
        alone = [one.message for text in sentences for one in rule.check(submission(text))]
        assert [one.message for one in rule.check(long)] == alone
        assert len(alone) >= 3


def test_a_claim_is_marked_from_its_first_character_to_its_last() -> None:
    text = "Everybody knows that kratom is completely safe."
    (found,) = AbsoluteSafety().check(submission(text))
    assert found.location is not None and found.location.column is not None
    assert text[found.location.column - 1 : found.location.end_column - 1] == "completely safe"


class Memory:
    """Keeps answers as they are written to disk."""

    def __init__(self) -> None:
        self.answers: dict[bytes, bytes] = {}

    def recall(self, question: bytes, kind: type[Answer]) -> Answer | None:
        known = self.answers.get(question)
        return msgspec.msgpack.decode(known, type=kind) if known else None

    def keep(self, question: bytes, answer: Struct) -> None:
        self.answers[question] = msgspec.msgpack.encode(answer)


def test_an_expression_that_was_kept_is_the_one_that_its_source_makes() -> None:
    memory = Memory()
    sources = [
        *(
            form.match
            for file in filter(None, map(forms, form_ids()))
            for form in file.file.forms
            if "<" not in form.match
        ),
        r"(?i)(?P<drug>[A-Zé]+)(?:\s(?P=drug))*$|(?<!un)safe\b|\U0001f48a{2,}?",
        "[",
    ]
    for _ in range(2):
        with kept_in(memory, "a text"):
            for source in sources[:-1]:
                assert compiled(source) == re.compile(source)
            with pytest.raises(re.error, match="unterminated character set"):
                compiled(sources[-1])
    (kept,) = memory.answers.values()
    for question in memory.answers:
        memory.answers[question] = kept.replace(b"(?i)(?P<drug>", b"(?i)(?P<what>")
    with kept_in(memory, "a text"):
        known = compiled(sources[-2].replace("<drug>", "<what>", 1))
    assert known.groupindex == {"drug": 1}  # what was kept was used


def test_few_new_expressions_are_no_reason_to_write_all_again() -> None:
    memory = Memory()
    for words, kept in ((range(40), 40), (range(41), 40), (range(50), 50)):
        with kept_in(memory, "a text"):
            for word in words:
                compiled(f"word {word}")
        (answer,) = memory.answers.values()
        assert answer.count(b"word ") == kept
    with kept_in(None, "a text"):
        compiled("another")
    assert len(memory.answers) == 1
