"""Identifiers: one spelling for each, and none for what cannot be one. idutils is the witness for the check digits."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from pubkit.references.bibliography.identifiers import (
    Identifiers,
    doi_as_printed,
    identifiers,
    normalise_arxiv,
    normalise_doi,
    normalise_isbn,
    normalise_issn,
    normalise_orcid,
    normalise_pmcid,
    normalise_pmid,
)
from pubkit.references.item import Item


@pytest.fixture(scope="module")
def witness() -> ModuleType:
    """idutils, which takes a second to import."""
    import idutils

    module: ModuleType = idutils
    return module


@pytest.mark.parametrize(
    "text",
    [
        "10.1021/jacs.6b00360",
        " 10.1021/JACS.6B00360 ",
        "doi:10.1021/jacs.6b00360",
        "DOI 10.1021/jacs.6b00360",
        "https://doi.org/10.1021/jacs.6b00360",
        "http://dx.doi.org/10.1021/jacs.6b00360",
        "https://www.doi.org/10.1021%2Fjacs.6b00360",
        "doi.org/10.1021/jacs.6b00360",
    ],
)
def test_every_spelling_of_a_doi_is_one(text: str) -> None:
    assert normalise_doi(text) == "10.1021/jacs.6b00360"


@pytest.mark.parametrize(
    "text",
    [
        "10.1016/S0140-6736(03)14065-2",
        "10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2",
        "10.1644/1545-1542(2005)86[997:PDOTMR]2.0.CO;2",
    ],
)
def test_old_dois_with_odd_signs_are_dois(text: str) -> None:
    assert normalise_doi(text) == text.lower()
    assert doi_as_printed(f"https://doi.org/{text}") == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "10.1/x",
        "10.1021",
        "10.1021/",
        "10.1021/a b",
        "10.1021/x.",
        "10.1021/x[doi]",
        "11.1021/x",
        "https://pubs.acs.org/x",
        "10.1021\\x",
        # A text whose every pair of signs was once tried with every other.
        f"10.1021/{'<>' * 20_000} x",
    ],
)
def test_what_is_no_doi_has_no_spelling(text: str) -> None:
    assert normalise_doi(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("27192616", "27192616"), ("PMID: 27192616", "27192616"), ("https://pubmed.ncbi.nlm.nih.gov/27192616/", "27192616"),
     ("1", "1"), ("0", None), ("012", None), ("PMC4931747", None), ("123456789", None), ("", None), ("27192616.1", None)],
)  # fmt: skip
def test_a_pubmed_number_is_digits_alone(text: str, number: str | None) -> None:
    assert normalise_pmid(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("PMC4931747", "PMC4931747"), ("pmcid: pmc4931747", "PMC4931747"), ("PMC4931747.1", "PMC4931747"),
     ("https://www.ncbi.nlm.nih.gov/pmc/articles/PMC4931747/", "PMC4931747"),
     ("https://pmc.ncbi.nlm.nih.gov/articles/PMC4931747/", "PMC4931747"), ("4931747", None), ("PMC", None), ("PMC0", None)],
)  # fmt: skip
def test_a_pubmed_central_number_begins_with_pmc(text: str, number: str | None) -> None:
    assert normalise_pmcid(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("1607.07519", "1607.07519"), ("arXiv:1607.07519v3", "1607.07519"), ("https://arxiv.org/abs/1607.07519", "1607.07519"),
     ("https://arxiv.org/pdf/1607.07519v1.pdf", "1607.07519"), ("10.48550/arXiv.1607.07519", "1607.07519"),
     ("math/0309136", "math/0309136"), ("cond-mat.str-el/9901001", "cond-mat.str-el/9901001"),
     ("1607.07519 [cs.LG]", "1607.07519"),
     ("1613.07519", None), ("1600.07519", None), ("1607.075", None), ("math/0313136", None), ("", None)],
)  # fmt: skip
def test_an_arxiv_number_holds_a_month(text: str, number: str | None) -> None:
    assert normalise_arxiv(text) == number


def test_an_isbn_of_ten_digits_is_the_one_of_thirteen() -> None:
    assert normalise_isbn("0-306-40615-2") == normalise_isbn("ISBN 978-0-306-40615-7") == "9780306406157"
    assert normalise_isbn("0-8044-2957-X") == "9780804429573"


@given(st.text("0123456789", min_size=9, max_size=9), st.sampled_from("0123456789X"))
def test_isbn_10_agrees_with_the_witness(witness: ModuleType, body: str, check: str) -> None:
    assume(int(body))  # the witness takes ten noughts for a placeholder
    assert (normalise_isbn(body + check) is not None) == bool(witness.is_isbn10(body + check))


@given(st.sampled_from(["978", "979"]), st.text("0123456789", min_size=9, max_size=9), st.sampled_from("0123456789"))
def test_an_isbn_13_has_one_right_check_digit(witness: ModuleType, prefix: str, body: str, check: str) -> None:
    right = [digit for digit in "0123456789" if normalise_isbn(prefix + body + digit)]
    assert len(right) == 1
    assert (check in right) == bool(witness.is_isbn13(prefix + body + check))


@given(st.text("0123456789", min_size=7, max_size=7), st.sampled_from("0123456789X"))
def test_issn_agrees_with_the_witness(witness: ModuleType, body: str, check: str) -> None:
    text = f"{body[:4]}-{body[4:]}{check}"
    assert (normalise_issn(text) == text) == bool(witness.is_issn(text))


@pytest.mark.parametrize("text", ["0000-0002-1825-0097", "0000-0001-5109-3700", "0000-0002-1694-233X"])
def test_orcids_in_use_are_orcids(witness: ModuleType, text: str) -> None:
    assert witness.is_orcid(text)
    assert normalise_orcid(f"https://orcid.org/{text}") == normalise_orcid(text.replace("-", "")) == text


@given(st.text("0123456789", min_size=15, max_size=15), st.sampled_from("0123456789X"))
def test_orcid_has_one_right_check_digit(witness: ModuleType, body: str, check: str) -> None:
    digits = body + check
    text = "-".join(digits[place : place + 4] for place in range(0, 16, 4))
    right = [digit for digit in "0123456789X" if normalise_orcid(body + digit)]
    assert len(right) == 1
    assert (normalise_orcid(text) == text) == (check in right)
    if witness.is_orcid(text):
        assert check in right


@given(st.text(max_size=60))
def test_no_text_at_all_raises(text: str) -> None:
    for normalise in (
        normalise_doi, normalise_pmid, normalise_pmcid, normalise_isbn, normalise_issn, normalise_arxiv, normalise_orcid,
    ):  # fmt: skip
        found = normalise(text)
        assert found is None or normalise(found) == found


def test_an_item_gives_all_its_identifiers() -> None:
    isbns = "0-306-40615-2, 978-0-306-40615-7"
    item = Item(doi="https://doi.org/10.1000/X", pmid="12", pmcid="PMC3", isbn=isbns, title="T")
    assert identifiers(item) == Identifiers("10.1000/x", "12", "PMC3", "9780306406157", None)
    assert identifiers(Item(url="https://doi.org/10.48550/arXiv.1607.07519")) == Identifiers(
        "10.48550/arxiv.1607.07519", arxiv="1607.07519"
    )
    assert identifiers(Item(url="https://pubmed.ncbi.nlm.nih.gov/12/")).pmid == "12"
    assert identifiers(Item(url="https://www.fda.gov/12")) == Identifiers()
    assert identifiers(Item()) == Identifiers()
