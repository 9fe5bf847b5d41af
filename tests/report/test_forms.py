"""What the command line adds to a report: several forms at once, frames, links, numbers, and what to do next."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml.etree import fromstring

from pubkit.cli.main import main
from pubkit.cli.printing import put
from pubkit.errors import UsageError
from pubkit.findings import Location
from pubkit.report import editors, text
from pubkit.report.model import Sheet
from pubkit.report.sources import Sources

from ..conftest import Publish

BAD = "# First things\n\nNaps have no side effects [@page2021].\n"


def test_one_run_writes_several_reports(
    publication: Publish, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(BAD)
    monkeypatch.chdir(root.parent)
    assert (
        main(["check", root.name, "--format", "json=a.json", "--format", "sarif=b.sarif", "--format", "html=c.html"])
        == 1
    )
    shown = capsys.readouterr().out
    assert "Not ready: 1 error" in shown
    assert json.loads(Path("a.json").read_text("utf-8"))["summary"]["error"] == 1
    assert json.loads(Path("b.sarif").read_text("utf-8"))["version"] == "2.1.0"
    assert "no side effects" in Path("c.html").read_text("utf-8")
    assert main(["check", root.name, "--format", "json", "--format", "junit=d.xml"]) == 1
    assert json.loads(capsys.readouterr().out)["summary"]["error"] == 1
    assert Path("d.xml").read_text("utf-8").startswith("<?xml")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["json", "sarif"], "only one report goes to standard output"),
        (["json="], "name a file after json="),
        (["yaml"], "there is no"),
        (["yaml=x"], "there is no"),
    ],
)
def test_reports_that_cannot_be_are_refused(given: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["check", ".", *(part for one in given for part in ("--format", one))])
    assert stop.value.code == 2
    assert said in capsys.readouterr().err


def test_a_report_that_cannot_be_written_is_named(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(publication(BAD)), "--format", "json=/nowhere/at/all.json"]) == 4
    assert "all.json" in "".join(capsys.readouterr())


def test_a_frame_points_at_the_words(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", str(publication(BAD))])
    lines = capsys.readouterr().out.splitlines()
    at = next(index for index, line in enumerate(lines) if "│ Naps have no side effects" in line)
    start = lines[at].index("no side effects")
    assert lines[at + 1][start:] == "^" * len("no side effects")


def test_no_form_prints_what_a_ci_service_carries_out(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    name = "##[add-mask]error"
    main(["check", str(publication(f"# One\n\nNaps {name} have no side effects.\n"))])
    printed = capsys.readouterr().out
    assert "[add-mask]" in printed
    assert "##[" not in printed
    for form, write, read in (("json", _as_json, json.loads), ("junit", "<a>{}</a>".format, _read)):
        put(write(f"{name}\u202e\x9b"), form)
        said = capsys.readouterr().out
        assert "##[" not in said
        assert said.isprintable()
        assert read(said).startswith(name)


def _as_json(words: str) -> str:
    return json.dumps(words, ensure_ascii=False)


def _read(said: str) -> str:
    return fromstring(said).text or ""


def test_a_frame_of_wide_signs_and_long_lines_stays_within_the_width(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "睡眠は奇跡です。\n" + "word " * 200 + "wrong " + "word " * 200 + "\n\x1b[31m\tred\n", "utf-8"
    )
    sources = Sources(tmp_path)
    wide = sources.excerpt(Location("a.md", 1, 4, 6), 40)
    assert wide is not None
    assert wide.text[wide.start : wide.end] == "奇跡"
    long = sources.excerpt(Location("a.md", 2, 1001, 1006), 60)
    assert long is not None
    assert len(long.text) <= 60
    assert long.text[long.start : long.end] == "wrong"
    safe = sources.excerpt(Location("a.md", 3, 2, 3), 60)
    assert safe is not None
    assert "\x1b" not in safe.text
    assert sources.excerpt(Location("../a.md", 1, 1), 60) is None
    assert sources.excerpt(Location("a.md", 99, 1), 60) is None
    block = sources.excerpt(Location("a.md", 2, 1), 60)  # where something of several lines begins
    assert block is not None and block.text[block.start : block.end] == "word"
    assert sources.excerpt(Location("a.md", 1, 1), 60) is None  # the file as a whole


def test_places_are_links_where_the_terminal_shows_them(publication: Publish) -> None:
    from pubkit import pipeline

    root = publication(BAD)
    report = pipeline.check(root)
    sheet = Sheet(report, "t", root=root, editor=editors.pattern("vscode"))
    linked = text.write(sheet, text.Look(colour=True, links=True))
    assert f";vscode://file{root}/01-text.md:3:" in linked
    assert "\x1b]8" not in text.write(sheet, text.Look(colour=True))
    assert "vscode" not in text.write(sheet, text.Look(links=True))


def test_the_address_of_a_place_cannot_be_broken_out_of(tmp_path: Path) -> None:
    form = editors.pattern("myeditor://open?file={path}&at={line}")
    address = editors.address(form, tmp_path, Location('a "b"<c>\x1b{line}.md', 7))
    assert not set('"<>\x1b ') & set(address)
    assert address.endswith("&at=7")
    for pattern in ("javascript:alert({path})", "https://evil.example/{path}", "{path}", "data:{path}", "no such"):
        with pytest.raises(UsageError):
            editors.pattern(pattern)


def test_statistics_count_by_rule(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    twice = BAD + "\nNaps have no side effects whatsoever, and naps are a miracle [@page2021].\n"
    assert main(["check", str(publication(twice)), "--statistics"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split()[:3] == ["2", "error", "CLM011"]
    assert lines[1].split()[:3] == ["1", "warning", "CLM014"]
    assert not any("│" in line for line in lines)
    assert main(["check", str(publication("# Naps\n\nPeople take naps.\n")), "--statistics", "-q"]) == 0
    assert capsys.readouterr().out.startswith("References: ")


def test_pubkit_alone_says_what_to_do_next(
    publication: Publish, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def said(folder: Path) -> str:
        monkeypatch.chdir(folder)
        assert main([]) == 0
        return capsys.readouterr().out

    empty = tmp_path / "empty"
    empty.mkdir()
    assert "pubkit init NAME" in said(empty)
    (empty / "from the clinic.docx").write_bytes(b"")
    assert "pubkit init NAME --from 'from the clinic.docx'" in said(empty)
    root = publication(BAD)
    assert said(root).splitlines()[2].startswith("  pubkit refs update")
    (root / "references.lock.json").write_text("{}", "utf-8")
    assert said(root).splitlines()[2].startswith("  pubkit preview")
    assert main(["build", "-q", "--only", "html"]) == 1
    capsys.readouterr()
    assert "dist-refused.html" in said(root)
    (root / "pubkit.yaml").write_text("title: [x\n", "utf-8")
    assert "cannot be read yet: a mistake" in said(root)
