"""MyST's roles: `{name}` and text in backticks (mystmd.org/guide, Roles)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.marks.context import Context, Unread
from pubkit.manuscript.marks.defined import name_of
from pubkit.manuscript.marks.names import named
from pubkit.manuscript.prose import prose, without_code_blocks

__all__ = ["role_edits"]

_ROLE = expression(
    r"(?<!`)\{(?P<name>[A-Za-z][\w:+-]*)\}(?P<ticks>`{1,20}+)(?!`)(?P<text>(?:(?!\n\s*\n)[^`]|`(?!(?P=ticks))){1,2000}?)(?P=ticks)(?!`)"
)
_WITH_TARGET = expression(r"^(?P<words>(?:.*\S)?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
_DOI_KEY = expression(r"^(?:https?://(?:dx\.)?doi\.org/)?(?=10\.\d{4,9}/)")
_CITE_ROLES = expression(r"(?:foot)?cite(?::\w+)?|cite_?t|cite_?p")


class _Role(NamedTuple):
    """A role: its name and its text; of "words <target>" also the two parts, else `target` is the text.

    `is_defined` says whether the text has a label of the name of its target.
    """

    name: str
    text: str
    words: str
    target: str
    is_defined: bool

    def label(self, kind: str) -> str:
        """Return the label that the role mentions; if the text has none, one of the `kind` that it should be of."""
        name = name_of(self.target)
        return name if self.is_defined or ":" in name else f"{kind}:{name}"


def role_edits(source: SourceFile, known: Context) -> Iterator[Edit]:
    """Yield the edits that turn the roles of `source` into pandoc's Markdown."""
    outside_code = prose(source.text)
    for found in _ROLE.finditer(without_code_blocks(source.text)):
        if outside_code[found.start()] != "{":
            continue
        name, text = found["name"], found["text"]
        parts = _WITH_TARGET.match(text)
        words, target = (parts["words"], parts["target"]) if parts else ("", text)
        label = known.labels.get(target.strip().lower())
        role = _Role(name, text, words, label or target, label is not None)
        new = _markdown(role)
        if new is not None:
            yield Edit(found.start(), found.end(), new)
        elif name not in named("no-roles"):
            known.unread.append(Unread(f"uses the role {{{name}}}", source, found.start()))


def _markdown(role: _Role) -> str | None:
    """Return what a role is in pandoc's Markdown; None if pubkit does not read it."""
    if _CITE_ROLES.fullmatch(role.name):
        return _cited(role.name, role.text)
    if role.name in _WRITTEN:
        return _WRITTEN[role.name](role)
    if role.name in named("code-roles"):
        return f"`{role.words or role.text}`"
    if role.name in named("silent-roles"):
        return ""
    return role.words or role.text if role.name in named("plain-roles") else None


def _cited(name: str, text: str) -> str:
    keys = [_DOI_KEY.sub("doi:", key.strip()) for key in text.replace("\n", " ").split(",")]
    in_text = name.rpartition(":")[2].rstrip("s") in {"t", "author", "citet"} or name in {"cite_t", "citet"}
    if in_text:
        return ", ".join(f"@{key}" for key in keys)
    sign = "-@" if name.endswith(":year") else "@"
    return "[" + "; ".join(f"{sign}{key}" for key in keys) + "]"


def _without_breaks(text: str) -> str:
    """Return `text` with its spaces escaped, as pandoc wants them in what is raised or lowered."""
    return text.replace(" ", "\\ ")


def _numbered(role: _Role) -> str:
    label = role.label("fig")
    return re.sub(r"%s|\{number\}|\{name\}", f"[-@{label}]", role.words) if role.words else f"[@{label}]"


def _referred(role: _Role) -> str:
    """Return a link, which gets the words of its target if it has none; a missing target is shown by its name."""
    name = name_of(role.target)
    return f"[{role.words if role.words or role.is_defined else name}](#{name})"


def _abbreviation(role: _Role) -> str:
    inside = re.match(r"(.+?)\s*\((.+)\)$", role.text, re.DOTALL)
    return f"{inside[1]} ({inside[2]})" if inside else role.text


def _quantity(role: _Role) -> str:
    """Return "5 <\\milli\\gram>" as a quantity of siunitx, and a text without a unit as it is."""
    if not role.words:
        return role.text
    return f"$\\qty{{{role.words}}}{{{role.target}}}$"


def _document(role: _Role) -> str:
    """Return a link to a chapter; the words alone for a page of another project."""
    if ":" in role.target:
        return role.words or role.target.partition(":")[2]
    path = role.target if re.search(r"\.\w+$", role.target) else f"{role.target}.md"
    return f"[{role.words}]({path})"


#: How pandoc's Markdown writes each role.
_WRITTEN: Mapping[str, Callable[[_Role], str]] = {
    "abbr": _abbreviation,
    "del": lambda role: f"~~{role.text}~~",
    "doc": _document,
    "emphasis": lambda role: f"*{role.text}*",
    "eq": lambda role: f"[-@{role.label('eq')}]",
    "math": lambda role: f"${role.text.strip()}$",
    "numref": _numbered,
    "prf:ref": lambda role: f"[-@{role.label('sec')}]",
    "ref": _referred,
    "chem": lambda role: f"$\\ce{{{role.text}}}$",
    "si": _quantity,
    "strong": lambda role: f"**{role.text}**",
    "sub": lambda role: f"~{_without_breaks(role.text)}~",
    "sup": lambda role: f"^{_without_breaks(role.text)}^",
    "term": lambda role: role.words or role.text,
    "u": lambda role: f"[{role.text}]{{.underline}}",
}
