"""The roles of contributors, as CRediT names them, for programs that read JATS. Source: credit.niso.org, 14 roles."""

from __future__ import annotations

import functools
from typing import NamedTuple

from pubkit.language.folding import letters

__all__ = ["VOCABULARY", "Term", "term"]

VOCABULARY = "https://credit.niso.org/"
_ROLES = (
    "Conceptualization", "Data curation", "Formal analysis", "Funding acquisition", "Investigation", "Methodology",
    "Project administration", "Resources", "Software", "Supervision", "Validation", "Visualization",
    "Writing – original draft", "Writing – review & editing",
)  # fmt: skip


class Term(NamedTuple):
    """A role by its name in the vocabulary, and its address there."""

    name: str
    address: str


def term(words: str) -> Term | None:
    """Return the role that `words` name, whatever their case, dashes and spelling of "-ization"; None for any other."""
    return _terms().get(_plain(words))


@functools.cache
def _terms() -> dict[str, Term]:
    made = ((name, name.lower().replace(" – ", "-").replace(" & ", "-").replace(" ", "-")) for name in _ROLES)
    return {_plain(name): Term(name, f"{VOCABULARY}contributor-roles/{slug}/") for name, slug in made}


def _plain(words: str) -> str:
    return letters(words.casefold().replace(" and ", " ")).replace("isation", "ization")
