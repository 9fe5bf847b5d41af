"""Bytes to text, under one policy for every source file.

A manuscript is strict UTF-8. Line ends become LF and a byte order mark is dropped, so that the same text gives the same
files whichever editor saved it. Control characters, directional overrides and invisible tag characters are refused:
they make EPUB parts malformed, and let a reader see something other than what was checked. Two uses are harmless and
accepted: isolates that are closed in the paragraph that opens them (Unicode Standard Annex #9), around words of another
direction, and the tags in the flags of England, Scotland and Wales (Unicode Technical Standard #51).
"""

from __future__ import annotations

import bisect
import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, cast

import msgspec

from pubkit.boundary.files import refusal
from pubkit.boundary.rules import SRC001, SRC002, SRC004, SRC022
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix, Location, Replacement

__all__ = [
    "Edit",
    "Piece",
    "SourceFile",
    "as_json",
    "decode",
    "forbidden",
    "normal_lines",
    "part",
    "rewritten",
    "without_controls",
    "without_pairs",
    "written",
]

MAX_LINE = 100_000
#: What a text may come to, in characters, with the files and values that it includes.
_MAX_REWRITTEN = 4_000_000

_FORBIDDEN = expression(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
#: More marks on one letter than any writing has: fonts stack them, over the lines around it and the notices there.
_STACK = expression(
    "(?:[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u06d6-\u06dc\u0730-\u074a\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f][\u00ad\u200b-\u200d\u2060\ufe00-\ufe0f]*){9,}"
)
#: The characters that show nothing and order nothing, so that a text without them says the same.
_CONTROLS = frozenset(map(chr, (*range(0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F)))
#: The characters of which some uses are accepted.
_PAIRED = expression("[\u2066-\u2069\U000e0000-\U000e007f]")
_FLAG = expression(
    "\U0001f3f4(?:"
    + "|".join("".join(chr(0xE0000 + ord(letter)) for letter in code) for code in ("gbeng", "gbsct", "gbwls"))
    + ")\U000e007f"
)
_ISOLATE_OR_PARAGRAPH = expression("[\u2066-\u2069]|\n[ \t]*\n")
_END_OF_ISOLATE = "\u2069"
_OTHER_LINE_ENDS = expression("[\x85\u2028\u2029]")
_MOST_SHOWN = 20
#: The first bytes of files that are not UTF-8 text, what such a file is, and what to do with it.
_OTHER_FILES = (
    (b"\xff\xfe", "text in UTF-16", "Save the file as UTF-8."),
    (b"\xfe\xff", "text in UTF-16", "Save the file as UTF-8."),
    (b"PK\x03\x04", "an archive, such as a Word document, and not text", "Export its text as Markdown."),
    (b"\xd0\xcf\x11\xe0", "an old Word document, and not text", "Export its text as Markdown."),
    (b"%PDF-", "a PDF, and not text", "Save the text it was made from as Markdown."),
)


class Piece(NamedTuple):
    """A run of a rewritten text that begins at `start`, and where it comes from.

    If it is `verbatim`, it is in `source` from `offset` on, character for character; else it replaces what begins there.
    """

    start: int
    source: SourceFile
    offset: int
    verbatim: bool


class Edit(NamedTuple):
    """What replaces the characters from `start` to `end`: a text, or another file."""

    start: int
    end: int
    new: str | SourceFile


class SourceFile(NamedTuple):
    """A source file as text: its path below the folder, its text with LF line ends, and the sha256 of that text in UTF-8.

    Once the front matter has been taken out, empty lines replace it, so that line numbers stay those of the file. If the
    marks of another tool have been rewritten, `text` is what pubkit reads, and `pieces` lead back to the author's file.
    `within` is the place in words of what comes from it, if that is a line of a notebook's cell.
    """

    path: str
    text: str
    sha256: str
    pieces: tuple[Piece, ...] = ()
    within: str = ""

    @property
    def written(self) -> str:
        """Return the text of the file as its author wrote it."""
        return next((piece.source.written for piece in self.pieces if piece.source.path == self.path), self.text)

    def origin(self, offset: int) -> tuple[SourceFile, int]:
        """Return the author's file, and the offset in it, that the character at `offset` comes from."""
        if not self.pieces:
            return self, offset
        behind = cast("Piece", (offset + 1,))  # before every piece that begins there or later
        piece = self.pieces[max(0, bisect.bisect_left(self.pieces, behind) - 1)]
        return piece.source.origin(piece.offset + (offset - piece.start if piece.verbatim else 0))

    def location(self, offset: int, length: int = 0) -> Location:
        """Return the line and column of the character at `offset`, and the end of `length` characters from there."""
        source, at = self.origin(offset)
        starts = _line_starts(source.text)
        line = bisect.bisect_right(starts, at)
        column = at - starts[line - 1] + 1
        return Location(source.path, line, column, column + length if length else 0, source.within)

    def replacement(self, start: int, end: int, text: str) -> Replacement | None:
        """Return the replacement of the characters from `start` to `end` by `text`.

        It is None if they are on several lines, or are not in the author's file as they are here.
        """
        written = self.text[start:end]
        source, at = self.origin(start)
        if "\n" in written or not source.text.startswith(self.text[start : max(end, start + 1)], at):
            return None
        return Replacement(self.location(start, len(written)), written, text)

    def line(self, number: int) -> Location:
        """Return where line `number` (from 1) of the text begins in the author's file."""
        return self.location(_line_starts(self.text)[number - 1])


def written(sources: Iterable[SourceFile]) -> dict[str, str]:
    """Return the author's files behind `sources` by their paths, as they were written: themselves, and what they include."""
    found: dict[str, str] = {}
    seen: set[int] = set()
    stack = [*sources][::-1]
    while stack:
        source = stack.pop()
        if id(source) not in seen:
            seen.add(id(source))
            found.setdefault(source.path, source.written)
            stack += [piece.source for piece in reversed(source.pieces)]
    return found


def part(source: SourceFile, start: int, end: int) -> SourceFile:
    """Return the characters of `source` from `start` to `end`, with their places, for use elsewhere."""
    return SourceFile(source.path, source.text[start:end], source.sha256, (Piece(0, source, start, verbatim=True),))


@functools.lru_cache(maxsize=256)
def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]


def rewritten(source: SourceFile, edits: Iterable[Edit]) -> SourceFile:
    """Return `source` with `edits` made; every character keeps its place.

    Args:
        source: a file, as it was written or already rewritten.
        edits: in any order; one that begins inside an earlier one is left out.

    Raises:
        InputRefused: the text becomes longer than any that is read, or has a line that does.
    """
    pieces: list[Piece] = []
    parts: list[str] = []
    end = length = 0

    def add(text: str, piece: Piece) -> None:
        nonlocal length
        if text:
            pieces.append(piece)
            parts.append(text)
            length += len(text)
        if length > _MAX_REWRITTEN:
            message = f"With what it includes, this text has more than {_MAX_REWRITTEN:,} characters."
            raise refusal(SRC022, message, "Include less, or divide the text.", piece.source.location(piece.offset))

    for edit in sorted(edits, key=lambda one: one[:2]):
        if edit.start < end:
            continue
        add(source.text[end : edit.start], Piece(length, source, end, verbatim=True))
        if isinstance(edit.new, SourceFile):
            add(edit.new.text, Piece(length, edit.new, 0, verbatim=True))
        else:
            add(edit.new, Piece(length, source, edit.start, verbatim=False))
        end = edit.end
    if not pieces and not end:
        return source
    add(source.text[end:], Piece(length, source, end, verbatim=True))
    made = SourceFile(
        source.path, "".join(parts), source.sha256, tuple(pieces) or (Piece(0, source, 0, verbatim=True),)
    )
    _refuse_long_lines(made)
    return made


def _refuse_long_lines(made: SourceFile) -> None:
    start = 0
    for line in made.text.split("\n"):
        if len(line) > MAX_LINE:
            message = f"With what it includes, this line has more than {MAX_LINE:,} characters."
            remedy = f"Break it into lines of at most {MAX_LINE:,} characters."
            raise refusal(SRC004, message, remedy, made.location(start))
        start += len(line) + 1


def decode(data: bytes, path: str) -> SourceFile:
    """Return the text of a source file.

    Raises:
        InputRefused: it is not UTF-8, or has a forbidden character or a line of more than `MAX_LINE` characters.
    """
    for start, what, remedy in _OTHER_FILES:
        if data.startswith(start):
            raise refusal(SRC001, f"This file is {what}.", remedy, Location(path, 1, 1))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        line = before.count(b"\n") + 1
        column = len(before[before.rfind(b"\n") + 1 :].decode("utf-8", "replace")) + 1
        remedy = "Save the file as UTF-8."
        raise refusal(
            SRC001, f"This byte is not UTF-8: 0x{data[error.start]:02x}.", remedy, Location(path, line, column)
        ) from None
    text = _with_line_feeds(text)
    findings = [*_forbidden_characters(text, path), *_long_lines(text, path)]
    if findings:
        raise InputRefused(findings[0].message, remedy=findings[0].remedy, findings=findings)
    return SourceFile(path, text, hashlib.sha256(text.encode()).hexdigest())


def _with_line_feeds(text: str) -> str:
    """Return `text` with one line end, and a space for a form feed, with which Emacs and GNU's tools divide files."""
    return _OTHER_LINE_ENDS.sub("\n", text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " "))


