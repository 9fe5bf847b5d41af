"""The report as JUnit XML, for CI services that show test results."""

from __future__ import annotations

from itertools import groupby

from lxml import etree

from pubkit.boundary.text import without_controls
from pubkit.findings import Finding, Severity
from pubkit.report.model import Sheet

__all__ = ["write"]


def write(sheet: Sheet) -> str:
    """Return the report as XML text: a test case for each rule, which fails if it found an error.

    A rule that could not run is skipped, with the reason: it has not passed.
    """
    by_rule = {
        name: list(group)
        for name, group in groupby(sorted(sheet.report.findings, key=_by_rule), key=lambda one: one.rule)
    }
    names = sorted({*by_rule, *sheet.report.entries})
    failures = sum(any(finding.blocks for finding in by_rule.get(name, ())) for name in names)
    errors = 1 if sheet.error else 0
    skipped = sum(name in sheet.report.skipped and name not in by_rule for name in names)
    suite = etree.Element(
        "testsuite",
        name="pubkit",
        tests=str(len(names) + errors),
        failures=str(failures),
        errors=str(errors),
        skipped=str(skipped),
    )
    for name in names:
        _case(suite, name, by_rule.get(name, []), sheet)
    if sheet.error:
        case = etree.SubElement(suite, "testcase", classname="pubkit", name="run")
        etree.SubElement(case, "error", message=without_controls(sheet.error)).text = without_controls(sheet.remedy)
    suites = etree.Element("testsuites")
    suites.append(suite)
    written: bytes = etree.tostring(suites, pretty_print=True, xml_declaration=True, encoding="utf-8")
    return written.decode()


def _by_rule(finding: Finding) -> str:
    return finding.rule


def _case(suite: etree._Element, name: str, findings: list[Finding], sheet: Sheet) -> None:
    case = etree.SubElement(suite, "testcase", classname="pubkit", name=name)
    if not findings and name in sheet.report.skipped:
        etree.SubElement(case, "skipped", message=without_controls(sheet.report.skipped[name]))
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        failure = etree.SubElement(
            case, "failure", type=Severity.ERROR.value, message=without_controls(blocking[0].message)
        )
        failure.text = without_controls("\n".join(_line(sheet, finding) for finding in blocking))
    others = [finding for finding in findings if not finding.blocks]
    if others:
        etree.SubElement(case, "system-out").text = without_controls(
            "\n".join(_line(sheet, finding) for finding in others)
        )


def _line(sheet: Sheet, finding: Finding) -> str:
    kind = "waived" if finding.waived else finding.severity.value
    return f"{sheet.place(finding)}: {kind}: {finding.message} → {finding.remedy}"
