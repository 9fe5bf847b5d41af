"""Rules as people read them: one with its examples, or all in a list."""

from __future__ import annotations

import difflib
import inspect
import textwrap

from pubkit.errors import UsageError
from pubkit.files import printable
from pubkit.rules import Example, Rule, all_rules, rule

__all__ = ["explained", "listed"]

_WIDTH = 100


def listed() -> str:
    """Every rule in a line: id, severity, title."""
    return "".join(f"{kind.id}  {kind.severity.value:<8} {kind.title()}\n" for kind in all_rules())


def explained(name: str) -> str:
    """A rule with its reasons, its remedy and its examples.

    Raises:
        UsageError: there is no such rule.
    """
    kind = rule(name)
    if kind is None:
        close = difflib.get_close_matches(name.upper(), [one.id for one in all_rules()], 3)
        hint = f"Did you mean {', '.join(close)}? " if close else ""
        raise UsageError(f"There is no rule {printable(name, 40)}.", remedy=f"{hint}`pubkit explain` lists all rules.")
    return "\n".join((*_head(kind), *_examples("Refused", kind.bad), *_examples("Fine", kind.good))) + "\n"


def _head(kind: type[Rule]) -> list[str]:
    lines = [f"{kind.id} ({kind.severity.value}): {kind.title()}"]
    more = (inspect.getdoc(kind) or "").partition("\n")[2].strip()
    if more:
        lines += ["", *textwrap.wrap(more, _WIDTH)]
    lines += ["", *textwrap.wrap(f"What to do: {kind.remedy}", _WIDTH)]
    if kind.source:
        lines += textwrap.wrap(f"Source: {kind.source}", _WIDTH)
    if not kind.waivable:
        lines.append("It cannot be waived.")
    return lines


def _examples(title: str, examples: list[str | Example]) -> list[str]:
    lines: list[str] = []
    for example in examples:
        text = example if isinstance(example, str) else example.text
        shown = "\n".join(printable(line, _WIDTH) for line in text.strip("\n").split("\n")[:8])
        lines += ["", f"{title}:", textwrap.indent(shown, "    ")]
        if isinstance(example, Example):
            lines += _beside(example)
    return lines


def _beside(example: Example) -> list[str]:
    """What stands beside the text of an example: front matter, verdicts, bibliography."""
    lines = [f"    ({name}: {printable(str(value), 80)})" for name, value in example.metadata.items()]
    lines += [f"    ({key} is {status})" for key, status in example.verdicts.items()]
    if example.bibliography:
        entry = "\n".join(printable(line, _WIDTH) for line in example.bibliography.strip().split("\n")[:10])
        lines.append(textwrap.indent(entry, "    "))
    return lines
