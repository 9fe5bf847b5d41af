"""The REF rules: fifty seeded defects are found at their lines, sound references are left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.references.builder import bibliography_of, findings_of

from pubkit.errors import InputRefused
from pubkit.findings import Severity
from pubkit.references.bibliography.reading import read

CORPORA = Path(__file__).parents[1] / "corpora"


def entry(fields: str, kind: str = "article") -> str:
    return f"@{kind}{{x, {fields}}}"


def article(fields: str) -> str:
    return entry(f"author = {{Kruegel, A.}}, title = {{Mitragyna}}, journal = {{J Am}}, {fields}")


def rules_of(text: str, *rules: str, cited: list[str] | None = None) -> list[tuple[str, str]]:
    return [(finding.rule, str(finding.severity)) for finding in findings_of(bibliography_of(text), cited, *rules)]


def test_every_seeded_defect_is_found_at_its_line_and_nothing_else() -> None:
    expected = {
        (item["rule"], item["line"]) for item in yaml.safe_load((CORPORA / "defects.expected.yaml").read_text("utf-8"))
    }
    assert len(expected) == 50
    found = findings_of(read(CORPORA, ["defects.bib"]))
    weighty = {
        (finding.rule, finding.location.line)
        for finding in found
        if finding.severity is not Severity.NOTE and finding.location and finding.location.file == "defects.bib"
    }
    assert weighty == expected


def test_the_real_bibliography_of_a_review_gives_only_errors_a_librarian_would_give(shared_data: Path) -> None:
    folder = shared_data / "manuscripts" / "deep-review"
    errors = [
        finding for finding in findings_of(read(folder, ["references.json"])) if finding.severity is Severity.ERROR
    ]
    missing = {finding.message.split(": ")[0] for finding in errors if finding.rule == "REF001"}
    assert missing == {
        "tag:Papernot2017_pate",
        "doi:10.3389/fgene.2014.00342",
        "tag:Chryssolouris1996_confidence",
        "tag:techblog-perkel",
    }
    twice = [finding for finding in errors if finding.rule == "REF003"]
    assert len(twice) == 20
    assert all("same DOI" in finding.message or "same arXiv" in finding.message for finding in twice)
    assert len(errors) == len(missing) + len(twice)


def test_an_entry_that_is_not_cited_gives_no_error() -> None:
    text = article("year = {2199}, doi = {nonsense}, pmid = {PMC1}, pages = {9--1}")
    errors = {rule for rule, severity in rules_of(text) if severity == "error"}
    assert errors == {"REF010", "REF011", "REF021", "REF022"}
    uncited = rules_of(text, cited=[])
    assert errors <= {rule for rule, _ in uncited}
    assert not any(severity == "error" for _, severity in uncited)


@pytest.mark.parametrize(
    "fields",
    [
        "year = 2016, pages = {6754--64}",
        "year = 2016, pages = {e12--e19}",
        "year = 2016, pages = {S12--S15}",
        "year = 2016, pages = {xii--xv}",
        "year = 2016, pages = {12--15, 33--40}",
        "year = 2016, pages = {e1002195}",
        "year = 2016, pages = {2016--2019}",
        "year = 2016, pages = {1-12.e3}",
        "year = 2016, volume = {1995-1996}",
        "year = 2016, volume = {7}, number = {Suppl 1}",
        "year = 2016, month = {May--June}, volume = 1",
        "year = 2016, month = sep, day = 30, volume = 1",
        "date = {2016-05/2016-06}, volume = 1",
        "date = {2016-21}, volume = 1",
        "date = {2020-02-29}, volume = 1",
        "year = {2016}, pubstate = {inpress}, volume = 1",
        "year = 2016, doi = {10.1002/(SICI)1097-0258(19980815/30)17:15/16<1661::AID-SIM968>3.0.CO;2-2}",
        "year = 2016, doi = {https://doi.org/10.1000/a_b}",
        "year = 2016, doi = {10.1000/a\\_b}",
        "year = 2016, volume = 1, issn = {0378-5955; 1879-1026}",
        "year = 2016, isbn = {0-306-40615-2}, volume = 1",
        "year = 2016, isbn = {9780306406157 (hardback)}, volume = 1",
        "year = 2016, pmid = {27192616}, pmcid = {PMC4931747}",
        "year = 2016, volume = 1, url = {https://doi.org/bmqp}, doi = {10.1000/xyz}",
        "year = 2016, volume = 1, orcid = {https://orcid.org/0000-0002-1825-0097}",
    ],
)
def test_sound_fields_are_left_alone(fields: str) -> None:
    assert rules_of(article(fields)) == []


@pytest.mark.parametrize(
    "author",
    [
        "{World Health Organization}",
        "{National Institute on Drug Abuse, Bethesda, MD, and others}",
        "Kruegel, A. and others",
        "Doe, Brendan",
        "Berg, Jan van der and de Gaulle, Charles",
        "King, Jr, Martin Luther",
        "{\\'E}tal, Jean",
        "Alder, Ethan",
        "Petal, Rose",
    ],
)
def test_names_of_real_people_and_bodies_are_left_alone(author: str) -> None:
    assert (
        rules_of(entry(f"author = {{{author}}}, title = {{Leaves}}, journal = {{J Am}}, year = 2016, volume = 1")) == []
    )


@pytest.mark.parametrize(
    ("fields", "rule"),
    [
        ("year = {0216}, volume = 1", "REF020"),
        ("year = {16}, volume = 1", "REF020"),
        ("year = {201x}, volume = 1", "REF020"),
        ("date = {2016-00-10}, volume = 1", "REF020"),
        ("year = 2016, month = 4, day = 31, volume = 1", "REF020"),
        ("date = {2027-06}, volume = 1", "REF021"),
        ("year = 2016, pages = {133--101}", "REF022"),
        ("year = 2016, pages = {S15--S12}", "REF022"),
        ("year = 2016, pages = {2016}", "REF023"),
        ("year = 2016, volume = 1, url = {http://192.168.0.7/x}", "REF017"),
        ("year = 2016, volume = 1, url = {https://me:secret@host.org/x}", "REF017"),
        ("year = 2016, volume = 1, url = {https://doi-org.ezproxy.uni.edu/x}", "REF017"),
        ("year = 2016, doi = {10.1000/a b}", "REF010"),
        ("year = 2016, pages = {TBD}", "REF030"),
    ],
)
def test_a_field_that_cannot_be_true_is_found(fields: str, rule: str) -> None:
    assert rule in {found for found, _ in rules_of(article(fields))}


@pytest.mark.parametrize(
    ("date", "severity"),
    [("2026-11-22", None), ("2026-11-23", "warning"), ("2027-11-01", "warning"), ("2028", "error")],
)
def test_a_work_dated_ahead_is_a_warning_within_a_year_and_an_error_beyond(date: str, severity: str | None) -> None:
    found = rules_of(article(f"date = {{{date}}}, volume = 1"), "REF021")
    assert found == ([("REF021", severity)] if severity else [])


def test_a_month_after_twelve_is_found_in_every_format() -> None:
    texts = {
        "a.bib": article("date = {2016-13-01}, volume = 1"),
        "b.json": '[{"id": "x", "type": "book", "title": "T", "issued": {"date-parts": [[2016, 13]]}}]',
        "c.yaml": "references:\n- id: x\n  type: book\n  title: T\n  issued: 2016-13\n",
        "d.ris": "TY  - BOOK\nID  - x\nTI  - T\nPY  - 2016/13//\nER  - \n",
    }
    for name, text in texts.items():
        found = findings_of(bibliography_of(text, name), None, "REF020")
        assert [finding.message for finding in found] == ["x: 13 is not a month."], name
        assert found[0].location and found[0].location.line > 0


def test_a_web_page_may_be_undated_but_an_article_may_not() -> None:
    page = entry(
        "author = {A, B}, title = {Kratom}, url = {https://www.fda.gov/a}, urldate = {2026-01-01}, year = {n.d.}",
        "online",
    )
    assert rules_of(page, "REF030") == [("REF030", "note")]
    assert rules_of(article("year = {n.d.}, volume = 1"), "REF030") == [("REF030", "error")]


def test_a_capital_is_lost_only_where_braces_are_missing() -> None:
    title = (
        "author = {{A, B}}, title = {{{}}}, journal = {{J}}, year = 2016, volume = 1, abstract = {{The town of {}.}}"
    )

    def lost(written: str, town: str) -> list[str]:
        found = findings_of(bibliography_of(entry(title.format(written, town))), None, "REF036")
        return [one.remedy for one in found]

    (remedy,) = lost("Use of Ketum in Kedah and Thailand by Muslim Men", "Kedah")
    assert remedy == "Put braces around each name in the title: {Kedah}."
    assert lost("Use of Ketum in {Kedah} and Thailand by Muslim Men", "Kedah") == []
    assert lost("Use of ketum in Kedah by Muslim men", "Kedah") == []
    assert lost("Use of Ketum in Rural Towns by Men", "Kedah") == []
    other = title.format("On rest", "the Society in London").replace("A, B", "C, D")
    both = entry(title.format("Use of Ketum in a Rural Society", "it")) + entry(other).replace("{x,", "{y,")
    assert findings_of(bibliography_of(both), None, "REF036") == []


@pytest.mark.parametrize(
    ("field", "severity"),
    [
        ("title = {Cells of $\\mathfrak{sl}_2$ type}", "error"),
        ("title = {Use after 10^6 cells}", "warning"),
        ("title = {The *Mitragyna* tree}", "warning"),
        ("publisher = {Leaf \\unknown Press}", None),
        ("title = {Costs of \\$5 and \\$10, 5* hotels, R\\&D, Ni\\{111\\}, p_1}", None),
        ("title = {Doses of $5\\,\\mu$g, CO$_2$ and $p < 0.05$}", None),
    ],
)
def test_markup_that_would_be_printed_is_found(field: str, severity: str | None) -> None:
    text = entry(f"author = {{A, B}}, journal = {{J}}, year = 2016, volume = 1, {field}")
    assert rules_of(text, "REF060") == ([("REF060", severity)] if severity else [])


def test_two_people_in_one_name_are_found_in_either_order() -> None:
    for names in ("Wang, F. & Young, G.", "Steven P. Millard, Nagaraj K. Neerchal"):
        assert rules_of(article(f"author = {{{names}}}, volume = 1"), "REF034") == [("REF034", "error")]
    assert rules_of(article("author = {García Márquez, Gabriel J. and Mary J. van Dyke}, volume = 1"), "REF034") == []


VALUES = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        [
            "2016-13-99",
            "٢٠١٦",
            "0000",
            "99999-1",
            "--",
            "9-1",
            "S9-S1",
            "http://[",
            "https://a.b:x/",
            "10.1/²",
            "et al.",
        ]
    ),
)
FIELDS = [
    *(
        "title",
        "author",
        "journal",
        "year",
        "month",
        "day",
        "date",
        "pages",
        "volume",
        "number",
        "doi",
        "pmid",
        "pmcid",
        "isbn",
    ),
    *("issn", "url", "urldate", "eprint", "eprinttype", "orcid", "crossref", "publisher", "howpublished"),
]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=8), min_size=1, max_size=3))
def test_no_rule_raises_whatever_the_fields_hold(works: list[dict[str, str]]) -> None:
    entries = [
        f"@article{{k{number}, {', '.join(f'{name} = {{{value}}}' for name, value in work.items())}}}"
        for number, work in enumerate(works)
    ]
    items = [{"id": f"k{number}", "type": "webpage", **_as_csl(work)} for number, work in enumerate(works)]
    for text, name in (("\n".join(entries), "refs.bib"), (json.dumps(items), "refs.json")):
        try:
            bibliography = bibliography_of(text, name, ())
        except InputRefused:
            continue
        for finding in findings_of(bibliography, ["k0", "nowhere", "DOI:x"]):
            assert finding.message.isprintable()


def _as_csl(work: dict[str, str]) -> dict[str, object]:
    names = {
        "journal": "container-title",
        "pages": "page",
        "number": "issue",
        "doi": "DOI",
        "pmid": "PMID",
        "pmcid": "PMCID",
    }
    names |= {"isbn": "ISBN", "issn": "ISSN", "url": "URL", "date": "issued", "urldate": "accessed"}
    item: dict[str, object] = {names.get(name, name): value for name, value in work.items()}
    if "author" in item:
        item["author"] = [{"family": item["author"]}, {"literal": work["author"]}]
    if "year" in item:
        item["issued"] = {"date-parts": [[item["year"], work.get("month", 1)]]}
    return item
