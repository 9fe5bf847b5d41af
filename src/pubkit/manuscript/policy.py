"""What a manuscript's syntax tree may contain, and what happens to the rest.

The policy is a list of what is allowed; everything else is refused (unsafe: nothing is built, not even a draft) or left
out with a finding (harmless, but not what pubkit prints: a draft may go on without it). It works on the tree, where there
is only one reading of the text, never on the source.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from msgspec import Struct, field

from pubkit.boundary.files import printable
from pubkit.catalogue import Entry
from pubkit.errors import InputRefused
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.formulas import modern
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import (
    SRC005,
    SRC040,
    SRC041,
    SRC042,
    SRC043,
    SRC044,
    SRC045,
    SRC046,
    SRC047,
    SRC048,
    SRC050,
)
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Div,
    Link,
    Math,
    Node,
    OrderedList,
    RawBlock,
    RawInline,
    Table,
    attributes,
    parts,
)

__all__ = ["Cleaned", "Formula", "cleaned"]

_MAX_DEPTH = 100
_MAX_NODES = 2_000_000
_MAX_FORMULA = 5_000
_MAX_SPAN = 1_000

_COMMENTS = re.compile(r"\s*(<!--(?:(?!-->).)*-->\s*)*", re.DOTALL)
_ACTIVE_TAG = re.compile(
    r"<\s*/?\s*(script|iframe|object|embed|applet|form|input|button|textarea|select|template|noscript|frame|frameset"
    r"|plaintext|xmp|portal|foreignobject)\b",
    re.IGNORECASE,
)
_ACTIVE_ATTRIBUTE = re.compile(
    r"""[\s"'/](on[a-z]+|srcdoc|formaction|xlink:href)\s*=|(java|vb)script\s*:|data:\s*text""", re.IGNORECASE
)
_UNSAFE_ATTRIBUTE = re.compile(
    r"on.*|style|src|srcset|data-src|href|rel|target|download|formaction|action|xlink:href|srcdoc|background|poster|ping|hidden",
    re.IGNORECASE,
)
_IDENTIFIER = re.compile(r"[\w.:-]{0,200}")
_RESERVED_IDENTIFIER = re.compile(r"pubkit.*|refs|ref-.*|fn[0-9]+|fnref[0-9]+|footnotes", re.IGNORECASE)
_CLASS = re.compile(r"[A-Za-z][\w-]{0,60}")
_RESERVED_CLASS = re.compile(r"pubkit.*|.*disclaimer.*|footnote(s|-.*)?|csl-.*|references", re.IGNORECASE)
_LENGTH = re.compile(r"[0-9]{1,4}(\.[0-9]{1,3})?(px|%|em|rem|cm|mm|in|pt)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SAFE_SCHEMES = re.compile(r"(https?://[^\s]|mailto:[^\s]|tel:[+0-9])", re.IGNORECASE)
_UNSAFE_FORMULA = re.compile(
    r"\\(href|url|class|style|html\w*|cssId|def|gdef|edef|let|newcommand|renewcommand|include\w*|input|write|catcode|csname)\b"
)
_BLANKS = re.compile(r"[\x00-\x20]")

_ATTRIBUTES: dict[str, Callable[[str], bool]] = {
    "width": lambda value: _LENGTH.fullmatch(value) is not None,
    "height": lambda value: _LENGTH.fullmatch(value) is not None,
    "lang": lambda value: _LANGUAGE.fullmatch(value) is not None,
    "dir": lambda value: value in {"ltr", "rtl", "auto"},
    "title": lambda value: len(value) < 500,
    "startFrom": lambda value: value.isdecimal() and len(value) < 7,
}


class Formula(NamedTuple):
    """A formula in TeX notation, and where it is in the source."""

    tex: str
    display: bool
    location: Location


class Cleaned(NamedTuple):
    """What was found in one chapter: findings on what was left out, those on what is refused, and the formulas."""

    findings: list[Finding]
    refused: list[Finding]
    formulas: list[Formula]


class _Policy(Struct):
    """One chapter under the policy, and what has been found."""

    places: Places
    findings: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    nodes: int = 0

    def clean(self, value: object, depth: int) -> None:
        """Put every node in `value`, any part of the tree, under the policy; what may not stand is taken out of its list."""
        if isinstance(value, Node):
            self.node(value, depth)
            return
        for part in parts(value):
            self.clean(part, depth)
        if isinstance(value, list):
            value[:] = [part for part in value if not isinstance(part, RawInline | RawBlock)]

    def node(self, node: Node, depth: int) -> None:
        self.nodes += 1
        if depth > _MAX_DEPTH or self.nodes > _MAX_NODES:
            raise self.too_deep()
        inside = parts(node)
        if not inside:
            return
        if isinstance(node, Div) and node.attr.identifier == "refs" and not node.content:
            node.attr = Attr("refs")
            return
        if attr := attributes(node):
            self.attributes(attr, node)
        match node:
            case RawInline() | RawBlock():
                self.raw(node)
            case Math():
                self.formula(node)
            case Link():
                self.link(node)
            case OrderedList():
                self.start(node)
            case Table():
                self.spans(node)
        self.clean(inside, depth + 1)

    def raw(self, node: RawInline | RawBlock) -> None:
        """Raw parts never reach a writer: comments go, other harmless HTML goes with a finding, active HTML is refused."""
        language, text = node.format, node.text
        if language == "html" and _COMMENTS.fullmatch(text):
            return
        shown = printable(text.strip(), 80)
        if language == "html" and (_ACTIVE_TAG.search(text) or _ACTIVE_ATTRIBUTE.search(text)):
            self.refuse(
                SRC040,
                f"Active HTML is not accepted: {shown}",
                "Remove it; a manuscript contains only Markdown.",
                text,
                node,
            )
            return
        remedy = (
            "Write it in Markdown: **bold**, *italics*, ^super^, ~sub~, ![](file.png), a backslash to break a line."
        )
        self.note(SRC041, Severity.ERROR, f"Raw {language} is left out: {shown}", remedy, text, node)

    def attributes(self, attr: Attr, node: Node) -> None:
        """Leave only what may stay in `attr`, the attributes of `node`."""
        identifier = attr.identifier
        if _RESERVED_IDENTIFIER.fullmatch(identifier):
            self.refuse(
                SRC044,
                f"The id {printable(identifier)} is reserved for pubkit.",
                "Choose another id.",
                identifier,
                node,
            )
        elif not _IDENTIFIER.fullmatch(identifier):
            self.refuse(
                SRC044,
                f"The id {printable(identifier)} cannot be used.",
                "Use letters, digits, . : _ and -.",
                identifier,
                node,
            )
        for name in attr.classes:
            if _RESERVED_CLASS.fullmatch(name):
                self.refuse(
                    SRC045, f"The class {printable(name)} is reserved for pubkit.", "Choose another class.", name, node
                )
        kept = []
        for name, value in attr.pairs:
            if _UNSAFE_ATTRIBUTE.fullmatch(name):
                self.refuse(SRC042, f"The attribute {printable(name)} is not accepted.", "Remove it.", name, node)
            elif name in _ATTRIBUTES and _ATTRIBUTES[name](value):
                kept.append((name, value))
            else:
                shown = printable(f"{name}={value}", 60)
                self.note(
                    SRC043,
                    Severity.WARNING,
                    f"The attribute {shown} is not printed.",
                    "Remove it; pubkit prints only the attributes that it knows.",
                    name,
                    node,
                )
        attr.classes = [name for name in attr.classes if _CLASS.fullmatch(name)]
        attr.pairs = kept

    def link(self, node: Link) -> None:
        target = node.target.url
        plain = _BLANKS.sub("", target)
        shown = printable(target, 80)
        if plain.startswith("#") or _SAFE_SCHEMES.match(plain):
            return
        if not plain:
            self.note(SRC050, Severity.ERROR, "A link has no target.", "Write it: [words](https://...).", "]()", node)
            return
        if _SCHEME.match(plain) or plain.startswith("//") or "\\" in plain:
            self.refuse(
                SRC046,
                f"This link has an address that is not allowed: {shown}",
                "Link to https:// or mailto: addresses, or to #ids.",
                target,
                node,
            )
        else:
            remedy = "Link to a heading with #id, or to a web page with https://."
            self.note(
                SRC050,
                Severity.ERROR,
                f"This link goes to a local file that readers do not have: {shown}",
                remedy,
                target,
                node,
            )

    def formula(self, node: Math) -> None:
        place = self.place_of_formula(node)
        formula = node.text = modern(node.text)
        self.formulas.append(Formula(formula, node.kind.t == "DisplayMath", place))
        if found := _UNSAFE_FORMULA.search(formula):
            self.refuse(
                SRC048,
                f"This formula uses {found[0]}, which is not accepted.",
                "Write the formula without it.",
                found[0],
                node,
            )
        elif len(formula) > _MAX_FORMULA:
            self.refuse(
                SRC048, f"This formula has {len(formula):,} characters.", "Split the formula.", formula[:40], node
            )

    def start(self, node: OrderedList) -> None:
        number = node.numbering.start
        if not 0 <= number < 1_000_000:
            self.refuse(SRC047, "A list starts at an impossible number.", "Start it at 0 to 999999.", str(number), node)

    def spans(self, table: Table) -> None:
        """Refuse cells that span more rows or columns than any table has."""
        for row in table.rows:
            if any(not 1 <= span <= _MAX_SPAN for cell in row.cells for span in (cell.row_span, cell.col_span)):
                self.refuse(
                    SRC047,
                    "A table cell spans an impossible number of rows or columns.",
                    "Correct the table.",
                    "colspan",
                    table,
                )
                return

    def refuse(self, rule: Entry, message: str, remedy: str, text: str, node: Node) -> None:
        self.refused.append(rule.at(self.place(text, node), message, context=text, remedy=remedy))

    def note(self, rule: Entry, severity: Severity, message: str, remedy: str, text: str, node: Node) -> None:
        place = self.place(text, node)
        self.findings.append(rule.at(place, message, context=text, remedy=remedy, severity=severity))

    def place(self, text: str, node: Node) -> Location:
        """Return where `text`, a part of `node`, stands in the source; else where the node begins."""
        found = self.places.find(node, text.strip().split("\n")[0])
        if found is None and isinstance(node, Link):
            found = self.places.target(text)
        return self.places.source.location(self.places.start(node) if found is None else found)

    def place_of_formula(self, node: Math) -> Location:
        """Return where a formula stands: its first line, with the dollar sign before it if they share a line."""
        line = re.escape(node.text.strip().split("\n")[0])
        found = self.places.search(node, rf"\$?{line}")
        return self.places.source.location(self.places.start(node) if found is None else found)

    def too_deep(self) -> InputRefused:
        message = "The manuscript is nested too deeply or has too many parts."
        remedy = "Split the chapter, and look for deeply nested lists, quotations, brackets or tables."
        finding = SRC005.at(Location(self.places.source.path), message, remedy=remedy)
        return InputRefused(message, remedy=remedy, findings=(*self.refused, finding))


def cleaned(blocks: list[Block], places: Places) -> Cleaned:
    """Leave in one chapter only what may stand there.

    Args:
        blocks: the chapter; changed.
        places: where its nodes are in its source.

    Raises:
        InputRefused: the tree is too deep or too large to be looked at.
    """
    policy = _Policy(places)
    try:
        policy.clean(blocks, 0)
    except RecursionError:
        raise policy.too_deep() from None
    return Cleaned(policy.findings, policy.refused, policy.formulas)
