"""Pandoc's syntax tree: its types, how it is read and written, and how it is walked.

The types are those of pandoc-types 1.23 (`Text.Pandoc.Definition`); their parts have the names that pandoc's Lua filters
use. In JSON every element is {"t": name, "c": content}; if an element has several parts, its content is an array, which is
the tuple `c`, and each part also has a name. Elements may be changed in place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, Literal, TypeVar, cast, get_args

import msgspec
from msgspec import Struct, field, structs

from pubkit.boundary.pandoc import PandocError, version
from pubkit.errors import InputRefused

__all__ = [
    "Alignment", "Attr", "Block", "BlockNode", "BlockQuote", "BulletList", "Caption", "Cell", "Citation", "Cite",
    "Code", "CodeBlock", "ColWidth", "ColWidthDefault", "DefinitionList", "Div", "Emph", "Figure", "Header",
    "HorizontalRule", "Image", "Inline", "InlineNode", "LineBlock", "LineBreak", "Link", "Math", "MathType", "Meta",
    "MetaBlocks", "MetaBool",
    "MetaInlines", "MetaList", "MetaMap", "MetaString", "Node", "Note", "OrderedList", "Para", "Plain", "Quoted",
    "RawBlock", "RawInline", "Row", "SmallCaps", "SoftBreak", "Space", "Span", "Str", "Strikeout", "Strong",
    "Subscript", "Superscript", "Table", "Target", "Tree", "Underline", "attributed", "attributes",
    "block_lists", "copied", "decode", "encode", "every", "identifier", "inline_lists", "nodes", "parts", "plain_text",
    "replace", "worded",
]  # fmt: skip

T = TypeVar("T")
N = TypeVar("N", bound="Node")


class Part(Generic[T]):
    """The name of one part of an element whose content is an array."""

    def __init__(self, place: int) -> None:
        self._place = place

    def __get__(self, node: Any, kind: type | None = None) -> T:
        part: T = node.c[self._place]
        return part

    def __set__(self, node: Any, part: T) -> None:
        node.c = (*node.c[: self._place], part, *node.c[self._place + 1 :])


class Node(Struct, tag_field="t", tag=True, rename=lambda _: "c", forbid_unknown_fields=True):
    """An inline, a block, or a value of the metadata."""


class InlineNode(Node):
    """The base of all inlines."""


class BlockNode(Node):
    """The base of all blocks."""


class _Array(Struct, array_like=True, forbid_unknown_fields=True):
    """A part of an element that is an array in JSON."""


class Attr(_Array):
    """The id of an element ("" if it has none), its classes, and its other attributes."""

    identifier: str = ""
    classes: list[str] = []
    pairs: list[tuple[str, str]] = []


class Target(_Array):
    """The address of a link or picture, and its title."""

    url: str
    title: str = ""


class QuoteType(Struct, frozen=True):
    """The kind of quotation marks."""

    t: Literal["SingleQuote", "DoubleQuote"]


class MathType(Struct, frozen=True):
    """An inline or a display formula."""

    t: Literal["DisplayMath", "InlineMath"] = "InlineMath"


class CitationMode(Struct, frozen=True):
    """How a key is cited: `@key`, `[-@key]`, `[@key]`."""

    t: Literal["AuthorInText", "SuppressAuthor", "NormalCitation"] = "NormalCitation"


class Citation(Struct, rename="camel", forbid_unknown_fields=True):
    """One key of a citation."""

    key: str = field(name="citationId")
    prefix: list[Inline] = field(name="citationPrefix", default_factory=list)
    suffix: list[Inline] = field(name="citationSuffix", default_factory=list)
    mode: CitationMode = field(name="citationMode", default=CitationMode())
    note_number: int = field(name="citationNoteNum", default=0)
    hash: int = field(name="citationHash", default=0)


# Inlines


class Str(InlineNode):
    """A run of text; pandoc's reader never puts a space into it."""

    text: str


class Emph(InlineNode):
    """Emphasis."""

    content: list[Inline]


class Underline(InlineNode):
    """Underlined text."""

    content: list[Inline]


class Strong(InlineNode):
    """Strong emphasis."""

    content: list[Inline]


class Strikeout(InlineNode):
    """Struck-out text."""

    content: list[Inline]


class Superscript(InlineNode):
    """Raised text."""

    content: list[Inline]


class Subscript(InlineNode):
    """Lowered text."""

    content: list[Inline]


