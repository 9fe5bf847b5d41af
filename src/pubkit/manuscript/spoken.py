"""The languages of parts of a text: `lang` of a chapter, a heading, a division or a span."""

from __future__ import annotations

from collections.abc import Sequence

from pubkit.language.labels import direction
from pubkit.manuscript.tree import Attr, Block, Div, Header, Inline, Span

__all__ = ["language_of", "put_into_language", "wholly_in"]


def language_of(attr: Attr) -> str:
    """Return the language that attributes state; "" if they state none."""
    return next((value for name, value in attr.pairs if name == "lang"), "")


def put_into_language(blocks: list[Block], lang: str, around: str) -> None:
    """State `lang` on the blocks of a chapter, in place: on its outermost headings, and around what precedes the first.

    A heading that states a language keeps its own. Where `lang` runs in another direction than the language `around`
    the chapter, its direction is stated as well.
    """
    said = [("lang", lang)]
    if direction(lang) != direction(around):
        said.append(("dir", direction(lang)))
    begin = next((at for at, block in enumerate(blocks) if isinstance(block, Header)), len(blocks))
    outermost: int | None = None
    for header in (block for block in blocks if isinstance(block, Header)):
        if outermost is None or header.level <= outermost:
            outermost = header.level
            if not language_of(header.attr):
                header.attr.pairs = [*header.attr.pairs, *said]
    if begin:
        blocks[:begin] = [Div((Attr(pairs=said), blocks[:begin]))]


def wholly_in(inlines: Sequence[Inline]) -> str:
    """Return the language of a text that is one span with a language; "" if it is not."""
    match inlines:
        case [Span() as span]:
            return language_of(span.attr)
    return ""
