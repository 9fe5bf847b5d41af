"""A Word file comes back whole: what was changed without tracking is found, and edits are written into the Markdown."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from pubkit import pipeline
from pubkit.cli.main import main

from ..conftest import BIBLIOGRAPHY, METADATA

BY = 'w:author="Rae Viewer" w:date="2026-11-25T10:30:00Z"'
TEXT = """\
# Doses {#sec:doses}

Adults took 5 mg of the *study drug* twice a day for
ten days [@page2021]. None of them left the study early.

A second paragraph says what else was seen, with $x = 2$ and 10^6^ cells.

- Keep the tablets dry.
- Keep the tablets cool.

| Group | Dose |
|:------|:-----|
| Young | 5 mg |
| Old | 2 mg |

: The dose of each group. {#tbl:dose}

The last paragraph has a note.[^why]

[^why]: The note explains why the dose was low.

```{csv-table} How to keep them
:file: keeping.csv
:header-rows: 1
```

::: {.icon-array #fig:left of=200 left=7 left-means="left early"}
Those who left.
:::
"""


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    (folder / "01-text.md").write_text(TEXT)
    (folder / "keeping.csv").write_text("Kind,Place\nTablets,shelf\n")
    (folder / "references.bib").write_text(BIBLIOGRAPHY)
    said = {**METADATA, "bibliography": "references.bib"}
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(said, sort_keys=False))
    (folder / "sent.docx").write_bytes(pipeline.word_file(folder))
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    for path in original.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def edited(folder: Path, *changes: tuple[str, str], leave_out: str = "") -> str:
    """Change the XML of the file that was sent, as a reviewer's program would, and return the name of the new file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(folder / "sent.docx") as sent, zipfile.ZipFile(buffer, "w") as back:
        parts = {name: sent.read(name) for name in sent.namelist() if not (leave_out and name.startswith(leave_out))}
        texts = ("word/document.xml", "word/footnotes.xml")
        for name in texts:
            # Reviewers type ordinary spaces where the file has no-break ones.
            parts[name] = parts[name].replace("\u00a0".encode(), b" ")
        for before, after in changes:
            [name] = [name for name in texts if parts[name].count(before.encode()) == 1]
            parts[name] = parts[name].replace(before.encode(), after.encode())
        for name, data in parts.items():
            back.writestr(name, data)
    (folder / "back.docx").write_bytes(buffer.getvalue())
    return str(folder / "back.docx")


def deleted(words: str) -> str:
    return (
        f'</w:t></w:r><w:del w:id="1" {BY}><w:r><w:delText xml:space="preserve">{words}</w:delText></w:r></w:del>{_ON}'
    )


def inserted(words: str) -> str:
    return f'</w:t></w:r><w:ins w:id="2" {BY}><w:r><w:t xml:space="preserve">{words}</w:t></w:r></w:ins>{_ON}'


_ON = '<w:r><w:t xml:space="preserve">'


def paragraph_with(folder: Path, words: str) -> str:
    with zipfile.ZipFile(folder / "sent.docx") as sent:
        document = sent.read("word/document.xml").decode()
    [found] = [one for one in re.findall(r"<w:p>.*?</w:p>", document) if words in one]
    return str(found)


Say = Callable[..., str]


@pytest.fixture
def say(folder: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    def said(file: str, *options: str) -> str:
        code = main(["import-review", file, str(folder), *options])
        printed = capsys.readouterr().out
        left = re.search(r"Left to you: (\d+)", printed)
        assert code == int(left is not None and left[1] != "0")
        return printed

    return said


def test_an_untouched_file_shows_nothing(folder: Path, say: Say) -> None:
    assert say(str(folder / "sent.docx")) == "Tracked changes and comments: 0. Changes without tracking: 0.\n"


@pytest.mark.parametrize("leave_out", ["", "customXml/"])
def test_an_edit_without_tracking_is_found_in_text_heading_cell_caption_and_note(
    folder: Path, say: Say, leave_out: str
) -> None:
    changes = (
        ("Adults took 5 mg of", "Adults took 50 mg of"),
        (">Doses<", ">Higher doses<"),
        (">2 mg<", ">20 mg<"),
        (">The dose of each group", ">The mean dose of each group"),
        ("why the dose was low", "why the dose was high"),
    )
    said = say(edited(folder, *changes, leave_out=leave_out))
    lines = re.findall(r"^01-text.md:(\d+):\d+  changed without tracking$", said, re.MULTILINE)
    assert sorted(map(int, lines)) == [1, 3, 14, 16, 20]
    assert "    was: 5\n    is: 50\n" in said
    assert "    in: 2 mg\n" in said
    assert "Changes without tracking: 5." in said
    assert ("does not say what was sent" in said) == bool(leave_out)


def test_added_removed_and_moved_paragraphs_formulas_and_raised_words_are_found(folder: Path, say: Say) -> None:
    item, second = paragraph_with(folder, "Keep the tablets dry."), paragraph_with(folder, "A second paragraph")
    new = second.partition("A second")[0] + "A new thought of the reviewer alone.</w:t></w:r></w:p>"
    said = say(
        edited(
            folder,
            (item, ""),
            (
                second,
                new + second.replace("<m:t>2</m:t>", "<m:t>3</m:t>").replace('<w:vertAlign w:val="superscript"/>', ""),
            ),
            ("The last paragraph has", "The last paragraph has"),
        )
    )
    assert re.search(r":8:\d+  removed without tracking\n.*\n    was: Keep the tablets dry\.", said)
    assert "added without tracking" in said
    assert "is: A new thought of the reviewer alone." in said
    assert "was: formula: x=2" in said
    assert "superscript: 6" in said
    document = edited(folder, (item, ""), (second, item + second))
    assert "moved without tracking" in say(document)


def test_tracked_edits_are_written_where_they_fit_and_the_rest_is_listed(folder: Path, say: Say) -> None:
    back = edited(
        folder,
        ("Adults took 5 mg of", f"Adults took {deleted('5')}{inserted('2.5 to 5')} mg of"),
        (">study drug<", f">study {deleted('drug')}{inserted('medicine')}<"),
        ("None of them left", f"None of {deleted('them')}{inserted('the [84] adults')} left"),
        ("The last paragraph has a note.", f"The last paragraph has a{inserted(' short')} note."),
        (">2 mg<", f">{deleted('2')}{inserted('3')} mg<"),
        ("The note explains why", f"The note {deleted('explains')}{inserted('says')} why"),
    )
    said = say(back, "--apply")
    text = (folder / "01-text.md").read_text()
    wanted = (
        TEXT.replace("took 5 mg", "took 2.5 to 5 mg")
        .replace("*study drug*", "*study medicine*")
        .replace("None of them", "None of the \\[84\\] adults")
        .replace("has a note", "has a short note")
        .replace("| Old | 2 mg", "| Old | 3 mg")
        .replace("note explains", "note says")
    )
    assert text == wanted
    assert "+ten days [@page2021]. None of the" in said
    assert "Applied: 6. Left to you: 0." in said


def test_what_would_damage_a_citation_or_markup_is_left_to_the_author(folder: Path, say: Say) -> None:
    back = edited(
        folder,
        ("Adults took 5 mg of the<", f"Adults took 5 mg of {deleted('the')}<"),
        (">study drug<", f">{deleted('study drug')}<"),
        ("A second paragraph says", f"A second {deleted('paragraph says')}{inserted('one* *says')}"),
    )
    said = say(back, "--apply")
    assert "[@page2021]" in (folder / "01-text.md").read_text()
    assert "one\\* \\*says" in (folder / "01-text.md").read_text()
    assert "01-text.md:3:26  not applied: the text would not be what the reviewer wants" in said
    assert "Applied: 2. Left to you: 1." in said


def test_whole_paragraphs_come_and_go(folder: Path, say: Say) -> None:
    second = paragraph_with(folder, "A second paragraph")
    new = second.partition("A second")[0] + "# A new thought.</w:t></w:r></w:p>"
    said = say(edited(folder, (second, second + new)), "--apply", "--untracked")
    assert "Applied: 1. Left to you: 0." in said
    assert "10^6^ cells.\n\n\\# A new thought.\n\n- Keep" in (folder / "01-text.md").read_text()
    assert "Already there: 1." in say(str(folder / "back.docx"), "--apply", "--untracked")
    assert "Applied: 1. Left to you: 0." in say(edited(folder, (second, "")), "--apply", "--untracked")
    assert "A second paragraph" not in (folder / "01-text.md").read_text()


def test_untracked_edits_are_written_only_where_that_is_asked(folder: Path, say: Say) -> None:
    back = edited(
        folder, ("Adults took 5 mg of", "Adults took 50 mg of"), ("left the study early", "left our study too early")
    )
    said = say(back, "--apply")
    assert "Applied: 0. Left to you: 0.\nWaiting, changed without tracking: 3. " in said
    assert "`--apply --untracked`" in said
    assert (folder / "01-text.md").read_text() == TEXT
    assert "Applied: 3. Left to you: 0." in say(back, "--apply", "--untracked")
    wanted = TEXT.replace("took 5 mg", "took 50 mg").replace("the study early", "our study too early")
    assert (folder / "01-text.md").read_text() == wanted
    said = say(back, "--apply", "--untracked")
    assert "Applied: 0. Already there: 3. Left to you: 0." in said
    assert said.count("nothing to apply: the text already has this change.") == 3
    assert (folder / "01-text.md").read_text() == wanted


def test_what_is_in_another_file_or_comes_from_a_drawing_is_named(folder: Path, say: Say) -> None:
    said = say(
        edited(folder, (">shelf<", ">fridge<"), ("7 of 200 left early (dark).", "9 of 200 left early (dark).")),
        "--apply",
        "--untracked",
    )
    assert "keeping.csv:2:9  not applied: it is in keeping.csv, which is not a chapter; change it there." in said
    assert "not applied: it comes from the numbers of the drawing in line 27; change them there." in said
    assert "Applied: 0. Left to you: 2." in said


def test_line_ends_and_a_byte_order_mark_stay(folder: Path, say: Say) -> None:
    (folder / "01-text.md").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    say(edited(folder, ("tablets dry", f"tablets {deleted('dry')}{inserted('warm')}")), "--apply")
    wanted = b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").replace("tablets dry", "tablets warm").encode()
    assert (folder / "01-text.md").read_bytes() == wanted
