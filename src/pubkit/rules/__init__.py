"""The rules, one module per family, one class per rule.

Defining a class is all it takes to add a rule: every module of this package is looked through, and so is every module that
another package names under the entry point group `pubkit.rules`. Classes without an id are bases for others.
"""

from __future__ import annotations

import functools
import importlib
import importlib.metadata
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from pubkit.rules.base import Example, Rule, Submission

__all__ = ["Example", "Rule", "Submission", "all_rules", "rule"]

ENTRY_POINTS = "pubkit.rules"


@functools.cache
def all_rules() -> tuple[type[Rule], ...]:
    """Every rule, by id.

    Raises:
        ValueError: two rules share an id.
    """
    found: dict[str, type[Rule]] = {}
    for kind in _classes():
        if found.setdefault(kind.id, kind) is not kind:
            raise ValueError(f"{kind.id} is the id of {found[kind.id].__qualname__} and of {kind.__qualname__}")
    return tuple(found[name] for name in sorted(found))


def rule(name: str) -> type[Rule] | None:
    """The rule with the id `name`, in upper or lower case."""
    return next((kind for kind in all_rules() if kind.id == name.upper()), None)


def _classes() -> Iterator[type[Rule]]:
    for module in _modules():
        for kind in vars(module).values():
            own = inspect.isclass(kind) and kind.__module__ == module.__name__
            if own and vars(kind).get("id") and issubclass(kind, Rule):
                yield kind


def _modules() -> list[ModuleType]:
    own = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    plugins = [entry.load() for entry in importlib.metadata.entry_points(group=ENTRY_POINTS)]
    return [*own, *(module for module in plugins if inspect.ismodule(module))]
