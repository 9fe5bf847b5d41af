"""How long an edit of the shipped article takes to show in a preview, beside a check and a render of the same text.

All figures are seconds of the clock, the median of several edits; the preview's process is warm, as it is while somebody
writes. `saved to told` is from the end of the save until the window is told that a new page is ready.
"""

from __future__ import annotations

import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))
os.environ["PUBKIT_CACHE"] = "off"

from msgspec import structs  # noqa: E402
from tests.preview.conftest import Running  # noqa: E402

from pubkit import pipeline, render  # noqa: E402
from pubkit.report.annotated import page  # noqa: E402
from pubkit.report.model import Sheet  # noqa: E402

EDITS = 7


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(shutil.copytree(PROJECT / "manuscript", Path(folder, "manuscript")))
        checked, rendered, annotated = zip(*(_alone(root) for _ in range(EDITS + 1)), strict=True)
        told, looked = _edited(root)
    for name, seconds in (
        ("check", checked[1:]),
        ("render of the web page", rendered[1:]),
        ("annotating it", annotated[1:]),
        ("a look of the preview", looked),
        ("saved to told", told),
    ):
        sys.stdout.write(f"{name:<24} {statistics.median(seconds):6.2f} s  (least {min(seconds):.2f} s)\n")


def _alone(root: Path) -> tuple[float, float, float]:
    start = time.perf_counter()
    pipeline.check(root)
    checked = time.perf_counter()
    read = pipeline.proofread(root)
    ready = time.perf_counter()
    render.write("html", structs.replace(read.edition))  # an edition of its own: nothing was made from it yet
    rendered = time.perf_counter()
    page.write(Sheet(read.report, "pubkit", root=root), read.page)
    return checked - start, rendered - ready, time.perf_counter() - rendered


def _edited(root: Path) -> tuple[list[float], list[float]]:
    preview = Running(root)
    told, looked = [], []
    try:
        state = preview.ready()
        chapter = root / "02-mental-health.md"
        text = chapter.read_text("utf-8")
        for number in range(EDITS):
            chapter.write_text(f"{text}\nEdit {number}.\n", "utf-8")
            saved = time.perf_counter()
            state = preview.after(state)
            told.append(time.perf_counter() - saved)
            looked.append(state["seconds"])
    finally:
        preview.end()
    return told, looked


if __name__ == "__main__":
    main()
