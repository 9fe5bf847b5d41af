"""Many publications in one run: what one of them does harms no other, and nothing is done twice."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

import pubkit
from pubkit.cli.main import main
from pubkit.errors import ConfigurationError, InputRefused, UsageError
from pubkit.findings import Finding, Severity
from pubkit.library.delivery import shelf
from pubkit.library.run import run
from pubkit.library.summary import Summary, as_json, as_page, summary
from pubkit.library.titles import titles
from pubkit.library.work import Outcome, State, Work
from pubkit.publish.manifest import CHECKSUMS, MANIFEST, checksums, verify, written

from ..conftest import Publish

LEAFLETS = Path(__file__).parent / "leaflets"


@pytest.fixture
def leaflets(tmp_path: Path) -> Path:
    """A copy of the three publications."""
    return Path(shutil.copytree(LEAFLETS, tmp_path / "leaflets"))


def states(made: Summary) -> dict[str, str]:
    return {one.name: one.state.value for one in made.outcomes}


def test_a_folder_a_pattern_and_a_list_name_the_same_publications(leaflets: Path) -> None:
    (leaflets / "list.yaml").write_text(
        "publications:\n  - whom-to-ask\n  - reading-a-leaflet\n  - words-in-studies\n", "utf-8"
    )
    (leaflets / ".hidden").mkdir()
    (leaflets / ".hidden" / "pubkit.yaml").write_text("title: no\n", "utf-8")
    names = ["reading-a-leaflet", "whom-to-ask", "words-in-studies"]
    (leaflets / "around").symlink_to(leaflets)
    for catalog in (leaflets, leaflets / "*", leaflets / "list.yaml", leaflets.joinpath(*["ar*"] * 40, "*")):
        assert [title.name for title in titles(str(catalog))] == names


def test_publications_of_one_name_in_two_folders_keep_apart(leaflets: Path) -> None:
    for language in ("de", "en"):
        shutil.copytree(leaflets / "whom-to-ask", leaflets / "all" / language / "asking")
    assert [title.name for title in titles(str(leaflets / "all"))] == ["de-asking", "en-asking"]
    for name in ("de-asking", "de-asking-1", "library.json"):
        shutil.copytree(leaflets / "whom-to-ask", leaflets / "all" / name)
    found = [title.name for title in titles(str(leaflets / "all"))]
    assert found == ["de-asking-1", "de-asking-2", "de-asking-3", "en-asking", "library.json-1"]
    (leaflets / "list.yaml").write_text("[all/de/asking, all/de/../de/asking]", "utf-8")
    assert len(titles(str(leaflets / "list.yaml"))) == 1
    (leaflets / "all" / "list.yaml").write_text("['.', '..', /]", "utf-8")
    names = [title.name for title in titles(str(leaflets / "all" / "list.yaml"))]
    assert names == ["all", "leaflets", "publication"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("publications: [nowhere]", "names nowhere, which does not exist"),
        ("publications: 3", "has no list of paths"),
        ("{", "is not closed"),
        ("publications: [2026-99-99]", "names 2026-99-99, which does not exist"),
        (f"publications: [{'9' * 5_000}]", "which does not exist"),
        (f"[{'a' * 5_000}]", "which does not exist"),
        ('["a\\0b"]', "character U.0000, which is not accepted"),
    ],
)
def test_a_list_that_cannot_be_read_says_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "list.yaml").write_text(text, "utf-8")
    with pytest.raises((ConfigurationError, InputRefused), match=said):
        titles(str(tmp_path / "list.yaml"))


def test_an_empty_folder_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no publication"):
        titles(str(tmp_path))


def test_one_that_fails_stops_none_and_the_second_run_only_looks(
    leaflets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A blocked and a refused publication among sound ones: every set is there, and the exit code is the worst."""
    cache, out = tmp_path / "cache", tmp_path / "out"
    shutil.copytree(leaflets / "whom-to-ask", leaflets / "blocked")
    (leaflets / "blocked" / "01-asking.md").write_text("# One\n\nThis tea has no dangerous side effects.\n", "utf-8")
    shutil.copytree(leaflets / "whom-to-ask", leaflets / "refused")
    (leaflets / "refused" / "pubkit.yaml").write_text("title: [\n", "utf-8")
    monkeypatch.setenv("PUBKIT_CACHE", str(cache))
    command = ["library", "build", str(leaflets), "--out", str(out), "--jobs", "2"]
    assert main(command) == 2
    first = capsys.readouterr()
    assert "blocked: blocked: " in first.out
    assert "5 publications: 3 sound, 1 blocked, 1 refused." in first.out
    for name in ("reading-a-leaflet", "words-in-studies", "whom-to-ask"):
        assert not verify(out / name)
    assert not (out / "blocked").exists()
    before = (out / "library.json").read_bytes(), (out / "library.html").read_bytes()
    for shown in (first.out, before[1].decode()):
        assert shown.count("This bracket is not closed") == 1
        assert "pubkit.yaml:2:1" in shown
    assert main(["library", str(leaflets), "--format", "github"]) == 2
    told = capsys.readouterr().out
    assert f"::error file={leaflets}/blocked/01-asking.md,line=3,col=" in told
    assert f"::error file={leaflets}/refused/pubkit.yaml,line=2,col=1" in told
    assert main(command) == 2
    assert capsys.readouterr().err.count("unchanged") == 5
    assert ((out / "library.json").read_bytes(), (out / "library.html").read_bytes()) == before

    said = json.loads(before[0])
    assert said["states"] == {"blocked": 1, "lost": 0, "refused": 1, "sound": 3}
    (shared,) = said["shared"]
    assert shared["identifier"] == "doi:10.1136/bmj.n71"
    assert shared["publications"] == ["reading-a-leaflet", "words-in-studies"]
    assert [one["name"] for one in said["due"]] == ["blocked", "whom-to-ask"]
    page = before[1].decode()
    assert "2 of 5 publications need attention." in page
    assert page.index("no dangerous side effects") < page.index("All publications")

    set_of_one = next((out / "whom-to-ask").glob("*.txt"))
    set_of_one.unlink()
    (leaflets / "words-in-studies" / "01-words.md").write_text("# Review\n\nA review [@page2021].\n", "utf-8")
    assert main(command) == 2
    assert capsys.readouterr().err.count("unchanged") == 3
    assert set_of_one.exists()


