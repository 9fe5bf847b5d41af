r"""Chemical formulas (`\ce{H2O}`, mhchem) in the TeX of amsmath, which every writer of formulas reads."""

from __future__ import annotations

import re

from pubkit.expressions import expression

__all__ = ["spelled_out"]

_COMMAND = expression(r"\\(?:ce|cf)\s*\{")
_BRACE = expression(r"\\.|[{}]", re.DOTALL)
_ARROWS = {
    "->": r"\xrightarrow",
    "-->": r"\xrightarrow",
    "<-": r"\xleftarrow",
    "<--": r"\xleftarrow",
    "<->": r"\leftrightarrow",
    "<-->": r"\leftrightarrow",
    "<=>": r"\rightleftharpoons",
    "<=>>": r"\rightleftharpoons",
    "<<=>": r"\rightleftharpoons",
}
#: What escapes from a reaction, or falls out of it.
_ESCAPES = {"v": r"\downarrow", "^": r"\uparrow"}
_BONDS = {"-": "{-}", "=": "{=}", "#": r"{\equiv}", "1": "{-}", "2": "{=}", "3": r"{\equiv}"}
_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_ARROW = expression(
    rf"({'|'.join(sorted(map(re.escape, _ARROWS), key=len, reverse=True))})(?:\[([^\[\]]*)\])?(?:\[([^\[\]]*)\])?"
)
_NUMBER = expression(r"\d+(?:[.,]\d+)?(?:/\d+)?|\([a-z](?:[+-]\d)?\)(?=[A-Z])")
_PARTS = expression(
    rf"""
      \^\{{(?P<raised>[^{{}}]*)\}} | \^(?P<charge>\d*[+-]+|\d+|[*.]) | \^(?P<one>[A-Za-z])
    | _\{{(?P<lowered>[^{{}}]*)\}} | _(?P<low>\d+|[A-Za-z])
    | \\bond\{{(?P<bond>[-=\#123])\}}
    | \$(?P<math>[^$]*)\$
    | (?P<command>\\[A-Za-z]+(?:{_BRACED})?)
    | {_BRACED.replace("((", "(?P<group>(")}
    | (?P<letters>[A-Za-z]+) | (?P<digits>\d+) | (?P<sign>[+-](?=[)\]]|\Z|\((?:aq|[slg])\))) | (?P<link>[-=\#])
    | (?P<dot>[*.](?:\d+(?:\.\d+)?)?) | (?P<mark>[()\[\],;:'|/+])
    """,
    re.VERBOSE,
)


def spelled_out(tex: str) -> str:
    r"""Return `tex` with each `\ce{...}` in amsmath's commands; one that is not understood stays as it is."""
    for found in reversed(list(_COMMAND.finditer(tex))):
        end = _end_of_group(tex, found.end())
        if end is None:
            continue
        formula = _formula(tex[found.end() : end])
        if formula is not None:
            tex = f"{tex[: found.start()]}{{{formula}}}{tex[end + 1 :]}"
    return tex


def _end_of_group(tex: str, start: int) -> int | None:
    """Return where the group ends whose first sign is at `start`."""
    depth = 1
    for found in _BRACE.finditer(tex, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if not depth:
            return found.start()
    return None


def _formula(written: str) -> str | None:
    """Return a formula, or both sides of a reaction; None if a part is not understood."""
    found = []
    end = 0
    for arrow in _ARROW.finditer(written):
        found += [_side(written[end : arrow.start()]), _arrow(arrow)]
        end = arrow.end()
    found.append(_side(written[end:]))
    return " ".join(part for part in found if part) if None not in found else None


def _arrow(arrow: re.Match[str]) -> str | None:
    above, below = (None if words is None else _side(words) for words in (arrow[2], arrow[3]))
    command = _ARROWS[arrow[1]]
    if (arrow[2] and above is None) or (arrow[3] and below is None):
        return None
    if command.startswith(r"\x"):
        under = f"[{below}]" if below else ""
        return f"{command}{under}{{{above or chr(92) + 'quad'}}}"
    if above or below:
        command = rf"\overset{{{above or ''}}}{{{command}}}" if above else command
        command = rf"\underset{{{below}}}{{{command}}}" if below else command
    return command


def _side(written: str) -> str | None:
    """Return what stands on one side of an arrow: species, with signs between them."""
    found: list[str | None] = []
    for species in written.split():
        shown = species if species in {"+", "-", "="} else _ESCAPES.get(species) or _species(species)
        if shown is None:
            return None
        found.append(shown)
    return re.sub(r"(?<![+=-]) (?![+=-])", r"\\ ", " ".join(part for part in found if part))


def _species(written: str) -> str | None:
    """Return one species: a number of molecules, atoms with numbers, charge, bonds."""
    number = _NUMBER.match(written)
    end = number.end() if number else 0
    if number and end == len(written):
        return written
    shown = [rf"{number[0]}\," if number else ""]
    while part := _PARTS.match(written, end):
        kind = part.lastgroup or ""
        shown.append(_shown(kind, part[kind], after=shown[-1]))
        end = part.end()
    return "".join(shown) if end == len(written) else None


def _shown(kind: str, text: str, after: str) -> str:
    """Return one part of a species; digits are an index behind an atom, and a number elsewhere."""
    match kind:
        case "raised" | "charge" | "one":
            return f"{'' if after.strip() else '{}'}^{{{_signs(text)}}}"
        case "sign":
            return f"^{{{text}}}"
        case "lowered" | "low":
            return f"{'' if after.strip() else '{}'}_{{{text}}}"
        case "letters":
            return rf"\mathrm{{{text}}}"
        case "digits":
            atom = after.endswith(("}", ")", "]")) and not after.startswith(("{", "_"))
            return f"_{{{text}}}" if atom else text
        case "bond" | "link":
            return _BONDS[text]
        case "dot":
            return rf"\cdot{{}}{text[1:]}{chr(92) + ',' if text[1:] else ''}"
        case "group":
            return rf"\text{{{text}}}"
    return text


def _signs(text: str) -> str:
    """Return a charge or an oxidation number: letters upright, a dot for a radical."""
    text = re.sub(r"[A-Za-z]+", lambda found: rf"\mathrm{{{found[0]}}}", text)
    return text.replace(".", r"\bullet ").replace("*", r"\ast ")
