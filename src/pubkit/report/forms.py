"""The forms of a report that other programs read, and what writes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pubkit.report import github, gitlab, junit, sarif
from pubkit.report import json as plain
from pubkit.report.model import Sheet

__all__ = ["WRITERS"]

#: What writes each form.
WRITERS: Mapping[str, Callable[[Sheet], str]] = {
    "json": plain.write,
    "sarif": sarif.write,
    "junit": junit.write,
    "github": github.write,
    "gitlab": gitlab.write,
}
