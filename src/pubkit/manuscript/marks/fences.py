"""The lines of a text, and the blocks between fences: ``` and ~~~, and the ::: of divisions."""

from __future__ import annotations

import itertools
import re
from typing import NamedTuple

__all__ = ["R_OPTIONS", "Fence", "Line", "closing", "lines", "opening", "options"]

_OPENING = re.compile(r"^(?P<indent>[ \t]*(?:>[ \t]?)*)(?P<fence>`{3,}|~{3,}|:{3,})[ \t]*(?P<info>.*?)[ \t]*$")
_OPTION = re.compile(
    r"^[ \t]*(?:#\||%\|)[ \t]*(?P<key>[\w.-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$"
    r"|^[ \t]*:(?P<name>[\w.-]+):[ \t]*(?P<said>.*?)[ \t]*$"
)
#: Options as R writes them: in the head of a chunk, or after #| on lines of their own (knitr, Chunk options).
R_OPTIONS = re.compile(r"""(?P<key>[\w.-]+)\s*=\s*(?P<value>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|c\([^()]*\)|[^,]+)""")
_R_LINE = re.compile(r"^[ \t]*#\|[ \t]*(?P<said>.*)$")
_YAML = re.compile(r"^[ \t]*(?P<key>[\w.-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$")


class Line(NamedTuple):
    """A line without its end, and the offsets of its first character and of the line after it."""

    text: str
    start: int
    end: int


class Fence(NamedTuple):
    """A line that opens or closes a block: what it is indented by, the sign, how often, and what follows it."""

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
    """Return the fence that `line` is, or None."""
    found = _OPENING.match(line)
    if not found or (found["fence"][0] == "`" and "`" in found["info"]):
        return None
    return Fence(found["indent"], found["fence"][0], len(found["fence"]), found["info"])


def options(after: list[Line]) -> tuple[dict[str, str], int]:
    """Return the options at the beginning of a block, as Quarto, knitr and MyST write them, and how many lines they take.

    Args:
        after: the lines after the one that opens the block, without the one that closes it.
    """
    found: dict[str, str] = {}
    count = 0
    if after and after[0].text.strip() == "---":
        for count, line in enumerate(after[1:], 1):
            if line.text.strip() == "---":
                return found, count + 1
            if said := _YAML.match(line.text):
                found[said["key"]] = _plain(said["value"])
        return {}, 0
    if after and (first := _R_LINE.match(after[0].text)) and R_OPTIONS.match(first["said"]):
        return _r_options(after)
    for line in after:
        said = _OPTION.match(line.text)
        if said is None:
            break
        found[said["key"] or said["name"]] = _plain(said["value"] if said["key"] else said["said"])
        count += 1
    return found, count


def _r_options(after: list[Line]) -> tuple[dict[str, str], int]:
    matches = itertools.takewhile(lambda match: match is not None, (_R_LINE.match(line.text) for line in after))
    written = [match["said"] for match in matches if match]
    found = {one["key"]: _plain(one["value"].strip()) for one in R_OPTIONS.finditer(" ".join(written))}
    return found, len(written)


def _plain(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def closing(all_lines: list[Line], start: int, fence: Fence) -> int:
    """Return the number of the line that closes the block opened in line `start`; that after the last line if none does."""
    depth = 1
    for number in range(start + 1, len(all_lines)):
        one = opening(all_lines[number].text)
        if one is None or one.sign != fence.sign:
            continue
        if fence.sign == ":":
            if one.info.strip(" :"):
                depth += 1
            elif one.length >= fence.length or depth > 1:
                depth -= 1
            if depth == 0:
                return number
        elif not one.info and one.length >= fence.length:
            return number
    return len(all_lines)
