"""Pairs of signs around words that are read as markup: stars, tildes, carets, dollars."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.expressions import expression
from pubkit.findings import Finding, Fix
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["emphasised", "priced"]

_ALLELES = expression(r"\d.*\s")
_BETWEEN_WORDS = expression(r"[\d\s/]")
_SPANNING = expression(r"[^\W_]?[+−-]?[/–—−×·=<>,;:+-][+−-]?[^\W_]")
_UNFINISHED = expression(r"\d.*[/–—−,;-]$", re.DOTALL)
#: Numbers of alleles up to the star of the next one: “2 or ”; and the legend of a table up to its next star.
_NUMBERS = expression(r"\d[\w:.]*(?:[\s,/]+(?:\d[\w:.]*|or|and|to|vs\.?|oder|und|et|ou|y|o|e))*[\s,/]*")
_LEGEND = expression(r"[pP]\s?[<=≤>].*\d[\s.,;]*", re.DOTALL)
_FILE_ENDING = expression(r"\.[a-z]\w*\b.*", re.DOTALL)
#: A bracket that is not closed, as between the stars of "c.*12G>A, p.(Arg4*)".
_OPEN = expression(r"\([^()]*\Z")
_ATTACHED = frozenset(")]}’'\"”")
_CURRENCIES = frozenset("$£€")
_SIGNS: dict[type[tree.Node], str] = {
    tree.Emph: "*",
    tree.Strong: "**",
    tree.Subscript: "~",
    tree.Superscript: "^",
    tree.Strikeout: "~~",
}
_SHOWN = 50
#: The closing sign follows the last word of what is marked after at most so many other characters.
_SHORT_GAP = 3
#: A power of a number, up to where its second sign is missing.
_POWER = expression(r"\^[+−-]?\d{1,3}(?![\w^.])")
#: The most characters between two dollars that are taken for an amount.
_LONGEST = 200

#: A formula that is an amount and words: it has no sign that TeX knows, and a word of prose before a second amount.
_AMOUNT = expression(r"\d[^\\^_={}<>]*\b[A-Za-z]{2,}\b(?:[^\\^_={}<>]*\d|(?:\s+[A-Za-z]{2,}\b){2,}[^\\^_={}<>]*)")


class _Marked(Struct, frozen=True):
    """Words between two signs, and the characters before and after them ("" at an end or a space)."""

    before: str
    words: str
    after: str
    ends_in_space: bool

    @property
    def inside_a_word(self) -> bool:
        return self.before.isalnum() and self.after.isalnum()


def emphasised(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each pair of signs in `blocks` that looks meant as it is written."""
    for siblings in tree.inline_lists(blocks):
        for index, node in enumerate(siblings):
            if node.__class__ in _SIGNS:
                yield from _sign(siblings, index, places)


def _sign(siblings: Sequence[tree.Inline], index: int, places: Places) -> Iterator[Finding]:
    node = siblings[index]
    sign = _SIGNS[node.__class__]
    content: list[tree.Inline] = getattr(node, "content", [])
    if not content:
        yield from _empty(node, sign, places)
        return
    before = _edge(siblings[index - 1], -1) if index else ""
    after = _edge(siblings[index + 1], 0) if index + 1 < len(siblings) else ""
    marked = _Marked(before, tree.plain_text(content), after, isinstance(content[-1], tree.Space | tree.SoftBreak))
    if not marked.words or not _MEANT[sign](marked):
        return
    begin, end = places.extent(node)
    opened = places.source.text.rfind(sign, max(0, begin - 4), begin)
    if opened < 0:
        return
    closed = places.source.text.find(sign, end)
    stop = closed + len(sign) if closed >= 0 else end
    fix = _literal(sign, opened, closed, places) if closed >= 0 and closed - end <= _SHORT_GAP else None
    yield _misread(sign, opened, stop, marked.words, places, fix)


def _literal(sign: str, opened: int, closed: int, places: Places) -> Fix | None:
    """Return the fix that lets the signs at two places be printed; a raised number is closed instead."""
    text = places.source.text
    if sign != "^":
        escaped = "".join(f"\\{one}" for one in sign)
        ends = ((opened, opened + len(sign), escaped), (closed, closed + len(sign), escaped))
        return places.source.fix(f"Print the signs {sign} as they are", *ends)
    first, second = _POWER.match(text, opened), _POWER.match(text, closed)
    if not first or not second:
        return None
    ends = ((first.end(), first.end(), "^"), (second.end(), second.end(), "^"))
    return places.source.fix("Close each raised number with a second ^", *ends)


