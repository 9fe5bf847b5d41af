"""The title, the subtitle and the abstract as HTML and XML text, and as pandoc's metadata."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup

from pubkit.manuscript.front import as_plain
from pubkit.manuscript.tree import (
    Block,
    BulletList,
    Code,
    Emph,
    Inline,
    LineBreak,
    OrderedList,
    Para,
    SmallCaps,
    Space,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
)

__all__ = ["in_phrases", "labelled", "marked_up", "marked_up_blocks"]

_ELEMENTS: dict[type[Inline], str] = {
    Emph: "em",
    Strong: "strong",
    Superscript: "sup",
    Subscript: "sub",
    Strikeout: "s",
}
#: The marks after a label ("Background.", "Methods:").
_AFTER_LABEL = ".: \u00a0"


def marked_up(inlines: Sequence[Inline]) -> Markup:
    """Return `inlines` as HTML that is XML as well."""
    return Markup("").join(map(_inline, inlines))


def in_phrases(inlines: Sequence[Inline], language: str) -> Markup:
    """Return a title as `marked_up`; where words have no spaces, each of several phrases is an element that stays together.

    Otherwise a line of a Chinese or Japanese title ends anywhere, in the middle of a word too.
    """
    match inlines:
        case [Str(text)] if language.partition("-")[0] in _WITHOUT_SPACES:
            phrases = [phrase for phrase in _PHRASE_END.split(text) if phrase]
            if len(phrases) > 1:
                return Markup("").join(Markup('<span class="title-phrase">{}</span>').format(one) for one in phrases)
    return marked_up(inlines)


_WITHOUT_SPACES = frozenset({"ja", "zh"})
_PHRASE_END = re.compile("(?<=[：；，、。！？])(?=.)|(?<=——)(?=.)")


def _inline(one: Inline) -> Markup:
    match one:
        case Str():
            return Markup("{}").format(one.text)
        case Code():
            return Markup("<code>{}</code>").format(one.text)
        case Emph() | Strong() | Superscript() | Subscript() | Strikeout():
            name = _ELEMENTS[type(one)]
            return Markup(f"<{name}>{{}}</{name}>").format(marked_up(one.content))  # noqa: S704
        case SmallCaps():
            return Markup('<span class="smallcaps">{}</span>').format(marked_up(one.content))
        case Space() | LineBreak():
            return Markup(" ")
    return Markup("")


def marked_up_blocks(blocks: Sequence[Block]) -> Markup:
    """Return paragraphs and lists as HTML that is XML as well."""
    return Markup("\n").join(map(_block, blocks))


def _block(block: Block) -> Markup:
    match block:
        case Para():
            return Markup("<p>{}</p>").format(marked_up(block.content))
        case BulletList():
            return Markup("<ul>{}</ul>").format(_items(block.content))
        case OrderedList():
            return Markup("<ol>{}</ol>").format(_items(block.content))
    return Markup("")


def _items(items: Sequence[Sequence[Block]]) -> Markup:
    return Markup("").join(Markup("<li>{}</li>").format(marked_up_blocks(item)) for item in items)


def labelled(block: Block) -> tuple[str, list[Inline]]:
    """Return the label of a paragraph of a structured abstract ("Background", without its full stop) and what follows it.

    The label is empty if the paragraph does not begin with one in bold.
    """
    match block:
        case Para([Strong() as label, Str(mark), *rest]) if mark in {".", ":"}:
            return as_plain([label]), _stripped(rest)
        case Para([Strong() as label, *rest]) if as_plain([label])[-1:] in {".", ":"} and rest:
            return as_plain([label]).rstrip(_AFTER_LABEL), _stripped(rest)
        case Para(content):
            return "", content
    return "", []


def _stripped(inlines: list[Inline]) -> list[Inline]:
    return inlines[1:] if inlines and isinstance(inlines[0], Space) else inlines
