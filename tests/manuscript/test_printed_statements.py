"""What pubkit.yaml makes a reader see, the claim rules have read: a promise in each statement is looked for on the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import lxml.html
from tests.conftest import METADATA, Publish

import pubkit

#: Statements that are words of an author, with a gap for the promise.
STATEMENTS: Mapping[str, Any] = {
    "title": "{}",
    "subtitle": "{}",
    "abstract": "{}",
    "publisher": "{}",
    "contact": "{}",
    "licence": "{}",
    "funding": "{}",
    "keywords": ["{}"],
    "audience": {"readers": "{}"},
    "authors": [{"name": "Ada {}", "credentials": "{}", "affiliation": "{}", "conflicts": "{}"}],
    "reviewers": [{"name": "Ben {}", "credentials": "{}", "affiliation": "{}", "conflicts": "{}", "scope": "{}"}],
    "unreviewed": {"who": "Cleo {}", "why": "{}", "on": "2026-11-20"},
    "corrections": [{"on": "2026-01-20", "what": "{}", "version": "0.9"}],
    "translations": [{"lang": "de", "title": "{}", "url": "https://example.org/de"}],
    "translation_of": {"lang": "fr", "title": "{}", "version": "0.9"},
    "evidence": {"page2021": {"study_type": "guideline", "population": "{}"}},
    "seen": {"page2021": {"who": "Dan {}", "on": "2026-11-20", "how": "{}"}},
}
#: Names of people are no sentences; what they are called is not judged.
NAMES = {"Ada", "Ben", "Cleo", "Dan"}


def promised(value: Any, numbers: Iterator[int]) -> Any:
    """`value` with a promise of its own in each gap."""
    if isinstance(value, dict):
        return {key: promised(part, numbers) for key, part in value.items()}
    if isinstance(value, list):
        return [promised(part, numbers) for part in value]
    return value.replace("{}", f"Herb {next(numbers)} has no side effects.") if isinstance(value, str) else value


def test_every_promise_that_a_statement_prints_is_reported(publication: Publish, tmp_path: Path) -> None:
    numbers = iter(range(100, 1000))
    said = {**METADATA, **promised(dict(STATEMENTS), numbers), "outputs": ["html"]}
    made = pubkit.build(publication(**said), tmp_path / "draft", draft=True)
    page: Any = lxml.html.document_fromstring((made.folder / "sleep-1.0.0-draft.html").read_bytes())
    text = " ".join(page.body.text_content().split())
    shown = {int(number) for number in re.findall(r"Herb (\d+) has no side effects", text)}
    shown -= {int(number) for name in NAMES for number in re.findall(rf"{name} Herb (\d+)", text)}
    reported = {int(one.context.split("Herb ")[1][:3]) for one in made.report.findings if "Herb " in one.context}
    assert len(shown) > len(STATEMENTS) - 4
    assert shown - reported == set()
