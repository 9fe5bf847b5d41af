"""What databases and reference managers export is read as it was meant, and what cannot be is still found."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.references.builder import bibliography_of, findings_of

from pubkit.errors import InputRefused
from pubkit.findings import Severity
from pubkit.references.bibliography.exports import address_as_meant, doi_as_meant, serial_numbers, strange_numbers
from pubkit.references.bibliography.reading import read
from pubkit.references.item import Date, Item, Name

ARTICLE = "@article{{x, author = {{Okafor, Ada}}, title = {{Leaves}}, journal = {{J Leaf}}, volume = {{3}}, {}}}"


def errors(text: str, name: str = "refs.bib") -> list[str]:
    return [one.rule for one in findings_of(bibliography_of(text, name), ["x"]) if one.severity is Severity.ERROR]


def item(text: str) -> Item:
    return bibliography_of(text).entries["x"].item


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://a.org/1.full https://a.org/1.abstract", "https://a.org/1.full"),
        ("/articles/7/?report=abstract https://b.org/articles/7/", "https://b.org/articles/7/"),
        (r"\url{https://a.org/x_y}", "https://a.org/x_y"),
        ("www.nice.org.uk/guidance/ng1", "https://www.nice.org.uk/guidance/ng1"),
        ("10.5555/abc.1", "https://doi.org/10.5555/abc.1"),
        ("https://a.org/my file.pdf", "https://a.org/my file.pdf"),
        ("see the library", "see the library"),
    ],
)
def test_an_address_is_the_first_of_those_in_the_field(written: str, meant: str) -> None:
    assert address_as_meant(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://dx.doi.org/10.5555/a.1; https://dx.doi.org/10.5555/a.1", "10.5555/a.1"),
        ("S0001(20)1 [pii] 10.5555/S0001(20)1 [doi]", "10.5555/S0001(20)1"),
        ("[10.5555/a.1]", "10.5555/a.1"),
        ("https://publisher.org/doi/full/10.5555/a.1?journal=x", "10.5555/a.1"),
        ("10.5555/(SICI)1097(2000)19:1<1::AID-1>3.0.CO;2-2", "10.5555/(SICI)1097(2000)19:1<1::AID-1>3.0.CO;2-2"),
        ("10.5555/a.1 and its appendix", "10.5555/a.1 and its appendix"),
    ],
)
def test_a_doi_is_the_one_that_databases_dress(written: str, meant: str) -> None:
    assert doi_as_meant(written) == meant


def test_serial_numbers_are_told_apart_and_slips_stay() -> None:
    assert serial_numbers("978-0-306-40615-7 0378-5955") == ("978-0-306-40615-7", "0378-5955")
    assert strange_numbers(r"0378-5955 (Electronic)$\backslash$r2049-3630 (Linking)") == []
    assert strange_numbers("978 0 306 40615 7; 0378-5954") == ["0378-5954"]


@pytest.mark.parametrize(
    "fields",
    [
        "year = {2016}, issn = {0378-5955 2049-3630}",
        r"year = {2016}, isbn = {0378-5955 (Electronic)\n2049-3630 (Linking)}",
        "year = {2016}, doi = {doi: 10.5555/a.1}, url = {http://a.org/1 http://a.org/1.pdf}",
        "year = {2016}, doi = {10.5555/a.v2}, url = {https://doi.org/10.5555/a.v1}",
        "year = {2016}, eprint = {NIHMS77}, archiveprefix = {arXiv}",
        "year = {2016}, pmid = {3000000001}, doi = {10.5555/a.1}",
        "year = {Oct. 2016}",
        "year = {2016}, editor = {family=Berg, given=A., prefix=van den, useprefix=true}",
        "year = {2016}, editor = {Li, A. AND Wu, B. And Others}",
    ],
)
def test_the_habits_of_exporters_are_no_errors(fields: str) -> None:
    assert errors(ARTICLE.format(fields)) == []


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ("year = {2016}, doi = {10.5555/a 1}", "REF010"),
        ("year = {2016}, doi = {12-345 [pii] 10.1186/PREACCEPT-12345}", "REF010"),
        ("year = {2016}, doi = {10.5555/a.1}, url = {https://doi.org/10.5555/b.7}", "REF018"),
        ("year = {2016}, pmid = {3000000001}", "REF011"),
        ("year = {[submitted]}", "REF030"),
        ("year = {2016}, editor = {null, null}", "REF030"),
        ("year = {2016}, pages = {undefined}", "REF030"),
        ("year = {2016}, pages = {TBC}", "REF030"),
        ("year = {2016}, note = {see [XXX]}", "REF030"),
        (r"year = {2016}, editor = {\lostletter ohn, A.}", "CIT006"),
        (r"year = {2016}, title = {Doses of 5 \lostsign{} 3 mg}", "CIT006"),
        ("year = {Spring 20165}", "REF020"),
    ],
)
def test_what_would_be_printed_wrong_is_an_error(fields: str, rule: str) -> None:
    assert rule in errors(ARTICLE.format(fields))


@pytest.mark.parametrize(
    "fields",
    [
        "year = {2016}, url = {<Go to ISI>://WOS:0007}",
        "year = {2016}, issn = {{0378-5955}}, url = {{https://a.org/b}}",
        "year = {2016}, orcid-numbers = {Okafor, A/0000-0002-1825-0097}",
        "year = 2016, month = September, keywords = leaves",
    ],
)
def test_web_of_science_and_hands_in_a_hurry_are_understood(fields: str) -> None:
    assert errors(ARTICLE.format(fields)) == []


def test_a_link_that_does_something_stays_an_error() -> None:
    assert "CIT009" in errors(ARTICLE.format("year = {2016}, url = {javascript:alert(1)}"))
    assert "CIT009" in errors("@online{x, title = {Leaves}, year = {2016}, url = {<Go to ISI>://WOS:0007}}")


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("a.ris", "FN Clarivate Analytics Web of Science\nVR 1.0\n", "Web of Science"),
        ("a.ciw", "FN Clarivate Analytics Web of Science\nVR 1.0\n", "Web of Science"),
        ("a.enl", "?", "EndNote library"),
    ],
)
def test_a_format_that_is_not_read_is_named_with_what_to_export(name: str, text: str, what: str) -> None:
    with pytest.raises(InputRefused) as refused:
        bibliography_of(text, name)
    finding = refused.value.findings[0]
    assert what in finding.message
    assert "as RIS, BibTeX or XML" in (finding.remedy or "")


@pytest.mark.parametrize(
    ("name", "text", "what", "right"),
    [
        ("a.ris", "%0 Journal Article\n%T Leaves\n", "the EndNote tagged format", ".enw"),
        ("a.enw", "TY  - JOUR\nTI  - Leaves\nER  - \n", "RIS", ".ris"),
        ("a.bib", "\ufeffTY  - JOUR\nTI  - Leaves\nER  - \n", "RIS", ".ris"),
        ("a.bib", '<?xml version="1.0"?>\n<xml><records/></xml>', "EndNote XML", ".xml"),
        ("a.ris", "\n\nPMID- 12345678\nOWN - NLM\n", "NBIB", ".nbib"),
        ("a.nbib", "@article{x,\n title = {Leaves}}", "BibTeX", ".bib"),
    ],
)
def test_a_file_whose_ending_lies_is_named_with_the_right_one(name: str, text: str, what: str, right: str) -> None:
    with pytest.raises(InputRefused) as refused:
        bibliography_of(text, name)
    finding = refused.value.findings[0]
    assert what in finding.message
    assert f"end in {right}" in (finding.remedy or "")


@pytest.mark.parametrize("comment", ["% my own words", "%% 0 entries", "%T stands for", "% Encoding: UTF-8\n%A\n%B"])
def test_a_bib_file_may_begin_with_any_comment(comment: str) -> None:
    assert list(bibliography_of(f"{comment}\n@misc{{x, title = {{Leaves}}}}", "a.bib").keys()) == ["x"]


def test_letters_that_pandoc_does_not_know_are_printed() -> None:
    names = r"{\TH}orsson, {\DH}ora and Ni\textcommabelow{s}a, \NG ala and \dj uri\'c, Ivo"
    people = item(ARTICLE.format(f"year = {{2016}}, editor = {{{names}}}")).editor
    assert [(one.family, one.given) for one in people] == [
        ("Þorsson", "Ðora"),
        ("Nişa".replace("ş", "ș"), "Ŋala"),
        ("đurić", "Ivo"),
    ]


@pytest.mark.parametrize(
    ("year", "issued"),
    [
        ("2018b", Date(((2018,),))),
        ("March 2018", Date(((2018, 3),))),
        ("in press", Date(literal="in press")),
        ("ca. 1885", Date(literal="ca. 1885")),
    ],
)
def test_a_year_in_words_is_printed(year: str, issued: Date) -> None:
    assert item(ARTICLE.format(f"year = {{{year}}}")).issued == issued


def test_an_address_and_a_day_in_words_are_address_and_day() -> None:
    found = item(
        "@misc{x, author = {{NICE}}, title = {Leaves}, year = {2019}, howpublished = {Online: https://a.org/b.html},"
        " note = {Retrieved on March 7, 2021.}}"
    )
    assert (found.url, found.accessed) == ("https://a.org/b.html", Date(((2021, 3, 7),)))
    both = "Available from: http://a.org/b. Accessed 2020-04-03"
    alone = item(f"@misc{{x, author = {{{{NICE}}}}, title = {{Leaves}}, year = {{2019}}, note = {{{both}}}}}")
    assert (alone.url, alone.accessed) == ("http://a.org/b", Date(((2020, 4, 3),)))
    assert alone.note == ""
    other = item(
        f"@misc{{x, author = {{{{NICE}}}}, title = {{Leaves}}, year = {{2019}}, note = {{Second draft. {both}}}}}"
    )
    assert other.note.startswith("Second draft.")


def test_a_work_in_a_book_or_journal_is_printed_with_it_whatever_its_type() -> None:
    fields = "author = {Okafor, Ada}, title = {Leaves}, year = {2016}"
    for kind in ("conference", "misc", "book", "unpublished"):
        assert item(f"@{kind}{{x, {fields}, booktitle = {{Days of leaves}}}}").container_title == "Days of leaves"
    assert item(f"@misc{{x, {fields}, journal = {{J Leaf}}, volume = {{3}}}}").type == "article-journal"
    assert item(f"@book{{x, {fields}, publisher = {{Leaf Press}}}}").type == "book"


def test_a_field_that_a_type_lacks_is_named() -> None:
    fields = "author = {Okafor, Ada}, title = {Leaves}, booktitle = {All leaves}, year = {2016}"
    lost = [one.message for one in bibliography_of(f"@phdthesis{{x, {fields}}}").findings]
    assert lost == ["The field booktitle of x is not printed: an entry of type @phdthesis has no such field."]


def test_xdata_hands_on_every_field_and_is_no_work() -> None:
    shared = "@xdata{who, author = {{WHO}}, urldate = {2026-01-02}, url = {https://a.org/b}, xdata = {more}}\n"
    more = "@xdata{more, title = {Leaves}}\n"
    bibliography = bibliography_of(f"@online{{x, year = {{2020}}, xdata = {{who}}}}\n{shared}{more}")
    entry = bibliography.entries["x"]
    assert bibliography.keys() == ("x",)
    assert (entry.item.title, entry.item.url, entry.item.author) == (
        "Leaves",
        "https://a.org/b",
        (Name(literal="WHO"),),
    )
    assert "REF008" in errors("@online{x, title = {T}, url = {https://a.org}, year = {2020}, xdata = {gone}}")


def test_ovid_writes_between_the_records_and_web_of_science_dates_early_works(tmp_path: Path) -> None:
    record = "TY  - JOUR\nID  - x\nTI  - Leaves\nT2  - J Leaf\nAU  - Okafor, A.\n{}ER  - \n"
    dated = record.format("PY  - 2016\n")
    ovid = f"3.\n{dated}NL  - J Leaf\n\nLink to the Ovid Full Text or citation:\nhttps://a.org/7\n"
    (tmp_path / "a.ris").write_text(ovid)
    assert read(tmp_path, ["a.ris"]).findings == ()
    (tmp_path / "b.ris").write_text(
        record.format("C6  - JUN 2021\nC7  - 118\nSN  - 0378-5955\n2049-3630\nY2  - 2022/03/04\n")
    )
    found = read(tmp_path, ["b.ris"]).entries["x"].item
    assert found.issued == Date(((2021, 6),))
    assert (found.page, found.issn, found.accessed) == ("118", "0378-5955", Date(((2022, 3, 4),)))
    (tmp_path / "c.ris").write_text(f"{dated}TI  - A lost record\n")
    assert [one.rule for one in read(tmp_path, ["c.ris"]).findings] == ["CIT006"]


def test_a_damaged_letter_counts_only_where_it_is_printed() -> None:
    record = (
        "TY  - JOUR\nID  - x\nTI  - Leaves{}\nAU  - Li, A.\nT2  - BMJ\nPY  - 2016\nVL  - 1\nAB  - Of\x80 it\nER  - \n"
    )
    assert errors(record.format(""), "a.ris") == []
    assert errors(record.format(" and\x93 roots"), "a.ris") == ["REF035"]


TRIAL = """1.
TY  - ELEC
ID  - x
T1  - Leaves
A1  - Okafor RCA, van der Helm JJ, O'Neill W
Y1  - 2017//
{}ER  -

