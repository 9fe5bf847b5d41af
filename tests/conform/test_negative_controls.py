"""Each validator fails a file that must fail: one that quietly checks nothing is noticed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest

from pubkit.proof.validators.run import Outcome

#: A cell over two rows, which axe cannot judge by itself.
PALE_CELL = (
    '<table style="background:#fff"><caption>Pale</caption><thead><tr><th scope="col" rowspan="2" style="color:#999">Pale'
    '</th><th scope="col">One</th></tr><tr><th scope="col">Two</th></tr></thead><tbody><tr><td>a</td><td>b</td></tr>'
    "</tbody></table>"
)
Outcomes = Callable[[Path, str], Outcome]
Files = Callable[[str], dict[str, Path]]


def _edited(source: Path, target: Path, old: str, new: str) -> Path:
    text = source.read_text("utf-8")
    assert old in text
    target.write_text(text.replace(old, new, 1), "utf-8")
    return target


@pytest.mark.parametrize(
    ("validator", "old", "new", "says"),
    [
        ("Nu", "</main>", "<p><div>x</div></p><table><tr></table></main>", "error"),
        ("html-validate", "</main>", '<p style="color:red" id="x">x</p><p id="x">y</p></main>', "no-inline-style"),
        ("axe", "</main>", '<p style="color:#aaa;background:#fff">Too pale to read.</p></main>', "color-contrast"),
        ("axe", "</main>", f"{PALE_CELL}</main>", "the contrast is 2.85:1"),
        ("axe", "</main>", '<p style="width:2000px">Far too wide.</p></main>', "reflow"),
    ],
)
def test_a_page_that_must_fail_fails(
    validator: str, old: str, new: str, says: str, files: Files, outcome: Outcomes, tmp_path: Path
) -> None:
    page = _edited(files("shipped")["html"], tmp_path / "page.html", old, new)
    result = outcome(page, validator)
    assert result.checked
    assert not result.passed
    assert any(says in finding.message for finding in result.findings)


@pytest.mark.parametrize(
    ("validator", "old", "new", "says"),
    [
        ("EPUBCheck", "</body>", '<p><a href="#nowhere">x</a></p></body>', "RSC-012"),
        ("Ace", "</body>", '<p><img src="../images/cover.png"/></p></body>', "image-alt"),
    ],
)
def test_a_book_that_must_fail_fails(
    validator: str, old: str, new: str, says: str, files: Files, outcome: Outcomes, tmp_path: Path
) -> None:
    with zipfile.ZipFile(files("shipped")["epub"]) as source:
        contents = {one: source.read(one) for one in source.infolist()}
    book = tmp_path / "book.epub"
    with zipfile.ZipFile(book, "w") as target:
        for member, data in contents.items():
            if "chapter-" in member.filename:
                assert old.encode() in data
                data = data.replace(old.encode(), new.encode())
            target.writestr(member, data)
    result = outcome(book, validator)
    assert result.checked
    assert not result.passed
    assert any(says in finding.message for finding in result.findings)


@pytest.mark.parametrize(("key", "profile"), [("/OutputIntents", "PDF/A-3a"), ("/MarkInfo", "PDF/UA-1")])
def test_a_pdf_that_must_fail_fails(key: str, profile: str, files: Files, outcome: Outcomes, tmp_path: Path) -> None:
    document = tmp_path / "document.pdf"
    with pikepdf.open(files("shipped")["pdf"]) as pdf:
        del pdf.Root[key]
        pdf.save(document)
    result = outcome(document, "veraPDF")
    assert result.checked
    assert any(profile in finding.message for finding in result.findings)


def test_a_pdf_with_damaged_syntax_fails(files: Files, outcome: Outcomes, tmp_path: Path) -> None:
    document = tmp_path / "document.pdf"
    buffer = io.BytesIO(files("shipped")["pdf"].read_bytes())
    document.write_bytes(buffer.getvalue()[:-400])
    result = outcome(document, "qpdf")
    assert result.checked
    assert not result.passed