def normal_lines(data: bytes) -> tuple[str, ...]:
    """Return the lines of a source as they are counted, whatever its bytes: what is not UTF-8 is replaced by U+FFFD."""
    return tuple(_with_line_feeds(data.decode("utf-8-sig", "replace")).split("\n"))


def forbidden(text: str) -> str | None:
    """Return the first character of `text` that no source may contain, or has too many marks, as U+XXXX; or None."""
    found = next(_forbidden(text), None)
    return f"U+{ord(found[0][0]):04X}" if found else None


def without_pairs(text: str) -> str:
    """Return `text` without the characters that are accepted in pairs and in flags."""
    return _PAIRED.sub("", text)


def _forbidden(text: str) -> Iterator[re.Match[str]]:
    """Yield each character that no source may contain, and each run of too many marks."""
    if text.isascii():
        yield from _FORBIDDEN.finditer(text)
        return
    yield from _STACK.finditer(text)
    if not _FORBIDDEN.search(text):
        return
    accepted = _accepted(text)
    yield from (found for found in _FORBIDDEN.finditer(text) if found.start() not in accepted)


def _accepted(text: str) -> set[int]:
    """Return the places of isolates that are closed in their paragraph, and of the tags of known flags."""
    accepted = {place for flag in _FLAG.finditer(text) for place in range(flag.start() + 1, flag.end())}
    opened: list[int] = []
    for found in _ISOLATE_OR_PARAGRAPH.finditer(text):
        if len(found[0]) > 1:
            opened.clear()
        elif found[0] != _END_OF_ISOLATE:
            opened.append(found.start())
        elif opened:
            accepted |= {opened.pop(), found.start()}
    return accepted


