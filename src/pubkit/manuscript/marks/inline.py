"""Marks within a line: MyST's roles, bookdown's, LaTeX's and Manubot's references, Quarto's shortcodes, variables."""

from __future__ import annotations

import bisect
import re
from collections.abc import Callable, Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.labels import name_of
from pubkit.manuscript.marks.names import named
from pubkit.manuscript.prose import prose, without_code_blocks

__all__ = ["inline_edits", "shortcodes"]

_ROLE = re.compile(
    r"(?<!`)\{(?P<name>[A-Za-z][\w:+-]*)\}(?P<ticks>`+)(?P<text>(?:(?!\n\s*\n)[^`]|`(?!(?P=ticks))){1,2000}?)(?P=ticks)(?!`)"
)
_WITH_TARGET = re.compile(r"^(?P<words>.*?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{<(?!/\*)[ \t]*(?P<name>[\w-]+)(?P<rest>[^\n]{0,500}?)>\}\}")
_VARIABLE = re.compile(r"\{\{-?[ \t]*(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?P<filter>\|[^{}\n]*)?-?\}\}")
_TEMPLATE = re.compile(r"\{%-?[ \t]*(?P<name>\w+)[^\n%]{0,500}%\}|\{##(?:[^#]|#(?!#\})){0,2000}##\}")

_BOOKDOWN = re.compile(r"\\@ref\((?:(?P<kind>fig|tab|eq|sec|thm|def|exm|lem):)?(?P<label>[\w:.-]+)\)")
_LATEX_REF = re.compile(r"\\(?P<command>auto|c|C|eq|name|page|v)?ref\*?\{(?P<label>[^{}\n]+)\}")
_CITE = re.compile(
    r"\\(?P<command>cite[a-zA-Z]*|parencite|textcite|autocite|footcite)\*?(?:\[(?P<note>[^\[\]]{0,300})\])?\{(?P<keys>[^{}\n]+)\}"
)
_WRAP = re.compile(
    r"\\(?P<command>textbf|textit|emph|texttt|textsc|underline|footnote|textsuperscript|textsubscript)\{(?P<text>[^{}\n]*)\}"
)
_WRAPS = {
    "textbf": ("**", "**"), "textit": ("*", "*"), "emph": ("*", "*"), "texttt": ("`", "`"), "textsc": ("[", "]{.smallcaps}"),
    "underline": ("[", "]{.underline}"), "footnote": ("^[", "]"), "textsuperscript": ("^", "^"), "textsubscript": ("~", "~"),
}  # fmt: skip
_INDEX = re.compile(r"\\index\{(?:[^{}\n]|\{[^{}\n]*\}){1,200}\}[ \t]*")
_DOI_KEY = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/)?(?=10\.\d{4,9}/)")
_WIKI = re.compile(r"<wiki:(?P<page>[^\s<>]+)>")
_LINK_SCHEME = re.compile(
    r"(?<=\]\()(?P<scheme>doi|wiki):(?P<rest>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*)(?=[\s)])|<doi:(?P<bare>10\.[^\s<>]+)>"
)
_NOTHING = re.compile(
    r"^[ \t]*\\(?:newpage|pagebreak|clearpage|cleardoublepage|noindent|medskip|bigskip|smallskip|mainmatter|frontmatter"
    r"|backmatter|appendix|tableofcontents|listoffigures|listoftables|maketitle|hfill|vfill|centering|footnotesize|small|normalsize"
    r"|singlespacing|doublespacing|onehalfspacing"
    r"|vspace\*?\{[^{}\n]*\}|setcounter\{[^{}\n]*\}\{[^{}\n]*\}|pagenumbering\{[^{}\n]*\})"
    r"[ \t]*$",
    re.MULTILINE,
)
_NOINDENT = re.compile(
    r"\\(?:noindent|newline|linebreak|hfill|small|footnotesize|normalsize|large|Large|centering)\b(?![A-Za-z{])[ \t]?"
)
_NAMES = re.compile(r"\\(?P<name>LaTeX|TeX|BibTeX|XeTeX|LuaTeX)(?:\{\}|\\(?=\s)|(?![A-Za-z]))")
_BRACED = re.compile(r"\{@(?P<key>(?:fig|tbl|eq|sec):[\w:.-]+)\}")
_MODIFIED = re.compile(r"(?<![\w@])(?P<sign>[+*!])(?=@(?:fig|tbl|eq|sec):\w)")
_PART = re.compile(
    r"^(?P<marks>#{1,2})[ \t]+\((?P<kind>PART|APPENDIX)\\?\*?\)[ \t]*(?P<title>.*?)[ \t]*(?:\{[^{}\n]*\})?[ \t]*$",
    re.MULTILINE,
)
_TARGET = re.compile(r"^(?P<indent>[ \t]*)\((?P<label>[\w:./ -]+)\)=[ \t]*$", re.MULTILINE)
_HEADING = re.compile(r"\s*(?P<marks>#{1,6})[ \t]+[^\n]*?(?P<attributes>\{[^{}\n]*\})?[ \t]*(?=\n|$)")
_LABELLED_PICTURE = re.compile(
    r"!\[(?P<caption>(?:[^\[\]\n]|\[[^\[\]\n]*\]|\n(?!\s*\n))*?)\]\((?P<target>[^()\n]*(?:\([^()\n]*\)[^()\n]*)*)\)(?P<attributes>\{[^{}\n]*\})?"
)
_LABEL = re.compile(r"[ \t]*(?:\\label\{(?P<latex>[^{}\n]+)\}|\(\\#(?P<book>[\w:.-]+)\))[ \t]*")
_CAPTION_LINE = re.compile(r"^(?:[Tt]able|:)[ \t]*:?[^\n]*(?:\n(?!\s*\n)[^\n]*)*", re.MULTILINE)
_HEADING_LABEL = re.compile(r"^(?P<head>#{1,6}[ \t][^\n]*?)[ \t]*\\label\{(?P<label>[^{}\n]+)\}[ \t]*$", re.MULTILINE)
_DISPLAY = re.compile(r"\$\$(?P<tex>(?:[^$]|\\\$)+?)\$\$(?P<after>[ \t]*\{#[^{}\n]*\}|[ \t]*\([\w.-]+\)(?=\n|$))?")
_BRACKETS = re.compile(
    r"(?<!\\)\\\[(?P<display>(?:(?!\n\s*\n|\\\]).)+)\\\]|(?<!\\)\\\((?P<inline>(?:(?!\n\s*\n|\\\)).)+)\\\)"
    r"|(?<![\w$\\])\$(?P<dollars>[ \t][^$\n]+|[^$\s][^$\n]*[ \t])\$(?![\w$])",
    re.DOTALL,
)
_BEGIN = re.compile(
    r"^[ \t]*\\begin\{(?P<name>(?:equation|align|gather|multline|eqnarray|flalign|alignat|math|displaymath|split|aligned)"
    r"\*?)\}",
    re.MULTILINE,
)
#: What aligns within a display, for each environment that makes a display of its own.
_INNER = {"align": "aligned", "eqnarray": "aligned", "flalign": "aligned", "alignat": "aligned", "split": "aligned",
          "aligned": "aligned", "gather": "gathered", "multline": "gathered"}  # fmt: skip
