"""How an edition looks: pubkit's own style sheets, and those that a publication puts in their place.

A publication's style sheet is untrusted input. It may set type, colour and space, but it can neither load anything nor
reach pubkit's reserved parts; pubkit's protection of the disclaimers comes after it in every output (`protection`).
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

from pubkit.errors import EnvironmentFault
from pubkit.files import printable, read_contained, refusal
from pubkit.findings import Location
from pubkit.render.model import Styles
from pubkit.render.rules import SRC030

__all__ = ["check", "load", "of_publication", "own", "protection"]

_LIMIT = 256 * 1024
_DEEPEST = 12
_AT_RULES = frozenset({"charset", "counter-style", "media", "page", "supports"})
_MARGIN_BOXES = frozenset(
    f"{side}-{place}"
    for side, places in {
        "top": ("left-corner", "left", "center", "right", "right-corner"),
        "bottom": ("left-corner", "left", "center", "right", "right-corner"),
        "left": ("top", "middle", "bottom"),
        "right": ("top", "middle", "bottom"),
    }.items()
    for place in places
) | {"footnote"}
_LOADING = frozenset({"url", "src", "image", "image-set", "-webkit-image-set", "cross-fade", "element", "expression"})
_BINDING = frozenset({"-moz-binding", "behavior"})
_REMEDY = "Remove it: a publication's style sheet sets type, colour and space, and nothing else."


def load(folder: Path | None) -> Styles:
    """The style sheets of the publication in `folder`: its styles/web.css, epub.css and print.css, else pubkit's own.

    Raises:
        InputRefused: a style sheet of the publication holds something that is not allowed; the finding has its line.
        EnvironmentFault: pubkit's own style sheets are not where they were installed.
    """
    return Styles(_chosen(folder, "web"), _chosen(folder, "epub"), _chosen(folder, "print"))


def _chosen(folder: Path | None, name: str) -> str:
    if folder is not None:
        path = f"styles/{name}.css"
        try:
            data = read_contained(folder, path, "The style sheet", limit=_LIMIT, suffixes={".css"})
        except FileNotFoundError:
            return own(f"{name}.css")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise refusal(SRC030, f"{path} is not UTF-8 text.", "Save the file as UTF-8.", Location(path)) from error
        check(text, path)
        return text
    return own(f"{name}.css")


def of_publication(sheets: Styles) -> dict[str, str]:
    """The style sheets among `sheets` that are the publication's own, by name, as text."""
    found = {"web": sheets.web, "epub": sheets.epub, "print": sheets.print}
    return {f"style sheet {name}.css": text for name, text in found.items() if text != own(f"{name}.css")}


@functools.cache
def own(name: str) -> str:
    """The text of pubkit's own file `name` in styles/: from the installed package, else from the checkout.

    Raises:
        EnvironmentFault: it is in neither place.
    """
    package = resources.files("pubkit")
    for folder in (package / "styles", Path(str(package)).parents[1] / "styles"):
        file = folder / name
        if file.is_file():
            return file.read_text("utf-8")
    raise EnvironmentFault(f"pubkit's own styles/{name} is missing.", remedy="Install pubkit again.")


def protection() -> str:
    """The declarations that keep the disclaimers and the draft mark visible; they come last in every output."""
    return own("disclaimer.css")


def check(text: str, file: str) -> None:
    """Refuse a publication's style sheet that loads anything, runs anything, or reaches for pubkit's reserved parts.

    Args:
        text: the style sheet.
        file: its path, for the finding.

    Raises:
        InputRefused: with rule SRC030 and the place of the first thing that is not allowed.
    """
    import tinycss2

    for number, line in enumerate(text.split("\n"), 1):
        if (column := line.find("<")) >= 0:
            _refuse("“<”", file, number, column + 1)
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    for node in _walk(nodes):
        if what := _forbidden(node):
            _refuse(what, file, node.source_line, node.source_column)
    for what, row, column in (*_unclosed(text), *_unreadable(nodes)):
        remedy = "Correct it: browsers pass over the rest of the rule, or of the file, without a word."
        raise refusal(SRC030, f"The style sheet cannot be read: {what}.", remedy, Location(file, row, column))


#: What has to be told apart to find brackets: comments, strings and escaped characters hold none.
_PIECE = re.compile(r"/\*.*?\*/|/\*|\\(?:\r\n|.)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'|[\"'{}()\[\]]", re.DOTALL)
_CLOSES = {"}": "{", ")": "(", "]": "["}


def _unclosed(text: str) -> Iterator[tuple[str, int, int]]:
    """What is opened and never closed, each with its line and column; the parser closes it at the end without a word."""
    opened: list[tuple[str, int]] = []
    for piece in _PIECE.finditer(text):
        sign = piece[0]
        if sign in _CLOSES.values() or sign in {"/*", '"', "'"}:
            opened.append((sign, piece.start()))
            if sign == "/*":
                break
        elif sign in _CLOSES and opened and opened[-1][0] == _CLOSES[sign]:
            opened.pop()
    for sign, place in opened:
        before = text[:place]
        yield f"“{sign}” is opened and not closed", before.count("\n") + 1, place - before.rfind("\n")


def _unreadable(nodes: Any) -> Iterator[tuple[str, int, int]]:
    """What the parser cannot read of the rules, and of the declarations in them, each with its line and column."""
    import tinycss2

    for node in nodes:
        if node.type == "error":
            yield f"here begins no rule and no declaration ({node.message})", node.source_line, node.source_column
        elif node.type in {"qualified-rule", "at-rule"} and node.content:
            yield from _unreadable(
                tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
            )


def _refuse(what: str, file: str, line: int, column: int) -> None:
    raise refusal(SRC030, f"{what} is not allowed in a style sheet.", _REMEDY, Location(file, line, column))


def _forbidden(node: Any) -> str:
    """What is wrong with one node of a parsed style sheet; empty where nothing is."""
    kind = node.type
    if kind == "error":
        return f"A mistake ({node.message})"
    if kind == "url" or (kind == "function" and node.lower_name in _LOADING):
        return "Loading a file with url() or the like"
    if kind in {"at-rule", "at-keyword"}:
        name = node.lower_at_keyword if kind == "at-rule" else node.lower_value
        return "" if name in _AT_RULES | _MARGIN_BOXES else f"@{printable(name)}"
    if kind == "literal" and node.value == "!":
        return "!important"
    if kind in {"ident", "hash", "string"}:
        name = node.value.lower()
        if "pubkit-" in name:
            return "A name that is reserved for pubkit"
        if kind == "ident" and name in _BINDING:
            return printable(name)
    if kind == "too deep":
        return "Nesting this deep"
    return ""


class _TooDeep:
    """Stands in the walk for what lies deeper than any style sheet needs."""

    type = "too deep"

    def __init__(self, node: Any) -> None:
        self.source_line, self.source_column = node.source_line, node.source_column


def _walk(nodes: Any) -> Iterator[Any]:
    """Every node of a style sheet, in the order of the text."""
    stack = [(node, 0) for node in reversed(nodes)]
    while stack:
        node, depth = stack.pop()
        yield node
        inner = [
            part
            for name in ("prelude", "content", "arguments")
            for part in (getattr(node, name, None) or ())
            if not isinstance(part, str)
        ]
        if inner and depth >= _DEEPEST:
            yield _TooDeep(node)
        else:
            stack.extend((part, depth + 1) for part in reversed(inner))
