"""Number figures, tables, sections and equations, which are mentioned as `@fig:name`, `@tbl:`, `@sec:`, `@eq:`.

A label that the author has defined may have any other form (`@fig-name`, `@intro`). Every captioned figure and
table is numbered, in reading order. As soon as one section is mentioned by number, all sections are numbered, except
headings of the class `unnumbered`, to the third level or as deep as a mention leads.

In a book, chapters always have numbers, and figures, tables and equations count from the beginning of their chapter:
Figure 8.2 is in Chapter 8. A heading of the class `part` opens a part (Part II). After one that is also of the class
`appendices`, chapters are appendices with letters for numbers, and so is each chapter of the class `appendix`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from pubkit.expressions import expression
from pubkit.language.labels import Labels
from pubkit.manuscript.floats import GROUP
from pubkit.manuscript.tree import (
    Attr,
    Block,
    BlockNode,
    Caption,
    Cite,
    Div,
    Figure,
    Header,
    Inline,
    Math,
    Para,
    Plain,
    Space,
    Span,
    Str,
    Table,
    attributed,
    every,
    identifier,
    inline_lists,
    plain_text,
)

__all__ = ["KINDS", "Label", "is_label", "labelled", "number", "number_book", "tex_labels", "written_labels"]

KINDS = ("fig", "tbl", "sec", "eq")

_LABEL = expression(r"(fig|tbl|sec|eq):\S+")
_WRITTEN_LABEL = expression(r"\{[^{}\n]{0,200}?#(?P<name>\w[\w:.-]*)")
_TEX_LABEL = expression(r"\\label\{(?P<name>[^{}\n]+)\}")
_EQUATION_LABEL = expression(r"\{#(\w[\w:.-]*)\}")
#: Headings below this level have no number, unless one of their level is mentioned.
_NUMBERED_LEVELS = 3


def is_label(key: str) -> bool:
    """Return whether a citation key is really a mention of a figure, table, section or equation."""
    return _LABEL.fullmatch(key) is not None


def written_labels(text: str) -> frozenset[str]:
    """Return the labels that an author has defined in `text`: {#name}."""
    return frozenset(found["name"] for found in _WRITTEN_LABEL.finditer(text))


def tex_labels(text: str) -> frozenset[str]:
    """Return the labels of what is left as TeX in `text`, such as an algorithm: \\label{name}."""
    return frozenset(found["name"] for found in _TEX_LABEL.finditer(text))


def labelled(blocks: Sequence[Block]) -> set[str]:
    """Return all ids in `blocks`, and the labels of their equations."""
    found = {identifier(node) for node in attributed(blocks)}
    texts = (inline.text for siblings in inline_lists(blocks) for inline in siblings if isinstance(inline, Str))
    return found | {label[1] for label in map(_EQUATION_LABEL.fullmatch, texts) if label}


class Label(NamedTuple):
    """What a label names: its kind, its number as a mention prints it ("2.1", "(3)"), and the number with its word.

    Boxes and headings without a number are of the kind "box"; a mention prints their title.
    """

    kind: str
    number: str
    text: str


class _Numbering(Struct):
    """Counts what is numbered; `levels` of headings are, from the level `top` on, with which the text begins."""

    terms: Labels
    levels: int
    is_label: Callable[[str], bool]
    labels: dict[str, Label] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    headings: list[int] = field(default_factory=lambda: [0] * 6)
    chapter: str = ""
    top: int = 1

    def next(self, kind: str, label: str) -> str:
        count = self.counts[self.chapter, kind] = self.counts.get((self.chapter, kind), 0) + 1
        number = f"{self.chapter}.{count}" if self.chapter else str(count)
        text = self.terms.numbered(kind, number)
        if self.is_label(label):
            self.labels[label] = Label(kind, f"({number})" if kind == "eq" else number, text)
        return text

    def heading(self, header: Header) -> None:
        """Number a heading, in place."""
        if header.level < self.top + self.levels and "unnumbered" not in header.attr.classes:
            text = self.section(header.level, header.attr.identifier)
            header.content[:0] = [_numbered("section-number", text), Space()]
        else:
            self.titled(header)

    def titled(self, header: Header) -> None:
        """Note the title of a heading without a number, which a mention prints in its place, as Quarto does."""
        title = plain_text(header.content)
        if title and self.is_label(header.attr.identifier):
            self.labels[header.attr.identifier] = Label("box", title, title)

    def section(self, level: int, label: str) -> str:
        self.headings[level - 1] += 1
        self.headings[level:] = [0] * (len(self.headings) - level)
        return self.named("sec", ".".join(str(count) for count in self.headings[self.top - 1 : level]), label)

    def named(self, kind: str, number: str, label: str) -> str:
        """Note what `label` names, if it is one, and return the number."""
        if self.is_label(label):
            self.labels[label] = Label(kind, number, self.terms.numbered(kind, number))
        return number


class _BookNumbering(_Numbering):
    """Chapters, appendices and parts of a book, whose chapters are headings of the level `top`."""

    parts: int = 0
    opened: dict[str, int] = field(default_factory=lambda: {"chap": 0, "app": 0})
    appended: bool = False

    def heading(self, header: Header) -> None:
        """Number a heading, in place; what follows an unnumbered chapter counts through."""
        if "part" in header.attr.classes:
            self.part(header)
        elif header.level <= self.top:
            self.chapter = ""
            self.headings = [0] * 6
            if "unnumbered" not in header.attr.classes and self.levels:
                self.open(header)
            else:
                self.titled(header)
        elif self.chapter and header.level < self.top + self.levels and "unnumbered" not in header.attr.classes:
            below = header.level - self.top
            self.headings[below - 1] += 1
            self.headings[below:] = [0] * (len(self.headings) - below)
            text = ".".join([self.chapter, *map(str, self.headings[:below])])
            self.named("sec", text, header.attr.identifier)
            header.content[:0] = [_numbered("section-number", text), Space()]
        else:
            self.titled(header)

    def part(self, header: Header) -> None:
        """Number a part; the one of the appendices has no number, but what follows it has letters."""
        self.chapter = ""
        self.titled(header)
        if "appendices" in header.attr.classes:
            self.appended = True
        elif not _PART.match(plain_text(header.content)):
            self.parts += 1
            text = self.terms.numbered("part", roman(self.parts))
            header.content[:0] = [_numbered("part-number", text), Space()]

    def open(self, header: Header) -> None:
        """Number a chapter or an appendix."""
        kind = "app" if self.appended or "appendix" in header.attr.classes else "chap"
        self.opened[kind] += 1
        count = self.opened[kind]
        self.chapter = letters(count) if kind == "app" else str(count)
        self.named(kind, self.chapter, header.attr.identifier)
        shown = self.terms.numbered(kind, self.chapter) if kind == "app" else self.chapter
        header.content[:0] = [_numbered("section-number", shown), Space()]


#: A part whose title begins with its own number.
_PART = expression(r"\w+ (?:[0-9]+|[IVXL]+)\b")


def letters(number: int) -> str:
    """Return A for 1, Z for 26, AA for 27."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def roman(number: int) -> str:
    """Return a number from 1 to 3,999 in Roman numerals."""
    text = ""
    for value, sign in _ROMAN:
        text += sign * (number // value)
        number %= value
    return text


_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"),
    (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


def number(blocks: Sequence[Block], terms: Labels, is_label: Callable[[str], bool] = is_label) -> dict[str, Label]:
    """Number figures, tables, sections and equations in `blocks`, in place, and return what each label names.

    Args:
        blocks: all chapters.
        terms: the words for figures, tables, sections and equations.
        is_label: whether a name is a label; the ids that pandoc gives to headings are not.
    """
    top = _outermost(blocks)
    return _number(blocks, _Numbering(terms, _numbered_levels(blocks, is_label, top), is_label, top=top))


def number_book(blocks: Sequence[Block], terms: Labels, is_label: Callable[[str], bool] = is_label) -> dict[str, Label]:
    """Do as `number`, for a book; where most chapters have numbers that the author has written, they keep these."""
    headings = list(every(Header, blocks))
    top = _outermost(blocks)
    titles = [plain_text(header.content) for header in headings if header.level == top]
    by_hand = 2 * sum(_BY_HAND.match(title) is not None for title in titles) > len(titles)
    levels = 0 if by_hand else max(_NUMBERED_LEVELS, _numbered_levels(blocks, is_label, 1))
    return _number(blocks, _BookNumbering(terms, levels, is_label, top=top))


#: A chapter whose title begins with its own number.
_BY_HAND = expression(r"(?:\w+ )?[0-9]+(?:[.:)]|\s+[-–—]?\s*\w)")


def _number(blocks: Sequence[Block], numbering: _Numbering) -> dict[str, Label]:
    parts: set[int] = set()
    for node in every(BlockNode, blocks):
        if id(node) in parts:
            continue
        match node:
            case Div(attr=Attr(classes=classes), content=[*_, Para() as last]) if (
                GROUP in classes and node.attr.identifier
            ):
                parts |= _number_group(node, last, numbering)
            case Header():
                numbering.heading(node)
            case Figure() | Table() if caption := _words_of(node.caption):
                kind = "fig" if isinstance(node, Figure) else "tbl"
                text = numbering.next(kind, node.attr.identifier)
                caption[:0] = [_numbered("caption-number", f"{text}."), Space()]
            case Figure(caption=Caption(blocks=[Plain([]) as empty])) if numbering.is_label(node.attr.identifier):
                empty.content = [_numbered("caption-number", f"{numbering.next('fig', node.attr.identifier)}.")]
            case Div(attr=Attr(identifier=label), content=[]) if label.startswith(("fig:", "fig-")):
                numbering.next("fig", label)  # its picture is elsewhere, or a comment
            case Para() | Plain():
                _number_equation(node.content, numbering)
            case Div(attr=Attr(classes=["callout", *_])) if numbering.is_label(node.attr.identifier):
                title = plain_text(node.content[:1])
                numbering.labels[node.attr.identifier] = Label("box", title, title)
    return numbering.labels


def _number_group(group: Div, caption: Para, numbering: _Numbering) -> set[int]:
    """Number a group of figures with its caption, and its figures below it, with letters; return their identities."""
    text = numbering.next("fig", group.attr.identifier)
    caption.content[:0] = [_numbered("caption-number", f"{text}."), Space()]
    figures = list(every(Figure, group.content))
    for count, figure in enumerate(figures, 1):
        letter = letters(count).lower()
        if words := _words_of(figure.caption):
            words[:0] = [_numbered("caption-number", f"({letter})"), Space()]
        if numbering.is_label(label := figure.attr.identifier):
            number = text.split("\u00a0")[-1] + letter
            numbering.labels[label] = Label("fig", number, numbering.terms.numbered("fig", number))
    return set(map(id, figures))


def _outermost(blocks: Sequence[Block]) -> int:
    """Return the level of the headings with which a text is divided first: 2 where the title alone is of level 1."""
    return min((one.level for one in every(Header, blocks) if "part" not in one.attr.classes), default=1)


def _numbered_levels(blocks: Sequence[Block], is_label: Callable[[str], bool], top: int) -> int:
    """Return how many levels of sections from `top` on are numbered: 0 where no mention asks for the number of one."""
    levels = {
        one.attr.identifier: one.level - top + 1 for one in every(Header, blocks) if is_label(one.attr.identifier)
    }
    asked = [levels.get(key, 1) for key in _mentioned(blocks) if key.startswith("sec:") or key in levels]
    return max(_NUMBERED_LEVELS, *asked) if asked else 0


def _words_of(caption: Caption) -> list[Inline]:
    """Return the first line of a caption, to be changed in place; an empty list if there is none."""
    return next((block.content for block in caption.blocks if isinstance(block, Para | Plain) and block.content), [])


def _numbered(kind: str, text: str) -> Span:
    return Span((Attr(classes=[kind]), [Str(text)]))


def _number_equation(inlines: list[Inline], numbering: _Numbering) -> None:
    """Label and number each display formula that {#eq:name} follows."""
    for index, inline in enumerate(inlines):
        found = _EQUATION_LABEL.fullmatch(inline.text) if isinstance(inline, Str) else None
        if not found:
            continue
        before = index - 1 if isinstance(inlines[index - 1], Math) else index - 2
        if before < 0 or not isinstance(inlines[before], Math):
            continue
        name = numbering.next("eq", found[1]).split("\u00a0")[-1]
        equation = [inlines[before], _numbered("equation-number", f"({name})")]
        inlines[before : index + 1] = [Span((Attr(found[1], ["equation"]), equation))]
        return


def _mentioned(blocks: Sequence[Block]) -> Iterator[str]:
    return (one.key for cite in every(Cite, blocks) for one in cite.citations)
