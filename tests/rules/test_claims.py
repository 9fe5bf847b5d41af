from __future__ import annotations

import json
from typing import Any

import pytest

from pubkit.findings import Finding, Severity
from pubkit.manuscript.model import BlockKind, Document
from pubkit.manuscript.tree import Tree
from pubkit.rules.base import Rule, Submission
from pubkit.rules.claims import (
    DoseWithoutSource,
    EvidenceWithoutSource,
    ParagraphWithoutSource,
    ReferenceByHand,
    StatisticWithoutSource,
    TextNotJudged,
)
from pubkit.rules.claims_designs import AnimalWorkAsHuman, CausalWording
from pubkit.rules.claims_effects import DiseaseClaim, EffectWithoutSource
from pubkit.rules.claims_promises import AbsoluteSafety, CureBehindAKey, DangerousClaim, PlainSafety, Promotion
from pubkit.rules.claims_treatment import TreatmentChange
from pubkit.rules.commerce import ShopPhrase
from pubkit.rules.commerce_links import ShopLink

from ..builder import block, publication, submission
from ..conftest import SHARED_DATA


def found(rule: type[Rule], text: str, **metadata: Any) -> list[Finding]:
    return list(rule().check(submission(text, **metadata)))


# -- advice to stop a treatment ------------------------------------------------------------------------------------------


def test_advice_to_stop_a_medicine_is_an_error_that_an_editor_may_waive_by_name() -> None:
    (finding,) = found(TreatmentChange, "You should stop taking your antidepressant and use kratom instead.")
    assert finding.severity is Severity.ERROR
    assert finding.waivable
    assert "stop taking your antidepressant" in finding.message


def test_a_doctor_who_is_to_be_passed_over_excuses_no_advice() -> None:
    assert not found(TreatmentChange, "You can reduce your medication if your doctor agrees.")
    assert found(TreatmentChange, "You can reduce your medication without asking your doctor.")


@pytest.mark.parametrize(
    "text",
    [
        "Calling this method twice has no side effects, because nothing is written.",
        "The list is copied first, so this is safe.",
        "The query is parameterised, so it is perfectly safe.",
        "It is a single header file with no dependencies.",
        "The model was fitted with main effects only, with no interactions.",
        "Your script does not need the medication table any more.",
    ],
)
def test_programs_and_models_promise_no_safety_and_advise_no_patient(text: str) -> None:
    assert not found(AbsoluteSafety, text)
    assert not found(TreatmentChange, text)


@pytest.mark.parametrize(
    "text",
    [
        "The tea supports the function of the liver without side effects.",
        "Use code SLEEP: the drops work without side effects.",
        "It is natural, so this is safe.",
        "Kratom acts with no interactions.",
    ],
)
def test_a_word_that_programs_share_excuses_no_promise(text: str) -> None:
    assert found(AbsoluteSafety, text)


@pytest.mark.parametrize("figure", ["p = 0.95", "p < 0.001", "odds ratio was 1.85"])
def test_a_figure_is_quoted_whole(figure: str) -> None:
    (finding,) = found(StatisticWithoutSource, f"The effect was small, as the {figure} showed.")
    assert f"“{figure}”" in finding.message


def test_a_quotation_is_no_finding_of_research() -> None:
    assert not found(EvidenceWithoutSource, 'She warned: "Do not open the door."')
    assert found(EvidenceWithoutSource, "They warned that the leaf harms the liver.")
    assert found(EvidenceWithoutSource, '"The leaf harms the liver", they wrote.')


def test_a_key_excuses_advice_to_prescribers_but_not_to_readers() -> None:
    assert not found(TreatmentChange, "Warfarin should be stopped before surgery [@guideline].")
    assert found(TreatmentChange, "Warfarin should be stopped.")
    assert found(TreatmentChange, "Throw away your pills [@guideline].")


def test_it_is_what_the_paragraph_named_last() -> None:
    text = "Kratom leaves have been chewed for centuries. Workers use them against fatigue. It lowers anxiety."
    assert [finding.context for finding in found(DiseaseClaim, text)] == ["It lowers anxiety."]
    assert not found(DiseaseClaim, "Kratom is a tree. Antibiotics are given for a week. They relieve pain.")


def test_it_is_no_product_after_a_medicine_or_a_part_of_the_body() -> None:
    assert found(EffectWithoutSource, "Moss is dried for a week. It purifies the blood.")
    assert not found(EffectWithoutSource, "The liver weighs over a kilo. It purifies the blood.")
    assert not found(DiseaseClaim, "Sertraline is taken once a day. It relieves anxiety.")


