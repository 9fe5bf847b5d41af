"""One work under two keys is found; two works that look alike are left apart."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.references.builder import item_of

from pubkit.findings import Location
from pubkit.references.bibliography.duplicates import Kind, find, is_preprint
from pubkit.references.item import Item
from pubkit.references.model import Entry

LIVER: dict[str, Any] = {
    "type": "article-journal",
    "title": "Liver injury after daily kratom use",
    "author": [{"family": "Quist", "given": "Ola"}, {"family": "Rahman", "given": "Zara"}],
    "container-title": "J Clin Phyt",
    "issued": {"date-parts": [[2018]]},
    "volume": "14",
    "page": "1-9",
}


def kinds(*items: dict[str, Any]) -> list[tuple[Kind, str]]:
    entries = [
        Entry(f"k{number}", str(item.get("type")), item_of(item), Location("r.json", number))
        for number, item in enumerate(items, 1)
    ]
    return [(found.kind, found.shared) for found in find(entries)]


def but(**changes: Any) -> dict[str, Any]:
    """LIVER with changes; None takes a field out."""
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in {**LIVER, **named}.items() if value is not None}


def test_one_doi_in_two_spellings_is_one_work() -> None:
    one, other = (
        but(DOI="10.1000/X"),
        but(DOI="https://doi.org/10.1000/x", title="Liver injury after daily kratom use: a report"),
    )
    assert kinds(one, other) == [(Kind.SAME_WORK, "DOI 10.1000/x")]


@pytest.mark.parametrize("name", ["PMID", "PMCID"])
def test_one_pubmed_number_is_one_work(name: str) -> None:
    value = {"PMID": "12", "PMCID": "PMC12"}[name]
    assert [kind for kind, _ in kinds(but(**{name: value}), but(**{name: value}))] == [Kind.SAME_WORK]


def test_a_chain_of_identifiers_links_a_pmid_to_a_doi() -> None:
    found = kinds(but(PMID="12", DOI="10.1000/x"), {"title": "Other", "PMID": "12"}, {"DOI": "10.1000/x"})
    assert (Kind.SAME_WORK, "DOI 10.1000/x") in found


def test_one_work_without_identifiers_is_found_by_title_and_authors() -> None:
    again = but(
        title="Liver Injury after Daily Kratom Use.", author=[{"family": "Quist", "given": "O."}, {"family": "Rahman"}]
    )
    assert kinds(LIVER, again) == [(Kind.SAME_WORK, "title and authors")]


@pytest.mark.parametrize("title", ["Liver injury after daily kratum use", "Liver injury after daily kratom-use"])
def test_a_slip_in_one_word_of_the_title_makes_no_other_work(title: str) -> None:
    assert kinds(LIVER, but(title=title)) == [(Kind.SAME_WORK, "title and authors")]


@pytest.mark.parametrize(
    "changes",
    [
        {"author": [{"family": "Goodfellow"}]},
        {"issued": {"date-parts": [[2021]]}},
        {"volume": "15", "page": "77-79"},
        {"title": "Liver injury after daily kava use"},
        {"title": "Liver injury after daily kratom use in men"},
        {"title": "Heart injury after daily kratom use"},
    ],
)
def test_two_works_that_differ_in_what_a_work_has_once_are_two(changes: dict[str, Any]) -> None:
    assert kinds(LIVER, but(**changes)) == []


ANNA, BEN, DORA = {"family": "Quist", "given": "O."}, {"family": "Rahman", "given": "Z."}, {"family": "Field"}
GROUP = {"literal": "Liver Registry Working Group"}


@pytest.mark.parametrize(
    ("changes", "shared"),
    [
        ({"author": None}, "title, volume and pages"),
        ({"author": [ANNA, GROUP, DORA]}, "title, volume and pages"),
        ({"author": [GROUP]}, "title, volume and pages"),
        ({"author": [ANNA, BEN, DORA, {"family": "Moss"}]}, "title and authors"),
        ({"author": [ANNA]}, "title and authors"),
        ({"author": [ANNA, {"literal": "et al."}]}, "title and authors"),
        ({"author": [{"literal": "Quist O"}, {"literal": "Rahman Z"}], "page": "1-09"}, "title and authors"),
        ({"title": "Liver injury after daily kratom use: a case series", "author": [ANNA]}, "title and authors"),
        ({"title": "[LIVER INJURY after daily Kratom use].", "DOI": "10.1000/x", "page": "1"}, "title and authors"),
        ({"container-title": "Journal of Clinical Phytology", "issued": {"date-parts": [[2019]]}}, "title and authors"),
    ],
)
def test_one_work_is_found_though_exports_give_other_authors_or_titles(changes: dict[str, Any], shared: str) -> None:
    assert kinds(LIVER, but(**changes)) == [(Kind.SAME_WORK, shared)]


ELSEWHERE = {"volume": None, "page": None}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        # The same statement in two journals, two annual reports, two editions.
        ({"page": None}, {"container-title": "Lancet", "volume": "380", "page": "11-19"}),
        ({"type": "report", **ELSEWHERE}, {"type": "report", "issued": {"date-parts": [[2019]]}, **ELSEWHERE}),
        ({"type": "book", "edition": "2", **ELSEWHERE}, {"type": "book", "edition": "3", **ELSEWHERE}),
        # The data behind an article, the thesis it was.
        ({}, {"type": "dataset", **ELSEWHERE}),
        ({}, {"type": "thesis", "author": [ANNA], **ELSEWHERE}),
        # Two letters on one page, two abstracts on one page, a correction, parts.
        ({"author": [ANNA]}, {"author": [DORA]}),
        ({"title": "Kratom and sleep in men: a trial"}, {"title": "Kratom and sleep in women: a trial"}),
        # Other people's abstract on the page, or one with another DOI, whose title begins in the same way.
        ({}, {"title": "Liver injury after daily kratom use: a case series", "author": [DORA]}),
        ({"DOI": "10.1000/x"}, {"DOI": "10.1000/y", "title": "Liver injury after daily kratom use: a case series"}),
        ({}, {"title": "Erratum: Liver injury after daily kratom use", "page": "99"}),
        ({"title": "Kratom and sleep. Part I"}, {"title": "Kratom and sleep. Part II", "page": "10-19"}),
        ({"title": "Heart disease statistics—2018 update"}, {"title": "Heart disease statistics—2019 update"}),
        # Chapters of one book.
        ({"type": "chapter", "title": "Leaves of trees"}, {"type": "chapter", "title": "Roots of trees", "page": "9"}),
        (
            {"type": "chapter", "container-title": "Book one"},
            {"type": "chapter", "container-title": "Other", "page": "9"},
        ),
    ],
)
def test_works_that_only_look_alike_are_two(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert kinds(but(**one), but(**other)) == []


def test_one_article_printed_on_two_places_is_named_as_likely_only() -> None:
    assert kinds(LIVER, but(page="77-79")) == [(Kind.LIKELY_SAME, "title and authors")]


def test_two_works_with_different_dois_are_two() -> None:
    assert kinds(but(DOI="10.1000/x"), but(DOI="10.1000/y")) == []


def test_two_parts_of_one_series_are_two() -> None:
    assert kinds(but(title="Kratom and the liver: part 1"), but(title="Kratom and the liver: part 2")) == []


def test_two_editions_are_two() -> None:
    book = {"type": "book", "title": "Medical toxicology of leaves", "author": [{"family": "Li"}], "publisher": "P"}
    assert kinds({**book, "edition": "2"}, {**book, "edition": "3"}) == []


def test_a_doi_on_two_different_works_is_named_as_such() -> None:
    assert kinds(but(DOI="10.1000/x"), but(DOI="10.1000/x", title="Heart rate at rest")) == [
        (Kind.SHARED_IDENTIFIER, "DOI 10.1000/x")
    ]


def test_two_chapters_may_share_the_doi_and_isbn_of_their_book() -> None:
    book = {"DOI": "10.1000/book", "ISBN": "9780306406157"}
    assert (
        kinds({**book, "type": "chapter", "title": "Leaves"}, {**book, "type": "chapter", "title": "Roots of it"}) == []
    )


@pytest.mark.parametrize("mark", [{"DOI": "10.1101/2018.11.05.123456"}, {"URL": "https://arxiv.org/abs/1811.00001"}])
def test_a_preprint_beside_its_article_is_named_as_such(mark: dict[str, str]) -> None:
    preprint = but(volume=None, page=None, container_title=None, issued={"date-parts": [[2016]]}, **mark)
    assert [kind for kind, _ in kinds(but(DOI="10.1000/x"), preprint)] == [Kind.PREPRINT]


def test_journals_of_cold_spring_harbor_are_no_preprints() -> None:
    assert not is_preprint(Item(doi="10.1101/gr.200535.115"))
    assert is_preprint(Item(doi="10.1101/2020.01.01.123456"))
    assert not is_preprint(item_of(LIVER))


def test_a_list_cut_by_et_al_agrees_with_the_whole_list() -> None:
    cut = but(author=[{"family": "Quist"}, {"literal": "others"}])
    assert [kind for kind, _ in kinds(LIVER, cut)] == [Kind.SAME_WORK]


@pytest.mark.parametrize("whole", [{}, {"volume": "2"}, {"number-of-volumes": "3"}])
def test_a_work_and_its_volumes_are_several_books(whole: dict[str, str]) -> None:
    book = {"type": "book", "title": "Leaves", "author": LIVER["author"], "ISBN": "978-0-306-40615-7"}
    assert not kinds({**book, **whole}, {**book, "volume": "1"})
    assert [kind for kind, _ in kinds({**book, "volume": "1"}, {**book, "volume": "1"})] == [Kind.SAME_WORK]


def test_three_entries_of_one_work_are_paired_once_each() -> None:
    item = but(DOI="10.1000/x", PMID="12")
    assert len(kinds(item, item, item)) == 3


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.fixed_dictionaries(
            {}, optional={"title": st.text(max_size=30), "DOI": st.sampled_from(["10.1000/x", "10.1000/y", ""])}
        ),
        max_size=8,
    )
)
def test_no_pair_is_found_twice(items: list[dict[str, Any]]) -> None:
    entries = [Entry(str(number), "book", item_of(item), Location("r.json", 1)) for number, item in enumerate(items)]
    pairs = [(found.first.key, found.second.key) for found in find(entries)]
    assert len(pairs) == len(set(pairs))
    assert all(int(one) < int(other) for one, other in pairs)
