"""What a leaflet is: one sheet, or six panels; and large print."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

from pubkit.manuscript import read
from pubkit.project import loading
from pubkit.proof import prove
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf

from ..conftest import Publish
from .conftest import with_publication

MakeEdition = Callable[..., Edition]
TEXT = """\
# Before you go home

Ask which medicines to take, and *when*.

- Walk a little each day.
- Sleep at the same hours.

# When to call

Call the ward if you are in pain for more than two days.
"""


@pytest.fixture(scope="module")
def leaflet(make_edition: MakeEdition) -> Edition:
    return with_publication(make_edition(TEXT, form="leaflet"), kind="leaflet")


def opened(data: bytes) -> pypdfium2.PdfDocument:
    return pypdfium2.PdfDocument(data)


def words(page: pypdfium2.PdfPage) -> str:
    return " ".join(page.get_textpage().get_text_range().split())


def sizes(data: bytes) -> set[float]:
    """The sizes of all type on the pages, in points; WeasyPrint writes them in CSS pixels."""
    import pypdfium2.raw as pdfium

    found = set()
    for page in opened(data):
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if text.get_text_range(index, 1).strip():
                found.add(round(pdfium.FPDFText_GetFontSize(text, index) * 0.75, 1))
    return found


def test_a_leaflet_is_one_sheet_with_its_disclaimer_and_without_contents(leaflet: Edition) -> None:
    data = pdf.render(leaflet)
    pages = opened(data)
    text = " ".join(map(words, pages))
    assert len(pages) <= 2
    assert "Ask a clinician before you act on it" in text
    assert "Contents" not in text
    assert list(prove("pdf", data, leaflet, "leaflet.pdf").findings) == []


def test_the_front_of_a_leaflet_says_what_state_it_is_in(make_edition: MakeEdition) -> None:
    edition = make_edition("# Sleep\n\n- [ ] rest\n- [x] wake\n\nWell.\n\n- tea\n", form="leaflet")
    said = words(opened(pdf.render(with_publication(edition, kind="leaflet")))[0])
    assert "Version 1.2.0 · Updated 1 June 2026 · Review" in said
    assert "☐ rest ☒ wake" in said
    assert said.count("•") == 1  # that of the tea


def test_six_panels_are_three_columns_on_a_sheet_turned_sideways(leaflet: Edition) -> None:
    data = pdf.render(with_publication(leaflet, panels=6))
    page = opened(data)[0]
    assert tuple(round(side) for side in page.get_size()) == (842, 595)
    text = page.get_textpage()

    def left(said: str) -> float:
        return float(text.get_charbox(text.search(said).get_next()[0])[0])

    front, second = left("Kratom"), left("Before you go home")
    assert front < 842 / 3 < second < 2 * 842 / 3


def test_a_short_table_is_in_one_column_and_a_long_formula_leaves_room_for_its_number(
    make_edition: MakeEdition,
) -> None:
    rows = "".join(f"| Below {number} | in range |\n" for number in range(80, 98))
    sum_ = " + ".join(f"b_{number} x_{number}" for number in range(1, 9))
    formula = f"[$$y = {sum_}$$[(1)]{{.equation-number}}]{{.equation}}"
    lines = "Sit at a table and rest your arm on it.\n\n" * 5
    text = f"# Before\n\n{formula}\n\n{lines}# What it means\n\n| Reading | Meaning |\n|---|---|\n{rows}\n: Readings\n"
    [page, *_] = opened(pdf.render(with_publication(make_edition(text, form="leaflet"), kind="leaflet")))
    letters = page.get_textpage()

    def place(words: str) -> tuple[float, float, float, float]:
        left, bottom, right, top = letters.get_charbox(letters.search(words).get_next()[0])
        return left, bottom, right, top

    assert len({place(words)[0] > page.get_width() / 2 for words in ("What it means", "Below 80", "Below 97")}) == 1
    left, bottom, _, top = place("(1)")
    beside = [one.get_bounds() for one in page.get_objects(max_depth=3)]
    assert any(right < left for _, low, right, high in beside if low < top and high > bottom)
    assert not any(
        start < left < right - 1 for start, low, right, high in beside if bottom - 9 < low and high < top + 9
    )


def test_from_right_to_left_each_line_of_the_imprint_begins_at_the_right(make_edition: MakeEdition) -> None:
    edition = with_publication(make_edition("# النوم\n\nنص قصير.\n", lang="ar", form="leaflet"), kind="leaflet")
    letters = opened(pdf.render(edition))[0].get_textpage()

    def right(said: str) -> float:
        start, count = letters.search(said).get_next()
        return max(float(letters.get_charbox(index, loose=True)[2]) for index in range(start, start + count))

    labels = ("الناشر", "تاريخ النشر", "آخر مراجعة", "التمويل", "الترخيص", "فحص المراجع")
    assert len({round(right(label)) for label in labels}) == 1


def test_large_print_has_no_type_below_16_points(leaflet: Edition, make_edition: MakeEdition) -> None:
    for edition in (leaflet, make_edition(TEXT)):
        found = sizes(pdf.render(with_publication(edition, large_print=True)))
        # Raised numbers, and the running head.
        assert min(size for size in found if size > 13.1) >= 15.9
        assert 16.0 in found


def test_a_leaflet_that_takes_more_than_a_sheet_is_reported(make_edition: MakeEdition) -> None:
    long = "# A heading\n\n" + "\n\n".join("Words and more words. " * 40 for _ in range(14))
    edition = with_publication(make_edition(long, form="leaflet"), kind="leaflet")
    found = [one for one in prove("pdf", pdf.render(edition), edition, "leaflet.pdf").findings if one.rule == "SRC161"]
    assert [one.message for one in found] == ["The leaflet takes 4 pages; 2 are one sheet, printed on both sides."]


def test_a_text_too_long_for_a_leaflet_is_set_as_an_article_and_reported(publication: Publish) -> None:
    text = "# Sleep\n\n" + "Sleep is good. " * 700
    found = read(loading.load(publication(text, kind="leaflet")))
    assert found.form == "article"
    (finding,) = [one for one in found.findings if one.rule == "SRC162"]
    assert str(finding.location).startswith("pubkit.yaml:")
    both = read(loading.load(publication(text, folder="both", kind=["leaflet", "article"])))
    assert both.form == "article"
    assert not [one for one in both.findings if one.rule == "SRC162"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"kind": ["book", "article"]}, "both book and article"),
        ({"kind": "article", "panels": 6}, "only a text with `kind: leaflet`"),
        ({"kind": "leaflet", "panels": 6, "large_print": True}, "no room for large print"),
    ],
)
def test_what_makes_no_sense_is_refused(publication: Publish, said: dict[str, object], words: str) -> None:
    from pubkit.errors import ConfigurationError

    with pytest.raises(ConfigurationError) as error:
        loading.load(publication("# Sleep\n\nText.", **said))
    assert any(words in finding.message for finding in error.value.findings)


def test_eight_panels_are_a_finding_and_the_text_is_judged_all_the_same(publication: Publish) -> None:
    project = loading.load(publication("# Sleep\n\nText.", kind="leaflet", panels=8))
    assert any("panels" in finding.message for finding in project.findings)


def test_an_article_has_plain_page_labels(make_edition: MakeEdition) -> None:
    with pikepdf.open(io.BytesIO(pdf.render(make_edition(TEXT)))) as document:
        assert [page.label for page in document.pages][:1] == ["1"]
