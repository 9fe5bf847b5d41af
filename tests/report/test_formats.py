"""The report in each of its forms: nothing lost, nothing that a terminal or a CI service would take as a command."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree
from msgspec import structs

from pubkit.findings import Finding, Fix, Location, Replacement, Severity, Waiver
from pubkit.outcome import Mode, Report
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.report import github, gitlab, junit, sarif, text
from pubkit.report import json as as_json
from pubkit.report.model import ArtifactLine, Sheet

NASTY = "\x1b[31mred\x07\n::stop-commands::x\n##[group]y\u202e ##vso[task.complete]z ::add-mask::a"
ERROR = Finding("CIT001", Severity.ERROR, f"No key {NASTY}.", "Correct it.", Location("01-text.md", 12, 5), "key")
WARNING = Finding("STY001", Severity.WARNING, "A long word.", "Shorten it.", Location("02-more.md", 3))
WAIVED = Finding("STY002", Severity.ERROR, "An abbreviation.", "Explain it.", Location("02-more.md", 9, 2)).with_waiver(
    Waiver("STY002", "0" * 16, "Known to all readers.", "Ada Example", dt.date(2027, 1, 1))
)
NOTE = Finding("REF001", Severity.NOTE, "A remark.", "Nothing.")
REPORT = Report(
    Mode.BUILD,
    (ERROR, WARNING, NOTE),
    (Verdict("a2020", VerdictStatus.UNCHECKED), Verdict("b2020", VerdictStatus.OK)),
    skipped={"PRF100": "nothing was rendered"},
)
SHEET = Sheet(REPORT, "pubkit 0.1.0", "book", exit_code=1)


@pytest.mark.parametrize(
    "write", [github.write, lambda sheet: text.write(sheet, text.Look(detail=True, least=Severity.NOTE))]
)
def test_no_text_of_a_manuscript_reaches_a_log_as_a_command(write) -> None:  # type: ignore[no-untyped-def]
    written = write(SHEET)
    assert "\x1b" not in written
    assert "\x07" not in written
    assert "\u202e" not in written
    assert [*carried_out(written)] == []


def test_no_place_where_a_line_is_broken_makes_a_command() -> None:
    messages = [f"{'a' * length}::stop-commands::x {'睡' * length}::add-mask::x" for length in range(1, text.WIDTH)]
    findings = tuple(structs.replace(ERROR, message=message, context=message) for message in messages)
    sheet = Sheet(Report(Mode.CHECK, findings, ()), "pubkit", "book")
    for width in (1, text.WIDTH):
        written = text.write(sheet, text.Look(width=width, every=True))
        assert "stop-commands" in written
        assert [*carried_out(written)] == []


def test_a_finished_file_is_not_said_to_lie_in_the_publication(tmp_path: Path) -> None:
    (tmp_path / "02-more.md").write_text("Text.\n")
    lost = Finding("PRF112", Severity.ERROR, "A table is missing.", "Simplify it.", Location("sleep-1.0.0.pdf"))
    sheet = Sheet(Report(Mode.BUILD, (lost, WARNING)), "pubkit", "book", root=tmp_path)
    assert [sheet.place(finding) for finding in sheet.findings] == ["sleep-1.0.0.pdf", "book/02-more.md:3"]
    assert "book/sleep" not in text.write(sheet, text.Look()) + gitlab.write(sheet) + sarif.write(
        sheet
    ) + as_json.write(sheet)


def carried_out(written: str) -> Iterator[str]:
    """Yield the lines that a CI service carries out, but for annotations (actions/runner, ActionCommand.cs)."""
    for line in written.splitlines():
        if re.match(r"::(?:error|warning|notice) ", line):
            continue
        if re.match(r"\s*::[A-Za-z-]+(?: [^:]*)?::", line) or re.search(r"##\w*\[", line):
            yield line


def test_text_shows_errors_and_warnings_with_their_places_and_counts_the_rest() -> None:
    written = text.write(SHEET, text.Look())
    assert "book/01-text.md\n  12:5    error     CIT001" in written
    assert "→ Correct it." in written
    assert "A remark." not in written
    assert "Not shown: 1 note" in written
    assert "References: 2 (1 not checked, 1 confirmed)." in written
    assert "Build refused: 1 error, 1 warning, 1 note." in written


def test_quiet_shows_errors_only_and_detail_everything() -> None:
    assert "STY001" not in text.write(SHEET, text.Look(least=Severity.ERROR))
    written = text.write(SHEET, text.Look(least=Severity.NOTE, detail=True))
    assert "A remark." in written
    assert ERROR.fingerprint in written


def test_colour_is_used_only_when_asked_for() -> None:
    assert "\x1b[1;31merror" in text.write(SHEET, text.Look(colour=True))
    assert "\x1b" not in text.write(SHEET, text.Look())


def test_json_has_the_documented_shape() -> None:
    sheet = Sheet(
        REPORT,
        "pubkit 0.1.0",
        "book",
        (ArtifactLine("dist/a.html", "html", "0" * 64, 9),),
        {"read": 0.1234},
        exit_code=1,
    )
    data = json.loads(as_json.write(sheet))
    assert list(data) == [
        "schema",
        "tool",
        "mode",
        "findings",
        "references",
        "skipped",
        "waivers",
        "artifacts",
        "timings",
        "summary",
    ]
    assert data["skipped"] == {"PRF100": "nothing was rendered"}
    assert data["findings"][0]["file"] == "book/01-text.md"
    assert (data["findings"][0]["line"], data["findings"][0]["column"]) == (12, 5)
    assert data["findings"][1]["column"] is None
    assert data["findings"][2]["file"] is None
    assert [one["checked"] for one in data["references"]] == [False, True]
    counts = {"error": 1, "warning": 1, "note": 1, "waived": 0, "baseline": 0}
    assert data["summary"] == {**counts, "blocks_release": True, "exit_code": 1}
    assert data["timings"] == {"read": 0.123}


def test_sarif_has_rules_places_and_fingerprints() -> None:
    run = json.loads(sarif.write(SHEET))["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["CIT001", "REF001", "STY001"]
    first = run["results"][0]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == first["ruleId"] == "CIT001"
    place = first["locations"][0]["physicalLocation"]
    assert place == {"artifactLocation": {"uri": "book/01-text.md"}, "region": {"startLine": 12, "startColumn": 5}}
    assert first["partialFingerprints"] == {"pubkit/v1": ERROR.fingerprint}
    assert "locations" not in run["results"][2]


def test_junit_fails_the_rule_and_lists_those_that_passed() -> None:
    suite = etree.fromstring(junit.write(SHEET).encode())[0]
    told = [suite.get(name) for name in ("tests", "failures", "errors", "skipped")]
    assert told == [str(len(REPORT.entries)), "1", "0", "1"]
    failed = [case.get("name") for case in suite if case.find("failure") is not None]
    assert failed == ["CIT001"]
    assert "CIT002" in [case.get("name") for case in suite]


def test_a_rule_that_was_not_run_is_skipped_with_its_reason_and_never_passed() -> None:
    suite = etree.fromstring(junit.write(SHEET).encode())[0]
    skipped = {case.get("name"): found.get("message") for case in suite for found in case.findall("skipped")}
    assert skipped == {"PRF100": "nothing was rendered"}
    [said] = json.loads(sarif.write(SHEET))["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert said["level"] == "note"
    assert said["message"]["text"] == "PRF100 was not run: nothing was rendered."
    assert said["associatedRule"] == {"id": "PRF100"}
    assert "Not run: 1 rule (nothing was rendered)." in text.write(SHEET, text.Look(detail=True))


def test_github_annotates_file_line_and_column() -> None:
    lines = github.write(SHEET).splitlines()
    assert lines[0].startswith("::error file=book/01-text.md,line=12,col=5,title=CIT001::No key")
    assert lines[1].startswith("::warning file=book/02-more.md,line=3,col=1,title=STY001::")
    assert lines[2].startswith("::notice title=REF001::")


def test_gitlab_has_what_its_documentation_demands_of_each_entry() -> None:
    entries = json.loads(gitlab.write(SHEET))
    assert [one["severity"] for one in entries] == ["blocker", "minor", "info"]
    assert [one["check_name"] for one in entries] == ["CIT001", "STY001", "REF001"]
    assert entries[0]["location"] == {"path": "book/01-text.md", "lines": {"begin": 12}}
    assert len({one["fingerprint"] for one in entries}) == 3
    for one in entries:
        assert one.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["description"]
        assert one["location"]["path"]
        assert one["location"]["lines"]["begin"] >= 1


def test_a_fix_is_in_the_reports_for_programs() -> None:
    place = Location("01-text.md", 12, 5, 12)
    fix = Fix(
        "Write roe2020", (Replacement(place, "roe2002", "roe2020"), Replacement(Location("02.md", 1, 1), "", "\n"))
    )
    sheet = Sheet(Report(Mode.CHECK, (structs.replace(ERROR, fix=fix),)), "pubkit 0.1.0", "book")
    [told] = json.loads(sarif.write(sheet))["runs"][0]["results"][0]["fixes"]
    assert told["description"] == {"text": "Write roe2020."}
    first, second = told["artifactChanges"]
    assert first["artifactLocation"] == {"uri": "book/01-text.md"}
    region = {"startLine": 12, "startColumn": 5, "endColumn": 12}
    assert first["replacements"] == [{"deletedRegion": region, "insertedContent": {"text": "roe2020"}}]
    assert second["replacements"][0]["deletedRegion"] == {"startLine": 1, "startColumn": 1, "endColumn": 1}
    said = json.loads(as_json.write(sheet))["findings"][0]["fix"]
    assert (said["title"], said["certain"], said["changes"][0]["file"]) == ("Write roe2020", True, "book/01-text.md")


def test_no_name_of_a_file_begins_a_line_of_its_own() -> None:
    place = Location("02-a\n::warning::x.md", 3, 1)
    report = Report(Mode.CHECK, (structs.replace(ERROR, location=place),))
    sheet = Sheet(report, "pubkit 0.1.0", "book")
    for written in (text.write(sheet, text.Look()), junit.write(sheet), github.write(sheet)):
        assert "02-a" in written
        assert "\n::warning::x.md" not in written


def test_an_error_that_stopped_the_run_is_in_every_form() -> None:
    sheet = Sheet(Report(Mode.CHECK), "pubkit 0.1.0", error="pandoc was not found.", remedy="Install it.", exit_code=4)
    for written in (
        text.write(sheet, text.Look()),
        as_json.write(sheet),
        sarif.write(sheet),
        junit.write(sheet),
        github.write(sheet),
        gitlab.write(sheet),
    ):
        assert "pandoc was not found." in written
        assert "Install it." in written
