"""The registry: one YAML file for each substance, every fact with its source.

A legal status is true on a date. It is stored with that date, and ages; nothing is printed as if it were current.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Mapping
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from pubkit.packaged import parsed

__all__ = ["Risk", "Status", "Substance", "registry"]


class Risk(Struct, frozen=True, forbid_unknown_fields=True):
    """A risk that a text on the substance must name; `words` (by language; "*" for any ending) show that it does."""

    id: str
    title: str
    words: dict[str, list[str]]
    source: str


class Status(Struct, frozen=True, forbid_unknown_fields=True):
    """The legal status in one jurisdiction on the date `as_of`, as text for readers, by language."""

    as_of: dt.date
    lawful_supplement: bool | None
    sources: Annotated[list[str], Meta(min_length=1)]
    text: dict[str, str]


class Substance(Struct, frozen=True, forbid_unknown_fields=True):
    """One substance: `names` are all words by which texts call it, `status` is by jurisdiction (ISO 3166-1 code).

    `short_names` count only in a text that has one of the names too: other things are called the same. `other_uses` are
    phrases in which a name means something else ("*" stands for any ending).
    """

    id: str
    name: dict[str, str]
    names: Annotated[list[str], Meta(min_length=1)]
    acute_risk: bool
    acute_risk_source: str
    risks: list[Risk]
    status: dict[str, Status]
    short_names: list[str] = []
    other_uses: list[str] = []


@functools.cache
def registry() -> Mapping[str, Substance]:
    """Return every substance that pubkit knows, by its id, in alphabetical order."""
    folder = resources.files(__package__).joinpath("data")
    files = sorted((entry for entry in folder.iterdir() if entry.name.endswith(".yaml")), key=lambda entry: entry.name)
    substances = (msgspec.convert(parsed(file.read_bytes()), Substance) for file in files)
    return {substance.id: substance for substance in substances}
