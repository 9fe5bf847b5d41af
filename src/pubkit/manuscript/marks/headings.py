"""Headings, lists, quotations and pictures as CommonMark reads them: after a paragraph at once; pandoc wants an empty line.

A picture alone in its paragraph has alternative text there, where pandoc takes the same words for a caption.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.attributes import is_attributes
from pubkit.manuscript.prose import prose, without_code_blocks

__all__ = [
    "breaks_left_out",
    "comments_left_out",
    "highlights",
    "lists_apart",
    "pictures_without_captions",
    "rules_apart",
    "set_apart",
]

_PARAGRAPH = expression(r"(?:^[^\n]*\S[^\n]*\n?)+", re.MULTILINE)
#: What begins no paragraph of plain text: a list, a quotation, a table, a heading, a division, a definition, indentation.
_OTHER = expression(r"[-*+][ \t]|\(?\w{1,9}[.)][ \t]|[>|#:~=\s]|\[\^|<")
_HEADINGS = expression(r"(?:#{1,6}[ \t][^\n]*\n)*")
_ITEM = expression(r"(?<=\n) {0,3}(?:[-*+]|1[.)])[ \t]+\S")
_BREAK = expression(r"^(?:\+{3,}[ \t]*(?:\{[^\n]*\})?|\^{3,})[ \t]*$", re.MULTILINE)
_COMMENT = expression(r"^%(?:[ \t][^\n]*)?(?:\n|\Z)", re.MULTILINE)
_FORMULA = expression(
    r"\$\$[^$]*+(?:\$(?!\$)[^$]*+)*\$\$|\\begin\{(?P<name>[a-z]{2,20}\*?)\}(?:[^\\]|\\(?!end\{))*+\\end\{(?P=name)\}"
)
_HIDDEN = expression(r"(?<!%)%%(?!%)[^%]*+(?:%(?!%)[^%]*+)*%%(?!%)")
_HIGHLIGHT = expression(r"(?<![=\w])==(?=[^\s=])(?P<words>[^=\n]+)(?<=\S)==(?![=\w])")
_HEADING = expression(r"(?<=\n)(?=#{1,6}[ \t]+\S)")
_QUOTED_HEADING = expression(r"(?<=\n)(?:[ ]{0,3}>[ \t]?)+(?=#{1,6}[ \t]+\S)")
#: A heading after an empty line, with spaces before it; in a list they would make it a part of an item.
_INDENTED = expression(r"(?:\A|(?<=\n\n))[ ]{1,3}(?=#{1,6}[ \t]+\S)")
#: A rule, and the lines behind it as far as an empty one; a line of dashes among these is one of a table's.
_RULE = expression(r"(?:\A|(?<=\n))[ ]{0,3}-{3,}[ \t]*\n(?=(?P<behind>(?:[^\n]*\S[^\n]*\n?)+))")
#: A rule of stars or underscores after a line of text; one of dashes would make a heading of that line.
_RULE_OF_STARS = expression(r"(?<=\n)(?=[ ]{0,3}(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})(?:\n|\Z))")
_DASHES = expression(r"^[ ]*-{2,}[- ]*$", re.MULTILINE)
_INDENTED_HEADING = expression(r"[ ]{0,3}#{1,6}[ \t]+\S")
_LIST = expression(r"(?:[ \t]+(?![#\s])|[-*+][ \t]|\(?\w{1,9}[.)][ \t]|\[\^)")
_QUOTATION = expression(r"^(?![ \t]*>)[^\n]*\S[^\n]*\n(?=[ \t]{0,6}>[ \t]*\S)", re.MULTILINE)
#: A picture that is a paragraph, without a label.
_PICTURE = expression(
    r"(?:\A|(?<=\n))(?<!\)=\n)(?P<picture>[ \t>]*!\[(?:[^\[\]\n]|\[[^\[\]\n]*\]){1,1000}\]"
    r"\((?:[^()\n]|\([^()\n]*\)){1,1000}\)"
    r"(?:\{(?![^{}\n]*#)[^{}\n]{0,300}\})?)[ \t]*(?=\n|\Z)"
)
#: What may be in the line after a picture: nothing, or its attributes in kramdown's form.
_AFTER = expression(r"[ \t>\n]+|\{:[^{}\n]*\}")


def set_apart(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that put an empty line before each heading, quotation and rule that follows a line of text.

    The spaces before a heading go, with which pandoc takes it for text.
    """
    text = _outside(source)
    for found in _INDENTED.finditer(text):
        before = text[: found.start()].rstrip()
        if not _LIST.match(before, before.rfind("\n") + 1):
            yield Edit(found.start(), found.end(), "")
    for found in _QUOTED_HEADING.finditer(text):
        before = text[text.rfind("\n", 0, found.start() - 1) + 1 : found.start() - 1]
        if before.lstrip().startswith(">") and before.strip(" \t>"):
            yield Edit(found.start(), found.start(), f"{found[0].rstrip()}\n")
    for pattern in (_HEADING, _QUOTATION, _RULE_OF_STARS):
        for found in pattern.finditer(text):
            before = text[text.rfind("\n", 0, found.end() - 1) + 1 : found.end() - 1]
            if before.strip() and not is_attributes(before):
                yield Edit(found.end(), found.end(), "\n")


