"""A preview follows the text, whatever state it is in and however it is saved, and ends when it is told to."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

from .conftest import TEXT, Running, children, written


def test_the_page_shows_each_finding_beside_its_sentence(running: Running) -> None:
    state = running.ready()
    assert state["words"] == "Not ready"
    assert state["title"] == "Sleep after surgery"
    page = running.get("page").text
    assert '<mark class="pk-mark pk-error"' in page
    assert "miracle drug" in page
    assert 'href="vscode://file' in page
    assert "pubkit waive CLM013 book --finding" in page
    assert "not checked" in page


def test_a_saved_edit_shows_however_an_editor_saves_it(running: Running) -> None:
    state = running.ready()
    running.write(TEXT + "\nIn place.\n")
    state = running.after(state)
    assert "In place." in running.get("page").text
    new = running.folder / ".01-text.md.swp"
    new.write_text(TEXT + "\nBy a new file.\n", "utf-8")
    new.replace(running.folder / "01-text.md")
    state = running.after(state)
    assert "By a new file." in running.get("page").text
    running.write(TEXT)
    running.after(state)


def test_what_only_looks_like_a_change_is_none(running: Running) -> None:
    state = running.ready()
    (running.folder / "01-text.md").touch()
    running.write("unsaved", "01-text.md~")
    running.write("unsaved", ".01-text.md.swp")
    running.write("<html>", "dist-refused.html")
    (running.folder / "endless.bib").symlink_to("/dev/zero")
    os.mkfifo(running.folder / "pipe.md")
    (running.folder / "dist").mkdir()
    running.write("", "dist/SHA256SUMS")
    running.write("# Made\n", "dist/text.html")
    running.write(TEXT + "\nA change.\n")
    assert running.after(state)["page"] == state["page"] + 1
    shutil.rmtree(running.folder / "dist")
    for name in ("endless.bib", "pipe.md"):
        (running.folder / name).unlink()
    running.write(TEXT)
    running.state(lambda now: not now["busy"] and "A change." not in running.get("page").text)


def test_a_text_that_cannot_be_read_shows_why_and_the_last_good_page(running: Running) -> None:
    state = running.ready()
    configuration = (running.folder / "pubkit.yaml").read_text("utf-8")
    running.write(configuration + "topics: [sleep\n", "pubkit.yaml")
    broken = running.after(state)
    assert broken["broken"]
    assert broken["good"] == state["good"]
    assert "topics: [sleep" in running.get("page").text
    assert "bracket is not closed" in running.get("page").text
    assert "miracle drug" in running.get("good").text
    (running.folder / "01-text.md").write_bytes(b"# Caf\xe9\n")
    running.write(configuration, "pubkit.yaml")
    unread = running.state(lambda now: now["broken"] and now["page"] > broken["page"])
    assert "not UTF-8: 0xe9" in running.get("page").text
    running.write(TEXT)
    mended = running.after(unread)
    assert not mended["broken"]
    assert mended["good"] == mended["page"]


def test_half_written_marks_hide_no_text(running: Running) -> None:
    state = running.ready()
    running.write(TEXT + "\n::: warning\nStill [typing @pa\n\n```\nan open fence\n\n*emphasis\n")
    running.after(state)
    page = running.get("page").text
    assert "Still" in page
    assert "an open fence" in page
    running.write(TEXT)
    running.state(lambda now: now["total"] == state["total"] and not now["busy"])


def test_a_folder_that_goes_and_comes_back_is_watched_on(running: Running) -> None:
    state = running.ready()
    aside = running.folder.with_name("aside")
    running.folder.rename(aside)
    gone = running.after(state)
    assert gone["broken"]
    shutil.copytree(aside, running.folder)
    back = running.state(lambda now: not now["broken"] and not now["busy"])
    running.write(TEXT + "\nAfter the move.\n")
    running.after(back)
    assert "After the move." in running.get("page").text
    running.write(TEXT)
    running.state(lambda now: now["total"] == state["total"] and not now["busy"])
    shutil.rmtree(aside)


def test_a_process_that_is_ended_is_told_of_and_replaced(running: Running) -> None:
    state = running.ready()
    for number in children(running.process.pid):
        os.kill(number, signal.SIGKILL)
    running.write(TEXT + "\nOnce more.\n")
    state = running.state(lambda now: now["page"] > state["page"] and not now["busy"])
    running.write(TEXT + "\nAnd again.\n")
    running.state(lambda now: now["page"] > state["page"] and not now["broken"] and not now["busy"])
    assert "And again." in running.get("page").text


def test_a_port_that_is_taken_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = started("preview", str(written(tmp_path / "book")), "--no-open", "--port", str(port))
    assert done.returncode == 4
    assert f"Port {port} is in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_without_its_packages_it_says_how_to_install_them(tmp_path: Path) -> None:
    root = written(tmp_path / "book")
    code = (
        "import sys; sys.modules['watchfiles'] = None; from pubkit.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "preview", str(root)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 4
    assert 'python -m pip install "pubkit-health[preview]"' in done.stderr + done.stdout


def test_a_mistyped_path_or_editor_is_named(tmp_path: Path) -> None:
    done = started("preview", str(tmp_path / "nowhere"))
    assert (done.returncode, "There is no" in done.stderr) == (2, True)
    done = started("preview", str(written(tmp_path / "book")), "--editor", "javascript:alert({path})")
    assert (done.returncode, "There is no editor" in done.stderr) == (2, True)


def test_a_check_is_done_again_on_each_change(tmp_path: Path) -> None:
    root = written(tmp_path / "book")
    watching = subprocess.Popen(
        [sys.executable, "-m", "pubkit", "check", "--watch", "--statistics", str(root)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert watching.stdout
    for line in watching.stdout:
        if line.startswith("Not ready: 2 errors"):
            (root / "01-text.md").write_text("# First things\n\nA guideline [@page2021].\n", "utf-8")
        if line.startswith("Ready to build"):
            break
    watching.send_signal(signal.SIGINT)
    watching.communicate(timeout=20)
    assert watching.returncode == 0


def started(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "pubkit", *arguments], capture_output=True, text=True, check=False)