def _misread(sign: str, start: int, end: int, context: str, places: Places, fix: Fix | None = None) -> Finding:
    written = places.source.text[start:end]
    return SRC078.at(
        places.source.location(start, len(written) if "\n" not in written else 0),
        f"Two signs {sign} are read as markup, and are not printed: {printable(' '.join(written.split()), _SHOWN)}",
        context=context[:400],
        remedy=_REMEDIES[sign],
        fix=fix,
    )


def _empty(node: tree.Node, sign: str, places: Places) -> Iterator[Finding]:
    """Signs that enclose nothing, such as those of `~~5 mg to ~~10 mg`."""
    twice = "~~" if sign == "~" else sign + sign
    start = places.find(node, twice)
    if start is not None:
        each = ((at, at + 1, f"\\{twice[0]}") for at in range(start, start + len(twice)))
        fix = places.source.fix(f"Print the signs {twice} as they are", *each)
        yield _misread(sign, start, start + len(twice), twice, places, fix)


def _edge(node: tree.Inline, end: int) -> str:
    """Return the character of `node` that touches its neighbour: its first (0) or its last (-1)."""
    if isinstance(node, tree.Space | tree.SoftBreak | tree.LineBreak):
        return ""
    return tree.plain_text(node)[end:][:1] or "x"


def _star(marked: _Marked) -> bool:
    """Stars of alleles, products, legends and file names: inside words, around what is no word, or open at their end."""
    if marked.inside_a_word and _BETWEEN_WORDS.search(marked.words):
        return True
    if (marked.before.isdigit() or (marked.ends_in_space and marked.words[0].isdigit())) and marked.after.isdigit():
        return True
    if marked.after == ")" and _OPEN.search(marked.words) and any(char.isdigit() for char in marked.words):
        return True
    if marked.before.isalnum() and (marked.words[0] in ",;" or _ALLELES.match(marked.words)):
        return True
    if marked.ends_in_space and any(kind.fullmatch(marked.words) for kind in (_NUMBERS, _LEGEND, _FILE_ENDING)):
        return True
    return bool(marked.after.isdigit() and _UNFINISHED.match(marked.words))


def _stars(marked: _Marked) -> bool:
    """Two stars of a legend or a value, such as `0.01** and 0.02**`."""
    if marked.ends_in_space and any(kind.fullmatch(marked.words) for kind in (_NUMBERS, _LEGEND)):
        return True
    return marked.before.isdigit() and (marked.after.isdigit() or marked.words[0] in ",;")


def _tilde(marked: _Marked) -> bool:
    """A lowered text that no word precedes: “about”."""
    attached = marked.before.isalnum() or marked.before in _ATTACHED if marked.before else False
    if attached or not (marked.words[0].isdigit() or marked.words[0] in _CURRENCIES):
        return False
    return marked.after.isalnum() or marked.after in _CURRENCIES or bool(_UNFINISHED.match(marked.words))


def _tildes(marked: _Marked) -> bool:
    """A struck-out text that begins with a number and runs into the next: “about”, doubled by a program."""
    return marked.words[0].isdigit() and (marked.after.isdigit() or marked.ends_in_space)


def _caret(marked: _Marked) -> bool:
    """A raised text that runs over a dash or a slash into the next word."""
    goes_on = marked.after.isalnum() or marked.after in {"+", "-", "−"}
    return bool(marked.before and goes_on and _SPANNING.search(marked.words))


_MEANT = {"*": _star, "**": _stars, "~": _tilde, "~~": _tildes, "^": _caret}
_ABOUT = "Write \\~ for each sign that means “about”."
_STARS = "Write \\* for each star that is to be printed."
_REMEDIES = {
    "*": _STARS,
    "**": _STARS,
    "~": _ABOUT,
    "~~": _ABOUT,
    "^": "End each raised part with a second sign: 10^6^–10^7^; write \\^ for a sign that is to be printed.",
    "$": "Write \\$ for each dollar that is to be printed.",
}


def priced(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each formula in `blocks` that is an amount of dollars and the words after it."""
    for formula in tree.every(tree.Math, blocks):
        text = formula.text
        if formula.kind.t != "InlineMath" or len(text) > _LONGEST or not text[:1].isdigit():
            continue
        start = places.find(formula, f"${formula.text}$")
        in_reais = start and places.source.text[start - 1].isupper()  # R$50 and 60$
        if start is not None and (in_reais or _AMOUNT.fullmatch(text)):
            stop = start + len(formula.text) + 2
            fix = _literal("$", start, stop - 1, places)
            yield _misread("$", start, stop, formula.text, places, fix)
