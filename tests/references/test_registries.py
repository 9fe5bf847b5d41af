"""Each registry's answer becomes a record, with what it says of retractions; whatever is odd in it is not believed."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.references.registry import DOI, crossref_answer, crossref_work

from pubkit.references.item import Date, Name
from pubkit.references.model import VerdictStatus
from pubkit.references.notices import Notice, NoticeKind, kind_of_update, standing, title_says
from pubkit.references.registries import (
    NotUsable,
    Record,
    clean,
    crossref,
    datacite,
    date_of,
    doi,
    europepmc,
    given_first,
    openlibrary,
    parse_json,
    pubmed,
)


def status(record: Record | None) -> VerdictStatus:
    """What the record's notices come to."""
    assert record is not None
    return standing(record.notices).status


# ------------------------------------------------------------------------------------------------------------- Crossref


def update(doi: str, kind: str, source: str = "publisher", date: tuple[int, ...] = (2021, 5, 4)) -> dict[str, Any]:
    """One entry of `updated-by` or `update-to`."""
    return {"DOI": doi, "type": kind, "label": kind.title(), "source": source, "updated": {"date-parts": [list(date)]}}


def read_crossref(**fields: Any) -> Record:
    return crossref.read(crossref_answer(crossref_work(**fields)), fields.get("doi", DOI))


def test_crossref_gives_a_csl_item() -> None:
    item = read_crossref(
        subtitle=["results after ten years"], **{"published-online": {"date-parts": [[2019, 12]]}}
    ).item
    assert item.type == "article-journal"
    assert item.title == "Sleep and shift work in hospital nurses: a cohort study: results after ten years"
    assert item.author == (Name("Okafor", "Ada"), Name("Novák", "Jan"))
    assert item.issued == Date(((2020, 3, 1),))
    assert item.published_online == Date(((2019, 12),))
    assert item.doi == DOI


def test_crossref_tells_a_book_from_its_series() -> None:
    record = read_crossref(type="book-chapter", **{"container-title": ["A Series", "The Book"]})
    assert record.item.container_title == "The Book"
    assert record.item.collection_title == "A Series"


@pytest.mark.parametrize(
    "spelling", ["retraction", "Retraction", "partial_retraction", "expression-of concern", "ERRATUM"]
)
def test_every_spelling_of_an_update_is_known(spelling: str) -> None:
    assert kind_of_update(spelling) is not None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("retraction", VerdictStatus.RETRACTED),
        ("withdrawal", VerdictStatus.RETRACTED),
        ("partial_retraction", VerdictStatus.CONCERN),
        ("expression_of_concern", VerdictStatus.CONCERN),
        ("corrigendum", VerdictStatus.CORRECTED),
        ("new_version", VerdictStatus.OK),
        ("addendum", VerdictStatus.OK),
    ],
)
def test_retraction_concern_and_correction_are_told_apart(kind: str, expected: VerdictStatus) -> None:
    assert status(read_crossref(**{"updated-by": [update("10.1000/notice", kind)]})) is expected


def test_a_notice_is_no_retracted_work() -> None:
    notice = read_crossref(
        title="Retraction: Sleep and shift work", **{"update-to": [update("10.1000/work", "retraction")]}
    )
    assert status(notice) is VerdictStatus.OK
    assert notice.itself == "retraction notice"


