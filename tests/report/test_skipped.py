"""Green means looked at: what was not run is told, with the reason, by every form of the report."""

from __future__ import annotations

import ast
import functools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

import pubkit
from pubkit import catalogue
from pubkit.catalogue import Entry
from pubkit.cli.main import main
from pubkit.formats import FORMATS

from ..conftest import Publish

ROOT = Path(pubkit.__file__).parent
#: The proofs of finished files, by id; in the code of the proofs each goes by that name.
PROOFS = {rule.id: rule for rule in catalogue.all_rules() if rule.when.is_proof}


def junit(out: str) -> tuple[set[str], dict[str, str]]:
    """The names of the cases that passed, and the reasons of those that were skipped."""
    suite = etree.fromstring(out.encode())[0]
    names = {str(case.get("name")) for case in suite if not len(case)}
    return names, {str(case.get("name")): str(one.get("message")) for case in suite for one in case.findall("skipped")}


def test_a_check_passes_no_proof_and_no_question_to_a_registry(
    publication: Publish, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(publication()), "--format", "junit"]) == 0
    passed, skipped = junit(capsys.readouterr().out)
    known_before_rendering = {"REL010", "REL011", "REL014"}
    not_asked = {name for name in passed if name.startswith(("PRF", "REL", "REF10", "RET00"))}
    assert not_asked == known_before_rendering
    assert skipped["PRF110"] == "nothing was rendered"
    assert skipped["REF101"] == "1 of 1 reference not looked up"
    assert skipped["RET001"] == "1 of 1 reference not looked up in retraction data"
    assert "CIT001" in passed


@pytest.mark.parametrize("lines", ["title: [\n", "- A title\n"], ids=["no YAML", "no keys"])
def test_a_run_that_was_stopped_passes_no_rule(
    publication: Publish, capsys: pytest.CaptureFixture[str], lines: str
) -> None:
    configuration = publication() / "pubkit.yaml"
    configuration.write_text(lines)
    assert main(["check", str(configuration.parent), "--format", "junit"]) == 2
    passed, skipped = junit(capsys.readouterr().out)
    assert passed == set()
    assert set(skipped.values()) == {"the run was stopped"}


def test_a_build_passes_the_proofs_of_the_formats_it_made(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["build", str(publication()), "--out", str(tmp_path / "dist"), "--only", "txt", "--format", "junit"]
    assert main(command) == 0
    passed, skipped = junit(capsys.readouterr().out)
    assert {"PRF110", "PRF430", "REL006"} <= passed
    assert skipped["PRF300"] == "no pdf was made"
    assert skipped["PRF060"] == "no html or epub or pdf was made"
    assert skipped["PRF412"] == "this is not a draft"
    assert "PRF300" in json.loads((tmp_path / "dist" / "report.json").read_text())["skipped"]


def test_rules_that_know_english_only_are_not_passed_on_a_german_text(publication: Publish) -> None:
    report = pubkit.check(publication("# Schlaf\n\nEin Satz über den Schlaf.\n", lang="de-DE", bibliography=None))
    assert report.skipped["CLM011"] == "its word lists are English, and the text is in “de-DE”"
    assert "CLM099" not in report.skipped
    assert "CIT001" not in report.skipped


def test_a_rule_that_found_something_is_not_skipped(publication: Publish) -> None:
    report = pubkit.check(publication("Kratom supplements are popular.\n", lang="de-DE", bibliography=None))
    found = {finding.rule for finding in report.findings}
    assert "CLM018" in found
    assert not found & set(report.skipped)


def test_a_sound_set_passes_the_rules_of_verify(
    publication: Publish, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["build", str(publication()), "--out", str(tmp_path / "dist"), "--only", "txt", "-q"]) == 0
    capsys.readouterr()
    assert main(["verify", str(tmp_path / "dist"), "--format", "junit"]) == 0
    assert junit(capsys.readouterr().out)[0] == {f"REL00{number}" for number in range(1, 6)}


@pytest.mark.parametrize("rule", PROOFS.values(), ids=PROOFS)
def test_a_proof_names_the_formats_that_it_looks_through(rule: Entry) -> None:
    """What `formats` says is what the code of the proofs does: each rule is reached from the proofs of those formats."""
    reached = tuple(name for name, row in FORMATS.items() if rule.id in reach((row.proof, row.disclaimers)))
    assert rule.formats == reached


Place = tuple[str, str]


def definitions() -> Iterator[tuple[Place, list[tuple[str, Place]]]]:
    """Every function, class and name of `pubkit.proof` by module and name, with the names in it and where they lead."""
    for path in (ROOT / "proof").rglob("*.py"):
        module = ".".join(("pubkit", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__")
        tree = ast.parse(path.read_text("utf-8"))
        imports = {
            alias.asname or alias.name: (node.module, alias.name)
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for node in tree.body:
            names = [node.name] if isinstance(node, ast.FunctionDef | ast.ClassDef) else stored(node)
            used = [(name, imports.get(name, (module, name))) for name in sorted(named_in(node))]
            for name in names:
                yield (module, name), used


def named_in(node: ast.AST) -> set[str]:
    """The names and attributes that a part of a module mentions."""
    mentions = (one for one in ast.walk(node) if isinstance(one, ast.Name | ast.Attribute))
    return {one.id if isinstance(one, ast.Name) else one.attr for one in mentions}


def stored(node: ast.AST) -> list[str]:
    return [one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)]


@functools.cache
def defined() -> dict[Place, list[tuple[str, Place]]]:
    return dict(definitions())


@functools.cache
def reach(named: tuple[str, ...]) -> set[str]:
    """The ids of the rules that the functions `named` ("module:name") can come to, function by function."""
    todo: list[Place] = [(module, name) for module, _, name in (one.partition(":") for one in named)]
    seen: set[Place] = set()
    found: set[str] = set()
    while todo:
        place = todo.pop()
        if place in seen or place not in defined():
            continue
        seen.add(place)
        found |= {name for name, _ in defined()[place] if name in PROOFS}
        todo.extend(to for _, to in defined()[place])
    return found
