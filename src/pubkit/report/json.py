"""The report as JSON, for other programs."""

from __future__ import annotations

import json
from typing import Any

from pubkit.findings import Finding, Fix
from pubkit.report.model import SCHEMA, Sheet

__all__ = ["as_data", "write"]


def write(sheet: Sheet) -> str:
    """Return the report as JSON text; docs/report.md describes each field."""
    return json.dumps(as_data(sheet), ensure_ascii=False, indent=2) + "\n"


def as_data(sheet: Sheet) -> dict[str, Any]:
    """Return the report as plain data."""
    report = sheet.report
    return {
        "schema": SCHEMA,
        "tool": sheet.tool,
        "mode": report.mode.value,
        "findings": [_finding(sheet, finding) for finding in sheet.findings],
        "references": [
            {
                "key": verdict.key,
                "status": verdict.status.value,
                "checked": verdict.checked,
                "evidence": list(verdict.evidence),
                "source": verdict.source,
                "retrieved": verdict.retrieved.isoformat() if verdict.retrieved else None,
            }
            for verdict in report.verdicts
        ],
        "skipped": dict(report.skipped),
        "waivers": [
            {
                "rule": one.rule,
                "where": one.extent,
                "covers": report.covered(one),
                "reason": one.reason,
                "who": one.who,
                "expires": one.expires.isoformat(),
            }
            for one in report.waivers
        ],
        "artifacts": [
            {"path": one.path, "format": one.format, "sha256": one.sha256, "bytes": one.bytes}
            for one in sheet.artifacts
        ],
        "timings": {stage: round(seconds, 3) for stage, seconds in sheet.timings.items()},
        "summary": {
            **report.counts,
            "blocks_release": report.blocks_release or bool(sheet.error),
            "exit_code": sheet.exit_code,
            **({"hidden": sheet.hidden} if sheet.hidden else {}),
            **_error(sheet),
        },
        **_baseline(sheet),
    }


def _baseline(sheet: Sheet) -> dict[str, Any]:
    """Return the state of the baseline, if there is one."""
    known = sheet.report.baseline
    if known is None:
        return {}
    fixed = sum(entry.count for entry in known.gone)
    return {"baseline": {"file": known.file, "matched": known.matched, "fixed": fixed}}


def _error(sheet: Sheet) -> dict[str, str]:
    return {"stopped_by": sheet.error, "remedy": sheet.remedy} if sheet.error else {}


def _finding(sheet: Sheet, finding: Finding) -> dict[str, Any]:
    location = finding.location
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "remedy": finding.remedy,
        "file": sheet.opened(finding) or None,
        "line": location.line or None if location else None,
        "column": location.column or None if location else None,
        "end_column": location.end_column or None if location else None,
        **({"within": location.within} if location and location.within else {}),
        "fingerprint": finding.fingerprint,
        "waived": finding.waiver.reason if finding.waiver else None,
        "accepted": str(finding.accepted) if finding.accepted else None,
        **({"fix": _fix(sheet, finding.fix)} if finding.fix else {}),
    }


def _fix(sheet: Sheet, fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "certain": fix.certain,
        "changes": [
            {
                "file": sheet.file(one.location),
                "line": one.location.line,
                "column": one.location.column,
                "written": one.written,
                "text": one.text,
            }
            for one in fix.changes
        ],
    }
