"""The documentation says what the program does."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

import pubkit
from pubkit.catalogue import Entry, all_rules
from pubkit.project.metadata import Publication
from pubkit.testing import cases

from .benchmarks import forms_page

PROJECT = Path(__file__).parent.parent


def blocks(path: str, language: str) -> list[str]:
    """The code blocks of a page, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```", (PROJECT / path).read_text("utf-8"), re.DOTALL | re.MULTILINE)


def test_every_public_name_is_in_the_page_on_the_library() -> None:
    page = (PROJECT / "docs" / "api.md").read_text("utf-8")
    names = [
        *pubkit.__all__,
        *(f"pubkit.testing.{name}" for name in ("Case", "cases", "found")),
        *Entry.__struct_fields__,
    ]
    assert [name for name in names if not re.search(rf"`{re.escape(name)}\b", page)] == []


def test_every_key_of_pubkit_yaml_is_in_the_page_on_manuscripts() -> None:
    page = (PROJECT / "docs" / "manuscript.md").read_text("utf-8")
    assert [name for name in Publication.__struct_fields__ if f"`{name}`" not in page] == []


def test_the_rules_that_contributing_shows_are_those_of_the_source() -> None:
    source = "".join(path.read_text("utf-8") for path in sorted((PROJECT / "src" / "pubkit").rglob("*.py")))
    declared = [block for block in blocks("CONTRIBUTING.md", "python") if not block.startswith("SRC004.at")]
    assert declared
    assert [block for block in declared if block not in source] == []


def test_every_rule_that_the_pages_name_exists() -> None:
    known = {rule.id for rule in all_rules()}
    for path in (
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        *sorted(str(p) for folder in ("docs", "docs/tutorials") for p in (PROJECT / folder).glob("*.md")),
    ):
        named = set(
            re.findall(r"\b(?:A11Y|CIT|CLM|DIS|EDI|LNK|PRF|REF|REL|RET|SRC|STY)\d{3}\b", (PROJECT / path).read_text())
        )
        assert named <= known, path


def test_every_link_of_the_pages_leads_to_a_file() -> None:
    docs = [*(PROJECT / "docs").glob("*.md"), *(PROJECT / "docs" / "tutorials").glob("*.md")]
    pages = [*PROJECT.glob("*.md"), *docs, PROJECT / "styles" / "README.md"]
    for page in pages:
        for target in re.findall(r"(?<!!)\[[^\[\]]+\]\(([^)#:\s]+\.md)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_every_title_is_a_plain_sentence() -> None:
    for rule in all_rules():
        assert re.fullmatch(r"(?:[“A-Z]|pubkit).*[^.]\.", rule.title), rule.id
        assert "\n" not in rule.title, rule.id


def test_the_package_that_the_page_on_rules_shows_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = dict(
        re.findall(r"```(?:python|toml)\n# (\S+)\n(.*?)```", (PROJECT / "docs" / "rules.md").read_text(), re.DOTALL)
    )
    (tmp_path / "nurse_rules.py").write_text(files["nurse_rules.py"], "utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = cases(importlib.import_module("nurse_rules"))
    monkeypatch.delitem(sys.modules, "nurse_rules")
    assert [str(case) for case in found] == ["NRS001-bad-0", "NRS001-good-0"]
    for case in found:
        folder = tmp_path / str(case)
        folder.mkdir()
        case.check(folder)


def test_the_page_on_forms_is_made_of_the_forms() -> None:
    made = forms_page.page(forms_page.read())
    assert forms_page.PAGE.read_text("utf-8") == made, "docs/forms.md is out of date: run `nox -s docs`"


def test_what_patterns_require_is_recorded_as_it_is() -> None:
    program = forms_page.ROOT / "tests" / "benchmarks" / "required_words.py"
    done = subprocess.run([sys.executable, program, "--check"], check=False)
    assert done.returncode == 0, "src/pubkit/claims/required.json is out of date: run `nox -s docs`"


def test_the_page_on_forms_shows_what_nobody_measured_as_not_measured() -> None:
    made = forms_page.page({})
    assert "Not measured." in made
    assert made.count("| not measured |") == sum(line.startswith("| `") for line in made.splitlines()) > 50


def test_the_page_on_forms_names_the_rules_that_report_what_forms_find() -> None:
    known = {entry.id for entry in all_rules()}
    assert set(forms_page.RULES.values()) <= known
