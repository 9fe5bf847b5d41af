"""How tables are set: columns of numbers, rows that stay together, and the width that they need."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from pubkit.boundary.xml import Element, fragment
from pubkit.render import tables
from pubkit.render.body import read_body
from pubkit.render.html import render
from pubkit.render.model import Edition

MakeEdition = Callable[..., Edition]


def body(make_edition: MakeEdition, text: str, **fields: str) -> Element:
    return read_body(make_edition(text, **fields), shift=1).text


def column(root: Element, number: int) -> list[tuple[str, str]]:
    """The classes of a column's cells, and of what is in them."""
    cells = root.findall(f".//tbody/tr/td[{number}]")
    return [(cell.get("class") or "", cell[0].get("class") or "" if len(cell) else "") for cell in cells]


NUMBERS = """
| Drug | Dose |
|------|{rule}|
| A | 75 |
| B | 400.25 |
| C | 1,250.5 |
| D | – |
"""


@pytest.mark.parametrize("rule", ["------", "-----:"])
def test_decimal_signs_are_below_each_other(make_edition: MakeEdition, rule: str) -> None:
    root = body(make_edition, NUMBERS.replace("{rule}", rule))
    assert column(root, 2) == [
        ("align-right", "lacks-2 lacks-sign"),
        ("align-right", ""),
        ("align-right", "lacks-1"),
        ("align-right", "lacks-2 lacks-sign"),
    ]
    assert [cell.get("class") for cell in root.iter("th")] == [None, "align-right"]
    assert column(root, 1) == [("", "")] * 4


@pytest.mark.parametrize("rule", [":-----", ":----:"])
def test_an_author_s_own_alignment_stays(make_edition: MakeEdition, rule: str) -> None:
    root = body(make_edition, NUMBERS.replace("{rule}", rule))
    assert {inner for _, inner in column(root, 2)} == {""}


@pytest.mark.parametrize("cells", [("1.5", "2.25 mg"), ("1.5%", "2"), ("1.5 (0.2)", "2.25 (1.5)"), ("2020", "about 3")])
def test_other_columns_are_left_alone(make_edition: MakeEdition, cells: tuple[str, str]) -> None:
    root = body(make_edition, f"\n| A | B |\n|---|---|\n| x | {cells[0]} |\n| y | {cells[1]} |\n")
    assert column(root, 2) == [("", ""), ("", "")]


def test_a_comma_is_a_decimal_sign_where_the_language_says_so(make_edition: MakeEdition) -> None:
    text = "\n| A | B |\n|---|---|\n| x | 1,125 |\n| y | 2,5 |\n"
    assert column(body(make_edition, text, lang="de"), 2) == [("align-right", ""), ("align-right", "lacks-2")]


@pytest.mark.parametrize(
    ("language", "rooms"),
    [("fr", ["", "lacks-3 lacks-sign"]), ("ar", ["", ""]), ("ar-TN", ["", "lacks-3 lacks-sign"]), ("es-MX", ["", ""])],
)
def test_the_language_decides_what_a_comma_is_that_could_be_either(
    make_edition: MakeEdition, language: str, rooms: list[str]
) -> None:
    text = "\n| A | B |\n|---|---|\n| x | 1,204 |\n| y | 36 |\n"
    assert [inner for _, inner in column(body(make_edition, text, lang=language), 2)] == rooms


ROWS = "<table><tbody>{}</tbody></table>"


def joined(rows: str) -> list[bool]:
    root = fragment(ROWS.format(rows))
    tables.mark(root)
    return ["joined" in (row.get("class") or "") for row in root.iter("tr")]


def test_rows_that_a_cell_joins_are_marked() -> None:
    group = "<tr><td rowspan=3>g</td><td>a</td></tr><tr><td>b</td></tr><tr><td>c</td></tr>"
    assert joined(group) == [True, True, False]
    overlapping = "<tr><td rowspan=2>g</td><td>a</td></tr><tr><td rowspan=2>b</td></tr><tr><td>c</td></tr>"
    assert joined(overlapping) == [True, True, False]


