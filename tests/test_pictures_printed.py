"""Pictures, links and formulas in every format: wherever they are, in the size that the author wants, and valid."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pytest
import yaml
from PIL import Image

import pubkit
from pubkit.publish.model import Release

from .conftest import BIBLIOGRAPHY, METADATA, png

TEXT = """# Words with ![a blue field](icon.png)

A guideline says so [@page2021].[^1] An icon ![of a field](icon.png){width=16px} and one ![more](icon.png){height=0.5in}.

![A scan](scan.png){alt="A field that grows lighter."}

<figure id="fig:drawn"><img src="drawn.svg" alt="Three bars"><figcaption>A drawing</figcaption></figure>

![Bars^[A note in a caption.]](icon.png){width=0.3333333333in}

| Field | Words |
|-------|-------|
| ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT | ACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGTACGT |
| ![wide](icon.png){width=40cm} | words |

## Counts of 10^6^ cells and $x_1^2$ in [the web](https://example.org/web)

A [link with a note^[In a link.] and words](<https://müller.example/a b>) and [a citation [@page2021]](https://example.org/a|b).

[^1]: A picture in a note: ![a field](icon.png).
"""
DRAWING = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 100"><rect width="200" height="100" fill="#eef"/>
<text x="10" y="50" font-family="Helvetica, sans-serif">Week one</text><path d="M10 60h80v10h-80z"/></svg>"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Release]:
    folder = tmp_path_factory.mktemp("pictures")
    scan = io.BytesIO()
    Image.linear_gradient("L").convert("I").point(lambda value: value * 256).convert("I;16").save(scan, "PNG")
    (folder / "01-text.md").write_text(TEXT)
    (folder / "icon.png").write_bytes(png())
    (folder / "scan.png").write_bytes(scan.getvalue())
    (folder / "drawn.svg").write_text(DRAWING)
    (folder / "references.bib").write_text(BIBLIOGRAPHY)
    said = {**METADATA, "bibliography": "references.bib", "outputs": ["html", "epub", "pdf", "docx", "jats", "txt"]}
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(said, sort_keys=False))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        yield pubkit.build(folder, folder / "dist")


def path(release: Release, kind: str) -> Path:
    return next(artifact.path for artifact in release.artifacts if artifact.format == kind)


def test_every_format_is_proved_with_them(release: Release) -> None:
    assert len(release.artifacts) == 6
    assert [one for one in release.report.findings if one.rule.startswith("PRF")] == []


def test_the_page_shows_them_in_the_size_that_the_author_wants(release: Release) -> None:
    page: Any = lxml.html.document_fromstring(path(release, "html").read_bytes())
    shown = [(one.get("alt"), one.get("width"), one.get("height")) for one in page.iter("img")]
    assert shown == [
        ("a blue field", "40", "20"),
        ("of a field", "16", "8"),
        ("more", "96", "48"),
        ("A field that grows lighter.", "256", "256"),
        ("Three bars", "200", "100"),
        ("Bars", "32", "16"),
        ("wide", "1512", "756"),
        ("a field", "40", "20"),
    ]
    assert page.xpath('string(//nav//a[contains(., "Words")])') == "Words with a blue field"


def test_a_drawing_stays_one(release: Release) -> None:
    with zipfile.ZipFile(path(release, "epub")) as book:
        [name] = [name for name in book.namelist() if name.endswith(".svg")]
        assert b"Week one" in book.read(name)
    with zipfile.ZipFile(path(release, "docx")) as word:
        [drawing] = [name for name in word.namelist() if name.endswith(".svg")]
        shown = Image.open(io.BytesIO(word.read(f"{drawing}.png")))
        assert b'r:embed="' in word.read("word/document.xml").partition(b"svgBlip")[0].rpartition(b"<a:blip")[2]
    assert shown.size == (400, 200)
    assert len(shown.convert("RGB").getcolors(100_000) or ()) > 2
    assert b"data:image/svg+xml;base64," in path(release, "jats").read_bytes()
    with pikepdf.open(path(release, "pdf")) as pdf:
        sizes = {
            (int(one.Width), int(one.Height))
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        }
        fonts = {str(one.BaseFont) for one in pdf.objects if isinstance(one, pikepdf.Dictionary) and "/BaseFont" in one}
    assert (256, 256) in sizes
    assert (200, 100) not in sizes
    assert not [name for name in fonts if "DejaVu" in name]  # Helvetica in the drawing is set as a sans serif


def test_no_link_or_note_is_inside_a_link(release: Release) -> None:
    page: Any = lxml.html.document_fromstring(path(release, "html").read_bytes())
    assert page.xpath("//a//a") == []
    links = {one.get("href"): one.text_content() for one in page.iter("a")}
    assert links["https://example.org/a%7Cb"] == "a citation"
    assert links["https://xn--mller-kva.example/a%20b"] == "link with a note and words"
    assert page.xpath("string(//a[contains(@href, 'xn--mller')]/following-sibling::sup[1])") == "c"


def test_copies_of_headings_hold_formulas_as_signs(release: Release) -> None:
    with zipfile.ZipFile(path(release, "epub")) as book:
        navigation = book.read("EPUB/nav.xhtml")
    assert b"<math" not in navigation
    assert b"Counts of 10<sup>6</sup> cells and <span>x<sub>1</sub><sup>2</sup></span> in" in navigation
    with pikepdf.open(path(release, "pdf")) as pdf, pdf.open_outline() as outline:
        titles = [one.title for chapter in outline.root for one in chapter.children]
    assert "Counts of 10⁶ cells and x₁² in the web" in titles


def test_a_picture_in_a_cell_keeps_to_its_share_of_the_line(release: Release) -> None:
    with zipfile.ZipFile(path(release, "docx")) as word:
        widths = [int(one) for one in re.findall(rb'<wp:extent cx="(\d+)"', word.read("word/document.xml"))]
    assert max(widths) < 6_000_000
    with pikepdf.open(path(release, "pdf")) as pdf:
        assert [one for one in release.report.findings if one.rule == "PRF304"] == []
        assert len(pdf.pages) > 1
