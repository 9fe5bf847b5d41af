"""Every rule's own examples: the bad ones are found by it, the good ones are not. Nothing else is needed for a new rule."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

import pytest

import pubkit
from pubkit import catalogue
from pubkit.testing import Case, cases

SOURCE = Path(pubkit.__file__).parent
ID = re.compile(r"[A-Z][A-Z0-9]{1,3}[0-9]{3}")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples, as each writes the same three files anew."""
    return tmp_path_factory.mktemp("example")


#: The examples of each rule by its id.
EXAMPLES = {
    rule: list(found) for rule, found in groupby(cases(*catalogue.own_modules()), key=lambda case: case.entry.id)
}


@pytest.mark.parametrize("examples", EXAMPLES.values(), ids=EXAMPLES)
def test_an_example_is_judged_as_it_says(examples: Sequence[Case], folder: Path) -> None:
    for example in examples:
        example.check(folder)


def test_a_rule_says_what_it_wants_and_what_to_do() -> None:
    rules = catalogue.all_rules()
    assert [rule.id for rule in rules if not rule.title.endswith(".")] == []
    assert [rule.id for rule in rules if not rule.remedy.endswith(".")] == []
    # A good example that nothing could ever find shows nothing.
    assert [rule.id for rule in rules if rule.good and not rule.bad] == []


def nodes(sign: re.Pattern[str]) -> Iterator[tuple[Path, list[ast.AST]]]:
    """The source files of pubkit with a certain sign in their text, parsed."""
    for path in SOURCE.rglob("*.py"):
        text = path.read_text("utf-8")
        if sign.search(text):
            yield path, list(ast.walk(ast.parse(text)))


def strings(parsed: list[ast.AST]) -> Iterator[str]:
    for node in parsed:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def test_the_id_of_a_rule_is_written_once() -> None:
    ids = known()
    written = [value for _, parsed in nodes(ID) for value in strings(parsed) if ID.fullmatch(value) and value in ids]
    assert sorted(written) == sorted(ids)


def test_only_the_catalogue_makes_findings() -> None:
    for path, parsed in nodes(re.compile(r"\bFinding\(")):
        calls = [node for node in parsed if isinstance(node, ast.Call)]
        made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Finding"]
        assert not made or path.name == "catalogue.py", path


def known() -> set[str]:
    return set(catalogue.entries())
