"""Walking and changing pandoc's syntax tree in its JSON form."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

__all__ = ["Node", "identifier", "inline_lists", "nodes", "plain_text", "replace_nodes"]

#: An element of the tree: "t" names its kind, "c" holds its content (absent for kinds without any).
Node = dict[str, Any]


def nodes(value: Any) -> Iterator[Node]:
    """Yield every node below `value`, in reading order, the outer before the inner."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(reversed(part))
        elif isinstance(part, dict):
            if "t" in part:
                yield part
                if "c" in part:
                    stack.append(part["c"])
            else:
                stack.extend(reversed(part.values()))


def identifier(node: Node) -> str:
    """Return the id of a node, "" where it has none."""
    place = {
        "Header": 1,
        "Span": 0,
        "Div": 0,
        "Link": 0,
        "Image": 0,
        "Table": 0,
        "Figure": 0,
        "Code": 0,
        "CodeBlock": 0,
    }
    if node["t"] not in place:
        return ""
    text: str = node["c"][place[node["t"]]][0]
    return text


def inline_lists(value: Any) -> Iterator[list[Node]]:
    """Yield every list below `value` that holds nodes, the outer before the inner; it may be changed in place."""
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            if part and all(isinstance(one, dict) and "t" in one for one in part):
                yield part
            stack.extend(reversed(part))
        elif isinstance(part, dict):
            stack.extend(reversed(part.values()))


def replace_nodes(value: Any, kind: str, replacement: Callable[[Node], Node]) -> None:
    """Put `replacement(node)` in the place of every node of `kind` below `value`."""
    for siblings in inline_lists(value):
        for index, node in enumerate(siblings):
            if node["t"] == kind:
                siblings[index] = replacement(node)


def plain_text(value: Any) -> str:
    """Return the words below `value`, with spaces where the text has them, without notes."""
    parts: list[str] = []
    stack = [value]
    while stack:
        part = stack.pop()
        if isinstance(part, list):
            stack.extend(reversed(part))
        elif isinstance(part, dict):
            match part.get("t"):
                case "Str":
                    parts.append(part["c"])
                case "Space" | "SoftBreak" | "LineBreak":
                    parts.append(" ")
                case "Code" | "Math" | "CodeBlock":
                    parts.append(part["c"][1])
                case "Note":
                    pass
                case _:
                    stack.append(part.get("c", []))
    return "".join(parts).strip()