#: What goes from a formula: labels and marks on numbering, with the line break before them, and lines without anything.
_TEX_MARKS = re.compile(r"(?:\n[ \t]*)?(?:\\label\{[^{}\n]+\}|\(\\#[\w:.-]+\)|\\nonumber\b|\\notag\b)|\n[ \t]*(?=\n)")
_TEX_LABEL = re.compile(r"\\label\{([^{}\n]+)\}|\(\\#([\w:.-]+)\)")
_KEY_MENTIONED = re.compile(r"@(?P<name>\w(?:[\w:.#$%&+?<>~/-]*\w)?)")
#: The link to a label, as MyST writes it; the empty one gets the words of what it leads to.
_LABEL_LINK = re.compile(r"(?<=\]\()#?(?P<label>[\w:./-]+)(?=\))")
#: A link into another project: MyST's, and Sphinx's.
_PROJECT_LINK = re.compile(
    r"\[(?P<words>[^\[\]]*)\]\((?P<target>(?:xref|inv):(?P<project>[\w.-]*)[:#]?(?P<label>[^\s()]*))\)"
)
_PROJECTS = ("meta.references.{}.url", "meta.references.{}", "meta.sphinx.config.intersphinx_mapping.{}.0")
#: A part of a figure that a chunk draws, as Quarto numbers them.
_PART_MENTIONED = re.compile(r"(?<=@)(?P<whole>(?:fig|tbl)-[\w-]+)-\d+\b")
_TAG_MENTIONED = re.compile(r"@(?P<name>\w(?:[\w:.-]*\w)?)")
_TEXT_MENTIONED = re.compile(r"\(ref:(?P<name>[\w-]+)\)")
_TAG_DEFINED = re.compile(r"^\[@(?P<name>[^\]\s]+)\]:[ \t]*(?P<said>\S+)(?:[ \t]+[\"'(].*)?[ \t]*$", re.MULTILINE)
_TOC = re.compile(r"^[ \t]*(?:\[\[_?toc_?\]\]|\[toc\])[ \t]*$", re.MULTILINE | re.IGNORECASE)
_INLINE_R = re.compile(r"(?<!`)`\{?r\}?[ \t]+[^`\n]+`(?!`)")
_TEXT_REFERENCE = re.compile(r"^\(ref:(?P<name>[\w-]+)\)[ \t]+(?P<said>[^\n]+(?:\n(?!\s*\n)[^\n]+)*)$", re.MULTILINE)