def test_an_effect_is_reported_once_where_a_study_is_said_to_show_it() -> None:
    text = "A study found that copper socks strengthen the veins."
    assert found(EvidenceWithoutSource, text)
    assert not found(EffectWithoutSource, text)


def test_a_claim_at_the_end_of_a_very_long_sentence_is_found_in_its_place() -> None:
    text = "The leaf is dried and " * 200 + "it is completely safe."
    (finding,) = found(AbsoluteSafety, text)
    assert finding.location is not None and finding.location.column > 4_000


def test_two_benefits_without_a_source_are_enough_for_a_paragraph() -> None:
    assert found(ParagraphWithoutSource, "It lowers anxiety. It eases withdrawal.")
    assert not found(ParagraphWithoutSource, "It lowers anxiety [@a]. It eases withdrawal.")


def test_shop_wording_is_quoted_whole() -> None:
    (finding,) = found(ShopPhrase, "Buy kratom online from our partner shop, use code SAVE10.")
    assert finding.message == "Shop wording: “Buy kratom online”, “from our partner shop”, “use code SAVE10”."


# -- when a sentence is sourced ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Studies suggest that it helps [@a].",
        "Studies suggest that it helps.[@a]",
        "Studies suggest that it helps. They were small. The results were mixed [@a].",
        "A survey asked 2,798 people [@a]. They reported that 41% had stopped.",
        "A trial was done [@a]. However, the authors found no effect on sleep.",
        "Walsh wrote a review [@a]. It is long. It has ten parts. The weather was fine. The authors found no effect.",
        "A review pooled trials of zinc [@a]. Most trials were small. Zinc users had 12% fewer colds.",
        "Here is what the survey found [@a]:\n\n- Half of users reported relief.",
        "| 41% of users | [@a] |",
        ": Shares in the survey. About 41% had stopped [@a].",
    ],
)
def test_a_key_sources_the_run_it_belongs_to(text: str) -> None:
    assert not found(EvidenceWithoutSource, text)
    assert not found(StatisticWithoutSource, text)


@pytest.mark.parametrize(
    "text",
    [
        "A review was done [@a]. Another study found a large effect.",
        "It is old [@a]. Experts say that it harms the liver.",
        "It is old [@a].\n\nStudies have found no effect on sleep.",
        "| 41% of users | 3 |\n| 12 | [@a] |",
        "# Tea\n\nA review of teas is old [@a].\n\nA trial in the Archives of Tea Studies found less worry.",
        "# Tea\n\nA review of teas is old [@a].\n\nIn a survey of the authors of cookbooks, 41% slept better.",
        "It was tested [@a]. Most trials were positive. About 41% slept better.",
        "It was tested [@a]. A few studies found that it harms the liver.",
        "Walsh wrote a review [@a]. A second study came later. It was long. It was wide. The authors found no effect.",
    ],
)
def test_a_new_speaker_a_new_paragraph_needs_its_own_key(text: str) -> None:
    assert found(EvidenceWithoutSource, text) or found(StatisticWithoutSource, text)


@pytest.mark.parametrize(
    "text",
    [
        "Studies suggest that it helps. Trees are green. Cats like milk [@a].",
        "# Findings\n\nA review looked at it [@a].\n\nNone of the trials reported harms. Two trials found 12% fewer falls.",
        "# What did they do?\n\nA review looked at it [@a].\n\n# What did they find?\n\nThe trials found no effect.",
        "A survey asked of three things [@a]:\n\n- 41% of users slept better\n- 12% slept worse",
    ],
)
def test_a_key_covers_its_paragraph_its_list_and_what_reports_on_its_work(text: str) -> None:
    assert not found(EvidenceWithoutSource, text) and not found(StatisticWithoutSource, text)


@pytest.mark.parametrize(
    "text",
    [
        "COVID-19 deaths are sent to the registry.",
        "The review included 12 trials with 563 people.",
        "Pulmonary hypertension (PULL-mun-ary HI-per-TEN-shun) raises the pressure in the lungs.",
        "Four studies compared crowns with fillings.",
        "The trials were funded by the maker.",
        "New ways to treat it are being studied in clinical trials.",
    ],
)
def test_counts_methods_funding_and_pronunciation_are_no_claims(text: str) -> None:
    assert not found(EvidenceWithoutSource, text) and not found(StatisticWithoutSource, text)


_OWN = (
    "# Methods\n\nWe asked people of the ward.\n\n# Results\n\nAbout 40% of users slept better.\n\n{}" + "Words. " * 150
)


