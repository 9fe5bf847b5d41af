"""The HTML of one chapter, read into its tree.

Pandoc's Markdown reader leaves each tag as a raw part and reads what is between the tags as Markdown. Here the tags are
nested and become elements of the tree, list by list; no raw HTML is left. What an author has marked as raw HTML as a whole,
`{=html}`, is read by pandoc's HTML reader. Either way the policy judges the result: this module decides what a tag means,
never what is safe.
"""

from __future__ import annotations

import bisect
import hashlib
import html
import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct, field

from pubkit.boundary import pandoc
from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.manuscript import tree
from pubkit.manuscript.html import tags
from pubkit.manuscript.html.blocks import BLOCK_NAMES, paragraphs, read_blocks
from pubkit.manuscript.html.inlines import GAP, INLINE_NAMES, marked_as_left_out, read_inlines, text
from pubkit.manuscript.html.nesting import nested
from pubkit.manuscript.html.places import offsets_by_name
from pubkit.manuscript.html.tags import Tag, attr_of, first_name, read_tag
from pubkit.manuscript.kinds import Kinds
from pubkit.manuscript.positions import SourceWords
from pubkit.manuscript.rules import SRC040, SRC041

__all__ = ["read"]

_READ = INLINE_NAMES | BLOCK_NAMES | tags.TRANSPARENT
_NAMED = _READ | tags.RUNS | tags.ASKS | tags.SILENT | set(tags.LEFT_OUT)
_COMMENTS = expression(r"\s*(?:<!--(?:(?!-->).)*+-->\s*)*", re.DOTALL)
_ANY_TAG = expression(r"<([A-Za-z][\w:-]*)")
_VERBATIM = {"pre", "script", "style", "textarea"}
_VERBATIM_START = expression(r"""\s*<[A-Za-z]++((?:[^<>"']|"[^"]*"|'[^']*')*+)>\n?""")
_VERBATIM_END = expression(r"</[A-Za-z]+\s*>\s*\Z")
_BREAK = expression(r"<br\b[^<>]*>", re.IGNORECASE)
_MOST_ALONE = 20


