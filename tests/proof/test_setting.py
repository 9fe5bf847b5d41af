"""What is wrong with the set pages of a PDF is found in the finished file, and named by its place in the source."""

from __future__ import annotations

import functools
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pikepdf
import pytest
import yaml
from msgspec import structs

from pubkit.findings import Finding
from pubkit.proof.pdf import prove
from pubkit.proof.promises.contents import Contents, Kind, Run
from pubkit.proof.setting import breaks, pieces, rows, space
from pubkit.proof.setting.pieces import Box, Page, Piece
from pubkit.proof.setting.space import Frame
from pubkit.render import write
from pubkit.render.model import Edition

from ..conftest import BIBLIOGRAPHY, METADATA, png
from .finished import edition, set_pages

FRAME = Frame(72, 720)
PARAGRAPH = "Sleep is measured in many ways, and each of them says something else about the night before. " * 6


def piece(text: str, left: float = 72, baseline: float = 700, size: float = 10, page: int = 1) -> Piece:
    """A piece of text as wide as its letters would be."""
    return Piece(text, Box(left, baseline - 2, left + 5 * len(text), baseline + 7), baseline, size, page)


def page(*written: Piece, number: int = 1, others: Sequence[Box] = ()) -> Page:
    return Page(number, 595, 842, written, tuple(others))


def broken(text: str, *lines: str) -> list[tuple[str, str, str]]:
    """What is broken where `lines` of a column print `text`."""
    set_lines = page(*(piece(line, baseline=700 - 14 * number) for number, line in enumerate(lines)))
    words = breaks.Words(Contents(runs=[Run(text, Kind.TEXT)]))
    return [(one.kind.value, one.before, one.after) for one in breaks.breaks([set_lines], words, [FRAME])]


@pytest.mark.parametrize(
    ("text", "lines", "found"),
    [
        ("in the Journal of", ["in the Jour", "nal of"], ("word", "Jour", "nal")),
        ("a dose of 1234 mg", ["a dose of 12", "34 mg"], ("number", "12", "34")),
        ("from 12–15 hours", ["from 12–", "15 hours"], ("number", "12–", "15")),
        ("it is safe.19 Others", ["it is safe.", "19 Others"], ("mark", "safe.", "19")),
        ("doi:10.1016/j.jad.2020", ["doi:10.10", "16/j.jad.2020"], ("address", "doi:10.10", "16/j.jad.2020")),
    ],
)
def test_what_a_line_s_end_takes_apart_is_found(text: str, lines: list[str], found: tuple[str, str, str]) -> None:
    assert broken(text, *lines) == [found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("in the Journal of", ["in the Jour-", "nal of"]),
        ("a long-term effect", ["a long-", "term effect"]),
        ("you can not and cannot", ["you can", "not and cannot"]),
        ("doi:10.1016/j.jad.2020", ["doi:10.1016/", "j.jad.2020"]),
        ("2024;30(4):252-274.", ["2024;30(4):", "252-274."]),
        ("either and/or both", ["either and/", "or both"]),
        ("针灸是一种疗法", ["针灸是", "一种疗法"]),
        ("see 2.1. for more", ["2.", "1. for more"]),
        ("${{ name }} and", ["use $", "{{ name }} and"]),
    ],
)
def test_where_a_line_may_end_nothing_is_found(text: str, lines: list[str]) -> None:
    assert broken(text, *lines) == []


def test_page_numbers_of_the_contents_are_not_read_on() -> None:
    entries = page(piece("Part"), piece(".", left=120), piece("4", left=200), piece("6 Risks", baseline=686))
    words = breaks.Words(Contents(runs=[Run("of 46 people", Kind.TEXT)]))
    assert list(breaks.breaks([entries], words, [FRAME])) == []


def test_cells_side_by_side_are_not_one_word() -> None:
    words = breaks.Words(Contents(runs=[Run("Jour", Kind.TABLE), Run("Journal", Kind.TABLE), Run("nal", Kind.TABLE)]))
    cells = page(piece("Jour", left=72, baseline=700), piece("nal", left=200, baseline=714))
    assert list(breaks.breaks([cells], words, [FRAME])) == []


def test_running_heads_between_pages_are_passed_over() -> None:
    words = breaks.Words(Contents(runs=[Run("the Journal of", Kind.TEXT)]))
    first = page(piece("the Jour"), piece("4", baseline=40))
    second = page(piece("Sleep", baseline=790, page=2), piece("nal of", page=2), number=2)
    assert [one.word for one in breaks.breaks([first, second], words, [FRAME, FRAME])] == ["Journal"]


def test_text_over_text_is_found_and_text_beside_text_is_not() -> None:
    assert [
        over.second.text for over in space.overlaps([page(piece("Dose"), piece("Group", left=84, baseline=698))])
    ] == ["Group"]
    assert not list(
        space.overlaps([page(piece("Dose"), piece("1", left=93, baseline=704), piece("Next", baseline=688))])
    )


# Finished files