def test_a_research_article_sources_what_it_says_of_others_not_its_own_results() -> None:
    assert not found(StatisticWithoutSource, _OWN.format(""))
    assert found(EvidenceWithoutSource, _OWN.format("# Discussion\n\nPrevious studies have shown that milk helps. "))


def test_a_research_article_may_have_found_no_harm_and_promises_none_all_the_same() -> None:
    assert not found(AbsoluteSafety, _OWN.format("Milk was effective and safe; there were no side effects. "))
    assert found(AbsoluteSafety, _OWN.format("Milk is completely safe. "))
    assert found(AbsoluteSafety, _OWN.format("Milk was effective and safe. "), kind="leaflet")
    assert found(TreatmentChange, _OWN.format("Insulin was of no use: stop your insulin. "))


def test_the_kind_that_is_stated_decides_what_is_asked() -> None:
    assert found(DoseWithoutSource, "Take 5 mg once a day.")
    assert not found(DoseWithoutSource, "Take 5 mg once a day.", kind="guideline")
    assert not found(StatisticWithoutSource, "40% of users slept.", kind="methods")
    course = "Die Verteilung der Daten zeigt, dass 25% der Werte unter dem Mittelwert der Stichprobe liegen. " * 12
    leaflet = "Nehmen Sie das Medikament so ein, wie die Therapie es vorsieht; es hilft bei 25% der Menschen. " * 12
    assert not found(StatisticWithoutSource, course, lang="de")
    assert found(StatisticWithoutSource, leaflet, lang="de")
    assert found(StatisticWithoutSource, _OWN.format(""), kind="leaflet")


def test_course_notes_that_quote_a_survey_are_recognised_as_methods() -> None:
    course = "The package fits a regression model to the data of the file. Studies show that simulations help. " * 250
    asked = "A variable records the answer to \u201cWould you say that your health is good?\u201d. "
    assert not found(EvidenceWithoutSource, course + asked)
    assert not found(AbsoluteSafety, course + "The model has no upper limit. ")
    assert not found(TreatmentChange, course + "Do not run the script: skip the script and stop it. ")
    assert found(AbsoluteSafety, course + "The supplement is completely safe. ")
    assert found(TreatmentChange, course + "Refuse chemotherapy. ")
    assert found(EvidenceWithoutSource, course[:3000] + asked)


def test_a_word_to_the_reader_in_a_long_manual_makes_no_leaflet_of_it() -> None:
    manual = "A package of functions reads data from files. " * 700
    assert not found(StatisticWithoutSource, f"40% of users slept. {manual}Ask your doctor.")
    assert found(StatisticWithoutSource, f"40% of users slept. {manual[:2000]}Ask your doctor.")


def test_a_summary_of_what_has_sources_warns_where_the_body_blocks() -> None:
    body = "# Use\n\nTea is old [@tea].\n\n"
    [in_summary] = found(EvidenceWithoutSource, f"{body}# Key points\n\nStudies suggest that it helps.")
    [of_nothing] = found(
        EvidenceWithoutSource, "# Use\n\nTea is old.\n\n# Key points\n\nStudies suggest that it helps."
    )
    [in_body] = found(EvidenceWithoutSource, "# Effects\n\nStudies suggest that it helps.")
    assert (in_summary.severity, in_body.severity) == (Severity.WARNING, Severity.ERROR)
    assert of_nothing.severity is Severity.ERROR


def test_thanks_and_funding_are_not_asked_for_sources() -> None:
    assert not found(EvidenceWithoutSource, "# Acknowledgements\n\nResearchers at the university found time for us.")


# -- what a finding says ----------------------------------------------------------------------------------------------


def test_a_finding_points_at_the_words_as_they_were_written() -> None:
    [finding] = found(AbsoluteSafety, "First words.\n\nIt is com\u00adpletely s\u0430fe.")
    assert finding.location is not None
    assert (finding.location.line, finding.location.column) == (3, 7)
    assert finding.context == "It is com\u00adpletely s\u0430fe."


def test_a_finding_shows_no_control_characters() -> None:
    [finding] = found(AbsoluteSafety, "It is com\x1bpletely safe.")
    assert "\x1b" not in finding.message


# -- negation, attribution, questions ---------------------------------------------------------------------------------

