"""The distribution that this program comes in: its name on a package index, its version, and where it came from.

The command and the Python package are named `pubkit`, the distribution `pubkit-health`, because `pubkit` on the public
index is another project. If an installer recorded the source (PEP 610, direct_url.json), a requirement names that
source.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

from pubkit.errors import EnvironmentFault

if TYPE_CHECKING:
    from importlib import metadata

__all__ = [
    "MODULE",
    "NAME",
    "Required",
    "Requirement",
    "other_owners",
    "required",
    "requirement",
    "tool",
    "version",
]

NAME = "pubkit-health"
MODULE = "pubkit"


class Requirement(Struct, frozen=True):
    """What pip needs to install this same program: a PEP 508 requirement.

    `path` is the folder or file on this machine that it names, "" if any machine can reach it.
    """

    text: str
    path: str = ""


class Required(Struct, frozen=True):
    """A distribution that this program needs: normalised name (PEP 503), version ("" if missing), and requirement."""

    name: str
    version: str
    requirement: str


def version() -> str:
    """Return the version of this program.

    Raises:
        EnvironmentFault: pubkit runs without being installed.
    """
    return _distribution().version


def tool() -> str:
    """Return the name and version of this program, such as "pubkit 0.1.0".

    Raises:
        EnvironmentFault: pubkit runs without being installed.
    """
    return f"{MODULE} {version()}"


def requirement() -> Requirement:
    """Return the requirement that installs this same program: its file, folder or commit, else its version.

    Raises:
        EnvironmentFault: pubkit runs without being installed.
    """
    installed = _distribution()
    recorded = installed.read_text("direct_url.json")
    if recorded is None:
        return Requirement(f"{NAME}=={installed.version}")
    source = json.loads(recorded)
    address = _address(source)
    return Requirement(f"{NAME} @ {address}", _local_path(source["url"]))


def required() -> Iterator[Required]:
    """Return every distribution that this program needs, directly or indirectly, sorted by name.

    Environment markers are honoured. An extra counts only if a dependency asks for it, so extras of this program never
    do.

    Raises:
        EnvironmentFault: pubkit runs without being installed.
    """
    from packaging.requirements import Requirement as Asked
    from packaging.utils import canonicalize_name

    found: dict[str, Required] = {}
    waiting = [(text, "") for text in _distribution().requires or ()]
    seen: set[tuple[str, str]] = set()
    while waiting:
        text, extra = pair = waiting.pop()
        asked = Asked(text)
        if pair in seen or (asked.marker and not asked.marker.evaluate({"extra": extra})):
            continue
        seen.add(pair)
        name = canonicalize_name(asked.name)
        installed = _installed(name)
        version = installed.version if installed else ""
        found.setdefault(name, Required(name, version, f"{name}{asked.specifier}"))
        texts = (installed.requires if installed else None) or ()
        waiting += [(inner, wanted) for inner in texts for wanted in ("", *sorted(asked.extras))]
    yield from (found[name] for name in sorted(found))


def requirements_of_extra(name: str) -> dict[str, str]:
    """Return the requirements of this program's extra `name`, by the name of the distribution that each asks for.

    Raises:
        EnvironmentFault: pubkit runs without being installed.
    """
    from packaging.requirements import Requirement as Asked
    from packaging.utils import canonicalize_name

    asked = [Asked(text) for text in _distribution().requires or ()]
    chosen = [one for one in asked if one.marker and one.marker.evaluate({"extra": name})]
    return {canonicalize_name(one.name): f"{one.name}{one.specifier}" for one in chosen}


def _installed(name: str) -> metadata.Distribution | None:
    from importlib import metadata

    try:
        return metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return None


def other_owners() -> tuple[str, ...]:
    """Return the other distributions that installed a module `pubkit` here, sorted; their files overwrite each other."""
    from importlib import metadata

    from packaging.utils import canonicalize_name

    owners = metadata.packages_distributions().get(MODULE, [])
    return tuple(sorted({name for name in owners if canonicalize_name(name) != NAME}))


def _distribution() -> metadata.Distribution:
    from importlib import metadata

    try:
        return metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        raise EnvironmentFault(
            f"{NAME} is not installed here, although its modules can be imported.",
            remedy="Install it from its source folder: python -m pip install PATH-TO-THE-FOLDER",
        ) from None


def _address(source: dict[str, Any]) -> str:
    """Return the URL of a direct_url.json with what pins it: the commit of a repository, the sha256 of a file."""
    url = source["url"].replace(" ", "%20")
    marks = [f"subdirectory={source['subdirectory']}"] if source.get("subdirectory") else []
    if repository := source.get("vcs_info"):
        url = f"{repository['vcs']}+{url}@{repository['commit_id']}"
    elif digest := _sha256(source.get("archive_info", {})):
        marks.append(f"sha256={digest}")
    return f"{url}#{'&'.join(marks)}" if marks else url


def _sha256(archive: dict[str, Any]) -> str:
    algorithm, _, digest = archive.get("hash", "").partition("=")
    return str(archive.get("hashes", {}).get("sha256") or (digest if algorithm == "sha256" else ""))


def _local_path(url: str) -> str:
    from urllib.request import url2pathname

    parts = urlsplit(url)
    return url2pathname(parts.path) if parts.scheme == "file" else ""
