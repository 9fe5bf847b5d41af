"""Findings beside their sentences: each mark covers the words that the finding is about, and nothing else is changed."""

from __future__ import annotations

import re
from pathlib import Path

import lxml.html
import pytest

from pubkit import pipeline
from pubkit.cli.main import main
from pubkit.report.annotated import page
from pubkit.report.model import Sheet

from ..conftest import Publish, png

TEXT = """\
# A miracle heading

Naps have *no side* effects [@page2021].[^note] A sentence of peace. As @nobody2020 says.

- One point.
- Naps are a
  miracle drug.

| What | How |
|------|-----|
| Nap  | a guaranteed cure |

![](picture.png)

[^note]: A note that promises a miracle cure.
"""


def annotated(root: Path) -> lxml.html.HtmlElement:
    read = pipeline.proofread(root)
    made: lxml.html.HtmlElement = lxml.html.document_fromstring(
        page.write(Sheet(read.report, "t", root=root), read.page)
    )
    return made


def marked(shown: lxml.html.HtmlElement, rule: str) -> list[str]:
    """The words that each finding of `rule` marks, in order."""
    slips = shown.xpath(f"//aside[contains(@aria-label, ', {rule}')]")
    return [_words(shown, slip) for slip in slips]


def _words(shown: lxml.html.HtmlElement, slip: lxml.html.HtmlElement) -> str:
    (first,) = shown.xpath(f"//*[@id='{slip.get('id')}-at']")
    number = slip.xpath("string(.//*[@class='pk-number'])")
    marks = shown.xpath("//*[contains(@class, 'pk-mark')]")
    if first not in marks:
        return f"<{first.getparent().tag}>"
    last = next(index for index, one in enumerate(marks) if one.get("data-pk") == number)
    return " ".join("".join(one.text_content() for one in marks[marks.index(first) : last + 1]).split())


def test_each_mark_covers_the_words_in_question(publication: Publish) -> None:
    root = publication(TEXT, files={"picture.png": png()})
    shown = annotated(root)
    assert marked(shown, "CLM014") == ["miracle"]
    assert marked(shown, "CLM011") == ["have no side effects"]
    assert marked(shown, "CLM013") == ["miracle drug", "guaranteed cure", "miracle cure"]
    assert "nobody2020?" in marked(shown, "CIT001")[0]
    assert marked(shown, "A11Y001") == ["<p>"]
    assert marked(shown, "REF110") == ["<div>"]
    assert len(shown.xpath("//img[contains(@class, 'pk-mark')]")) == 1


def test_a_note_stands_in_the_block_that_it_is_about(publication: Publish) -> None:
    shown = annotated(publication(TEXT, files={"picture.png": png()}))
    for slip in shown.xpath("//div[@class='text']//aside[contains(@class, 'pk-slip')]"):
        row = next(one for one in slip.iterancestors() if one.get("class") == "pk-row")
        assert row.xpath(f".//*[@id='{slip.get('id')}-at']"), lxml.html.tostring(slip)
    assert not shown.xpath("//div[@class='pk-row']/parent::div[@class='pk-row']")
    assert [item.getparent().tag for item in shown.xpath("//li[.//aside]")] == ["ul", "ol", "ul"]


def test_the_published_page_has_nothing_of_it_and_the_annotated_one_no_script(
    publication: Publish, tmp_path: Path
) -> None:
    root = publication(TEXT, files={"picture.png": png()})
    assert main(["build", str(root), "--draft", "--only", "html", "--out", str(tmp_path / "out"), "-q"]) == 0
    (made,) = (tmp_path / "out").glob("sleep-*.html")
    assert not re.search(r"pk-|data-place|data-pk", made.read_text("utf-8"))
    shown = annotated(root)
    assert not shown.xpath("//script | //link[not(@rel='icon')] | //iframe")
    for element in shown.xpath("//*[@src]"):
        assert element.get("src").startswith("data:")
    with_words = "".join(shown.xpath("string(//div[@class='text'])").split())
    assert "A sentence of peace.".replace(" ", "") in with_words


def test_a_refused_build_leaves_a_page_for_editors_and_the_next_one_takes_it_away(
    publication: Publish, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication("# A\n\nNaps have no side effects [@page2021].\n")
    monkeypatch.chdir(root.parent)
    assert main(["build", root.name, "--only", "html"]) == 1
    refused = root.parent / "dist-refused.html"
    assert "dist-refused.html" in capsys.readouterr().err
    assert "no side effects" in refused.read_text("utf-8")
    assert "Build refused" in refused.read_text("utf-8")
    assert 'href="file://' not in refused.read_text("utf-8")
    (root / "01-text.md").write_text("# A\n\nA guideline says so [@page2021].\n", "utf-8")
    assert main(["build", root.name, "--only", "html", "-q"]) == 0
    assert not refused.exists()
    refused.write_text("mine", "utf-8")
    assert main(["build", root.name, "--only", "html", "-q"]) == 0
    assert refused.read_text("utf-8") == "mine"


def test_a_build_of_what_cannot_be_read_shows_the_lines(publication: Publish, monkeypatch: pytest.MonkeyPatch) -> None:
    root = publication("# A\n\nText.\n")
    with (root / "pubkit.yaml").open("a") as configuration:
        configuration.write("topics: [<b>sleep\n")
    monkeypatch.chdir(root)
    assert main(["build", "-q"]) == 2
    shown = (root / "dist-refused.html").read_text("utf-8")
    assert "topics: [&lt;b&gt;sleep" in shown
    assert "bracket is not closed" in shown
