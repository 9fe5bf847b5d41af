"""What the PDF promises."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pypdfium2
import pytest
from PIL import Image

from pubkit.errors import EnvironmentFault, InputRefused
from pubkit.manuscript.model import Picture
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf

from .conftest import with_publication

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


def destinations(page: pikepdf.Page) -> dict[str, str]:
    """Where each link within the file leads, by the text of its annotation."""
    return {str(link.Contents): str(link.Dest) for link in page.get("/Annots", []) if "/Dest" in link}


def test_the_mark_of_a_note_leads_to_the_note_and_back(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as document:
        names = document.Root.Names.Dests.Names
        places = dict(zip(map(str, list(names)[::2]), list(names)[1::2], strict=True))
        [page] = [one for one in document.pages if "pubkit-note-1" in destinations(one).values()]
        assert "pubkit-call-1" in destinations(page).values()
        call, note = (places[name][3] for name in ("pubkit-call-1", "pubkit-note-1"))
        assert call > note  # the note is at the foot


def test_the_outline_is_shown_and_open_at_its_first_level(finished: bytes) -> None:
    with pikepdf.open(io.BytesIO(finished)) as document:
        assert document.Root.PageMode == "/UseOutlines"
        with document.open_outline() as outline:
            assert [item.title for item in outline.root if item.is_closed is False and item.children] == []


def test_a_page_is_called_by_the_number_printed_on_it(make_edition: MakeEdition) -> None:
    text = "\n\n".join(f"# Part {number}\n\n{'Words and more words. ' * 300}" for number in range(3))
    styles = make_edition(text).styles
    roman = "@page :first { @bottom-right { content: counter(page, lower-roman) } }"
    edition = make_edition(text, styles=type(styles)(styles.web, styles.epub, styles.print + roman))
    with pikepdf.open(io.BytesIO(pdf.render(edition))) as document:
        assert [page.label for page in document.pages][:3] == ["i", "2", "3"]


def test_a_drawing_of_few_colours_is_no_larger_than_its_file(make_edition: MakeEdition) -> None:
    chart = Image.new("P", (900, 600))
    chart.putpalette([255, 255, 255, 23, 86, 107, 141, 90, 27])
    chart.putdata([(x // 90 + y // 60) % 3 for y in range(600) for x in range(900)])
    buffer = io.BytesIO()
    chart.save(buffer, "PNG", optimize=True)
    shown = Picture(buffer.getvalue(), "image/png", 900, 600, "2" * 64)
    with pikepdf.open(io.BytesIO(pdf.render(make_edition("![A chart](chart.png)", {"chart.png": shown})))) as document:
        image = next(item for item in document.objects if isinstance(item, pikepdf.Stream) and "/Height" in item)
        assert len(image.read_raw_bytes()) <= len(buffer.getvalue())
        printed = pikepdf.PdfImage(image).as_pil_image().convert("RGB")
        assert printed.tobytes() == chart.convert("RGB").tobytes()


def test_a_word_broken_at_the_end_of_a_line_is_still_one_word_to_a_search(make_edition: MakeEdition) -> None:
    found = pages(pdf.render(make_edition("Electroencephalography and psychopharmacology. " * 30)))[0]
    # PDFium shows by U+FFFE that it takes a hyphen for that of a broken word; it does not do so for U+2010.
    assert "\ufffe" in found
    assert "\u2010" not in found
    assert found.replace("\ufffe", "").count("Electroencephalography") == 30


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


@pytest.mark.parametrize(("chapter", "shown"), [
    ("Results", "Treatments for chronic insomnia in adults who are at home"),
    ("A chapter whose own name is a long one", "Treatments for chronic insomnia in adults who are\u00a0…"),
])  # fmt: skip
def test_the_title_has_the_room_that_the_chapters_leave_it_in_the_running_head(
    make_edition: MakeEdition, chapter: str, shown: str
) -> None:
    text = f"# {chapter}\n\nWords.\n"
    edition = with_publication(make_edition(text), title="Treatments for chronic insomnia in adults who are at home")
    assert f'data-running="{shown}"' in pdf.page(edition)
