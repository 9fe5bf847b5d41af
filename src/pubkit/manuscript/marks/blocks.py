"""Blocks between fences: chunks, MyST's directives, and divisions with a title, as Docusaurus has them."""

from __future__ import annotations

import csv
import re
from collections.abc import Generator, Iterator

from pubkit.boundary.text import Edit, SourceFile, part
from pubkit.manuscript.marks import cells
from pubkit.manuscript.marks.boxes import box
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.fences import Fence, Line, closing, lines, opening, options
from pubkit.manuscript.marks.names import boxes, named

__all__ = ["block_edits"]

_DIRECTIVE = re.compile(r"^\{(?P<name>[A-Za-z][\w:+-]*)\}[ \t]*(?P<argument>.*)$")
#: A language with further words after it, as GitHub and Docusaurus take them; pandoc would not see a block of code.
_LANGUAGE = re.compile(r"[\w+#.-]+(?=[ \t,]+[^\s{])")
_TITLED = re.compile(r"^(?P<name>[A-Za-z][\w-]*)(?:[ \t]+(?P<title>[^{}\[\]]+?)|\[(?P<bracket>[^\[\]]+)\])$")


def block_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn the fenced blocks of other tools into pandoc's; what is inside them is reached as well."""
    if not any(sign in source.text for sign in ("```", "~~~", ":::")):
        return
    written = lines(source.text)
    common = cells.defaults(source.text, known.variables) if "```" in source.text else {}
    closes: dict[int, str] = {}
    number = 0
    while number < len(written):
        line = written[number]
        fence = opening(line.text)
        if number in closes:
            yield Edit(line.start, line.end, closes.pop(number))
        elif fence is not None and fence.info:
            last = closing(written, number, fence)
            block = _Block(source, fence, written, number, last, known, closes)
            inner = yield from block.edits(common)
            number = inner
            continue
        elif fence is not None and fence.sign != ":":
            number = closing(written, number, fence)
        number += 1


