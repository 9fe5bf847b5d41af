"""The tutorials do what they show: each is followed in a new folder, command by command, and prints what it says.

In a page, a line such as "`manuscript/01-text.md`:" before a code block says which file the reader writes; a block of the
language `console` holds commands after `$ ` and what they print. A line `...` stands for any number of lines; times of
stages are left out. The commands of a page run in one shell. `pubkit refs` asks a stand-in on the loopback that knows one
real work; nothing else is replaced.

`PUBKIT_WRITE_GOLDEN=1 pytest tests/tutorials` writes what is printed into the pages.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.references.registry import Registry
from tests.references.test_snapshot import WORK, table
from tests.test_scaffold import PRISMA

PAGES = sorted((Path(__file__).parents[2] / "docs" / "tutorials").glob("*.md"))
DAY = "1795478400"  # 2026-11-24
_END = "\x1e"
_TIME = re.compile(r"^  [a-z]+ +\d+\.\d\d s\n", re.MULTILINE)
_BLOCK = re.compile(
    r"(?:^`(?P<file>[^`\n]+)`:\n\n)?^(?P<fence>`{3,})(?P<language>[a-z]*)\n(?P<text>.*?)^(?P=fence)$",
    re.DOTALL | re.MULTILINE,
)


def commands(transcript: str) -> list[str]:
    """The commands of a transcript, in order."""
    return re.findall(r"^\$ (.+)$", transcript, re.MULTILINE)


def script(page: str, written: Path) -> Iterator[str]:
    """The page as lines of a shell: files are copied to where they belong, and each command's output ends with a mark."""
    for number, block in enumerate(_BLOCK.finditer(page)):
        if block["file"]:
            (written / str(number)).write_text(block["text"], "utf-8")
            yield f'mkdir -p "$(dirname "{block["file"]}")" && cp "{written / str(number)}" "{block["file"]}"'
        elif block["language"] == "console":
            yield from (f"{command}\nprintf '\\036'" for command in commands(block["text"]))


def environment(home: Path, registry: Registry) -> Mapping[str, str]:
    """The reader's machine: a home of its own, this pubkit first on the path, and a registry that answers."""
    return {
        **{name: os.environ[name] for name in ("LANG", "LC_ALL", "TMPDIR") if name in os.environ},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(home),
        "COLUMNS": "100",
        "SOURCE_DATE_EPOCH": DAY,
        "PUBKIT_CACHE": "off",
        "PUBKIT_CHROMIUM": "off",
        "PUBKIT_CONTACT": "editor@example.org",
        "PUBKIT_REGISTRIES": registry.base,
    }


def followed(page: str, folder: Path) -> list[str]:
    """What the commands of the page print, one after the other."""
    files, home = folder / "files", folder / "home"
    files.mkdir()
    home.mkdir()
    with Registry() as registry:
        registry.hold(PRISMA)
        registry.put("/retraction_watch/retraction_watch.csv", table([WORK]), "text/csv")
        for name in ("entrez", "medicus"):
            registry.put(f"/journals/journal_abbreviations_{name}.csv", b'"Acta Sleepiana","Acta Slp"\n', "text/plain")
        done = subprocess.run(
            ["bash"],
            input="\n".join(script(page, files)),
            cwd=home,
            env=environment(home, registry),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=300,
        )
    return [_TIME.sub("", printed) for printed in done.stdout.replace(str(home), "~").split(_END)]


def pattern(shown: str) -> str:
    """A transcript as a regular expression, in which `...` stands for any lines."""
    return "".join(r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) for line in shown.splitlines(True))


def as_printed(page: str, printed: list[str]) -> str:
    """The page with what its commands printed, where that differs from what it shows."""
    outputs = iter(printed)

    def renewed(block: re.Match[str]) -> str:
        if block["file"] or block["language"] != "console":
            return block[0]
        parts = re.split(r"^(\$ .+\n)", block["text"], flags=re.MULTILINE)[1:]
        text = ""
        for command, shown in zip(parts[::2], parts[1::2], strict=True):
            output = next(outputs)
            text += command + (shown if re.fullmatch(pattern(shown), output) else output)
        return f"{block['fence']}console\n{text}{block['fence']}"

    return _BLOCK.sub(renewed, page)


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_a_reader_who_follows_a_tutorial_sees_what_it_shows(page: Path, tmp_path: Path) -> None:
    text = page.read_text("utf-8")
    printed = followed(text, tmp_path)
    assert (
        len(printed) == sum(len(commands(b["text"])) for b in _BLOCK.finditer(text) if b["language"] == "console") + 1
    )
    renewed = as_printed(text, printed)
    if os.environ.get("PUBKIT_WRITE_GOLDEN"):
        page.write_text(renewed, "utf-8")
    assert renewed == text
