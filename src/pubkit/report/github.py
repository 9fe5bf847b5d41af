"""The report as GitHub Actions annotations.

Source: GitHub Docs, "Workflow commands for GitHub Actions" (escaping of %, CR, LF, and of : and , in properties).
"""

from __future__ import annotations

from pubkit.boundary.files import printable
from pubkit.findings import Finding
from pubkit.report.model import Sheet

__all__ = ["write"]

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice", "baseline": "notice"}


def write(sheet: Sheet) -> str:
    """Return one workflow command for each finding; text of a manuscript cannot begin a line or a command."""
    lines = [_annotation(sheet, finding) for finding in sheet.findings if not finding.waived]
    if sheet.hidden:
        lines.append(f"::notice title=pubkit::{_data(sheet.hidden)}")
    if sheet.error:
        lines.append(f"::error title=pubkit::{_data(f'{sheet.error} {sheet.remedy}')}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(sheet: Sheet, finding: Finding) -> str:
    properties = [f"title={_property(finding.rule)}"]
    if finding.location:
        properties.insert(0, f"file={_property(sheet.opened(finding))}")
        if finding.location.line:
            properties[1:1] = [f"line={finding.location.line}", f"col={max(1, finding.location.column)}"]
        if finding.location.end_column:
            properties.insert(3, f"endColumn={finding.location.end_column}")
    said = f"{finding.message} {finding.remedy}{f' ({finding.accepted})' if finding.accepted else ''}"
    return f"::{_COMMANDS[finding.standing]} {','.join(properties)}::{_data(said)}"


def _data(text: str) -> str:
    return printable(text, 900).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
