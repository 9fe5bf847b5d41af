"""The face of formulas in the web page and the EPUB."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from pubkit.boundary.xml import fragment
from pubkit.manuscript.tree import Block, Math, MathType, Para
from pubkit.render import formula_face, formulas
from pubkit.render.upright import keep_source, upright


def test_the_face_has_what_a_formula_needs_also_what_no_text_of_it_says() -> None:
    root = fragment("<p><math><msqrt><mi>x</mi></msqrt><annotation>\\sqrt q</annotation></math></p>")
    cut = formula_face.cut(formulas.of([root]))
    face = TTFont(io.BytesIO(cut))
    assert {"√", "𝑥"} <= set(map(chr, face.getBestCmap()))  # a root without its sign is another formula
    assert "q" not in map(chr, face.getBestCmap())
    assert "MATH" in face
    assert len(cut) < 60_000


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        (r"\mathbf{x}_1 + \mathbf X", "{𝐱}_1 + {𝐗}"),
        (r"\mathbf{\hat{y}_{12}\Sigma\beta}", r"{\hat{𝐲}_{\mathbf{12}}𝚺\mathbf{\beta}}"),
        (r"\mathbf{\mathrm{ab}} \boldsymbol{x} \mathbfit{x}", r"\mathbf{\mathrm{ab}} \boldsymbol{x} \mathbfit{x}"),
    ],
)
def test_bold_letters_are_upright(written: str, printed: str) -> None:
    assert upright(written) == printed


def test_the_source_of_a_formula_is_kept_with_it() -> None:
    blocks: list[Block] = [Para([Math((MathType(), r"\mathbf{x}"))])]
    page = fragment("<p><math><mi>𝐱</mi><annotation>{𝐱}</annotation></math></p>")
    keep_source([page], blocks)
    assert page.findtext(".//annotation") == r"\mathbf{x}"
