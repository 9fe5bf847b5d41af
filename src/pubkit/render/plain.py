"""Plain text: for mail, for archives, for screen readers and for programs that take nothing else.

Pandoc's plain-text writer sets everything, tables too, in lines of seventy-eight columns as far as words and tables
allow. What it drops (the addresses of links, captions of figures) or mixes up (the raised numbers of citations with
those of notes) is written out in the tree first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pubkit.boundary import pandoc
from pubkit.disclaimers.model import DisclaimerBlock
from pubkit.language.labels import labels_for
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Caption,
    Cite,
    Figure,
    Header,
    HorizontalRule,
    Image,
    Inline,
    LineBlock,
    Link,
    Note,
    Para,
    Plain,
    Space,
    Str,
    Superscript,
    Table,
    block_lists,
    encode,
    every,
    inline_lists,
    plain_text,
)
from pubkit.render import exchange, front
from pubkit.render.exchange import paragraph
from pubkit.render.model import Edition
from pubkit.render.together import NO_BREAK

__all__ = ["render"]

_COLUMNS = 78


def render(edition: Edition) -> bytes:
    """Return the edition as plain text, UTF-8, with line feeds.

    Raises:
        InputRefused: a part of the text cannot be printed.
        PandocError: pandoc failed.
    """
    tree = exchange.prepared(edition)
    notes = _taken_notes(tree.blocks)
    text, references = exchange.references_last(tree.blocks)
    heading = _heading(labels_for(edition.publication.lang)["notes"])
    tree.blocks = [
        *_title(edition),
        *_without_double_rules(exchange.before_text(edition, _ruled_off)),
        *text,
        *([heading, *notes] if notes else []),
        *references,
        *exchange.after_text(edition),
    ]
    _write_out(tree.blocks)
    written = pandoc.convert(encode(tree), "plain", [f"--columns={_COLUMNS}"]).decode()
    # The lines are as they stay, so that a reader can search for "5 mg" with an ordinary space.
    lines = written.replace(NO_BREAK, " ").strip("\n").split("\n")
    return ("\n".join(line.rstrip() for line in lines) + "\n").encode()


def _title(edition: Edition) -> Iterator[Block]:
    publication = edition.publication
    yield _heading(publication.title)
    for line in (publication.subtitle, front.authors(edition), exchange.dateline(edition)):
        if line:
            yield paragraph(line)


def _heading(text: str) -> Header:
    return Header((1, Attr(), [Str(text)]))


def _ruled_off(block: DisclaimerBlock) -> Iterator[Block]:
    """Yield one disclaimer between rules."""
    yield from (HorizontalRule(), paragraph(block.heading), *exchange.notice(block), HorizontalRule())


def _without_double_rules(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield `blocks` with one rule between two disclaimers."""
    before: Block | None = None
    for block in blocks:
        if not (isinstance(block, HorizontalRule) and isinstance(before, HorizontalRule)):
            yield block
        before = block


def _taken_notes(blocks: list[Block]) -> list[Block]:
    """Replace each note with a mark, and return the notes, each after its mark, in the order of the marks."""
    notes: list[Block] = []
    pending = [blocks]
    number = 0
    while pending:
        for siblings in inline_lists(pending.pop(0)):
            for index, node in enumerate(siblings):
                if isinstance(node, Note):
                    number += 1
                    siblings[index] = Str(f"\u00a0[*{number}]")
                    pending.append(_behind_mark(f"[*{number}]", node.content))
                    notes += pending[-1]
    return notes


def _behind_mark(mark: str, note: list[Block]) -> list[Block]:
    match note:
        case [Para(words) | Plain(words), *others]:
            return [Para([Str(mark), Space(), *words]), *others]
        case _:
            return [paragraph(mark), *note]


def _write_out(blocks: list[Block]) -> None:
    """Write out what the plain-text writer drops: brackets of citations, addresses, captions, heading underlines."""
    for cite in every(Cite, blocks):
        cite.content = [part for one in cite.content for part in _lowered(one)]
    for inlines in inline_lists(blocks):
        inlines[:] = [part for inline in inlines for part in _in_words(inline)]
    for siblings in block_lists(blocks):
        siblings[:] = [part for block in siblings for part in _in_lines(block)]


def _lowered(inline: Inline) -> list[Inline]:
    """Return a raised number in brackets instead."""
    return [Str("["), *inline.content, Str("]")] if isinstance(inline, Superscript) else [inline]


def _in_words(inline: Inline) -> Iterator[Inline]:
    match inline:
        case Superscript(content=[Str(",")]):  # between two marks
            yield Str(",")
        case Str(text) if " " in text:
            first, *others = text.split(" ")
            yield Str(first)
            for word in others:
                yield from (Space(), Str(word))
        case Link():
            yield from (part for inner in inline.content for part in _in_words(inner))
            address = inline.target.url
            if not address.startswith(("#", "tel:")) and not _is_shown(plain_text(inline.content), address):
                yield from (Space(), Str(f"<{address}>"))
        case Image(content=[]):
            pass
        case _:
            yield inline


def _in_lines(block: Block) -> Iterator[Block]:
    match block:
        case Header():
            line = ("=" if block.level == 1 else "-") * min(_COLUMNS, len(plain_text(block.content)))
            yield from (Header((block.level, Attr(), [])), LineBlock([block.content, [Str(line)]]))
        case Figure():
            yield from (*block.content, *block.caption.blocks)
        case Table():
            yield from block.caption.blocks
            block.attr, block.caption = Attr(), Caption()
            yield block
        case _:
            yield block


def _is_shown(words: str, target: str) -> bool:
    """Return whether the words of a link already show where it leads: the address itself, or a DOI."""
    bare = target.removeprefix("mailto:").removeprefix("https://").removeprefix("http://").rstrip("/")
    return words in {target, bare, f"{bare}/"} or (words.startswith("10.") and target.endswith(f"/{words}"))
