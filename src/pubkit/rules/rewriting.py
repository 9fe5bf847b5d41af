"""The exact corrections that rules give: what is rewritten on a line of a text, or in a field of a bibliography."""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_left

from pubkit.expressions import expression
from pubkit.findings import Fix, Location, Replacement
from pubkit.manuscript.model import Block
from pubkit.references.model import Entry
from pubkit.rules.base import Submission

__all__ = ["empty_line_before", "in_entry", "on_line", "on_lines"]

#: A sign that is no word is placed at the word beside it: so many characters may lie between.
_NEAR = 4
_WORD = expression(r"\S*")
#: A field of a bibliography has at most so many lines that are looked at.
_MOST_LINES = 40


def on_line(
    submission: Submission, place: Location, pattern: str, new: str, title: str, *, certain: bool = True
) -> Fix | None:
    """Return the fix that rewrites what `pattern` matches at `place`; None unless it matches there exactly once.

    Args:
        submission: where the text is.
        place: the place of a finding in a chapter.
        pattern: a regular expression.
        new: what replaces it, with `\\1` or `\\g<name>` for its groups.
        title: what the fix does.
        certain: see `Fix`.
    """
    text = submission.manuscript.written.get(place.file, "")
    lines = _lines(text)
    if not 0 < place.line <= len(lines):
        return None
    line, at = lines[place.line - 1], max(0, place.column - 1)
    word = _WORD.match(line, at)
    last = max(word.end() if word else at, place.end_column - 1)
    matches, ends = _matches(pattern, line)
    near = itertools.islice(matches, bisect_left(ends, at - _NEAR), None)
    found = list(itertools.takewhile(lambda one: one.start() <= last + _NEAR, near))
    # Of several near ones, the one that the place is in.
    found = [one for one in found if one.start() < last and one.end() > at] if len(found) > 1 else found
    if len(found) != 1:
        return None
    only = found[0]
    column = only.start() + 1
    location = Location(place.file, place.line, column, column + len(only[0]))
    return Fix(title, (Replacement(location, only[0], only.expand(new)),), certain)


def on_lines(submission: Submission, block: Block, pattern: str, new: str, title: str) -> Fix | None:
    """Return the fix that rewrites what `pattern` matches at the start of each line of `block`; None if it is empty."""
    lines = sorted({(place.file, place.line) for _, place in block.anchors})
    made = (on_line(submission, Location(file, line, 1), pattern, new, title) for file, line in lines if pattern)
    changes = tuple(change for fix in made if fix for change in fix.changes)
    return Fix(title, changes) if changes else None


def empty_line_before(file: str, line: int) -> Fix:
    """Return the fix that puts an empty line before a line of a text."""
    return Fix("Put an empty line before it", (Replacement(Location(file, line, 1), "", "\n"),))


def in_entry(
    submission: Submission, entry: Entry, name: str, *words: tuple[str, str], title: str, certain: bool = True
) -> Fix | None:
    """Return the fix that replaces words in the field `name` of a bibliography entry.

    It is None unless the file has each of them exactly once in that field.

    Args:
        submission: where the bibliography is.
        entry: one of its entries.
        name: the field.
        words: pairs of what the file has and what replaces it.
        title: what the fix does.
        certain: see `Fix`.
    """
    place = entry.at(name)
    text = submission.bibliography.texts.get(place.file, "")
    later = [line for line in entry.field_lines.values() if line > place.line]
    stop = min([place.line + _MOST_LINES, *later]) if place.line in entry.field_lines.values() else place.line + 1
    lines = _lines(text)[place.line - 1 : max(stop - 1, place.line)] if place.line else ()
    changes = []
    for written, new in words:
        found = [(number, line.find(written)) for number, line in enumerate(lines) if written in line]
        if len(found) != 1 or lines[found[0][0]].count(written) != 1:
            return None
        number, start = found[0]
        location = Location(place.file, place.line + number, start + 1, start + 1 + len(written))
        changes.append(Replacement(location, written, new))
    return Fix(title, tuple(sorted(changes, key=lambda one: one.location)), certain)


@functools.lru_cache(maxsize=64)
def _matches(pattern: str, line: str) -> tuple[tuple[re.Match[str], ...], tuple[int, ...]]:
    """Return all matches that are not empty, and their ends; one line may have thousands, each asked about by itself."""
    found = tuple(one for one in re.finditer(pattern, line) if one[0])
    return found, tuple(one.end() for one in found)


@functools.lru_cache(maxsize=64)
def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n"))
