"""Keys of pubkit.yaml and of front matter in a text that may be half-written: where the cursor is, and what fits there.

A YAML reader refuses such a text as a whole, so that only indentation is looked at here.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from pubkit.project.schema import schema

__all__ = ["At", "Choice", "at", "choices", "described"]

_KEY = re.compile(r"^(?P<indent>[ ]*)(?P<item>(?:-[ ]+)*)(?P<key>[\w-]*)(?P<colon>[ ]*:(?=[ ]|$))?(?P<rest>.*)$")
_MOST_LINES = 5_000


class At(NamedTuple):
    """Where a position is: the keys around it, the word there with its first column, and whether that is a value.

    `path` has the keys from the top; items of lists are left out.
    """

    path: tuple[str, ...]
    word: str
    column: int
    is_value: bool


class Choice(NamedTuple):
    """A key or a value that fits, and what it says."""

    name: str
    text: str
    is_key: bool


def at(lines: list[str], line: int, column: int) -> At | None:
    """Return where a position (from 0, in characters) in the YAML `lines` is; None in a comment."""
    if not 0 <= line < len(lines):
        return None
    found = _KEY.match(lines[line])
    if found is None or "#" in lines[line][:column].split(" "):
        return None
    depth = len(found["indent"]) + len(found["item"])
    path = _parents(lines, line, depth)
    if found["colon"] and column > found.end("colon"):
        start, end = _around(lines[line], column, found.start("rest"))
        return At((*path, found["key"]), lines[line][start:end], start, is_value=True)
    if not found["colon"] and found["item"] and not found["key"] and found["rest"]:
        return None
    return At(path, found["key"], found.start("key"), is_value=False)


def _around(line: str, column: int, first: int) -> tuple[int, int]:
    """Return where the value, or the item of a list in brackets, around `column` begins and ends."""
    start = max(first, *(line.rfind(sign, first, column) + 1 for sign in ",["))
    ends = [at for sign in ",]" if (at := line.find(sign, column)) >= 0]
    end = min([len(line), *ends]) if "[" in line[first:] else len(line)
    word = line[start:end]
    stripped = word.lstrip(" \t'\"")
    start += len(word) - len(stripped)
    return min(start, column), max(min(start, column), start + len(stripped.rstrip(" \t'\"")))


def _parents(lines: list[str], line: int, depth: int) -> tuple[str, ...]:
    """Return the keys above a line whose key begins at column `depth`."""
    path: list[str] = []
    for above in range(line - 1, max(-1, line - _MOST_LINES), -1):
        found = _KEY.match(lines[above])
        if not lines[above].strip() or lines[above].lstrip().startswith("#") or found is None or not found["colon"]:
            continue
        start = len(found["indent"]) + len(found["item"])
        # A list may begin in the column of its key.
        if start < depth or (start == depth and not found["item"] and _KEY.match(lines[line])["item"] and not path):  # type: ignore[index]
            path.insert(0, found["key"])
            depth = start if not found["item"] else len(found["indent"]) + 1
        if depth == 0:
            break
    return tuple(path)


def described(path: tuple[str, ...]) -> str:
    """Return what the key at `path` says, with the values that it takes; "" if there is no such key."""
    form = _form(path)
    if form is None:
        return ""
    named = _values(form)
    takes = f"\n\nOne of: {', '.join(f'`{one}`' for one in named)}." if named else ""
    default = f"\n\nDefault: `{form['default']}`." if form.get("default") not in (None, "", [], {}) else ""
    return f"{form.get('description', '')}{takes}{default}"


def choices(where: At) -> list[Choice]:
    """Return what may stand at a position."""
    if where.is_value:
        form = _form(where.path)
        return [Choice(value, "", is_key=False) for value in _values(form)] if form else []
    return [
        Choice(name, str(form.get("description", "")), is_key=True) for name, form in _properties(where.path).items()
    ]


@functools.cache
def _schema() -> dict[str, Any]:
    return schema()


def _properties(path: tuple[str, ...]) -> Mapping[str, Any]:
    """Return the forms of the keys below `path`."""
    form: dict[str, Any] = {"$ref": _schema()["$ref"]}
    for key in path:
        form = _inner(form).get("properties", {}).get(key) or _inner(form).get("additionalProperties") or {}
        if not isinstance(form, dict):
            return {}
    properties: Mapping[str, Any] = _inner(form).get("properties", {})
    return properties


def _form(path: tuple[str, ...]) -> dict[str, Any] | None:
    return _properties(path[:-1]).get(path[-1]) if path else None


def _inner(form: dict[str, Any]) -> dict[str, Any]:
    """Return the mapping that a form leads to: through references, lists and alternatives."""
    for _ in range(8):
        if "$ref" in form:
            form = _schema()["$defs"][form["$ref"].rpartition("/")[2]]
        elif "anyOf" in form:
            mappings = [one for one in form["anyOf"] if "$ref" in one or one.get("type") in {"array", "object"}]
            form = mappings[0] if mappings else {}
        elif form.get("type") == "array":
            form = form.get("items") or {}
        else:
            break
    return form


def _values(form: dict[str, Any]) -> list[str]:
    """Return the values that a form lists; true and false for a switch."""
    if "enum" in form:
        return [str(one) for one in form["enum"] if one is not None]
    if form.get("type") == "boolean":
        return ["true", "false"]
    inner = [*form.get("anyOf", ()), *([form["items"]] if isinstance(form.get("items"), dict) else ())]
    return list(dict.fromkeys(value for one in inner for value in _values(one)))
