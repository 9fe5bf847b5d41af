"""Signs that an author means as they are written, and that pandoc reads as markup and does not print.

`> 65 years` becomes a quotation, the stars of `CYP2C19*2 and CYP2C19*3` become italics, `~5 mg/~10 mg` a lowered number,
`10^6–10^7` a raised one. In a health text these signs carry the meaning: a threshold, an allele, an order of magnitude.
Markup that looks meant is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from pubkit.boundary.files import printable
from pubkit.findings import Finding, Severity
from pubkit.manuscript import tree
from pubkit.manuscript.places import Places
from pubkit.manuscript.rules import SRC078

__all__ = ["misread"]

_UNIT = (
    r"(?:%|‰|°|(?:years?|yrs?|months?|weeks?|days?|hours?|hrs?|h|min(?:utes?)?|kg|m?mol|[mµμn]?g|[mµμd]?l|cm|mm|m|"
    r"mm ?Hg|IU|units?|tablets?|capsules?|drops?|kcal|bpm|points?|times|doses?|drinks?)\b)"
)
_COMPARED = re.compile(rf"(?P<sure>=\s*)?(?P<number>[$£€]?\d[\d.,/–-]*)\s*(?P<unit>{_UNIT})?", re.IGNORECASE)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d$")
_QUOTED = re.compile(r"^(?P<item>[ \t]*(?:[-*+]|\(?\w{1,3}[.)])[ \t]+)?[ \t]*(?:>[ \t]*)*?(?P<sign>>)[ \t]*=?[ \t]*$")

_ALLELES = re.compile(r"\d.*\s")
_BETWEEN_WORDS = re.compile(r"[\d\s/]")
_SPANNING = re.compile(r"[^\W_]?[+−-]?[/–—−×·=<>,;:-][+−-]?[^\W_]")
_UNFINISHED = re.compile(r"\d.*[/–—−,;-]$", re.DOTALL)
_ATTACHED = frozenset(")]}’'\"”")
_SIGNS: dict[type[tree.Node], str] = {tree.Emph: "*", tree.Subscript: "~", tree.Superscript: "^"}
_SHOWN = 50


class _Marked(Struct, frozen=True):
    """Words between two signs, and the characters before and after them ("" at an end or a space)."""

    before: str
    words: str
    after: str

    @property
    def inside_a_word(self) -> bool:
        return self.before.isalnum() and self.after.isalnum()


def misread(blocks: list[tree.Block], places: Places) -> Iterator[Finding]:
    """Yield a finding for each sign in `blocks`, a chapter, that was read as markup and looks meant as it is written."""
    for quote in tree.every(tree.BlockQuote, blocks):
        yield from _threshold(quote, places)
    for siblings in tree.inline_lists(blocks):
        for index, node in enumerate(siblings):
            if node.__class__ in _SIGNS:
                yield from _sign(siblings, index, places)


def _threshold(quote: tree.BlockQuote, places: Places) -> Iterator[Finding]:
    """A quotation that begins with a number: the sign > may mean “more than”."""
    first = quote.content[0] if quote.content else None
    words = tree.plain_text(first) if isinstance(first, tree.Para | tree.Plain) else ""
    found = _COMPARED.match(words)
    if found is None or (_YEAR.match(found["number"]) and not found["sure"] and not found["unit"]):
        return
    text, start = places.source.text, places.start(quote)
    line = text.rfind("\n", 0, start) + 1
    written = _QUOTED.match(text[line:start])
    if written is None:
        return
    sure = found["sure"] or found["unit"] or written["item"]
    sign = ">=" if found["sure"] else ">"
    yield SRC078.at(
        places.source.location(line + written.start("sign"), 1),
        f"The sign {sign} makes this a quotation, and is not printed: “{printable(words, _SHOWN)}”",
        context=words[:400],
        remedy=f"Write \\{sign} if “more than” is meant; if it is a quotation, waive this finding.",
        severity=SRC078.severity if sure else Severity.WARNING,
    )


def _sign(siblings: Sequence[tree.Inline], index: int, places: Places) -> Iterator[Finding]:
    node = siblings[index]
    sign = _SIGNS[node.__class__]
    before = _edge(siblings[index - 1], -1) if index else ""
    after = _edge(siblings[index + 1], 0) if index + 1 < len(siblings) else ""
    marked = _Marked(before, tree.plain_text(getattr(node, "content", ())), after)
    if not marked.words or not _MEANT[sign](marked):
        return
    begin, end = places.extent(node)
    opened = places.source.text.rfind(sign, max(0, begin - 4), begin)
    if opened < 0:
        return
    closed = places.source.text.find(sign, end)
    written = places.source.text[opened : closed + 1 if closed >= 0 else end]
    yield SRC078.at(
        places.source.location(opened, len(written) if "\n" not in written else 0),
        f"Two signs {sign} are read as markup, and are not printed: {printable(' '.join(written.split()), _SHOWN)}",
        context=marked.words[:400],
        remedy=_REMEDIES[sign],
    )


def _edge(node: tree.Inline, end: int) -> str:
    """Return the character of `node` that touches its neighbour: its first (0) or its last (-1)."""
    if isinstance(node, tree.Space | tree.SoftBreak | tree.LineBreak):
        return ""
    return tree.plain_text(node)[end:][:1] or "x"


def _star(marked: _Marked) -> bool:
    """Stars of alleles, products and values: inside words, around what is no word."""
    if marked.inside_a_word and _BETWEEN_WORDS.search(marked.words):
        return True
    if marked.before.isdigit() and marked.after.isdigit():
        return True
    if marked.before.isalnum() and (marked.words[0] in ",;" or _ALLELES.match(marked.words)):
        return True
    return bool(marked.after.isdigit() and _UNFINISHED.match(marked.words))


def _tilde(marked: _Marked) -> bool:
    """A lowered text that no word precedes: “about”."""
    attached = marked.before.isalnum() or marked.before in _ATTACHED if marked.before else False
    if attached or not (marked.words[0].isdigit() or marked.words[0] in "$£€"):
        return False
    return marked.after.isalnum() or marked.after in {"$", "£", "€"} or bool(_UNFINISHED.match(marked.words))


def _caret(marked: _Marked) -> bool:
    """A raised text that runs over a dash or a slash into the next word."""
    goes_on = marked.after.isalnum() or marked.after in {"+", "-", "−"}
    return bool(marked.before and goes_on and _SPANNING.search(marked.words))


_MEANT = {"*": _star, "~": _tilde, "^": _caret}
_REMEDIES = {
    "*": "Write \\* for each star that is to be printed.",
    "~": "Write \\~ for each sign that means “about”.",
    "^": "End each raised part with a second sign: 10^6^–10^7^; write \\^ for a sign that is to be printed.",
}
