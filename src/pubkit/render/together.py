"""Numbers and what belongs to them, kept on one line: 10 mg, p < .001, 5 of 7, 120/80 mmHg, 3 May, Fig. 2, Dr. Smith.

A dose that is parted at the end of a line can be misread. Spaces at which no line may end become no-break spaces in the
tree, so that every format keeps them, in text, tables, notes, captions and references; the source stays as it is. Where
a line may also end after a dash or slash, the HTML formats set the whole on one line (`on_one_line`).

Source: SI Brochure (9th edition), 5.4.3; AMA Manual of Style (11th edition), 18.3 and 22.5; Unicode Standard Annex 14.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable

from msgspec import Struct, field

from pubkit.expressions import expression
from pubkit.language.labels import labels_for
from pubkit.language.recognition import words_for
from pubkit.manuscript import tree
from pubkit.manuscript.front import FrontMatter
from pubkit.manuscript.tree import Attr, Inline, Note, Quoted, SoftBreak, Space, Span, Str, Superscript

__all__ = ["NO_BREAK", "front_kept_together", "kept_together", "on_one_line", "whole_in_cells"]

#: The class of what the HTML formats set on one line.
ONE_LINE = "nobr"
NO_BREAK = "\u00a0"

#: A letter, digit or underscore; Chinese and Japanese, which put no space before a number, have signs that are none.
_LETTER = r"[^\W\u3040-\u30ff\u3400-\u9fff]"
_NUMBER = rf"(?<!{_LETTER})(?<![.,])[<>≤≥~≈±+−–-]?[$£€]?\d[\d.,]*(?:[–/×:-]\d[\d.,]*)*(?:\^[\d+−-]+)?"
#: Symbols of units: those of the SI with their prefixes, and those of medicine and pharmacy.
_SYMBOL = (
    r"(?:mm ?Hg|cm ?H2O|[%‰€£]|°[CFR]?|[fpnµμumcdhkMG]?(?:g|[lL]|mol|m|s|Pa|Hz|J|W|V|Gy|Sv|Bq|Da|cal|[eE]q|IU|U)|mcg|"
    r"[IU]E|UI|IU|USP|[mcdk]?m[²³]|[µnpm]?M|m?Osm|kcal|ppm|ppb|bpm|rpm|dpi|h|hr|hrs|min|d|wk|wks|mo|yr|yrs|b?pm|"
    r"USD|EUR|GBP|CHF|CFU|PFU|copies|kb|Mb|Gb|bp)"
)
_AFTER_UNIT = rf"(?!{_LETTER}|[’'])"
_SIGN = r"[<>=≤≥≈≠±×∼~+−–]"
_VALUE = r"[−–-]?[$£€]?\.?\d"
#: The most characters that are set on one line.
_LONGEST = 30
_BREAKS = frozenset("–/—‐·")
_WHOLE = expression(
    r"[(\[“‘]?[<>≤≥~≈±=+−-]{0,2}[$£€]?\.?\d[\d.,:]*(?:\u00a0?[–/×-]\u00a0?[$£€]?\.?\d[\d.,:]*)*%?"
    r"(?:\u00a0?[^\W\d_°%]{1,6}|\u00a0?°[CF]|\u00a0?[^\W\d_]{1,8}(?:[/·][^\W_]{1,8}[²³]?){1,3})?[²³]?[)\].,;:”’?!]*"
)


class _Gap(Struct, frozen=True):
    """A space between two words: its offset in the text, and its place in the tree."""

    offset: int
    siblings: list[Inline]
    index: int


class _Flow(Struct):
    """The text of one block and the spaces in it; raised text follows a ^."""

    parts: list[str] = field(default_factory=list)
    length: int = 0
    gaps: list[_Gap] = field(default_factory=list)
    read: set[int] = field(default_factory=set)

    def add(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)

    def gather(self, siblings: list[Inline]) -> None:
        """Add the text of `siblings`, and of what is in them but notes."""
        self.read.add(id(siblings))
        for index, node in enumerate(siblings):
            match node:
                case Str():
                    self.add(node.text)
                case Space() | SoftBreak():
                    self.gaps.append(_Gap(self.length, siblings, index))
                    self.add(" ")
                case Note():
                    pass
                case Superscript():
                    self.add("^")
                    self.gather(node.content)
                case tree.LineBreak():
                    self.add("\n")
                case tree.Code() | tree.Math() | tree.RawInline() | tree.Image():
                    self.add("\ufffc")
                case Quoted():
                    self.add("“")
                    self.gather(node.content)
                    self.add("”")
                case _:
                    self.gather(node.content)


def kept_together(printed: tree.Tree, lang: str) -> tree.Tree:
    """Return a copy of `printed` with no-break spaces between numbers and what belongs to them.

    Args:
        printed: the whole text, with its citations and its reference list.
        lang: the language of the text, such as "en-US"; unit words and abbreviations are those of the language.
    """
    copy = tree.copied(printed)
    read: set[int] = set()
    for siblings in list(tree.inline_lists(copy.blocks)):
        if id(siblings) not in read:
            flow = _Flow()
            flow.gather(siblings)
            read |= flow.read
            _keep(flow, lang)
    return copy


def front_kept_together(front: FrontMatter | None, lang: str) -> FrontMatter | None:
    """Return `front` with the same no-break spaces in its title, subtitle and abstract."""
    if front is None:
        return None
    words = [tree.Para(front.title), tree.Para(front.subtitle)]
    title, subtitle, *abstract = kept_together(tree.Tree(blocks=[*words, *front.abstract]), lang).blocks
    if not isinstance(title, tree.Para) or not isinstance(subtitle, tree.Para):  # for types: a copy has the same blocks
        return front
    return FrontMatter(title.content, subtitle.content, abstract)


def _keep(flow: _Flow, lang: str) -> None:
    text = "".join(flow.parts)
    if not flow.gaps or not any(pattern.search(text) for pattern in _patterns(lang)):
        return
    spans = (found.span() for pattern in _patterns(lang) for found in pattern.finditer(text))
    kept = {offset for start, end in spans for offset in range(start, end)}
    for gap in flow.gaps:
        if gap.offset in kept:
            gap.siblings[gap.index] = Str(NO_BREAK)


@functools.cache
def _patterns(lang: str) -> tuple[re.Pattern[str], ...]:
    """Return what is kept on one line in a language: each space in a match."""
    words, months = words_for(lang), "|".join(map(re.escape, labels_for(lang).months))
    kept = words.kept_together
    mentions = "|".join(f"(?:{one})" for one in words.mentions.values())
    abbreviations = _any_case(words_for("en").abbreviations.before_numbers | words.abbreviations.before_numbers)
    titles = _any_case(words.abbreviations.never_last)
    return tuple(
        map(
            re.compile,
            (
                rf"{_NUMBER} (?:{_SYMBOL}|(?:{_any(kept.units)})){_AFTER_UNIT}",
                rf"(?<![\w.])[^\W\d_]\w{{0,4}} {_SIGN} (?={_VALUE})",
                rf"{_NUMBER} {_SIGN} (?={_VALUE})",
                rf"(?<!\S)[(\[]?{_SIGN} (?={_VALUE})",
                rf"(?<![\w.,])[−–+-]?\d+(?:[.,]\d+)* (?:{_any(kept.between_numbers)}) (?=[−–+-]?\d)",
                r"(?<![\d.,])\d{1,3}(?: \d{3})+(?![\d,.]\d|\d)",
                rf"(?<!\w)(?:(?i:{mentions})|(?:{abbreviations})\.|(?:{_any(kept.before_numbers)})) (?=\d|[IVX]+\b|[A-Z]\d)",
                rf"(?<!\w)(?:{_any(kept.before_letters)}) (?=[A-Z]\d{{0,2}}\b)",
                rf"(?<!\w)(?:{titles})\. (?=[^\W\d_])",
                rf"(?<!\w)\d{{1,2}}\.? (?=(?:{months})\b)|(?<!\w)(?:{months}) (?=\d{{1,2}}\b(?!\d))",
                r"[§№#] (?=\d)",
                r"(?<![\w.,])\(?0\d{1,4}\)?(?: \d{2,5}){1,4}(?![\w,.]?\d)",
                r"(?<![\w.])\+\d{1,3}(?: \(?\d{1,8}\)?){2,6}(?!\d)|\(\d{2,5}\) (?=\d{2,4}[ –-]\d{2,4})",
            ),
        )
    )


def _any(words: tuple[str, ...]) -> str:
    return "|".join(words)


def _any_case(words: frozenset[str]) -> str:
    return "|".join(
        f"{re.escape(word)}|{re.escape(word.capitalize())}" for word in sorted(words, key=len, reverse=True)
    )


def on_one_line(siblings: list[Inline]) -> list[Inline]:
    """Return `siblings` with each number that a dash or slash might part in a Span that is set on one line."""
    return _in_spans(siblings, _may_part)


def whole_in_cells(siblings: list[Inline]) -> list[Inline]:
    """Return the text of a table cell with each other number and its unit in a Span, however narrow the column is."""
    return _in_spans(siblings, lambda text: NO_BREAK in text and any(map(str.isdigit, text)) and not _may_part(text))


def _may_part(text: str) -> bool:
    return not _BREAKS.isdisjoint(text) and _WHOLE.fullmatch(text) is not None


def _in_spans(siblings: list[Inline], held: Callable[[str], bool]) -> list[Inline]:
    done: list[Inline] = []
    for is_text, run in itertools.groupby(siblings, lambda node: isinstance(node, Str)):
        nodes = list(run)
        text = "".join(node.text for node in nodes if isinstance(node, Str))
        done += [Span((Attr(classes=[ONE_LINE]), nodes))] if is_text and len(text) <= _LONGEST and held(text) else nodes
    return done
