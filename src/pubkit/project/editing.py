"""Changes to pubkit.yaml, or to a file's front matter, that leave every other line as it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from pubkit.boundary.files import printable, replace_file
from pubkit.errors import EnvironmentFault, InputRefused, PubkitError
from pubkit.project import yaml as strict_yaml
from pubkit.project.loading import CONFIGURATION, Project

__all__ = [
    "Part",
    "changed",
    "differs_only_in",
    "indented",
    "item",
    "metadata_span",
    "part",
    "refuse_unread",
    "without_tail",
]

_FENCE = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
_MARK = b"\xef\xbb\xbf"
_WIDTH = 10_000

Kind = TypeVar("Kind")


def changed(loaded: Project, change: Callable[[str], str]) -> Path:
    """Replace the YAML text of the publication's metadata by what `change` makes of it, in one step; return the path.

    Raises:
        InputRefused: the file is a link.
        EnvironmentFault: it cannot be read or written.
    """
    path = loaded.folder / loaded.configuration.path
    if path.is_symlink():
        raise InputRefused(f"{printable(path.name)} is a link.", remedy="Replace it by the file itself.")
    try:
        data = path.read_bytes()
    except OSError as error:
        remedy = "Check the file and your permissions."
        raise EnvironmentFault(f"{printable(path.name)} cannot be read: {error.strerror}.", remedy=remedy) from error
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    start, end = metadata_span(text, alone=loaded.configuration.path == CONFIGURATION)
    new = text[:start] + change(text[start:end]) + text[end:]
    if b"\r\n" in data:
        new = new.replace("\n", "\r\n")
    replace_file(path, (_MARK if data.startswith(_MARK) else b"") + new.encode())
    return path


def metadata_span(text: str, *, alone: bool) -> tuple[int, int]:
    """Return where the metadata of a file begin and end: all of pubkit.yaml, or the part between the --- lines."""
    if alone:
        return 0, len(text)
    start = text.index("\n") + 1
    fence = _FENCE.search(text, start)
    return start, fence.start() if fence else len(text)


class Part:
    """A key and its `value` in a YAML text: the lines `start` to `stop`, without comments on the next key."""

    def __init__(self, start: int, stop: int, value: Any) -> None:
        self.start = start
        self.stop = stop
        self.value = value

    @property
    def is_block_list(self) -> bool:
        """Return whether the value is a list with one item on each line, not one in square brackets."""
        return isinstance(self.value, yaml.SequenceNode) and not self.value.flow_style


def part(text: str, name: str) -> Part | None:
    """Return the part of the YAML `text` with the key `name`; None if there is no such key."""
    root = strict_yaml.composed(text)
    pairs: list[tuple[Any, Any]] = root.value if isinstance(root, yaml.MappingNode) else []
    lines = text.splitlines(keepends=True)
    place = next((index for index, (key, _) in enumerate(pairs) if key.value == name), None)
    if place is None:
        return None
    key, value = pairs[place]
    start = key.start_mark.line
    stop = pairs[place + 1][0].start_mark.line if place + 1 < len(pairs) else len(lines)
    return Part(start, without_tail(lines, start + 1, stop), value)


def without_tail(lines: Sequence[str], start: int, stop: int) -> int:
    """Return `stop` without the empty lines and comments before it: they belong to what follows."""
    while stop > start and (not lines[stop - 1].strip() or lines[stop - 1].lstrip().startswith("#")):
        stop -= 1
    return stop


def indented(text: str, indent: str) -> str:
    """Return `text` with `indent` before each line."""
    return "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))


def item(said: Mapping[str, Any], *more: str) -> str:
    """Return the keys and values `said`, followed by the YAML lines `more`, as an item of a list."""
    lines = [*yaml.safe_dump(dict(said), sort_keys=False, allow_unicode=True, width=_WIDTH).splitlines(), *more]
    return "".join(f"{'- ' if number == 0 else '  '}{line}\n" for number, line in enumerate(lines))


def refuse_unread(text: str, key: str, number: int, file: str) -> None:
    """Refuse a list under `key` in the YAML `text` of which only `number` items could be read: the others would be lost.

    Raises:
        InputRefused: there is more than these, or no list.
    """
    found = part(text, key)
    value = found.value if found else None
    stated = (
        len(value.value) if isinstance(value, yaml.SequenceNode) else 1 if isinstance(value, yaml.MappingNode) else -1
    )
    if stated == number:
        return
    if value is not None and not (isinstance(value, yaml.ScalarNode) and value.tag.endswith(":null")):
        message = f"What stands under `{key}:` in {printable(file)} cannot be read in full, so nothing was added."
        raise InputRefused(message, remedy="Correct it first; `pubkit check` says where.")


def differs_only_in(key: str, wanted: Sequence[Kind], kind: type[Kind], old: str, new: str) -> bool:
    """Return whether the YAML `new` differs from `old` only in the list under `key`, which is `wanted`.

    Args:
        key: the key of the list.
        wanted: the items that it should have.
        kind: the type of an item.
        old: the YAML before a change.
        new: the YAML after it.
    """
    try:
        before, after = strict_yaml.load(old, "").value or {}, strict_yaml.load(new, "").value
        found = [msgspec.convert(one, kind) for one in after.pop(key)]
        before.pop(key, None)
    except (PubkitError, msgspec.ValidationError, AttributeError, KeyError, TypeError):
        return False
    return bool(before == after and found == list(wanted))
