"""What venue names promise: abbreviations and acronyms meet their titles, and neighbours in the index stay apart."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pubkit.references.comparison.venues import is_versioned, preprint_doi, preprint_server, same_venue

SAME = [
    ("N Engl J Med", "The New England Journal of Medicine"),
    ("NEJM", "New England Journal of Medicine"),
    ("J. Clin. Oncol.", "Journal of Clinical Oncology"),
    ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences"),
    ("PNAS", "Proceedings of the National Academy of Sciences of the United States of America"),
    ("JAMA", "Journal of the American Medical Association"),
    ("JAMA : the journal of the American Medical Association", "JAMA"),
    ("JNCI: Journal of the National Cancer Institute", "J Natl Cancer Inst"),
    ("BMJ (Clinical research ed.)", "BMJ"),
    ("Lancet (London, England)", "The Lancet"),
    ("Heart, lung & circulation", "Heart, Lung and Circulation"),
    ("Child abuse & neglect", "Child Abuse &amp; Neglect"),
    ("JACC. Advances", "JACC: Advances"),
    ("PLoS One", "PLOS ONE"),
    ("MMWR Morb Mortal Wkly Rep", "MMWR. Morbidity and Mortality Weekly Report"),
    ("Dtsch Arztebl Int", "Deutsches Ärzteblatt international"),
    ("J Bone Joint Surg Am", "The Journal of Bone and Joint Surgery. American Volume"),
    ("J Neuroophthalmol", "Journal of Neuro-Ophthalmology"),
    ("Dermatitis", "Dermatitis : contact, atopic, occupational, drug"),
    ("Tumour Biology", "Tumor Biology"),
    ("Cochrane Database Syst Rev", "Cochrane Database of Systematic Reviews"),
    ("NeurIPS", "Advances in Neural Information Processing Systems 34"),
    ("ICML", "Proceedings of the 38th International Conference on Machine Learning"),
    ("CVPR", "2021 IEEE/CVF Conference on Computer Vision and Pattern Recognition (CVPR)"),
    ("MICCAI", "Medical Image Computing and Computer-Assisted Intervention – MICCAI 2015"),
    ("AAAI", "Proceedings of the AAAI Conference on Artificial Intelligence"),
]
DIFFERENT = [
    ("Nature", "Nature Medicine"),
    ("Lancet", "Lancet Psychiatry"),
    ("Cancer", "Cancers"),
    ("Cell", "Cells"),
    ("JAMA", "JAMA Psychiatry"),
    ("BMJ", "BMJ Open"),
    ("JACC", "JACC: Advances"),
    ("Circulation", "Circulation: Heart Failure"),
    ("Neurology", "Neurology: Clinical Practice"),
    ("Nutrition", "Advances in Nutrition"),
    ("Nutrition Research", "Advances in Nutrition Research"),
    ("PLoS Medicine", "PLoS ONE"),
    ("Pain", "The Journal of Pain"),
    ("Mach. Learn.", "J. Mach. Learn. Res."),
    ("Drug and Alcohol Dependence", "Drug and Alcohol Review"),
    ("Journal of Clinical Medicine", "Journal of Clinical Oncology"),
    ("ICML", "ICLR"),
    ("European Conference on Machine Learning", "International Conference on Machine Learning"),
    ("Symposium on Transfer Learning Paradigms", "Cancer Epidemiology"),
    ("Vital Health Stat 5", "Vital Health Stat 6"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_names_of_one_journal_meet(one: str, other: str) -> None:
    assert same_venue(one, other)
    assert same_venue(other, one)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_two_journals_are_not_taken_for_one(one: str, other: str) -> None:
    assert not same_venue(one, other)
    assert not same_venue(other, one)


def test_a_known_name_can_be_handed_in_as_mapping_or_as_function() -> None:
    names = {"heiko shinkei kagaku": "Equilibrium Research"}
    assert not same_venue("Heiko shinkei kagaku", "Equilib Res")
    assert same_venue("Heiko shinkei kagaku", "Equilib Res", names)
    assert same_venue("Heiko shinkei kagaku", "Equilib Res", names.get)
    assert not same_venue("Heiko shinkei kagaku", "Pain", names)


@pytest.mark.parametrize(
    ("name", "server"),
    [
        ("bioRxiv : the preprint server for biology", "bioRxiv"),
        ("medRxiv", "medRxiv"),
        ("arXiv preprint arXiv:2101.00001", "arXiv"),
        ("CoRR", "arXiv"),
        ("Research Square", "Research Square"),
        ("SSRN Electronic Journal", "SSRN"),
        ("Preprints.org", "Preprints.org"),
        ("Nature", None),
        ("Archives of Disease in Childhood", None),
        ("Social Science & Medicine", None),
    ],
)
def test_preprint_servers_are_known_from_journals(name: str, server: str | None) -> None:
    assert preprint_server(name) == server


@pytest.mark.parametrize(
    ("doi", "server"),
    [
        ("10.1101/2020.12.31.424643", "bioRxiv or medRxiv"),
        ("10.1101/424643v2", "bioRxiv or medRxiv"),
        ("10.48550/arxiv.2101.00001", "arXiv"),
        ("10.21203/rs.3.rs-1234/v1", "Research Square"),
        ("10.1101/gr.123456.111", None),
        ("10.1016/j.drugalcdep.2017.10.012", None),
    ],
)
def test_preprint_dois_are_known_from_those_of_journals(doi: str, server: str | None) -> None:
    assert preprint_doi(doi) == server


def test_platforms_that_revise_their_articles_are_known() -> None:
    assert is_versioned("Wellcome Open Research")
    assert is_versioned("F1000Research")
    assert not is_versioned("BMJ Open")


WORD = st.sampled_from(
    [
        "cardiovascular",
        "psychiatry",
        "surgery",
        "epidemiology",
        "international",
        "behavioral",
        "pharmacology",
        "nursing",
    ]
)


@given(st.lists(WORD, min_size=2, max_size=6), st.data())
def test_an_abbreviation_of_every_word_meets_the_title_and_a_title_of_other_words_does_not(
    title: list[str], data: st.DataObject
) -> None:
    short = [word[: data.draw(st.integers(3, len(word)))] for word in title]
    full = " of ".join(word.capitalize() for word in title)
    assert same_venue(" ".join(short), full)
    assert same_venue(full, ". ".join(short) + ".")
    assert not same_venue(" ".join([*short, "Zoology"]), full)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_name_makes_the_comparison_fail_and_the_answer_does_not_depend_on_the_side(one: str, other: str) -> None:
    assert same_venue(one, one)
    assert same_venue(one, other) is same_venue(other, one)


def test_nine_in_ten_abbreviations_of_medicine_are_recognised_by_their_form(shared_data: Path) -> None:
    with (shared_data / "journal-abbreviations" / "medicus.csv").open(encoding="utf-8") as lines:
        rows = [(row[0], row[1]) for row in csv.reader(lines) if len(row) > 1]
    assert len(rows) > 3000
    assert sum(same_venue(full, short) for full, short in rows) >= 0.93 * len(rows)
    turned = [(rows[place][0], rows[place - 7][1]) for place in range(len(rows))]
    assert sum(same_venue(full, short) for full, short in turned) <= 0.002 * len(rows)
