"""A preview as its user starts it: a process of its own, with a publication that a test may change."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from ..conftest import BIBLIOGRAPHY, METADATA, is_running

TEXT = """\
# First things

A guideline says what a review should report [@page2021]. Naps have no side effects whatsoever.

- One point.
- Kratom is a miracle drug.
"""


class Running:
    """A preview that runs: its process, its folder, and its address."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        environment = {
            **os.environ,
            "PUBKIT_CACHE": "off",
            "SOURCE_DATE_EPOCH": "1795305600",
            "TMPDIR": str(folder.parent),
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pubkit", "preview", folder.name, "--no-open", *options],
            cwd=folder.parent, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert self.process.stdout
        first = self.process.stdout.readline()
        self.address = first.split()[-1]
        assert self.address.startswith("http://127.0.0.1:"), first + self.process.stdout.read()

    def get(self, path: str = "", **options: Any) -> httpx.Response:
        return httpx.get(self.address + path, timeout=60, **options)

    def state(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The first state that the preview tells of and that is `wanted`; tests wait for nothing else, for two minutes."""
        end = time.monotonic() + 120
        with httpx.stream("GET", self.address + "events", timeout=60) as told:
            for line in told.iter_lines():
                assert time.monotonic() < end, "no such state"
                if line.startswith("data: "):
                    state: dict[str, Any] = json.loads(line.removeprefix("data: "))
                    if wanted(state):
                        return state
        raise AssertionError("the preview ended")

    def ready(self) -> dict[str, Any]:
        return self.state(lambda state: not state["busy"])

    def after(self, state: dict[str, Any]) -> dict[str, Any]:
        """The state with the next page."""
        return self.state(lambda now: now["page"] > state["page"] and not now["busy"])

    def write(self, text: str, name: str = "01-text.md") -> None:
        (self.folder / name).write_text(text, "utf-8")

    def end(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        self.process.communicate(timeout=20)
        return self.process.returncode


def written(root: Path, text: str = TEXT) -> Path:
    root.mkdir()
    said = {**METADATA, "bibliography": "references.bib"}
    (root / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")
    (root / "01-text.md").write_text(text, "utf-8")
    (root / "references.bib").write_text(BIBLIOGRAPHY, "utf-8")
    return root


def children(process: int) -> list[int]:
    """The processes that this one has started, and those that they have."""
    own = Path(f"/proc/{process}/task/{process}/children").read_text("ascii").split()
    return [number for child in map(int, own) for number in (child, *children(child))]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A preview for all tests here; each leaves the text as it found it. In the end, Ctrl-C leaves nothing behind."""
    preview = Running(written(tmp_path_factory.mktemp("preview") / "book"))
    yield preview
    preview.ready()
    workers = [
        one for one in children(preview.process.pid) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()
    ]
    assert workers
    assert preview.end() == 0
    assert not any(map(is_running, workers))
    assert [path.name for path in preview.folder.parent.iterdir()] == ["book"]
