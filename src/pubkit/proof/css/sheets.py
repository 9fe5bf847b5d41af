"""Style sheets as lists of rules: selectors compiled, nesting unfolded, conditions kept to be asked later."""

from __future__ import annotations

import base64
import binascii
import re
import urllib.parse
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import cssselect2
import tinycss2
from msgspec import Struct, field
from tinycss2.ast import AtRule, Declaration, Node, QualifiedRule

from pubkit.proof.css.lengths import solid
from pubkit.proof.css.media import Environment, applies
from pubkit.proof.css.values import expanded

__all__ = ["Longhand", "Match", "Rule", "Sheet", "Unread", "data_url", "declarations", "longhands", "read"]

_HIDING_NAMES = """
    all animation animation-name background background-color background-image clip clip-path color content
    content-visibility display filter font font-size height inset left mask mask-image max-height max-width opacity
    position right rotate scale text-indent top transform translate visibility width zoom
    -webkit-text-fill-color -webkit-mask -webkit-mask-image
"""
#: Properties that can take a text out of sight; a rule with one of them must be understood.
HIDING = frozenset(_HIDING_NAMES.split())
_MOST_DEEP = 20
_FACE = re.compile(r"url\(data:(font/[a-z0-9]+);base64,[A-Za-z0-9+/=]*\)")


Longhand = tuple[int, bool, str, Sequence[Node]]


def longhands(declarations: Iterable[Declaration]) -> tuple[Longhand, ...]:
    """What `declarations` set: the place of each, whether it is important, a property that counts, and its tokens."""
    return tuple(
        (place, bool(one.important), longhand, value)
        for place, one in enumerate(declarations)
        for longhand, value in expanded(one.name if one.name.startswith("--") else one.lower_name, one.value)
    )


class Rule(Struct, frozen=True):
    """One selector with its declarations.

    `selector` is what cssselect2 compiled; `conditions` are functions of the environment that must all hold; `layer` is the
    path of cascade layers, empty outside of them; `order` counts rules in the order of the document. `longhands` are what
    the declarations set: the place of the declaration, whether it is important, the property, and its tokens.
    """

    selector: Any
    declarations: tuple[Declaration, ...]
    conditions: tuple[Callable[[Environment], bool], ...]
    layer: str
    order: int
    longhands: tuple[Longhand, ...]


class Sheet(Struct):
    """All rules of a document's style sheets, the layers in their order, and what could not be read."""

    rules: list[Rule] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    moving: set[str] = field(default_factory=set)
    unread: list[str] = field(default_factory=list)
    _matcher: cssselect2.Matcher | None = None
    _matched: dict[Any, list[Match]] = field(default_factory=dict)

    def matched(self, element: Any) -> list[Match]:
        """The rules whose selectors match `element`, whatever the environment; to be asked once all rules are there."""
        node = element.etree_element
        if node not in self._matched:
            if self._matcher is None:
                self._matcher = cssselect2.Matcher()
                for rule in self.rules:
                    self._matcher.add_selector(rule.selector, rule)
            self._matched[node] = [
                Match(specificity, pseudo, rule) for specificity, _, pseudo, rule in self._matcher.match(element)
            ]
        return self._matched[node]


class Match(NamedTuple):
    """A rule whose selector matches an element, or its pseudo-element `pseudo`, with this specificity."""

    specificity: tuple[int, ...]
    pseudo: str | None
    rule: Rule


class Unread(Exception):
    """A style sheet that another one imports is not there."""


#: Gives the text of an imported sheet by its address; raises `Unread`.
Importer = Callable[[str], str]


def read(sheet: Sheet, css: str, importer: Importer, media: str = "") -> None:
    """Add the rules of the style sheet `css` to `sheet`; `media` is the attribute of the element that holds it."""
    conditions = (_media(tinycss2.parse_component_value_list(media)),) if media.strip() else ()
    # The faces of a page are most of its bytes and say nothing about what is seen: their contents need not be read.
    css = _FACE.sub(r"url(data:\1,)", css)
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    _Reader(sheet, importer).rules(nodes, conditions, "", None, 0)


