"""The title, the subtitle and the abstract: Markdown in the metadata, text with emphasis in print, plain everywhere else.

Emphasis, sub- and superscript, code and lists are kept; a link leaves its words. What looks like Markdown and is none (the
star of `CYP2C19*2`, `10^6–10^7`, `> 65 years`) stays as it is written. Citations are not read: readers have an abstract
without the references, and a rule reports a key in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from msgspec import Struct, structs

from pubkit.boundary import pandoc
from pubkit.expressions import expression
from pubkit.language.formulas import Markup, as_text
from pubkit.language.labels import Labels, labels_for
from pubkit.language.scripts import lowered, raised
from pubkit.manuscript.tree import (
    Block,
    BulletList,
    Code,
    Emph,
    Inline,
    LineBreak,
    Meta,
    MetaBlocks,
    MetaInlines,
    OrderedList,
    Para,
    Plain,
    Quoted,
    SmallCaps,
    SoftBreak,
    Space,
    Str,
    Strikeout,
    Strong,
    Subscript,
    Superscript,
    decode,
    parts,
    plain_text,
    worded,
)
from pubkit.project.metadata import Publication

__all__ = ["FrontMatter", "as_plain", "read_front", "unmarked_front"]

_FIELDS = ("title", "subtitle", "abstract")
_MARKED = expression(r"[*_^~`\\\[\]<>&$'\"]|--|\.\.\.|(?m:^\s*(?:[-+#|:]|\d+[.)]\s))")
_TAGS = {"sub": "~", "sup": "^", "i": "*", "em": "*", "b": "**", "strong": "**"}
_TAG = expression(r"<(/?)(sub|sup|i|em|b|strong)>", re.IGNORECASE)
_SCRIPT = expression(
    r"(?<!\\)([\^~])(?:([+−–-]?\w{1,12}[+−–-]?|\*\w{1,12}\*)\1(?![\^~\w])|\d{1,4}[+−-]?\1(?=[^\W\d_]))"
)
_STRAY = expression(r"(?<!\\)[\^~]|(?<=\w)(?<!\\)[*_](?=\w)|(?m:^[ \t]*)(?:>|#)|[@<>|]")
_FORMULA_MARKS = Markup(("^", "^"), ("~", "~"), ("*", "*"), "\\")
_STYLED = (Emph, Strong, Superscript, Subscript, SmallCaps, Strikeout)


class FrontMatter(Struct, frozen=True):
    """What is printed as the title, the subtitle and the abstract.

    Inlines are words, spaces, line breaks, code, and these in emphasis, strong emphasis, sub- or superscript, small capitals
    or struck out; blocks are paragraphs and lists of paragraphs.
    """

    title: list[Inline]
    subtitle: list[Inline] = []
    abstract: list[Block] = []


def read_front(publication: Publication) -> tuple[Publication, FrontMatter]:
    """Return `publication` with a plain title, subtitle and abstract, and what is printed of them.

    Raises:
        PandocError: pandoc failed.
    """
    texts = {name: str(getattr(publication, name) or "").strip() for name in _FIELDS}
    if not any(map(_MARKED.search, texts.values())):
        return publication, unmarked_front(publication)
    # Pandoc reads blocks in what ends with a line end, and one line of text in what does not.
    said = {name: _marked(text) + "\n" * (name == "abstract") for name, text in texts.items() if text}
    meta = decode(pandoc.parse_metadata(said)).meta
    reader = _Reader(labels_for(publication.lang))
    front = FrontMatter(
        reader.line(meta.get("title"), texts["title"]),
        reader.line(meta.get("subtitle"), texts["subtitle"]),
        reader.blocks(meta.get("abstract")),
    )
    plain = {
        "title": as_plain(front.title),
        "subtitle": as_plain(front.subtitle),
        "abstract": _paragraphs(front.abstract),
    }
    read: dict[str, Any] = {name: plain[name] or text for name, text in texts.items() if text}
    return structs.replace(publication, **read), front


def unmarked_front(publication: Publication) -> FrontMatter:
    """Return what is printed of a publication whose title, subtitle and abstract are plain."""
    abstract = (part for part in (publication.abstract or "").split("\n\n") if part.strip())
    return FrontMatter(
        worded(publication.title), worded(publication.subtitle or ""), [Para(worded(part)) for part in abstract]
    )


def _marked(text: str) -> str:
    """Return `text` as Markdown in which only marks that are meant as such are left."""
    text = _TAG.sub(lambda tag: _TAGS[tag[2].lower()], as_text(text, _FORMULA_MARKS))
    pieces: list[str] = []
    end = 0
    for script in _SCRIPT.finditer(text):
        pieces += [_escaped(text[end : script.start()]), script[0]]
        end = script.end()
    return "".join([*pieces, _escaped(text[end:])])


def _escaped(text: str) -> str:
    return _STRAY.sub(lambda stray: f"{stray[0][:-1]}\\{stray[0][-1]}", text)


class _Reader:
    """Reads pandoc's metadata; quotation marks are those of the language."""

    def __init__(self, labels: Labels) -> None:
        self._labels = labels

    def line(self, meta: Meta | None, text: str) -> list[Inline]:
        """Return a text of one line; what pandoc takes for a list or a heading ("1. Sleep") is words."""
        match meta:
            case MetaInlines(inlines):
                return list(self._inlines(inlines))
            case MetaBlocks([Para() | Plain() as only]):
                return list(self._inlines(only.content))
        return worded(text)

    def blocks(self, meta: Meta | None) -> list[Block]:
        """Return the paragraphs and lists of a text."""
        match meta:
            case MetaInlines(inlines):
                return [Para(list(self._inlines(inlines)))]
            case MetaBlocks(blocks):
                return [kept for block in blocks for kept in self._block(block)]
        return []

    def _block(self, block: Block) -> Iterator[Block]:
        match block:
            case Para() | Plain():
                yield Para(list(self._inlines(block.content)))
            case BulletList(items):
                yield BulletList([self._item(item) for item in items])
            case OrderedList():
                yield OrderedList((block.c[0], [self._item(item) for item in block.content]))
            case _ if words := plain_text(block).split():
                yield Para(worded(" ".join(words)))

    def _item(self, item: Sequence[Block]) -> list[Block]:
        return [kept for block in item for kept in self._block(block)]

    def _inlines(self, inlines: Iterable[Inline]) -> Iterator[Inline]:
        for one in inlines:
            match one:
                case Str() | Space() | LineBreak():
                    yield one
                case SoftBreak():
                    yield Space()
                case Code():
                    yield Code((type(one.attr)(), one.text))
                case Quoted():
                    first = 0 if one.kind.t == "DoubleQuote" else 2
                    before, after = self._labels.quotes[first : first + 2]
                    yield from (Str(before), *self._inlines(one.content), Str(after))
                case _ if isinstance(one, _STYLED):
                    yield type(one)(list(self._inlines(one.content)))
                case _:
                    yield from self._inlines([part for part in _inner(one) if not isinstance(part, str)])


