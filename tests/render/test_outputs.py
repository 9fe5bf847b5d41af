"""Promises that every format keeps alike."""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pypdfium2
import pytest
from lxml import etree

import pubkit
from pubkit.boundary import pandoc
from pubkit.errors import EnvironmentFault
from pubkit.formats import FORMATS, OutputFormat
from pubkit.manuscript.model import Picture
from pubkit.manuscript.tree import decode
from pubkit.proof import prove
from pubkit.render import html, write
from pubkit.render.body import text_of
from pubkit.render.epub import book as epub
from pubkit.render.model import Edition
from pubkit.render.pdf import document as pdf

from ..conftest import Publish

MakeEdition = Callable[..., Edition]

TORTURE = Path(__file__).parents[1] / "corpora" / "torture"

AGAIN = """
import hashlib, pickle, sys
from pubkit.formats import FORMATS
from pubkit.render import write
edition = pickle.load(open(sys.argv[1], "rb"))
print(*(hashlib.sha256(write(name, edition)).hexdigest() for name in FORMATS))
"""


def test_the_same_edition_gives_the_same_bytes(edition: Edition, tmp_path: Path) -> None:
    """Elsewhere means another process, folder, time zone, locale, hash seed and umask."""
    (tmp_path / "edition").write_bytes(pickle.dumps(edition))
    elsewhere = {"PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C", "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", AGAIN, "edition"],
        cwd=tmp_path,
        env={"PATH": os.defpath, "PYTHONPATH": os.pathsep.join(sys.path)} | elsewhere,
        capture_output=True,
        text=True,
        check=True,
        umask=0o077,
    )
    here = [hashlib.sha256(write(name, edition)).hexdigest() for name in FORMATS]
    assert done.stdout.split() == here


def assert_inert(page: etree._Element) -> None:
    """No part of a page runs, or is taken from elsewhere; links that a reader follows are no part."""
    for element in page.iter(etree.Element):
        name = etree.QName(element).localname
        assert name not in {"iframe", "object", "embed", "form", "input", "base", "audio", "video", "svg"}
        assert name != "script" or element.get("type") == "application/ld+json"
        assert not [attribute for attribute in element.attrib if str(attribute).startswith("on")]
        for attribute in ("src", "srcset", "poster", "data", "background"):
            assert re.match(
                r"data:image/(png|jpeg|gif|webp);base64,|\.\./images/[0-9a-z.]+$",
                element.get(attribute, "data:image/png;base64,"),
            )
        if name == "link":
            icon = r"data:image/png;base64,[\w+/=]+" if element.get("rel") == "icon" else "(?!)"
            assert re.fullmatch(rf"(\.\./)?styles/\w+\.css|{icon}", element.get("href", ""))
        if name == "a":
            assert re.match(r"https?:|mailto:|tel:|#|[\w/.-]+\.xhtml", element.get("href", "#"))
        if name == "style":
            assert set(re.findall(r"url\((.{10})", element.text or "")) <= {"data:font/"}


def test_no_script_or_remote_address_in_any_output(edition: Edition, make_edition: MakeEdition) -> None:
    text = "# One\n\n[a](javascript:alert(1)) [b](data:text/html,x){onclick=alert(1)} "
    text += "[c](x){style='background:url(//e.org)'} [d](//e.org)\n"
    for one in (edition, make_edition(text)):
        assert_inert(lxml.html.document_fromstring(html.render(one)))
        book = zipfile.ZipFile(io.BytesIO(epub.render(one)))
        for name in book.namelist():
            if name.endswith(".xhtml"):
                assert_inert(etree.fromstring(book.read(name)))
            if name.endswith(".css"):
                assert set(re.findall(rb"url\(([^)]*)\)", book.read(name))) <= {b"../fonts/formulas.woff"}
        with pikepdf.open(io.BytesIO(pdf.render(one))) as document:
            for item in document.objects:
                if isinstance(item, pikepdf.Dictionary):
                    assert item.get("/S") not in {"/JavaScript", "/Launch", "/GoToR", "/SubmitForm"}
                    assert "/EmbeddedFile" not in item
                    assert str(item.get("/URI", "https:")).startswith(("https:", "http:", "mailto:"))


def torture(make_edition: MakeEdition) -> Edition:
    pictures = {}
    for path in sorted((TORTURE / "images").iterdir()):
        data = path.read_bytes()
        width, height = (int.from_bytes(data[start : start + 4]) for start in (16, 20))
        digest = hashlib.sha256(data).hexdigest()
        pictures[f"images/{path.name}"] = Picture(data, "image/png", width, height, digest)
    text = (TORTURE / "torture.md").read_text("utf-8")
    return make_edition(text, tree=decode(pandoc.parse(text)), pictures=pictures, cited=(), unchecked=0)


