"""A set of files appears as a whole or not at all, and takes nothing with it."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from pubkit.errors import EnvironmentFault, UsageError
from pubkit.publish import manifest, staging

SETS = {"a.html": b"one", "b.pdf": b"two"}


RECORDS = {"manifest.json", "SHA256SUMS"}


def publish(output: Path, files: dict[str, bytes]) -> tuple[staging.Kept, ...]:
    with staging.open_staging(output, output.parent / "source") as stage:
        contents = {**files, "manifest.json": manifest.written({"artifacts": []}, files)}
        for name, data in contents.items():
            stage.write(name, data)
        stage.write("SHA256SUMS", manifest.checksums(contents))
        return stage.publish()


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name not in RECORDS}


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
        pytest.raises(UsageError, match="contains more than pubkit's files"),
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
        "import os, signal, sys\nfrom pathlib import Path\nfrom pubkit.publish.staging import open_staging\n"
        "with open_staging(Path(sys.argv[1]), Path('/nowhere')) as stage:\n"
        "    stage.write('a.html', b'half')\n    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "dist")], check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    assert content(tmp_path / "dist") == SETS
    publish(tmp_path / "dist", {"a.html": b"new"})
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("moves", [0, 1, 2])
def test_a_build_killed_after_the_exchange_loses_nobodys_work(tmp_path: Path, moves: int) -> None:
    """The whole set is there; what a killed build had not yet carried over, the next build brings back."""
    publish(tmp_path / "dist", {**SETS, "old.html": b"old"})
    (tmp_path / "dist" / "notes.txt").write_bytes(b"mine")
    (tmp_path / "dist" / "b.pdf").write_bytes(b"marked up")
    (tmp_path / "dist" / "more").mkdir()
    code = (
        "import os, signal, sys\nfrom pathlib import Path\nfrom pubkit.publish import manifest, staging\n"
        "real, left = staging._moved, [int(sys.argv[2])]\n"
        "def moved(*arguments):\n"
        "    if not left[0]: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    left[0] -= 1\n    return real(*arguments)\n"
        "staging._moved = moved\n"
        "with staging.open_staging(Path(sys.argv[1]), Path('/nowhere')) as stage:\n"
        "    files = {'a.html': b'new'}\n"
        "    files['manifest.json'] = manifest.written({}, files)\n"
        "    for name, data in files.items(): stage.write(name, data)\n"
        "    stage.write('SHA256SUMS', manifest.checksums(files))\n"
        "    stage.publish()\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "dist"), str(moves)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "dist" / "a.html").read_bytes() == b"new"
    assert not [one for one in manifest.verify(tmp_path / "dist") if one.rule != "REL005"]
    publish(tmp_path / "dist", {"a.html": b"newer"})
    found = sorted(path.read_bytes() for path in (tmp_path / "dist").iterdir() if path.is_file())
    assert {b"mine", b"marked up", b"newer"} <= set(found)
    assert b"old" not in found
    assert (tmp_path / "dist" / "more").is_dir()
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


@pytest.mark.parametrize("written", [None, b"", b"The staging fol"])
def test_a_build_that_was_killed_before_its_mark_was_written_leaves_nothing_behind(
    tmp_path: Path, written: bytes | None
) -> None:
    folder = tmp_path / ".dist.pubkit-abc"
    folder.mkdir()
    if written is not None:
        (folder / "pubkit-staging").write_bytes(written)
    publish(tmp_path / "dist", SETS)
    assert [path.name for path in tmp_path.iterdir()] == ["dist"]


def test_what_cannot_be_carried_over_is_kept_for_the_next_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "notes.txt").write_bytes(b"mine")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch, pytest.raises(EnvironmentFault):
        patch.setattr(staging, "_moved", full)
        publish(tmp_path / "dist", {"a.html": b"new"})
    publish(tmp_path / "dist", {"a.html": b"newer"})
    assert content(tmp_path / "dist") == {"a.html": b"newer", "notes.txt": b"mine"}


CHANGED = "a.changed-2026-11-20.html"


def change(path: Path, data: bytes) -> None:
    """Write `data` as somebody would have on 20 November 2026."""
    path.write_bytes(data)
    os.utime(path, (1795132800, 1795132800))


def test_a_file_that_comes_under_a_name_of_the_set_at_the_last_moment_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody saves a file between the last look at the folder and the exchange."""
    publish(tmp_path / "dist", {"a.html": b"one"})
    real = staging._exchange

    def exchange(staged: Path, output: Path) -> bool:
        change(output / "b.pdf", b"mine")
        change(output / "a.html", b"reviewed")
        return real(staged, output)

    monkeypatch.setattr(staging, "_exchange", exchange)
    kept = publish(tmp_path / "dist", SETS)
    assert kept == (staging.Kept("a.html", CHANGED), staging.Kept("b.pdf", "b.changed-2026-11-20.pdf"))
    assert content(tmp_path / "dist") == {**SETS, CHANGED: b"reviewed", "b.changed-2026-11-20.pdf": b"mine"}


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("new", [{"a.html": b"new"}, {"other.html": b"new"}])
def test_a_file_that_somebody_changed_is_kept_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, new: dict[str, bytes], *, exchange: bool
) -> None:
    if not exchange:
        monkeypatch.setattr(staging, "_exchange", lambda *_: False)
    publish(tmp_path / "dist", SETS)
    change(tmp_path / "dist" / "a.html", b"reviewed")
    assert publish(tmp_path / "dist", new) == (staging.Kept("a.html", CHANGED),)
    assert content(tmp_path / "dist") == {**new, CHANGED: b"reviewed"}
    # It is the reviewer's from now on, and a second one of the same day does not take its place.
    publish(tmp_path / "dist", SETS)
    change(tmp_path / "dist" / "a.html", b"reviewed again")
    assert publish(tmp_path / "dist", new) == (staging.Kept("a.html", "a.changed-2026-11-20-2.html"),)
    kept = {CHANGED: b"reviewed", "a.changed-2026-11-20-2.html": b"reviewed again"}
    assert content(tmp_path / "dist") == {**new, **kept}
    assert publish(tmp_path / "dist", new) == ()


