"""The registry's facts have sources and dates; its names are found however they are written."""

from __future__ import annotations

import pytest

from pubkit.findings import Location
from pubkit.manuscript.model import Block, BlockKind
from pubkit.substances.mentions import mentions
from pubkit.substances.registry import registry


def block(text: str) -> Block:
    return Block(BlockKind.PARAGRAPH, text, Location("a.md", 1, 1))


@pytest.mark.parametrize("key", list(registry()))
def test_every_fact_has_its_source_and_every_text_its_languages(key: str) -> None:
    entry = registry()[key]
    for risk in entry.risks:
        assert risk.source
        assert set(risk.words) == {"en", "es", "fr", "de"}
    for status in entry.status.values():
        assert status.sources
        assert set(status.text) == {"en", "es", "fr", "de"}


@pytest.mark.parametrize(
    "text",
    [
        "Kratom tea",
        "KRATOM",
        "kra\u00adtom",
        "krаtom",
        "ketum juice",
        "7-hydroxymitragynine",
        "7‑OH tablets",
        "Mitragyna\nspeciosa",
    ],
)
def test_a_substance_is_found_under_each_of_its_names(text: str) -> None:
    assert [place.substance for place in mentions([block(text)])] == ["kratom"]


@pytest.mark.parametrize("text", ["kratometer", "17-OH progesterone", "7-OH-DPAT", "a plain text"])
def test_other_words_are_not_taken_for_it(text: str) -> None:
    assert mentions([block(text)]) == ()
