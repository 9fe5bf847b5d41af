"""What a publication costs in a library: `nox -s bench -- library [--number=200]`.

Copies of the three leaflets in tests/library, each with a title of its own, are built by one process and by two, in all
formats. A lone build is a whole `pubkit build` of such a leaflet, the median of five. Last, the library is built again with
nothing changed. Processor seconds are those of all processes; memory is the most that one process has had so far.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from .plainly import call
from .speed import measured

LEAFLETS = Path(__file__).parents[1] / "library" / "leaflets"
LONE_RUNS = 5


def catalogue(folder: Path, number: int) -> Path:
    """Write `number` publications, which differ in their titles, into `folder`."""
    originals = sorted(path for path in LEAFLETS.iterdir() if path.is_dir())
    for index in range(number):
        original = originals[index % len(originals)]
        copy = folder / f"{original.name}-{index:03}"
        shutil.copytree(original, copy)
        configuration = copy / "pubkit.yaml"
        lines = configuration.read_text("utf-8").splitlines(keepends=True)
        named = [f"title: Leaflet {index}\n" if line.startswith("title:") else line for line in lines]
        configuration.write_text("".join(named), "utf-8")
    return folder


def row(name: str, number: int, seconds: tuple[float, float]) -> str:
    """One line of the table: processor and wall-clock seconds, in all and a publication; the largest process."""
    processor, wall = seconds
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    cells = f"{processor:9.1f} {wall:9.1f} {processor / number:12.2f} {wall / number:10.2f} {largest:7}"
    return f"{name:<42}{cells}"


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=200, help="publications (default: 200)")
    number = parser.parse_args(arguments).number
    pubkit = Path(sys.executable).parent / "pubkit"
    print(f"{'':<42}{'processor':>9} {'wall':>9} {'processor/1':>12} {'wall/1':>10}{'MB':>8}")
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        leaflets = catalogue(out / "leaflets", number)
        kept = {**os.environ, "PUBKIT_CACHE": str(out / "cache")}
        anew = {**os.environ, "PUBKIT_CACHE": "off"}

        def alone() -> None:
            call([pubkit, "build", next(leaflets.iterdir()), "--out", out / "lone", "-q"], out, anew)

        def library(jobs: int, environment: Mapping[str, str]) -> None:
            where = ("--out", out / f"by-{jobs}", "--jobs", str(jobs), "-q")
            call([pubkit, "library", "build", leaflets, *where], out, environment)

        alone()
        lone = [measured(alone) for _ in range(LONE_RUNS)]
        medians = (statistics.median(one for one, _ in lone), statistics.median(other for _, other in lone))
        print(row("a lone build", 1, medians))
        print(row("one process", number, measured(lambda: library(1, anew))), flush=True)
        print(row("two processes", number, measured(lambda: library(2, kept))), flush=True)
        print(row("two processes, nothing changed", number, measured(lambda: library(2, kept))))


if __name__ == "__main__":
    main()
