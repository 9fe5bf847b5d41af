"""The cover: set from the metadata in any script, or the house's own, with its logo and its colours."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pypdfium2
import pytest
from msgspec import structs
from PIL import Image

from pubkit.project.metadata import Author, Colours, Publication
from pubkit.render import cover
from pubkit.render.epub import book as epub
from pubkit.render.faceless import lacking
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf
from pubkit.render.styles import brand, sheets

from .conftest import picture, with_publication

MakeEdition = Callable[..., Edition]


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def dark(image: Image.Image, box: tuple[int, int, int, int]) -> float:
    """The share of dark pixels in a part of a picture."""
    grey = image.crop(box).convert("L")
    return sum(grey.histogram()[:100]) / (grey.width * grey.height)


def green(image: Image.Image) -> int:
    """The number of green pixels in the corner that has the logo."""
    corner = image.crop((1000, 50, 1500, 400)).tobytes()
    return sum(red < 60 and shade > 200 for red, shade in zip(corner[::3], corner[1::3], strict=True))


def set_in(edition: Edition) -> set[str]:
    """The faces in which the first page of the edition's PDF is set, where it is a book."""
    page = pypdfium2.PdfDocument(pdf.render(structs.replace(edition, form="book")))[0]
    text = page.get_textpage()
    import ctypes

    import pypdfium2.raw as pdfium

    name, flags = ctypes.create_string_buffer(200), ctypes.c_int()
    found = set()
    for index in range(text.count_chars()):
        pdfium.FPDFText_GetFontInfo(text, index, name, 200, flags)
        found.add(name.value.decode().partition("+")[2])
    return found


@pytest.mark.skipif(bool(lacking("针灸王小明")), reason="no installed face has these characters")
def test_a_title_in_another_script_is_set_in_a_face_that_has_it(make_edition: MakeEdition) -> None:
    edition = with_publication(make_edition("Text."), title="Notes on 针灸", authors=[Author("王小明")])
    image = opened(cover.drawn(edition).data)
    assert image.size == (1600, 2400)
    assert 0.02 < dark(image, (150, 1080, 1450, 1500)) < 0.3
    assert any("CJK" in face for face in set_in(edition))


def test_a_character_that_no_face_has_is_spelled_out_and_never_a_box(make_edition: MakeEdition) -> None:
    edition = with_publication(make_edition("Text."), title="A \U000f0000 sign")
    spelled = with_publication(make_edition("Text."), title="A [U+F0000] sign")
    assert cover.drawn(edition).data == cover.drawn(spelled).data


def test_a_long_title_stays_whole(make_edition: MakeEdition) -> None:
    title = " ".join(["Sleeping"] * 33)
    edition = structs.replace(with_publication(make_edition("Text."), title=title), form="book")
    page = pypdfium2.PdfDocument(pdf.render(edition))[0]
    assert page.get_textpage().get_text_range().count("Sleeping") >= title.count("Sleeping")


def test_the_house_has_its_own_cover_in_the_epub_and_in_a_book(make_edition: MakeEdition) -> None:
    own = picture("#aa2200", (1000, 1500))
    edition = make_edition("Text.", pictures={"art/front.png": own}, form="book")
    edition = with_publication(edition, cover="art/front.png")
    with zipfile.ZipFile(io.BytesIO(epub.render(edition))) as archive:
        assert archive.read("EPUB/images/cover.png") == own.data
        assert b'properties="cover-image"' in archive.read("EPUB/package.opf")
    first = pypdfium2.PdfDocument(pdf.render(structs.replace(edition, draft=True)))[0]
    assert first.get_textpage().get_text_range().strip() == "Draft"
    page = first.render(scale=0.5).to_pil().convert("RGB")
    for down in (0.5, 0.98):  # it fills the page, and keeps its shape
        red, green, blue = page.getpixel((page.width // 2, int(page.height * down)))
        assert (red > 150, green < 60, blue < 30) == (True, True, True)
    assert page.getpixel((2, page.height // 2)) == (255, 255, 255)


def test_the_logo_and_the_colour_are_on_the_cover(make_edition: MakeEdition) -> None:
    plain = make_edition("Text.")
    edition = with_publication(plain, logo="logo.png", colours=Colours("#8a1538"))
    edition = structs.replace(edition, pictures={"logo.png": picture("#00ff00", (200, 200))})
    image = opened(cover.drawn(edition).data)
    assert image.getpixel((20, 20)) == (0x8A, 0x15, 0x38)
    assert green(image) > 2_000
    assert green(opened(cover.drawn(plain).data)) == 0
    assert opened(cover.drawn(plain).data).getpixel((20, 20)) == (0x17, 0x56, 0x6B)


def test_a_colour_that_cannot_be_read_is_given_the_nearest_that_can() -> None:
    assert brand.against("#17566b") == "#17566b"
    assert brand.ink_on(brand.against("#ffcc00")) == "#ffffff"
    assert brand.against("#17566b", "#15191b") != "#17566b"


def test_the_house_colours_are_in_every_style_sheet(make_edition: MakeEdition) -> None:
    publication: Publication = structs.replace(make_edition("Text.").publication, colours=Colours("#8a1538", "#0b5578"))
    styles = sheets.load(None, publication)
    assert all("#8a1538" in css for css in (styles.web, styles.epub, styles.print))
    assert "prefers-color-scheme: dark) { :root { --accent: #8a1538" not in styles.web
