"""What every test may use: a publication written to disk, and where the shared data is, if it is there."""

from __future__ import annotations

import gc
import os
import sys
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from struct import pack
from typing import Any

import pytest
import yaml

from pubkit import testing
from pubkit.cli.main import COLLECTIONS

METADATA: dict[str, Any] = {name: value for name, value in testing.METADATA.items() if name != "bibliography"}
DATES: dict[str, str] = METADATA["dates"]
AUTHOR: dict[str, str] = METADATA["authors"][0]
#: Lets a release pass without a review.
UNREVIEWED = {"who": "Ada Example", "why": "No clinician has reviewed this text.", "on": "2026-11-20"}
#: One entry, so that a text which cites it leaves none uncited.
BIBLIOGRAPHY = testing.BIBLIOGRAPHY.partition("\n\n")[0] + "\n"
SHARED_DATA = Path(os.environ.get("PUBKIT_SHARED_DATA") or Path(__file__).parents[2] / "shared" / "data")
TEXT = "# First things\n\nA guideline says what a review should report [@page2021].\n"

Publish = Callable[..., Path]

# Whatever the environment says: hundreds of processes would each compile all modules anew.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def pytest_collection_finish() -> None:
    """What is there before the first test stays to the end: the garbage collector need not look at it again.

    It collects as seldom as in the program itself.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTIONS)


#: What takes longest runs first, so that several processes end at much the same time; the rest is many small files.
_FIRST = ("tests/proof/", "tests/render/", "tests/test_", "tests/rules/")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put what takes longest first."""
    items.sort(
        key=lambda item: next((n for n, start in enumerate(_FIRST) if item.nodeid.startswith(start)), len(_FIRST))
    )
    if hasattr(config.option, "loadscopereorder"):
        config.option.loadscopereorder = False


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Of several processes, one runs a whole file, or a whole folder whose tests share what was once made for them."""
    from xdist.scheduler import LoadScopeScheduling  # type: ignore[import-untyped]

    class Scheduling(LoadScopeScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file, _, _ = nodeid.partition("::")
            folder = file.rpartition("/")[0]
            return folder if folder in {"tests/proof", "tests/render"} else file

    return Scheduling(config, log)


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test runs on 22 November 2026, and without a browser unless it asks for one."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795305600")
    monkeypatch.setenv("PUBKIT_CHROMIUM", "off")


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test does all of its work itself, and writes nothing into the user's cache."""
    monkeypatch.setenv("PUBKIT_CACHE", "off")


@pytest.fixture
def publication(tmp_path: Path) -> Publish:
    """Writes a publication and returns its folder.

    `publication(text, bibliography=..., files={name: bytes}, **metadata)`; a metadata value of None takes the key away.
    """

    def write(
        text: str = TEXT,
        *,
        bibliography: str | None = BIBLIOGRAPHY,
        files: Mapping[str, bytes] | None = None,
        folder: str = "book",
        **metadata: object,
    ) -> Path:
        root = tmp_path / folder
        root.mkdir(parents=True, exist_ok=True)
        named = {"bibliography": "references.bib"} if bibliography is not None else {}
        said = {**METADATA, **named, **metadata}
        kept = {key: value for key, value in said.items() if value is not None}
        written = yaml.dump(kept, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
        (root / "pubkit.yaml").write_text(written, "utf-8")
        (root / "01-text.md").write_text(text, "utf-8")
        if bibliography is not None:
            (root / "references.bib").write_text(bibliography, "utf-8")
        for name, data in (files or {}).items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return root

    return write


def png(width: int = 40, height: int = 20) -> bytes:
    """A small picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height))
    header = pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def content(folder: Path) -> dict[str, bytes]:
    """The files of a folder, by name."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def is_running(process: int) -> bool:
    return Path(f"/proc/{process}").exists()


@pytest.fixture
def picture() -> bytes:
    """The bytes of a small PNG."""
    return png()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real-world data that the repository does not hold; tests that need it skip without it."""
    if not SHARED_DATA.is_dir():
        pytest.skip("the shared data is not here (PUBKIT_SHARED_DATA)")
    return SHARED_DATA
