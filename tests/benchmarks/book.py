"""A generated book, beside pandoc three times and WeasyPrint once: `nox -s bench -- book --chapters=10`.

The book has prose, 50 references a chapter, notes and tables; its sentences are the words of the shipped manuscript in
another order. Printed are processor seconds of whole processes with all that they start, wall-clock seconds, peak memory
of the largest process, and the ratio of processor seconds to those of the plain way: pandoc with citeproc to HTML, to EPUB
and to HTML for print, and WeasyPrint, tagged, with the same style sheet. Others who work on the machine slow both ways
down, so the load is printed as well; compare ratios of one run.
"""

from __future__ import annotations

import json
import os
import random
import re
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from .plainly import call, common, plainly

ROOT = Path(__file__).parents[2]
REFERENCES = 50
_METADATA = """title: A generated book
version: "1"
lang: en-GB
kind: book
dates: {published: 2026-01-01}
bibliography: references.json
authors: [{name: Its authors}]
"""


def write(folder: Path, chapters: int) -> Path:
    """Write a book of `chapters` chapters, of some 8,000 words each, into `folder`, the same every time."""
    chance = random.Random(1)
    words = re.findall(r"\b[a-z]{2,12}\b", "".join(one.read_text("utf-8") for one in ROOT.glob("manuscript/[0-9]*.md")))
    folder.mkdir(parents=True)
    (folder / "pubkit.yaml").write_text(_METADATA, "utf-8")
    keys = [f"work{number}" for number in range(chapters * REFERENCES)]
    (folder / "references.json").write_text(json.dumps([_item(key, chance, words) for key in keys]), "utf-8")
    for number in range(chapters):
        own = keys[number * REFERENCES : (number + 1) * REFERENCES]
        (folder / f"{number + 1:02}-chapter.md").write_text(_chapter(number + 1, own, chance, words), "utf-8")
    return folder


def _item(key: str, chance: random.Random, words: list[str]) -> Mapping[str, object]:
    title = " ".join(chance.choices(words, k=9)).capitalize()
    authors = [{"family": chance.choice(words).capitalize(), "given": "A"} for _ in range(3)]
    issued = {"date-parts": [[chance.randint(1990, 2025)]]}
    page = f"{chance.randint(1, 400)}-{chance.randint(401, 800)}"
    journal = " ".join(chance.choices(words, k=3)).title()
    return {
        "id": key, "type": "article-journal", "title": title, "author": authors, "issued": issued, "page": page,
        "container-title": journal, "volume": str(chance.randint(1, 80)),
    }  # fmt: skip


def _chapter(number: int, keys: list[str], chance: random.Random, words: list[str]) -> str:
    parts = [f"# Chapter of {' '.join(chance.choices(words, k=4))} {{#chapter-{number}}}"]
    for section in range(5):
        parts.append(f"## Section on {' '.join(chance.choices(words, k=5))} {{#section-{number}-{section}}}")
        parts += [_paragraph(keys, chance, words) for _ in range(14)]
        rows = [f"| {' '.join(chance.choices(words, k=3))} | {chance.randint(1, 99)} |" for _ in range(6)]
        caption = f": Outcomes of {chance.choice(words)}. {{#tbl:t{number}{section}}}"
        parts.append("\n".join(["| Outcome | People |", "|:---|---:|", *rows, "", caption]))
        parts.append(f"Seen by few.[^n{section}]\n\n[^n{section}]: {_sentence(chance, words)}")
    return "\n\n".join(parts) + "\n"


def _paragraph(keys: list[str], chance: random.Random, words: list[str]) -> str:
    sentences = [_sentence(chance, words) for _ in range(7)]
    cited = chance.sample(keys, 2)
    sentences[3] = f"{sentences[3][:-1]} [@{cited[0]}; @{cited[1]}]."
    return " ".join(sentences)


def _sentence(chance: random.Random, words: list[str]) -> str:
    return " ".join(chance.choices(words, k=chance.randint(9, 22))).capitalize() + "."


def measured(name: str, run: Callable[[], None], plain: float = 0.0) -> float:
    """Print what `run` takes, and return its processor seconds."""
    start = time.perf_counter()
    cpu, peak = used(run)
    wall = time.perf_counter() - start
    ratio = f"{cpu / plain:7.3f}" if plain else " " * 7
    print(f"{name:<44} {cpu:9.2f} {wall:9.2f} {ratio} {peak:7d} MB   load {os.getloadavg()[0]:.1f}", flush=True)
    return cpu


def used(run: Callable[[], None]) -> tuple[float, int]:
    """The processor seconds of all processes that `run` starts, and the memory of the largest of them, in MB."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        try:
            run()
            found = resource.getrusage(resource.RUSAGE_CHILDREN)
            os.write(writing, f"{found.ru_utime + found.ru_stime} {found.ru_maxrss // 1024}".encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(process, 0)
    with os.fdopen(reading) as said:
        cpu, peak = said.read().split()
    return float(cpu), int(peak)


def edit(chapter: Path, old: str, new: str) -> None:
    """Change one word of a chapter."""
    chapter.write_text(chapter.read_text("utf-8").replace(old, new, 1), "utf-8")


def main() -> None:
    """Measure a book, and print the table."""
    wanted = [argument.removeprefix("--chapters=") for argument in sys.argv[1:] if argument.startswith("--chapters=")]
    chapters = int(wanted[0]) if wanted else 10
    pubkit = Path(sys.executable).parent / "pubkit"
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        book = write(out / "book", chapters)
        kept = {**os.environ, "PUBKIT_CACHE": str(out / "cache")}
        build: list[str | Path] = [pubkit, "build", book, "--draft", "--out", out / "dist", "-q"]
        check: list[str | Path] = [pubkit, "check", book, "-q"]
        texts = sorted(book.glob("[0-9]*.md"))
        names = [one.name for one in texts]
        print(f"{chapters} chapters, {chapters * REFERENCES} references, {os.cpu_count()} processors")
        print(f"{'':<44} {'processor':>9} {'wall':>9} {'ratio':>7} {'largest':>10}")
        plain = measured(
            "pandoc three times, WeasyPrint once",
            lambda: plainly(names, "references.json", book, out, book=True),
        )
        page = [*common(names, "references.json", book=True), "-t", "html5", "-o", out / "web.html"]
        measured("pandoc once, to HTML", lambda: call(page, book), plain)
        measured("pubkit build --draft, three formats, cold", lambda: call(build, ROOT, kept), plain)
        edit(texts[chapters // 2], "Seen by few", "Seen by some")
        measured("the same, one word edited", lambda: call(build, ROOT, kept), plain)
        measured("the same, nothing changed", lambda: call(build, ROOT, kept), plain)
        measured("pubkit check, cold", lambda: call([*check, "--fresh"], ROOT, kept), plain)
        measured("pubkit check, after the build", lambda: call(check, ROOT, kept), plain)
        edit(texts[chapters // 2], "Seen by some", "Seen by most")
        measured("the same, one word edited", lambda: call(check, ROOT, kept), plain)
        measured("the same, nothing changed", lambda: call(check, ROOT, kept), plain)


if __name__ == "__main__":
    main()
