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
    ("text", "expected"),
    [
        ("Text.\n\n> 75 kg: one sachet.\n", ["3:1 error"]),
        ("Text.\n\n>=4 weeks\n", ["3:1 error"]),
        ("1. < 50 ml\n2. > 50 ml\n    - >3\n", ["2:4 error", "3:7 error"]),
        ("> 12 people were asked.\n> Two answered.\n", ["1:1 warning"]),
        ("> 1998 was cold.\n\n> 1. One\n> 2. Two\n\n> She had 3 mg.\n", []),
        ("| HLA |\n|---|\n| B*58:01/*58:02 |\n", ["3:4 error"]),
        ("Either SLCO1B1*5\nor SLCO1B1*15.\n", ["1:15 error"]),
        ("Values of 0.02*, 0.07 and 0.03* count.^[Or 4*5*6.]", ["1:15 error", "1:45 error"]),
        ("Only TPMT*2 was found, as in p\\*53.\n\nThe *p*53, *E. coli*, ab*so*lute, *5*-HT and H*o*.\n", []),
        ("It took (~20min–~30min).", ["1:10 error"]),
        ("About ~3 g to ~4 g of CO~2~, x~1~/x~2~ and C~2~H~6~O.", []),
        ("From 10^5–10^8 and 5 m^2/10^3.", ["1:8 error", "1:23 error"]),
        ("From 10^5^–10^8^, Na^+^/K^+^-ATPase, ^99m^Tc and x^1/2^.", []),
        ("- 1<sup>2/3</sup>x and <sub>5/</sub>6\n\n<blockquote>65 years</blockquote>\n", []),
    ],
)
def test_a_sign_that_is_meant_as_written_and_read_as_markup_is_named_by_its_place(
    text: str, expected: list[str], tmp_path: Path
) -> None:
    findings = of(text, tmp_path, "SRC078")
    shown = [f"{one.location.line}:{one.location.column} {one.severity}" for one in findings if one.location]
    assert sorted(shown) == sorted(expected)


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u200b"])
def test_a_mark_with_a_no_break_space_behind_it_is_named(blank: str, tmp_path: Path) -> None:
    text = f"##{blank}Sleep\n\nText.\n\n-{blank}Rest\n-{blank}Tea\n\n1.{blank}Lie down\n2.{blank}Get up\n"
    assert [place.partition(":")[2].partition(":")[0] for place in places(text, tmp_path, "SRC072")] == ["1", "5", "8"]


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
