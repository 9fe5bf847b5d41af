"""Rules of other packages: they are asked like pubkit's own, and what fails in them is named as theirs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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


def run(root: Path, packages: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """pubkit with `packages` installed, each 0.1 with one module of rules, by the name of that module."""
    site = root.parent / "site"
    for module, code in packages.items():
        information = site / f"{module}-0.1.dist-info"
        information.mkdir(parents=True, exist_ok=True)
        name = module.replace("_", "-")
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1\n")
        (information / "entry_points.txt").write_text(f"[pubkit.rules]\n{module} = {module}\n")
        (site / f"{module}.py").write_text(code)
    return subprocess.run(
        [sys.executable, "-m", "pubkit", *arguments],
        env={**os.environ, "PYTHONPATH": str(site)},
        capture_output=True,
        text=True,
        check=False,
    )


def checked(root: Path, **packages: str) -> tuple[int, dict[str, Any]]:
    """The exit code and the JSON report of a check with the rules of `packages`, as `run` takes them."""
    done = run(root, packages, "check", str(root), "--format", "json")
    assert not done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def messages(report: dict[str, Any], rule: str) -> list[str]:
    return [finding["message"] for finding in report["findings"] if finding["rule"] == rule]


def test_a_rule_of_another_package_is_asked(publication: Publish) -> None:
    code, report = checked(publication(), nurse_rules=RULE)
    assert code == 1
    assert messages(report, "NRS001") == ["No leaflet is named."]


#: Packages with a fault, by the name of their module, and what is said of each.
FAULTY = {
    "nurse_rules": (
        RULE.replace('yield self.at(None, "No leaflet is named.")', 'yield {}["leaflet"]'),
        "NRS001 of nurse-rules 0.1 … KeyError: 'leaflet' (nurse_rules.py:13)",
    ),
    "lost_rules": (
        "import nothing_of_that_name",
        "The rules of lost-rules 0.1 cannot be imported: ModuleNotFoundError",
    ),
    "late_rules": (RULE.replace("NRS001", "CLM011"), "the id CLM011 is taken by a rule of pubkit"),
    "long_rules": (RULE.replace("NRS001", "NURSE001"), "'NURSE001' is not a rule id"),
}


def test_a_fault_of_another_package_is_named_and_the_other_rules_are_asked(publication: Publish) -> None:
    root = publication("Kratom has no dangerous side effects.\n")
    status, report = checked(root, **{name: code for name, (code, _) in FAULTY.items()})
    assert status == 2
    found = messages(report, "SRC091")
    assert len(found) == len(FAULTY)
    for _, said in FAULTY.values():
        [_] = [message for message in found if all(part in message for part in said.split(" … "))]
    assert messages(report, "CLM011")


def test_the_doctor_knows_the_packages_that_add_rules(tmp_path: Path) -> None:
    sound = {"nurse_rules": RULE}
    done = run(tmp_path / "work", sound, "doctor")
    assert "plug-in nurse-rules 0.1, 1 rule" in " ".join(done.stdout.split())
    assert done.returncode == 0


def test_the_doctor_knows_what_is_wrong_with_them(tmp_path: Path) -> None:
    wrong = {"lost_rules": "import nothing_there", "late_rules": RULE.replace("NRS001", "CIT001")}
    done = run(tmp_path / "work", wrong, "doctor")
    said = " ".join(done.stdout.split())
    assert "plug-in lost-rules 0.1 The rules of lost-rules 0.1 cannot be imported" in said
    assert "0.1 A rule of late-rules 0.1 is left out: the id CIT001" in said
    assert done.returncode == 4


def test_a_manifest_names_the_packages_that_add_rules(publication: Publish) -> None:
    root = publication()
    out = root.parent / "dist"
    packages = {
        "nurse_rules": RULE.replace("yield self.at", "return; yield self.at"),
        "lost_rules": "import nothing_there",
    }
    run(root, packages, "build", str(root), "--draft", "--only", "txt", "--out", str(out))
    tools = json.loads((out / "manifest.json").read_text("utf-8"))["tools"]
    assert tools["plug-in nurse-rules"].startswith("0.1, 1 rule")
    assert tools["plug-in lost-rules 0.1"].startswith("The rules of lost-rules 0.1 cannot be imported")
    assert {"pydyf", "fonttools", "mathra", "pyphen", "tinycss2"} <= tools.keys()