def declarations(css: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute."""
    nodes = tinycss2.parse_blocks_contents(css, skip_comments=True, skip_whitespace=True)
    return tuple(node for node in nodes if isinstance(node, Declaration))


def data_url(address: str) -> str:
    """The text that a data: address holds.

    Raises:
        Unread: it is no such address, or does not decode.
    """
    head, comma, body = address.partition(",")
    if not head.lower().startswith("data:") or not comma:
        raise Unread(address[:80])
    try:
        raw = urllib.parse.unquote_to_bytes(body)
        return (base64.b64decode(raw) if head.lower().endswith(";base64") else raw).decode("utf-8", "replace")
    except binascii.Error as error:
        raise Unread(address[:80]) from error


def _media(tokens: Sequence[Node]) -> Callable[[Environment], bool]:
    return lambda environment: applies(tokens, environment)


def _open(environment: Environment) -> bool:
    return environment.uncertain


class _Reader:
    def __init__(self, sheet: Sheet, importer: Importer) -> None:
        self.sheet = sheet
        self.importer = importer

    def rules(
        self, nodes: Iterable[Node], conditions: tuple[Any, ...], layer: str, parent: str | None, depth: int
    ) -> None:
        """Read `nodes`, which stand under `conditions`, in `layer`, nested in the selector `parent`."""
        if depth > _MOST_DEEP:
            self.sheet.unread.append("style rules nested more than twenty deep")
            return
        own: list[Declaration] = []
        for node in nodes:
            if isinstance(node, QualifiedRule):
                self._qualified(node, conditions, layer, parent, depth)
            elif isinstance(node, AtRule):
                self._at_rule(node, conditions, layer, parent, depth)
            elif isinstance(node, Declaration) and parent is not None:
                own.append(node)
        if own and parent is not None:
            self._add(parent, own, conditions, layer)

    def _qualified(
        self, node: QualifiedRule, conditions: tuple[Any, ...], layer: str, parent: str | None, depth: int
    ) -> None:
        selector = tinycss2.serialize(node.prelude).strip()
        if parent is not None:
            nested = selector if "&" in selector else f"& {selector}"
            selector = nested.replace("&", f":is({parent})")
        content = tinycss2.parse_blocks_contents(node.content, skip_comments=True, skip_whitespace=True)
        self.rules(content, conditions, layer, selector, depth + 1)

    def _at_rule(self, node: AtRule, conditions: tuple[Any, ...], layer: str, parent: str | None, depth: int) -> None:
        name = node.lower_at_keyword
        if name == "import":
            self._import(node, conditions, layer, depth)
        elif name == "layer" and node.content is None:
            for part in tinycss2.serialize(node.prelude).split(","):
                self._layer(layer, part.strip())
        elif name.endswith("keyframes"):
            self._keyframes(node)
        elif node.content is not None and name in {
            "media",
            "supports",
            "layer",
            "container",
            "scope",
            "starting-style",
        }:
            inner, extra = layer, conditions
            if name == "layer":
                inner = self._layer(layer, tinycss2.serialize(node.prelude).strip() or f"#{len(self.sheet.layers)}")
            elif name == "media":
                extra = (*conditions, _media(node.prelude))
            elif name != "supports":
                extra = (*conditions, _open)
            parse = tinycss2.parse_blocks_contents if parent is not None else tinycss2.parse_rule_list
            self.rules(parse(node.content, skip_comments=True, skip_whitespace=True), extra, inner, parent, depth + 1)

    def _import(self, node: AtRule, conditions: tuple[Any, ...], layer: str, depth: int) -> None:
        tokens = solid(node.prelude)
        address = _address(tokens[0]) if tokens else None
        if address is None:
            return
        rest = [token for token in tokens[1:] if getattr(token, "lower_name", "") not in {"layer", "supports"}]
        try:
            css = self.importer(address)
        except Unread:
            self.sheet.unread.append(f"the style sheet {address[:80]}")
            return
        extra = (*conditions, _media(rest)) if rest else conditions
        self.rules(tinycss2.parse_stylesheet(css, True, True), extra, layer, None, depth + 1)

    def _layer(self, outer: str, name: str) -> str:
        path = f"{outer}.{name}" if outer else name
        if path not in self.sheet.layers:
            self.sheet.layers.append(path)
        return path

    def _keyframes(self, node: AtRule) -> None:
        """Remember the name of an animation that touches what decides whether a text is seen."""
        for frame in tinycss2.parse_rule_list(node.content or [], True, True):
            if isinstance(frame, QualifiedRule):
                content = tinycss2.parse_blocks_contents(frame.content, True, True)
                if any(isinstance(part, Declaration) and part.lower_name in HIDING for part in content):
                    self.sheet.moving.add(tinycss2.serialize(node.prelude).strip().strip("\"'"))

    def _add(self, selector: str, own: list[Declaration], conditions: tuple[Any, ...], layer: str) -> None:
        try:
            compiled = cssselect2.compile_selector_list(selector)
        except cssselect2.SelectorError:
            foreign = re.search(r"::?-(?:moz|webkit|ms|o)-", selector)
            if not foreign and any(part.lower_name in HIDING for part in own):
                self.sheet.unread.append(f"the selector {selector[:80]}")
            return
        set_here = longhands(own)
        for one in compiled:
            if not one.never_matches:
                self.sheet.rules.append(Rule(one, tuple(own), conditions, layer, len(self.sheet.rules), set_here))


def _address(token: Node) -> str | None:
    if token.type in {"url", "string"}:
        return str(token.value)
    if token.type == "function" and token.lower_name == "url":
        inner = solid(token.arguments)
        return str(inner[0].value) if inner and inner[0].type == "string" else None
    return None
