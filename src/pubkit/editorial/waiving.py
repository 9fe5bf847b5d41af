"""A waiver added to pubkit.yaml, or to a file's front matter, without any other change there."""

from __future__ import annotations

import datetime as dt
import json
import shlex
from collections.abc import Sequence
from pathlib import Path

import msgspec

from pubkit.boundary.files import printable
from pubkit.errors import InputRefused
from pubkit.project import templates
from pubkit.project import yaml as strict_yaml
from pubkit.project.editing import changed, differs_only_in, indented, item, part, refuse_unread
from pubkit.project.loading import Project
from pubkit.project.metadata import WaiverEntry

__all__ = ["as_yaml", "command", "entered", "stub", "with_waiver"]

_ORDER = ("rule", "where", "file", "reason", "who", "expires")


def command(rule: str, target: str, extent: str, reason: str = "WHY", who: str = "NAME") -> str:
    """Return the command that waives findings of `rule` in the publication at `target`; `extent` is the option for which."""
    here = "" if target == "." else f" {shlex.quote(target)}"
    return f"pubkit waive {rule}{here} {extent} --reason {_quoted(reason)} --by {_quoted(who)}"


def _quoted(words: str) -> str:
    return f'"{words}"' if words.replace(" ", "").isalnum() else shlex.quote(words)


def entered(loaded: Project, made: WaiverEntry) -> Path:
    """Add `made` to the waivers of the publication; return the path.

    Every other line, comments included, stays as it is. The file is replaced in one step.

    Raises:
        InputRefused: the file is a link, or no waiver can be added to its metadata in their present form.
        EnvironmentFault: it cannot be written.
    """
    file = loaded.configuration.path
    return changed(loaded, lambda text: with_waiver(text, loaded.publication.waivers, made, file))


def as_yaml(waiver: WaiverEntry) -> str:
    """Return `waiver` as an item of the list under `waivers:`."""
    said = msgspec.to_builtins(waiver, builtin_types=(dt.date,))
    return item({key: said[key] for key in _ORDER if key in said})


def stub(rule: str, where: str, expires: dt.date) -> WaiverEntry:
    """Return a waiver of one finding with placeholders for the reason and the person, which a release refuses (EDI040)."""
    said = templates.filled("waiver.yaml", {"RULE": rule, "WHERE": json.dumps(where), "EXPIRES": expires.isoformat()})
    return msgspec.convert(strict_yaml.load(said, "").value, WaiverEntry)


def with_waiver(text: str, waivers: Sequence[WaiverEntry], made: WaiverEntry, file: str) -> str:
    """Return the YAML `text` with `made` as the last of its `waivers`.

    Raises:
        InputRefused: the result would differ in more than the new waiver, or a waiver there cannot be read.
    """
    refuse_unread(text, "waivers", len(waivers), file)
    new = _entered(text, waivers, made)
    if not differs_only_in("waivers", [*waivers, made], WaiverEntry, text, new):
        message = f"The waiver cannot be added to {printable(file)} automatically."
        raise InputRefused(message, remedy=f"Add it under `waivers:` by hand:\n{as_yaml(made)}")
    return new


def _entered(text: str, waivers: Sequence[WaiverEntry], made: WaiverEntry) -> str:
    lines = text.splitlines(keepends=True)
    found = part(text, "waivers")
    if found is None:
        return text + ("" if text.endswith("\n") or not text else "\n") + "waivers:\n" + as_yaml(made)
    if found.is_block_list:
        item = indented(as_yaml(made), " " * found.value.start_mark.column)
        last = "".join(lines[: found.stop])
        return last + ("" if last.endswith("\n") else "\n") + item + "".join(lines[found.stop :])
    written = "waivers:\n" + "".join(as_yaml(one) for one in (*waivers, made))
    return "".join((*lines[: found.start], written, *lines[found.stop :]))
