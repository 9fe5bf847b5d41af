"""A set of files appears as a whole or not at all, and takes nothing with it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pubkit import manifest, staging
from pubkit.errors import EnvironmentFault, UsageError

SETS = {"a.html": b"one", "b.pdf": b"two"}


def publish(output: Path, files: dict[str, bytes]) -> None:
    with staging.open_staging(output, output.parent / "source") as stage:
        for name, data in files.items():
            stage.write(name, data)
        stage.write("SHA256SUMS", manifest.checksums(files))
        stage.publish()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != "SHA256SUMS"}


def test_a_set_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    publish(tmp_path / "dist", {"a.html": b"new", "c.epub": b"three"})
    assert content(tmp_path / "dist") == {"a.html": b"new", "c.epub": b"three"}
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_what_others_have_put_there_stays(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "notes.txt").write_bytes(b"mine")
    (tmp_path / "dist" / "folder").mkdir()
    (tmp_path / "dist" / "folder" / "inner").write_bytes(b"mine too")
    publish(tmp_path / "dist", {"a.html": b"new"})
    assert (tmp_path / "dist" / "notes.txt").read_bytes() == b"mine"
    assert (tmp_path / "dist" / "folder" / "inner").read_bytes() == b"mine too"
    assert not (tmp_path / "dist" / "b.pdf").exists()


@pytest.mark.parametrize("call", ["open", "fsync", "fchmod", "rename"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4, 5, 6])
def test_a_disk_that_fills_up_leaves_the_last_set_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, nth: int
) -> None:
    publish(tmp_path / "dist", SETS)
    before, new = content(tmp_path / "dist"), {"a.html": b"new", "b.pdf": b"new"}
    real = getattr(os, call)
    count = 0

    def failing(*arguments: object, **options: object) -> object:
        nonlocal count
        count += 1
        if count == nth:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(*arguments, **options)

    monkeypatch.setattr(os, call, failing)
    failed = False
    try:
        publish(tmp_path / "dist", new)
    except (EnvironmentFault, OSError):
        failed = True
    monkeypatch.undo()
    # A failure after the exchange (the last sync) has put the new set in place; it is never a mixture.
    assert content(tmp_path / "dist") in ((before, new) if failed else (new,))


def test_without_an_exchange_the_files_are_put_in_place_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "notes.txt").write_bytes(b"mine")
    monkeypatch.setattr(staging, "_exchange", lambda *_: False)
    publish(tmp_path / "dist", {"a.html": b"new"})
    assert content(tmp_path / "dist") == {"a.html": b"new", "notes.txt": b"mine"}


def test_a_file_of_somebody_elses_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "a.html").write_bytes(b"mine")
    with pytest.raises(UsageError, match="not made by pubkit"):
        publish(tmp_path / "dist", SETS)
    assert content(tmp_path / "dist") == {"a.html": b"mine"}


@pytest.mark.parametrize("output", [".", "", "..", "/", "source", "source/.."])
def test_an_output_that_holds_more_than_a_set_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    (tmp_path / "here" / "source").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    with (
        pytest.raises(UsageError, match="holds more than a set"),
        staging.open_staging(Path(output), Path("source")),
    ):
        pass


def test_an_output_that_is_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "victim").mkdir()
    (tmp_path / "dist").symlink_to(tmp_path / "victim")
    with pytest.raises(UsageError, match="not a folder"):
        publish(tmp_path / "dist", SETS)
    assert not list((tmp_path / "victim").iterdir())


def test_a_planted_link_in_the_output_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_bytes(b"VICTIM")
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "a.html").unlink()
    (tmp_path / "dist" / "a.html").symlink_to(victim)
    publish(tmp_path / "dist", SETS)
    assert victim.read_bytes() == b"VICTIM"
    assert (tmp_path / "dist" / "a.html").read_bytes() == b"one"
    assert not (tmp_path / "dist" / "a.html").is_symlink()


def test_a_build_that_was_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pubkit.staging import open_staging\n"
        "with open_staging(Path(sys.argv[1]), Path('/nowhere')) as stage:\n"
        "    stage.write('a.html', b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "dist")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    assert content(tmp_path / "dist") == SETS
    publish(tmp_path / "dist", {"a.html": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_files_carried_into_a_dead_staging_folder_come_back(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    dead = tmp_path / ".dist.pubkit-dead"
    publish(dead, {"old.html": b"old"})
    (dead / "notes.txt").write_bytes(b"mine")
    publish(tmp_path / "dist", SETS)
    assert (tmp_path / "dist" / "notes.txt").read_bytes() == b"mine"
    assert not (tmp_path / "dist" / "old.html").exists()
    assert not dead.exists()


def test_verify_tells_a_changed_file_a_missing_one_and_a_sound_set(tmp_path: Path) -> None:
    files = {**SETS, "manifest.json": manifest.written({"artifacts": [{"path": "a.html", "sha256": "0" * 64}]})}
    publish(tmp_path / "dist", files)
    assert [finding.rule for finding in manifest.verify(tmp_path / "dist")] == ["REL004"]
    (tmp_path / "dist" / "a.html").write_bytes(b"changed")
    (tmp_path / "dist" / "b.pdf").unlink()
    assert {finding.rule for finding in manifest.verify(tmp_path / "dist")} == {"REL002", "REL003", "REL004"}
    assert [finding.rule for finding in manifest.verify(tmp_path)] == ["REL001"]


def test_an_output_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"file is no folder\.$"):
        publish(tmp_path / "file" / "inner" / "dist", SETS)
    assert (tmp_path / "file").read_bytes() == b"mine"
