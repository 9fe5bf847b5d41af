"""How far a run has come: a line for each stage as it ends, a bar while long work lasts, and a table of times after it."""

from __future__ import annotations

import argparse
import contextlib
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pubkit.boundary.files import replace_file
from pubkit.cli.tracing import Stage, trace

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

__all__ = ["Progress", "progress", "table_of_times"]

#: Work that is done sooner needs no bar.
_PATIENCE = 2.0
#: What share of a long build each stage takes, from which the time left is told; other stages take as long as "html".
_SHARES = {"read": 15, "references": 1, "cite": 10, "check": 15, "html": 15, "epub": 15, "pdf": 25, "publish": 1}


class Progress:
    """Prints a line for each stage, with a bar below if the work takes long, and keeps the times of all stages."""

    def __init__(self, *, shown: bool, patience: float = _PATIENCE) -> None:
        self.timings: dict[str, float] = {}
        self.stages: list[Stage] = []
        self._shown = shown
        self._plan: list[str] = []
        self._parts: dict[str, tuple[int, int]] = {}
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._lock = threading.Lock()
        self._timer = threading.Timer(patience, self._begin)
        self._timer.daemon = True

    def plan(self, stages: Sequence[str]) -> None:
        """Take the stages that there will be, and begin to wait for a reason to show a bar."""
        self._plan = list(stages)
        if self._shown and sys.stderr.isatty():
            self._timer.start()

    def progress(self, stage: str, done: int, of: int) -> None:
        """Note how far a stage has come."""
        with self._lock:
            self._parts[stage] = (done, of)
            if self._bar:
                self._move(self._bar)

    def __call__(self, stage: str, seconds: float) -> None:
        """Note that `stage` has ended after `seconds`."""
        with self._lock:
            self.timings[stage] = seconds
            self.stages.append(Stage(stage, time.perf_counter(), seconds, threading.get_ident()))
            line = f"  {stage:<12} {seconds:6.2f} s"
            if self._bar:
                self._bar.console.print(line, highlight=False)
                self._move(self._bar)
            elif self._shown:
                sys.stderr.write(f"{line}\n")
                sys.stderr.flush()

    def end(self) -> None:
        """Remove the bar."""
        self._timer.cancel()
        with self._lock:
            self._shown = False
            if self._bar:
                self._bar.stop()
                self._bar = None

    def _begin(self) -> None:
        """Show the bar; it leaves nothing behind."""
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        counted = TextColumn("{task.fields[ended]} of {task.fields[number]} stages")
        columns = (TextColumn("  {task.description:<12}"), BarColumn(), counted, TimeElapsedColumn())
        left = (TextColumn("left:"), TimeRemainingColumn())
        with self._lock:
            if not self._shown:
                return
            console = Console(stderr=True)
            self._bar = Bar(*columns, *left, console=console, transient=True, speed_estimate_period=3600)
            whole = sum(map(_share, self._plan))
            self._task = self._bar.add_task("", total=whole, ended=0, number=len(self._plan))
            self._move(self._bar)
            self._bar.start()

    def _move(self, bar: Bar) -> None:
        """Show which stage is at work: the first that has not ended."""
        if self._task is not None:
            ended = [name for name in self._plan if name in self.timings]
            at_work = next((name for name in self._plan if name not in self.timings), "")
            done = sum(map(_share, ended)) + sum(self._part(name) for name in self._plan if name not in self.timings)
            bar.update(self._task, completed=done, description=at_work, ended=len(ended))

    def _part(self, stage: str) -> float:
        """Return the share of a stage that has not ended, as far as it has come."""
        done, of = self._parts.get(stage, (0, 0))
        return _share(stage) * done / of if of else 0.0


def _share(stage: str) -> int:
    return _SHARES.get(stage, _SHARES["html"])


@contextlib.contextmanager
def progress(options: argparse.Namespace) -> Iterator[Progress]:
    """Return what shows stages as they end, if the report is for people, and writes their times into --profile.

    Raises:
        EnvironmentFault: that file cannot be written.
    """
    begin, observer = time.perf_counter(), Progress(shown=options.format == "text" and not options.quiet)
    try:
        yield observer
    finally:
        observer.end()
        if options.profile:
            data = trace(options.name, begin, time.perf_counter(), observer.stages)
            replace_file(Path(options.profile), data)


def table_of_times(timings: Mapping[str, float], width: int) -> str:
    """Return the stages with their seconds and their share of the sum, the longest first; stages run side by side."""
    from io import StringIO

    from rich import box
    from rich.console import Console
    from rich.table import Table

    whole = sum(timings.values())
    table = Table("Stage", box=box.SIMPLE_HEAD)
    for head in ("Seconds", "Share"):
        table.add_column(head, justify="right")
    for stage, seconds in sorted(timings.items(), key=lambda one: -one[1]):
        table.add_row(stage, f"{seconds:.2f}", f"{seconds / whole:.0%}" if whole else "")
    paper = StringIO()
    Console(file=paper, width=width).print(table)
    return paper.getvalue()
