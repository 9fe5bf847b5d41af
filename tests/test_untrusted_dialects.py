"""Manuscripts of other tools are untrusted: nothing outside is read, and nothing costs without end."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from pubkit.boundary.text import SourceFile
from pubkit.cli.main import main
from pubkit.errors import InputRefused
from pubkit.findings import Location
from pubkit.manuscript.html.tags import declared, read_tag
from pubkit.manuscript.marks import unmarked
from pubkit.manuscript.prose import prose
from pubkit.project import dialects, loading
from pubkit.project import yaml as strict_yaml
from pubkit.project.dialects import metadata
from pubkit.project.dialects.model import Statements

TEXT = "# Rest\n\nText.\n"
QUARTO = "project:\n  type: book\nbook:\n  title: On rest\n  chapters:\n"


@pytest.fixture
def lay(tmp_path: Path) -> Callable[..., Path]:
    """Writes files into a folder, beside which a secret lies, and returns it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.md").write_text("# Secret\n\nSecret.\n", "utf-8")

    def write(**files: str) -> Path:
        for name, text in files.items():
            path = tmp_path / "work" / name.replace("__", "/").replace("_dot_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return tmp_path / "work"

    return write


def read(text: str, folder: Path) -> str:
    return unmarked(SourceFile("text.md", text, ""), folder, {}, {})[0].text


@pytest.mark.parametrize(
    "chapter", ["../outside/secret.md", "/outside/secret.md", "in/../../outside/secret.md", "link/secret.md"]
)
def test_a_text_that_is_read_alone_lies_in_the_publication(lay: Callable[..., Path], chapter: str) -> None:
    folder = lay(pubkit_dot_yaml=f'dialect: document\nchapters: ["{chapter}"]\n', text_dot_md=TEXT)
    (folder / "link").symlink_to(folder.parent / "outside", target_is_directory=True)
    with pytest.raises(InputRefused):
        loading.load(folder)


@pytest.mark.parametrize("inner", ["../outside", "/outside"])
def test_a_book_lists_no_folder_outside_the_publication(lay: Callable[..., Path], inner: str) -> None:
    folder = lay(_bookdown_dot_yml=f'rmd_subdir: ["{inner}"]\n', index_dot_Rmd=TEXT)
    with pytest.raises(InputRefused, match="folder of chapters"):
        loading.load(folder)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("_quarto.yml", "- a\n- b\n"),
        ("_quarto.yml", "project: a\nbook: [b]\nmanuscript: 3\nformat: 1\n"),
        ("_quarto.yml", "project:\n  render: 5\nbook:\n  chapters: 5\n  appendices: {a: b}\n"),
        ("_quarto.yml", "title: T\nkeywords: 5\nbibliography: true\nauthor: 5\nexecute: 5\nsubstitutions: [1]\n"),
        ("myst.yml", "project: [a]\n"),
        ("myst.yml", "project:\n  toc:\n    - pattern: .\n    - pattern: ./\n    - file: rest.md\n"),
        ("myst.yml", f"project:\n  toc:\n    - file: rest.md\n    - file: {'a' * 300}.ipynb\n    - file: x\n"),
        ("_bookdown.yml", "- a\n"),
        ("_bookdown.yml", "rmd_files: {html: 5}\nrmd_subdir: {a: b}\n"),
        ("mkdocs.yml", "- a\n"),
        ("SUMMARY.md", "No chapter is named here.\n"),
    ],
)  # fmt: skip
def test_a_configuration_of_any_form_is_read_or_refused(lay: Callable[..., Path], file: str, text: str) -> None:
    folder = lay(**{file.replace(".", "_dot_"): text}, rest_dot_md=TEXT, index_dot_Rmd=TEXT, more_dot_md=TEXT)
    assert loading.load(folder).chapters


def test_a_chapter_that_is_listed_again_is_printed_once_and_reported(lay: Callable[..., Path]) -> None:
    folder = lay(_quarto_dot_yml=QUARTO + "    - rest.qmd\n" * 3, rest_dot_qmd=TEXT)
    project = loading.load(folder)
    assert [chapter.path for chapter in project.chapters] == ["rest.qmd"]
    assert [one.location.line for one in project.findings if one.rule == "SRC015" and one.location] == [7, 8]


def test_a_text_that_a_pattern_finds_again_is_printed_once(lay: Callable[..., Path]) -> None:
    listed = 'title: On rest\nproject:\n  render: ["rest.qmd", "*.qmd"]\n'
    project = loading.load(lay(_quarto_dot_yml=listed, rest_dot_qmd=TEXT, night_dot_qmd=TEXT))
    assert [chapter.path for chapter in project.chapters] == ["rest.qmd", "night.qmd"]
    assert not [one for one in project.findings if one.rule == "SRC015"]


def test_more_texts_than_a_publication_has_are_refused(lay: Callable[..., Path]) -> None:
    listed = "".join(f"    - no{number}.qmd\n" for number in range(1_001))
    with pytest.raises(InputRefused, match=r"1,001 texts; the limit is 1,000") as caught:
        loading.load(lay(_quarto_dot_yml=QUARTO + listed, rest_dot_qmd=TEXT))
    assert caught.value.findings[0].location == Location("_quarto.yml", 6, 7, 14)