def _forbidden_characters(text: str, path: str) -> list[Finding]:
    findings = []
    for found in _forbidden(text):
        line, column = text.count("\n", 0, found.start()) + 1, found.start() - text.rfind("\n", 0, found.start())
        message = f"The invisible character U+{ord(found[0][0]):04X} is not accepted."
        remedy = "Delete it; it is a control or direction character that readers cannot see."
        fix = None
        if len(found[0]) > 1:
            message = f"Too many marks are set on one letter: {len(found[0])}, first U+{ord(found[0][0]):04X}."
            remedy = "Delete them; they are printed over the lines around it."
        if found[0] in _CONTROLS:
            fix = Fix(
                "Delete the control character", (Replacement(Location(path, line, column, column + 1), found[0], ""),)
            )
        if _PAIRED.match(found[0]):
            remedy = "Delete it, or close the isolate in its paragraph (U+2066 to U+2068 with U+2069)."
        findings.append(SRC002.at(Location(path, line, column), message, remedy=remedy, fix=fix))
        if len(findings) == _MOST_SHOWN:
            break
    return findings


def _long_lines(text: str, path: str) -> list[Finding]:
    return [
        SRC004.at(
            Location(path, number, MAX_LINE),
            f"This line has {len(line):,} characters.",
            remedy=f"Break it into lines of at most {MAX_LINE:,} characters.",
        )
        for number, line in enumerate(text.split("\n"), 1)
        if len(line) > MAX_LINE
    ][:_MOST_SHOWN]


def as_json(value: object) -> str:
    """Return `value`, made of plain data and Structs, as indented JSON that ends with a newline."""
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n"


def without_controls(text: str) -> str:
    """Return `text` without the characters that no source may contain, for files that cannot carry them (XML)."""
    return _FORBIDDEN.sub("\ufffd", text)
