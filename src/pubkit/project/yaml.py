"""YAML as pubkit accepts it: plain mappings, lists and scalars, each with its line.

PyYAML reads the file; this module limits what it may contain. Aliases (a few lines can unfold into gigabytes), tags
(which name Python types), and duplicate keys (of which PyYAML and pandoc silently keep the last) are refused. Every scalar
but true, false, null and whole numbers stays text, so that `version: 1.10` is "1.10" and a date keeps its form.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from msgspec import Struct, field

from pubkit.boundary.files import printable
from pubkit.boundary.rules import SRC011, SRC012
from pubkit.boundary.text import forbidden
from pubkit.catalogue import Entry
from pubkit.errors import ConfigurationError, InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Location

__all__ = ["REMEDY", "Path", "YamlFile", "composed", "load"]

#: The way to a value: mapping keys and list indices, from the top.
Path = tuple[str | int, ...]

#: The parser of libyaml, where PyYAML was built with it.
_QUICK = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_MAX_DEPTH = 12
_MAX_NODES = 20_000
_BOOLEANS = {"true": True, "false": False}
_NULLS = {"", "~", "null"}
#: Whole numbers that are the same when they are written out again: no +49, no 007.
_WHOLE = expression(r"0|-?[1-9][0-9]{0,11}")


class YamlFile(Struct, frozen=True):
    """The content of a YAML text, and the place of every key and value in it."""

    value: Any
    locations: Mapping[Path, Location] = field(default_factory=dict)
    values: Mapping[Path, Location] = field(default_factory=dict)
    repeated: tuple[tuple[str, Location], ...] = ()

    def at(self, path: Path) -> Location:
        """Return the place of the statement at `path` (of its key, if any), or of the nearest statement around it."""
        while path and path not in self.locations:
            path = path[:-1]
        return self.locations[path]

    def value_at(self, path: Path) -> Location:
        """Return the place of the value at `path`, or that of the nearest statement around it."""
        return self.values.get(path) or self.at(path)


def load(
    text: str, file: str, first_line: int = 1, passing: tuple[str, ...] = (), *, repeating: bool = False
) -> YamlFile:
    """Read the YAML `text`, which begins in line `first_line` of `file`.

    Tags that begin with one of `passing` are ignored, because another tool reads the file as well. With `repeating`, a key
    may be given again: the last value counts, and the place of each repetition is kept.

    Raises:
        ConfigurationError: it is not YAML; the finding has the line and column.
        InputRefused: it contains aliases, tags or duplicate keys, or is nested too deeply.
    """
    try:
        node = _composed(text, file, first_line)
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error, text, file, first_line) from None
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        finding = SRC011.at(
            Location(file, first_line), f"{file} cannot be read as YAML: {printable(str(error))}", remedy=REMEDY
        )
        raise ConfigurationError(finding.message, remedy=REMEDY, findings=(finding,)) from None
    reader = _Reader(file, first_line, passing, repeating=repeating)
    value = reader.value(node, ()) if node is not None else None
    if reader.refused:
        raise InputRefused(reader.refused[0].message, remedy=reader.refused[0].remedy, findings=tuple(reader.refused))
    reader.locations.setdefault((), Location(file, first_line, 1))
    return YamlFile(value, reader.locations, reader.values, tuple(reader.repeated))


REMEDY = "Indent with spaces (not tabs), and put quotes around a value that contains a colon, a # or a bracket."


def composed(text: str) -> yaml.Node | None:
    """Return the nodes of a YAML `text` that `load` has accepted; their lines show where to change the text."""
    return _composed(text, "")


def _composed(text: str, file: str, first_line: int = 1) -> yaml.Node | None:
    """Return the nodes of `text`, after a look at its events.

    libyaml is 20 times as fast as PyYAML's own parser, which reads again what libyaml refuses: it says what is wrong in
    words that are explained below.
    """
    try:
        _refuse_wild(text, file, first_line, _QUICK)
        return yaml.compose(text, Loader=_QUICK)
    except (yaml.YAMLError, ValueError):
        _refuse_wild(text, file, first_line, yaml.SafeLoader)
        return yaml.compose(text, Loader=yaml.SafeLoader)


def _syntax_error(error: yaml.MarkedYAMLError, text: str, file: str, first_line: int) -> ConfigurationError:
    opened = _runs_over_lines(text, error.problem_mark)
    mark, message, remedy = opened or _explained(error, text.splitlines())
    line, column = (mark.line, mark.column) if mark else (0, 0)
    finding = SRC011.at(Location(file, first_line + line, column + 1), message, remedy=remedy)
    return ConfigurationError(f"{file} cannot be read: {message}", remedy=remedy, findings=(finding,))


def _runs_over_lines(text: str, end: yaml.Mark | None) -> tuple[yaml.Mark, str, str] | None:
    """Return the quoted value that ends at the mistake, in a later line, because its quotation mark was not closed."""
    last = None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if end is None or token.start_mark.index >= end.index:
                break
            last = token
    if not isinstance(last, yaml.ScalarToken) or last.style not in {"'", '"'}:
        return None
    if end is None or last.end_mark.index != end.index or last.start_mark.line == last.end_mark.line:
        return None
    return last.start_mark, "This quotation mark is not closed on its line.", "Close it, or remove it."


def _explained(error: yaml.MarkedYAMLError, lines: Sequence[str]) -> tuple[yaml.Mark | None, str, str]:
    """Return where the mistake is, what it is, and what to do, in words that need no knowledge of YAML parsers."""
    mark, problem, context = error.problem_mark or error.context_mark, error.problem or "", error.context or ""
    if mark and mark.line < len(lines) and "\t" in lines[mark.line][: mark.column + 1]:
        return mark, "There is a tab where YAML needs spaces.", "Indent with spaces."
    if "quoted scalar" in context and "end of stream" in problem:
        return error.context_mark, "This quotation mark is not closed.", "Close it, or remove both quotation marks."
    if context.startswith("while parsing a flow"):
        if "stream end" in problem or "end of stream" in problem:
            return error.context_mark, "This bracket is not closed.", "Close it: [one, two] or {key: value}."
        return mark, "A comma or closing bracket is missing before this.", "Write [one, two] or {key: value}."
    if "could not find expected ':'" in problem:
        return error.context_mark, "There is no colon after this key.", "Write key: value; put long text in quotes."
    for sign, message, remedy in _PROBLEMS:
        if sign in problem:
            return mark, message, remedy
    return mark, f"This is not valid YAML: {printable(problem or 'it cannot be read')}.", REMEDY


#: What PyYAML says, what it means, and what to do.
_PROBLEMS = (
    (
        "mapping values are not allowed",
        "A value contains a colon followed by a space, or a line is indented too far.",
        'Put the value in quotes, as in title: "Sleep: a guide", or start the line in the same column as the others.',
    ),
    (
        "found '<block mapping start>'",
        "This line is indented further than the lines before it.",
        "Start it in the same column.",
    ),
    (
        "<block end>, but found '-'",
        "There is a list item where a key is expected.",
        "Put the list under its key: write keywords: and then - one, indented further.",
    ),
    (
        "<block end>, but found '<scalar>'",
        "There is text after the end of the value.",
        "Put the whole value in one pair of quotation marks; to use the same mark inside it, write it twice.",
    ),
    (
        "cannot start any token",
        "A value begins with a character that YAML reserves.",
        "Put the value in quotation marks.",
    ),
    (
        "unknown escape",
        ("A backslash inside double quotation marks starts an escape sequence."),
        "Use single quotation marks, or write \\\\.",
    ),
)


def _refuse_wild(text: str, file: str, first_line: int, loader: Any) -> None:
    """Check the events before anything is built from them, so that refusing aliases and depth costs little."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        mark = event.start_mark
        place = Location(file, first_line + mark.line, mark.column + 1) if mark else Location(file, first_line)
        if isinstance(event, yaml.AliasEvent):
            raise _refused(SRC012, "YAML aliases (*name) are not accepted.", "Write the value out.", place)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MAX_DEPTH or count > _MAX_NODES:
            raise _refused(
                SRC012, "The YAML is nested too deeply or too long.", "Reduce the nesting and the length.", place
            )