def in_order(found: str, expected: list[str]) -> list[str]:
    """The texts of `expected` that do not come in `found` after those before them; white space and hyphens do not count."""

    def bare(text: str) -> str:
        return re.sub(r"[\s\u00ad\u200b\u2010\ufffe\x02-]+", "", text)

    missing, place, haystack = [], 0, bare(found)
    for text in expected:
        at = haystack.find(bare(text), place)
        if at < 0:
            missing.append(text)
        else:
            place = at + len(bare(text))
    return missing


SPOKEN = [
    "A paragraph before the first heading",
    "a fourth level",
    "indented code in an item",
    "As (1) shows, examples have numbers",
    "The second meaning, with a list",
    "A quotation inside the quotation",
    "Text below six levels of headings",
    "Alignment of every kind",
    "over two columns",
    "Csikszentmihalyi",
    "A cell whose text runs over several lines",
    "has to break somewhere",
    "sit on the line",
    "A figure with a caption and a text alternative",
    "Second part",
    "Здоровье дороже богатства",
    "Sức khỏe là vàng",
    "健康是福",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
    "The last paragraph of the text",
    "First.",
    "Second.",
]
NOTES = [
    "A note called before any heading",
    "Short.",
    "code in a note",
    "Called from a quotation",
    "Called from a heading",
    "Called from a table cell",
]


def test_nothing_of_the_torture_manuscript_is_lost_in_html_and_epub(make_edition: MakeEdition) -> None:
    edition = torture(make_edition)
    page = text_of(lxml.html.document_fromstring(html.render(edition)))
    book = zipfile.ZipFile(io.BytesIO(epub.render(edition)))
    chapters = [etree.fromstring(book.read(name)) for name in sorted(book.namelist()) if "chapter" in name]
    for text in (page, "".join("".join(map(str, chapter.itertext())) for chapter in chapters)):
        assert in_order(text, SPOKEN) == []
        assert in_order(text, NOTES) == []


@pytest.mark.parametrize("name", ["docx", "jats", "txt"])
def test_nothing_of_the_torture_manuscript_is_lost_for_reviewers_and_archives(
    make_edition: MakeEdition, name: OutputFormat
) -> None:
    edition = torture(make_edition)
    assert prove(name, write(name, edition), edition, "torture").findings == ()


def test_nothing_of_the_torture_manuscript_is_lost_in_pdf(make_edition: MakeEdition) -> None:
    try:
        data = pdf.render(torture(make_edition))
    except EnvironmentFault as fault:
        pytest.skip(f"{fault.message} {fault.remedy}")
    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(data))
    assert in_order(text, SPOKEN) == []
    assert in_order(text, NOTES) == []


_LISTS = """(1) One.
(2) Two.

Text.

b) Beta.

    (iv) Four.
    (v) Five.

c) Gamma.

Text.

1. Plain.

Text.[^n]

[^n]:
    A)  First.
    B)  Second.
"""


def test_a_list_keeps_the_marks_that_its_author_wrote(make_edition: MakeEdition) -> None:
    edition = make_edition(_LISTS, disclaimers=())
    page: Any = lxml.html.document_fromstring(html.render(edition))
    assert [(one.text_content().split()[0], one.get("class")) for one in page.xpath("//main//ol[li]")] == [
        ("One.", "two-parens decimal"),
        ("Beta.", "one-paren lower-alpha"),
        ("Four.", "two-parens lower-roman"),
        ("Plain.", None),
        ("First.", None),
        ("First.", "one-paren upper-alpha"),
    ]
    assert not page.xpath("//div[contains(@class, 'paren')]")
    with zipfile.ZipFile(io.BytesIO(epub.render(edition))) as book:
        chapters = b"".join(book.read(name) for name in book.namelist() if name.endswith(".xhtml"))
    assert chapters.count(b'class="two-parens lower-roman"') == 1


def test_marks_of_lists_are_printed_as_written(make_edition: MakeEdition) -> None:
    document = pypdfium2.PdfDocument(pdf.render(make_edition(_LISTS, disclaimers=())))
    words = " ".join(" ".join(page.get_textpage().get_text_range() for page in document).split())
    assert "(1) (2) b) (iv) (v) c) 1." in words
    assert "A) First. B) Second." in words


def test_what_is_awkward_to_set_is_found_whole(publication: Publish, tmp_path: Path) -> None:
    text = (
        "# One\n\nक्षत्रिय किताब, दुनिया।\n\n## $y = 1$\n\nWords.\n\n## `z`\n\n"
        f"The name `{'another_identifier_' * 11}`.\n\n"
        "<table><tbody><tr><td>a</td><td>7</td></tr></tbody><tfoot><tr><td>b</td><td>8</td></tr></tfoot></table>\n\nEnd.\n"
    )
    made = pubkit.build(publication(text, bibliography=None), tmp_path / "out", only=["pdf", "jats"])
    assert [finding for finding in made.report.findings if finding.rule.startswith("PRF")] == []
    [page] = tmp_path.glob("out/*.pdf")
    document = pypdfium2.PdfDocument(page)
    read = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert {*"क्षत्रिय किताब"} <= {*read}
