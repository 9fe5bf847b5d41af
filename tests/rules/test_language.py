from __future__ import annotations

import pubkit
from pubkit.rules.language import PlainWords, ReadingLevel, StigmatisingWord, UnexplainedAbbreviation, readability
from pubkit.rules.rulebook import found_by

from ..builder import submission
from ..conftest import Publish


def test_short_words_read_easier_than_long_ones() -> None:
    easy = readability(["The cat sat on the mat.", "It was a big cat."])
    hard = readability(["Pharmacokinetic variability necessitates interdisciplinary investigation."])
    assert easy.grade < 2 < 15 < hard.grade


def test_the_grade_follows_the_formula() -> None:
    # 10 words, 1 sentence, 10 syllables: 0.39 * 10 + 11.8 * 1 - 15.59
    assert readability(["The cat sat on the mat and ate the fish."]).grade == 0.1


def test_no_words_have_no_grade() -> None:
    assert readability([]).words == 0


def test_the_hardest_section_is_named() -> None:
    hard = "Pharmacokinetic characterization necessitates comprehensive interdisciplinary investigation. " * 20
    text = "# Easy\n\n" + "The cat sat on the mat. " * 20 + "\n\n# Hard\n\n" + hard
    [finding] = ReadingLevel().check(submission(text, audience={"readers": "general public", "reading_grade": 6}))
    assert "Hard" in finding.message
    assert finding.location is not None
    assert finding.location.line == 7


def test_each_stigmatising_word_is_one_finding_with_its_place() -> None:
    found = list(StigmatisingWord().check(submission("An addict and another addict suffer from it.")))
    assert [finding.location.column for finding in found if finding.location] == [4, 23, 30]


def test_an_abbreviation_is_asked_for_once() -> None:
    found = list(
        UnexplainedAbbreviation().check(submission("The KUD is one. The KUD is two.\n\nKratom use disorder (KXD)."))
    )
    assert [finding.context[:3] for finding in found] == ["KUD"]


def test_plain_words_are_for_plain_readers() -> None:
    text = "Commence the administration of it prior to surgery."
    public = list(PlainWords().check(submission(text, audience={"readers": "patients and carers"})))
    assert {finding.rule for finding in public} == {"STY004"}
    assert len(public) == 3
    assert not list(PlainWords().check(submission(text, audience={"readers": "pharmacists"})))


def test_english_word_lists_say_nothing_about_sentences_in_another_language() -> None:
    text = "Il est mesuré avec un retard dans la réponse.\n\nThe drug may retard growth."
    found = [one for one in found_by(StigmatisingWord(), submission(text, lang="fr")) if one.rule == "STY001"]
    assert [one.location.line for one in found if one.location] == [3]


def test_a_foreign_name_silences_no_rule_on_claims(publication: Publish) -> None:
    found = pubkit.check(
        publication("# Skin\n\nCrème de la Mer cures eczema. It is la crème de la crème: no side effects.\n")
    )
    assert {"CLM010", "CLM011"} <= {one.rule for one in found.findings}
