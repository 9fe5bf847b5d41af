"""The release gate for health publishing.

    import pubkit

    report = pubkit.check("manuscript")
    release = pubkit.build("manuscript", out="dist")

Nothing is printed, nothing global is changed, and every function may be called from several threads. Errors are the
types of `pubkit.errors`; docs/api.md documents all of it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pubkit.catalogue import all_rules
    from pubkit.errors import ConfigurationError, EnvironmentFault, InputRefused, PubkitError, UsageError
    from pubkit.findings import Finding, Location, Severity, Waiver
    from pubkit.functions import BuiltFiles, build_files, diff, sign_review, update_references, verify
    from pubkit.outcome import Mode, Report
    from pubkit.pipeline import build, check, release
    from pubkit.project.loading import Project, load
    from pubkit.project.memory import Text
    from pubkit.project.metadata import Publication
    from pubkit.publish.model import Artifact, Blocked, Release
    from pubkit.references.model import Verdict, VerdictStatus
    from pubkit.rules import Example, Rule, Submission

__all__ = [
    "Artifact",
    "Blocked",
    "BuiltFiles",
    "ConfigurationError",
    "EnvironmentFault",
    "Example",
    "Finding",
    "InputRefused",
    "Location",
    "Mode",
    "Project",
    "PubkitError",
    "Publication",
    "Release",
    "Report",
    "Rule",
    "Severity",
    "Submission",
    "Text",
    "UsageError",
    "Verdict",
    "VerdictStatus",
    "Waiver",
    "all_rules",
    "build",
    "build_files",
    "check",
    "diff",
    "load",
    "release",
    "sign_review",
    "update_references",
    "verify",
]

_HOMES = {
    "pubkit.catalogue": ("all_rules",),
    "pubkit.errors": ("ConfigurationError", "EnvironmentFault", "InputRefused", "PubkitError", "UsageError"),
    "pubkit.findings": ("Finding", "Location", "Severity", "Waiver"),
    "pubkit.functions": ("BuiltFiles", "build_files", "diff", "sign_review", "update_references", "verify"),
    "pubkit.outcome": ("Mode", "Report"),
    "pubkit.project.memory": ("Text",),
    "pubkit.project.metadata": ("Publication",),
    "pubkit.publish.model": ("Artifact", "Blocked", "Release"),
    "pubkit.project.loading": ("Project", "load"),
    "pubkit.pipeline": ("build", "check", "release"),
    "pubkit.references.model": ("Verdict", "VerdictStatus"),
    "pubkit.rules": ("Example", "Rule", "Submission"),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    """Import a public name from its module on first use, so that `import pubkit` costs next to nothing."""
    if name == "__version__":
        from pubkit.boundary.distribution import version

        return version()
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from pubkit.boundary import system

    if not system.supported():
        raise ImportError(system.UNSUPPORTED)
    value = getattr(importlib.import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