def test_a_publication_whose_process_dies_is_done_again_and_takes_no_other_down(leaflets: Path, tmp_path: Path) -> None:
    """The first outcome shows that the processes run; then one of them is killed."""
    killed: list[int] = []

    def kill(_: Outcome, number: int, of: int) -> None:
        if number == 1:
            children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text("utf-8").split()
            workers = [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]
            killed.extend(workers[:1])
            os.kill(killed[0], signal.SIGKILL)

    made = run(titles(str(leaflets)), Work.CHECK, jobs=1, on_outcome=kill)
    assert killed
    assert set(states(made).values()) == {"sound"}
    assert len(made.outcomes) == 3


def test_the_summary_does_not_depend_on_the_order_or_the_speed_of_the_work(leaflets: Path) -> None:
    found = titles(str(leaflets))
    one, other = run(found, Work.CHECK, jobs=1), run(tuple(reversed(found)), Work.CHECK, jobs=2)
    assert as_json(one) == as_json(other)
    assert as_page(one) == as_page(other)


def test_a_mistyped_task_is_not_taken_for_a_folder(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["library", "relase", str(LEAFLETS)])
    assert "did you mean release?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["library", "release", "LEAFLETS", "--scheduler", "tcp://127.0.0.1:1"], "made on this machine"),
        (["library", "release", "LEAFLETS", "--out", "memory://x"], "made on this machine"),
        (["library", "check", "LEAFLETS", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1"], "Leave one out"),
        (["library", "build", "LEAFLETS", "--out", "nosuch://x"], "--out"),
        (["library", "build", "LEAFLETS", "--out", "OUT", "--scheduler", "nosuch://x"], "--scheduler"),
    ],
)
def test_what_cannot_be_is_said_before_any_work_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    named = {"LEAFLETS": str(LEAFLETS), "OUT": str(tmp_path / "out")}
    assert main([named.get(one, one) for one in arguments]) == 2
    shown = capsys.readouterr()
    assert said in shown.out + shown.err


