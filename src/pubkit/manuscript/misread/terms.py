"""Definition lists that come of a stray colon or tilde at the start of a line."""

from __future__ import annotations

from collections.abc import Iterator

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["defined"]

_MARK = expression(r"^[ \t>]{0,6}(?P<mark>[:~])[ \t]+[^\w\n]*$")
_SENTENCE = expression(r"(?:\S+\s+){4,}\S+[.;:,]")
#: More words than a term has.
_MOST_WORDS = 20
_SHOWN = 50


def defined(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each definition of `blocks` whose mark may be meant as a sign, or whose term is a sentence.

    Several definitions of a term, and an empty line before a definition, are no accident.
    """
    for definitions in tree.every(tree.DefinitionList, blocks):
        for term, parts in definitions.content:
            words = tree.plain_text(term)
            is_sentence = len(parts) == 1 and (bool(_SENTENCE.fullmatch(words)) or len(words.split()) > _MOST_WORDS)
            for first in (part[0] for part in parts if part):
                yield from _definition(first, is_sentence, places)


def _definition(first: tree.Block, is_sentence: bool, places: Places) -> Iterator[Finding]:
    start = places.start(first)
    line = places.source.text.rfind("\n", 0, start) + 1
    found = _MARK.match(places.source.text[line:start])
    words = tree.plain_text(first)
    after_empty_line = places.source.text.endswith("\n\n", 0, line)
    if found is None or not ((is_sentence and not after_empty_line) or (found["mark"] == "~" and words[:1].isdigit())):
        return
    sign = found["mark"]
    yield SRC078.at(
        places.source.location(line + found.start("mark"), 1),
        f"The sign {sign} makes the text before it a term, and is not printed: “{printable(words, _SHOWN)}”",
        context=words[:400],
        remedy=(
            f"Write \\{sign} if the sign is meant; put the caption of a table directly before or after the table, with "
            "an empty line between."
        ),
    )
