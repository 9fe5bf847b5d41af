"""The one door to other programs: what they may use, and that nothing of them is left."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pubkit.boundary import child
from pubkit.boundary.child import Child, Limits, Overrun

from .conftest import is_running

LIMITS = Limits(60)
WAIT = "import signal; signal.pause()"


def python(code: str) -> list[str]:
    return [sys.executable, "-I", "-c", code]


def run(code: str, data: bytes = b"", limits: Limits = LIMITS) -> child.Ended:
    return child.run(python(code), data, limits, child.bare("/"))


def test_what_goes_in_and_what_comes_out_may_be_larger_than_a_pipe() -> None:
    data = os.urandom(1 << 20)
    ended = run("import sys; d = sys.stdin.buffer.read(); sys.stderr.buffer.write(d); sys.stdout.buffer.write(d)", data)
    assert (ended.code, ended.output, ended.errors) == (0, data, data)


def test_a_program_that_reads_nothing_is_no_error() -> None:
    assert run("print('done')", b"x" * (1 << 20)).output == b"done\n"


def test_nothing_of_the_callers_environment_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOKEN", "secret")
    said = run("import os; print(sorted(os.environ))").output.decode()
    assert said == "['HOME', 'LC_ALL', 'PATH', 'SOURCE_DATE_EPOCH']\n"


@pytest.mark.parametrize(
    ("code", "limits", "said"),
    [
        (WAIT, Limits(0.2), "0 seconds"),
        ("while True: pass", Limits(60, 1), "1 seconds of processor time"),
        ("import sys\nwhile True: sys.stdout.write('x' * 4096)", Limits(60, output=1 << 20), "1 MB of output"),
        ("import sys\nwhile True: sys.stderr.write('x' * 4096)", Limits(60, output=1 << 20), "1 MB of output"),
    ],
    ids=["clock", "processor", "output", "errors"],
)
def test_one_that_needs_too_much_is_ended(code: str, limits: Limits, said: str) -> None:
    with pytest.raises(Overrun, match=f"^{said}$"):
        run(code, limits=limits)


@pytest.mark.skipif(sys.platform != "linux", reason="limits are set from outside on Linux")
def test_files_and_memory_are_bounded_too(tmp_path: Path) -> None:
    written = f"import signal; signal.signal(25, 0); open({str(tmp_path / 'big')!r}, 'wb').write(b'x' * (2 << 20))"
    with pytest.raises(Overrun, match="1 MB of output"):
        run(written, limits=Limits(60, output=1 << 20))
    assert (
        b"MemoryError" in run("import sys; sys.stdin.read(); 'x' * (1 << 31)", b".", Limits(60, memory=1 << 30)).errors
    )


@pytest.fixture
def lifeline(tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A named pipe, and a descriptor from which reading ends when the last process that writes to it is gone."""
    path = tmp_path / "lifeline"
    os.mkfifo(path)
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    yield path, descriptor
    os.close(descriptor)


def is_cut(lifeline: int) -> bool:
    """Whether nobody holds the other end any more; who does is waited for no longer than a failure needs to show."""
    return bool(select.select([lifeline], [], [], 20)[0]) and os.read(lifeline, 1) == b""


@pytest.mark.parametrize("last", [WAIT, "pass"], ids=["at its limit", "at its end"])
def test_what_a_program_has_started_ends_with_it(last: str, lifeline: tuple[Path, int]) -> None:
    path, descriptor = lifeline
    code = (
        f"import os, subprocess as s, sys\nline = os.open({str(path)!r}, os.O_WRONLY)\nos.write(line, b'x')\n"
        f"s.Popen([sys.executable, '-c', {WAIT!r}], stdin=s.DEVNULL, stdout=s.DEVNULL, stderr=s.DEVNULL, pass_fds=[line])\n"
        f"{last}"
    )
    try:
        run(code, limits=Limits(5))
    except Overrun:
        assert last == WAIT
    assert os.read(descriptor, 1) == b"x"
    assert is_cut(descriptor)


def test_a_child_is_gone_at_the_end_of_its_context_even_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), Child(python(WAIT), child.bare("/")) as started:
        assert is_running(started.pid)
        raise ZeroDivisionError
    assert not is_running(started.pid)


def test_a_child_can_be_written_to_before_the_last_word() -> None:
    with Child(python("import sys; print([line.strip() for line in sys.stdin])"), child.bare("/")) as started:
        started.send(b"one\n")
        started.send(b"two\n")
        assert started.finish(b"three\n", LIMITS).output == b"['one', 'two', 'three']\n"


@pytest.mark.skipif(sys.platform != "linux", reason="Linux ends children with their parent")
def test_a_child_ends_with_a_parent_that_is_killed(lifeline: tuple[Path, int]) -> None:
    path, descriptor = lifeline
    inner = f"import os; os.write(os.open({str(path)!r}, os.O_WRONLY), b'x'); print(flush=True); {WAIT}"
    code = (
        "import os, signal, sys\nfrom pubkit.boundary import child\n"
        f"started = child.Child([sys.executable, '-I', '-c', {inner!r}], child.bare('/'))\n"
        "started._process.stdout.readline()\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert os.read(descriptor, 1) == b"x"
    assert is_cut(descriptor)


def test_one_that_cannot_be_started_is_an_error_of_the_system() -> None:
    with pytest.raises(FileNotFoundError):
        child.run(["/nonexistent/program"], b"", LIMITS, child.bare("/"))
