"""A JSON file beside the publication that only pubkit writes: the ledger of releases, the baseline."""

from __future__ import annotations

import json
from typing import TypeVar

import msgspec

from pubkit.boundary.files import printable, read_contained
from pubkit.findings import Location
from pubkit.project.loading import Project

__all__ = ["Unreadable", "read"]

Kind = TypeVar("Kind")


class Unreadable(Exception):
    """The file is not what pubkit writes; the message says why, `location` where."""

    def __init__(self, message: str, location: Location) -> None:
        super().__init__(message)
        self.location = location


def read(loaded: Project, name: str, kind: type[Kind], what: str, limit: int) -> Kind | None:
    """Return the content of the file `name` as `kind`; None if there is no such file.

    Args:
        loaded: the publication.
        name: the file's name.
        kind: the type of its content.
        what: what the file is, for messages: "ledger of releases".
        limit: the largest size in bytes.

    Raises:
        Unreadable: it is not JSON, or not of this kind.
        InputRefused: it is a link, too large, or not a regular file.
    """
    try:
        data = read_contained(loaded.folder, name, f"The {what}", limit=limit)
    except FileNotFoundError:
        return None
    try:
        return msgspec.convert(json.loads(data.decode("utf-8")), kind)
    except json.JSONDecodeError as error:
        raise Unreadable(f"{name} is not JSON: {error.msg}.", Location(name, error.lineno, error.colno)) from error
    except msgspec.ValidationError as error:
        raise Unreadable(f"{name} is not a {what}: {printable(str(error))}.", Location(name)) from error
    except (ValueError, RecursionError) as error:  # not text, a number of too many digits, nested too deeply
        raise Unreadable(f"{name} cannot be read: {printable(str(error))}.", Location(name)) from error
