"""The check of a publication's style sheets: what they may contain, and where they contain anything else.

A style sheet is untrusted input. It is compared with an allow-list (house.yaml) of at-rules, selectors, properties and
values, so that no declaration can hide, move, shrink, cover or replace text; whatever is not on the list is a finding
of rule SRC030 with its line and column. The proofs of the disclaimers understand everything on the list.
"""

from __future__ import annotations

import difflib
import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import resources
from typing import Any

import msgspec
import tinycss2
from msgspec import Struct
from tinycss2.color4 import parse_color

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Location
from pubkit.packaged import parsed
from pubkit.render.rules import SRC030
from pubkit.render.styles.pale import LEAST, pale
from pubkit.render.styles.syntax import between_commas, brackets, solid, walk

__all__ = ["AllowList", "Row", "allow_list", "findings", "variables"]

Token = Any
#: A sheet with more mistakes than this was written for something else; the rest are only counted.
_MOST_FINDINGS = 60
_EVERYWHERE = frozenset({"inherit", "initial", "unset", "revert"})
_RANGE = expression(r"(-?[\d.]+)([a-z%]*) to ([\d.]+)([a-z%]*)")
#: Units in ems, at 16 CSS pixels to the em.
_EMS = {"em": 1.0, "rem": 1.0, "px": 1 / 16, "pt": 1 / 12, "pc": 1.0, "in": 6.0, "cm": 6 / 2.54, "mm": 6 / 25.4}
_EMS |= {"ex": 0.5, "ch": 0.5, "lh": 1.2, "rlh": 1.2}
_MARGIN_BOX = expression(
    r"(top|bottom)-(left|right)(-corner)?|(top|bottom)-center|(left|right)-(top|middle|bottom)|footnote"
)
_LETTER = expression(r"[^\W\d_]")
#: The most letters that a label beside a page number may have: "Page 3 of 7" has six.
_LABEL_LETTERS = 8
#: The most letters that all margin boxes of a sheet may print: labels for left and right pages.
_MOST_LETTERS = 12
_REMEDY = "Remove it; your style sheets may only set type, colour and space, as listed in styles/README.md."


class Row(Struct, frozen=True, forbid_unknown_fields=True):
    """Properties, the kinds of value they take (see house.yaml), and the most values."""

    names: tuple[str, ...]
    takes: tuple[str, ...]
    most: int = 1

    def __str__(self) -> str:
        what = ", ".join(allow_list().kinds.get(part, part) for part in self.takes)
        return what if self.most == 1 else f"up to {self.most} of: {what}"


class AllowList(Struct, frozen=True, forbid_unknown_fields=True):
    """Everything that a style sheet may contain."""

    properties: tuple[Row, ...]
    content: tuple[Row, ...]
    margin_boxes: tuple[Row, ...]
    page: tuple[Row, ...]
    media_types: frozenset[str]
    media_features: frozenset[str]
    pseudo_classes: frozenset[str]
    pseudo_elements: frozenset[str]
    page_selectors: frozenset[str]
    reasons: dict[str, tuple[str, ...]]
    kinds: dict[str, str]


@functools.cache
def allow_list() -> AllowList:
    """Return the allow-list, read once."""
    return msgspec.convert(parsed(resources.files(__package__).joinpath("house.yaml").read_bytes()), AllowList)


Rows = Mapping[str, Row]


@functools.cache
def _rows(context: str) -> Rows:
    """Return the rows for declarations in "rule", "pseudo", "box" or "page", by property."""
    allowed = allow_list()
    groups = {
        "rule": allowed.properties,
        "pseudo": allowed.properties + allowed.content,
        "box": allowed.properties + allowed.margin_boxes,
        "page": allowed.page,
    }
    return {name: row for row in groups[context] for name in row.names}


Variables = Mapping[str, Sequence[Sequence[Token]]]


@functools.lru_cache(maxsize=8)
def variables(css: str) -> dict[str, list[list[Token]]]:
    """Return the values that a style sheet gives to its custom properties, by name."""
    found: dict[str, list[list[Token]]] = {}
    for node in walk(tinycss2.parse_stylesheet(css, True, True)):
        if node.type == "qualified-rule":
            for one in tinycss2.parse_blocks_contents(node.content, True, True):
                if one.type == "declaration" and one.name.startswith("--"):
                    found.setdefault(one.name, []).append(solid(one.value))
    return found


