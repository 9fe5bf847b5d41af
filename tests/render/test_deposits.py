"""Deposits: what Crossref, DataCite and booksellers are sent. No package carries Crossref's schema 5.3.1; its deposits were
validated against it on 2026-11-28, and here their order and their facts are held."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from datacite import schema45
from lxml import etree
from msgspec import structs
from onixcheck.schema import O30_XSD_REFERENCE
from tests.conftest import Publish

from pubkit.cli.main import main
from pubkit.errors import UsageError
from pubkit.project.metadata import Author, Correction
from pubkit.render.deposits.crossref import crossref
from pubkit.render.deposits.datacite import datacite
from pubkit.render.deposits.onix import onix
from pubkit.render.model import Edition

from .conftest import with_publication

MOMENT = dt.datetime(2026, 11, 27, 12, 0, 1, tzinfo=dt.UTC)


@pytest.fixture(scope="module")
def edition(make_edition: Callable[..., Edition]) -> Edition:
    made = make_edition(identifier="https://doi.org/10.32013/Kratom.1")
    house = Author("World Health Organization")
    authors = [*made.publication.authors, house]
    corrections = [Correction(dt.date(2026, 5, 20), "5 mg, not 50 mg")]
    address = "https://example.org/k?a=1&b=2"
    return with_publication(made, authors=authors, permalink=address, corrections=corrections)


def test_crossref_is_sent_a_report_or_a_book_in_the_order_of_its_schema(edition: Edition) -> None:
    root = etree.fromstring(crossref(edition, "Press <&>", "a@example.org", MOMENT))
    head, body = root
    assert [etree.QName(one).localname for one in head] == ["doi_batch_id", "timestamp", "depositor", "registrant"]
    assert head[1].text == "20261127120001"
    [about] = body[0]
    assert etree.QName(about).localname == "report-paper_metadata"
    assert [etree.QName(one).localname for one in about] == [
        "contributors", "titles", "edition_number", "abstract", "publication_date", "publisher", "program", "doi_data",
        "citation_list",
    ]  # fmt: skip
    person, house = about[0]
    assert [etree.QName(one).localname for one in person] == ["given_name", "surname", "affiliations", "ORCID"]
    assert (person.get("sequence"), house.get("sequence")) == ("first", "additional")
    assert (etree.QName(house).localname, house.text) == ("organization", "World Health Organization")
    assert [one.text for one in about[7]] == ["10.32013/Kratom.1", "https://example.org/k?a=1&b=2"]
    assert len(about[8]) == len(edition.cited)

    book = etree.fromstring(crossref(structs.replace(edition, form="book"), "Press", "a@example.org", MOMENT))
    assert [etree.QName(one).localname for one in book[1][0][0]][3:7] == [
        "edition_number", "publication_date", "noisbn", "publisher",
    ]  # fmt: skip
    with pytest.raises(UsageError, match="web address that the DOI leads to"):
        crossref(with_publication(edition, permalink=None), "Press", "a@example.org", MOMENT)
    with pytest.raises(UsageError, match="no DOI"):
        crossref(structs.replace(edition, identifier="urn:x"), "Press", "a@example.org", MOMENT)


def test_datacite_is_sent_what_its_schema_requires(edition: Edition) -> None:
    record = json.loads(datacite(edition))
    assert {"creators", "titles", "publisher", "publicationYear", "types", "schemaVersion"} <= record.keys()
    person, house = record["creators"]
    assert (person["name"], person["nameType"], person["familyName"]) == ("Lindqvist, Mara", "Personal", "Lindqvist")
    assert house == {"name": "World Health Organization", "nameType": "Organizational"}
    assert {"date": "2026-05-20", "dateType": "Updated", "dateInformation": "5 mg, not 50 mg"} in record["dates"]
    with pytest.raises(UsageError, match="publisher"):
        datacite(with_publication(edition, publisher=None))


def test_booksellers_are_sent_one_product_with_its_isbn(edition: Edition) -> None:
    book = structs.replace(edition, identifier="ISBN 978-0-306-40615-7", form="book")
    root = etree.fromstring(onix(book, "Press", MOMENT))
    names = {"onix": "http://ns.editeur.org/onix/3.0/reference"}
    assert root.findtext("onix:Product/onix:ProductIdentifier/onix:IDValue", namespaces=names) == "9780306406157"
    assert root.findtext(".//onix:KeyNames", namespaces=names) == "Lindqvist"
    assert root.findtext(".//onix:CorporateName", namespaces=names) == "World Health Organization"
    assert root.findtext(".//onix:EditionStatement", namespaces=names) == "Version 1.2.0"
    with pytest.raises(UsageError, match="none"):
        onix(edition, "Press", MOMENT)


@pytest.mark.parametrize(
    "stated",
    [
        {},
        {"abstract": None, "subtitle": None, "authors": [], "keywords": [], "corrections": [], "licence": None},
        {"lang": "de-CH", "title": "Schlaf & Licht <kurz>", "outputs": ["epub"]},
    ],
    ids=["everything", "only what must be", "German"],
)
def test_the_schemas_of_booksellers_and_datacite_accept_what_is_sent(edition: Edition, stated: dict[str, Any]) -> None:
    made = with_publication(edition, **stated)
    book = structs.replace(made, identifier="978-0-306-40615-7", form="book")
    schema = etree.XMLSchema(file=O30_XSD_REFERENCE)
    assert schema.validate(etree.fromstring(onix(book, "Press", MOMENT))), schema.error_log

    authors = stated.get("authors") or made.publication.authors or edition.publication.authors
    record = json.loads(datacite(with_publication(made, authors=authors)))
    assert not [error.message for error in schema45.validator.iter_errors(record)]


def test_crossref_is_sent_entries_without_their_numbers(edition: Edition) -> None:
    unnamed = structs.replace(edition, cited=tuple(structs.replace(one, doi="") for one in edition.cited))
    root = etree.fromstring(crossref(unnamed, "Press", "a@example.org", MOMENT))
    [entry] = root.iter("{*}unstructured_citation")
    assert str(entry.text).startswith("Vicknasingam B")


def test_a_deposit_is_a_file_and_says_what_is_missing(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication("# Naps\n\nText.\n", bibliography=None, identifier="10.32013/naps", publisher="Press")
    assert main(["deposit", "crossref", str(root)]) == 2
    assert "--email" in capsys.readouterr().err
    out = tmp_path / "naps.json"
    assert main(["deposit", "datacite", str(root), "--out", str(out)]) == 0
    assert json.loads(out.read_text("utf-8"))["doi"] == "10.32013/naps"
    assert "Nothing was sent" in capsys.readouterr().out
    assert main(["deposit", "datacite", str(root), "--out", str(tmp_path / "no" / "naps.json")]) == 4
    assert f"{tmp_path / 'no' / 'naps.json'} cannot be written: its folder does not exist" in capsys.readouterr().err
    said = (root / "pubkit.yaml").read_text("utf-8")
    (root / "pubkit.yaml").write_text(f"{said}\nsubtitle: For whom, and about what\n", "utf-8")
    assert main(["deposit", "datacite", str(root), "--out", str(out)]) == 2
    assert "from the template: subtitle:" in capsys.readouterr().err
