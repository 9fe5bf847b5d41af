"""Boxes written as quotations or indented blocks: alerts of GitHub and Obsidian, admonitions and tabs of MkDocs.

They become divisions of the classes `callout callout-KIND`; a title, if there is one, is a division inside them.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator

from pubkit.boundary.text import Edit, SourceFile, part
from pubkit.expressions import expression
from pubkit.manuscript.marks.fences import Line, indent_in_list, lines
from pubkit.manuscript.marks.names import boxes
from pubkit.manuscript.prose import without_code_blocks

__all__ = ["box", "kind_of", "quoted_boxes"]

_ALERT = expression(r"^(?P<quote>[ \t]*>[ \t]?)\[!(?P<kind>[\w-]+)\][+-]?[ \t]*(?P<title>(?:.*[^ \t])?)[ \t]*$")
_QUOTED = expression(r"^[ \t]*>[ \t]?")
_ADMONITION = expression(
    r'^(?P<indent>[ \t]*)(?:!!!|\?\?\?\+?)(?=[ \t]+[\w"])(?:[ \t]++(?P<kind>[\w-]++)(?:[ \t]++[\w-]++)*+)?'
    r'(?:[ \t]++"(?P<title>[^"]*)")?[ \t]*+$'
)
_TAB = expression(r'^(?P<indent>[ \t]*)===[!+]?[ \t]+"(?P<title>[^"]+)"[ \t]*$')


def kind_of(name: str) -> str | None:
    """Return the kind of box that a class or directive called `name` means; None if it means none."""
    return boxes().get(name.lower().removeprefix("callout-"))


def box(indent: str, kind: str, title: SourceFile | str | None, start: int, end: int, name: str = "") -> Iterator[Edit]:
    """Yield the edits that put the beginning of a box, labelled `name`, in the place of the characters from `start`."""
    label = f"#{name} " if name else ""
    yield Edit(start, start, f"\n{indent}:::: {{{label}.callout .callout-{kind}}}\n")
    if title:
        yield Edit(start, start, f"{indent}::: {{.callout-title}}\n{indent}")
        yield Edit(start, start, title)
        yield Edit(start, start, f"\n{indent}:::\n")
    yield Edit(start, end, f"{indent}\n")


def quoted_boxes(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that turn alerts and admonitions into divisions; a second call finds those inside others."""
    if "[!" not in source.text and not re.search(r"^[ \t]*(?:!!!|\?\?\?|===)", source.text, re.MULTILINE):
        return
    written = lines(source.text)
    masked = without_code_blocks(source.text).split("\n")
    number = 0
    while number < len(written):
        line = written[number]
        after = number + 1
        if masked[number].strip():
            if found := _ALERT.match(line.text):
                after = yield from _alert(source, written, number, found)
            elif found := _ADMONITION.match(line.text):
                after = yield from _indented(source, written, number, found, _kind(found["kind"]))
            elif found := _TAB.match(line.text):
                after = yield from _indented(source, written, number, found, None)
        number = after


def _alert(source: SourceFile, written: list[Line], number: int, found: re.Match[str]) -> Generator[Edit, None, int]:
    line, quote = written[number], found["quote"]
    outer = indent_in_list(written, number, quote[: quote.index(">")])
    title = part(source, line.start + found.start("title"), line.start + found.end("title")) if found["title"] else None
    yield from box(outer, boxes().get(found["kind"].lower(), "note"), title, line.start, line.end)
    after = number + 1
    while after < len(written) and (quoted := _QUOTED.match(written[after].text)):
        yield Edit(written[after].start, written[after].start + quoted.end(), outer)
        after += 1
    yield _closed(written, after, outer)
    return after


def _indented(
    source: SourceFile, written: list[Line], number: int, found: re.Match[str], kind: str | None
) -> Generator[Edit, None, int]:
    """Yield the edits for a head and the lines indented below it; a tab has no `kind`, and its name becomes bold."""
    line, indent = written[number], found["indent"]
    outer = indent_in_list(written, number, indent)
    title = part(source, line.start + found.start("title"), line.start + found.end("title")) if found["title"] else None
    if kind:
        yield from box(outer, kind, title, line.start, line.end)
    elif title:
        yield Edit(line.start, line.start, f"{outer}**")
        yield Edit(line.start, line.start, title)
        yield Edit(line.start, line.end, "**\n\n")
    after = number + 1
    last = after
    deeper = re.compile(rf"{re.escape(indent)}(?: {{4}}|\t)")
    while after < len(written) and (not written[after].text.strip() or deeper.match(written[after].text)):
        if found_in := deeper.match(written[after].text):
            yield Edit(written[after].start + len(indent), written[after].start + found_in.end(), "")
            last = after + 1
        after += 1
    if kind:
        yield _closed(written, last, outer)
    return last


def _kind(name: str | None) -> str:
    return boxes().get((name or "").lower(), "note")


def _closed(written: list[Line], after: int, indent: str) -> Edit:
    at = written[after].start if after < len(written) else written[-1].end
    return Edit(at, at, f"\n{indent}::::\n\n")
