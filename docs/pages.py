"""The pages of the site that are made of the program: one a rule, the keys of pubkit.yaml, the names of the library.

They are written into docs/made/ each time the site is built, and are not committed.
"""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml

from pubkit.catalogue import Entry, Example, all_rules
from pubkit.project.schema import schema

__all__ = ["write"]

MEASURED = Path(__file__).parent / "forms-measured.json"

#: The families of rules, by the letters before their numbers.
FAMILIES = {
    "A11Y": "Accessibility",
    "CIT": "Citations",
    "CLM": "Claims",
    "DIS": "Disclaimers",
    "EDI": "What a health text owes its readers",
    "LNK": "Links and selling",
    "PRF": "Proofs of the finished files",
    "REF": "References",
    "REL": "Releases",
    "RET": "Retractions",
    "SRC": "The manuscript as it is written",
    "STY": "Style",
}


def write(folder: Path, library: ModuleType) -> None:
    """Write every made page into `folder`, in place of what is there; `library` is the package `pubkit`."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "rules").mkdir(parents=True)
    rules = all_rules()
    measured = json.loads(MEASURED.read_text("utf-8"))
    for rule in rules:
        (folder / "rules" / f"{rule.id}.md").write_text("\n".join(_rule(rule, measured)) + "\n", "utf-8")
    (folder / "rules" / "index.md").write_text("\n".join(_catalogue(rules)) + "\n", "utf-8")
    (folder / "configuration.md").write_text("\n".join(_configuration(schema())) + "\n", "utf-8")
    (folder / "library.md").write_text("\n".join(_library(library)) + "\n", "utf-8")


# ---------------------------------------------------------------------------------------------------------------- rules


def _catalogue(rules: Sequence[Entry]) -> Iterator[str]:
    families: dict[str, list[Entry]] = defaultdict(list)
    for rule in rules:
        families[rule.id[:-3]].append(rule)
    yield "# All rules\n"
    yield f"pubkit has {len(rules)} rules. `pubkit explain ID` shows the same pages on the command line.\n"
    for family, members in families.items():
        yield f"## {FAMILIES[family]}\n\n| rule | what it asks | otherwise |\n|---|---|---|"
        yield from (f"| [{rule.id}]({rule.id}.md) | {_cell(rule.title)} | {rule.severity.value} |" for rule in members)
        yield ""
    yield "```{toctree}\n:hidden:\n:maxdepth: 1\n"
    yield from (rule.id for rule in rules)
    yield "```"


def _rule(rule: Entry, measured: Mapping[str, Any]) -> Iterator[str]:
    yield f"# {rule.id}\n\n**{_text(rule.title)}**\n"
    if rule.details:
        yield f"{_text(rule.details)}\n"
    yield f"What to do\n: {_text(rule.remedy)}\n".replace("\n: ", ": ")
    yield "| | |\n|---|---|"
    yield f"| A breach is | {_severity(rule)} |"
    yield f"| It can be waived | {'yes' if rule.waivable else 'no'} |"
    yield f"| It is asked | {_asked(rule)} |"
    if rule.english:
        yield "| It reads | English only |"
    if rule.source:
        yield f"| It rests on | {_cell(rule.source)} |"
    yield ""
    yield from _precision(rule, measured)
    yield from _examples("Reported", rule.bad)
    yield from _examples("Accepted", rule.good)


def _severity(rule: Entry) -> str:
    released = f"; in a release, {rule.in_release.value}" if rule.in_release else ""
    return f"{rule.severity.value}{released}"


def _asked(rule: Entry) -> str:
    asked = {
        "checked": "in every check",
        "proved": "of the finished files of a build",
        "proved in a draft": "of the finished files, in a draft as well",
        "placed": "when the output folder is written",
        "released": "in a release",
        "verified": "by `pubkit verify`",
        "validated": "by `pubkit proof`",
        "imported": "by `pubkit import-review`",
    }[rule.when.value]
    return f"{asked} ({', '.join(rule.formats)})" if rule.formats else asked


def _precision(rule: Entry, measured: Mapping[str, Any]) -> Iterator[str]:
    lines = [
        f"| {category}{_with(rule, one['rules'])} | {name} | {one['hits']} of {one['found']} | {one['hits']} of "
        f"{one['labelled']} |"
        for name, labelled in measured["sets"].items()
        for category, one in labelled["categories"].items()
        if rule.id in one["rules"]
    ]
    if lines:
        yield f"## Measured\n\nOn labelled sentences, {measured['as_of']}; see [the page on claims](../../claims.md).\n"
        yield "| kind of sentence | set | found and right | right and found |\n|---|---|---|---|"
        yield from lines
        yield ""
    elif rule.english:
        yield "How often it is right was not measured.\n"


def _with(rule: Entry, rules: Sequence[str]) -> str:
    others = [name for name in rules if name != rule.id]
    return f" (with {', '.join(others)})" if others else ""


def _examples(title: str, examples: Sequence[str | Example]) -> Iterator[str]:
    if examples:
        yield f"## {title}\n"
    for example in examples:
        whole = Example(example) if isinstance(example, str) else example
        yield _fenced("markdown", _shortened(whole.text))
        if whole.metadata:
            stated = yaml.safe_dump(dict(whole.metadata), allow_unicode=True, sort_keys=False)
            yield "pubkit.yaml:\n\n" + _fenced("yaml", stated)
        if whole.bibliography:
            yield "The bibliography:\n\n" + _fenced("bibtex", whole.bibliography.strip("\n"))
        yield from (f"The registries say of `{key}`: {status}.\n" for key, status in whole.verdicts.items())


def _shortened(text: str, lines: int = 12, columns: int = 160) -> str:
    shown = [line if len(line) <= columns else f"{line[:columns]} …" for line in text.strip("\n").split("\n")]
    return "\n".join([*shown[:lines], *(["…"] if len(shown) > lines else [])])


def _fenced(language: str, text: str) -> str:
    fence = "`" * max(3, 1 + max((len(run) for run in _ticks(text)), default=0))
    visible = "".join(char if char.isprintable() or char == "\n" else f"\\u{ord(char):04x}" for char in text)
    return f"{fence}{language}\n{visible.rstrip()}\n{fence}\n"


def _ticks(text: str) -> Iterator[str]:
    run = ""
    for char in f"{text} ":
        if char == "`":
            run += char
        elif run:
            yield run
            run = ""


def _text(words: str) -> str:
    """Words as Markdown that prints them as they are: code stays code, everything else is escaped."""
    parts = words.split("`")
    if len(parts) % 2 == 0:
        return _escaped(words)
    return "".join(f"`{part}`" if odd % 2 else _escaped(part) for odd, part in enumerate(parts))


def _escaped(words: str) -> str:
    return "".join(f"\\{char}" if char in "\\*_{}[]()<>#|$~^@`" else char for char in words)


def _cell(words: str) -> str:
    return _text(words).replace("\n", " ")


# --------------------------------------------------------------------------------------------------------- pubkit.yaml


def _configuration(document: Mapping[str, Any]) -> Iterator[str]:
    kinds = document["$defs"]
    yield "# All keys of pubkit.yaml\n"
    yield (
        "Made of the schema, which `pubkit schema` prints for text editors. [Writing a manuscript](../manuscript.md) "
        "explains what the keys do.\n"
    )
    for name, kind in kinds.items():
        yield f"(kind-{name.lower()})=\n## {'At the top' if name == 'Publication' else name}\n"
        if description := kind.get("description"):
            yield f"{_text(' '.join(description.split()))}\n"
        yield "| key | value | what it says |\n|---|---|---|"
        required = kind.get("required", ())
        for key, value in kind["properties"].items():
            need = ", required" if key in required else ""
            yield f"| `{key}` | {_value(value)}{need} | {_cell(value.get('description', ''))} |"
        yield ""


def _value(value: Mapping[str, Any]) -> str:
    if reference := value.get("$ref"):
        name = reference.rpartition("/")[2]
        return f"[{name}](#kind-{name.lower()})"
    if choices := value.get("anyOf"):
        return " or ".join(dict.fromkeys(_value(one) for one in choices))
    if allowed := value.get("enum"):
        return ", ".join(f"`{one}`" for one in allowed)
    kind = value.get("type", "anything")
    if kind == "array":
        return f"list of {_value(value.get('items') or {})}"
    if kind == "object":
        return f"map to {_value(value.get('additionalProperties') or {})}"
    return {"string": "text", "null": "nothing", "boolean": "true or false", "integer": "number"}.get(kind, str(kind))


# ----------------------------------------------------------------------------------------------------------- the library


def _library(library: ModuleType) -> Iterator[str]:
    yield "# All names of the library\n"
    yield "Made of the docstrings. [The library](../api.md) introduces them.\n"
    yield "```{eval-rst}"
    for name in sorted(library.__all__, key=lambda one: (not one[0].islower(), one)):
        value = getattr(library, name)
        kind = "autofunction" if callable(value) and not isinstance(value, type) else "autoclass"
        kind = "autoexception" if isinstance(value, type) and issubclass(value, Exception) else kind
        yield f".. {kind}:: pubkit.{name}"
        if kind != "autofunction":
            yield "   :members:\n   :exclude-members: __init__, __new__"
        yield ""
    yield "```"
