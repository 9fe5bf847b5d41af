"""Works that the reference list has though the text does not cite them: pandoc's `nocite`."""

from __future__ import annotations

from collections.abc import Iterable

from pubkit.expressions import expression
from pubkit.manuscript.model import Citation, CitationMode
from pubkit.project.loading import Project
from pubkit.project.metadata import Publication

__all__ = ["listed_besides", "named", "names_all"]

#: The key that stands for every entry of the bibliography.
_ALL = "*"
_BETWEEN = expression(r"[\s,;]+")


def named(project: Project) -> tuple[Citation, ...]:
    """Return the works that `nocite` names by their keys, at the place of that statement."""
    return listed_besides((key for key in _keys(project.publication) if key != _ALL), project)


def names_all(publication: Publication) -> bool:
    """Return whether `nocite` asks for every entry of the bibliography."""
    return _ALL in _keys(publication)


def listed_besides(keys: Iterable[str], project: Project) -> tuple[Citation, ...]:
    """Return `keys` as citations at the place of `nocite`."""
    return tuple(Citation(key, CitationMode.NORMAL, project.at("nocite")) for key in dict.fromkeys(keys))


def _keys(publication: Publication) -> list[str]:
    texts = [publication.nocite] if isinstance(publication.nocite, str) else publication.nocite
    words = (word for text in texts for word in _BETWEEN.split(text))
    return [key for word in words if (key := word.strip("[]@{}"))]
