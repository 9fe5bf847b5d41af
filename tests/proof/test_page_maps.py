"""The pages of a text made to go wrong, line by line, compared with those that were looked at last.

`PUBKIT_WRITE_GOLDEN=1` writes them anew: read the difference as a reader would, with the pages beside it.
"""

from __future__ import annotations

import functools
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from pubkit.proof.pdf import prove
from pubkit.proof.setting import pieces
from pubkit.proof.setting.pieces import Box, Page
from pubkit.render import write
from pubkit.render.model import Edition

from ..conftest import BIBLIOGRAPHY, METADATA, png
from .finished import edition, set_pages

PAGES = Path(__file__).parents[1] / "corpora" / "torture" / "pages"
MILLIMETRE = 72 / 25.4


@functools.cache
def printed(size: str, text: str = "") -> tuple[Edition, bytes]:
    """Return the edition and the PDF of `text`; without one, of the text made to go wrong."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        said = {**METADATA, "bibliography": "references.bib", "page_size": size}
        (root / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
        (root / "01-pages.md").write_text(text or (PAGES / "pages.md").read_text("utf-8"), "utf-8")
        (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
        (root / "hours.png").write_bytes(png(900, 800))
        (root / "tall.png").write_bytes(png(800, 2000))
        made = edition(root)
    return made, write("pdf", made)


def page_map(page: Page) -> Iterator[str]:
    """Each line: how far down, from where to where (mm), its first and last word; and each picture's box."""
    yield f"--- page {page.number}, {page.width / MILLIMETRE:.0f} x {page.height / MILLIMETRE:.0f} mm"
    for line in pieces.lines(page):
        words = pieces.text_of(line).split()
        shown = words[0] if len(words) == 1 else f"{words[0]} … {words[-1]}"
        yield f"{_place(page, Box(line[0].box.left, line[0].baseline, line[-1].box.right, 0))}  {shown}"
    for box in page.others:
        if box.top - box.bottom > 10 * MILLIMETRE:
            yield f"{_place(page, box)}  a box, {(box.top - box.bottom) / MILLIMETRE:.0f} mm high"


def _place(page: Page, box: Box) -> str:
    down, left, right = (value / MILLIMETRE for value in (page.height - box.bottom, box.left, box.right))
    return f"{down:4.0f} {left:4.0f}–{right:<3.0f}"


def _pango() -> str:
    """The version of Pango, which breaks the lines: another one may break them elsewhere."""
    from weasyprint.text.ffi import pango

    return str(pango.pango_version())


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_the_pages_look_as_they_did_when_they_were_looked_at(size: str) -> None:
    lines = [line for page in pages(size) for line in page_map(page)]
    text = "\n".join((f"Pango {_pango()}", *lines, ""))
    golden = PAGES / f"{size}.txt"
    if os.environ.get("PUBKIT_WRITE_GOLDEN"):
        golden.write_text(text, "utf-8")
    known = golden.read_text("utf-8")
    if known.partition("\n")[0] != text.partition("\n")[0]:
        pytest.skip(f"The pages were last looked at with another {known.partition(' ')[0]}")
    assert text == known


@functools.cache
def pages(size: str, text: str = "") -> tuple[Page, ...]:
    return set_pages(printed(size, text)[1])


def lines_of(page: Page) -> list[str]:
    return [pieces.text_of(line) for line in pieces.lines(page)]


def test_a_table_that_continues_says_so_on_each_page_after_its_first() -> None:
    said = [page.number for page in pages("A5") if "Table 2 (continued)" in lines_of(page)]
    groups = [page.number for page in pages("A5") if any(line.startswith("g1") for line in lines_of(page))]
    assert said == groups[1:] != []


def test_a_table_is_turned_only_where_it_does_not_fit_and_the_page_before_it_is_full() -> None:
    turned = [page.number for page in pages("A5") if page.width > page.height]
    assert len(turned) == 1
    before = pages("A5")[turned[0] - 2]
    lowest = min(piece.baseline for piece in before.pieces if piece.baseline > 22 * MILLIMETRE)
    assert lowest < 0.25 * before.height
    assert not [page for page in pages("A4") if page.width > page.height]


