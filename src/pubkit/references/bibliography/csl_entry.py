"""Add a CSL item to a list of items in JSON or YAML, with the indentation of those before it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from pubkit.errors import InputRefused
from pubkit.references.bibliography.formats.csl_yaml import events_of
from pubkit.references.item import TEXTS, Item, as_json

__all__ = ["in_json", "in_yaml"]

_REMEDY = "Run `pubkit check`, and correct the file first."


# ----------------------------------------------------------------------------------------------------------- CSL JSON


def in_json(text: str, item: Item, key: str, file: str) -> tuple[int, int, str]:
    """Return where in CSL JSON `text` a new item begins, where the text goes on, and the item with what separates it.

    Raises:
        InputRefused: it is not a list of items, or one of them cannot be read.
    """
    csl = {**as_json(item), "id": key}
    if not text.strip("\ufeff \r\n"):
        return len(text), len(text), f"[\n  {_json(csl, '  ', '  ')}\n]\n"
    opening = re.match(r"\ufeff?\s*(?:\{.*?\"(?:references|items)\"\s*:\s*)?\[", text, re.DOTALL)
    if opening is None:
        raise InputRefused(f"{file} is not a list of CSL items.", remedy=_REMEDY)
    begin, end = _last_item(text, opening.end(), file)
    if begin < 0:
        return opening.end(), end, f"\n  {_json(csl, '  ', '  ')}\n"
    gap = re.search(r"\s*\Z", text[:begin])
    before = gap[0].replace("\r\n", "\n") if gap else ""
    inner = re.match(r"\{\s*\n([ \t]*)", text[begin:end].replace("\r\n", "\n"))
    outer = before.rpartition("\n")[2] if "\n" in before else ""
    unit = inner[1].removeprefix(outer) if inner else ""
    return end, end, f",{before}{_json(csl, outer, unit)}"


def _json(csl: Mapping[str, Any], outer: str, unit: str) -> str:
    """Return an item as JSON, indented by `unit` from `outer` on; on one line if `unit` is empty."""
    written = json.dumps(csl, ensure_ascii=False, indent=unit or None)
    return written.replace("\n", f"\n{outer}")


def _last_item(text: str, start: int, file: str) -> tuple[int, int]:
    """Return where the last item of the list that begins at `start` begins and ends; -1 and the list's end if empty."""
    decoder, begin, end = json.JSONDecoder(), -1, start
    while True:
        position = _behind(r"[\s,]*", text, end)
        if text[position : position + 1] == "]":
            return begin, end if begin >= 0 else position
        try:
            _, end = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            raise InputRefused(f"{file} has an item that cannot be read.", remedy=_REMEDY) from None
        begin = position


def _behind(pattern: str, text: str, start: int) -> int:
    found = re.compile(pattern).match(text, start)
    return found.end() if found else start


# ----------------------------------------------------------------------------------------------------------- CSL YAML


class _End(Struct, frozen=True):
    """The end of a list: the line before which an item goes, counted from 0, and the dash and spaces of an item."""

    line: int
    indent: str
    dash: str


def in_yaml(text: str, item: Item, key: str, file: str) -> tuple[int, int, str]:
    """Return where in CSL YAML `text` a new item begins, where the text goes on, and the item with what separates it.

    Raises:
        InputRefused: it is not YAML, or has no list of items with a dash each.
    """
    is_new = not text.strip("\ufeff \r\n")
    end = _End(0, "", "- ") if is_new else _end_of_list(text, file)
    start = len(text) if is_new else _line_start(text, end.line)
    lead = "references:\n" if is_new else "" if text[:start].endswith("\n") else "\n"
    lines = _yaml({**as_json(_in_markdown(item)), "id": key}).splitlines()
    blanks = end.indent + " " * len(end.dash)
    return (
        start,
        start,
        lead + "\n".join([f"{end.indent}{end.dash}{lines[0]}", *(blanks + one for one in lines[1:]), ""]),
    )


def _yaml(csl: Mapping[str, Any]) -> str:
    import yaml

    ordered = {"id": csl["id"], **csl}
    return str(yaml.safe_dump(msgspec.to_builtins(ordered), allow_unicode=True, sort_keys=False, width=10**6))


def _in_markdown(item: Item) -> Item:
    """Return `item` with its texts as Markdown, as a CSL YAML file has them."""
    names = (name for variable, name in TEXTS.items() if variable not in {"URL", "DOI"})
    return msgspec.structs.replace(item, **{name: _markdown(text) for name in names if (text := getattr(item, name))})


_RICH = {"i": "*", "b": "**", "sup": "^", "sub": "~"}
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#$^~@|\"']|(?<=[-.])[-.]")


def _markdown(text: str) -> str:
    pieces = re.split(r"(</?(?:i|b|sup|sub)>)", text)
    return "".join(
        _RICH[piece.strip("</>")] if number % 2 else _SPECIAL.sub(r"\\\g<0>", piece)
        for number, piece in enumerate(pieces)
    )


def _end_of_list(text: str, file: str) -> _End:
    """Return the end of the list of items in a CSL YAML file."""
    import yaml

    try:
        events = list(events_of(text.removeprefix("\ufeff")))
    except yaml.YAMLError:
        raise InputRefused(f"{file} is not valid YAML.", remedy=_REMEDY) from None
    inside: Sequence[Any] = _list_events(events)
    first: Any = next((event for event in inside if isinstance(event, yaml.MappingStartEvent)), None)
    dash = re.match(r"( *)(- +)", text.removeprefix("\ufeff").split("\n")[first.start_mark.line]) if first else None
    if dash is None:
        remedy = "Write it as `references:` with one item after each dash."
        raise InputRefused(f"{file} has no list to which an item can be added.", remedy=remedy)
    return _End(_line_behind(inside), dash[1], dash[2])


def _list_events(events: Sequence[Any]) -> Sequence[Any]:
    """Return the events inside the list of items: the file itself, or the value of `references`."""
    import yaml

    begin = level = depth = 0
    for number, event in enumerate(events):
        if isinstance(event, yaml.CollectionStartEvent):
            named = depth == 0 or (depth == 1 and getattr(events[number - 1], "value", "") == "references")
            if not begin and named and isinstance(event, yaml.SequenceStartEvent) and not event.flow_style:
                begin, level = number + 1, depth
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
            if begin and depth == level:
                return events[begin:number]
    return ()


def _line_behind(events: Iterable[Any]) -> int:
    """Return the line after the last text of `events`; block texts and bracketed lists end at their closing marks."""
    import yaml

    end, flows = 0, []
    for event in events:
        line: int = event.end_mark.line
        if isinstance(event, yaml.CollectionStartEvent):
            flows.append(bool(event.flow_style))
        elif isinstance(event, yaml.CollectionEndEvent):
            end = line + 1 if flows.pop() else end
        elif isinstance(event, yaml.ScalarEvent):
            end = line if event.style in ("|", ">") else line + 1
    return end


def _line_start(text: str, line: int) -> int:
    """Return where line number `line`, counted from 0, begins; the end of the text if it has fewer."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    return starts[line] if line < len(starts) else len(text)