class _Block:
    """One fenced block: which lines it takes, and what becomes of it."""

    def __init__(
        self,
        source: SourceFile,
        fence: Fence,
        written: list[Line],
        first: int,
        last: int,
        known: Context,
        closes: dict[int, str],
    ) -> None:
        self._source = source
        self._fence = fence
        self._first = written[first]
        self._body = written[first + 1 : last]
        self._last = written[last] if last < len(written) else None
        self._number, self._end = first, last
        self._known = known
        self._closes = closes

    def edits(self, common: dict[str, str]) -> Generator[Edit, None, int]:
        """Yield the edits; the number of the line at which to go on is returned."""
        chunk = cells.cell(self._fence, self._body)
        directive = _DIRECTIVE.match(self._fence.info) if self._fence.sign in "`:" else None
        if chunk is not None:
            places = (self._first, self._body, self._last)
            yield from cells.edits(self._source, self._fence, chunk, places, common, self._known)
            return self._end + 1
        if directive is not None:
            return (yield from self._directive(directive["name"], directive.start("argument"), directive["argument"]))
        if self._fence.sign == ":":
            if (titled := _TITLED.match(self._fence.info)) and titled["name"].lower() in boxes():
                group = "title" if titled["title"] else "bracket"
                title = self._words(titled.start(group), titled[group])
                yield from self._box(boxes()[titled["name"].lower()], title, 0)
            return self._number + 1
        elif language := _LANGUAGE.match(self._fence.info):
            start = self._first.start + self._first.text.index(self._fence.info)
            yield Edit(start + language.end(), start + len(self._fence.info), "")
        return self._end + 1

    def _words(self, start: int, words: str) -> SourceFile:
        """Return a part of the line that opens the block; `start` counts in what follows the fence."""
        at = self._first.start + self._first.text.index(self._fence.info) + start
        return part(self._source, at, at + len(words))

    def _directive(self, name: str, start: int, argument: str) -> Generator[Edit, None, int]:
        said, skipped = options(self._body)
        after = self._body[skipped - 1].end if skipped else self._first.end
        kind = boxes().get(said.get("class", "").split(" ")[0], None) if name == "admonition" else boxes().get(name)
        title = self._words(start, argument) if argument else None
        inner = self._number + 1 + skipped
        if kind or name == "admonition" or name.removeprefix("prf:") in named("theorems"):
            yield from self._box(
                kind or "note",
                title or (None if kind else name.partition(":")[2].capitalize() or name.capitalize()),
                skipped,
            )
            return inner
        if name in {"figure", "image"}:
            yield from self._figure(argument, said, after, skipped)
            return self._end + 1
        if name in {"math", "amsmath"}:
            label = f" {{#{said.get('label') or said.get('name')}}}" if said.get("label") or said.get("name") else ""
            first = f"\n{self._fence.indent}$$\n{argument}\n" if argument else f"\n{self._fence.indent}$$\n"
            yield Edit(self._first.start, after, first)
            yield from self._at_end(f"{self._fence.indent}$${label}\n")
            if self._last:
                yield Edit(self._last.start, self._last.end, self._closes.pop(self._end))
            return self._end + 1
        if name in {"code-cell", *named("code")}:
            return (yield from self._code(name, argument, said, after))
        if name in {"table", "list-table", "csv-table"}:
            return (yield from self._table(name, title, said, after, skipped, inner))
        if name == "include":
            yield from self._include(argument.strip())
            return self._end + 1
        if name == "bibliography" or name == "footbibliography":
            yield Edit(self._first.start, self._last.end if self._last else after, "\n::: {#refs}\n:::\n")
            return self._end + 1
        if name in named("dropped"):
            yield Edit(self._first.start, self._last.end if self._last else self._source_end(), "\n")
            return self._end + 1
        if name in named("titled") and title:
            yield Edit(self._first.start, self._first.start, f"\n{self._fence.indent}**")
            yield Edit(self._first.start, self._first.start, title)
            yield Edit(self._first.start, after, "**\n\n")
            yield from self._at_end("\n")
            return inner
        if name not in named("unwrapped") | named("titled"):
            self._known.unread.append(Unread(f"uses the directive {{{name}}}", self._source, self._first.start))
        yield Edit(self._first.start, after, "\n")
        yield from self._at_end("\n")
        return inner

    def _at_end(self, text: str) -> Iterator[Edit]:
        """Put `text` in place of the line that closes the block, when the lines before it have been read."""
        if self._last is None:
            end = self._source_end()
            yield Edit(end, end, f"\n{text}")
        else:
            self._closes[self._end] = text

    def _source_end(self) -> int:
        return self._body[-1].end if self._body else self._first.end

    def _box(self, kind: str, title: SourceFile | str | None, skipped: int) -> Iterator[Edit]:
        after = self._body[skipped - 1].end if skipped else self._first.end
        yield from box(self._fence.indent, kind, title, self._first.start, after)
        yield from self._at_end(f"\n{self._fence.indent}::::\n")

    def _figure(self, path: str, said: dict[str, str], after: int, skipped: int) -> Iterator[Edit]:
        """A picture; the first paragraph below the options is its caption, the rest goes on as text."""
        text = list(self._body[skipped:])
        while text and not text[0].text.strip():
            text.pop(0)
        caption = []
        for line in text:
            if not line.text.strip():
                break
            caption.append(line)
        label = said.get("name") or said.get("label") or ""
        width = said.get("width", "")
        stated = " ".join(
            filter(
                None,
                (
                    f"#{label}" if re.fullmatch(r"[\w:.-]+", label) else "",
                    f'alt="{said["alt"].replace(chr(34), chr(39))}"' if said.get("alt") else "",
                    f"width={width}" if re.fullmatch(r"\d+(?:\.\d+)?(?:%|px|cm|in|em)", width) else "",
                ),
            )
        )
        target = f"](<{path.strip()}>)" + (f"{{{stated}}}" if stated else "") + "\n\n"
        begin = caption[0].start if caption else after
        yield Edit(self._first.start, begin, f"\n{self._fence.indent}![")
        if caption:
            stop = caption[-1].start + len(caption[-1].text)
            yield Edit(stop, caption[-1].end, target)
        else:
            yield Edit(begin, begin, target)
        if self._last:
            yield Edit(self._last.start, self._last.end, "\n")

    def _code(self, name: str, argument: str, said: dict[str, str], after: int) -> Generator[Edit, None, int]:
        tags = said.get("tags", "")
        language = argument.split()[0] if argument.split() else ""
        hidden = name == "code-cell" and re.search(r"remove-(?:cell|input)|hide-cell", tags)
        if name == "code-cell" and "remove-output" not in tags and "remove-cell" not in tags:
            self._known.unread.append(
                Unread("has code whose output is not in the manuscript", self._source, self._first.start, computed=True)
            )
        if name == "literalinclude":
            self._known.unread.append(Unread("includes a file as code", self._source, self._first.start))
        if hidden:
            yield Edit(self._first.start, self._last.end if self._last else self._source_end(), "\n")
        else:
            plain = language if re.fullmatch(r"[\w+-]+", language) else ""
            fence = "`" * max(3, self._fence.length)
            yield Edit(self._first.start, after, f"\n{self._fence.indent}{fence}{plain}\n")
            if self._last:
                yield Edit(self._last.start, self._last.end, f"{self._fence.indent}{fence}\n")
        return self._end + 1

    def _table(
        self, name: str, title: SourceFile | None, said: dict[str, str], after: int, skipped: int, inner: int
    ) -> Generator[Edit, None, int]:
        label = f" {{#{said['name']}}}" if said.get("name") else ""
        yield Edit(self._first.start, after, "\n")
        if name != "table":
            rows = list(self._rows(name, skipped))
            if self._last is None or not rows:
                self._known.unread.append(Unread(f"uses the directive {{{name}}}", self._source, self._first.start))
                return inner
            heads = int(said.get("header-rows", "0")) if said.get("header-rows", "0").isdecimal() else 0
            width = max(map(len, rows))
            yield Edit(after, after, "" if heads else f"|{' |' * width}\n|{'---|' * width}\n")
            for index, row in enumerate(rows):
                for cell in row:
                    yield Edit(after, after, "| ")
                    yield Edit(after, after, cell)
                    yield Edit(after, after, " ")
                yield Edit(after, after, "|" + " |" * (width - len(row)) + "\n")
                if heads and index == 0:
                    yield Edit(after, after, f"|{'---|' * width}\n")
            yield Edit(after, self._last.start, "\n")
        if self._last and (title or label):
            yield Edit(self._last.start, self._last.start, "\n: ")
            yield Edit(self._last.start, self._last.start, title or "")
            yield Edit(self._last.start, self._last.end, f"{label}\n\n")
        elif self._last:
            yield Edit(self._last.start, self._last.end, "\n")
        return inner if name == "table" else self._end + 1

    def _rows(self, name: str, skipped: int) -> Iterator[list[SourceFile | str]]:
        """Yield the cells of a table that is written as a list or as comma-separated values."""
        row: list[SourceFile | str] = []
        for line in self._body[skipped:]:
            if name == "csv-table":
                if line.text.strip():
                    yield [cell.replace("|", "\\|") for cell in next(csv.reader([line.text.strip()]))]
                continue
            found = re.match(r"^[ \t]*(?P<new>[*-][ \t]+)?(?P<cell>[-*])[ \t]?(?P<text>.*)$", line.text)
            if found is None:
                continue
            if found["new"] and row:
                yield row
                row = []
            row.append(part(self._source, line.start + found.start("text"), line.start + len(line.text.rstrip())))
        if row:
            yield row

    def _include(self, name: str) -> Iterator[Edit]:
        file = self._known.file(name)
        end = self._last.end if self._last else self._source_end()
        if file is None:
            self._known.unread.append(Unread(f"includes {name}, which does not exist", self._source, self._first.start))
        else:
            yield Edit(self._first.start, self._first.start, "\n")
            yield Edit(self._first.start, self._first.start, file)
        yield Edit(self._first.start, end, "\n")
