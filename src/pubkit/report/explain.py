"""Rules as people read them: one with its examples, or all in a list."""

from __future__ import annotations

import difflib
import json
import textwrap
from collections.abc import Mapping, Sequence

from pubkit.boundary.files import printable
from pubkit.catalogue import OWN, Entry, Example
from pubkit.errors import UsageError

__all__ = ["explained", "listed"]

_WIDTH = 100


def listed(rules: Mapping[str, Entry]) -> str:
    """Return the list of all rules, one a line: id, severity, title."""
    return "".join(f"{rule.id}  {rule.severity.value:<8} {rule.title}\n" for rule in rules.values())


def explained(name: str, rules: Mapping[str, Entry]) -> str:
    """Return a rule with its reasons, its remedy and its examples.

    Raises:
        UsageError: there is no such rule.
    """
    rule = rules.get(name.upper())
    if rule is None:
        close = difflib.get_close_matches(name.upper(), list(rules), 3)
        hint = f"Did you mean {', '.join(close)}? " if close else ""
        raise UsageError(f"There is no rule {printable(name, 40)}.", remedy=f"{hint}`pubkit explain` lists all rules.")
    return "\n".join((*_head(rule), *_examples("Reported", rule.bad), *_examples("Accepted", rule.good))) + "\n"


def _head(rule: Entry) -> list[str]:
    lines = [f"{rule.id} ({rule.severity.value}): {rule.title}"]
    if rule.details:
        lines += ["", *textwrap.wrap(rule.details, _WIDTH)]
    lines += ["", *textwrap.wrap(f"What to do: {rule.remedy}", _WIDTH)]
    if rule.in_release:
        lines.append(f"In a release: {rule.in_release.value}.")
    if rule.source:
        lines += textwrap.wrap(f"Source: {rule.source}", _WIDTH)
    if rule.origin != OWN:
        lines.append(f"Declared by: {rule.origin}")
    if not rule.waivable:
        lines.append("It cannot be waived.")
    return lines


def _examples(title: str, examples: Sequence[str | Example]) -> list[str]:
    lines: list[str] = []
    for example in examples:
        text = example if isinstance(example, str) else example.text
        shown = "\n".join(printable(line, _WIDTH) for line in text.strip("\n").split("\n")[:8])
        lines += ["", f"{title}:", textwrap.indent(shown, "    ")]
        if isinstance(example, Example):
            lines += _beside(example)
    return lines


def _beside(example: Example) -> list[str]:
    """Return what belongs to an example besides its text: front matter, verdicts, bibliography."""
    said = ((name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in example.metadata.items())
    lines = [f"    (pubkit.yaml: {name}: {printable(value, 200)})" for name, value in said]
    lines += [f"    ({key} is {status})" for key, status in example.verdicts.items()]
    if example.bibliography:
        entry = "\n".join(printable(line, _WIDTH) for line in example.bibliography.strip().split("\n")[:10])
        lines.append(textwrap.indent(entry, "    "))
    return lines