@functools.lru_cache(maxsize=16)
def findings(css: str, file: str, known: str = "") -> tuple[Finding, ...]:
    """Return what the style sheet `css` contains that it may not, in the order of its lines.

    Args:
        css: the style sheet.
        file: its path, for the findings.
        known: style sheets whose custom properties it may use.
    """
    declared = dict(variables(known))
    for name, values in variables("" if [*brackets(css)] else css).items():
        declared[name] = [*declared.get(name, []), *values]
    found = sorted({*_Door(file, declared).sheet(css, known)}, key=lambda one: one.location or Location(file))
    if len(found) > _MOST_FINDINGS:
        more = f"There are {len(found) - _MOST_FINDINGS} more such places in {file}."
        found = [
            *found[:_MOST_FINDINGS],
            SRC030.at(Location(file), more, remedy=_REMEDY),
        ]
    return tuple(found)


class _Door:
    def __init__(self, file: str, declared: Variables) -> None:
        self.file = file
        self.declared = declared
        self.allowed = allow_list()
        self.labels: dict[str, Token] = {}

    def _finding(self, line: int, column: int, message: str, remedy: str = _REMEDY) -> Finding:
        location = Location(self.file, line, column)
        return SRC030.at(location, message, remedy=remedy)

    def _at(self, node: Token, message: str, remedy: str = _REMEDY) -> Finding:
        return self._finding(node.source_line, node.source_column, message, remedy)

    def sheet(self, css: str, known: str) -> Iterator[Finding]:
        for number, text in enumerate(css.split("\n"), 1):
            if (column := text.find("<")) >= 0:
                yield self._finding(number, column + 1, "“<” is not allowed in a style sheet.")
        wrong = [self._finding(line, column, f"{what}.", "Close it.") for what, line, column in brackets(css)]
        yield from wrong
        if not wrong:
            yield from self._rules(tinycss2.parse_stylesheet(css, True, True))
            yield from self._many_labels()
            for node, contrast in pale(css, known):
                message = f"“{_quoted(node)}” cannot be read: its contrast with its background is {contrast:.1f} to 1."
                yield self._at(
                    node, message, f"Choose a colour with a contrast of 4.5 to 1, or at least {LEAST:.0f} to 1."
                )

    def _rules(self, nodes: Iterable[Token], *, in_media: bool = False) -> Iterator[Finding]:
        for node in nodes:
            if node.type == "qualified-rule":
                yield from self._style_rule(node)
            elif node.type == "at-rule":
                yield from self._at_rule(node, in_media)
            else:
                yield self._unreadable(node)

    def _unreadable(self, node: Token) -> Finding:
        remedy = "Correct it; browsers silently ignore the rest of the rule or of the file."
        return self._at(
            node, f"This is neither a rule nor a declaration ({getattr(node, 'message', node.type)}).", remedy
        )

    def _style_rule(self, node: Token) -> Iterator[Finding]:
        yield from self._selector(node)
        pseudo = _pseudo_element(node.prelude)
        yield from self._declarations(node.content, _rows("pseudo" if pseudo else "rule"))

    def _at_rule(self, node: Token, in_media: bool) -> Iterator[Finding]:
        name = node.lower_at_keyword
        if name == "media" and node.content is not None and not in_media:
            yield from self._media(node)
            yield from self._rules(tinycss2.parse_rule_list(node.content, True, True), in_media=True)
        elif name == "page" and node.content is not None:
            yield from self._page(node)
        elif name != "charset":
            remedy = "A house style sheet may only contain the at-rules @media and @page; remove this one."
            yield self._at(node, f"@{printable(name, 40)} is not allowed in a style sheet.", remedy)

    def _media(self, node: Token) -> Iterator[Finding]:
        for token in solid(node.prelude):
            first = solid(token.content)[:1] if token.type == "() block" else []
            feature = first[0].lower_value if first and first[0].type == "ident" else ""
            fine = token.type == "ident" and token.lower_value in {*self.allowed.media_types, "and", "not", "only"}
            if not (fine or feature in self.allowed.media_features or token in (",",)):
                named = printable(tinycss2.serialize([token]), 60)
                remedy = f"Use {_listed(self.allowed.media_types)}, or ({_listed(self.allowed.media_features)})."
                yield self._at(token, f"The media query “{named}” is not allowed in a style sheet.", remedy)

    def _page(self, node: Token) -> Iterator[Finding]:
        yield from self._pseudos(node.prelude, self.allowed.page_selectors, frozenset())
        inner = tinycss2.parse_blocks_contents(node.content, True, True)
        yield from self._declared([part for part in inner if part.type != "at-rule"], _rows("page"))
        for part in inner:
            if part.type == "at-rule" and _MARGIN_BOX.fullmatch(part.lower_at_keyword) and part.content is not None:
                yield from self._declarations(part.content, _rows("box"))
            elif part.type == "at-rule":
                yield self._at(part, f"@{printable(part.lower_at_keyword, 40)} is not a margin box of a page.")

    def _many_labels(self) -> Iterator[Finding]:
        """Yield a finding if the margin boxes of a sheet, side by side, could print a sentence."""
        letters = 0
        for text, declaration in self.labels.items():
            letters += len(_LETTER.findall(text))
            if letters > _MOST_LETTERS:
                message = f"“{_quoted(declaration)}”: the margin boxes print more than {_MOST_LETTERS} letters."
                yield self._at(declaration, message, "Print page numbers there; words belong in the manuscript.")
                return

    def _selector(self, node: Token) -> Iterator[Finding]:
        import cssselect2

        yield from self._pseudos(node.prelude, self.allowed.pseudo_classes, self.allowed.pseudo_elements)
        for token in walk(node.prelude):
            if token.type in {"ident", "hash", "string"} and "pubkit-" in token.value.lower():
                yield self._at(token, f"“{printable(token.value, 40)}” is reserved for pubkit's own parts.")
        try:
            cssselect2.compile_selector_list(node.prelude)
        except cssselect2.SelectorError as error:
            named = printable(tinycss2.serialize(node.prelude).strip(), 60)
            detail = printable(str(error.args[-1]), 80)
            yield self._at(
                node, f"The selector “{named}” cannot be read ({detail}).", "Correct the selector, or write it in full."
            )

    def _pseudos(
        self, prelude: Sequence[Token], classes: frozenset[str], elements: frozenset[str]
    ) -> Iterator[Finding]:
        colons = 0
        for token in walk(prelude):
            name = token.lower_value if token.type == "ident" else getattr(token, "lower_name", "")
            if colons and name and name not in (elements if colons > 1 else classes | elements):
                mark = ":" * colons
                remedy = f"Allowed are {_listed(classes, ':')}" + (f"; {_listed(elements, '::')}." if elements else ".")
                yield self._at(token, f"“{mark}{printable(name, 40)}” is not allowed in a style sheet.", remedy)
            colons = colons + 1 if token in (":",) else 0

    def _declarations(self, content: Sequence[Token], rows: Rows) -> Iterator[Finding]:
        yield from self._declared(tinycss2.parse_blocks_contents(content, True, True), rows)

    def _declared(self, nodes: Iterable[Token], rows: Rows) -> Iterator[Finding]:
        for node in nodes:
            if node.type == "error":
                yield self._unreadable(node)
            elif node.type != "declaration":
                yield self._at(node, "A nested rule is not allowed in a style sheet.", "Write the selector in full.")
            elif node.important:
                yield self._at(node, f"“{_quoted(node)}”: !important is not allowed in a style sheet.", "Remove it.")
            elif node.name.startswith("--"):
                yield from self._variable(node)
            elif (row := rows.get(node.lower_name)) is None:
                yield self._unknown(node, rows)
            else:
                yield from self._value(node, row)

    def _variable(self, node: Token) -> Iterator[Finding]:
        """Yield a finding for a variable that is not a colour, a list of fonts or one length, or has a reserved name."""
        value = solid(node.value)
        fits = _families(value) or (len(value) == 1 and (_is(value[0], "<tint>") or _is(value[0], "0 to 10em")))
        if not fits or "pubkit-" in node.name.lower():
            yield self._at(
                node,
                f"“{_quoted(node)}” is not allowed.",
                "A variable contains one colour, a list of fonts, or one length.",
            )

    def _unknown(self, node: Token, rows: Rows) -> Finding:
        name = node.lower_name
        reason = next((why for why, names in self.allowed.reasons.items() if name in names), "")
        close = difflib.get_close_matches(name, [] if reason else rows, 1)
        message = f"“{_quoted(node)}” is not allowed" + (f": it can {reason} text." if reason else ".")
        if close:
            return self._at(node, message, f"Did you mean {close[0]}? It takes {rows[close[0]]}.")
        return self._at(node, message)

    def _value(self, node: Token, row: Row) -> Iterator[Finding]:
        remedy = f"{node.lower_name} takes {row}."
        value = solid(node.value)
        undeclared = [name for name in _used(value) if name not in self.declared]
        for name in undeclared:
            close = difflib.get_close_matches(name, self.declared, 1)
            hint = f" Did you mean {close[0]}?" if close else ""
            yield self._at(node, f"“{_quoted(node)}”: {printable(name, 40)} is not declared.", f"Declare it.{hint}")
        if "<label>" in row.takes:
            self.labels |= {token.value: node for token in value if token.type == "string"}
        if not undeclared and not all(_fits(one, row) for one in _replaced(value, self.declared)):
            yield self._at(node, f"“{_quoted(node)}” is not allowed.", remedy)