def _refused(rule: Entry, message: str, remedy: str, location: Location) -> InputRefused:
    return InputRefused(message, remedy=remedy, findings=(rule.at(location, message, remedy=remedy),))


class _Reader:
    """Turns composed nodes into plain values, and collects the place of each and what cannot be accepted."""

    def __init__(self, file: str, first_line: int, passing: tuple[str, ...], *, repeating: bool) -> None:
        self.file = file
        self.first_line = first_line
        self.passing = passing
        self.repeating = repeating
        self.repeated: list[tuple[str, Location]] = []
        self.locations: dict[Path, Location] = {}
        self.values: dict[Path, Location] = {}
        self.refused: list[Finding] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.values[path] = self.place(node)
        self.locations.setdefault(path, self.values[path])
        if node.tag not in _PLAIN_TAGS and not node.tag.startswith(self.passing):
            self.refuse(node, f"The YAML tag {printable(node.tag)} is not accepted.", "Write the value without a tag.")
            return None
        if isinstance(node, yaml.MappingNode):
            return dict(self.pairs(node, path))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        return self.scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def pairs(self, node: yaml.MappingNode, path: Path) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self.refuse(key_node, "A key must be plain text.", "Write the key as one word.")
                continue
            key = str(key_node.value)
            if hidden := forbidden(key):
                self.refuse(key_node, f"This key contains the character {hidden}, which is not accepted.", "Remove it.")
                continue
            if key in seen and self.repeating:
                self.repeated.append((key, self.place(key_node)))
            elif key in seen:
                self.refuse(key_node, f"The key {printable(key)} is given twice.", "Keep one of the two.")
            seen.add(key)
            self.locations[(*path, key)] = self.place(key_node)
            yield key, self.value(value_node, (*path, key))

    def scalar(self, node: yaml.ScalarNode) -> str | int | bool | None:
        text = str(node.value)
        if hidden := forbidden(text):
            self.refuse(node, f"This value contains the character {hidden}, which is not accepted.", "Remove it.")
            return ""
        if node.style in {"'", '"', "|", ">"}:
            return text
        lowered = text.lower()
        if lowered in _NULLS:
            return None
        if lowered in _BOOLEANS:
            return _BOOLEANS[lowered]
        return int(text) if _WHOLE.fullmatch(text) else text

    def place(self, node: yaml.Node) -> Location:
        start, end = node.start_mark, node.end_mark
        one_line = isinstance(node, yaml.ScalarNode) and start.line == end.line and node.value
        stop = end.column + 1 if one_line else 0
        return Location(self.file, self.first_line + start.line, start.column + 1, stop)

    def refuse(self, node: yaml.Node, message: str, remedy: str) -> None:
        self.refused.append(SRC012.at(self.place(node), message, remedy=remedy))


_PLAIN_TAGS = {
    f"tag:yaml.org,2002:{name}"
    for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp", "merge", "value")
}
