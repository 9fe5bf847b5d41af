"""What the comparison promises: every wrong field is seen, and no difference of form is called an error."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pubkit.findings import Severity
from pubkit.references.comparison.works import Comparison, Status, compare

CITED: dict[str, Any] = {
    "title": "Kratom use and mental health: a systematic review",
    "author": "Swogger, Marc T. and Walsh, Zach",
    "journal": "Drug Alcohol Depend",
    "year": "2018",
    "volume": "183",
    "pages": "134-40",
    "doi": "10.1016/j.drugalcdep.2017.10.012",
}
RECORD: dict[str, Any] = {
    "title": ["Kratom use and mental health: A systematic review"],
    "author": [{"given": "Marc T.", "family": "Swogger"}, {"given": "Zach", "family": "Walsh"}],
    "container-title": ["Drug and Alcohol Dependence"],
    "short-container-title": ["Drug and Alcohol Dependence"],
    "published-print": {"date-parts": [[2018, 2]]},
    "issued": {"date-parts": [[2017, 12]]},
    "created": {"date-parts": [[2017, 11, 30]], "date-time": "2017-11-30T10:01:55Z"},
    "volume": "183",
    "page": "134-140",
    "DOI": "10.1016/j.drugalcdep.2017.10.012",
    "ISSN": ["0376-8716"],
    "type": "journal-article",
}
PREPRINT: dict[str, Any] = {
    "title": "Kratom and sleep: smooth gradients give robust modules",
    "author": "A. Rempel and R. Wittler and S. Kar and B. Poulin and M. Land",
    "journal": "bioRxiv",
    "year": "2021",
    "doi": "10.1101/2020.12.31.424643",
}


def against(record: Mapping[str, Any], **changed: Any) -> Comparison:
    return compare({**CITED, **changed}, record)


def titles(cited: str, registry: str) -> Comparison:
    return compare({**CITED, "title": cited}, {**RECORD, "title": [registry]})


def authors(cited: Any, registry: Any = RECORD["author"]) -> Comparison:
    return compare({**CITED, "author": cited}, {**RECORD, "author": registry})


def fields(comparison: Comparison) -> list[str]:
    return [difference.field for difference in comparison.blocking]


def test_a_reference_that_agrees_is_ok_and_every_field_was_compared() -> None:
    found = compare(CITED, RECORD)
    assert found.status is Status.OK
    assert not found.differences
    assert found.compared == ("title", "authors", "year", "venue", "volume", "pages", "doi")


def test_csl_and_bibtex_say_the_same_thing() -> None:
    csl = {
        "title": CITED["title"],
        "author": [{"family": "Swogger", "given": "M. T."}, {"family": "Walsh", "given": "Z."}],
        "container-title": "Drug and Alcohol Dependence",
        "issued": {"date-parts": [["2018"]]},
        "page": "134–140",
        "volume": 183,
        "DOI": "https://doi.org/10.1016/J.DRUGALCDEP.2017.10.012",
    }
    assert compare(csl, RECORD).status is compare(csl, CITED).status is compare(CITED, csl).status is Status.OK


# ---------------------------------------------------------------------------------------------------------------- title


@pytest.mark.parametrize(
    ("cited", "registry"),
    [
        ("The effects of kratom on sleep in rats", "Effects of kratom on sleep in rats."),
        ("Tumour necrosis factor-α in paediatric haemorrhage", "Tumor necrosis factor alpha in pediatric hemorrhage"),
        ("KRATOM USE AND MENTAL HEALTH", "Kratom use and mental health: a systematic review"),
        ("Kratom toxicity in adults", "Weekly clinicopathological exercises: Case 5: kratom toxicity in adults"),
        ("{DNA} methylation in {\\textit{E. coli}}", "DNA methylation in <i>E.\n   coli</i>"),
        ("[Exposure to pesticides and the risk of cancer].", "Exposure to pesticides and the risk of cancer"),
        ("Kratom in rats [version 2; peer review: 2 approved]", "Kratom in rats"),
        ("Intestinalprogenitor cell maintenance", "Intestinal progenitor cell maintenance"),
        ("Type II diabetes in adults", "Type 2 diabetes in adults"),
        ("CD4(+) T cells in HIV", "CD4+ T cells in HIV"),
        ("Kratom versus placebo", "Kratom vs. placebo"),
        ("Global burden of disease", "Global burden of disease1"),
        ("Fran\ufffdois studies sleep in mice", "François studies sleep in mice"),
    ],
)
def test_titles_that_differ_in_form_agree(cited: str, registry: str) -> None:
    assert titles(cited, registry).status is Status.OK
    assert titles(registry, cited).status is Status.OK


@pytest.mark.parametrize(
    ("cited", "registry"),
    [
        ("Kratom use and physical health: a systematic review", "Kratom use and mental health: a systematic review"),
        ("Effects of kratom for sleep in rats", "Effects of kratom on sleep in rats"),
        ("Mitigation by gut metabolite equol", "Mitigation by the gut metabolite equol"),
        ("Diffusions barriers in murine myocytes", "Diffusion barriers in murine myocytes"),
        ("Hypertension in pregnant rats", "Hypotension in pregnant rats"),
        ("Outcome of HER2- breast cancer", "Outcome of HER2+ breast cancer"),
        ("Survival <5 years after surgery", "Survival >5 years after surgery"),
        ("Efficacy in 120 patients with pain", "Efficacy in 12 patients with pain"),
        ("Kratom in adults: a cohort study", "Kratom in adults: a case-control study"),
        ("Effect of kratom on sleep after opioid use", "Effect of opioid on sleep after kratom use"),
        ("Correction to: Kratom use in adult rats", "Kratom use in adult rats"),
        ("Retraction: Kratom use in adult rats", "Kratom use in adult rats"),
        ("Sleep and dreams of nurses in winter", "Sleep and dreams of nurses plus doctors in winter"),
    ],
)
def test_one_changed_word_in_a_title_is_a_mismatch(cited: str, registry: str) -> None:
    for found in (titles(cited, registry), titles(registry, cited)):
        assert found.status is Status.MISMATCH
        assert fields(found) == ["title"]


def test_the_changed_words_are_named() -> None:
    (difference,) = titles("Effects of kratom for sleep in rats", "Effects of kratom on sleep in rats").blocking
    assert difference.why == "The titles differ: “for” where the registry has “on”."
    (dropped,) = titles("Mitigation by gut metabolite", "Mitigation by the gut metabolite").blocking
    assert "“the” after “by”" in dropped.why


def test_a_record_marked_retracted_agrees_and_says_so() -> None:
    found = titles("Ileal hyperplasia in children", "RETRACTED: Ileal hyperplasia in children")
    assert found.status is Status.OK
    assert [difference.severity for difference in found.differences] == [Severity.NOTE]
    assert "retracted" in found.differences[0].why


def test_a_subtitle_in_its_own_field_belongs_to_the_title() -> None:
    record = {**RECORD, "title": ["Kratom use and mental health"], "subtitle": ["A systematic review"]}
    assert not compare(CITED, record).differences
    assert compare({**CITED, "title": "Kratom use and mental health: a case series"}, record).status is Status.MISMATCH


def test_any_title_the_registry_holds_will_do() -> None:
    record = {**RECORD, "title": ["Μελέτη των όγκων", CITED["title"]]}
    assert compare(CITED, record).status is Status.OK


# -------------------------------------------------------------------------------------------------------------- authors


@pytest.mark.parametrize(
    "cited",
    [
        "MT Swogger and Z Walsh",
        "Swogger MT, Walsh Z",
        "Zach Walsh and Marc T. Swogger",
        "Marc, Swogger and Zach, Walsh",
        "Swogger, Marc T. and others",
        "Swogger M, et al.",
        [{"family": "Swogger", "given": "M"}, {"family": "Walsh", "given": "Z"}, {"literal": "Kratom Study Group"}],
    ],
)
def test_authors_written_otherwise_agree(cited: Any) -> None:
    assert authors(cited).status is Status.OK


@pytest.mark.parametrize(
    "cited",
    [
        "Swogger, Marc T.",
        "Swogger, Marc T. and Walsh, Zach and Smith, John",
        "Swogger, Marc T. and Smith, John",
        "Swogger, Marc T. and Walsh, Karen",
        "Brown, A. and Green, B.",
        "Walsh, Zach and others and Smith, John",
    ],
)
def test_dropped_invented_and_exchanged_authors_are_a_mismatch(cited: str) -> None:
    found = authors(cited)
    assert found.status is Status.MISMATCH
    assert set(fields(found)) == {"authors"}


def test_a_change_of_order_is_noted_and_no_error() -> None:
    (difference,) = authors("Zach Walsh and Marc T. Swogger").differences
    assert difference.severity is Severity.NOTE
    assert "order" in difference.why


def test_a_consortium_between_two_people_is_no_error() -> None:
    record = [RECORD["author"][0], {"name": "for the Pancreatic Cancer Cohort Consortium"}, RECORD["author"][1]]
    assert authors(CITED["author"], record).status is Status.OK


def test_people_where_the_registry_names_only_a_group_are_a_mismatch_and_the_reverse_is_noted() -> None:
    assert authors("Smith, John", "{World Health Organization}").status is Status.MISMATCH
    assert authors("{World Health Organization}", "{World Health Organization}").status is Status.OK
    assert authors("{GBD 2019 Collaborators}").status is Status.OK


def test_a_book_is_known_by_its_editors() -> None:
    record = {"title": "Cancer Epidemiology", "editor": [{"family": "Hidalgo", "given": "Manuel"}], "year": 2015}
    assert (
        compare({"title": "Cancer Epidemiology", "editor": "Hidalgo, M.", "year": "2015"}, record).status is Status.OK
    )
    assert (
        compare({"title": "Cancer Epidemiology", "author": "Hidalgo, M.", "year": "2015"}, record).status is Status.OK
    )
    assert compare({"title": "Cancer Epidemiology", "editor": "Smith, J."}, record).status is Status.MISMATCH


def test_another_work_needs_another_title_and_other_authors() -> None:
    title, people = "Deep learning for protein folding at scale", "Jumper, John and Evans, Richard"
    assert against(RECORD, title=title, author=people).status is Status.WRONG_WORK
    assert against(RECORD, title=title).status is Status.MISMATCH
    assert against(RECORD, author=people).status is Status.MISMATCH


# ---------------------------------------------------------------------------------------------- year, venue and numbers


@pytest.mark.parametrize(
    ("year", "status"),
    [("2018", "OK"), ("2017", "OK"), ("2019", "OK"), ("2016", "OK"), ("2015", "MISMATCH"), ("2031", "MISMATCH")],
)
def test_a_year_may_be_one_off_any_date_of_publication(year: str, status: str) -> None:
    assert against(RECORD, year=year).status == status


def test_any_other_year_the_registry_holds_will_do() -> None:
    record = {**RECORD, "created": {"date-parts": [[2009]]}}
    assert against(record, year="2009").status is Status.OK
    assert against(record, year="2010").status is Status.MISMATCH


def test_a_year_that_cannot_be_read_is_missing_and_not_wrong() -> None:
    found = against(RECORD, year="in press")
    assert found.status is Status.OK
    assert [(difference.field, difference.missing) for difference in found.differences] == [("year", True)]


def test_another_journal_is_a_mismatch_unless_the_issn_or_a_known_name_says_it_is_the_same() -> None:
    assert fields(against(RECORD, journal="Drug and Alcohol Review")) == ["venue"]
    assert against(RECORD, journal="Drogues", issn="0376-8716").status is Status.OK
    names = {"drogues": "Drug and Alcohol Dependence"}
    assert compare({**CITED, "journal": "Drogues"}, RECORD, venues=names).status is Status.OK


def test_series_and_book_are_both_the_container_of_a_chapter() -> None:
    record = {**RECORD, "container-title": ["Methods in Molecular Biology", "Methods in Biobanking"]}
    for booktitle in record["container-title"]:
        assert compare({**CITED, "journal": "", "booktitle": booktitle}, record).status is Status.OK


@pytest.mark.parametrize("pages", ["134", "134--140", "pp. 134–140", "134-140", "e134"])
def test_pages_in_every_form_agree(pages: str) -> None:
    assert not against(RECORD, pages=pages).blocking


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"pages": "234-240"}, "pages"),
        ({"volume": "184"}, "volume"),
        ({"doi": "10.1000/another"}, "doi"),
    ],
)
def test_wrong_numbers_are_a_mismatch(changed: Mapping[str, str], field: str) -> None:
    assert fields(against(RECORD, **changed)) == [field]


@pytest.mark.parametrize("volume", ["vol. 183", "0183", "183(2)", "CLXXXIII"])
def test_a_volume_in_every_form_agrees(volume: str) -> None:
    assert against(RECORD, volume=volume).status is Status.OK


def test_an_article_number_stands_for_pages() -> None:
    record = {**RECORD, "page": "1-12", "article-number": "e0240506"}
    for pages in ("e0240506", "240506", "1-12", "1"):
        assert against(record, pages=pages).status is Status.OK
    assert against({**RECORD, "page": "n71"}, pages="n72").status is Status.MISMATCH


def test_a_pmid_of_another_record_is_a_mismatch() -> None:
    assert fields(compare({**CITED, "pmid": "123"}, {**RECORD, "PMID": "124"})) == ["pmid"]
    assert compare({**CITED, "pmid": "PMID: 124"}, {**RECORD, "PMID": 124}).status is Status.OK


def test_what_is_absent_on_one_side_is_reported_and_is_no_error() -> None:
    for field in ("title", "author", "journal", "year", "volume", "pages", "doi"):
        found = compare({**CITED, field: None}, RECORD)
        assert found.status is Status.OK
        assert [difference.missing for difference in found.differences] == [True]
    assert compare(CITED, {}).status is Status.OK
    assert compare({}, RECORD).compared == ()


# ------------------------------------------------------------------------------------------------- versions of one work


def test_a_preprint_cited_where_an_article_exists_is_version_drift() -> None:
    found = against(RECORD, journal="medRxiv", doi="10.1101/2017.06.01.123456")
    assert found.status is Status.VERSION_DRIFT
    assert {difference.field for difference in found.differences} == {"venue", "doi"}


def test_an_article_is_not_claimed_for_the_doi_of_a_preprint() -> None:
    assert compare({**PREPRINT, "journal": "NeurIPS"}, PREPRINT).status is Status.MISMATCH
    assert compare({**PREPRINT, "journal": "Nature", "doi": None}, PREPRINT).status is Status.VERSION_DRIFT
    assert compare({**PREPRINT, "journal": "Nature", "doi": "10.1038/x1"}, PREPRINT).status is Status.VERSION_DRIFT


def test_a_preprint_retitled_by_its_authors_is_version_drift_and_a_word_miscopied_is_not() -> None:
    new = "Emergence of robust global modules from smooth gradients in kratom users"
    assert compare(PREPRINT, {**PREPRINT, "title": new}).status is Status.VERSION_DRIFT
    one_word = "Kratom and sleep: steep gradients give robust modules"
    assert compare(PREPRINT, {**PREPRINT, "title": one_word}).status is Status.MISMATCH
    article = {**PREPRINT, "title": one_word, "journal": "Pain", "doi": "10.1000/p"}
    assert compare(PREPRINT, article).status is Status.VERSION_DRIFT
    for unrelated in ("Attention for classification", "Attention for sleep classification"):
        assert compare(PREPRINT, {**PREPRINT, "title": unrelated}).status is Status.MISMATCH


def test_another_preprint_of_the_same_group_is_not_a_version() -> None:
    sibling = "Reading opioid withdrawal from smooth gradients of pupil size"
    some = "A. Rempel and R. Wittler and S. Kar and K. Moretti"
    assert compare(PREPRINT, {**PREPRINT, "title": sibling, "author": some}).status is Status.MISMATCH
    two = {**PREPRINT, "author": "A. Rempel and R. Wittler"}
    assert compare(two, {**two, "title": sibling}).status is Status.MISMATCH


def test_a_preprint_whose_byline_grew_is_version_drift_and_one_that_was_cut_short_is_not() -> None:
    grown = {**PREPRINT, "author": PREPRINT["author"] + " and K. Moretti"}
    assert compare(PREPRINT, grown).status is Status.VERSION_DRIFT
    cut = {**PREPRINT, "author": "A. Rempel and M. Land"}
    assert compare(cut, PREPRINT).status is Status.MISMATCH
    assert compare({**CITED, "author": "Swogger, M"}, RECORD).status is Status.MISMATCH


def test_a_numbered_version_of_a_preprint_is_not_another_version_of_itself() -> None:
    version = {**PREPRINT, "journal": "arXiv", "doi": "10.48550/arXiv.2101.00001v2"}
    new = "Emergence of robust global modules from smooth gradients in kratom users"
    assert compare({**version, "title": new}, version).status is Status.MISMATCH
    later = {**version, "doi": "10.48550/arXiv.2101.00001v3", "title": new}
    assert compare(version, later).status is Status.VERSION_DRIFT


def test_years_between_versions_are_drift_up_to_three_and_an_error_beyond() -> None:
    assert compare(PREPRINT, {**PREPRINT, "year": "2024"}).status is Status.VERSION_DRIFT
    assert compare(PREPRINT, {**PREPRINT, "year": "2025"}).status is Status.MISMATCH


# --------------------------------------------------------------------------------------------------------- any input


SCALAR = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=40)
VALUE = st.recursive(
    SCALAR,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["family", "given", "date-parts"]), inner)
    ),
    max_leaves=8,
)
KEYS = ["title", "author", "year", "journal", "pages", "doi", "issued", "container-title", "editor", "pmid", "number"]
ITEM = st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=8), VALUE, max_size=8)


@given(ITEM)
@example({"title": "\ud800", "author": ["\udfff", {"family": "\ud800"}], "year": 10**5000})
@example({"title": "???", "author": "et al.", "journal": "...", "pages": "-", "volume": "v"})
def test_every_item_agrees_with_itself(item: dict[str, Any]) -> None:
    assert compare(item, item).status is Status.OK


@given(ITEM, ITEM)
@example(
    {"title": "\ud800 x", "author": "A \udfff and B"}, {"title": "y", "author": "C \ud800 and D", "journal": "\ud800"}
)
def test_no_values_make_the_comparison_fail_and_every_difference_can_be_written_down(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    found = compare(one, other)
    for difference in found.differences:
        assert difference.why.encode("utf-8").decode() == difference.why
        assert (difference.cited + difference.registry).encode("utf-8") or difference.missing
    assert (found.status in (Status.MISMATCH, Status.WRONG_WORK)) is bool(found.blocking)


WORDS = st.sampled_from(
    [
        "kratom",
        "sleep",
        "opioid",
        "withdrawal",
        "rats",
        "mania",
        "anxiety",
        "liver",
        "dosage",
        "women",
        "cohort",
        "extract",
    ]
)


@given(st.lists(WORDS, min_size=4, max_size=9, unique=True), st.data())
def test_exchanging_any_word_of_any_title_is_seen_from_both_sides(title: list[str], data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(title) - 1))
    other = [*title[:place], "zebrafish", *title[place + 1 :]]
    for one, two in ((title, other), (other, title)):
        assert titles(" ".join(one), " ".join(two)).status is Status.MISMATCH


PEOPLE = ("A. Adams", "B. Brown", "C. Clark", "D. Davis", "E. Evans")


@given(st.permutations(PEOPLE), st.integers(0, 4))
def test_leaving_out_any_author_of_any_order_is_seen_from_both_sides(names: list[str], place: int) -> None:
    everyone, fewer = " and ".join(names), " and ".join(names[:place] + names[place + 1 :])
    assert authors(fewer, everyone).status is Status.MISMATCH
    assert authors(everyone, fewer).status is Status.MISMATCH
    assert authors(" and ".join(sorted(names)), everyone).status is Status.OK


def nested(depth: int) -> list[Any]:
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"title": "word " * 2_000_000}, {"title": "word " * 2_000_000 + "x"}),
        ({"title": "a: " * 1300 + "b"}, {"title": "a: " * 1300 + "c"}),
        ({"title": "<" * 3_000_000, "author": "{" * 3_000_000}, {"title": "&" * 3_000, "author": " and " * 500_000}),
        ({"author": [{"family": f"Li{n}", "given": "J"} for n in range(5000)]}, {"author": [{"family": "Li"}] * 5000}),
        ({"title": nested(50_000), "author": nested(50_000)}, {"title": "x", "author": "y", "issued": nested(50_000)}),
        ({"pages": "1" * 1_000_000, "year": "2" * 1_000_000, "volume": "9" * 1_000_000}, {"pages": "2", "volume": "8"}),
    ],
)
def test_input_of_any_size_is_answered(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert compare(one, other).status in Status
    assert compare(one, one).status is Status.OK


def test_what_is_too_long_to_compare_does_not_pass() -> None:
    found = titles("word " * 10_000, "word " * 10_000 + "another")
    assert found.status is Status.MISMATCH
    assert "too long" in found.blocking[0].why


# ------------------------------------------------------------------------------------------------- real pairs, if here


def test_real_corruptions_are_found_and_real_pairs_pass(shared_data: Path) -> None:
    with (shared_data / "reference-pairs" / "pairs.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    failing = (Status.MISMATCH, Status.WRONG_WORK)
    failed = [compare(row["cited"], row["registry"]).status in failing for row in rows]

    def share(wanted: Any) -> float:
        chosen = [fails for row, fails in zip(rows, failed, strict=True) if wanted(row)]
        assert len(chosen) >= 20
        return sum(chosen) / len(chosen)

    assert share(lambda row: row["label"] != "same") >= 0.97
    assert share(lambda row: row["label"] == "same") <= 0.05
    assert share(lambda row: row["kind"] == "near_miss_title") >= 0.90
