"""What the PDF promises."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest

from pubkit.errors import EnvironmentFault, InputRefused
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf

MakeEdition = Callable[..., Edition]


def pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


@pytest.fixture(scope="module")
def finished(edition: Edition) -> bytes:
    return pdf.render(edition)


def scopes(data: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(data)) as document:
        found = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/TH"]
        return [str(item.A.Scope) for item in found]


def test_the_disclaimer_is_on_the_first_page(finished: bytes) -> None:
    assert "Ask a clinician before you act on it" in pages(finished)[0]


def test_a_note_with_a_list_is_at_the_foot_of_its_page(finished: bytes) -> None:
    (page,) = [page for page in pages(finished) if "Leaves were given" in page]
    assert page.index("Doses.") < page.index("A note of two blocks") < page.index("with a list")


def test_the_contents_give_page_numbers(finished: bytes) -> None:
    lines = [line for page in pages(finished) for line in page.splitlines() if line.startswith("What was found")]
    assert lines[0].rstrip().endswith(("1", "2"))


def test_the_file_says_that_it_is_archivable_and_accessible(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as document, document.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert metadata["dc:title"] == "Kratom & mental health"
        assert document.Root.Lang == "en"
        assert document.Root.MarkInfo.Marked


def test_header_cells_have_a_scope(finished: bytes) -> None:
    assert scopes(finished) == ["/Column", "/Column"]


def test_every_page_of_a_draft_says_draft(finished: bytes, make_edition: MakeEdition) -> None:
    text = "\n\n".join(f"# Part {number}\n\n{'Words and more words. ' * 200}" for number in range(3))
    css = "@page { @top-center { content: none } } @page :nth(2) { @top-center { content: none; display: none } }"
    edition = make_edition(text, draft=True)
    hostile = make_edition(text, draft=True, styles=type(edition.styles)("", "", css))
    for draft in (edition, hostile):
        found = pages(pdf.render(draft))
        assert len(found) > 3
        assert all("Draft" in page for page in found)
    assert not any("Draft" in page for page in pages(finished))


def test_a_style_sheet_cannot_hide_the_disclaimer(make_edition: MakeEdition) -> None:
    css = "aside, aside * { display: none; color: white; font-size: 1pt; position: absolute; left: -90cm }"
    css += "main { opacity: 0 }"
    edition = make_edition("Text.")
    hidden = make_edition("Text.", styles=type(edition.styles)("", "", css))
    found = pypdfium2.PdfDocument(pdf.render(hidden))[0]
    assert "Ask a clinician before you act on it" in found.get_textpage().get_text_range()


@pytest.mark.parametrize(("size", "points"), [("A4", (595, 842)), ("A5", (420, 595)), ("letter", (612, 792))])
def test_the_page_has_the_size_that_was_asked_for(
    make_edition: MakeEdition, size: str, points: tuple[int, int]
) -> None:
    document = pypdfium2.PdfDocument(pdf.render(make_edition("Text.", page_size=size)))
    assert tuple(round(side) for side in document[0].get_size()) == points


def test_a_character_that_no_face_has_is_an_error_and_not_a_box(make_edition: MakeEdition) -> None:
    with pytest.raises(EnvironmentFault, match=r"U\+F0000"):
        pdf.render(make_edition("A sign: \U000f0000."))


def test_a_formula_that_cannot_be_drawn_is_refused(make_edition: MakeEdition) -> None:
    with pytest.raises(InputRefused, match="formula"):
        pdf.render(make_edition(r"A formula $\mathscr{\unknowncommand}$."))


def test_the_words_of_a_formula_are_its_alternative(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as document:
        figures = [
            item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert "p is less than 0.05" in {str(figure.Alt) for figure in figures}


def test_the_running_head_is_the_chapter_that_goes_on_or_that_begins_the_page(make_edition: MakeEdition) -> None:
    long = "Words and more words. " * 260
    found = pages(pdf.render(make_edition(f"# The first part\n\n{long}\n\n# The second part\n\nA few words.\n")))
    (page,) = [page for page in found if "A few words." in page]
    assert page.count("The first part") == 1
    assert page.count("The second part") == 1
