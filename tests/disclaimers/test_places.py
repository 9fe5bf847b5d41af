"""A finding about the front matter points at the line of pubkit.yaml that has to change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pubkit import pipeline
from pubkit.errors import PubkitError
from pubkit.findings import Finding

Publish = Callable[..., Path]


def found(folder: Path, rule: str) -> Finding:
    return next(finding for finding in pipeline.check(folder).findings if finding.rule == rule)


def line_of(folder: Path, words: str) -> int:
    lines = (folder / "pubkit.yaml").read_text("utf-8").splitlines()
    return next(number for number, line in enumerate(lines, 1) if words in line)


@pytest.mark.parametrize(
    ("rule", "metadata", "words"),
    [
        ("DIS002", {"lang": "pt"}, "lang: pt"),
        ("DIS006", {"topics": ["sleep", "suicide"], "jurisdiction": "NZ"}, "- suicide"),
        ("DIS009", {"substances": ["cratom"]}, "- cratom"),
        ("DIS016", {"topics": ["suicide"], "lang": "fr"}, "lang: fr"),
        ("DIS017", {"topics": ["sleep", "suicde"]}, "- suicde"),
        ("EDI005", {"dates": {"published": "2026-01-05", "evidence_search": "2099-01-01"}}, "2099-01-01"),
        ("EDI018", {"authors": [{"name": "Ada Example", "orcid": "0000-0002-1825-0098"}]}, "0000-0002-1825-0098"),
    ],
)
def test_a_finding_points_at_the_statement_to_change(
    publication: Publish, rule: str, metadata: dict[str, Any], words: str
) -> None:
    folder = publication(**metadata)
    location = found(folder, rule).location
    assert location is not None
    assert (location.file, location.line) == ("pubkit.yaml", line_of(folder, words))


def test_of_two_entries_for_one_disclaimer_the_later_is_shown(publication: Publish) -> None:
    asked = [{"variant": variant} for variant in ("general", "general", "supplement")]
    folder = publication(disclaimers=asked)
    location = found(folder, "DIS005").location
    assert location is not None
    assert location.line == line_of(folder, "general") + 1


def test_a_statement_that_is_missing_is_a_fault_of_the_whole_file(publication: Publish) -> None:
    assert str(found(publication(funding=None), "EDI003").location) == "pubkit.yaml"


def test_the_first_statement_of_the_file_has_a_place_too(publication: Publish) -> None:
    folder = publication()
    (folder / "pubkit.yaml").write_text(
        "lang: pt\n" + (folder / "pubkit.yaml").read_text("utf-8").replace("lang: en-US\n", "")
    )
    assert str(found(folder, "DIS002").location) == "pubkit.yaml:1:1"


def test_missing_retraction_data_concerns_the_bibliography_and_no_sentence(publication: Publish) -> None:
    folder = publication()
    location = found(folder, "RET004").location
    assert location is not None
    assert (location.file, location.line) == ("pubkit.yaml", line_of(folder, "bibliography:"))


def test_a_draft_is_made_before_the_country_of_its_readers_is_stated_and_nothing_else(
    publication: Publish, tmp_path: Path
) -> None:
    text = "# Dolor\n\nEn caso de emergencia llame al médico.\n"
    folder = publication(text, lang="es", topics=["emergency"])
    with pytest.raises(PubkitError, match="DIS016"):
        pipeline.build(folder, tmp_path / "out", only=["html"])
    pipeline.build(folder, tmp_path / "draft", only=["html"], draft=True)
    assert "DIS016" in (tmp_path / "draft" / "report.json").read_text("utf-8")


def test_no_number_of_another_country_is_printed_not_even_in_a_draft(publication: Publish, tmp_path: Path) -> None:
    folder = publication(lang="fr", topics=["suicide"])
    with pytest.raises(PubkitError, match="does not say which country"):
        pipeline.build(folder, tmp_path / "out", only=["html"], draft=True)
    assert not (tmp_path / "out").exists()
