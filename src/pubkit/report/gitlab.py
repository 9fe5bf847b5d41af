"""The report as a Code Quality report of GitLab, which shows its findings in a merge request.

Source: GitLab Docs, "Code Quality": description, check_name, fingerprint, severity, location.path, location.lines.begin.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from pubkit.boundary.files import printable
from pubkit.findings import Finding
from pubkit.report.model import Sheet

__all__ = ["write"]

_SEVERITIES = {"error": "blocker", "warning": "minor", "note": "info", "baseline": "info"}
_LONGEST = 900


def write(sheet: Sheet) -> str:
    """Return the findings that are not waived as JSON text; what stopped the run, or is hidden, is one of them."""
    found = [_entry(sheet, finding) for finding in sheet.findings if not finding.waived]
    if sheet.hidden:
        found.append(_said(sheet, sheet.hidden, "info"))
    if sheet.error:
        found.append(_said(sheet, f"{sheet.error} {sheet.remedy}".strip(), "blocker"))
    return json.dumps(found, ensure_ascii=False, indent=2) + "\n"


def _entry(sheet: Sheet, finding: Finding) -> dict[str, Any]:
    accepted = f" ({finding.accepted})" if finding.accepted else ""
    return {
        "description": printable(f"{finding.message} {finding.remedy}{accepted}".strip(), _LONGEST),
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.standing],
        "location": {
            "path": sheet.opened(finding) or sheet.folder or ".",
            "lines": {"begin": max(1, finding.location.line) if finding.location else 1},
        },
    }


def _said(sheet: Sheet, text: str, severity: str) -> dict[str, Any]:
    """Return what concerns the run as a whole."""
    return {
        "description": printable(text, _LONGEST),
        "check_name": "pubkit",
        "fingerprint": hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16],
        "severity": severity,
        "location": {"path": sheet.folder or ".", "lines": {"begin": 1}},
    }
