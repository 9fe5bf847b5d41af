"""Pictures in every format: wherever they stand, of every kind that is taken, and in the size that the author wants."""

from __future__ import annotations

import io
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
        ("a field", "40", "20"),
    ]
    assert page.xpath('string(//nav//a[contains(., "Words")])') == "Words with a blue field"


def test_a_drawing_stays_one(release: Release) -> None:
    with zipfile.ZipFile(path(release, "epub")) as book:
        [name] = [name for name in book.namelist() if name.endswith(".svg")]
        assert b"Week one" in book.read(name)
    with zipfile.ZipFile(path(release, "docx")) as word:
        assert [name for name in word.namelist() if name.endswith(".svg")]
    assert b"data:image/svg+xml;base64," in path(release, "jats").read_bytes()
    with pikepdf.open(path(release, "pdf")) as pdf:
        sizes = {
            (int(one.Width), int(one.Height))
            for one in pdf.objects
            if isinstance(one, pikepdf.Stream) and one.get("/Subtype") == "/Image"
        }
    assert (256, 256) in sizes
    assert (200, 100) not in sizes