def test_where_both_directions_are_deposited_retraction_watch_decides() -> None:
    both = {
        "updated-by": [update("10.1000/other", "retraction")],
        "update-to": [update("10.1000/other", "retraction")],
    }
    work = {**both, "updated-by": [*both["updated-by"], update("10.1000/other", "retraction", "retraction-watch")]}
    notice = {**both, "update-to": [*both["update-to"], update("10.1000/other", "retraction", "retraction-watch")]}
    assert status(read_crossref(**work)) is VerdictStatus.RETRACTED
    assert status(read_crossref(**notice)) is VerdictStatus.OK
    assert status(read_crossref(**both)) is VerdictStatus.DISPUTED
    assert status(read_crossref(title="RETRACTED: Sleep and shift work", **both)) is VerdictStatus.RETRACTED


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("RETRACTED: Sleep and shift work", "retracted"),
        ("RETRACTED ARTICLE: Sleep", "retracted"),
        ("[Retracted] Sleep and shift work", "retracted"),
        ("WITHDRAWN: Sleep", "retracted"),
        ("Retraction: Sleep", "notice"),
        ("Retraction—Sleep", "notice"),
        ("Retraction notice to Sleep", "notice"),
        ("Statement of Retraction", "notice"),
        ("Expression of Concern: Sleep", "notice"),
        ("Retracted muscles after shoulder surgery", ""),
        ("Retraction of the nipple in breast cancer", ""),
        ("Correction of anaemia in kidney disease", ""),
        ("Withdrawal symptoms after kratom", ""),
        ("Removal of wisdom teeth", ""),
    ],
)
def test_titles_that_mark_a_retraction(title: str, expected: str) -> None:
    assert title_says(title) == expected


def test_a_title_that_only_sounds_like_a_notice_hides_no_retraction() -> None:
    record = read_crossref(
        title="Correction: anaemia in kidney disease",
        **{"updated-by": [update("10.1000/notice", "retraction", "retraction-watch")]},
    )
    assert status(record) is VerdictStatus.RETRACTED


def test_an_answer_about_another_doi_is_not_believed_unless_it_is_an_alias() -> None:
    other = crossref_answer(crossref_work("10.1000/other"))
    with pytest.raises(NotUsable):
        crossref.read(other, DOI)
    alias = crossref_answer(crossref_work("10.1000/other", aliases=[DOI]))
    assert crossref.read(alias, DOI).item.doi == "10.1000/other"


@pytest.mark.parametrize(
    "doi_text", ["10.1002/(SICI)1097-0258(1998)17:15/16<A61::AID-SIM968>3.0.CO;2-2", "10.1000/a&lt;b"]
)
def test_an_old_doi_with_angle_brackets_stays_whole(doi_text: str) -> None:
    assert read_crossref(doi=doi_text).item.doi == doi_text.lower()


def test_a_preprint_names_its_article() -> None:
    relation = {"is-preprint-of": [{"id-type": "doi", "id": "10.1000/Article"}]}
    assert "10.1000/article" in read_crossref(type="posted-content", subtype="preprint", relation=relation).remark


# ------------------------------------------------------------------------------------------------------------- DataCite


def datacite_answer(**attributes: Any) -> bytes:
    held = {
        "doi": "10.5000/data.1",
        "titles": [{"title": "Sleep diaries of nurses"}],
        "creators": [{"name": "Okafor, Ada", "nameType": "Personal", "givenName": "Ada", "familyName": "Okafor"}],
        "publicationYear": 2021,
        "types": {"resourceTypeGeneral": "Dataset"},
        "publisher": "An Archive",
    }
    return json.dumps({"data": {"attributes": held | attributes}}).encode()


def test_datacite_gives_a_csl_item() -> None:
    item = datacite.read(datacite_answer(), "10.5000/DATA.1").item
    assert item.type == "dataset"
    assert item.author == (Name("Okafor", "Ada"),)
    assert item.issued == Date(((2021,),))


@pytest.mark.parametrize(
    ("creator", "name"),
    [
        ({"name": "Okafor, Ada B."}, Name("Okafor", "Ada B.")),
        ({"name": "Sleep Group", "nameType": "Organizational"}, Name(literal="Sleep Group")),
        (
            {"name": "Ada van Okafor", "nameType": "Personal", "familyName": None},
            Name("van Okafor", "Ada"),
        ),
        ({"name": "Sleep Group"}, Name(literal="Sleep Group")),
    ],
)
def test_datacite_names(creator: dict[str, Any], name: Name) -> None:
    assert datacite.read(datacite_answer(creators=[creator]), "10.5000/data.1").item.author == (name,)


