"""The whole way, with the real tools: one set from one build, the same bytes for the same input, or nothing at all."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.formats import OutputFormat
from pubkit.publish import manifest, tools

from .conftest import TEXT, Publish, content, png

SHIPPED = Path(__file__).parents[1] / "manuscript"


def test_a_build_makes_one_proved_set(publication: Publish, tmp_path: Path) -> None:
    release = pubkit.build(publication(), tmp_path / "dist")
    assert [artifact.format for artifact in release.artifacts] == ["html", "epub", "pdf"]
    assert [artifact.path.name for artifact in release.artifacts] == [
        "sleep-1.0.0.html",
        "sleep-1.0.0.epub",
        "sleep-1.0.0.pdf",
    ]
    assert not release.report.blocks_release
    assert manifest.verify(tmp_path / "dist") == []
    said = json.loads((tmp_path / "dist" / "manifest.json").read_text())
    assert {one["path"] for one in said["inputs"]} == {"pubkit.yaml", "01-text.md", "references.bib"}
    assert {"pandoc", "weasyprint", "pango", "pubkit"} <= set(said["tools"])
    assert {(one["variant"], one["format"]) for one in said["disclaimers"]} >= {
        ("general", "html"),
        ("general", "epub"),
        ("general", "pdf"),
    }


def test_the_same_input_gives_the_same_bytes(publication: Publish, tmp_path: Path) -> None:
    """Two folders, time zones, locales, hash seeds, umasks, and the line ends and byte order mark of another editor."""
    sets = []
    for number, changes in enumerate(
        (
            {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "1"},
            {"TZ": "America/New_York", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "2"},
        )
    ):
        root = publication(folder=f"place{number}/book", outputs=["html", "epub", "pdf", "docx", "jats", "txt"])
        for name in ("pubkit.yaml", "01-text.md") if number else ():
            (root / name).write_bytes(b"\xef\xbb\xbf" + (root / name).read_bytes().replace(b"\n", b"\r\n"))
        out = tmp_path / f"out{number}"
        command = [sys.executable, "-m", "pubkit", "build", str(root), "--out", str(out), "-q"]
        mask = (0o022, 0o077)[number]
        done = subprocess.run(
            command, env={**os.environ, **changes}, umask=mask, cwd=root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        sets.append(content(out))
    assert sets[0].keys() == sets[1].keys()
    assert [name for name in sets[0] if sets[0][name] != sets[1][name]] == []


def test_a_blocked_build_raises_with_every_finding_and_writes_nothing(publication: Publish, tmp_path: Path) -> None:
    root = publication("A claim [@nobody], and another [@noone].\n\n![](gone.png)\n")
    with pytest.raises(pubkit.Blocked) as caught:
        pubkit.build(root, tmp_path / "dist")
    rules = [finding.rule for finding in caught.value.report.findings if finding.blocks]
    assert rules.count("CIT001") == 2
    assert {"A11Y001", "SRC060"} <= set(rules)
    assert not (tmp_path / "dist").exists()


def test_a_release_refuses_what_nobody_has_checked(publication: Publish, tmp_path: Path) -> None:
    root = publication()
    assert not pubkit.check(root).blocks_release
    with pytest.raises(pubkit.Blocked) as caught:
        pubkit.release(root, tmp_path / "dist")
    assert {"REF110", "RET004"} <= {finding.rule for finding in caught.value.report.findings if finding.blocks}


def test_a_library_call_prints_nothing_and_tells_each_stage(
    publication: Publish, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    stages: list[str] = []
    pubkit.build(publication(), tmp_path / "dist", only=["html"], on_stage=lambda name, _: stages.append(name))
    assert capfd.readouterr() == ("", "")
    assert stages == ["read", "references", "cite", "check", "html", "publish"]


def test_builds_in_several_threads_do_not_mix(publication: Publish, tmp_path: Path) -> None:
    roots = [publication(folder=f"book{number}", slug=f"book-{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        releases = list(pool.map(lambda root: pubkit.build(root, tmp_path / root.name / "dist", only=["html"]), roots))
    for number, release in enumerate(releases):
        assert release.artifacts[0].path.name == f"book-{number}-1.0.0.html"


def test_two_builds_into_one_folder_leave_one_whole_set(publication: Publish, tmp_path: Path) -> None:
    roots = [publication(f"# {name}\n\nText of {name}.\n", folder=name) for name in ("one", "two")]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda root: pubkit.build(root, tmp_path / "dist", only=["html", "txt"]), roots * 2))
    assert manifest.verify(tmp_path / "dist") == []
    page, text = (tmp_path / "dist" / f"sleep-1.0.0.{ending}" for ending in ("html", "txt"))
    name = "one" if "Text of one" in page.read_text() else "two"
    assert f"Text of {name}" in text.read_text()


@pytest.mark.parametrize("stage", ["read", "cite", "check", "html"])
def test_a_build_killed_at_any_stage_leaves_the_last_set_and_no_child(
    publication: Publish, tmp_path: Path, stage: str
) -> None:
    root, out = publication(), tmp_path / "dist"
    pubkit.build(root, out, only=["txt"])
    before = content(out)
    (root / "01-text.md").write_text(TEXT + "\nMore text.\n")
    code = (
        "import os, signal, sys, pubkit\n"
        "def kill(name, _):\n    if name == sys.argv[3]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "pubkit.build(sys.argv[1], sys.argv[2], on_stage=kill)\n"
    )
    marked = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    (tmp_path / "temporary").mkdir()
    done = subprocess.run([sys.executable, "-c", code, str(root), str(out), stage], env=marked, check=False)
    assert done.returncode == -signal.SIGKILL
    assert content(out) == before
    # A child that was being started when its parent died can hold the staging folder for a moment longer, so that the next
    # build leaves it alone; the one after that cannot meet it any more.
    for _ in range(2):
        pubkit.build(root, out, only=["txt"])
    assert not list(tmp_path.glob(".dist.pubkit-*"))
    assert content(out) != before


def rules(release: pubkit.Release) -> list[str]:
    return [finding.rule for finding in release.report.findings if finding.rule.startswith("REL")]


@pytest.mark.parametrize("draft", [True, False])
def test_a_word_file_that_a_reviewer_saved_is_kept_and_its_new_name_is_said(
    publication: Publish,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    *,
    draft: bool,
) -> None:
    monkeypatch.chdir(tmp_path)
    out = Path("shared")
    command = ["build", str(publication()), "--out", str(out), "--only", "docx", "-q", *(["--draft"] if draft else [])]
    assert main(command) == 0
    [word] = out.glob("*.docx")
    word.write_bytes(word.read_bytes() + b"marks")
    marked = word.read_bytes()
    os.utime(word, (1795132800, 1795132800))
    capsys.readouterr()
    assert main(command) == 0
    said = " ".join(capsys.readouterr().out.split())
    aside = out / f"{word.stem}.changed-2026-11-20.docx"
    assert aside.read_bytes() == marked
    assert word.read_bytes() != marked
    assert f"it is kept as {aside}." in said
    assert f"`pubkit import-review {aside}`" in said
    assert main(command) == 0
    assert aside.read_bytes() == marked
    assert "changed-2026" not in (out / "report.json").read_text()


def test_a_changed_file_of_an_earlier_version_is_kept_when_its_set_goes(publication: Publish, tmp_path: Path) -> None:
    pubkit.build(publication(), tmp_path / "dist", only=["html", "txt"])
    (tmp_path / "dist" / "sleep-1.0.0.txt").write_text("with notes\n")
    release = pubkit.build(publication(version="1.1.0"), tmp_path / "dist", only=["html"])
    [kept] = (tmp_path / "dist").glob("sleep-1.0.0*")
    assert kept.read_text() == "with notes\n"
    assert rules(release) == ["REL006"]


def test_a_build_of_one_format_leaves_those_that_still_fit_in_the_set(publication: Publish, tmp_path: Path) -> None:
    root, out = publication(), tmp_path / "dist"
    pubkit.build(root, tmp_path / "all", only=["html", "txt", "docx"])
    pubkit.build(root, out, only=["html", "docx"])
    release = pubkit.build(root, out, only=["txt"])
    assert rules(release) == []
    assert [artifact.format for artifact in release.artifacts] == ["html", "docx", "txt"]
    assert manifest.verify(out) == []
    assert content(out) == content(tmp_path / "all")


def test_the_set_of_another_publication_is_named_when_it_makes_room(publication: Publish, tmp_path: Path) -> None:
    out = tmp_path / "dist"
    pubkit.build(publication(), out, only=["txt"])
    renamed = publication(title="Rest and shift work")
    assert rules(pubkit.build(renamed, out, only=["txt", "html"])) == []
    (out / "sleep-1.0.0.html").write_text("changed by somebody")
    other = publication(
        folder="other", title="Tea", slug="tea", identifier="urn:uuid:00000000-0000-4000-8000-000000000009"
    )
    release = pubkit.build(other, out, only=["txt"])
    [said] = [one for one in release.report.findings if one.rule == "REL007"]
    assert ": sleep-1.0.0.txt. They are the set of another publication." in said.message
    assert "--out" in said.remedy
    assert "REL006" in rules(release)  # the changed page is kept under another name


@pytest.mark.parametrize("change", ["text", "style", "picture", "tool", "file"])
def test_a_format_that_no_longer_fits_is_taken_out_of_the_set_and_named(
    publication: Publish, tmp_path: Path, picture: bytes, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """A reader never finds a stale page beside a new text."""
    files = {"styles/web.css": b"p { color: #111 }", "a.png": picture}
    text = TEXT + "\n![Nights counted over one year.](a.png){alt='A blue rectangle of forty by twenty pixels'}\n"
    root, out = publication(text, files=files), tmp_path / "dist"
    pubkit.build(root, out, only=["html"])
    if change == "text":
        (root / "01-text.md").write_text(text + "\nMore text.\n")
    elif change == "style":
        (root / "styles" / "web.css").write_text("p { color: #222 }")
    elif change == "picture":
        (root / "a.png").write_bytes(png(41, 21))
    elif change == "tool":
        monkeypatch.setattr(tools, "versions", lambda: {"pandoc": "9"})
    elif change == "file":
        (out / "sleep-1.0.0.html").write_text("stale")
    release = pubkit.build(root, out, only=["txt"])
    assert rules(release) == ["REL006" if change == "file" else "REL007"]
    assert [artifact.format for artifact in release.artifacts] == ["txt"]
    assert not (out / "sleep-1.0.0.html").exists()
    if change != "file":
        assert manifest.verify(out) == []


def test_a_work_cited_by_its_identifier_needs_the_lock(publication: Publish) -> None:
    report = pubkit.check(publication("A guideline [@doi:10.1136/bmj.n71].\n"))
    assert "CIT008" in {finding.rule for finding in report.findings if finding.blocks}


def test_the_shipped_publication_is_ready() -> None:
    report = pubkit.check(SHIPPED)
    assert [finding for finding in report.findings if finding.blocks] == []


def test_the_web_page_links_to_the_formats_that_lie_beside_it_and_to_no_others(
    publication: Publish, tmp_path: Path
) -> None:
    def linked(*only: OutputFormat, **metadata: object) -> tuple[list[str], bytes]:
        built = pubkit.build(publication(outputs=["html", "epub"], **metadata), tmp_path / "out", only=only or None)
        assert not [one for one in built.report.findings if one.rule.startswith("PRF")]
        page = (built.folder / "sleep-1.0.0.html").read_bytes()
        return re.findall(r'href="([^"#:]+)"', page.decode()), page

    names, page = linked(format_links=True)
    assert names == ["sleep-1.0.0.epub"]
    # What fits stays, and the page is the same, by whatever way it was made.
    assert linked("html", format_links=True) == (names, page)
    (tmp_path / "out" / "sleep-1.0.0.epub").unlink()
    assert linked("html", format_links=True)[0] == []
    assert linked()[0] == []