def _quoted(declaration: Token) -> str:
    return printable(f"{declaration.name}: {tinycss2.serialize(declaration.value).strip()}", 80)


def _listed(names: Iterable[str], mark: str = "") -> str:
    return ", ".join(f"{mark}{name}" for name in sorted(names))


def _pseudo_element(prelude: Sequence[Token]) -> bool:
    """Return whether each of the selectors in `prelude` ends in a pseudo-element that may have content."""
    selectors = tinycss2.serialize(prelude).split(",")
    return all(re.search(r"::?(before|after|marker|footnote-call|footnote-marker)\s*$", one) for one in selectors)


def _used(value: Sequence[Token]) -> list[str]:
    """Return the custom properties that `value` uses; "var()" if that cannot be determined."""
    return [
        token.arguments[0].value if len(token.arguments) == 1 and token.arguments[0].type == "ident" else "var()"
        for token in walk(value)
        if token.type == "function" and token.lower_name == "var"
    ]


def _replaced(value: Sequence[Token], declared: Variables) -> Iterator[list[Token]]:
    """Yield `value` with its variables replaced, often enough that each declared value of each has its turn."""
    rounds = max((len(declared[name]) for name in _used(value)), default=1)
    for turn in range(rounds):
        result: list[Token] = []
        for token in value:
            if token.type == "function" and token.lower_name == "var":
                choices = declared[token.arguments[0].value]
                result += choices[min(turn, len(choices) - 1)]
            else:
                result.append(token)
        yield result


