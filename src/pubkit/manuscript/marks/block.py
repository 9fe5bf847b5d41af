"""One block between fences: its lines, and the edits that every kind of block needs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from pubkit.boundary.text import Edit, SourceFile, part
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.fences import Fence, Line, indent_in_list

__all__ = ["Block", "put"]


class Block(NamedTuple):
    """A block between fences.

    Args:
        source: the text.
        fence: the fence that opens the block.
        number: the number of that line.
        end: the number of the line that closes the block, or the number of lines in the text if none does.
        written: the lines of the text.
        known: what the block may refer to; what cannot be read is noted there.
        closes: the edits for closing lines further down, by line number; grows.
    """

    source: SourceFile
    fence: Fence
    number: int
    end: int
    written: Sequence[Line]
    known: Context
    closes: dict[int, list[Edit]]

    @property
    def first(self) -> Line:
        """Return the line that opens the block."""
        return self.written[self.number]

    @property
    def body(self) -> Sequence[Line]:
        """Return the lines inside; only for what takes the block as a whole, since blocks may be nested in any number."""
        return self.written[self.number + 1 : self.end]

    @property
    def last(self) -> Line | None:
        """Return the line that closes the block, if there is one."""
        return self.written[self.end] if self.end < len(self.written) else None

    @property
    def indent(self) -> str:
        """Return the characters before the fence."""
        return self.fence.indent

    @property
    def box_indent(self) -> str:
        """Return the characters that are to be before the fences of a box, which pandoc wants at the text of a list item."""
        return indent_in_list(self.written, self.number, self.indent) if self.indent.isspace() else self.indent

    @property
    def stop(self) -> int:
        """Return the offset at which the block ends, including the line that closes it."""
        return self.last.end if self.last else self.body_end

    @property
    def body_end(self) -> int:
        """Return the offset at which the lines inside the block end."""
        return self.written[self.end - 1].end

    def after_options(self, skipped: int) -> int:
        """Return the offset after the first `skipped` lines of the body, which are options."""
        return self.written[self.number + skipped].end

    def words(self, start: int, words: str) -> SourceFile:
        """Return `words` of the opening line with their place; `start` counts from the end of the fence's signs."""
        at = self.first.start + self.first.text.index(self.fence.info) + start
        return part(self.source, at, at + len(words))

    def note(self, what: str, *, computed: bool = False) -> None:
        """Note that the block cannot be read."""
        self.known.unread.append(Unread(what, self.source, self.first.start, computed))

    def note_output(self) -> None:
        """Note that the output of the block's code is missing."""
        self.note("has code whose output is not in the manuscript", computed=True)

    def replaced(self, *new: str | SourceFile) -> Iterator[Edit]:
        """Yield the edits that put `new` in the place of the whole block."""
        yield from put(new, self.first.start, self.stop)

    def include(self, names: list[str]) -> Iterator[Edit]:
        """Yield the edits that put the files `names` in the place of the block."""
        files = [(name, self.known.file(name)) for name in names]
        for name, file in files:
            if file is None:
                self.note(f"includes {name}, which does not exist")
        yield from self.replaced(*(new for _, file in files if file is not None for new in ("\n", file)), "\n")

    def at_end(self, *new: str | SourceFile) -> Iterator[Edit]:
        """Put `new` in the place of the closing line once the lines before it have been read."""
        if self.last is None:
            yield from put(("\n", *new), self.body_end, self.body_end)
        else:
            self.closes[self.end] = list(put(new, self.last.start, self.last.end))


def put(new: tuple[str | SourceFile, ...], start: int, end: int) -> Iterator[Edit]:
    """Yield the edits that put the texts `new`, one after the other, in the place of what is from `start` to `end`."""
    for text in new[:-1]:
        yield Edit(start, start, text)
    yield Edit(start, end, new[-1])
