"""WeasyPrint's process: prepared early, and gone afterwards whatever has happened."""

from __future__ import annotations

import base64
import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pubkit.boundary.warm import Fork
from pubkit.errors import PubkitError
from pubkit.render.pdf import press as setting
from pubkit.render.pdf.press import Press

from ..conftest import is_running

JOB: dict[str, Any] = {
    "page": "<html lang=en><title>A</title><body data-running=A><main><h1>A</h1><p>A page",
    "form": [],
    "styles": [],
    "index": [],
    "labels": [],
    "statement": None,
    "identifier": "00" * 16,
    "cpu_seconds": 60,
}


def test_it_prints_what_it_was_prepared_for(preparation: dict[str, Any]) -> None:
    with Press() as press:
        press.prepare(preparation)
        press.start(JOB)
        assert press.result().startswith(b"%PDF-")


def test_the_same_job_gives_the_same_bytes(preparation: dict[str, Any]) -> None:
    made = []
    for _ in range(2):
        with Press() as press:
            press.prepare(preparation)
            press.start(JOB)
            made.append(press.result())
    assert made[0] == made[1]


@pytest.mark.parametrize("language", ["xx", "zh-Hant", "", '"><script>'])
def test_any_language_can_be_prepared_for(preparation: dict[str, Any], language: str) -> None:
    with Press() as press:
        press.prepare(preparation | {"lang": language})
        press.start(JOB)
        assert press.result().startswith(b"%PDF-")


def test_a_child_of_a_warm_process_prints_what_one_of_its_own_does(preparation: dict[str, Any], tmp_path: Path) -> None:
    made = []
    for _ in range(2):
        with Press() as press:
            assert isinstance(press._first.result(), Fork) == (sys.platform == "linux")
            press.prepare(preparation)
            press.start(JOB)
            made.append(press.result())
    setting._furnish(tmp_path, tmp_path)
    messages = b"".join(json.dumps(message).encode() + b"\n" for message in (preparation, JOB))
    alone = subprocess.run(
        setting._command(), input=messages, stdout=-1, check=True, env=setting._environment(tmp_path)
    )
    assert made == [alone.stdout] * 2


def test_one_that_nobody_uses_is_gone_at_the_end() -> None:
    with Press() as press:
        process = press._first.result().pid
        folder = Path(f"/proc/{process}/cwd").readlink()
        assert is_running(process)
    assert not is_running(process)
    assert not list(folder.glob("pubkit-*"))


def test_one_that_is_still_printing_is_gone_when_the_context_ends_with_an_error(preparation: dict[str, Any]) -> None:
    with pytest.raises(ZeroDivisionError), Press() as press:
        process = press._first.result().pid
        press.prepare(preparation)
        press.start(JOB | {"page": "<p>many words " * 50_000})
        raise ZeroDivisionError
    assert not is_running(process)


def test_one_that_has_died_says_so_when_its_file_is_asked_for(preparation: dict[str, Any]) -> None:
    with Press() as press:
        process = press._first.result().pid
        ended = os.pidfd_open(process)
        os.killpg(process, signal.SIGTERM)
        select.select([ended], [], [])
        os.close(ended)
        press.prepare(preparation | {"lang": "x" * 1_000_000})
        press.start(JOB)
        with pytest.raises(PubkitError, match="WeasyPrint could not make the PDF"):
            press.result()


def test_a_face_that_is_gone_is_no_traceback(preparation: dict[str, Any]) -> None:
    faces = dict.fromkeys(preparation["fonts"], "/nonexistent/face.ttf")
    with Press() as press:
        press.prepare(preparation | {"fonts": faces})
        press.start(JOB)
        with pytest.raises(PubkitError) as caught:
            press.result()
    assert "Traceback" not in caught.value.message


def as_address(data: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(data).decode()


def test_a_picture_told_early_gives_the_same_file(preparation: dict[str, Any], picture: bytes) -> None:
    address = as_address(picture)
    job = JOB | {"page": f'<html lang=en><title>A</title><body data-running=A><main><p><img src="{address}" alt="A">'}
    made = []
    for early in ([], [{"pictures": [address]}], [{"pictures": []}, {"pictures": [address, address]}]):
        with Press() as press:
            for message in [preparation, *early]:
                press.prepare(message)
            press.start(job)
            made.append(press.result())
    assert made[0] == made[1] == made[2]
    assert b"/Image" in made[0]


def test_a_picture_that_cannot_be_read_is_said_wherever_it_was_told(preparation: dict[str, Any]) -> None:
    with Press() as press:
        press.prepare(preparation)
        press.prepare({"pictures": [as_address(b"no picture")]})
        press.start(JOB)
        with pytest.raises(PubkitError, match="Failed to load image"):
            press.result()
