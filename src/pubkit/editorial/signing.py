"""Entering a review into pubkit.yaml, or into a file's front matter, without changing anything else there.

Other reviewers' records stay as they are, byte for byte. An earlier record of the same reviewer for the same text is
replaced; one for an earlier text is kept without its list of parts, so that what was once rejected can still be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml
from msgspec import structs

from pubkit.boundary.files import printable, replace_file
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.language.comparison import same_name
from pubkit.project import yaml as strict_yaml
from pubkit.project.loading import CONFIGURATION, Project
from pubkit.project.metadata import Review

__all__ = ["as_yaml", "entered"]

_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_MARK = b"\xef\xbb\xbf"
_WIDTH = 10_000


def entered(loaded: Project, made: Review) -> Path:
    """Add `made` to the records of the publication, and return the file.

    Every other line, comments included, stays as it is. The file is replaced in one step.

    Raises:
        InputRefused: the file is a link, or its metadata is in a form to which no record can be added.
        EnvironmentFault: it cannot be written.
    """
    path = loaded.folder / loaded.configuration.path
    if path.is_symlink():
        raise InputRefused(f"{printable(path.name)} is a symbolic link.", remedy="Replace it with the file itself.")
    try:
        data = path.read_bytes()
    except OSError as error:
        remedy = "Check the file and your permissions."
        raise EnvironmentFault(f"{printable(path.name)} cannot be read: {error.strerror}.", remedy=remedy) from error
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    start, end = _metadata(text, alone=loaded.configuration.path == CONFIGURATION)
    changed = text[:start] + _with_record(text[start:end], loaded.publication.reviews, made, path.name) + text[end:]
    if b"\r\n" in data:
        changed = changed.replace("\n", "\r\n")
    replace_file(path, (_MARK if data.startswith(_MARK) else b"") + changed.encode())
    return path


def as_yaml(review: Review) -> str:
    """Return `review` as an item of the list under `review:`."""
    said = {key: value for key, value in msgspec.to_builtins(review).items() if key != "covers"}
    lines = yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=_WIDTH).splitlines()
    if review.covers:
        lines += ["covers: |", *(f"  {line}" for line in review.covers.splitlines())]
    return "".join(f"{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def _metadata(text: str, *, alone: bool) -> tuple[int, int]:
    """Return where the metadata of a file begin and end: all of pubkit.yaml, or what is between the lines of hyphens."""
    if alone:
        return 0, len(text)
    start = text.index("\n") + 1
    fence = _FENCE.search(text, start)
    return start, fence.start() if fence else len(text)


def _with_record(text: str, reviews: Sequence[Review], made: Review, file: str) -> str:
    """Return the YAML `text` with `made` added to its `reviews`.

    Raises:
        InputRefused: the result would differ in more than the new record.
    """
    changed = _entered(text, reviews, made)
    try:
        before, after = strict_yaml.load(text, file).value or {}, strict_yaml.load(changed, file).value
        found = msgspec.convert(after.pop("review"), list[Review])
        before.pop("review", None)
    except (PubkitError, msgspec.ValidationError, AttributeError, KeyError):
        before, after, found = None, {}, []
    if before != after or found != [*_kept(reviews, made), made]:
        message = f"The record cannot be added to {printable(file)} automatically."
        raise InputRefused(message, remedy=f"Add it under `review:` by hand:\n{as_yaml(made)}")
    return changed


def _kept(reviews: Sequence[Review], made: Review) -> Iterator[Review]:
    """Yield the records that stay, in their order, as they will be written."""
    for one in reviews:
        if not same_name(one.reviewer, made.reviewer):
            yield one
        elif one.content_sha256 != made.content_sha256:
            yield structs.replace(one, covers=None, not_covered=None)


def _entered(text: str, reviews: Sequence[Review], made: Review) -> str:
    root = strict_yaml.composed(text)
    pairs: list[tuple[Any, Any]] = root.value if isinstance(root, yaml.MappingNode) else []
    lines = text.splitlines(keepends=True)
    place = next((index for index, (key, _) in enumerate(pairs) if key.value == "review"), None)
    if place is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + "review:\n" + as_yaml(made)
    key, value = pairs[place]
    start = key.start_mark.line
    stop = pairs[place + 1][0].start_mark.line if place + 1 < len(pairs) else len(lines)
    stop = _without_tail(lines, start + 1, stop)
    if isinstance(value, yaml.SequenceNode) and not value.flow_style:
        records = "".join(_items(lines, start + 1, stop, value, reviews, made))
    else:
        start -= 1
        records = "review:\n" + "".join(as_yaml(one) for one in (*_kept(reviews, made), made))
    return "".join((*lines[: start + 1], records, *lines[stop:]))


def _items(
    lines: Sequence[str], start: int, stop: int, value: yaml.SequenceNode, reviews: Sequence[Review], made: Review
) -> Iterator[str]:
    """Yield the lines of the list: others' as they are, the same reviewer's rewritten, and the new record last."""
    marks = [node.start_mark.line for node in value.value]
    indent = " " * value.start_mark.column
    yield "".join(lines[start : marks[0]])
    for node_start, node_stop, review in zip(marks, [*marks[1:], stop], reviews, strict=True):
        end = _without_tail(lines, node_start + 1, node_stop)
        if same_name(review.reviewer, made.reviewer):
            yield from (_indented(as_yaml(one), indent) for one in _kept([review], made))
        else:
            yield "".join(lines[node_start:end])
        yield "".join(lines[end:node_stop])
    yield _indented(as_yaml(made), indent)


def _without_tail(lines: Sequence[str], start: int, stop: int) -> int:
    """Return `stop` without the empty lines and comments before it, which belong to what follows."""
    while stop > start and (not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#")):
        stop -= 1
    return stop


def _indented(text: str, indent: str) -> str:
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