def test_changed_records_of_a_set_are_kept_aside_too(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    for name in RECORDS:
        path = tmp_path / "dist" / name
        change(path, path.read_bytes() + b"\n")
    assert {one.name for one in publish(tmp_path / "dist", SETS)} == RECORDS
    assert (tmp_path / "dist" / "manifest.changed-2026-11-20.json").is_file()
    assert (tmp_path / "dist" / "SHA256SUMS.changed-2026-11-20").is_file()


def test_checksums_of_somebody_elses_make_no_set(tmp_path: Path) -> None:
    """A folder of downloads with its SHA256SUMS is not pubkit's to replace."""
    (tmp_path / "dl").mkdir()
    (tmp_path / "dl" / "notes.txt").write_bytes(b"precious")
    (tmp_path / "dl" / "SHA256SUMS").write_bytes(manifest.checksums({"notes.txt": b"precious"}))
    before = content(tmp_path / "dl")
    with pytest.raises(UsageError, match="SHA256SUMS in dl was not made by pubkit"):
        publish(tmp_path / "dl", SETS)
    assert content(tmp_path / "dl") == before


def test_checksums_made_anew_over_everything_claim_nothing(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "notes.txt").write_bytes(b"precious")
    everything = {path.name: path.read_bytes() for path in (tmp_path / "dist").iterdir()}
    (tmp_path / "dist" / "SHA256SUMS").write_bytes(manifest.checksums(everything))
    publish(tmp_path / "dist", {"a.html": b"new"})
    assert (tmp_path / "dist" / "notes.txt").read_bytes() == b"precious"


@pytest.mark.parametrize("inner", ["", "whole", "growing"])
def test_a_folder_that_only_has_the_name_of_a_staging_folder_is_left_alone(tmp_path: Path, inner: str) -> None:
    planted = tmp_path / ".dist.pubkit-x"
    (planted / inner).mkdir(parents=True)
    (planted / inner / "other.html").write_bytes(b"not yours")
    (planted / "pubkit-staging").write_bytes(b"The staging folder of a pubkit build, inode 1.\n")
    publish(tmp_path / "dist", SETS)
    publish(tmp_path / "dist", SETS)
    assert content(tmp_path / "dist") == SETS
    assert (planted / inner / "other.html").read_bytes() == b"not yours"


def test_every_file_and_folder_is_synced_before_the_set_is_put_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path / "dist", SETS)
    synced: list[str] = []
    real_sync, real_exchange = os.fsync, staging._exchange

    def sync(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    def exchange(staged: Path, output: Path) -> bool:
        synced.append("exchange")
        return real_exchange(staged, output)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(staging, "_exchange", exchange)
    publish(tmp_path / "dist", SETS)
    files = {*SETS, *RECORDS, "pubkit-staging"}
    before = synced[: synced.index("exchange")]
    assert sorted(before) == sorted([*files, "growing"])
    assert before[-1] == "growing"
    assert synced[synced.index("exchange") + 1 :] == ["dist", tmp_path.name]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount")
@pytest.mark.parametrize("kind", ["tmpfs", "bind"])
def test_an_output_that_is_a_mount_point_gets_its_set_too(tmp_path: Path, kind: str) -> None:
    """A container that is started with its `dist` mounted."""
    output, behind = tmp_path / "dist", tmp_path / "behind"
    output.mkdir()
    behind.mkdir()
    how = ["-t", "tmpfs", "tmpfs"] if kind == "tmpfs" else ["--bind", str(behind)]
    if subprocess.run(["mount", *how, str(output)], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        publish(output, SETS)
        change(output / "a.html", b"reviewed")
        (output / "notes.txt").write_bytes(b"mine")
        publish(output, {"a.html": b"new"})
        assert content(output) == {"a.html": b"new", CHANGED: b"reviewed", "notes.txt": b"mine"}
    finally:
        subprocess.run(["umount", str(output)], check=True)


def test_verify_tells_a_changed_file_a_missing_one_and_a_sound_set(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    assert manifest.verify(tmp_path / "dist") == []
    path = tmp_path / "dist" / "manifest.json"
    path.write_bytes(manifest.written({"artifacts": [{"path": "a.html", "sha256": "0" * 64}]}, SETS))
    sums = {name: (tmp_path / "dist" / name).read_bytes() for name in (*SETS, "manifest.json")}
    (tmp_path / "dist" / "SHA256SUMS").write_bytes(manifest.checksums(sums))
    assert [finding.rule for finding in manifest.verify(tmp_path / "dist")] == ["REL004"]
    (tmp_path / "dist" / "a.html").write_bytes(b"changed")
    (tmp_path / "dist" / "b.pdf").unlink()
    assert {finding.rule for finding in manifest.verify(tmp_path / "dist")} == {"REL002", "REL003", "REL004"}
    os.truncate(tmp_path / "dist" / "a.html", 50 << 30)
    assert "a.html is larger than any that is published." in [one.message for one in manifest.verify(tmp_path / "dist")]
    assert [finding.rule for finding in manifest.verify(tmp_path)] == ["REL001"]


@pytest.mark.parametrize("line", ["../victim.txt", "..", "/etc/passwd", "a.html", "a\0b", "n" * 5_000, ""])
def test_a_line_that_pubkit_never_writes_makes_checksums_unsound(tmp_path: Path, line: str) -> None:
    publish(tmp_path / "dist", SETS)
    with (tmp_path / "dist" / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  {line}\n")
    assert {finding.rule for finding in manifest.verify(tmp_path / "dist")} <= {"REL002", "REL003"}
    assert manifest.verify(tmp_path / "dist")


def test_a_stranger_in_a_set_is_an_error(tmp_path: Path) -> None:
    publish(tmp_path / "dist", SETS)
    (tmp_path / "dist" / "extra.html").write_bytes(b"<script>1</script>")
    [finding] = manifest.verify(tmp_path / "dist")
    assert (finding.rule, finding.blocks) == ("REL005", True)


def test_an_output_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"mine")
    with pytest.raises(UsageError, match=r"file is not a folder\.$"):
        publish(tmp_path / "file" / "inner" / "dist", SETS)
    assert (tmp_path / "file").read_bytes() == b"mine"


@pytest.mark.parametrize("path", ["../victim.txt", "..", "inner/victim.txt", ""])
def test_a_manifest_that_names_what_lies_elsewhere_is_no_manifest(tmp_path: Path, path: str) -> None:
    (tmp_path / "dist").mkdir()
    planted = {"artifacts": [{"path": path, "sha256": "0" * 64, "format": "html"}]}
    (tmp_path / "dist" / "manifest.json").write_bytes(manifest.written(planted, {}))
    assert manifest.read(tmp_path / "dist") is None
    with pytest.raises(UsageError, match=r"manifest\.json in dist was not made by pubkit"):
        publish(tmp_path / "dist", SETS)
