from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from pubkit import catalogue, pipeline
from pubkit.cli.main import main
from pubkit.errors import ConfigurationError, InputRefused
from pubkit.findings import Location, Severity
from pubkit.rules.house import House, HouseRule, checked_pattern, parse_rules, read_rules

from ..builder import submission
from ..conftest import Publish


def rules(text: str) -> tuple[HouseRule, ...]:
    house = parse_rules(text.encode(), "rules/house.yaml", catalogue.entries())
    assert not house.faults
    return house.rules


def messages(text: str, manuscript: str) -> list[str]:
    return [
        finding.message + " " + finding.remedy for rule in rules(text) for finding in rule.check(submission(manuscript))
    ]


def test_existence_finds_a_phrase_and_honours_exceptions() -> None:
    rule = (
        "rules: [{id: PUB001, kind: existence, words: [leaky gut], exceptions: [so called leaky gut], severity: error}]"
    )
    [finding] = rules(rule)[0].check(submission("It heals a leaky gut.\n\nThe so-called leaky gut."))
    assert finding.severity is Severity.ERROR
    assert finding.rule == "PUB001"
    assert finding.location == Location("text.md", 1, 12, 21)


def test_substitution_says_what_to_write() -> None:
    [told] = messages(
        "rules: [{id: PUB002, kind: substitution, swap: {kratom powder: powdered leaf}}]", "Kratom Powder is brown."
    )
    assert "powdered leaf" in told


@pytest.mark.parametrize(
    ("within", "manuscript", "count"),
    [
        ("paragraph", "7-OH is strong. It is a concentrate.", 0),
        ("paragraph", "7-OH is strong.\n\nIt is a concentrate.", 1),
        ("section", "# One\n\n7-OH is strong.\n\nIt is a concentrate.", 0),
        ("section", "# One\n\n7-OH is strong.\n\n# Two\n\nIt is a concentrate.", 1),
        ("text", "# One\n\n7-OH is strong.\n\n# Two\n\nIt is a concentrate.", 0),
    ],
)
def test_a_pair_asks_for_the_second_where_the_first_stands(within: str, manuscript: str, count: int) -> None:
    rule = f"rules: [{{id: PUB003, kind: pair, first: [7 oh], second: ['concentrate*'], within: {within}}}]"
    assert len(messages(rule, manuscript)) == count


@pytest.mark.parametrize(
    "pattern",
    [
        "(a+)+b",
        "(a{1,40}){1,40}",
        "(?:a|aa){1,50}",
        "a+",
        "a.*b",
        r"(a)\1",
        "(?=a)b",
        "(?<!a)b",
        "a{0,90}a{0,90}b",
        "(?:aa|a)" * 36,
        "(?:a|a|)" * 37,
        "(?:a?b?){1,40}c",
        "(?:ab|a.)" * 12,
        "(",
        "a" * 301,
    ],
)
def test_a_pattern_that_may_run_away_is_refused(pattern: str) -> None:
    with pytest.raises(ConfigurationError):
        checked_pattern(pattern, Location("rules/house.yaml"))


@pytest.mark.parametrize(
    "pattern",
    [
        r"\bfoo\w{1,30}",
        "(?:colou?r|hue)s?",
        r"\d{1,3} ?mg",
        "a.{0,80}b",
        "(?:heal|help|hold|hurt)s? (?:our|all|any|some) (?:lungs|liver|limbs|lymph) (?:now|not|never|nightly)",
    ],
)
def test_a_bounded_pattern_is_taken(pattern: str) -> None:
    assert checked_pattern(pattern, Location("rules/house.yaml")) == pattern


def test_accepted_patterns_stay_fast_on_a_long_line() -> None:
    rule = r"rules: [{id: PUB004, kind: existence, patterns: ['a.{0,80}b', 'a{0,40}c']}]"
    began = time.process_time()
    messages(rule, "a" * 20_000)
    assert time.process_time() - began < 20


