"""Where the parts of the web page are in a real browser: all is measured in one run of Chromium."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

import pubkit
from pubkit.project.metadata import Reviewer
from pubkit.render.html import render

from ..conftest import Publish
from .conftest import MakeEdition, with_publication

pytestmark = pytest.mark.skipif(not shutil.which("chromium"), reason="Chromium is not here")

WIDTHS = (240, 300, 360, 420, 520, 700)
#: A formula aligned at its signs, and references beside notes as a report has them.
TEXT = r"""
$$\begin{aligned} a &= b \\ \text{a long name} &= d \end{aligned}$$

::: {.reference .numbered #first}
[1. ]{.csl-left-margin}[A work.]{.csl-right-inline}
:::

::: {.reference .numbered #second}
[2. ]{.csl-left-margin}[Another work.]{.csl-right-inline}
:::
"""
NOTE = '<div style="float: right; clear: right; width: 9rem; height: 9rem"></div>'
MEASURE = """
const told = {}, box = (part) => part.getBoundingClientRect();
for (const frame of document.querySelectorAll('iframe')) {
  const page = frame.contentDocument, line = box(page.querySelector('.facts'));
  const words = (fact) => {
    const range = page.createRange(), own = [...fact.querySelector('.nobr, a').childNodes].at(-1);
    range.selectNodeContents(own);
    return range.getClientRects()[0];
  };
  told[frame.width] = {
    facts: [...page.querySelectorAll('.fact')].map((fact) => words(fact).left - line.left),
    apart: [...page.querySelectorAll('.between')]
      .filter((sign) => box(sign).bottom < words(sign.closest('.fact')).top).length,
    names: [...page.querySelectorAll('mtr')].map((row) => box(row.firstElementChild.lastElementChild).right),
    marks: [...page.querySelectorAll(".csl-left-margin")].map((mark) => box(mark).top - box(mark.nextElementSibling).top),
  };
}
document.body.textContent = JSON.stringify(told);
"""


@pytest.fixture(scope="module")
def measured(make_edition: MakeEdition, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What `MEASURE` finds in windows of each of `WIDTHS`."""
    names = [Reviewer("Ingrid Elisabeth Solheim-Andersen", credentials="MD, PhD"), Reviewer("Bo Reader")]
    edition = with_publication(make_edition(TEXT), reviewers=names)
    edition = structs.replace(edition, review=structs.replace(edition.review, reviewed=tuple(names), planned=()))
    page = re.sub(r'(?=<div[^>]*class="reference)', NOTE, render(edition).decode())
    frames = "".join(f'<iframe width="{width}" height="900" srcdoc="{html.escape(page)}"></iframe>' for width in WIDTHS)
    script = f"<script>onload = () => {{ {MEASURE} }}</script>"
    folder: Path = tmp_path_factory.mktemp("boxes")
    (folder / "page.html").write_text(f"<!DOCTYPE html><meta charset='utf-8'><body>{frames}{script}", "utf-8")
    options = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder / 'profile'}", "--dump-dom")
    done = subprocess.run(
        ["chromium", *options, (folder / "page.html").as_uri()], capture_output=True, text=True, check=True
    )
    told: dict[str, Any] = json.loads(html.unescape(re.search(r"\{.*\}", done.stdout.rpartition("<body>")[2])[0]))  # type: ignore[index]
    return told


@pytest.mark.parametrize("width", WIDTHS)
def test_no_line_below_the_title_ends_or_begins_with_a_separator(measured: dict[str, Any], width: int) -> None:
    told = measured[str(width)]
    assert len(told["facts"]) == 4
    assert told["apart"] == 0
    assert all(abs(left) < 1 or left > 20 for left in told["facts"])


def test_formulas_are_aligned_at_their_signs(measured: dict[str, Any]) -> None:
    first, second = measured["700"]["names"]
    assert abs(first - second) < 1


def test_the_number_of_a_reference_is_on_its_first_line_whatever_floats_beside_it(measured: dict[str, Any]) -> None:
    assert all(abs(offset) < 4 for offset in measured["700"]["marks"])


def test_a_class_that_changes_nothing_is_named_where_it_stands(publication: Publish) -> None:
    text = (
        "# Naps\n\n::: {.warnign}\nNo nap.\n:::\n\n::: landscape\nWide.\n:::\n\n"
        '::: {.own .warning title="a .b"}\nSo.\n:::\n\n::: {.cell}\nCode.\n:::\n\n'
        "::: {.callout-note}\nA note.\n:::\n\n```\n::: {.shown}\n```\n"
    )
    root = publication(text, files={"styles/web.extra.css": b".own { color: #17566b }"})
    found = [(one.location, one.message) for one in pubkit.check(root).findings if one.rule == "SRC043"]
    assert [(place.line, place.column, place.end_column) for place, _ in found if place] == [(3, 7, 14), (7, 5, 14)]
    assert ["warnign" in found[0][1], "landscape" in found[1][1]] == [True, True]
