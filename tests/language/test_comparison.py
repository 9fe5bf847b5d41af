"""What folding promises: spellings of one text meet, texts that differ in meaning stay apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.language.comparison import name_letters, spelling
from pubkit.references.bibliography.markup import fold, plain, words


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Effects of <i>Mitragyna speciosa</i> on CO<sub>2</sub>", "Effects of Mitragyna speciosa on CO2"),
        ("Child Abuse &amp;amp; Neglect", "Child Abuse & Neglect"),
        ("&lt;i&gt;In vitro&lt;/i&gt; study", "In vitro study"),
        ("<jats:p>One</jats:p><jats:p>Two</jats:p>", "One Two"),
        ("Binding at <mml:math><mml:mi>κ</mml:mi></mml:math> sites", "Binding at κ sites"),
        ('<math><mi>x</mi><annotation encoding="application/x-tex">\\x</annotation></math>', "x"),
        ("Survival if p < 0.05 and q > 3", "Survival if p < 0.05 and q > 3"),
        (r"{\'E}tude {\"o}ver {\o}re na{\"i}ve {\c c}a {\v{s}} {\ss}", "Étude över øre naïve ça š ß"),
        (r"The \textit{in vitro} $\beta$-arrestin {DNA}", "The in vitro β-arrestin DNA"),
        (r"Costs \& benefits: 50\% less", "Costs & benefits: 50% less"),
        ("CastaÃ±o, GarcÃ\xada and PÃ©rez", "Castaño, García and Pérez"),
        ("Parkinsonâ€™s disease", "Parkinson’s disease"),
        ("one\n            two\tthree", "one two three"),
        ("soft\xadhyphen and zero\u200bwidth", "softhyphen and zerowidth"),
    ],
)
def test_markup_and_damage_are_undone(written: str, read: str) -> None:
    assert plain(written) == read


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Parkinson's disease", "PARKINSON’S DISEASE"),
        ("gene-regulatory", "gene‐regulatory"),
        ("TNF-α", "TNF-alpha"),
        ("μ-opioid", "µ-opioid"),
        ("mélange à trois", "melange a trois"),
        ("H₂O and Ca²⁺", "H2O and Ca2+"),
        ("heart & lung", "heart and lung"),
        ("50% less", "50 percent less"),
        ("ﬁve ﬂowers", "five flowers"),
        ("Рарer on сарsules", "Paper on capsules"),
        ("Łódź Ørsted Straße", "Lodz Orsted Strasse"),
        ("Kratom™ use", "Kratom use"),
        ("５ mg", "5 mg"),
    ],
)
def test_spellings_of_one_text_fold_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HER2+ cancer", "HER2- cancer"),
        ("CD4+ cells", "CD4 cells"),
        ("<5 years", ">5 years"),
        ("hypertension", "hypotension"),
        ("type 1", "type 2"),
    ],
)
def test_signs_and_words_that_change_the_meaning_stay(one: str, other: str) -> None:
    assert fold(one) != fold(other)


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("haemorrhage", "hemorrhage"),
        ("oesophageal", "esophageal"),
        ("paediatric", "pediatric"),
        ("tumours", "tumors"),
        ("behavioural", "behavioral"),
        ("randomised", "randomized"),
        ("randomisation", "randomization"),
        ("analysed", "analyzed"),
        ("centres", "centers"),
        ("fibre", "fiber"),
        ("labelled", "labeled"),
        ("enrolment", "enrollment"),
        ("sulphate", "sulfate"),
        ("programme", "program"),
        ("ageing", "aging"),
        ("catalogue", "catalog"),
        ("two", "2"),
        ("iii", "3"),
    ],
)
def test_british_and_american_spelling_meet(british: str, american: str) -> None:
    assert spelling(british) == spelling(american)


@pytest.mark.parametrize(
    ("one", "other"),
    [("four", "for"), ("filling", "filing"), ("adduction", "abduction"), ("diffusions", "diffusion"), ("hour", "hor")],
)
def test_spelling_does_not_join_different_words(one: str, other: str) -> None:
    assert spelling(one) != spelling(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Spröer", "Sproeer"), ("Kjær", "Kjaer"), ("Åsvold", "Aasvold"), ("Müller", "Mueller"), ("O’Neill", "O'Neill")],
)
def test_letters_of_names_meet_across_national_spellings(one: str, other: str) -> None:
    assert name_letters(one) == name_letters(other)


def test_cyrillic_and_greek_names_are_read_in_latin_letters() -> None:
    assert fold("Чехов") == "chekhov"
    assert fold("Στυλιαρά") == "styliara"


@given(st.text(max_size=300))
def test_any_text_folds_to_words_and_folding_again_changes_nothing(text: str) -> None:
    folded = fold(text)
    assert folded == " ".join(words(text))
    assert folded == folded.strip()
    assert fold(folded) == folded or not folded.isascii()


@given(st.text(st.characters(), max_size=200))
def test_a_lone_surrogate_does_no_harm(text: str) -> None:
    assert isinstance(plain("\ud800" + text + "\udfff"), str)
    assert isinstance(fold("\ud800" + text), str)
