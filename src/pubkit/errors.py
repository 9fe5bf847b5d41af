"""Why pubkit stops: one type for each exit code, each with a message a person can act on.

| exit code | type | meaning |
|---|---|---|
| 1 | (a report) | findings block |
| 2 | `UsageError`, `ConfigurationError` | the command or pubkit.yaml is wrong |
| 3 | `InputRefused` | the input is unsafe or cannot be read |
| 4 | `EnvironmentFault` | a tool is missing, the disk is full, a registry is down |
| 5 | any other exception | a defect in pubkit |
"""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.findings import Finding

__all__ = ["ConfigurationError", "EnvironmentFault", "InputRefused", "PubkitError", "UsageError"]


class PubkitError(Exception):
    """Base of every error that pubkit raises on purpose.

    `findings` lists the places to correct, if there are any; `remedy` says what to do.
    """

    exit_code: int = 5

    def __init__(self, message: str, *, remedy: str = "", findings: Sequence[Finding] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.findings = tuple(findings)


class UsageError(PubkitError):
    """The command, or a path given to it, is wrong."""

    exit_code = 2


class ConfigurationError(PubkitError):
    """pubkit.yaml or the front matter is wrong; every mistake is among the findings, with its line."""

    exit_code = 2


class InputRefused(PubkitError):
    """The input is unsafe or cannot be read; drafts are refused too."""

    exit_code = 3


class EnvironmentFault(PubkitError):
    """Something outside the manuscript failed: a missing tool, a full disk, a registry that is down."""

    exit_code = 4
