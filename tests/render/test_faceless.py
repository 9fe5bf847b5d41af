"""A character that no installed face has: found with its place before anything is made, and printed as its number."""

from __future__ import annotations

import json
from pathlib import Path

import pypdfium2
import pytest

from pubkit.cli.main import main
from pubkit.render.pdf import document

from ..conftest import TEXT, Publish
from .conftest import MakeEdition, with_publication

#: From the last private plane: no face that a system ships has it.
NOBODYS = "\U0010f00d"
WRITTEN = TEXT + f"\nWords, then {NOBODYS} and {NOBODYS}.\n"


def findings(capsys: pytest.CaptureFixture[str], root: Path, code: int) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["check", str(root), "--format", "json"]) == code
    found: list[dict[str, object]] = json.loads(capsys.readouterr().out)["findings"]
    return [one for one in found if one["rule"] == "SRC036"]


def printed(folder: Path) -> str:
    [path] = folder.glob("*.pdf")
    with pypdfium2.PdfDocument(path.read_bytes()) as document:
        return "\n".join(page.get_textpage().get_text_range() for page in document)


def test_check_says_which_character_and_where_it_first_stands(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    [found] = findings(capsys, publication(WRITTEN), code=1)
    assert (Path(str(found["file"])).name, found["line"], found["column"]) == ("01-text.md", 5, 13)
    assert "U+10F00D" in str(found["message"])


@pytest.mark.parametrize("text", ["Ångström, “quoted”: a ≥ b, 5 µm² → x…", "Soft\u00adhyphen, joiner\u200d, ❤\ufe0e"])
def test_what_the_faces_have_and_what_shows_nothing_is_no_finding(
    publication: Publish, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    assert findings(capsys, publication(f"{TEXT}\n{text}\n"), code=0) == []


def test_a_title_and_a_reference_are_looked_at_too(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    [found] = findings(capsys, publication(title=f"Sleep {NOBODYS}"), code=1)
    assert Path(str(found["file"])).name == "pubkit.yaml"
    entry = f"@article{{page2021, title = {{On {NOBODYS}}}, author = {{Page, A}}, year = 2021, journal = {{BMJ}}}}"
    assert len(findings(capsys, publication(bibliography=entry), code=1)) == 1


def test_a_draft_prints_its_number_and_the_other_formats_are_made_with_it(publication: Publish, tmp_path: Path) -> None:
    draft = tmp_path / "draft"
    assert main(["build", str(publication(WRITTEN)), "--draft", "--out", str(draft), "-q"]) == 0
    assert "then [U+10F00D] and [U+10F00D]." in " ".join(printed(draft).split())
    [page] = draft.glob("sleep-*.html")
    assert f"then {NOBODYS} and" in page.read_text("utf-8")
    assert len(list(draft.glob("*.epub"))) == 1


def test_formats_without_a_pdf_are_built_with_it(publication: Publish, tmp_path: Path) -> None:
    assert main(["build", str(publication(WRITTEN)), "--only", "html,epub", "--out", str(tmp_path / "dist"), "-q"]) == 0


def test_a_pdf_for_which_an_editor_waives_it_is_proved_with_the_number(publication: Publish, tmp_path: Path) -> None:
    waiver = {"rule": "SRC036", "where": "project", "reason": "r", "who": "Bo", "expires": "2027-01-01"}
    root = publication(f"# First {NOBODYS} things\n\n{WRITTEN}", title=f"Sleep {NOBODYS}", waivers=[waiver])
    assert main(["build", str(root), "--only", "pdf", "--out", str(tmp_path / "dist"), "-q"]) == 0
    assert "First [U+10F00D] things" in printed(tmp_path / "dist")


def test_the_place_is_that_of_the_printed_character_and_not_of_a_comment(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"{TEXT}\n<!-- {NOBODYS} -->\n\nA note.^[Of a {NOBODYS} here.]\n\nA second one: &#x10F00E; by number.\n"
    first, second = findings(capsys, publication(text), code=1)
    assert (first["line"], first["column"]) == (7, 15)
    assert second["line"] == 9


def test_a_character_of_a_reference_is_at_its_entry(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    entry = f"@article{{page2021, title = {{On {NOBODYS}}}, author = {{Page, A}}, year = 2021, journal = {{BMJ}}}}"
    [found] = findings(capsys, publication(bibliography=f"\n\n{entry}"), code=1)
    assert (Path(str(found["file"])).name, found["line"]) == ("references.bib", 3)


def test_georgian_which_has_no_small_capitals_is_set_in_small_letters(make_edition: MakeEdition) -> None:
    edition = with_publication(make_edition("Words, then [ქართული]{.smallcaps}."), publisher="ჯანმრთელობა")
    with pypdfium2.PdfDocument(document.render(edition)) as made:
        text = made[0].get_textpage().get_text_range()
    assert "ქართული" in text
    assert "ჯანმრთელობა" in text
