"""Display formulas of LaTeX and MyST: in double dollar signs, with their label in braces after them."""

from __future__ import annotations

import bisect
import itertools
import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript.marks.defined import name_of
from pubkit.manuscript.marks.names import canonical

__all__ = ["equation_edits", "formula_spans"]

_DISPLAY = expression(
    r"\$\$(?P<tex>(?:[^$]|\\\$)+?)\$\$(?P<after>[ \t]*\{#[^{}\n]*\}|[ \t]*\([\w:./-]+\)(?=[ \t]*(?:\n|$)))?"
)
_BEGIN = expression(
    r"^[ \t]*\\begin\{(?P<name>(?:equation|align|gather|multline|eqnarray|flalign|alignat|math|displaymath|split|aligned)"
    r"\*?)\}",
    re.MULTILINE,
)
#: What aligns within a display, for each environment that makes a display of its own.
_INNER = {"align": "aligned", "eqnarray": "aligned", "flalign": "aligned", "alignat": "aligned", "split": "aligned",
          "aligned": "aligned", "gather": "gathered", "multline": "gathered"}  # fmt: skip
#: What goes from a formula: labels and marks on numbering, with the line break before them, and lines without anything.
_TEX_MARKS = expression(r"(?:\n[ \t]*)?(?:\\label\{[^{}\n]+\}|\(\\#[\w:.-]+\)|\\nonumber\b|\\notag\b)|\n[ \t]*(?=\n)")
_TEX_LABEL = expression(r"\\label\{([^{}\n]+)\}|\(\\#([\w:.-]+)\)")
_ENVIRONMENT = expression(r"\\(?P<end>begin|end)\{(?P<name>align|gather|equation|eqnarray|multline)\*?\}")


_TEX = r"(?:\\[A-Za-z{]|[_^][{\w])"
#: A character of a formula between single dollars, in which no line is empty.
_INLINE = r"(?:[^$\n]|\n(?!\s*\n))"
#: TeX in brackets, or in dollars with a blank inside; a formula between two dollars without blanks stays as it is.
_BRACKETS = expression(
    r"(?<!\\)\\\[(?P<display>(?:(?!\n\s*\n|\\\]|(?<!\\)\\\[).){1,2000})\\\]"
    r"|(?<!\\)\\\((?P<inline>(?:(?!\n\s*\n|\\\)|(?<!\\)\\\().){1,2000})\\\)"
    rf"|(?<![$\\])\$(?=[^\s$]){_INLINE}{{0,500}}?(?<=[^\s$\\])\$(?![\d$])"
    rf"|(?<![\w$\\])\$(?=[^$]{{0,500}}{_TEX})(?P<dollars>[ \t]{_INLINE}{{1,500}}|[^$\s]{_INLINE}{{0,500}}[ \t])\$(?![\d$])",
    re.DOTALL,
)
_COMMAND = expression(r"\\[A-Za-z]")
#: What is between \\[ and \\] if each of these has a line of its own.
_ON_LINES = expression(r"[ \t]*\n.*\n[ \t]*", re.DOTALL)
#: What shows that words in round brackets are a formula though they have no command: an index, a sign between two terms.
_TERMS = expression(r"[_^][{\w]|^[A-Za-z]\w?(?:\([\w, |]{1,10}\))? ?[=<>] ?(?:-?[\d.,]+|[A-Za-z]\w?)$")


def equation_edits(text: str, *, brackets: bool = False) -> Iterator[Edit]:
    """Yield the edits that make every display formula one that pandoc reads.

    `brackets` says that whatever is between \\( and \\) is a formula, as in R Markdown; elsewhere it can be plain words.
    """
    yield from _bracketed(text, brackets=brackets)
    displays = list(_DISPLAY.finditer(text))
    for found in displays:
        yield from _display(found)
    for found, tex, last in _environments(text, [found.span() for found in displays]):
        yield from _environment(found, tex, last)


def formula_spans(text: str) -> list[tuple[int, int]]:
    """Return where formulas begin and end in `text`, in order; what is in one is TeX, and never Markdown."""
    displays = [found.span() for found in _DISPLAY.finditer(text)]
    lines = [found.span() for found in _BRACKETS.finditer(text) if found[0].startswith("$") or _is_formula(found)]
    return sorted([*displays, *lines, *((found.start(), last) for found, _, last in _environments(text, displays))])


def _bracketed(text: str, *, brackets: bool) -> Iterator[Edit]:
    """Yield the edits for TeX in \\( \\) and \\[ \\], as R Markdown reads it, and in $ with spaces, as MathJax does."""
    for found in _BRACKETS.finditer(text):
        sign = "$$" if found["display"] else "$"
        tex = _tex(found)
        if tex and "$" not in tex and (_is_formula(found) or (found["inline"] and brackets)):
            yield Edit(found.start(), found.end(), f"{sign}{tex}{sign}")