class _Reader(Struct):
    words: SourceWords
    offsets: dict[str, list[int]]
    kinds: Kinds = field(default_factory=Kinds)
    cursor: int = 0

    def blocks(self, blocks: list[tree.Block]) -> None:
        """Read the HTML in all of `blocks`, in place."""
        for siblings in tree.block_lists(blocks):
            if any(_is_html(node) for node in siblings):
                parts = nested(self.parts(siblings, _as_block), self.too_deep)
                loose = read_blocks(parts)
                siblings[:] = paragraphs(loose) if len(loose) > 1 else loose
        self.cursor = 0
        for line in tree.inline_lists(blocks):
            if any(_is_html(node) for node in line):
                parts = nested(self.parts(line, _as_inline), self.too_deep)
                line[:] = read_inlines(parts)
        _drop_empty(blocks)
        _name_headings(blocks)

    def parts(
        self, siblings: Sequence[tree.Node], shown: Callable[[tree.Inline], tree.Node]
    ) -> Iterator[Tag | tree.Node]:
        """Yield `siblings` with tags in the place of the raw parts that are read; other raw parts are left out."""
        ended = _ended(siblings)
        for node in siblings:
            match node:
                case tree.RawInline((_, source)) | tree.RawBlock((_, source)) if _is_html(node):
                    yield from () if _COMMENTS.fullmatch(source) else self.raw(source, ended, shown)
                case _:
                    yield node

    def raw(
        self, source: str, ended: frozenset[str], shown: Callable[[tree.Inline], tree.Node]
    ) -> Iterator[Tag | tree.Node]:
        """Yield what one raw part becomes; `ended` are the names of which an end tag follows somewhere."""
        name = first_name(source)
        tag = read_tag(source) or Tag(name, source.lstrip().startswith("</"))
        if name in _VERBATIM and not tag.closing and not read_tag(source):
            yield from self.verbatim(name, source, shown)
        elif tag.name in _READ:
            self.place(tag)
            yield tag
        else:
            if not tag.closing:
                yield from self.unread(tag, shown)
            if tag.name not in _NAMED and not tag.closing and _is_placeholder(source, ended):
                yield shown(tree.Str(" ".join(source.split())))
            yield GAP

    def verbatim(self, name: str, source: str, shown: Callable[[tree.Inline], tree.Node]) -> Iterator[Tag | tree.Node]:
        """Yield what an element whose content is not Markdown becomes."""
        start = _VERBATIM_START.match(source)
        inside = _VERBATIM_END.sub("", source[start.end() :] if start else "")
        if name == "pre":
            self.place(Tag(name))
            tag = read_tag(start[0]) if start else None
            yield tree.CodeBlock((attr_of(tag or Tag(name)), _without_tags(inside)))
            return
        yield from self.unread(Tag(name), shown)
        if name == "textarea" and (words := _without_tags(inside).split()):
            yield shown(tree.Str(" ".join(words)))

    def unread(self, tag: Tag, shown: Callable[[tree.Inline], tree.Node]) -> Iterator[tree.Node]:
        """Report a tag that is not read, and yield what a draft shows for it."""
        place, name = self.place(tag), printable(tag.name, 40)
        if tag.name in tags.RUNS:
            remedy = (
                "Remove it: pubkit publishes no scripts, videos or embedded pages. Describe the content and link to it."
            )
            self.kinds.note(
                SRC040, f"The HTML element <{name}> runs code or loads files; it is left out.", remedy, place
            )
        elif tag.name in tags.ASKS:
            remedy = "Remove it: nobody receives what a reader enters. Its words stay."
            self.kinds.note(SRC040, f"The HTML element <{name}> asks for input; it is left out.", remedy, place)
        elif tag.name not in tags.SILENT:
            remedy = "Write it in Markdown, or remove the tag; its content stays. If < is meant as a sign, write \\<."
            self.kinds.note(SRC041, f"The HTML element <{name}> is not one that pubkit reads.", remedy, place)
        if what := tags.LEFT_OUT.get(tag.name):
            yield shown(marked_as_left_out(what))

    def place(self, tag: Tag) -> Location:
        """Return where the next tag of this name begins, and go on from there."""
        if tag.closing:
            return self.words.location(self.cursor)
        known = self.offsets.get(tag.name, ())
        index = bisect.bisect_left(known, self.cursor)
        if index < len(known):
            self.cursor = known[index] + 1
            return self.words.location(known[index])
        return self.words.location(known[-1] if known else self.cursor)

    def too_deep(self, tag: Tag) -> None:
        """Report a tag that is nested too deeply."""
        message = f"The HTML element <{printable(tag.name, 40)}> is nested too deeply, so it is not read."
        self.kinds.note(SRC041, message, "Close the elements before it; its content stays.", self.place(tag))

    def foreign(self, blocks: list[tree.Block], pieces: Sequence[tree.RawBlock | tree.RawInline]) -> None:
        """Replace each of `pieces`, which are more than one tag, by what pandoc's HTML reader makes of it."""
        read = _read_by_pandoc([piece.text for piece in pieces], self.words)
        made = {id(piece): self.judged(piece.text, one) for piece, one in zip(pieces, read, strict=True)}
        for siblings in tree.block_lists(blocks):
            siblings[:] = [new for node in siblings for new in made.get(id(node), [node])]
        for line in tree.inline_lists(blocks):
            line[:] = [new for node in line for new in (text(made[id(node)]) if id(node) in made else [node])]

    def judged(self, source: str, read: list[tree.Block] | None) -> list[tree.Block]:
        """Return what was read of a piece, with marks for content that is missing from a draft."""
        names = list(dict.fromkeys(found[1].lower() for found in _ANY_TAG.finditer(source)))
        left_out = [mark for name in names if name not in _READ for mark in self.unread(Tag(name), _as_block)]
        if read is None:
            message = "There is too much raw HTML that is not closed, so this piece is left out."
            place = self.place(Tag(first_name(source)))
            self.kinds.note(SRC041, message, "Close its elements, or write it in Markdown.", place)
            return [tree.Para([marked_as_left_out("HTML")])]
        return paragraphs([*read, *(mark for mark in left_out if isinstance(mark, tree.Para))])