def test_includes_in_any_number_end_with_what_to_do(lay: Callable[..., Path]) -> None:
    again = "\n".join("{{< include %d.txt >}}" for _ in range(40))
    files = {f"{number}_dot_txt": again % tuple([number + 1] * 40) for number in range(6)}
    folder = lay(**files, **{"6_dot_txt": "End.\n"})
    with pytest.raises(InputRefused, match="too many files") as caught:
        read("{{< include 0.txt >}}\n", folder)
    assert "1,000 files" in (caught.value.remedy or "")


def test_long_files_are_not_included_without_end(lay: Callable[..., Path]) -> None:
    folder = lay(long_dot_txt="word " * 19 + "\n" + "word\n" * 190_000)
    with pytest.raises(InputRefused, match="too many files, or too long ones"):
        read("{{< include long.txt >}}\n\n" * 10_000, folder)


def test_a_value_is_not_put_in_without_end(tmp_path: Path) -> None:
    long = {"var.x": "word " * 10_000}
    with pytest.raises(InputRefused, match="4,000,000 characters"):
        unmarked(SourceFile("text.md", "{{< var x >}}\n" * 10_000, ""), tmp_path, long, {})
    with pytest.raises(InputRefused, match="this line has more than 100,000 characters") as caught:
        unmarked(SourceFile("text.md", "Text.\n\n" + "{{< var x >}} " * 10, ""), tmp_path, long, {})
    assert caught.value.findings[0].location == Location("text.md", 3, 1)


def test_marks_of_countless_kinds_are_summed_up(tmp_path: Path) -> None:
    text = "".join(f"{{{{< kind{number} >}}}}\n\n" for number in range(3_000))
    _, findings = unmarked(SourceFile("text.md", text, ""), tmp_path, {}, {})
    assert len(findings) == 101
    assert "2900 more kinds" in findings[-1].message


@pytest.mark.parametrize(
    "text",
    [
        "```{note}\n" * 20_000,
        "::: {note}\n" * 20_000,
        ":::note\n\n" * 20_000,
        "```{list-table}\n" * 20_000 + "```\n",
        "".join("`" * (900 - number) + "{note}\n" for number in range(890)) + "\n" * 400_000,
        "".join("`" * (900 - number) + "\n" for number in range(890)) + "\n" * 400_000,
        "``` a" + " " * 90_000 + "b\n```\n",
        "> [!NOTE] a" + " " * 90_000 + "b\n",
        "!!! note " + " " * 90_000 + "'\n",
        "```{note}\n:a:" + " " * 90_000 + "b\n```\n",
        "# a" + " " * 90_000 + "b\n",
        "(a)=\n# a" + " " * 90_000 + "b\n",
        "# (PART) a" + " " * 90_000 + "{b\n",
        "# a" + " " * 90_000 + "\\labe\n",
        "![a" + " " * 90_000 + "b](c.png)\n",
        "Table: a" + " " * 90_000 + "b\n",
        "`r" + " " * 90_000 + "\n",
        ("{a}" + "`" * 9_000 + "\n\n") * 20,
        "```{r, " + "a" * 90_000 + "}\n```\n",
        "{{<" + "a" * 90_000 + "\n",
        "{%" + "a" * 90_000 + "\n",
        ("{##" * 30_000 + "\n") * 10,
        "".join(f"{'`' * number} a\n" for number in range(1, 900)) + "word\n" * 100_000,
        ("[^" * 45_000 + "\n") * 4,
    ],
    ids=lambda text: repr(text[:14]),
)  # fmt: skip
def test_hostile_marks_cost_time_in_proportion(text: str, tmp_path: Path) -> None:
    """Each of these takes a second or so; none would end before the day does if a pattern went back over its text."""
    read(text, tmp_path)


def test_hostile_metadata_cost_time_in_proportion() -> None:
    values = {"title": "^[" * 90_000, "abstract": "{{" * 90_000, "author": " " * 90_000 + "x", "keywords": " " * 90_000}
    statements = Statements(Location("a.yml"))
    metadata.say(statements, strict_yaml.YamlFile(values, {(): Location("a.yml")}))
    assert "authors" in statements.value


def test_hostile_tags_cost_time_in_proportion() -> None:
    assert read_tag("<" + "a" * 90_000 + "><b>") is None
    tag = read_tag('<td style="' + "a" * 90_000 + " " * 90_000 + '">')
    assert tag is not None
    assert declared(tag, "text-align") == ""


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a `b` c", "a     c"),
        ("a ``b ` c`` d", "a           d"),
        ("a \\`b` c `d` e", "a \\`b     d` e"),
        ("a `b\n\nc` d", "a `b\n\nc` d"),
        ("a `` b ` c", "a `` b ` c"),
    ],
)
def test_code_within_a_line_is_no_prose(text: str, left: str) -> None:
    assert len(prose(text)) == len(text)
    assert prose(text) == left


def test_init_writes_no_line_that_a_name_holds(lay: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    folder = lay()
    folder.mkdir()
    (folder / "text\nfunding: nobody\n#.md").write_text(TEXT, "utf-8")
    assert main(["init", "--from", str(folder)]) == 0
    written = (folder / "pubkit.yaml").read_text("utf-8")
    assert "\nfunding: nobody" not in written
    assert loading.load(folder).dialect == "document"
    assert "\nfunding" not in capsys.readouterr().out


def test_a_name_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/\xff.md"
    Path(os.fsdecode(name)).write_text(TEXT, "utf-8")
    with pytest.raises(InputRefused, match="not UTF-8"):
        dialects.adopted(tmp_path)
