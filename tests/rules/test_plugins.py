"""Rules of other packages: they are asked like pubkit's own, and what fails in them is named as theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ..conftest import Publish

RULE = '''
from pubkit import Rule, Severity

class Leaflets(Rule):
    """A text names its leaflet."""
    id = "NRS001"
    severity = Severity.ERROR
    remedy = "Name it."
    bad = ["Text."]
    good = []

    def check(self, submission):
        yield self.at(None, "No leaflet is named.")
'''


def run(root: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """pubkit with the package nurse-rules 0.1 installed, whose module is `code`."""
    site = root.parent / "site"
    information = site / "nurse_rules-0.1.dist-info"
    information.mkdir(parents=True, exist_ok=True)
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: nurse-rules\nVersion: 0.1\n")
    (information / "entry_points.txt").write_text("[pubkit.rules]\nnurse = nurse_rules\n")
    (site / "nurse_rules.py").write_text(code)
    return subprocess.run(
        [sys.executable, "-m", "pubkit", *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def checked(root: Path, code: str, *, command: str = "check") -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a check with the rules of `code`."""
    done = run(root, code, command, str(root), "--format", "json")
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def messages(report: dict[str, Any], rule: str) -> list[str]:
    return [finding["message"] for finding in report["findings"] if finding["rule"] == rule]


def test_a_rule_of_another_package_is_asked(publication: Publish) -> None:
    code, report = checked(publication(), RULE)
    assert code == 1
    assert messages(report, "NRS001") == ["No leaflet is named."]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            RULE.replace('yield self.at(None, "No leaflet is named.")', 'yield {}["leaflet"]'),
            "NRS001 of nurse-rules 0.1 … KeyError: 'leaflet' (nurse_rules.py:13)",
        ),
        ("import nothing_of_that_name", "The rules of nurse-rules 0.1 cannot be imported: ModuleNotFoundError"),
        (RULE.replace("NRS001", "CLM011"), "the id CLM011 is taken by a rule of pubkit"),
        (RULE.replace("NRS001", "NURSE001"), "'NURSE001' is not a rule id"),
    ],
)
def test_a_fault_of_another_package_is_named_and_the_other_rules_are_asked(
    publication: Publish, code: str, said: str
) -> None:
    status, report = checked(publication("Kratom has no dangerous side effects.\n"), code)
    assert status == 2
    [message] = messages(report, "SRC091")
    assert all(part in message for part in said.split(" … "))
    assert messages(report, "CLM011")


@pytest.mark.parametrize(
    ("code", "exit_code", "said"),
    [
        (RULE, 0, "plug-in nurse-rules 0.1, 1 rule"),
        ("import nothing_there", 4, "plug-in nurse-rules 0.1 The rules of nurse-rules 0.1 cannot be imported"),
        (
            RULE.replace("NRS001", "CIT001"),
            4,
            "0.1 A rule of nurse-rules 0.1 is left out: the id CIT001",
        ),
    ],
    ids=["sound", "broken", "taken"],
)
def test_the_doctor_knows_the_packages_that_add_rules(tmp_path: Path, code: str, exit_code: int, said: str) -> None:
    done = run(tmp_path / "work", code, "doctor")
    assert said in " ".join(done.stdout.split())
    assert done.returncode == exit_code


@pytest.mark.parametrize(
    ("code", "name", "said"),
    [
        (RULE.replace("yield self.at", "return; yield self.at"), "plug-in nurse-rules", "0.1, 1 rule"),
        ("import nothing_there", "plug-in nurse-rules 0.1", "The rules of nurse-rules 0.1 cannot be imported"),
    ],
    ids=["sound", "broken"],
)
def test_a_manifest_names_the_packages_that_add_rules(publication: Publish, code: str, name: str, said: str) -> None:
    root = publication()
    out = root.parent / "dist"
    run(root, code, "build", str(root), "--draft", "--only", "txt", "--out", str(out))
    tools = json.loads((out / "manifest.json").read_text("utf-8"))["tools"]
    assert tools[name].startswith(said)
    assert {"pydyf", "fonttools", "mathra", "pyphen", "tinycss2"} <= tools.keys()
