"""The report as SARIF 2.1.0, for code-scanning services and editors.

Source: OASIS, Static Analysis Results Interchange Format (SARIF) Version 2.1.0, 27 March 2020.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

from pubkit.catalogue import Entry
from pubkit.findings import Finding, Fix, Location, Replacement
from pubkit.report.model import Sheet

__all__ = ["write"]


def write(sheet: Sheet) -> str:
    """Return the report as SARIF text."""
    findings = sheet.findings
    names = sorted({finding.rule for finding in findings})
    driver = {
        "name": "pubkit",
        "version": sheet.tool.removeprefix("pubkit "),
        "rules": [_rule(sheet.report.entries[name]) for name in names],
    }
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(sheet, finding, names.index(finding.rule)) for finding in findings],
        "invocations": [_invocation(sheet)],
    }
    document = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _invocation(sheet: Sheet) -> dict[str, Any]:
    said: dict[str, Any] = {"executionSuccessful": not sheet.error, "exitCode": sheet.exit_code}
    stopped = [{"level": "error", "message": {"text": f"{sheet.error} {sheet.remedy}".strip()}}] if sheet.error else []
    skipped = [_skipped(name, why) for name, why in sheet.report.skipped.items()]
    hidden = [{"level": "note", "message": {"text": sheet.hidden}}] if sheet.hidden else []
    if stopped or hidden or skipped:
        said["toolExecutionNotifications"] = [*stopped, *hidden, *skipped]
    return said


def _skipped(name: str, why: str) -> dict[str, Any]:
    """Return the notification for a rule that could not run (SARIF 2.1.0, 3.20.21 and 3.58)."""
    return {"level": "note", "message": {"text": f"{name} was not run: {why}."}, "associatedRule": {"id": name}}


def _rule(rule: Entry) -> dict[str, Any]:
    described: dict[str, Any] = {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "help": {"text": f"{rule.remedy} {rule.details}".strip()},
        "defaultConfiguration": {"level": rule.severity.value},
    }
    if rule.source:
        described["fullDescription"] = {"text": f"{rule.title} Source: {rule.source}"}
    return described


def _region(place: Location) -> dict[str, int]:
    """Return the line and columns of a place; the end is left out if it is not known (3.30.6)."""
    region = {"startLine": place.line, "startColumn": max(1, place.column)}
    return region | {"endColumn": place.end_column} if place.end_column else region


def _result(sheet: Sheet, finding: Finding, index: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": finding.severity.value,
        "message": {"text": f"{finding.message} {finding.remedy}".strip()},
        "partialFingerprints": {"pubkit/v1": finding.fingerprint},
    }
    if finding.location:
        physical: dict[str, Any] = {"artifactLocation": {"uri": quote(sheet.opened(finding))}}
        if finding.location.line:
            physical["region"] = _region(finding.location)
        result["locations"] = [{"physicalLocation": physical}]
    if finding.fix:
        result["fixes"] = [_fix(sheet, finding.fix)]
    if sheet.report.baseline:
        result["baselineState"] = "unchanged" if finding.accepted else "new"
    if reason := _suppressed(finding):
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": reason}]
    return result


def _fix(sheet: Sheet, fix: Fix) -> dict[str, Any]:
    """Return the correction of a finding (3.55 to 3.57); an insertion deletes a region of no length."""
    files = list(dict.fromkeys(sheet.file(one.location) for one in fix.changes))
    return {
        "description": {"text": f"{fix.title}."},
        "artifactChanges": [
            {
                "artifactLocation": {"uri": quote(name)},
                "replacements": [_replacement(one) for one in fix.changes if sheet.file(one.location) == name],
            }
            for name in files
        ],
    }


def _replacement(change: Replacement) -> dict[str, Any]:
    place = change.location
    region = {"startLine": place.line, "startColumn": place.column, "endColumn": place.column + len(change.written)}
    return {"deletedRegion": region, "insertedContent": {"text": change.text}}


def _suppressed(finding: Finding) -> str:
    """Return why a finding does not count, and who decided this; empty for one that counts (3.27.23 and 3.27.24)."""
    if finding.waiver:
        return f"{finding.waiver.reason} ({finding.waiver.who}, until {finding.waiver.expires})"
    return str(finding.accepted) if finding.accepted else ""
