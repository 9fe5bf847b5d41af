from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from importlib import resources
from typing import Any

import msgspec
import pytest
from msgspec import structs

from pubkit import catalogue
from pubkit.boundary.text import as_json
from pubkit.claims.inventory import claims, strength_of
from pubkit.compliance import criteria as compliance
from pubkit.compliance import page
from pubkit.editorial import evidence, waivers
from pubkit.editorial.diff import Change, ChangeKind, diff
from pubkit.editorial.evidence import ClaimVerdict, EvidenceTable
from pubkit.editorial.model import Strength
from pubkit.findings import Finding, Location, Severity, Waiver
from pubkit.outcome import Mode
from pubkit.references.model import Verdict, VerdictStatus
from pubkit.references.verdicts import Judgement
from pubkit.rules.asked import unasked
from pubkit.rules.base import Submission
from pubkit.rules.editorial import DatesOutOfOrder

from ..builder import TODAY, submission

AUTHOR = {"name": "Ada Example", "credentials": "MD", "conflicts": "None."}


def table(text: str, **metadata: Any) -> EvidenceTable:
    asked = submission(text, **metadata)
    verdicts = {citation.key: Verdict(citation.key, VerdictStatus.OK) for citation in asked.manuscript.citations}
    return evidence.table(
        asked.publication, asked.bibliography, verdicts, claims(asked.manuscript.document, asked.publication), TODAY
    )


def test_dates_are_held_against_today() -> None:
    [finding] = DatesOutOfOrder().check(submission("x", dates={"published": "2026-11-23"}))
    assert "future" in finding.message
    assert not list(
        DatesOutOfOrder().check(submission("x", today=dt.date(2026, 11, 23), dates={"published": "2026-11-23"}))
    )


# -- the evidence table -----------------------------------------------------------------------------------------------


def test_each_claim_has_its_place_sources_and_verdict() -> None:
    text = "The tea relieves anxiety [@a].\n\nStudies suggest that it dulls pain."
    made = table(text, evidence={"a": {"study_type": "survey", "n": 12, "funding": "industry"}})
    first, second = made.rows
    assert (first.line, first.verdict, first.benefit) == (1, ClaimVerdict.WEAK, True)
    assert (first.sources[0].study_type, first.sources[0].n, first.sources[0].funding) == ("survey", 12, "industry")
    assert (second.line, second.verdict, second.sources) == (3, ClaimVerdict.UNSOURCED, [])


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("OK", "sourced"),
        ("UNCHECKED", "source-not-checked"),
        ("UNCONFIRMED", "source-not-confirmed"),
        ("CONCERN", "source-in-question"),
        ("MISMATCH", "source-in-question"),
        ("VERSION_DRIFT", "source-in-question"),
        ("INCOMPLETE", "source-in-question"),
        ("CORRECTED", "source-in-question"),
        ("DISPUTED", "source-in-question"),
        ("RETRACTED", "bad-source"),
        ("BAD_ID", "bad-source"),
        ("WRONG_WORK", "bad-source"),
    ],
)
def test_a_claim_is_sourced_only_where_every_reference_was_found_as_cited(status: str, verdict: str) -> None:
    types = {"a": {"study_type": "rct"}, "b": {"study_type": "rct"}}
    asked = submission("The tea relieves anxiety [@a; @b].", evidence=types)
    verdicts = {"a": Verdict("a", VerdictStatus.OK), "b": Verdict("b", VerdictStatus(status))}
    made = evidence.table(
        asked.publication, asked.bibliography, verdicts, claims(asked.manuscript.document, asked.publication), TODAY
    )
    assert made.rows[0].verdict.value == verdict


def test_every_status_of_a_reference_has_its_verdict_on_claims() -> None:
    tried = {"OK", "UNCHECKED", "UNCONFIRMED", "CONCERN", "MISMATCH", "VERSION_DRIFT", "INCOMPLETE", "CORRECTED"}
    assert {*tried, "DISPUTED", "RETRACTED", "BAD_ID", "WRONG_WORK"} == {one.value for one in VerdictStatus}


def test_a_key_that_no_bibliography_has_is_no_such_source() -> None:
    asked = submission("The tea relieves anxiety [@grundman2017].")
    made = evidence.table(
        asked.publication, asked.bibliography, {}, claims(asked.manuscript.document, asked.publication), TODAY
    )
    assert made.rows[0].verdict is ClaimVerdict.NO_SUCH_SOURCE
    assert made.rows[0].sources[0].status == "NO_SUCH_KEY"


