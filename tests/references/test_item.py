"""What the type of a CSL item promises: nothing is lost between CSL-JSON and the value, and no raw mapping travels."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.references.builder import bibliography_of, item_of, record_of

import pubkit
from pubkit.references.comparison.works import compare
from pubkit.references.item import DATES, NAMES, TEXTS, Date, Item, Name, as_json
from pubkit.references.registries.works import read_work, work_of

PERSON = {
    "family": "Gogh",
    "given": "Vincent",
    "dropping-particle": "van",
    "non-dropping-particle": "de",
    "suffix": "Jr.",
    "comma-suffix": False,
    "static-ordering": True,
    "parse-names": False,
}
RANGE = {"date-parts": [[2020, 5, 17], [2021]], "season": 2, "circa": True}
#: Every variable of CSL 1.0.2, each with a value that citeproc understands.
WHOLE: dict[str, Any] = (
    {"id": "x", "type": "article-journal"}
    | {name: f"<i>{name}</i> 12" for name in TEXTS if name not in {"DOI", "URL"}}
    | {"DOI": "10.1000/X_y", "URL": "https://www.example.org/a?b=c"}
    | {name: [PERSON, {"literal": "A Group"}] for name in NAMES}
    | dict.fromkeys(DATES, RANGE)
)


@pytest.mark.parametrize("name", ["refs.json", "refs.yaml"])
def test_every_variable_of_csl_reaches_citeproc_as_it_was_written(name: str) -> None:
    text = json.dumps([WHOLE])
    [entry] = bibliography_of(text, name, cited=())
    assert json.loads(msgspec.json.encode(entry.item)) == WHOLE
    assert not bibliography_of(text, name, cited=()).findings


@pytest.mark.parametrize(
    ("item", "variable"),
    [
        (Item(doi="1"), "DOI"),
        (Item(pmcid="1"), "PMCID"),
        (Item(container_title="1"), "container-title"),
        (Item(archive_location="1"), "archive_location"),
        (Item(short_title="1"), "shortTitle"),
        (Item(journal_abbreviation="1"), "journalAbbreviation"),
    ],
)
def test_an_attribute_is_csl_s_variable_and_what_is_absent_is_left_out(item: Item, variable: str) -> None:
    assert as_json(item) == {variable: "1"}
    assert item.has(variable)
    assert item.text(variable) == "1"
    assert not Item().has(variable)


def test_the_names_that_are_not_in_small_letters_and_hyphens_are_csl_s() -> None:
    odd = {name for name in (*TEXTS, *NAMES, *DATES) if name != name.lower() or "_" in name}
    numbers = {"DOI", "ISBN", "ISSN", "PMCID", "PMID", "URL"}
    assert odd == numbers | {"archive_collection", "archive_location", "shortTitle", "journalAbbreviation"}
    assert (len(TEXTS), len(NAMES), len(DATES)) == (69, 27, 6)


def test_an_unknown_variable_is_no_part_of_an_item() -> None:
    assert not Item(title="T").has("custom")
    assert Item(title="T").text("custom") == Item(title="T").text("author") == ""
    [entry] = bibliography_of(json.dumps([{"id": "x", "title": "T", "custom": "kept"}]), "refs.json")
    assert as_json(entry.item) == {"id": "x", "type": "document", "title": "T"}
    assert entry.fields["custom"] == "kept"


def test_a_date_knows_its_year_in_numbers_only() -> None:
    assert Item(issued=Date(((2020, 5), (2021,)))).year == 2020
    assert Item(issued=Date(literal="spring 2020")).year is Item().year is None
    assert not Date()
    assert not Name(comma_suffix=True)


@pytest.mark.parametrize("name", ["json", "yaml"])
def test_what_is_cited_keeps_its_type_and_its_dates(name: str) -> None:
    held = {"id": "x", "type": "article-journal", "title": "T", "issued": {"date-parts": [[2020]]}, "volume": "7"}
    [entry] = bibliography_of(json.dumps([held]), f"refs.{name}", cited=("x",))
    assert as_json(entry.item) == held | {"issued": {"date-parts": ((2020,),)}}


TEXT = st.text("abc de-1:", max_size=12)
NAME = st.fixed_dictionaries({}, optional={"family": TEXT, "given": TEXT, "literal": TEXT, "dropping-particle": TEXT})
DATE = st.fixed_dictionaries({"date-parts": st.just([[2019]]) | st.just([[2021, 3]])}) | st.just({"literal": "in 2020"})
CSL = st.fixed_dictionaries(
    {},
    optional={
        **dict.fromkeys(("title", "original-title", "container-title", "container-title-short"), TEXT),
        **dict.fromkeys(("journalAbbreviation", "collection-title", "event-title", "event"), TEXT),
        **dict.fromkeys(("volume", "issue", "number", "page", "page-first"), TEXT),
        "type": st.sampled_from(["article", "book"]),
        "genre": st.sampled_from(["preprint", "essay"]),
        "publisher": st.sampled_from(["bioRxiv", "Press"]),
        "DOI": st.sampled_from(["10.1000/x", "https://doi.org/10.1101/2020.01.01.123456v2"]),
        "URL": st.sampled_from(["https://doi.org/10.1000/y", "https://example.org"]),
        "PMID": st.sampled_from(["12", "pmid: 13"]),
        "ISSN": st.sampled_from(["0376-8716", "1234-5679"]),
        "author": st.lists(NAME, min_size=1, max_size=3),
        "editor": st.lists(NAME, min_size=1, max_size=3),
        "issued": DATE,
        "submitted": DATE,
        "available-date": DATE,
        "original-date": DATE,
        "published-online": DATE,
    },
)


@given(CSL, CSL)
def test_an_item_compares_as_its_json_does(cited: dict[str, Any], held: dict[str, Any]) -> None:
    ours = {name: value for name, value in cited.items() if name != "published-online"}
    assert compare(item_of(ours), record_of(held).item) == compare(ours, held)
    people = {"byline": None, "editors": None}
    for item, csl in ((item_of(ours), ours), (record_of(held).item, held)):
        assert replace(work_of(item), **people) == replace(read_work(csl), **people)


def test_no_module_hands_an_item_on_as_a_raw_mapping() -> None:
    """Parameters, fields and results that hold CSL items are of the type, in every module."""
    mappings = ("Mapping[str, Any]", "dict[str, Any]")
    raw = []
    for path in sorted(Path(pubkit.__file__).parent.rglob("*.py")):
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if any(one in text for one in mappings) else ():
            named = getattr(node, "arg", None) or getattr(getattr(node, "target", None), "id", None)
            if named not in {"item", "items", "cited", "held"}:
                continue
            said = ast.unparse(node.annotation) if getattr(node, "annotation", None) else ""  # type: ignore[attr-defined]
            if any(one in said for one in mappings):
                raw.append(f"{path.name}:{node.lineno}: {named}: {said}")  # type: ignore[attr-defined]
    assert raw == []