_KINDS = {"fig": "fig", "tab": "tbl", "tbl": "tbl", "eq": "eq", "sec": "sec"}
#: What every mark within a line has one of.
_SIGNS = ("{", "\\", "@", "[", "`r ", ")=", "$")
_CITE_ROLES = re.compile(r"(?:foot)?cite(?::(?P<form>[a-z]+))?|cite_?t|cite_?p|footcite(?::\w+)?")


def shortcodes(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits for shortcodes, variables and includes, which may stand anywhere but in code."""
    if "{{" not in source.text and "{%" not in source.text:
        return
    text = prose(source.text)
    for found in _SHORTCODE.finditer(text):
        rest = found["rest"].strip()
        first = rest.split()[0].strip("\"'") if rest else ""
        match found["name"]:
            case "include":
                file = known.file(first)
                if file is None:
                    known.unread.append(Unread(f"includes {first}, which does not exist", source, found.start()))
                yield Edit(found.start(), found.end(), file if file is not None else found[0])
            case "var" | "meta" | "env" as kind if f"{kind}.{first}" in known.variables:
                yield Edit(found.start(), found.end(), known.variables[f"{kind}.{first}"])
            case "pagebreak" | "fa" | "bi" | "iconify" | "lipsum" | "colbreak":
                yield Edit(found.start(), found.end(), "")
            case "br":
                yield Edit(found.start(), found.end(), "\\\n")
            case "kbd":
                yield Edit(found.start(), found.end(), f"`{first}`")
            case "acr" | "acro" if first:
                yield Edit(found.start(), found.end(), first)
            case name:
                known.unread.append(Unread(f"uses the shortcode {{{{< {name} >}}}}", source, found.start()))
    for found in _VARIABLE.finditer(text):
        name = found["name"]
        value = known.variables.get(name) or known.variables.get(f"var.{name}") if not found["filter"] else None
        if value is not None:
            yield Edit(found.start(), found.end(), value)
        else:
            known.unread.append(
                Unread(f"names the variable {{{{ {name} }}}}, which has no value", source, found.start())
            )
    for found in _TEMPLATE.finditer(text):
        if found["name"]:
            known.unread.append(Unread(f"uses the template mark {{% {found['name']} %}}", source, found.start()))
        else:
            yield Edit(found.start(), found.end(), "")


def inline_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits for marks within lines; code stays as it is, but for roles, which are written like code."""
    text = source.text
    if not any(sign in text for sign in _SIGNS):
        return
    yield from _roles(source, known)
    masked = prose(text)
    for found in _INLINE_R.finditer(without_code_blocks(text)):
        known.unread.append(Unread("has a value that only running code gives", source, found.start(), computed=True))
    yield from _references(masked, known)
    yield from _latex(masked)
    yield from _labels(masked)
    yield from _equations(masked)
    yield from _book(masked)


def _roles(source: SourceFile, known: Context) -> Iterator[Edit]:
    for found in _ROLE.finditer(without_code_blocks(source.text)):
        name, text = found["name"], found["text"]
        start, end = found.start(), found.end()
        said = _WITH_TARGET.match(text)
        words, target = (said["words"], said["target"]) if said else ("", text)
        if _CITE_ROLES.fullmatch(name):
            yield Edit(start, end, _cited(name, text))
        elif name in {
            "ref",
            "numref",
            "eq",
            "doc",
            "term",
            "abbr",
            "sub",
            "sup",
            "math",
            "strong",
            "emphasis",
            "u",
            "del",
        }:
            yield from _rewrapped(name, text, words, known.labels.get(target.strip().lower(), target), start, end)
        elif name in named("code-roles"):
            yield Edit(start, end, f"`{words or text}`")
        elif name in named("plain-roles") | named("silent-roles"):
            yield Edit(start, end, "" if name in named("silent-roles") else words or text)
        elif name == "prf:ref":
            yield Edit(start, end, f"[-@{target}]")
        elif name not in named("no-roles"):
            known.unread.append(Unread(f"uses the role {{{name}}}", source, start))


def _cited(name: str, text: str) -> str:
    keys = [_DOI_KEY.sub("doi:", key.strip()) for key in text.replace("\n", " ").split(",")]
    in_text = name.rpartition(":")[2].rstrip("s") in {"t", "author", "citet"} or name in {"cite_t", "citet"}
    if in_text:
        return ", ".join(f"@{key}" for key in keys)
    sign = "-@" if name.endswith(":year") else "@"
    return "[" + "; ".join(f"{sign}{key}" for key in keys) + "]"


def _rewrapped(name: str, text: str, words: str, target: str, start: int, end: int) -> Iterator[Edit]:
    match name:
        case "sub":
            new = f"~{text}~".replace(" ", "\\ ")
        case "sup":
            new = f"^{text}^".replace(" ", "\\ ")
        case "math":
            new = f"${text.strip()}$"
        case "strong":
            new = f"**{text}**"
        case "emphasis":
            new = f"*{text}*"
        case "u":
            new = f"[{text}]{{.underline}}"
        case "del":
            new = f"~~{text}~~"
        case "eq":
            new = f"[-@{name_of(target)}]"
        case "numref":
            label = name_of(target)
            new = re.sub(r"%s|\{number\}|\{name\}", f"[-@{label}]", words) if words else f"[@{label}]"
        case "abbr":
            inside = re.match(r"(.+?)\s*\((.+)\)$", text, re.DOTALL)
            new = f"{inside[1]} ({inside[2]})" if inside else text
        case "term":
            new = words or text
        case "doc":
            path = target if re.search(r"\.\w+$", target) else f"{target}.md"
            new = f"[{words}]({path})"
        case _:
            new = f"[{words}](#{name_of(target)})"
    yield Edit(start, end, new)


def _references(text: str, known: Context) -> Iterator[Edit]:
    for found in _BOOKDOWN.finditer(text):
        kind, label = found["kind"], found["label"]
        yield Edit(found.start(), found.end(), f"[-@{_KINDS.get(kind, kind)}:{label}]" if kind else f"[-@{label}]")
    for found in _LATEX_REF.finditer(text):
        label = _canonical(found["label"].strip())
        yield Edit(
            found.start(), found.end(), f"[@{label}]" if found["command"] in {"auto", "c", "C"} else f"[-@{label}]"
        )
    for found in _WIKI.finditer(text):
        words = found["page"].replace("_", " ")
        yield Edit(found.start(), found.end(), f"[{words}](https://en.wikipedia.org/wiki/{found['page']})")
    for found in _LINK_SCHEME.finditer(text):
        site = "https://en.wikipedia.org/wiki/" if found["scheme"] == "wiki" else "https://doi.org/"
        new = f"<{site}{found['bare']}>" if found["bare"] else f"{site}{found['rest']}"
        yield Edit(found.start(), found.end(), new)
    yield from _to_labels(text, known)
    for found in _BRACED.finditer(text):
        yield Edit(found.start(), found.end(), f"[@{found['key']}]")
    for found in _MODIFIED.finditer(text):
        yield Edit(found.start(), found.end(), "")
    yield from _tagged(text, known)
    yield from _defined(text, _TAG_DEFINED, _TAG_MENTIONED, lambda found: f"@{found['said'].removeprefix('@')}")


def _to_labels(text: str, known: Context) -> Iterator[Edit]:
    for found in _LABEL_LINK.finditer(text):
        name = known.labels.get(found["label"].lower())
        if name and found[0] != f"#{name}" and not known.exists(found["label"]):
            yield Edit(found.start(), found.end(), f"#{name}")
    for found in _PROJECT_LINK.finditer(text):
        addresses = (known.variables.get(name.format(found["project"])) for name in _PROJECTS)
        if address := next(filter(None, addresses), None):
            yield Edit(found.start("words"), found.end("words"), found["words"] or found["label"] or found["project"])
            yield Edit(found.start("target"), found.end("target"), f"<{address}>")
    for found in _PART_MENTIONED.finditer(text):
        if found["whole"].lower() in known.labels and found[0].lower() not in known.labels:
            yield Edit(found.start(), found.end(), found["whole"])


def _defined(
    text: str, definition: re.Pattern[str], mention: re.Pattern[str], new: Callable[[re.Match[str]], str]
) -> Iterator[Edit]:
    """Put what a name is defined to say in place of its mentions, and take the definitions out."""
    defined = {found["name"]: found for found in definition.finditer(text)}
    for found in defined.values():
        yield Edit(found.start(), found.end(), "")
    for found in mention.finditer(text) if defined else ():
        meant = defined.get(found["name"])
        if meant and not meant.start() <= found.start() < meant.end():
            yield Edit(found.start(), found.end(), new(meant))


def _tagged(text: str, known: Context) -> Iterator[Edit]:
    """Put the identifier in place of a tag that Manubot's citation-tags.tsv defines."""
    for found in _KEY_MENTIONED.finditer(text) if any(name.startswith("tag:") for name in known.variables) else ():
        meant = known.variables.get(found["name"] if found["name"].startswith("tag:") else f"tag:{found['name']}")
        if meant:
            yield Edit(found.start(), found.end(), f"@{meant}")


def _canonical(label: str) -> str:
    """Return a label with the prefix that pubkit's own labels have: tab:x is tbl:x."""
    kind, sign, name = label.partition(":")
    return f"{_KINDS[kind]}:{name}" if sign and kind in _KINDS else label


def _latex(text: str) -> Iterator[Edit]:
    if "\\" not in text:
        return
    for found in _CITE.finditer(text):
        keys = [key.strip() for key in found["keys"].split(",")]
        if found["command"].startswith(("citet", "textcite", "citeauthor")):
            new = ", ".join(f"@{key}" for key in keys) + (f" [{found['note']}]" if found["note"] else "")
        else:
            note = f", {found['note']}" if found["note"] else ""
            new = "[" + "; ".join(f"@{key}" for key in keys) + note + "]"
        yield Edit(found.start(), found.end(), new)
    for found in _WRAP.finditer(text):
        before, after = _WRAPS[found["command"]]
        yield Edit(found.start(), found.start("text"), before)
        yield Edit(found.end("text"), found.end(), after)
    for found in _INDEX.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in _NOTHING.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in _NOINDENT.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in _NAMES.finditer(text):
        yield Edit(found.start(), found.end(), found["name"])


def _labels(text: str) -> Iterator[Edit]:
    """Labels that stand in captions and headings go to where pandoc reads them: in braces after what they name."""
    for found in _LABELLED_PICTURE.finditer(text):
        if label := _LABEL.search(found["caption"]):
            name = _canonical((label["latex"] or label["book"]).strip())
            at = found.start("caption")
            yield Edit(
                at + label.start(),
                at + label.end(),
                " " if label.end() < len(found["caption"]) and label.start() else "",
            )
            if found["attributes"]:
                yield Edit(found.start("attributes") + 1, found.start("attributes") + 1, f"#{name} ")
            else:
                yield Edit(found.end(), found.end(), f"{{#{name}}}")
    for found in _CAPTION_LINE.finditer(text):
        if label := _LABEL.search(found[0]):
            name = _canonical((label["latex"] or label["book"]).strip())
            yield Edit(found.start() + label.start(), found.start() + label.end(), " ")
            yield Edit(found.end(), found.end(), f" {{#{name}}}")
    for found in _HEADING_LABEL.finditer(text):
        yield Edit(found.end("head"), found.end(), f" {{#{_canonical(found['label'])}}}")
    for found in _TARGET.finditer(text):
        name = name_of(found["label"])
        if _TARGET.match(text, found.end() + 1):  # the next one names the same, and links lead there
            yield Edit(found.start(), found.end() + 1, "")
        elif heading := _HEADING.match(text, found.end()):
            yield Edit(found.start(), found.end(), "")
            if heading["attributes"]:
                yield Edit(heading.start("attributes") + 1, heading.start("attributes") + 1, f"#{name} ")
            else:
                yield Edit(heading.end(), heading.end(), f" {{#{name}}}")
        else:
            yield Edit(found.start(), found.end(), f"{found['indent']}[]{{#{name}}}")


def _equations(text: str) -> Iterator[Edit]:
    taken: list[tuple[int, int]] = []
    yield from _bracketed(text)
    for found in _DISPLAY.finditer(text):
        taken.append(found.span())
        name = ""
        if label := _TEX_LABEL.search(found["tex"]):
            name = label[1] or label[2]
        elif found["after"] and found["after"].strip().startswith("("):  # $$...$$ (label), as MyST writes it
            name = found["after"].strip()[1:-1]
            yield Edit(found.start("after"), found.end("after"), "")
        if name:
            yield Edit(found.end(), found.end(), f" {{#{_canonical(name)}}}")
        for mark in _TEX_MARKS.finditer(found["tex"]):
            yield Edit(found.start("tex") + mark.start(), found.start("tex") + mark.end(), "")
        yield from _inner_environment(found.start("tex"), found["tex"])
    yield from _environments(text, taken)


def _bracketed(text: str) -> Iterator[Edit]:
    """Yield the edits for TeX in \\( \\) and \\[ \\], as R Markdown reads it, and in $ with blanks, as MathJax does."""
    for found in _BRACKETS.finditer(text):
        sign = "$$" if found["display"] else "$"
        tex = (found["display"] or found["inline"] or found["dollars"]).strip()
        if re.search(r"\\[A-Za-z]", tex) and "$" not in tex:
            yield Edit(found.start(), found.end(), f"{sign}{tex}{sign}")


def _environments(text: str, taken: list[tuple[int, int]]) -> Iterator[Edit]:
    """Yield the edits for environments that make a display, outside those in `taken`, the spans of other displays."""
    last, unclosed = 0, set()
    for found in _BEGIN.finditer(text):
        at = bisect.bisect_right(taken, (found.start(), len(text))) - 1
        if found.start() < last or found["name"] in unclosed or (at >= 0 and found.start() < taken[at][1]):
            continue
        start = found.end()
        end = text.find(f"\\end{{{found['name']}}}", start)
        if end < 0:
            unclosed.add(found["name"])
            continue
        tex, inner = text[start:end], _INNER.get(found["name"].rstrip("*"), "")
        last = end + len(f"\\end{{{found['name']}}}")
        label = _TEX_LABEL.search(tex)
        name = f" {{#{_canonical(label[1] or label[2])}}}" if label else ""
        yield Edit(found.start(), start, "\n$$" + (f"\\begin{{{inner}}}" if inner else ""))
        text_end = len(tex.rstrip())
        for mark in _TEX_MARKS.finditer(tex, 0, text_end):
            yield Edit(start + mark.start(), start + mark.end(), "")
        yield Edit(start + text_end, last, (f"\\end{{{inner}}}" if inner else "") + f"$${name}\n")


def _inner_environment(at: int, tex: str) -> Iterator[Edit]:
    """Inside $$ an environment that makes a display of its own becomes the one that aligns within a display."""
    for mark in re.finditer(r"\\(?P<end>begin|end)\{(?P<name>align|gather|equation|eqnarray|multline)\*?\}", tex):
        inner = {"gather": "gathered", "multline": "gathered", "equation": ""}.get(mark["name"], "aligned")
        yield Edit(at + mark.start(), at + mark.end(), f"\\{mark['end']}{{{inner}}}" if inner else "")


def _book(text: str) -> Iterator[Edit]:
    for found in _PART.finditer(text):
        yield Edit(found.start("marks"), found.start("title"), "# ")
        yield Edit(found.end("title"), found.end(), " {.unnumbered .part}")
    for found in _TOC.finditer(text):
        yield Edit(found.start(), found.end(), "")
    yield from _defined(text, _TEXT_REFERENCE, _TEXT_MENTIONED, _said)


def _said(found: re.Match[str]) -> str:
    return " ".join(_INDEX.sub("", found["said"]).split())
