"""The cascade: which declaration wins for an element.

Source: CSS Cascading and Inheritance Level 4. Only style rules and @media are read: pubkit's own sheets contain nothing
else that could hide text, and the check of house style sheets (`pubkit.render.styles.house`) lets nothing else through.
"""

from __future__ import annotations

import functools
import operator
import re
from collections.abc import Iterator, Sequence
from typing import Any

import cssselect2
import tinycss2
from msgspec import Struct, field

from pubkit.proof.disclaimers.css.media import Environment, Medium, applies, breakpoints, environments
from pubkit.render.styles.colours import parse
from pubkit.render.styles.syntax import solid

__all__ = ["Cascade", "Sheet", "Styled", "read"]

Element = Any
Value = list[Any]
INHERITED = frozenset(
    {"color", "font-size", "font-weight", "letter-spacing", "line-height", "text-indent", "visibility", "word-spacing"}
)
_SIDES = ("top", "right", "bottom", "left")
_ORDER = {1: (0, 0, 0, 0), 2: (0, 1, 0, 1), 3: (0, 1, 2, 1), 4: (0, 1, 2, 3)}
_STYLES = {"none", "solid", "dotted", "dashed", "double"}
_PREFIXED = re.compile(r"::?-(?:moz|webkit|epub)-")


class Rule(Struct, frozen=True):
    """One selector with what it sets (importance, property, value); `media` are the queries around it."""

    selector: Any
    longhands: tuple[tuple[bool, str, Value], ...]
    media: tuple[Any, ...]
    order: int


class Sheet(Struct):
    """The rules of a document's style sheets, and the selectors that could not be read."""

    rules: list[Rule]
    unread: list[str]
    steps: list[float]
    matcher: cssselect2.Matcher
    _matched: dict[Any, list[Any]] = field(default_factory=dict)
    _cascades: list[Cascade] = field(default_factory=list)

    def matched(self, element: Element) -> list[Any]:
        """Return the rules whose selectors match `element`, in cssselect2's form."""
        node = element.etree_element
        if node not in self._matched:
            self._matched[node] = self.matcher.match(element)
        return self._matched[node]

    def cascades(self, media: Sequence[Medium], elements: Sequence[Element]) -> list[Cascade]:
        """Return a cascade for each set of rules that can apply to `elements` in the environments of `media`."""
        relevant = {rule.order for element in elements for *_, rule in self.matched(element)}
        if not self._cascades:
            conditional = [rule for rule in self.rules if rule.media]
            for environment in environments(self.steps):
                known: dict[int, bool] = {}
                off = (rule.order for rule in conditional if not _applies(rule, environment, known))
                self._cascades.append(Cascade(self, environment, frozenset(off)))
        found = {
            (cascade.environment.scheme, cascade.off & relevant): cascade
            for cascade in reversed(self._cascades)
            if cascade.environment.medium in media
        }
        return list(found.values())[::-1]


def _applies(rule: Rule, environment: Environment, known: dict[int, bool]) -> bool:
    """Return whether a rule applies; `known` are the answers to queries, each of which stands above several rules."""
    for query in rule.media:
        if id(query) not in known:
            known[id(query)] = applies(query, environment)
        if not known[id(query)]:
            return False
    return True


class _Parsed(Struct):
    """A style sheet as it is written, whatever page it is for; its fields are those of `Sheet`."""

    rules: list[Rule]
    unread: list[str]
    steps: set[float]


def read(css: str) -> Sheet:
    """Return the rules of the style sheet `css`."""
    parsed = _parsed(css)
    matcher = cssselect2.Matcher()
    for rule in parsed.rules:
        matcher.add_selector(rule.selector, rule)
    return Sheet(list(parsed.rules), list(parsed.unread), sorted(parsed.steps), matcher)


@functools.lru_cache(maxsize=8)
def _parsed(css: str) -> _Parsed:
    """Return `css` parsed: once for all pages of a book and for all publications that have the same style sheets."""
    parsed = _Parsed([], [], set())
    _rules(parsed, tinycss2.parse_stylesheet(css, True, True), ())
    return parsed


def _rules(parsed: _Parsed, nodes: Sequence[Any], media: tuple[Any, ...]) -> None:
    for node in nodes:
        if node.type == "qualified-rule":
            _rule(parsed, node, media)
        elif node.type == "at-rule" and node.lower_at_keyword == "media" and node.content is not None:
            parsed.steps.update(breakpoints(node.prelude))
            _rules(parsed, tinycss2.parse_rule_list(node.content, True, True), (*media, node.prelude))


def _rule(parsed: _Parsed, node: Any, media: tuple[Any, ...]) -> None:
    try:
        compiled = cssselect2.compile_selector_list(node.prelude)
    except cssselect2.SelectorError:
        selector = tinycss2.serialize(node.prelude).strip()
        if not _PREFIXED.search(selector):
            parsed.unread.append(f"the selector {selector[:80]}")
        return
    parts = tinycss2.parse_blocks_contents(node.content, True, True)
    found = [part for part in parts if part.type == "declaration"]
    longhands = tuple((one.important, *pair) for one in found for pair in _longhands(one.lower_name, solid(one.value)))
    for selector in compiled:
        if not selector.never_matches:
            parsed.rules.append(Rule(selector, longhands, media, len(parsed.rules)))


