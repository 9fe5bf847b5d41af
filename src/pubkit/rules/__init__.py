"""The rules that check a manuscript: one module per family, one class per rule.

Defining the class is all it takes to add a rule: every module of this package is searched, and so is every module that
another package names under the entry point group `pubkit.rules`. Classes without an id are base classes. What each rule
states about itself is in `pubkit.catalogue`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable, Iterator
from types import ModuleType

from pubkit import catalogue
from pubkit.catalogue import Example
from pubkit.rules.base import Rule, Submission

__all__ = ["Example", "Rule", "Submission", "own", "rules_of"]


@functools.cache
def own() -> tuple[Rule, ...]:
    """Return every rule of pubkit that checks a manuscript, by id."""
    return tuple(sorted(rules_of(catalogue.own_modules()), key=lambda rule: rule.id))


def rules_of(modules: Iterable[ModuleType]) -> Iterator[Rule]:
    """Return an instance of each rule class that one of `modules` defines."""
    for module in modules:
        for kind in vars(module).values():
            own = inspect.isclass(kind) and kind.__module__ == module.__name__
            if own and "entry" in vars(kind) and issubclass(kind, Rule):
                yield kind()
