"""A table of numbers as a chart: the drawing shows each number where it belongs, and says it in words."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.conftest import Publish

import pubkit
from pubkit.manuscript.charts import drawing_of

SVG = "{http://www.w3.org/2000/svg}"
BARS = """# Sleep

See @fig:gain.

::: {.chart #fig:gain}
| Treatment | Minutes of sleep gained |
|-----------|------------------------:|
| Melatonin | 20                      |
| Placebo   | 10                      |
| Light     | 40                      |

Sleep gained in a night [@page2021].
:::
"""


def target(kind: str, heads: list[str], rows: list[list[str]], *, comma: bool = False) -> str:
    data = base64.urlsafe_b64encode(json.dumps([kind, heads, rows, comma]).encode()).decode()
    return f"/chart/{data}.svg"


def shapes(svg: bytes | None, name: str) -> list[ET.Element]:
    assert svg is not None
    return list(ET.fromstring(svg).iter(f"{SVG}{name}"))


def drawn_bars(svg: bytes | None) -> list[ET.Element]:
    """The bars or columns of a drawing: what is filled and not with white, which is behind the drawing and the numbers."""
    return [one for one in shapes(svg, "rect") if one.get("fill") != "#ffffff"]


def test_bars_are_as_long_as_their_numbers_and_each_has_its_own_beside_it() -> None:
    rows = [["A", "20"], ["B", "10"], ["C", "40"], ["D", "0"]]
    svg = drawing_of(target("bars", ["", "Minutes"], rows))
    bars = sorted(drawn_bars(svg), key=lambda bar: float(bar.attrib["y"]))
    lengths = [float(bar.attrib["width"]) for bar in bars]
    assert [round(length / lengths[1], 1) for length in lengths] == [2, 1, 4, 0]
    written = {
        round(float(one.attrib["y"])): one.text for one in shapes(svg, "text") if one.text in {"20", "10", "40", "0"}
    }
    middles = [round(float(bar.attrib["y"]) + float(bar.attrib["height"]) / 2) for bar in bars]
    beside = [next(text for y, text in written.items() if abs(y - middle) <= 2) for middle in middles]
    assert beside == ["20", "10", "40", "0"]


def test_columns_begin_at_zero_and_a_loss_goes_down() -> None:
    svg = drawing_of(target("columns", ["Year", "Change"], [["2019", "1,000"], ["2020", "-500"], ["2021", "250.0%"]]))
    columns = sorted(drawn_bars(svg), key=lambda one: float(one.attrib["x"]))
    tops = [float(one.attrib["y"]) for one in columns]
    heights = [float(one.attrib["height"]) for one in columns]
    zero = tops[0] + heights[0]
    assert tops[1] == pytest.approx(zero, abs=0.3)
    assert heights[0] / heights[2] == pytest.approx(4, abs=0.05)
    assert [heights[0] / heights[1]] == [pytest.approx(2, abs=0.05)]
    assert {"1,000", "−500", "250.0%"} <= {one.text for one in shapes(svg, "text")}


@pytest.mark.parametrize(("kind", "along"), [("bars", "x"), ("columns", "y")])
def test_no_line_runs_through_a_number(kind: str, along: str) -> None:
    svg = drawing_of(target(kind, ["", "Change"], [["A", "31"], ["B", "-8"], ["C", "100"]]))
    assert svg is not None
    lines = shapes(svg, "line")
    assert lines
    assert all(one.attrib[f"{along}1"] == one.attrib[f"{along}2"] for one in lines)
    for text in (one for one in shapes(svg, "text") if one.text in {"31", "−8"}):
        x, y, half = float(text.attrib["x"]), float(text.attrib["y"]), 7
        centre = (
            x
            if text.attrib["text-anchor"] == "middle"
            else x + (half if text.attrib["text-anchor"] == "start" else -half)
        )
        middle = y if "dy" in text.attrib else y - half + 2
        behind = [one for one in shapes(svg, "rect")[1:] if one.get("fill") == "#ffffff"]
        assert any(
            abs(float(one.attrib["x"]) + float(one.attrib["width"]) / 2 - centre) <= 2
            and abs(float(one.attrib["y"]) + float(one.attrib["height"]) / 2 - middle) <= 3
            for one in behind
        )


def test_lines_differ_in_their_strokes_and_years_have_no_separators() -> None:
    rows = [["2019", "1,5", "3"], ["2020", "2.000", "4"], ["2021", "2", "5"]]
    svg = drawing_of(target("lines", ["Jahr", "Frauen", "Männer"], rows, comma=True))
    strokes = [one.get("stroke-dasharray") for one in shapes(svg, "path")]
    assert strokes == [None, "7 4"]
    swatches = [one.get("stroke-dasharray") for one in shapes(svg, "line") if one.get("x2") == "24"]
    assert swatches == ["none", "7 4"]
    words = {one.text for one in shapes(svg, "text")}
    assert {"2019", "2020", "2021", "Frauen", "Männer"} <= words
    assert "2019,5" not in words
    assert "2\u202f000" in words


def test_losses_alone_and_equal_numbers_stay_within_the_drawing() -> None:
    for kind in ("bars", "columns"):
        svg = drawing_of(target(kind, ["", "Change"], [["A", "-1"], ["B", "-90"], ["C", "-100"]]))
        written = {one.text: one.get("fill") for one in shapes(svg, "text")}
        assert written["−1"] != "#ffffff"
        assert all(float(one.attrib["x"]) > -30 for one in shapes(svg, "text") if one.text in {"−1", "−90"})
    svg = drawing_of(target("lines", ["Year", "Rate"], [["2019", "7"], ["2020", "7"]]))
    (path,) = shapes(svg, "path")
    assert all(0 <= float(number) <= 400 for number in re.findall(r"[\d.]+", path.attrib["d"]))


@pytest.mark.parametrize(
    ("kind", "heads", "rows"),
    [
        ("bars", ["治疗", "增加的睡眠时间（分钟）"], [["认知行为疗法", "35"], ["安慰剂", "12"]]),
        (
            "bars",
            ["", "Reduction in systolic pressure (mmHg)"],
            [["Amlodipine with indapamide", "14"], ["Placebo", "2"]],
        ),
    ],
)
def test_a_drawing_holds_its_words(kind: str, heads: list[str], rows: list[list[str]]) -> None:
    def starts(part: ET.Element, moved: float) -> list[tuple[float, float]]:
        across = re.match(r"translate\((\d+) ", part.get("transform", ""))
        moved += float(across[1]) if across else 0
        here = (
            moved
            + float(part.get("x", "0"))
            - wide(part) * {"middle": 0.5, "end": 1}.get(part.get("text-anchor", ""), 0)
        )
        own = [(here, here + wide(part))] if part.tag == f"{SVG}text" else []
        return own + [one for child in part for one in starts(child, moved)]

    def wide(part: ET.Element) -> float:
        return sum(14 if char >= "\u3000" else 6.5 for char in part.text or "")

    [svg] = shapes(drawing_of(target(kind, heads, rows)), "svg")
    left, _, width, _ = map(float, svg.get("viewBox", "0 0 400 0").split())
    assert all(left <= start and end <= left + width for start, end in starts(svg, 0))
    assert float(svg.attrib["width"]) == width


@pytest.mark.parametrize(
    "path",
    [
        target("pie", ["", "n"], [["A", "1"], ["B", "2"]]),
        target("bars", ["", "n"], [["A", "1"]]),
        target("bars", ["", "n"], [["A", "1"], ["B", "two"]]),
        target("bars", ["", "n"], [["A", "1"], ["B", "1e9"]]),
        target("bars", ["", "n"], [["A", "1"], ["B", "9" * 400]]),
        target("bars", ["", "n"], [["A", "1"], ["B", "2,5"]]),
        target("bars", ["", "n"], [["A", "1"], ["B", "2.5"]], comma=True),
        target("bars", ["", "n"], [["A", "1"], ["B", "1,50,000"]]),
        target("bars", ["", "n"], [["A" * 40, "1"], ["B", "2"]]),
        target("bars", ["", "n"], [["A", "1"], ["B"]]),
        target("bars", ["", "n"], [["A", "1"], ["A", "2"]]),
        target("columns", ["", "n" * 30], [["A", "1"], ["B", "2"]]),
        target("lines", ["", "n"], [["2020", "1"], ["2019", "2"]]),
        "/chart/eyJ9.svg",
        "/chart/_.svg",
        "chart/a.svg",
    ],
)
def test_no_other_path_is_a_chart(path: str) -> None:
    assert drawing_of(path) is None


def test_a_chart_is_a_figure_with_its_numbers_in_words(publication: Publish, tmp_path: Path) -> None:
    made = pubkit.build(publication(BARS), tmp_path / "dist", only=["html", "txt"])
    page = (made.folder / "sleep-1.0.0.html").read_text("utf-8").replace("\u00a0", " ")
    said = "Bar chart. Minutes of sleep gained. Melatonin: 20; Placebo: 10; Light: 40."
    assert f'alt="{said}"' in page
    assert re.search(r"<figcaption>.*Sleep gained in a night", page, re.DOTALL)
    assert "<table" not in page.partition("Sleep gained in a night")[0].rpartition("<h2")[2]
    assert re.search('See <a [^>]*href="#fig-gain"', page)


def test_a_chart_takes_its_numbers_from_a_file(publication: Publish, tmp_path: Path) -> None:
    folder = publication(
        "# Sleep\n\n::: {.chart alt='Gains'}\n```{csv-table}\n:file: gain.csv\n:header-rows: 1\n```\n\n"
        "Sleep gained [@page2021].\n:::\n"
    )
    (folder / "gain.csv").write_text("Treatment,Minutes\nMelatonin,20\nPlacebo,10\n")
    made = pubkit.build(folder, tmp_path / "dist", only=["html"])
    page = (made.folder / "sleep-1.0.0.html").read_text("utf-8")
    assert 'alt="Gains"' in page
    assert "Placebo" in base64.b64decode(re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", page)[-1]).decode()


@pytest.mark.parametrize(
    ("part", "words", "line"),
    [
        ("::: {.chart}\nSleep.\n:::", "one table; this one has none", 3),
        (
            "::: {.chart kind=pie}\n| A | B |\n|---|---|\n| C | 1 |\n| D | 2 |\n:::",
            "bars, columns, lines, not as pie",
            3,
        ),
        (
            "::: {.chart}\n| A | B |\n|---|---|\n| C | 1 |\n| D | a lot |\n:::",
            "point, as in this language: a lot",
            7,
        ),
        ("::: {.chart}\n| A | B |\n|---|---|\n| C | 1 |\n| D |  |\n:::", "in this language: (empty)", 7),
        (f"::: {{.chart}}\n| A | {'B' * 50} |\n|---|---|\n| C | 1 |\n| D | 2 |\n:::", "head is longer than 48", 4),
        ("::: {.chart}\n| A | B |\n|---|---|\n| C | 1 |\n| C | 2 |\n:::", "Two rows of a chart have the name C", 7),
        (
            "::: {.chart}\n| A | B | C |\n|---|---|---|\n| C | 1 | 2 |\n| D | 2 | 3 |\n:::",
            "one column of numbers, not 2",
            3,
        ),
        ("::: {.chart style=3d}\n| A | B |\n|---|---|\n| C | 1 |\n| D | 2 |\n:::", "and no style", 3),
    ],
)
def test_what_cannot_be_drawn_is_said_at_its_place(publication: Publish, part: str, words: str, line: int) -> None:
    found = [one for one in pubkit.check(publication(f"# Sleep\n\n{part}\n")).findings if one.rule == "SRC181"]
    assert [one.location.line for one in found if one.location and words in one.message] == [line]


def test_the_numbers_of_a_chart_need_a_source_as_any_others(publication: Publish) -> None:
    text = (
        BARS.replace("Sleep gained in a night [@page2021].", "40% of adults slept longer.")
        + "\nA guideline [@page2021].\n"
    )
    assert [one.rule for one in pubkit.check(publication(text)).findings if one.rule == "CLM004"]
    assert not [one.rule for one in pubkit.check(publication(BARS)).findings if one.rule.startswith("CLM")]


@pytest.mark.parametrize(
    ("part", "rule", "words"),
    [
        (
            '::: {.icon-arry of=100 harmed=3 harmed-means="sleep badly"}\nSleep.\n:::',
            "SRC180",
            "Did you mean .icon-array?",
        ),
        ("::: {.chrt kind=bars}\n| A | Minutes |\n|---|---|\n| B | 3 |\n:::", "SRC181", "Did you mean .chart?"),
        ("::: {.chart knd=lines}\n| A | B |\n|---|---|\n| C | 1 |\n| D | 2 |\n:::", "SRC181", "Did you mean kind?"),
    ],
)
def test_a_mistyped_drawing_is_missed(publication: Publish, part: str, rule: str, words: str) -> None:
    found = [one.remedy for one in pubkit.check(publication(f"# Sleep\n\n{part}\n")).findings if one.rule == rule]
    assert found == [words]