def _longhands(name: str, value: Value) -> Iterator[tuple[str, Value]]:
    """Yield the longhands that a declaration sets, as far as they matter here; "inline-start" counts as left."""
    name = name.replace("inline-start", "left").replace("inline-end", "right")
    if name in {"margin", "padding", "border-style", "border-width"} and len(value) in _ORDER:
        stem, _, kind = name.partition("-")
        for side, place in zip(_SIDES, _ORDER[len(value)], strict=True):
            yield f"{stem}-{side}{'-' + kind if kind else ''}", [value[place]]
    elif name in {"margin-inline", "padding-inline"} and value:
        yield from ((f"{name.partition('-')[0]}-left", value[:1]), (f"{name.partition('-')[0]}-right", value[-1:]))
    elif name == "border" or name.removeprefix("border-") in _SIDES:
        for side in _SIDES if name == "border" else (name.removeprefix("border-"),):
            words = [part for part in value if getattr(part, "lower_value", "") in _STYLES]
            yield f"border-{side}-style", words[:1]
            yield f"border-{side}-width", [part for part in value if part not in words and parse(part) is None][:1]
    elif name == "background":
        yield "background-color", [part for part in value if part.type != "literal"]
    elif name == "font":
        yield from _font(value)
    else:
        yield name, value


def _font(value: Value) -> Iterator[tuple[str, Value]]:
    if len(value) == 1:  # inherit and similar keywords
        yield from ((name, value) for name in ("font-size", "font-weight", "line-height"))
        return
    size = next((place for place, part in enumerate(value) if part.type in {"dimension", "percentage", "function"}), 0)
    yield (
        "font-weight",
        [part for part in value[:size] if part.type == "number" or getattr(part, "lower_value", "") == "bold"],
    )
    yield "font-size", value[size : size + 1]
    yield "line-height", value[size + 2 : size + 3] if value[size + 1 : size + 2] == ["/"] else []


class Cascade:
    """The style sheets of a document in one environment; `off` are the numbers of the rules that do not apply there."""

    def __init__(self, sheet: Sheet, environment: Environment, off: frozenset[int]) -> None:
        self.environment = environment
        self.off = off
        self._sheet = sheet
        self._known: dict[Any, Styled] = {}

    def styled(self, element: Element) -> Styled:
        """Return `element` and its ancestors, styled."""
        node = element.etree_element
        if node not in self._known:
            parent = self.styled(element.parent) if element.parent is not None else None
            self._known[node] = Styled(element, parent, self._declared(element, None), self.environment)
        return self._known[node]

    def pseudo(self, element: Element, name: str) -> Styled:
        """Return the pseudo-element `name` ("before", "first-line") of `element`, styled."""
        return Styled(element, self.styled(element), self._declared(element, name), self.environment)

    def _declared(self, element: Element, pseudo: str | None) -> dict[str, Value]:
        """Return the winning value of each property declared for `element`; `all` discards those before it."""
        ranked = [
            ((important, specificity, rule.order, place), name, value)
            for specificity, _, found, rule in self._sheet.matched(element)
            if found == pseudo and rule.order not in self.off
            for place, (important, name, value) in enumerate(rule.longhands)
        ]
        winning: dict[str, Value] = {}
        for _, name, value in sorted(ranked, key=operator.itemgetter(0)):
            if name == "all":
                winning = {kept: old for kept, old in winning.items() if kept.startswith("--")}
            else:
                winning[name] = value
        return winning


class Styled:
    """An element, or one of its pseudo-elements, with its winning declarations."""

    def __init__(
        self, element: Element, parent: Styled | None, declared: dict[str, Value], environment: Environment
    ) -> None:
        self.element = element
        self.parent = parent
        self.declared = declared
        self.environment = environment
        inherited: dict[str, Value] = parent.custom if parent else {}
        own = {name: value for name, value in declared.items() if name.startswith("--")}
        self.custom: dict[str, Value] = {**inherited, **own} if own else inherited
        #: Results computed from it, by name; see `pubkit.proof.disclaimers.css.sight`.
        self.known: dict[str, Any] = {}
        self._values: dict[str, Value] = {}

    @functools.cached_property
    def chain(self) -> list[Styled]:
        """Return the element and its ancestors, the root first."""
        return [*(self.parent.chain if self.parent else ()), self]

    def value(self, name: str) -> Value:
        """Return the value of property `name` with variables replaced; empty if nothing is declared."""
        if name not in self._values:
            self._values[name] = self._worked_out(name)
        return self._values[name]

    def _worked_out(self, name: str) -> Value:
        value = self._replaced(self.declared[name]) if name in self.declared else []
        word = _keyword(value)
        inherits = word == "inherit" or (name in INHERITED and (not value or word in {"unset", "revert"}))
        if inherits and self.parent:
            return self.parent.value(name)
        return [] if word in {"inherit", "initial", "unset", "revert"} else value

    def keyword(self, name: str) -> str:
        """Return the one keyword declared for property `name` on this very element; empty for anything else."""
        return _keyword(self._replaced(self.declared.get(name, [])))

    def words(self, name: str) -> str:
        """Return the value of property `name` as text in lower case."""
        value = self.value(name)
        return str(tinycss2.serialize(value)).strip().lower() if value else ""

    def _replaced(self, value: Value, depth: int = 0) -> Value:
        result: Value = []
        for part in value:
            if part.type == "function" and part.lower_name == "var" and depth < 8:
                named, *rest = solid(part.arguments) or [None]
                known = self.custom.get(getattr(named, "value", ""))
                result += self._replaced(known if known is not None else rest[1:], depth + 1)
            else:
                result.append(part)
        return result


def _keyword(value: Value) -> str:
    return str(value[0].lower_value) if len(value) == 1 and value[0].type == "ident" else ""
