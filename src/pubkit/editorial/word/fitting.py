"""Where an edit of printed words fits the Markdown: the characters to replace, or the reason why it does not fit.

Only whole words that the source has letter for letter, one after the other, are replaced. Where markup, a citation or an
escape is among them, the edit is left to the author.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from pubkit.boundary.text import SourceFile
from pubkit.editorial.word.edits import PARAGRAPH_END, Edit
from pubkit.editorial.word.markup import Paragraph
from pubkit.editorial.word.places import Finder, without_printed
from pubkit.manuscript import pictographs
from pubkit.manuscript.model import Block, BlockKind, Manuscript

__all__ = ["Fitted", "Present", "Unfit", "fitted"]

_TOKEN = re.compile(r"\S+")
_MOST_WORDS = 4_000
_LETTER = re.compile(r"[^\W_]")
_SPECIAL = re.compile(r"[\\`*_\[\]{}<>@$^~|#]")
#: What would begin a list or a title at the start of a paragraph; a backslash goes before the last sign.
_STARTS_A_BLOCK = re.compile(r"^(\(?(?:\d+|[A-Za-z]{1,8}))?([-+:=%.)])(?=\s|$)")
_DRAWN = "it comes from the numbers of the drawing in line {line}; change them there"
#: Blocks after or before which a paragraph can be put.
_STANDALONE = frozenset({BlockKind.PARAGRAPH, BlockKind.HEADING})


class Unfit(ValueError):
    """An edit does not fit; the message says why."""


class _Unplaced(Unfit):
    """An edit is in words whose place in the source is not known."""


class Present(Exception):
    """The text has what an edit wants already."""


class Fitted(Struct, frozen=True):
    """Characters of a chapter to replace, and what the text is then.

    `block` is the number of the block. Of its words, `count` from `first` on become `words`; if `gone`, the block is no
    longer there. `added` are new paragraphs.
    """

    chapter: int
    start: int
    end: int
    new: str
    block: int
    first: int = 0
    count: int = 0
    words: tuple[str, ...] = ()
    gone: bool = False
    added: tuple[str, ...] = ()


def fitted(
    edit: Edit,
    paragraphs: Sequence[Paragraph],
    finder: Finder,
    manuscript: Manuscript,
    chapters: Sequence[SourceFile],
) -> Fitted:
    """Return where `edit` fits in `chapters`, the files of `manuscript` as they were loaded.

    Raises:
        Unfit: it fits no place, or more than one.
        Present: the text has it already.
    """
    if edit.refused:
        raise Unfit(edit.refused)
    number = finder.block(edit.paragraph)
    if number is None:
        raise Unfit("it is in no paragraph of the manuscript, or in several")
    block = manuscript.document.blocks[number]
    chapter = next((at for at, one in enumerate(chapters) if one.path == block.location.file), None)
    if chapter is None:
        raise Unfit(f"it is in {block.location.file}, which is not a chapter; change it there")
    source = chapters[chapter]
    if source.pieces:
        raise Unfit(f"{source.path} is not read as it is written: its tool puts values or other files into it")
    old = without_printed(paragraphs[edit.paragraph])
    if PARAGRAPH_END in edit.text:
        return _with_paragraphs(edit, old, manuscript.document.blocks, source, (chapter, number))
    new = old[: edit.start] + edit.text + old[edit.end :]
    if not new.strip():
        start, end = _extent(block, source)
        return Fitted(chapter, start, end + 1, "", number, gone=True)
    try:
        return _replaced(old.split(), new.split(), block, source, (chapter, number))
    except _Unplaced as error:
        raise (
            error if (line := _drawn_in(block, source, manuscript)) is None else Unfit(_DRAWN.format(line=line))
        ) from error


def _replaced(old: list[str], new: list[str], block: Block, source: SourceFile, at: tuple[int, int]) -> Fitted:
    """Return the replacement of the words that differ between `old` and `new`."""
    first, last = _common(old, new)
    gone, come = old[first : len(old) - last], new[first : len(new) - last]
    if not gone and not come:
        raise Unfit("it concerns what pubkit prints, such as the number of a citation")
    there = block.text.split()
    if max(len(old), len(there)) > _MOST_WORDS:
        raise Unfit("it is in a paragraph that is too long to align")
    same = _aligned(old, there)
    stretch = range(first - 1, len(old) - last + 1), range(first - 1, len(new) - last + 1)
    if _in_a_row(new, stretch[1], there) and not _in_a_row(old, stretch[0], there):
        raise Present
    places = [same.get(number) for number in range(first, first + len(gone))]
    if gone:
        index = places[0]
        if index is None or places != list(range(index, index + len(gone))):
            raise Unfit("it is among words that the manuscript does not have in this order")
        start, end = _span(there, index, len(gone), block, source)
        if not come:
            start = start - 1 if start and source.text[start - 1] == " " else start
        return Fitted(at[0], start, end, _escaped(come), at[1], index, len(gone), tuple(come))
    before, after = same.get(first - 1), same.get(first)
    index = before + 1 if before is not None else after
    if index is None:
        raise Unfit("it is between words that the manuscript does not have")
    place, words = _gap(there, before, after, _escaped(come), (block, source))
    return Fitted(at[0], place, place, words, at[1], index, 0, tuple(come))


def _in_a_row(words: list[str], numbers: range, there: list[str]) -> bool:
    """Return whether the words of these numbers, and the ends of the text, follow one another in `there` as well."""
    same = _aligned(words, there) | {-1: -1, len(words): len(there)}
    places = [same.get(number) for number in numbers]
    return places[0] is not None and places == list(range(places[0], places[0] + len(places)))


def _drawn_in(block: Block, source: SourceFile, manuscript: Manuscript) -> int | None:
    """Return the line of the icon array that `block` is the caption of; None if it is none's."""
    made = [image.alt for image in manuscript.document.images if pictographs.drawing_of(image.target)]
    if block.kind is not BlockKind.CAPTION or not any(words in block.text for words in made):
        return None
    lines = source.text.split("\n")[: block.location.line]
    return next((at for at in range(len(lines), 0, -1) if pictographs.CLASS in lines[at - 1]), None)


