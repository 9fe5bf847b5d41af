"""A run over unchanged input takes only a look, and anything that could change its result makes it run in full."""

from __future__ import annotations

import json
import os
import random
import select
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.progress import Progress
from pubkit.errors import UsageError
from pubkit.store import runs
from pubkit.store.explanations import explanation

from .conftest import TEXT, UNREVIEWED, Publish

LOOK = ["unchanged"]
STAGES = ["read", "references", "cite", "check"]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


class Watch:
    """The stages of the runs of one publication, by name."""

    def __init__(self, cache: Path) -> None:
        self._cache = cache

    def check(self, folder: Path) -> list[str]:
        stages: list[str] = []
        pubkit.check(folder, on_stage=lambda name, _: stages.append(name), cache=self._cache)
        return stages

    def draft(self, folder: Path, out: Path) -> tuple[pubkit.Release, list[str]]:
        stages: list[str] = []
        made = pubkit.build(folder, out, draft=True, on_stage=lambda name, _: stages.append(name), cache=self._cache)
        return made, stages


@pytest.fixture
def watch(cache: Path) -> Watch:
    return Watch(cache)


def test_an_unchanged_text_is_not_checked_again_and_its_report_is_the_same(
    publication: Publish, cache: Path, watch: Watch
) -> None:
    folder = publication("# One\n\nA study in the Journal of Sleep found that tea cures insomnia.\n")
    first = pubkit.check(folder, cache=cache)
    assert first.blocks_release
    assert watch.check(folder) == LOOK
    again = pubkit.check(folder, cache=cache)
    assert (again.findings, again.verdicts, again.skipped, again.exit_code) == (
        first.findings,
        first.verdicts,
        first.skipped,
        first.exit_code,
    )
    assert again.entries.keys() == first.entries.keys()
    assert again.entries["CIT001"].title == first.entries["CIT001"].title


def changed_text(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "01-text.md").write_text(TEXT.replace("guideline", "guidance"), "utf-8")


def new_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "02-more.md").write_text("# More\n\nMore.\n", "utf-8")


def new_sheet(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "styles").mkdir()
    (folder / "styles" / "web.extra.css").write_text("p { color: black; }\n", "utf-8")


def renamed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "01-text.md").rename(folder / "01-other.md")


