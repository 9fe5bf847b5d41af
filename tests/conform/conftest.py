"""The publications that every reference validator must pass, each built once, and what runs the validators."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml

import pubkit
from pubkit.proof.validators.run import Outcome, available, validate

HERE = Path(__file__).parent
MANUSCRIPT = HERE.parents[1] / "manuscript"
TORTURE = HERE.parent / "corpora" / "torture"
DAY = "2026-02-01"
CHAPTERS, PARTS = 30, 4
METADATA = {
    "version": "1.0.0",
    "dates": {
        "published": "2026-01-05",
        "updated": DAY,
        "last_reviewed": DAY,
        "next_review": "2027-02-01",
        "evidence_search": "2026-01-20",
    },
    "authors": [{"name": "Ada Example", "credentials": "MD", "affiliation": "Example Hospital", "conflicts": "None."}],
    "publisher": "Example Hospital",
    "funding": "None.",
    "contact": "Write to the hospital.",
    "licence": "CC BY 4.0",
    "abstract": "What this text is about, and what it is not about.",
    "bibliography": "references.bib",
    "snapshot_max_age": 3650,
}
WORK = """\
@article{{{key},
  author = {{{author}, Anna and Beta, Bo}},
  title = {{A study with the number {number}}},
  journal = {{Journal of Examples}},
  year = {{{year}}},
  volume = {{{number}}},
  pages = {{1--{number}}},
}}
"""
SENTENCES = (
    "The clinic opened its doors at eight and closed them when the last visitor had left.",
    "Nobody had counted the steps between the two buildings, and so the map gave no distance.",
    "A letter from the archive describes the old garden, its walls, and the well in its middle.",
    "In winter the corridor was cold; in summer it smelled of dust and of floor polish.",
    "The committee met four times a year and kept its minutes in a green binder.",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """These tests run only where they are asked for by their folder: `nox -s conform`."""
    asked = [Path(argument.partition("::")[0]).resolve() for argument in config.args]
    return None if any(path.is_relative_to(HERE) for path in asked) else True


@pytest.fixture(scope="session", autouse=True)
def _every_validator_is_installed() -> None:
    """Conformance that has not been checked is none: a missing validator fails the run."""
    missing = [f"{one.name}: {one.remedy}" for one in available() if not one.found]
    assert not missing, "not installed, so nothing would be checked:\n" + "\n".join(missing)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")


@pytest.fixture(scope="session")
def session_day() -> Iterator[None]:
    """22 November 2026, for what is built once for all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1795305600")
        yield


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory, session_day: None) -> Callable[[str], dict[str, Path]]:
    """`files(name)`: the files of a publication, by format; built when first asked for."""
    built: dict[str, dict[str, Path]] = {}

    def of(name: str) -> dict[str, Path]:
        if name not in built:
            folder = tmp_path_factory.mktemp(name)
            source = SOURCES[name](folder / "source")
            made = pubkit.build(source, folder / "dist", only=("html", "epub", "pdf"), draft=name != "shipped")
            built[name] = {one.format: one.path for one in made.artifacts}
        return built[name]

    return of


def _shipped(_: Path) -> Path:
    return MANUSCRIPT


def _torture(folder: Path) -> Path:
    """Every element that pandoc's Markdown has, in a dozen scripts."""
    shutil.copytree(TORTURE, folder)
    said = {
        **METADATA,
        "title": "Every element & its <trouble>",
        "subtitle": "Ελληνικά, кириллица, 中文",
        "lang": "en-GB",
    }
    if not (folder / "pubkit.yaml").exists():
        _write_yaml(folder, {**said, "slug": "torture", "chapters": ["torture.md"]})
    if not (folder / "references.bib").exists():
        (folder / "references.bib").write_text(WORK.format(key="one", author="Alpha", number=1, year=2001), "utf-8")
    return folder


def _book(folder: Path) -> Path:
    """Thirty chapters with sections, tables, notes, lists, cross-references and a hundred and twenty works."""
    folder.mkdir()
    chapters = []
    for number in range(1, CHAPTERS + 1):
        name = f"{number:02}-chapter.md"
        (folder / name).write_text(_chapter(number), "utf-8")
        chapters.append(name)
    works = (
        WORK.format(key=f"work{number}", author=f"Author{number}", number=number, year=1990 + number % 35)
        for number in range(1, CHAPTERS * PARTS + 1)
    )
    (folder / "references.bib").write_text("\n".join(works), "utf-8")
    said = {"title": "A house and its rooms", "lang": "en-US", "slug": "book", "chapters": chapters}
    _write_yaml(folder, {**METADATA, **said})
    return folder


def _chapter(number: int) -> str:
    parts = [f"# Room {number} and what was in it {{#sec:room-{number}}}\n"]
    for section in range(1, PARTS + 1):
        work = (number - 1) * PARTS + section
        text = " ".join(SENTENCES[(number + section + turn) % len(SENTENCES)] for turn in range(12))
        note = f"[^n{number}-{section}]"
        parts.append(f"## Part {section} of room {number}\n\n{text} The inventory says so [@work{work}].{note}\n")
        parts.append(f"{note}: The inventory of room {number} was drawn up later.\n")
        parts.append(f"{text[: len(text) // 2]}.\n")
        parts.append(f"- a chair\n- a table with *two* drawers\n- see @sec:room-{number % CHAPTERS + 1}\n")
    rows = "\n".join(f"| Item {row} | {row * number} |" for row in range(1, 16))
    parts.append(f"| Thing | Count |\n|:--|--:|\n{rows}\n\n: What stood in room {number}. {{#tbl:room-{number}}}\n")
    return "\n".join(parts)


def _write_yaml(folder: Path, said: object) -> None:
    (folder / "pubkit.yaml").write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False), "utf-8")


SOURCES: dict[str, Callable[[Path], Path]] = {"shipped": _shipped, "torture": _torture, "book": _book}


@pytest.fixture(scope="session")
def outcome() -> Callable[[Path, str], Outcome]:
    """`outcome(path, validator)`: what one validator says of a file."""

    def of(path: Path, name: str) -> Outcome:
        (found,) = validate(path, [name])
        return found

    return of