DENIED = [
    "{0} does not cure depression.",
    "The FDA has not approved {0} to treat any disease.",
    "No study has shown that {0} cures depression.",
    "Sellers claim that {0} cures depression.",
    "{0} is marketed as a remedy for pain.",
    "Does {0} cure depression?",
    "It is a myth that {0} cures cancer.",
    "Be wary of pages that say {0} cures cancer.",
    "It is unclear whether {0} relieves pain.",
    "{0} should not be used to treat anxiety.",
]


@pytest.mark.parametrize("sentence", DENIED)
@pytest.mark.parametrize("name", ["Kratom", "Turmeric tea"])
def test_what_is_denied_asked_or_told_of_others_is_no_disease_claim(sentence: str, name: str) -> None:
    assert not found(DiseaseClaim, sentence.format(name))
    assert not found(AbsoluteSafety, sentence.format(name))


@pytest.mark.parametrize(
    "sentence",
    [
        "It is not completely safe.",
        "Nothing is completely safe.",
        "Sellers say that it is completely safe.",
        "Nobody can say that it is risk-free.",
        "“Natural” does not mean harmless or free from side effects.",
        "No serious side effects were seen in the trial.",
        "Vaccines do not cause autism.",
        "Most people have no symptoms.",
    ],
)
def test_careful_words_on_safety_are_left_alone(sentence: str) -> None:
    assert not found(AbsoluteSafety, sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Users bought kratom online in the survey.",
        "People who buy kratom online cannot know what is in it.",
        "Kratom is sold in shops and on the internet.",
        "Never buy medicines online without a prescription.",
        "In order to take part now, adults had to sign.",
        "The purchase of kratom online is banned in some states.",
        "Thailand may order a ban on kratom now.",
    ],
)
def test_telling_that_something_is_sold_is_no_shop_phrase(sentence: str) -> None:
    assert not found(ShopPhrase, sentence)


def test_a_shop_phrase_is_found_across_markup_and_in_headings() -> None:
    assert found(ShopPhrase, "You may **pur**chase [kra](https://example.org)tom online today.")
    assert found(ShopPhrase, "# Buy kratom online now\n\nText.")


def test_a_percent_sign_does_not_hide_a_shop_link() -> None:
    assert found(ShopLink, "It is a [tree](https://example.com/%62uy-kratom-online).")
    assert found(ShopLink, "It is a [tree](https://example.com/%2562uy-kratom-online).")


def test_the_title_is_judged_where_the_document_does_not_hold_it() -> None:
    assert found(Promotion, "Text.", title="The amazing benefits of kratom")


# -- designs ----------------------------------------------------------------------------------------------------------


def described(study_type: str) -> dict[str, Any]:
    return {"evidence": {"a": {"study_type": study_type}}}


def test_cause_and_effect_is_left_to_trials() -> None:
    assert found(CausalWording, "Kratom reduces anxiety [@a].", **described("survey"))
    assert not found(CausalWording, "Kratom reduces anxiety [@a].", **described("rct"))
    assert not found(CausalWording, "Kratom reduces anxiety [@a].")


def test_animal_work_is_named_as_such() -> None:
    assert found(AnimalWorkAsHuman, "Kratom slows breathing [@a].", **described("animal"))
    assert not found(AnimalWorkAsHuman, "In mice, kratom slows breathing [@a].", **described("animal"))


# -- the rest ---------------------------------------------------------------------------------------------------------


def test_labeling_makes_a_disease_claim_an_error_even_with_a_source() -> None:
    [finding] = found(DiseaseClaim, "Kratom relieves pain [@a].", role="labeling")
    assert finding.severity is Severity.ERROR


def test_a_reference_typed_by_hand_is_one_finding_not_two() -> None:
    text = "Studies suggest that it helps (Smith et al., 2019)."
    assert found(ReferenceByHand, text)
    assert not found(EvidenceWithoutSource, text)


def test_a_paragraph_of_facts_needs_a_source_somewhere() -> None:
    facts = "The liver breaks the drug down slowly. " * 4 + "The brain has many receptors that respond to it. " * 3
    assert found(ParagraphWithoutSource, facts)
    assert not found(ParagraphWithoutSource, facts + "It is old [@a].")


def test_another_language_is_said_to_be_unjudged() -> None:
    assert found(TextNotJudged, "Kratom heilt alles.", lang="de")


def test_cells_alternative_texts_and_metadata_are_judged_for_promises() -> None:
    for kind in (BlockKind.CELL, BlockKind.ALT, BlockKind.METADATA, BlockKind.HEADING, BlockKind.CAPTION):
        document = Document(Tree(), (block("Completely safe kratom", kind=kind),), (), (), (), (), ())
        before = submission("x")
        manuscript = type(before.manuscript)(publication(), (), document, {})
        asked = Submission(publication(), manuscript, before.bibliography, {}, (), before.today)
        assert list(AbsoluteSafety().check(asked)), kind