def test_a_newer_version_is_no_retraction_and_a_withdrawal_is_one() -> None:
    newer = [{"relationType": "IsObsoletedBy", "relatedIdentifier": "10.5000/data.2", "relatedIdentifierType": "DOI"}]
    assert status(datacite.read(datacite_answer(relatedIdentifiers=newer), "10.5000/data.1")) is VerdictStatus.OK
    withdrawn = [{"dateType": "Withdrawn", "date": "2022-02-03"}]
    assert status(datacite.read(datacite_answer(dates=withdrawn), "10.5000/data.1")) is VerdictStatus.RETRACTED


# --------------------------------------------------------------------------------------------------------------- PubMed

MEDLINE = """
PMID- 1234567
DP  - 2019 Dec 3
TI  - Sleep and shift work in hospital nurses: a cohort study of many
      years.
VI  - 29
PG  - 101-9
FAU - Okafor, Ada
AU  - Okafor A
AU  - van Eijk JH
CN  - Sleep Study Group
PT  - Journal Article
TA  - J Invent Sleep Res
JT  - Journal of invented sleep research
AID - 10.1000/SLEEP.2020.1 [doi]
PMC - PMC7654321
"""


def read_medline(*lines: str) -> Record | None:
    return pubmed.read((MEDLINE + "".join(f"{line}\n" for line in lines)).encode(), "1234567")


def test_medline_text_becomes_a_record() -> None:
    record = read_medline()
    assert record is not None
    assert record.item.title == "Sleep and shift work in hospital nurses: a cohort study of many years"
    assert record.item.author == (
        Name("Okafor", "Ada"),
        Name("van Eijk", "J H"),
        Name(literal="Sleep Study Group"),
    )
    assert record.item.doi == DOI
    assert record.item.pmcid == "PMC7654321"
    assert record.item.issued == Date(((2019, 12, 3),))
    assert status(record) is VerdictStatus.OK


@pytest.mark.parametrize(
    ("lines", "expected", "itself"),
    [
        (["PT  - Retracted Publication"], VerdictStatus.RETRACTED, ""),
        (["RIN - J Sleep. 2021 Jun 1;3(2):4. doi: 10.1000/r. PMID: 2345678"], VerdictStatus.RETRACTED, ""),
        (["ECI - J Sleep. 2021 Jun 1;3(2):4. PMID: 2345678"], VerdictStatus.CONCERN, ""),
        (["PRIN- J Sleep. 2021;3(2):4. PMID: 2345678"], VerdictStatus.CONCERN, ""),
        (["EIN - J Sleep. 2021;3(2):4"], VerdictStatus.CORRECTED, ""),
        (["CIN - J Sleep. 2021;3(2):4"], VerdictStatus.OK, ""),
        (["PT  - Retraction of Publication", "ROF - J Sleep. 2019;1:1."], VerdictStatus.OK, "retraction notice"),
        (["PT  - Expression of Concern", "ECF - J Sleep. 2019;1:1."], VerdictStatus.OK, "expression of concern"),
        (["PT  - Published Erratum", "EFR - J Sleep. 2019;1:1."], VerdictStatus.OK, "correction notice"),
    ],
)
def test_pubmed_notices_are_told_apart(lines: list[str], expected: VerdictStatus, itself: str) -> None:
    record = read_medline(*lines)
    assert record is not None
    assert status(record) is expected
    assert record.itself == itself


def test_a_pubmed_notice_carries_date_and_identifiers() -> None:
    record = read_medline("RIN - J Sleep. 2021 Jun 1;3(2):4. doi: 10.1000/R(1)-2. PMID: ", "      2345678")
    assert record is not None
    assert record.notices == (
        Notice(NoticeKind.RETRACTION, "PubMed", "retraction", "2021-06-01", "10.1000/r(1)-2", "2345678"),
    )


