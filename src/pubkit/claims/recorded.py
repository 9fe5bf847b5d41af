"""What patterns require, found out once and kept in required.json, because finding it out takes longer than a short text.

An entry is found by the content that it was made of: the pattern, the lists and forms that it names, and the module that
reads it. What is not recorded, or was recorded of other content, is found out anew. `nox -s docs` writes the file.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable
from importlib import resources

import msgspec
from msgspec import Struct

from pubkit.claims.required import Condition, Required

__all__ = ["FILE", "content", "key", "recorded"]

FILE = "required.json"


class _Record(Struct, frozen=True):
    """The file: conditions, each with its words, and for each pattern the numbers of those that it requires."""

    conditions: list[list[str]]
    patterns: dict[str, tuple[list[int], list[list[int]]]]


def content(*parts: str | bytes) -> str:
    """Return what tells these contents from any others."""
    found = hashlib.blake2b(digest_size=12)
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        found.update(len(data).to_bytes(8, "big") + data)
    return found.hexdigest()


def key(outline: str, made_of: str) -> str:
    """Return the name of a pattern's entry; `made_of` is the `content` of the lists and forms that it names."""
    return content(outline, made_of, _reader())


@functools.cache
def _reader() -> str:
    return content(resources.files(__package__).joinpath("required.py").read_bytes())


def recorded(name: str) -> Required | None:
    """Return what the pattern with the entry `name` requires, if that is recorded."""
    found = _record().patterns.get(name)
    if found is None:
        return None
    always, options = found
    return Required(_conditions(always), tuple(map(_conditions, options)))


def _conditions(numbers: Iterable[int]) -> tuple[Condition, ...]:
    return tuple(map(_condition, numbers))


@functools.cache
def _condition(number: int) -> Condition:
    return Condition(_record().conditions[number])


@functools.cache
def _record() -> _Record:
    file = resources.files(__package__).joinpath(FILE)
    try:
        return msgspec.json.decode(file.read_bytes(), type=_Record)
    except (OSError, msgspec.MsgspecError):
        return _Record([], {})
