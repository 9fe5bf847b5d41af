"""Children forked from one process: as bounded and as far from each other as programs of their own."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pubkit.boundary import child, confinement, warm
from pubkit.boundary.child import Limits, Overrun
from pubkit.boundary.warm import Fork, Server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux forks")
LIMITS = Limits(60, 20, memory=2 << 30)
#: What the children do is on their standard input.
SERVE = (
    "import sys; from pubkit.boundary import forks; "
    "forks.serve(int(sys.argv[-1]), lambda: exec(sys.stdin.read(), {}), lambda: None)"
)


def command(before: str = "") -> list[str]:
    return [sys.executable, "-I", "-c", f"{before}\n{SERVE}"]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server(command(), child.bare, LIMITS)
    yield running
    running.close()


def fork(server: Server, name: str) -> Fork:
    folder = server.folder / name
    folder.mkdir(exist_ok=True)
    return server.fork(folder)


def run(server: Server, code: str, limits: Limits = LIMITS, name: str = "own") -> child.Ended:
    with fork(server, name) as forked:
        assert forked.begun()
        forked.limit(limits)
        return forked.finish(code.encode(), limits)


@pytest.mark.parametrize(
    ("code", "limits", "said"),
    [
        ("import signal; signal.pause()", Limits(0.2), "0 seconds"),
        ("while True: pass", Limits(60, 1), "1 seconds of processor time"),
        ("while True: print('x' * 4096)", Limits(60, output=1 << 20), "1 MB of output"),
        ("open('big', 'wb').write(b'x' * (2 << 20))", Limits(60, output=1 << 20), None),
        ("'x' * (1 << 31)", Limits(60, memory=1 << 30), "MemoryError"),
        ("import os; os.abort()", LIMITS, ""),
        ("import sys; sys.exit(3)", LIMITS, ""),
        ("1 / 0", LIMITS, "ZeroDivisionError"),
    ],
    ids=["clock", "processor", "output", "file", "memory", "abort", "exit", "error"],
)
def test_one_that_fails_leaves_the_next_as_it_would_have_been(
    server: Server, code: str, limits: Limits, said: str | None
) -> None:
    try:
        ended = run(server, code, limits)
    except Overrun as overrun:
        assert str(overrun) == said
    else:
        assert ended.code != 0
        assert (said or "") in ended.errors.decode()
    assert run(server, "print('next')").output == b"next\n"
    assert server.lives()


def test_a_child_has_nothing_but_its_streams_its_folder_and_its_environment(server: Server) -> None:
    with fork(server, "other") as other:
        assert other.begun()
        said = run(
            server,
            "import os, sys, json\nfound = []\nfor number in range(256):\n"
            "    try:\n        os.fstat(number)\n        found.append(number)\n    except OSError:\n        pass\n"
            "open('mine', 'w').close()\nprint(json.dumps([found, sorted(os.environ), os.getsid(0) == os.getpid()]))",
        )
    assert json.loads(said.output) == [[0, 1, 2], sorted(child.bare("/")), True]
    assert (server.folder / "own" / "mine").exists()


@pytest.mark.skipif(not confinement.confinement(), reason="bubblewrap is not here, or may not work")
def test_a_child_behind_the_wall_reaches_no_other(server: Server, tmp_path: Path) -> None:
    attack = f"""
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
here = os.getcwd()
failed = []
def tried(name, work):
    try:
        if work() == -1:
            raise OSError(ctypes.get_errno(), name)
    except OSError:
        failed.append(name)
