from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.findings import Location
from pubkit.manuscript.model import Block, BlockKind, Citation, CitationMode
from pubkit.manuscript.sentences import sentence_spans, sentences

PLACE = Location("text.md", 3, 1)


def split(text: str, lang: str = "en") -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text, lang)]


def cited(text: str, *marks: tuple[str, int, CitationMode]) -> Block:
    citations = tuple(Citation(key, mode, PLACE, offset) for key, offset, mode in marks)
    return Block(BlockKind.PARAGRAPH, text, PLACE, citations)


@pytest.mark.parametrize(
    "whole",
    [
        "Leaves, e.g. fresh ones, are chewed.",
        "It acts in two ways, i.e. on pain and on mood.",
        "See Fig. 2 and Figs. S3 to S5 for more.",
        "Smith et al. found little.",
        "It was tested vs. placebo.",
        "Dr. J. A. Smith of the U.S. Food and Drug Administration wrote it.",
        "The share was 2.5% of 1,000.5 people.",
        "It was warm (see p. 4) and dry.",
        "He wrote to Prof. Jones.",
        "They waited ... and waited.",
        "“Is it safe?” she asked.",
        "Use it at 5 p.m. and at 9 p.m. every day.",
        "No. 5 was left out.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(whole: str) -> None:
    assert split(whole) == [whole]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One ends. Two begins.", ["One ends.", "Two begins."]),
        ("Really? Yes! Good.", ["Really?", "Yes!", "Good."]),
        ("He left the U.S. The rest stayed.", ["He left the U.S.", "The rest stayed."]),
        ("They take vitamin D. Doctors agree.", ["They take vitamin D.", "Doctors agree."]),
        ("It was read by Smith et al. The dose was low.", ["It was read by Smith et al.", "The dose was low."]),
        ("(It is so.) Next one.", ["(It is so.)", "Next one."]),
        ("She said “no.” He left.", ["She said “no.”", "He left."]),
        ("The answer was no. He left.", ["The answer was no.", "He left."]),
        ("The dose was 5 mg. 3 people left.", ["The dose was 5 mg.", "3 people left."]),
        ("It went on… Then it ended.", ["It went on…", "Then it ended."]),
    ],
)
def test_sentences_are_told_apart(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_abbreviations_are_those_of_the_language() -> None:
    assert split("Man nimmt z.B. Tee. Das hilft bzw. Es schadet.", "de-DE") == [
        "Man nimmt z.B. Tee.",
        "Das hilft bzw. Es schadet.",
    ]
    assert len(split("Voir p.ex. Le texte.", "en")) == 2


def test_a_mark_after_the_full_stop_belongs_to_the_sentence_before() -> None:
    text = "It dulls pain. It slows the gut."
    first, second = sentences(cited(text, ("a", 14, CitationMode.NORMAL), ("b", len(text), CitationMode.NORMAL)))
    assert (first.keys, second.keys) == (("a",), ("b",))
    with_blank, _ = sentences(cited(text, ("a", 15, CitationMode.NORMAL)))
    assert with_blank.keys == ("a",)


def test_an_author_named_at_the_start_belongs_to_the_sentence_that_begins() -> None:
    first, second = sentences(cited("It dulls pain. Smith agrees.", ("smith", 15, CitationMode.IN_TEXT)))
    assert (first.keys, second.keys) == ((), ("smith",))


def test_a_sentence_knows_the_place_of_each_of_its_words() -> None:
    text = "One ends. Two begins."
    block = Block(BlockKind.PARAGRAPH, text, PLACE, anchors=((0, PLACE), (10, Location("text.md", 4, 1))))
    assert sentences(block)[1].location == Location("text.md", 4, 1)


def test_a_block_without_words_has_no_sentences() -> None:
    assert sentences(cited("")) == () == sentences(cited(" … "))


@given(st.text(alphabet="aB .?!()\"'1é…\n", max_size=80))
def test_sentences_are_in_order_never_overlap_and_lose_no_letter(text: str) -> None:
    spans = sentence_spans(text)
    assert all(start < end for start, end in spans)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    kept = "".join(text[start:end] for start, end in spans)
    assert [char for char in kept if char.isalnum()] == [char for char in text if char.isalnum()]