def test_the_lines_of_a_heading_are_of_much_the_same_length() -> None:
    lines = [line for page in pages("A5") for line in pieces.lines(page) if line[0].size > 12]
    start = next(n for n, line in enumerate(lines) if pieces.text_of(line).startswith("Tables of doses"))
    widths = [line[-1].box.right - line[0].box.left for line in lines[start : start + 2]]
    assert min(widths) > 0.8 * max(widths)


def test_decimal_signs_are_below_each_other_on_the_page() -> None:
    numbers = {"75": 0, "400.25": 3, "1,250.5": 2}
    ends = {piece.text.strip(): piece for page in pages("A4") for piece in page.pieces}
    digit = ends["400.25"].size * 0.497
    units = [ends[text].box.right - digit * (after - 0.5 * bool(after)) for text, after in numbers.items()]
    assert max(units) - min(units) < 1.5


@pytest.mark.parametrize("size", ["A4", "A5"])
def test_no_page_has_a_fault(size: str) -> None:
    made, data = printed(size)
    assert [finding.message for finding in prove(data, made, "pages.pdf")] == []


PARAGRAPH = """\
A diary of sleep asks for the hour of going to bed and for that of getting up, and leaves the rest to memory. What a bed
sensor counts as sleep may be a person who lies still and reads, or one who waits for the morning.

"""
FIGURE = '![Hours of rest, picture {0}.](hours.png){{#fig:hours{0} alt="Two bars." width={1}}}\n\n'
HEAD = [f"Column {number} of the table" for number in range(1, 13)]
WIDE = (
    f"| {' | '.join(HEAD)} |\n|{'---|' * 12}\n"
    + "".join(f"| {' | '.join(f'measurement {row}.{number}' for number in range(12))} |\n" for row in range(4))
    + "\n: Twelve columns. {#tbl:wide}\n\n"
)

NOTED = (
    "| Group | Hours |\n|:--|--:|\n"
    + "".join(f"| {row} | {row} |\n" for row in range(9))
    + "\n: Hours. {#tbl:noted}\n\n"
    "::: {.table-notes}\nHours are those of a bed sensor.\n:::\n\n"
)


def emptiness(page: Page) -> float:
    """Return how much of a page is blank below its last line or box, as a share of its height."""
    foot = 22 * MILLIMETRE
    ends = [piece.baseline for piece in page.pieces if piece.baseline > foot]
    return (min([*ends, *(box.bottom for box in page.others if box.bottom > foot)]) - foot) / page.height


def of_text(found: tuple[Page, ...]) -> list[Page]:
    """Return the pages of the text: those before the imprint, which begins a page."""
    return [page for page in found if "About this publication" not in " ".join(lines_of(page)[:3])]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(
            "# Rest\n\n" + 9 * PARAGRAPH + FIGURE.format(1, "90%") + FIGURE.format(2, "90%") + 14 * PARAGRAPH,
            id="figures that follow each other",
        ),
        pytest.param(
            "# Rest\n\n" + 9 * PARAGRAPH + "## Hours\n\n" + FIGURE.format(1, "90%") + 12 * PARAGRAPH,
            id="a figure below its heading",
        ),
        pytest.param(
            "# Rest\n\n" + 9 * PARAGRAPH + NOTED + 12 * PARAGRAPH, id="a table with notes, which move with it"
        ),
        pytest.param("# Rest\n\nSee @tbl:wide.\n\n" + 10 * PARAGRAPH + WIDE, id="a turned table at a chapter's end"),
    ],
)
def test_what_does_not_fit_leaves_no_page_partly_empty(text: str) -> None:
    upright = [page for page in of_text(pages("A5", text)) if page.width < page.height]
    assert max(map(emptiness, upright[:-1])) < 0.2
    made, data = printed("A5", text)
    assert [finding.message for finding in prove(data, made, "pages.pdf")] == []


def test_a_picture_higher_than_the_page_leaves_room_for_its_caption() -> None:
    found = pages("A5", '# Rest\n\n![A bed, from above.](tall.png){#fig:tall alt="A bed."}\n')
    [tall] = [page for page in found if any(box.top - box.bottom > 115 * MILLIMETRE for box in page.others)]
    assert any(line.startswith("Figure 1") for line in lines_of(tall))
