"""The SRC07 rules: what pandoc prints as text, or drops, is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubkit.findings import Finding
from pubkit.rules import Example, own
from pubkit.rules.markup import Footnotes, TableCells, UnclosedPart
from pubkit.rules.remnants import MarkupLeft
from pubkit.testing import found

from ..builder import submission as submission_of


def of(text: str, folder: Path, *rules: str) -> list[Finding]:
    return [finding for finding in found(Example(text), folder, *own()) if finding.rule in rules]


def places(text: str, folder: Path, *rules: str) -> list[str]:
    return [str(finding.location) for finding in of(text, folder, *rules)]


def test_each_row_of_a_table_with_other_cells_than_its_dashes_is_named_by_its_line(tmp_path: Path) -> None:
    text = "Text.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n| 1 | 2 | 3 |\n| `a|b` | \\| |\n| 1 |\n\n| A | B |\n|---|\n| 1 | 2 |\n"
    assert places(text, tmp_path, "SRC070") == [f"01-text.md:{line}:1" for line in (6, 8, 10, 12)]


def test_footnotes_are_compared_with_their_marks(tmp_path: Path) -> None:
    text = "One.[^a] Two.[^no]\n\n[^a]: First.\n\n[^a]: Second.\n\n[^b]: Never marked.\n"
    assert places(text, tmp_path, "SRC071") == ["01-text.md:1:14", "01-text.md:5:1", "01-text.md:7:1"]


def test_what_is_shown_as_code_is_no_remnant(tmp_path: Path) -> None:
    code = "##Deep [^x] {#y}\n| A | B |\n|---|\n| 1 | 2 |\n::: open\n<div>\n[ref] **open\n[^x]: note"
    indented = "\n".join(f"    {line}" for line in code.split("\n"))
    text = f"Words.\n\n```markdown\n{code}\n```\n\nMore:\n\n{indented}\n\n~~~\n{code}\n~~~\n\nThe end.\n"
    assert of(text, tmp_path, "SRC070", "SRC071", "SRC072", "SRC073", "SRC074", "SRC075") == []


def test_a_fence_that_is_never_closed_does_not_hide_what_follows(tmp_path: Path) -> None:
    rules = {finding.rule for finding in of("Words.\n\n```\ncode\n\nMore [^x].\n", tmp_path, "SRC071", "SRC072")}
    assert rules == {"SRC071", "SRC072"}


@pytest.mark.parametrize(
    "text",
    [
        "<!--" * 20_000,
        "[^" * 20_000,
        "Words\n\n" + "```a\n" * 5_000,
        "::: " + " " * 90_000 + "x",
        "a | b\n" + " " * 90_000 + "|x",
        "`" * 9_000 + "a`b" * 9_000,
    ],
    ids=["comments", "notes", "fences", "parts", "dashes", "code"],
)
def test_no_text_makes_the_search_go_back_without_end(text: str) -> None:
    """Each of these takes minutes with patterns that go back."""
    submission = submission_of(text)
    for rule in (TableCells, Footnotes, MarkupLeft, UnclosedPart):
        assert all(finding.location for finding in rule().check(submission))