def read(blocks: list[tree.Block], words: SourceWords) -> list[Finding]:
    """Read the HTML in `blocks`, one chapter, in place; return a finding for each kind of element that is not read.

    Raises:
        InputRefused: a piece of raw HTML needs more time or memory than pubkit grants.
    """
    raw = [node for node in tree.nodes(blocks) if isinstance(node, tree.RawBlock | tree.RawInline) and _is_html(node)]
    if not raw:
        return []
    reader = _Reader(words, offsets_by_name(words.text))
    if whole := [node for node in raw if _is_whole(node.text)]:
        reader.foreign(blocks, whole)
        reader.cursor = 0
    reader.blocks(blocks)
    return reader.kinds.findings()


def _ended(siblings: Sequence[tree.Node]) -> frozenset[str]:
    """Return the names of the elements that have an end tag among `siblings`."""
    sources = (node.text for node in siblings if isinstance(node, tree.RawInline | tree.RawBlock) and _is_html(node))
    return frozenset(first_name(source) for source in sources if source.lstrip().startswith("</"))


def _is_placeholder(source: str, ended: frozenset[str]) -> bool:
    """Return whether a tag is meant as text, such as "<your name>": an unknown name, no end tag and no attributes."""
    return "=" not in source and not source.rstrip().endswith("/>") and first_name(source) not in ended


def _is_html(node: tree.Node) -> bool:
    return isinstance(node, tree.RawInline | tree.RawBlock) and node.format == "html"


def _as_inline(inline: tree.Inline) -> tree.Node:
    return inline


def _as_block(inline: tree.Inline) -> tree.Node:
    return tree.Para([inline])


def _without_tags(source: str) -> str:
    """Return the text in HTML."""
    return html.unescape(re.sub(r"<[^<>]*>", "", _BREAK.sub("\n", source))).rstrip("\n")


def _is_whole(source: str) -> bool:
    """Return whether raw HTML is more than one tag, a comment, or an element whose content is not Markdown."""
    if _COMMENTS.fullmatch(source) or read_tag(source):
        return False
    name = first_name(source)
    return not (name in _VERBATIM and source.lower().count(f"</{name}") <= 1) or not name


def _read_by_pandoc(sources: Sequence[str], words: SourceWords) -> list[list[tree.Block] | None]:
    """Return what pandoc reads from each piece of HTML: all at once, or one by one if they run into each other.

    At most `_MOST_ALONE` pieces are read one by one; the others give None.
    """
    key = hashlib.sha256(words.text.encode()).hexdigest()[:24]
    names = [f"{key}-{number}" for number in range(len(sources))]
    page = "\n".join(f'<div id="{name}">\n{source}\n</div>' for name, source in zip(names, sources, strict=True))
    together = _html(page)
    divs = [block for block in together if isinstance(block, tree.Div)]
    if len(divs) == len(together) and [div.attr.identifier for div in divs] == names:
        return [div.content for div in divs]
    alone = [_html(source) for source in sources[:_MOST_ALONE]]
    return [*alone, *([None] * (len(sources) - len(alone)))]


def _html(page: str) -> list[tree.Block]:
    return tree.decode(pandoc.read_html(page)).blocks


def _drop_empty(blocks: list[tree.Block]) -> None:
    """Drop paragraphs that contained only tags, such as a single line break."""
    for siblings in tree.block_lists(blocks):
        siblings[:] = [block for block in siblings if not _is_blank(block)]


def _is_blank(block: tree.Block) -> bool:
    blank = (tree.Space, tree.SoftBreak, tree.LineBreak)
    return isinstance(block, tree.Para | tree.Plain) and all(isinstance(one, blank) for one in block.content)


def _name_headings(blocks: list[tree.Block]) -> None:
    """Give headings without an id one made from their words, as pandoc does."""
    siblings = (block for one in tree.block_lists(blocks) for block in one)
    unnamed = [block for block in siblings if isinstance(block, tree.Header) and not block.attr.identifier]
    taken = {tree.identifier(node) for node in tree.attributed(blocks)} if unnamed else set()
    counts: dict[str, int] = {}
    for header in unnamed:
        words = re.sub(r"[^\w\s.-]", "", tree.plain_text(header.content)).strip().lower()
        name = base = re.sub(r"\s+", "-", words).lstrip("0123456789.-_") or "section"
        while name in taken:
            counts[base] = counts.get(base, 0) + 1
            name = f"{base}-{counts[base]}"
        header.attr.identifier = name
        taken.add(name)
