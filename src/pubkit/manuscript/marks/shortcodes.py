"""Shortcodes of Quarto, substitutions of MyST and Jinja, and template marks, which may occur anywhere but in code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.pictures import attributes
from pubkit.manuscript.marks.snippets import included_template, snippets
from pubkit.manuscript.prose import prose

__all__ = ["shortcodes"]

_SHORTCODE = expression(r"\{\{<(?!/\*)[ \t]*(?P<name>[\w-]++)(?P<rest>[^\n]{0,500}?)>\}\}")
#: What a shortcode of Hugo is told by name.
_SAID = expression(r"([a-z]+)=(\"[^\"\n]*\"|'[^'\n]*'|`[^`\n]*`|[^\s\"'`>]+)")
_VARIABLE = expression(r"(?<![}^_{])\{\{-?[ \t]*(?P<name>[A-Za-z_][\w.-]*)[ \t]*(?P<filter>\|[^{}\n]*)?-?\}\}")
#: A command of TeX at the end of a text, whose argument follows: \\frac{{n-1}}{{n}}.
_COMMAND = expression(r"\\[A-Za-z]+\Z")
_LONGEST_COMMAND = 30
_MACRO = expression(r"\{\{-?[ \t]*(?P<name>[A-Za-z_][\w.]*)[ \t]*\((?:[^{}]|\{[^{}]*\}){0,4000}?\)[ \t]*-?\}\}")
_TEMPLATE = expression(r"\{%-?[ \t]*(?P<name>\w++)[^\n%]{0,500}%\}|\{##(?:[^#{]|#(?!#\})|\{(?!##)){0,2000}##\}")


def shortcodes(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits for shortcodes, variables, includes and templates."""
    if "{{" not in source.text and "{%" not in source.text and "8<" not in source.text:
        return
    text = prose(source.text)
    yield from snippets(source, text, known)
    for found in _SHORTCODE.finditer(text):
        new = _shortcode(found, source, known)
        if new is not None:
            yield Edit(found.start(), found.end(), new)
    yield from _variables(text, source, known)
    for found in _MACRO.finditer(text):
        known.unread.append(Unread(f"calls the macro {found['name']}()", source, found.start(), computed=True))
        yield Edit(found.start(), found.end(), "")
    yield from _templates(text, source, known)


def _shortcode(found: re.Match[str], source: SourceFile, known: Context) -> str | SourceFile | None:
    """Return what a shortcode prints; None if pubkit does not read it, which is noted."""
    first, *_ = *(word.strip("\"'") for word in found["rest"].split()), ""
    match found["name"]:
        case "include":
            if (file := known.file(first)) is not None:
                return file
            known.unread.append(Unread(f"includes {first}, which does not exist", source, found.start()))
            return None
        case "var" | "meta" | "env" as kind if f"{kind}.{first}" in known.variables:
            return known.variables[f"{kind}.{first}"]
        case "pagebreak" | "fa" | "bi" | "iconify" | "lipsum" | "colbreak":
            return ""
        case "br":
            return "\\\n"
        case "kbd":
            return f"`{first}`"
        case "acr" | "acro" if first:
            return first
        case "ref" | "relref" if first:  # of Hugo, in the place of an address
            return first
        case "figure" if "src" in (said := dict(_SAID.findall(found["rest"]))):
            return _figure({name: value.strip("\"'`") for name, value in said.items()})
    known.unread.append(Unread(f"uses the shortcode {{{{< {found['name']} >}}}}", source, found.start()))
    return None


def _figure(said: dict[str, str]) -> str:
    """Return the picture that Hugo's {{< figure >}} shows; its title comes before its caption."""
    caption = " ".join(filter(None, (said.get("title"), said.get("caption"))))
    width = said.get("width", "")
    return f"![{caption}](<{said['src']}>){attributes('', said.get('alt', ''), width)}"


def _variables(text: str, source: SourceFile, known: Context) -> Iterator[Edit]:
    for found in _VARIABLE.finditer(text):
        if _COMMAND.search(text, max(0, found.start() - _LONGEST_COMMAND), found.start()):
            continue
        name = found["name"]
        value = known.variables.get(name) or known.variables.get(f"var.{name}") if not found["filter"] else None
        if value is not None:
            yield Edit(found.start(), found.end(), value)
        else:
            what = f"names the variable {{{{ {name} }}}}, which has no value"
            remedy = f"Write the value in its place, or give `{name}` one under `substitutions:`, beside the title."
            known.unread.append(Unread(what, source, found.start(), remedy=remedy))


def _templates(text: str, source: SourceFile, known: Context) -> Iterator[Edit]:
    for found in _TEMPLATE.finditer(text):
        if (file := included_template(found[0], known)) is not None:
            yield Edit(found.start(), found.end(), file)
        elif found["name"]:
            known.unread.append(Unread(f"uses the template mark {{% {found['name']} %}}", source, found.start()))
        else:
            yield Edit(found.start(), found.end(), "")
