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


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (r"\ce{Mg^2+}", r"{\mathrm{Mg}^{2+}}"),
        (r"\ce{[Cu(NH3)4]^2+}", r"{[\mathrm{Cu}(\mathrm{NH}_{3})_{4}]^{2+}}"),
        (r"\ce{N2 <=>[Fe] 2NH3}", r"{\mathrm{N}_{2} \overset{\mathrm{Fe}}{\rightleftharpoons} 2\,\mathrm{NH}_{3}}"),
        (r"\ce{^{99m}_{43}Tc}", r"{{}^{99\mathrm{m}}_{43}\mathrm{Tc}}"),
        (r"\ce{MgSO4*7H2O}", r"{\mathrm{MgSO}_{4}\cdot{}7\,\mathrm{H}_{2}\mathrm{O}}"),
        (r"\ce{HCO3- ->[\text{acid}][37 °C] CO2 ^}", r"\ce{HCO3- ->[\text{acid}][37 °C] CO2 ^}"),
        (r"\ce{1/2O2 + OH-(aq)}", r"{1/2\,\mathrm{O}_{2} + \mathrm{OH}^{-}(\mathrm{aq})}"),
        (r"\qty{5}{\milli\gram\per\kg}", r"{5\,\mathrm{mg}/\mathrm{kg}}"),
        (r"\SI[mode=text]{1.5e-3}{mol.m^{-2}}", r"{1.5 \times 10^{-3}\,\mathrm{mol}\,\mathrm{m}^{-2}}"),
        (r"\SIrange{1}{2}{\square\um}", r"{1\,\mathrm{μm}^{2}\text{–}2\,\mathrm{μm}^{2}}"),
        (r"\num{.5 +- 0.1} \ang{30}", r"{0.5 \pm 0.1} {30\text{°}}"),
        (r"\SI{5}{\cupful}", r"\SI{5}{\cupful}"),
    ],
)  # fmt: skip
def test_chemistry_and_quantities_are_spelled_out_or_left_for_the_author(written: str, words: str) -> None:
    assert formulas.modern(written) == words
    assert (formulas.unread([words]) == frozenset()) == (words != written)


@pytest.mark.parametrize(
    ("written", "modern"),
    [
        (r"p = {(a+b)! \over n!}", r"p = {\frac{(a+b)!}{n!}}"),
        (r"a \over {b \over c}", r"\frac{a}{{\frac{b}{c}}}"),
        (r"x & {n \choose k} y \over 2 \\ z", r"x &\frac{{\binom{n}{k}} y}{2}\\ z"),
        (r"\left( a \over b \right) + c", r"\left(\frac{a}{b}\right) + c"),
        (r"\overline{a} \over\alpha", r"\frac{\overline{a}}{\alpha}"),
    ],
)
def test_fractions_of_plain_tex_are_read(written: str, modern: str) -> None:
    assert formulas.modern(written) == modern
    assert formulas.unread([modern]) == frozenset() or "&" in modern


def test_chemistry_or_a_quantity_in_a_sentence_is_a_formula(publication: Publish) -> None:
    folder = publication("Give \\SI{2}{\\mg} of \\ce{CaCl2}, $10\\,\\ce{K+}$ or `\\ce{x}`.\n\n$$\n\\ce{A -> B}\n$$\n")
    text = manuscript.read(loading.load(folder))
    assert [formula.text for formula in every(Math, text.document.tree.blocks)] == [
        r"{2\,\mathrm{mg}}",
        r"{\mathrm{CaCl}_{2}}",
        r"10\,{\mathrm{K}^{+}}",
        r"{\mathrm{A} \xrightarrow{\quad} \mathrm{B}}",
    ]
    assert not found(folder)


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
