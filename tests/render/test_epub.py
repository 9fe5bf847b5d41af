"""What the EPUB promises."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Callable

import pytest
from lxml import etree
from PIL import Image

from pubkit.render.epub import book as epub
from pubkit.render.model import Edition

MakeEdition = Callable[..., Edition]

NAMES = {
    "h": "http://www.w3.org/1999/xhtml",
    "opf": "http://www.idpf.org/2007/opf",
    "dc": "http://purl.org/dc/elements/1.1/",
    "epub": "http://www.idpf.org/2007/ops",
}


@pytest.fixture(scope="module")
def book(edition: Edition) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(epub.render(edition)))


def parts(book: zipfile.ZipFile) -> dict[str, etree._Element]:
    return {name: etree.fromstring(book.read(name)) for name in book.namelist() if name.endswith((".xhtml", ".opf"))}


def properties(book: zipfile.ZipFile, name: str) -> list[str | None]:
    package = etree.fromstring(book.read("EPUB/package.opf"))
    return [meta.text for meta in package.iterfind(f".//opf:meta[@property='schema:{name}']", NAMES)]


def test_the_mimetype_comes_first_and_uncompressed(book: zipfile.ZipFile) -> None:
    first = book.infolist()[0]
    assert (first.filename, first.compress_type, book.read(first)) == (
        "mimetype",
        zipfile.ZIP_STORED,
        b"application/epub+zip",
    )


def test_every_link_between_the_chapters_arrives(book: zipfile.ZipFile) -> None:
    pages = {name: page for name, page in parts(book).items() if name.endswith(".xhtml")}
    identifiers = {name: {element.get("id") for element in page.iter()} for name, page in pages.items()}
    crossing = 0
    for name, page in pages.items():
        for link in page.iterfind(".//h:a[@href]", NAMES):
            target, _, fragment = (link.get("href") or "").partition("#")
            if ":" in target:
                continue
            file = posixpath.normpath(posixpath.join(posixpath.dirname(name), target)) if target else name
            crossing += file != name
            assert not fragment or fragment in identifiers[file], (name, link.get("href"))
    assert crossing > 5


def test_the_spine_has_the_disclaimer_before_the_text_and_the_contents_list_it(book: zipfile.ZipFile) -> None:
    package = parts(book)["EPUB/package.opf"]
    order = [item.get("idref") or "" for item in package.iterfind(".//opf:itemref", NAMES)]
    assert order.index("text-title-xhtml") < order.index("text-chapter-000-xhtml")
    assert not package.findall(".//opf:itemref[@linear='no']", NAMES)
    assert b"text/title.xhtml#pubkit-disclaimer-general" in book.read("EPUB/nav.xhtml")


def test_the_contents_lead_to_a_heading_that_begins_no_chapter(make_edition: MakeEdition) -> None:
    made = epub.render(make_edition("::: {.tabs}\n## One tab {#one}\n\nText.\n\n## Other {#other}\n\nText.\n:::\n"))
    book = zipfile.ZipFile(io.BytesIO(made))
    nav = book.read("EPUB/nav.xhtml").decode()
    assert "text/#" not in nav
    assert "#other" in nav


def test_each_chapter_is_called_by_its_heading(book: zipfile.ZipFile) -> None:
    titles = {
        name: page.findtext(".//h:title", namespaces=NAMES) for name, page in parts(book).items() if "chapter" in name
    }
    assert list(titles.values()) == ["Kratom & mental health", "What was studied", "What was found", "References"]


def test_notes_are_pop_ups_in_the_chapter_that_calls_them(book: zipfile.ZipFile) -> None:
    page = parts(book)["EPUB/text/chapter-001.xhtml"]
    (call,) = page.findall(".//h:a[@epub:type='noteref']", NAMES)
    (note,) = page.findall(".//h:aside[@epub:type='footnote']", NAMES)
    assert call.get("href") == f"#{note.get('id')}"


def test_accessibility_metadata_say_what_is_there(book: zipfile.ZipFile, make_edition: MakeEdition) -> None:
    assert properties(book, "accessMode") == ["textual", "visual"]
    assert {"alternativeText", "MathML", "tableOfContents"} <= set(properties(book, "accessibilityFeature"))
    plain = zipfile.ZipFile(io.BytesIO(epub.render(make_edition("# One\n\nWords only.\n", pictures={}))))
    assert properties(plain, "accessMode") == ["textual"]
    assert not {"alternativeText", "MathML"} & set(properties(plain, "accessibilityFeature"))


def test_a_picture_without_words_is_not_passed_off_as_described(make_edition: MakeEdition) -> None:
    book = zipfile.ZipFile(io.BytesIO(epub.render(make_edition("# One\n\nA picture ![](bars.png) without words.\n"))))
    assert properties(book, "accessModeSufficient") == ["textual,visual"]
    assert "alternativeText" not in properties(book, "accessibilityFeature")


def test_the_identifier_and_the_date_are_those_of_the_edition(book: zipfile.ZipFile) -> None:
    package = parts(book)["EPUB/package.opf"]
    assert package.findtext(".//dc:identifier", namespaces=NAMES) == "urn:uuid:6f0f3a5e-3c7a-5d1e-9f3e-0a7d3b6f1c11"
    assert package.findtext(".//opf:meta[@property='dcterms:modified']", namespaces=NAMES) == "2026-06-01T12:00:00Z"


def test_the_cover_holds_a_title_of_any_length(make_edition: MakeEdition) -> None:
    for title in ("K", "A " + "very " * 55 + "long title", "Donaudampfschifffahrtsgesellschaftskapitänswitwe" * 3):
        book = zipfile.ZipFile(io.BytesIO(epub.render(make_edition("Text.", title=title))))
        with Image.open(io.BytesIO(book.read("EPUB/images/cover.png"))) as cover:
            assert cover.size == (1600, 2400)


def test_every_page_of_a_draft_says_so(make_edition: MakeEdition) -> None:
    book = zipfile.ZipFile(io.BytesIO(epub.render(make_edition(draft=True))))
    pages = [name for name in book.namelist() if name.startswith("EPUB/text/") and "cover" not in name]
    assert all(b'class="pubkit-draft"' in book.read(name) for name in pages)


def test_the_cover_is_in_the_colours_of_the_house(book: zipfile.ZipFile) -> None:
    with Image.open(io.BytesIO(book.read("EPUB/images/cover.png"))) as cover:
        colours = cover.convert("RGB")
    assert colours.getpixel((5, 5)) == (0x17, 0x56, 0x6B)
    assert colours.getpixel((5, 2395)) == (250, 248, 243)