class SmallCaps(InlineNode):
    """Small capitals."""

    content: list[Inline]


class Quoted(InlineNode):
    """Text in quotation marks."""

    c: tuple[QuoteType, list[Inline]]
    kind = Part[QuoteType](0)
    content = Part["list[Inline]"](1)


class Cite(InlineNode):
    """A citation, and how it is printed."""

    c: tuple[list[Citation], list[Inline]]
    citations = Part[list[Citation]](0)
    content = Part["list[Inline]"](1)


class Code(InlineNode):
    """Inline code."""

    c: tuple[Attr, str]
    attr = Part[Attr](0)
    text = Part[str](1)


class Space(InlineNode):
    """A space between words."""


class SoftBreak(InlineNode):
    """The end of a source line."""


class LineBreak(InlineNode):
    """A line break that the author has written."""


class Math(InlineNode):
    """A formula in TeX notation."""

    c: tuple[MathType, str]
    kind = Part[MathType](0)
    text = Part[str](1)


class RawInline(InlineNode):
    """Raw text in one format."""

    c: tuple[str, str]
    format = Part[str](0)
    text = Part[str](1)


class Link(InlineNode):
    """A link."""

    c: tuple[Attr, list[Inline], Target]
    attr = Part[Attr](0)
    content = Part["list[Inline]"](1)
    target = Part[Target](2)


class Image(InlineNode):
    """A picture; `content` is its alternative text."""

    c: tuple[Attr, list[Inline], Target]
    attr = Part[Attr](0)
    content = Part["list[Inline]"](1)
    target = Part[Target](2)


class Note(InlineNode):
    """A footnote."""

    content: list[Block]


class Span(InlineNode):
    """Text with attributes."""

    c: tuple[Attr, list[Inline]]
    attr = Part[Attr](0)
    content = Part["list[Inline]"](1)


Inline = (
    Str | Emph | Underline | Strong | Strikeout | Superscript | Subscript | SmallCaps | Quoted | Cite | Code | Space
    | SoftBreak | LineBreak | Math | RawInline | Link | Image | Note | Span
)  # fmt: skip


# Parts of tables, figures and lists


class ListNumberStyle(Struct, frozen=True):
    """The numerals of a list."""

    t: Literal["DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman", "LowerAlpha", "UpperAlpha"]


class ListNumberDelim(Struct, frozen=True):
    """The signs after or around the numerals of a list."""

    t: Literal["DefaultDelim", "Period", "OneParen", "TwoParens"]


class ListAttributes(_Array):
    """How an ordered list is numbered."""

    start: int
    style: ListNumberStyle
    delimiter: ListNumberDelim


class Alignment(Struct, frozen=True):
    """The alignment of a column or cell."""

    t: Literal["AlignLeft", "AlignRight", "AlignCenter", "AlignDefault"] = "AlignDefault"


class ColWidth(Struct, tag_field="t", tag=True, frozen=True):
    """The width of a column, as a share of the line."""

    share: float = field(name="c")


class ColWidthDefault(Struct, tag_field="t", tag=True, frozen=True):
    """A column width that the writer chooses."""


class ColSpec(_Array):
    """The alignment and width of a column."""

    alignment: Alignment
    width: ColWidth | ColWidthDefault


class Caption(_Array):
    """A caption: a short form for lists of figures, and the full text."""

    short: list[Inline] | None = None
    blocks: list[Block] = []


class Cell(_Array):
    """A cell of a table."""

    attr: Attr
    alignment: Alignment
    row_span: int
    col_span: int
    content: list[Block]


class Row(_Array):
    """A row of a table."""

    attr: Attr
    cells: list[Cell]


class TableHead(_Array):
    """The header rows of a table, or the rows of its foot."""

    attr: Attr
    rows: list[Row]


class TableBody(_Array):
    """A part of a table: its own header rows and its rows, the first `row_head_columns` cells of which are headers."""

    attr: Attr
    row_head_columns: int
    head: list[Row]
    body: list[Row]


# Blocks


class Plain(BlockNode):
    """Text that is not a paragraph, as in the items of a tight list."""

    content: list[Inline]


class Para(BlockNode):
    """A paragraph."""

    content: list[Inline]


class LineBlock(BlockNode):
    """Lines that are kept apart."""

    content: list[list[Inline]]


class CodeBlock(BlockNode):
    """A code block."""

    c: tuple[Attr, str]
    attr = Part[Attr](0)
    text = Part[str](1)