def test_retraction_data_alone_checks_no_reference() -> None:
    """The snapshot found nothing on a work that no registry was asked about."""
    asked = submission("The tea relieves anxiety [@a].", evidence={"a": {"study_type": "rct"}})
    verdicts = Judgement({"a": Verdict("a", VerdictStatus.OK)}, frozenset({"a"}), snapshot=TODAY)
    made = evidence.table(
        asked.publication, asked.bibliography, verdicts, claims(asked.manuscript.document, asked.publication), TODAY
    )
    assert made.rows[0].verdict is ClaimVerdict.UNCHECKED


def test_the_table_reads_back_from_json_and_refuses_another() -> None:
    made = table("The tea relieves anxiety [@a].")
    assert evidence.from_json(as_json(made)) == made
    with pytest.raises(msgspec.ValidationError):
        evidence.from_json(as_json(made).replace("pubkit-evidence/1", "pubkit-evidence/9"))


def test_the_csv_holds_no_formula() -> None:
    written = evidence.to_csv(table("=1+1 relieves anxiety in the tea of 40% of users."))
    lines = list(csv.reader(io.StringIO(written.decode("utf-8-sig"))))
    assert len(lines) == 2
    assert lines[1][lines[0].index("text")].startswith("'=1+1")


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("kratom reduces anxiety.", Strength.ASSERTED),
        ("kratom use is linked with less anxiety.", Strength.ASSOCIATED),
        ("kratom may reduce anxiety.", Strength.HEDGED),
        ("users said that kratom reduced their anxiety.", Strength.REPORTED),
        ("kratom does not reduce anxiety.", Strength.DENIED),
    ],
)
def test_the_words_decide_how_strong_a_claim_is(text: str, strength: Strength) -> None:
    assert strength_of(text) is strength


# -- the comparison of two versions -----------------------------------------------------------------------------------

OLD = "Kratom may reduce anxiety in some users [@a].\n\nKratom harms the liver [@b].\n\nIt dulls pain in mice [@c]."


def changes(new: str) -> list[Change]:
    return diff(table(OLD), table(new)).changes


def test_nothing_changed_is_said_as_such() -> None:
    result = diff(table(OLD), table(OLD))
    assert (result.changes, result.unchanged) == ([], 3)


def test_moving_a_claim_is_no_change() -> None:
    assert changes("\n\n".join(reversed(OLD.split("\n\n")))) == []


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("may reduce", "reduces", ChangeKind.STRENGTHENED),
        ("Kratom harms the liver", "Kratom may harm the liver", ChangeKind.WEAKENED),
        ("harms the liver", "harms the human liver", ChangeKind.REWORDED),
        ("harms the liver", "harms the liver of 5 in 100", ChangeKind.FIGURES),
        ("harms the liver", "harms the liver twice", ChangeKind.FIGURES),
        ("[@b]", "[@b; @d]", ChangeKind.SOURCES),
    ],
)
def test_a_changed_claim_is_named_by_its_change(before: str, after: str, kind: ChangeKind) -> None:
    [change] = changes(OLD.replace(before, after))
    assert change.kind is kind


def test_added_and_removed_claims_are_listed() -> None:
    new = OLD.replace("It dulls pain in mice [@c].", "Withdrawal was described in regular users of the leaf [@d].")
    assert [change.kind for change in changes(new)] == [ChangeKind.ADDED, ChangeKind.REMOVED]


def test_changed_sources_are_named() -> None:
    [change] = changes(OLD.replace("[@b]", "[@d]"))
    assert (change.keys_added, change.keys_removed) == (["d"], ["b"])


# -- waivers ----------------------------------------------------------------------------------------------------------


def test_the_register_tells_used_idle_and_expired_waivers() -> None:
    finding = Finding("CLM004", Severity.ERROR, "A figure", "Cite it.", None, "About 40%.")
    waiver = Waiver("CLM004", "project", "r", "w", dt.date(2027, 1, 1))
    entries = [
        waiver,
        Waiver("CLM001", "0" * 16, "r", "w", dt.date(2027, 2, 1)),
        Waiver("CLM001", "1" * 16, "r", "w", dt.date(2026, 1, 1)),
    ]
    lines = waivers.register(entries, [finding.with_waiver(waiver)] * 2, TODAY)
    assert [line.state.value for line in lines] == ["expired", "in-use", "idle"]
    assert [line.covers for line in lines] == [0, 2, 0]
    assert lines[0].days_left < 0 < lines[1].days_left
    assert len(json.loads(as_json(lines))) == 3
    assert waivers.to_csv(lines).count(b"\r\n") == 4


