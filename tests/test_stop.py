"""Stopping a run: in good order, and in any case. Each runs as a process of its own: signals are for whole processes."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import Publish


def run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", script, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


#: A build in which a signal comes as soon as a stage has ended.
STOPPED = """
import os, signal, sys
from pubkit import steps
from pubkit.__main__ import main

wanted, number, source, out = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
stage = steps.Clock.stage

def ending(clock, name):
    if name == wanted:
        os.kill(os.getpid(), number)
    return stage(clock, name)

steps.Clock.stage = ending
sys.argv = ["pubkit", "build", source, "--out", out, "--only", "html,pdf", "-q"]
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("stage", "number", "code"),
    [
        ("read", signal.SIGINT, 130),
        ("cite", signal.SIGTERM, 143),
        ("check", signal.SIGINT, 130),
        ("publish", signal.SIGINT, 130),
        ("publish", signal.SIGTERM, 143),
    ],
)
def test_a_build_that_is_stopped_leaves_what_was_there_and_nothing_else(
    publication: Publish, tmp_path: Path, stage: str, number: signal.Signals, code: int
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    done = run(STOPPED, stage, str(int(number)), publication(), out)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert list(out.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir() if "out" in path.name] == ["out"]


#: The program with another command in the place of `doctor`.
PROGRAM = """
import os, signal, sys, threading, nh3
from pubkit.cli import main as cli, signals as stop

def tell(*_):
    os.kill(os.getpid(), signal.{number})

{work}

cli.tools._doctor = work
sys.argv = ["pubkit", "doctor"]
sys.exit(cli.main())
"""

#: A signal inside a callback of a C library, which prints the exception and goes on.
LOST = """
def work(options):
    nh3.clean("<b id=x>a</b>", attributes={"b": {"id"}}, attribute_filter=tell)
    while True:
        pass
"""

#: An end in good order that waits for a lock which nobody gives back.
LOCKED = """
stop._PAUSE = 0.05
lock = threading.Lock()
lock.acquire()

def work(options):
    try:
        tell()
    finally:
        lock.acquire()
"""
MESSAGE = "pubkit: interrupted; an earlier build is unchanged.\n"


def program(work: str, number: str = "SIGINT") -> subprocess.CompletedProcess[str]:
    return run(PROGRAM.replace("{number}", number).replace("{work}", work))


def test_a_signal_that_a_library_swallows_still_stops_the_run() -> None:
    done = program(LOST)
    assert (done.returncode, done.stderr) == (130, MESSAGE)
    assert program(LOST, "SIGTERM").returncode == 143


def test_a_run_that_cannot_end_in_good_order_ends_all_the_same() -> None:
    done = program(LOCKED)
    assert (done.returncode, done.stderr) == (130, MESSAGE)
    assert program(LOCKED, "SIGTERM").returncode == 143


@pytest.mark.parametrize(("number", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_an_error_that_comes_of_the_signal_is_no_defect(number: str, code: int) -> None:
    done = program(LOST.replace("while True:\n        pass", "raise ValueError('half a page')"), number)
    assert done.returncode == code
    assert "defect" not in done.stderr


#: Work without end: in the program's first thread, or in another one that the first waits for.
BUSY = """
import resource
from concurrent.futures import ThreadPoolExecutor
resource.setrlimit(resource.RLIMIT_CPU, (1, resource.RLIM_INFINITY))
cli.budget._GRACE = 1

def busy():
    while True:
        pass

def work(options):
    {busy}
"""


@pytest.mark.parametrize("busy", ["busy()", "ThreadPoolExecutor().submit(busy).result()"])
def test_a_run_that_uses_up_its_processor_time_says_so_and_ends(busy: str) -> None:
    done = program(BUSY.replace("{busy}", busy))
    assert done.returncode == 4
    assert "needs more than 1 second of processor time" in done.stderr


#: A program that uses the budget up for pubkit, and what it says.
TOGETHER = """
from pathlib import Path
from pubkit.boundary import child
cli.budget._RUN_{what} = {much}

def work(options):
    child.run(["{python}", "-c", "{code}"], b"", child.Limits(50), dict(os.environ))
    raise ValueError("the program has ended")

cli._UNATTENDED = frozenset(["doctor"])
"""


@pytest.mark.parametrize(
    ("what", "much", "code", "said"),
    [
        ("CLOCK", "1", "import time; time.sleep(50)", "1 seconds."),
        ("SECONDS", "1", "while True: pass", "1 seconds of processor time in all programs together."),
        (
            "BYTES",
            "200 << 20",
            "import time; a = b'x' * (300 << 20); time.sleep(50)",
            "200 MB of memory in all programs",
        ),
    ],
)
def test_what_pubkit_and_its_programs_use_together_is_bounded(what: str, much: str, code: str, said: str) -> None:
    work = TOGETHER.format(what=what, much=much, code=code, python=sys.executable)
    done = program(work)
    assert done.returncode == 3
    assert f"The publication needs more than {said}" in done.stderr


#: Two pieces of work, of which the first never ends.
PIECES = """
import pubkit.boundary.budget as budget
budget._SECONDS = 1
budget.begin(pieces=True)

def work(options):
    try:
        with budget.piece():
            while True:
                pass
    except cli.PubkitError as error:
        print(error.message)
    with budget.piece():
        return 0

cli._LASTING = frozenset(["doctor"])
"""


def test_each_publication_of_a_library_has_a_budget_of_its_own() -> None:
    done = program(PIECES)
    assert (done.returncode, done.stdout) == (0, "The publication needs more than 1 second of processor time.\n")


def test_a_run_that_asks_for_too_much_memory_is_refused() -> None:
    done = program("def work(options):\n    return len(bytearray(7 << 30))")
    assert done.returncode == 3
    assert "needs more than 6,144 MB of memory" in done.stderr


def test_the_timer_is_off_before_python_stops_answering_it() -> None:
    """At the end of a process Python takes its handlers away; a timer that still ran would kill it."""
    quick = "stop._PAUSE, stop._LOOKS = 0.002, 100_000\n" + LOST
    assert {program(quick).returncode for _ in range(3)} == {130}


#: A build that ends early, and which of its threads Python would end in the middle of an import.
ENDED = """
import sys, threading
from pubkit.__main__ import main

start, torn = threading.Thread.start, []
imports = lambda thread: not str(thread._target.__module__).endswith("budget")  # it only watches a clock
threading.Thread.start = lambda thread: (torn.append(thread.daemon and imports(thread)), start(thread))[1]
sys.argv = ["pubkit", "build", sys.argv[1], "--out", sys.argv[2], "--only", "html", "-q"]
code = main()
print(torn)
sys.exit(code)
"""


def test_a_build_that_ends_early_tears_no_import_off(publication: Publish, tmp_path: Path) -> None:
    done = run(ENDED, publication("<script>x</script>\n"), tmp_path / "out")
    assert done.returncode == 3, done.stderr
    started = done.stdout.splitlines()[-1]
    assert "False" in started and "True" not in started