def _common(old: list[str], new: list[str]) -> tuple[int, int]:
    """Return how many words are the same at the beginning and at the end."""
    shortest = min(len(old), len(new))
    first = next((number for number in range(shortest) if old[number] != new[number]), shortest)
    rest = shortest - first
    last = next((number for number in range(rest) if old[-1 - number] != new[-1 - number]), rest)
    return first, last


def _aligned(here: list[str], there: list[str]) -> dict[int, int]:
    from rapidfuzz.distance import Levenshtein

    blocks = Levenshtein.opcodes(here, there).as_matching_blocks()
    return {one.a + step: one.b + step for one in blocks for step in range(one.size)}


def _span(words: list[str], index: int, count: int, block: Block, source: SourceFile) -> tuple[int, int]:
    """Return where `count` words from `index` on are in the source, letter for letter."""
    start = _start(index, block, source)
    wanted = r"(?:\s|&nbsp;|\\ )+".join(map(re.escape, words[index : index + count]))
    found = re.compile(wanted).match(source.text, start)
    if found is None:
        raise Unfit("it is among markup, a citation or an escape")
    return found.span()


def _start(index: int, block: Block, source: SourceFile) -> int:
    """Return where the word `index` of a block begins in the source."""
    token = [*_TOKEN.finditer(block.text)][index]
    letter = _LETTER.search(token[0])
    if letter is None:
        raise _Unplaced("it begins with a sign whose place is not known")
    offset = token.start() + letter.start()
    known = dict(block.anchors).get(offset)
    if known is None or not known.line or known.file != source.path:
        raise _Unplaced("it begins with a word whose place is not known")
    lines = source.text.split("\n")
    at = sum(len(line) + 1 for line in lines[: known.line - 1]) + (known.column or 1) - 1 - letter.start()
    if not source.text.startswith(token[0], at):
        raise Unfit("it is among markup, a citation or an escape")
    return at


def _gap(
    words: list[str], before: int | None, after: int | None, new: str, where: tuple[Block, SourceFile]
) -> tuple[int, str]:
    """Return the place between two words for `new`, where nothing but spaces is beside it, and `new` with its space."""
    block, source = where
    if before is not None:
        end = _span(words, before, 1, block, source)[1]
        if end == len(source.text) or source.text[end].isspace():
            return end, f" {new}"
    if after is not None:
        start = _start(after, block, source)
        if start == 0 or source.text[start - 1].isspace():
            return start, f"{new} "
    raise Unfit("it is beside markup or a citation")


def _with_paragraphs(edit: Edit, old: str, blocks: Sequence[Block], source: SourceFile, at: tuple[int, int]) -> Fitted:
    """Return the place for new paragraphs before or after the one that `edit` is in."""
    block = blocks[at[1]]
    added = tuple(words for part in edit.text.split(PARAGRAPH_END) if (words := " ".join(part.split())))
    if block.kind not in _STANDALONE or not added:
        raise Unfit("it divides a text that is not a paragraph of its own")
    beside = blocks[max(0, at[1] - len(added)) : at[1]], blocks[at[1] + 1 : at[1] + 1 + len(added)]
    if any(added == tuple(" ".join(one.text.split()) for one in near) for near in beside):
        raise Present
    start, end = _extent(block, source)
    markdown = "".join(f"{_paragraph(words)}\n\n" for words in added)
    if not old[: edit.start].strip() and edit.text.endswith(PARAGRAPH_END) and edit.end == edit.start:
        return Fitted(at[0], start, start, markdown, at[1], added=added)
    if not old[edit.end :].strip() and edit.text.startswith(PARAGRAPH_END) and edit.end == edit.start:
        return Fitted(at[0], end, end, "\n" + markdown.removesuffix("\n"), at[1], added=added)
    raise Unfit("it divides a paragraph; divide it by hand")


def _extent(block: Block, source: SourceFile) -> tuple[int, int]:
    """Return where the lines of a paragraph or heading begin and end in its source; empty lines are around them."""
    if block.kind not in _STANDALONE:
        raise Unfit("it is a whole item, cell, note or caption")
    lines = source.text.split("\n")
    first = block.location.line - 1
    last = next((number for number in range(first, len(lines)) if not lines[number].strip()), len(lines))
    if (first and lines[first - 1].strip()) or block.location.column > 4:
        raise Unfit("it is inside a list, a quotation or a box")
    start = sum(len(line) + 1 for line in lines[:first])
    return start, min(len(source.text), start + sum(len(line) + 1 for line in lines[first:last]))


def _escaped(words: Sequence[str]) -> str:
    """Return words as Markdown that prints them as they are."""
    return _SPECIAL.sub(r"\\\g<0>", " ".join(words))


def _paragraph(words: str) -> str:
    return _STARTS_A_BLOCK.sub(lambda found: f"{found[1] or ''}\\{found[2]}", _escaped(words.split()))