def test_a_spreadsheet_reads_the_tables_as_utf_8() -> None:
    """Excel takes a file without a byte order mark for the code page of the machine."""
    for written in (evidence.to_csv(table("Kratom’s effect on anxiety is large [@a].")), waivers.to_csv(())):
        assert written.startswith(b"\xef\xbb\xbf")
        assert "’" in written.decode("utf-8-sig") or b"rule" in written


# -- compliance -------------------------------------------------------------------------------------------------------


def dossier(asked: Submission, *findings: Finding, formats: tuple[str, ...] = ()) -> compliance.Dossier:
    made = evidence.table(
        asked.publication, asked.bibliography, {}, claims(asked.manuscript.document, asked.publication), TODAY
    )
    return compliance.Dossier(asked.publication, asked.manuscript, made, {}, findings, (), asked.review, TODAY, formats)


def status(criteria: tuple[compliance.Criterion, ...], framework: str, number: str) -> compliance.Status:
    [one] = [one for one in criteria if (one.framework, one.number) == (framework, number)]
    return one.answer.status


def test_a_finding_turns_a_criterion_and_a_waiver_only_half() -> None:
    asked = submission("A text.", contact="x@example.org")
    finding = Finding("EDI015", Severity.ERROR, "No contact", "Give one.")
    waived = finding.with_waiver(Waiver("EDI015", finding.fingerprint, "r", "w", TODAY))
    answers = [
        status(compliance.assess(dossier(asked, *findings)), "HONcode", "6") for findings in ((), (finding,), (waived,))
    ]
    assert answers == [compliance.Status.MET, compliance.Status.NOT_MET, compliance.Status.PARTLY]


def test_what_was_not_looked_at_is_not_called_met() -> None:
    criteria = compliance.assess(dossier(submission("A text.")))
    assert status(criteria, "HONcode", "2") is not compliance.Status.MET
    assert status(criteria, "HONcode", "3") is compliance.Status.NOT_LOOKED_AT
    assert status(criteria, "PIF TICK", "4") is compliance.Status.NOT_MET


def test_a_language_nobody_judged_is_not_called_met() -> None:
    asked = submission("Ein Text.", lang="de")
    silent = unasked(catalogue.entries(), asked)
    criteria = compliance.assess(structs.replace(dossier(asked), skipped=silent))
    assert status(criteria, "HONcode", "8") is compliance.Status.PARTLY
    assert status(criteria, "CDC Clear Communication Index", "Language") is compliance.Status.NOT_LOOKED_AT
    assert status(criteria, "CDC Clear Communication Index", "Numbers") is compliance.Status.NOT_LOOKED_AT


def test_every_criterion_has_an_answer_with_its_evidence() -> None:
    criteria = compliance.assess(dossier(submission("A text.", authors=[AUTHOR], funding="None.")))
    assert all(one.answer.evidence.strip() for one in criteria)
    assert {one.framework for one in criteria} >= {
        "JAMA benchmarks",
        "HONcode",
        "PIF TICK",
        "ICMJE",
        "DISCERN",
        "MEDRS",
    }
    assert len(json.loads(compliance.to_json(criteria))["criteria"]) == len(criteria)


# -- the page ---------------------------------------------------------------------------------------------------------


def rendered(text: str, *findings: Finding, mode: Mode = Mode.CHECK, face: str = "", **metadata: Any) -> str:
    asked = submission(text, **metadata)
    held = dossier(asked, *findings)
    content = page.PageContent(
        asked.publication,
        compliance.assess(held),
        held.evidence,
        held.review,
        (),
        (),
        findings,
        "pubkit 0.1.0",
        mode=mode,
        face=face,
    )
    assert page.compliance_page(content) == page.compliance_page(content)
    return page.compliance_page(content)


def parsed(text: str) -> Any:
    """The page as an element tree; lxml's answers to XPath are of many types."""
    from lxml import html

    return html.fromstring(text)


def test_the_page_needs_nothing_but_itself() -> None:
    tree = parsed(rendered("The tea relieves anxiety [@a]."))
    assert not tree.xpath("//script | //link | //img | //iframe | //@src | //@onclick")
    assert all(target.startswith("#") for target in tree.xpath("//@href"))
    assert "default-src 'none'" in tree.xpath("string(//meta[@http-equiv]/@content)")


def test_the_page_escapes_what_an_author_wrote() -> None:
    hostile = "<script>alert(1)</script> relieves anxiety in 40% of users."
    finding = Finding("CLM004", Severity.ERROR, "<img src=x onerror=alert(1)>", "x")
    text = rendered(hostile, finding, title='"><script>alert(2)</script>')
    assert "<script" not in text
    assert "<img" not in text


