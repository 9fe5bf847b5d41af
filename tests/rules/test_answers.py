"""Answers of detectors are kept from run to run, and are those that the sentence deserves."""

from __future__ import annotations

from pathlib import Path

import pytest

import pubkit
from pubkit.claims import answers
from pubkit.claims.answers import Answer, answered
from pubkit.claims.wordlists import Hit
from pubkit.store.kept import Kept

from ..conftest import Publish

BAD = "# A\n\nGinger cures cancer. It has no side effects.\n\nBuy our drops today and save 20%.\n"


def told(folder: Path, cache: Path | None) -> list[tuple[str, str, str]]:
    found = pubkit.check(folder, cache=cache).findings
    return [(one.rule, str(one.location), one.message) for one in found]


def test_an_edited_text_is_judged_as_one_that_was_never_seen(publication: Publish, tmp_path: Path) -> None:
    folder = publication(BAD)
    cache = tmp_path / "cache"
    first = told(folder, cache)
    assert {"CLM011", "LNK001"} <= {rule for rule, _, _ in first}
    (folder / "01-text.md").write_text(
        BAD.replace("cures cancer", "grows in Asia") + "\nThrow away your pills.\n", "utf-8"
    )
    after = told(folder, cache)
    assert after == told(folder, None)
    assert "CLM023" in {rule for rule, _, _ in after}


def test_what_was_found_once_is_not_searched_again_and_nothing_is_kept_without_a_keeper(tmp_path: Path) -> None:
    asked: list[str] = []

    def ask() -> Answer:
        asked.append("")
        return Answer(Hit(0, 3, "tea"), "form")

    for keeper, times in ((None, 1), (Kept(tmp_path), 2), (Kept(tmp_path), 2)):
        with answers.kept_in(keeper, "question"):
            assert answered("detector", ("tea",), ask) == Answer(Hit(0, 3, "tea"), "form")
        assert len(asked) == times


@pytest.mark.parametrize("damage", [b"", b"\x00 no answers"])
def test_damaged_answers_are_given_again(tmp_path: Path, damage: bytes) -> None:
    for _ in range(2):
        with answers.kept_in(Kept(tmp_path), "question"):
            assert answered("detector", ("tea",), Answer) == Answer()
        for file in tmp_path.rglob("*"):
            if file.is_file():
                file.write_bytes(damage)
