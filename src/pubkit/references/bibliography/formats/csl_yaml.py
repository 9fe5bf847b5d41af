"""Read CSL YAML, the `references:` list that pandoc reads, with the line of every field.

Values are Markdown. Aliases, tags and deep nesting are refused as events, before anything is built from them.
`pubkit.project.yaml` does not read it: a bibliography is a hundred times as large as any metadata, and one broken item must
not hide the others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from pubkit.boundary.files import printable, refusal
from pubkit.boundary.rules import SRC012
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.project.yaml import REMEDY
from pubkit.references.bibliography.formats.csl_json import entry_of_item
from pubkit.references.bibliography.formats.reading import MOST_ENTRIES, Reading, duplicate_field, too_many, unreadable
from pubkit.references.item import TEXTS, Item
from pubkit.references.model import Entry

__all__ = ["events_of", "read_csl_yaml"]

_MAX_DEPTH = 12
_INTEGER = expression(r"-?(?:0|[1-9]\d{0,14})")
_MARKS = expression(r"(\*\*|\*|\^|~|(?<!\w)_|_(?!\w))(?=\S)(.{1,300}?)(?<=\S)\1")
_SPAN = expression(r"\[([^\[\]]*)\]\{[^{}]*\}")
_ITEM = expression(r"^( *)- ", re.MULTILINE)


def read_csl_yaml(text: str, file: str) -> Reading:
    """Return the items of CSL YAML `text`: a list, or a mapping whose "references" is one.

    The items of the entries contain plain text; what is printed comes from pandoc, which reads their Markdown.

    Raises:
        InputRefused: it contains aliases or tags, or nests deeper than any bibliography does.
    """
    reader = _YamlReader(file)
    entries = reader.read(text)
    plain = [replace(entry, item=_plain_item(entry.item)) for entry in entries]
    return Reading(plain, reader.findings, {number: entry.item for number, entry in enumerate(entries)})


def events_of(text: str) -> Iterator[Any]:
    """Yield the events of YAML `text`, from which nothing has been built yet.

    Raises:
        yaml.YAMLError: it is not YAML.
    """
    import yaml

    yield from yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


class _Node(dict[str, Any]):
    """A mapping with its place and the line of each key."""

    def __init__(self, line: int, column: int) -> None:
        super().__init__()
        self.place = (line, column)
        self.lines: dict[str, int] = {}
        self.doubled: list[tuple[str, int]] = []


class _YamlReader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def read(self, text: str) -> list[Entry]:
        import yaml

        try:
            return list(self._entries(self._value(text, 0)))
        except yaml.YAMLError as error:
            items = list(_ITEM.finditer(text))
            if not items:
                self._not_yaml(error, 0)
                return []
        return [entry for chunk, line in _chunks(text, len(items[0][1])) for entry in self._chunk(chunk, line)]

    def _chunk(self, text: str, line: int) -> list[Entry]:
        """Return the entry of one list item, read on its own because the whole file is not YAML."""
        import yaml

        try:
            return list(self._entries(self._value(text, line)))
        except yaml.YAMLError as error:
            self._not_yaml(error, line)
            return []

    def _not_yaml(self, error: Exception, first: int) -> None:
        mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
        place = Location(self.file, first + mark.line + 1, mark.column + 1) if mark else Location(self.file, first + 1)
        reason = printable(str(getattr(error, "problem", None) or "it cannot be read"))
        self.findings.append(unreadable(place, f"This is not valid YAML: {reason}.", REMEDY))

    def _value(self, text: str, first: int) -> Any:
        """Return the value of the first YAML document in `text`, which begins after line `first` of the file."""
        import yaml

        stack: list[Any] = []
        keys: list[str | None] = []
        root: list[Any] = []
        for count, event in enumerate(events_of(text)):
            if count > 40 * MOST_ENTRIES:
                raise too_many(self.file)
            mark = event.start_mark
            line, column = (first + mark.line + 1, mark.column + 1) if mark else (first + 1, 1)
            self._tame(event, len(stack), Location(self.file, line, column))
            if isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
                node: Any = _Node(line, column) if isinstance(event, yaml.MappingStartEvent) else []
                self._attach(node, stack, keys, root, line)
                stack.append(node)
                keys.append(None)
            elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
                stack.pop()
                keys.pop()
            elif isinstance(event, yaml.ScalarEvent):
                self._attach(_scalar(event), stack, keys, root, line)
            elif isinstance(event, yaml.DocumentEndEvent):
                break
        return root[0] if root else None

    def _tame(self, event: Any, depth: int, place: Location) -> None:
        import yaml

        remedy = "Write the value out, without & and * and !."
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise refusal(SRC012, "YAML anchors (&name) and aliases (*name) are not accepted.", remedy, place)
        if getattr(event, "tag", None):
            raise refusal(SRC012, f"The YAML tag {printable(event.tag)} is not accepted.", remedy, place)
        if depth > _MAX_DEPTH:
            message = "This bibliography nests deeper than any reference does."
            raise refusal(SRC012, message, "Make it a flat list of items.", place)

    @staticmethod
    def _attach(value: Any, stack: list[Any], keys: list[str | None], root: list[Any], line: int) -> None:
        if not stack:
            root.append(value)
        elif isinstance(stack[-1], list):
            stack[-1].append(value)
        elif keys[-1] is None:
            keys[-1] = value if isinstance(value, str) else str(value)
            if keys[-1] in stack[-1]:
                stack[-1].doubled.append((keys[-1], line))
            stack[-1].lines[keys[-1]] = line
        else:
            stack[-1][keys[-1]] = value
            keys[-1] = None

    def _entries(self, value: Any) -> Iterator[Entry]:
        items = value.get("references") if isinstance(value, _Node) else value
        if not isinstance(items, list):
            message = "This is not CSL YAML: it has no list of references."
            self.findings.append(unreadable(Location(self.file, 1, 1), message, "Begin it with `references:`."))
            return
        for item in items:
            if not isinstance(item, _Node):
                message = f"An item must be a mapping with an id: {printable(str(item), 60)}"
                self.findings.append(unreadable(Location(self.file, 1, 1), message, REMEDY))
                continue
            place = Location(self.file, *item.place)
            entry, findings = entry_of_item(item, place, item.lines)
            self.findings.extend(findings)
            if entry:
                for name, line in item.doubled:
                    self.findings.append(duplicate_field(Location(self.file, line, 1), printable(name, 40), entry.key))
                yield entry


def _scalar(event: Any) -> str | int | bool | None:
    text = str(event.value)
    if event.style:
        return text
    if text.lower() in {"", "~", "null"}:
        return None
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    return int(text) if _INTEGER.fullmatch(text) else text


def _chunks(text: str, indent: int) -> Iterator[tuple[str, int]]:
    """Yield the items of a list indented by `indent`, each as YAML of its own, and the number of lines before it."""
    starts = [found.start() for found in re.finditer(rf"^ {{{indent}}}- ", text, re.MULTILINE)]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        chunk = text[start:end]
        closing = re.search(r"^(?:\.\.\.|---)\s*$", chunk, re.MULTILINE)
        yield chunk[: closing.start()] if closing else chunk, text.count("\n", 0, start)


def _plain_item(item: Item) -> Item:
    """Return `item` without Markdown, for the rules."""
    texts = {name: _plain_markdown(text) for name in TEXTS.values() if (text := getattr(item, name))}
    return replace(item, **texts)


def _plain_markdown(text: str) -> str:
    text = _MARKS.sub(r"\2", _SPAN.sub(r"\1", text))
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", text)