def _tex(found: re.Match[str]) -> str:
    return (found["display"] or found["inline"] or found["dollars"] or "").strip()


def _is_formula(found: re.Match[str]) -> bool:
    """Return whether a match of `_BRACKETS` looks like a formula; what is on lines of its own needs no command."""
    tex = _tex(found)
    terms = (found["display"] and _ON_LINES.fullmatch(found["display"])) or found["inline"]
    return bool(found["dollars"] or _COMMAND.search(tex) or (terms and _TERMS.search(tex)))


def _display(found: re.Match[str]) -> Iterator[Edit]:
    """Yield the edits for a formula between double dollar signs."""
    label = _TEX_LABEL.search(found["tex"])
    after = (found["after"] or "").strip()
    name = label[1] or label[2] if label else ""
    if not label and after.startswith("("):  # $$...$$ (label), as MyST writes it
        name = name_of(after[1:-1])
        yield Edit(found.start("after"), found.end("after"), "")
    if name:
        yield Edit(found.end(), found.end(), f" {{#{canonical(name)}}}")
    yield from _unmarked(found["tex"], found.start("tex"))
    yield from _inner_environments(found["tex"], found.start("tex"))


def _unmarked(tex: str, at: int) -> Iterator[Edit]:
    """Yield the edits that remove labels and marks on numbering from `tex`, which begins at the offset `at`."""
    for mark in _TEX_MARKS.finditer(tex):
        yield Edit(at + mark.start(), at + mark.end(), "")


def _inner_environments(tex: str, at: int) -> Iterator[Edit]:
    """Yield the edits that put what aligns within a display in the place of environments that make one of their own."""
    for mark in _ENVIRONMENT.finditer(tex):
        inner = _INNER.get(mark["name"], "")
        yield Edit(at + mark.start(), at + mark.end(), f"\\{mark['end']}{{{inner}}}" if inner else "")


def _environments(text: str, displays: list[tuple[int, int]]) -> Iterator[tuple[re.Match[str], str, int]]:
    """Yield the beginning, the TeX and the end of environments that make a display, outside the spans `displays`."""
    last, unclosed = 0, set()
    for found in _BEGIN.finditer(text):
        at = bisect.bisect_right(displays, (found.start(), len(text))) - 1
        is_inside = found.start() < last or (at >= 0 and found.start() < displays[at][1])
        if is_inside or found["name"] in unclosed:
            continue
        end = text.find(f"\\end{{{found['name']}}}", found.end())
        if end < 0:
            unclosed.add(found["name"])
            continue
        last = end + len(f"\\end{{{found['name']}}}")
        yield found, text[found.end() : end], last


def _environment(found: re.Match[str], tex: str, last: int) -> Iterator[Edit]:
    """Yield the edits for one environment, which holds `tex` and ends at the offset `last`.

    One whose rows have several labels becomes several formulas, each with its own number, as LaTeX numbers the rows.
    """
    inner = _INNER.get(found["name"].rstrip("*"), "")
    begin, end = (f"\\begin{{{inner}}}", f"\\end{{{inner}}}") if inner else ("", "")
    kept = tex.rstrip()
    breaks = list(_after_labels(kept)) if inner else []
    names = [
        _label(kept[one:other]) for one, other in itertools.pairwise([0, *(one.end() for one in breaks), len(kept)])
    ]
    yield Edit(found.start(), found.end(), f"\n$${begin}")
    yield from _unmarked(kept, found.end())
    for name, between in zip(names, breaks, strict=False):
        at = found.end()
        yield Edit(at + between.start(), at + between.end(), f"{end}$${name}\n\n$${begin}")
    yield Edit(found.end() + len(kept), last, f"{end}$${names[-1]}\n")


def _label(tex: str) -> str:
    label = _TEX_LABEL.search(tex)
    return f" {{#{canonical(label[1] or label[2])}}}" if label else ""


def _after_labels(tex: str) -> Iterator[re.Match[str]]:
    """Yield the ends of the rows of `tex` between one label and the next, outside what is nested in it."""
    depth, labelled, last = 0, False, None
    for mark in _ROWS.finditer(tex):
        if mark["step"]:
            depth += 1 if mark["step"] == "begin" else -1
        elif depth:
            continue
        elif mark["row"]:
            last = mark if labelled and last is None else last
        else:
            if last is not None:
                yield last
            labelled, last = True, None


_ROWS = expression(
    r"\\(?P<step>begin|end)\{|(?P<row>\\\\(?:\*|\[[^\]\n]{1,20}\])?)|\\label\{[^{}\n]+\}|\(\\#[\w:.-]+\)"
)
