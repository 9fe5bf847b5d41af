"""Who signed what: the records in pubkit.yaml, what ends a review, what a release asks for."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from pubkit.cli.main import main
from pubkit.rules.editorial_review import NoReviewer, ReviewRecordMissing, ReviewRecordStale

from ..builder import submission
from ..conftest import BIBLIOGRAPHY, UNREVIEWED, Publish, png

BO = {"name": "Bo Reviewer", "credentials": "PharmD", "conflicts": "None."}
CY = {"name": "Cy Second", "credentials": "MD", "conflicts": "None."}
TEXT = """# First things

A guideline says what a review should report [@page2021].

![A bar](images/bar.png){alt="One blue bar."}
"""


@pytest.fixture
def book(publication: Publish) -> Path:
    """A publication with two reviewers, a picture and a style sheet of its own."""
    sheet = (Path(__file__).parents[2] / "styles" / "web.css").read_bytes() + b"\nh1 { color: #123456 }\n"
    return publication(
        TEXT,
        files={"images/bar.png": png(), "styles/web.css": sheet},
        reviewers=[BO, CY],
        subtitle="A guide",
        jurisdiction="US",
        topics=["sleep"],
        evidence={"page2021": {"study_type": "guideline", "population": "Authors of reviews"}},
    )


def sign(book: Path, name: str = "Bo Reviewer", *more: str) -> int:
    return main(["review", "sign", name, str(book), *more])


def found(book: Path, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, list[dict[str, Any]]]:
    """The findings on the editorial record, by rule."""
    capsys.readouterr()
    command = ["release", str(book), "--out", str(book.parent / "dist")] if more else ["check", str(book)]
    main([*command, "--format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    return {
        rule: [one for one in findings if one["rule"] == rule]
        for rule in {one["rule"] for one in findings if one["rule"].startswith("EDI0")}
    }


def status(book: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    code = main(["review", "status", str(book), "--json"])
    return code, json.loads(capsys.readouterr().out)


# -- what ends a review -----------------------------------------------------------------------------------------------

Edit = Callable[[Path], object]


def said(**changes: Any) -> Edit:
    def edit(book: Path) -> None:
        path = book / "pubkit.yaml"
        now = yaml.safe_load(path.read_text("utf-8"))
        for key, value in changes.items():
            now[key] = {**now[key], **value} if isinstance(value, dict) else value
        path.write_text(yaml.safe_dump(now, allow_unicode=True, sort_keys=False), "utf-8")

    return edit


def in_file(name: str, old: str, new: str) -> Edit:
    def edit(book: Path) -> None:
        text = (book / name).read_text("utf-8")
        assert old in text
        (book / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


def other_bibliography(book: Path) -> None:
    (book / "other.bib").write_text(BIBLIOGRAPHY.replace("n71", "n72"), "utf-8")
    said(bibliography="other.bib")(book)


AUTHOR = {"name": "Ada Example", "credentials": "MD", "affiliation": "Example Hospital", "conflicts": "Owns shares."}

CHANGES: dict[str, tuple[Edit, str]] = {
    "title": (said(title="Sleep before surgery"), "title"),
    "subtitle": (said(subtitle="Another guide"), "subtitle"),
    "abstract": (said(abstract="It says something else."), "abstract"),
    "contact": (said(contact="Write to nobody."), "contact"),
    "funding": (said(funding="A company paid."), "funding"),
    "conflicts": (said(authors=[AUTHOR]), "author 1"),
    "lang": (said(lang="en-GB"), "lang"),
    "jurisdiction": (said(jurisdiction="GB"), "jurisdiction"),
    "topics": (said(topics=["sleep", "suicide"]), "topics"),
    "evidence": (said(evidence={"page2021": {"study_type": "rct"}}), "evidence page2021"),
    "bibliography": (other_bibliography, "bibliography"),
    "year": (in_file("references.bib", "{2021}", "{2020}"), "reference page2021"),
    "picture": (lambda book: (book / "images/bar.png").write_bytes(png(60, 30)), "picture images/bar.png"),
    "last_reviewed": (said(dates={"last_reviewed": "2026-03-01"}), "last_reviewed"),
    "style sheet": (in_file("styles/web.css", "#123456", "#654321"), "style sheet web.css"),
    "one blank in a chapter": (in_file("01-text.md", "a review", "a  review"), "chapter 01-text.md"),
    "a new chapter": (lambda book: (book / "02-more.md").write_text("# More\n\nText.\n"), "chapter 02-more.md (new)"),
    "the reviewer's credentials": (said(reviewers=[{**BO, "credentials": "MD"}, CY]), "reviewer"),
}


@pytest.fixture(scope="module")
def record() -> list[str]:
    """The signed pubkit.yaml of `book`, once it is there."""
    return []


@pytest.fixture
def signed(book: Path, capsys: pytest.CaptureFixture[str], record: list[str]) -> Path:
    """`book`, signed by Bo."""
    path = book / "pubkit.yaml"
    if not record:
        assert sign(book) == 0
        assert {"EDI011", "EDI012"}.isdisjoint(found(book, capsys))
        record.append(path.read_text("utf-8"))
    path.write_text(record[0], "utf-8")
    return book


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_printed_ends_the_review_when_it_changes(
    signed: Path, capsys: pytest.CaptureFixture[str], change: str
) -> None:
    edit, name = CHANGES[change]
    edit(signed)
    [finding] = found(signed, capsys)["EDI011"]
    assert name in finding["message"]
    code, held = status(signed, capsys)
    assert (code, held["state"]) == (1, "stale")
    assert name in held["records"][0]["changed"]


@pytest.mark.parametrize(
    "edit",
    [
        said(version="2.0.0"),
        said(dates={"updated": "2026-02-02"}),
        said(outputs=["html"]),
        said(reviewers=[BO]),
        in_file("references.bib", "@article", "% a note\n\n@misc{unused, title = {Not cited}}\n\n@article"),
        in_file("pubkit.yaml", "title:", "# A comment\ntitle:"),
    ],
    ids=["version", "updated", "outputs", "another reviewer", "an entry that is not cited", "a comment"],
)
def test_what_no_reader_judges_does_not_end_it(signed: Path, capsys: pytest.CaptureFixture[str], edit: Edit) -> None:
    edit(signed)
    code, held = status(signed, capsys)
    assert (code, held["state"]) == (0, "valid")
    assert "version" in held["not_covered"]


def test_a_review_of_a_single_file_covers_it_although_its_lines_have_moved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    front = f"title: T\nversion: '1'\ndates: {{published: 2026-01-05}}\nreviewers:\n- name: {BO['name']}\n"
    text = f"---\n{front}---\n\n# A\n\nB.\n"
    path = tmp_path / "text.md"
    path.write_text(text, "utf-8")
    assert sign(path) == 0
    assert path.read_text("utf-8").endswith("---\n\n# A\n\nB.\n")
    assert status(path, capsys)[0] == 0


# -- signing ----------------------------------------------------------------------------------------------------------


def test_signing_touches_no_other_line(book: Path) -> None:
    path = book / "pubkit.yaml"
    text = f"# The metadata\n{path.read_text('utf-8')}# The end\n"
    path.write_text(text, "utf-8")
    assert sign(book) == sign(book, "Cy Second") == 0
    both = path.read_text("utf-8")
    assert both.startswith(text)
    noted = both.replace("- reviewer: Cy", "# The second reviewer\n- reviewer: Cy") + "# After the records\n"
    path.write_text(noted, "utf-8")
    in_file("01-text.md", "First", "Second")(book)
    assert sign(book) == 0
    after = path.read_text("utf-8")
    of_cy = both[both.index("- reviewer: Cy") :]
    assert f"# The second reviewer\n{of_cy}" in after
    assert after.endswith("# After the records\n")
    assert after.count("- reviewer: Bo Reviewer") == 2
    assert after.count("covers: |") == 2


def test_signing_the_same_text_again_replaces_the_record(book: Path) -> None:
    assert sign(book) == sign(book, "Bo Reviewer", "--decision", "approved-with-changes") == 0
    [one] = yaml.safe_load((book / "pubkit.yaml").read_text("utf-8"))["review"]
    assert one["decision"] == "approved-with-changes"


@pytest.mark.parametrize("form", ["mapping", "flow", "indented", "windows"])
def test_a_record_is_entered_whatever_form_the_others_have(
    book: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    old = {"reviewer": "Cy Second", "date": "2026-01-01", "decision": "rejected", "content_sha256": "0" * 64}
    lines = [f"{key}: '{value}'" for key, value in old.items()]
    block = {
        "mapping": "review:\n" + "".join(f"  {line}\n" for line in lines),
        "flow": f"review: [{{{', '.join(lines)}}}]\n",
        "indented": "review:\n" + "".join(f"  {'  ' if number else '- '}{line}\n" for number, line in enumerate(lines)),
        "windows": "review:\n" + "".join(f"{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines)),
    }[form]
    path = book / "pubkit.yaml"
    before, after = path.read_text("utf-8").split("reviewers:")
    text = f"{before}{block}# Those who review\nreviewers:{after}"
    path.write_bytes((text.replace("\n", "\r\n") if form == "windows" else text).encode())
    assert sign(book) == 0
    _, held = status(book, capsys)
    assert [(one["reviewer"], one["state"]) for one in held["records"]] == [
        ("Cy Second", "rejected"),
        ("Bo Reviewer", "valid"),
    ]
    raw = path.read_bytes()
    assert b"# Those who review" in raw
    assert (b"\r\n" in raw) is (form == "windows")
    assert raw.count(b"\r\n") in {0, raw.count(b"\n")}


def test_only_a_named_reviewer_who_is_no_author_can_sign(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said(reviewers=[BO, {"name": "Ada Example"}])(book)
    before = (book / "pubkit.yaml").read_bytes()
    for name in ("Dee Other", "ada  example"):
        assert sign(book, name) == 2
        assert name in capsys.readouterr().err
    assert (book / "pubkit.yaml").read_bytes() == before


def test_nothing_is_signed_through_a_link(book: Path, tmp_path: Path) -> None:
    """The loader refuses a link; so does the writer, should one be put there while the text is read."""
    from pubkit import pipeline
    from pubkit.editorial.review import sign as signed
    from pubkit.editorial.signing import entered
    from pubkit.errors import InputRefused
    from pubkit.project.loading import today

    found = pipeline.reviewable(book)
    made = signed(found.project.publication, found.submission.content, reviewer="Bo Reviewer", date=today())
    target = tmp_path / "elsewhere.yaml"
    shutil.move(book / "pubkit.yaml", target)
    (book / "pubkit.yaml").symlink_to(target)
    before = target.read_bytes()
    assert sign(book) == 3
    with pytest.raises(InputRefused, match="link"):
        entered(found.project, made)
    assert (book / "pubkit.yaml").is_symlink()
    assert target.read_bytes() == before


@pytest.mark.parametrize("key", ["review", "waivers"])
@pytest.mark.parametrize("written", ["[{reviewer: Cy Second}]", "words", "{a: b}"])
def test_nothing_is_added_to_a_list_that_cannot_be_read_in_full(key: str, written: str) -> None:
    from pubkit.errors import InputRefused
    from pubkit.project.editing import refuse_unread

    with pytest.raises(InputRefused, match="cannot be read in full"):
        refuse_unread(f"title: Rest\n{key}: {written}\n", key, 0, "pubkit.yaml")
    for sound in (f"{key}:\n", f"{key}: null\n", f"{key}: []\n", ""):
        refuse_unread(f"title: Rest\n{sound}", key, 0, "pubkit.yaml")


def test_a_record_that_cannot_be_read_is_not_lost(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book / "pubkit.yaml"
    path.write_text(f"{path.read_text('utf-8')}review:\n- {{reviewer: Bo Reviewer, date: yesterday}}\n", "utf-8")
    before = path.read_bytes()
    assert sign(book) == 3
    assert "`review:` in pubkit.yaml cannot be read in full" in capsys.readouterr().err
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    ("old", "new"), [("images/bar.png", "images/gone.png"), ("@page2021", "@nobody2000")], ids=["picture", "reference"]
)
def test_nobody_approves_what_is_not_there(book: Path, capsys: pytest.CaptureFixture[str], old: str, new: str) -> None:
    in_file("01-text.md", old, new)(book)
    assert sign(book) == 2
    assert new.lstrip("@") in capsys.readouterr().err
    assert sign(book, "Bo Reviewer", "--decision", "rejected") == 0


def test_the_status_is_told_in_words(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(book, "Bo Reviewer", "--scope", "pharmacology") == 0
    in_file("01-text.md", "First", "Second")(book)
    capsys.readouterr()
    assert main(["review", "status", str(book)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "2026-11-22  Bo Reviewer: approved, covers an earlier text",
        "    scope: pharmacology",
        "    changed since: chapter 01-text.md",
        "Cy Second has not signed.",
    ]
    assert (
        lines[-1]
        == "A release needs a signed review of this text, or the statement that there was none (`unreviewed:`)."
    )


# -- approvals and rejections -----------------------------------------------------------------------------------------


def test_an_approval_erases_no_rejection(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(book, "Bo Reviewer", "--decision", "rejected") == sign(book, "Cy Second") == 0
    [finding] = found(book, capsys)["EDI012"]
    assert finding["severity"] == "error"
    assert status(book, capsys)[1]["state"] == "rejected"


def test_whoever_takes_a_rejection_back_is_warned_of_no_error_that_went_with_it(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(book, "Bo Reviewer", "--decision", "rejected") == 0
    capsys.readouterr()
    assert sign(book) == 0
    assert "blocks" not in capsys.readouterr().out
    assert sign(book, "Cy Second", "--decision", "rejected") == 0
    assert "1 error blocks a build" in capsys.readouterr().out


def test_nor_does_taking_the_reviewer_off_the_list_with_a_waiver(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(book, "Cy Second", "--decision", "rejected") == sign(book) == 0
    said(reviewers=[BO])(book)
    [finding] = found(book, capsys)["EDI013"]
    let_pass = {"rule": "EDI013", "where": finding["fingerprint"], "who": "Ada Example", "expires": "2027-01-01"}
    said(waivers=[{**let_pass, "reason": "Cy has left the hospital since."}])(book)
    after = found(book, capsys, "release")
    assert [one["severity"] for one in after["EDI013"]] == ["error"]
    assert "EDI013 cannot be waived" in after["EDI090"][0]["message"]


def test_an_edit_does_not_erase_it_either_only_the_same_reviewer_does(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert sign(book, "Bo Reviewer", "--decision", "rejected") == 0
    in_file("01-text.md", "a review", "a  review")(book)
    assert sign(book, "Cy Second") == 0
    [finding] = found(book, capsys)["EDI012"]
    assert finding["severity"] == "warning"
    [finding] = found(book, capsys, "release")["EDI012"]
    assert finding["severity"] == "error"
    assert sign(book, "Bo Reviewer") == 0
    assert "EDI012" not in found(book, capsys)
    _, held = status(book, capsys)
    assert [one["state"] for one in held["records"]] == ["superseded", "valid", "valid"]
    assert held["records"][0]["decision"] == "rejected"


# -- what a release asks for ------------------------------------------------------------------------------------------


def test_a_release_refuses_what_a_build_only_warns_of() -> None:
    reviewed = {"reviewers": [BO]}
    stale = {
        **reviewed,
        "review": {"reviewer": BO["name"], "date": "2026-01-01", "decision": "approved", "content_sha256": "0" * 64},
    }
    for rule, metadata in ((NoReviewer, {}), (ReviewRecordMissing, reviewed), (ReviewRecordStale, stale)):
        severities = [
            [one.severity.value for one in rule().check(submission("A text.", release=release, **metadata))]
            for release in (False, True)
        ]
        assert severities == [["warning"], ["error"]]
        [*rest] = rule().check(submission("A text.", release=True, unreviewed=UNREVIEWED, **metadata))
        assert not any(one.blocks for one in rest)
        assert not any(one.waivable for one in rest)


def test_a_release_needs_no_more_than_one_valid_review(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(book) == 0
    [finding] = found(book, capsys, "release")["EDI010"]
    assert finding["severity"] == "warning"
    assert "Cy Second" in finding["message"]


def test_the_statement_is_refused_beside_a_valid_review(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(book) == 0
    path = book / "pubkit.yaml"
    path.write_text(path.read_text("utf-8") + f"unreviewed: {json.dumps(UNREVIEWED)}\n", "utf-8")
    [finding] = found(book, capsys)["EDI030"]
    assert "Bo Reviewer approved it" in finding["message"]


def test_claims_in_another_language_need_a_person_who_signs_for_them(
    book: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said(lang="de-DE", jurisdiction="DE")(book)

    def claims(*command: str) -> list[str]:
        capsys.readouterr()
        main([*command, "--format", "json"])
        return [one["severity"] for one in json.loads(capsys.readouterr().out)["findings"] if one["rule"] == "CLM099"]

    release = ["release", str(book), "--out", str(book.parent / "dist")]
    assert sign(book) == 0
    assert "A release also needs `--claims-judged`" in capsys.readouterr().out
    assert claims("check", str(book)) == ["warning"]
    assert claims(*release) == ["error"]
    assert sign(book, "Bo Reviewer", "--claims-judged") == 0
    assert claims(*release) == claims("check", str(book)) == []
    assert main(["build", str(book), "--out", str(book.parent / "dist"), "--only", "txt", "-q"]) == 0
    page = (book.parent / "dist" / "compliance.html").read_text("utf-8")
    assert "Bo Reviewer signed for the claims" in page
    criteria = json.loads((book.parent / "dist" / "compliance.json").read_text())["criteria"]
    [shop] = [one for one in criteria if (one["framework"], one["number"]) == ("HONcode", "8")]
    assert shop["status"] == "human"
    in_file("01-text.md", "a review", "a  review")(book)
    assert claims(*release) == ["error"]


def test_the_dossier_says_who_signed(book: Path) -> None:
    assert sign(book) == sign(book, "Cy Second") == 0
    out = book.parent / "dist"
    assert main(["build", str(book), "--out", str(out), "--only", "txt", "-q"]) == 0
    held = json.loads((out / "review.json").read_text())
    assert [(one["reviewer"], one["state"]) for one in held["records"]] == [
        ("Bo Reviewer", "valid"),
        ("Cy Second", "valid"),
    ]
    criteria = json.loads((out / "compliance.json").read_text())["criteria"]
    [answer] = [one for one in criteria if (one["framework"], one["number"]) == ("PIF TICK", "4")]
    assert answer["status"] == "met"
    assert "Bo Reviewer" in answer["evidence"]
    assert "Cy Second" in answer["evidence"]


# -- what readers are told --------------------------------------------------------------------------------------------


def told(book: Path) -> list[str]:
    """What the imprint of the text file and the linked data of a draft say of the review."""
    out = book.parent / "draft"
    assert main(["build", str(book), "--draft", "--out", str(out), "--only", "txt", "-q"]) == 0
    imprint = (out / "sleep-1.0.0-draft.txt").read_text("utf-8").rpartition("About this publication")[2]
    entries = [part.split("\n    ") for part in imprint.split("\n\n")]
    said = [f"{name}: {(' ' if name == 'Not reviewed' else ' and ').join(lines)}" for name, *lines in entries]
    linked = json.loads((out / "record.jsonld").read_text("utf-8"))
    keys = [key for key in ("reviewedBy", "lastReviewed", "subjectOf") if key in linked]
    return [line for line in said if line.startswith(("Reviewed by", "Review planned", "Not reviewed"))] + keys


def test_readers_are_told_of_a_reviewer_only_what_the_records_say(book: Path) -> None:
    assert told(book) == ["Review planned: Bo Reviewer, PharmD and Cy Second, MD"]
    assert sign(book) == 0
    signed = ["Reviewed by: Bo Reviewer, PharmD", "Review planned: Cy Second, MD", "reviewedBy", "lastReviewed"]
    assert told(book) == signed
    assert sign(book, "Cy Second", "--decision", "rejected") == 0
    assert told(book) == []
    in_file("01-text.md", "a review", "a  review")(book)
    assert told(book) == ["Review planned: Bo Reviewer, PharmD"]
    assert sign(book) == 0
    assert told(book) == ["Reviewed by: Bo Reviewer, PharmD", "reviewedBy", "lastReviewed"]


def test_the_box_on_currency_speaks_of_a_review_once_somebody_has_signed(book: Path) -> None:
    def box() -> str:
        told(book)
        return " ".join((book.parent / "draft" / "sleep-1.0.0-draft.txt").read_text("utf-8").split())

    assert "no later review is recorded" in box()
    assert sign(book) == 0
    assert "The text was last reviewed on" in box()


def test_readers_are_told_that_nobody_reviewed_the_text(book: Path) -> None:
    path = book / "pubkit.yaml"
    path.write_text(path.read_text("utf-8") + f"unreviewed: {json.dumps(UNREVIEWED)}\n", "utf-8")
    first, second = told(book)
    assert first.startswith("Not reviewed: No clinician has reviewed this text. Decided by Ada Example")
    assert second == "subjectOf"
    out = book.parent / "draft"
    assert main(["build", str(book), "--draft", "--out", str(out), "--only", "txt,jats,html", "-q"]) == 0
    for made in out.glob("sleep-1.0.0-draft.*"):
        text = made.read_text("utf-8")
        assert not re.search("last[ -]reviewed", text, re.IGNORECASE), made.name
        assert "no later review is recorded" in " ".join(text.split())
    assert sign(book, "Cy Second", "--decision", "rejected") == 0
    assert told(book) == []


def test_a_record_that_nobody_could_have_signed_prints_no_name(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert sign(book) == 0
    in_file("pubkit.yaml", "2026-11-22", "2099-01-01")(book)
    assert told(book) == ["Review planned: Cy Second, MD"]
    assert [one["severity"] for one in found(book, capsys)["EDI013"]] == ["error"]
