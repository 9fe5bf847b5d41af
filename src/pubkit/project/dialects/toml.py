"""Front matter in TOML between lines of +++, as Hugo and Zola write it: the same metadata as in YAML, with its places."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from typing import Any

from pubkit.boundary.files import printable
from pubkit.boundary.rules import SRC011
from pubkit.errors import ConfigurationError
from pubkit.expressions import expression
from pubkit.findings import Location
from pubkit.project import yaml as strict_yaml

__all__ = ["begins_with_toml", "load"]

#: A line of +++ that a statement, a table or a comment follows; in MyST, +++ alone is a break between blocks.
_BEGIN = expression(r"\s*\+\+\+[ \t]*\n(?=\s*(?:[\w\"'-][\w\"'. -]*=|\[\[?[\w\"'. -]+\]|#))")
_KEY = expression(r"[ \t]*(?P<quote>[\"']?)(?P<key>[\w-]+)(?P=quote)[ \t]*=")
_TABLE = expression(r"[ \t]*\[\[?[ \t]*(?P<key>[\w-]+)")
_AT = expression(r"\s*\(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
#: Front matter that is longer is none; tables within tables could take long to read.
_MOST = 50_000


def begins_with_toml(text: str) -> re.Match[str] | None:
    """Return the beginning of the front matter, its line of +++ included; None if `text` begins in another way."""
    return _BEGIN.match(text)


def load(text: str, file: str, first_line: int) -> strict_yaml.YamlFile:
    """Read the TOML `text`, which begins in line `first_line` of `file`; dates and times become text.

    Raises:
        ConfigurationError: it is not TOML; the finding has the line and column.
    """
    if len(text) > _MOST:
        raise _refused(f"it has more than {_MOST:,} characters", file, first_line)
    try:
        value = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refused(str(error), file, first_line) from None
    places: dict[strict_yaml.Path, Location] = {(): Location(file, first_line, 1)}
    inside = False
    for number, line in enumerate(text.split("\n")):
        table = _TABLE.match(line)
        inside = inside or table is not None
        found = table or (None if inside else _KEY.match(line))
        if found and found["key"] in value:
            column = found.start("key") + 1
            place = Location(file, first_line + number, column, column + len(found["key"]))
            places.setdefault((found["key"],), place)
    return strict_yaml.YamlFile(_plain(value), places, dict(places))


def _plain(value: Any) -> Any:
    """Return `value` as YAML would have it: text for dates, times and fractions."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value) if isinstance(value, float) else value


def _refused(said: str, file: str, first_line: int) -> ConfigurationError:
    at = _AT.search(said)
    place = Location(file, first_line + int(at["line"]) - 1, int(at["column"])) if at and at["line"] else None
    what = printable(_AT.sub("", said), 200).rstrip(".")
    message = f"The front matter of {file} cannot be read as TOML: {what}."
    remedy = 'Write `key = "value"` on a line of its own, between two lines of +++.'
    finding = SRC011.at(place or Location(file, first_line), message, remedy=remedy)
    return ConfigurationError(message, remedy=remedy, findings=(finding,))