Link to the Ovid Full Text or citation: http://ovidsp.ovid.com/a
"""


def test_ovid_gives_the_authors_of_a_trial_in_one_text() -> None:
    entry = bibliography_of(TRIAL.format("JA  - BMJ\nVL  - 17\nSP  - A54\n"), "a.ris").entries["x"]
    assert [(one.family, one.given) for one in entry.item.author] == [
        ("Okafor", "RCA"),
        ("van der Helm", "JJ"),
        ("O'Neill", "W"),
    ]
    assert (entry.item.type, entry.item.container_title) == ("article-journal", "BMJ")


def test_ovid_gives_the_address_of_a_registration_as_its_journal() -> None:
    entry = bibliography_of(TRIAL.format("JA  - https://clinicaltrials.gov/show/NCT1\n"), "a.ris").entries["x"]
    assert (entry.item.type, entry.item.url) == ("webpage", "https://clinicaltrials.gov/show/NCT1")
    assert errors(TRIAL.format("JA  - https://clinicaltrials.gov/show/NCT1\n"), "a.ris") == []


@pytest.mark.parametrize("name", ["Smith, AB", "Smith Jones, Anna B", "Li, J., Jr.", "WHO, Geneva", "Smith AB, Jr."])
def test_one_name_with_a_comma_stays_one_name(name: str) -> None:
    text = TRIAL.replace("Okafor RCA, van der Helm JJ, O'Neill W", name)
    assert len(bibliography_of(text, "a.ris").entries["x"].item.author) == 1


def test_several_full_names_in_one_text_are_an_error() -> None:
    text = TRIAL.format("JA  - BMJ\nVL  - 1\n").replace(
        "Okafor RCA, van der Helm JJ, O'Neill W", "Okafor, Ada, Novák, Jan"
    )
    assert errors(text, "a.ris") == ["REF034"]


def test_a_body_that_a_comma_parts_is_no_person() -> None:
    text = TRIAL.format("JA  - BMJ\nVL  - 17\nSP  - A54\nAU  - Ministry of Health, Labour and Welfare\n")
    [found] = findings_of(bibliography_of(text, "a.ris"), ["x"])
    assert (found.rule, found.severity.value) == ("REF037", "warning")
    assert "Ministry of Health, Labour and Welfare" in found.message
    person = text.replace("Ministry of Health, Labour and Welfare", "del Centro, Maria and Health, Ann")
    assert findings_of(bibliography_of(person, "a.ris"), ["x"]) == []


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (("Maria L. Novák",), 1),
        (("Novák ML",), 1),
        (("Maria Novák", "Ida Roe"), 2),
        (("Maria Novák", "Ministry of Health"), 0),
        (("Novák, Maria", "Cochrane UK"), 0),
        (("World Health Organization", "Public Health Agency"), 0),
    ],
)
def test_people_without_a_comma_are_reported(names: tuple[str, ...], found: int) -> None:
    written = "".join(f"A1  - {name}\n" for name in names)
    text = TRIAL.format("JA  - BMJ\nVL  - 17\n").replace("A1  - Okafor RCA, van der Helm JJ, O'Neill W\n", written)
    reported = [one for one in findings_of(bibliography_of(text, "a.ris"), ["x"]) if one.rule == "REF037"]
    assert len(reported) == found


def test_a_short_doi_is_a_warning() -> None:
    found = findings_of(bibliography_of(ARTICLE.format("year = 2019, pages = {1--2}, doi = {10/ggd754}")), ["x"])
    assert [(one.rule, one.severity) for one in found] == [("REF010", Severity.WARNING)]


def test_lines_that_a_database_leaves_empty_are_no_fault() -> None:
    text = TRIAL.format("JA  - BMJ\nVL  - 1\nPB  - \nIS  - \nUR  - \n")
    assert [one.rule for one in findings_of(bibliography_of(text, "a.ris"), ["x"])] == []


def test_the_authors_that_psycinfo_says_a_work_cites_are_no_editors() -> None:
    text = "TY  - {}\nID  - x\nTI  - Leaves\nAU  - Li, A.\n{}T2  - BMJ\nPY  - 2016\nVL  - 1\nPB  - BMJ\nER  - \n"
    cited = "A2  - Ayala, Baggaley, Balsam, Beyrer\n"
    for kind in ("JOUR", "CHAP"):
        assert bibliography_of(text.format(kind, cited), "a.ris").entries["x"].item.editor == ()
        assert errors(text.format(kind, cited), "a.ris") == []
    assert [
        one.family for one in bibliography_of(text.format("CHAP", "A2  - Ng, B.\n"), "a.ris").entries["x"].item.editor
    ] == ["Ng"]


def test_a_field_that_the_type_does_not_print_blocks_nothing() -> None:
    text = "@book{x, author = {Li, A.}, title = {Rest}, booktitle = {Rest}, publisher = {Tea}, year = {2016}}"
    assert errors(text) == []
    (lost,) = [one for one in bibliography_of(text, "refs.bib").findings if one.rule == "CIT006"]
    assert (lost.severity, lost.message.split(":")[0]) == (Severity.WARNING, "The field booktitle of x is not printed")


@pytest.mark.parametrize(
    ("kind", "fields", "expected"),
    [
        ("web_page", "url = {https://www.nhs.uk/sleep}", ("webpage", "", "")),
        ("book_section", "journal = {Handbook of sleep}, city = {Leeds}", ("chapter", "Handbook of sleep", "Leeds")),
        ("newspaper_article", "journal = {The Guardian}", ("article-newspaper", "The Guardian", "")),
        ("generic", "journal = {Sleep}", ("article-journal", "Sleep", "")),
        ("generic", "url = {https://www.nhs.uk/sleep}", ("document", "", "")),
    ],
)
def test_types_of_mendeley_are_read_as_what_they_are(
    tmp_path: Path, kind: str, fields: str, expected: tuple[str, str, str]
) -> None:
    (tmp_path / "a.bib").write_text(
        f"@{kind}{{x, author = {{Ann Roe}}, title = {{Rest}}, year = {{2020}}, {fields}}}\n"
    )
    found = read(tmp_path, ["a.bib"], cited={"x"})
    item = found.entries["x"].item
    assert (item.type, item.container_title, item.publisher_place) == expected
    assert found.findings == () and findings_of(found, [], "REF007") == []
