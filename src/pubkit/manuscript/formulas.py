"""Formulas: which can be typeset, and how they are drawn for print. The notation is TeX, as in pandoc's Markdown.

Pandoc turns TeX into MathML for browsers, readers and word processors; mathra draws it for paper, with STIX Two Math, and
puts it into words. What either of them cannot read, it prints as source or leaves out, at best with a warning.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable

from msgspec import Struct

from pubkit.boundary import pandoc
from pubkit.expressions import expression
from pubkit.manuscript import chemistry, quantities
from pubkit.manuscript.tree import Math, MathType, Para, Tree, encode

__all__ = ["Drawing", "Unprintable", "draw", "fault", "modern", "too_deep", "unread"]

_SIZE = expression(r'width="([\d.]+)em" height="([\d.]+)em" style="vertical-align: (-?[\d.]+)em"')
_BRACE = expression(r"\\.|[{}]", re.DOTALL)
#: Levels of braces; each level in an exponent or index doubles the time that pandoc takes.
_DEEPEST = 12
#: Each switch costs one pass over the formula.
_MOST_SWITCHES = 50
_COMMENT = expression(r"(?<!\\)((?:\\\\)*)%[^\n]*\n?[ \t]*")
_SWITCH = expression(r"\\(rm|bf|it|tt|sf|cal)(?![A-Za-z]) *")
_LINE_END = expression(r"\\cr(?![A-Za-z])")
_SIZE_SWITCH = expression(r"\\(scriptsize|tiny)(?![A-Za-z])")
#: Plain TeX's fractions, whose parts stand before and after the command.
_BETWEEN = expression(r"\\(over|choose)(?![A-Za-z]) *")
_DELIMITER = expression(r" *(?:\\[A-Za-z]+|\\.|[^\\])")
_FRACTIONS = {"over": "frac", "choose": "binom"}
_SIZES = {"scriptsize": r"\scriptstyle", "tiny": r"\scriptscriptstyle"}
#: Where the effect of a switch ends: with its group, or with its cell or line.
_REACH = expression(r"\\[A-Za-z]+|\\\\|\\.|[{}&]", re.DOTALL)
_NOT_DRAWN = expression(r"<metadata>.*?</metadata>|<text\b.*?</text>", re.DOTALL)


class Drawing(Struct, frozen=True):
    """A formula as SVG, its size and its depth below the baseline (both in em), and what a screen reader says."""

    svg: str
    width: float
    height: float
    depth: float
    speech: str


class Unprintable(ValueError):
    """A formula that cannot be drawn; the message says why."""


@functools.cache
def _languages() -> frozenset[str]:
    import mathra

    return frozenset(language["code"] for language in mathra.locales())


def modern(tex: str) -> str:
    """Return `tex` on one line, without comments, and with LaTeX's commands in the place of plain TeX's switches.

    A line break is a space to TeX. Pandoc and mathra do not know some switches, and take a break before a letter for a
    command: `{\\rm a}` is written `{\\mathrm{a}}`, and `\\scriptsize` is `\\scriptstyle`. Chemistry and quantities
    are spelled out.
    """
    tex = quantities.spelled_out(chemistry.spelled_out(" ".join(_COMMENT.sub(r"\1", tex).split())))
    tex = _LINE_END.sub(r"\\\\", tex)
    tex = _SIZE_SWITCH.sub(lambda found: _SIZES[found[1]], tex)
    tex = _with_fractions(tex)
    switches = list(_SWITCH.finditer(tex))
    if len(switches) > _MOST_SWITCHES:
        return tex
    for found in reversed(switches):
        end = _end_of_reach(tex, found.end())
        tex = f"{tex[: found.start()]}\\math{found[1]}{{{tex[found.end() : end].rstrip()}}}{tex[end:]}"
    return tex


def _with_fractions(tex: str) -> str:
    """Return `tex` with \\frac and \\binom in the place of \\over and \\choose, which stand between their parts."""
    for _ in range(_MOST_SWITCHES):
        found = _BETWEEN.search(tex)
        if not found:
            break
        start, end = _start_of_reach(tex, found.start()), _end_of_reach(tex, found.end())
        above, below = tex[start : found.start()].strip(), tex[found.end() : end].strip()
        tex = f"{tex[:start]}\\{_FRACTIONS[found[1]]}{{{above}}}{{{below}}}{tex[end:]}"
    return tex


def _start_of_reach(tex: str, end: int) -> int:
    """Return where the group, cell or line begins that contains the command at `end`."""
    starts = [0]
    for found in _REACH.finditer(tex, 0, end):
        if found[0] == "{":
            starts.append(found.end())
        elif found[0] == r"\left" and (delimiter := _DELIMITER.match(tex, found.end())):
            starts.append(delimiter.end())
        elif found[0] in {"}", r"\right"} and len(starts) > 1:
            starts.pop()
        elif found[0] in {"&", "\\\\"}:
            starts[-1] = found.end()
    return starts[-1]


def _end_of_reach(tex: str, start: int) -> int:
    """Return where the group, cell or line ends that contains the switch at `start`."""
    depth = 0
    for found in _REACH.finditer(tex, start):
        depth += (found[0] == "{") - (found[0] == "}")
        if depth < 0 or (not depth and found[0] in {"&", "\\\\", r"\right", r"\end"}):
            return found.start()
    return len(tex)


def draw(tex: str, language: str, *, display: bool) -> Drawing:
    """Return the formula `tex`, spoken in `language` where mathra speaks it, else in English.

    Raises:
        Unprintable: the formula holds a command that mathra does not know, or does not end.
    """
    import mathra

    spoken = next((code for code in (language, language.split("-")[0]) if code in _languages()), "en")
    try:
        result = mathra.render(tex, spoken, display=display)
    except ValueError as error:
        raise Unprintable(str(error)) from error
    if result["warnings"]:
        # Each says what is wrong and, after a semicolon, what mathra has drawn instead.
        raise Unprintable(", ".join(rule["description"].partition(";")[0] for rule in result["warnings"]))
    size = _SIZE.search(result["svg"])
    if not size:
        raise Unprintable("it has no size")
    width, height, depth = (float(value) for value in size.groups())
    return Drawing(_NOT_DRAWN.sub("", result["svg"]), width, height, -depth, result["speech"])


def fault(tex: str, *, display: bool) -> str:
    """Return why the formula `tex` cannot be drawn; "" if it can."""
    try:
        draw(tex, "en", display=display)
    except Unprintable as error:
        return str(error)
    return ""


def too_deep(tex: str) -> str:
    """Return why the formula `tex` is not tried, because it would take too long; "" if it is tried."""
    depth = deepest = 0
    for found in _BRACE.finditer(tex):
        depth += (found[0] == "{") - (found[0] == "}")
        deepest = max(deepest, depth)
    return f"it has {deepest} nested levels of braces, more than {_DEEPEST}" if deepest > _DEEPEST else ""


def unread(formulas: Iterable[str]) -> frozenset[str]:
    """Return the formulas of `formulas` that pandoc cannot turn into MathML.

    Raises:
        InputRefused, EnvironmentFault, PandocError: as `pubkit.boundary.pandoc.run`.
    """
    asked = list(dict.fromkeys(formulas))
    if not asked:
        return frozenset()
    tree = Tree(blocks=[Para([Math((MathType(), one))]) for one in asked])
    written = pandoc.convert(encode(tree), "html5", ["--mathml", "--wrap=none"]).decode().split("</p>")
    return frozenset(one for one, shown in zip(asked, written, strict=False) if "<math" not in shown)
