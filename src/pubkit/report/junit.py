"""The report as JUnit XML, for CI services that show test results."""

from __future__ import annotations

from itertools import groupby

from lxml import etree

from pubkit.boundary.files import printable
from pubkit.boundary.text import without_controls
from pubkit.findings import Finding, Severity
from pubkit.report.model import Sheet

__all__ = ["write"]

_LONGEST_PLACE = 1_000


def write(sheet: Sheet) -> str:
    """Return the report as XML text: a test case for each rule, which fails if it found an error.

    A rule that could not run, or that is not shown, is skipped, with the reason: it has not passed.
    """
    by_rule = {
        name: list(group) for name, group in groupby(sorted(sheet.findings, key=_by_rule), key=lambda one: one.rule)
    }
    names = sorted({*by_rule, *sheet.report.entries})
    failures = sum(any(finding.blocks for finding in by_rule.get(name, ())) for name in names)
    errors = 1 if sheet.error else 0
    reasons = _not_shown(sheet) | {name: why for name, why in sheet.report.skipped.items() if name not in by_rule}
    suite = etree.Element(
        "testsuite",
        name="pubkit",
        tests=str(len(names) + errors),
        failures=str(failures),
        errors=str(errors),
        skipped=str(len(reasons)),
    )
    for name in names:
        _case(suite, name, by_rule.get(name, []), reasons.get(name, ""), sheet)
    if sheet.error:
        case = etree.SubElement(suite, "testcase", classname="pubkit", name="run")
        etree.SubElement(case, "error", message=without_controls(sheet.error)).text = without_controls(sheet.remedy)
    suites = etree.Element("testsuites")
    suites.append(suite)
    written: bytes = etree.tostring(suites, pretty_print=True, xml_declaration=True, encoding="utf-8")
    return written.decode()


def _by_rule(finding: Finding) -> str:
    return finding.rule


def _not_shown(sheet: Sheet) -> dict[str, str]:
    """Return the rules that the view hides: the report does not show that they passed."""
    return {name: sheet.hidden or "not selected" for name in sheet.report.entries if not sheet.view.shows(name)}


def _case(suite: etree._Element, name: str, findings: list[Finding], skipped: str, sheet: Sheet) -> None:
    case = etree.SubElement(suite, "testcase", classname="pubkit", name=name)
    if skipped:
        etree.SubElement(case, "skipped", message=without_controls(skipped))
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
    said = f" ({finding.accepted})" if finding.accepted else ""
    place = printable(str(sheet.place(finding)), _LONGEST_PLACE)
    return f"{place}: {finding.standing}: {finding.message} → {finding.remedy}{said}"
