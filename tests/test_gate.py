"""The gate: waivers hold for one sentence and one time, and nothing is passed over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from pubkit import catalogue, gate, pipeline
from pubkit.findings import Finding, Location, Severity
from pubkit.outcome import Mode, Report
from pubkit.project import loading

from .conftest import BIBLIOGRAPHY, Publish

TODAY = dt.date(2026, 11, 22)


def finding(text: str = "A bold claim.", line: int = 3, *, waivable: bool = True) -> Finding:
    return Finding(
        "CLM001", Severity.ERROR, "No source.", "Add one.", Location("01-text.md", line, 1), text, waivable=waivable
    )


def judged(root: Path, *findings: Finding) -> Report:
    return gate.report_of(findings, loading.load(root), Mode.BUILD, {}, TODAY, catalogue.entries())


def waiver(one: Finding, **changes: object) -> dict[str, object]:
    return {
        "rule": one.rule,
        "where": one.fingerprint,
        "reason": "Known.",
        "who": "Ed",
        "expires": "2027-01-01",
        **changes,
    }


def test_an_error_blocks_and_a_warning_does_not(publication: Publish) -> None:
    root = publication()
    assert judged(root, finding()).blocks_release
    light = Finding("STY001", Severity.WARNING, "Long.", "Cut it.")
    assert not judged(root, light).blocks_release


def test_a_waiver_lets_one_finding_pass_and_is_listed(publication: Publish) -> None:
    one, other = finding(), finding("Another claim.")
    report = judged(publication(waivers=[waiver(one)]), one, other)
    assert {found.context: found.waived for found in report.findings} == {
        "A bold claim.": True,
        "Another claim.": False,
    }
    assert report.blocks_release
    assert report.counts == {"error": 1, "warning": 0, "note": 0, "waived": 1, "baseline": 0}
    assert [one.reason for one in report.waivers] == ["Known."]


def test_a_waiver_outlives_an_edit_elsewhere_but_not_of_its_sentence(publication: Publish) -> None:
    root = publication(waivers=[waiver(finding())])
    assert not judged(root, finding(line=90)).blocks_release
    assert judged(root, finding("A bolder claim.")).blocks_release


def test_a_waiver_ends_with_its_date(publication: Publish) -> None:
    report = judged(publication(waivers=[waiver(finding(), expires="2026-11-21")]), finding())
    assert report.blocks_release
    assert any("ended on 2026-11-21" in found.message for found in report.findings)


def test_a_waiver_that_meets_nothing_is_said_with_its_line(publication: Publish) -> None:
    report = judged(publication(waivers=[waiver(finding())]))
    (idle,) = report.findings
    assert idle.rule == "EDI090"
    assert idle.location is not None
    assert idle.location.file == "pubkit.yaml"


def test_what_cannot_be_waived_is_not(publication: Publish) -> None:
    one = finding(waivable=False)
    assert judged(publication(waivers=[waiver(one)]), one).blocks_release


def test_the_same_sentence_twice_needs_two_waivers(publication: Publish) -> None:
    root = publication(waivers=[waiver(finding())])
    report = judged(root, finding(line=3), finding(line=9))
    assert [found.waived for found in report.findings] == [True, False]
    assert len({found.fingerprint for found in report.findings}) == 2


@pytest.mark.parametrize("trick", ["A bold claim.", "A  bold\u200b claim."])
def test_invisible_characters_make_no_new_sentence(publication: Publish, trick: str) -> None:
    assert not judged(publication(waivers=[waiver(finding())]), finding(trick)).blocks_release


def test_a_waiver_without_an_end_in_sight_is_not_honoured(publication: Publish) -> None:
    report = judged(publication(waivers=[waiver(finding(), expires="2999-01-01")]), finding())
    assert report.blocks_release
    assert any("too long" in found.message for found in report.findings)


def test_no_finding_of_the_reading_is_lost(publication: Publish) -> None:
    import pubkit

    broken = b"\x89PNG\r\n\x1a\nrubbish"
    report = pubkit.check(publication('![Words](a.png){alt="What it shows"}\n', files={"a.png": broken}))
    assert "SRC063" in {found.rule for found in report.findings if found.blocks}


def test_a_waiver_of_a_rule_that_does_not_exist_is_told_so(publication: Publish) -> None:
    report = pipeline.check(publication(waivers=[waiver(finding(), rule="CLM999")]))
    idle = next(found for found in report.findings if found.rule == "EDI090")
    assert idle.message == "There is no rule CLM999 for this waiver."


@pytest.mark.parametrize(
    ("stated", "rules"),
    [("@*", {"RET001"}), (["@bad", "@gone"], {"RET001", "CIT001"}), ("@gone", {"CIT001", "CIT002"}), ([], {"CIT002"})],
)
def test_a_work_that_is_listed_without_being_cited_is_judged_as_a_cited_one_is(
    publication: Publish, stated: object, rules: set[str]
) -> None:
    withdrawn = (
        "@article{bad, author = {Roe, Ann}, title = {RETRACTED: Naps}, journal = {J Sleep Res}, year = {2020},\n"
    )
    works = f"{BIBLIOGRAPHY}{withdrawn}  volume = {{29}}, pages = {{11--19}}, doi = {{10.1111/jsr.13001}}}}\n"
    found = pipeline.check(publication(bibliography=works, nocite=stated)).findings
    assert {one.rule for one in found} & {"RET001", "CIT001", "CIT002"} == rules
    gone = [one.location for one in found if one.rule == "CIT001"]
    assert all(place is not None and place.file == "pubkit.yaml" for place in gone)
