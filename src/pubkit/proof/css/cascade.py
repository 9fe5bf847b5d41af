"""The cascade: which declaration wins for an element, and what its properties come to.

Source: CSS Cascading and Inheritance Level 5. Only the properties that decide whether a text is seen are worked out; a value
that a browser would drop as invalid is dropped here too, so that it cannot shadow the one that counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import tinycss2
from tinycss2.ast import FunctionBlock, IdentToken, Node

from pubkit.proof.css.lengths import solid
from pubkit.proof.css.media import Environment
from pubkit.proof.css.sheets import Longhand, Sheet, declarations, longhands
from pubkit.proof.css.values import INHERITED, VALID

__all__ = ["Cascade", "Styled"]

Element = Any
_UA_HIDDEN = {"head", "script", "style", "template", "title", "meta", "link", "base", "noscript", "datalist", "area"}
_UA_BOLD = {"b": "bold", "strong": "bold", "th": "bold", **{f"h{level}": "bold" for level in range(1, 7)}}
_UA_SIZES = {
    "h1": "2em",
    "h2": "1.5em",
    "h3": "1.17em",
    "h4": "1em",
    "h5": ".83em",
    "h6": ".67em",
    "small": ".8333em",
    "sub": ".8333em",
    "sup": ".8333em",
    "code": ".8125em",
    "kbd": ".8125em",
    "samp": ".8125em",
    "pre": ".8125em",
    "big": "1.2em",
}
_KEYWORDS = {"inherit", "initial", "unset", "revert", "revert-layer"}
_MOST_SUBSTITUTIONS = 200


class Styled:
    """An element with its winning declarations; `pseudo` names the pseudo-element ("before") it stands for.

    `size` holds its size of type once that has been worked out.
    """

    def __init__(self, cascade: Cascade, element: Element, parent: Styled | None, pseudo: str | None = None) -> None:
        self.cascade = cascade
        self.element = element
        self.parent = parent
        self.pseudo = pseudo
        self._declared = cascade.declared(element, pseudo)
        self._custom: dict[str, list[Node]] | None = None
        self._tokens: dict[str, list[Node] | None] = {}
        self.size: float | None = None

    @property
    def custom(self) -> dict[str, list[Node]]:
        """The custom properties of the element, inherited ones included."""
        if self._custom is None:
            inherited = self.parent.custom if self.parent else {}
            own = {name: list(value) for name, value in self._declared.items() if name.startswith("--")}
            self._custom = {**inherited, **own}
        return self._custom

    def tokens(self, name: str) -> list[Node] | None:
        """What is declared for property `name` on this element, var() replaced; None where nothing valid is.

        The keywords `inherit`, `initial`, `unset` and `revert` are resolved; an inherited property comes from the parent.
        """
        if name not in self._tokens:
            self._tokens[name] = self._resolved(name)
        return self._tokens[name]

    def _resolved(self, name: str) -> list[Node] | None:
        value = self._declared.get(name)
        if value is not None:
            replaced = self._replaced(value)
            value = replaced if replaced is not None and VALID[name](solid(replaced)) else None
            keyword = _keyword(value) if value is not None else None
            if keyword is None:
                if value is not None:
                    return solid(value)
            elif keyword == "initial":
                return None
            elif keyword == "inherit":
                return self.parent.tokens(name) if self.parent else None
        if name in INHERITED and self.parent:
            return self.parent.tokens(name)
        return None

    def own(self, name: str) -> bool:
        """Whether this very element declares property `name`."""
        return name in self._declared

    def _replaced(self, tokens: Sequence[Node]) -> list[Node] | None:
        budget = [_MOST_SUBSTITUTIONS]
        return _substituted(tokens, self.custom, budget, ())


class Cascade:
    """The style sheets of a document, in one environment; `active` are the places of the rules that apply there.

    `offered_schemes` are the colour schemes that the document's own meta element offers.
    """

    def __init__(self, sheet: Sheet, environment: Environment, offered_schemes: Sequence[str] = ()) -> None:
        self.environment = environment
        self.offered_schemes = tuple(offered_schemes)
        self._known: dict[Any, Styled] = {}
        self._sheet = sheet
        self._ranks = {name: rank for rank, name in enumerate(sheet.layers)}
        self.active = tuple(
            rule.order for rule in sheet.rules if all(condition(environment) for condition in rule.conditions)
        )
        self._applies = frozenset(self.active)

    def styled(self, element: Element) -> Styled:
        """`element` and its ancestors, styled."""
        known = self._known.get(element.etree_element)
        if known is None:
            parent = self.styled(element.parent) if element.parent is not None else None
            known = self._known[element.etree_element] = Styled(self, element, parent)
        return known

    def pseudo(self, element: Element, name: str) -> Styled:
        """The pseudo-element `name` ("before", "first-line") of `element`, styled."""
        return Styled(self, element, self.styled(element), name)

    def declared(self, element: Element, pseudo: str | None) -> Mapping[str, Sequence[Node]]:
        """For each property, the tokens of the declaration that wins on `element`, unless a browser would drop them."""
        layers = len(self._sheet.layers)
        ranked: list[tuple[tuple[Any, ...], str, Sequence[Node]]] = []
        if pseudo is None:
            ranked += [((-1,), name, value) for name, value in _browser_defaults(element)]
        for specificity, found, rule in self._sheet.matched(element):
            if found == pseudo and rule.order in self._applies:
                rank = self._ranks.get(rule.layer, layers)
                ranked += _ranked(rule.longhands, rank, (0, *specificity), rule.order, layers)
        inline = element.etree_element.get("style") if pseudo is None else None
        if inline:
            ranked += _ranked(longhands(declarations(inline)), layers, (1, 0, 0, 0), 0, layers)
        return {name: value for _, name, value in sorted(ranked, key=lambda entry: entry[0])}


def _ranked(
    found: Sequence[Longhand], rank: int, specificity: tuple[int, ...], order: int, layers: int
) -> Iterator[tuple[tuple[Any, ...], str, Sequence[Node]]]:
    """Longhands with what they are sorted by. Important ones count layers the other way round."""
    for place, important, name, value in found:
        yield ((important, layers - rank if important else rank, specificity, order, place), name, value)


def _browser_defaults(element: Element) -> Iterator[tuple[str, Sequence[Node]]]:
    """What browsers themselves declare, as far as it counts here (HTML Living Standard, section "Rendering")."""
    tag = element.local_name
    attributes = element.etree_element
    if tag in _UA_HIDDEN or attributes.get("hidden") is not None or attributes.get("popover") is not None:
        yield "display", _parsed("none")
    if tag == "dialog" and attributes.get("open") is None:
        yield "display", _parsed("none")
    if tag in _UA_BOLD:
        yield "font-weight", _parsed(_UA_BOLD[tag])
    if tag in _UA_SIZES:
        yield "font-size", _parsed(_UA_SIZES[tag])
    if tag == "mark":
        yield "background-color", _parsed("mark")
        yield "color", _parsed("marktext")
    if tag == "a" and attributes.get("href") is not None:
        yield "color", _parsed("linktext")
    for attribute, name in (("bgcolor", "background-color"), ("text" if tag == "body" else "color", "color")):
        if tag in {"body", "font", "table", "tr", "td", "th"} and attributes.get(attribute):
            yield name, _parsed(attributes.get(attribute))


def _parsed(css: str) -> list[Node]:
    return cast("list[Node]", tinycss2.parse_component_value_list(css))


def _keyword(tokens: Sequence[Node]) -> str | None:
    rest = solid(tokens)
    if len(rest) == 1 and isinstance(rest[0], IdentToken) and rest[0].lower_value in _KEYWORDS:
        word = rest[0].lower_value
        return "unset" if word.startswith("revert") else str(word)
    return None


def _substituted(
    tokens: Sequence[Node], custom: Mapping[str, list[Node]], budget: list[int], path: tuple[str, ...]
) -> list[Node] | None:
    """`tokens` with each var() replaced; None where one has no value and no fallback, or refers to itself."""
    result: list[Node] = []
    for token in tokens:
        if not isinstance(token, FunctionBlock):
            result.append(token)
            continue
        if token.lower_name in {"var", "env"}:
            found = _variable(token, custom, budget, path)
            if found is None:
                return None
            result += found
            continue
        inner = _substituted(token.arguments, custom, budget, path)
        if inner is None:
            return None
        result.append(FunctionBlock(token.source_line, token.source_column, token.name, inner))
    return result


def _variable(
    token: FunctionBlock, custom: Mapping[str, list[Node]], budget: list[int], path: tuple[str, ...]
) -> list[Node] | None:
    budget[0] -= 1
    arguments = list(token.arguments)
    named = solid(arguments)
    if budget[0] < 0 or not named or not isinstance(named[0], IdentToken):
        return None
    name = named[0].value
    comma = next((i for i, part in enumerate(arguments) if part.type == "literal" and part.value == ","), None)
    if token.lower_name == "var" and name in custom and name not in path:
        found = _substituted(custom[name], custom, budget, (*path, name))
        if found is not None:
            return found
    return _substituted(arguments[comma + 1 :], custom, budget, path) if comma is not None else None
