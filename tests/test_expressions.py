"""Expressions that are compiled at their first use are what `re.compile` makes of them."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

import pubkit
from pubkit.expressions import Deferred, expression

SOURCE = Path(pubkit.__file__).parent
MODULES = [path for path in sorted(SOURCE.rglob("*.py")) if "import expression\n" in path.read_text("utf-8")]


def test_every_expression_that_is_compiled_late_can_be_compiled() -> None:
    used = 0
    for path in MODULES:
        names = path.relative_to(SOURCE.parent).with_suffix("").parts
        for value in vars(importlib.import_module(".".join(names).removesuffix(".__init__"))).values():
            if isinstance(value, Deferred):
                assert value.groups >= 0
                used += 1
    assert used > 200


def test_it_has_what_a_compiled_expression_has() -> None:
    late, now = (
        expression(r"(?P<word>[a-z]+) (\d+)", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+) (\d+)", re.IGNORECASE),
    )
    text = "Honey 12, tea 3"
    assert late.pattern == now.pattern
    assert (late.flags, late.groups, late.groupindex) == (now.flags, now.groups, now.groupindex)
    assert late.findall(text) == now.findall(text)
    assert [found.span() for found in late.finditer(text)] == [found.span() for found in now.finditer(text)]
    assert late.sub(r"\2", text) == now.sub(r"\2", text)
    with pytest.raises(AttributeError):
        getattr(late, "nothing")  # noqa: B009 - the name is unknown to the type


def test_a_mistake_is_an_error_at_the_first_use() -> None:
    wrong = expression("(tea")
    with pytest.raises(re.error, match="unterminated subpattern"):
        wrong.search("tea")
