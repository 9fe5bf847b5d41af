"""A risk as people among people: the drawing shows as many as the words say, in every format."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.conftest import Publish

import pubkit
from pubkit.manuscript.pictographs import drawing_of

ARRAY = """# Risks

See @fig:bleeds.

::: {.icon-array #fig:bleeds of=1000 harmed=3 harmed-means="have a serious bleed" helped=120 helped-means="have no stroke"}
Serious bleeding in one year [@page2021].
:::
"""


def people(svg: bytes) -> list[int]:
    """How many heads each part of the drawing has: in grey, in the dark colour, in the striped one."""
    return [len(re.findall("a1.9 1.9 0 1 0 3.8 0", path)) for path in re.findall(r'fill="#[^>]*', svg.decode())]


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/icon-array/1000/3-120.svg", [877, 3, 120]),
        ("/icon-array/100/7.svg", [93, 7]),
        ("/icon-array/20/0.svg", [20]),
        ("/icon-array/250/250.svg", [0, 250]),
    ],
)
def test_a_drawing_shows_as_many_people_as_it_is_asked_for(target: str, shown: list[int]) -> None:
    drawing = drawing_of(target)
    assert drawing is not None
    assert people(drawing) == shown


@pytest.mark.parametrize(
    "target",
    ["icon-array/100/7.svg", "/icon-array/100/101.svg", "/icon-array/100000/1.svg", f"/icon-array/{'9' * 5_000}/1.svg"],
)
def test_no_other_path_is_a_drawing(target: str) -> None:
    assert drawing_of(target) is None


def test_an_icon_array_is_a_figure_with_its_numbers_in_words(publication: Publish, tmp_path: Path) -> None:
    made = pubkit.build(publication(ARRAY), tmp_path / "dist", only=["html", "txt"])
    page = (made.folder / "sleep-1.0.0.html").read_text("utf-8")
    said = "3 of 1000 have a serious bleed (dark); 120 of 1000 have no stroke (striped)"
    spaced = page.replace("\u00a0", " ")
    assert f'alt="{said}"' in spaced
    assert re.search(rf"<figcaption>.*Serious bleeding in one year.*{re.escape(said)}\.", spaced, re.DOTALL)
    assert re.search('See <a [^>]*href="#fig-bleeds"', page)
    assert said in (made.folder / "sleep-1.0.0.txt").read_text("utf-8").replace("\u00a0", " ").replace("\n", " ")


def test_its_numbers_need_a_source_as_any_others(publication: Publish) -> None:
    without = ARRAY.replace(" [@page2021]", "") + "\nA guideline [@page2021].\n"
    assert [one.rule for one in pubkit.check(publication(without)).findings if one.rule == "CLM004"]
    assert not [one.rule for one in pubkit.check(publication(ARRAY)).findings if one.rule.startswith("CLM")]


def test_what_a_number_means_is_said_in_the_language_of_the_text(publication: Publish) -> None:
    text = "::: {.icon-array of=100 harmed=3%s}\nBlutungen im ersten Jahr [@page2021].\n:::\n"
    for meaning, expected in (("", ["SRC180"]), (" harmed-means='bluten schwer'", [])):
        found = pubkit.check(publication(text % meaning, lang="de")).findings
        assert [one.rule for one in found if one.rule == "SRC180"] == expected
