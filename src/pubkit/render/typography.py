"""Spaces and quotation marks as a language sets them, where a keyboard has only its own.

French: no line ends before : ; ? ! and within « », and a narrow space is there even if none was typed (Lexique des règles
typographiques en usage à l'Imprimerie nationale). Chinese and Japanese: quotation marks that pandoc could not tell apart,
because no space comes before the first of a pair.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy

from msgspec import structs

from pubkit.expressions import expression
from pubkit.manuscript.front import FrontMatter
from pubkit.manuscript.tree import Div, Inline, SoftBreak, Space, Str, Tree, copied, every, inline_lists
from pubkit.project.metadata import Publication

__all__ = ["set_front", "set_text", "set_tree"]

_NARROW, _WIDE = "\u202f", "\u00a0"
#: A sign at the end of a word, with the closing marks after it. Digits and slashes around a colon make it a time or address.
_SIGN = expression(r"(?<=[\w)\]»”’%])([;?!]+|:)(?=[)\]»”’]*$)")
_ALONE = expression(r"[:;?!»][:;?!»).,…]*")
_GUILLEMET = expression(r"«[ \u00a0\u202f]?|(?<=[^\s\u00a0\u202f])[ \u00a0\u202f]?»")
_ADDRESS = expression(r"://|^www\.|@")


def set_tree(tree: Tree, lang: str) -> Tree:
    """Return `tree` with the spaces and quotation marks of the language `lang`; the same tree if it needs none.

    The reference list stays as citeproc has written it.
    """
    change = _setter(lang)
    if change is None:
        return tree
    copy = copied(tree)
    listed = [
        siblings for div in every(Div, copy.blocks) if div.attr.identifier == "refs" for siblings in inline_lists(div)
    ]
    references = {id(siblings) for siblings in listed}
    for siblings in inline_lists(copy.blocks):
        if id(siblings) not in references:
            change(siblings)
    return copy


def set_front(front: FrontMatter | None, lang: str) -> FrontMatter | None:
    """Return the title, subtitle and abstract as they are printed, set as `set_tree` sets a text."""
    change = _setter(lang)
    if front is None or change is None:
        return front
    copy = deepcopy(front)
    for siblings in (copy.title, copy.subtitle, *inline_lists(copy.abstract)):
        change(siblings)
    return copy


def set_text(publication: Publication, lang: str) -> Publication:
    """Return `publication` with its title, subtitle and summary set as `set_tree` sets a text."""
    if _setter(lang) is not _french:
        return publication
    return structs.replace(
        publication,
        title=_french_line(publication.title),
        subtitle=publication.subtitle and _french_line(publication.subtitle),
        abstract=publication.abstract and _french_line(publication.abstract),
    )


def _setter(lang: str) -> Callable[[list[Inline]], None] | None:
    language, *parts = lang.split("-")
    if language == "fr" and "CA" not in parts:
        return _french
    return _east_asian if language in {"zh", "ja"} else None


def _french(siblings: list[Inline]) -> None:
    """Set the spaces of French in a line of text, in place."""
    for index, node in enumerate(siblings):
        if isinstance(node, Str):
            node.text = _french_word(node.text)
            before = siblings[index - 1] if index else None
            after = siblings[index + 1] if index + 1 < len(siblings) else None
            if isinstance(before, Space | SoftBreak) and _ALONE.fullmatch(node.text):
                siblings[index - 1] = Str(_WIDE if node.text[0] in ":»" else _NARROW)
            if node.text.endswith("«") and isinstance(after, Space | SoftBreak):
                siblings[index + 1] = Str(_WIDE)


def _french_word(word: str) -> str:
    if _ADDRESS.search(word):
        return word
    word = _SIGN.sub(lambda found: f"{_WIDE if found[1] == ':' else _NARROW}{found[1]}", word)
    if word == "«":
        return word
    return _GUILLEMET.sub(lambda found: f"«{_WIDE}" if found[0].startswith("«") else f"{_WIDE}»", word)


def _french_line(text: str) -> str:
    """Return a line or a few paragraphs, with the spaces of French."""
    text = re.sub(r"(?<=\S) ([;?!])", rf"{_NARROW}\1", text)
    text = re.sub(r"(?<=\S) (:|»)", rf"{_WIDE}\1", text)
    text = re.sub(r"« (?=\S)", f"«{_WIDE}", text)
    return re.sub(r"\S+", lambda found: _french_word(found[0]) if _WIDE not in found[0] else found[0], text)


def _east_asian(siblings: list[Inline]) -> None:
    """Turn every other closing quotation mark of a line into an opening one, in place, if it has no opening ones."""
    strings = [node for node in siblings if isinstance(node, Str)]
    text = "".join(node.text for node in strings)
    if "“" in text or text.count("”") % 2:
        return
    opens = True
    for node in strings:
        for _ in range(node.text.count("”") if opens or "”" in node.text else 0):
            node.text = node.text.replace("”", "“" if opens else _DONE, 1)
            opens = not opens
        node.text = node.text.replace(_DONE, "”")


#: Stands for a closing mark that stays; no text has it.
_DONE = "\ue000"