def _fits(value: Sequence[Token], row: Row) -> bool:
    if len(value) == 1 and value[0].type == "ident" and value[0].lower_value in _EVERYWHERE:
        return True
    if row.takes == ("<faces>",):
        return _families(value)
    if row.takes == ("<font>",):
        return _font(value)
    letters = sum(len(_LETTER.findall(token.value)) for token in value if token.type == "string")
    counted = any(token.type == "function" for token in value)
    known = all(_accepted(token, row.takes) for token in value)
    return 0 < len(value) <= row.most and known and letters <= (_LABEL_LETTERS if counted else 1)


def _families(value: Sequence[Token]) -> bool:
    """Return whether `value` is a list of fonts: names or strings with commas between them."""
    parts = "".join("," if part == "," else "f" if part.type in {"ident", "string"} else "?" for part in value)
    return re.fullmatch(r"f+(,f+)*", parts) is not None


def _font(value: Sequence[Token]) -> bool:
    """Return whether `value` fits `font: style weight size/line-height fonts`."""
    rows = _rows("rule")
    before = ("font-style", "font-weight", "font-variant-caps")
    for place, token in enumerate(value):
        if _fits([token], rows["font-size"]) and token.type != "number":
            rest = list(value[place + 1 :])
            if rest[:1] == ["/"]:
                if not _fits(rest[1:2], rows["line-height"]):
                    return False
                rest = rest[2:]
            return _families(rest)
        if not any(_fits([token], rows[name]) for name in before):
            return False
    return False


def _accepted(token: Token, takes: Sequence[str]) -> bool:
    """Return whether one value is among `takes`, or min(), max() or clamp() of such; clamp() may prefer any sum."""
    if token.type != "function" or token.lower_name not in {"min", "max", "clamp"}:
        return any(_is(token, what) for what in takes)
    parts = between_commas(token.arguments)
    if token.lower_name == "clamp":
        middle = parts.pop(1) if len(parts) == 3 else [token]
        if not all(part.type in {"dimension", "percentage"} or part in ("+", "-") for part in middle):
            return False
    return all(len(part) == 1 and any(_is(part[0], what) for what in takes) for part in parts)


def _is(token: Token, what: str) -> bool:
    """Return whether one value is `what` the allow-list names: a word, a range, or a kind."""
    if limits := _RANGE.fullmatch(what):
        return _within(token, float(limits[1]), float(limits[3]), limits[4])
    if what in {"<colour>", "<tint>"}:
        return _colour(token, opaque=what == "<colour>")
    if what in {"<signs>", "<label>"}:
        return token.type == "string" and (what == "<label>" or not re.search(r"[^\W\d_]{2}", token.value))
    if what.endswith("()"):
        words = {"ident", "literal", "whitespace"}
        called = token.type == "function" and f"{token.lower_name}()" == what
        return bool(called and all(part.type in words for part in token.arguments))
    return bool(token.type == "ident" and token.lower_value == what.lower())


def _within(token: Token, low: float, high: float, unit: str) -> bool:
    if token.type == "number":
        return low <= token.value <= high and (unit == "" or token.value == 0)
    if token.type == "percentage":
        return unit == "%" and low <= token.value <= high
    if token.type != "dimension" or unit not in _EMS or token.lower_unit not in _EMS:
        return False
    ems: float = token.value * _EMS[token.lower_unit]
    return low * _EMS[unit] - 1e-6 <= ems <= high * _EMS[unit] + 1e-6


def _colour(token: Token, *, opaque: bool) -> bool:
    """Return whether one value is a colour in sRGB, and without transparency if `opaque`."""
    found = parse_color(token)
    if found is None or isinstance(found, str):
        return found is not None
    return found.space in {"srgb", "hsl", "hwb"} and bool(found.alpha == 1 or not opaque)
