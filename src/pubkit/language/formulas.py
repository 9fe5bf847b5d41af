r"""Write the small formulas of titles as text: `$\mu$g` as μg, `$\mathrm{EC}_{50}$` as EC with a lowered 50.

CSL-JSON has no formulas, so pandoc passes the TeX of a title through and citeproc prints it. What cannot be written as text
stays as it is, and a rule reports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from msgspec import Struct

from pubkit.expressions import expression
from pubkit.language.latex import LATEX_LETTERS, LATEX_MARKS

__all__ = ["CSL", "TEX", "Markup", "as_text"]


class Markup(Struct, frozen=True):
    """How raised, lowered and italic text begins and ends, and what is put before &, #, _ and $."""

    raised: tuple[str, str]
    lowered: tuple[str, str]
    italic: tuple[str, str]
    escape: str = ""


CSL = Markup(("<sup>", "</sup>"), ("<sub>", "</sub>"), ("<i>", "</i>"))
TEX = Markup(("\\textsuperscript{", "}"), ("\\textsubscript{", "}"), ("\\textit{", "}"), "\\")

_FORMULA = expression(
    r"(?<![\\$])\$(?=[^\s$])(?P<dollars>(?:[^$\\]|\\.){0,400}?)(?<=\S)\$(?!\$)(?P<amount>\d)?"
    r"|\\\((?P<parenthesis>.{1,400}?)\\\)"
    r"|\\ensuremath\s*\{(?P<ensured>(?:[^{}]|\{[^{}]*\}){1,400})\}",
    re.DOTALL,
)
_PIECE = expression(r"\\[A-Za-z]+\s*|\\.|\s+|[A-Za-z]+|.", re.DOTALL)
_TEX_SIGN = expression(r"[\\^_]")
_MOST_NESTED = 8

_SYMBOLS_WORDS = """
    mp ∓ leqslant ⩽ geqslant ⩾ lesssim ≲ gtrsim ≳ le ≤ ge ≥ ne ≠ neq ≠ sim ∼ simeq ≃ approx ≈ cong ≅ equiv ≡
    propto ∝ infty ∞ cdot · to → rightarrow → leftarrow ← leftrightarrow ↔ Rightarrow ⇒ uparrow ↑ downarrow ↓ circ °
    degree ° celsius °C prime ′ ast ∗ star ⋆ bullet • dagger † ddagger ‡ partial ∂ nabla ∇ sum ∑ prod ∏ int ∫ in ∈
    notin ∉ subset ⊂ cup ∪ cap ∩ forall ∀ exists ∃ emptyset ∅ ell ℓ hbar ℏ angle ∠ perp ⊥ parallel ∥ mid ∣ cdots ⋯
    vert | langle ⟨ rangle ⟩ ll ≪ gg ≫ div ÷ oplus ⊕ otimes ⊗ mu μ textmu μ Pi Π Xi Ξ Upsilon Υ lbrace { rbrace }
    log log ln ln exp exp min min max max sin sin cos cos lt < gt > percent %"""
_SYMBOLS: Mapping[str, str] = {
    **LATEX_LETTERS,
    **dict(zip(_SYMBOLS_WORDS.split()[::2], _SYMBOLS_WORDS.split()[1::2], strict=True)),
}
_UPRIGHT_WORDS = """
    mathrm text textrm mathsf textsf mathtt mbox hbox operatorname mathnormal textnormal rm mathbf textbf boldsymbol bm"""
_UPRIGHT = frozenset(_UPRIGHT_WORDS.split())
_SLANTED = frozenset({"mathit", "textit", "emph", "it"})
_NOTHING = frozenset(
    {"left", "right", "big", "Big", "bigg", "displaystyle", "textstyle", "limits", "nolimits", "relax"}
)
_SPACES = {"\\,": " ", "\\;": " ", "\\:": " ", "\\ ": " ", "\\!": "", "~": " ", "\\quad": " ", "\\qquad": " "}
_ACCENTS = {
    "bar": LATEX_MARKS["="],
    "overline": LATEX_MARKS["="],
    "hat": LATEX_MARKS["^"],
    "tilde": LATEX_MARKS["~"],
    "dot": LATEX_MARKS["."],
    "ddot": LATEX_MARKS['"'],
    "vec": "\u20d7",
}
_SIGNS = {"-": "−", "*": "∗", "'": "′"}


class _Unknown(ValueError):
    """A part of a formula that has no form as text."""


def as_text(text: str, markup: Markup) -> str:
    r"""Return `text` with its formulas written as text.

    >>> as_text(r"Effect of 5 $\mu$g at 8$^\circ$S ($p$ < 0.05)", CSL)
    'Effect of 5 μg at 8°S (<i>p</i> < 0.05)'
    """
    if "\\c" in text:
        text = _CHEMISTRY.sub(lambda found: _chemical(found, markup), text)
    if "$" not in text and "\\(" not in text and "\\ensuremath" not in text:
        return text
    return _FORMULA.sub(lambda found: _written(found, markup), text)


