"""A preview in a real browser, and the annotated page before the reference validators."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from pubkit.cli.main import main
from pubkit.findings import Severity
from pubkit.proof.validators.programs import chromium
from pubkit.proof.validators.run import Outcome

from ..preview.conftest import TEXT, Running, written
from .conftest import TORTURE

SCRIPT = Path(__file__).with_name("preview.cjs")
LONG = TEXT + "".join(
    f"\nParagraph {number} says what a review should report [@page2021].\n" for number in range(1, 61)
)


def test_a_reader_keeps_the_place_while_the_text_is_written(tmp_path: Path) -> None:
    preview = Running(written(tmp_path / "book", LONG))
    try:
        preview.ready()
        done = subprocess.run(
            ["node", str(SCRIPT), preview.address, str(preview.folder), chromium()],
            env={**os.environ, "NODE_PATH": os.environ["PUBKIT_NODE_MODULES"]},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    finally:
        preview.end()
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["errors"] == []
    assert told["alerts"] == 0
    assert told["walked"].startswith("2 of ")
    assert told["back"].startswith("1 of ")
    assert "pk-slip" in told["focused"]
    assert told["renewed"]
    assert told["moved"] < 3
    assert (told["open"], told["ticked"]) == (1, True)
    assert told["pointed"]
    assert (told["trouble"], told["stayed"], told["mended"]) == (True, True, True)
    assert told["parts"] > 2
    assert told["sheets"] > 2
    assert told["axe"] == []


@pytest.mark.parametrize("validator", ["Nu", "html-validate", "axe"])
@pytest.mark.parametrize("text", ["printed", "unreadable"])
def test_the_annotated_page_is_sound(
    text: str, validator: str, tmp_path: Path, outcome: Callable[[Path, str], Outcome]
) -> None:
    root = Path(shutil.copytree(TORTURE, tmp_path / "torture"))
    with (root / "pubkit.yaml").open("a", encoding="utf-8") as configuration:
        configuration.write("topics: [sleep\n" if text == "unreadable" else "")
    page = tmp_path / "page.html"
    main(["check", str(root), "--format", f"html={page}", "-q"])
    result = outcome(page, validator)
    assert result.checked, [finding.message for finding in result.findings]
    assert [f"{one.message}" for one in result.findings if one.severity is not Severity.NOTE] == []
