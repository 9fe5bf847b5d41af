"""Regular expressions that are compiled when they are first used, because a short text gives reason for one in five."""

from __future__ import annotations

import functools
import re
from typing import Any, cast

__all__ = ["Deferred", "expression"]


class Deferred:
    """An expression that has not been used yet; it has all that the compiled one has."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self._flags = flags

    @functools.cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, self._flags)

    def __getattr__(self, name: str) -> Any:
        # What is found becomes the object's own, so that this is asked once for each method.
        value = vars(self)[name] = getattr(self._compiled, name)
        return value


def expression(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return `pattern` as an expression with `flags`, to be used as one that `re.compile` has made.

    The functions of `re` do not take it in place of a string. What is wrong in it is an error at its first use;
    `tests/test_expressions.py` uses all.
    """
    return cast("re.Pattern[str]", Deferred(pattern, flags))
