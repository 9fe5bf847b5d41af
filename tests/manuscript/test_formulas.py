"""Formulas that cannot be set, found with their places before anything is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pubkit import manuscript, pipeline
from pubkit.findings import Finding
from pubkit.manuscript import formulas
from pubkit.manuscript.tree import Math, every
from pubkit.project import loading

from ..conftest import Publish

TEXT = r"""
# One

The letter a, $a$, then a broken $\frac{1}$, and it costs $5.

$$
\begin{align} x &= 1
$$

| A      | B |
|--------|---|
| $\foo$ | 2 |

Then[^n] $E = mc^2$.

[^n]: A note with $\sqrt{$.
"""


def found(folder: Path) -> list[Finding]:
    return [one for one in manuscript.read(loading.load(folder)).findings if one.rule == "SRC032"]


def test_each_broken_formula_has_its_place(publication: Publish) -> None:
    places = [(one.location.line, one.location.column) for one in found(publication(TEXT)) if one.location]
    assert places == [(4, 34), (7, 1), (12, 3), (16, 19)]


def test_the_finding_says_what_is_wrong_and_in_which_formula(publication: Publish) -> None:
    messages = [one.message for one in found(publication(TEXT))]
    assert messages[0] == r"This formula cannot be typeset (column 9: missing argument): \frac{1}"
    assert all(message.isprintable() for message in messages)


def test_it_blocks_and_cannot_be_waived(publication: Publish) -> None:
    report = pipeline.check(publication(TEXT))
    assert report.blocks_release
    assert not any(one.waivable for one in report.findings if one.rule == "SRC032")


def test_a_draft_shows_the_source_in_its_place(publication: Publish, tmp_path: Path) -> None:
    made = pipeline.build(publication(TEXT), tmp_path / "out", only=["html", "epub", "pdf"], draft=True)
    page = next(one for one in made.artifacts if one.format == "html").path.read_text("utf-8")
    assert r"<code>\frac{1}</code>" in page
    assert page.count("<math") == 2


def test_the_same_broken_formula_twice_is_found_twice(publication: Publish) -> None:
    folder = publication("A $\\frac{1}$ and a $\\frac{1}$.\n\nAgain $\\frac{1}$.")
    assert [one.location and one.location.column for one in found(folder)] == [3, 20, 7]


@pytest.mark.parametrize(
    ("outputs", "count"),
    [(["html", "epub"], 0), (["html", "pdf"], 1)],
)
def test_what_only_print_cannot_draw_counts_where_there_is_print(
    publication: Publish, outputs: list[str], count: int
) -> None:
    """Pandoc knows the command, mathra does not."""
    tex = r"a \backepsilon b"
    assert formulas.unread([tex]) == frozenset() and formulas.fault(tex, display=False)
    assert len(found(publication(f"A ${tex}$.", outputs=outputs))) == count


def test_sound_formulas_stay_formulas(publication: Publish) -> None:
    text = manuscript.read(loading.load(publication(r"$\frac{1}{2}$ and $$\int_0^1 x^2\,dx$$.")))
    assert [formula.text for formula in every(Math, text.document.tree.blocks)] == [
        r"\frac{1}{2}",
        r"\int_0^1 x^2\,dx",
    ]
    assert not [one for one in text.findings if one.rule == "SRC032"]


def test_a_formula_that_would_take_too_long_is_reported_at_its_place(publication: Publish) -> None:
    """Pandoc takes twice as long with each exponent in an exponent: twenty take more than its eight seconds."""
    tex = "x^{" * 20 + "y" + "}" * 20
    (one,) = found(publication(f"A $x^{{y^{{z}}}}$ and ${tex}$."))
    assert one.location and (one.location.line, one.location.column) == (1, 19)
    assert one.message.startswith("This formula cannot be typeset (it has 20 nested levels of braces, more than 12)")


@pytest.mark.parametrize(
    "tex", [r"\{\{\{\{\{\{\{\{\{\{\{\{\{\{ x", r"\frac{1}{1+\frac{1}{1+\frac{1}{x^{2}}}}", "}}}}" * 9]
)
def test_braces_that_are_printed_do_not_nest(tex: str) -> None:
    assert formulas.too_deep(tex) == ""
