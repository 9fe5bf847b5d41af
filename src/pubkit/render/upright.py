r"""Upright bold letters in formulas: \mathbf{x} prints 𝐱, as TeX does.

pandoc 3.9 makes bold italics of them, in MathML and for Word. It leaves the characters of Unicode as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pubkit.boundary.xml import Element
from pubkit.manuscript.tree import Block, Math, every

__all__ = ["keep_source", "set_upright", "upright"]

_BOLD = re.compile(
    r"\\mathbf(?![A-Za-z])\s*(?:\{(?P<group>(?:[^{}\\]|\\[A-Za-z]++|\\[^A-Za-z]|\{[^{}]*\})*+)\}|(?P<one>[A-Za-z]))"
)
#: Commands that say for themselves how letters look, or are no formula.
_OTHER = re.compile(
    r"\\(?:math\w+|text\w*|operatorname|boldsymbol|bm|[hm]box|begin|end|left|right|sym\w+|rm|pmb)(?![A-Za-z])"
)
_SIGN = re.compile(r"\\(?P<name>[A-Za-z]+)|\\.|(?P<letter>[A-Za-z])|(?P<digits>\d+)")
_CAPITALS = {
    "Gamma": "𝚪", "Delta": "𝚫", "Theta": "𝚯", "Lambda": "𝚲", "Xi": "𝚵", "Pi": "𝚷", "Sigma": "𝚺", "Upsilon": "𝚼",
    "Phi": "𝚽", "Psi": "𝚿", "Omega": "𝛀",
}  # fmt: skip
_SMALL_NAMES = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega"""
_SMALL = frozenset(_SMALL_NAMES.split())


def upright(tex: str) -> str:
    r"""Return `tex` with the characters of upright bold in the place of \mathbf and its letters."""
    return _BOLD.sub(_group, tex) if r"\mathbf" in tex else tex


def set_upright(blocks: list[Block]) -> None:
    """Write the bold letters of all formulas in `blocks` as characters."""
    for formula in every(Math, blocks):
        formula.text = upright(formula.text)


def keep_source(roots: Iterable[Element], blocks: list[Block]) -> None:
    """Give each formula below `roots` the source that it has in `blocks`, from which drawings are made."""
    sources = {upright(formula.text): formula.text for formula in every(Math, blocks)}
    for root in roots:
        for annotation in root.iter("annotation"):
            annotation.text = sources.get(annotation.text or "", annotation.text)


def _group(found: re.Match[str]) -> str:
    inside = found["one"] or found["group"] or ""
    if _OTHER.search(inside):
        return found[0]
    changed = _SIGN.sub(_sign, inside)
    return found[0] if changed == inside else f"{{{changed}}}"


def _sign(found: re.Match[str]) -> str:
    if letter := found["letter"]:
        return chr(0x1D400 + ord(letter) - ord("A") if letter < "a" else 0x1D41A + ord(letter) - ord("a"))
    if digits := found["digits"]:
        return rf"\mathbf{{{digits}}}"
    if found["name"] in _SMALL:
        return rf"\mathbf{{{found[0]}}}"
    return _CAPITALS.get(found["name"] or "", found[0])