def linked(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = folder / "01-text.md"
    text.rename(folder / "elsewhere")
    text.symlink_to("elsewhere")


def another_day(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795392000")


def another_snapshot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(folder.parent / "data"))


def another_place(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)


@pytest.mark.parametrize(
    "change",
    [changed_text, new_file, new_sheet, renamed, linked, another_day, another_snapshot, another_place],
    ids=lambda change: change.__name__,
)
def test_whatever_could_change_the_result_makes_it_check_again(
    publication: Publish,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
    change: Callable[[Path, pytest.MonkeyPatch], None],
) -> None:
    folder = publication()
    assert watch.check(folder) == STAGES
    assert watch.check(folder) == LOOK
    change(folder, monkeypatch)
    try:
        stages = watch.check(folder)
    except pubkit.PubkitError:
        stages = ["refused"]
    assert stages != LOOK


def test_a_draft_is_made_again_only_if_its_set_has_changed(publication: Publish, tmp_path: Path, watch: Watch) -> None:
    folder, out = publication(outputs=["html"]), tmp_path / "draft"
    first, stages = watch.draft(folder, out)
    assert "html" in stages
    again, stages = watch.draft(folder, out)
    assert stages == LOOK
    assert again.artifacts == first.artifacts
    assert again.folder == first.folder
    page = first.artifacts[0].path
    before = page.read_bytes()
    page.unlink()
    _, stages = watch.draft(folder, out)
    assert "html" in stages
    assert page.read_bytes() == before
    page.write_bytes(before + b" ")
    _, stages = watch.draft(folder, out)
    assert "html" in stages
    assert page.read_bytes() == before


def test_after_edits_at_random_places_what_is_kept_makes_the_set_that_everything_anew_makes(
    publication: Publish, tmp_path: Path, cache: Path
) -> None:
    """A note, a citation and the entry change, and most of what pandoc has said before is still right."""
    chance = random.Random(7)
    sentence = "A guideline says what a review should report [@page2021], and why.[^one]"
    chapter = "# Things\n\n" + "\n\n".join([sentence] * 4) + "\n\n[^one]: A note.\n"
    folder = publication(chapter, files={f"0{number}-more.md": chapter.encode() for number in (2, 3)}, outputs=["html"])
    edits = ("A note", "The note"), (" [@page2021]", ""), ("{The", "{On the")

    def made(out: str, cache: Path | None) -> dict[str, bytes]:
        released = pubkit.build(folder, tmp_path / out, draft=True, cache=cache)
        return {path.name: path.read_bytes() for path in released.folder.iterdir()}

    made("kept", cache)
    for old, new in edits:
        file = chance.choice([path for path in sorted(folder.iterdir()) if old in path.read_text("utf-8")])
        parts = file.read_text("utf-8").split(old)
        place = chance.randrange(1, len(parts))
        file.write_text(old.join(parts[:place]) + new + old.join(parts[place:]), "utf-8")
        assert made("kept", cache) == made("anew", None)


def test_a_build_that_was_blocked_is_blocked_again(publication: Publish, tmp_path: Path, cache: Path) -> None:
    folder = publication("# One\n\nThis tea has no dangerous side effects.\n")
    found = []
    for _ in range(2):
        with pytest.raises(pubkit.Blocked) as stop:
            pubkit.build(folder, tmp_path / "dist", cache=cache)
        found.append(stop.value)
    assert found[0].report.findings == found[1].report.findings
    assert (found[0].exit_code, list(found[1].timings)) == (found[1].exit_code, LOOK)
    assert not (tmp_path / "dist").exists()


def test_a_release_is_never_answered_from_an_earlier_run(
    publication: Publish,
    tmp_path: Path,
    cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PUBKIT_CACHE", str(cache))
    folder = publication("# One\n\nSleep well.\n", bibliography=None, unreviewed=UNREVIEWED, outputs=["html"])
    from pubkit.cli.main import main

    for _ in range(2):
        assert main(["release", str(folder), "--out", str(tmp_path / "dist")]) == 0
        assert "unchanged" not in capsys.readouterr().err
    assert not cache.exists()


@pytest.mark.parametrize("spoil", ["bytes", "permissions"])
def test_a_result_that_is_damaged_or_that_others_may_write_is_not_believed(
    publication: Publish, cache: Path, watch: Watch, spoil: str
) -> None:
    folder = publication()
    watch.check(folder)
    for kept in cache.glob("*.run"):
        if spoil == "bytes":
            kept.write_bytes(kept.read_bytes()[:-1] + b"!")
        else:
            kept.chmod(0o666)
    assert watch.check(folder) == STAGES


def test_what_is_said_about_a_rule_is_kept_and_never_in_the_place_of_a_publications_own(
    tmp_path: Path, cache: Path
) -> None:
    asked = ("CLM011", "clm011", None)
    anew = [explanation(name, tmp_path, None) for name in asked]
    assert [explanation(name, tmp_path, cache) for name in asked] == anew
    assert len(list(cache.iterdir())) == 1
    (tmp_path / "rules").mkdir()
    own = "rules: [{id: HSE001, kind: existence, words: [leaky gut], message: No diagnosis}]"
    (tmp_path / "rules" / "own.yaml").write_text(own, "utf-8")
    assert "HSE001" in explanation(None, tmp_path, cache)
    assert len(list(cache.iterdir())) == 1
    with pytest.raises(UsageError, match="There is no rule CLM01X"):
        explanation("CLM01X", Path(), cache)


def test_the_newest_results_are_kept_and_all_can_be_removed(
    publication: Publish, cache: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pubkit.cli.main import main

    report = pubkit.check(publication())
    monkeypatch.setattr(runs, "_MOST", 3)
    for number in range(5):
        runs.keep(cache, f"{number:064x}", runs.Run(report).lean)
        os.utime(cache / f"{number:064x}.run", (number, number))
    assert runs.recall(cache, f"{0:064x}", runs.Run) is None
    assert runs.recall(cache, f"{4:064x}", runs.Run) is not None
    monkeypatch.setenv("PUBKIT_CACHE", str(cache))
    assert main(["cache"]) == 0
    assert "3 results of runs" in capsys.readouterr().out
    assert main(["cache", "clear"]) == 0
    assert not list(cache.iterdir())


def test_fresh_does_everything_again_and_a_profile_shows_when(
    publication: Publish,
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from pubkit.cli.main import main

    monkeypatch.setenv("PUBKIT_CACHE", str(cache))
    folder = str(publication())
    stages = []
    profile = tmp_path / "times.json"
    for more in ([], [], ["--fresh", "-v", "--profile", str(profile)]):
        assert main(["check", folder, *more]) == 0
        said = capsys.readouterr().err
        stages.append("unchanged" in said)
        assert ("Share" in said and "100%" not in said) == ("-v" in more)
    assert stages == [False, True, False]
    whole, *events = json.loads(profile.read_text("utf-8"))["traceEvents"]
    assert (whole["name"], [one["name"] for one in events]) == ("pubkit check", STAGES)
    assert all(one["ph"] == "X" and 0 <= one["ts"] <= one["ts"] + one["dur"] <= whole["dur"] + 1 for one in events)


def test_long_work_shows_a_bar_that_leaves_only_the_stages_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, terminal = os.openpty()
    with os.fdopen(reader, "rb", 0) as screen, os.fdopen(terminal, "w") as writer:
        monkeypatch.setenv("TERM", "xterm")
        monkeypatch.setattr(sys, "stderr", writer)
        observer = Progress(shown=True, patience=0)
        observer.plan(["read", "references", "cite", "check"])
        shown = b""
        while b"0 of 4 stages" not in shown and select.select([screen], [], [], 60)[0]:
            shown += screen.read(1000)
        assert b"read" in shown
        observer("read", 1.25)
        observer.end()
        writer.write("end")
        writer.flush()
        while b"end" not in shown:
            shown += screen.read(1000)
    assert b"  read           1.25 s" in shown
    assert shown.rstrip().endswith(b"\x1b[2Kend")


def test_every_file_that_a_draft_opens_is_covered_by_its_question(publication: Publish, tmp_path: Path) -> None:
    """What Python opens lies in the publication, in the set, in the installation, or is made by the run itself."""
    folder, out = publication(), tmp_path / "draft"
    program = (
        "import sys, pubkit\n"
        "opened = []\n"
        "sys.addaudithook(lambda event, args: event in ('open', 'os.listdir', 'os.scandir') and opened.append(args[0]))\n"
        "pubkit.build(sys.argv[1], sys.argv[2], draft=True)\n"
        "print(*sorted({name for name in opened if isinstance(name, str)}), sep='\\n')\n"
    )
    run = [sys.executable, "-P", "-c", program, str(folder), str(out)]
    done = subprocess.run(run, capture_output=True, text=True, check=True, env={**os.environ, "TMPDIR": str(tmp_path)})
    package = Path(pubkit.__file__).parent
    loaded = [Path(name) for name in (*sys.path, sys.base_prefix, os.environ["PATH"].split(os.pathsep)[0]) if name]
    covered = [folder, out.parent, package, package.parents[1] / "styles", *loaded, Path("/etc/ld.so.cache")]
    # Devices and the state of the process itself; parts of a path that is opened step by step are relative.
    covered += [Path("/dev"), Path("/proc"), Path("/etc/os-release")]
    names = [Path(name) for name in done.stdout.splitlines() if name.startswith("/")]
    stray = [str(name) for name in names if not any(name.is_relative_to(place) for place in covered)]
    assert stray == []
