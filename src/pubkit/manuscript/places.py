"""Where the parts of a syntax tree are in the source, although pandoc's Markdown reader keeps no positions.

The words of the tree, in the order in which their author wrote them, are aligned with those of the source as a whole
(`pubkit.language.alignment`), so that a word that occurs often is found where its neighbours are. Citations have exact
places, because their keys were marked before the parse (`pubkit.manuscript.marking`), and hold the alignment. Two kinds of
text do not follow the order of the tree: a footnote is looked for where its mark leads, and what a table's order leaves
over (a caption above the rows, the lines of cells that are side by side) in the part of the source that holds the table.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator, Sequence
from typing import cast, get_args

from msgspec import Struct, field

from pubkit.expressions import expression
from pubkit.language.alignment import aligned
from pubkit.language.folding import caseless
from pubkit.manuscript import tree
from pubkit.manuscript.positions import NOTE_MARK, SourceWords, words

__all__ = ["Places"]

#: Text that is not a word of the tree is looked for within this many characters.
_FAR = 20_000
#: How often the words that a table leaves over are aligned again: the most cells side by side.
_MOST_COLUMNS = 12
#: The most words of the source that an inline note can take up: this many for each of its own, and this many more.
_WORDS_TO_A_WORD = 4
_MORE_WORDS = 200

#: Signs that occur in the words of a tree but not in those of any source.
_NO_WORD = "\0"

_NOTE_MARK = expression(r"\[\^([^\[\]\s]+)\](?!:)|\^\[")
_NOTE = expression(r"^[ \t>]*\[\^([^\]\s]+)\]:", re.MULTILINE)
_NOTE_END = expression(r"\n[ \t>]*\n(?=[^\s>])")
_LINK_TARGET = expression(r"^[ \t>]*\[(?!\^)[^\]\n]+\]:[ \t]*\n?[ \t]*<?([^\s>]+)", re.MULTILINE)

_IDENTIFIER = expression(r"\{[^{}\n]{0,200}?#([^\s{}]+)")

_SPACES = frozenset({tree.Space, tree.SoftBreak, tree.LineBreak, tree.HorizontalRule})
_Text = tree.Str | tree.Code | tree.Math | tree.RawInline | tree.CodeBlock | tree.RawBlock
_TEXTS = frozenset(get_args(_Text))


class _Token(Struct, frozen=True):
    """A citation: it is not a word, so it is aligned with nothing but itself."""

    text: str


class _Unprinted(Struct, frozen=True):
    """What the author has written beside a text: the target of a link, an identifier, attributes."""

    text: str


class _End(Struct):
    """The end of a node, all of whose words have been read."""

    node: tree.Node
    start: int


class _Flow(Struct):
    """Words in the order in which they were written: the text of a chapter, or that of a note.

    `offsets` holds for each word its place in the text of its node, `found` the number of the word of the source that it
    is, -1 if it is in none. `start` and `end` are the offsets of the source between which the flow lies.
    """

    start: int
    end: int
    words: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    tables: list[tuple[int, int]] = field(default_factory=list)
    notes: list[tuple[int, tree.Note]] = field(default_factory=list)
    found: list[int] = field(default_factory=list)
    before: list[int] = field(default_factory=list)
    behind: list[int] = field(default_factory=list)

    def settle(self, source: SourceWords) -> None:
        """Find for each word where the last one before it ends in the source, and where the next from it on begins."""
        end, start = self.start, self.end
        self.before, self.behind = [end], [start]
        for number in self.found:
            if number >= 0:
                end = source.ends[number]
            self.before.append(end)
        for number in reversed(self.found):
            if number >= 0:
                start = source.starts[number]
            self.behind.append(start)
        self.behind.reverse()


#: A node, which is kept so that nothing else has its id, and its words: the range of their numbers in a flow.
_Span = tuple[object, _Flow, int, int]


class Places:
    """The places of the nodes of one chapter in its source, as offsets.

    Args:
        source: the chapter's source.
        blocks: its tree; citation ids are still tokens.
        key_offset: returns the key and source offset of a token; None if the id is not a token.
    """

    def __init__(
        self,
        source: SourceWords,
        blocks: list[tree.Block],
        key_offset: Callable[[str], tuple[str, int] | None],
    ) -> None:
        self.source = source
        self._key_offset = key_offset
        self._spans: dict[int, _Span] = {}
        self._asked: dict[tuple[int, str], int | None] = {}
        self._searched: dict[int, int] = {}
        self._source_words = list(source.words)
        self._marks = list(_NOTE_MARK.finditer(source.text))
        notes = list(_NOTE.finditer(source.text))
        self._definitions = {caseless(one[1]): one.end() for one in reversed(notes)}
        self._definition_starts = [*(one.start() for one in notes), len(source.text)]
        targets = list(_LINK_TARGET.finditer(source.text))
        self._targets = {one[1]: one.start(1) for one in reversed(targets)}
        for one in targets:
            numbers = self._numbers(one.start(), one.end())
            self._source_words[numbers.start : numbers.stop] = [""] * len(numbers)
        self._html_spans = "<span" in source.text
        self._identifiers = set(_IDENTIFIER.findall(source.text))
        self._flows: list[_Flow] = []
        text = self._read(blocks, 0, len(source.text))
        self._current: _Span = (None, text, 0, 0)
        noted = {
            number for start in self._called() for number in self._numbers(self._label(start), self._note_end(start))
        }
        self._align(text, noted)
        self._align_notes(text)

    # What is asked

    def anchors(self, node: tree.Node) -> list[tuple[int, int]]:
        """Return pairs of a word's offset in the text of `node` and in the source, without words not in the source.

        A node that was not in the tree, or repeats another, has none.
        """
        span = self._spans.get(id(node))
        if span is None:
            return []
        _, flow, start, end = self._current = span
        starts, found, offsets = self.source.starts, flow.found, flow.offsets
        return [(offsets[one], starts[found[one]]) for one in range(start, end) if found[one] >= 0]

    def start(self, node: tree.Node) -> int:
        """Return where `node` begins: at its first word, or after what comes before it."""
        _, flow, start, end = self._span(node)
        first = next((number for number in flow.found[start:end] if number >= 0), None)
        return flow.before[start] if first is None else self.source.starts[first]

    def extent(self, node: tree.Node) -> tuple[int, int]:
        """Return where the first word of `node` begins and the last one ends; the same offset twice if it has none."""
        _, flow, start, end = self._span(node)
        known = [number for number in flow.found[start:end] if number >= 0]
        if not known:
            return flow.before[start], flow.before[start]
        return self.source.starts[min(known)], self.source.ends[max(known)]

    def find(self, node: tree.Node, text: str) -> int | None:
        """Return where `text`, a part of `node` that need not be words, is in the source; None if it is not near.

        If several nodes without words are between the same words, ask for each once, in their order.
        """
        return self.search(node, re.escape(text))

    def search(self, node: tree.Node, pattern: str) -> int | None:
        """Return the first place that the regular expression `pattern` matches, as `find` does."""
        span = self._span(node)
        asked = (id(span[0]), pattern)
        if asked not in self._asked:
            self._asked[asked] = self._searched_for(span, re.compile(pattern, re.MULTILINE))
        return self._asked[asked]

    def target(self, url: str) -> int | None:
        """Return where the definition of a reference link names `url`; None if there is none."""
        return self._targets.get(url)

    def left_over(self) -> list[int]:
        """Return the numbers of the words of the source that are in no part of the tree, in order."""
        found = {number for flow in self._flows for number in flow.found}
        return [number for number, word in enumerate(self._source_words) if word and number not in found]

    def printed(self) -> Iterator[str]:
        """Yield the words of the tree, folded: those of the text, and then those of each note."""
        return (word for flow in self._flows for word in flow.words)

    def _span(self, node: tree.Node) -> _Span:
        """Return the words of `node`; for a node that was not in the tree, those of the last node asked for."""
        self._current = self._spans.get(id(node), self._current)
        return self._current

    def _searched_for(self, span: _Span, pattern: re.Pattern[str]) -> int | None:
        low, high = self._around(span)
        start = max(low, self._searched.get(low, low))
        # The words of an HTML link's address come before its content: what is not near may be later in the paragraph.
        end = self.source.text.find("\n\n", high)
        ranges = (start, high), (low, high), (start, end if end >= 0 else len(self.source.text))
        found = next((one for first, last in ranges if (one := pattern.search(self.source.text, first, last))), None)
        if found is None:
            return None
        self._searched[low] = found.end()
        return found.start()

    def _around(self, span: _Span) -> tuple[int, int]:
        """Return the offsets between which `span` lies: the end of the word before it, and the start of the next."""
        _, flow, start, end = span
        known = [number for number in flow.found[start:end] if number >= 0]
        low, high = flow.before[start], flow.behind[end]
        if known:
            first, last = self.source.starts[min(known)], self.source.ends[max(known)]
            low = low if low <= first else self.source.text.rfind("\n", 0, first) + 1
            high = max(high, last)
        return low, min(max(low, high), low + _FAR)

    # How it is found

    def _read(self, content: object, start: int, end: int) -> _Flow:
        """Return the words of `content`, a part of the tree that lies between two offsets of the source."""
        flow = _Flow(start, end)
        stack = [content]
        while stack:
            part = stack.pop()
            kind = part.__class__
            if kind is tree.Str:
                self._read_words(cast("tree.Str", part), flow)
            elif kind in _TEXTS:
                beside = self._beside(cast("_Text", part))
                self._read_beside(beside if kind is tree.CodeBlock else (), flow)
                self._read_words(cast("_Text", part), flow)
                self._read_beside(beside if kind is tree.Code else (), flow)
            elif kind in _SPACES:
                continue
            elif kind in {list, tuple}:
                stack.extend(reversed(part))  # type: ignore[call-overload]
            elif isinstance(part, _End):
                self._ended(part.node, flow, part.start)
            elif isinstance(part, _Token):
                flow.words.append(part.text)
                flow.offsets.append(0)
            elif isinstance(part, _Unprinted):
                self._read_beside([part], flow)
            elif isinstance(part, tree.Note):
                flow.notes.append((len(flow.words), part))
                # What follows the mark may be the note: nothing is aligned across it.
                flow.words += (NOTE_MARK, _NO_WORD)
                flow.offsets += (0, 0)
            elif isinstance(part, tree.Node):
                stack += (_End(part, len(flow.words)), self._within(part))
        flow.found = [-1] * len(flow.words)
        self._flows.append(flow)
        return flow

    def _read_beside(self, beside: Sequence[_Unprinted], flow: _Flow) -> None:
        flow.words += (word for one in beside for _, word in words(one.text))
        flow.offsets += [0] * (len(flow.words) - len(flow.offsets))

    def _read_words(self, node: _Text, flow: _Flow) -> None:
        text, first = node.text, len(flow.words)
        if text.isalnum():
            flow.words.append(text.casefold())
            flow.offsets.append(0)
        else:
            for offset, word in words(text):
                flow.words.append(word)
                flow.offsets.append(offset)
        self._spans[id(node)] = (node, flow, first, len(flow.words))

    def _ended(self, node: tree.Node, flow: _Flow, start: int) -> None:
        self._spans[id(node)] = (node, flow, start, len(flow.words))
        if isinstance(node, tree.Table):
            flow.tables.append((start, len(flow.words)))
        if isinstance(node, tree.Figure):
            for image in tree.every(tree.Image, node.content):
                self._spans.setdefault(id(image), self._spans[id(node)])

    def _within(self, node: tree.Node) -> Sequence[object]:
        """Return the content of `node`, in the order in which an author writes it."""
        match node:
            case tree.Cite():
                return [part for one in node.citations for part in (one.prefix, self._token(one.key), one.suffix)]
            case tree.Table():
                cells = (cell.content for row in node.rows for cell in row.cells)
                return [*cells, node.caption.blocks, *self._beside(node)]
            case tree.Figure():
                caption = node.caption.blocks
                inner = [part for block in node.content for part in self._in_figure(block, caption)]
                return [caption, *inner, *self._beside(node)]
        content: Sequence[object] = getattr(node, "content", ())
        beside = self._beside(node)
        if not beside:
            return content
        first = isinstance(node, tree.Div) or (isinstance(node, tree.Span) and self._html_spans)
        return [*beside, content] if first else [content, *beside]

    def _in_figure(self, block: tree.Block, caption: list[tree.Block]) -> Sequence[object]:
        """Return the content of a block in a figure, without an alternative text that repeats the caption."""
        match block:
            case tree.Plain([tree.Image() as image]) if tree.plain_text(image.content) == tree.plain_text(caption):
                return self._beside(image)
        return [block]

    def _beside(self, node: tree.Node) -> Sequence[_Unprinted]:
        """Return what the author has written beside the content of `node` and is not printed."""
        attr = tree.attributes(node)
        if attr is None:
            return ()
        written = [*attr.classes, *(part for pair in attr.pairs for part in pair)]
        if attr.identifier in self._identifiers:
            written.insert(0, attr.identifier)
        if isinstance(node, tree.Link | tree.Image) and node.target.url not in self._targets:
            if "uri" in attr.classes or "email" in attr.classes:
                return ()
            written[:0] = [node.target.url, node.target.title]
        return [_Unprinted(" ".join(written))] if written else ()

    def _token(self, identifier: str) -> _Token | _Unprinted:
        """Return the word for a citation, and put it into the source at the place of its key.

        A key that stayed, because there are more mentions of keys as short than tokens, is found as other words are.
        """
        known = self._key_offset(identifier)
        if known is None:
            return _Unprinted(identifier)
        key, offset = known
        number = bisect.bisect_left(self.source.starts, offset)
        end = bisect.bisect_left(self.source.starts, offset + len(key) + 1)
        if key and number < end:
            self._source_words[number:end] = [f"\0{identifier}", *[""] * (end - number - 1)]
        return _Token(f"\0{identifier}")

    def _numbers(self, start: int, end: int) -> range:
        """Return the numbers of the words of the source that begin from `start` to `end`."""
        return range(bisect.bisect_left(self.source.starts, start), bisect.bisect_left(self.source.starts, end))

    def _called(self) -> list[int]:
        """Return where the text of each note begins that is defined apart and called in the text."""
        called = {caseless(one[1]) for one in self._marks if one[1]}
        return [start for name, start in self._definitions.items() if name in called]

    def _label(self, start: int) -> int:
        """Return where the definition begins of the note whose own text begins at `start`."""
        return self._definition_starts[bisect.bisect_left(self._definition_starts, start) - 1]

    def _align(self, flow: _Flow, noted: set[int]) -> None:
        """Find the words of the text of the chapter, in the source without the words of its notes."""
        places = [number for number in range(len(self._source_words)) if number not in noted]
        self._assign(flow, range(len(flow.words)), places)
        flow.settle(self.source)
        taken = set(flow.found) | noted
        for first, last in _outer(flow):
            self._align_table(flow, first, last, taken)
        self._taken = frozenset(flow.found)

    def _align_table(self, flow: _Flow, first: int, last: int, taken: set[int]) -> None:
        """Find the words in the source of a table that the order of its rows has left over."""
        places = self._numbers(flow.before[first], flow.behind[last])
        for _ in range(_MOST_COLUMNS):
            left = [number for number in range(first, last) if flow.found[number] < 0]
            free = [number for number in places if number not in taken]
            if not left or not free or not self._assign(flow, left, free):
                break
            taken.update(flow.found[first:last])

    def _align_notes(self, flow: _Flow) -> None:
        """Find the words of the notes of `flow`, each where its mark leads, and those of the notes in them."""
        work = [flow]
        while work:
            flow = work.pop()
            flow.settle(self.source)
            cursor = 0
            for number, note in flow.notes:
                inner = self._read(note.content, 0, 0)
                cursor = self._align_note(flow, number, inner, cursor)
                work.append(inner)

    def _align_note(self, flow: _Flow, number: int, inner: _Flow, cursor: int) -> int:
        """Find the words of the note `inner`, whose mark is word `number` of `flow`; return the mark's end."""
        mark, inner.start, inner.end = self._lead(flow, number, cursor)
        places = self._numbers(inner.start, inner.end)
        if mark == inner.start:
            places = places[: _WORDS_TO_A_WORD * len(inner.words) + _MORE_WORDS]
        free = [place for place in places if place not in self._taken]
        self._assign(inner, range(len(inner.words)), free)
        last = max(inner.found, default=-1)
        return self.source.ends[last] if mark == inner.start and last >= 0 else mark

    def _lead(self, flow: _Flow, number: int, cursor: int) -> tuple[int, int, int]:
        """Return the end of the mark that is word `number` of `flow`, and the start and end of its text."""
        low, high = max(cursor, flow.before[number]), flow.behind[number + 1]
        if flow.found[number] >= 0:
            low = self.source.starts[flow.found[number]]
        at = bisect.bisect_left(self._marks, low, key=re.Match.start)
        mark = self._marks[at] if at < len(self._marks) else None
        if mark is None or mark.start() >= high:
            return low, low, max(low, high)
        start = self._definitions.get(caseless(mark[1])) if mark[1] else None
        if start is None:
            return mark.end(), mark.end(), high
        return mark.end(), start, self._note_end(start)

    def _note_end(self, start: int) -> int:
        """Return where the note ends whose text begins at `start`."""
        end = self._definition_starts[bisect.bisect_left(self._definition_starts, start)]
        last = _NOTE_END.search(self.source.text, start, end)
        return last.start() if last else end

    def _assign(self, flow: _Flow, numbers: Sequence[int], places: Sequence[int]) -> bool:
        """Align some words of `flow` with some of the source; return whether any was found."""
        stretches = aligned([flow.words[one] for one in numbers], [self._source_words[one] for one in places])
        for left, right, length in stretches:
            for shift in range(length):
                flow.found[numbers[left + shift]] = places[right + shift]
        return bool(stretches)


def _outer(flow: _Flow) -> list[tuple[int, int]]:
    """Return the outermost tables of `flow`, in order; tables without a found word between them are one."""
    outer: list[tuple[int, int]] = []
    for first, last in sorted(flow.tables, key=lambda span: (span[0], -span[1])):
        if not outer or last > outer[-1][1]:
            same = outer and flow.before[first] == flow.before[outer[-1][0]]
            outer.append((outer.pop()[0] if same else first, last))
    return outer