@pytest.fixture(scope="module")
def cluster() -> Iterator[object]:
    """A Dask cluster of two processes on this machine."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=None
    ) as made:
        yield made


@pytest.mark.filterwarnings("ignore")
def test_a_cluster_makes_each_set_once_though_a_worker_is_killed(cluster: object, leaflets: Path) -> None:
    """The sets go to an address of fsspec, as they would to a bucket."""
    fsspec = pytest.importorskip("fsspec")
    for number in range(3):
        shutil.copytree(leaflets / "whom-to-ask", leaflets / f"copy-{number}")
    seen: list[str] = []

    def kill(outcome: Outcome, number: int, of: int) -> None:
        seen.append(outcome.name)
        if number == 1:
            os.kill(next(iter(cluster.workers.values())).pid, signal.SIGKILL)  # type: ignore[attr-defined]

    address = cluster.scheduler_address  # type: ignore[attr-defined]
    made = run(titles(str(leaflets)), Work.BUILD, "memory://library", scheduler=address, on_outcome=kill)
    assert set(states(made).values()) == {"sound"}
    assert sorted(seen) == sorted(states(made))
    held = fsspec.filesystem("memory")
    for one in made.outcomes:
        folder = leaflets.parent / "held" / one.name
        folder.mkdir(parents=True)
        for path in held.ls(f"/library/{one.name}", detail=False):
            (folder / Path(path).name).write_bytes(held.cat_file(path))
        assert not verify(folder)
    assert held.exists("/library/library.html")


def test_only_what_pubkit_put_at_an_address_is_removed_there(tmp_path: Path) -> None:
    held = pytest.importorskip("fsspec").filesystem("memory")
    place = shelf("memory://shelf")
    first = {"a.html": b"1", "b.html": b"2", "c.html": b"3"}
    made = {**first, MANIFEST: written({}, first)}
    place.put("one", tmp_path, {**made, CHECKSUMS: checksums(made)})
    held.pipe_file("/shelf/one/b.html", b"changed by somebody")
    held.pipe_file("/shelf/two/notes.txt", b"mine")
    held.pipe_file(f"/shelf/two/{CHECKSUMS}", checksums({"notes.txt": b"mine"}))
    for name in ("one", "two"):
        place.put(name, tmp_path, {"a.html": b"new", CHECKSUMS: b""})
    assert {Path(one).name for one in held.ls("/shelf/one", detail=False)} == {"a.html", "b.html", CHECKSUMS}
    assert held.cat_file("/shelf/two/notes.txt") == b"mine"


def test_a_draft_of_a_library_has_every_publication_that_can_be_read(leaflets: Path, tmp_path: Path) -> None:
    (leaflets / "whom-to-ask" / "01-asking.md").write_text(
        "# One\n\nThis tea has no dangerous side effects.\n", "utf-8"
    )
    (only,) = titles(str(leaflets / "whom-to-ask"))
    made = run((only,), Work.DRAFT, str(tmp_path / "out"), jobs=1)
    (outcome,) = made.outcomes
    assert (outcome.state, outcome.exit_code, made.exit_code) == (State.SOUND, 0, 0)
    assert outcome.counts["error"]
    assert outcome.review_due == dt.date(2026, 12, 31)
    assert not verify(tmp_path / "out" / only.name)


def test_the_answers_are_those_of_each_publication_alone(publication: Publish) -> None:
    folder = publication()
    (outcome,) = run(titles(str(folder)), Work.CHECK, jobs=1).outcomes
    alone = pubkit.check(folder)
    assert outcome.counts == alone.counts
    assert outcome.exit_code == alone.exit_code
    assert outcome.verdicts == {one.key: one.status.value for one in alone.verdicts}


def test_findings_of_one_kind_are_listed_below_what_to_do_about_them() -> None:
    findings = tuple(
        Finding("REF030", Severity.ERROR, f"ref{number}: a placeholder.", remedy="Look into `references.bib`.")
        for number in range(1, 8)
    )
    blocked = Outcome("one", State.BLOCKED, 1, title="One", findings=findings, counts={"error": 7})
    page = as_page(summary(Work.CHECK, [blocked], dt.date(2026, 11, 28))).decode()
    assert page.count("Look into <code>references.bib</code>.") == 1
    assert page.count("a placeholder.") == 4
    assert "3 more of the same kind" in page
