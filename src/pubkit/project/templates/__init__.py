"""The files that `pubkit init` writes.

A template has «these marks» around the words that its user must replace, so that the command that writes it and the rule
that finds leftover placeholders read the same words. `@NAME@` is filled in when the file is written.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from importlib import resources

from pubkit.expressions import expression

__all__ = ["filled", "placeholders"]

_MARKED = expression(r"«(.+?)»", re.DOTALL)
_SLOT = expression(r"@([A-Z_]+)@")


def filled(name: str, values: Mapping[str, str]) -> str:
    """Return the text of the template `name` without its marks and with `values` in its slots."""
    return _SLOT.sub(lambda slot: values[slot[1]], _MARKED.sub(r"\1", _template(name)))


@functools.cache
def placeholders(name: str) -> frozenset[str]:
    """Return the passages of the template `name` that must be replaced, each on one line."""
    return frozenset(" ".join(found.split()) for found in _MARKED.findall(_template(name)))


def _template(name: str) -> str:
    return (resources.files(__name__) / name).read_text("utf-8")
