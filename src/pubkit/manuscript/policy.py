"""What a manuscript's syntax tree may contain, and what becomes of the rest.

The policy lists what is allowed; everything else is left out with a finding, and a draft goes on without it. What is unsafe
is an error that nobody can waive, so that it never reaches a release. The policy works on the tree, which can be read in
only one way, never on the source. Only a tree that is too deep or too large to inspect is refused as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from pubkit.boundary.addresses import NotAnAddress, usable
from pubkit.boundary.files import printable
from pubkit.boundary.rules import SRC002
from pubkit.boundary.text import forbidden, without_pairs
from pubkit.catalogue import Entry
from pubkit.errors import InputRefused
from pubkit.expressions import expression
from pubkit.findings import Finding, Location, Severity
from pubkit.manuscript.formulas import modern
from pubkit.manuscript.html.inlines import marked_as_left_out
from pubkit.manuscript.kinds import Kinds
from pubkit.manuscript.paths import linked_chapter
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import (
    SRC005,
    SRC041,
    SRC042,
    SRC043,
    SRC044,
    SRC045,
    SRC046,
    SRC047,
    SRC048,
    SRC050,
    SRC140,
)
from pubkit.manuscript.tree import (
    Attr,
    Block,
    Code,
    CodeBlock,
    Div,
    Header,
    Image,
    Inline,
    Link,
    Math,
    Node,
    OrderedList,
    Para,
    Plain,
    RawBlock,
    RawInline,
    Span,
    Str,
    Table,
    Target,
    attributes,
    every,
    parts,
)

__all__ = ["OF_PAGES", "Cleaned", "Formula", "cleaned", "is_reserved", "is_reserved_class"]

_MAX_DEPTH = 100
_MAX_NODES = 2_000_000
_MAX_FORMULA = 5_000
_MAX_SPAN = 1_000

_UNSAFE_ATTRIBUTE = expression(
    r"on.*|style|src|srcset|data-src|href|download|formaction|action|xlink:href|srcdoc|background|poster|ping|hidden",
    re.IGNORECASE,
)
_IDENTIFIER = expression(r"[\w.:-]*")
_USABLE = expression(r"[\w.:-]+")
_LONGEST_IDENTIFIER = 200
_RESERVED_IDENTIFIER = expression(r"pubkit.*|refs|ref-.*|fn[0-9]+|fnref[0-9]+|footnotes", re.IGNORECASE)
_CLASS = expression(r"[A-Za-z][\w-]{0,60}")
#: The classes of pubkit's own pages. Among the words of an author they would set a picture as a cover, a word as a page.
OF_PAGES = expression(
    r"(?:book|contents|cover|half-title|leaflet|page|title|formula|equation|note|index|lacks|enlarged)-[\w-]+|abstract|"
    r"affiliations?|article|author|between|book|byline|code|contents|cover|decoration|enlarge|entry|facts?|formula|front|"
    r"front-matter|half-title|header-section-number|heading|house-logo|imprint|in-line|item|joined|kept|keywords|kicker|leaflet|"
    r"list-number|long|long-word|main-matter|narrow|nobr|numbered|opening|page|panels|picture|publisher|ragged|"
    r"reference|reference-list|sized|skip|subtitle|table-caption|table-scroll|text|tight|title|wordy"
)
_RESERVED_CLASS = expression(r"pubkit.*|.*disclaimer.*|footnote(s|-.*)?|csl-.*|references", re.IGNORECASE)
_LENGTH = expression(r"[0-9]{1,4}(\.[0-9]{1,20})?(px|%|em|rem|cm|mm|in|pt)?")
_LANGUAGE = expression(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_SCHEME = expression(r"[A-Za-z][A-Za-z0-9+.-]*:")
_SAFE_SCHEMES = expression(r"(https?://[^\s]|mailto:[^\s]|tel:[+0-9])", re.IGNORECASE)
_UNSAFE_FORMULA = expression(
    r"\\(href|url|class|style|html\w*|cssId|def|gdef|edef|let|newcommand|renewcommand|include\w*|input|write|catcode|csname)\b"
)
#: LaTeX commands that only lay out pages and lines.
_LAYOUT = expression(
    r"\s*(\\(newpage|clearpage|cleardoublepage|pagebreak|linebreak|newline|noindent|[vh]space\*?|(big|med|small)skip"
    r"|[hv]fill|centering|appendix|begin|end)\b(\[[^\[\]]*\]|\{[^{}]*\})*\s*)+"
)
_BLANKS = expression(r"[\x00-\x20]")

_ALTERNATIVES = frozenset({"alt", "fig-alt"})
#: What sets the look of a web page alone, in Quarto and in HTML: nothing that a reader would miss.
_OF_LOOK = expression(
    r"target|rel|loading|decoding|align|valign|border|cellpadding|cellspacing|collapse|icon|appearance|layout(?:-\w+)?|group|"
    r"fig-(?:align|env|pos|link|cap-location)|tbl-(?:colwidths|cap-location)|out-width|code-[\w-]+|data-latex|lightbox"
)
_ATTRIBUTES: dict[str, Callable[[str], bool]] = {
    "width": lambda value: _LENGTH.fullmatch(value) is not None,
    "height": lambda value: _LENGTH.fullmatch(value) is not None,
    "lang": lambda value: _LANGUAGE.fullmatch(value) is not None,
    "dir": lambda value: value in {"ltr", "rtl", "auto"},
    "title": lambda value: len(value) < 500 and not forbidden(value),
    "entry": lambda value: 0 < len(value) < 200 and not forbidden(value),
    "startFrom": lambda value: value.isdecimal() and len(value) < 7,
}


#: U+2066 to U+2069 and U+E0000 to U+E007F by number.
_PAIRED_BY_NUMBER = expression(
    r"&#(?:[xX]0*(?:206[6-9]|[eE]00[0-7][0-9a-fA-F])|0*(?:829[4-7]|9175(?:0[4-9]|[1-9]\d)|9176(?:[0-2]\d|3[01])))"
)


class Formula(NamedTuple):
    """A formula in TeX notation, and where it is in the source."""

    tex: str
    display: bool
    location: Location


class Cleaned(NamedTuple):
    """The findings on what was left out of one chapter, and its formulas."""

    findings: list[Finding]
    formulas: list[Formula]


class _Policy(Struct):
    """One chapter under the policy, and the findings so far.

    `named` says that the chapter has an isolate or a tag by its number, which the source does not show to be paired.
    """

    places: Places
    chapters: frozenset[str]
    named: bool
    kinds: Kinds = field(default_factory=Kinds)
    findings: list[Finding] = field(default_factory=list)
    formulas: list[Formula] = field(default_factory=list)
    nodes: int = 0

    def clean(self, value: object, depth: int) -> None:
        """Apply the policy to every node in `value`, any part of the tree; its lists keep what may be printed."""
        if isinstance(value, Node):
            self.node(value, depth)
            return
        for part in parts(value):
            self.clean(part, depth)
        if isinstance(value, list):
            value[:] = [left for part in value for left in self.left(part)]

    def left(self, part: object) -> Sequence[object]:
        """Return what is printed of one item of a list."""
        match part:
            case RawInline() | RawBlock():
                return self.raw(part)
            case Link() if not self.may_link(part):
                return self.left(Span((part.attr, part.content)))
            case Math() if fault := _fault(part.text):
                self.note(SRC048, fault, "Write the formula without it.", part.text, part)
                return [Code((Attr(), part.text))]
            case Table() if not any(row.cells for row in part.rows):  # of which PDF/UA has none
                return [Para(block.content) if isinstance(block, Plain) else block for block in part.caption.blocks]
            case Span(attr=attr) if attr == Attr():
                return part.content
            case Div(attr=attr) if attr == Attr():
                return [Para(block.content) if isinstance(block, Plain) else block for block in part.content]
        return [part]

    def node(self, node: Node, depth: int) -> None:
        self.nodes += 1
        if depth > _MAX_DEPTH or self.nodes > _MAX_NODES:
            raise self.too_deep()
        match node:
            case Str() | Code() | CodeBlock() | Math():
                node.text = self.visible(node.text, node)
            case Link() | Image():
                node.target = Target(self.visible(node.target.url, node), self.visible(node.target.title, node))
        inside = parts(node)
        if not inside:
            return
        if isinstance(node, Div) and node.attr.identifier == "refs" and not node.content:
            node.attr = Attr("refs")
            return
        if isinstance(node, Image):
            _take_alternative(node)
        elif isinstance(node, Div):
            _hand_down_alternative(node)
        if attr := attributes(node):
            self.attributes(attr, node)
        match node:
            case Math():
                place = self.place_of_formula(node)
                node.text = modern(node.text)
                if not _fault(node.text):
                    self.formulas.append(Formula(node.text, node.kind.t == "DisplayMath", place))
            case OrderedList():
                self.start(node)
            case Table():
                self.spans(node)
        self.clean(inside, depth + 1)

    def visible(self, text: str, node: Node) -> str:
        """Return `text` without what no source may contain, which a character reference such as &#x202E; can name.

        Isolates and flags that are typed were judged in the source, a paragraph at a time.
        """
        while code := forbidden(text if self.named else without_pairs(text)):
            number = int(code[2:], 16)
            text = text.replace(chr(number), "")
            written = self.places.search(node, rf"&#([xX]0*(?i:{number:x})|0*{number});")
            location = self.places.source.location(self.places.start(node) if written is None else written)
            message = f"The character {code} is not accepted, not even by its number."
            remedy = "Delete it; readers cannot see what it does, or it covers the lines around it."
            self.findings.append(SRC002.at(location, message, remedy=remedy))
        return text

    def raw(self, raw: RawInline | RawBlock) -> Sequence[Inline | Block]:
        """Return what a draft shows for a raw part: nothing for a layout command, a mark for everything else."""
        message = f"Raw {printable(raw.format, 20)} is left out."
        remedy = "Write it in Markdown; text for one format only would be missing from the others."
        self.kind(SRC041, message, remedy, raw.text, raw)
        if _LAYOUT.fullmatch(raw.text):
            return []
        mark = marked_as_left_out(printable(raw.format, 20))
        return [Para([mark])] if isinstance(raw, RawBlock) else [mark]

    def attributes(self, attr: Attr, node: Node) -> None:
        """Keep only what is allowed in `attr`, the attributes of `node`."""
        self.identifier(attr, node)
        for name in attr.classes:
            if is_reserved_class(name):
                message = f"The class {printable(name)} is reserved for pubkit."
                self.kind(SRC045, message, "Choose another class.", name, node)
        kept = []
        for name, value in attr.pairs:
            if _UNSAFE_ATTRIBUTE.fullmatch(name):
                message = f"The attribute {printable(name, 40)} is not accepted."
                self.kind(SRC042, message, "Remove it.", f"{name}=", node)
            elif name in _ATTRIBUTES and _ATTRIBUTES[name](value):
                kept.append((name, value))
            elif _OF_LOOK.fullmatch(name):
                continue
            elif name in {"width", "height"}:
                message = f"The {name} {printable(value, 40)} is not a length, and has no effect."
                remedy = "Write a number with px, cm, mm, in, pt, em or %."
                self.kind(SRC043, message, remedy, f"{name}=", node, Severity.WARNING)
            else:
                message = f"The attribute {printable(name, 40)} is not printed."
                remedy = "Remove it; pubkit prints only the attributes that it knows."
                self.kind(SRC043, message, remedy, f"{name}=", node, Severity.WARNING)
        language = isinstance(node, Code | CodeBlock)  # the class of code is its language
        attr.classes = [
            name
            for name in attr.classes
            if _CLASS.fullmatch(name)
            and not _RESERVED_CLASS.fullmatch(name)
            and (language or not OF_PAGES.fullmatch(name))
        ]
        attr.pairs = kept

    def identifier(self, attr: Attr, node: Node) -> None:
        """Drop or change an id that cannot be used; shorten one that pandoc has made from a long heading."""
        attr.identifier = attr.identifier[:_LONGEST_IDENTIFIER]
        shown = printable(attr.identifier)
        if is_reserved(attr.identifier):
            self.note(SRC044, f"The id {shown} is reserved for pubkit.", "Choose another id.", attr.identifier, node)
        elif not _IDENTIFIER.fullmatch(attr.identifier):
            remedy = "Use letters, digits, . : _ and -."
            self.note(SRC044, f"The id {shown} cannot be used.", remedy, attr.identifier, node)
        else:
            return
        usable = "".join(_USABLE.findall(attr.identifier))
        attr.identifier = f"own-{usable}" if isinstance(node, Header) else ""  # the contents lead to a heading

    def may_link(self, link: Link) -> bool:
        """Return whether `link` may lead to its target; if not, a finding says why."""
        target = link.target.url
        plain = _BLANKS.sub("", target)
        shown = printable(target, 80)
        if _SAFE_SCHEMES.match(plain):
            return self.may_open(link)
        if (plain.startswith("#") and plain != "#") or (linked_chapter(self.places.source.path, target, self.chapters)):
            return True
        if plain in {"", "#"}:
            self.note(SRC050, "A link has no target.", "Write it: [words](https://...).", "]()", link)
        elif _SCHEME.match(plain) or plain.startswith("//") or "\\" in plain:
            message = f"This link has an address that is not allowed: {shown}"
            self.note(SRC046, message, "Link to https:// or mailto: addresses, or to #ids.", target, link)
        else:
            message = f"This link goes to a local file that readers do not have: {shown}"
            remedy = "Link to a heading with #id, to a chapter of this publication, or to a web page with https://."
            self.note(SRC050, message, remedy, target, link)
        return False

    def may_open(self, link: Link) -> bool:
        """Return whether a program can open the web address of `link`; if not, a finding says why."""
        target = link.target.url
        try:
            usable(target)
        except NotAnAddress as reason:
            message = f"Nobody can open this address: it {reason}: {printable(target, 80)}"
            self.note(SRC140, message, "Correct the address.", target, link)
            return False
        return True

    def start(self, items: OrderedList) -> None:
        numbering = items.numbering
        if not 0 <= numbering.start < 1_000_000:
            message, remedy = "A list starts at an impossible number.", "Start it at 0 to 999999."
            self.note(SRC047, message, remedy, str(numbering.start), items)
            numbering.start = 1

    def spans(self, table: Table) -> None:
        """Limit the rows and columns that a cell spans to what a table can have."""
        cells = [cell for row in table.rows for cell in row.cells]
        if all(1 <= span <= _MAX_SPAN for cell in cells for span in (cell.row_span, cell.col_span)):
            return
        message = "A table cell spans an impossible number of rows or columns."
        self.note(SRC047, message, "Correct the table.", "colspan", table)
        for cell in cells:
            cell.row_span = cell.col_span = 1

    def kind(
        self, rule: Entry, message: str, remedy: str, text: str, node: Node, severity: Severity = Severity.ERROR
    ) -> None:
        """Report a mistake once for each file."""
        self.kinds.note(rule, message, remedy, self.place(text, node), severity)

    def note(self, rule: Entry, message: str, remedy: str, text: str, node: Node) -> None:
        """Report a mistake at each place."""
        self.findings.append(rule.at(self.place(text, node), message, context=text, remedy=remedy))

    def place(self, text: str, node: Node) -> Location:
        """Return where `text`, a part of `node`, is in the source, or else where the node begins."""
        found = self.places.find(node, text.strip().split("\n")[0])
        if found is None and isinstance(node, Link):
            found = self.places.target(text)
        return self.places.source.location(self.places.start(node) if found is None else found)

    def place_of_formula(self, node: Math) -> Location:
        """Return the place of a formula: its first line, with the dollar sign before it if they share a line."""
        line = re.escape(node.text.strip().split("\n")[0])
        found = self.places.search(node, rf"\$?{line}")
        return self.places.source.location(self.places.start(node) if found is None else found)

    def too_deep(self) -> InputRefused:
        message = "The manuscript is nested too deeply or has too many parts."
        remedy = "Split the chapter, and look for deeply nested lists, quotations, brackets or tables."
        finding = SRC005.at(Location(self.places.source.path), message, remedy=remedy)
        return InputRefused(message, remedy=remedy, findings=(finding,))


def _take_alternative(image: Image) -> None:
    """Make the attribute `alt` of a picture, or Quarto's `fig-alt`, its alternative text."""
    pairs = dict(image.attr.pairs)
    said = pairs.get("alt", pairs.get("fig-alt"))
    if said is not None:
        image.attr.pairs = [pair for pair in image.attr.pairs if pair[0] not in _ALTERNATIVES]
        image.content = [Str(said)] if said else image.content


