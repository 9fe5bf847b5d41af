"""What `pubkit init` writes for an author to replace: known by the template itself, so that the two cannot differ."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from importlib import resources
from typing import Any

import yaml

from pubkit.metadata import Publication

__all__ = ["placeholders"]

_PLAIN = ("title", "subtitle", "publisher", "contact", "abstract")
_OF_AUTHORS = ("name", "credentials", "affiliation")


def placeholders(publication: Publication) -> Iterator[tuple[str, str]]:
    """Name and value of each statement of `publication` that still is the template's."""
    template = _template()
    for name in _PLAIN:
        value = getattr(publication, name)
        if value and _same(value, template[name]):
            yield name, value
    for author in publication.authors:
        for name in _OF_AUTHORS:
            value = getattr(author, name)
            if value and _same(value, template["authors"][0][name]):
                yield "authors", value


def _same(value: str, template: str) -> bool:
    return value.split() == template.split()


@functools.cache
def _template() -> Mapping[str, Any]:
    text = (resources.files("pubkit") / "templates" / "pubkit.yaml").read_text("utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(
        text.replace("@TODAY@", "2000-01-01").replace("@NEXT_REVIEW@", "2001-01-01")
    )
    return loaded