def rules_apart(source: SourceFile, *, commonmark: bool) -> Iterator[Edit]:
    """Yield the edits that put an empty line after each rule of dashes that a heading follows at once.

    Pandoc takes it for the first line of a table, and may lose text between two of them. In CommonMark, which has no such
    tables, so is a rule that any text follows.
    """
    for found in _RULE.finditer(without_code_blocks(source.text)):
        if (commonmark or _INDENTED_HEADING.match(found["behind"])) and not _DASHES.search(found["behind"]):
            yield Edit(found.end(), found.end(), "\n")


def lists_apart(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that put an empty line before each list that follows a line of a paragraph."""
    for paragraph in _PARAGRAPH.finditer(_outside(source)):
        begin = found.end() if (found := _HEADINGS.match(paragraph[0])) else 0
        if not _OTHER.match(paragraph[0], begin) and (item := _ITEM.search(paragraph[0], begin)):
            at = paragraph.start() + item.start()
            yield Edit(at, at, "\n")


def _outside(source: SourceFile) -> str:
    """Return a text without its code, and with letters for display formulas, whose lines may begin with + or >."""
    return _FORMULA.sub(lambda found: re.sub(r"[^\n]", "x", found[0]), without_code_blocks(source.text))


def breaks_left_out(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits for the lines of MyST that are not printed: +++ and ^^^ between parts, and comments after %."""
    text = without_code_blocks(source.text)
    for pattern in (_BREAK, _COMMENT):
        yield from (Edit(found.start(), found.end(), "") for found in pattern.finditer(text))


def comments_left_out(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that leave out the comments of Obsidian, between %% and %%."""
    for found in _HIDDEN.finditer(prose(source.text)):
        yield Edit(found.start(), found.end(), "")


def highlights(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits for ==words==, which MkDocs (PyMdown Extensions, Mark) and Obsidian highlight."""
    for found in _HIGHLIGHT.finditer(prose(source.text)):
        yield Edit(found.start(), found.start("words"), "[")
        yield Edit(found.end("words"), found.end(), "]{.mark}")


def pictures_without_captions(source: SourceFile) -> Iterator[Edit]:
    """Yield the edits that put an empty comment after each picture that is a paragraph: so it is none with a caption."""
    text = prose(source.text)
    for found in _PICTURE.finditer(text):
        before = text[text.rfind("\n", 0, max(0, found.start() - 1)) + 1 : found.start()]
        after = text[found.end() + 1 : text.find("\n", found.end() + 1) % (len(text) + 1)]
        if not before.strip(" \t>\n") and not _AFTER.sub("", after):
            yield Edit(found.end("picture"), found.end("picture"), "<!-- -->")