@functools.cache
def printed(text: str, css: str = "", size: str = "A4") -> tuple[Edition, bytes]:
    """An edition of `text` with a house style sheet, and its PDF."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        said = {**METADATA, "bibliography": "references.bib", "page_size": size}
        (root / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
        (root / "01-text.md").write_text(text, "utf-8")
        (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
        (root / "hours.png").write_bytes(png(900, 800))
        made = edition(root)
    styles = structs.replace(made.styles, print=f"{made.styles.print}\n{css}")
    made = structs.replace(made, styles=styles)
    return made, write("pdf", made)


def found(text: str, css: str = "", size: str = "A4") -> list[Finding]:
    made, data = printed(text, css, size)
    return list(prove(data, made, "sleep.pdf"))


def rules(findings: Sequence[Finding]) -> dict[str, str]:
    return {one.rule: str(one.location) for one in findings}


def test_a_broken_word_is_named_by_its_place() -> None:
    text = "# Rest\n\n" + "Of the night, *Hypertension Research* says. " * 40 + "[@page2021]"
    wrong = [one for one in found(text, ".text p { word-break: break-all }", "A5") if one.rule == "PRF330"]
    assert wrong
    assert all(str(one.location).startswith("01-text.md:3:") for one in wrong)
    assert "without a hyphen" in wrong[0].message


def test_the_same_text_in_pubkit_s_own_style_has_no_fault() -> None:
    text = "# Rest\n\n" + "Of the night, *Hypertension Research* says. " * 40 + "[@page2021]"
    assert found(text, size="A5") == []


def test_rows_that_a_cell_joins_stay_on_one_page_or_the_build_says_so() -> None:
    groups = "\n".join(
        f"| g{number:<4}| a{number:<4} |\n|      +-------+\n|      | b{number:<4} |\n+------+-------+"
        for number in range(36)
    )
    text = f"# Doses\n\nSee below [@page2021].\n\n+------+-------+\n| A    | B     |\n+======+=======+\n{groups}\n"
    assert found(text) == []
    # A sheet that does not keep them together tears none either: the cell is printed again.
    made, data = printed(text, ".joined { break-after: auto !important }")
    assert "PRF333" not in rules(list(prove(data, made, "sleep.pdf")))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        cell = next(
            one for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/RowSpan" in one.get("/A", {})
        )
        cell["/A"]["/RowSpan"] = 500
        buffer = io.BytesIO()
        pdf.save(buffer)
        assert [one.page for one in rows.torn(pdf)] == [1]
    torn = [one for one in prove(buffer.getvalue(), made, "sleep.pdf") if one.rule == "PRF333"]
    assert torn[0].location is not None
    assert torn[0].location.file == "01-text.md"


def test_a_cell_that_joins_more_rows_than_a_page_holds_is_printed_again_on_the_next() -> None:
    rest = "\n".join(f"|      +-------+\n|      | a{number:<4} |" for number in range(1, 40))
    table = f"+------+-------+\n| G    | A     |\n+======+=======+\n| Long | a0    |\n{rest}\n+------+-------+\n"
    text = f"# Doses\n\nSee below [@page2021].\n\n{table}"
    # Rows that are kept together begin on a page of their own, which a note says.
    assert rules(found(text, size="A5")).keys() <= {"PRF334"}
    pages = set_pages(printed(text, size="A5")[1])
    carried = [page.number for page in pages if any(one.text.strip() == "Long" for one in page.pieces)]
    assert len(carried) > 1
    assert carried == list(range(carried[0], carried[-1] + 1))


def test_a_heading_at_the_foot_is_found() -> None:
    text = "# Rest\n\n" + f"{PARAGRAPH}\n\n" * 6 + "# Night {#night}\n\n" + f"{PARAGRAPH} [@page2021]"
    css = "#night h2 { margin-bottom: 170mm } h2 { break-after: auto !important }"
    assert rules(found(text, css)).get("PRF335") == "01-text.md:15:3"
    assert "PRF335" not in rules(found(text))


def test_a_figure_that_leaves_a_gap_moves_and_is_found_if_it_cannot() -> None:
    figure = '![Hours of rest.](hours.png){#fig:hours alt="Two bars."}'
    text = f"# Rest\n\n{PARAGRAPH * 3} [@page2021]\n\n{figure}\n\n" + f"{PARAGRAPH}\n\n" * 9
    moved = text.replace(PARAGRAPH * 3, f"As @fig:hours shows. {PARAGRAPH * 3}")
    assert "PRF334" not in rules(found(moved))
    many = "\n\n".join(
        f"![Hours in week {number}.](hours.png){{alt='Two bars.'}}" for number in ("one", "two", "three")
    )
    kept = [one for one in found(f"# Rest\n\n{PARAGRAPH}[@page2021]\n\n{many}\n") if one.rule == "PRF334"]
    assert [(str(one.severity), str(one.location)) for one in kept][-1:] == [("note", "01-text.md:9:3")]


def test_the_pages_of_the_torture_text_are_read_whole() -> None:
    made, data = printed("# Rest\n\n" + PARAGRAPH)
    words = " ".join(pieces.text_of(line) for one in set_pages(data) for line in pieces.lines(one))
    assert " ".join(words.replace("- ", "").split()).count("Sleep is measured") == 6
    assert made.text