def test_a_submission_is_read_once() -> None:
    one = submission("A text. Of two sentences.")
    assert one.statements is one.statements


# -- measured ---------------------------------------------------------------------------------------------------------


LABELLED = SHARED_DATA / "claims" / "dev.jsonl"


@pytest.mark.skipif(not LABELLED.is_file(), reason="the labelled sentences are not here (PUBKIT_SHARED_DATA)")
@pytest.mark.parametrize(
    ("kind", "label", "precision", "recall"),
    [
        (EvidenceWithoutSource, "evidence", 0.85, 0.80),
        (AbsoluteSafety, "safety", 0.95, 0.80),
        (ShopPhrase, "commerce", 0.95, 0.20),
    ],
)
def test_blocking_rules_are_quiet_and_find_what_they_promise(
    kind: type[Rule], label: str, precision: float, recall: float
) -> None:
    hits = alarms = misses = 0
    for line in LABELLED.read_text("utf-8").splitlines():
        row = json.loads(line)
        if label in row["disputed"] or "cited" in row["agreed"]:
            continue
        flagged, wanted = bool(found(kind, row["text"])), label in row["agreed"]
        hits += flagged and wanted
        alarms += flagged and not wanted
        misses += wanted and not flagged
    assert hits / (hits + alarms) >= precision
    assert hits / (hits + misses) >= recall


# -- everything that is printed is read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Text.\n\n```\nThe tea cures depression, and nobody has ever been harmed.\n```\n",
        "Text.\n\n    The tea has no side effects at all. It calms the mind.\n",
        "It is said here: `the leaf is completely safe`.",
    ],
)
def test_text_set_as_code_is_judged_where_it_reads_like_prose(text: str) -> None:
    assert [finding.location.line for finding in found(AbsoluteSafety, text) if finding.location]


def test_a_program_is_no_text() -> None:
    blocks = submission("Text.\n\n```python\nfrom tea import safe  # completely safe\nprint(safe)\n```\n").manuscript
    assert all(block.kind is not BlockKind.CODE for block in blocks.document.blocks)


def test_a_caption_sources_the_cells_of_its_table_on_either_side() -> None:
    cells = "| Share |\n|---|\n| 40% of users |\n"
    assert not found(StatisticWithoutSource, f"{cells}\n: Users [@a]\n")
    assert found(StatisticWithoutSource, cells)


# -- a key is no pass --------------------------------------------------------------------------------------------------


def test_a_key_excuses_no_claim_that_harms() -> None:
    assert found(CureBehindAKey, "Lemon water cures cancer [@a].")
    assert found(AbsoluteSafety, "A study found that the leaf has no dangerous side effects [@a].")
    assert found(TreatmentChange, "Patients can stop chemotherapy when they take the powder [@a].")
    [warned] = found(DangerousClaim, "This vaccine causes autism [@a].")
    assert "WHO" in warned.message and "2025-12-11" in warned.message


def test_a_cure_passes_with_a_trial_of_that_condition_in_people() -> None:
    text = "The low-calorie diet reverses diabetes [@a]."
    trial = {"a": {"study_type": "rct", "population": "Adults with type 2 diabetes"}}
    other = {"a": {"study_type": "rct", "population": "Adults with asthma"}}
    rats = {"a": {"study_type": "animal", "population": "Rats with diabetes"}}
    assert not found(CureBehindAKey, text, evidence=trial)
    assert found(CureBehindAKey, text, evidence=other)
    assert found(CureBehindAKey, text, evidence=rats)


def test_a_flat_claim_weighs_as_much_as_one_that_names_a_study() -> None:
    [flat] = found(DiseaseClaim, "Rhodiola relieves anxiety.")
    [named] = found(EvidenceWithoutSource, "A study found that rhodiola relieves anxiety.")
    assert flat.severity is named.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("text", "severity"),
    [
        ("Antihistamines are safe in pregnancy.", "error"),
        ("Antihistamines are considered safe to use while breastfeeding.", "error"),
        ("The syrup is safe for children over six when it is given as the label says.", "warning"),
        ("The tea is safe.", "warning"),
    ],
)
def test_safe_for_the_weakest_needs_a_source(text: str, severity: str) -> None:
    assert [one.severity for one in PlainSafety().check(submission(text))] == [severity]