def test_words_with_too_many_choices_are_refused_at_their_line(tmp_path: Path) -> None:
    words = "(aa|a)" * 20
    house = write(
        tmp_path,
        f"rules:\n- {{id: PUB001, kind: existence, words: [x y]}}\n- {{id: PUB002, kind: existence, words: ['{words}']}}\n",
    )
    [fault] = house.faults
    assert fault.location == Location("rules/a.yaml", 3, 3)
    assert "too many choices" in fault.message
    assert [rule.entry.id for rule in house.rules] == ["PUB001"]


@pytest.mark.parametrize(
    "text",
    [
        "rules: [{id: pub1, kind: existence, words: [x y]}]",
        "rules: [{id: PUB001, kind: existence}]",
        "rules: [{id: PUB001, kind: wish, words: [x y]}]",
        "rules: [{id: PUB001, kind: existence, words: [x y], colour: red}]",
        "rules: [{id: PUB001, kind: existence, words: ['(x y']}]",
        "rules: [{id: PUB001, kind: existence, words: [x y]}, {id: PUB001, kind: existence, words: [z z]}]",
        "a: &x [1]\nrules: *x",
        "[",
        "rules: !!python/object:os.system {}",
    ],
)
def test_a_wrong_file_is_refused_with_its_name(text: str) -> None:
    try:
        faults = parse_rules(text.encode(), "rules/house.yaml", catalogue.entries()).faults
    except (ConfigurationError, InputRefused) as error:
        faults = error.findings
    assert faults
    assert {fault.location.file for fault in faults if fault.location} == {"rules/house.yaml"}


def test_a_mistake_in_a_rule_file_has_its_line_and_the_nearest_word(tmp_path: Path) -> None:
    house = write(
        tmp_path,
        "rules:\n- {id: PUB001, kind: existence, words: [x y]}\n\n\n- id: PUB002\n  kind: existense\n  words: [z z]\n",
    )
    [fault] = house.faults
    assert str(fault.location) == "rules/a.yaml:6:9"
    assert "Did you mean existence?" in fault.remedy


def test_a_rule_cannot_take_an_id_that_is_taken_and_the_others_are_kept(tmp_path: Path) -> None:
    house = write(
        tmp_path,
        "rules:\n  - {id: CLM011, kind: existence, words: [x y]}\n  - {id: PUB001, kind: existence, words: [z z]}\n",
    )
    [fault] = house.faults
    assert str(fault.location) == "rules/a.yaml:2:10"
    assert "CLM011 is taken by a rule of pubkit" in fault.message
    assert [rule.entry.id for rule in house.rules] == ["PUB001"]


def write(folder: Path, text: str) -> House:
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_text(text, "utf-8")
    return read_rules(folder, catalogue.entries())


def test_rules_are_read_from_the_folder_and_links_are_not_followed(tmp_path: Path) -> None:
    assert read_rules(tmp_path, {}) == House()
    house = write(tmp_path, "rules: [{id: PUB001, kind: existence, words: [leaky gut]}]")
    assert [rule.entry.id for rule in house.rules] == ["PUB001"]
    (tmp_path / "rules" / "b.yaml").symlink_to(tmp_path / "rules" / "a.yaml")
    with pytest.raises(InputRefused):
        read_rules(tmp_path, {})


def test_a_broken_rule_file_ends_with_2_and_every_other_rule_is_asked(publication: Publish) -> None:
    root = publication(
        "Kratom has no dangerous side effects.\n", files={"rules/a.yaml": b"rules: [{id: CLM011, kind: wish}]"}
    )
    report = pipeline.check(root)
    assert report.exit_code == 2
    assert {"SRC090", "CLM011"} <= {finding.rule for finding in report.findings}


def test_a_rule_of_the_house_is_explained_and_described(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    text = b"rules: [{id: PUB001, kind: existence, words: [first things], message: A worn phrase, severity: error}]"
    root = publication("First things matter.\n", files={"rules/a.yaml": text})
    assert main(["explain", "PUB001", str(root)]) == 0
    assert "rules/a.yaml" in capsys.readouterr().out
    assert main(["check", str(root), "--format", "sarif"]) == 1
    driver = json.loads(capsys.readouterr().out)["runs"][0]["tool"]["driver"]
    assert {"id": "PUB001", "text": "A worn phrase."} in [
        {"id": rule["id"], "text": rule["shortDescription"]["text"]} for rule in driver["rules"]
    ]