tried("change another's file", lambda: open({str(server.folder / "other" / "file")!r}, "w"))
tried("write outside", lambda: open({str(tmp_path / "file")!r}, "w"))
tried("take the folder away", lambda: libc.umount2(here.encode(), 2))
tried("do it with new rights", lambda: libc.unshare(0x10020000) or libc.umount2(here.encode(), 2))
tried("trace the parent", lambda: libc.ptrace(16, os.getppid(), 0, 0))
tried("trace the other", lambda: libc.ptrace(16, int(os.environ["OTHER"]), 0, 0))
tried("reach a server", lambda: socket.create_connection(("127.0.0.1", int(os.environ["PORT"]))))
print(os.listdir(here), failed)
"""
    (server.folder / "empty").mkdir(exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as listening, fork(server, "other") as other:
        assert other.begun()
        named = {"OTHER": str(other.pid), "PORT": str(listening.getsockname()[1])}
        ended = run(server, f"import os; os.environ.update({named})\n{attack}", name="empty")
    assert ended.output.decode() == (
        "[] [\"change another's file\", 'write outside', 'take the folder away', 'do it with new rights', "
        "'trace the parent', 'trace the other', 'reach a server']\n"
    ), ended.errors


def test_a_child_is_gone_at_the_end_with_what_it_has_started(server: Server) -> None:
    started = "import os, signal\nif number := os.fork():\n    print(number, flush=True)\nsignal.pause()"
    with pytest.raises(ZeroDivisionError), fork(server, "own") as forked:
        assert forked.begun()
        forked.send(started.encode())
        forked._stdin and forked._stdin.close()
        assert forked._stdout
        grandchild = int(forked._stdout.readline())
        ended = os.pidfd_open(grandchild)
        raise ZeroDivisionError
    assert select.select([ended], [], [], 20)[0]
    os.close(ended)
    with pytest.raises(ProcessLookupError):
        os.kill(forked.pid, 0)


def test_one_that_is_let_go_before_it_is_there_keeps_nobody_waiting() -> None:
    slow = Server(command("import time; time.sleep(60)"), child.bare, LIMITS)
    with fork(slow, "own") as forked:
        forked.kill()
        assert not forked.begun()
    assert slow.is_fit
    slow.close()


def test_a_server_that_has_died_is_replaced_and_its_children_with_it() -> None:
    first = warm.server(command(), child.bare, LIMITS)
    assert first
    assert warm.server(command(), child.bare, LIMITS) is first
    with fork(first, "own") as forked:
        assert forked.begun()
        os.kill(first._number, signal.SIGKILL)
        assert forked.finish(b"import signal; signal.pause()", Limits(60)).code == -signal.SIGKILL
    second = warm.server(command(), child.bare, LIMITS)
    assert second
    assert second is not first
    assert run(second, "print('next')").output == b"next\n"
    with fork(second, "own") as forked:
        assert forked.begun()
        child.end_all()
        assert forked.finish(b"import signal; signal.pause()", Limits(60)).code == -signal.SIGKILL
    second.close()


@pytest.mark.parametrize(
    "before",
    ["1 / 0", "import threading, signal; threading.Thread(target=signal.pause, daemon=True).start()"],
    ids=["one that does not start", "one with two threads"],
)
def test_a_server_that_is_no_use_is_not_asked_again(before: str) -> None:
    first = warm.server(command(before), child.bare, LIMITS)
    assert first
    with fork(first, "own") as forked:
        assert not forked.begun()
    assert warm.server(command(before), child.bare, LIMITS) is None
    first.close()


def test_nothing_is_left_of_a_program_that_ends_or_is_killed() -> None:
    code = (
        "import sys, os\nfrom pathlib import Path\nfrom pubkit.boundary import child, warm\n"
        f"server = warm.Server({command()!r}, child.bare, child.Limits(60))\n"
        "folder = server.folder / 'own'\nfolder.mkdir()\nforked = server.fork(folder)\nassert forked.begun()\n"
        "print(server._number, forked.pid, server.folder, flush=True)\nsys.stdin.readline()\nforked.close()"
    )
    for killed in (False, True):
        with subprocess.Popen([sys.executable, "-c", code], stdin=-1, stdout=-1, text=True) as running:
            assert running.stdout
            assert running.stdin
            *numbers, folder = running.stdout.readline().split()
            ends = [os.pidfd_open(int(number)) for number in numbers]
            if killed:
                running.kill()
            else:
                running.stdin.write("\n")
        assert running.returncode == (-signal.SIGKILL if killed else 0)
        for end in ends:
            assert select.select([end], [], [], 20)[0]
            os.close(end)
        assert Path(folder).exists() == killed
        shutil.rmtree(folder, ignore_errors=True)
