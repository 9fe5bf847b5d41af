"""LaTeX commands in Markdown: citations, type and footnotes become pandoc's, commands of layout go."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit
from pubkit.expressions import expression
from pubkit.manuscript import quantities
from pubkit.manuscript.marks.equations import formula_spans
from pubkit.manuscript.marks.names import canonical
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
    r"|vspace\*?\{[^{}\n]*\}|(?:setcounter|setlength|addtolength|markboth)\{[^{}\n]*\}\{[^{}\n]*\}|addcontentsline(?:\{[^{}\n]*\}){3}"
    r"|(?:pagenumbering|markright)\{[^{}\n]*\}|(?:left|right)skip[ ]?=?-?[\d.]+(?:em|pt|cm|mm|in))"
    r"(?:\{\})?[ \t]*(?:<!--[^\n]*-->[ \t]*)?$",
    re.MULTILINE,
)
_LAYOUT = re.compile(
    r"\\(?:noindent|linebreak|hfill|small|footnotesize|normalsize|large|Large|centering)\b(?![A-Za-z{])[ \t]?"
    r"|\{?\\(?:begin|end)\{(?:landscape|sidewaystable|singlespace|doublespace|spacing)\}\}?(?:\{[\d.]+\})?"
)
_NEW_LINE = re.compile(r"[ \t]*\\newline(?:\{\}|(?![A-Za-z{]))[ \t]*(?=\S)|\\newline(?:\{\}|(?![A-Za-z{]))[ \t]?")
#: Chemistry and quantities outside a formula; what stands in one is passed over.
_FORMULA = expression(
    r"\$\$(?s:.*?)\$\$|\$[^$\n]{1,500}\$|\\begin\{(?P<name>\w{1,20}\*?)\}(?s:.*?)\\end\{(?P=name)\}"
    rf"|(?P<formula>\\ce\{{(?:[^{{}}\n]|\{{[^{{}}\n]*\}}){{1,300}}\}}|{quantities.COMMAND.pattern})"
)
#: Headings; a section is of level 2 where the text has chapters.
_HEADING = re.compile(
    r"^[ \t]*\\(?P<level>chapter|(?:sub){0,2}section|paragraph)(?P<star>\*?)(?:\[[^\]\n]*\])?"
    r"\{(?P<title>(?:[^{}\n]|\{[^{}\n]*\})+)\}(?:[ \t]*\\label\{(?P<label>[^{}\n]+)\})?[ \t]*$",
    re.MULTILINE,
)
_LEVELS = {"chapter": 0, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4}
#: Signs that have a command of their own in a text.
_SIGNS = {
    "textgreater": ">", "textless": "<", "textbar": "|", "textbackslash": "\\", "textasciitilde": "~", "copyright": "©",
    "textendash": "–", "textemdash": "—", "textdegree": "°", "textmu": "µ", "texttimes": "×", "textpm": "±", "euro": "€",
    "textregistered": "®", "texttrademark": "™", "textbullet": "•", "textonehalf": "½", "ldots": "…", "dots": "…",
    "textellipsis": "…", "texteuro": "€", "textperthousand": "‰",
}  # fmt: skip
_SIGN = re.compile(rf"\\(?P<name>{'|'.join(_SIGNS)})(?:\{{\}}|(?![A-Za-z{{])(?:[ \t]+(?=\w))?)")
_NAMES = re.compile(r"\\(?P<name>LaTeX|TeX|BibTeX|XeTeX|LuaTeX)(?:\{\}|\\(?=\s)|(?![A-Za-z]))")


def latex_edits(text: str) -> Iterator[Edit]:
    """Yield the edits that turn LaTeX commands into pandoc's Markdown."""
    if "\\" not in text:
        return
    yield from replaced(text, _CITE, _citation)
    formulas = formula_spans(text)

    def is_tex(found: re.Match[str]) -> bool:
        at = bisect.bisect_right(formulas, (found.start(), len(text))) - 1
        return at >= 0 and found.start() < formulas[at][1]

    yield from _headings(text)
    for found in _SIGN.finditer(text):
        if not is_tex(found):
            sign = _SIGNS[found["name"]]
            yield Edit(found.start(), found.end(), f"\\{sign}" if sign.isascii() else sign)
    for found in _WRAP.finditer(text):
        if is_tex(found):
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


def _headings(text: str) -> Iterator[Edit]:
    """Yield the edits that turn commands for headings into pandoc's; one with a star has no number."""
    found = list(_HEADING.finditer(text))
    above = int(any(one["level"] == "chapter" for one in found))
    for one in found:
        level = max(1, _LEVELS[one["level"]] + above)
        yield Edit(one.start(), one.start("title"), f"\n{'#' * level} ")
        names = [f"#{canonical(one['label'])}"] if one["label"] else []
        attributes = " ".join([*names, *[".unnumbered"] * bool(one["star"])])
        yield Edit(one.end("title"), one.end(), f" {{{attributes}}}\n" if attributes else "\n")


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