def test_the_page_can_be_read_without_eyes_and_without_colour() -> None:
    tree = parsed(rendered("The tea relieves anxiety [@a].", authors=[AUTHOR]))
    assert tree.get("lang") == "en"
    assert len(tree.xpath("//h1")) == 1
    identifiers = tree.xpath("//@id")
    assert len(identifiers) == len(set(identifiers))
    assert all(reference in identifiers for reference in tree.xpath("//@aria-labelledby"))
    assert all(target[1:] in identifiers for target in tree.xpath("//a/@href"))
    assert all(table.xpath("caption | @aria-labelledby") for table in tree.xpath("//table"))
    assert all(cell.get("scope") for cell in tree.xpath("//th"))
    assert all(label.xpath("input") for label in tree.xpath("//label"))
    assert {mark.text_content() for mark in tree.xpath("//span[contains(@class, 'mark')]")} >= {"met", "human"}


def test_every_status_and_verdict_has_a_sign_a_word_and_a_colour_of_its_own_kind() -> None:
    """Green and ✓ belong to what was looked at and found good, and to nothing else."""
    source = resources.files("pubkit.compliance").joinpath("compliance.html.jinja").read_text("utf-8")
    kinds = [*(one.name.lower() for one in compliance.Status), *(one.value for one in ClaimVerdict)]
    for kind in kinds:
        signs = [rule for rule in source.split("}") if "--sign:" in rule and re.search(rf"\.c-{kind}(?![\w-])", rule)]
        colours = [rule for rule in source.split("}") if "--c:" in rule and re.search(rf"\.c-{kind}(?![\w-])", rule)]
        assert len(signs) == len(colours) == 1, kind
        good = kind in {"met", "sourced"}
        assert ("✓" in signs[0]) is good
        assert ("--met" in colours[0]) is good


# -- what the page begins with ----------------------------------------------------------------------------------------

ERROR = Finding("CLM001", Severity.ERROR, "No source: “study”.", "Add `[@key]`.", Location("01-text.md", 3, 30))
WARNING = Finding("DIS014", Severity.WARNING, "No date of the search.", "Add it.", Location("pubkit.yaml", 2, 1))


@pytest.mark.parametrize(
    ("findings", "mode", "line"),
    [
        ((ERROR, WARNING), Mode.DRAFT, "Not fit for publication"),
        ((WARNING,), Mode.BUILD, "Sound as a build; a release asks for more"),
        ((), Mode.BUILD, "Nothing found stands in the way of a release"),
        ((WARNING,), Mode.RELEASE, "Released"),
        ((ERROR.with_waiver(Waiver("CLM001", "project", "r", "w", TODAY)),), Mode.RELEASE, "Released"),
    ],
)
def test_the_page_begins_with_the_verdict(findings: tuple[Finding, ...], mode: Mode, line: str) -> None:
    tree = parsed(rendered("The tea relieves anxiety.", *findings, mode=mode))
    assert tree.xpath("string((//h2)[1])") == line
    assert not tree.xpath("(//h2)[1]/preceding::table")


def test_what_must_be_done_comes_first_the_most_pressing_at_its_top() -> None:
    tree = parsed(rendered("The tea relieves anxiety.", WARNING, ERROR, mode=Mode.BUILD))
    [section] = tree.xpath("//main/section[1]")
    assert section.get("id") == "todo"
    assert section.xpath("h3/text()")[:2] == ["Before anything is published", "Before a release"]
    assert [item.text_content() for item in section.xpath(".//li/p/strong")] == ["Add [@key].", "Add it."]
    assert section.xpath(".//strong/code/text()") == ["[@key]"]


def test_without_a_web_page_a_finding_has_its_place_only() -> None:
    tree = parsed(rendered("A first sentence. A study says so.", ERROR))
    assert not tree.xpath("//a[text()='in the text']")
    assert "01-text.md:3:30" in tree.text_content()


def test_the_page_wears_the_colours_and_the_fonts_of_the_publication() -> None:
    dark = "@media (prefers-color-scheme: dark) { :root { --accent: #ffb3c7 } }"
    house = f":root {{ --accent: #8a1538 }} {dark} p {{ color: red }}"
    style = parsed(rendered("Text.", face=house)).xpath("string(//style)")
    assert style.index("--accent: #17566b") < style.index("--accent: #8a1538") < style.index("--accent: #ffb3c7")
    assert "color: red" not in style
    assert "Source Sans Pro" in style