_CHEMISTRY = expression(r"\\(?:ce|cf)\s*\{((?:[^{}\\]|\{[^{}\\]*\}){1,200})\}")
#: The parts of mhchem's formulas that are not printed as they are written: charges, numbers of atoms, arrows, bonds.
_CHEMICAL = expression(
    r"\^(?:\{(?P<raised>[^{}]*)\}|(?P<charge>\d*[+-]|\d+))|_(?:\{(?P<lowered>[^{}]*)\}|(?P<low>\w))"
    r"|(?P<arrow><?=>|<?->)|(?<=[A-Za-z)\]}])(?P<atoms>\d+)|(?<=[\w)\]])(?P<sign>[+-])(?=\s|\Z)|\s?[*.]\s?(?=\d?[A-Z])"
)
_ARROWS = {"->": "→", "<->": "↔", "=>": "⇒", "<=>": "⇌"}


def _chemical(formula: re.Match[str], markup: Markup) -> str:
    def written(found: re.Match[str]) -> str:
        raised, lowered = found["raised"] or found["charge"] or found["sign"], found["lowered"] or found["low"]
        if raised:
            return _between(raised.replace("-", "−"), markup.raised)
        if lowered or found["atoms"]:
            return _between(lowered or found["atoms"], markup.lowered)
        return _ARROWS[found["arrow"]] if found["arrow"] else "·"

    done = _CHEMICAL.sub(written, formula[1])
    return f"{{{done}}}" if markup.escape else done  # braces keep the capitals of a title in TeX


def _written(found: re.Match[str], markup: Markup) -> str:
    formula = found["dollars"] or found["parenthesis"] or found["ensured"]
    if found["amount"] and not _TEX_SIGN.search(formula):  # "$5 and $10"
        return found[0]
    try:
        return " ".join(_Reader(formula, markup).whole().split()) + (found["amount"] or "")
    except _Unknown:
        return found[0]


class _Reader:
    """Reads the pieces of one formula from left to right."""

    def __init__(self, formula: str, markup: Markup) -> None:
        self._pieces = [found[0] for found in _PIECE.finditer(formula)]
        self._at = 0
        self._markup = markup

    def whole(self) -> str:
        """Return the formula as text; raises _Unknown."""
        return "".join(self._until("", slanted=True, depth=0))

    def _until(self, end: str, *, slanted: bool, depth: int) -> Iterator[str]:
        if depth > _MOST_NESTED:
            raise _Unknown
        while self._at < len(self._pieces):
            piece = self._next()
            if piece == end:
                return
            yield self._part(piece, slanted=slanted, depth=depth)
        if end:
            raise _Unknown

    def _next(self) -> str:
        if self._at == len(self._pieces):
            raise _Unknown
        self._at += 1
        return self._pieces[self._at - 1]

    def _argument(self, *, slanted: bool, depth: int) -> str:
        piece = self._next()
        while piece.isspace():
            piece = self._next()
        if piece.isalnum() and piece.isascii() and len(piece) > 1:  # x^ab raises the a alone
            self._at -= 1
            self._pieces[self._at] = piece[1:]
            piece = piece[0]
        return self._part(piece, slanted=slanted, depth=depth + 1)

    def _part(self, piece: str, *, slanted: bool, depth: int) -> str:
        if piece == "{":
            return "".join(self._until("}", slanted=slanted, depth=depth + 1))
        if piece in "^_":
            return self._script(piece, slanted=slanted, depth=depth)
        space = _SPACES.get(piece, _SPACES.get(piece.strip()))
        if space is not None:
            return space
        if piece.startswith("\\"):
            return self._command(piece, slanted=slanted, depth=depth)
        if piece.isspace():
            return " "
        if piece in "}&#$":
            raise _Unknown
        if piece.isalpha() and piece.isascii():
            return _between(piece, self._markup.italic) if slanted else piece
        return _SIGNS.get(piece, piece)

    def _script(self, piece: str, *, slanted: bool, depth: int) -> str:
        words = self._argument(slanted=slanted, depth=depth)
        if piece == "^" and words in {"°", "′", "∗", "†", "‡", "®", "™"}:
            return words
        return _between(words, self._markup.raised if piece == "^" else self._markup.lowered)

    def _command(self, piece: str, *, slanted: bool, depth: int) -> str:
        name = piece[1:].strip()
        if not name.isalpha():
            return self._escaped(name)
        if name in _NOTHING:
            return ""
        if name in _UPRIGHT:
            return self._argument(slanted=False, depth=depth)
        if name in _SLANTED:
            return self._argument(slanted=True, depth=depth)
        if name in _ACCENTS:
            return _accented(self._argument(slanted=False, depth=depth), _ACCENTS[name])
        if name in {"frac", "tfrac", "dfrac"}:
            above = self._argument(slanted=slanted, depth=depth)
            return f"{above}/{self._argument(slanted=slanted, depth=depth)}"
        if name == "sqrt":
            return f"√{self._argument(slanted=slanted, depth=depth)}"
        if name in _SYMBOLS:
            return _SYMBOLS[name]
        raise _Unknown

    def _escaped(self, sign: str) -> str:
        if sign in {"&", "#", "_", "$"}:
            return f"{self._markup.escape}{sign}"
        if sign == "%":
            return sign
        raise _Unknown


def _between(words: str, marks: tuple[str, str]) -> str:
    return f"{marks[0]}{words}{marks[1]}" if words.strip() else words


def _accented(words: str, mark: str) -> str:
    if len(words) != 1:
        raise _Unknown
    return words + mark
