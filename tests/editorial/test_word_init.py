"""`pubkit init --from FILE.docx`: a Word file becomes a manuscript that pubkit reads."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest

from pubkit import manuscript
from pubkit.cli.main import main
from pubkit.pipeline import word_file
from pubkit.project import loading

from ..conftest import Publish, png

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
A = "http://schemas.openxmlformats.org/drawingml/2006"
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
BY = 'w:author="Rae Viewer" w:date="2026-11-25T10:30:00Z"'


def work(title: str, family: str, year: int) -> dict[str, Any]:
    return {
        "type": "article-journal",
        "title": title,
        "author": [{"family": family, "given": "Ann"}],
        "issued": {"date-parts": [[year]]},
        "container-title": "A Journal of Sleep",
    }


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{words}</w:t></w:r>'


def paragraph(*parts: str, style: str = "") -> str:
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{properties}{''.join(parts)}</w:p>"


def citation(shown: str, *works: dict[str, Any], program: str = "ZOTERO_ITEM ") -> str:
    items = [
        {"id": f"ITEM-{number}", "itemData": {**one, "id": f"ITEM-{number}"}} for number, one in enumerate(works, 1)
    ]
    said = json.dumps({"citationItems": items, "properties": {"formattedCitation": shown}})
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    code = f'<w:r><w:instrText xml:space="preserve"> ADDIN {program}CSL_CITATION {escape(said)}</w:instrText></w:r>'
    return f"{mark.format('begin')}{code}{mark.format('separate')}{run(shown)}{mark.format('end')}"


def picture(words: str) -> str:
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="914400" cy="457200"/>'
        f'<wp:docPr id="1" name="p" descr="{words}"/><a:graphic><a:graphicData uri="{A}/picture">'
        f'<pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="p"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rId9"/></pic:blipFill><pic:spPr/></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def word(*blocks: str) -> bytes:
    kinds = "http://schemas.openxmlformats.org/package/2006/content-types"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    package = "application/vnd.openxmlformats-package.relationships+xml"
    styles = (("Title", "Title"), ("Heading1", "heading 1"))
    named = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:name w:val="{name}"/></w:style>' for one, name in styles
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}"><Default Extension="rels" ContentType="{package}"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{kind}.styles+xml"/>'
        '<Default Extension="png" ContentType="image/png"/></Types>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{named}</w:styles>',
        "_rels/.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId1" Type="{R}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{RELS}"><Relationship Id="rId9" Type="{R}/image" '
        'Target="media/image1.png"/>'
        f'<Relationship Id="rId1" Type="{R}/styles" Target="styles.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{W}" xmlns:r="{R}" xmlns:wp="{A}/wordprocessingDrawing" '
        f'xmlns:a="{A}/main" xmlns:pic="{A}/picture"><w:body>{"".join(blocks)}</w:body></w:document>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, text in files.items():
            file.writestr(name, text)
        file.writestr("word/media/image1.png", png())
    return buffer.getvalue()


@pytest.fixture
def taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[Path, str]:
    first, second = work("Sleep after work", "Lee", 2019), work("Sleep before work", "Poe", 2020)
    third = work("Another year of sleep", "Lee", 2019)
    contents = f'<w:hyperlink w:anchor="_Toc1">{run("What was asked 3")}</w:hyperlink>'
    (tmp_path / "draft.docx").write_bytes(
        word(
            paragraph(run("Sleep and work"), style="Title"),
            paragraph(contents),
            paragraph(run("What was asked"), style="Heading1"),
            paragraph(
                run("People slept "), citation("(Lee, 2019)", first), run(" and woke "), citation("(Poe)", second, third),
            ),
            paragraph(
                run("Others [3] slept "), f'<w:ins w:id="1" {BY}>{run("very ")}</w:ins>', run("well, "),
                citation("(Lee, 2019)", first, program=""), run(" of 10"),
            ),
            paragraph(picture("Bars that fall")),
        )
    )  # fmt: skip
    assert main(["init", str(tmp_path / "book"), "--from", str(tmp_path / "draft.docx")]) == 0
    return tmp_path / "book", capsys.readouterr().out


def test_the_text_its_pictures_and_its_works_are_taken_over(taken: tuple[Path, str]) -> None:
    folder, said = taken
    text = (folder / "text.md").read_text("utf-8")
    assert 'title: "Sleep and work"' in text
    assert "# What was asked" in text
    assert "People slept [@lee2019] and woke [@poe2020; @lee2019a]" in text
    assert "slept very well, [@lee2019] of 10" in text
    assert '![](images/image1.png){alt="Bars that fall" width="1in"}' in text
    assert "_Toc" not in text
    assert (folder / "images/image1.png").read_bytes() == png()
    works = json.loads((folder / "references.json").read_text("utf-8"))
    assert [(one["id"], one["title"]) for one in works] == [
        ("lee2019", "Sleep after work"),
        ("poe2020", "Sleep before work"),
        ("lee2019a", "Another year of sleep"),
    ]
    assert "3 works were found" in said
    assert "1 tracked changes were accepted" in said
    assert "1 citation seems to be typed by hand" in said


def test_the_manuscript_is_read_with_every_key_known(taken: tuple[Path, str]) -> None:
    found = manuscript.read(loading.load(taken[0]))
    assert [citation.key for citation in found.citations] == ["lee2019", "poe2020", "lee2019a", "lee2019"]
    assert [image.alt for image in found.document.images] == ["Bars that fall"]
    assert found.findings == ()


def test_a_folder_with_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "draft.docx").write_bytes(word(paragraph(run("Words."))))
    assert main(["init", str(tmp_path), "--from", str(tmp_path / "draft.docx")]) == 2
    assert "already has files" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["draft.docx"]


def test_a_word_file_that_pubkit_has_made_is_said_to_be_a_reviewed_one(
    publication: Publish, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path_factory.mktemp("returned")
    (folder / "back.docx").write_bytes(word_file(publication("# Naps\n\nA nap is short.\n")))
    assert main(["init", str(folder / "book"), "--from", str(folder / "back.docx")]) == 0
    assert "`pubkit import-review FILE.docx`" in capsys.readouterr().out


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"words"])
def test_what_is_no_word_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes) -> None:
    (tmp_path / "draft.docx").write_bytes(data)
    assert main(["init", str(tmp_path / "book"), "--from", str(tmp_path / "draft.docx")]) == 3
    assert "This Word file cannot be read" in capsys.readouterr().err
    assert not (tmp_path / "book").exists()
