"""A review added to pubkit.yaml, or to a file's front matter, without any other change there.

Other reviewers' records stay as they are, byte for byte. An earlier record of the same reviewer for the same text is
replaced; one for an earlier text is kept without its list of parts, so that what was once rejected can still be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import yaml
from msgspec import structs

from pubkit.boundary.files import printable
from pubkit.errors import InputRefused
from pubkit.language.comparison import same_name
from pubkit.project.editing import changed, differs_only_in, indented, item, part, refuse_unread, without_tail
from pubkit.project.loading import Project
from pubkit.project.metadata import Review

__all__ = ["as_yaml", "entered"]


def entered(loaded: Project, made: Review) -> Path:
    """Add `made` to the records of the publication, and return the file.

    Every other line, comments included, stays as it is. The file is replaced in one step.

    Raises:
        InputRefused: the file is a link, or its metadata is in a form to which no record can be added.
        EnvironmentFault: it cannot be written.
    """
    file = loaded.configuration.path
    return changed(loaded, lambda text: _with_record(text, loaded.publication.reviews, made, file))


def as_yaml(review: Review) -> str:
    """Return `review` as an item of the list under `review:`."""
    said = {key: value for key, value in msgspec.to_builtins(review).items() if key != "covers"}
    covers = ["covers: |", *(f"  {line}" for line in review.covers.splitlines())] if review.covers else []
    return item(said, *covers)


def _with_record(text: str, reviews: Sequence[Review], made: Review, file: str) -> str:
    """Return the YAML `text` with `made` added to its `reviews`.

    Raises:
        InputRefused: the result would differ in more than the new record, or a record there cannot be read.
    """
    refuse_unread(text, "review", len(reviews), file)
    new = _entered(text, reviews, made)
    if not differs_only_in("review", [*_kept(reviews, made), made], Review, text, new):
        message = f"The record cannot be added to {printable(file)} automatically."
        raise InputRefused(message, remedy=f"Add it under `review:` by hand:\n{as_yaml(made)}")
    return new


def _kept(reviews: Sequence[Review], made: Review) -> Iterator[Review]:
    """Yield the records that stay, in their order, as they will be written."""
    for one in reviews:
        if not same_name(one.reviewer, made.reviewer):
            yield one
        elif one.content_sha256 != made.content_sha256:
            yield structs.replace(one, covers=None, not_covered=None)


def _entered(text: str, reviews: Sequence[Review], made: Review) -> str:
    lines = text.splitlines(keepends=True)
    found = part(text, "review")
    if found is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + "review:\n" + as_yaml(made)
    start = found.start
    if found.is_block_list:
        records = "".join(_items(lines, start + 1, found.stop, found.value, reviews, made))
    else:
        start -= 1
        records = "review:\n" + "".join(as_yaml(one) for one in (*_kept(reviews, made), made))
    return "".join((*lines[: start + 1], records, *lines[found.stop :]))


def _items(
    lines: Sequence[str], start: int, stop: int, value: yaml.SequenceNode, reviews: Sequence[Review], made: Review
) -> Iterator[str]:
    """Yield the lines of the list: others' as they are, the same reviewer's rewritten, and the new record last."""
    marks = [node.start_mark.line for node in value.value]
    indent = " " * value.start_mark.column
    yield "".join(lines[start : marks[0]])
    for node_start, node_stop, review in zip(marks, [*marks[1:], stop], reviews, strict=True):
        end = without_tail(lines, node_start + 1, node_stop)
        if same_name(review.reviewer, made.reviewer):
            yield from (indented(as_yaml(one), indent) for one in _kept([review], made))
        else:
            yield "".join(lines[node_start:end])
        yield "".join(lines[end:node_stop])
    yield indented(as_yaml(made), indent)