def test_a_translated_title_keeps_the_original_beside_it() -> None:
    text = MEDLINE.replace("TI  - Sleep and", "TI  - [Sleep and").replace(
        "years.\n", "years].\nTT  - Schlaf und Schicht.\n"
    )
    record = pubmed.read(text.encode(), "1234567")
    assert record is not None
    assert not record.item.title.startswith("[")
    assert "Schlaf und Schicht" in record.titles


@pytest.mark.parametrize(
    "body", [b"<html></html>", b'{"error": 1}', MEDLINE.encode("utf-16"), b"\xef\xbb\xbf" + MEDLINE.encode()]
)
def test_what_is_no_medline_text_is_not_believed(body: bytes) -> None:
    with pytest.raises(NotUsable):
        pubmed.read(body, "1234567")


def test_a_medline_text_cut_short_is_not_believed() -> None:
    with pytest.raises(NotUsable):
        pubmed.read(b"PMID- 1234567\nDP  - 2019\n", "1234567")


def test_only_the_summary_says_that_a_number_does_not_exist() -> None:
    assert pubmed.read(b"\n", "99") is None
    assert not pubmed.exists(
        b'{"result": {"uids": ["99"], "99": {"uid": "99", "error": "cannot get document summary"}}}', "99"
    )
    assert pubmed.exists(b'{"result": {"uids": ["99"], "99": {"uid": "99", "title": "x"}}}', "99")
    with pytest.raises(NotUsable):
        pubmed.exists(b'{"error": "Too many requests"}', "99")


def test_the_converter_gives_the_other_identifiers() -> None:
    body = b'{"records": [{"requested-id": "PMC12", "pmcid": "PMC12", "pmid": 345, "doi": "10.1000/X"}]}'
    assert pubmed.read_conversion(body, "PMC12") == {"pmcid": "PMC12", "pmid": "345", "doi": "10.1000/x"}
    error = (
        b'{"records": [{"requested-id": "PMC12", "pmcid": "PMC12", "status": "error", "errmsg": "invalid article id"}]}'
    )
    assert pubmed.read_conversion(error, "PMC12") is None
    with pytest.raises(NotUsable):
        pubmed.read_conversion(body, "PMC99")


# ------------------------------------------------------------------------------------------------------------ the others


def europe_pmc_answer(**fields: Any) -> bytes:
    work = {
        "doi": DOI,
        "pmid": "1234567",
        "title": "Sleep and shift work in hospital nurses.",
        "authorList": {"author": [{"lastName": "Okafor", "firstName": "Ada"}, {"collectiveName": "Sleep Group"}]},
        "journalInfo": {"journal": {"title": "Journal of invented sleep research"}, "volume": "29"},
        "pubYear": "2020",
    }
    return json.dumps({"resultList": {"result": [work | fields]}}).encode()


def test_europe_pmc_gives_a_record_with_its_notices() -> None:
    linked = {
        "commentCorrection": [{"type": "Retraction in", "id": "2345678", "source": "MED"}, {"type": "Comment in"}]
    }
    record = europepmc.read(europe_pmc_answer(commentCorrectionList=linked), DOI)
    assert record is not None
    assert record.item.pmid == "1234567"
    assert record.item.author == (Name("Okafor", "Ada"), Name(literal="Sleep Group"))
    assert status(record) is VerdictStatus.RETRACTED
    assert status(europepmc.read(europe_pmc_answer(pubTypeList={"pubType": ["Retracted Publication"]}), DOI)) is (
        VerdictStatus.RETRACTED
    )
    notice = europepmc.read(europe_pmc_answer(pubTypeList={"pubType": ["Retraction of Publication"]}), DOI)
    assert status(notice) is VerdictStatus.OK
    assert europepmc.read(europe_pmc_answer(doi="10.1000/other"), DOI) is None


def test_open_library_gives_a_book_or_none() -> None:
    body = json.dumps(
        {"ISBN:9780306406157": {"title": "On Sleep", "authors": [{"name": "Ada Okafor"}], "publish_date": "May 2001"}}
    )
    record = openlibrary.read(body.encode(), "9780306406157")
    assert record is not None
    assert record.item.author == (Name("Okafor", "Ada"),)
    assert record.item.issued == Date(((2001,),))
    assert openlibrary.read(b"{}", "9780306406157") is None
    with pytest.raises(NotUsable):
        openlibrary.read(body.encode(), "9780000000002")


