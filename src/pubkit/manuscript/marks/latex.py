"""LaTeX commands in Markdown: citations, type and footnotes become pandoc's, commands of layout go."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript import quantities
from pubkit.manuscript.marks.replacing import removed, replaced

__all__ = ["INDEX", "latex_edits"]

_CITE = re.compile(
    r"\\(?P<command>cite[a-zA-Z]*|parencite|textcite|autocite|footcite|onlinecite|fullcite|smartcite|supercite)\*?"
    r"(?:\[(?P<before>[^\[\]]{0,300})\](?=\[))?(?:\[(?P<note>[^\[\]]{0,300})\])?\{(?P<keys>[^{}\n]+)\}"
)
#: Spaces at which TeX breaks no line, or that follow a full stop.
_TIES = expression(r"~|\\ ")
_WRAP = expression(
    r"\\(?P<command>textbf|textit|emph|texttt|textsc|underline|footnote|textsuperscript|textsubscript)"
    r"\{(?P<text>(?:[^{}\n]|\n(?!\s*\n))*)\}"
)
_WRAPS = {
    "textbf": ("**", "**"), "textit": ("*", "*"), "emph": ("*", "*"), "texttt": ("`", "`"), "textsc": ("[", "]{.smallcaps}"),
    "underline": ("[", "]{.underline}"), "footnote": ("^[", "]"), "textsuperscript": ("^", "^"), "textsubscript": ("~", "~"),
}  # fmt: skip
#: What is raised or lowered cannot have blanks between pandoc's own marks.
_RAISED = {"^": ("<sup>", "</sup>"), "~": ("<sub>", "</sub>")}
INDEX = re.compile(r"\\index\{(?P<entry>(?:[^{}\n]|\{[^{}\n]*\}){1,200})\}[ \t]*")
#: What an entry of the index has besides its words: commands, braces, and signs that would end an attribute.
_PLAIN = expression(r"\\[A-Za-z]+|[\\{}\"`$]")
_LAYOUT_LINE = re.compile(
    r"^[ \t]*\\(?:newpage|pagebreak|clearpage|cleardoublepage|noindent|medskip|bigskip|smallskip|mainmatter|frontmatter"
    r"|backmatter|appendix|tableofcontents|listoffigures|listoftables|maketitle|hfill|vfill|centering|footnotesize|small|normalsize"
    r"|singlespacing|doublespacing|onehalfspacing|minitoc|[be]landscape|startappendices|(?:this)?pagestyle\{[^{}\n]*\}"
    r"|vspace\*?\{[^{}\n]*\}|(?:setcounter|setlength|addtolength|markboth)\{[^{}\n]*\}\{[^{}\n]*\}"
    r"|(?:pagenumbering|markright)\{[^{}\n]*\}|(?:left|right)skip[ ]?=?-?[\d.]+(?:em|pt|cm|mm|in))"
    r"(?:\{\})?[ \t]*(?:<!--[^\n]*-->[ \t]*)?$",
    re.MULTILINE,
)
_LAYOUT = re.compile(
    r"\\(?:noindent|linebreak|hfill|small|footnotesize|normalsize|large|Large|centering)\b(?![A-Za-z{])[ \t]?"
    r"|\{?\\(?:begin|end)\{(?:landscape|sidewaystable|singlespace|doublespace|spacing)\}\}?(?:\{[\d.]+\})?"
)
_NEW_LINE = re.compile(r"[ \t]*\\newline(?:\{\}|(?![A-Za-z{]))[ \t]*(?=\S)|\\newline(?:\{\}|(?![A-Za-z{]))[ \t]?")
#: What is a formula to pandoc: type within it is set by the formula's own commands.
_SET_AS_FORMULA = expression(
    r"\$\$(?s:.*?)\$\$|(?<![\\$])\$(?=[^\s$])(?:[^$\\\n]|\\.|\n(?!\s*\n)){1,500}?(?<=\S)\$(?!\d)"
    r"|\\begin\{(?P<name>(?:equation|align(?:at)?|gather|multline|eqnarray|flalign|displaymath)\*?)\}(?s:.*?)\\end\{(?P=name)\}"
)
#: Chemistry and quantities outside a formula; what stands in one is passed over.
_FORMULA = expression(
    r"\$\$(?s:.*?)\$\$|\$[^$\n]{1,500}\$|\\begin\{(?P<name>\w{1,20}\*?)\}(?s:.*?)\\end\{(?P=name)\}"
    rf"|(?P<formula>\\ce\{{(?:[^{{}}\n]|\{{[^{{}}\n]*\}}){{1,300}}\}}|{quantities.COMMAND.pattern})"
)
_NAMES = re.compile(r"\\(?P<name>LaTeX|TeX|BibTeX|XeTeX|LuaTeX)(?:\{\}|\\(?=\s)|(?![A-Za-z]))")


def latex_edits(text: str) -> Iterator[Edit]:
    """Yield the edits that turn LaTeX commands into pandoc's Markdown."""
    if "\\" not in text:
        return
    yield from replaced(text, _CITE, _citation)
    formulas = [found.span() for found in _SET_AS_FORMULA.finditer(text)]
    for found in _WRAP.finditer(text):
        around = bisect.bisect_right(formulas, (found.start(), len(text))) - 1
        if around >= 0 and found.start() < formulas[around][1]:
            continue
        before, after = _WRAPS[found["command"]]
        if before in _RAISED and re.search(r"\s", found["text"]):
            before, after = _RAISED[before]
        yield Edit(found.start(), found.start("text"), before)
        yield Edit(found.end("text"), found.end(), after)
    yield from replaced(text, INDEX, _index_mark)
    yield from removed(text, _LAYOUT_LINE, _LAYOUT)
    yield from replaced(
        text, _NEW_LINE, lambda found: "<br>" if found.string[found.end() : found.end() + 1].strip() else ""
    )
    for found in _FORMULA.finditer(text):
        if found["formula"]:
            yield Edit(found.start(), found.end(), f"${found['formula']}$")
    yield from replaced(text, _NAMES, lambda found: found["name"])


def _index_mark(found: re.Match[str]) -> str:
    """Return the mark of an entry of the index: \\index{main!sub}; sort keys, page styles and "see" are left out."""
    said = found["entry"].partition("|")[0]
    parts = [_PLAIN.sub("", part.rpartition("@")[2]).strip() for part in said.split("!")]
    entry = "!".join(filter(None, parts))
    return f'[]{{.index entry="{entry}"}}' if entry else ""


def _citation(found: re.Match[str]) -> str:
    keys = [f"@{key.strip()}" for key in found["keys"].split(",")]
    before, note = (_TIES.sub(" ", found[name] or "").strip() for name in ("before", "note"))
    begin = f"{before} " if before else ""
    if found["command"].startswith(("citet", "textcite", "citeauthor")):
        return begin + ", ".join(keys) + (f" [{note}]" if note else "")
    return f"[{begin}{'; '.join(keys)}{f', {note}' if note else ''}]"
