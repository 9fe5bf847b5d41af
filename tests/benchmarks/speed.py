"""How long a build takes, beside pandoc three times and WeasyPrint once: `nox -s bench -- speed`.

Whole processes are timed, the two ways in turn, five times each after a warm-up, and the medians printed. The comparison is
what the same article costs without any check: pandoc with citeproc to HTML, to EPUB and to HTML for print, and WeasyPrint.
Where the shared data is (PUBKIT_SHARED_DATA), a small article and one of 42,000 words are timed too.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from pubkit.boundary import pandoc

RUNS = 5
ROOT = Path(__file__).parents[2]


def seconds(run: Callable[[], None], runs: int = RUNS) -> list[float]:
    """The wall time of each of `runs` runs, after one that is not counted."""
    run()
    return [timed(run) for _ in range(runs)]


def timed(run: Callable[[], None]) -> float:
    """The wall time of one run."""
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def compare(name: str, ours: Callable[[], None], plain: Callable[[], None]) -> None:
    """Time two ways in turn, so that neither has the machine's better minutes, and print both."""
    ours()
    plain()
    pairs = [(timed(ours), timed(plain)) for _ in range(RUNS)]
    print(row(f"{name}: pubkit build", [one for one, _ in pairs]))
    print(row(f"{name}: pandoc 3 times, WeasyPrint once", [other for _, other in pairs]))
    print(f"{name}: ratio, median of the pairs {statistics.median(one / other for one, other in pairs):18.2f}")


def call(command: Sequence[str | Path], folder: Path) -> None:
    """Run a command quietly; a draft of a defective manuscript ends with 0 too."""
    subprocess.run([str(part) for part in command], cwd=folder, check=True, capture_output=True)


def unchecked(chapters: Sequence[str], bibliography: str, folder: Path, out: Path) -> None:
    """The same article by pandoc and WeasyPrint alone."""
    common: list[str | Path] = [
        pandoc.binary(),
        *chapters,
        "--citeproc",
        f"--bibliography={bibliography}",
        "--metadata=title:x",
        "-s",
    ]
    call([*common, "-t", "html5", "--embed-resources", "-o", out / "a.html"], folder)
    call([*common, "-t", "epub3", "-o", out / "a.epub"], folder)
    call([*common, "-t", "html5", "--embed-resources", "-o", out / "p.html"], folder)
    call([sys.executable, "-m", "weasyprint", out / "p.html", out / "a.pdf"], folder)


def row(name: str, measured: Sequence[float]) -> str:
    """One line of the table: median, least and most, in seconds."""
    return f"{name:<58} {statistics.median(measured):7.2f} {min(measured):7.2f} {max(measured):7.2f}"


def main() -> None:
    """Time both ways, and print the table."""
    pubkit = Path(sys.executable).parent / "pubkit"
    print(f"{'seconds, wall':<58} {'median':>7} {'least':>7} {'most':>7}")
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        shipped = ROOT / "manuscript"
        chapters = sorted(path.name for path in shipped.glob("[0-9]*.md"))
        shared = Path(os.environ.get("PUBKIT_SHARED_DATA", ROOT.parent / "shared" / "data"))
        if (shared / "speed" / "small.md").is_file():
            small = article(shared / "speed", out / "small")
            draft: list[str | Path] = [pubkit, "build", small, "--draft", "--out", out / "draft", "-q"]
            compare(
                "1,600 words, 12 references",
                lambda: call(draft, ROOT),
                lambda: unchecked(["01-text.md"], "references.json", small, out),
            )
        else:
            print("The small article is not here (PUBKIT_SHARED_DATA): not measured.")
        compare(
            "shipped article",
            lambda: call([pubkit, "build", shipped, "--out", out / "dist", "-q"], ROOT),
            lambda: unchecked(chapters, "references.bib", shipped, out),
        )
        print(row("shipped article: pubkit check", seconds(lambda: call([pubkit, "check", shipped, "-q"], ROOT))))
        if (shared / "manuscripts" / "deep-review").is_dir():
            book = prepared(shared / "manuscripts" / "deep-review", out / "book")
            long: list[str | Path] = [pubkit, "build", book, "--draft", "--out", out / "draft", "-q"]
            print(row("42,000 words, 635 references: pubkit build --draft", seconds(lambda: call(long, ROOT), 3)))
        else:
            print("The 42,000-word article is not here (PUBKIT_SHARED_DATA): not measured.")


def article(source: Path, folder: Path) -> Path:
    """The small article with the configuration that it lacks, and the references that it cites."""
    folder.mkdir()
    text = (source / "small.md").read_text("utf-8")
    (folder / "01-text.md").write_text(text, "utf-8")
    cited = [item for item in json.loads((source / "medium.json").read_text("utf-8")) if f"@{item['id']}" in text]
    (folder / "references.json").write_text(json.dumps(cited), "utf-8")
    (folder / "pubkit.yaml").write_text(
        'title: A small article\nversion: "1"\nlang: en-GB\ndates: {published: 2026-01-01}\n'
        "bibliography: references.json\nauthors: [{name: Its authors}]\n",
        "utf-8",
    )
    return folder


def prepared(source: Path, folder: Path) -> Path:
    """A copy of the long article with the configuration that it lacks."""
    shutil.copytree(source, folder, copy_function=shutil.copyfile)
    folder.chmod(0o755)
    text = (folder / "manuscript.md").read_text("utf-8")
    (folder / "01-text.md").write_text(text.split("\n...\n", 1)[-1], "utf-8")
    (folder / "manuscript.md").unlink()
    (folder / "pubkit.yaml").write_text(
        'title: A long article\nversion: "1"\nlang: en-US\ndates: {published: 2021-12-28}\n'
        "bibliography: references.json\nauthors: [{name: Its authors}]\n",
        "utf-8",
    )
    return folder


if __name__ == "__main__":
    main()