def test_neither_the_first_nor_the_last_of_many_low_rows_is_alone() -> None:
    row = "<tr><td>a</td><td>b</td></tr>"
    assert joined(row * 3) == [False, False, False]
    assert joined(row * 5) == [True, False, False, True, False]
    assert joined(row * 4 + f"<tr><td>{'four lines ' * 8}</td></tr>") == [True, False, False, True, False]
    assert joined(row * 4 + f"<tr><td>{'long ' * 30}</td></tr>") == [False] * 5


@pytest.mark.parametrize(
    ("columns", "cell", "name"),
    [(2, "few", "narrow"), (2, "many words " * 4, ""), (6, "few", "wide"), (9, "few", "very-wide")],
)
def test_a_table_has_the_class_of_its_width(columns: int, cell: str, name: str) -> None:
    root = fragment(ROWS.format(f"<tr>{f'<td>{cell}</td>' * columns}</tr>"))
    tables.mark(root)
    assert (root[0].get("class") or "") == name


def test_ranges_in_cells_stay_on_one_line_on_the_web(make_edition: MakeEdition) -> None:
    page = render(make_edition("\n| A | B |\n|---|---|\n| x | 0.85 (0.72–0.99) |\n")).decode()
    assert '0.85 <span class="nobr">(0.72–0.99)</span>' in page


def test_the_cells_of_short_columns_stay_on_one_line_where_another_has_room() -> None:
    cell = "<tr><td>Drug B1</td><td>{}</td></tr>"
    found = {}
    for words in ("Do not combine it with others", "2 mg"):
        root = fragment(f"<table><tbody>{cell.format(words) * 2}</tbody></table>")
        tables.mark(root)
        found[words] = [part.get("class") for part in root.iter("td")][:2]
    assert found == {"Do not combine it with others": ["nobr", None], "2 mg": [None, None]}


def classes(rows: str) -> list[str]:
    root = fragment(ROWS.format(rows))
    tables.mark(root)
    return [cell.get("class") or "" for cell in root.iter("td")]


def test_a_column_is_short_whatever_is_before_it_in_other_rows() -> None:
    first = "<tr><td rowspan=2>A group of people</td><td>10 mg to 20 mg</td><td>{}</td></tr>"
    second = "<tr><td>5 mg to 10 mg</td><td>{}</td></tr>"
    sentence = "Take it with a glass of water and with food, whenever possible in the evening."
    assert classes((first + second).format(sentence, sentence)) == ["nobr", "nobr", "", "nobr", ""]


def test_short_cells_break_where_the_line_has_no_room_for_them() -> None:
    row = f"<tr>{'<td>Sixteen letters.</td>' * 5}<td>{'Words that need more room. ' * 3}</td></tr>"
    assert classes(row * 2).count("nobr") == 4  # two of five columns, in two rows


@pytest.mark.parametrize(("columns", "expected"), [(3, ["", "", ""]), (4, ["", "", "", "wordy"])])
def test_a_column_of_sentences_among_many_keeps_a_width_for_reading(columns: int, expected: list[str]) -> None:
    row = f"<tr>{'<td>Word</td>' * (columns - 1)}<td>Two patients fell asleep at once.</td></tr>"
    assert classes(row) == expected


@pytest.mark.parametrize(("word", "divided"), [("Participants", False), ("Hospitalisations", True)])
def test_words_are_divided_only_in_a_table_that_has_no_room_for_them(word: str, divided: bool) -> None:
    root = fragment(ROWS.format(f"<tr>{f'<td>{word} and more</td>' * 6}</tr>"))
    tables.mark(root)
    assert ("tight" in (root[0].get("class") or "").split()) == divided


def test_the_caption_of_a_table_that_scrolls_is_held_in_view(make_edition: MakeEdition) -> None:
    page = render(make_edition("\n| A | B |\n|---|---|\n| x | *y* |\n\n: Doses *by day* {#tbl:d}\n")).decode()
    found = re.search(r"<caption[^>]*><div class=\"table-caption\">(.*?)</div></caption>", page)
    assert found
    assert found[1].endswith("Doses <em>by day</em>")
