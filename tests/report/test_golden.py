"""One small publication's report in each form, compared whole: what a change does to its readers shows in the diff.

After a wanted change: `PUBKIT_WRITE_GOLDEN=1 pytest tests/report/test_golden.py`, and read the diff.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from pubkit.cli.main import main

from ..conftest import Publish

GOLDEN = Path(__file__).parent / "golden"

TEXT = """\
# What helps

A study published in a journal found that naps ease pain. It has no dangerous side effects [@page2021].

Naps are a **miracle**. A guideline says what a review should report [@page2012].
"""


@pytest.fixture
def book(publication: Publish, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publication with an error, a warning, a note and a waived finding, in the current folder."""
    root = publication(
        TEXT,
        waivers=[
            {
                "rule": "CLM014",
                "where": "caf7a08556ba5d47",
                "reason": "The word is quoted from the leaflet.",
                "who": "Ada Example",
                "expires": "2027-01-01",
            }
        ],
    )
    monkeypatch.chdir(root.parent)
    monkeypatch.setenv("COLUMNS", "100")
    return root


def compared(written: str, name: str) -> None:
    """`written` is what the golden file `name` holds, but for times, and for embedded style sheets, faces and pictures."""
    written = re.sub(r'"timings": \{[^}]*\}', '"timings": {}', written)
    written = re.sub(r"data:[a-z/+-]+;base64,[A-Za-z0-9+/=]+", "data:…", written)
    written = re.sub(r"<style>.*?</style>", "<style>…</style>", written, flags=re.DOTALL)
    golden = GOLDEN / name
    if os.environ.get("PUBKIT_WRITE_GOLDEN"):
        golden.write_text(written, "utf-8")
    assert written == golden.read_text("utf-8")


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("text", "report.txt"),
        ("json", "report.json"),
        ("sarif", "report.sarif"),
        ("junit", "report.junit.xml"),
        ("github", "report.github.txt"),
        ("gitlab", "report.gitlab.json"),
        ("html", "report.html"),
    ],
)
def test_the_report_is_as_it_was(book: Path, capsys: pytest.CaptureFixture[str], form: str, name: str) -> None:
    assert main(["check", book.name, "--format", form, *(["-v"] if form == "text" else [])]) == 1
    compared(capsys.readouterr().out, name)


def test_the_report_on_a_text_with_many_alike_is_as_it_was(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "01-text.md").write_text(TEXT + "\nNaps are a miracle. It has no side effects.\n" * 4, "utf-8")
    assert main(["check", book.name, "--select", "CLM"]) == 1
    compared(capsys.readouterr().out, "report.alike.txt")


def test_the_web_page_is_as_it_was(book: Path, tmp_path: Path) -> None:
    assert main(["build", book.name, "--draft", "--only", "html", "--out", str(tmp_path / "draft"), "-q"]) == 0
    [page] = (tmp_path / "draft").glob("sleep-*.html")
    compared(page.read_text("utf-8"), "page.html")