class RawBlock(BlockNode):
    """A raw block in one format."""

    c: tuple[str, str]
    format = Part[str](0)
    text = Part[str](1)


class BlockQuote(BlockNode):
    """A quotation."""

    content: list[Block]


class OrderedList(BlockNode):
    """A numbered list."""

    c: tuple[ListAttributes, list[list[Block]]]
    numbering = Part[ListAttributes](0)
    content = Part["list[list[Block]]"](1)


class BulletList(BlockNode):
    """A list."""

    content: list[list[Block]]


class DefinitionList(BlockNode):
    """Terms, each with its definitions."""

    content: list[tuple[list[Inline], list[list[Block]]]]


class Header(BlockNode):
    """A heading."""

    c: tuple[int, Attr, list[Inline]]
    level = Part[int](0)
    attr = Part[Attr](1)
    content = Part["list[Inline]"](2)


class HorizontalRule(BlockNode):
    """A rule across the page."""


class Table(BlockNode):
    """A table."""

    c: tuple[Attr, Caption, list[ColSpec], TableHead, list[TableBody], TableHead]
    attr = Part[Attr](0)
    caption = Part[Caption](1)
    columns = Part[list[ColSpec]](2)
    head = Part[TableHead](3)
    bodies = Part[list[TableBody]](4)
    foot = Part[TableHead](5)

    @property
    def rows(self) -> list[Row]:
        """Return every row, in order."""
        inner = (row for body in self.bodies for row in (*body.head, *body.body))
        return [*self.head.rows, *inner, *self.foot.rows]


class Figure(BlockNode):
    """A figure."""

    c: tuple[Attr, Caption, list[Block]]
    attr = Part[Attr](0)
    caption = Part[Caption](1)
    content = Part["list[Block]"](2)


class Div(BlockNode):
    """Blocks with attributes."""

    c: tuple[Attr, list[Block]]
    attr = Part[Attr](0)
    content = Part["list[Block]"](1)


Block = (
    Plain | Para | LineBlock | CodeBlock | RawBlock | BlockQuote | OrderedList | BulletList | DefinitionList | Header
    | HorizontalRule | Table | Figure | Div
)  # fmt: skip


# The document


class MetaMap(Node):
    """Values by name."""

    content: dict[str, Meta]


class MetaList(Node):
    """Values in order."""

    content: list[Meta]


class MetaBool(Node):
    """Yes or no."""

    content: bool


class MetaString(Node):
    """A text without markup."""

    content: str


class MetaInlines(Node):
    """A text."""

    content: list[Inline]


class MetaBlocks(Node):
    """A text of several blocks."""

    content: list[Block]


Meta = MetaMap | MetaList | MetaBool | MetaString | MetaInlines | MetaBlocks


class Tree(Struct, rename={"api_version": "pandoc-api-version"}):
    """A document: the version of pandoc's types, the metadata, and the text."""

    api_version: tuple[int, ...] = (1, 23, 1)
    meta: dict[str, Meta] = {}
    blocks: list[Block] = []


# Reading and writing

_REMEDY = "pubkit reads pandoc-types 1.23: install pypandoc_binary again, and unset PYPANDOC_PANDOC where it is set."
_DECODER = msgspec.json.Decoder(Tree)
_ENCODER = msgspec.json.Encoder()


def decode(data: bytes | str) -> Tree:
    """Read pandoc's JSON.

    Raises:
        InputRefused: the tree is nested deeper than Python can follow.
        PandocError: this pandoc writes elements that are not those of pandoc-types 1.23.
    """
    try:
        return _DECODER.decode(data)
    except RecursionError:
        raise InputRefused(
            "The manuscript is nested too deeply.", remedy="Look for deeply nested lists, quotes, brackets or tables."
        ) from None
    except msgspec.DecodeError as error:
        message = f"pandoc {version()} writes a syntax tree that pubkit cannot read: {error}."
        raise PandocError(message, remedy=_REMEDY) from error


def encode(tree: Tree) -> bytes:
    """Return `tree` as the JSON that pandoc reads."""
    return _ENCODER.encode(tree)


def copied(tree: Tree) -> Tree:
    """Return a deep copy of `tree`."""
    return _DECODER.decode(_ENCODER.encode(tree))


# Walking