def _inner(node: Inline) -> list[Inline]:
    """Return the inlines in a link, a picture or a span."""
    lists = [part for part in parts(parts(node)) if isinstance(part, list)]
    lists += [inner for part in parts(node) if isinstance(part, tuple) for inner in part if isinstance(inner, list)]
    return [one for inner in lists for one in inner]


def as_plain(inlines: Sequence[Inline]) -> str:
    """Return the words of `inlines` without markup; raised and lowered signs as Unicode has them (10⁶, CO₂)."""
    return "".join(map(_plain, inlines)).strip()


def _plain(one: Inline) -> str:
    match one:
        case Str() | Code():
            return one.text
        case Space() | LineBreak() | SoftBreak():
            return " "
        case Superscript() | Subscript():
            words = as_plain(one.content)
            return raised(words) if isinstance(one, Superscript) else lowered(words)
        case Emph() | Strong() | SmallCaps() | Strikeout():
            return "".join(map(_plain, one.content))
    return ""


def _paragraphs(blocks: Iterable[Block]) -> str:
    """Return the paragraphs of an abstract, with empty lines between them; items of lists begin with a bullet."""
    return "\n\n".join(_lines(blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Para():
                yield as_plain(block.content)
            case BulletList(items):
                yield from (f"• {line}" for item in items for line in _lines(item))
            case OrderedList():
                yield from (f"{at}. {line}" for at, item in enumerate(block.content, 1) for line in _lines(item))
