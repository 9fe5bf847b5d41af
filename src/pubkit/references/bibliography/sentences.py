"""Name the authors where a citation is part of the sentence (`As @key wrote`) and the style does not.

Citeproc prints the author of such a citation only in styles whose citations contain names, and not in all of these: some
leave out bodies, or repeat no name. Where a name is missing it is put into the text here, as reporting styles ask for: one
author, two authors, or the first with "et al" (AMA Manual of Style, 11th ed., 3.7; NLM, Citing Medicine). The citation
follows it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.labels import labels_for
from pubkit.manuscript.tree import Block, CitationMode, Cite, Inline, Note, Space, Str, every, inline_lists, plain_text
from pubkit.references.bibliography.formats.csl import plain
from pubkit.references.bibliography.layout import Wording
from pubkit.references.bibliography.markup import fold
from pubkit.references.comparison.names import ends_the_list
from pubkit.references.item import Item, Name

__all__ = ["Naming", "in_sentences", "name_authors", "notes_after_possessive", "unnamed"]

_POSSESSIVE = expression(r"[’']s\b|[’']$")
_NORMAL = CitationMode()


class Naming(Struct, frozen=True):
    """How the authors of a work are named in a sentence: the words of the style, and the language of the text."""

    wording: Wording
    lang: str

    def of(self, item: Item) -> str:
        """Return the authors of `item` as a sentence names them, or its editors, or its title; "" if it has none."""
        people = item.author or item.editor
        named = [_short(name) for name in people if not ends_the_list(name)]
        if not named:
            return self._quoted(plain(item.title_short or item.title))
        if len(named) > 2 or len(named) < len(people):
            return f"{named[0]} {self.wording.et_al}"
        return f" {self.wording.conjunction} ".join(named)

    def _quoted(self, title: str) -> str:
        opening, closing = labels_for(self.lang).quotes[:2]
        return f"{opening}{title}{closing}" if title else ""


def _short(name: Name) -> str:
    """Return the name of a body, or the family name of a person with the particle that belongs to it."""
    return plain(name.literal or " ".join(filter(None, (name.non_dropping_particle, name.family or name.given))))


def name_authors(blocks: list[Block], items: Mapping[str, Item], naming: Naming, places: Collection[int]) -> None:
    """Put the names before citations in sentences, in place; a possessive ending goes with them ("Page’s¹ list").

    Args:
        blocks: the text, before citeproc.
        items: the item of each key.
        naming: how authors are named.
        places: which of the citations in sentences, counted from 0 in the order of `in_sentences`.
    """
    wanted = {id(cite) for place, cite in enumerate(in_sentences(blocks)) if place in places}
    for siblings in inline_lists(blocks):
        for index in range(len(siblings) - 1, -1, -1):
            cite = siblings[index]
            if isinstance(cite, Cite) and id(cite) in wanted:
                _name(siblings, index, cite, naming.of(items.get(cite.citations[0].key, Item())))


def in_sentences(blocks: list[Block]) -> list[Cite]:
    """Return every citation that is part of its sentence (`@key`)."""
    return [cite for cite in every(Cite, blocks) if cite.citations and cite.citations[0].mode.t == "AuthorInText"]


def unnamed(blocks: list[Block], items: Mapping[str, Item], naming: Naming) -> set[int]:
    """Return the places of citations in sentences, after citeproc, that do not contain the first word of their names."""
    return {
        place
        for place, cite in enumerate(in_sentences(blocks))
        if not _says(plain_text(cite.content), naming.of(items.get(cite.citations[0].key, Item())))
    }


def _says(printed: str, names: str) -> bool:
    said = fold(printed)
    return any(word in said for word in fold(names).split() if len(word) > 1) or not names


def _name(siblings: list[Inline], index: int, cite: Cite, names: str) -> None:
    if not names:
        return
    cite.citations[0].mode = _NORMAL
    ending = _taken_ending(siblings, index + 1)
    siblings[index:index] = [part for word in f"{names}{ending}".split() for part in (Str(word), Space())]


def _taken_ending(siblings: list[Inline], index: int) -> str:
    """Take the possessive ending off the text at `index` and return it; "" if there is none."""
    follows = siblings[index] if index < len(siblings) else None
    found = _POSSESSIVE.match(follows.text) if isinstance(follows, Str) else None
    if not found or not isinstance(follows, Str):
        return ""
    follows.text = follows.text[found.end() :]
    return found[0]


def notes_after_possessive(blocks: list[Block]) -> None:
    """Put the mark of a note after a possessive ending, in place: "Page et al.’s¹ list", in styles that print notes."""
    for cite, siblings, index in _with_notes(blocks):
        if ending := _taken_ending(siblings, index + 1):
            cite.content[-1:-1] = [Str(ending)]


def _with_notes(blocks: list[Block]) -> Iterator[tuple[Cite, list[Inline], int]]:
    for siblings in inline_lists(blocks):
        for index, cite in enumerate(siblings):
            if isinstance(cite, Cite) and len(cite.content) > 1 and isinstance(cite.content[-1], Note):
                yield cite, siblings, index