#: Kinds without any parts to walk.
_ENDS = frozenset({Str, Space, SoftBreak, LineBreak, HorizontalRule, Attr, Target, str, int})
#: Kinds that are no nodes and have none.
_NO_NODES = _ENDS - frozenset(node for node in _ENDS if issubclass(node, Node))
_TEXTS = frozenset({Str, Code, Math, CodeBlock})
_SPACES = frozenset({Space, SoftBreak, LineBreak})
_UNSAID = frozenset({Note, Citation})
_Attributed = Code | Link | Image | Span | CodeBlock | Header | Table | Figure | Div
_WITH_ATTRIBUTES = frozenset(get_args(_Attributed))


def parts(part: object) -> Sequence[object]:
    """Return the parts of a part of a tree, in reading order."""
    if part.__class__ is list:
        return cast("list[object]", part)
    if part.__class__ in _ENDS:
        return ()
    if isinstance(part, Struct):
        return structs.astuple(part)
    return part if isinstance(part, (list, tuple)) else ()


def nodes(value: object, without: tuple[type[Struct], ...] = ()) -> Iterator[Node]:
    """Yield every node of `value` (a node, a part of one, or a list) in reading order, outer nodes before inner ones.

    Nodes of a kind in `without` are left out, with everything in them.
    """
    for part in _walk(value, _NO_NODES.union(without)):
        if isinstance(part, Node):
            yield part


def every(kind: type[N], value: object) -> Iterator[N]:
    """Yield every node of one `kind` in `value`, in reading order."""
    passed = frozenset(end for end in _ENDS if not issubclass(end, kind))
    return (part for part in _walk(value, passed) if isinstance(part, kind))


def attributed(value: object, without: tuple[type[Struct], ...] = ()) -> Iterator[Node]:
    """Yield every node of `value` that has attributes, in reading order; see `nodes`."""
    walked = _walk(value, _ENDS.union(without))
    return (cast("Node", part) for part in walked if part.__class__ in _WITH_ATTRIBUTES)


def _walk(value: object, passed: frozenset[type]) -> Iterator[object]:
    """Yield every part of `value` in reading order, except those of a kind in `passed`: most parts of a text are words."""
    stack = [value]
    while stack:
        part = stack.pop()
        yield part
        kind = part.__class__
        if kind is list or kind is tuple:
            inner = cast("Sequence[object]", part)
        elif kind not in _ENDS:
            inner = parts(part)
        else:
            continue
        stack += [one for one in reversed(inner) if one.__class__ not in passed]


def attributes(node: Node) -> Attr | None:
    """Return the attributes of a node; None if its kind has none."""
    return cast("_Attributed", node).attr if node.__class__ in _WITH_ATTRIBUTES else None


def identifier(node: Node) -> str:
    """Return the id of a node; "" if it has none."""
    attr = attributes(node)
    return attr.identifier if attr else ""


def inline_lists(value: object, without: tuple[type[Struct], ...] = ()) -> Iterator[list[Inline]]:
    """Yield every non-empty list of inlines in `value`, outer lists before inner ones; they may be changed in place.

    What is inside the nodes of a kind in `without` is left out.
    """
    return _lists(value, InlineNode, without)


def block_lists(value: object) -> Iterator[list[Block]]:
    """Yield every non-empty list of blocks in `value`, outer lists before inner ones; they may be changed in place."""
    return _lists(value, BlockNode)


def _lists(value: object, kind: type[Node], without: tuple[type[Struct], ...] = ()) -> Iterator[list[Any]]:
    walked = _walk(value, _ENDS.union(without))
    return (part for part in walked if isinstance(part, list) and part and isinstance(part[0], kind))


def replace(kind: type[N], value: object, replacement: Callable[[N], Inline]) -> None:
    """Put `replacement(node)` in the place of every inline of `kind` in `value`."""
    for siblings in inline_lists(value):
        siblings[:] = [replacement(node) if isinstance(node, kind) else node for node in siblings]


def worded(text: str) -> list[Inline]:
    """Return plain text as inlines: its words, and a space between each two."""
    spaced: list[Inline] = [inline for word in text.split() for inline in (Space(), Str(word))]
    return spaced[1:]


def plain_text(value: object) -> str:
    """Return the text of `value` without markup and notes."""
    words: list[str] = []
    stack: list[Any] = [value]
    while stack:
        part = stack.pop()
        kind = part.__class__
        if kind in _TEXTS:
            words.append(part.text)
        elif kind in _SPACES:
            words.append(" ")
        elif kind not in _UNSAID:
            stack.extend(reversed(parts(part)))
    return "".join(words).strip()