def test_only_an_explicit_no_of_doi_org_is_a_no() -> None:
    assert doi.agency(b'[{"DOI": "10.1000/X", "RA": "Crossref"}]', "10.1000/x") == "Crossref"
    assert doi.agency(b'[{"DOI": "10.1000/x", "status": "DOI does not exist"}]', "10.1000/x") is None
    for body in (
        b"[]",
        b"{}",
        b'[{"DOI": "10.1000/x", "status": "busy"}]',
        b'[{"DOI": "10.1000/y", "RA": "Crossref"}]',
    ):
        with pytest.raises(NotUsable):
            doi.agency(body, "10.1000/x")


# ------------------------------------------------------------------------------------------------------------- standing


def notice(kind: NoticeKind, date: str) -> Notice:
    return Notice(kind, "a source", date=date)


@pytest.mark.parametrize(
    ("notices", "expected"),
    [
        ([], VerdictStatus.OK),
        ([(NoticeKind.RETRACTION, "2020-01-10"), (NoticeKind.REINSTATEMENT, "2022-06-15")], VerdictStatus.OK),
        ([(NoticeKind.RETRACTION, "2023-01-10"), (NoticeKind.REINSTATEMENT, "2022-06-15")], VerdictStatus.RETRACTED),
        ([(NoticeKind.RETRACTION, ""), (NoticeKind.REINSTATEMENT, "2022-06-15")], VerdictStatus.OK),
        ([(NoticeKind.RETRACTION, "2022"), (NoticeKind.REINSTATEMENT, "2022-06-15")], VerdictStatus.OK),
        ([(NoticeKind.CONCERN, "2020-01-10"), (NoticeKind.RETRACTION, "2021-01-10")], VerdictStatus.RETRACTED),
        ([(NoticeKind.CORRECTION, "2020"), (NoticeKind.REINSTATEMENT, "2022")], VerdictStatus.CORRECTED),
        (
            [(NoticeKind.RETRACTION, "2020"), (NoticeKind.REINSTATEMENT, "2021"), (NoticeKind.CONCERN, "2022")],
            VerdictStatus.CONCERN,
        ),
    ],
)
def test_a_reinstatement_undoes_what_came_before_it(
    notices: list[tuple[NoticeKind, str]], expected: VerdictStatus
) -> None:
    made = [notice(kind, date) for kind, date in notices]
    assert standing(made).status is expected
    assert standing(reversed(made)) == standing(made)


# ------------------------------------------------------------------------------------------------------------ untrusted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<i>E. coli</i> &amp;amp; sleep", "E. coli & sleep"),
        ("a\u202eb\u2066c\u200bd\x1b[31me\x00", "abcd[31me"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "alert(1)x"),
        ("p < 0.05 and n <b", "p < 0.05 and n < b"),
        ("one\n   two\ttwo", "one two two"),
        ("e\u0301", "é"),
        ("\U000e0041tag", "tag"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_text_of_strangers_is_cleaned(text: str, expected: str) -> None:
    assert clean(text) == expected


@settings(deadline=None)
@given(st.text(max_size=300))
def test_no_text_keeps_markup_or_hidden_characters(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned or "&" in text
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Co", "Cn"} for char in cleaned)
    assert not any(mark in cleaned for mark in ("\u202e", "\u2066", "\u200b", "</", "<!"))


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)


@pytest.mark.parametrize(
    "text",
    ["", "{", "NaN", "[1e5, Infinity]", '{"a": 1, "a": 2}', "9" * 40, "[" * 100 + "]" * 100, "\ufeff{}", "[1] [2]"],
)
def test_json_beyond_its_bounds_is_not_read(text: str) -> None:
    with pytest.raises(NotUsable):
        parse_json(text.encode())


def test_brackets_in_texts_are_no_depth() -> None:
    assert parse_json(json.dumps(["[" * 500, '\\" [' * 100]).encode()) == ["[" * 500, '\\" [' * 100]


@settings(deadline=None)
@given(json_values)
def test_json_is_read_as_it_is(value: Any) -> None:
    assert parse_json(json.dumps(value).encode()) == value


@settings(deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(
            ["DOI", "title", "author", "updated-by", "update-to", "issued", "container-title", "relation", "type"]
        ),
        json_values,
    )
)
def test_no_shape_of_a_record_breaks_the_reading(fields: dict[str, Any]) -> None:
    answers: list[tuple[object, Callable[[bytes, str], Record | None]]] = [
        ({"message": fields | {"DOI": DOI}}, crossref.read),
        ({"data": {"attributes": fields | {"doi": DOI}}}, datacite.read),
        ({"resultList": {"result": [fields | {"doi": DOI}]}}, europepmc.read),
        (fields, crossref.read),
    ]
    for answer, read in answers:
        try:
            read(json.dumps(answer).encode(), DOI)
        except NotUsable:
            continue


