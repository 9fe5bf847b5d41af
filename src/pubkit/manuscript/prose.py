"""The source of a chapter with everything but prose replaced by spaces, so that the prose stays in place."""

from __future__ import annotations

import re

__all__ = ["prose", "without_code_blocks"]

_FENCE = re.compile(r"^[ \t>]*(`{3,}|~{3,})(.*)$")
_INLINE_CODE = re.compile(r"(?<![`\\])(`+)(?!`)((?:(?!\n\s*\n).)+?)(?<!`)\1(?!`)", re.DOTALL)
_NO_BREAK = re.compile(r"[^\n]")
_LIST_OR_NOTE = re.compile(r"\s*(?:[-*+]|\(?[\w@#]{1,9}[.)]|:|~|\[\^[^\]]+\]:)\s")


def _blanked(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda found: _NO_BREAK.sub(" ", found[0]), text)


def prose(text: str) -> str:
    """Return `text` with spaces in the place of code and comments, so that every other character stays in place."""
    return _without_comments(_blanked(without_code_blocks(text), _INLINE_CODE))


def without_code_blocks(text: str) -> str:
    """Return `text` with spaces in the place of code blocks; inline code stays."""
    lines = text.split("\n")
    unclosed: dict[str, int] = {}
    number = 0
    while number < len(lines):
        fence = _FENCE.match(lines[number])
        end = None
        if fence and "`" not in fence[2] and len(fence[1]) < unclosed.get(fence[1][0], len(fence[1]) + 1):
            end = _end_of_code(lines, number, fence[1])
            if end is None:
                unclosed[fence[1][0]] = len(fence[1])
        if end is not None:
            lines[number : end + 1] = [" " * len(line) for line in lines[number : end + 1]]
            number = end
        number += 1
    _blank_indented(lines)
    return "\n".join(lines)


def _without_comments(text: str) -> str:
    parts: list[str] = []
    at = 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts += (text[at:start], _NO_BREAK.sub(" ", text[start : end + 3]))
        at = end + 3
    return "".join((*parts, text[at:]))


def _end_of_code(lines: list[str], start: int, fence: str) -> int | None:
    """Return the line that closes the code begun at `start`; None if none does, so that pandoc reads it as text."""
    closing = re.compile(rf"^[ \t>]*{fence[0]}{{{len(fence)},}}\s*$")
    return next((number for number in range(start + 1, len(lines)) if closing.match(lines[number])), None)


def _blank_indented(lines: list[str]) -> None:
    """Replace indented code by spaces: lines indented by four after an empty line, outside a list or note."""
    inside = open_ = False
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        indented = line.startswith(("    ", "\t"))
        after_gap = number == 0 or not lines[number - 1].strip()
        inside = indented and not open_ and (inside or after_gap)
        if inside:
            lines[number] = " " * len(line)
        elif not indented:
            open_ = _LIST_OR_NOTE.match(line) is not None or (open_ and not after_gap)
