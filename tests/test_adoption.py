"""Working through many findings on the command line: views, waivers and the baseline."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import pubkit
from pubkit.cli.main import main

from .conftest import TEXT, Publish

#: An error of a rule that can be waived, one of a rule that cannot, and one more.
SAFE = "It has no dangerous side effects [@page2021]."
CURE = "Naps cure depression [@page2021]."
NO_KEY = "A guideline says what a review should report [@page2012]."

HOUSE = b"""rules:
  - id: PUB001
    kind: existence
    words: [leaky gut]
    message: No recognised diagnosis
"""


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int) -> str:
    """What the command prints, on both channels, when it ends with `code`."""
    capsys.readouterr()
    assert main(arguments) == code
    written = capsys.readouterr()
    return written.out + written.err


def in_words(written: str) -> str:
    """A text report without its line ends and the lines of the source that it quotes."""
    return " ".join(word for line in written.splitlines() if not line.lstrip().startswith("│") for word in line.split())


def checked(capsys: pytest.CaptureFixture[str], root: Path, *options: str, code: int) -> dict[str, Any]:
    """The report of `pubkit check` as data."""
    capsys.readouterr()
    assert main(["check", str(root), "--format", "json", *options]) == code
    report: dict[str, Any] = json.loads(capsys.readouterr().out)
    return report


def rewritten(root: Path, *sentences: str) -> None:
    (root / "01-text.md").write_text(TEXT + "".join(f"\n{one}\n" for one in sentences), "utf-8")


def waiver(**changes: object) -> dict[str, object]:
    waived = {"rule": "CLM011", "reason": "Quoted.", "who": "Bo Reviewer", "expires": "2027-01-01"}
    return {**waived, **changes}


# -- what is shown ----------------------------------------------------------------------------------------------------


def test_many_findings_of_one_kind_are_shown_together_and_named_as_the_first_to_correct(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication()
    rewritten(root, *[SAFE.replace("It", f"Nap {number}") for number in range(25)], NO_KEY)
    written = in_words(said(capsys, "check", str(root), code=1))
    assert written.count("A promise of unlimited safety") == 3
    assert "CLM011 25 errors against “" in written
    assert "and 22 more; `pubkit check --select CLM011 --all` lists them" in written
    assert "Fix first: 1 kind of error makes up 96 % of 26: CLM011 (25). `pubkit explain CLM011`" in written
    for option in ("--all", "-v"):
        written = in_words(said(capsys, "check", str(root), option, code=1))
        assert written.count("A promise of unlimited safety") == 25
    assert len([one for one in checked(capsys, root, code=1)["findings"] if one["rule"] == "CLM011"]) == 25


def test_four_findings_of_a_file_that_are_mended_alike_are_shown_together_and_three_one_by_one(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication()
    sentences = [SAFE.replace("It", f"Nap {number}") for number in range(4)]
    rewritten(root, *sentences[:3])
    written = said(capsys, "check", str(root), code=1)
    assert written.count("→ Say which harms") == 3
    miracles = [f"Nap {number} is a miracle." for number in range(5)]
    rewritten(root, *sentences, *miracles, NO_KEY)
    written = in_words(said(capsys, "check", str(root), code=1))
    # Errors share what to do, and each is said in words; of warnings, the first three are.
    assert "error CLM011 4 errors against “" in written
    assert written.count("A promise of unlimited safety") == 4
    assert written.count("→ Say which harms") == 1
    assert "warning CLM014 5 warnings against “" in written
    assert written.count("“miracle”") == 3
    (rest,) = re.findall(r"and at (\d+:\d+), (\d+:\d+); `pubkit check --select CLM014 --all` lists them", written)
    found = [one for one in checked(capsys, root, code=1)["findings"] if one["rule"] == "CLM014"]
    assert [f"{one['line']}:{one['column']}" for one in found[3:]] == list(rest)
    assert "Fix first" not in written
    written = in_words(said(capsys, "check", str(root), "--all", code=1))
    assert written.count("“miracle”") == 5


def test_a_view_hides_findings_but_the_gate_counts_them(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication()
    rewritten(root, SAFE, NO_KEY)
    report = checked(capsys, root, "--ignore", "clm,EDI", "--ignore", "CIT001", code=1)
    assert {one["rule"] for one in report["findings"]} & {"CLM011", "CIT001", "EDI008"} == set()
    assert report["summary"]["error"] == 2
    assert report["summary"]["hidden"].startswith("Hidden by --select or --ignore: 2 errors, ")
    written = said(capsys, "check", str(root), "--select", "CLM011", code=1)
    assert "CIT001" not in written
    assert "Hidden by --select or --ignore: 1 error, " in written
    assert "The gate still counts them." in written
    assert "Not ready: 2 errors" in written


@pytest.mark.parametrize("form", ["sarif", "junit", "github", "gitlab"])
def test_every_form_says_that_findings_are_hidden(
    publication: Publish, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    root = publication()
    rewritten(root, SAFE, NO_KEY)
    written = said(capsys, "check", str(root), "--select", "CIT", "--format", form, code=1)
    assert "Hidden by --select or --ignore: 1 error" in written
    assert "A promise of unlimited safety" not in written
    assert "No bibliography entry has the key page2012" in written


def test_rules_of_the_publication_can_be_selected(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication("# One\n\nMany speak of a leaky gut.\n", files={"rules/own.yaml": HOUSE})
    report = checked(capsys, root, "--select", "PUB001", code=0)
    assert [one["rule"] for one in report["findings"]] == ["PUB001"]


def test_an_unknown_rule_in_a_view_is_a_usage_error_with_the_nearest(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    written = said(capsys, "check", str(publication()), "--ignore", "CML011", code=2)
    assert "There is no rule CML011" in written
    assert "Did you mean CLM011" in written


@pytest.mark.parametrize("command", ["build", "release"])
def test_what_is_made_is_judged_by_every_rule(
    publication: Publish, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, str(publication()), "--ignore", "CLM"])
    assert ended.value.code == 2
    assert "every rule judges a build and a release" in capsys.readouterr().err


# -- waivers for more than one finding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("extent", "left"),
    [({"file": "01-*.md"}, ["02-more.md"]), ({"file": "02-more.md"}, ["01-text.md"]), ({"where": "project"}, [])],
)
def test_a_waiver_lets_a_rule_pass_in_a_file_or_in_the_publication(
    publication: Publish, capsys: pytest.CaptureFixture[str], extent: dict[str, str], left: list[str]
) -> None:
    root = publication(
        f"# One\n\n{SAFE}\n", waivers=[waiver(**extent)], files={"02-more.md": f"# Two\n\n{SAFE}\n".encode()}
    )
    report = checked(capsys, root, code=1 if left else 0)
    found = [one for one in report["findings"] if one["rule"] == "CLM011"]
    assert [Path(one["file"]).name for one in found if not one["waived"]] == left
    assert report["waivers"][0]["covers"] == 2 - len(left)
    assert report["waivers"][0]["where"] == next(iter(extent.values()))
    assert f"covers {'2 findings' if not left else '1 finding'}." in said(
        capsys, "check", str(root), code=1 if left else 0
    )


def test_the_narrowest_waiver_of_a_finding_counts(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    wide = waiver(where="project", reason="Wide.")
    root = publication(f"# One\n\n{SAFE}\n", waivers=[wide, waiver(file="*", reason="File.")])
    report = checked(capsys, root, code=0)
    assert [one["covers"] for one in report["waivers"]] == [0, 1]
    assert any("for the whole publication matches no finding" in one["message"] for one in report["findings"])


def test_a_reason_of_one_word_waives_nothing(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication(f"# One\n\n{SAFE}\n", waivers=[waiver(where="project", reason="because")])
    options = ["--project", "--reason", "because", "--by", "Bo"]
    assert "does not say why" in said(capsys, "waive", "CLM011", str(root), *options, code=2)
    report = pubkit.check(root)
    assert not [one for one in report.findings if one.rule == "CLM011" and not one.waiver]
    with pytest.raises(pubkit.Blocked) as blocked:
        pubkit.release(root, root.parent / "out")
    found = {one.rule: one for one in blocked.value.report.findings if not one.waiver}
    assert {"CLM011", "EDI090"} <= set(found)
    assert "“because”" in found["EDI090"].message


def test_a_rule_that_cannot_be_waived_is_not_waived_for_a_file(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(f"# One\n\n{NO_KEY}\n", waivers=[waiver(rule="CIT001", where="project")])
    report = checked(capsys, root, code=1)
    assert any(one["message"] == "CIT001 cannot be waived." for one in report["findings"])


def test_a_waiver_that_covers_many_findings_is_a_finding_itself(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(waivers=[waiver(where="project")])
    rewritten(root, *[SAFE.replace("It", f"Nap {number}") for number in range(21)])
    written = in_words(said(capsys, "check", str(root), code=0))
    assert "This waiver of CLM011 for the whole publication covers 21 findings." in written
    assert "Waived: CLM011 in the whole publication, by Bo Reviewer until 2027-01-01; covers 21 findings." in written


@pytest.mark.parametrize("extent", [{}, {"file": "01-text.md", "where": "project"}])
def test_a_waiver_is_for_one_thing(
    publication: Publish, capsys: pytest.CaptureFixture[str], extent: dict[str, str]
) -> None:
    written = said(capsys, "check", str(publication(waivers=[waiver(**extent)])), code=1)
    assert "`waivers.1` must have exactly one of `where:` and `file:`." in written


def test_waive_writes_the_waiver_and_leaves_every_other_line(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(f"# One\n\n{SAFE}\n")
    path = root / "pubkit.yaml"
    before = path.read_text("utf-8") + "# the end\n"
    path.write_text(before, "utf-8")
    options = ["--file", "01-text.md", "--reason", "Quoted: a label.", "--by", "Bo Reviewer"]
    written = said(capsys, "waive", "clm011", str(root), *options, code=0)
    assert "1 finding of CLM011 waived by Bo Reviewer until 2027-11-22." in written
    assert path.read_text("utf-8").startswith(before)
    assert "CLM011" not in said(capsys, "check", str(root), "--select", "CLM", "--format", "github", code=0)
    assert "not waived already" in said(capsys, "waive", "CLM011", str(root), *options, code=2)


def test_waive_adds_to_the_waivers_that_are_there(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication(waivers=[waiver(where="0" * 16)])
    rewritten(root, SAFE, CURE)
    [finding] = [one for one in checked(capsys, root, code=1)["findings"] if one["rule"] == "CLM011"]
    options = [
        "--finding",
        finding["fingerprint"],
        "--reason",
        "Quoted from a label.",
        "--by",
        "Bo",
        "--until",
        "2026-12-31",
    ]
    said(capsys, "waive", "CLM011", str(root), *options, code=0)
    kept = yaml.safe_load((root / "pubkit.yaml").read_text("utf-8"))["waivers"]
    assert [one["where"] for one in kept] == ["0" * 16, finding["fingerprint"]]


@pytest.mark.parametrize(
    ("rule", "options", "why"),
    [
        ("CLM999", ["--project"], "There is no rule CLM999."),
        ("CIT001", ["--project"], "CIT001 cannot be waived."),
        ("CLM011", ["--file", "02-*.md"], "CLM011 has no finding there"),
        ("CLM011", ["--project", "--until", "2036-01-01"], "A waiver cannot end on 2036-01-01."),
    ],
)
def test_waive_writes_nothing_that_would_not_be_honoured(
    publication: Publish, capsys: pytest.CaptureFixture[str], rule: str, options: list[str], why: str
) -> None:
    root = publication(f"# One\n\n{SAFE} {NO_KEY}\n")
    before = (root / "pubkit.yaml").read_bytes()
    assert why in said(
        capsys, "waive", rule, str(root), *options, "--reason", "Known and accepted.", "--by", "Bo", code=2
    )
    assert (root / "pubkit.yaml").read_bytes() == before


def test_waive_without_a_target_a_reason_or_a_name_shows_the_commands_that_have_them(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(f"# One\n\n{SAFE}\n")
    before = (root / "pubkit.yaml").read_bytes()
    [finding] = [one for one in pubkit.check(root).findings if one.rule == "CLM011"]
    written = said(capsys, "waive", "CLM011", str(root), "--by", "Bo O'Dea", code=2)
    assert f'pubkit waive CLM011 {root} --finding {finding.fingerprint} --reason "WHY" --by' in written
    assert finding.message in written
    written = said(capsys, "waive", "CLM011", str(root), "--project", code=2)
    assert f'pubkit waive CLM011 {root} --project --reason "WHY" --by "NAME"' in written
    assert (root / "pubkit.yaml").read_bytes() == before


# -- the baseline -----------------------------------------------------------------------------------------------------


@pytest.fixture
def accepted(publication: Publish, capsys: pytest.CaptureFixture[str]) -> Path:
    """A publication whose two errors are in its baseline."""
    root = publication()
    rewritten(root, SAFE, CURE)
    said(capsys, "baseline", str(root), "--by", "Ada Example", code=0)
    return root


def test_after_a_baseline_only_new_errors_block(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert checked(capsys, accepted, code=0)["summary"]["baseline"] == 2
    rewritten(accepted, "A line above moves the others.", SAFE, CURE, SAFE.replace("It", "A nap"))
    report = checked(capsys, accepted, code=1)
    new = [one for one in report["findings"] if one["severity"] == "error" and not one["accepted"]]
    assert [(one["rule"], one["line"]) for one in new] == [("CLM011", 11)]
    assert report["baseline"] == {"file": "pubkit.baseline.json", "matched": 2, "fixed": 0}


def test_the_same_error_once_more_is_a_new_one(accepted: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewritten(accepted, SAFE, CURE, SAFE)
    assert checked(capsys, accepted, code=1)["summary"]["error"] == 1


def test_a_baseline_is_readable_sorted_and_the_same_for_the_same_text(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = accepted / "pubkit.baseline.json"
    held = json.loads(path.read_text("utf-8"))["findings"]
    assert [(one["rule"], one["file"], one["count"]) for one in held] == [
        ("CLM011", "01-text.md", 1),
        ("CLM025", "01-text.md", 1),
    ]
    assert {(one["who"], one["on"]) for one in held} == {("Ada Example", "2026-11-22")}
    assert sum(line.startswith('    {"rule"') for line in path.read_text("utf-8").splitlines()) == 2
    first = path.read_bytes()
    path.unlink()
    said(capsys, "baseline", str(accepted), "--by", "Ada Example", code=0)
    assert path.read_bytes() == first


@pytest.mark.parametrize("text", ["[" * 200_000, '{"findings": ' + "9" * 5_000 + "}", "\xff", "[]", "{"])
def test_a_baseline_that_is_none_is_an_error_and_accepts_nothing(
    accepted: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (accepted / "pubkit.baseline.json").write_text(text, "latin-1")
    assert "EDI093" in said(capsys, "check", str(accepted), code=1)


def test_a_baseline_shrinks_with_what_is_fixed_and_never_grows_silently(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = accepted / "pubkit.baseline.json"
    rewritten(accepted, CURE, SAFE.replace("It", "A nap"))
    assert "1 more fixed" in said(capsys, "check", str(accepted), code=1)
    assert "already exists" in said(capsys, "baseline", str(accepted), "--by", "Bo", code=2)
    assert "1 fixed error removed; 1 remains." in said(capsys, "baseline", str(accepted), "--update", code=0)
    assert [one["rule"] for one in json.loads(path.read_text("utf-8"))["findings"]] == ["CLM025"]
    checked(capsys, accepted, code=1)
    said(capsys, "baseline", str(accepted), "--extend", "--by", "Bo", code=0)
    assert {one["rule"]: one["who"] for one in json.loads(path.read_text("utf-8"))["findings"]} == {
        "CLM025": "Ada Example",
        "CLM011": "Bo",
    }
    rewritten(accepted)
    assert "none remains" in said(capsys, "baseline", str(accepted), "--update", code=0)
    assert not path.exists()


def test_what_cannot_be_waived_never_enters_a_baseline(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication()
    rewritten(root, SAFE, NO_KEY)
    written = said(capsys, "baseline", str(root), "--by", "Ada Example", code=0)
    assert "Not accepted, because these rules cannot be waived: 1 error (CIT001 1)." in written
    assert "CIT001" not in (root / "pubkit.baseline.json").read_text("utf-8")
    checked(capsys, root, code=1)


def test_a_baseline_names_a_person(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication()
    rewritten(root, SAFE)
    assert "--by" in said(capsys, "baseline", str(root), code=2)
    assert not (root / "pubkit.baseline.json").exists()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda text: text[:-20], "is not JSON"),
        (lambda text: "[]", "is not a baseline"),
        (lambda text: text.replace('"count": 1', '"count": 9', 1), "was changed by hand"),
        (lambda text: text.replace("CLM025", "CLM014"), "was changed by hand"),
        (lambda text: "<<<<<<< ours\n" + text, "is not JSON"),
    ],
)
def test_a_baseline_that_pubkit_did_not_write_is_an_error_and_accepts_nothing(
    accepted: Path, capsys: pytest.CaptureFixture[str], change: Any, why: str
) -> None:
    path = accepted / "pubkit.baseline.json"
    path.write_text(change(path.read_text("utf-8")), "utf-8")
    report = checked(capsys, accepted, code=1)
    [fault] = [one for one in report["findings"] if one["rule"] == "EDI093"]
    assert why in fault["message"]
    assert report["summary"]["error"] == 3
    assert why in said(capsys, "baseline", str(accepted), "--update", code=2)


def test_a_build_passes_with_a_baseline_and_its_record_shows_it(
    accepted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "dist"
    written = said(capsys, "build", str(accepted), "--out", str(out), "--only", "html", code=0)
    assert "Baseline: 2 errors accepted in pubkit.baseline.json. A release accepts none." in written
    words = "accepted as a baseline on 2026-11-22 by Ada Example"
    page = (out / "compliance.html").read_text("utf-8")
    assert "2 findings are accepted as a baseline" in page
    assert page.count(words) >= 4
    rows = json.loads((out / "evidence.json").read_text("utf-8"))["rows"]
    assert [row["accepted"] for row in rows if row["accepted"]] == [words, words]
    assert "pubkit.baseline.json" in {
        one["path"] for one in json.loads((out / "manifest.json").read_text("utf-8"))["inputs"]
    }


def test_a_release_accepts_no_baseline(accepted: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "dist"
    written = said(capsys, "release", str(accepted), "--out", str(out), "--only", "html", code=1)
    assert "CLM025" in written
    assert "A release accepts no baseline: 2 errors in pubkit.baseline.json count." in written
    assert not out.exists()


def test_sarif_and_junit_tell_new_findings_from_those_of_the_baseline(
    accepted: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rewritten(accepted, SAFE, CURE, SAFE.replace("It", "A nap"))
    run = json.loads(said(capsys, "check", str(accepted), "--format", "sarif", code=1))["runs"][0]
    errors = [one for one in run["results"] if one["level"] == "error"]
    assert sorted(one["baselineState"] for one in errors) == ["new", "unchanged", "unchanged"]
    held = next(one for one in errors if one["baselineState"] == "unchanged")
    assert held["suppressions"][0]["kind"] == "external"
    assert "accepted as a baseline on 2026-11-22 by Ada Example" in held["suppressions"][0]["justification"]
    suite = said(capsys, "check", str(accepted), "--format", "junit", code=1)
    assert 'failures="1"' in suite
    assert "baseline: A promise of unlimited safety" in suite


# -- notices that the text brings by itself ----------------------------------------------------------------------------

LATHE = "# One\n\nThe tapering schedule of the lathe is fixed.\n"
DECLINED = {
    "variant": "medication",
    "decline": {"who": "Bo Reviewer", "reason": "The schedule is that of a lathe, not of a medicine."},
}


def test_a_notice_that_nobody_asked_for_says_why_and_where(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    written = said(capsys, "check", str(publication(LATHE)), code=0)
    assert "3:5     note      DIS018" in written
    assert (
        "The disclaimer medication is printed because of this: the text says “tapering schedule”. → If that is not what the "
        "text is about, a named person can decline it under `disclaimers:`"
    ) in in_words(written)


def test_a_notice_can_be_declined_by_a_named_person_and_the_record_says_so(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root, out = publication(LATHE, disclaimers=[DECLINED]), tmp_path / "dist"
    written = in_words(said(capsys, "build", str(root), "--out", str(out), "--only", "html", code=0))
    assert (
        "The disclaimer medication is not printed; Bo Reviewer declined it: The schedule is that of a lathe" in written
    )
    [page] = out.glob("sleep-*.html")
    assert "About your medicines" not in page.read_text("utf-8")
    record = (out / "compliance.html").read_text("utf-8")
    assert "Disclaimers that the text calls for and that were declined" in record
    [declined] = json.loads((out / "compliance.json").read_text("utf-8"))["declined_disclaimers"]
    assert declined == {
        "variant": "medication",
        "called_for_by": "the text says “tapering schedule” (01-text.md:3:5)",
        "who": "Bo Reviewer",
        "reason": "The schedule is that of a lathe, not of a medicine.",
    }


@pytest.mark.parametrize(
    ("variant", "text", "metadata"),
    [
        ("general", LATHE, {}),
        ("evidence-currency", LATHE, {}),
        ("dshea", "# One\n\n[Vitamin C supports the immune system]{.claim}.\n", {"role": "labeling"}),
        ("affiliate", "# One\n\nSee [this page](https://example.org/tea?aff=12).\n", {}),
        ("affiliate", "# One\n\nSee [this page](https://example.org/tea).\n", {"shops": ["example.org"]}),
        ("substance-status", LATHE, {"substances": ["kratom"]}),
        ("emergency", LATHE, {"substances": ["kratom"]}),
    ],
)
def test_what_law_or_the_publication_itself_asks_for_cannot_be_declined(
    publication: Publish,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    variant: str,
    text: str,
    metadata: dict[str, object],
) -> None:
    root = publication(text, disclaimers=[{**DECLINED, "variant": variant}], **metadata)
    report = checked(capsys, root, code=1)
    [refused] = [one for one in report["findings"] if one["rule"] == "DIS019"]
    assert f"The disclaimer {variant} cannot be declined: " in refused["message"]
    said(capsys, "build", str(root), "--draft", "--out", str(tmp_path / "draft"), "--only", "html", code=0)
    [page] = (tmp_path / "draft").glob("sleep-*.html")
    assert f"pubkit-disclaimer-{variant}" in page.read_text("utf-8")


def test_declining_what_nothing_calls_for_is_said(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    report = checked(capsys, publication(disclaimers=[DECLINED]), code=0)
    assert "DIS020" in {one["rule"] for one in report["findings"]}


def test_a_decline_needs_a_name_and_a_reason(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    root = publication(LATHE, disclaimers=[{"variant": "medication", "decline": {"reason": "no"}}])
    written = said(capsys, "check", str(root), code=1)
    assert "The key `who` is missing" in written


def test_what_the_metadata_state_is_explained_in_detail_only(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    root = publication(topics=["suicide"])
    assert "the topic suicide" not in said(capsys, "check", str(root), code=0)
    assert "the topic suicide" in in_words(said(capsys, "check", str(root), "-v", code=0))


def test_a_word_or_two_in_a_table_call_for_nothing(publication: Publish, capsys: pytest.CaptureFixture[str]) -> None:
    table = "# One\n\n| Method | n |\n|:--|--:|\n| Overdose | 12 |\n"
    assert "DIS018" not in {one["rule"] for one in checked(capsys, publication(table), code=0)["findings"]}
