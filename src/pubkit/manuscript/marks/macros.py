"""TeX macros that a text defines in a formula, as MathJax reads them, put in the place of their names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pubkit.boundary.text import Edit, SourceFile
from pubkit.expressions import expression
from pubkit.manuscript.prose import prose

__all__ = ["macro_edits"]

_DEFINITION = expression(
    r"\\(?:(?:re)?newcommand\*?[ \t]*\{?\\?|def[ \t]*\\|(?P<operator>DeclareMathOperator)\*?[ \t]*\{?\\?)"
    r"(?P<name>[A-Za-z]+)\}?[ \t]*(?:\[(?P<count>[0-9])\])?[ \t]*(?=\{)"
)
_PARAMETER = expression(r"#([1-9])")
_BRACE = expression(r"(?<!\\)[{}]")
_USE = expression(r"\\([A-Za-z]+)")
#: A formula of which nothing is left when its definitions are taken out.
_EMPTY = expression(r"\$\$(?:\s|\0)*\$\$|\$(?:\s|\0)*\$")
_COMMENT = expression(r"(?<!\\)%[^\n]*")
_SETTINGS = ("meta.math.", "meta.sphinx.config.mathjax3_config.tex.macros.", "meta.mathjax3_config.tex.macros.")
#: How deep macros may call each other, how long a formula may grow, and all formulas of a text together.
_DEEPEST, _LONGEST, _MOST = 8, 4_000, 400_000


class _Macro(NamedTuple):
    arguments: int
    body: str


def macro_edits(source: SourceFile, variables: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the edits that take the definitions of macros out and put what they stand for in the place of their names.

    A macro that grows beyond measure, or calls itself, stays as it is written.

    Args:
        source: a text.
        variables: the values of the configuration, in which MyST and Jupyter Book define macros too.
    """
    macros = dict(_configured(variables))
    if not macros and not _DEFINITION.search(source.text):
        return
    text = prose(source.text)
    for start, end, name, macro in _defined(text):
        macros[name] = macro
        text = text[:start] + "\0" * (end - start) + text[end:]
        yield Edit(start, end, "")
    for found in _EMPTY.finditer(text):
        if "\0" in found[0]:
            yield from (Edit(at, at + 1, "") for at in range(found.start(), found.end()) if text[at] == "$")
    last, expansion = 0, _Expansion(macros)
    for found in _USE.finditer(text):
        if found[1] in macros and found.start() >= last:
            end, new = expansion.expanded(text, found)
            if new is not None:
                last = end
                yield Edit(found.start(), end, new)


def _configured(variables: Mapping[str, str]) -> Iterator[tuple[str, _Macro]]:
    for key, value in variables.items():
        if key.startswith("tex."):  # what a preamble defines
            yield from ((name, macro) for _, _, name, macro in _defined(_COMMENT.sub("", value)))
        for prefix in _SETTINGS:
            if key.startswith(prefix):
                name, _, part = key.removeprefix(prefix).lstrip("\\").partition(".")
                if part in {"", "0", "macro"}:
                    yield name, _Macro(max(map(int, _PARAMETER.findall(value)), default=0), value)


def _defined(text: str) -> Iterator[tuple[int, int, str, _Macro]]:
    for found in _DEFINITION.finditer(text):
        end = _closed(text, found.end())
        if end:
            body = text[found.end() + 1 : end - 1]
            yield (
                found.start(),
                end,
                found["name"],
                _Macro(int(found["count"] or 0), f"\\operatorname{{{body}}}" if found["operator"] else body),
            )


def _closed(text: str, start: int) -> int:
    """Return the end of the group in braces at `start`, 0 where it is not closed."""
    depth = 0
    for found in _BRACE.finditer(text, start, start + _LONGEST):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.end()
    return 0


class _Expansion:
    """The macros of one text, and how much of them may still be put in."""

    def __init__(self, macros: Mapping[str, _Macro]) -> None:
        self._macros = macros
        self._left = _MOST

    def expanded(self, text: str, use: re.Match[str], depth: int = _DEEPEST) -> tuple[int, str | None]:
        """Return where the use of a macro ends and what it stands for; None where that cannot be told."""
        macro, end = self._macros[use[1]], use.end()
        self._left -= len(macro.body) + 1
        if depth == 0 or self._left < 0:
            return end, None
        values = []
        for _ in range(macro.arguments):
            value, end = _argument(text, end)
            values.append(value)
        new = _PARAMETER.sub(lambda one: values[int(one[1]) - 1] if int(one[1]) <= len(values) else one[0], macro.body)
        inner = self._within(new, depth - 1)
        return end, None if inner is None else f"{{{inner}}}"

    def _within(self, text: str, depth: int) -> str | None:
        """Return `text` with its own macros expanded; None where that does not end."""
        parts, at = [], 0
        for found in _USE.finditer(text):
            if found[1] not in self._macros or found.start() < at:
                continue
            end, new = self.expanded(text, found, depth)
            if new is None:
                return None
            parts += [text[at : found.start()], new]
            at = end
        whole = "".join((*parts, text[at:]))
        return whole if len(whole) <= _LONGEST else None


def _argument(text: str, at: int) -> tuple[str, int]:
    """Return the argument that follows a macro's name: a group in braces, or one sign; and where it ends."""
    while text[at : at + 1].isspace():
        at += 1
    end = _closed(text, at) if text[at : at + 1] == "{" else 0
    return (text[at + 1 : end - 1], end) if end else (text[at : at + 1], min(at + 1, len(text)))
