"""The lines of a text, and blocks between fences: ``` and ~~~ for code, ::: for divisions."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pubkit.expressions import expression
from pubkit.manuscript.prose import is_head, nearest

__all__ = ["R_OPTIONS", "Fence", "Line", "closings", "indent_in_list", "lines", "opening", "options"]

_OPENING = expression(r"^(?P<indent>[ \t]*(?:>[ \t]?)*)(?P<fence>`{3,}|~{3,}|:{3,})(?P<info>.*)$")
_OPTION = expression(
    r"^[ \t]*(?:#\||%\|)[ \t]*(?P<key>[\w.-]+)[ \t]*:(?P<value>.*)$"
    r"|^[ \t]*:(?P<name>[\w.-]+):(?P<said>.*)$"
)
#: Options as R writes them: in the head of a chunk, or after #| on lines of their own (knitr, Chunk options).
R_OPTIONS = expression(
    r"""(?<![\w.-])(?P<key>[\w.-]++)\s*=\s*(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|c\([^()]*\)|[^,]+)"""
)
_R_LINE = expression(r"^[ \t]*#\|[ \t]*(?P<said>.*)$")
#: Divisions inside each other; the policy refuses a text that is nested deeper (SRC005).
_DEEPEST = 100
#: Lines of options between two rules.
_LONGEST = 100
_YAML = expression(r"^[ \t]*(?P<key>[\w.-]+)[ \t]*:(?P<value>.*)$")


_ITEM = expression(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]+(?=\S)")
#: How many lines above a box the list item that contains it may begin.
_FAR = 200


class Line(NamedTuple):
    """A line without its line break, and the offsets of its first character and of the next line."""

    text: str
    start: int
    end: int


class Fence(NamedTuple):
    """A line that opens or closes a block: its indent, the sign, the number of signs, and what follows them."""

    indent: str
    sign: str
    length: int
    info: str


def lines(text: str) -> list[Line]:
    """Return the lines of `text`."""
    found, start = [], 0
    for line in text.split("\n"):
        end = min(start + len(line) + 1, len(text))
        found.append(Line(line, start, end))
        start += len(line) + 1
    return found


def opening(line: str) -> Fence | None:
    """Return the fence in `line`; None if it is not a fence."""
    found = _OPENING.match(line)
    if not found or (found["fence"][0] == "`" and "`" in found["info"] and not is_head(found["info"])):
        return None
    return Fence(found["indent"], found["fence"][0], len(found["fence"]), found["info"].strip(" \t"))


def options(after: Iterable[Line]) -> tuple[dict[str, str], int]:
    """Return the options at the beginning of a block, as Quarto, knitr and MyST write them, and how many lines they take.

    Args:
        after: the lines after the one that opens the block, without the one that closes it.
    """
    after = iter(after)
    first = next(after, None)
    rest = itertools.chain([first] if first else [], after)
    if first and (said := _R_LINE.match(first.text)) and R_OPTIONS.match(said["said"]):
        return _r_options(rest)
    return _yaml_options(rest)


def _r_options(after: Iterable[Line]) -> tuple[dict[str, str], int]:
    matches = itertools.takewhile(lambda match: match is not None, (_R_LINE.match(line.text) for line in after))
    written = [match["said"] for match in matches if match]
    found = {one["key"]: _plain(one["value"]) for one in R_OPTIONS.finditer(" ".join(written))}
    return found, len(written)


def _yaml_options(after: Iterable[Line]) -> tuple[dict[str, str], int]:
    found: dict[str, str] = {}
    between_rules = False
    count = -1
    for count, line in enumerate(after):
        if line.text.strip() == "---" and (between_rules or not count):
            if between_rules:
                return found, count + 1
            between_rules = True
        elif between_rules:
            if count > _LONGEST:
                return {}, 0
            if said := _YAML.match(line.text):
                found[said["key"]] = _plain(said["value"])
        elif said := _OPTION.match(line.text):
            found[said["key"] or said["name"]] = _plain(said["value"] if said["key"] else said["said"])
        else:
            return found, count
    return ({}, 0) if between_rules else (found, count + 1)


def _plain(value: str) -> str:
    value = value.strip(" \t")
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def indent_in_list(written: Sequence[Line], number: int, indent: str) -> str:
    """Return the indentation that pandoc expects inside the list item around line `number`; MkDocs writes four blanks."""
    for line in reversed(written[max(0, number - _FAR) : number] if indent else ()):
        depth = len(line.text) - len(line.text.lstrip())
        if line.text.strip() and depth < len(indent):
            if item := _ITEM.match(line.text):
                return " " * item.end() if item.end() <= len(indent) else indent
            if not depth:
                return indent
    return indent


def closings(all_lines: Sequence[Line]) -> dict[int, int]:
    """Return the number of the line that closes the block, by the number of the line that opens it; the number after the
    last line where none does. The time is in proportion to the text, however blocks are left open or nested.
    """
    found = [(number, one) for number, line in enumerate(all_lines) if (one := opening(line.text))]
    ends = dict.fromkeys((number for number, _ in found), len(all_lines))
    for sign in "`~":
        ends |= nearest((number, one.length, not one.info) for number, one in found if one.sign == sign)
    divisions = [(number, one) for number, one in found if one.sign == ":"]
    for index, (number, one) in enumerate(divisions):
        if one.info.strip(" :") and (end := _division_end(divisions, index)) is not None:
            ends[number] = end
    return ends


def _division_end(divisions: Sequence[tuple[int, Fence]], first: int) -> int | None:
    """Return the number of the line that closes a division; None where none does, or too many are open inside it."""
    depth, length = 1, divisions[first][1].length
    for index in range(first + 1, len(divisions)):
        number, one = divisions[index]
        if one.info.strip(" :"):
            depth += 1
        elif one.length >= length or depth > 1:
            depth -= 1
        if depth == 0:
            return number
        if depth > _DEEPEST:
            return None
    return None