def _hand_down_alternative(part: Div) -> None:
    """Give the alternative text of a division, as Quarto has it, to the only picture in it."""
    said = dict(part.attr.pairs).get("fig-alt")
    images = list(every(Image, part.content)) if said else []
    if said and len(images) == 1:
        part.attr.pairs = [pair for pair in part.attr.pairs if pair[0] != "fig-alt"]
        images[0].attr.pairs.append(("alt", said))


def _fault(formula: str) -> str:
    """Return why a formula is not accepted; nothing if it is."""
    if found := _UNSAFE_FORMULA.search(formula):
        return f"This formula uses {found[0]}, which is not accepted."
    return f"This formula has {len(formula):,} characters." if len(formula) > _MAX_FORMULA else ""


def is_reserved_class(name: str) -> bool:
    """Return whether a class is one that pubkit itself gives, so that an author's would look like its own."""
    return _RESERVED_CLASS.fullmatch(name) is not None


def is_reserved(identifier: str) -> bool:
    """Return whether pubkit, or pandoc for notes and references, uses an id of this form itself."""
    return _RESERVED_IDENTIFIER.fullmatch(identifier) is not None


def cleaned(blocks: list[Block], places: Places, chapters: frozenset[str]) -> Cleaned:
    """Remove from one chapter everything that is not allowed.

    Args:
        blocks: the chapter; changed.
        places: where its nodes are in its source.
        chapters: the paths of all chapters, to which links may lead.

    Raises:
        InputRefused: the tree is too deep or too large to inspect.
    """
    policy = _Policy(places, chapters, _PAIRED_BY_NUMBER.search(places.source.text) is not None)
    try:
        policy.clean(blocks, 0)
    except RecursionError:
        raise policy.too_deep() from None
    return Cleaned([*policy.kinds.findings(), *policy.findings], policy.formulas)