@settings(deadline=None)
@given(st.text(alphabet="PMIDTAURN -\n1234567ab.", max_size=200))
def test_no_text_breaks_the_medline_reader(text: str) -> None:
    try:
        pubmed.read(text.encode(), "1234567")
    except NotUsable:
        return


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2020-05-04", [2020, 5, 4]),
        (2020, [2020]),
        ({"date-parts": [["2020", 13]]}, [2020]),
        ({"date-parts": [[None]]}, None),
        ({"date-parts": [[202]]}, None),
        (True, None),
    ],
)
def test_dates(value: object, expected: list[int] | None) -> None:
    assert date_of(value) == (Date((tuple(expected),)) if expected else None)


def test_names_with_particles() -> None:
    assert given_first("Ludwig van der Rohe") == Name("van der Rohe", "Ludwig")


# ---------------------------------------------------------------------------------------------------------- real answers


def read_real(path: Path) -> Record | None:
    """The record in a registry's real answer, by whichever registry sent it."""
    body = path.read_bytes()
    if path.suffix == ".txt":
        number = next(line.removeprefix("PMID- ") for line in body.decode().splitlines() if line.startswith("PMID- "))
        return pubmed.read(body, number)
    answer = json.loads(body)
    if "data" in answer:
        return datacite.read(body, answer["data"]["id"])
    work = answer.get("message", answer)
    return crossref.read(json.dumps({"message": work}).encode(), work["DOI"])


def real_answers(folder: Path) -> Iterable[Path]:
    return sorted([*folder.glob("*crossref*.json"), *folder.glob("datacite*.json"), *folder.glob("*pubmed*.txt")])


def test_every_real_answer_becomes_a_record(shared_data: Path) -> None:
    paths = list(real_answers(shared_data / "registry-answers"))
    assert len(paths) >= 25
    for path in paths:
        record = read_real(path)
        assert record is not None, path.name
        assert record.item.title, path.name
        assert record.item.author or record.itself, path.name


def test_real_retractions_are_found_and_nothing_else_is_flagged(shared_data: Path) -> None:
    expected = {
        "compare_crossref_wakefield_retracted.json": VerdictStatus.RETRACTED,
        "crossref_reciprocal_retracted_paper.json": VerdictStatus.RETRACTED,
        "compare_pubmed_wakefield_retracted.txt": VerdictStatus.RETRACTED,
        "pubmed_retracted.txt": VerdictStatus.RETRACTED,
        "compare_crossref_expression_of_concern.json": VerdictStatus.CONCERN,
        "compare_crossref_partial_retraction.json": VerdictStatus.CONCERN,
        "pubmed_eci_concern.txt": VerdictStatus.CONCERN,
    }
    found = {path.name: status(read_real(path)) for path in real_answers(shared_data / "registry-answers")}
    assert {name: verdict for name, verdict in found.items() if verdict is not VerdictStatus.OK} == expected
